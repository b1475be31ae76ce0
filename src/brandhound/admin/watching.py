"""`admin.watch`: once a minute one process looks at everything, writes the minute, and tells operators of what is wrong.

It does not go through the queues, because it watches them: the web server and every worker take part, and whoever is first does
the minute. So alerts come also when no worker is alive.
"""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from brandhound.admin import measures, sampling, server, slos
from brandhound.admin.alerting import evaluate
from brandhound.admin.catching import ERRORS
from brandhound.admin.gauges import WORKERS, readings
from brandhound.admin.inbox import forget_faults
from brandhound.admin.reading import looking_at_server, rows
from brandhound.admin.remembering import LOOKED, claim_minute, remember, remembered
from brandhound.admin.shipped import bring_shipped
from brandhound.admin.slow_requests import KEPT_DAYS as SLOW_DAYS
from brandhound.admin.stalling import STALL, stall_of
from brandhound.core.db import Db
from brandhound.core.http.client import FETCH_SECONDS, FETCHES
from brandhound.core.measuring import Histogram, histogram_of, since
from brandhound.core.system import system_session
from brandhound.jobs.retrying import is_database_away

TURN = "watch"
"""The fact that says who does a minute: nobody takes one that is taken."""

LONGEST_GAP = timedelta(minutes=10)
"""After a longer pause the minutes in between are not made up for."""

_log = logging.getLogger("brandhound.admin")

_PROCESSES = "select id, kind, rss_bytes, figures, counted, ended_at from processes where seen_at > now() - interval '10 minutes'"


async def watch(after: Callable[[], Awaitable[None]] | None = None) -> None:
    """Take part in watching until cancelled. `after` is done whenever the minute was ours and went well."""
    while True:
        seconds = 60 - datetime.now(UTC).timestamp() % 60
        await asyncio.sleep(seconds + random.uniform(0.5, 3))
        try:
            if await watch_once() and after is not None:
                await after()
        except Exception as error:
            if not is_database_away(error):
                _log.exception("the look at the installation failed; the next is in a minute")


async def watch_once() -> bool:
    """Do this minute, unless somebody has. Says whether a worker was alive in it; False also when it was not ours."""
    async with system_session() as db:
        at = await claim_minute(db, TURN)
    if at is None:
        return False
    found = await readings()
    async with system_session() as db:
        last = (await remembered(db)).get(LOOKED)
        before = last.at if last else at - timedelta(minutes=1)
        values = sampling.minute_of(found)
        values |= await _of_processes(db)
        values |= await slos.events_of_minute(db, found, max(before, at - LONGEST_GAP), at)
        await sampling.write_minute(db, at, values)
        burns = await slos.burns(db, at)
        await sampling.write_minute(
            db, at, {(slos.BURN_FAST.name, one.slo.name): one.fast for one in burns}
            | {(slos.BURN_SLOW.name, one.slo.name): one.slow for one in burns},
        )  # fmt: skip
        await bring_shipped(db)
        await evaluate(db, at)
        # Whose turn it was may have failed at it; that everything was looked at is another fact.
        await remember(db, LOOKED, {}, at)
    if before < at.replace(minute=0):
        await _each_hour(at)
    return any(one.metric is WORKERS and not isinstance(one.value, Histogram) and one.value > 0 for one in found)


async def _of_processes(db: Db) -> dict[tuple[str, str], float]:
    """What all processes counted since the minute before, added up."""
    found = await rows(db, _PROCESSES)
    grown = [since(row["figures"], row["counted"]) for row in found]
    for row in found:
        await db.execute(
            # Those that were read: what a process tells meanwhile counts in the next minute.
            text(
                "update processes set counted = cast(:read as jsonb) "
                "where id = :id and counted is distinct from cast(:read as jsonb)"
            ),
            {"id": row["id"], "read": json.dumps(row["figures"])},
        )
    values: dict[tuple[str, str], float] = {
        (sampling.REQUESTS.name, ""): sum(sampling.total_of(measures.HTTP_REQUESTS, one) for one in grown),
        (sampling.REQUEST_ERRORS.name, ""): sum(
            _labelled(one, measures.HTTP_REQUESTS.name, 1).get("5xx", 0) for one in grown
        ),
        (sampling.ERRORS_PER_MINUTE.name, ""): sum(sampling.total_of(ERRORS, one) for one in grown),
        (sampling.REQUEST_P95.name, ""): _p95(grown, measures.HTTP_SECONDS.name),
        (sampling.FETCH_P95.name, ""): _p95(grown, FETCH_SECONDS.name),
    }
    for kind in ("web", "worker"):
        living = [row for row in found if row["kind"] == kind and row["ended_at"] is None]
        values[sampling.PROCESSES.name, kind] = len(living)
        values[sampling.MEMORY.name, kind] = sum(row["rss_bytes"] for row in living)
        values[STALL.name, kind] = max((stall_of(row["figures"]) for row in living), default=0.0)
    for counter, series in ((measures.RUNS_ENDED, sampling.RUNS_PER_MINUTE), (FETCHES, sampling.FETCHES_PER_MINUTE)):
        for one in grown:
            for label, number in _labelled(one, counter.name, 1).items():
                key = (series.name, label)
                values[key] = values.get(key, 0) + number
    probes = [row["figures"].get(measures.PROBE_UP.name, {}).get("") for row in found if row["ended_at"] is None]
    if told := [float(one) for one in probes if one is not None]:
        values[measures.PROBE_UP.name, ""] = max(told)
    return values


def _labelled(grown: dict[str, dict[str, Any]], name: str, at: int) -> dict[str, float]:
    """A counter by one of its labels."""
    found: dict[str, float] = {}
    for labels, value in grown.get(name, {}).items():
        label = labels.split("|")[at]
        found[label] = found.get(label, 0) + value
    return found


def _p95(grown: list[dict[str, dict[str, Any]]], name: str) -> float:
    added = Histogram()
    for one in grown:
        for stored in one.get(name, {}).values():
            histogram = histogram_of(stored)
            added.counts = [mine + theirs for mine, theirs in zip(added.counts, histogram.counts, strict=True)]
    return added.quantile(0.95) or 0.0


async def _each_hour(at: datetime) -> None:
    async with system_session() as db:
        await sampling.roll_up(db, at)
        await sampling.forget_samples(db)
        await forget_faults(db, sampling.KEPT_DAYS)
        await db.execute(text("delete from alert_events where at < now() - interval '90 days'"))
        await db.execute(text("delete from table_sizes where on_date < current_date - 400"))
        await db.execute(
            text("delete from slow_requests where at < now() - make_interval(days => :days)"), {"days": SLOW_DAYS}
        )
        known = await db.scalar(text("select true from table_sizes where on_date = :day limit 1"), {"day": at.date()})
    if not known:
        await note_table_sizes(at)


async def note_table_sizes(at: datetime) -> None:
    """Write down how big each table is today."""
    async with looking_at_server() as db:
        sizes = await server.table_sizes(db, 1000)
    async with system_session() as db:
        for row in sizes:
            await db.execute(
                text(
                    "insert into table_sizes (on_date, name, total_bytes, rows_about) values (:day, :name, :bytes, :rows)"
                    " on conflict do nothing"
                ),
                {"day": at.date(), "name": row["name"], "bytes": row["total_bytes"], "rows": row["rows_about"]},
            )
        await remember(db, "table-sizes", {}, at)
