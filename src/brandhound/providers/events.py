"""What happens to services, for packages above that want to hear of it: to wake work, to tell people."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from brandhound.core.db import Db
from brandhound.providers.callees import Service

NEARLY = 0.8
"""Part of the budget for models at which people are told."""

_log = logging.getLogger("brandhound.providers")


@dataclass(frozen=True)
class BreakerOpened:
    """A service is left alone from now on. Told once, by the process that noticed."""

    breaker_id: UUID
    service: Service
    failure_class: str
    reason: str
    what_to_do: str
    until: datetime | None
    """When one call will try by itself; None when a person has to say so."""
    openings: int


@dataclass(frozen=True)
class BreakerClosed:
    """A service is called again."""

    breaker_id: UUID
    service: Service


@dataclass(frozen=True)
class ProbeRequested:
    """A person wants it tried now: work that waits for it is to be woken, and the first of it tries."""

    breaker_id: UUID
    service: Service


@dataclass(frozen=True)
class QuotaNear:
    """Four fifths of a limit of an hour or more are used. Told when that is passed."""

    breaker_id: UUID
    service: Service
    metric: str
    used: int
    most: int


@dataclass(frozen=True)
class BudgetReached:
    """An organization has spent four fifths of its budget for models, or so much that a call found too little left (`is_spent`).

    `used` is what is spent or reserved for calls under way, `needed` what that call may take. In millionths of a dollar, or in
    tokens. Told by whoever noticed.
    """

    organization_id: UUID
    of: str
    """dollars or tokens."""
    is_spent: bool
    used: int
    limit: int
    begins_anew_at: datetime
    needed: int = 0


@dataclass(frozen=True)
class AccessChanged:
    """An organization gave another key or another address for a provider. Told in the transaction that does so."""

    db: Db
    provider: str


Happening = AccessChanged | BreakerOpened | BreakerClosed | ProbeRequested | QuotaNear | BudgetReached
E = TypeVar("E", bound=Happening)
Hearer = Callable[[E], Awaitable[None]]

_HEARERS: defaultdict[type[Any], list[Callable[[Any], Awaitable[None]]]] = defaultdict(list)


def hears(event: type[E]) -> Callable[[Hearer[E]], Hearer[E]]:
    """Register a function for an event. It runs in the process where it happened, after it was written down."""

    def register(function: Hearer[E]) -> Hearer[E]:
        _HEARERS[event].append(function)
        return function

    return register


async def tell(event: Happening) -> None:
    """Tell everybody who wants to hear. What goes wrong there does not harm the call that noticed."""
    for hear in _HEARERS[type(event)]:
        try:
            await hear(event)
        except Exception:
            _log.exception("somebody who heard of %s failed", type(event).__name__)
