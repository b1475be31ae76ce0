"""Who is alive, and what becomes of the runs of a worker that is not.

Each worker beats, and holds a lock that the database lets go when the process dies. A thread of its own, so that a busy
worker does not look dead; any worker takes care of any other.
"""

import asyncio
import logging
import os
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg

from brandhound.core import live
from brandhound.core.addresses import database_url
from brandhound.core.db import close_engines
from brandhound.jobs.retrying import is_database_away
from brandhound.jobs.stuck import care_for_stuck

BEAT = 2.0
"""Seconds between two signs of life."""

CARE = 30.0
"""Seconds between two looks for runs that are stuck although their workers live."""

DEAD = 15.0
"""Seconds without a sign of life after which a worker counts as dead even if its connection seems to stand."""

_log = logging.getLogger("brandhound.liveness")
_LOCK = "hashtextextended('brandhound-worker:' || %s, 0)"
_ONE_AT_A_TIME = 7411

# Back into the queue, in the name of the worker that had it: whoever changed the row meanwhile is left alone. The engine's
# owner token is cleared, so that the dead worker, should it only have been frozen, can store nothing any more.
_REQUEUE = """
with moved as (
  update dbos.workflow_status w
     set status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
         recovery_attempts = greatest(0, w.recovery_attempts - %(forgive)s),
         updated_at = (extract(epoch from now()) * 1000)::bigint
   where w.workflow_uuid = any(%(ids)s) and w.status = 'PENDING' and w.executor_id = %(dead)s
     and w.name = 'brandhound.run' and w.queue_name is not null
  returning w.workflow_uuid),
told as (
  update runs r set state = 'queued', interruptions = r.interruptions + 1 - %(forgive)s
    from moved where r.id = split_part(moved.workflow_uuid, ':', 1)::uuid and r.state = 'running' and r.worker = %(dead)s
  returning r.organization_id, r.id),
noted as (
  insert into recoveries (by_executor, dead_executor, workflow_id, reason)
  select %(me)s, %(dead)s, workflow_uuid, %(why)s from moved returning workflow_id)
select told.organization_id, told.id from told union all select null, null from noted
"""

_HELD_BY_OTHERS = """
select w.executor_id, array_agg(w.workflow_uuid), bool_and(k.executor_id is null),
       max(extract(epoch from now() - k.beat_at))
  from dbos.workflow_status w left join workers k using (executor_id)
 where w.status = 'PENDING' and w.name = 'brandhound.run' and w.executor_id <> %s
   and w.updated_at < (extract(epoch from now()) * 1000)::bigint - 2000
 group by 1
"""

_HELD_BY_ME = """
select workflow_uuid from dbos.workflow_status
 where status = 'PENDING' and name = 'brandhound.run' and executor_id = %s
"""


def new_executor_id() -> str:
    """A name that no other worker has or had."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"


class Liveness(threading.Thread):
    """Beats for this worker and looks after the others."""

    def __init__(
        self,
        executor_id: str,
        version: str,
        active_ids: Callable[[], Sequence[str]],
        *,
        beat: float = BEAT,
        dead: float = DEAD,
    ) -> None:
        super().__init__(daemon=True, name="liveness")
        self.executor_id = executor_id
        self.version = version
        self._active_ids = active_ids
        self._beat, self._dead = beat, dead
        self._stopping = threading.Event()
        self._missing: set[str] = set()
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._up_since = 0.0
        self._swept_at = 0.0
        self._cared_at = 0.0
        self._carer: threading.Thread | None = None

    def connect(self) -> None:
        """Be known to be alive; before the first run is taken."""
        connection = self._connected()
        self._connection = connection
        # Let go by the server when this process dies, however it dies.
        connection.execute(f"select pg_advisory_lock({_LOCK})", [self.executor_id])
        self.beat(connection)
        self._up_since = time.monotonic()

    def run(self) -> None:
        """Beat, and look around, until told to stop."""
        while not self._stopping.wait(self._beat * random.uniform(0.9, 1.1)):
            try:
                if self._connection is None or self._connection.closed:
                    self.connect()
                assert self._connection is not None
                self.beat(self._connection)
                self.reap(self._connection)
                self.find_lost(self._connection)
            except psycopg.Error as error:
                _log.warning("liveness waits for the database: %s", error)
                if self._connection is not None:
                    self._connection.close()

    def beat(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Say that this worker lives."""
        connection.execute(
            "insert into workers (executor_id, host, pid, version, active) values (%s, %s, %s, %s, %s)"
            " on conflict (executor_id) do update set beat_at = now(), active = excluded.active",
            [self.executor_id, socket.gethostname(), os.getpid(), self.version, len(self._active_ids())],
        )

    def reap(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Put the runs of dead workers back into their queues."""
        # After a restart of the server, or a lost connection of ours, every peer looks dead: give them time to beat.
        if time.monotonic() - self._up_since < 3 * self._beat:
            return
        with connection.transaction():
            if not _one(connection, "select pg_try_advisory_xact_lock(%s)", _ONE_AT_A_TIME):
                return
            for dead, ids, unknown, age in connection.execute(_HELD_BY_OTHERS, [self.executor_id]).fetchall():
                if unknown or age > self._dead:
                    self._requeue(connection, dead, ids, "no sign of life")
                elif age > 1.5 * self._beat and _one(connection, f"select pg_try_advisory_xact_lock({_LOCK})", dead):
                    self._requeue(connection, dead, ids, "its connection is gone")

    def find_lost(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Put back what the database says this worker has and it has not; and tell of runs that nobody will begin again."""
        if time.monotonic() - self._swept_at < 10:
            return
        self._swept_at = time.monotonic()
        held = {row[0] for row in connection.execute(_HELD_BY_ME, [self.executor_id]).fetchall()}
        missing = held - set(self._active_ids())
        # Twice in a row, because a run that has just been taken is here a moment later.
        if lost := sorted(missing & self._missing):
            self._requeue(connection, self.executor_id, lost, "lost by a living worker")
        self._missing = missing
        if time.monotonic() - self._cared_at > CARE and not (self._carer and self._carer.is_alive()):
            self._cared_at = time.monotonic()
            # In a loop of its own, which must not depend on the one that it watches; and in a thread of its own, because
            # who waits for somebody's lock here, or has many to settle, must not seem dead meanwhile.
            self._carer = threading.Thread(target=lambda: asyncio.run(_care()), daemon=True, name="care")
            self._carer.start()
        connection.execute("delete from workers where beat_at < now() - interval '1 day'")

    def hand_over(self) -> None:
        """At a graceful end: let others go on at once with what is still running here. A deploy is not a crash."""
        self._stopping.set()
        self.join(5)
        try:
            with self._connected() as connection:
                ids = [row[0] for row in connection.execute(_HELD_BY_ME, [self.executor_id]).fetchall()]
                if ids:
                    self._requeue(connection, self.executor_id, ids, "handed over", forgive=1)
                connection.execute("delete from workers where executor_id = %s", [self.executor_id])
        except psycopg.Error as error:
            # Nothing is lost: once the database is back, others see that this worker has gone.
            _log.warning("nothing could be handed over, the database is away: %s", error)

    def _requeue(
        self, connection: psycopg.Connection[tuple[Any, ...]], dead: str, ids: Sequence[str], why: str, forgive: int = 0
    ) -> None:
        moved = connection.execute(
            _REQUEUE, {"ids": list(ids), "dead": dead, "me": self.executor_id, "why": why, "forgive": forgive}
        ).fetchall()
        if moved:
            _log.warning("%d runs of %s are queued again: %s", len(ids), dead, why)
        _tell(moved)

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            database_url("system"),
            autocommit=True,
            prepare_threshold=None,
            application_name="brandhound-liveness",
            connect_timeout=5,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )


async def _care() -> None:
    try:
        await care_for_stuck()
    except Exception as error:
        if not is_database_away(error):
            _log.exception("stuck runs could not be looked for")
    finally:
        await close_engines()


def _one(connection: psycopg.Connection[tuple[Any, ...]], query: str, value: object) -> bool:
    row = connection.execute(query, [value]).fetchone()  # pyright: ignore[reportArgumentType]
    return bool(row and row[0])


def _tell(rows: Sequence[tuple[Any, ...]]) -> None:
    changes = [live.Change(owner, "runs", str(run_id)) for owner, run_id in rows if isinstance(run_id, UUID)]
    if changes:
        live.send(changes)
