"""The Ads screen at 10,000 ads of 365 days in twenty organizations: `python -m bench.ads_screen`.

`python -m bench.ads_screen 2000 FOLDER` takes fewer ads and keeps the filled database in the folder. The ads are all in the
organization that is asked (3.65 million days); the nineteen others have a fiftieth of them each.

Each query that the screen makes runs as the product's role under row-level security and, in turn with it, as a role that
bypasses it with the organization written into the same SQL; neither is prepared, as in the product. The screen's addresses are
asked too, and the job that sums and judges after a sync is timed once. Prints JSON; takes about five minutes.
"""

import asyncio
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import httpx
import psycopg
from psycopg import sql
from sqlalchemy import Select
from sqlalchemy.orm import with_loader_criteria

from bench.screens import ROUNDS, Sql, caught, compare, server, written
from brandhound.ads.exchange_rates.models import ExchangeRate
from brandhound.ads.fact_models import AdDailyFact, AdFigures
from brandhound.ads.standings import changing, grouping, opening, showing
from brandhound.ads.standings.adding_up_converted import AccountDays, Counting, added_up
from brandhound.ads.standings.asking import AdFilter
from brandhound.ads.standings.converted_models import AdConvertedAccount, AdConvertedSums
from brandhound.ads.standings.diagnosing_accounts import diagnose_account
from brandhound.ads.standings.landing import landing_pages
from brandhound.ads.standings.models import AdBaseline, AdVerdict, AdWindowSums
from brandhound.app.web import create_app
from brandhound.core import live
from brandhound.core.clock import now
from brandhound.core.db import TenantModel, close_engines, tenant_session
from tests.factories.people import make_person

ADS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 10_000
ORGANIZATIONS = 20
DAYS = 365
PERFORMANCE = showing.PRESETS["performance"]
# Nothing that is filled needs to outlive the machine, and nobody tidies up behind it meanwhile.
FILLED_AT_ONCE = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "full_page_writes": "off",
    "max_wal_size": "32GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
}

FILL: list[LiteralString] = [
    """create temp table homes as
       select id as organization_id, row_number() over (order by id) as place,
              case when row_number() over (order by id) = 1 then %(ads)s else %(ads)s / 50 end as ads
       from organizations where id <> '00000000-0000-0000-0000-000000000000'""",
    """insert into ad_accounts (id, organization_id, platform, external_id, name, currency, time_zone)
       select gen_random_uuid(), organization_id, 'meta', 'act_1', 'Shop', 'USD', 'UTC' from homes""",
    """insert into ad_campaigns (id, organization_id, account_id, external_id, name, objective, seen_at)
       select gen_random_uuid(), a.organization_id, a.id, 'c' || n, 'Campaign ' || n, 'OUTCOME_SALES', now()
       from ad_accounts a, generate_series(1, 40) n""",
    """insert into ad_creatives (id, organization_id, account_id, external_id, version, seen_at)
       select gen_random_uuid(), a.organization_id, a.id, 'k' || n, 1, now()
       from homes h join ad_accounts a using (organization_id), generate_series(1, %(ads)s) n where n <= h.ads""",
    """insert into ad_creative_versions (id, organization_id, creative_id, number, content_hash, format, link, spec, seen_from)
       select gen_random_uuid(), organization_id, id, 1, external_id, 'video',
              'https://shop.example/' || length(external_id) || '?a', '{}', now() from ad_creatives""",
    """insert into ad_assets (id, organization_id, account_id, kind, external_id, state, sha256, created_at)
       select gen_random_uuid(), organization_id, account_id, 'video', external_id, 'downloaded', 'x', now() from ad_creatives""",
    """insert into ad_creative_assets (id, organization_id, creative_id, asset_id, role)
       select gen_random_uuid(), c.organization_id, c.id, s.id, 'video'
       from ad_creatives c join ad_assets s using (organization_id, account_id, external_id)""",
    "analyze",
    """insert into ads (id, organization_id, account_id, campaign_id, creative_id, external_id, name, effective_status, seen_at)
       select gen_random_uuid(), c.organization_id, c.account_id, c.id, k.id, 'a' || n, 'Ad ' || n || ' ' || md5(n::text),
              case when n %% 3 = 0 then 'PAUSED' else 'ACTIVE' end, now()
       from homes h join generate_series(1, %(ads)s) n on n <= h.ads
       join ad_campaigns c on c.organization_id = h.organization_id and c.external_id = 'c' || (1 + n %% 40)
       join ad_creatives k on k.organization_id = h.organization_id and k.external_id = 'k' || n""",
]

# Rows that the server makes itself need not be read from a COPY; half of them each of two connections.
FACTS: LiteralString = """
    insert into ad_daily_facts (organization_id, ad_account_id, ad_id, day, spend_micros, impressions, reach, clicks,
           link_clicks, plays, views_3s, thruplays, p100, watch_seconds_avg, landing_page_views, adds_to_cart, checkouts,
           purchases, purchase_value_micros, observed_at, source)
    select organization_id, account_id, id, current_date - d, shown * 10000, shown, shown * 9 / 10, shown / 60, shown / 80,
           shown, shown / 4, shown / 12, shown / 40, 4, shown / 100, shown / 800, shown / 1200, shown / 2500,
           shown / 2500 * 60000000, now(), 'meta'
    from (select a.organization_id, account_id, a.id, d, (power(random(), 3) * 9000)::bigint + 20 as shown
          from (select ads.*, row_number() over (order by id) as place from ads) a, generate_series(1, %(days)s) d
          where a.place %% 2 = %(half)s) made"""

RATES: LiteralString = """
    insert into exchange_rates (organization_id, currency, day, base, rate, source, brought_at)
    select %s, 'USD', current_date - d, 'EUR', 1 + 0.001 * d, 'bench', now() from generate_series(0, 400) d
    where extract(isodow from current_date - d) < 6 on conflict do nothing"""

Read = Callable[[Any], Awaitable[object]]

OF_A_PAGE = ("those of a page (2)", "those of a page (3)")
"""For these the product asks for hash joins."""


def fill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FILL:
            values = {"ads": ADS} if "%" in statement else None
            did(statement, partial(connection.execute, statement, values))
        # Each index is sorted once when all rows are there, and the references are checked at once.
        constraints = connection.execute(
            "select conname, pg_get_constraintdef(oid) from pg_constraint where contype in ('p', 'f')"
            " and conrelid = 'ad_daily_facts'::regclass order by contype desc"
        ).fetchall()
        indexes = connection.execute(
            "select indexname, indexdef from pg_indexes where tablename = 'ad_daily_facts' and indexname not like 'pk%'"
        ).fetchall()
        for name, _ in constraints:
            connection.execute(sql.SQL("alter table ad_daily_facts drop constraint {}").format(sql.Identifier(name)))
        for name, _ in indexes:
            connection.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
        with ThreadPoolExecutor(2) as two:
            did("facts", lambda: list(two.map(partial(half_of_facts, url), (0, 1))))
        connection.execute("set maintenance_work_mem = '1GB'")
        again = [definition for _, definition in indexes]
        again += [f"alter table ad_daily_facts add constraint {name} {definition}" for name, definition in constraints]
        for statement in again:
            did(statement, partial(connection.execute, cast("LiteralString", statement)))
        did("analyze", lambda: connection.execute("analyze"))


def half_of_facts(url: str, half: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute(FACTS, {"half": half, "days": DAYS})


def did(what: str, do: Callable[[], object]) -> None:
    began = time.perf_counter()
    do()
    print(f"{time.perf_counter() - began:6.1f} s  {' '.join(what.split())[:60]}", file=sys.stderr)


def both(statement: Select[Any], organization_id: UUID) -> tuple[Sql, Sql]:
    """The SQL, and the same as one would write it without row-level security."""
    bases: tuple[type[Any], ...] = (
        TenantModel, AdWindowSums, AdVerdict, AdBaseline, AdDailyFact, ExchangeRate, AdConvertedSums, AdConvertedAccount,
        AdFigures,
    )  # fmt: skip
    mine = [
        with_loader_criteria(base, lambda table: table.organization_id == organization_id, include_aliases=True)
        for base in bases
    ]
    return written(statement), written(statement.options(*mine))


async def collected(organization_id: UUID, ad_id: UUID) -> dict[str, tuple[Sql, Sql]]:
    reads: dict[str, Read] = {
        "page by spend": lambda db: showing.read_ads(db, AdFilter(), PERFORMANCE, "-spend", 0, 100),
        "page by return, far on": lambda db: showing.read_ads(db, AdFilter(), PERFORMANCE, "-roas", ADS // 2, 100),
        "page of what is critical": lambda db: showing.read_ads(
            db, AdFilter(health="critical"), PERFORMANCE, "-spend", 0, 100
        ),
        "page with words that are nowhere": lambda db: showing.read_ads(
            db, AdFilter(q="zzzz"), PERFORMANCE, "-spend", 0, 100
        ),
        "page in another currency": lambda db: showing.read_ads(db, AdFilter(), PERFORMANCE, "-spend", 0, 100, "EUR"),
        "page in another currency, 90 days": lambda db: showing.read_ads(
            db, AdFilter(90), PERFORMANCE, "-spend", 0, 100, "EUR"
        ),
        "those of a page": lambda db: showing.read_ads(
            db, AdFilter(page="https://shop.example/5"), PERFORMANCE, "-spend", 0, 100
        ),
        "pages": lambda db: grouping.read_pages(db, AdFilter(), PERFORMANCE, "-spend"),
        "pages in another currency": lambda db: grouping.read_pages(db, AdFilter(), PERFORMANCE, "-spend", "EUR"),
        "list of pages": lambda db: landing_pages(db, 28),
        "what changed": lambda db: changing.read_changes(db, None, None),
        "an ad": lambda db: opening.read_ad(db, ad_id),
    }
    found: dict[str, tuple[Sql, Sql]] = {}
    for name, read in reads.items():
        for number, statement in enumerate(await caught(organization_id, read), 1):
            found[f"{name} ({number})"] = both(statement, organization_id)
    return found


async def asked(client: httpx.AsyncClient, ad_id: UUID) -> dict[str, Any]:
    """The screen's addresses, as the browser asks for them."""
    addresses: dict[str, tuple[str, dict[str, Any]]] = {
        "/api/ads": ("/api/ads", {}),
        "/api/ads sort": ("/api/ads", {"sort": "-roas", "offset": ADS // 2}),
        "/api/ads 90 days": ("/api/ads", {"window": 90}),
        "/api/ads health": ("/api/ads", {"health": "critical"}),
        "/api/ads q": ("/api/ads", {"q": "ab12"}),
        "/api/ads in EUR": ("/api/ads", {"show_in": "EUR"}),
        "/api/ads in EUR 90 days": ("/api/ads", {"show_in": "EUR", "window": 90}),
        "/api/ads in EUR by return": ("/api/ads", {"show_in": "EUR", "sort": "-roas", "offset": ADS // 2}),
        "/api/ads page": ("/api/ads", {"page": "https://shop.example/5"}),
        "/api/ads/pages": ("/api/ads/pages", {}),
        "/api/ads/by-page": ("/api/ads/by-page", {}),
        "/api/ads/by-page in EUR": ("/api/ads/by-page", {"show_in": "EUR"}),
        "/api/ads/{id} in EUR": (f"/api/ads/{ad_id}", {"show_in": "EUR"}),
        "/api/ads/changes in EUR": ("/api/ads/changes", {"show_in": "EUR"}),
        "/api/ads name": ("/api/ads", {"sort": "name", "offset": ADS // 2}),
        "/api/ads/changes": ("/api/ads/changes", {}),
        "/api/ads/{id}": (f"/api/ads/{ad_id}", {}),
    }
    result: dict[str, Any] = {}
    for label, (path, wanted) in addresses.items():
        times: list[float] = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = await client.get(path, params=wanted)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
        p95 = statistics.quantiles(times, n=20)[-1]
        result[label] = {"p50_ms": round(statistics.median(times), 1), "p95_ms": round(p95, 1)}
    return result


async def first_asked(client: httpx.AsyncClient, owner: psycopg.Connection[Any]) -> dict[str, float]:
    """The median of five answers of which each comes first after a rate was changed: the days are added up for it."""
    found: dict[str, float] = {}
    for window in (28, 90):
        times: list[float] = []
        for number in range(5):
            owner.execute("update exchange_rates set rate = rate + 0.0001 where day > current_date - 20")
            if number == 0:
                owner.execute("vacuum analyze ad_converted_sums, ad_converted_accounts, ad_figures, exchange_rates")
            began = time.perf_counter()
            answer = await client.get("/api/ads", params={"show_in": "EUR", "window": window})
            times.append((time.perf_counter() - began) * 1000)
            assert answer.json()["shown_in"]["rates"], answer.text
        found[f"{window} days"] = round(statistics.median(times), 1)
    owner.execute("vacuum analyze ad_converted_sums, ad_converted_accounts, ad_figures, exchange_rates")
    return found


def adding_up(organization_id: UUID, account_id: UUID, url: str) -> dict[str, Any]:
    """What adds days up in another currency, which is done once after a change of figures or rates."""
    queries: dict[str, tuple[Sql, Sql]] = {}
    until = datetime.now(UTC).date() - timedelta(days=1)
    for name, window, is_summed in (("28 days", 28, True), ("90 days", 90, True), ("28 days, counts too", 28, False)):
        account = AccountDays(account_id, "USD", until - timedelta(days=window - 1), until)
        series = tuple(0.9 + 0.001 * at for at in range(window))
        statement = added_up([Counting(account, series, "", 0, is_summed)], window, "EUR")
        queries[name] = both(statement, organization_id)
    return compared(queries, organization_id, url, "-c enable_nestloop=off -c jit=off")


def compared(queries: dict[str, tuple[Sql, Sql]], organization_id: UUID, url: str, options: str) -> dict[str, Any]:
    """Compared with the server set as the product sets it for them."""
    os.environ["PGOPTIONS"] = options
    try:
        return compare(queries, organization_id, url)
    finally:
        del os.environ["PGOPTIONS"]


async def measure(url: str) -> dict[str, Any]:
    with psycopg.connect(url) as owner:
        row = owner.execute("select 1 from ad_daily_facts limit 1").fetchone()
    if row is None:
        for _ in range(ORGANIZATIONS):
            await make_person()
        fill(url)
    with psycopg.connect(url) as owner:
        accounts = owner.execute("select organization_id, id from ad_accounts").fetchall()
        largest = owner.execute(
            "select organization_id, account_id, (array_agg(id))[1] from ads group by 1, 2 order by count(*) desc limit 1"
        ).fetchone()
    assert largest is not None
    organization_id, account_id, ad_id = largest
    result: dict[str, Any] = {
        "bench": "ads_screen",
        "ads": ADS,
        "days": DAYS,
        "organizations": ORGANIZATIONS,
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "load_before": os.getloadavg()[0],
    }
    for home, account in accounts:
        began = time.perf_counter()
        async with tenant_session(home) as db:
            await diagnose_account(db, account, now())
        if account == account_id:
            result["summed_and_judged_s"] = round(time.perf_counter() - began, 1)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze ad_window_sums, ad_verdicts")
        owner.execute(RATES, (organization_id,))
        owner.execute("vacuum analyze exchange_rates, ad_figures")
    _, _, cookie = await make_person(organization_id)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app()),
        base_url="http://bench.test",
        cookies={"brandhound_session": cookie},
    ) as client:
        # As `app.serving` does.
        gc.collect()
        gc.freeze()
        with psycopg.connect(url, autocommit=True) as owner:
            result["first_asked_ms"] = await first_asked(client, owner)
        result["addresses"] = await asked(client, ad_id)
        queries = await collected(organization_id, ad_id)
        hashed = {name: queries.pop(name) for name in list(queries) if name.startswith(OF_A_PAGE)}
        result["queries"] = compare(queries, organization_id, url)
        result["queries"] |= compared(hashed, organization_id, url, "-c enable_nestloop=off")
        result["adding_up"] = adding_up(organization_id, account_id, url)
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
        with redirect_stdout(sys.stderr), server(folder, **FILLED_AT_ONCE) as url:
            result = asyncio.run(measure(url))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
