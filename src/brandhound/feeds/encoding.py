"""Bytes to text: the order that works on real feeds, not the order that the standards wish for."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

# Labels are widened to what browsers read under the same name (WHATWG Encoding, read 2026-11).
WIDER = {
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "windows-31j": "cp932",
    "iso-8859-9": "windows-1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
}
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<?xm" or "<rss" without a byte-order mark (XML 1.0, appendix F).
MARKERS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
# These are written in seven bits, so their bytes are valid UTF-8 too and the label has to decide.
SEVEN_BIT = ("iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "hz-gb-2312", "utf-7")
# Text codecs of Python that no feed may choose: they decode to bytes, run code paths of their own or never fail usefully.
FORBIDDEN = {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem", "palmos", "utf-7"}

DISTINCT = {
    "gb18030", "gb2312", "gbk", "big5", "big5hkscs", "euc_jp", "euc_jis_2004", "shift_jis", "shift_jis_2004", "cp932",
    "euc_kr", "cp949", "johab", "cp1251", "koi8_r", "koi8_u", "iso8859_5", "mac_cyrillic", "cp1253", "iso8859_7",
    "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874", "tis_620",
}  # fmt: skip
MIN_FOREIGN_BYTES = 20
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
DECLARED_TEXT = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
CONTROLS = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF])
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without an XML declaration and without control characters."""

    text: str
    encoding: str
    declared: str | None
    repaired: bool


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read a body as text. Never fails; `repaired` says that some bytes had to be replaced or the label was wrong.

    Order: byte-order mark; valid UTF-8 whatever is declared; the label of the header; the label of the document;
    a detector; windows-1252.
    """
    header = CHARSET.search(content_type)
    inside = DECLARED.match(body[:1024])
    declared = header.group(1).lower() if header else inside.group(1).decode("ascii").lower() if inside else None
    for mark, name in BOMS:
        if body.startswith(mark):
            return _finish(body[len(mark) :].decode(name, "replace"), name, declared, repaired=False)
    for mark, name in MARKERS:
        if body.startswith(mark):
            return _finish(body.decode(name, "replace"), name, declared, repaired=False)
    labels = [m.group(1).lower() for m in (header,) if m] + [m.group(1).decode("ascii").lower() for m in (inside,) if m]
    if b"\x1b" in body or b"~{" in body:
        for label in labels:
            if label in SEVEN_BIT and (text := _strictly(body, label)) is not None:
                return _finish(text, label, declared, repaired=False)
    if (text := _strictly(body, "utf-8")) is not None:
        return _finish(text, "utf-8", declared, repaired=declared not in (None, "utf-8", "utf8", "us-ascii"))
    for label in labels:
        if (text := _strictly(body, label)) is not None:
            return _finish(text, label, declared, repaired=False)
    if (best := _detect(body)) and (text := _strictly(body, best)) is not None:
        return _finish(text, best, declared, repaired=True)
    # UTF-8 with a few broken bytes (a cut in the middle of a character, one pasted line) stays UTF-8.
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(not character.isascii() for character in text) - broken < broken:
        return _finish(body.decode("windows-1252", "replace"), "windows-1252", declared, repaired=True)
    return _finish(text, "utf-8", declared, repaired=True)


def without_controls(text: str) -> str:
    """Take away what neither XML nor PostgreSQL nor a screen can hold: control characters and lone surrogates."""
    return CONTROL.sub("", text) if CONTROL.search(text) else text


def _strictly(body: bytes, label: str) -> str | None:
    name = WIDER.get(label, label)
    if name.replace("-", "_") in FORBIDDEN and name != "utf-7":
        return None
    try:
        text = codecs.lookup(name).decode(body, "strict")[0]
    except (LookupError, ValueError, TypeError, AssertionError):
        return None
    return text if isinstance(text, str) else None  # pyright: ignore[reportUnnecessaryIsInstance]  (hex, zlib … give bytes)


def _detect(body: bytes) -> str | None:
    """The detector's guess for scripts that it can tell apart; among Latin ones windows-1252 is the better guess."""
    if sum(byte > 0x7F for byte in body[:65_536]) < MIN_FOREIGN_BYTES:
        return None
    best = from_bytes(body[:65_536]).best()
    return best.encoding if best and best.encoding in DISTINCT else None


def _finish(text: str, encoding: str, declared: str | None, *, repaired: bool) -> Decoded:
    text = without_controls(text.lstrip("\ufeff \t\r\n"))
    return Decoded(DECLARED_TEXT.sub("", text, count=1), encoding, declared, repaired)
