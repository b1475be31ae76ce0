"""The weekly sample and the promise: what is measured, how the limit moves, and what follows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.models import Mention
from tests.mentions.newsroom import Newsroom, stories, watch

pytestmark = pytest.mark.anyio

WORDS = ("kettle", "garden", "office", "stadium", "strike", "bridge", "school", "harbour")


async def many(client: httpx.AsyncClient, newsroom: Newsroom, number: int) -> str:
    """A brand with so many mentions, all of them well above the limit."""
    brand = await watch(client, "Lumara")
    ids = [
        await newsroom.write(f"Lumara and the {WORDS[at % 8]} {at}", f"Lumara spoke of {WORDS[at % 8]} number {at}.")
        for at in range(number)
    ]
    await newsroom.deliver(*ids)
    return brand


async def set_confidences(newsroom: Newsroom, confidence: float, some: list[str]) -> None:
    async with tenant_session(newsroom.organization_id) as db:
        await db.execute(
            update(Mention).where(Mention.id.in_([UUID(one) for one in some])).values(confidence=confidence)
        )


async def mention_ids(client: httpx.AsyncClient) -> list[str]:
    return [one["id"] for one in (await client.get("/api/mentions", params={"limit": 100})).json()["items"]]


async def draw(client: httpx.AsyncClient, brand: str) -> dict[str, Any]:
    answer = await client.post(f"/api/brands/{brand}/sample")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def trust_of(client: httpx.AsyncClient, brand: str) -> dict[str, Any]:
    return (await client.get(f"/api/brands/{brand}/trust")).json()


async def answer_all(client: httpx.AsyncClient, sample: dict[str, Any], answer: str = "yes") -> None:
    for item in sample["mentions"]:
        given = await client.put(f"/api/sampled/{item['id']}/answer", json={"answer": answer})
        assert given.status_code == 204, given.text


async def test_a_sample_holds_twenty_of_what_is_shown_and_of_what_is_hidden(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await many(client, newsroom, 40)
    hidden = (await mention_ids(client))[:10]
    await set_confidences(newsroom, 0.1, hidden)
    sample = await draw(client, brand)
    assert (sample["shown"], sample["hidden"], sample["items"], sample["answered"]) == (30, 10, 20, 0)
    drawn = [item["mention"]["id"] for item in sample["mentions"]]
    assert len(set(drawn)) == 20
    assert len(set(drawn) & set(hidden)) == 6
    assert await draw(client, brand) == sample, "one sample a week"


async def test_answers_measure_what_is_shown_and_what_is_missed(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    brand = await many(client, newsroom, 40)
    hidden = (await mention_ids(client))[:10]
    await set_confidences(newsroom, 0.1, hidden)
    sample = await draw(client, brand)
    await answer_all(client, sample)
    wrong = next(item for item in sample["mentions"] if item["mention"]["id"] not in hidden)
    await client.put(f"/api/sampled/{wrong['id']}/answer", json={"answer": "no"})
    live = (await trust_of(client, brand))["live"]
    assert (live["right"], live["checked"], live["hidden_checked"]) == (13, 14, 6)
    assert 0.7 < live["least"] < live["precision"]["share"]
    assert live["missed"]["share"] == 1.0
    standing = (await client.get(f"/api/mentions/{wrong['mention']['id']}")).json()
    assert (standing["judgement"], standing["standing"]) == ("no", "rejected"), "a clear answer is a judgement"


async def test_what_was_hidden_and_what_was_shown_weigh_by_what_they_stand_for_after_the_limit_moved(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await many(client, newsroom, 60)
    hidden = (await mention_ids(client))[:6]
    await set_confidences(newsroom, 0.6, hidden)
    sample = await draw(client, brand)
    assert (sample["shown"], sample["hidden"]) == (54, 6)
    await answer_all(client, sample)
    for item in sample["mentions"]:
        if item["mention"]["id"] in hidden:
            await client.put(f"/api/sampled/{item['id']}/answer", json={"answer": "no"})
    await client.put(f"/api/brands/{brand}/trust/limit", json={"limit": 0.5})
    live = (await trust_of(client, brand))["live"]
    assert (live["right"], live["checked"], live["missed"]) == (14, 20, None)
    assert live["precision"]["share"] == pytest.approx(54 / 60), (
        "six of the sixty are wrong, and were checked one by one"
    )
    assert 0.6 < live["least"] < 0.9


async def test_not_sure_is_an_answer_that_is_left_out_and_can_be_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await many(client, newsroom, 12)
    sample = await draw(client, brand)
    (item, *_) = sample["mentions"]
    await client.put(f"/api/sampled/{item['id']}/answer", json={"answer": "unsure"})
    trust = await trust_of(client, brand)
    assert (trust["live"]["unsure"], trust["live"]["checked"], trust["sample"]["answered"]) == (1, 0, 1)
    assert (await client.get(f"/api/mentions/{item['mention']['id']}")).json()["judgement"] is None
    await client.delete(f"/api/sampled/{item['id']}/answer")
    assert (await trust_of(client, brand))["sample"]["answered"] == 0


async def test_what_is_sampled_measures_and_does_not_teach(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    brand = await many(client, newsroom, 12)
    await answer_all(client, await draw(client, brand))
    readiness = (await trust_of(client, brand))["readiness"]
    assert (readiness["yes"], readiness["no"], readiness["new"]) == (0, 0, 0)


async def test_a_brand_without_mentions_has_nothing_to_sample(client: httpx.AsyncClient) -> None:
    brand = await watch(client, "Lumara")
    answer = await client.post(f"/api/brands/{brand}/sample")
    assert (answer.status_code, answer.json()["code"]) == (409, "mentions/nothing-to-sample")
    trust = await trust_of(client, brand)
    assert (trust["mentions"], trust["checked"], trust["ece"]) == (0, 0, None)
    assert (await client.get(f"/api/brands/{brand}/sample")).status_code == 404


async def test_each_week_a_sample_of_the_last_one_is_drawn_with_the_first_new_articles(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
    clock.freeze(sunday)
    try:
        brand = await many(client, newsroom, 12)
        assert (await trust_of(client, brand))["sample"] is None
        clock.freeze(sunday + timedelta(days=1))
        await newsroom.publish("Lumara on Monday", "Lumara spoke on Monday morning of nothing at all.")
        sample = (await trust_of(client, brand))["sample"]
    finally:
        clock.unfreeze()
    assert (sample["week_on"], sample["items"]) == ("2026-03-09", 12)


async def test_a_limit_that_a_person_moves_takes_the_mentions_along(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await many(client, newsroom, 4)
    some = (await mention_ids(client))[:2]
    await set_confidences(newsroom, 0.85, some)
    moved = await client.put(f"/api/brands/{brand}/trust/limit", json={"limit": 0.9})
    assert moved.json()["limit"] == 0.9
    await run_until_idle(newsroom.organization_id)
    assert {
        one["id"]: one["standing"] for one in (await client.get("/api/mentions")).json()["items"] if one["id"] in some
    } == dict.fromkeys(some, "doubtful")
    assert len(await stories(client, view="doubtful")) == 2
    back = (await client.put(f"/api/brands/{brand}/trust/limit", json={"limit": None})).json()
    await run_until_idle(newsroom.organization_id)
    assert back["limit"] == back["general_limit"] == 0.8
    assert await stories(client, view="doubtful") == []
    assert [(one["before"], one["after"], one["cause"]) for one in back["moves"]] == [
        (0.9, 0.8, "person"),
        (0.8, 0.9, "person"),
    ]


async def test_new_mentions_stand_by_the_brands_own_limit(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    brand = await many(client, newsroom, 1)
    confidence = (await client.get("/api/mentions")).json()["items"][0]["confidence"]
    await client.put(f"/api/brands/{brand}/trust/limit", json={"limit": 0.99})
    assert confidence < 0.99
    await newsroom.publish("Lumara again", "Lumara spoke again of a fountain in the park.")
    newest = next(one for one in (await client.get("/api/mentions")).json()["items"] if one["title"] == "Lumara again")
    assert newest["standing"] == "doubtful"


async def test_a_promise_moves_the_limit_by_itself_and_samples_prove_it(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await many(client, newsroom, 60)
    start = clock.now()
    promised = (await client.put(f"/api/brands/{brand}/trust/promise", json={"target": 0.95})).json()
    assert promised["promise"]["proof"] in ("expected", "out_of_reach")
    assert promised["promise"]["needed"] == 45
    refused = await client.put(f"/api/brands/{brand}/trust/limit", json={"limit": 0.5})
    assert (refused.status_code, refused.json()["code"]) == (409, "mentions/limit-is-promised")
    try:
        for week in range(3):
            clock.freeze(start + timedelta(days=7 * week))
            await answer_all(client, await draw(client, brand))
        kept = await trust_of(client, brand)
    finally:
        clock.unfreeze()
    assert kept["promise"]["proof"] == "proven"
    assert kept["promise"]["least"] >= 0.95
    assert kept["limit"] == 0.5, "everything checked was right: all of it may be shown"
    assert kept["moves"][0]["cause"] == "promise"
    assert "prove" in kept["moves"][0]["why"]
    left = (await client.delete(f"/api/brands/{brand}/trust/promise")).json()
    assert (left["promise"], left["limit"]) == (None, 0.5)


async def test_a_viewer_looks_and_a_stranger_finds_nothing(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, newsroom: Newsroom, app: Any
) -> None:
    from tests.factories.people import signed_in

    brand = await many(client, newsroom, 12)
    item = (await draw(client, brand))["mentions"][0]["id"]
    async with signed_in(app, newsroom.organization_id, "viewer") as (viewer, _):
        assert (await viewer.get(f"/api/brands/{brand}/sample")).status_code == 200
        assert (await viewer.put(f"/api/sampled/{item}/answer", json={"answer": "no"})).status_code == 403
        assert (await viewer.put(f"/api/brands/{brand}/trust/promise", json={"target": 0.9})).status_code == 403
    for answer in (
        await other_client.get(f"/api/brands/{brand}/sample"),
        await other_client.post(f"/api/brands/{brand}/sample"),
        await other_client.put(f"/api/sampled/{item}/answer", json={"answer": "no"}),
        await other_client.delete(f"/api/sampled/{item}/answer"),
        await other_client.put(f"/api/brands/{brand}/trust/limit", json={"limit": 0.9}),
        await other_client.put(f"/api/brands/{brand}/trust/promise", json={"target": 0.9}),
        await other_client.delete(f"/api/brands/{brand}/trust/promise"),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize("target", [0.5, 1.0, "much"])
async def test_a_promise_that_nobody_could_keep_is_refused(client: httpx.AsyncClient, target: object) -> None:
    brand = await watch(client, "Lumara")
    assert (await client.put(f"/api/brands/{brand}/trust/promise", json={"target": target})).status_code == 422
