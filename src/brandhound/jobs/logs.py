"""The lines of a run, gathered here and written in batches."""

import traceback
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from brandhound.core import clock
from brandhound.core.wording import count_of
from brandhound.jobs.models import LEVELS, Level
from brandhound.jobs.redacting import redact, redact_facts

PER_ATTEMPT = 1_000_000
KEEP_PER_ATTEMPT = 50_000
KEEP_WAITING = 10_000
LAST = 5
_TEXT = 8_000


@dataclass(frozen=True)
class Line:
    """One line, numbered: a repeated write of the same line is recognised by its number."""

    seq: int
    at: datetime
    level: int
    text: str
    facts: dict[str, Any]


class RunLog:
    """The log of one attempt of a run. Numbers begin anew, and higher, with every attempt: no two workers share one."""

    def __init__(self, attempt: int) -> None:
        self._next = attempt * PER_ATTEMPT + 1
        self._room = KEEP_PER_ATTEMPT
        self._waiting: list[Line] = []
        self._skipped = 0
        self.last: deque[str] = deque(maxlen=LAST)
        """The last lines that were said, for whoever is told how it ended."""

    def add(self, level: Level, text: str, facts: Mapping[str, Any]) -> None:
        """Take a line. When too many wait, or the attempt has said too much, it is counted instead."""
        if self._room <= 0 or len(self._waiting) >= KEEP_WAITING:
            self._skipped += 1
            return
        self._say_skipped()
        self._append(LEVELS[level], redact(text)[:_TEXT], redact_facts(_plain(dict(facts))))

    def add_error(self, text: str, error: BaseException) -> None:
        """Take a failure with where it happened."""
        frames = "".join(traceback.format_exception(error))
        self.add("error", text, {"traceback": frames[-6000:]})

    def take(self, limit: int | None = None) -> list[Line]:
        """The lines that wait to be written, oldest first. They are gone from here."""
        taken, self._waiting = (self._waiting, []) if limit is None else (self._waiting[:limit], self._waiting[limit:])
        return taken

    def close(self) -> list[Line]:
        """The last lines."""
        self._say_skipped()
        return self.take()

    def give_back(self, lines: list[Line]) -> None:
        """They could not be written: they wait again, at their place."""
        self._waiting = lines + self._waiting

    @property
    def has_news(self) -> bool:
        """Whether a line waits."""
        return bool(self._waiting)

    def _say_skipped(self) -> None:
        if self._skipped:
            self._append(LEVELS["warning"], f"{count_of(self._skipped, 'line')} skipped", {"skipped": self._skipped})
            self._skipped = 0

    def _append(self, level: int, text: str, facts: dict[str, Any]) -> None:
        self.last.append(text[:300])
        self._waiting.append(Line(self._next, clock.now(), level, text, facts))
        self._next += 1
        self._room -= 1


def _plain(facts: dict[str, Any]) -> Any:
    try:
        return to_jsonable_python(facts, fallback=str, inf_nan_mode="strings")
    except UnicodeEncodeError:
        # Half a character in the name of a field.
        return to_jsonable_python(redact_facts(facts), fallback=str, inf_nan_mode="strings")
