"""Old lines go: whole weeks at once where nobody keeps them, line by line where one organization keeps them shorter or longer."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from brandhound.admin.logs import keeping
from brandhound.admin.logs.jobs import guard
from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.settings import reload_settings
from brandhound.core.system import system_session
from brandhound.core.walls import HOLES
from tests.databases import TestDatabase
from tests.factories.things import make_log_line


@pytest.fixture(autouse=True)
def _later(database: TestDatabase) -> Generator[None]:
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from log_lines")
        connection.execute("delete from log_pages")
        connection.execute("delete from installation_facts where name = 'logs-thinned'")
        # A test before may have dropped the week that it is.
        connection.execute("set search_path = public")
        connection.execute("select make_log_partitions()")
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
    levels = ("debug", "info", "warning", "error")
    assert {name: usual[f"{name}_days"] for name in levels} == dict.fromkeys(levels)
    assert [usual[f"usual_{name}_days"] for name in levels] == [14, 14, 90, 90]
    assert (await client.put("/api/logs/retention", json={"info_days": 2})).status_code == 200
    assert (await other_client.put("/api/logs/retention", json={"info_days": 60})).status_code == 200
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
    assert (await client.put("/api/logs/retention", json={"error_days": 0})).status_code == 422


async def test_each_level_is_kept_for_its_own_time(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    database: TestDatabase,
    organization_id: UUID,
    other_organization_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BRANDHOUND_LOG_DAYS_DEBUG", "1")
    monkeypatch.setenv("BRANDHOUND_LOG_DAYS_ERRORS", "200")
    reload_settings()
    wish = {"debug_days": 30, "info_days": 3, "warning_days": 5, "error_days": 7}
    saved = (await client.put("/api/logs/retention", json=wish)).json()
    assert saved == wish | {f"usual_{name}_days": days for name, days in keeping.usual_days().items()}
    assert [saved["usual_debug_days"], saved["usual_error_days"]] == [1, 200]
    # At the beginning of a week, so that it is known when it is over.
    began = (clock.now() - timedelta(days=clock.now().weekday())).replace(hour=12)
    clock.freeze(began)
    for owner, name in ((organization_id, "own"), (other_organization_id, "usual")):
        for level in ("debug", "info", "warning", "error"):
            await make_log_line(owner, f"{name} {level}", level=level)

    async def left_after(days: int) -> list[str]:
        clock.freeze(began + timedelta(days=days))
        await keeping.let_go_of_old()
        lines = left(database)
        with psycopg.connect(database.url) as connection:
            words = connection.execute("select folded from log_pages order by folded").fetchall()
        # What can be found by its words is what is there.
        assert [str(folded).removesuffix(" {}") for (folded,) in words] == lines
        return lines

    usual = ["usual debug", "usual error", "usual info", "usual warning"]
    assert await left_after(4) == ["own debug", "own error", "own warning", *usual]
    assert await left_after(6) == ["own debug", "own error", *usual]
    # A week, and the day that everybody's debug lines are kept, have passed.
    assert await left_after(9) == ["own debug", *usual[1:]]
    assert await left_after(22) == ["own debug", "usual error", "usual warning"]
    assert await left_after(38) == ["usual error", "usual warning"]
    assert await left_after(98) == ["usual error"]
    assert await left_after(208) == []
    monkeypatch.undo()
    reload_settings()


async def test_nothing_is_read_through_again_that_was_let_go_of_today_and_late_lines_go_the_next_day(
    client: httpx.AsyncClient, database: TestDatabase, organization_id: UUID
) -> None:
    await client.put("/api/logs/retention", json={"info_days": 1})
    said_at = clock.now()
    await make_log_line(organization_id, "early")
    clock.freeze((said_at + timedelta(days=3)).replace(hour=8))
    assert (await keeping.let_go_of_old())[1] >= 2
    # As after an outage: a spool is brought in.
    await make_log_line(organization_id, "late", said_at)
    assert (await keeping.let_go_of_old())[1] == 0
    clock.advance(timedelta(days=1))
    await keeping.let_go_of_old()
    assert left(database) == []


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
    operator: httpx.AsyncClient, client: httpx.AsyncClient, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
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
    # Where they are anyway, and not in an organization that they would have to look into.
    (told,) = await dropped_notices(operator)
    assert (told["severity"], told["body"][:28], told["count"]) == ("warning", "Lines before 13 January 2020", 1)
    assert await dropped_notices(client) == []


async def dropped_notices(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/api/notifications", params={"kind": "logs_dropped"})).json()[
        "items"
    ]
    return found


async def test_a_week_that_is_too_large_by_itself_is_kept_and_operators_are_told(
    operator: httpx.AsyncClient, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_log_line(SYSTEM_ORGANIZATION, "new")
    monkeypatch.setattr(keeping, "limit_bytes", lambda: 1)
    await guard()
    assert left(database) == ["new"]
    (told,) = await dropped_notices(operator)
    assert told["severity"] == "critical"
    assert told["title"] == "This week's log lines alone take more room than there is for them"


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
