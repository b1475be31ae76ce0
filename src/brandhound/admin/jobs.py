"""What the operator's half hears of runs, and what it has done once a day."""

from datetime import timedelta

from brandhound.admin.catching import catch_failed_run
from brandhound.admin.measures import RUN_SECONDS, RUNS_ENDED
from brandhound.admin.sizing import MEASURE, measure_organizations
from brandhound.core.db import Db
from brandhound.core.measuring import count, observe
from brandhound.core.wording import count_of
from brandhound.jobs.events import RunEnded
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, hears, job


@job(
    MEASURE,
    queue="report",
    timeout=timedelta(minutes=30),
    title="Measure what organizations keep",
    every=timedelta(days=1),
)
async def measure(run: Run) -> Outcome:
    """Count what each organization keeps: mentions, articles, files and log lines, with their bytes. Safe to repeat."""
    number = await run.step("measure", measure_organizations)
    return Done(f"{count_of(number, 'organization')} measured")


FAILED = ("failed", "timed_out", "lost", "dead")


@hears(RunEnded)
async def hear_of_end_for_figures(_: Db, ended: RunEnded) -> None:
    count(RUNS_ENDED, ended.job, ended.state)
    observe(RUN_SECONDS, ended.seconds, ended.job)
    if ended.state in FAILED:
        catch_failed_run(
            ended.run_id, ended.organization_id, ended.job, ended.error_code or ended.state, ended.error_detail or ""
        )
