"""One service's limits, read under its lock: what is free, for how long to wait, and what an answer says about it."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.providers.announcing import Announced
from brandhound.providers.callees import Service
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.errors import problem_of
from brandhound.providers.lines import Place
from brandhound.providers.windows import Window, read_spent, write_spent

_LOCK = "select left_alone_until, slowed_until, slowed_to from provider_breakers where id = :id for no key update"
_LIMITS = """
select (select count(*) from provider_calls
         where breaker_id = :id and granted_at is not null and lease_until > :now) as in_flight,
       l.id, l.metric, l.most, l.window_seconds, l.source, l.spent
  from (select cast(:id as uuid) as id) one left join provider_limits l on l.breaker_id = one.id order by l.id
"""
_SWEEP = """
delete from provider_calls where breaker_id = :id and (lease_until <= :now or (granted_at is null and heard_at <= :unheard))
"""
_SAVE = """
insert into provider_limits (id, breaker_id, metric, most, window_seconds, source, spent, updated_at)
values (:id, :breaker_id, :metric, :most, :seconds, :source, cast(:spent as jsonb), :now)
on conflict (id) do update set most = excluded.most, window_seconds = excluded.window_seconds, source = excluded.source,
  spent = excluded.spent, updated_at = excluded.updated_at
"""

_WHEN_BUSY = 0.25
"""Seconds until the next look when only the end of somebody's call makes room: nobody knows when that is."""


NEAR = 0.8
LONG = 3600.0
"""Seconds. Of shorter limits nobody needs to be told: they begin anew before anybody could do something."""


@dataclass(frozen=True)
class Crossed:
    """A limit of which most is used."""

    metric: str
    used: int
    most: int


@dataclass
class _Meter:
    id: UUID
    metric: str
    window: Window
    source: str
    changed: bool = field(default=False)


class Turnstile:
    """What a service allows and what was used of it, while its row is locked."""

    def __init__(self, breaker_id: UUID, now: datetime, standing: Any, rows: Iterable[Any]) -> None:
        self.breaker_id = breaker_id
        self.now = now
        self.left_alone_until: datetime | None = standing.left_alone_until
        self.slowed_until: datetime | None = standing.slowed_until
        self.slowed_to: int | None = standing.slowed_to
        self.in_flight = 0
        """Calls under way, those that were lost left out."""
        self._cap: int | None = None
        self._meters: list[_Meter] = []
        for row in rows:
            self.in_flight = row.in_flight
            if row.id is None:
                continue
            if row.metric == "concurrency":
                self._cap = row.most
            else:
                window = Window(row.most, row.window_seconds, read_spent(row.spent))
                window.forget(now.timestamp())
                self._meters.append(_Meter(row.id, row.metric, window, row.source))

    @classmethod
    async def locked(cls, db: Db, breaker_id: UUID, read_clock: Callable[[Db], Awaitable[datetime]]) -> "Turnstile":
        """Take the lock, then read the clock: whoever has it comes later than all before."""
        standing = (await db.execute(text(_LOCK), {"id": breaker_id})).one()
        now = await read_clock(db)
        rows = (await db.execute(text(_LIMITS), {"id": breaker_id, "now": now})).all()
        return cls(breaker_id, now, standing, rows)

    @property
    def concurrency(self) -> int | None:
        """Calls at the same time that are allowed now; None for any number."""
        if self.slowed_until is not None and self.slowed_until > self.now and self.slowed_to is not None:
            return self.slowed_to if self._cap is None else min(self._cap, self.slowed_to)
        return self._cap

    @property
    def is_free_for_all(self) -> bool:
        """Whether nothing limits it."""
        resting = self.left_alone_until is not None and self.left_alone_until > self.now
        return not self._meters and self.concurrency is None and not resting

    async def sweep(self, db: Db, unheard: datetime) -> None:
        """Forget calls that were lost, and those that left the line without a word."""
        await db.execute(text(_SWEEP), {"id": self.breaker_id, "now": self.now, "unheard": unheard})

    def check_size(self, service: Service, wanted: Mapping[Any, int]) -> None:
        """Raises InputTooLarge for more than a whole window allows."""
        for meter in self._meters:
            amount = wanted.get(meter.metric, 0)
            if amount > meter.window.most > 0:
                detail = f"That needs {amount} {meter.metric} at once; {service.title} allows {meter.window.most}."
                raise problem_of(Failure(FailureClass.SHRINK, service.provider, "larger-than-limit", detail))

    def ahead_of(self, line: Iterable[Place], call_id: UUID) -> Counter[str]:
        """What those before this call in the line need in all."""
        ahead: Counter[str] = Counter()
        for place in line:
            if place.call_id == call_id:
                break
            ahead["calls"] += 1
            ahead.update({metric: int(amount) for metric, amount in place.amounts.items()})
        return ahead

    def wait(self, wanted: Mapping[Any, int], ahead: Mapping[str, int]) -> tuple[float, bool]:
        """Seconds until this call has its turn (0: now), and whether that is more than a guess."""
        now = self.now.timestamp()
        waits = [0.0]
        if self.left_alone_until is not None:
            waits.append((self.left_alone_until - self.now).total_seconds())
        for meter in self._meters:
            amount = ahead.get(meter.metric, 0) + wanted.get(meter.metric, 0)
            window = meter.window
            if amount == 0:
                continue
            if amount > window.most:
                # More than one window away: so many windows, at the least.
                waits.append(window.seconds * (amount / max(1, window.most) - 1) + window.part)
            else:
                waits.append(window.free_at(amount, now) - now)
        longest = max(waits)
        cap = self.concurrency
        if longest <= 0 and cap is not None and self.in_flight + ahead.get("calls", 0) + 1 > cap:
            return _WHEN_BUSY, False
        return max(0.0, longest), True

    def grant(self, wanted: Mapping[Any, int]) -> list[Crossed]:
        """Take it. Returns the long limits of which four fifths are used from now on."""
        crossed: list[Crossed] = []
        now = self.now.timestamp()
        for meter in self._meters:
            if amount := wanted.get(meter.metric, 0):
                before, window = meter.window.used(now), meter.window
                window.grant(amount, now)
                meter.changed = True
                if window.seconds >= LONG and before < NEAR * window.most <= before + amount:
                    crossed.append(Crossed(meter.metric, before + amount, window.most))
        return crossed

    def correct(self, metric: str, too_much: int, at: float) -> None:
        """Give back what was not needed after all; take more where it was not enough."""
        for meter in self._meters:
            if meter.metric == metric and too_much:
                meter.window.give_back(too_much, at)
                meter.changed = True

    def heed(self, said: Announced) -> None:
        """Believe what an answer says: the limit itself, and that others use it too."""
        meter = self._meter_for(said)
        if meter is None:
            return
        if said.most is not None and meter.source != "setting" and said.most != meter.window.most:
            meter.window.most, meter.source, meter.changed = said.most, "headers", True
        if said.remaining is not None:
            now = self.now.timestamp()
            others = meter.window.most - meter.window.used(now) - said.remaining
            if others > 0:
                meter.window.grant(others, now)
                meter.changed = True

    def _meter_for(self, said: Announced) -> _Meter | None:
        found = [meter for meter in self._meters if meter.metric == said.metric]
        same = [meter for meter in found if meter.window.seconds == said.window]
        if same:
            return same[0]
        told = [meter for meter in found if meter.source == "headers"]
        if told:
            # A day's window looks like an hour's until more of it is used.
            if said.window > told[0].window.seconds:
                told[0].window = Window(told[0].window.most, said.window)
                told[0].changed = True
            return told[0]
        if said.most is None:
            return None
        made = _Meter(uuid7(), said.metric, Window(said.most, said.window), "headers", changed=True)
        self._meters.append(made)
        return made

    async def save(self, db: Db) -> None:
        """Write what changed."""
        for meter in self._meters:
            if meter.changed:
                values = {
                    "id": meter.id,
                    "breaker_id": self.breaker_id,
                    "metric": meter.metric,
                    "most": meter.window.most,
                    "seconds": meter.window.seconds,
                    "source": meter.source,
                    "spent": json.dumps(write_spent(meter.window.spent)),
                    "now": self.now,
                }
                await db.execute(text(_SAVE), values)
