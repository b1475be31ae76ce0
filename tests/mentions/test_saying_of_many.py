"""Many mentions judged, or given a tone, at once; and all of it taken back."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.deeds import marking
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

TOLD = {
    "Lumara recalls kettles": "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon.",
    "Lumara opens in Ghent": "Lumara opened an office in Ghent on Tuesday. It has room for twelve people and a garden.",
    "Prize for Lumara": "The lamp maker Lumara won the prize of the city of Graz for a lamp made of straw and beeswax.",
    "Lumara and the sea": "A ferry named Lumara rescued two sailors off Bergen on Friday in a storm of force ten.",
}


@pytest.fixture
async def told(client: httpx.AsyncClient, newsroom: Newsroom) -> list[dict[str, Any]]:
    """Four mentions, in as many stories."""
    await watch(client, "Lumara")
    await newsroom.deliver(*[await newsroom.write(title, text, at=MONDAY) for title, text in TOLD.items()])
    return await mentions(client)


async def mentions(client: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    found = (await client.get("/api/mentions", params=wanted)).json()["items"]
    return sorted(found, key=lambda one: one["title"])


async def say(client: httpx.AsyncClient, kind: str, **more: object) -> dict[str, Any]:
    answer = await client.post("/api/mentions/deeds", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_all_that_match_are_judged_and_taken_back(client: httpx.AsyncClient, told: list[dict[str, Any]]) -> None:
    before = await stories(client, view="inbox")
    matching = {"q": "lumara", "since": "2026-01-01T00:00:00"}
    count = (await client.post("/api/mentions/matching", json=matching)).json()
    assert count == {"mentions": 4, "more": False}
    await client.put(f"/api/mentions/{told[0]['id']}/judgement", json={"verdict": "no"})

    deed = await say(client, "no", matching=matching)

    assert (deed["state"], deed["total"], deed["changed"], deed["failed"]) == ("done", 4, 3, 0)
    assert {one["judgement"] for one in await mentions(client)} == {"no"}
    assert await stories(client, view="inbox") == []
    (story, *_) = await stories(client, view="rejected")
    assert story["mentions"][0]["judgement"] == "no"  # type: ignore[index]
    # Each has its entry, as if it had been judged by itself.
    detail = (await client.get(f"/api/mentions/{told[1]['id']}")).json()
    assert [entry["verdict"] for entry in detail["history"]] == ["no"]

    # What somebody says since stays.
    await client.put(f"/api/mentions/{told[1]['id']}/judgement", json={"verdict": "yes"})
    undone = await client.put(f"/api/stories/deeds/{deed['id']}/undoing")
    assert undone.json()["state"] == "undone"
    assert [one["judgement"] for one in await mentions(client)] == ["no", "yes", None, None]
    assert len(await stories(client, view="inbox")) == len(before) - 1


async def test_mentions_are_looked_for_by_the_tags_of_their_stories_and_by_whether_these_are_put_away(
    client: httpx.AsyncClient, told: list[dict[str, Any]]
) -> None:
    for kind, at, more in (("tag", 0, {"tag": "Recall"}), ("tag", 1, {"tag": "Recall"}), ("archive", 1, {})):
        asked = {"kind": kind, "stories": [told[at]["story_id"]], **more}
        assert (await client.post("/api/stories/deeds", json=asked)).status_code == 201

    for wanted, here in (
        ({"tag": "Recall"}, [0, 1]),
        ({"tag": "Recall", "archived": "false"}, [0]),
        ({"archived": "true"}, [1]),
        ({"archived": "false"}, [0, 2, 3]),
        ({"tag": "Other"}, []),
    ):
        assert [one["id"] for one in await mentions(client, **wanted)] == [told[at]["id"] for at in here], wanted
    matching = {"tags": ["Recall"], "archived": False}
    assert (await client.post("/api/mentions/matching", json=matching)).json()["mentions"] == 1

    deed = await say(client, "no", matching=matching)

    assert deed["changed"] == 1
    assert [one["judgement"] for one in await mentions(client)] == ["no", None, None, None]


async def test_the_tone_of_chosen_mentions_is_said_and_taken_back(
    client: httpx.AsyncClient, told: list[dict[str, Any]]
) -> None:
    read = {one["id"]: one["tone"] for one in told}
    chosen = [one["id"] for one in told[:3]]
    await client.put(f"/api/mentions/{chosen[0]}/tone", json={"tone": "unclear"})

    deed = await say(client, "tone", tone="mixed", mentions=chosen)

    assert (deed["tone"], deed["total"], deed["changed"]) == ("mixed", 3, 3)
    assert [one["tone"] for one in await mentions(client)] == ["mixed", "mixed", "mixed", read[told[3]["id"]]]
    listed = (await client.get("/api/stories/deeds")).json()["items"]
    assert [one["kind"] for one in listed] == ["tone"]
    await client.put(f"/api/stories/deeds/{deed['id']}/undoing")
    again = await mentions(client)
    assert [one["tone"] for one in again] == ["unclear", *(read[one["id"]] for one in told[1:])]
    assert [one["tone_read"] is None for one in again] == [False, True, True, True]
    deed = await say(client, "untone", mentions=chosen)
    assert deed["changed"] == 1
    assert (await mentions(client))[0]["tone"] == read[chosen[0]]


async def test_many_become_a_run_and_what_is_gone_is_listed(
    client: httpx.AsyncClient, told: list[dict[str, Any]], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "AT_ONCE", 2)
    monkeypatch.setattr(marking, "PORTION", 2)
    gone = str(uuid4())
    deed = await say(client, "yes", mentions=[gone, *(one["id"] for one in told)])
    assert (deed["state"], deed["total"], deed["changed"]) == ("doing", 5, 0)
    assert (await client.put(f"/api/stories/deeds/{deed['id']}/undoing")).status_code == 409
    await run_until_idle(newsroom.organization_id)
    run = (await client.get(f"/api/runs/{deed['run_id']}")).json()
    assert (run["state"], run["outcome"]) == ("partial", "4 of 5 mentions changed; 1 could not be")
    detail = (await client.get(f"/api/stories/deeds/{deed['id']}")).json()
    assert [(one["mention_id"], one["problem"]) for one in detail["problems"]] == [(gone, "It is not there any more.")]
    assert {one["judgement"] for one in await mentions(client)} == {"yes"}
    await client.put(f"/api/stories/deeds/{deed['id']}/undoing")
    await run_until_idle(newsroom.organization_id)
    assert {one["judgement"] for one in await mentions(client)} == {None}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"kind": "yes"}, "mentions/nothing-chosen"),
        ({"kind": "yes", "mentions": [], "matching": {}}, "mentions/nothing-chosen"),
        ({"kind": "tone", "mentions": []}, "mentions/tone-missing"),
        ({"kind": "no", "tone": "mixed", "mentions": []}, "mentions/tone-missing"),
    ],
)
async def test_what_is_missing_is_said(client: httpx.AsyncClient, asked: dict[str, object], code: str) -> None:
    answer = await client.post("/api/mentions/deeds", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_nothing_is_said_of_what_another_organization_has(
    other_client: httpx.AsyncClient, client: httpx.AsyncClient, told: list[dict[str, Any]]
) -> None:
    deed = await say(other_client, "no", mentions=[told[0]["id"]])
    assert (deed["changed"], deed["failed"]) == (0, 1)
    assert (await mentions(client))[0]["judgement"] is None
