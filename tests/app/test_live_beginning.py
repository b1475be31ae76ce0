"""Screens that open before anybody listens, or were away for long, miss nothing."""

import asyncio
import contextlib
from uuid import UUID

import httpx
import psycopg
from fastapi import FastAPI
from sqlalchemy import delete

from brandhound.app.live import KEPT, Hub
from brandhound.core import live
from brandhound.core.addresses import database_url
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.models import LiveEvent
from brandhound.core.system import system_session
from tests.app.test_live import change, events, served
from tests.databases import cut_off


async def test_a_screen_that_opened_before_its_process_listened_is_told_what_changed_since(
    organization_id: UUID,
) -> None:
    hub = Hub()
    await change(organization_id, "runs", "before")
    with hub.screen(organization_id) as screen:
        await change(organization_id, "runs", "meanwhile")
        listening = asyncio.create_task(hub.run())
        async with asyncio.timeout(60):
            while (told := await screen.get()) is None or told.key != "meanwhile":
                pass
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def test_a_screen_hears_what_changed_between_its_session_and_its_stream(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await change(organization_id, "runs", "before")
    session = (await client.get("/api/session")).json()
    await change(organization_id, "runs", "meanwhile")
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events", params={"since": session["last_change"]}) as stream,
    ):
        async with asyncio.timeout(60):
            assert [one["key"] for one in await events(stream, 1)] == ["meanwhile"]


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


AHEAD = 10**12
"""A number that was given before a backup was brought back."""


async def test_a_screen_ahead_of_a_restored_database_hears_what_is_kept_and_what_comes(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await change(organization_id, "runs", "since the restore")
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events", headers={"last-event-id": str(AHEAD)}) as stream,
    ):
        await change(organization_id, "runs", "now")
        async with asyncio.timeout(60):
            keys = [one["key"] for one in await events(stream, 2)]
    assert keys == ["since the restore", "now"]


async def test_a_polling_screen_ahead_of_a_restored_database_is_told_to_ask_for_everything_once(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await change(organization_id, "runs", "since the restore")
    behind = (await client.get("/api/events/since", params={"after": AHEAD})).json()
    await change(organization_id, "runs", "now")
    after = (await client.get("/api/events/since", params={"after": behind["last"]})).json()
    assert [one["key"] for one in behind["items"]] == ["since the restore"]
    assert [one["key"] for one in after["items"]] == ["now"]
    assert (behind["complete"], after["complete"]) == (False, True)


async def test_a_screen_away_for_longer_than_changes_are_kept_is_told_to_ask_for_everything_once(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    start = (await client.get("/api/events/since")).json()["last"]
    await change(organization_id, "runs", "forgotten")
    async with system_session() as db:
        await db.execute(delete(LiveEvent))
    late = (await client.get("/api/events/since", params={"after": start})).json()
    after = (await client.get("/api/events/since", params={"after": late["last"]})).json()
    assert (late["items"], late["complete"]) == ([], False)
    assert (after["items"], after["complete"]) == ([], True)


async def test_open_streams_end_when_another_database_takes_the_place_of_theirs(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        await change(organization_id, "runs", "before the restore")
        with psycopg.connect(database_url("owner"), autocommit=True) as owner:
            owner.execute("delete from live_events")
            owner.execute("alter table live_events alter column id restart")
        assert cut_off("brandhound-listen")
        async with asyncio.timeout(60):
            told = [line async for line in stream.aiter_lines()]
    assert told[-2].startswith("data: ")


async def test_a_number_that_no_change_can_have_is_refused(client: httpx.AsyncClient) -> None:
    refused = await client.get("/api/events/since", params={"after": 10**20})
    assert (refused.status_code, refused.json()["code"]) == (422, "core/invalid-input")
