"""What somebody looks for in the log: always within a time, always of one owner."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func

from brandhound.admin.logs.errors import BadWindow, WindowTooLong
from brandhound.admin.logs.models import LogLine

LONGEST = timedelta(days=31)
USUAL = timedelta(hours=1)


@dataclass(frozen=True)
class Window:
    """From `since` on, before `until`."""

    since: datetime
    until: datetime


def window(since: datetime | None, until: datetime | None, now: datetime) -> Window:
    """The time to search: the last hour unless said otherwise.

    Raises BadWindow or WindowTooLong.
    """
    if any(at is not None and at.tzinfo is None for at in (since, until)):
        raise BadWindow
    # A little later than now: the clocks of several machines differ.
    until = until or now + timedelta(minutes=1)
    since = since or until - USUAL
    if since >= until:
        raise BadWindow
    if until - since > LONGEST + timedelta(minutes=1):
        raise WindowTooLong
    return Window(since, until)


@dataclass(frozen=True)
class Wanted:
    """Filters; None lets everything through."""

    organization_id: UUID
    window: Window
    q: str | None = None
    least_level: int | None = None
    run_id: UUID | None = None
    feed_id: UUID | None = None
    provider: str | None = None
    request_id: str | None = None
    process: str | None = None
    logger: str | None = None

    @property
    def pattern(self) -> str | None:
        """What is searched for, for LIKE; the database makes it small."""
        words = (self.q or "").strip().replace("\x00", "").replace("\n", " ")
        if not words:
            return None
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"%{escaped}%"

    @property
    def levels(self) -> list[int]:
        """The levels that are let through."""
        return [level for level in (10, 20, 30, 40) if self.least_level is None or level >= self.least_level]

    def conditions(self) -> list[ColumnElement[bool]]:
        """All but the words, as conditions on a line. Each compares plainly, so that it may use an index under the policy."""
        found: list[ColumnElement[bool]] = [LogLine.at >= self.window.since, LogLine.at < self.window.until]
        if self.least_level is not None:
            # Named one by one: the table is divided by level, and a part that cannot match is not opened.
            found.append(LogLine.level.in_(self.levels))
        for column, value in (
            (LogLine.run_id, self.run_id),
            (LogLine.feed_id, self.feed_id),
            (LogLine.provider, self.provider),
            (LogLine.request_id, self.request_id),
            (LogLine.process, self.process),
        ):
            if value is not None:
                found.append(column == value)
        if self.logger is not None:
            found.append(func.starts_with(LogLine.logger, self.logger))
        return found
