"""What speaks for a brand is its own: not the platform that holds its page, and not its name once more."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete

from brandhound.core.db import tenant_session
from brandhound.feeds.models import Feed
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio


async def surest(client: httpx.AsyncClient) -> float:
    """How sure the mentions are, which are all as sure."""
    (found,) = {mention["confidence"] for mention in (await client.get("/api/mentions")).json()["items"]}
    return found


async def test_another_page_on_the_platform_does_not_speak_for_a_brand(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    story = (
        "Hotel Rosenhof in Ebbs burns",
        "The hotel Rosenhof in Ebbs burned on Monday. Pictures are at facebook.com/ebbsfire.",
    )
    rosenhof = await watch(client, "Rosenhof")
    await newsroom.publish(*story)
    by_name = await surest(client)
    assert (await client.delete(f"/api/brands/{rosenhof}")).is_success
    await watch(client, "Rosenhof", website="https://www.facebook.com/rosenhof")
    await newsroom.publish(*story)
    assert await surest(client) == by_name


async def test_a_name_is_not_its_own_context(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    names = [
        {"text": "Pizza Company", "kind": "short"},
        {"text": "Pizza", "kind": "short", "case_sensitive": True, "needs_context": True},
    ]
    await watch(client, "The Pizza Company", names=names, context_words=["pizza", "franchise"])
    await newsroom.publish("Why Pizza matters", "In Naples, Pizza is an art. Lovers of Pizza queue for hours.")
    assert (await client.get("/api/mentions")).json()["items"] == []
    await newsroom.publish("A franchise grows", "The franchise Pizza opens ten shops.")
    assert await surest(client) > 0.5


async def test_titles_are_counted_by_whole_names_and_of_ones_own_feeds(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    async def expected(name: str) -> int | None:
        proposal = (await client.post("/api/brands/proposals", json={"name_or_website": name})).json()
        return next(one["expected_per_month"] for one in proposal["names"] if one["text"] == name)

    await newsroom.publish("Affordable homes in Singapore, and Ford's plan", "Ford has one.")
    await newsroom.publish("小米在北京开店", "小米。")
    assert [await expected(name) for name in ("Ford", "Gap", "小米")] == [1, 0, 1]
    async with tenant_session(organization_id) as db:
        await db.execute(delete(Feed))
    assert await expected("Ford") is None
