"""The Stories, Mentions and Report screens at a million mentions in twenty organizations: `python -m bench.screens`.

`python -m bench.screens 300000 FOLDER` takes fewer (50,000 an organization) and keeps the filled database in the folder.

Each query that these screens make runs as the product's role under row-level security and, in turn with it, as a role that
bypasses it with the organization written into the same SQL; neither is prepared, as in the product. The screens' addresses
are asked too. Prints JSON. Takes a few minutes.
"""

import asyncio
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import httpx
import psycopg
from sqlalchemy import Select, event
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.orm import with_loader_criteria

from bench.screens_filling import fill
from brandhound.app.preparing import prepare_database
from brandhound.app.web import create_app
from brandhound.core import live
from brandhound.core.addresses import database_url
from brandhound.core.db import TenantModel, close_engines, tenant_session
from brandhound.core.postgres import EmbeddedPostgres
from brandhound.core.settings import reload_settings
from brandhound.mentions import counts
from brandhound.mentions import reading as mention_reading
from brandhound.mentions.queries import MentionFilter, StoryFilter, mentions_statement, stories_statement
from brandhound.mentions.story_models import StoryBrand
from brandhound.reports import composing
from brandhound.reports import reading as report_reading
from brandhound.reports.listing import ReportFilter
from brandhound.reports.schemas import ReportWish
from tests.factories.people import make_person

MENTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
EACH = min(MENTIONS, 50_000)
ORGANIZATIONS = MENTIONS // EACH
ROUNDS = 40
QUICK_MS = 5
QUICK_ROUNDS = 400
DAYS = 365

Sql = tuple[str, dict[str, Any]]
Read = Callable[[Any], Awaitable[object]]


async def collected(organization_id: UUID, brand_id: UUID, report_id: UUID) -> dict[str, tuple[Sql, Sql]]:
    """The SQL of the screens as the product makes it, and the same with the organization written in."""
    now = datetime.now(UTC)
    month, year = now - timedelta(days=30), now - timedelta(days=DAYS)
    one = (brand_id,)
    selects: dict[str, Select[Any]] = {
        "stories": stories_statement(StoryFilter(), None, 30),
        "stories, second page far on": stories_statement(StoryFilter(until=now - timedelta(days=200)), None, 30),
        "stories of a brand": stories_statement(StoryFilter(brands=one), None, 30),
        "stories of a brand, negative": stories_statement(StoryFilter(brands=one, tones=("negative",)), None, 30),
        "stories, mixed and very sure": stories_statement(StoryFilter(tones=("mixed",), min_confidence=0.99), None, 30),
        "stories with words": stories_statement(StoryFilter(q="abc def"), None, 30),
        "stories with words that are nowhere": stories_statement(StoryFilter(q="zzzz"), None, 30),
        "doubtful stories": stories_statement(StoryFilter(view="doubtful"), None, 30),
        "starred stories": stories_statement(StoryFilter(view="starred"), None, 30),
        "mentions": mentions_statement(MentionFilter(), None, 50),
        "mentions of a brand, negative": mentions_statement(
            MentionFilter(one, "accepted", None, ("negative",)), None, 50
        ),
        "doubtful mentions": mentions_statement(MentionFilter(standing="doubtful", archived=False), None, 50),
        "mentions with words": mentions_statement(MentionFilter(q="abc def"), None, 50),
        "mentions with words that are nowhere": mentions_statement(MentionFilter(q="zzzz"), None, 50),
        "mentions of a brand with words that are nowhere": mentions_statement(MentionFilter(one, q="zzzz"), None, 50),
    }
    found = {name: both(statement, organization_id) for name, statement in selects.items()}
    async with tenant_session(organization_id) as db:
        page = await mention_reading.read_stories(db, StoryFilter(), None, 30)
        mention_id = page.items[0].mentions[0].id
    wish = wish_of()
    reads: dict[str, Read] = {
        "page of stories": lambda db: mention_reading.read_stories(db, StoryFilter(), None, 30),
        "counts of the views": mention_reading.read_counts,
        "a story": lambda db: mention_reading.read_story(db, page.items[0].id),
        "a mention": lambda db: mention_reading.read_mention(db, mention_id),
        "volume by day, 30 days": lambda db: counts.volume_by_day(db, month, now, "Europe/Berlin"),
        "volume by day, a year": lambda db: counts.volume_by_day(db, year, now, "Europe/Berlin"),
        "share of voice, 30 days": lambda db: counts.share_of_voice(db, month, now),
        "tones, a year": lambda db: counts.tone_shares(db, year, now),
        "outlets, 30 days": lambda db: counts.outlets(db, month, now),
        "top stories, 30 days": lambda db: counts.top_stories(db, month, now),
        "preview of a report, 30 days": lambda db: composing.compose_document(db, wish, now),
        "list of reports": lambda db: report_reading.page_of_reports(db, ReportFilter(), None, 50),
        "a report": lambda db: report_reading.read_report(db, report_id),
        "evidence": lambda db: report_reading.read_evidence(db, report_id, "mentions", None, 50),
        "evidence of a day": lambda db: report_reading.read_evidence(
            db, report_id, f"volume:{wish.since_on}:{brand_id}", None, 50
        ),
    }
    for name, read in reads.items():
        statements = await caught(organization_id, read)
        for number, statement in enumerate(statements, 1):
            label = f"{name} ({number} of {len(statements)})" if len(statements) > 1 else name
            found[label] = both(statement, organization_id)
    return found


async def caught(organization_id: UUID, read: Read) -> list[Select[Any]]:
    """What a function asks the database."""
    statements: list[Select[Any]] = []

    def catch(_1: Any, element: Any, *_: Any) -> None:
        if isinstance(element, Select):
            statements.append(cast("Select[Any]", element))

    async with tenant_session(organization_id) as db:
        connection = await db.connection()
        event.listen(connection.sync_connection, "before_execute", catch)
        await read(db)
        event.remove(connection.sync_connection, "before_execute", catch)
    return statements


def both(statement: Select[Any], organization_id: UUID) -> tuple[Sql, Sql]:
    """The SQL, and the same as one would write it without row-level security."""
    bases: tuple[type[Any], ...] = (TenantModel, StoryBrand)
    mine = [
        with_loader_criteria(base, lambda table: table.organization_id == organization_id, include_aliases=True)
        for base in bases
    ]
    return written(statement), written(statement.options(*mine))


def written(statement: Select[Any]) -> Sql:
    dialect: Any = psycopg_dialect.dialect()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), dict(compiled.params)


def compare(queries: dict[str, tuple[Sql, Sql]], organization_id: UUID, admin: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    with (
        psycopg.connect(database_url("app"), prepare_threshold=None) as app,
        psycopg.connect(admin, prepare_threshold=None) as bypass,
    ):
        app.execute("select set_config('app.organization_id', %s, false)", (str(organization_id),))
        for name, (walled, free) in queries.items():
            times: dict[str, list[float]] = {"rls": [], "without": []}
            answers: set[int] = set()
            sides = [("rls", app, walled), ("without", bypass, free)]
            rounds = ROUNDS
            while len(times["rls"]) < rounds:
                for key, connection, (query, values) in sides:
                    began = time.perf_counter()
                    rows = connection.execute(cast("LiteralString", query), values).fetchall()
                    times[key].append((time.perf_counter() - began) * 1000)
                    answers.add(len(rows))
                # Who comes second finds the pages in the processor's memory.
                sides.reverse()
                if len(times["rls"]) == ROUNDS and statistics.median(times["rls"]) < QUICK_MS:
                    rounds = QUICK_ROUNDS
            assert len(answers) == 1, (name, answers)
            mine, bare = (statistics.median(times[key]) for key in ("rls", "without"))
            result[name] = {
                "rls_p50_ms": round(mine, 2),
                "rls_p95_ms": round(statistics.quantiles(times["rls"], n=20)[-1], 2),
                "without_p50_ms": round(bare, 2),
                "ratio": round(mine / bare, 2),
            }
    return result


def wish_of() -> ReportWish:
    """Thirty days of all brands against the thirty before."""
    today = datetime.now(UTC).date()
    return ReportWish(since_on=today - timedelta(days=29), until_on=today)


async def asked(client: httpx.AsyncClient, brand_id: UUID, report_id: UUID) -> dict[str, Any]:
    """The screens' addresses, as the browser asks for them."""
    month = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    brand = str(brand_id)
    first = (await client.get("/api/stories")).json()["items"][0]
    preview = wish_of().model_dump(mode="json")
    report = f"/api/reports/{report_id}"
    addresses: dict[str, tuple[str, dict[str, Any]]] = {
        "/api/stories": ("/api/stories", {}),
        "/api/stories brand": ("/api/stories", {"brand": brand}),
        "/api/stories q": ("/api/stories", {"q": "zzzz"}),
        "/api/stories brand tone min_confidence": (
            "/api/stories",
            {"brand": brand, "tone": "mixed", "min_confidence": 0.95},
        ),
        "/api/stories tone min_confidence": ("/api/stories", {"tone": "mixed", "min_confidence": 0.99}),
        "/api/stories/counts": ("/api/stories/counts", {}),
        "/api/stories/{id}": (f"/api/stories/{first['id']}", {}),
        "/api/mentions since": ("/api/mentions", {"since": month}),
        "/api/mentions doubtful": ("/api/mentions", {"standing": "doubtful", "archived": False}),
        "/api/mentions q": ("/api/mentions", {"q": "zzzz"}),
        "/api/mentions brand q": ("/api/mentions", {"brand": brand, "q": "zzzz"}),
        "/api/mentions/{id}": (f"/api/mentions/{first['mentions'][0]['id']}", {}),
        "/api/articles/{id}": (f"/api/articles/{first['headline']['article_id']}", {}),
        "/api/voices": ("/api/voices", {}),
        "/api/brands/{id}/voice": (f"/api/brands/{brand}/voice", {}),
        "/api/brands/{id}/authors": (f"/api/brands/{brand}/authors", {}),
        "/api/reports": ("/api/reports", {}),
        "/api/reports/{id}": (report, {}),
        "/api/reports/{id}/evidence figure": (f"{report}/evidence", {"figure": "mentions"}),
        "/api/reports/{id}/charts/volume.svg": (f"{report}/charts/volume.svg", {}),
        "POST /api/reports/preview": ("/api/reports/preview", preview),
    }
    result: dict[str, Any] = {}
    for label, (path, wanted) in addresses.items():
        times: list[float] = []
        worked: list[float] = []
        for _ in range(ROUNDS):
            began, at_work = time.perf_counter(), time.process_time()
            answer = await (
                client.post(path, json=wanted) if label.startswith("POST") else client.get(path, params=wanted)
            )
            times.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - at_work) * 1000)
            assert answer.status_code == 200, answer.text
        p95, p95_at_work = statistics.quantiles(times, n=20)[-1], statistics.quantiles(worked, n=20)[-1]
        result[label] = {
            "p50_ms": round(statistics.median(times), 1),
            "p95_ms": round(p95, 1),
            # Of this process: the client's share is in it, the database's is not. A busy machine hardly changes it.
            "cpu_p50_ms": round(statistics.median(worked), 1),
            "cpu_p95_ms": round(p95_at_work, 1),
        }
    return result


@contextmanager
def server(folder: Path, **more: str) -> Generator[str]:
    """A server of our own with the product's tables; the settings point at it."""
    embedded = EmbeddedPostgres(folder / "postgres", {"shared_buffers": "512MB", "fsync": "off", **more}).start()
    os.environ["DATABASE_URL"] = url = embedded.url()
    os.environ["BRANDHOUND_DATA_DIR"] = str(folder)
    reload_settings()
    prepare_database()
    try:
        yield url
    finally:
        embedded.stop()


async def measure(url: str) -> dict[str, Any]:
    with psycopg.connect(url) as owner:
        row = owner.execute("select organization_id, count(*) from brands group by 1 order by 1 limit 1").fetchone()
    if row is None:
        for _ in range(ORGANIZATIONS):
            await make_person()
        fill(url, EACH)
    with psycopg.connect(url) as owner:
        found = owner.execute(
            "select organization_id, id from brands where name = 'Brand 7' order by 1 desc limit 1"
        ).fetchone()
    assert found is not None
    organization_id, brand_id = found
    result: dict[str, Any] = {
        "bench": "screens",
        "mentions": MENTIONS,
        "organizations": ORGANIZATIONS,
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "load_before": os.getloadavg()[0],
    }
    _, _, cookie = await make_person(organization_id)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app()),
        base_url="http://bench.test",
        cookies={"brandhound_session": cookie},
    ) as client:
        made = await client.post("/api/reports", json=wish_of().model_dump(mode="json"))
        assert made.status_code == 201, made.text
        report_id = UUID(made.json()["id"])
        # As `app.serving` does.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)
        queries = await collected(organization_id, brand_id, report_id)
        result["queries"] = compare(queries, organization_id, url)
        result["addresses"] = await asked(client, brand_id, report_id)
    live.drain()
    await close_engines()
    return result


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        # The server runs as a user of its own where this one is root.
        Path(temporary).chmod(0o755)
        # What the product itself says goes to the other stream: this one is read by programs.
        with redirect_stdout(sys.stderr), server(folder) as url:
            result = asyncio.run(measure(url))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
