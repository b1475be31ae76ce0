"""A log is followed: lines come as they are stored, to whom they belong, and what comes too fast is counted."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.admin.logs import following, routes
from brandhound.core.system import system_session
from tests.app.test_live import served
from tests.databases import TestDatabase, cut_off
from tests.factories.people import signed_in
from tests.factories.things import make_log_line
from tests.jobs.test_following import following as stream_of
from tests.jobs.test_following import told

pytestmark = pytest.mark.anyio
_log = logging.getLogger("brandhound.test")


@pytest.fixture(autouse=True)
def _nothing_yet(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from log_lines")
        connection.execute("delete from log_pages")
    monkeypatch.setattr(following, "EVERY", 0.01)
    # Nothing is found by looking again and again: only what is told of comes.
    monkeypatch.setattr(following, "LOOK", 3600.0)


class Screen:
    """Somebody who reads a stream."""

    def __init__(self, response: httpx.Response) -> None:
        self._events: AsyncGenerator[tuple[str, dict[str, Any]]] = told(response)

    async def next(self, kind: str = "line") -> dict[str, Any]:
        """The next event of that kind."""
        async with asyncio.timeout(60):
            async for name, data in self._events:
                if name == kind:
                    return data
        raise AssertionError(f"the stream ended before any {kind}")

    async def texts(self, number: int) -> list[str]:
        return [(await self.next())["text"] for _ in range(number)]

    async def rest(self) -> list[str]:
        async with asyncio.timeout(60):
            return [name async for name, _ in self._events]


async def test_lines_come_as_they_are_written_and_only_those_that_are_wanted(
    recorded: None, app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    async with served(app) as url, stream_of(url, client, "/api/logs/stream?level=warning&q=seen") as response:
        screen = Screen(response)
        for owner, level, words in (
            (organization_id, logging.WARNING, "seen one"),
            (other_organization_id, logging.WARNING, "seen by somebody else"),
            (organization_id, logging.INFO, "seen, and of no weight"),
            (organization_id, logging.ERROR, "nothing like it"),
            (organization_id, logging.ERROR, "seen two"),
        ):
            _log.log(level, words, extra={"organization_id": owner})
        assert await screen.texts(2) == ["seen one", "seen two"]
        _log.warning("seen three", extra={"organization_id": organization_id})
        assert await screen.texts(1) == ["seen three"]


async def test_operators_follow_the_installation(
    recorded: None, app: FastAPI, operator: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    assert (await client.get("/api/logs/stream?scope=installation")).status_code == 403
    async with served(app) as url, stream_of(url, operator, "/api/logs/stream?scope=installation&q=polled") as response:
        _log.info("polled a feed")
        assert await Screen(response).texts(1) == ["polled a feed"]


async def test_what_comes_too_fast_is_counted_and_what_follows_is_shown(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LINES", 5)
    monkeypatch.setattr(following, "_AT_ONCE", 20)
    monkeypatch.setattr(following, "LOOK", 0.2)
    await make_log_line(organization_id, "before")
    async with served(app) as url, stream_of(url, client, "/api/logs/stream") as response:
        screen = Screen(response)
        assert await screen.texts(1) == ["before"]
        await make_many(organization_id, 60)
        shown, skipped = 0, 0
        while shown + skipped < 60:
            name, data = await anext(screen._events)  # pyright: ignore[reportPrivateUsage]
            shown += name == "line"
            skipped += data["lines"] if name == "skipped" else 0
        assert (shown + skipped, skipped >= 40) == (60, True)
        await make_log_line(organization_id, "after")
        assert await screen.texts(1) == ["after"]


async def make_many(organization_id: UUID, lines: int) -> None:
    """Lines of one moment, stored at once."""
    async with system_session() as db:
        await db.execute(
            text(
                "insert into log_lines (organization_id, at, id, level, text, logger, process, host, pid, boot, seq)"
                " select :owner, clock_timestamp() + n * interval '1 microsecond', gen_random_uuid(), 20, 'line ' || n, '',"
                " 'cli', '', 1, '', n from generate_series(1, :lines) n"
            ),
            {"owner": organization_id, "lines": lines},
        )


async def test_who_comes_back_goes_on_after_the_last_line(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    last = await make_log_line(organization_id, "had before the cut")
    await make_log_line(organization_id, "said meanwhile")
    async with (
        served(app) as url,
        stream_of(url, client, "/api/logs/stream", **{"last-event-id": last}) as response,
    ):
        texts = await Screen(response).texts(2)
    assert texts == ["had before the cut", "said meanwhile"]
    nonsense = {"last-event-id": "x"}
    async with served(app) as url, stream_of(url, client, "/api/logs/stream", **nonsense) as response:
        assert response.status_code == 200


async def test_who_may_not_read_any_more_reads_no_further(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "CHECK", 0.0)
    monkeypatch.setattr(following, "LOOK", 0.1)
    async with (
        signed_in(app, organization_id, "admin") as (admin, email),
        signed_in(app, organization_id, "viewer") as (viewer, _),
    ):
        assert (await viewer.get("/api/logs/stream")).status_code == 403
        async with served(app) as url, stream_of(url, admin, "/api/logs/stream") as response:
            screen = Screen(response)
            await make_log_line(organization_id, "still an administrator")
            assert await screen.texts(1) == ["still an administrator"]
            async with system_session() as db:
                await db.execute(
                    text(
                        "update members set role = 'viewer' where user_id = (select id from users where email = :email)"
                        " and organization_id = :owner"
                    ),
                    {"email": email, "owner": organization_id},
                )
            assert (await screen.rest())[-1] == "end"


async def test_a_connection_that_is_lost_costs_followers_nothing(
    recorded: None, app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with served(app) as url, stream_of(url, client, "/api/logs/stream?q=heard") as response:
        screen = Screen(response)
        _log.info("heard once", extra={"organization_id": organization_id})
        assert await screen.texts(1) == ["heard once"]
        assert cut_off("brandhound-log-followers") == 1
        _log.info("heard twice", extra={"organization_id": organization_id})
        assert await screen.texts(1) == ["heard twice"]
