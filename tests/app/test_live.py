"""Changes reach the open screens of their organization, and no others."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
import uvicorn
import websockets
from fastapi import FastAPI
from websockets.asyncio.client import connect

from brandhound.core import live
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from tests.databases import cut_off


@asynccontextmanager
async def served(app: FastAPI) -> AsyncGenerator[str]:
    """The application behind a real socket: streams need one."""
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1, ws="websockets-sansio")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn offers no event)
        await asyncio.sleep(0.01)
    await app.state.hub.ready.wait()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


async def change(organization_id: UUID, topic: str, key: str) -> None:
    async with tenant_session(organization_id) as db:
        publish(db, topic, key)
    await asyncio.to_thread(live.drain)


async def events(response: httpx.Response, count: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    async for line in response.aiter_lines():
        if line.startswith("data: "):
            found.append(json.loads(line[6:]))
        if len(found) == count:
            break
    return found


async def test_a_screen_hears_of_its_own_organization_only(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        await change(other_organization_id, "runs", "theirs")
        await change(organization_id, "runs", "mine")
        assert [e["key"] for e in await events(stream, 1)] == ["mine"]


async def test_a_screen_that_was_away_catches_up(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await change(organization_id, "feeds", "before")
    start = (await client.get("/api/events/since")).json()["last"]
    for key in ("a", "b", "c"):
        await change(organization_id, "feeds", key)
    polled = (await client.get("/api/events/since", params={"after": start})).json()
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events", headers={"last-event-id": str(start)}) as stream,
    ):
        streamed = await events(stream, 3)

    assert [e["key"] for e in polled["items"]] == ["a", "b", "c"]
    assert streamed == polled["items"]


async def test_a_program_hears_the_same_by_a_web_socket(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    made = await client.post("/api/keys", json={"name": "listener", "scopes": ["events:read"]})
    headers = {"authorization": f"Bearer {made.json()['secret']}"}
    async with served(app) as url:
        address = url.replace("http", "ws") + "/api/events/socket"
        async with connect(address, additional_headers=headers) as socket:
            await change(organization_id, "stories", "new")
            heard = json.loads(await asyncio.wait_for(socket.recv(), 60))
        with pytest.raises(websockets.ConnectionClosed) as refused:
            async with connect(address) as stranger:
                await stranger.recv()

    assert (heard["topic"], heard["key"]) == ("stories", "new")
    assert refused.value.rcvd is not None
    assert refused.value.rcvd.code == 4401


async def test_nothing_is_lost_when_the_listener_loses_its_connection(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        await change(organization_id, "runs", "1")
        killed = cut_off("brandhound-listen")
        await change(organization_id, "runs", "2")
        await change(organization_id, "runs", "3")
        heard = await asyncio.wait_for(events(stream, 3), 60)

    assert killed
    assert [e["key"] for e in heard] == ["1", "2", "3"]


async def test_what_is_rolled_back_is_not_told(client: httpx.AsyncClient, organization_id: UUID) -> None:
    start = (await client.get("/api/events/since")).json()["last"]
    async with tenant_session(organization_id) as db:
        publish(db, "runs", "never")
        await db.rollback()
    await asyncio.to_thread(live.drain)
    assert (await client.get("/api/events/since", params={"after": start})).json()["items"] == []
