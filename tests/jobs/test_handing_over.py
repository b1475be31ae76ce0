"""What is handed over from one job to the next is checked; what does not fit is kept as a dead letter that names the field."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import select, text

from brandhound.core.db import tenant_session
from brandhound.jobs.classes import CLASSES, WHAT_TO_DO
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import Schedule
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Event, Run, announce, job
from brandhound.jobs.scheduling import add_schedule
from tests.jobs.sample_jobs import Wait
from tests.jobs.test_runs import start

pytestmark = pytest.mark.anyio


class PageCounted(Event):
    """What one job says."""

    page: str


class CountedPage(BaseModel):
    """What another understands."""

    page: int


@job("samples.hear_page", on=PageCounted, timeout=timedelta(seconds=10), title="Hear of a page")
async def hear_page(run: Run, parameters: CountedPage) -> Outcome:
    return Done(f"page {parameters.page}")


async def tell(organization_id: UUID, page: str) -> None:
    async with tenant_session(organization_id) as db:
        await add_schedule(db, "samples.short", "0 8 * * *", "UTC", title="Written with it")
        await announce(db, PageCounted(page=page))


async def test_an_event_that_does_not_fit_its_hearer_is_a_dead_letter_and_what_led_to_it_stays(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await tell(organization_id, "seven")
    async with tenant_session(organization_id) as db:
        assert len((await db.scalars(select(Schedule).where(Schedule.title == "Written with it"))).all()) == 1
    (letter,) = (await client.get("/api/dead-letters")).json()["items"]
    assert (letter["job"], letter["error"]["code"], letter["error"]["error_class"]) == (
        "samples.hear_page",
        "jobs/bad-handover",
        "config",
    )
    assert letter["error"]["detail"].startswith("What PageCounted hands over does not fit: page: ")
    assert letter["parameters"] == {"page": "seven"}
    assert "seven" not in letter["error"]["detail"]
    notices = (await client.get("/api/notifications")).json()["items"]
    assert [notice["kind"] for notice in notices] == ["run_dead"]
    # Once whoever speaks has been mended, what was kept is done.
    async with tenant_session(organization_id) as db:
        await db.execute(text('update runs set parameters = \'{"page": "7"}\' where id = :id'), {"id": letter["id"]})
    await client.post("/api/dead-letters/replay", json={"error_code": "jobs/bad-handover"})
    await run_until_idle(organization_id)
    assert (await client.get(f"/api/runs/{letter['id']}")).json()["outcome"] == "page 7"


async def test_an_event_that_fits_starts_its_hearer(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await tell(organization_id, "7")
    (run_id,) = await run_until_idle(organization_id)
    assert (await client.get(f"/api/runs/{run_id}")).json()["outcome"] == "page 7"


async def test_parameters_of_another_version_are_a_dead_letter_that_names_the_field(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.wait", Wait(seconds=0))
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set parameters = '{\"minutes\": 1}' where id = :id"), {"id": run_id})
    await run_until_idle(organization_id)
    run = (await client.get(f"/api/runs/{run_id}")).json()
    assert (run["state"], run["error"]["code"]) == ("dead", "jobs/bad-parameters")
    assert run["error"]["detail"] == "What was handed over to samples.wait does not fit: seconds: Field required"


async def test_what_a_step_hands_over_is_checked_and_the_field_is_named(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.handover", {"kind": "older"})
    await run_until_idle(organization_id)
    run = (await client.get(f"/api/runs/{run_id}")).json()
    assert (run["state"], run["error"]["code"]) == ("dead", "jobs/bad-handover")
    assert run["error"]["detail"].startswith("Page does not fit: number: ")


def test_of_every_code_that_a_run_can_fail_with_it_is_said_what_to_do() -> None:
    assert set(CLASSES) <= set(WHAT_TO_DO)
