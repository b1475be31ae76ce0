"""A request has a number, by which everything that it caused is found."""

import logging
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from brandhound.core.logs import recording
from tests.databases import TestDatabase


def lines_of(database: TestDatabase, request_id: str) -> list[tuple[str, int, UUID, str | None]]:
    """What was said about a request: words, level, organization, traceback."""
    assert recording.flush(60)
    with psycopg.connect(database.url) as connection:
        return connection.execute(
            "select text, level, organization_id, traceback from log_lines where request_id = %s order by at, seq",
            [request_id],
        ).fetchall()  # pyright: ignore[reportReturnType]


async def test_an_answer_names_its_request_and_the_log_has_it_for_the_organization(
    client: httpx.AsyncClient, database: TestDatabase, organization_id: UUID, recorded: None
) -> None:
    answer = await client.post("/api/brands", json={"name": "Tallow"})
    assert lines_of(database, answer.headers["x-request-id"]) == [
        ("POST /api/brands answered 201", 20, organization_id, None)
    ]


async def test_screens_that_only_look_leave_no_line_but_those_that_are_refused_do(
    client: httpx.AsyncClient,
    database: TestDatabase,
    organization_id: UUID,
    recorded: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is slow is told, and a busy machine makes anything slow.
    monkeypatch.setattr("brandhound.app.requests._SLOW", 3600.0)
    looked = await client.get("/api/brands")
    refused = await client.get("/api/runs/0190b0b0-0000-7000-8000-000000000000")
    assert lines_of(database, looked.headers["x-request-id"]) == []
    assert lines_of(database, refused.headers["x-request-id"]) == [
        ("GET /api/runs/{run_id} answered 404", 20, organization_id, None)
    ]


async def test_the_key_in_an_address_is_not_in_the_log(
    client: httpx.AsyncClient, database: TestDatabase, recorded: None
) -> None:
    answer = await client.get("/api/invitations/by-token/canary-4711")
    [(text, *_)] = lines_of(database, answer.headers["x-request-id"])
    assert text == "GET /api/invitations/by-token/{token} answered 404"


async def test_nor_is_it_while_the_database_is_away(
    client: httpx.AsyncClient, database: TestDatabase, recorded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OperationalError("select", {}, psycopg.OperationalError("the server has gone"))

    monkeypatch.setattr("brandhound.tenancy.resetting.open_reset_link", away)
    answer = await client.get("/api/password-resets/canary-4711")

    assert (answer.status_code, answer.json()["code"]) == (503, "core/database-away")
    assert recording.flush(60)
    said = database.look(
        "select text, facts::text from log_lines where request_id = %s order by at, seq", answer.headers["x-request-id"]
    )
    assert [text for text, _ in said] == ["database away", "GET /api/password-resets/{token} answered 503"]
    assert "canary" not in str(said)


async def test_a_number_given_by_a_proxy_is_kept_unless_it_is_strange(client: httpx.AsyncClient) -> None:
    kept = await client.get("/api/brands", headers={"X-Request-Id": "proxy-0190b0b0"})
    assert kept.headers["x-request-id"] == "proxy-0190b0b0"
    strange = await client.get("/api/brands", headers={"X-Request-Id": "a b'; drop table"})
    assert UUID(strange.headers["x-request-id"])


async def test_a_refusal_says_its_number_in_the_document_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/runs/0190b0b0-0000-7000-8000-000000000000")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_failure_of_ours_is_logged_once_with_its_traceback_under_the_number_of_the_answer(
    app: FastAPI, client: httpx.AsyncClient, database: TestDatabase, organization_id: UUID, recorded: None
) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("alter table brands rename column name to name_is_away")
        try:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://brandhound.test", cookies=client.cookies
            ) as visitor:
                answer = await visitor.get("/api/brands")
        finally:
            connection.execute("alter table brands rename column name_is_away to name")
    assert (answer.status_code, answer.json()["request_id"]) == (500, answer.headers["x-request-id"])
    logging.getLogger("uvicorn.error").error("nothing to do with it")
    [(text, level, owner, traceback)] = lines_of(database, answer.json()["request_id"])
    assert (text, level, owner) == ("GET /api/brands failed", 40, organization_id)
    assert traceback is not None
    assert "column brands.name does not exist" in traceback
