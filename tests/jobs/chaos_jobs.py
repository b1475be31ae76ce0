"""Pipelines whose effects can be counted: what is missing, what is there twice, and who wrote what was no longer theirs.

A pipeline is three runs, each of which announces the next; a run has three durable steps, each of which leaves an effect.
"""

import asyncio
import os
from datetime import timedelta

from sqlalchemy import text

from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Event, Run, announce, job

STAGES = 3
STEPS = 3

TABLES = """
create table if not exists chaos_begun (
  run_id uuid not null, attempt int not null, pid int not null, at timestamptz not null default clock_timestamp());
create table if not exists chaos_effects (
  pipeline int not null, stage int not null, step int not null, run_id uuid not null, attempt int not null, pid int not null,
  at timestamptz not null default clock_timestamp(), primary key (pipeline, stage, step));
create table if not exists chaos_repeats (like chaos_effects including defaults);
grant select, insert on chaos_begun, chaos_effects, chaos_repeats to brandhound_app
"""

# What a crash made a worker do again says so elsewhere, so that it can be counted.
_LEAVE = """
with given (pipeline, stage, step, run_id, attempt, pid) as (
  values (cast(:pipeline as int), cast(:stage as int), cast(:step as int), cast(:run_id as uuid), cast(:attempt as int),
          cast(:pid as int))),
left_now as (
  insert into chaos_effects (pipeline, stage, step, run_id, attempt, pid) select * from given
  on conflict do nothing returning pipeline),
again as (
  insert into chaos_repeats (pipeline, stage, step, run_id, attempt, pid)
  select * from given where not exists (select from left_now) returning pipeline)
select count(*) from left_now
"""


class StageEnded(Event):
    """A stage of a pipeline is done; stage 0 is its beginning."""

    pipeline: int
    stage: int
    seconds: float


@job("chaos.stage", on=StageEnded, timeout=timedelta(minutes=5), title="A stage of a pipeline")
async def do_stage(run: Run, ended: StageEnded) -> Outcome:
    """Do the stage after the one that ended."""
    async with run.session() as db:
        await db.execute(
            text("insert into chaos_begun (run_id, attempt, pid) values (:run_id, :attempt, :pid)"),
            {"run_id": run.id, "attempt": run.attempt, "pid": os.getpid()},
        )
    for step in range(STEPS):
        await run.step(f"step {step}", leave_effect, run, ended, step)
        await run.progress(step + 1, STEPS)
    return Done()


async def leave_effect(run: Run, ended: StageEnded, step: int) -> int:
    """The effect and, after the last one, the announcement are one transaction, with a key that lets them happen once."""
    await asyncio.sleep(ended.seconds / STEPS)
    stage = ended.stage + 1
    key = {"pipeline": ended.pipeline, "stage": stage, "step": step}
    async with run.session() as db:
        values = {**key, "run_id": run.id, "attempt": run.attempt, "pid": os.getpid()}
        is_new = await db.scalar(text(_LEAVE), values)
        if is_new and step == STEPS - 1 and stage < STAGES:
            await announce(db, StageEnded(pipeline=ended.pipeline, stage=stage, seconds=ended.seconds))
    return step
