"""How often which days are read again, how long answers are kept, and figures that are counted again from them."""

import json
import os
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from brandhound.ads.meta.facts_of_meta import fields
from brandhound.ads.syncing.rhythm import days_due, noted
from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, tenant_session
from brandhound.core.files import files
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.acting import Hidden
from tests.ad_syncing.accounts import Connected, facts, rows, run_of, sync
from tests.ad_syncing.conftest import NOW, later
from tests.databases import TestDatabase

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("read", "after", "due"),
    [
        ({}, timedelta(0), 35),
        ({3: 0, 7: 0, 28: 0, 35: 0}, HOUR, 3),
        ({3: 0, 7: 0, 28: 0, 35: 0}, 23 * HOUR, 3),
        # Schedules come a little early and a little late.
        ({3: 0, 7: 0, 28: 0, 35: 0}, 24 * HOUR - timedelta(minutes=6), 7),
        ({3: 40, 7: 40, 28: 0, 35: 0}, 41 * HOUR, 3),
        ({3: 47, 7: 40, 28: 0, 35: 0}, 48 * HOUR, 28),
        ({3: 160, 7: 160, 28: 160, 35: 0}, 168 * HOUR, 35),
        # Away for a month: all that may have moved.
        ({3: 0, 7: 0, 28: 0, 35: 0}, 700 * HOUR, 35),
    ],
)
def test_the_last_days_are_read_each_time_and_older_ones_seldom(
    read: dict[int, int], after: timedelta, due: int
) -> None:
    marks = {str(days): (NOW + hours * HOUR).isoformat() for days, hours in read.items()}
    assert days_due(marks, NOW + after) == due


def test_whoever_reads_far_back_has_read_what_is_nearer() -> None:
    marks = noted({"35": NOW.isoformat()}, 30, NOW + HOUR)
    assert {days for days, at in marks.items() if at != NOW.isoformat()} == {"3", "7", "28"}


async def read_since(shop: Connected) -> date:
    """The first day that was asked for at this moment."""
    asked = await rows(
        shop,
        "select asked ->> 'time_range' from ad_raw_pages where account_id = :account and kind = 'insights' and last_at = :now",
        now=clock.now(),
    )
    return min(date.fromisoformat(json.loads(one)["since"]) for (one,) in asked)


async def test_a_sync_by_the_clock_reads_as_far_back_as_is_due_and_what_was_restated_comes_in_with_it(
    meta: MetaTwin, shop: Connected
) -> None:
    read: list[int] = []
    for wait in (timedelta(0), HOUR, 24 * HOUR, 24 * HOUR):
        later(meta, wait)
        run = await sync(shop, days_back=None)
        assert run.state == "done", run.error_detail
        read.append((clock.today(shop.spec.time_zone) - await read_since(shop)).days)
    assert read == [90, 3, 7, 28]
    ours = (
        "select sum(purchases), sum(spend_micros) from ad_daily_facts where ad_account_id = :account and day >= :since"
    )
    theirs = (
        "select sum(purchases), sum(spend_micros) from ad_account_days where account_id = :account and day >= :since"
    )
    since = clock.today(shop.spec.time_zone) - timedelta(days=28)
    assert await rows(shop, ours, since=since) == await rows(shop, theirs, since=since)
    moved = "select count(*) from ad_restatements where day < :recent"
    assert (await rows(shop, moved, recent=since + timedelta(days=20)))[0][0] > 0


async def test_old_answers_are_forgotten_with_their_files_and_the_figures_stay(
    meta: MetaTwin, shop: Connected, database: TestDatabase
) -> None:
    await sync(shop)
    kept = await facts(shop)
    pages = await rows(shop, "select id, sha256 from ad_raw_pages where account_id = :account order by id")
    assert len({sha256 for _, sha256 in pages}) > 3
    # One of them came once more later, the way most do.
    again = pages[0][1]
    await rows(
        shop,
        "update ad_raw_pages set last_at = :at where sha256 = :again returning 1",
        at=NOW + timedelta(days=10),
        again=again,
    )
    for _, sha256 in pages:
        os.utime(files().path(sha256), (NOW.timestamp(), NOW.timestamp()))
    later(meta, timedelta(days=46))
    assert "forgotten" in (await forget()).outcome
    assert {sha256 for (sha256,) in await rows(shop, "select sha256 from ad_raw_pages")} == {again}
    with psycopg.connect(database.url) as owner:
        others = {sha256 for (sha256,) in owner.execute("select sha256 from ad_raw_pages where sha256 <> %s", [again])}
    # What somebody else was answered, too, stays for them.
    assert {sha256 for _, sha256 in pages if files().has(sha256)} == {again} | (
        {sha256 for _, sha256 in pages} & others
    )
    assert await facts(shop) == kept
    assert "nothing" in (await forget()).outcome


async def forget() -> Any:
    async with system_session() as db:
        run_id = (await enqueue(db, "ads.forget_pages", organization_id=SYSTEM_ORGANIZATION)).id
    await run_until_idle(SYSTEM_ORGANIZATION)
    async with system_session() as db:
        return await db.get_one(RunRow, run_id)


async def replay(shop: Connected) -> RunRow:
    async with tenant_session(shop.organization_id) as db:
        run_id = (await enqueue(db, "ads.replay", {"ad_account_id": str(shop.id)})).id
    await run_until_idle(shop.organization_id, longest_sleep=0.2)
    return await run_of(shop, run_id)


async def test_lost_and_wrong_figures_are_counted_again_from_the_answers_without_asking_anybody(
    meta: MetaTwin, shop: Connected
) -> None:
    async def counted() -> list[list[tuple[Any, ...]]]:
        return [
            await rows(
                shop,
                f"select (to_jsonb(t) - 'observed_at')::text from {table} t where ad_account_id = :account order by 1",
            )
            for table in ("ad_daily_facts", "ad_action_values")
        ]

    await sync(shop)
    # Once the platform told of no purchases at all: what it had told before stays, then and when it is counted again.
    later(meta, timedelta(days=1))
    purchases = fields()["actions"]["purchases"]
    meta.kept.insights.hidden = [Hidden(one, date(2026, 1, 1), date(2026, 12, 31)) for one in purchases]
    await sync(shop)
    meta.kept.insights.hidden = []
    later(meta, timedelta(days=2))
    await sync(shop, days_back=3)
    wholes = [
        "select since, until, ad_id, impressions, reach from ad_window_reach where ad_account_id = :account order by 1, 2, 3",
        "select day, spend_micros, impressions, purchases from ad_account_days where account_id = :account order by 1",
    ]
    told = [await rows(shop, one) for one in wholes]
    assert all(told)
    before, ledger = await counted(), await rows(shop, "select count(*) from ad_restatements")
    assert ledger[0][0] > 0
    await rows(shop, "delete from ad_daily_facts where day < :day returning 1", day=date(2026, 10, 20))
    await rows(shop, "update ad_daily_facts set purchases = 1, spend_micros = 7 where day < :day returning 1",
               day=date(2026, 11, 1))  # fmt: skip
    await rows(shop, "delete from ad_action_values returning 1")
    await rows(shop, "delete from ad_account_days where day < :day returning 1", day=date(2026, 10, 20))
    await rows(shop, "update ad_account_days set spend_micros = 7 returning 1")
    await rows(shop, "delete from ad_window_reach where until < (select max(until) from ad_window_reach) returning 1")
    await rows(shop, "update ad_window_reach set reach = 1 returning 1")
    meta.kept.forget_calls()
    run = await replay(shop)
    assert run.state == "done", (run.error_detail, run.outcome)
    assert await counted() == before
    assert [await rows(shop, one) for one in wholes] == told
    assert await rows(shop, "select count(*) from ad_restatements") == ledger
    assert meta.calls == []
    assert " 0 new, 0 changed" in ((await replay(shop)).outcome or "")
    gone = await rows(shop, "select sha256 from ad_raw_pages where kind = 'insights' order by id limit 1")
    files().path(gone[0][0]).unlink()
    partly = await replay(shop)
    assert (partly.state, "the files of 1 are gone" in (partly.outcome or "")) == ("partial", True)
    assert await counted() == before
