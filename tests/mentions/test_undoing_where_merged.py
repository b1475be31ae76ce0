"""A mark taken back from a story that was merged away since is taken back from what it went into."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core.db import tenant_session
from brandhound.mentions.restoring import row_again
from tests.mentions.newsroom import Newsroom
from tests.mentions.test_regrouping import merge, story_of, two_stories, undo

pytestmark = pytest.mark.anyio


async def mark(client: httpx.AsyncClient, kind: str, story: dict[str, Any], **more: str) -> dict[str, Any]:
    answer = await client.post("/api/stories/deeds", json={"kind": kind, "stories": [story["id"]], **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_star_a_tag_and_the_archive_are_taken_back_from_what_the_story_went_into(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    star = await mark(client, "star", opening)
    tag = await mark(client, "tag", opening, tag="Belgium")
    away = [await mark(client, "archive", one) for one in (recall, opening)]
    merged = await merge(client, recall["id"], opening["id"])
    story = await story_of(client, first)
    assert (story["starred"], story["archived"], story["tags"]) == (True, True, ["Belgium"])
    for deed in (star, tag, away[1]):
        assert (await undo(client, deed)).status_code == 200
    story = await story_of(client, first)
    assert (story["starred"], story["archived"], story["tags"]) == (False, False, [])
    assert (await undo(client, merged)).status_code == 200
    apart = await story_of(client, office)
    assert (apart["id"], apart["starred"], apart["archived"], apart["tags"]) == (opening["id"], False, False, [])
    assert (await story_of(client, first))["archived"] is True


async def test_a_star_that_another_of_the_merged_had_too_stays(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await mark(client, "star", recall)
    star = await mark(client, "star", opening)
    await merge(client, recall["id"], opening["id"])
    assert (await undo(client, star)).status_code == 200
    assert (await story_of(client, first))["starred"] is True


async def test_a_tag_that_was_taken_off_comes_back_on_what_the_story_went_into(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await mark(client, "tag", opening, tag="Belgium")
    off = await mark(client, "untag", opening, tag="Belgium")
    await merge(client, recall["id"], opening["id"])
    assert (await undo(client, off)).status_code == 200
    assert (await story_of(client, first))["tags"] == ["Belgium"]


async def test_what_people_changed_on_the_merged_story_since_stays(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    star = await mark(client, "star", opening)
    taken = await mark(client, "unstar", opening)
    await merge(client, recall["id"], opening["id"])
    assert (await client.put(f"/api/stories/{recall['id']}/star")).status_code == 204
    assert (await undo(client, star)).status_code == 200
    assert (await story_of(client, first))["starred"] is True
    assert (await undo(client, taken)).status_code == 200
    assert (await story_of(client, first))["starred"] is True


async def test_a_star_put_on_the_merged_story_by_hand_stays_when_an_older_one_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    star = await mark(client, "star", opening)
    await merge(client, recall["id"], opening["id"])
    assert (await client.delete(f"/api/stories/{recall['id']}/star")).status_code == 204
    assert (await client.put(f"/api/stories/{recall['id']}/star")).status_code == 204
    assert (await undo(client, star)).status_code == 200
    assert (await story_of(client, first))["starred"] is True


async def test_a_kept_row_that_tells_of_no_column_comes_back_with_the_defaults_of_its_table(
    organization_id: UUID,
) -> None:
    again = row_again("mentions", "jsonb_build_object('id', gen_random_uuid())")
    async with tenant_session(organization_id) as db:
        (kinds,) = await db.execute(text(f"select jsonb_typeof(t.reasons), jsonb_typeof(t.evidence) from {again} t"))
    assert tuple(kinds) == ("array", "array")
