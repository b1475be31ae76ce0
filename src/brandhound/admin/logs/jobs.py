"""The job that keeps log lines in bounds."""

from datetime import timedelta

from brandhound.admin.logs import keeping
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.notifications.notifying import notify


@job("logs.tidy", queue="report", timeout=timedelta(minutes=30), title="Tidy up logs", every=timedelta(minutes=15))
async def tidy(run: Run) -> Outcome:
    """Make room for the next weeks of log lines, let go of old ones, and keep them within their limit. Safe to repeat."""
    made = await run.step("make", keeping.make_partitions)
    dropped, deleted = await run.step("let-go", keeping.let_go_of_old)
    guarded = await run.step("guard", guard)
    joined = await run.step("join", keeping.join_small_pages)
    return Done(f"{made} weeks made, {dropped + guarded} dropped, {deleted} rows deleted, {joined} pages joined")


async def guard() -> int:
    """Drop the oldest weeks while there is no room for them, and tell the operators; how many."""
    gone = await keeping.guard_disk()
    if gone:
        newest = max(one.until for one in gone)
        async with system_session() as db:
            await notify(
                db,
                "logs_dropped",
                "Log lines were dropped early, because there is no room for them",
                f"Lines before {newest:%d %B %Y} are gone, though they would have been kept for longer. Give logs more room "
                "(BRANDHOUND_LOG_DISK_LIMIT_MB), keep them for a shorter time, or free some of the disk.",
                "/logs?scope=installation",
                "warning",
                key="logs-dropped",
                organization_id=SYSTEM_ORGANIZATION,
            )
    return len(gone)
