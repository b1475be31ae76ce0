"""Jobs of the job layer itself."""

from datetime import timedelta

from brandhound.core.db import Db
from brandhound.core.settings import settings
from brandhound.core.wording import count_of
from brandhound.jobs.bulk import BULK, BulkChange, change_many
from brandhound.jobs.events import RunEnded
from brandhound.jobs.handing_over import bury_handover
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import HandoverFailed, Run, hears, job
from brandhound.jobs.tidying import forget_dead, forget_ended, forget_engine_rows, forget_system_runs
from brandhound.jobs.waiting import pass_the_turn


@hears(RunEnded)
async def let_the_next_go(db: Db, ended: RunEnded) -> None:
    """A run of a schedule that stood in line behind this one begins, and so does what takes back a change of many."""
    if ended.schedule_id is not None or ended.job == BULK:
        await pass_the_turn(db, ended.run_id, ended.schedule_id)


@hears(HandoverFailed)
async def keep_misfit(db: Db, failed: HandoverFailed) -> None:
    """What does not fit becomes a dead letter."""
    await bury_handover(db, failed)


@job("jobs.tidy", queue="report", timeout=timedelta(minutes=30), title="Tidy up old runs", every=timedelta(hours=1))
async def tidy(run: Run) -> Outcome:
    """Forget what the engine and the installation's own runs left behind. Safe to repeat."""
    engine = await run.step("engine", forget_engine_rows, 7)
    runs = await run.step("runs", forget_system_runs, 14)
    runs += await run.step("ended", forget_ended, settings().run_days)
    dead = await run.step("dead", forget_dead, settings().dead_letter_days)
    return Done(
        f"{count_of(engine, 'workflow')}, {count_of(runs, 'run')} and {count_of(dead, 'dead letter')} forgotten"
    )


@job(BULK, timeout=timedelta(minutes=15), title="Change many runs", startable=False)
async def change_many_runs(run: Run, change: BulkChange) -> Outcome:
    """Pause, resume, cancel or replay all runs that match. Safe to repeat."""
    return await change_many(run, change)
