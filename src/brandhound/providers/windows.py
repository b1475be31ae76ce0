"""Sliding windows: how much of a limit is free, and when there will be more. Pure reckoning.

What was granted is remembered by sixtieths of the window. A grant counts until its whole sixtieth has left the window, so
that no window of that length, wherever it begins, holds more than the limit; this costs at most a sixtieth of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

PARTS = 60


@dataclass
class Window:
    """One limit and what was granted of it. Times are seconds since 1970, by one clock for all: the database's."""

    most: int
    seconds: float
    spent: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def part(self) -> float:
        """Length of one part, in seconds."""
        return self.seconds / PARTS

    def forget(self, now: float) -> None:
        """Drop what has left the window."""
        self.spent = {part: amount for part, amount in self.spent.items() if amount and self._leaves_at(part) > now}

    def used(self, now: float) -> int:
        """How much of the limit is used at that moment."""
        return sum(amount for part, amount in self.spent.items() if self._leaves_at(part) > now)

    def grant(self, amount: int, now: float) -> None:
        """Take note of what was granted."""
        part = math.floor(now / self.part)
        self.spent[part] = self.spent.get(part, 0) + amount

    def give_back(self, amount: int, at: float) -> None:
        """What was granted at that moment was not all needed, or, with a negative amount, was not enough."""
        part = math.floor(at / self.part)
        self.spent[part] = max(0, self.spent.get(part, 0) - amount)

    def free_at(self, amount: int, now: float) -> float:
        """The first moment at which that much is free, if nothing else is granted; infinite for more than the limit."""
        if amount > self.most:
            return math.inf
        over = self.used(now) + amount - self.most
        if over <= 0:
            return now
        for part in sorted(self.spent):
            leaves = self._leaves_at(part)
            if leaves <= now:
                continue
            over -= self.spent[part]
            if over <= 0:
                return leaves
        return math.inf

    def _leaves_at(self, part: int) -> float:
        return (part + 1) * self.part + self.seconds


def read_spent(stored: Mapping[str, object]) -> dict[int, int]:
    """What was granted, as the table keeps it."""
    return {int(part): int(amount) for part, amount in stored.items() if isinstance(amount, int)}


def write_spent(spent: Mapping[int, int]) -> dict[str, int]:
    """What was granted, for the table."""
    return {str(part): amount for part, amount in spent.items() if amount}
