"""Screens that open before anybody listens, or were away for long, miss nothing."""

import asyncio
import contextlib
from uuid import UUID

import httpx
from fastapi import FastAPI

from brandhound.app.live import KEPT, Hub
from brandhound.core import live
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from tests.app.test_live import change, events, served


async def test_a_screen_that_opened_before_its_process_listened_is_told_what_changed_since(
    organization_id: UUID,
) -> None:
    hub = Hub()
    await change(organization_id, "runs", "before")
    with hub.screen(organization_id) as screen:
        await change(organization_id, "runs", "meanwhile")
        listening = asyncio.create_task(hub.run())
        async with asyncio.timeout(60):
            keys = [(await screen.get()).key]
            while keys[-1] != "meanwhile":
                keys.append((await screen.get()).key)
        assert keys[-1] == "meanwhile"
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def test_a_screen_that_was_away_for_long_catches_up_with_all_of_it(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    start = (await client.get("/api/events/since")).json()["last"]
    many = KEPT + 100
    async with tenant_session(organization_id) as db:
        publish(db, "runs", *range(many))
    await asyncio.to_thread(live.drain)
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events", headers={"last-event-id": str(start)}) as stream,
    ):
        async with asyncio.timeout(60):
            found = await events(stream, many)
    assert [int(str(one["key"])) for one in found] == list(range(many))


async def test_a_number_that_no_change_can_have_is_refused(client: httpx.AsyncClient) -> None:
    refused = await client.get("/api/events/since", params={"after": 10**20})
    assert (refused.status_code, refused.json()["code"]) == (422, "core/invalid-input")
