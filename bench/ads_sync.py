"""A sync of many ads and days from the made-up Meta, beside a plain loop of Meta's own SDK in the same run. Prints JSON.

    python -m bench.ads_sync [--ads 5000] [--days 90] [--rounds 1] [--delay 0.25] [--only healthy|faulty]

Meta is another process, so that nobody's client shares its interpreter. Every ad delivers every day. `ours` is the whole sync:
objects, numbers by report, actions, totals, windows, stored with their ledger and the raw answers. `sdk` asks day by day for the
same fields in pages of 500 and keeps nothing: more at once Meta refuses to answer directly. Both are run in turn, after every day
was made once, so that the making is in nobody's time. Every answer takes `--delay` seconds at least: Meta is not on this machine.

Faulty: answers fail in six ways by chance, and the limit holds fewer calls a minute than the sync needs. Rows that were lost or
doubled are counted against a sync in peace.
"""

import argparse
import asyncio
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
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from brandhound.app import slices
from brandhound.core.settings import reload_settings
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.owning import AccountSpec
from tests.databases import test_database

# Importing them registers the jobs.
assert slices

FAULTS = ("html_502", "reset", "half_page", "not_json", "slow")
WINDOW = 60.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ads", type=int, default=5000)
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--delay", type=float, default=0.25)
    options.add_argument("--only", choices=("healthy", "faulty"))
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
    result: dict[str, Any] = {"ads": chosen.ads, "days": chosen.days, "rounds": []}
    async with httpx.AsyncClient(base_url=told["url"], timeout=120) as control:
        warm(told, since, until)
        await control.put("/_control/delay", json={"seconds": chosen.delay})
        result["delay_seconds"] = chosen.delay
        for _ in range(chosen.rounds):
            one: dict[str, Any] = {}
            if chosen.only != "faulty":
                await control.delete("/_control/calls")
                one["ours"] = await ours(told, chosen.days)
                one["ours"]["calls"] = (await control.get("/_control/calls?limit=1")).json()["counts"].get("calls")
                await control.delete("/_control/calls")
                one["sdk"] = await asyncio.to_thread(sdk, told, since, until)
                one["sdk"]["calls"] = (await control.get("/_control/calls?limit=1")).json()["counts"].get("calls")
                one["ratio"] = round(one["ours"]["rows_per_second"] / one["sdk"]["rows_per_second"], 2)
            if chosen.only != "healthy":
                one["faulty"] = await faulty(told, control, chosen.days)
                one["faulty"]["calls_to_minimum"] = round(one["faulty"]["calls"] / one["faulty"]["minimum_calls"], 2)
            result["rounds"].append(one)
    return result


def warm(told: dict[str, str], since: date, until: date) -> None:
    """Have every day made once."""
    day = since
    with httpx.Client(base_url=told["url"], timeout=600) as client:
        while day <= until:
            asked = {"level": "ad", "fields": "ad_id,spend", "limit": "1", "access_token": told["token"],
                     "time_range": json.dumps({"since": day.isoformat(), "until": day.isoformat()})}  # fmt: skip
            client.get(f"/v26.0/{told['act']}/insights", params=asked).raise_for_status()
            day += timedelta(days=1)


async def ours(told: dict[str, str], days: int) -> dict[str, Any]:
    """One whole sync into an empty organization."""
    from brandhound.ads.meta import governing
    from brandhound.ads.syncing.queueing import queue_sync
    from brandhound.ads.syncing.scope import SyncAccount
    from brandhound.core.db import tenant_session
    from brandhound.jobs.inline import run_until_idle
    from brandhound.jobs.models import RunRow

    governing.forget()
    owner, account = await connected(told)
    wanted = {"ad_account_id": account, "days_back": days - 1, "max_images": 0, "max_videos": 0}
    parameters = SyncAccount.model_validate(wanted)
    began, cpu = time.monotonic(), time.process_time()
    async with tenant_session(owner) as db:
        run_id = (await queue_sync(db, parameters)).id
    while True:
        await run_until_idle(owner, seconds=7200, longest_sleep=None)
        async with tenant_session(owner) as db:
            run = await db.get(RunRow, run_id)
            assert run is not None
            if run.state not in ("waiting", "scheduled", "queued", "running"):
                break
        await asyncio.sleep(0.5)
    seconds = time.monotonic() - began
    async with tenant_session(owner) as db:
        rows, spend, doubled = (
            await db.execute(
                text(
                    "select count(*), sum(spend_micros), count(*) - count(distinct (ad_id, day)) from ad_daily_facts "
                    "where ad_account_id = :account"
                ),
                {"account": account},
            )
        ).one()
        source = await db.scalar(
            text("select sum(spend_micros) from ad_account_days where account_id = :account"), {"account": account}
        )
    slept = sum(one.slept for one in governing.governors())
    return {
        "state": run.state,
        "error": run.error_detail,
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "rows_per_second": round(rows / seconds),
        "doubled": doubled,
        "spend_differs_micros": int(spend or 0) - int(source or 0),
        "held_back_seconds": round(slept, 1),
        "put_off": run.put_offs,
        "steps": {name: round(took, 1) for name, took in (run.step_seconds or {}).items()},
    }


def sdk(told: dict[str, str], since: date, until: date) -> dict[str, Any]:
    """Meta's own client, day by day; nothing is kept."""
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    from brandhound.ads.meta.facts_of_meta import fields

    FacebookSession.GRAPH = told["url"]  # pyright: ignore[reportAttributeAccessIssue]
    FacebookAdsApi.init(told["app_id"], told["secret"], told["token"])  # pyright: ignore[reportUnknownMemberType]
    account: Any = AdAccount(told["act"])
    began, cpu, rows, day = time.monotonic(), time.process_time(), 0, since
    while day <= until:
        params = {
            "level": "ad",
            "time_range": {"since": day.isoformat(), "until": day.isoformat()},
            "time_increment": 1,
            "limit": 500,
            "action_attribution_windows": fields()["attribution_windows"],
        }
        for _ in account.get_insights(fields=list(fields()["insights"]), params=params):
            rows += 1
        day += timedelta(days=1)
    seconds = time.monotonic() - began
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "rows_per_second": round(rows / seconds),
    }


async def faulty(told: dict[str, str], control: httpx.AsyncClient, days: int) -> dict[str, Any]:
    """The same with answers that fail, and a limit below what is needed in a minute."""
    await control.delete("/_control/calls")
    healthy = await ours(told, days)
    minimum = (await control.get("/_control/calls?limit=1")).json()["counts"]["calls"]
    given = [
        {"kind": kind, "probability": 0.02, "times": None, "seconds": 1.0, "seed": at} for at, kind in enumerate(FAULTS)
    ]
    given.append({"error": "temporary", "probability": 0.02, "times": None, "seed": 77})
    await control.post("/_control/faults", json=given)
    room = max(20, minimum // 3)
    await control.put("/_control/limits", json={"rooms": {"ads_insights": room}, "seconds": WINDOW})
    await control.put("/_control/reports", json={"lines": ["running_at_100", "failed", "skipped", "invisible"]})
    await control.delete("/_control/calls")
    found = await ours(told, days)
    found["calls"] = (await control.get("/_control/calls?limit=1")).json()["counts"]["calls"]
    found["bounced"] = (await control.get("/_control/limits")).json()["bounced"]
    await control.delete("/_control/faults")
    await control.put("/_control/limits", json={})
    found |= {
        "minimum_calls": minimum,
        "lost": healthy["rows"] - found["rows"],
        "room_a_window": room,
        "window_seconds": WINDOW,
    }
    return found


async def connected(told: dict[str, str]) -> tuple[UUID, UUID]:
    """An organization of its own with the account."""
    from brandhound.ads.access import keep_token
    from brandhound.ads.models import AdAccount, BrandAdAccount
    from brandhound.brands.models import Brand
    from brandhound.core.clock import now
    from brandhound.core.db import tenant_session
    from brandhound.core.ids import uuid7
    from brandhound.core.system import system_session
    from brandhound.tenancy.models import Organization

    owner = uuid7()
    async with system_session() as db:
        db.add(Organization(id=owner, name="Bench", time_zone="Europe/Berlin", created_at=now()))
    async with tenant_session(owner) as db:
        brand = Brand(
            name="Bench", name_key=f"bench {owner}", kind="own", color="#1d4ed8", created_at=now(), updated_at=now()
        )
        account = AdAccount(
            platform="meta",
            external_id=told["act"],
            name="Bench",
            currency="EUR",
            time_zone="Europe/Berlin",
            account_status=1,
        )
        db.add_all([brand, account])
        await db.flush()
        link = BrandAdAccount(brand_id=brand.id, ad_account_id=account.id, auth_method="oauth", state="connected",
                              connected_at=now(), state_since=now(), scopes=[], granular=[], tasks=[])  # fmt: skip
        keep_token(link, told["token"])
        db.add(link)
        await db.flush()
        return owner, account.id


if __name__ == "__main__":
    main()
