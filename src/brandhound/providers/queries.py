"""How things stand with outside services, for screens."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.providers.allowing import Rules, rules
from brandhound.providers.breaker import WINDOW
from brandhound.providers.budget import budget_of
from brandhound.providers.failures import title_of
from brandhound.providers.limits import database_clock
from brandhound.providers.parked import parked_by_provider
from brandhound.providers.schemas import BreakerOut, BudgetOut, LimitOut, ProviderOut, ProviderRules, State
from brandhound.providers.windows import Window, read_spent

MOST = 500

# Those in trouble first.
_BREAKERS = """
select b.*, coalesce(t.calls, 0) as calls, coalesce(t.failures, 0) as failures,
       coalesce(c.under_way, 0) as under_way, coalesce(c.in_line, 0) as in_line
  from provider_breakers b
  left join lateral (select sum(calls) as calls, sum(failures) as failures from provider_tallies
                      where breaker_id = b.id and slot > :since) t on true
  left join lateral (select count(*) filter (where granted_at is not null and lease_until > clock_timestamp()) as under_way,
                            count(*) filter (where granted_at is null) as in_line
                       from provider_calls where breaker_id = b.id) c on true
 where cast(:id as uuid) is null or b.id = :id
 order by b.state = 'closed', b.provider, b.model, b.key_fingerprint limit :most
"""
_LIMITS = """
select breaker_id, metric, most, window_seconds, source, spent from provider_limits
 where breaker_id = any(cast(:ids as uuid[])) order by metric, window_seconds
"""
_WORST: Sequence[State] = ("open", "half_open", "closed")


async def breakers_out(db: Db, breaker_id: UUID | None = None) -> list[BreakerOut]:
    """Every service that was ever called, those in trouble first. Needs a system session."""
    now = clock.now()
    values = {"since": now - WINDOW, "id": breaker_id, "most": MOST}
    rows = (await db.execute(text(_BREAKERS), values)).all()
    at = await database_clock(db)
    limits: defaultdict[UUID, list[Any]] = defaultdict(list)
    for limit in await db.execute(text(_LIMITS), {"ids": [row.id for row in rows]}):
        limits[limit.breaker_id].append(limit)
    return [_breaker(row, limits[row.id], at) for row in rows]


async def breaker_out(db: Db, breaker_id: UUID) -> BreakerOut:
    """One service. Raises NotThere."""
    found = await breakers_out(db, breaker_id)
    if not found:
        raise NotThere("breaker")
    return found[0]


async def providers_out(db: Db) -> list[ProviderOut]:
    """Every provider that was ever called, those in trouble first. Needs a system session."""
    by_provider: defaultdict[str, list[BreakerOut]] = defaultdict(list)
    for breaker in await breakers_out(db):
        by_provider[breaker.provider].append(breaker)
    parked = await parked_by_provider()
    was_set = await rules(db)
    made: list[ProviderOut] = []
    for provider, services in by_provider.items():
        budget = await budget_of(db, provider, clock.now())
        shut = [service for service in services if service.state != "closed"]
        made.append(
            ProviderOut(
                provider=provider,
                title=title_of(provider),
                state=next(state for state in _WORST if any(service.state == state for service in services)),
                services=len(services),
                left_alone=len(shut),
                next_try_at=min((one.next_try_at for one in shut if one.next_try_at), default=None),
                parked=parked.get(provider, 0),
                calls_last_minute=sum(service.calls_last_minute for service in services),
                failures_last_minute=sum(service.failures_last_minute for service in services),
                budget=BudgetOut(
                    calls=budget.calls,
                    retries=budget.retries,
                    allowed=budget.allowed,
                    refused=budget.refused,
                    share=budget.share,
                    at_least=budget.at_least,
                ),
                rules=ProviderRules.model_validate(was_set.get(provider, Rules())),
            )
        )
    return sorted(made, key=lambda one: (_WORST.index(one.state), one.title))


def _breaker(row: Any, limits: Sequence[Any], at: datetime) -> BreakerOut:
    is_open = row.state != "closed"
    return BreakerOut(
        id=row.id,
        provider=row.provider,
        title=title_of(row.provider),
        key_fingerprint=row.key_fingerprint,
        model=row.model,
        state=row.state,
        failure_class=row.failure_class if is_open else None,
        failure_code=row.failure_code if is_open else None,
        reason=row.reason if is_open else None,
        what_to_do=row.what_to_do if is_open else None,
        message=row.message if is_open else None,
        opened_at=row.opened_at,
        next_try_at=row.open_until if row.state == "open" else None,
        resets_at=row.resets_at if is_open else None,
        openings=row.openings if is_open else 0,
        left_alone_until=_ahead(row.left_alone_until, at),
        slowed_until=_ahead(row.slowed_until, at),
        slowed_to=row.slowed_to if _ahead(row.slowed_until, at) else None,
        calls_last_minute=row.calls,
        failures_last_minute=row.failures,
        under_way=row.under_way,
        in_line=row.in_line,
        limits=[_limit(limit, row.under_way, at) for limit in limits],
        changed_at=row.changed_at,
    )


def _limit(limit: Any, under_way: int, at: datetime) -> LimitOut:
    used = under_way
    if limit.window_seconds > 0:
        used = Window(limit.most, limit.window_seconds, read_spent(limit.spent)).used(at.timestamp())
    return LimitOut(
        metric=limit.metric, most=limit.most, window_seconds=limit.window_seconds, used=used, source=limit.source
    )


def _ahead(moment: datetime | None, at: datetime) -> datetime | None:
    """The moment if it is still to come."""
    return moment if moment is not None and moment - at > timedelta(0) else None
