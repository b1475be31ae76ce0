"""Old lines go: whole weeks at once where nobody keeps them, line by line where one organization keeps them shorter or longer."""

from collections.abc import Generator
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from brandhound.admin.logs import keeping
from brandhound.admin.logs.jobs import guard
from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.core.walls import HOLES
from tests.databases import TestDatabase
from tests.factories.things import make_log_line


@pytest.fixture(autouse=True)
def _later(database: TestDatabase) -> Generator[None]:
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from log_lines")
        connection.execute("delete from log_pages")
    yield
    clock.unfreeze()


def left(database: TestDatabase) -> list[str]:
    with psycopg.connect(database.url) as connection:
        return [str(row[0]) for row in connection.execute("select text from log_lines order by text")]


def weeks(database: TestDatabase) -> set[str]:
    with psycopg.connect(database.url) as connection:
        query = "select relname from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'brandhound_logs'"
        return {str(row[0]) for row in connection.execute(f"{query} and relkind = 'r'".encode())}


async def test_weeks_go_as_a_whole_once_nobody_keeps_them(
    client: httpx.AsyncClient, database: TestDatabase, organization_id: UUID
) -> None:
    await make_log_line(organization_id, "detail")
    await make_log_line(organization_id, "trouble", level="warning")
    this_week = (clock.now() - timedelta(days=clock.now().weekday())).strftime("%Y%m%d")
    assert f"log_lines_details_{this_week}" in weeks(database)
    clock.freeze(clock.now() + timedelta(days=13))
    await keeping.let_go_of_old()
    assert left(database) == ["detail", "trouble"]
    clock.advance(timedelta(days=9))
    await keeping.let_go_of_old()
    assert left(database) == ["trouble"]
    assert f"log_lines_details_{this_week}" not in weeks(database)
    clock.advance(timedelta(days=90))
    await keeping.let_go_of_old()
    assert left(database) == []
    clock.unfreeze()
    assert await keeping.make_partitions() > 0
    assert f"log_lines_details_{this_week}" in weeks(database)


async def test_an_organization_may_keep_its_lines_shorter_or_longer_than_others(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    database: TestDatabase,
    organization_id: UUID,
    other_organization_id: UUID,
) -> None:
    usual = (await client.get("/api/logs/retention")).json()
    assert usual == {
        "detail_days": None,
        "trouble_days": None,
        "usual_detail_days": 14,
        "usual_trouble_days": 90,
    }
    assert (await client.put("/api/logs/retention", json={"detail_days": 2})).status_code == 200
    assert (await other_client.put("/api/logs/retention", json={"detail_days": 60})).status_code == 200
    for owner, name in ((organization_id, "short"), (other_organization_id, "long"), (SYSTEM_ORGANIZATION, "usual")):
        await make_log_line(owner, f"{name} detail")
        await make_log_line(owner, f"{name} trouble", level="error")
    clock.freeze(clock.now() + timedelta(days=3))
    await keeping.let_go_of_old()
    assert left(database) == ["long detail", "long trouble", "short trouble", "usual detail", "usual trouble"]
    clock.advance(timedelta(days=20))
    await keeping.let_go_of_old()
    # The week is held up by the one who keeps it longer; the others' lines go all the same, and so do their words.
    assert left(database) == ["long detail", "long trouble", "short trouble", "usual trouble"]
    with psycopg.connect(database.url) as connection:
        words = {str(row[0]) for row in connection.execute("select folded from log_pages")}
    assert words == {"long detail {}", "long trouble {}", "short trouble {}", "usual trouble {}"}
    assert (await client.put("/api/logs/retention", json={"detail_days": 0})).status_code == 422


async def test_lines_of_a_time_without_a_week_of_its_own_are_kept_and_moved_into_it_later(
    client: httpx.AsyncClient, database: TestDatabase, organization_id: UUID
) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        this_week = (clock.now() - timedelta(days=clock.now().weekday())).strftime("%Y%m%d")
        connection.execute("set search_path = public")
        connection.execute(f"select drop_log_partition('log_lines_details_{this_week}')".encode())
        await make_log_line(organization_id, "homeless")
        count = "select count(*) from brandhound_logs.log_lines_details_rest"
        assert connection.execute(count).fetchone() == (1,)
        await keeping.make_partitions()
        assert connection.execute(count).fetchone() == (0,)
    assert left(database) == ["homeless"]


async def test_too_many_lines_for_the_disk_cost_the_oldest_weeks_and_operators_are_told(
    app: FastAPI, client: httpx.AsyncClient, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime.fromisoformat("2020-01-06T08:00:00+00:00")
    with psycopg.connect(database.url, autocommit=True) as connection:
        for monday in ("2020-01-06", "2020-01-13"):
            day = monday.replace("-", "")
            connection.execute(
                f"select make_log_partition('log_lines_details', 'log_lines_details_{day}', '{monday}')".encode()
            )
    await make_log_line(SYSTEM_ORGANIZATION, "oldest", at)
    await make_log_line(SYSTEM_ORGANIZATION, "older", at + timedelta(days=7))
    await make_log_line(SYSTEM_ORGANIZATION, "new")
    async with system_session() as db:
        used = sum(one.bytes for one in await keeping.partitions(db))
    monkeypatch.setattr(keeping, "limit_bytes", lambda: used - 1)
    assert await guard() == 1
    assert left(database) == ["new", "older"]
    assert await guard() == 0
    with psycopg.connect(database.url) as connection:
        connection.execute("select set_config('app.organization_id', %s, false)", [str(SYSTEM_ORGANIZATION)])
        told = connection.execute("select severity, body from notifications where kind = 'logs_dropped'").fetchall()
        connection.execute("delete from notifications where kind = 'logs_dropped'")
    assert [(severity, body[:28]) for severity, body in told] == [("warning", "Lines before 13 January 2020")]


async def test_a_week_that_is_too_large_by_itself_is_kept_and_operators_are_told(
    client: httpx.AsyncClient, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_log_line(SYSTEM_ORGANIZATION, "new")
    monkeypatch.setattr(keeping, "limit_bytes", lambda: 1)
    await guard()
    assert left(database) == ["new"]
    with psycopg.connect(database.url) as connection:
        told = connection.execute("delete from notifications where kind = 'logs_dropped' returning severity, title")
        assert told.fetchall() == [("critical", "This week's log lines alone take more room than there is for them")]


async def test_small_pages_become_few_and_nothing_is_lost_from_the_search(
    client: httpx.AsyncClient, database: TestDatabase, organization_id: UUID, other_organization_id: UUID
) -> None:
    at = clock.now() - timedelta(minutes=40)
    for number in range(30):
        await make_log_line(organization_id, f"mine {number}", at + timedelta(seconds=number))
        await make_log_line(other_organization_id, f"theirs {number}", at + timedelta(seconds=number))
    await make_log_line(organization_id, "mine too", level="error")
    await keeping.join_small_pages()
    with psycopg.connect(database.url) as connection:
        pages = connection.execute("select lines from log_pages order by lines").fetchall()
    assert len(pages) <= 5
    assert sum(lines for (lines,) in pages) == 61
    answer = (await client.get("/api/logs", params={"q": "mine"})).json()
    assert len(answer["items"]) == 31
    assert not any("theirs" in line["text"] for line in answer["items"])
    assert await keeping.join_small_pages() == 0


def test_partitions_are_no_hole_in_the_wall_and_a_hole_would_be_found(database: TestDatabase) -> None:
    with psycopg.connect(database.url) as connection:
        role = {"app": "brandhound_app"}
        assert connection.execute(HOLES.encode(), role).fetchall() == []
        connection.execute("grant usage on schema brandhound_logs to brandhound_app")
        connection.execute("grant select on brandhound_logs.log_lines_details_rest to brandhound_app")
        holes = connection.execute(HOLES.encode(), role).fetchall()
        connection.rollback()
    assert holes == [("brandhound_logs.log_lines_details_rest", "a partition can be reached past its table")]
