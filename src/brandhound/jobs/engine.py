"""The durable engine behind our runs (DBOS Transact), and the only module that knows it.

A run is one workflow; `queue_run()` in the database enqueues it together with its row. Read 2026-11-20: version 3.4.0.
"""

import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from dbos._queue import queue_worker_thread

from brandhound.core.addresses import SYSTEM_ROLE, sqlalchemy_url
from brandhound.jobs.bookkeeping import Bookkeeper, Ticket
from brandhound.jobs.doorbell import Doorbell
from brandhound.jobs.engine_log import hear_engine
from brandhound.jobs.models import QUEUES, Queue
from brandhound.jobs.performing import Performer
from brandhound.jobs.recording import Recorder
from brandhound.jobs.shares import at_once

APPLICATION = "brandhound"
VERSION = "1"
"""Constant: with the engine's own choice, a hash of the source, an update would strand every run that waits."""

POLL = 1.0
"""Seconds between two looks at a queue for which nobody rang, five times as many at an idle one: a net for what was queued while
no bell was heard.

Each look costs three transactions, also when nothing waits; looking ten times as often took a tenth of a core.
"""

# The engine's own limit, above ours: it only strikes where not even our beginning of a run is reached.
_MOST_DISPATCHES = 30

# Holds only for the worker that the engine gave the run to. One that was frozen and comes back must not begin it.
_OWNED = (
    "and exists (select from dbos.workflow_status w where w.workflow_uuid = runs.id || ':' || runs.round"
    " and w.executor_id = :worker and w.status = 'PENDING')"
)


def prepare_engine() -> None:
    """Make or update the engine's own tables, and let the role that runs jobs use them. Safe to repeat.

    Part of `brandhound migrate`: nothing can be queued before.
    """
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(sqlalchemy_url("owner"), application_role=SYSTEM_ROLE)


class _Remembered:
    """Steps and waits that the engine keeps in the database."""

    async def remember(self, step: str, do: Callable[[], Awaitable[Any]]) -> Any:
        async def once() -> Any:
            return await do()

        return await DBOS.run_step_async({"name": step}, once)

    async def sleep(self, seconds: float) -> None:
        await DBOS.sleep_async(seconds)


class Engine:
    """The engine in this process, which thereby is a worker. There can be one."""

    def __init__(self, executor_id: str, recorder: Recorder) -> None:
        self.executor_id = executor_id
        self._bells: dict[Queue, Doorbell] = {queue: Doorbell() for queue in QUEUES}
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": sqlalchemy_url("system"),
            "application_version": VERSION,
            "executor_id": executor_id,
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": 12,
            # Before each of its transactions the engine would ask whether the connection still stands, a third of all it says.
            # One that does not is noticed by its use, and everything the engine does is tried again then.
            "db_engine_kwargs": {"pool_pre_ping": False},
            # For messages between workflows, of which we have none: a thread that woke up a hundred times a second.
            "use_listen_notify": False,
            "run_migrations": False,
            "log_level": "WARNING",
            # What another worker does about a run, or a queue's settings, is seen soon enough.
            "scheduler_polling_interval_sec": 3600.0,
        }
        self._dbos = DBOS(config=config)
        hear_engine()
        _Here.engine = self
        _Here.performer = Performer(recorder, Bookkeeper(executor_id, _OWNED))

    async def launch(self) -> None:
        """Start taking runs. They are done in the event loop that calls this."""
        # The engine's own threads look by the clock alone: ours are the same function, with a bell to wait on.
        DBOS.listen_queues([])
        DBOS.launch()
        for name, slots in at_once().items():
            queue = await DBOS.register_queue_async(
                name, worker_concurrency=slots, polling_interval_sec=POLL, on_conflict="always_update"
            )
            # Its settings are ours and do not change while it runs: not to be read anew before every look.
            queue.database_backed_queue = False
            bell = self._bells[name]
            threading.Thread(
                target=queue_worker_thread, args=(bell, self._dbos, queue), name=f"queue-{name}", daemon=True
            ).start()

    def look(self, queue: str | None = None) -> None:
        """Something was queued: look at that queue now, or at all of them."""
        for name, bell in self._bells.items():
            if queue in (None, name):
                bell.ring()

    def ended(self) -> None:
        """A run ended: others of its queue may have waited for its place."""
        for name, bell in self._bells.items():
            if self._dbos._active_workflows_set.count_for_queue(name):  # pyright: ignore[reportPrivateUsage]
                bell.ring()

    def stop_taking(self) -> None:
        """Take no more runs; those that are here go on."""
        for event in (*self._dbos.background_thread_stop_events, *self._bells.values()):
            event.set()

    def active_ids(self) -> list[str]:
        """The runs, with their rounds, that this process really has."""
        return self._dbos._active_workflows_set.activeList()  # pyright: ignore[reportPrivateUsage]


class _Here:
    """What the engine cannot hand to a workflow."""

    performer: Performer
    engine: Engine


@DBOS.workflow(name="brandhound.run", max_recovery_attempts=_MOST_DISPATCHES)
async def _run(run_id: str, organization_id: str, round_: int) -> str:
    try:
        return await _Here.performer.perform(Ticket(UUID(run_id), UUID(organization_id), round_), _Remembered())
    finally:
        _Here.engine.ended()
