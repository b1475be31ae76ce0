"""What happened is found by its words, its fields and its time, and nobody finds what is not theirs."""

import json
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from brandhound.core.clock import now
from brandhound.core.db import SYSTEM_ORGANIZATION
from tests.databases import TestDatabase
from tests.factories.people import signed_in
from tests.factories.things import make_log_line


@pytest.fixture(autouse=True)
def _nothing_yet(database: TestDatabase) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from log_lines")
        connection.execute("delete from log_pages")


async def found(client: httpx.AsyncClient, **query: object) -> list[str]:
    """What a search finds, newest first."""
    answer = await client.get("/api/logs", params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return [line["text"] for line in answer.json()["items"]]


async def test_the_last_hour_is_shown_newest_first(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await make_log_line(organization_id, "long ago", now() - timedelta(hours=2))
    await make_log_line(organization_id, "first", now() - timedelta(minutes=2))
    await make_log_line(organization_id, "second", now() - timedelta(minutes=1))
    assert await found(client) == ["second", "first"]
    assert await found(client, since=(now() - timedelta(hours=3)).isoformat()) == ["second", "first", "long ago"]


@pytest.mark.parametrize(
    ("q", "texts"),
    [
        ("STORED", ["article Stored"]),
        ("cle sto", ["article Stored"]),
        ("100%", ["100% of it_all"]),
        ("%", ["100% of it_all"]),
        ("_", ["100% of it_all"]),
        ("\\", []),
        ("straße", ["Straße gesperrt"]),
        ("https://a.example", ["fetched"]),
        ("ZeroDivision", ["failed"]),
        ("nothing like that", []),
    ],
)
async def test_words_are_found_in_text_facts_and_traceback_whatever_their_case(
    client: httpx.AsyncClient, organization_id: UUID, q: str, texts: list[str]
) -> None:
    await make_log_line(organization_id, "article Stored")
    await make_log_line(organization_id, "100% of it_all")
    await make_log_line(organization_id, "Straße gesperrt")
    await make_log_line(organization_id, "fetched", facts={"url": "https://a.example/x"})
    await make_log_line(organization_id, "failed", level="error", traceback="ZeroDivisionError: division by zero")
    assert await found(client, q=q) == texts


async def test_fields_and_levels_narrow_a_search(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run, feed = uuid4(), uuid4()
    await make_log_line(organization_id, "of a run", run_id=run, logger="brandhound.jobs")
    await make_log_line(organization_id, "of a feed", feed_id=feed, level="warning")
    await make_log_line(organization_id, "of a provider", provider="openai", level="error")
    await make_log_line(organization_id, "of a request", request_id="abc-12345", process="web")
    await make_log_line(organization_id, "detail", level="debug")
    assert await found(client, run_id=run) == ["of a run"]
    assert await found(client, feed_id=feed) == ["of a feed"]
    assert await found(client, provider="openai") == ["of a provider"]
    assert await found(client, request_id="abc-12345") == ["of a request"]
    assert await found(client, process="web") == ["of a request"]
    assert await found(client, logger="brandhound.jo") == ["of a run"]
    assert await found(client, level="warning") == ["of a provider", "of a feed"]
    assert await found(client, level="error", q="of a") == ["of a provider"]
    assert await found(client, level="info") == ["of a request", "of a provider", "of a feed", "of a run"]


@pytest.mark.parametrize("q", [None, "line"])
async def test_pages_of_a_list_leave_nothing_out_and_repeat_nothing(
    client: httpx.AsyncClient, organization_id: UUID, q: str | None
) -> None:
    started = now() - timedelta(minutes=30)
    for number in range(25):
        # Some at the very same moment.
        await make_log_line(organization_id, f"line {number:02}", started + timedelta(seconds=number // 3))
    seen: list[tuple[str, str]] = []
    cursor: str | None = None
    while True:
        query = {"limit": "4", **({"cursor": cursor} if cursor else {}), **({"q": q} if q else {})}
        page = (await client.get("/api/logs", params=query)).json()
        seen += [(line["at"], line["id"]) for line in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(set(seen)) == 25
    assert seen == sorted(seen, reverse=True)


async def test_pages_of_words_that_overlap_in_time_are_read_in_order(
    client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    """As when a process was without the database for a while, and its lines came later than those of others."""
    started = now() - timedelta(minutes=50)
    for number in range(90):
        await make_log_line(organization_id, f"word {number:02}", started + timedelta(seconds=number))
    with psycopg.connect(database.url) as connection:
        # One page that holds the first and the last, besides all the small ones.
        connection.execute(
            "with two as (delete from log_pages where folded in ('word 00 {}', 'word 89 {}') returning *)"
            " insert into log_pages (organization_id, to_at, from_at, level, lines, folded)"
            " select organization_id, max(to_at), min(from_at), level, 2, string_agg(folded, e'\\n') from two group by 1, 4"
        )
    expected = [f"word {number:02}" for number in reversed(range(90))]
    assert await found(client, q="word") == expected
    assert await found(client, q="word", limit=7) == expected[:7]
    assert await found(client, q="word 0") == [f"word {number:02}" for number in reversed(range(10))]


async def test_a_search_must_say_a_sensible_time(client: httpx.AsyncClient) -> None:
    for query, code in (
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-03-01T00:00:00Z"}, "logs/window-too-long"),
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "logs/bad-window"),
        ({"since": "2026-01-02T00:00:00"}, "logs/bad-window"),
        ({"since": "yesterday"}, "core/invalid-input"),
        ({"cursor": "xyz"}, "core/bad-cursor"),
    ):
        answer = await client.get("/api/logs", params=query)
        assert answer.json()["code"] == code, query


async def test_a_line_has_an_address_of_its_own_with_its_traceback(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, organization_id: UUID
) -> None:
    at = datetime.fromisoformat("2026-11-02T08:00:00.123456+00:00")
    line = await make_log_line(organization_id, "failed", at, level="error", traceback="Traceback …", facts={"n": 1})
    shown = (await client.get(f"/api/logs/{line}")).json()
    assert (shown["text"], shown["traceback"], shown["facts"], shown["level"]) == (
        "failed",
        "Traceback …",
        {"n": 1},
        "error",
    )
    assert datetime.fromisoformat(shown["at"]) == at
    for nobodys in (uuid4(), UUID(int=0), UUID(int=(1 << 128) - 1)):
        assert (await client.get(f"/api/logs/{nobodys}")).status_code == 404
    assert (await other_client.get(f"/api/logs/{line}")).status_code == 404


async def test_only_administrators_read_and_only_their_organizations_lines(
    app: FastAPI, client: httpx.AsyncClient, other_client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await make_log_line(organization_id, "mine to know")
    await make_log_line(SYSTEM_ORGANIZATION, "of the installation")
    assert await found(client) == ["mine to know"]
    assert await found(client, q="to know") == ["mine to know"]
    assert await found(other_client) == []
    assert await found(other_client, q="to know") == []
    refused = await client.get("/api/logs", params={"scope": "installation"})
    assert refused.json()["code"] == "tenancy/operators-only"
    assert (await client.get("/api/logs/storage")).status_code == 403
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        assert (await analyst.get("/api/logs")).json()["code"] == "tenancy/role-too-low"
    async with signed_in(app, organization_id, "viewer", operator=True) as (operator, _):
        assert await found(operator, scope="installation") == ["of the installation"]
        assert await found(operator, scope="installation", q="install") == ["of the installation"]
        assert (await operator.get("/api/logs/storage")).json()["used_bytes"] > 0
        assert (await operator.get("/api/logs")).status_code == 403


async def test_lines_are_counted_over_time_by_level(client: httpx.AsyncClient, organization_id: UUID) -> None:
    since = datetime.fromisoformat("2026-11-02T08:00:00+00:00")
    for minute, level in ((0, "info"), (0, "error"), (7, "info"), (7, "info")):
        await make_log_line(organization_id, "said", since + timedelta(minutes=minute, seconds=5), level=level)
    query = {"since": since.isoformat(), "until": (since + timedelta(hours=1)).isoformat()}
    counted = (await client.get("/api/logs/histogram", params=query)).json()
    assert (counted["bucket_seconds"], counted["complete"]) == (60, True)
    told = [(bucket["at"][11:16], bucket["info"], bucket["error"]) for bucket in counted["buckets"]]
    assert told == [("08:00", 1, 1), ("08:07", 2, 0)]
    await make_log_line(organization_id, "rarely said", since + timedelta(minutes=20))
    rare = (await client.get("/api/logs/histogram", params=query | {"q": "rarely"})).json()
    assert [(bucket["at"][11:16], bucket["info"]) for bucket in rare["buckets"]] == [("08:20", 1)]
    none = (await client.get("/api/logs/histogram", params=query | {"q": "unsaid"})).json()
    assert none["buckets"] == []


async def test_what_was_found_can_be_taken_away(client: httpx.AsyncClient, organization_id: UUID) -> None:
    for number in range(3):
        await make_log_line(organization_id, f"line {number}")
    answer = await client.get("/api/logs/export.ndjson", params={"q": "line"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["text"] for line in answer.text.splitlines()] == ["line 2", "line 1", "line 0"]


async def test_searches_are_saved_for_oneself(app: FastAPI, client: httpx.AsyncClient, organization_id: UUID) -> None:
    made = await client.post("/api/logs/searches", json={"name": "Failures", "query": {"level": "error"}})
    assert made.status_code == 201
    again = await client.post("/api/logs/searches", json={"name": "Failures", "query": {"level": "warning"}})
    assert again.json()["id"] == made.json()["id"]
    [kept] = (await client.get("/api/logs/searches")).json()
    assert (kept["name"], kept["query"]) == ("Failures", {"level": "warning"})
    async with signed_in(app, organization_id, "admin") as (colleague, _):
        assert (await colleague.get("/api/logs/searches")).json() == []
        assert (await colleague.delete(f"/api/logs/searches/{kept['id']}")).status_code == 404
    assert (await client.delete(f"/api/logs/searches/{kept['id']}")).status_code == 204
    assert (await client.get("/api/logs/searches")).json() == []
