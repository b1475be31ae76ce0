"""Many stories tagged, put away and deleted at once, and all of it taken back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Table, func, insert, select

from brandhound.core import clock
from brandhound.core.clock import now
from brandhound.core.db import Model, tenant_session
from brandhound.core.ids import uuid7
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.mentions.deeds.marking import AT_ONCE, deed_by_id, do_portion
from brandhound.mentions.deeds.models import StoryDeedItem
from brandhound.mentions.deeds.trash import KEPT_FOR, OF_STORIES
from brandhound.mentions.hanging import HANGING
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryArticle
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

TOLD = {
    "Lumara recalls kettles": "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon.",
    "Lumara opens in Ghent": "Lumara opened an office in Ghent on Tuesday. It has room for twelve people and a garden.",
    "Prize for Lumara": "The lamp maker Lumara won the prize of the city of Graz for a lamp made of straw and beeswax.",
}


async def three_stories(client: httpx.AsyncClient, newsroom: Newsroom) -> list[UUID]:
    await watch(client, "Lumara")
    return [await newsroom.publish(title, text, at=MONDAY) for title, text in TOLD.items()]


async def do(client: httpx.AsyncClient, kind: str, **more: object) -> dict[str, Any]:
    answer = await client.post("/api/stories/deeds", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def undo(client: httpx.AsyncClient, deed: dict[str, Any]) -> dict[str, Any]:
    answer = await client.put(f"/api/stories/deeds/{deed['id']}/undoing")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def rows(organization_id: UUID) -> dict[str, int]:
    """How many rows the organization has in each table that goes with stories."""
    async with tenant_session(organization_id) as db:
        return {
            name: await db.scalar(select(func.count()).select_from(Model.metadata.tables[name])) or 0
            for name in ("stories", *OF_STORIES, *HANGING)
        }


async def test_all_that_match_are_put_away_and_brought_back(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await three_stories(client, newsroom)
    listed = await stories(client)
    matching = {"view": "inbox", "q": "lumara"}
    count = (await client.post("/api/stories/matching", json=matching)).json()
    assert count == {"stories": 3, "more": False}
    deed = await do(client, "archive", matching=matching)
    assert (deed["state"], deed["total"], deed["changed"], deed["failed"]) == ("done", 3, 3, 0)
    assert await stories(client) == []
    assert len(await stories(client, view="archived")) == 3
    assert (await undo(client, deed))["state"] == "undone"
    assert await stories(client) == listed


async def test_taking_back_leaves_alone_what_was_so_before(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await three_stories(client, newsroom)
    one, other, _ = await stories(client)
    await client.put(f"/api/stories/{one['id']}/star")
    deed = await do(client, "star", stories=[one["id"], other["id"]])
    assert (deed["total"], deed["changed"]) == (2, 1)
    await undo(client, deed)
    assert [story["id"] for story in await stories(client, view="starred")] == [one["id"]]


async def test_tags_are_the_organizations_and_filter_the_list(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await three_stories(client, newsroom)
    one, other, third = await stories(client)
    await do(client, "tag", tag="Kettle crisis", stories=[one["id"], other["id"]])
    # Written otherwise it is still the same tag.
    deed = await do(client, "tag", tag=" kettle  CRISIS ", stories=[third["id"]])
    assert deed["tag"] == "Kettle crisis"
    await do(client, "tag", tag="Graz", stories=[third["id"]])
    tags = (await client.get("/api/stories/tags")).json()["items"]
    assert tags == [{"tag": "Kettle crisis", "stories": 3}, {"tag": "Graz", "stories": 1}]
    assert [story["id"] for story in await stories(client, tag="Graz")] == [third["id"]]
    both = await client.get("/api/stories", params={"tag": ["Graz", "Kettle crisis"]})
    assert [story["tags"] for story in both.json()["items"]] == [["Graz", "Kettle crisis"]]
    await undo(client, deed)
    assert [found["tags"] for found in await stories(client, tag="Graz")] == [["Graz"]]
    gone = await do(client, "untag", tag="Kettle crisis", matching={"tags": ["Kettle crisis"]})
    assert gone["changed"] == 2
    assert await stories(client, tag="Kettle crisis") == []
    await undo(client, gone)
    assert len(await stories(client, tag="Kettle crisis")) == 2


async def test_a_deleted_story_is_gone_with_all_that_hangs_on_it_and_does_not_come_back(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    articles = await three_stories(client, newsroom)
    listed, before = await stories(client), await rows(organization_id)
    story = next(story for story in listed if story["title"] == "Lumara recalls kettles")
    deed = await do(client, "delete", stories=[story["id"]])
    assert (await client.get(f"/api/stories/{story['id']}")).status_code == 404
    left = await rows(organization_id)
    assert (left["stories"], left["mentions"]) == (before["stories"] - 1, before["mentions"] - 1)
    await newsroom.deliver(*articles)
    assert await rows(organization_id) == left
    await undo(client, deed)
    assert await stories(client) == listed
    assert await rows(organization_id) == before


async def test_a_deletion_taken_back_brings_judgements_tags_and_samples_back_to_the_letter(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    from brandhound.mentions.opining import keep_opinion
    from brandhound.mentions.reconsidering import Opinion
    from tests.factories.things import make_lesson

    await three_stories(client, newsroom)
    mention = (await client.get("/api/mentions")).json()["items"][0]
    await client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": "yes"})
    await make_lesson(organization_id, UUID(mention["brand"]["id"]), UUID(mention["id"]))
    await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "mixed"})
    topic = (await client.post("/api/topics", json={"title": "Graz", "line": "About Graz"})).json()
    await client.put(f"/api/mentions/{mention['id']}/topics/{topic['id']}", json={"verdict": "yes"})
    async with tenant_session(organization_id) as db:
        await keep_opinion(db, UUID(mention["id"]), Opinion("unsure", ("perhaps",), "neutral", (), 0, "embedded"))
    await do(client, "tag", tag="Graz", stories=[mention["story_id"]])
    await run_until_idle(organization_id)
    before, kept = await rows(organization_id), await contents(organization_id)
    assert all(before[name] for name in (*HANGING, "story_tags") if name != "lesson_effects")
    deed = await do(client, "delete", matching={})
    assert sum((await rows(organization_id)).values()) == 0
    await undo(client, deed)
    assert await rows(organization_id) == before
    assert await contents(organization_id) == kept


async def contents(organization_id: UUID) -> dict[str, list[str]]:
    """Every row that goes with stories, word for word."""
    found: dict[str, list[str]] = {}
    async with tenant_session(organization_id) as db:
        for name in ("stories", *OF_STORIES, *HANGING):
            table = Model.metadata.tables[name]
            found[name] = sorted(str(dict(row)) for row in (await db.execute(select(table))).mappings())
    return found


def test_nothing_that_hangs_on_a_story_is_forgotten_when_it_is_deleted() -> None:
    hanging: dict[str, set[str]] = {"stories": set(), "mentions": set()}
    table: Table
    for table in Model.metadata.tables.values():
        for key in table.foreign_keys:
            hanging.get(key.column.table.name, set()).add(table.name)
    assert hanging == {"stories": set(OF_STORIES), "mentions": set(HANGING)}
    known = {"stories", *OF_STORIES, *HANGING}
    deeper = {
        table.name
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in known - {"stories", "mentions"}
    }
    assert deeper == set()


async def test_many_thousand_stories_become_a_run_that_lists_what_failed(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brand = UUID(await watch(client, "Lumara"))
    many = 2 * AT_ONCE + 7
    await make_stories(organization_id, brand, many)
    deed = await do(client, "tag", tag="Old", matching={"view": "inbox"})
    assert (deed["state"], deed["total"], deed["changed"]) == ("doing", many, 0)
    assert deed["run_id"]
    refused = await client.put(f"/api/stories/deeds/{deed['id']}/undoing")
    assert (refused.status_code, refused.json()["code"]) == (409, "stories/still-at-work")
    some = [story["id"] for story in await stories(client, limit=2)]
    await do(client, "delete", stories=some)
    await run_until_idle(organization_id)
    done = (await client.get(f"/api/stories/deeds/{deed['id']}")).json()
    assert (done["state"], done["changed"], done["failed"]) == ("done", many - 2, 2)
    assert {one["story_id"] for one in done["problems"]} == set(some)
    assert {one["problem"] for one in done["problems"]} == {"It is not there any more."}
    run = (await client.get(f"/api/runs/{deed['run_id']}")).json()
    assert run["state"] == "partial"
    assert (await client.post("/api/stories/matching", json={"tags": ["Old"]})).json()["stories"] == many - 2
    assert (await undo(client, deed))["state"] == "undoing"
    await run_until_idle(organization_id)
    assert (await client.get(f"/api/stories/deeds/{deed['id']}")).json()["state"] == "undone"
    assert (await client.get("/api/stories/tags")).json()["items"] == []


async def test_what_a_cancelled_run_had_done_can_be_taken_back(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await make_stories(organization_id, UUID(await watch(client, "Lumara")), AT_ONCE + 1)
    deed = await do(client, "tag", tag="Old", matching={})
    async with tenant_session(organization_id) as db:
        # One portion is done when somebody cancels.
        await do_portion(db, await deed_by_id(db, UUID(deed["id"]), for_update=True), now())
    cancelled = await client.put(f"/api/runs/{deed['run_id']}/cancellation")
    assert cancelled.status_code < 300, cancelled.text
    await run_until_idle(organization_id)
    assert (await client.get("/api/stories/tags")).json()["items"] == [{"tag": "Old", "stories": AT_ONCE}]
    assert (await undo(client, deed))["state"] == "undone"
    assert (await client.get("/api/stories/tags")).json()["items"] == []


async def test_a_deed_that_was_taken_back_is_not_gone_on_with(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await make_stories(organization_id, UUID(await watch(client, "Lumara")), AT_ONCE + 1)
    deed = await do(client, "tag", tag="Old", matching={})
    await client.put(f"/api/runs/{deed['run_id']}/cancellation")
    await run_until_idle(organization_id)
    assert (await undo(client, deed))["state"] == "undone"
    async with tenant_session(organization_id) as db:
        assert await do_portion(db, await deed_by_id(db, UUID(deed["id"]), for_update=True), now()) == 0
    assert (await client.get(f"/api/stories/deeds/{deed['id']}")).json()["state"] == "undone"
    assert (await client.get("/api/stories/tags")).json()["items"] == []


async def test_what_was_deleted_is_forgotten_after_thirty_days_but_not_while_it_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await three_stories(client, newsroom)
    old, coming_back, young = [await do(client, "delete", stories=[story["id"]]) for story in await stories(client)]
    async with tenant_session(organization_id) as db:
        for deed, state in ((old, "done"), (coming_back, "undoing")):
            row = await deed_by_id(db, UUID(deed["id"]))
            row.created_at, row.state = now() - KEPT_FOR - timedelta(days=1), state  # pyright: ignore[reportAttributeAccessIssue]
    async with tenant_session(organization_id) as db:
        await enqueue(db, "stories.forget")
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        kept = set(await db.scalars(select(StoryDeedItem.deed_id).where(StoryDeedItem.before.is_not(None))))
    assert kept == {UUID(coming_back["id"]), UUID(young["id"])}


async def test_what_was_deleted_is_forgotten_in_time_though_nothing_comes_in_any_more(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await three_stories(client, newsroom)
    await do(client, "delete", stories=[story["id"] for story in await stories(client)])
    kept = select(func.count()).select_from(StoryDeedItem).where(StoryDeedItem.before.is_not(None))
    try:
        clock.freeze(now() + KEPT_FOR - timedelta(hours=1))
        await run_until_idle(organization_id)
        async with tenant_session(organization_id) as db:
            assert await db.scalar(kept) == 3
        clock.advance(timedelta(days=1, hours=2))
        await run_until_idle(organization_id)
        async with tenant_session(organization_id) as db:
            assert await db.scalar(kept) == 0
    finally:
        clock.unfreeze()


async def test_a_story_bears_twenty_tags_and_the_next_one_is_told(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await three_stories(client, newsroom)
    story = (await stories(client))[0]["id"]
    for number in range(20):
        await do(client, "tag", tag=f"Tag {number}", stories=[story])
    deed = await do(client, "tag", tag="One more", stories=[story])
    detail = (await client.get(f"/api/stories/deeds/{deed['id']}")).json()
    assert (detail["changed"], detail["problems"]) == (
        0,
        [{"story_id": story, "mention_id": None, "problem": "It has 20 tags already."}],
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "archive"}, "stories/nothing-chosen"),
        ({"kind": "archive", "stories": [], "matching": {}}, "stories/nothing-chosen"),
        ({"kind": "tag", "stories": []}, "stories/tag-missing"),
    ],
)
async def test_what_is_not_said_is_asked_for(client: httpx.AsyncClient, body: dict[str, Any], code: str) -> None:
    answer = await client.post("/api/stories/deeds", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def make_stories(organization_id: UUID, brand_id: UUID, number: int) -> None:
    """Stories of one article and one mention each, as matching leaves them."""
    from brandhound.feeds.models import Article

    ids = [(uuid7(), uuid7()) for _ in range(number)]
    at = now()
    async with tenant_session(organization_id) as db:
        await db.execute(
            insert(Article),
            [
                {"id": a, "url": f"https://x.example/{a}", "url_key": f"x.example/{a}", "site": "x.example",
                 "title": f"Lumara {a}", "state": "fetched", "first_seen_at": at, "authors": []}
                for a, _ in ids
            ],
        )  # fmt: skip
        await db.execute(
            insert(Story),
            [
                {"id": s, "title": f"Lumara {a}", "headline_article_id": a, "first_published_at": at,
                 "last_published_at": at, "standing": "accepted", "articles": 1, "mentions": 1}
                for a, s in ids
            ],
        )  # fmt: skip
        await db.execute(
            insert(StoryArticle),
            [
                {"id": uuid7(), "story_id": s, "article_id": a, "published_at": at, "title": f"Lumara {a}",
                 "url": f"https://x.example/{a}", "outlet": "X", "site": "x.example"}
                for a, s in ids
            ],
        )  # fmt: skip
        await db.execute(
            insert(Mention),
            [
                {"id": uuid7(), "story_id": s, "article_id": a, "brand_id": brand_id, "confidence": 0.9,
                 "standing": "accepted", "salience": "title", "tone": "neutral", "published_at": at, "outlet": "X",
                 "site": "x.example", "title": f"Lumara {a}", "url": f"https://x.example/{a}"}
                for a, s in ids
            ],
        )  # fmt: skip
