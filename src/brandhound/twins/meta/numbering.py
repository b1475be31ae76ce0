"""Ids: computed from a kind, an account's ordinal and an index, so that sixty thousand ads need no table."""

from typing import Literal

Kind = Literal["campaign", "adset", "ad", "creative", "video", "page", "report", "post"]

# Eighteen digits: beyond what JavaScript counts exactly, as Meta's are.
_START = 120_200_000_000_000_000
_KINDS: tuple[Kind, ...] = ("campaign", "adset", "ad", "creative", "video", "page", "report", "post")
_KIND, _ACCOUNT = 10**13, 10**8


def base_of(kind: Kind, ordinal: int) -> int:
    """The id of the first thing of a kind in an account; the others follow."""
    return _START + (_KINDS.index(kind) + 1) * _KIND + ordinal * _ACCOUNT


def id_of(kind: Kind, ordinal: int, index: int) -> str:
    return str(base_of(kind, ordinal) + index)


def read_id(text: str) -> tuple[Kind, int, int] | None:
    """Kind, account's ordinal and index of an id; None when it is none of ours."""
    if not text.isascii() or not text.isdigit() or len(text) != 18:
        return None
    rest = int(text) - _START
    kind, rest = divmod(rest, _KIND)
    if not 1 <= kind <= len(_KINDS):
        return None
    return _KINDS[kind - 1], *divmod(rest, _ACCOUNT)
