"""What the operator's half hears of runs."""

from brandhound.admin.catching import catch_failed_run
from brandhound.admin.measures import RUN_SECONDS, RUNS_ENDED
from brandhound.core.db import Db
from brandhound.core.measuring import count, observe
from brandhound.jobs.events import RunEnded
from brandhound.jobs.registry import hears

FAILED = ("failed", "timed_out", "lost", "dead")


@hears(RunEnded)
async def hear_of_end_for_figures(_: Db, ended: RunEnded) -> None:
    count(RUNS_ENDED, ended.job, ended.state)
    observe(RUN_SECONDS, ended.seconds, ended.job)
    if ended.state in FAILED:
        catch_failed_run(
            ended.run_id, ended.organization_id, ended.job, ended.error_code or ended.state, ended.error_detail or ""
        )
