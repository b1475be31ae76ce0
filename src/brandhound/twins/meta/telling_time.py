"""The twin's clock."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Runs with the real one until it is stopped or moved."""

    def __init__(self, now: datetime | None = None) -> None:
        self._stopped_at = now
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._stopped_at or datetime.now(UTC) + self._ahead

    def stop_at(self, now: datetime | None) -> None:
        """Stop at a moment; None lets it run with the real one again."""
        if now is not None and now.tzinfo is None:
            raise ValueError("a time needs its zone")
        self._stopped_at, self._ahead = now, timedelta()

    def advance(self, by: timedelta) -> None:
        """Move it; a stopped one stays stopped."""
        if self._stopped_at is not None:
            self._stopped_at += by
        else:
            self._ahead += by
