"""Work that cannot go on now, through no fault of its own."""

from datetime import datetime
from uuid import UUID


class Parked(Exception):
    """A provider is not to be called at the moment: whoever needs it waits, and nothing has failed.

    `reason` is a sentence for people. `until` is when to look again: never later than that, and sooner when somebody
    says "try now" or the provider is found well (see `brandhound.providers.events`).
    """

    def __init__(self, provider: str, reason: str, until: datetime, breaker_id: UUID | None = None) -> None:
        super().__init__(provider, reason, until, breaker_id)
        self.provider = provider
        self.reason = reason
        self.until = until
        self.breaker_id = breaker_id

    @property
    def detail(self) -> str:
        """What is waited for, in words."""
        return self.reason

    def __str__(self) -> str:
        return f"{self.provider}: {self.reason}"
