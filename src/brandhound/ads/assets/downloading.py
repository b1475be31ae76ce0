"""Bytes from Meta's servers into files, piece by piece, and never more than was allowed."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brandhound.core.files import files
from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.client import fetcher
from brandhound.core.http.exchanging import REDIRECTS

_EXPIRED = frozenset({403, 404, 410})
_MOST_HOPS = 3
_SECONDS = 600.0


class Expired(Exception):
    """The address is not good any more."""

    code = "ads/expired"


class OverBudget(Exception):
    """It is larger than what may still be fetched."""

    code = "ads/over-budget"

    def __init__(self, bytes_told: int | None, budget: int) -> None:
        told = "more" if bytes_told is None else f"{bytes_told:,} bytes"
        super().__init__(f"{told}, where {budget:,} are left")
        self.bytes_told = bytes_told


class Budget:
    """The bytes that may still be fetched, for several that fetch at once."""

    def __init__(self, bytes_left: int) -> None:
        self.left = bytes_left

    @contextmanager
    def share(self) -> Generator["Share"]:
        """What one of them takes. What it set aside and did not fetch is there for others again."""
        share = Share(self)
        try:
            yield share
        finally:
            self.left += share.held - share.fetched


class Share:
    """What one download has set aside of a budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.held = 0
        self.fetched = 0

    def hold(self, size: int, told: int | None) -> None:
        """Set so many bytes aside, those before among them. Raises OverBudget."""
        more = max(0, size - self.held)
        if more > self._budget.left:
            raise OverBudget(told, self.held + self._budget.left)
        self._budget.left -= more
        self.held += more


Look = Callable[[Path], Awaitable[dict[str, Any]]]
"""Says what a file is, or raises."""


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched, and what it is."""

    sha256: str
    bytes: int
    facts: dict[str, Any]


async def download(url: str, budget: Budget, look: Look) -> Fetched:
    """Fetch into a stored file; of what says that it is too large nothing is read, and what `look` refuses is not stored.

    What was fetched is taken from the budget, whatever it turns out to be. Raises Expired, OverBudget, FetchFailed or
    StorageFull, and whatever `look` raises.
    """
    with budget.share() as share:
        return await _download(url, budget, share, look)


async def _download(url: str, budget: Budget, share: Share, look: Look) -> Fetched:
    most = budget.left
    if most <= 0:
        raise OverBudget(None, 0)
    for _ in range(_MOST_HOPS):
        answer = await fetcher().converse(url, "GET", b"", {}, max_bytes=most, seconds=_SECONDS)
        try:
            if answer.status in REDIRECTS and (location := answer.headers.get("location", "")).startswith("http"):
                url = location
                continue
            if answer.status in _EXPIRED:
                raise Expired
            if answer.status != 200:
                raise FetchFailed("connection", f"the picture's server answers {answer.status}")
            length = answer.headers.get("content-length", "")
            told = int(length) if length.isdigit() else None
            # As soon as the size is told, so that nobody else counts on those bytes.
            share.hold(told or 0, told)
            with files().incoming() as incoming:
                async for piece in answer:
                    incoming.write(piece)
                    share.hold(incoming.bytes, None)
                if told is not None and incoming.bytes < told:
                    raise FetchFailed("connection", f"{incoming.bytes:,} of {told:,} bytes came")
                if not incoming.bytes:
                    raise FetchFailed("connection", "nothing came")
                share.fetched = incoming.bytes
                facts = await look(incoming.readable())
                return Fetched(incoming.finish(), incoming.bytes, facts)
        except FetchFailed as failed:
            if failed.code == "too-large":
                raise OverBudget(None, most) from failed
            raise
        finally:
            await answer.aclose()
    raise FetchFailed("too-many-redirects", "the picture's server sends us around")
