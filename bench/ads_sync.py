"""A sync of many ads and days from the made-up Meta, beside other ways to get the same rows, in the same run. Prints JSON.

    python -m bench.ads_sync [--ads 5000] [--days 90] [--rounds 1] [--delay 0.25] [--only healthy|faulty]
                             [--peers sdk,storing] [--airbyte /path/of/its/venv/bin/python]

Meta is another process, so that nobody's client shares its interpreter. Every ad delivers every day. Each side is run in turn,
after every day was made once, so that the making is in nobody's time. Every answer takes `--delay` seconds at least: Meta is not
on this machine.

`ours`     the whole sync: objects, numbers by report, actions by type and window, totals, windows, stored with their ledger and
           the raw answers.
`sdk`      a plain loop of Meta's own SDK: day by day, the same fields, pages of 500 (more at once Meta refuses to answer
           directly). It keeps nothing.
`storing`  the same loop, which puts the daily facts of each page into the same table with INSERT ON CONFLICT of many rows, as
           one writes it with SQLAlchemy. Its ads are there already; it keeps no actions, no raw answers, no ledger.
`airbyte`  source-facebook-marketing as it is, with one stream of the same fields, writing its records to nowhere. It must be
           installed somewhere else: it wants other versions of much that we use.
`twin`     what Meta alone can give on this machine: the pages of `sdk`, six at a time, thrown away unread, without the delay.

Faulty: a tenth of the answers fail, in six ways by chance; the first four reports go wrong, each in another way; and the limit
holds a third of the calls a minute that the sync needs. The minimum is what nobody can do without when nothing goes wrong: the
pages of every list, and for each report one call to begin it, one to look at it and its pages, all in the sizes that we ask
for. Calls that look at a report for a second time are not in it, nor any that failed; nor those for whom windows reached, where
the sync left that out because the limit was nearly used. Rows that were lost or doubled are counted
against a sync in peace, but for today's, which grow meanwhile: so does today's money between the ads and the account's total,
which is told apart.
"""

import argparse
import asyncio
import itertools
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from sqlalchemy import text

from bench.ads_sync_airbyte import read_with_airbyte
from bench.ads_sync_peers import connected, sdk, sdk_that_stores, twin_alone
from brandhound.app import slices
from brandhound.core.settings import reload_settings
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.owning import AccountSpec
from tests.databases import test_database

# Importing them registers the jobs.
assert slices

FAULTS = ("html_502", "reset", "half_page", "not_json", "slow")
WINDOW = 60.0
_FORGET = """
with gone as (delete from runs where finished_at is null returning id)
delete from dbos.workflow_status w using gone where w.workflow_uuid like gone.id || ':%'
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ads", type=int, default=5000)
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--delay", type=float, default=0.25)
    options.add_argument("--only", choices=("healthy", "faulty"))
    options.add_argument("--peers", default="sdk,storing", help="of sdk and storing, with commas; or nothing")
    options.add_argument("--airbyte", type=Path, help="the Python that has airbyte-source-facebook-marketing")
    options.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        serve(chosen.serve, chosen.ads, chosen.days)
        return
    logging.disable(logging.CRITICAL)
    with (
        tempfile.TemporaryDirectory(prefix="bh-bench-", ignore_cleanup_errors=True) as folder,
        test_database("ads_sync", Path(folder) / "data"),
        meta(Path(folder), chosen.ads, chosen.days) as told,
    ):
        result = asyncio.run(measure(told, chosen))
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result, indent=1))


def serve(told: Path, ads: int, days: int) -> None:
    """The made-up Meta, with one account in which every ad delivers every day."""
    with MetaTwin(accounts=[]) as twin:
        spec = AccountSpec(key="bench", ordinal=500, name="Bench", currency="EUR", time_zone="Europe/Berlin",
                           time_zone_id=47, ads=ads, days=days + 40, always=True)  # fmt: skip
        twin.kept.owners.add(spec)
        facts = {
            "url": twin.url,
            "app_id": twin.app_id,
            "secret": twin.app_secret,
            "token": twin.user_token(),
            "act": spec.act,
        }
        told.write_text(json.dumps(facts))
        twin.wait()


@contextmanager
def meta(folder: Path, ads: int, days: int) -> Generator[dict[str, str]]:
    """Meta in a process of its own."""
    told = folder / "meta.json"
    command = [sys.executable, "-m", "bench.ads_sync", "--serve", str(told), "--ads", str(ads), "--days", str(days)]
    process = subprocess.Popen(command)
    try:
        for _ in range(600):
            if told.exists() and told.read_text():
                break
            time.sleep(0.1)
        yield json.loads(told.read_text())
    finally:
        process.terminate()
        process.wait(20)


async def measure(told: dict[str, str], chosen: argparse.Namespace) -> dict[str, Any]:
    settings = {
        "BRANDHOUND_META_GRAPH_URL": told["url"],
        "BRANDHOUND_META_APP_ID": told["app_id"],
        "BRANDHOUND_META_APP_SECRET": told["secret"],
        "BRANDHOUND_PRIVATE_NETWORKS": "127.0.0.0/8",
    }
    os.environ.update(settings)
    reload_settings()
    until = date.today()
    since = until - timedelta(days=chosen.days - 1)
    result: dict[str, Any] = {"ads": chosen.ads, "days": chosen.days, "delay_seconds": chosen.delay, "rounds": []}
    async with httpx.AsyncClient(base_url=told["url"], timeout=600) as control:
        warm(told, since, until)
        result["twin"] = await twin_alone(told, since, until)
        await control.put("/_control/delay", json={"seconds": chosen.delay})
        for _ in range(chosen.rounds):
            one: dict[str, Any] = {}
            if chosen.only != "faulty":
                one |= await healthy(told, control, chosen, since, until)
            if chosen.only != "healthy":
                one["faulty"] = await faulty(told, control, chosen.days, one.get("ours"))
            result["rounds"].append(one)
    return result


async def healthy(
    told: dict[str, str], control: httpx.AsyncClient, chosen: argparse.Namespace, since: date, until: date
) -> dict[str, Any]:
    """Each side once, while Meta's clock stands: all are told the same."""
    await control.put("/_control/clock", json={"now": datetime.now(UTC).isoformat()})
    sides: dict[str, Any] = {"ours": lambda: ours(told, chosen.days)}
    peers = {"sdk": lambda: sdk(told, since, until), "storing": lambda: sdk_that_stores(told, since, until)}
    sides |= {name: peers[name] for name in filter(None, chosen.peers.split(","))}
    if chosen.airbyte:
        sides["airbyte"] = lambda: asyncio.to_thread(read_with_airbyte, chosen.airbyte, told, since, until)
    found: dict[str, Any] = {}
    for name, side in sides.items():
        await control.delete("/_control/calls")
        found[name] = await side()
        found[name] |= counted_calls(await calls_of(control))
        # A run that is stopped has told what it had.
        print(json.dumps({name: found[name]}), file=sys.stderr, flush=True)
    await control.put("/_control/clock", json={})
    rates = {name: one["rows_per_second"] for name, one in found.items()}
    return found | {
        "ratios": {name: round(rates["ours"] / rate, 2) for name, rate in rates.items() if name != "ours" and rate}
    }


async def calls_of(control: httpx.AsyncClient) -> list[dict[str, Any]]:
    return (await control.get("/_control/calls?limit=200000")).json()["calls"]


def counted_calls(calls: list[dict[str, Any]]) -> dict[str, Any]:
    """How many were made, what nobody can do without, and the longest pause between two."""
    alone = [one for one in calls if not one["in_batch"]]
    reports = sum(one["method"] == "POST" and one["path"].endswith("/insights") for one in alone)
    looks = sum(
        one["method"] == "GET" and "/" not in one["path"] and one["use_case"] == "ads_insights" for one in alone
    )
    times = [datetime.fromisoformat(one["at"]) for one in alone]
    pauses = [(later - sooner).total_seconds() for sooner, later in itertools.pairwise(times)]
    return {
        "calls": len(alone),
        "minimum_calls": len(alone) - looks + reports,
        "reports": reports,
        "looks": looks,
        "failed_calls": sum(one["code"] != 0 for one in alone),
        "longest_pause_seconds": round(max(pauses, default=0.0), 1),
    }


def warm(told: dict[str, str], since: date, until: date) -> None:
    """Have every day made once."""
    day = since
    with httpx.Client(base_url=told["url"], timeout=600) as client:
        while day <= until:
            asked = {"level": "ad", "fields": "ad_id,spend", "limit": "1", "access_token": told["token"],
                     "time_range": json.dumps({"since": day.isoformat(), "until": day.isoformat()})}  # fmt: skip
            client.get(f"/v26.0/{told['act']}/insights", params=asked).raise_for_status()
            day += timedelta(days=1)


@contextmanager
def worker() -> Generator[psutil.Process]:
    """A worker as there is in the product, that knows nothing of any limit yet."""
    process = subprocess.Popen(
        [sys.executable, "-m", "brandhound.app.worker"], env={**os.environ, "BRANDHOUND_LOG_LEVEL": "error"}
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        # What it would do next with the new numbers is in nobody's time.
        process.kill()
        process.wait(20)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(_FORGET)


async def ours(told: dict[str, str], days: int) -> dict[str, Any]:
    """One whole sync into an empty organization."""
    from brandhound.ads.syncing.queueing import queue_sync
    from brandhound.ads.syncing.scope import SyncAccount
    from brandhound.core import clock
    from brandhound.core.db import tenant_session
    from brandhound.jobs.models import RunRow

    owner, account = await connected(told)
    wanted = {"ad_account_id": account, "days_back": days - 1, "max_images": 0, "max_videos": 0}
    parameters = SyncAccount.model_validate(wanted)
    async with tenant_session(owner) as db:
        run_id = (await queue_sync(db, parameters)).id
    began, most, times = 0.0, 0, 0.0
    with worker() as process:
        while True:
            async with tenant_session(owner) as db:
                run = await db.get(RunRow, run_id)
                assert run is not None
            began = began or (time.monotonic() if run.started_at else 0.0)
            if run.finished_at is not None:
                break
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.1)
        seconds = time.monotonic() - began
        used = process.cpu_times()
        times = used.user + used.system
    async with tenant_session(owner) as db:
        today = {"account": account, "today": clock.today("Europe/Berlin")}
        rows, settled, spend, spent_today, doubled = (
            await db.execute(
                text(
                    "select count(*), count(*) filter (where day < :today),"
                    " sum(spend_micros) filter (where day < :today), sum(spend_micros) filter (where day = :today),"
                    " count(*) - count(distinct (ad_id, day)) from ad_daily_facts where ad_account_id = :account"
                ),
                today,
            )
        ).one()
        source, source_today = (
            await db.execute(
                text(
                    "select sum(spend_micros) filter (where day < :today), sum(spend_micros) filter (where day = :today)"
                    " from ad_account_days where account_id = :account"
                ),
                today,
            )
        ).one()
        windows = await db.scalar(
            text("select count(distinct (since, until)) from ad_window_reach where ad_account_id = :account"),
            {"account": account},
        )
    return {
        "state": run.state,
        "error": run.error_detail,
        "rows": rows,
        "rows_before_today": settled,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(times, 2),
        "peak_memory_mb": most // (1024 * 1024),
        "rows_per_second": round(rows / seconds),
        "doubled": doubled,
        "reach_windows": windows,
        "spend_differs_micros": int(spend or 0) - int(source or 0),
        "todays_spend_differs_micros": int(spent_today or 0) - int(source_today or 0),
        "put_off": run.put_offs,
        "steps": {name: round(took, 1) for name, took in (run.step_seconds or {}).items()},
    }


async def faulty(
    told: dict[str, str], control: httpx.AsyncClient, days: int, in_peace: dict[str, Any] | None
) -> dict[str, Any]:
    """The same with answers that fail, and a limit below what is needed in a minute."""
    if in_peace is None:
        await control.delete("/_control/calls")
        in_peace = await ours(told, days)
        in_peace |= counted_calls(await calls_of(control))
    given = [
        {"kind": kind, "probability": 0.02, "times": None, "seconds": 1.0, "seed": at} for at, kind in enumerate(FAULTS)
    ]
    given.append({"error": "temporary", "probability": 0.02, "times": None, "seed": 77})
    await control.post("/_control/faults", json=given)
    room = max(20, in_peace["minimum_calls"] // 3)
    await control.put("/_control/limits", json={"rooms": {"ads_insights": room}, "seconds": WINDOW})
    await control.put("/_control/reports", json={"lines": ["running_at_100", "failed", "skipped", "invisible"]})
    await control.delete("/_control/calls")
    found = await ours(told, days)
    counted = counted_calls(await calls_of(control))
    left_out = in_peace["reach_windows"] - found["reach_windows"]
    minimum = in_peace["minimum_calls"] - left_out * calls_of_window(found["rows"] - found["rows_before_today"])
    found["bounced"] = (await control.get("/_control/limits")).json()["bounced"]
    await control.delete("/_control/faults")
    await control.put("/_control/limits", json={})
    return (
        found
        | counted
        | {
            "calls_in_peace": in_peace["calls"],
            "minimum_calls": minimum,
            "calls_to_minimum": round(counted["calls"] / minimum, 2),
            "lost": in_peace["rows_before_today"] - found["rows_before_today"],
            "room_a_window": room,
            "window_seconds": WINDOW,
        }
    )


def calls_of_window(ads: int) -> int:
    """What it takes to ask whom a window reached."""
    from brandhound.ads.meta.facts_of_meta import limits

    if ads <= limits()["slices"]["direct_rows"]:
        return -(-ads // limits()["page"]["insights"])
    return 2 + -(-ads // limits()["page"]["report"])


if __name__ == "__main__":
    main()
