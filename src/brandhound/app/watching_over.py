"""What every long-lived process does so that operators can watch it: tell of itself, catch errors, take part in watching."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, Literal

from brandhound import __version__
from brandhound.admin.catching import catch_errors, write_caught
from brandhound.admin.exporting_errors import BadDsn, pass_errors_on
from brandhound.admin.exporting_traces import export_traces
from brandhound.admin.measures import POOL_IN_USE
from brandhound.admin.posting import Poster
from brandhound.admin.probing import beat_outside, probe_often
from brandhound.admin.pulsing import Pulse, new_process_id
from brandhound.admin.slow_requests import watch_statements, write_slow
from brandhound.admin.stalling import LoopWatch
from brandhound.admin.watching import watch
from brandhound.core.db import connections_in_use
from brandhound.core.measuring import gauge
from brandhound.core.settings import settings
from brandhound.core.tracing import span
from brandhound.jobs.outcomes import Outcome
from brandhound.jobs.registry import JOBS, Run

_log = logging.getLogger("brandhound.app")


@asynccontextmanager
async def watched_over(
    kind: Literal["web", "worker"], *, process_id: str | None = None, active: Callable[[], int] = lambda: 0
) -> AsyncGenerator[Pulse]:
    """Be watched over for as long as this block runs."""
    posters = _export(kind)
    catch_errors(kind)
    loop = asyncio.get_running_loop()
    pulse_id = process_id or new_process_id(kind)
    gauge(POOL_IN_USE, lambda: {(role,): number for role, number in connections_in_use(loop).items()})
    if kind == "web":
        watch_statements(pulse_id)
    stalls = LoopWatch()
    stalls.start()
    pulse = Pulse(kind, __version__, process_id=pulse_id, active=active)
    pulse.start()
    tasks = [asyncio.create_task(watch(beat_outside), name="admin.watch")]
    if kind == "web":
        tasks.append(asyncio.create_task(probe_often(), name="admin.probe"))
    try:
        yield pulse
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        stalls.stop()
        await asyncio.to_thread(pulse.stop)
        await asyncio.to_thread(write_caught)
        await asyncio.to_thread(write_slow)
        for poster in posters:
            await asyncio.to_thread(poster.stop)


def _export(kind: str) -> list[Poster]:
    posters: list[Poster] = []
    configured = settings()
    if configured.sentry_dsn is not None:
        try:
            posters.append(pass_errors_on(configured.sentry_dsn.get_secret_value()).poster)
        except BadDsn as error:
            _log.warning("%s", error)
    if configured.otlp_endpoint:
        posters.append(export_traces(configured.otlp_endpoint, kind))
        trace_runs()
    return posters


def trace_runs() -> None:
    """Make each run a trace of its own. Safe to repeat."""
    for name, job in list(JOBS.items()):
        if not getattr(job.do, "traced", False):
            JOBS[name] = replace(job, do=_traced(name, job.do))


def _traced(name: str, do: Callable[[Run, Any], Awaitable[Outcome]]) -> Callable[[Run, Any], Awaitable[Outcome]]:
    async def traced(run: Run, parameters: Any) -> Outcome:
        facts = {"brandhound.run.id": str(run.id), "brandhound.organization.id": str(run.organization_id)}
        with span(f"run {name}", "consumer", **facts) as made:
            outcome = await do(run, parameters)
            if made is not None:
                made.facts["brandhound.run.outcome"] = type(outcome).__name__.lower()
            return outcome

    traced.traced = True  # pyright: ignore[reportFunctionMemberAccess]
    return traced
