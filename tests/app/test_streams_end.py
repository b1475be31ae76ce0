"""Open streams end with the right to read them: for whoever was taken out, is a guest by now, has signed out, or had a key."""

import asyncio
import json
from uuid import UUID

import httpx
import psycopg
import pytest
import websockets
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from websockets.asyncio.client import connect

from brandhound.app import live_routes
from tests.app.test_live import change, events, served
from tests.factories.people import signed_in

pytestmark = pytest.mark.anyio


async def member(client: httpx.AsyncClient, email: str) -> str:
    found = (await client.get("/api/members")).json()
    return next(f"/api/members/{one['id']}" for one in found if one["email"] == email)


@pytest.mark.parametrize("deed", ["removed", "made a guest"])
async def test_nothing_is_told_to_whoever_is_no_member_any_more_or_a_guest(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, deed: str
) -> None:
    async with (
        served(app) as url,
        signed_in(app, organization_id, "viewer") as (person, email),
        httpx.AsyncClient(base_url=url, cookies=person.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        address = await member(client, email)
        await change(organization_id, "runs", "before")
        if deed == "removed":
            assert (await client.delete(address)).status_code == 204
        else:
            assert (await client.patch(address, json={"role": "guest"})).status_code == 204
        await change(organization_id, "runs", "after")
        heard = await asyncio.wait_for(events(stream, 100), 60)
    assert [one["key"] for one in heard] == ["before"]


async def test_a_member_with_another_role_goes_on_listening(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with (
        served(app) as url,
        signed_in(app, organization_id, "analyst") as (person, email),
        httpx.AsyncClient(base_url=url, cookies=person.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        address = await member(client, email)
        assert (await client.patch(address, json={"role": "viewer"})).status_code == 204
        await change(organization_id, "runs", "after")
        heard = await asyncio.wait_for(events(stream, 2), 60)
    assert [one["topic"] for one in heard] == ["members", "runs"]


async def test_a_stream_ends_soon_after_signing_out(
    app: FastAPI, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_routes, "HEARTBEAT", 0.2)
    async with (
        served(app) as url,
        signed_in(app, organization_id, "viewer") as (person, _),
        httpx.AsyncClient(base_url=url, cookies=person.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        assert (await person.delete("/api/session")).status_code == 204
        assert await asyncio.wait_for(events(stream, 100), 60) == []


async def test_a_program_is_cut_off_when_its_key_is_ended(app: FastAPI, client: httpx.AsyncClient) -> None:
    key = (await client.post("/api/keys", json={"name": "listener", "scopes": ["events:read"]})).json()
    headers = {"authorization": f"Bearer {key['secret']}"}
    async with (
        served(app) as url,
        connect(url.replace("http", "ws") + "/api/events/socket", additional_headers=headers) as socket,
    ):
        assert (await client.delete(f"/api/keys/{key['id']}")).status_code == 204
        with pytest.raises(websockets.ConnectionClosed) as ended:
            await asyncio.wait_for(socket.recv(), 60)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 4401


async def test_a_guest_hears_nothing_by_a_web_socket_either(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with signed_in(app, organization_id, "guest") as (guest, _), served(app) as url:
        assert (await guest.get("/api/events")).status_code == 403
        headers = {"cookie": f"brandhound_session={guest.cookies['brandhound_session']}"}
        async with connect(url.replace("http", "ws") + "/api/events/socket", additional_headers=headers) as socket:
            with pytest.raises(websockets.ConnectionClosed) as refused:
                json.loads(await asyncio.wait_for(socket.recv(), 60))
    assert refused.value.rcvd is not None
    assert (refused.value.rcvd.code, refused.value.rcvd.reason) == (4403, "tenancy/role-too-low")


async def away(*_: object) -> None:
    raise OperationalError("select", {}, psycopg.OperationalError("the server has gone"))


async def test_a_stream_ends_in_order_when_nobody_can_say_whether_it_may_go_on(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_routes, "HEARTBEAT", 0.2)
    monkeypatch.setattr(live_routes, "may_still_read", away)
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", "/api/events") as stream,
    ):
        assert await asyncio.wait_for(events(stream, 100), 60) == []


async def test_a_web_socket_closes_when_nobody_can_say_whether_it_may_go_on(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_routes, "HEARTBEAT", 0.2)
    key = (await client.post("/api/keys", json={"name": "listener", "scopes": ["events:read"]})).json()
    headers = {"authorization": f"Bearer {key['secret']}"}
    async with (
        served(app) as url,
        connect(url.replace("http", "ws") + "/api/events/socket", additional_headers=headers) as socket,
    ):
        monkeypatch.setattr(live_routes, "may_still_read", away)
        with pytest.raises(websockets.ConnectionClosed) as ended:
            await asyncio.wait_for(socket.recv(), 20)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1012
