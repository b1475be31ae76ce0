"""What people said and put on stories stays when a sample is answered, a name goes, brands are merged, a lesson is undone."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.discovery.models import BrandCandidate
from brandhound.mentions.learning.models import Lesson
from brandhound.mentions.models import Mention
from brandhound.mentions.tone_lessons.models import ToneLesson
from tests.factories.people import signed_in
from tests.factories.things import make_lesson
from tests.mentions.newsroom import Newsroom, stories, watch
from tests.mentions.test_marking import do, undo
from tests.mentions.test_merging import merge as merge_brands
from tests.mentions.test_regrouping import OFFICE, RECALL, merge, split, story_of
from tests.mentions.test_samples import draw, many

pytestmark = pytest.mark.anyio


async def mention_of(client: httpx.AsyncClient, mention_id: str) -> dict[str, Any]:
    return (await client.get(f"/api/mentions/{mention_id}")).json()


async def found_name(organization_id: UUID, name: str) -> str:
    candidate = BrandCandidate(
        id=uuid7(),
        key=name.lower(),
        name=name,
        state="proposed",
        score=0.9,
        mentions=5,
        articles=4,
        sources=3,
        reasons=[],
        first_seen_at=now(),
        last_seen_at=now(),
    )
    async with tenant_session(organization_id) as db:
        db.add(candidate)
    return str(candidate.id)


async def test_who_is_unsure_of_a_sampled_mention_does_not_erase_what_another_said(
    client: httpx.AsyncClient, newsroom: Newsroom, app: FastAPI
) -> None:
    sample = await draw(client, await many(client, newsroom, 3))
    unsure, untouched, same = sample["mentions"]
    for item, verdict in ((unsure, "no"), (untouched, "no"), (same, "yes")):
        judged = await client.put(f"/api/mentions/{item['mention']['id']}/judgement", json={"verdict": verdict})
        assert judged.status_code == 200, judged.text
    async with signed_in(app, newsroom.organization_id, "analyst") as (ben, _):
        await ben.put(f"/api/sampled/{unsure['id']}/answer", json={"answer": "unsure"})
        assert (await ben.delete(f"/api/sampled/{untouched['id']}/answer")).status_code == 204
        # Who says the same and takes it back takes back the own answer alone.
        await ben.put(f"/api/sampled/{same['id']}/answer", json={"answer": "yes"})
        await ben.delete(f"/api/sampled/{same['id']}/answer")
    for item, verdict in ((unsure, "no"), (untouched, "no"), (same, "yes")):
        assert (await mention_of(client, item["mention"]["id"]))["judgement"] == verdict


async def test_an_answer_that_is_taken_back_is_no_judgement_any_more_unless_somebody_judged_since(
    client: httpx.AsyncClient, newsroom: Newsroom, app: FastAPI
) -> None:
    sample = await draw(client, await many(client, newsroom, 3))
    back, unsure, judged = sample["mentions"]
    for item in sample["mentions"]:
        given = {"answer": "yes", "tone": "mixed"}
        assert (await client.put(f"/api/sampled/{item['id']}/answer", json=given)).status_code == 204
    await client.delete(f"/api/sampled/{back['id']}/answer")
    await client.put(f"/api/sampled/{unsure['id']}/answer", json={"answer": "unsure"})
    async with signed_in(app, newsroom.organization_id, "analyst") as (ben, _):
        await ben.put(f"/api/mentions/{judged['mention']['id']}/judgement", json={"verdict": "no"})
        await ben.put(f"/api/mentions/{judged['mention']['id']}/tone", json={"tone": "negative"})
    await client.delete(f"/api/sampled/{judged['id']}/answer")
    found = [await mention_of(client, item["mention"]["id"]) for item in (back, unsure, judged)]
    assert [one["judgement"] for one in found] == [None, None, "no"]
    assert [one["tone_read"] is None for one in found] == [True, True, False]
    assert found[2]["tone"] == "negative"


@pytest.mark.parametrize("deed", ["star", "tag", "headline", "merge", "split", "nothing"])
async def test_a_found_brand_is_not_taken_back_with_stories_that_people_marked_or_moved(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, deed: str
) -> None:
    name = await found_name(organization_id, "Lumara")
    assert (await client.post(f"/api/discovery/{name}/promotion", json={})).status_code == 201
    first = await newsroom.publish("Lumara recalls kettles", RECALL)
    copy = await newsroom.publish("Kettles recalled", RECALL + " More.", outlet="Daily Kettle")
    office = await newsroom.publish("Lumara opens in Ghent", OFFICE, outlet="Ledger")
    story, other = await story_of(client, first), await story_of(client, office)
    match deed:
        case "star":
            await client.put(f"/api/stories/{story['id']}/star")
        case "tag":
            await do(client, "tag", tag="crisis", stories=[story["id"]])
        case "headline":
            await client.put(f"/api/stories/{story['id']}/headline", json={"article_id": str(copy)})
        case "merge":
            await merge(client, story["id"], other["id"])
        case "split":
            await split(client, story["id"], copy)
        case _:
            pass
    answer = await client.delete(f"/api/discovery/{name}/decision")
    if deed == "nothing":
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()["code"]) == (409, "mentions/promotion-stands")
    assert (await client.get(f"/api/stories/{story['id']}")).status_code == 200


async def test_a_mark_on_a_story_of_another_brand_as_well_is_no_reason_to_keep_a_found_brand(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await watch(client, "Boltwerk")
    name = await found_name(organization_id, "Lumara")
    await client.post(f"/api/discovery/{name}/promotion", json={})
    first = await newsroom.publish("Lumara recalls kettles", RECALL)
    story = await story_of(client, first)
    await client.put(f"/api/stories/{story['id']}/star")
    assert (await client.delete(f"/api/discovery/{name}/decision")).status_code == 200
    await run_until_idle(organization_id)
    assert (await story_of(client, first))["starred"] is True


async def test_a_found_name_whose_brand_was_merged_away_says_so_when_it_is_taken_back(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    kept, gone = await watch(client, "Lumara"), await watch(client, "Boltwerk")
    promoted, alias = [await found_name(organization_id, one) for one in ("Zed Corp", "Blue Bottle")]
    brand = (await client.post(f"/api/discovery/{promoted}/promotion", json={})).json()["brand_id"]
    await client.put(f"/api/discovery/{alias}/alias", json={"brand_id": gone})
    merges = [await merge_brands(client, kept, one) for one in (brand, gone)]
    for name in (promoted, alias):
        answer = await client.delete(f"/api/discovery/{name}/decision")
        assert (answer.status_code, answer.json()["code"]) == (409, "mentions/merged-since")
        assert answer.json()["brand_id"] == kept
    for one in reversed(merges):
        await client.delete(f"/api/brand-merges/{one['id']}")
    assert (await client.delete(f"/api/discovery/{alias}/decision")).status_code == 200


@pytest.mark.parametrize("kind", ["handle", "domain", "ticker"])
async def test_a_found_name_that_cannot_be_of_the_kind_is_refused_with_the_reason(
    client: httpx.AsyncClient, organization_id: UUID, kind: str
) -> None:
    brand = await watch(client, "Lumara")
    name = await found_name(organization_id, "Blue Bottle")
    answer = await client.put(f"/api/discovery/{name}/alias", json={"brand_id": brand, "kind": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "mentions/not-of-this-kind")
    assert answer.json()["reason"].startswith(f"a {kind} ")


async def test_a_name_that_was_taken_once_does_not_keep_a_brand_from_another_one(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brand = await watch(client, "Lumara", names=[{"text": "lumara.example", "kind": "domain"}])
    async with tenant_session(organization_id) as db:
        await db.execute(text("update brand_names set text = 'lumara lamps' where kind = 'domain'"))
    name = await found_name(organization_id, "Blue Bottle")
    answer = await client.put(f"/api/discovery/{name}/alias", json={"brand_id": brand})
    assert answer.status_code == 200, answer.text
    assert (await client.delete(f"/api/discovery/{name}/decision")).status_code == 200
    kept = (await client.get(f"/api/brands/{brand}")).json()["names"]
    assert {one["text"] for one in kept} == {"Lumara", "lumara lamps"}


async def test_a_story_that_people_marked_outlives_the_name_that_it_was_found_by(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Lumara", names=[{"text": "Aria"}])
    told = {"The new kettle": "The Aria kettle is sold in Kent.", "A prize in Graz": "The jury in Graz chose the Aria."}
    starred, plain = [await newsroom.publish(title, text) for title, text in told.items()]
    story, other = await story_of(client, starred), await story_of(client, plain)
    await client.put(f"/api/stories/{story['id']}/star")
    await do(client, "tag", tag="crisis", stories=[story["id"]])
    await client.patch(f"/api/brands/{brand}", json={"names": []})
    await run_until_idle(newsroom.organization_id)
    assert (await client.get(f"/api/stories/{story['id']}")).json()["tags"] == ["crisis"]
    assert (await client.get(f"/api/stories/{other['id']}")).status_code == 404


async def test_a_tone_that_was_said_goes_over_to_the_brand_that_stays_and_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    kept, gone = await watch(client, "Lumara"), await watch(client, "Boltwerk")
    await newsroom.publish("Lumara recalls kettles", RECALL)

    async def tones() -> dict[str, tuple[str, str | None]]:
        items = (await client.get("/api/mentions")).json()["items"]
        return {one["brand"]["name"]: (one["tone"], one["tone_read"]) for one in items}

    (one,) = (await client.get("/api/mentions", params={"brand": gone})).json()["items"]
    await client.put(f"/api/mentions/{one['id']}/tone", json={"tone": "mixed"})
    before = await tones()
    merged = await merge_brands(client, kept, gone)
    await run_until_idle(newsroom.organization_id)
    assert await tones() == {"Lumara": ("mixed", before["Lumara"][0])}
    await client.delete(f"/api/brand-merges/{merged['id']}")
    await run_until_idle(newsroom.organization_id)
    assert await tones() == before


async def test_a_brand_keeps_the_name_that_it_bears_itself_when_the_brand_that_brought_it_goes(
    client: httpx.AsyncClient,
) -> None:
    kept, gone = await watch(client, "Lumara"), await watch(client, "Boltwerk", names=[{"text": "Aria"}])
    merged = await merge_brands(client, kept, gone)
    await client.patch(f"/api/brands/{kept}", json={"name": "Aria"})
    assert (await client.delete(f"/api/brand-merges/{merged['id']}")).status_code == 200
    found = (await client.get("/api/brands")).json()["items"]
    assert {one["name"]: {name["text"] for name in one["names"]} for one in found} == {
        "Aria": {"Aria", "Lumara"},
        "Boltwerk": {"Boltwerk", "Aria"},
    }


@pytest.mark.parametrize("of_tone", [False, True])
async def test_the_lesson_that_was_replaced_decides_again_whatever_its_number(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, of_tone: bool
) -> None:
    table: type[Lesson | ToneLesson] = ToneLesson if of_tone else Lesson
    if of_tone:
        names = "corrected corrected_right confirmed confirmed_right left left_otherwise sampled sampled_before"
        figures: dict[str, Any] = dict.fromkeys(f"{names} sampled_right gain".split(), 1)
        same: dict[str, Any] = {"engine": "lexicon", "head": "", "said": {}, "weights": b"", "shown": []}
        ids = [uuid7() for _ in range(3)]
        address = "/api/tone-lessons"
    else:
        brand = await watch(client, "Lumara")
        await newsroom.publish("Lumara recalls kettles", RECALL)
        (mention,) = (await client.get("/api/mentions")).json()["items"]
        ids = [UUID((await make_lesson(organization_id, UUID(brand), UUID(mention["id"])))["lesson"]), uuid7(), uuid7()]
        async with tenant_session(organization_id) as db:
            first = await db.get_one(Lesson, ids[0])
            left_out = {"id", "number", "organization_id", "state", "figures", "conflicts", "looked_at", "changes"}
            same = {c.name: getattr(first, c.name) for c in Lesson.__table__.columns if c.name not in left_out}
            figures = first.figures
        address = "/api/lessons"
    async with tenant_session(organization_id) as db:
        for number, lesson_id in enumerate(ids, start=1):
            if of_tone or number > 1:
                counts = {"conflicts": 0, "looked_at": 0, "changes": 0, "figures": figures}
                db.add(table(id=lesson_id, number=number, state="proposed", **counts, **same))
    for number, decision in ((0, "acceptance"), (1, "refusal"), (2, "acceptance"), (1, "acceptance")):
        answer = await client.put(f"{address}/{ids[number]}/{decision}")
        assert answer.status_code == 200, answer.text
    states: list[dict[int, str]] = []
    for number in (1, 2):
        assert (await client.delete(f"{address}/{ids[number]}/acceptance")).status_code == 200
        async with tenant_session(organization_id) as db:
            states.append({one.number: one.state for one in await db.scalars(select(table))})
    assert states == [
        {1: "replaced", 2: "undone", 3: "applied"},
        {1: "applied", 2: "undone", 3: "undone"},
    ]


async def test_a_deletion_is_taken_back_though_tables_have_gained_columns_since(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara recalls kettles", RECALL)
    (story,) = await stories(client)
    deed = await do(client, "delete", stories=[story["id"]])
    async with tenant_session(organization_id) as db:
        # As it was kept by a release that did not know of these yet.
        kept = "before #- '{stories,0,reprints}' #- '{stories,0,tones}' #- '{mentions,0,starred}'"
        await db.execute(text(f"update story_deed_items set before = {kept} where before is not null"))
    await undo(client, deed)
    (back,) = await stories(client)
    assert (back["id"], back["reprints"]) == (story["id"], 0)


async def test_a_merge_of_brands_is_taken_back_though_tables_have_gained_columns_since(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    kept, gone = await watch(client, "Lumara"), await watch(client, "Boltwerk")
    await newsroom.publish("Lumara recalls kettles", RECALL)
    merged = await merge_brands(client, kept, gone)
    async with tenant_session(organization_id) as db:
        older = "before #- '{mentions,0,search_text}'"
        await db.execute(text(f"update brand_merge_rows set before = {older} where kind = 'set_aside'"))
    assert (await client.delete(f"/api/brand-merges/{merged['id']}")).status_code == 200
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        assert set(await db.scalars(select(Mention.brand_id))) == {UUID(kept), UUID(gone)}
