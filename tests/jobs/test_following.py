"""A run is followed live: its progress, its log, to its end; through a line that is cut, and until its row is gone."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core import live
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.progress import Progress, Standing
from brandhound.jobs.registry import enqueue
from brandhound.jobs.routes import streaming
from tests.app.test_live import served
from tests.factories.people import signed_in
from tests.jobs.sample_jobs import Count, Planned, Words
from tests.jobs.test_runs import run_of, start

pytestmark = pytest.mark.anyio


@dataclass
class Cutter:
    """A proxy that lets every connection through until it is told to cut."""

    port: int
    cut: bool = False
    open: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    def sever(self) -> None:
        self.cut = True
        for writer in self.open:
            writer.transport.abort()
        self.open.clear()


@asynccontextmanager
async def through_proxy(url: str) -> AsyncGenerator[Cutter]:
    target = urlsplit(url)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if cutter.cut:
            writer.transport.abort()
            return
        cutter.open.add(writer)
        inward, outward = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(pump(reader, outward), pump(inward, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    cutter = Cutter(server.sockets[0].getsockname()[1])
    try:
        yield cutter
    finally:
        cutter.sever()
        server.close()


async def told(response: httpx.Response) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
    """What comes, as it comes, until the stream ends or breaks."""
    kind = ""
    try:
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                yield kind, json.loads(line[6:])
    except httpx.TransportError:
        return


async def events(response: httpx.Response, until: str = "end") -> list[tuple[str, dict[str, Any]]]:
    """What came, up to and with the first event of that kind; all if the stream ends or breaks before."""
    found: list[tuple[str, dict[str, Any]]] = []
    async for one in told(response):
        found.append(one)
        if one[0] == until:
            break
    return found


async def until(holds: Callable[[], object]) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def of_kind(found: list[tuple[str, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [data for name, data in found if name == kind]


@asynccontextmanager
async def following(
    url: str, client: httpx.AsyncClient, address: str, **headers: str
) -> AsyncGenerator[httpx.Response]:
    async with (
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=60) as screen,
        screen.stream("GET", address, headers=headers) as stream,
    ):
        assert stream.status_code == 200
        yield stream


async def test_a_run_is_followed_to_its_end(app: FastAPI, client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.talk", Words(lines=5))
    async with served(app) as url, following(url, client, f"/api/runs/{run_id}/stream") as stream:
        heard = asyncio.create_task(events(stream))
        await run_until_idle(organization_id)
        found = await asyncio.wait_for(heard, 60)
    assert found[-1] == ("end", {"state": "done"})
    assert [line["text"] for line in of_kind(found, "line")] == [f"line {number}" for number in range(5)]
    assert of_kind(found, "run")[-1]["state"] == "done"


async def test_a_run_that_is_over_is_told_at_once(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    await run_until_idle(organization_id)
    async with served(app) as url, following(url, client, f"/api/runs/{run_id}/stream") as stream:
        found = await asyncio.wait_for(events(stream, until="nothing"), 60)
    assert [kind for kind, _ in found] == ["run", "end"]


async def test_a_stream_ends_when_its_row_vanishes(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LOOK", 0.2)
    run_id = await start(organization_id, "samples.nothing")
    async with served(app) as url, following(url, client, f"/api/runs/{run_id}/stream") as stream:
        heard = asyncio.create_task(events(stream, until="nothing"))
        await asyncio.sleep(0.3)
        async with system_session() as db:
            await db.execute(text("delete from runs where id = :id"), {"id": run_id})
        found = await asyncio.wait_for(heard, 60)
    assert found[-1] == ("end", {"state": None})


async def test_what_comes_too_fast_is_counted(app: FastAPI, client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.talk", Words(lines=3000))
    await run_until_idle(organization_id)
    async with served(app) as url, following(url, client, f"/api/runs/{run_id}/stream") as stream:
        found = await asyncio.wait_for(events(stream), 60)
    lines, (skipped,) = of_kind(found, "line"), of_kind(found, "skipped")
    assert len(lines) + skipped["lines"] == 3000
    assert len(lines) == streaming.LINES
    whole = await client.get(f"/api/runs/{run_id}/log.txt")
    assert whole.headers["content-disposition"] == f'attachment; filename="run-{run_id}.log"'
    assert len(whole.text.splitlines()) == 3000
    assert "INFO    line 7 number=7" in whole.text


async def test_no_line_is_lost_when_the_connection_is_cut(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    heard: list[int] = []

    async def listen(url: str) -> str | None:
        last = {"last-event-id": str(heard[-1])} if heard else {}
        async with following(url, client, f"/api/runs/{run_id}/stream", **last) as stream:
            async for kind, data in told(stream):
                if kind == "line":
                    heard.append(data["seq"])
                elif kind == "end":
                    return data["state"]
        return "cut"

    async with served(app) as url, through_proxy(url) as proxy:
        by_proxy = f"http://127.0.0.1:{proxy.port}"
        listening = asyncio.create_task(listen(by_proxy))
        speaking = asyncio.create_task(say_lines(organization_id, run_id, range(1, 31)))
        await until(lambda: heard)
        proxy.sever()
        assert await listening == "cut"
        before = len(heard)
        await speaking
        proxy.cut = False
        again = asyncio.create_task(listen(by_proxy))
        await say_lines(organization_id, run_id, range(31, 46))
        await run_until_idle(organization_id)
        assert await asyncio.wait_for(again, 60) == "done"
    assert 0 < before <= 30
    assert heard == list(range(1, 46))


async def test_no_change_is_lost_when_the_connection_is_cut(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    """The one stream of a tab: what happened during the cut comes after it, once and in order."""
    heard: list[dict[str, Any]] = []
    open_streams = 0

    async def listen(url: str) -> None:
        nonlocal open_streams
        last = {"last-event-id": str(heard[-1]["id"])} if heard else {}
        async with following(url, client, "/api/events", **last) as stream:
            open_streams += 1
            async for _, data in told(stream):
                heard.append(data)
                if data["key"] == "59":
                    return

    async def happen(numbers: range) -> None:
        for number in numbers:
            async with tenant_session(organization_id) as db:
                publish(db, "runs", number)
            await asyncio.sleep(0.02)
        await asyncio.to_thread(live.drain)

    async with served(app) as url, through_proxy(url) as proxy:
        by_proxy = f"http://127.0.0.1:{proxy.port}"
        listening = asyncio.create_task(listen(by_proxy))
        await until(lambda: open_streams == 1)
        await happen(range(20))
        await until(lambda: heard)
        proxy.sever()
        await listening
        await happen(range(20, 40))
        proxy.cut = False
        listening = asyncio.create_task(listen(by_proxy))
        await happen(range(40, 60))
        await asyncio.wait_for(listening, 60)
    assert [event["key"] for event in heard] == [str(number) for number in range(60)]


async def say_lines(organization_id: UUID, run_id: UUID, numbers: range) -> None:
    for number in numbers:
        async with tenant_session(organization_id) as db:
            await db.execute(
                text("insert into run_logs (run_id, seq, at, level, text) values (:run, :seq, now(), 20, 'x')"),
                {"run": run_id, "seq": number},
            )
            publish(db, "run-log", run_id)
        await asyncio.sleep(0.03)


async def test_a_plan_gives_the_whole_its_progress_and_its_time(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    ids = [await start(organization_id, "samples.planned", Planned(seconds=0.1)) for _ in range(3)]
    await run_until_idle(organization_id, at_once=1)
    run = await run_of(organization_id, ids[0])
    assert (run.state, run.progress_share, run.step_number, run.step_count) == ("done", 1.0, 2, 2)
    assert set(run.step_seconds or {}) == {"fetch", "match"}
    # A new run that is in the middle of it is told to take what is left of what it usually takes.
    async with tenant_session(organization_id) as db:
        row: RunRow = await enqueue(db, "samples.planned", Planned(seconds=0.1))
        row.state, row.started_at = "running", datetime.now(UTC) - timedelta(seconds=1)
        row.progress_share, row.step, row.step_number, row.step_count = 0.5, "fetch", 1, 2
    shown = (await client.get(f"/api/runs/{row.id}")).json()
    assert shown["reason"] == "Step 1 of 2: fetch"
    assert 0 < shown["progress"]["seconds_left"] < 30


def test_planned_progress_is_weighted_and_never_goes_back() -> None:
    progress = Progress(Standing(0, None, None), clock=lambda: 0.0)
    progress.plan([("fetch", 3), ("match", 1)])
    shares: list[float] = []

    def note() -> None:
        shares.append(progress.standing.share or 0.0)

    progress.enter("fetch 1")
    for number in range(5):
        progress.report(number, 4, "Fetching")
        note()
    progress.enter("fetch 2")
    progress.report(1, 4, None)
    note()
    progress.enter("match")
    progress.report(1, 2, None)
    note()
    assert shares == sorted(shares)
    assert [round(share, 3) for share in shares] == [0, 0.188, 0.375, 0.562, 0.75, 0.75, 0.875]
    assert (progress.standing.number, progress.standing.count, progress.finish().share) == (2, 2, 1.0)


async def test_progress_within_a_minute_is_told_by_past_runs(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.count", Count(total=10))
    async with tenant_session(organization_id) as db:
        await db.execute(
            text(
                "update runs set state = 'running', started_at = now() - interval '30 seconds', progress_done = 5,"
                " progress_total = 10 where id = :id"
            ),
            {"id": run_id},
        )
    left = (await client.get(f"/api/runs/{run_id}")).json()["progress"]["seconds_left"]
    assert 25 < left < 60


async def test_a_run_is_not_told_any_further_to_somebody_who_was_taken_out(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.talk", Words(lines=5))
    async with (
        served(app) as url,
        signed_in(app, organization_id, "viewer") as (person, email),
        following(url, person, f"/api/runs/{run_id}/stream") as stream,
    ):
        heard = told(stream)
        assert (await asyncio.wait_for(anext(heard), 60))[0] == "run"
        members = (await client.get("/api/members")).json()
        member = next(one["id"] for one in members if one["email"] == email)
        assert (await client.delete(f"/api/members/{member}")).status_code == 204
        await run_until_idle(organization_id)
        assert await asyncio.wait_for(anext(heard, None), 60) is None
