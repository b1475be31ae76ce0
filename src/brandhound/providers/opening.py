"""For how long a breaker opens."""

from datetime import datetime, timedelta

from brandhound.providers.classifying.failure import Failure
from brandhound.providers.strategies import STRATEGIES

LONGEST = timedelta(hours=1)
FORGIVEN = timedelta(minutes=10)
"""One that was well for so long begins with a short time again."""


def opened_for(
    failure: Failure, openings: int, changed_at: datetime, now: datetime, *, of_a_probe: bool
) -> tuple[int, datetime | None]:
    """How many openings in a row that makes, and when one call may try; None when a person has to say so."""
    in_a_row = of_a_probe or now - changed_at < FORGIVEN
    openings = openings + 1 if in_a_row else 1
    first = STRATEGIES[failure.cls].opens_for
    if failure.until is not None:
        # Some quotas that are called daily are not: one call tries early, and believes the date when that fails too.
        early = now + timedelta(seconds=failure.probe_after) if failure.probe_after is not None else failure.until
        return openings, failure.until if of_a_probe else min(early, failure.until)
    if first is None:
        return openings, None
    until = now + min(LONGEST, first * 2 ** min(openings - 1, 20))
    if failure.retry_after is not None:
        until = max(until, now + timedelta(seconds=failure.retry_after))
    return openings, until
