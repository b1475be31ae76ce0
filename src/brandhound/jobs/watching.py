"""One listener of a worker: queues what has come due, passes on requests to stop a run, rings for new ones."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from uuid import UUID

import psycopg

from brandhound.core import live
from brandhound.core.addresses import database_url
from brandhound.jobs.controlling import CHANNEL, GO_ON
from brandhound.jobs.models import QUEUED
from brandhound.jobs.recording import Recorder
from brandhound.jobs.retrying import is_database_away
from brandhound.jobs.scheduling import queue_due
from brandhound.jobs.waiting import LOOK, NETS, queue_what_is_due

_LOOK = 1.0
"""Seconds between two looks for requests to stop, in case the notification came before the run was here."""

_log = logging.getLogger("brandhound.watching")


async def watch(recorder: Recorder, look: Callable[[str | None], None] = lambda _: None) -> None:
    """Watch until cancelled. `look` is called with the queue that has something new, or None for any of them.

    Survives a database that goes away.
    """
    while True:
        try:
            # A second connection only for this: LISTEN does not go through a pooler of transactions.
            async with await psycopg.AsyncConnection.connect(
                database_url("system"), autocommit=True, application_name="brandhound-watching", keepalives_idle=15
            ) as connection:
                await connection.execute(f"listen {CHANNEL}")
                await connection.execute(f"listen {live.CHANNEL}")
                look(None)  # for what came while nobody listened
                with live.listening():
                    await _listen(connection, recorder, look)
        except psycopg.Error as error:
            _log.warning("watching waits for the database: %s", error)
        except Exception as error:
            if not is_database_away(error):
                _log.exception("watching failed; it begins anew")
        await asyncio.sleep(1.0)


async def _listen(
    connection: psycopg.AsyncConnection[tuple[object, ...]], recorder: Recorder, look: Callable[[str | None], None]
) -> None:
    due = look_at = nets_at = 0.0
    while True:
        if time.monotonic() >= due:
            due = time.monotonic() + (await queue_due()).total_seconds()
        if time.monotonic() >= look_at:
            look_at = time.monotonic() + LOOK.total_seconds()
            nets = time.monotonic() >= nets_at
            nets_at = time.monotonic() + NETS.total_seconds() if nets else nets_at
            await queue_what_is_due(nets=nets)
        await _pass_on_requests(connection, recorder)
        wait = max(0.0, due - time.monotonic())
        async for notice in connection.notifies(timeout=min(wait, _LOOK), stop_after=1):
            if notice.channel == live.CHANNEL:
                _pass_on_changes(json.loads(notice.payload), look)
                continue
            word, _, run_id = notice.payload.partition(" ")
            if word in ("cancel", "pause"):
                recorder.ask(UUID(run_id), word)
            elif word == GO_ON:
                recorder.let_go_on(UUID(run_id))
            else:
                due = 0.0


def _pass_on_changes(changes: list[tuple[int, str, str, str]], look: Callable[[str | None], None]) -> None:
    for topic, key in {(topic, key) for _, _, topic, key in changes}:
        if topic == QUEUED:
            look(key)
        else:
            live.heard(topic, key)


async def _pass_on_requests(connection: psycopg.AsyncConnection[tuple[object, ...]], recorder: Recorder) -> None:
    if not recorder.active:
        return
    requested = await connection.execute(
        "select id, cancel_requested_at is not null, pause_requested_at is not null from runs"
        " where state = 'running' and id = any(%s)",
        [recorder.active],
    )
    for run_id, cancel, pause in await requested.fetchall():
        if not isinstance(run_id, UUID):
            continue
        if cancel or pause:
            recorder.ask(run_id, "cancel" if cancel else "pause")
        else:
            recorder.let_go_on(run_id)
