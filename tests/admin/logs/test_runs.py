"""What is said while a run goes on is about that run."""

import logging
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
from pydantic import BaseModel

from brandhound.core.db import tenant_session
from brandhound.core.logs import recording
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, enqueue, job
from tests.databases import TestDatabase
from tests.factories.people import make_person

SAID = ("said by the job", "said deep inside", "samples.logs done: it was said")


class Talking(BaseModel):
    """Parameters of the job below."""

    feed_id: UUID


@job("samples.logs", timeout=timedelta(seconds=30), title="Say something")
async def talk(run: Run, parameters: Talking) -> Outcome:
    """Say something in both ways."""
    await run.log("info", "said by the job", feed=str(parameters.feed_id))
    await run.step("deep", deep_inside)
    return Done("it was said")


async def deep_inside() -> None:
    """Knows nothing of runs."""
    logging.getLogger("brandhound.deep").info("said deep inside")


async def test_lines_of_a_run_name_the_run_its_feed_and_its_organization(
    connected: TestDatabase, recorded: None
) -> None:
    wanted: set[tuple[UUID, UUID, UUID, str]] = set()
    for _ in range(2):
        organization_id, _, _ = await make_person()
        feed_id = uuid4()
        async with tenant_session(organization_id) as db:
            run = await enqueue(db, "samples.logs", Talking(feed_id=feed_id))
        wanted |= {(organization_id, run.id, feed_id, text) for text in SAID}
        await run_until_idle(organization_id)
    assert recording.flush(60)
    with psycopg.connect(connected.url) as connection:
        query = (
            "select organization_id, run_id, feed_id, text from log_lines where run_id is not null and process = 'web'"
        )
        assert set(connection.execute(query).fetchall()) == wanted
