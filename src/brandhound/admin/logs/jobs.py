"""The job that keeps log lines in bounds."""

from datetime import timedelta

from brandhound.admin.logs import keeping
from brandhound.admin.telling import Told, tell_operators
from brandhound.core.system import system_session
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job


@job("logs.tidy", queue="report", timeout=timedelta(minutes=30), title="Tidy up logs", every=timedelta(minutes=15))
async def tidy(run: Run) -> Outcome:
    """Make room for the next weeks of log lines, let go of old ones, and keep them within their limit. Safe to repeat."""
    made = await run.step("make", keeping.make_partitions)
    dropped, deleted = await run.step("let-go", keeping.let_go_of_old)
    guarded = await run.step("guard", guard)
    joined = await run.step("join", keeping.join_small_pages)
    return Done(
        f"{count_of(made, 'week')} made, {dropped + guarded:,} dropped, {count_of(deleted, 'row')} deleted, "
        f"{count_of(joined, 'page')} joined"
    )


async def guard() -> int:
    """Drop the oldest weeks while there is no room for them, and tell the operators; how many."""
    gone, too_much = await keeping.guard_disk()
    if not gone and not too_much:
        return 0
    advice = (
        "Give logs more room (BRANDHOUND_LOG_DISK_LIMIT_MB), keep them for a shorter time (BRANDHOUND_LOG_DAYS), "
        "let less be logged (BRANDHOUND_LOG_LEVEL), or free some of the disk."
    )
    if too_much:
        title = "This week's log lines alone take more room than there is for them"
        body = f"They are {too_much / 1e6:,.0f} MB too large, and lines of this week are not dropped. {advice}"
    else:
        newest = max(one.until for one in gone)
        title = "Log lines were dropped early, because there is no room for them"
        body = f"Lines before {newest:%d %B %Y} are gone, though they would have been kept for longer. {advice}"
    async with system_session() as db:
        told = Told(
            "logs_dropped",
            title,
            body,
            "/logs?scope=installation",
            "critical" if too_much else "warning",
            "logs-dropped",
        )
        await tell_operators(db, told)
    return len(gone)
