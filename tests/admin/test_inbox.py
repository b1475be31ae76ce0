"""Errors become faults: grouped by what they have in common, counted, resolved, and seen again."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import BaseModel

from brandhound.admin import catching
from brandhound.admin.faults import fault_of
from brandhound.app.web import create_app
from brandhound.core.addresses import DatabaseNotReady
from brandhound.core.db import SYSTEM_ORGANIZATION, tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import JOBS, Run, enqueue, job
from tests.databases import TestDatabase

SECRET = "tok-of-somebody-12345678"


class Kind(BaseModel):
    """Which mistake it makes."""

    of: str = "one"


@pytest.fixture
def failing_job() -> Any:
    """A job with a mistake in it."""

    @job("admin.fails", timeout=timedelta(seconds=5))
    async def fails(run: Run, kind: Kind) -> Outcome:
        """Fail."""
        if kind.of == "step":
            await run.step("count", count_nothing)
        if kind.of == "one":
            raise LookupError(f"nobody is called {SECRET}: api_key={SECRET}")
        return Done()

    yield fails
    del JOBS["admin.fails"]


async def count_nothing() -> float:
    return 1 / 0


async def faults(operator: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    catching.write_caught()
    items: list[dict[str, Any]] = (await operator.get("/api/admin/errors", params=query)).json()["items"]
    return items


async def test_a_failed_run_is_a_fault_with_its_place_and_its_organization(
    operator: httpx.AsyncClient, organization_id: UUID, failing_job: Any
) -> None:
    logging.getLogger().addHandler(handler := catching.ErrorCatcher("worker"))
    for _ in range(3):
        async with tenant_session(organization_id) as db:
            await enqueue(db, "admin.fails", Kind())
        await run_until_idle(organization_id)
    logging.getLogger().removeHandler(handler)
    (fault,) = [one for one in await faults(operator) if one["kind"] == "LookupError"]
    assert (fault["count"], fault["organizations"], fault["source"], fault["last_day"]) == (3, 1, "run", 3)
    detail = (await operator.get(f"/api/admin/errors/{fault['id']}")).json()
    assert "in fails" in detail["trace"]
    assert [one["organization_id"] for one in detail["sightings"]] == [str(organization_id)]
    assert detail["sightings"][0]["run_id"]
    assert f"api_key={SECRET}" not in str(detail)
    assert SECRET not in detail["trace"]


async def test_a_failed_step_is_a_fault_with_its_place(
    operator: httpx.AsyncClient, organization_id: UUID, failing_job: Any
) -> None:
    logging.getLogger().addHandler(handler := catching.ErrorCatcher("worker"))
    async with tenant_session(organization_id) as db:
        await enqueue(db, "admin.fails", Kind(of="step"))
    await run_until_idle(organization_id)
    logging.getLogger().removeHandler(handler)
    found = await faults(operator)
    (fault,) = [one for one in found if one["kind"] == "ZeroDivisionError" and one["source"] == "run"]
    assert fault["organizations"] == 1
    assert "in count_nothing" in (await operator.get(f"/api/admin/errors/{fault['id']}")).json()["trace"]


async def test_a_broken_page_is_a_fault_with_its_route(operator: httpx.AsyncClient) -> None:
    app = create_app()

    @app.get("/api/broken/{key}")
    async def broken(key: str) -> None:  # pyright: ignore[reportUnusedFunction]
        raise ZeroDivisionError(key)

    # Before the front end, which answers for every other address.
    app.router.routes.insert(0, app.router.routes.pop())
    # As in a web process, which hears what the request itself says of its failure.
    logging.getLogger().addHandler(handler := catching.ErrorCatcher("web"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://brandhound.test"
    ) as visitor:
        assert (await visitor.get(f"/api/broken/{SECRET}")).status_code == 500
    logging.getLogger().removeHandler(handler)
    (fault,) = [one for one in await faults(operator) if (one["kind"], one["source"]) == ("ZeroDivisionError", "web")]
    detail = (await operator.get(f"/api/admin/errors/{fault['id']}")).json()
    assert detail["sightings"][0]["request"] == "GET /api/broken/{key}"
    assert detail["sightings"][0]["organization"] == "This installation"


async def test_a_resolved_fault_that_comes_again_is_a_regression(operator: httpx.AsyncClient) -> None:
    catching.catch(made("again"), "web")
    (fault,) = [one for one in await faults(operator) if one["kind"] == "BrokenPipeError"]
    changed = await operator.patch(f"/api/admin/errors/{fault['id']}", json={"state": "resolved"})
    assert changed.json()["state"] == "resolved"
    assert fault["id"] not in [one["id"] for one in await faults(operator)]
    catching.catch(made("and again"), "web")
    (again,) = [one for one in await faults(operator) if one["id"] == fault["id"]]
    assert again["state"] == "open"
    assert again["regressed_at"]
    assert again["count"] == fault["count"] + 1


async def test_an_ignored_fault_stays_ignored(operator: httpx.AsyncClient) -> None:
    catching.catch(made("x", kind=NotADirectoryError), "web")
    (fault,) = [one for one in await faults(operator) if one["kind"] == "NotADirectoryError"]
    await operator.patch(f"/api/admin/errors/{fault['id']}", json={"state": "ignored"})
    catching.catch(made("y", kind=NotADirectoryError), "web")
    (same,) = [one for one in await faults(operator, everything=True) if one["id"] == fault["id"]]
    assert (same["state"], same["count"]) == ("ignored", 2)


async def test_a_record_with_a_traceback_is_caught_once(operator: httpx.AsyncClient) -> None:
    log, handler = logging.getLogger("brandhound.anything"), catching.ErrorCatcher("worker")
    log.addHandler(handler)
    error = made("twice", kind=ChildProcessError)
    log.error("it broke", exc_info=error)
    log.error("and was told of again further up", exc_info=error)
    log.error("no traceback here")
    log.removeHandler(handler)
    (fault,) = [one for one in await faults(operator) if one["kind"] == "ChildProcessError"]
    assert (fault["count"], fault["source"]) == (1, "worker")


async def test_pages_of_faults_follow_one_another(operator: httpx.AsyncClient) -> None:
    for kind in (AttributeError, ImportError, NameError, SyntaxError, EOFError):
        catching.catch(made("page", kind=kind), "web")
    catching.write_caught()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 2, "everything": True, **({"cursor": cursor} if cursor else {})}
        page = (await operator.get("/api/admin/errors", params=query)).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) >= 5


def test_errors_are_caught_while_the_database_is_away(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    catching.write_caught()
    with monkeypatch.context() as away:
        away.setattr(catching, "database_url", lambda role: "postgresql://x@127.0.0.1:9/x?connect_timeout=1")  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        catching.catch(made("away", kind=InterruptedError), "web")
        assert catching.write_caught() is False
    assert catching.write_caught() is True


async def test_nothing_caught_meanwhile_is_lost_when_the_database_was_away(
    operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    catching.write_caught()
    catching.catch(made("first", kind=ConnectionResetError), "web")

    def away(role: str) -> str:
        catching.catch(made("second", kind=ConnectionResetError), "web")
        raise DatabaseNotReady

    with monkeypatch.context() as broken:
        broken.setattr(catching, "database_url", away)
        assert catching.write_caught() is False
    (fault,) = [one for one in await faults(operator) if one["kind"] == "ConnectionResetError"]
    assert fault["count"] == 2
    detail = (await operator.get(f"/api/admin/errors/{fault['id']}")).json()
    assert [(one["count"], one["message"]) for one in detail["sightings"]] == [(2, "ConnectionResetError: second")]


async def test_an_error_that_cannot_be_written_down_keeps_no_other_from_it(operator: httpx.AsyncClient) -> None:
    catching.catch_failed_run(uuid4(), SYSTEM_ORGANIZATION, "jobs.x", "a code with a zero\x00", "")
    catching.catch(made("half \ud800 of a character", kind=BufferError), "web")
    catching.catch(made("an ordinary one", kind=StopAsyncIteration), "web")
    kinds = {one["kind"] for one in await faults(operator, limit=100)}
    assert {"BufferError", "StopAsyncIteration"} <= kinds
    assert catching.write_caught() is True


def test_a_fault_is_the_same_whatever_the_error_says_and_wherever_its_lines_are() -> None:
    one, two, other = fault_of(made("a")), fault_of(made("b")), fault_of(made("a", kind=TimeoutError))
    assert one.fingerprint == two.fingerprint != other.fingerprint


def made(words: str, kind: type[Exception] = BrokenPipeError) -> Exception:
    try:
        raise kind(words)
    except Exception as error:
        return error
