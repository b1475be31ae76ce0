"""Many hands on the same stories at the same moment: nobody waits for somebody who waits for them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from brandhound.jobs.inline import run_until_idle
from tests.databases import TestDatabase
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

ROUNDS = 12
THINGS = "anvil barley cobalt dagger ember falcon garnet harbor indigo jasmine kayak lantern"
# What cannot be done any more because somebody else was faster is an answer, and no fault.
IN_ORDER = {200, 201, 204, 404, 409, 422}
Deed = Callable[[], Awaitable[httpx.Response]]


async def twelve_stories(client: httpx.AsyncClient, newsroom: Newsroom) -> tuple[str, str]:
    """Each names both brands, and so has two mentions."""
    brands = await watch(client, "Lumara"), await watch(client, "Ferrovia", kind="competitor")
    written = [
        await newsroom.write(
            f"Lumara and Ferrovia number {number}",
            f"Lumara told Ferrovia on day {number} about {word}. The {word} of Ferrovia is {number} years old, said Lumara.",
            outlet=f"Outlet {number}",
            at=MONDAY,
        )
        for number, word in enumerate(THINGS.split())
    ]
    await newsroom.deliver(*written)
    return brands


def deadlocks(database: TestDatabase) -> int:
    with psycopg.connect(database.url, autocommit=True) as owner:
        owner.execute("select pg_stat_force_next_flush()")
        row = owner.execute("select deadlocks from pg_stat_database where datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


async def test_deeds_over_many_stories_and_over_single_ones_do_not_wait_for_each_other_in_a_circle(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, connected: TestDatabase
) -> None:
    kept, gone = await twelve_stories(client, newsroom)
    listed = [str(story["id"]) for story in await stories(client, limit=100)]
    found: list[dict[str, Any]] = (await client.get("/api/mentions", params={"limit": 100})).json()["items"]
    mentions = [str(mention["id"]) for mention in found]
    assert len(mentions) >= 20
    before, chance = deadlocks(connected), random.Random(7)

    def some(of: list[str]) -> str:
        return chance.choice(of)

    def mixed(of: list[str]) -> list[str]:
        return chance.sample(of, len(of))

    async def merged_and_back() -> httpx.Response:
        answer = await client.post("/api/brand-merges", json={"kept_id": kept, "gone_id": gone})
        if answer.status_code == 201:
            return await client.delete(f"/api/brand-merges/{answer.json()['id']}")
        return answer

    async def told_and_taken_back(kind: str) -> httpx.Response:
        answer = await client.post("/api/stories/deeds", json={"kind": kind, "stories": mixed(listed)})
        if answer.status_code == 201:
            return await client.put(f"/api/stories/deeds/{answer.json()['id']}/undoing")
        return answer

    async def told_twice_and_taken_back_at_once() -> httpx.Response:
        told = [
            await client.post("/api/stories/deeds", json={"kind": kind, "stories": mixed(listed)})
            for kind in ("star", "unstar")
        ]
        back = [client.put(f"/api/stories/deeds/{one.json()['id']}/undoing") for one in told if one.status_code == 201]
        return max([*told, *await asyncio.gather(*back)], key=lambda answer: answer.status_code)

    async def put_together() -> httpx.Response:
        one, other = chance.sample(listed, 2)
        answer = await client.post("/api/stories/merges", json={"into": one, "stories": [other]})
        if answer.status_code == 201:
            return await client.put(f"/api/stories/deeds/{answer.json()['id']}/undoing")
        return answer

    async def looked_through() -> httpx.Response:
        await run_until_idle(organization_id)
        return await client.get("/api/stories/counts")

    async def spoken_for() -> httpx.Response:
        story = (await client.get(f"/api/stories/{some(listed)}")).json()
        if not story.get("timeline"):
            return await client.get("/api/stories/counts")
        address = f"/api/stories/{story['id']}/headline"
        return await client.put(address, json={"article_id": story["timeline"][0]["article_id"]})

    def tones(of: list[str]) -> list[dict[str, str]]:
        return [{"mention_id": one, "tone": chance.choice(["positive", "negative"])} for one in of]

    many: list[Deed] = [
        merged_and_back,
        lambda: told_and_taken_back("star"),
        lambda: told_and_taken_back("archive"),
        lambda: told_and_taken_back("delete"),
        told_twice_and_taken_back_at_once,
        put_together,
        looked_through,
        lambda: client.put("/api/mentions/tones", json={"tones": tones(mixed(mentions)[:10])}),
    ]
    single: list[Deed] = [
        lambda: client.put(f"/api/mentions/{some(mentions)}/judgement", json={"verdict": chance.choice(["yes", "no"])}),
        lambda: client.delete(f"/api/mentions/{some(mentions)}/judgement"),
        lambda: client.put(f"/api/mentions/{some(mentions)}/tone", json={"tone": "mixed"}),
        lambda: client.put(f"/api/stories/{some(listed)}/star"),
        lambda: client.delete(f"/api/stories/{some(listed)}/archive"),
        spoken_for,
    ]
    for number in range(ROUNDS):
        deeds = [many[number % len(many)], chance.choice(many), *single, *single]
        answers = await asyncio.gather(*(deed() for deed in mixed_deeds(deeds, chance)))
        assert {answer.status_code for answer in answers} <= IN_ORDER, [answer.text for answer in answers]
    assert deadlocks(connected) == before


def mixed_deeds(deeds: list[Deed], chance: random.Random) -> list[Deed]:
    return chance.sample(deeds, len(deeds))


async def test_a_mention_is_judged_where_it_was_moved_to_meanwhile(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await twelve_stories(client, newsroom)
    one, other = [str(story["id"]) for story in (await stories(client, limit=100))[:2]]
    (mention, *_) = (await client.get("/api/mentions", params={"story": other})).json()["items"]
    merging = client.post("/api/stories/merges", json={"into": one, "stories": [other]})
    judging = client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": "no"})
    merged, judged = await asyncio.gather(merging, judging)
    assert (merged.status_code, judged.status_code) == (201, 200)
    counts = {story["id"]: story for story in await stories(client, limit=100)}
    assert other not in counts
    (again,) = [
        one_
        for one_ in (await client.get("/api/mentions", params={"story": one})).json()["items"]
        if one_["id"] == mention["id"]
    ]
    assert again["judgement"] == "no"


async def test_a_brand_is_removed_while_a_merge_of_it_is_done_or_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, database: TestDatabase
) -> None:
    before = deadlocks(database)
    for turn in range(ROUNDS):
        kept, gone = await twelve_stories(client, newsroom)
        wish = {"kept_id": kept, "gone_id": gone}
        merge = (await client.post("/api/brand-merges", json=wish)).json()["id"]
        if turn % 3 == 2:
            await client.delete(f"/api/brand-merges/{merge}")
            doing = client.post("/api/brand-merges", json=wish)
        else:
            doing = client.delete(f"/api/brand-merges/{merge}")
        done, removed = await asyncio.gather(doing, client.delete(f"/api/brands/{kept}"))
        assert {done.status_code, removed.status_code} <= IN_ORDER, (done.text, removed.text)
        for brand in (await client.get("/api/brands")).json()["items"]:
            await client.delete(f"/api/brands/{brand['id']}")
    assert deadlocks(database) == before
