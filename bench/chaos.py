"""Pipelines of runs while workers and the database are killed at random: what is lost, what happens twice, how soon it goes on.

    python -m bench.chaos [--pipelines 200] [--workers 3] [--breaks 24] [--seed 1]

Workers are killed, frozen for a while, or told to end; the database's server is killed twice, once by -9 and once by an
immediate shutdown. Workers beat as in the product. Afterwards one run kills each worker that takes it. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.jobs import end_in_order
from tests.databases import TestDatabase
from tests.factories.people import make_person
from tests.jobs.chaos import SETTINGS, Act, Chaos, Deed, begin_pipelines, own_server
from tests.jobs.chaos_jobs import STAGES, STEPS
from tests.jobs.workers import RunState, Workers, state_of, wait_until

MOST_SECONDS = 1200


def main() -> None:
    end_in_order()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pipelines", type=int, default=200)
    options.add_argument("--workers", type=int, default=3)
    options.add_argument("--breaks", type=int, default=24)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--beat", type=float, default=2.0)
    options.add_argument("--dead", type=float, default=15.0)
    chosen = options.parse_args()
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="brandhound-chaos-") as folder,
        tempfile.TemporaryDirectory() as logs,
        own_server(Path(folder), SETTINGS) as (server, database),
    ):
        program = ("tests.jobs.chaos_worker", str(chosen.beat), str(chosen.dead))
        workers = Workers(database, Path(logs), program=program, loaded=False)
        dice = random.Random(chosen.seed)
        acts = plan(dice, chosen.pipelines * STAGES * STEPS, chosen.breaks)
        chaos = Chaos(server, workers, chosen.workers, chosen.pipelines, acts, dice)
        try:
            for _ in range(chosen.workers):
                workers.start()
            asyncio.run(begin(chosen.pipelines))
            seconds = chaos.run(MOST_SECONDS)
            result = {"seed": chosen.seed, "workers": chosen.workers, "seconds": round(seconds, 1), **chaos.tell()}
            result["poison"] = poison(database, chaos)
        finally:
            workers.end()
    result["load_before_and_after"] = [load, os.getloadavg()[0]]
    print(json.dumps(result, indent=1))


def plan(dice: random.Random, effects: int, breaks: int) -> list[Act]:
    """What is broken, and after how many effects: the database after a third and after two thirds, workers at random."""
    deeds: list[Deed] = ["kill", "freeze", "end"]
    acts = [Act("kill database", effects // 3, 2), Act("crash database", effects * 2 // 3, 8)]
    for number in range(breaks):
        deed = deeds[number % len(deeds)]
        # Some wake before anybody missed them, some long after.
        seconds = dice.choice([dice.uniform(3, 12), dice.uniform(30, 40)]) if deed == "freeze" else 0
        acts.append(Act(deed, dice.randrange(effects * 8 // 10), seconds))
    return sorted(acts, key=lambda act: act.after)


async def begin(pipelines: int) -> None:
    from brandhound.core import live
    from brandhound.core.db import close_engines

    organization_id, _, _ = await make_person()
    await begin_pipelines(organization_id, pipelines, 4.0, 10.0)
    live.drain()
    await close_engines()


def poison(database: TestDatabase, chaos: Chaos) -> dict[str, Any]:
    """A run under which each worker dies, with a new worker for each that did."""
    run_id = asyncio.run(queue_poison())
    died_before = len(chaos.exits)
    began = time.monotonic()

    def is_over() -> bool:
        chaos.replace()
        return state_of(database, run_id).state in ("dead", "failed", "lost")

    wait_until(is_over, 300, "the run that kills its workers is given up")
    seconds = time.monotonic() - began
    chaos.replace()
    last: RunState = state_of(database, run_id)
    return {"state": last.state, "workers_killed": len(chaos.exits) - died_before, "seconds": round(seconds, 1)}


async def queue_poison() -> Any:
    from brandhound.core.db import close_engines, tenant_session
    from brandhound.jobs.registry import enqueue
    from tests.jobs import sample_jobs

    assert sample_jobs
    organization_id, _, _ = await make_person()
    async with tenant_session(organization_id) as db:
        run_id = (await enqueue(db, "samples.suicide")).id
    await close_engines()
    return run_id


if __name__ == "__main__":
    main()
