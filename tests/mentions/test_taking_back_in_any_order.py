"""Deeds taken back in whatever order, with whatever came between: none of them comes back by another one."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.deeds import marking, undoing
from brandhound.mentions.models import Mention
from tests.factories.people import signed_in
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch
from tests.mentions.test_regrouping import HOUR, RECALL, merge, split, story_of, two_stories, undo
from tests.mentions.test_undoing_where_merged import mark

pytestmark = pytest.mark.anyio


async def one_mention(client: httpx.AsyncClient, newsroom: Newsroom) -> dict[str, Any]:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara recalls kettles", RECALL)
    (mention,) = (await client.get("/api/mentions")).json()["items"]
    return mention


async def say(client: httpx.AsyncClient, kind: str, mention: dict[str, Any], **more: str) -> dict[str, Any]:
    answer = await client.post("/api/mentions/deeds", json={"kind": kind, "mentions": [mention["id"]], **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def read(client: httpx.AsyncClient, mention: dict[str, Any]) -> dict[str, Any]:
    return (await client.get(f"/api/mentions/{mention['id']}")).json()


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
async def test_judgements_and_tones_of_many_are_gone_when_each_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    mention = await one_mention(client, newsroom)
    before = await read(client, mention)
    judged: list[tuple[str, dict[str, str]]] = [("yes", {}), ("yes", {}), ("no", {})]
    toned: list[tuple[str, dict[str, str]]] = [("tone", {"tone": tone}) for tone in ("positive", "negative")]
    toned.append(("untone", {}))
    for said in (judged, toned):
        deeds = [await say(client, kind, mention, **more) for kind, more in said]
        for number in order:
            assert (await undo(client, deeds[number])).status_code == 200
        after = await read(client, mention)
        assert (after["judgement"], after["tone"]) == (None, before["tone"])


async def test_the_word_of_the_deed_that_stands_is_what_counts(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    mention = await one_mention(client, newsroom)
    first, again, last = [await say(client, kind, mention) for kind in ("yes", "yes", "no")]
    await undo(client, first)
    assert (await read(client, mention))["judgement"] == "no"
    await undo(client, last)
    # Somebody else had said the same.
    assert (await read(client, mention))["judgement"] == "yes"
    await undo(client, again)
    assert (await read(client, mention))["judgement"] is None


async def test_what_one_said_of_a_single_mention_since_is_not_taken_back_with_what_was_said_of_many(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    mention = await one_mention(client, newsroom)
    many = await say(client, "yes", mention)
    for verdict in ("no", "yes"):
        await client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": verdict})
    await undo(client, many)
    assert (await read(client, mention))["judgement"] == "yes"


@pytest.mark.parametrize("by_a_run", [False, True])
async def test_a_word_that_is_put_back_is_the_word_of_whom_it_was(
    client: httpx.AsyncClient, newsroom: Newsroom, app: FastAPI, monkeypatch: pytest.MonkeyPatch, by_a_run: bool
) -> None:
    mention = await one_mention(client, newsroom)

    async def whose() -> tuple[object, ...]:
        async with tenant_session(newsroom.organization_id) as db:
            row = (await db.scalars(select(Mention).where(Mention.id == UUID(mention["id"])))).one()
            return row.judgement, row.judged_by, row.judged_at, row.tone, row.tone_said_by, row.tone_said_at

    organization_id = newsroom.organization_id
    async with signed_in(app, organization_id, "analyst") as (ada, _), signed_in(app, organization_id) as (ben, _):
        await ada.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": "yes"})
        await ada.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "mixed"})
        before = await whose()
        deeds = [await say(ben, "no", mention), await say(ben, "tone", mention, tone="positive")]
        assert (await whose())[1] != before[1]
        if by_a_run:
            for place in (marking, undoing):
                monkeypatch.setattr(place, "AT_ONCE", 0)
        for deed in deeds:
            assert (await undo(client, deed)).status_code == 200
        await run_until_idle(organization_id)
    assert await whose() == before
    history = (await read(client, mention))["history"]
    assert [one["verdict"] for one in history] == ["yes", "no", "yes"]
    # Who took it back is on file, and is neither of the two.
    assert len({one["user_id"] for one in history}) == 3


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
async def test_marks_are_gone_when_each_deed_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    await one_mention(client, newsroom)
    (story,) = await stories(client)
    for kinds in (("tag", "untag", "tag"), ("star", "star", "unstar"), ("archive", "unarchive", "archive")):
        more = {"tag": "Kettles"} if "tag" in kinds else {}
        deeds = [await mark(client, kind, story, **more) for kind in kinds]
        for number in order:
            assert (await undo(client, deeds[number])).status_code == 200
    after = (await client.get(f"/api/stories/{story['id']}")).json()
    assert (after["starred"], after["archived"], after["tags"]) == (False, False, [])


async def test_a_star_that_was_taken_off_and_put_on_again_is_not_taken_back_with_the_deed_before(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await one_mention(client, newsroom)
    (story,) = await stories(client)
    deed = await mark(client, "star", story)
    await client.delete(f"/api/stories/{story['id']}/star")
    await client.put(f"/api/stories/{story['id']}/star")
    await undo(client, deed)
    assert (await client.get(f"/api/stories/{story['id']}")).json()["starred"] is True


async def test_marks_are_taken_back_from_what_was_split_off_since(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    together = await merge(client, recall["id"], opening["id"])
    deeds = [await mark(client, kind, recall) for kind in ("archive", "star")]
    deeds.append(await mark(client, "tag", recall, tag="wrong"))
    parted = await split(client, recall["id"], office)
    for deed in deeds:
        await undo(client, deed)
    for article in (first, office):
        story = await story_of(client, article)
        assert (story["archived"], story["starred"], story["tags"]) == (False, False, [])
    for deed in (parted, together):
        assert (await undo(client, deed)).status_code == 200
    assert [(one["starred"], one["tags"]) for one in await stories(client)] == [(False, [])] * 2


async def test_marks_of_the_whole_are_taken_back_from_each_part_and_what_a_part_had_stays(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await client.put(f"/api/stories/{opening['id']}/star")
    merged = await merge(client, recall["id"], opening["id"])
    tag = await mark(client, "tag", recall, tag="Kettles")
    await undo(client, merged)
    assert (await story_of(client, office))["tags"] == ["Kettles"]
    await undo(client, tag)
    parts = [await story_of(client, article) for article in (first, office)]
    assert [(part["starred"], part["tags"]) for part in parts] == [(False, []), (True, [])]


async def test_a_star_of_the_story_that_stayed_leaves_that_of_the_one_merged_into_it(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    star = await mark(client, "star", recall)
    await client.put(f"/api/stories/{opening['id']}/star")
    merged = await merge(client, recall["id"], opening["id"])
    await undo(client, star)
    assert (await story_of(client, first))["starred"] is True
    await undo(client, merged)
    assert [(await story_of(client, one))["starred"] for one in (first, office)] == [False, True]


async def test_a_mark_taken_back_while_its_story_is_deleted_does_not_come_back_with_it(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await one_mention(client, newsroom)
    (story,) = await stories(client)
    deeds = [await mark(client, "star", story), await mark(client, "tag", story, tag="Kettles")]
    off = await mark(client, "tag", story, tag="Fires")
    off = await mark(client, "untag", story, tag="Fires")
    gone = await mark(client, "delete", story)
    for deed in (*deeds, off, gone):
        assert (await undo(client, deed)).status_code == 200
    (back,) = await stories(client)
    assert (back["starred"], back["tags"]) == (False, ["Fires"])


async def test_a_headline_taken_back_while_its_story_was_merged_away_does_not_come_back_with_it(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    chosen = await client.put(f"/api/stories/{recall['id']}/headline", json={"article_id": str(copy)})
    merged = await merge(client, opening["id"], recall["id"])
    for deed in (chosen.json(), merged):
        assert (await undo(client, deed)).status_code == 200
    story = await story_of(client, first)
    assert (story["title"], story["headline_by_hand"]) == ("Lumara recalls kettles", False)


async def test_an_original_that_came_in_after_a_merge_goes_where_its_copies_go(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    merged = await merge(client, opening["id"], recall["id"])
    early = await newsroom.publish("Kettle recall", RECALL, outlet="Early Bird", at=MONDAY - 3 * HOUR)
    assert (await story_of(client, early))["id"] == opening["id"]
    await undo(client, merged)
    story = await story_of(client, first)
    assert story["id"] == recall["id"]
    told = [(one["article_id"], one["relation"], one["copied_from"]) for one in story["timeline"]]
    assert told[:2] == [(str(early), "original", None), (str(first), "reprint", "Early Bird")]
    assert (told[2][0], told[2][1]) == (str(copy), "reprint")
    assert [one["article_id"] for one in (await story_of(client, office))["timeline"]] == [str(office)]
