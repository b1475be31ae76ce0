"""What operators allow of a provider, in the place of what is known beforehand: exact, and for every process from then on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.providers.allowances import DAY, Metric, allowances_of
from brandhound.providers.breaker import TOPIC
from brandhound.providers.failures import FAMILIES

MINUTE = 60.0

# One process that calls a service for the first time must not miss what is just being set.
_ALONE = "select pg_advisory_xact_lock(hashtextextended('brandhound:provider-rules:' || :provider, 0))"
_TOGETHER = "select pg_advisory_xact_lock_shared(hashtextextended('brandhound:provider-rules:' || :provider, 0))"

_READ = """
select provider, requests_a_minute, requests_a_day, calls_at_once, retry_share, retries_at_least from provider_rules
 where cast(:provider as text) is null or provider = :provider
"""

_KEEP = """
insert into provider_rules (provider, requests_a_minute, requests_a_day, calls_at_once, retry_share, retries_at_least, changed_at)
values (:provider, :requests_a_minute, :requests_a_day, :calls_at_once, :retry_share, :retries_at_least, :now)
on conflict (provider) do update set requests_a_minute = excluded.requests_a_minute,
  requests_a_day = excluded.requests_a_day, calls_at_once = excluded.calls_at_once, retry_share = excluded.retry_share,
  retries_at_least = excluded.retries_at_least, changed_at = excluded.changed_at
"""

# In one order for all, and before anything is read: whoever is at the turnstile has gone through it by then.
_SERVICES = "select id from provider_breakers where provider = :provider order by id for no key update"

_SET = """
insert into provider_limits (id, breaker_id, metric, most, window_seconds, source, updated_at)
values (:id, :breaker_id, :metric, :most, :seconds, :source, :now)
on conflict (breaker_id, metric, window_seconds) do update
   set most = excluded.most, source = excluded.source, updated_at = excluded.updated_at {only}
"""

_DROP = """
delete from provider_limits
 where breaker_id = :breaker_id and metric = :metric and window_seconds = :seconds and source = 'setting'
"""

_WAS_SET = " where provider_limits.source = 'setting'"


@dataclass(frozen=True)
class Rules:
    """What an operator wants for a provider. None: what is known beforehand, or what the provider says itself.

    Limits hold for each key and model; the budget of retries for the provider as a whole.
    """

    requests_a_minute: int | None = None
    requests_a_day: int | None = None
    calls_at_once: int | None = None
    retry_share: float | None = None
    retries_at_least: int | None = None

    @property
    def allowances(self) -> dict[tuple[Metric, float], int | None]:
        """Each limit that can be set, by what it counts and the length of its window."""
        return {
            ("requests", MINUTE): self.requests_a_minute,
            ("requests", DAY): self.requests_a_day,
            ("concurrency", 0.0): self.calls_at_once,
        }


async def rules(db: Db, provider: str | None = None) -> Mapping[str, Rules]:
    """What was set, by provider."""
    return {row.provider: _rules(row) for row in await db.execute(text(_READ), {"provider": provider})}


async def set_rules(db: Db, provider: str, wanted: Rules) -> None:
    """Have these hold for every key and model of the provider, those that are called later too. Needs a system session.

    What was used of a limit before counts on. Raises NotThere for a provider that nobody knows and nobody called.
    """
    await db.execute(text(_ALONE), {"provider": provider})
    services = list(await db.scalars(text(_SERVICES), {"provider": provider}))
    if not services and provider not in FAMILIES:
        raise NotThere("provider")
    now = clock.now()
    values = {name: getattr(wanted, name) for name in Rules.__dataclass_fields__}
    await db.execute(text(_KEEP), {"provider": provider, "now": now, **values})
    known = {(one.metric, one.seconds): one.most for one in allowances_of(provider)}
    for service in services:
        for (metric, seconds), most in wanted.allowances.items():
            where = {"breaker_id": service, "metric": metric, "seconds": seconds}
            if most is not None:
                facts = {**where, "id": uuid7(), "most": most, "source": "setting", "now": now}
                await db.execute(text(_SET.format(only="")), facts)
            elif (default := known.get((metric, seconds))) is not None:
                facts = {**where, "id": uuid7(), "most": default, "source": "default", "now": now}
                await db.execute(text(_SET.format(only=_WAS_SET)), facts)
            else:
                await db.execute(text(_DROP), where)
    publish(db, TOPIC, *services)


async def ensure_allowances(db: Db, provider: str, breaker_id: UUID) -> None:
    """Write down what a service allows when it is called first: what operators set, and what is known beforehand."""
    await db.execute(text(_TOGETHER), {"provider": provider})
    found = (await rules(db, provider)).get(provider, Rules())
    wanted: dict[tuple[Metric, float], tuple[int, str]] = {
        (one.metric, one.seconds): (one.most, "default") for one in allowances_of(provider)
    }
    wanted |= {which: (most, "setting") for which, most in found.allowances.items() if most is not None}
    for (metric, seconds), (most, source) in wanted.items():
        await db.execute(
            text(
                "insert into provider_limits (id, breaker_id, metric, most, window_seconds, source)"
                " values (:id, :breaker_id, :metric, :most, :seconds, :source) on conflict do nothing"
            ),
            {
                "id": uuid7(),
                "breaker_id": breaker_id,
                "metric": metric,
                "most": most,
                "seconds": seconds,
                "source": source,
            },
        )


def _rules(row: Any) -> Rules:
    return Rules(row.requests_a_minute, row.requests_a_day, row.calls_at_once, row.retry_share, row.retries_at_least)
