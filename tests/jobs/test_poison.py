"""A run that kills its workers is given up; those that only stood beside it are not."""

import asyncio
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.databases import TestDatabase
from tests.jobs.sample_jobs import Trail
from tests.jobs.test_runs import start
from tests.jobs.workers import Workers, state_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_whoever_stands_beside_a_poison_run_is_done(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    innocent = [
        await start(organization_id, "samples.trail", Trail(file=str(tmp_path / "trail"), steps=1, seconds=2))
        for _ in range(3)
    ]
    poison = await start(organization_id, "samples.suicide")
    everybody = [*innocent, poison]
    with psycopg.connect(database.url, autocommit=True) as connection:
        # They have died of it together three times.
        connection.execute("update runs set interruptions = 3 where id = any(%s)", [everybody])
    begun = 0
    async with asyncio.timeout(400):
        while not all(state_of(database, run_id).state in ("done", "dead") for run_id in everybody):
            if begun == 0 or workers.processes[-1].poll() is not None:
                workers.spawn()
                begun += 1
            await asyncio.sleep(0.2)
    assert state_of(database, poison).state == "dead"
    assert [state_of(database, run_id).state for run_id in innocent] == ["done"] * 3
    # One death for all of them, one for the one that was to blame, and one who knew better.
    assert begun == 3
