"""A report and its evidence are one, whatever becomes of the mentions while it is made."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core.db import tenant_session
from brandhound.mentions.models import Mention
from brandhound.reports import keeping
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

OCTOBER = {"since_on": "2026-10-01", "until_on": "2026-10-31"}


def meanwhile(monkeypatch: pytest.MonkeyPatch, change: Callable[[], Awaitable[None]]) -> None:
    """Somebody changes mentions after they were read to be counted, and before the report is kept."""
    gather = keeping.gather

    async def and_then(*given: Any) -> Any:
        counts = await gather(*given)
        await change()
        return counts

    monkeypatch.setattr(keeping, "gather", and_then)


async def evidence(client: httpx.AsyncClient, report: dict[str, Any], figure: str) -> dict[str, Any]:
    answer = await client.get(f"/api/reports/{report['id']}/evidence", params={"figure": figure})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_mentions_that_are_moved_and_judged_meanwhile_are_evidence_of_what_was_counted(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = await told.brand()
    stories = [await told.story("Acme opens a shop"), await told.story("Acme recalls its kettles")]
    mentions = [
        await told.mention(acme, datetime(2026, 10, 5 + at, 12, tzinfo=UTC), story_id=story_id)
        for at, story_id in enumerate(stories)
    ]

    async def change() -> None:
        async with tenant_session(organization_id) as db:
            moved = await db.get_one(Mention, mentions[1])
            moved.story_id, moved.site, moved.judgement = stories[0], "elsewhere.example", "no"

    meanwhile(monkeypatch, change)
    report = (await client.post("/api/reports", json=OCTOBER)).json()
    head = report["document"]["headline"]
    assert (head["mentions"]["value"], head["stories"]["value"]) == (2, 2)
    found = await evidence(client, report, head["stories"]["evidence"])
    assert (found["total"], found["stories"]) == (2, 2)
    assert {(item["story_id"], item["site"], item["judgement"]) for item in found["items"]} == {
        (str(story_id), "courier.example", None) for story_id in stories
    }
    told_stories = report["document"]["stories"]
    assert [(await evidence(client, report, story["evidence"]))["total"] for story in told_stories] == [1, 1]


async def test_a_mention_that_is_removed_meanwhile_is_not_counted(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = await told.brand()
    mentions = [await told.mention(acme, datetime(2026, 10, 5 + at, 12, tzinfo=UTC)) for at in range(3)]

    async def change() -> None:
        async with tenant_session(organization_id) as db:
            await db.delete(await db.get_one(Mention, mentions[1]))

    meanwhile(monkeypatch, change)
    report = (await client.post("/api/reports", json=OCTOBER)).json()
    figure = report["document"]["headline"]["mentions"]
    found = await evidence(client, report, figure["evidence"])
    assert (report["mentions"], figure["value"], found["total"]) == (2, 2, 2)
