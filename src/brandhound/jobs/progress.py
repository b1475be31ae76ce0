"""How far a run is: never backwards, and not more often than a person can look."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from brandhound.jobs.redacting import storable

EVERY = 0.25
"""Seconds between two updates of one run."""


@dataclass(frozen=True)
class Standing:
    """How far it is: in the parts of what it does now, and in the whole of what is planned."""

    done: int
    total: int | None
    text: str | None
    share: float | None = None
    step: str | None = None
    number: int | None = None
    count: int | None = None


class Progress:
    """Takes every report of a run, and says which are worth writing."""

    def __init__(self, standing: Standing, clock: Callable[[], float] = time.monotonic) -> None:
        self.standing = standing
        self.seconds: dict[str, float] = {}
        """How long each planned step took that is over."""
        self._written = standing
        self._written_at = -1e9
        self._clock = clock
        self._plan: list[tuple[str, float]] = []
        self._at: int = -1
        self._entered_at = 0.0

    def plan(self, steps: Sequence[tuple[str, float]]) -> None:
        """What there is to do, in order, each with its weight in the whole."""
        if not steps or any(weight <= 0 for _, weight in steps):
            raise ValueError("a plan has steps, and each has a weight above nothing")
        self._plan, self._at = [(storable(name), weight) for name, weight in steps], -1
        self.standing = replace(self.standing, count=len(steps), share=self.standing.share or 0.0)

    def enter(self, step: str) -> None:
        """A step begins. In a plan, `page 7` belongs to the step `page`."""
        step = storable(step)
        planned = [name for name, _ in self._plan]
        name = step if step in planned else step.split(" ", 1)[0]
        if name not in planned:
            self.standing = replace(self.standing, step=step)
            return
        at = planned.index(name)
        if at != self._at:
            self._leave()
            self._at, self._entered_at = at, self._clock()
            # Its parts are counted anew; the whole goes on from where it was.
            done, total = (0, None) if self.standing.step else (self.standing.done, self.standing.total)
            self.standing = replace(self.standing, done=done, total=total, text=None)
        self.standing = replace(self.standing, step=name, number=at + 1, share=self._share(0.0))

    def report(self, done: int, total: int | None, text: str | None) -> None:
        """Take note. With the same total, less than before counts as no news: after a crash the work is told again."""
        before = self.standing
        if total is None:
            total = before.total
        done = max(0, done if total is None else min(done, total))
        if total == before.total:
            done = max(done, before.done)
        share = self._share(done / total if total else 0.0)
        text = before.text if text is None else storable(text)
        self.standing = replace(before, done=done, total=total, text=text, share=share)

    def finish(self) -> Standing:
        """Everything is done: what was planned, and all its parts."""
        self._leave()
        last = self.standing
        total = last.total
        return replace(last, done=last.done if total is None else total, share=None if last.share is None else 1.0)

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

    def _leave(self) -> None:
        if self._at >= 0:
            name = self._plan[self._at][0]
            self.seconds[name] = self.seconds.get(name, 0.0) + self._clock() - self._entered_at

    def _share(self, within: float) -> float | None:
        if not self._plan:
            return self.standing.share
        before = sum(weight for _, weight in self._plan[: max(0, self._at)])
        current = self._plan[self._at][1] * within if self._at >= 0 else 0.0
        share = (before + current) / sum(weight for _, weight in self._plan)
        return max(self.standing.share or 0.0, min(1.0, share))
