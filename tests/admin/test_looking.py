"""The operator's pages look at everything, and nobody else may."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.admin.growth import newest_migration
from brandhound.admin.pulsing import Pulse
from brandhound.admin.reading import looking, looking_at_server
from brandhound.core.system import system_session

PAGES = ("health", "processes", "queues", "database", "feeds", "errors", "metrics", "metrics/names", "alerts", "doctor")


async def test_only_operators_see_the_operators_pages(client: httpx.AsyncClient, operator: httpx.AsyncClient) -> None:
    for page in PAGES:
        assert (await client.get(f"/api/admin/{page}")).status_code == 403, page
        assert (await operator.get(f"/api/admin/{page}")).status_code == 200, page


async def test_health_says_of_each_part_how_it_is_and_what_to_do(operator: httpx.AsyncClient) -> None:
    told = (await operator.get("/api/admin/health")).json()
    parts = {part["name"]: part for part in told["parts"]}
    assert set(parts) >= {
        "web",
        "database",
        "workers",
        "queues",
        "scheduler",
        "feeds",
        "providers",
        "mail",
        "disk",
        "backup",
    }
    assert parts["workers"]["state"] == "critical"
    assert "brandhound worker" in parts["workers"]["what_to_do"]
    assert told["state"] == "critical"
    assert [part["name"] for part in parts.values() if part["state"] != "ok" and not part["what_to_do"]] == []


async def test_a_process_is_listed_while_it_lives_and_after_it_ended(operator: httpx.AsyncClient) -> None:
    pulse = Pulse("worker", "9.9", every=60)
    pulse.tell()

    async def mine() -> dict[str, object]:
        items = (await operator.get("/api/admin/processes")).json()["items"]
        return next(item for item in items if item["id"] == pulse.process_id)

    living = await mine()
    assert living["version"] == "9.9"
    assert living["ended_at"] is None
    assert int(str(living["rss_bytes"])) > 10_000_000
    pulse.start()
    pulse.stop()
    ended = await mine()
    assert ended["end_reason"] == "stopped"


async def test_a_process_that_says_nothing_any_more_counts_as_gone(operator: httpx.AsyncClient) -> None:
    dead, other = Pulse("worker", "1", every=60), Pulse("worker", "1", every=60)
    dead.tell()
    async with system_session() as db:
        await db.execute(
            text("update processes set seen_at = now() - interval '5 minutes' where id = :id"), {"id": dead.process_id}
        )
    other.tell()
    items = (await operator.get("/api/admin/processes")).json()["items"]
    assert next(item["end_reason"] for item in items if item["id"] == dead.process_id) == "gone"


async def test_a_failed_run_is_counted_by_class_and_organization(
    operator: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with system_session() as db:
        # What other tests let run would count.
        await db.execute(text("delete from runs where finished_at is not null"))
        await db.execute(
            text(
                "insert into runs (id, organization_id, job, title, queue, parameters, state, error_code, timeout_seconds,"
                " created_at, started_at, finished_at) values (gen_random_uuid(), :owner, 'feeds.refresh', 'Check', 'fetch',"
                " '{}', 'failed', 'tls', 5, now() - interval '90 seconds', now() - interval '30 seconds', now())"
            ),
            {"owner": organization_id},
        )
    told = (await operator.get("/api/admin/queues")).json()
    fetch = next(queue for queue in told["queues"] if queue["queue"] == "fetch")
    assert fetch["failed_last_hour"] >= 1
    assert 55 < fetch["wait_p95_seconds"] < 65
    assert ("tls", "feeds.refresh", 1) in [(one["code"], one["job"], one["runs"]) for one in told["failures"]]
    assert [one["failed"] for one in told["organizations"] if one["organization_id"] == str(organization_id)] == [1]


async def test_no_look_reads_through_all_runs() -> None:
    """With a million ended runs an unbounded read would take seconds, every minute."""
    from brandhound.admin import gauges, queues, slos

    indexed: dict[str, str] = {
        queues._STANDING: "ix_runs_active",  # pyright: ignore[reportPrivateUsage]
        queues._LAST_HOUR: "ix_runs_finished_at",  # pyright: ignore[reportPrivateUsage]
        queues._FAILURES.replace(":hours", "24"): "ix_runs_finished_at",  # pyright: ignore[reportPrivateUsage]
        queues._BY_ORGANIZATION: "ix_runs_finished_at",  # pyright: ignore[reportPrivateUsage]
        slos._RUNS.replace(":since", "now()").replace(":until", "now()").replace(":late", "60"): "ix_runs_finished_at",  # pyright: ignore[reportPrivateUsage]
        gauges._COUNTS: "ix_runs_dead",  # pyright: ignore[reportPrivateUsage]
    }
    async with looking() as db:
        # The tables of a test are so small that reading all of them is quicker; whether it must is the question.
        await db.execute(text("set local enable_seqscan = off"))
        for statement, index in indexed.items():
            plan = "\n".join(await db.scalars(text(f"explain {statement}")))
            assert index in plan, plan
            assert "Seq Scan on runs" not in plan, plan


async def test_the_database_is_looked_at_by_a_role_that_reads_no_row(operator: httpx.AsyncClient) -> None:
    told = (await operator.get("/api/admin/database")).json()
    assert told["asked_as"] == "brandhound_reader"
    assert told["sees_all"] is True
    assert told["migration"] == told["migration_needed"]
    assert any(table["name"] == "runs" and table["total_bytes"] > 0 for table in told["tables"])
    async with looking_at_server() as db:
        with pytest.raises(Exception, match="permission denied"):
            await db.execute(text("select * from organizations"))


async def test_looking_can_change_nothing_and_takes_no_longer_than_it_may() -> None:
    with pytest.raises(Exception, match="read-only"):
        async with looking() as db:
            await db.execute(text("delete from processes"))
    with pytest.raises(Exception, match="statement timeout"):
        async with looking(0.05) as db:
            await db.execute(text("select pg_sleep(1)"))


async def test_a_feed_that_fails_is_shown_across_organizations(operator: httpx.AsyncClient) -> None:
    async with system_session() as db:
        await db.execute(
            text(
                "insert into feed_documents (id, url, url_key, state, error_code, failing_since, private, title)"
                " values (gen_random_uuid(), 'https://a.example/f?key=own', gen_random_uuid()::text, 'failing', 'dns',"
                " now(), true, 'T')"
            )
        )
    told = (await operator.get("/api/admin/feeds")).json()
    assert told["states"]["failing"] >= 1
    assert any(code["code"] == "dns" for code in told["codes"])
    assert "key=own" not in str(told)
    assert all(item["what_to_do"] for item in told["items"])


async def test_whoever_asks_is_told_that_the_process_lives_and_is_ready(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/healthz")).json() == {"status": "alive"}
    ready = await anonymous.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "missing": None})


async def test_a_process_with_older_tables_is_not_ready(
    app: FastAPI, anonymous: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brandhound.admin.growth.newest_migration", lambda: "9999_later")
    ready = await anonymous.get("/readyz")
    assert (ready.status_code, ready.json()["missing"]) == (503, "migrations")


async def test_a_process_with_the_tables_of_a_later_release_is_ready(
    anonymous: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def later(_: object) -> dict[str, str]:
        return {"migration": "9999_later", "migration_needed": newest_migration()}

    monkeypatch.setattr("brandhound.app.operating_routes.migrations", later)
    ready = await anonymous.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


async def test_a_process_whose_database_is_away_is_alive_and_not_ready(
    app: FastAPI, anonymous: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brandhound.core import db

    monkeypatch.setattr(db, "sqlalchemy_url", lambda role: "postgresql+psycopg://x:x@127.0.0.1:9/x?connect_timeout=1")  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    await db.close_engines()
    ready = await anonymous.get("/readyz")
    assert (ready.status_code, ready.json()["missing"]) == (503, "database")
    assert (await anonymous.get("/healthz")).status_code == 200
    await db.close_engines()
