"""How far a run is: never backwards, and not more often than a person can look."""

import time
from collections.abc import Callable
from dataclasses import dataclass

EVERY = 0.25
"""Seconds between two updates of one run."""


@dataclass(frozen=True)
class Standing:
    """How far it is."""

    done: int
    total: int | None
    text: str | None


class Progress:
    """Takes every report of a run, and says which are worth writing."""

    def __init__(self, standing: Standing, clock: Callable[[], float] = time.monotonic) -> None:
        self.standing = standing
        self._written = standing
        self._written_at = -1e9
        self._clock = clock

    def report(self, done: int, total: int | None, text: str | None) -> None:
        """Take note. With the same total, less than before counts as no news: after a crash the work is told again."""
        before = self.standing
        if total is None:
            total = before.total
        done = max(0, done if total is None else min(done, total))
        if total == before.total:
            done = max(done, before.done)
        self.standing = Standing(done, total, text if text is not None else before.text)

    @property
    def has_news(self) -> bool:
        """Whether there is something to write, now or soon."""
        return self.standing != self._written

    def due(self) -> Standing | None:
        """The standing, if it is news and time to write it; it counts as written from now on."""
        if self.standing == self._written or self._clock() - self._written_at < EVERY:
            return None
        return self.take()

    def take(self) -> Standing | None:
        """The standing, if it is news, however soon."""
        if self.standing == self._written:
            return None
        self._written, self._written_at = self.standing, self._clock()
        return self.standing

    def give_back(self, standing: Standing) -> None:
        """It could not be written after all: it is news again."""
        if self._written == standing:
            self._written = Standing(-1, None, None)
