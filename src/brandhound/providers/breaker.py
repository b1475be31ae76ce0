"""Circuit breakers: a service that fails is left alone by every process, and one call at a time finds out whether it is well.

A breaker opens when at least half of at least 20 calls of the last 60 s failed, or at the first failure that only a person
can mend. While it is open, work is parked and nothing fails. When its time is up it is half-open: the first call through is
the probe, all others stay parked until that one is back. Those who can be mended by nobody but a person have no such time.

Cheap while all is well: processes tell each other what opens and closes, look by themselves now and then, and write counts
in batches.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from brandhound.core import clock
from brandhound.core.live import hears as hears_changes
from brandhound.core.live import is_listening, publish
from brandhound.core.system import system_session
from brandhound.providers.callees import Service
from brandhound.providers.classifying.failure import Failure
from brandhound.providers.events import BreakerClosed, BreakerOpened, tell
from brandhound.providers.opening import opened_for
from brandhound.providers.parking import Parked
from brandhound.providers.strategies import STRATEGIES, Effect

WINDOW = timedelta(seconds=60)
FEWEST_CALLS = 20
WORST_SHARE = 0.5
SLOT = 5
TOPIC = "breakers"
"""Changes by which processes tell each other that a breaker, or a limit, is not as it was; the key is the breaker."""
LOOK = 0.5
"""Seconds for which a process that hears of no changes believes what it last read."""
LOOK_WHEN_TOLD = 5.0
"""The same for one that is told: a net for what was lost on the way."""
PROBE_LEASE = timedelta(minutes=2)
LOOK_AFTER_PROBE = timedelta(seconds=15)
LOOK_AGAIN = timedelta(days=1)
"""Parked work looks again after that when only a person can open the way; looking calls nobody."""
KEPT = timedelta(hours=1)

_log = logging.getLogger("brandhound.providers")

_NOT_CLOSED = """
select id, provider, key_fingerprint, model, state, failure_class, reason, open_until, probe_until
  from provider_breakers where state <> 'closed'
"""

_OUT_OF_THE_WAY = """
select id from provider_breakers
 where id = any(:ids) and (state = 'closed' or (state = 'open' and open_until <= :now)) order by id
"""

_KNOW = """
insert into provider_breakers (id, provider, key_fingerprint, model, changed_at, created_at)
values (:id, :provider, :key_fingerprint, :model, :now, :now)
on conflict (provider, key_fingerprint, model) do nothing
"""

_ID = """
select id from provider_breakers where provider = :provider and key_fingerprint = :key_fingerprint and model = :model
"""

_TAKE_PROBE = """
update provider_breakers set state = 'half_open', probe_id = :probe, probe_until = :until, changed_at = :now
 where id = :id and ((state = 'open' and open_until <= :now) or (state = 'half_open' and probe_until <= :now))
returning id
"""

_CLOSE = """
update provider_breakers set state = 'closed', probe_id = null, probe_until = null, open_until = null, resets_at = null,
       counted_from = :now, changed_at = :now
 where id = :id and probe_id = :probe and state = 'half_open' returning id
"""

_GIVE_PROBE_BACK = """
update provider_breakers set probe_until = :now where id = :id and probe_id = :probe and state = 'half_open'
"""

_STANDING = "select state, openings, changed_at, probe_id from provider_breakers where id = :id for no key update"

_OPEN = """
update provider_breakers set state = 'open', failure_class = :cls, failure_code = :code, reason = :reason,
       what_to_do = :what_to_do, message = :message, opened_at = :now, open_until = cast(:until as timestamptz),
       resets_at = cast(:resets_at as timestamptz), openings = :openings, probe_id = null, probe_until = null, changed_at = :now
 where id = :id
"""

_COUNT = """
insert into provider_tallies (breaker_id, slot, calls, failures) values (:id, :slot, :calls, :failures)
on conflict (breaker_id, slot)
do update set calls = provider_tallies.calls + excluded.calls, failures = provider_tallies.failures + excluded.failures
"""

_LAST_MINUTE = """
select coalesce(sum(t.calls), 0) as calls, coalesce(sum(t.failures), 0) as failures
  from provider_tallies t join provider_breakers b on b.id = t.breaker_id
 where t.breaker_id = :id and t.slot > :since and (b.counted_from is null or t.slot >= b.counted_from - interval '5 seconds')
"""


@dataclass(frozen=True)
class Known:
    """A breaker that is not closed, as last read."""

    id: UUID
    state: str
    reason: str
    open_until: datetime | None
    probe_until: datetime | None


@dataclass(frozen=True)
class Pass:
    """The right to make one call."""

    service: Service
    breaker_id: UUID | None = None
    probe: UUID | None = None
    """Given when this call is the one that finds out."""


@dataclass
class _Counts:
    calls: int = 0
    failures: int = 0
    worst: Failure | None = field(default=None)


class Breakers:
    """The breakers as this process knows them. One for each event loop."""

    def __init__(self) -> None:
        self._known: dict[Service, Known] = {}
        self._ids: dict[Service, UUID] = {}
        self._read_at = float("-inf")
        self._forgotten = 0
        self._reading = asyncio.Lock()
        self._counts: defaultdict[Service, _Counts] = defaultdict(_Counts)
        self._writing: asyncio.Task[None] | None = None

    async def enter(self, service: Service) -> Pass:
        """Ask whether the service may be called. Raises Parked while it is to be left alone."""
        await self._look()
        known = self._known.get(service)
        if known is None:
            return Pass(service)
        now = clock.now()
        if known.state == "open" and (known.open_until is None or known.open_until > now):
            raise Parked(
                service.provider, known.reason, known.open_until or now + LOOK_AGAIN, known.id, for_breaker=True
            )
        if known.state == "half_open" and known.probe_until is not None and known.probe_until > now:
            raise self._waiting_for_probe(service, known, now)
        probe, until = uuid4(), now + PROBE_LEASE
        async with system_session() as db:
            taken = await db.scalar(text(_TAKE_PROBE), {"id": known.id, "probe": probe, "until": until, "now": now})
            publish(db, TOPIC, known.id)
        self.forget()
        if taken is None:
            # Somebody else was first, or it was closed: look once more, and believe that.
            await self._look()
            if service not in self._known:
                return Pass(service)
            raise self._waiting_for_probe(service, known, now)
        return Pass(service, known.id, probe)

    async def leave(self, given: Pass, failure: Failure | None) -> Parked | None:
        """Say how the call went. Returns why work is to be parked, if the breaker is open because of it."""
        effect = STRATEGIES[failure.cls].effect if failure else Effect.NONE
        counts = self._counts[given.service]
        counts.calls += 1
        if failure is not None and effect is not Effect.NONE:
            counts.failures += 1
            counts.worst = failure
        if failure is not None and (effect is Effect.OPENS or (given.probe and effect is Effect.COUNTS)):
            return await self._open(given.service, failure, given.probe)
        if given.probe is not None:
            await self._close(given)
        self._write_soon()
        return None

    async def abandon(self, given: Pass) -> None:
        """The call was neither made nor refused, for instance because its run was stopped: it says nothing."""
        if given.probe is None:
            return
        values = {"id": given.breaker_id, "probe": given.probe, "now": clock.now()}
        async with system_session() as db:
            await db.execute(text(_GIVE_PROBE_BACK), values)
            publish(db, TOPIC, given.breaker_id)
        self.forget()

    @staticmethod
    def _waiting_for_probe(service: Service, known: Known, now: datetime) -> Parked:
        # Woken when that one is back; the wait is for one that never comes back.
        reason = f"{known.reason} One call is trying."
        return Parked(service.provider, reason, now + LOOK_AFTER_PROBE, known.id, for_breaker=True)

    def forget(self) -> None:
        """Read anew at the next call."""
        self._forgotten += 1
        self._read_at = float("-inf")

    async def id_of(self, service: Service) -> UUID:
        """The row of a service, made when it is first called."""
        if service not in self._ids:
            async with system_session() as db:
                self._ids[service] = await _id_of(db, service)
        return self._ids[service]

    async def close(self) -> None:
        """Write what is left, at the end of a process."""
        if self._writing is not None and not self._writing.done():
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        if self._counts:
            with contextlib.suppress(SQLAlchemyError, OSError):
                await self.flush()

    async def flush(self) -> None:
        """Write what was counted, and open what failed too often."""
        counted, self._counts = self._counts, defaultdict(_Counts)
        now = clock.now()
        slot = datetime.fromtimestamp(now.timestamp() // SLOT * SLOT, now.tzinfo)
        troubled: list[tuple[Service, Failure]] = []
        # In one order for all processes, so that no two wait for each other.
        batch = sorted(counted.items(), key=lambda item: (item[0].provider, item[0].key_fingerprint, item[0].model))
        async with system_session() as db:
            for service, counts in batch:
                breaker_id = await _id_of(db, service)
                self._ids[service] = breaker_id
                facts = {"id": breaker_id, "slot": slot, "calls": counts.calls, "failures": counts.failures}
                await db.execute(text(_COUNT), facts)
                if counts.worst is None:
                    continue
                since = now - WINDOW
                calls, failures = (await db.execute(text(_LAST_MINUTE), {"id": breaker_id, "since": since})).one()
                if calls >= FEWEST_CALLS and failures >= calls * WORST_SHARE:
                    troubled.append((service, counts.worst))
            await db.execute(text("delete from provider_tallies where slot < :before"), {"before": now - KEPT})
        for service, failure in troubled:
            await self._open(service, failure, None)

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        believed = LOOK_WHEN_TOLD if is_listening() else LOOK
        if loop.time() - self._read_at < believed:
            return
        async with self._reading:
            if loop.time() - self._read_at < believed:
                return
            forgotten = self._forgotten
            async with system_session() as db:
                rows = (await db.execute(text(_NOT_CLOSED))).all()
            self._known = {
                Service(row.provider, row.key_fingerprint, row.model): Known(
                    row.id, row.state, row.reason or "It is left alone for a while.", row.open_until, row.probe_until
                )
                for row in rows
            }
            if forgotten == self._forgotten:
                self._read_at = loop.time()

    async def _open(self, service: Service, failure: Failure, probe: UUID | None) -> Parked | None:
        now = clock.now()
        async with system_session() as db:
            breaker_id = await _id_of(db, service)
            row = (await db.execute(text(_STANDING), {"id": breaker_id})).one()
            stands_open = row.state == "open" or (row.state == "half_open" and row.probe_id != probe)
            only_mended_by_people = STRATEGIES[failure.cls].opens_for is None
            if stands_open and not only_mended_by_people:
                # A straggler, asked before it was opened: that changes nothing.
                known = (await db.execute(text(_NOT_CLOSED + " and id = :id"), {"id": breaker_id})).one()
                until = known.open_until or known.probe_until or now + LOOK_AGAIN
                return Parked(service.provider, known.reason or failure.detail, until, breaker_id, for_breaker=True)
            openings, until = opened_for(failure, row.openings, row.changed_at, now, of_a_probe=probe is not None)
            values: dict[str, Any] = {
                "id": breaker_id,
                "cls": failure.cls,
                "code": failure.code,
                "reason": failure.detail,
                "what_to_do": failure.what_to_do or None,
                "message": failure.message or None,
                "now": now,
                "until": until,
                "resets_at": failure.until,
                "openings": openings,
            }
            await db.execute(text(_OPEN), values)
            publish(db, TOPIC, breaker_id)
        self.forget()
        _log.warning("%s is left alone: %s", service.title, failure.detail, extra={"provider": service.provider})
        if not stands_open:
            await tell(
                BreakerOpened(breaker_id, service, failure.cls, failure.detail, failure.what_to_do, until, openings)
            )
        return Parked(service.provider, failure.detail, until or now + LOOK_AGAIN, breaker_id, for_breaker=True)

    async def _close(self, given: Pass) -> None:
        assert given.breaker_id is not None
        values = {"id": given.breaker_id, "probe": given.probe, "now": clock.now()}
        async with system_session() as db:
            closed = await db.scalar(text(_CLOSE), values)
            publish(db, TOPIC, given.breaker_id)
        self.forget()
        if closed is not None:
            _log.info("%s is called again", given.service.title, extra={"provider": given.service.provider})
            await tell(BreakerClosed(given.breaker_id, given.service))

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_later(), name="provider counts")

    async def _write_later(self) -> None:
        await asyncio.sleep(LOOK)
        # Counts that cannot be written are no reason to fail, and those of a minute ago are of no use.
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self.flush()


async def _id_of(db: Any, service: Service) -> UUID:
    values = {"provider": service.provider, "key_fingerprint": service.key_fingerprint, "model": service.model}
    found = await db.scalar(text(_ID), values)
    if found is None:
        await db.execute(text(_KNOW), {**values, "id": uuid4(), "now": clock.now()})
        found = await db.scalar(text(_ID), values)
    return found


async def out_of_the_way(breaker_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these breakers that keep nobody from calling, as the database has it at this moment."""
    async with system_session() as db:
        values = {"ids": list(breaker_ids), "now": clock.now()}
        found = set(await db.scalars(text(_OUT_OF_THE_WAY), values))
    if found:
        breakers().forget()
    return found


_breakers: WeakKeyDictionary[asyncio.AbstractEventLoop, Breakers] = WeakKeyDictionary()


def breakers() -> Breakers:
    """The breakers of the running event loop."""
    return _breakers.setdefault(asyncio.get_running_loop(), Breakers())


@hears_changes(TOPIC)
def _read_anew(_: str | None) -> None:
    breakers().forget()
