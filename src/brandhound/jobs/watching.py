"""One listener of a worker: queues schedules when they come due, and passes on requests to stop a run."""

import asyncio
import logging
import time
from uuid import UUID

import psycopg

from brandhound.core.addresses import database_url
from brandhound.jobs.cancelling import CHANNEL
from brandhound.jobs.recording import Recorder
from brandhound.jobs.retrying import is_database_away
from brandhound.jobs.scheduling import queue_due

_LOOK = 1.0
"""Seconds between two looks for requests to stop, in case the notification came before the run was here."""

_log = logging.getLogger("brandhound.watching")


async def watch(recorder: Recorder) -> None:
    """Watch until cancelled. Survives a database that goes away."""
    while True:
        try:
            # A second connection only for this: LISTEN does not go through a pooler of transactions.
            async with await psycopg.AsyncConnection.connect(
                database_url("system"), autocommit=True, application_name="brandhound-watching", keepalives_idle=15
            ) as connection:
                await connection.execute(f"listen {CHANNEL}")
                await _listen(connection, recorder)
        except psycopg.Error as error:
            _log.warning("watching waits for the database: %s", error)
        except Exception as error:
            if not is_database_away(error):
                _log.exception("watching failed; it begins anew")
        await asyncio.sleep(1.0)


async def _listen(connection: psycopg.AsyncConnection[tuple[object, ...]], recorder: Recorder) -> None:
    due = 0.0
    while True:
        if time.monotonic() >= due:
            due = time.monotonic() + (await queue_due()).total_seconds()
        await _stop_requested(connection, recorder)
        wait = max(0.0, due - time.monotonic())
        async for notice in connection.notifies(timeout=min(wait, _LOOK), stop_after=1):
            word, _, run_id = notice.payload.partition(" ")
            if word == "cancel":
                recorder.cancel(UUID(run_id))
            else:
                due = 0.0


async def _stop_requested(connection: psycopg.AsyncConnection[tuple[object, ...]], recorder: Recorder) -> None:
    if not recorder.active:
        return
    requested = await connection.execute(
        "select id from runs where state = 'running' and cancel_requested_at is not null and id = any(%s)",
        [recorder.active],
    )
    for (run_id,) in await requested.fetchall():
        if isinstance(run_id, UUID):
            recorder.cancel(run_id)
