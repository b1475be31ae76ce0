"""Workers and the database are killed under pipelines of runs: everything ends, and nothing happens twice."""

import asyncio
import random
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from brandhound.core.db import close_engines
from brandhound.core.postgres import EmbeddedPostgres
from brandhound.core.system import system_session
from brandhound.jobs.registry import enqueue
from tests.databases import TestDatabase
from tests.factories.people import make_person
from tests.jobs.chaos import SETTINGS, Act, Chaos, begin_pipelines, own_server
from tests.jobs.workers import Workers, state_of, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
BEAT, DEAD = "1", "8"


@pytest.fixture(scope="module")
def server() -> Generator[tuple[EmbeddedPostgres, TestDatabase]]:
    # Not in pytest's own folders: every session of pytest closes those to the server's user again.
    with (
        tempfile.TemporaryDirectory(prefix="brandhound-chaos-") as folder,
        own_server(Path(folder), {**SETTINGS, "fsync": "off"}) as made,
    ):
        yield made


@pytest.fixture
def workers(server: tuple[EmbeddedPostgres, TestDatabase], tmp_path: Path) -> Generator[Workers]:
    made = Workers(server[1], tmp_path, program=("tests.jobs.chaos_worker", BEAT, DEAD))
    yield made
    made.end()


async def test_whatever_is_killed_every_pipeline_ends_and_no_effect_is_missing_or_there_twice(
    server: tuple[EmbeddedPostgres, TestDatabase], workers: Workers
) -> None:
    organization_id, _, _ = await make_person()
    acts = [
        Act("kill", 20),
        Act("freeze", 70),
        Act("kill database", 120, 1),
        Act("end", 190),
        Act("crash database", 260, 3),
    ]
    workers.start()
    workers.start()
    await begin_pipelines(organization_id, 40, 0.5, 1.5)
    await close_engines()
    chaos = Chaos(server[0], workers, 2, 40, acts, random.Random(7))
    await asyncio.to_thread(chaos.run, 600)
    told = chaos.tell()
    assert told["runs"] == {"done": 120}, told
    assert (told["effects"], told["stages_twice"]) == (chaos.effects, 0), told
    # The frozen one, when it woke, had lost its runs and knew it.
    assert (told["begun_late"], told["effects_late"], told["repeats_late"]) == (0, 0, 0), told
    assert told["resumed"] > 0, told


async def test_a_run_that_kills_its_workers_is_given_up(
    server: tuple[EmbeddedPostgres, TestDatabase], workers: Workers
) -> None:
    organization_id, _, _ = await make_person()
    async with system_session() as db:
        run_id = (await enqueue(db, "samples.suicide", organization_id=organization_id)).id
    await close_engines()
    with psycopg.connect(server[1].url, autocommit=True) as connection:
        connection.execute("update runs set interruptions = 3 where id = %s", [run_id])
    # Two more die of it, the third knows better.
    for _ in range(3):
        workers.spawn()
    await asyncio.to_thread(wait_until, lambda: state_of(server[1], run_id).state == "dead", 400, "the run is given up")
    state = state_of(server[1], run_id)
    assert (state.interruptions, state.attempts) == (5, 3)
    await asyncio.to_thread(
        wait_until, lambda: [process.poll() for process in workers.processes].count(None) == 1, 60, "two have died"
    )
