"""The one clock. Tests stop it and move it; nothing else in the product asks the machine for the time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_frozen: datetime | None = None


def now() -> datetime:
    """This moment, in UTC."""
    return _frozen or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The calendar day it is in that IANA zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def freeze(at: datetime) -> None:
    """Stop the clock. For tests."""
    global _frozen  # noqa: PLW0603
    _frozen = at.astimezone(UTC)


def advance(by: timedelta) -> None:
    """Move a stopped clock. For tests."""
    freeze(now() + by)


def unfreeze() -> None:
    """Let the clock run again."""
    global _frozen  # noqa: PLW0603
    _frozen = None
