"""Bytes of a web page to text, in the order that browsers use, with what they lack: a look at the bytes themselves."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from brandhound.feeds.encoding import BOMS, CHARSET, FORBIDDEN, WIDER

PAGE_LIMIT = 3_000_000
"""Bytes of decoded HTML that are read for the text of a page; what lies behind is left out and said so."""

META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
META_WINDOW = 4096
DETECTION_SAMPLE = 8192
BEYOND_ASCII = bytes(range(128, 256))


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """The page as text; `repaired` says that some bytes could not be read."""

    text: str
    encoding: str
    repaired: bool = False


def decode_page(body: bytes, content_type: str = "") -> DecodedPage:
    """Read a page's bytes. Never fails.

    Order: byte-order mark, HTTP charset, meta charset, valid UTF-8, a detector, windows-1252. A label that the bytes
    contradict is passed over; and where the bytes are UTF-8 and the page says so itself, a header that a server adds to
    everything it serves does not turn them into other letters.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return DecodedPage(body[len(mark) :].decode(name, "replace"), name)
    header = found.group(1).lower() if (found := CHARSET.search(content_type)) else None
    meta = found.group(1).decode("ascii").lower() if (found := META.search(body[:META_WINDOW])) else None
    if meta is not None and meta.startswith("utf-16"):
        # A page whose label could be read as ASCII is not UTF-16 (HTML, 13.2.3.2).
        meta = "utf-8"
    utf8 = _strictly(body, "utf-8")
    if utf8 is not None and (header is None or "utf-8" in (header, meta)) and meta in (None, "utf-8", "utf8"):
        return DecodedPage(utf8, "utf-8")
    for label in (header, meta):
        if label and (text := _strictly(body, label)) is not None:
            return DecodedPage(text, str(_name_of(label)))
    if utf8 is not None:
        return DecodedPage(utf8, "utf-8")
    return _by_its_bytes(body, header or meta)


def cut_page(text: str, limit: int = PAGE_LIMIT) -> tuple[str, bool]:
    """The page within the limit, and whether something was left out.

    Scripts and styles go first: a page of one enormous script keeps its article.
    """
    if len(text) <= limit and (text.isascii() or len(text.encode("utf-8", "replace")) <= limit):
        return text, False
    text = _without_blocks(text, "script")
    text = _without_blocks(text, "style")
    body = text.encode("utf-8", "replace")
    if len(body) <= limit:
        return text, True
    return body[:limit].decode("utf-8", "ignore"), True


def _without_blocks(text: str, tag: str) -> str:
    """Take out every `<tag …>…</tag>` in one pass, whatever is nested or left open. Linked data stays."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # A few capitals change their length (İ): the positions would no longer fit.
        lowered = text
    kept: list[str] = []
    at = 0
    opening, closing = f"<{tag}", f"</{tag}"
    while (start := lowered.find(opening, at)) >= 0 and (end := lowered.find(closing, start)) >= 0:
        close = lowered.find(">", end)
        after = close + 1 if close >= 0 else len(text)
        kept.append(text[at : after if "ld+json" in lowered[start : start + 200] else start])
        at = after
    kept.append(text[at:])
    return "".join(kept)


def _by_its_bytes(body: bytes, label: str | None) -> DecodedPage:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    letters = len(text) - broken - len(body.translate(None, BEYOND_ASCII))
    # Many letters of UTF-8 and a few broken bytes (a cut inside a character, one pasted advertisement): UTF-8.
    if broken * 10 <= letters:
        return DecodedPage(text, "utf-8", repaired=True)
    if label and _name_of(label) not in (None, "utf-8"):
        declared = _leniently(body, label)
        if declared is not None and declared.count("\ufffd") * 50 <= len(declared):
            return DecodedPage(declared, str(_name_of(label)), repaired=True)
    best = from_bytes(body[:DETECTION_SAMPLE] + body[-DETECTION_SAMPLE:]).best()
    if best and best.encoding != "utf_8" and (text := _leniently(body, best.encoding)) is not None:
        return DecodedPage(text, best.encoding, repaired=True)
    return DecodedPage(body.decode("windows-1252", "replace"), "windows-1252", repaired=True)


def _strictly(body: bytes, label: str) -> str | None:
    return _decode(body, label, "strict")


def _leniently(body: bytes, label: str) -> str | None:
    return _decode(body, label, "replace")


def _decode(body: bytes, label: str, errors: str) -> str | None:
    name = _name_of(label)
    try:
        # bytes.decode refuses codecs that are no text encodings (hex, zlib …) with a LookupError.
        return body.decode(name, errors) if name else None
    except (LookupError, ValueError, AssertionError):
        return None


def _name_of(label: str) -> str | None:
    """The encoding that browsers mean by a label; None for what is none, or none that a page may choose."""
    name = WIDER.get(label, label)
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if known.replace("-", "_") in FORBIDDEN or known in FORBIDDEN:
        return None
    return WIDER.get(known, "utf-8" if known == "utf-8" else name)
