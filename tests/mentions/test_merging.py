"""Brands that are one and the same: suggested, merged by a person, taken back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions import jobs as mentions_jobs
from brandhound.mentions.merging import keeping
from brandhound.mentions.tidying import tidy_stories
from tests.mentions.newsroom import Newsroom, stories, watch

pytestmark = pytest.mark.anyio


async def pairs(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/api/brand-merges/suggestions")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def merge(client: httpx.AsyncClient, kept: str, gone: str) -> dict[str, Any]:
    answer = await client.post("/api/brand-merges", json={"kept_id": kept, "gone_id": gone})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def mentions(client: httpx.AsyncClient, brand: str) -> list[dict[str, Any]]:
    return (await client.get("/api/mentions", params={"brand": brand})).json()["items"]


async def names(client: httpx.AsyncClient, brand: str) -> set[str]:
    return {name["text"] for name in (await client.get(f"/api/brands/{brand}")).json()["names"]}


async def everything(organization_id: UUID) -> dict[str, list[Any]]:
    """What hangs on brands, row by row, without the times that a matching run touches."""
    found: dict[str, list[Any]] = {}
    async with tenant_session(organization_id) as db:
        for table, columns in {
            "mentions": "id, brand_id, article_id, story_id, confidence, standing, judgement, judged_at, evidence",
            "judgements": "id, mention_id, brand_id, verdict",
            "tone_judgements": "id, mention_id, brand_id, tone",
            "topic_findings": "id, mention_id, topic_id, standing",
            "topics": "id, brand_id",
            "brand_alerts": "id, brand_id, enabled",
            "story_brands": "story_id, brand_id, standing",
            "brand_names": "brand_id, text, kind",
        }.items():
            rows = await db.execute(text(f"select {columns} from {table} order by {columns.replace(', evidence', '')}"))
            found[table] = [tuple(row) for row in rows]
    return found


async def test_brands_that_may_be_the_same_are_shown_with_reasons_and_nothing_is_merged(
    client: httpx.AsyncClient,
) -> None:
    await watch(client, "Alpenmilch")
    await watch(client, "Alpenmilch Foods GmbH", kind="competitor")
    await watch(client, "Zebrafisch")

    found = await pairs(client)

    assert [{pair["first"]["name"], pair["second"]["name"]} for pair in found] == [
        {"Alpenmilch", "Alpenmilch Foods GmbH"}
    ]
    assert found[0]["probability"] > 0.5
    assert found[0]["reasons"][0]["text"]
    assert len((await client.get("/api/brands")).json()["items"]) == 3


async def test_what_is_not_the_same_is_not_asked_again_until_that_is_taken_back(client: httpx.AsyncClient) -> None:
    ids = {"first_id": await watch(client, "Alpenmilch"), "second_id": await watch(client, "Alpenmilch GmbH")}

    assert (await client.put("/api/brand-merges/apart", json=ids)).status_code == 204
    assert (await client.put("/api/brand-merges/apart", json=ids)).status_code == 204
    assert await pairs(client) == []

    assert (await client.delete("/api/brand-merges/apart", params=ids)).status_code == 204
    assert len(await pairs(client)) == 1


async def test_a_merge_moves_all_and_undo_brings_it_back_to_the_letter(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    kept = await watch(client, "Alpenmilch")
    gone = await watch(client, "Gletscherkuh", kind="competitor")
    await newsroom.publish("Alpenmilch grows", "Alpenmilch said on Monday that it sold more milk.")
    await newsroom.publish("Gletscherkuh grows", "Gletscherkuh said on Monday that it sold more cheese.")
    await newsroom.publish("Two dairies", "Gletscherkuh sued Alpenmilch on Monday. Alpenmilch said nothing.")
    await run_until_idle(organization_id)
    judged = next(one for one in await mentions(client, gone) if one["title"] == "Gletscherkuh grows")
    await client.put(f"/api/mentions/{judged['id']}/judgement", json={"verdict": "yes"})
    alert = (await client.post("/api/alerts", json={"brand_id": gone, "title": "Spikes"})).json()
    about = {"title": "Cheese", "line": "About cheese", "brand_id": gone}
    topic = (await client.post("/api/topics", json=about)).json()
    for one in await mentions(client, gone):
        await client.put(f"/api/mentions/{one['id']}/tone", json={"tone": "mixed"})
        await client.put(f"/api/mentions/{one['id']}/topics/{topic['id']}", json={"verdict": "yes"})
    await run_until_idle(organization_id)
    before = await everything(organization_id)

    merged = await merge(client, kept, gone)

    assert merged["mentions"] == 2
    assert merged["names"] == ["Gletscherkuh"]
    assert (await client.get(f"/api/brands/{gone}")).status_code == 404
    assert [brand["id"] for brand in (await client.get("/api/brands")).json()["items"]] == [kept]
    assert "Gletscherkuh" in await names(client, kept)
    assert sorted(one["title"] for one in await mentions(client, kept)) == [
        "Alpenmilch grows",
        "Gletscherkuh grows",
        "Two dairies",
    ]
    assert next(one for one in await mentions(client, kept) if one["id"] == judged["id"])["judgement"] == "yes"
    assert (await client.get(f"/api/alerts/{alert['id']}")).json()["brand_id"] == kept
    assert (await client.get(f"/api/topics/{topic['id']}")).json()["brand_id"] == kept
    assert len(await stories(client, brand=kept)) == 3
    assert await stories(client, brand=gone) == []

    undone = await client.delete(f"/api/brand-merges/{merged['id']}")

    assert undone.status_code == 200, undone.text
    assert undone.json()["undone_at"]
    assert await everything(organization_id) == before
    again = await client.delete(f"/api/brand-merges/{merged['id']}")
    assert (again.status_code, again.json()["code"]) == (409, "mentions/merge-undone")


async def test_many_mentions_are_moved_by_a_run_and_brought_back_to_the_letter_by_another(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    monkeypatch.setattr(keeping, "PORTION", 2)
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    about = [
        await newsroom.write(f"Cheese {n}", f"Gletscherkuh said on day {n} that it sold cheese.") for n in range(4)
    ]
    both = [await newsroom.write(f"Both {n}", f"On day {n} Gletscherkuh sued Alpenmilch over milk.") for n in range(3)]
    await newsroom.deliver(*about, *both)
    (judged, *_) = await mentions(client, gone)
    await client.put(f"/api/mentions/{judged['id']}/judgement", json={"verdict": "yes"})
    await client.post("/api/alerts", json={"brand_id": gone, "title": "Spikes"})
    await run_until_idle(organization_id)
    before = await everything(organization_id)

    begun = await merge(client, kept, gone)

    assert (begun["state"], begun["mentions"]) == ("doing", 0)
    assert "Gletscherkuh" in await names(client, kept)
    third = await watch(client, "Zebrafisch")
    refused = await client.post("/api/brand-merges", json={"kept_id": third, "gone_id": kept})
    assert (refused.status_code, refused.json()["code"]) == (409, "mentions/merge-at-work")
    early = await client.delete(f"/api/brand-merges/{begun['id']}")
    assert (early.status_code, early.json()["run_id"]) == (409, begun["run_id"])
    assert (await client.delete(f"/api/brands/{third}")).status_code == 204
    await run_until_idle(organization_id)
    run = (await client.get(f"/api/runs/{begun['run_id']}")).json()
    assert (run["state"], run["progress"]["done"], run["progress"]["total"]) == ("done", 7, 7)
    (done,) = (await client.get("/api/brand-merges")).json()["items"]
    assert (done["state"], done["mentions"]) == ("done", 7)
    assert len(await mentions(client, kept)) == 7
    assert len(await stories(client, brand=kept)) == len(await stories(client))

    undone = await client.delete(f"/api/brand-merges/{begun['id']}")

    assert undone.json()["state"] == "undoing"
    # Until all is back, the brand is not there again.
    assert (await client.get(f"/api/brands/{gone}")).status_code == 404
    await run_until_idle(organization_id)
    assert [one["state"] for one in (await client.get("/api/brand-merges")).json()["items"]] == ["undone"]
    assert await everything(organization_id) == before


async def test_a_merge_that_was_stopped_half_way_is_taken_back_as_far_as_it_came(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    monkeypatch.setattr(keeping, "PORTION", 2)
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    written = [await newsroom.write(f"Cheese {n}", f"Gletscherkuh said on day {n} it sold cheese.") for n in range(5)]
    await newsroom.deliver(*written)
    before = await everything(organization_id)
    begun = await merge(client, kept, gone)
    async with tenant_session(organization_id) as db:
        assert await keeping.merge_portion(db, await keeping.locked_merge(db, UUID(begun["id"]))) == 2
    assert (await client.put(f"/api/runs/{begun['run_id']}/cancellation")).status_code == 200
    # Another change of a brand meanwhile does not gather what is half-way.
    await watch(client, "Zebrafisch")
    await run_until_idle(organization_id)

    assert (await client.delete(f"/api/brand-merges/{begun['id']}")).status_code == 200

    await run_until_idle(organization_id)
    now_there = await everything(organization_id)
    assert {table: rows for table, rows in now_there.items() if table != "brand_names"} == {
        table: rows for table, rows in before.items() if table != "brand_names"
    }
    assert await names(client, gone) == {"Gletscherkuh"}


async def test_after_a_merge_the_staying_brand_is_found_by_both_names(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    merged = await merge(client, kept, gone)
    await newsroom.publish("New cheese", "Gletscherkuh said on Monday that it sold more cheese.")

    assert [one["title"] for one in await mentions(client, kept)] == ["New cheese"]

    await client.delete(f"/api/brand-merges/{merged['id']}")
    await run_until_idle(organization_id)

    assert await mentions(client, kept) == []
    assert [one["title"] for one in await mentions(client, gone)] == ["New cheese"]


async def test_a_merge_while_articles_are_looked_through_takes_nothing_from_the_staying_brand(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    await newsroom.publish("Gletscherkuh grows", "Gletscherkuh said on Monday that it sold more cheese.")
    loop, look, looks = asyncio.get_running_loop(), mentions_jobs.look_through, 0

    def while_somebody_merges(*given: Any) -> Any:
        nonlocal looks
        looks += 1
        if looks == 1:
            asyncio.run_coroutine_threadsafe(merge(client, kept, gone), loop).result(30)
        return look(*given)

    monkeypatch.setattr(mentions_jobs, "look_through", while_somebody_merges)
    await newsroom.publish("New cheese", "Gletscherkuh said on Tuesday that it has a new cheese.")

    assert looks >= 2
    assert sorted(one["title"] for one in await mentions(client, kept)) == ["Gletscherkuh grows", "New cheese"]
    async with tenant_session(organization_id) as db:
        assert await db.scalar(text("select count(*) from mentions where brand_id = :gone"), {"gone": gone}) == 0


async def test_a_judgement_made_on_the_one_counts_for_the_other_in_the_same_article(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    await newsroom.publish("Two dairies", "Gletscherkuh sued Alpenmilch on Monday. Alpenmilch said nothing.")
    theirs = (await mentions(client, gone))[0]
    await client.put(f"/api/mentions/{theirs['id']}/judgement", json={"verdict": "yes"})

    merged = await merge(client, kept, gone)
    assert [one["judgement"] for one in await mentions(client, kept)] == ["yes"]

    await client.delete(f"/api/brand-merges/{merged['id']}")
    assert [one["judgement"] for one in await mentions(client, kept)] == [None]
    assert [one["judgement"] for one in await mentions(client, gone)] == ["yes"]


async def test_what_comes_back_is_in_the_story_that_its_article_is_in_by_now(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    await newsroom.publish("Alpenmilch grows", "Alpenmilch said on Monday that it sold more milk.")
    await newsroom.publish("Two dairies", "Gletscherkuh sued Alpenmilch on Monday. Alpenmilch said nothing.")
    merged = await merge(client, kept, gone)
    into, other = sorted(await stories(client), key=lambda story: str(story["title"]))
    together = {"into": into["id"], "stories": [other["id"]]}
    assert (await client.post("/api/stories/merges", json=together)).status_code == 201
    await client.put(f"/api/stories/{into['id']}/star")

    undone = await client.delete(f"/api/brand-merges/{merged['id']}")

    assert undone.status_code == 200, undone.text
    (back,) = await mentions(client, gone)
    assert (back["title"], back["story_id"]) == ("Two dairies", into["id"])
    assert [one["id"] for one in await stories(client, brand=gone)] == [into["id"]]
    assert [one["id"] for one in await stories(client, view="starred", brand=gone)] == [into["id"]]


async def test_what_comes_back_is_in_a_story_though_its_article_was_let_go_of(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    for number in ("Two", "Both"):
        await newsroom.publish(
            f"{number} dairies", f"Gletscherkuh sued Alpenmilch on Monday. {number} of them said nothing."
        )
    before = await everything(organization_id)
    merged = await merge(client, kept, gone)
    left = sorted(await stories(client), key=lambda story: str(story["title"]))
    await client.post("/api/stories/deeds", json={"kind": "delete", "stories": [left[0]["id"]]})
    async with tenant_session(organization_id) as db:
        # Nothing names the staying brand any more.
        story_ids = list(await db.scalars(text("delete from mentions returning story_id")))
        await tidy_stories(db, story_ids)
    assert await stories(client) == []

    assert (await client.delete(f"/api/brand-merges/{merged['id']}")).status_code == 200

    (story,) = await stories(client, brand=gone)
    assert (story["title"], story["articles"], story["id"]) == ("Two dairies", 1, left[1]["id"])
    found = [row for row in (await everything(organization_id))["mentions"] if row[1] == UUID(gone)]
    assert found == [row for row in before["mentions"] if row[1] == UUID(gone) and row[3] == UUID(str(story["id"]))]


async def test_merges_into_the_same_brand_are_taken_back_from_the_latest_on(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    kept = await watch(client, "Alpenmilch")
    first, second = await watch(client, "Gletscherkuh"), await watch(client, "Zebrafisch")
    await newsroom.publish("A cow and a fish", "Gletscherkuh sued Zebrafisch on Monday. Zebrafisch said nothing.")
    before = await everything(organization_id)
    early, late = await merge(client, kept, first), await merge(client, kept, second)

    refused = await client.delete(f"/api/brand-merges/{early['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "mentions/merged-further")
    assert refused.json()["merge_id"] == late["id"]

    for one in (late, early):
        assert (await client.delete(f"/api/brand-merges/{one['id']}")).status_code == 200
    assert await everything(organization_id) == before


async def test_merges_of_merges_are_taken_back_from_the_latest_on(client: httpx.AsyncClient) -> None:
    first, second, third = [await watch(client, name) for name in ("Erste", "Zweite", "Dritte")]
    inner = await merge(client, second, first)
    outer = await merge(client, third, second)

    early = await client.delete(f"/api/brand-merges/{inner['id']}")
    assert (early.status_code, early.json()["code"]) == (409, "mentions/merged-further")
    assert early.json()["merge_id"] == outer["id"]

    assert (await client.delete(f"/api/brand-merges/{outer['id']}")).status_code == 200
    assert (await client.delete(f"/api/brand-merges/{inner['id']}")).status_code == 200
    assert await names(client, first) == {"Erste"}


async def test_a_report_on_a_merged_brand_is_one_on_the_brand_it_became(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")
    await newsroom.publish("Gletscherkuh grows", "Gletscherkuh said on Monday that it sold more cheese.")
    await merge(client, kept, gone)

    today = now().date()
    days = {"since_on": str(today - timedelta(days=6)), "until_on": str(today)}
    report = await client.post("/api/reports/preview", json={**days, "title": "Dairies", "brand_ids": [gone]})

    assert report.status_code == 200, report.text
    assert [brand["id"] for brand in report.json()["brands"]] == [kept]


async def test_a_brand_with_too_many_names_takes_no_more(client: httpx.AsyncClient) -> None:
    many = [{"text": f"Name {number} of it"} for number in range(499)]
    kept = await watch(client, "Alpenmilch", names=many)
    gone = await watch(client, "Gletscherkuh", names=[{"text": "Kuh vom Gletscher"}])

    refused = await client.post("/api/brand-merges", json={"kept_id": kept, "gone_id": gone})

    assert (refused.status_code, refused.json()["code"]) == (422, "brands/too-many-names")
    assert (await client.get(f"/api/brands/{gone}")).status_code == 200
    too_many = [{"text": f"Another {number}"} for number in range(501)]
    refused = await client.post("/api/brands", json={"name": "Zuviel", "names": too_many})
    assert (refused.status_code, refused.json()["code"]) == (422, "brands/too-many-names")


async def test_a_brand_is_not_merged_into_itself_or_into_one_that_is_gone(client: httpx.AsyncClient) -> None:
    kept, gone = await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh")

    itself = await client.post("/api/brand-merges", json={"kept_id": kept, "gone_id": kept})
    assert (itself.status_code, itself.json()["code"]) == (422, "mentions/merge-with-itself")
    await merge(client, kept, gone)
    twice = await client.post("/api/brand-merges", json={"kept_id": kept, "gone_id": gone})
    assert twice.status_code == 404
    taken = await client.post("/api/brands", json={"name": "Gletscherkuh"})
    assert (taken.status_code, taken.json()["brand_id"]) == (409, kept)


async def test_each_merge_stands_in_the_book_with_who_did_it(client: httpx.AsyncClient) -> None:
    merged = await merge(client, await watch(client, "Alpenmilch"), await watch(client, "Gletscherkuh"))
    await client.delete(f"/api/brand-merges/{merged['id']}")

    actions = [entry["action"] for entry in (await client.get("/api/audit")).json()["items"]]

    assert {"brands.merged", "brands.merge_undone"} <= set(actions)
    assert [one["id"] for one in (await client.get("/api/brand-merges")).json()["items"]] == [merged["id"]]
