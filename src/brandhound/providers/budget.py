"""Retries must not make things worse: of each provider at most a tenth of the calls may be calls made again.

Counted for all processes together, over ten minutes. A provider that is seldom called has a few retries in any case.
Operators may set another share, and another number of retries that are always allowed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.system import system_session
from brandhound.providers.failures import title_of
from brandhound.providers.parking import Parked
from brandhound.providers.strategies import backoff

WINDOW = timedelta(minutes=10)
SHARE = 0.1
FLOOR = 5
"""Retries in the window that are always allowed: a tenth of three calls is none."""

_SOONEST = timedelta(seconds=30)

_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('brandhound:retries:' || :provider, 0))"

_STANDING = """
select (select coalesce(sum(t.calls), 0) from provider_tallies t join provider_breakers b on b.id = t.breaker_id
         where b.provider = :provider and t.slot > :since) as calls,
       (select coalesce(sum(r.retries), 0) from provider_retries r where r.provider = :provider and r.slot > :since) as retries,
       (select coalesce(sum(r.refused), 0) from provider_retries r where r.provider = :provider and r.slot > :since) as refused,
       (select retry_share from provider_rules where provider = :provider) as share,
       (select retries_at_least from provider_rules where provider = :provider) as at_least
"""

_COUNT = """
insert into provider_retries (provider, slot, retries, refused) values (:provider, :slot, :retries, :refused)
on conflict (provider, slot) do update
   set retries = provider_retries.retries + excluded.retries, refused = provider_retries.refused + excluded.refused
"""


@dataclass(frozen=True)
class Budget:
    """The retries of a provider in the last ten minutes."""

    calls: int
    retries: int
    refused: int
    share: float = SHARE
    at_least: int = FLOOR

    @property
    def allowed(self) -> int:
        """How many retries that many calls allow. Calls include those made again, which do not earn any themselves."""
        return max(self.at_least, int((self.calls - self.retries) * self.share))

    @property
    def left(self) -> int:
        """How many more are allowed now."""
        return max(0, self.allowed - self.retries)


async def budget_of(db: Db, provider: str, now: datetime) -> Budget:
    """The budget as it stands."""
    row = (await db.execute(text(_STANDING), {"provider": provider, "since": now - WINDOW})).one()
    share = SHARE if row.share is None else float(row.share)
    at_least = FLOOR if row.at_least is None else int(row.at_least)
    return Budget(int(row.calls), int(row.retries), int(row.refused), share, at_least)


async def take_retry(provider: str) -> None:
    """Take one retry out of the provider's budget. Raises Parked, until a moment within the next ten minutes, if none is left."""
    if await may_retry(provider):
        return
    reason = (
        f"As many calls to {title_of(provider)} as are allowed were calls made again: more would make things worse."
    )
    raise Parked(provider, reason, clock.now() + _SOONEST + backoff(20, limit=WINDOW))


async def may_retry(provider: str) -> bool:
    """Take one retry out of the provider's budget; False when there is none left."""
    now = clock.now()
    async with system_session() as db:
        await db.execute(text(_ONE_AT_A_TIME), {"provider": provider})
        allowed = (await budget_of(db, provider, now)).left > 0
        slot = now.replace(second=0, microsecond=0)
        values = {"provider": provider, "slot": slot, "retries": int(allowed), "refused": int(not allowed)}
        await db.execute(text(_COUNT), values)
        await db.execute(text("delete from provider_retries where slot < :before"), {"before": now - 6 * WINDOW})
    return allowed
