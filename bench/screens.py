"""The Stories, Mentions and Report screens at a million mentions in twenty organizations: `python -m bench.screens`.

`python -m bench.screens 300000 FOLDER` takes fewer (50,000 an organization) and keeps the filled database in the folder.

Each query runs as the product's role under row-level security and, interleaved with it, as a role that bypasses it with
the organization written into the same SQL. The screens' addresses are asked too. Prints JSON. Takes a few minutes.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import httpx
import psycopg
from sqlalchemy import Select, event
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect

from brandhound.app.preparing import prepare_database
from brandhound.core import live
from brandhound.core.addresses import database_url
from brandhound.core.db import close_engines, tenant_session
from brandhound.core.postgres import EmbeddedPostgres
from brandhound.core.settings import reload_settings
from brandhound.mentions import counts
from brandhound.mentions.queries import MentionFilter, StoryFilter, mentions_statement, stories_statement
from tests.factories.people import make_person

MENTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
Sql = tuple[str, dict[str, Any]]

ROUNDS = 40
DAYS = 365
EACH = min(MENTIONS, 50_000)
ORGANIZATIONS = MENTIONS // EACH

# A third of the articles belong to the story of another one; nine mentions in ten are accepted; 60 outlets.
FILL: list[LiteralString] = [
    """insert into brands (id, organization_id, name, name_key, kind, color, created_at, updated_at)
       select gen_random_uuid(), o.id, 'Brand ' || n, 'brand ' || n, case when n = 1 then 'own' else 'competitor' end,
              '#336699', now(), now()
       from organizations o, generate_series(1, 8) n where o.id <> '00000000-0000-0000-0000-000000000000'""",
    """create temp table numbered as
       select n, gen_random_uuid() as article_id, now() - random() * interval '365 days' as at,
              'outlet ' || (power(random(), 2) * 60)::int as outlet,
              (n * 2 / 3) as story, 1 + (power(random(), 1.7) * 7)::int as brand, random() as luck,
              md5(n::text) || ' ' || md5((n * 7)::text) as words
       from generate_series(1, %(each)s) n""",
    """insert into articles (id, url, url_key, site, outlet, title, state, first_seen_at)
       select article_id, 'https://x.example/' || n, 'https://x.example/' || n, 'x.example', outlet, words, 'fetched', at
       from numbered""",
    """create temp table told as
       select o.id as organization_id, story, gen_random_uuid() as story_id, min(at) as first_at, max(at) as last_at,
              count(*) as articles, (array_agg(article_id order by at))[1] as headline, min(words) as title,
              count(distinct outlet) as outlets, array_agg(distinct brand) as brands, max(luck) as luck
       from numbered, organizations o where o.id <> '00000000-0000-0000-0000-000000000000' group by 1, 2""",
    """insert into stories (id, organization_id, title, headline_article_id, first_published_at, last_published_at,
              articles, outlets, mentions, standing, confidence, doubtful, brand_ids, tones, search_text, starred)
       select story_id, t.organization_id, title, headline, first_at, last_at, articles, outlets, articles,
              case when luck > .1 then 'accepted' when luck > .03 then 'doubtful' else 'rejected' end, luck, luck < .2,
              (select array_agg(b.id) from brands b where b.organization_id = t.organization_id
               and b.name = any (select 'Brand ' || x from unnest(t.brands) x)),
              array['positive', 'neutral', 'negative'], title, luck > .995
       from told t order by last_at""",
    """insert into story_articles (id, organization_id, story_id, article_id, published_at, title, url, outlet, site)
       select gen_random_uuid(), t.organization_id, t.story_id, n.article_id, n.at, n.words, 'https://x.example/', n.outlet,
              'x.example'
       from numbered n join told t using (story)""",
    """insert into mentions (id, organization_id, brand_id, article_id, story_id, confidence, standing, salience, tone,
              published_at, outlet, site, title, url, search_text, reasons, evidence, tone_quote)
       select gen_random_uuid(), t.organization_id, b.id, n.article_id, t.story_id, n.luck,
              case when n.luck > .1 then 'accepted' when n.luck > .03 then 'doubtful' else 'rejected' end, 'subject',
              (array['positive','neutral','neutral','neutral','negative','mixed','unclear'])[1 + (n.luck * 977)::int % 7],
              n.at, n.outlet, 'x.example', n.words, 'https://x.example/', n.words || ' | ' || n.outlet,
              jsonb_build_array(jsonb_build_object('code', 'whole-name', 'text', 'The whole name stands in the text',
                                                   'weight', 2.0)),
              jsonb_build_array(jsonb_build_object('start', 0, 'end', 7, 'surface', 'Brand 1', 'sentence_start', 0,
                                                   'sentence_end', 60, 'field', 'text')),
              repeat('a sentence of the article ', 4)
       from numbered n join told t using (story)
       join brands b on b.organization_id = t.organization_id and b.name = 'Brand ' || n.brand order by n.at""",
    "analyze",
]


WITHOUT_REFERENCES: LiteralString = """
    do $$ declare one record; begin
      for one in select conrelid::regclass as held_by, conname from pg_constraint where contype = 'f'
        and conrelid::regclass::text in ('stories', 'story_articles', 'mentions')
      loop execute format('alter table %s drop constraint %I', one.held_by, one.conname); end loop;
    end $$"""


def fill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        # Made-up rows need no checking of references, which would take minutes.
        connection.execute(WITHOUT_REFERENCES)
        for statement in FILL:
            began = time.perf_counter()
            connection.execute(statement, {"each": EACH} if "%(each)s" in statement else None)
            print(f"{statement.split()[:3]}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        connection.execute("vacuum analyze")


async def collected(organization_id: UUID, brand_id: UUID) -> dict[str, Sql]:
    """The SQL of the screens as the product makes it, with its values."""
    now = datetime.now(UTC)
    month, year = now - timedelta(days=30), now - timedelta(days=DAYS)
    selects: dict[str, Select[Any]] = {
        "stories": stories_statement(StoryFilter(), None, 30),
        "stories, second page far on": stories_statement(StoryFilter(until=now - timedelta(days=200)), None, 30),
        "stories of a brand": stories_statement(StoryFilter(brands=(brand_id,)), None, 30),
        "stories of a brand, negative": stories_statement(
            StoryFilter(brands=(brand_id,), tones=("negative",)), None, 30
        ),
        "stories, mixed and very sure": stories_statement(StoryFilter(tones=("mixed",), min_confidence=0.99), None, 30),
        "stories with words": stories_statement(StoryFilter(q="abc def"), None, 30),
        "stories with words that are nowhere": stories_statement(StoryFilter(q="zzzz"), None, 30),
        "doubtful stories": stories_statement(StoryFilter(view="doubtful"), None, 30),
        "starred stories": stories_statement(StoryFilter(view="starred"), None, 30),
        "mentions": mentions_statement(MentionFilter(), None, 50),
        "mentions of a brand, negative": mentions_statement(
            MentionFilter((brand_id,), "accepted", None, ("negative",)), None, 50
        ),
        "mentions with words that are nowhere": mentions_statement(MentionFilter(q="zzzz"), None, 50),
    }
    found = {name: written(statement) for name, statement in selects.items()}
    reads: dict[str, Callable[[Any], Awaitable[object]]] = {
        "volume by day, 30 days": lambda db: counts.volume_by_day(db, month, now, "Europe/Berlin"),
        "volume by day, a year": lambda db: counts.volume_by_day(db, year, now, "Europe/Berlin"),
        "share of voice, 30 days": lambda db: counts.share_of_voice(db, month, now),
        "tones, a year": lambda db: counts.tone_shares(db, year, now),
        "outlets, 30 days": lambda db: counts.outlets(db, month, now),
        "top stories, 30 days": lambda db: counts.top_stories(db, month, now),
    }
    for name, read in reads.items():
        async with tenant_session(organization_id) as db:
            caught: list[Sql] = []

            def catch(_1: Any, element: Any, *_: Any, caught: list[Sql] = caught) -> None:
                if isinstance(element, Select):
                    caught.append(written(cast("Select[Any]", element)))

            connection = await db.connection()
            event.listen(connection.sync_connection, "before_execute", catch)
            await read(db)
            event.remove(connection.sync_connection, "before_execute", catch)
            found[name] = caught[-1]
    return found


def written(statement: Select[Any]) -> Sql:
    dialect: Any = psycopg_dialect.dialect()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), dict(compiled.params)


def without_wall(query: str, organization_id: UUID) -> str:
    """The same SQL with the organization written in, as one would write it without row-level security."""
    mine = f"organization_id = '{organization_id}' and "
    table = "stories" if "FROM stories" in query else "mentions"
    # Not the WHERE of a FILTER.
    query = query.replace("\nWHERE ", f"\nWHERE {table}.{mine}", 1) if table == "mentions" else query
    if table == "stories":
        outer, found, inner = query.partition("IN (SELECT mentions")
        outer = outer.replace("WHERE ", f"WHERE stories.{mine}", 1)
        inner = inner.replace("WHERE ", f"WHERE mentions.{mine}", 1)
        query = outer + found + inner
    return query


def compare(queries: dict[str, Sql], organization_id: UUID, admin: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    with psycopg.connect(database_url("app")) as app, psycopg.connect(admin) as bypass:
        app.execute("select set_config('app.organization_id', %s, false)", (str(organization_id),))
        for name, (query, values) in queries.items():
            free = without_wall(query, organization_id)
            times: dict[str, list[float]] = {"rls": [], "without": []}
            sizes: set[int] = set()
            for _ in range(ROUNDS):
                for key, connection, sql in (("rls", app, query), ("without", bypass, free)):
                    began = time.perf_counter()
                    rows = connection.execute(cast("LiteralString", sql), values).fetchall()
                    times[key].append((time.perf_counter() - began) * 1000)
                    sizes.add(len(rows))
            assert len(sizes) == 1, (name, sizes)
            walled, bare = (statistics.median(times[key]) for key in ("rls", "without"))
            result[name] = {
                "rls_p50_ms": round(walled, 2),
                "rls_p95_ms": round(statistics.quantiles(times["rls"], n=20)[-1], 2),
                "without_p50_ms": round(bare, 2),
                "ratio": round(walled / bare, 2),
            }
    return result


async def asked(organization_id: UUID, brand_id: UUID) -> dict[str, Any]:
    """The screens' addresses, as the browser asks for them."""
    from brandhound.app.web import create_app

    _, _, cookie = await make_person(organization_id)
    month = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    addresses: dict[str, dict[str, Any]] = {
        "/api/stories": {},
        "/api/stories ": {"brand": str(brand_id)},
        "/api/stories  ": {"q": "zzzz"},
        "/api/stories   ": {"brand": str(brand_id), "tone": "mixed", "min_confidence": 0.95},
        "/api/stories/counts": {},
        "/api/mentions": {"since": month},
        "/api/mentions ": {"q": "zzzz"},
    }
    result: dict[str, Any] = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app()),
        base_url="http://bench.test",
        cookies={"brandhound_session": cookie},
    ) as client:
        for path, wanted in addresses.items():
            times: list[float] = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                answer = await client.get(path.strip(), params=wanted)
                times.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.text
            label = path.strip() + "".join(f" {key}" for key in wanted)
            p95 = statistics.quantiles(times, n=20)[-1]
            result[label] = {"p50_ms": round(statistics.median(times), 1), "p95_ms": round(p95, 1)}
    return result


@contextmanager
def server(folder: Path) -> Generator[str]:
    """A server of our own with the product's tables; the settings point at it."""
    embedded = EmbeddedPostgres(folder / "postgres", {"shared_buffers": "512MB", "fsync": "off"}).start()
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
        fill(url)
    with psycopg.connect(url) as owner:
        found = owner.execute(
            "select organization_id, id from brands where name = 'Brand 7' order by 1 desc limit 1"
        ).fetchone()
    assert found is not None
    organization_id, brand_id = found
    queries = await collected(organization_id, brand_id)
    result: dict[str, Any] = {"bench": "screens", "mentions": MENTIONS, "organizations": ORGANIZATIONS}
    result["queries"] = compare(queries, organization_id, url)
    result["addresses"] = await asked(organization_id, brand_id)
    live.drain()
    await close_engines()
    return result


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with server(folder) as url:
            print(json.dumps(asyncio.run(measure(url)), indent=1))


if __name__ == "__main__":
    main()
