"""How long a run will probably still take, from how long such runs took before."""

import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.jobs.models import RunRow

_PAST = 20
"""So many of the last good runs of a job are looked at."""

_NEWEST = 200
"""Among so many of its last runs: of a job that fails for weeks, nobody reads the whole history."""

_ENOUGH = 0.05
"""Below this share of its work what a run took so far tells nothing about the rest."""


async def seconds_left(db: Db, runs: Sequence[RunRow]) -> dict[UUID, float]:
    """Seconds that each running run probably still takes; those of which nothing can be said are left out."""
    past = {job: await _past(db, job) for job in {run.job for run in runs}}
    now = clock.now()
    left = {run.id: _left(run, past[run.job], now) for run in runs}
    return {run_id: round(seconds, 1) for run_id, seconds in left.items() if seconds is not None}


async def _past(db: Db, job: str) -> list[tuple[float, Mapping[str, float]]]:
    newest = select(RunRow).where(RunRow.job == job).order_by(RunRow.created_at.desc()).limit(_NEWEST).subquery()
    rows = await db.execute(
        select(newest.c.started_at, newest.c.finished_at, newest.c.step_seconds)
        .where(newest.c.state == "done", newest.c.attempts == 1)
        .order_by(newest.c.created_at.desc())
        .limit(_PAST)
    )
    return [
        ((finished - started).total_seconds(), steps or {})
        for started, finished, steps in rows
        if started is not None and finished is not None
    ]


def _left(run: RunRow, past: Sequence[tuple[float, Mapping[str, float]]], now: datetime) -> float | None:
    if run.started_at is None:
        return None
    elapsed = max(0.0, (now - run.started_at).total_seconds())
    share = _share(run)
    usual = statistics.median(seconds for seconds, _ in past) if past else None
    if share is not None and run.step_count and (steps := _medians(past)):
        # The steps before weigh what they weigh usually; the plan's own weights only say how much is left of this one.
        whole = sum(steps.values())
        return max(0.0, whole * (1 - share)) if share < 1 else 0.0
    if share is not None and share >= _ENOUGH:
        return elapsed * (1 - share) / share
    if usual is not None:
        return max(0.0, usual - elapsed)
    return None


def _share(run: RunRow) -> float | None:
    if run.progress_share is not None:
        return run.progress_share
    return min(1.0, run.progress_done / run.progress_total) if run.progress_total else None


def _medians(past: Sequence[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Median seconds of each step."""
    names = {name for _, steps in past for name in steps}
    return {name: statistics.median(steps[name] for _, steps in past if name in steps) for name in names}
