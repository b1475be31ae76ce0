"""Exact limits across workers, in fair order: nobody calls a service more often than it allows, whoever they are.

One row of the database is the turnstile of each service. A call that finds no room waits in line; the line is ordered by
what the organizations had lately, so that one that floods does not keep the others waiting. A wait of more than a minute is
not spent: the work is parked.
"""

import asyncio
import json
import math
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import text

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import hears as hears_changes
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.providers.allowances import Metric
from brandhound.providers.allowing import ensure_allowances
from brandhound.providers.announcing import announced
from brandhound.providers.breaker import TOPIC, breakers
from brandhound.providers.callees import Service
from brandhound.providers.events import QuotaNear, tell
from brandhound.providers.lines import Place, order_of
from brandhound.providers.parking import Parked
from brandhound.providers.turnstile import Turnstile

PATIENCE = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
UNHEARD = timedelta(seconds=10)
"""One that waits and is not heard of for so long has left the line."""
SLOWER_FOR = timedelta(minutes=15)
_AT_ONCE = timedelta(seconds=10)
"""Complaints that come together are one complaint."""
_LOOK = 1.0
_SELDOM = 5.0
_NEXT = 4
_NO_LIMITS_FOR = 1.0

Amounts = Mapping[Metric, int]
ReadClock = Callable[[Db], Awaitable[datetime]]


@dataclass(frozen=True)
class Grant:
    """The right to make one call now; given back with `release`."""

    service: Service
    breaker_id: UUID
    call_id: UUID | None
    amounts: Amounts
    at: float


@dataclass(frozen=True)
class _Turn:
    """Not yet: how long to wait, as far as can be told."""

    wait: float
    certain: bool
    ahead: int = 0
    """How many have their turn before."""

    @property
    def is_next(self) -> bool:
        """Whether the end of somebody's call may let this one go."""
        return self.ahead < _NEXT

    @property
    def look_in(self) -> float:
        """Seconds until the next look. Those far behind look seldom: each look is a question to the database."""
        if self.is_next:
            return min(self.wait, _LOOK)
        return min(max(self.wait, _LOOK / 2 + self.ahead * 0.05), _SELDOM)


async def database_clock(db: Db) -> datetime:
    """The one clock that all machines agree on."""
    return (await db.execute(text("select clock_timestamp()"))).scalar_one()


class Limiter:
    """Hands out turns. One for each event loop; the rows are shared by all."""

    def __init__(self, read_clock: ReadClock = database_clock) -> None:
        self._read_clock = read_clock
        self._unlimited: dict[UUID, float] = {}
        self._ensured: set[UUID] = set()
        self._bells: dict[UUID, asyncio.Event] = {}

    async def acquire(
        self,
        service: Service,
        organization_id: UUID,
        amounts: Amounts | None = None,
        *,
        patience: timedelta = PATIENCE,
        lease: timedelta = LEASE,
    ) -> Grant:
        """Wait for a turn.

        Raises Parked when that takes longer than `patience`, and InputTooLarge for more than is ever allowed at once.
        """
        wanted: Amounts = {"requests": 1, **(amounts or {})}
        breaker_id = await breakers().id_of(service)
        loop = asyncio.get_running_loop()
        if self._unlimited.get(breaker_id, -math.inf) > loop.time():
            return Grant(service, breaker_id, None, wanted, 0.0)
        call_id, started = uuid7(), loop.time()
        try:
            while True:
                turn = await self._attempt(service, breaker_id, organization_id, call_id, wanted, lease)
                if isinstance(turn, Grant):
                    return turn
                left = patience.total_seconds() - (loop.time() - started)
                if left <= 0 or (turn.certain and turn.wait > left):
                    raise await self._parked(service, breaker_id, turn)
                await self._ring(breaker_id, min(turn.look_in, max(left, 0.01)), hears=turn.is_next)
        except BaseException:
            await asyncio.shield(self._leave_line(call_id))
            raise

    async def release(
        self, grant: Grant, headers: Mapping[str, str] | None = None, used: Amounts | None = None
    ) -> None:
        """The call is over. `headers` of its answer say what is left; `used` is what it really took, such as tokens."""
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        said = announced(lower, datetime.now(UTC))
        if grant.call_id is None and not said:
            return
        if not said and not used:
            await self._leave_line(grant.call_id)
            self._bell(grant.breaker_id).set()
            return
        async with system_session() as db:
            turnstile = await Turnstile.locked(db, grant.breaker_id, self._read_clock)
            if grant.call_id is not None:
                await db.execute(text("delete from provider_calls where id = :id"), {"id": grant.call_id})
            for metric, amount in (used or {}).items():
                turnstile.correct(metric, grant.amounts.get(metric, 0) - amount, grant.at)
            for one in said:
                turnstile.heed(one)
            await turnstile.save(db)
        if said:
            self._unlimited.pop(grant.breaker_id, None)
        self._bell(grant.breaker_id).set()

    def forget(self) -> None:
        """Ask anew at the next call whether anything is limited."""
        self._unlimited.clear()

    async def leave_alone(self, service: Service, seconds: float) -> None:
        """It asked for a pause: nobody calls it meanwhile."""
        breaker_id = await breakers().id_of(service)
        async with system_session() as db:
            turnstile = await Turnstile.locked(db, breaker_id, self._read_clock)
            until = turnstile.now + timedelta(seconds=seconds)
            await db.execute(
                text(
                    "update provider_breakers set left_alone_until = greatest(left_alone_until, :until) where id = :id"
                ),
                {"id": breaker_id, "until": until},
            )
            publish(db, TOPIC, breaker_id)
        self._unlimited.pop(breaker_id, None)

    async def slow_down(self, service: Service) -> int:
        """It is called by too many at the same time: half as many for a quarter of an hour. Returns how many."""
        breaker_id = await breakers().id_of(service)
        async with system_session() as db:
            turnstile = await Turnstile.locked(db, breaker_id, self._read_clock)
            now, slowed_until = turnstile.now, turnstile.slowed_until
            if slowed_until and slowed_until - now > SLOWER_FOR - _AT_ONCE and turnstile.slowed_to:
                return turnstile.slowed_to
            slower = max(1, (turnstile.concurrency or max(2, turnstile.in_flight + 1)) // 2)
            await db.execute(
                text("update provider_breakers set slowed_until = :until, slowed_to = :to where id = :id"),
                {"id": breaker_id, "until": now + SLOWER_FOR, "to": slower},
            )
            publish(db, TOPIC, breaker_id)
        self._unlimited.pop(breaker_id, None)
        return slower

    async def _attempt(
        self,
        service: Service,
        breaker_id: UUID,
        organization_id: UUID,
        call_id: UUID,
        wanted: Amounts,
        lease: timedelta,
    ) -> Grant | _Turn:
        facts = {"id": call_id, "breaker_id": breaker_id, "owner": organization_id}
        async with system_session() as db:
            if breaker_id not in self._ensured:
                await ensure_allowances(db, service.provider, breaker_id)
                self._ensured.add(breaker_id)
            turnstile = await Turnstile.locked(db, breaker_id, self._read_clock)
            now = turnstile.now
            if turnstile.is_free_for_all:
                self._unlimited[breaker_id] = asyncio.get_running_loop().time() + _NO_LIMITS_FOR
                return Grant(service, breaker_id, None, wanted, 0.0)
            turnstile.check_size(service, wanted)
            line = await _line(db, breaker_id, now, {"id": call_id, "owner": organization_id, "amounts": wanted})
            ahead = turnstile.ahead_of(line, call_id)
            wait, certain = turnstile.wait(wanted, ahead)
            if wait > 0:
                await turnstile.sweep(db, now - UNHEARD)
                await db.execute(text(_WAIT), {**facts, "amounts": json.dumps(wanted), "now": now})
                return _Turn(wait, certain, ahead["calls"])
            crossed = turnstile.grant(wanted)
            await turnstile.save(db)
            await db.execute(text(_GO), {**facts, "amounts": json.dumps(wanted), "now": now, "until": now + lease})
        for one in crossed:
            await tell(QuotaNear(breaker_id, service, one.metric, one.used, one.most))
        return Grant(service, breaker_id, call_id, wanted, now.timestamp())

    async def _parked(self, service: Service, breaker_id: UUID, turn: _Turn) -> Parked:
        async with system_session() as db:
            now = await self._read_clock(db)
        # Not all at the same moment, or they stand in line again.
        wait = max(5.0, turn.wait) * random.uniform(1.0, 1.1)
        reason = f"{service.title} allows no more calls for now."
        return Parked(service.provider, reason, now + timedelta(seconds=min(wait, 86_400.0)), breaker_id)

    async def _leave_line(self, call_id: UUID | None) -> None:
        async with system_session() as db:
            await db.execute(text("delete from provider_calls where id = :id"), {"id": call_id})

    def _bell(self, breaker_id: UUID) -> asyncio.Event:
        return self._bells.setdefault(breaker_id, asyncio.Event())

    async def _ring(self, breaker_id: UUID, seconds: float, *, hears: bool) -> None:
        if not hears:
            await asyncio.sleep(seconds)
            return
        bell = self._bell(breaker_id)
        bell.clear()
        try:
            async with asyncio.timeout(max(0.005, seconds)):
                await bell.wait()
        except TimeoutError:
            return


_WAIT = """
insert into provider_calls (id, organization_id, breaker_id, amounts, asked_at, heard_at)
values (:id, :owner, :breaker_id, cast(:amounts as jsonb), :now, :now)
on conflict (id) do update set heard_at = excluded.heard_at
"""

_GO = """
with called as (
  insert into provider_calls (id, organization_id, breaker_id, amounts, asked_at, heard_at, granted_at, lease_until)
  values (:id, :owner, :breaker_id, cast(:amounts as jsonb), :now, :now, :now, :until)
  on conflict (id) do update set granted_at = excluded.granted_at, lease_until = excluded.lease_until
)
insert into provider_shares as s (organization_id, breaker_id, served, served_at) values (:owner, :breaker_id, 1, :now)
on conflict (organization_id, breaker_id) do update set served_at = excluded.served_at,
  served = 1 + s.served * power(0.5, least(1000, greatest(0, extract(epoch from excluded.served_at - s.served_at)) / 60.0))
"""

_LINE = """
select c.id, c.organization_id as owner, c.amounts, c.asked_at,
       coalesce(s.served * power(0.5, least(1000, greatest(0, extract(epoch from :now - s.served_at)) / 60.0)), 0) as served
  from provider_calls c
  left join provider_shares s on s.organization_id = c.organization_id and s.breaker_id = c.breaker_id
 where c.breaker_id = :breaker_id and c.granted_at is null and c.heard_at > :unheard
"""

_MINE = """
select coalesce((select served * power(0.5, least(1000, greatest(0, extract(epoch from :now - served_at)) / 60.0))
                   from provider_shares where organization_id = :owner and breaker_id = :breaker_id), 0)
"""


async def _line(db: Db, breaker_id: UUID, now: datetime, me: Mapping[str, Any]) -> list[Place]:
    """Everybody who waits, in fair order, the one who asks included."""
    values = {"breaker_id": breaker_id, "now": now, "unheard": now - UNHEARD}
    rows = (await db.execute(text(_LINE), values)).all()
    places = [Place(row.id, row.owner, row.amounts, row.asked_at, float(row.served)) for row in rows]
    if not places:
        return [Place(me["id"], me["owner"], me["amounts"], now, 0.0)]
    if all(place.call_id != me["id"] for place in places):
        of_mine = {"breaker_id": breaker_id, "now": now, "owner": me["owner"]}
        served = (await db.execute(text(_MINE), of_mine)).scalar_one()
        places.append(Place(me["id"], me["owner"], me["amounts"], now, float(served)))
    return order_of(places)


_limiters: WeakKeyDictionary[asyncio.AbstractEventLoop, Limiter] = WeakKeyDictionary()


def limiter() -> Limiter:
    """The limiter of the running event loop."""
    return _limiters.setdefault(asyncio.get_running_loop(), Limiter())


@hears_changes(TOPIC)
def _ask_anew(_: str | None) -> None:
    limiter().forget()
