"""What a lesson writes is as old as when it was tried: what a brand was changed to since, and what is being read, counts on."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.mentions import jobs as mentions_jobs
from tests.mentions.newsroom import Newsroom
from tests.mentions.test_lessons import mentions, taught

pytestmark = pytest.mark.anyio

State = dict[str, tuple[float, str, str]]


async def state(client: httpx.AsyncClient, brand: str) -> State:
    return {
        one["id"]: (one["confidence"], one["standing"], str(one["reasons"])) for one in await mentions(client, brand)
    }


async def add_context(client: httpx.AsyncClient, newsroom: Newsroom, brand: str) -> None:
    changed = await client.patch(f"/api/brands/{brand}", json={"context_words": ["network", "bridge", "tariff"]})
    assert changed.status_code == 200, changed.text
    await run_until_idle(newsroom.organization_id)


async def looked_anew(client: httpx.AsyncClient, newsroom: Newsroom, brand: str) -> State:
    async with tenant_session(newsroom.organization_id) as db:
        await enqueue(db, "mentions.rematch", {"brand_id": UUID(brand)})
    await run_until_idle(newsroom.organization_id)
    return await state(client, brand)


async def decide(client: httpx.AsyncClient, newsroom: Newsroom, method: str, lesson: str) -> None:
    assert (await client.request(method, f"/api/lessons/{lesson}/acceptance")).status_code == 200
    await run_until_idle(newsroom.organization_id)


async def test_a_lesson_that_was_tried_before_its_brand_changed_leaves_what_the_change_brought(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    await add_context(client, newsroom, brand)
    await decide(client, newsroom, "PUT", trust["proposed"]["id"])
    applied = await state(client, brand)
    assert applied == await looked_anew(client, newsroom, brand)
    assert "network" in str(applied)


async def test_a_lesson_taken_back_after_its_brand_changed_leaves_what_the_change_brought(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    lesson = trust["proposed"]["id"]
    await decide(client, newsroom, "PUT", lesson)
    await add_context(client, newsroom, brand)
    await decide(client, newsroom, "DELETE", lesson)
    left = await state(client, brand)
    assert left == await looked_anew(client, newsroom, brand)
    assert "network" in str(left)


async def test_a_lesson_accepted_while_articles_are_looked_through_judges_them(
    client: httpx.AsyncClient, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand, trust = await taught(client, newsroom)
    known = (await state(client, brand)).keys()
    loop, look, looks = asyncio.get_running_loop(), mentions_jobs.look_through, 0

    async def accept() -> None:
        # The run that writes the lesson is through before what is being read is stored.
        await decide(client, newsroom, "PUT", trust["proposed"]["id"])

    def while_somebody_accepts(*given: Any) -> Any:
        nonlocal looks
        looks += 1
        if looks == 1:
            asyncio.run_coroutine_threadsafe(accept(), loop).result(120)
        return look(*given)

    monkeypatch.setattr(mentions_jobs, "look_through", while_somebody_accepts)
    article = await newsroom.write("Storm", "A road in Orange County was closed on Sunday after heavy rain and wind.")
    await newsroom.deliver(article)
    found = await state(client, brand)
    (new,) = found.keys() - known
    assert found[new] == (await looked_anew(client, newsroom, brand))[new]
    assert found[new][1] == "rejected"
