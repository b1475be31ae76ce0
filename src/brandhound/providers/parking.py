"""Work that cannot go on now, through no fault of its own."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from brandhound.core.problems import Problem


class Parked(Problem):
    """An outside service is left alone at the moment, so that this has to wait."""

    status = 503
    code = "providers/parked"
    what_to_do = (
        "Runs wait by themselves, and go on when the service is called again. The screen Providers says why it is left "
        "alone and until when, and lets an operator try now."
    )

    def __init__(
        self,
        provider: str,
        reason: str,
        until: datetime,
        breaker_id: UUID | None = None,
        *,
        for_breaker: bool = False,
    ) -> None:
        super().__init__(provider=provider, detail=reason, until=until.isoformat(), breaker_id=breaker_id)
        self.provider = provider
        self.reason = reason
        self.until = until
        """When to look again: never later than that, and sooner when somebody says to try, or it is found well."""
        self.breaker_id = breaker_id
        self.for_breaker = for_breaker
        """Whether it is the breaker that is in the way: once that is closed, there is nothing to wait for."""

    def __reduce__(self) -> tuple[Callable[..., "Parked"], tuple[str, str, datetime, UUID | None]]:
        return partial(type(self), for_breaker=self.for_breaker), (
            self.provider,
            self.reason,
            self.until,
            self.breaker_id,
        )

    @property
    def detail(self) -> str:
        """What is waited for, in words."""
        return self.reason

    def __str__(self) -> str:
        return f"{self.provider}: {self.reason}"
