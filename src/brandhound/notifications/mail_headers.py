"""The headers of a mail as they go over the line: words beyond ASCII in encoded words of a length that every program reads."""

from base64 import b64encode
from email.headerregistry import AddressHeader
from email.policy import EmailPolicy
from typing import Any

_BYTES_A_WORD = 39
"""Of text in one encoded word: a line with one has 76 characters at the most (RFC 2047, section 2), “Subject: ” among them."""


class Headers(EmailPolicy):
    """How headers are written down: each in one line, but for what people wrote in letters beyond ASCII, which goes in words.

    Python 3.11 makes one encoded word as long as the line, and loses or adds spaces where it makes several.
    """

    def fold(self, name: str, value: Any) -> str:
        words = _in_words(name, value)
        return super().fold(name, value) if words is None else f"{name}: {words}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        words = _in_words(name, value)
        return super().fold_binary(name, value) if words is None else f"{name}: {words}{self.linesep}".encode()


HEADERS = Headers(linesep="\r\n", max_line_length=998)


def _in_words(name: str, value: object) -> str | None:
    """A subject, or who a mail is from or to, in encoded words; None for what needs none."""
    if str(value).isascii():
        return None
    if isinstance(value, AddressHeader):
        return ", ".join(f"{_encoded(one.display_name)}\r\n <{one.addr_spec}>".lstrip() for one in value.addresses)
    return _encoded(str(value)) if name.lower() == "subject" else None


def _encoded(text: str) -> str:
    pieces = [""]
    for letter in text:
        if len((pieces[-1] + letter).encode()) > _BYTES_A_WORD:
            pieces.append("")
        pieces[-1] += letter
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece.encode()).decode()}?=" for piece in pieces if piece)
