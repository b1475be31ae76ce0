"""Jobs of the job layer itself."""

from datetime import timedelta

from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.jobs.tidying import forget_engine_rows, forget_system_runs


@job("jobs.tidy", queue="report", timeout=timedelta(minutes=10), title="Tidy up old runs", every=timedelta(hours=1))
async def tidy(run: Run) -> Outcome:
    """Forget what the engine and the installation's own runs left behind. Safe to repeat."""
    engine = await run.step("engine", forget_engine_rows, 7)
    runs = await run.step("runs", forget_system_runs, 14)
    return Done(f"{engine} workflows and {runs} runs forgotten")
