"""Keys and tokens that people enter, as they can be sent: in a header, which holds no line's end and no letter beyond ASCII."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_SENDABLE = re.compile(r"[\x21-\x7e]+")


def is_sendable(key: str) -> bool:
    """Whether it can stand in a header as it is."""
    return _SENDABLE.fullmatch(key) is not None


def _sendable(key: str) -> str:
    if not is_sendable(key):
        raise ValueError(
            "it has a space, a line's end or a sign that no key has: copy it once more, without what is around it"
        )
    return key


Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_sendable)]
"""A key that somebody enters, without the space around it."""

AccessToken = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_sendable)
]
"""The same for the token of a channel."""
