"""The figures of the whole installation for Prometheus, whichever web process is asked."""

import asyncio
import time

from brandhound import __version__
from brandhound.admin import slos
from brandhound.admin.gauges import readings
from brandhound.admin.measures import CPU, INFO, RESIDENT, UP_SINCE
from brandhound.admin.pulsing import GONE
from brandhound.admin.reading import looking, rows
from brandhound.core import clock
from brandhound.core.measuring import Reading, exposition, readings_of

FRESH = 5.0
"""Seconds for which an answer is kept: several who ask at once cost as much as one."""

# What processes counted carries the process, so that each series grows and begins anew with it.
_PROCESSES = f"""
select id, kind, figures, rss_bytes, cpu_seconds, extract(epoch from started_at)::float as started from processes
 where ended_at is null and seen_at > now() - interval '{GONE} seconds' order by id
"""

_kept: tuple[float, str] = (0.0, "")
_turn = asyncio.Lock()


async def figures_text() -> str:
    """All figures as text."""
    global _kept  # noqa: PLW0603
    async with _turn:
        at, text = _kept
        if time.monotonic() - at > FRESH or not text:
            text = await _text()
            _kept = (time.monotonic(), text)
        return text


def forget() -> None:
    """Ask anew next time. For tests."""
    global _kept  # noqa: PLW0603
    _kept = (0.0, "")


async def _text() -> str:
    found = [*await readings(), Reading(INFO, (__version__,), 1)]
    async with looking() as db:
        processes = await rows(db, _PROCESSES)
        burns = await slos.burns(db, clock.now())
    found += [Reading(slos.BURN_FAST, (burn.slo.name,), burn.fast) for burn in burns]
    found += [Reading(slos.BURN_SLOW, (burn.slo.name,), burn.slow) for burn in burns]
    for process in processes:
        own = (("process", str(process["id"])), ("kind", str(process["kind"])))
        found += [
            Reading(RESIDENT, (), process["rss_bytes"], own),
            Reading(CPU, (), process["cpu_seconds"], own),
            Reading(UP_SINCE, (), process["started"], own),
            *readings_of(process["figures"], own),
        ]
    return exposition(found)
