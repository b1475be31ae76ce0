"""Which ends of runs are told, with what, and when the incident is over."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.problems import StorageFull
from brandhound.jobs.events import RunEnded
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.notifications.run_notices import tell_of_end
from brandhound.notifications.sweeping import settle_run_incidents
from tests.jobs.sample_jobs import Nothing

pytestmark = pytest.mark.anyio


async def end(organization_id: UUID, state: str, **more: object) -> None:
    """A run of ours ends."""
    facts = {
        "run_id": uuid4(),
        "organization_id": organization_id,
        "job": "samples.nothing",
        "title": "Do nothing",
        "outcome": None,
        "error_code": None,
        "error_detail": None,
        "requested_by": None,
        "schedule_id": None,
        "parent_id": None,
        "seconds": 1.0,
        "ended_at": clock.now(),
        **more,
    }
    async with tenant_session(organization_id) as db:
        await tell_of_end(db, RunEnded.model_construct(state=state, **facts))  # pyright: ignore[reportArgumentType]


async def told(client: httpx.AsyncClient) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await client.get("/api/notifications")).json()["items"]
    return items


async def test_a_run_that_was_ended_for_it_is_told_with_cause_last_words_and_a_way_to_run_it_again(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = uuid4()
    await end(
        organization_id,
        "lost",
        run_id=run_id,
        error_code="jobs/lost",
        error_detail="No sign of life for 5 minutes.",
        last_lines=("Fetched 3 of 9", "Fetching the fourth", "No sign of life for 5 minutes."),
    )
    (notice,) = await told(client)
    assert notice["kind"] == "run_lost"
    assert notice["title"] == "Do nothing was ended: nobody worked on it any more"
    assert notice["body"] == (
        "No sign of life for 5 minutes.\n\nIts log ends with:\nFetched 3 of 9\nFetching the fourth"
    )
    assert notice["href"] == f"/jobs?run={run_id}&again=1"


async def test_a_failure_is_told_in_our_words_with_what_to_do_before_those_of_a_stranger(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await end(
        organization_id, "failed", error_code="core/storage-full", error_detail="OSError (28): No space left on device"
    )
    (notice,) = await told(client)
    ours, _, said = str(notice["body"]).partition("\n\n")
    assert ours == f"{StorageFull.title()} {StorageFull.what_to_do}"
    assert said == "What was said: OSError (28): No space left on device"


async def test_what_we_have_no_words_for_is_told_as_it_was_said(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await end(organization_id, "failed", error_code="refused", error_detail="nobody listens")
    assert [one["body"] for one in await told(client)] == ["nobody listens"]


async def test_an_end_of_which_we_know_nothing_is_not_spoken_of(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await end(organization_id, "transcended")
    assert await told(client) == []


async def test_what_brings_notices_tells_nothing_of_itself(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await end(organization_id, "failed", job="notifications.deliver")
    assert await told(client) == []


async def test_failures_are_settled_when_the_schedule_has_gone_well_since(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await end(organization_id, "failed", error_code="refused", error_detail="nobody listens")
    await settle_run_incidents()
    assert [one["settled_at"] for one in await told(client)] == [None]
    clock.freeze(clock.now() + timedelta(minutes=10))
    async with tenant_session(organization_id) as db:
        await enqueue(db, "samples.nothing", Nothing())
    await run_until_idle(organization_id)
    # Other runs of the same job may go well in between: half an hour without a failure it takes.
    await settle_run_incidents()
    assert [one["settled_at"] for one in await told(client)] == [None]
    clock.freeze(clock.now() + timedelta(minutes=30))
    await settle_run_incidents()
    assert [one["settled_at"] is None for one in await told(client)] == [False]
    await end(organization_id, "failed", error_code="refused", error_detail="nobody listens")
    assert [one["settled_at"] is None for one in await told(client)] == [True, False]


async def test_a_run_that_told_what_came_of_it_is_not_spoken_of_as_well(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await client.post("/api/brands", json={"name": "Tallow"})
    await run_until_idle(organization_id)
    await client.put("/api/notifications/reading")
    assert (await client.post("/api/runs", json={"job": "reports.make"})).status_code == 201
    await run_until_idle(organization_id)
    assert [one["kind"] for one in await told(client) if not one["read"]] == ["report_ready"]


async def test_what_one_person_started_and_ends_in_a_row_is_one_notice_until_it_is_read(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    me = UUID((await client.get("/api/session")).json()["user"]["id"])
    for outcome in ("3 findings", "none", "1 finding"):
        await end(organization_id, "done", requested_by=me, outcome=outcome)
    await end(organization_id, "done", requested_by=me, job="samples.other", title="Do another thing")
    await end(organization_id, "partial", requested_by=me)
    await end(organization_id, "done", requested_by=uuid4())
    assert [(one["title"], one["count"]) for one in await told(client)] == [
        ("Do nothing is done in part", 1),
        ("Do another thing is done", 1),
        ("Do nothing is done", 3),
    ]

    first = (await told(client))[-1]
    assert first["body"] == "1 finding"
    await client.put(f"/api/notifications/{first['id']}/reading")
    await end(organization_id, "done", requested_by=me)
    assert [(one["count"], one["read"]) for one in await told(client) if one["title"] == "Do nothing is done"] == [
        (1, False),
        (3, True),
    ]
