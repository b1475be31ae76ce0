"""What a sync cannot read now, or has no room for, is left for later: it is said, put off, and read then."""

from datetime import date, timedelta
from typing import Any

import pytest

from brandhound.ads.meta import governing
from brandhound.ads.syncing.leaving import Left, Slice, owed, still_left
from brandhound.core import clock
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.faults import Fault
from brandhound.twins.meta.reports import Timeline
from tests.ad_syncing.accounts import Connected, rows, sync
from tests.ad_syncing.conftest import NOW, later
from tests.ad_syncing.test_rhythm import read_since

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _well_again(meta: MetaTwin, quick: None) -> Any:
    yield
    meta.kept.faults.clear()
    meta.kept.limits.set({})
    meta.kept.insights.most_rows = 25_000
    meta.kept.reports.lines.clear()


async def left(shop: Connected) -> dict[str, Any]:
    """What is left for later, as the screen is told, by what it is."""
    told = (await shop.client.get(f"/api/ad-accounts/{shop.id}/sync")).json()
    return {one["what"]: one for one in told["left"]}


async def days_back(shop: Connected) -> int:
    """How many days back the sync of this moment read."""
    return (clock.today(shop.spec.time_zone) - await read_since(shop)).days


async def test_days_that_cannot_be_read_are_tried_again_the_next_day_and_not_every_hour(
    meta: MetaTwin, shop: Connected
) -> None:
    # The last 31 days of ads are more than that; those before, when few ran, and the totals of the account are not.
    meta.kept.insights.most_rows, meta.kept.reports.seconds = 200, 0.01
    lines: list[Timeline] = ["too_much"] * 200
    meta.kept.reports.lines.extend(lines)
    first = await sync(shop, days_back=None)
    assert (first.state, "could not be read" in (first.outcome or "")) == ("partial", True)
    told = (await left(shop))["unreadable"]
    assert (told["until"], "too large" in told["why"].lower()) == (str(clock.today(shop.spec.time_zone)), True)
    before = await rows(shop, "select count(*) from ad_daily_facts")
    assert before[0][0] > 0
    meta.kept.insights.most_rows = 25_000
    meta.kept.reports.lines.clear()
    later(meta, HOUR)
    again = await sync(shop, days_back=None)
    assert (again.state, await days_back(shop)) == ("done", 3), again.error_detail
    assert "unreadable" in await left(shop)
    later(meta, 24 * HOUR)
    third = await sync(shop, days_back=None)
    assert (third.state, await days_back(shop)) == ("done", 31), third.error_detail
    assert "unreadable" not in await left(shop)
    ours = (
        "select sum(spend_micros), count(*) > :before from ad_daily_facts where ad_account_id = :account and day < :day"
    )
    theirs = "select sum(spend_micros), true from ad_account_days where account_id = :account and day < :day"
    settled = clock.today(shop.spec.time_zone) - timedelta(days=8)
    assert await rows(shop, ours, day=settled, before=before[0][0]) == await rows(shop, theirs, day=settled)
    # They came for the first time: no number moved.
    assert await rows(shop, "select count(*) from ad_restatements where day < :day", day=settled) == [(0,)]


async def test_where_the_limit_is_nearly_used_today_is_read_and_older_days_wait_for_the_next_hour(
    meta: MetaTwin, shop: Connected
) -> None:
    await sync(shop, days_back=None)
    later(meta, 24 * HOUR)
    meta.kept.limits.fill(shop.spec, "ads_insights", 76)
    governing.forget()
    run = await sync(shop, days_back=None)
    assert (run.state, await days_back(shop)) == ("done", 3), run.error_detail
    assert "older days wait until 11:30 (Europe/Berlin)" in (run.outcome or "")
    told = (await left(shop))["older"]
    assert told["why"] == "76 % of the limit are used"
    log = (await shop.client.get(f"/api/runs/{run.id}/log.txt")).text
    assert "Older days" in log
    assert "wait until 11:30 (Europe/Berlin): 76 % of the limit are used" in log
    # Somebody's sync in between does not ask for them either; an hour later, with the limit recovered, they are read.
    later(meta, timedelta(minutes=10))
    await sync(shop, days_back=None)
    assert await days_back(shop) == 3
    later(meta, HOUR)
    await sync(shop, days_back=None)
    assert await days_back(shop) == 7
    assert await left(shop) == {}


async def windows(shop: Connected) -> int:
    return len(await rows(shop, "select since, until from ad_window_reach group by 1, 2"))


@pytest.mark.parametrize("how", ["nearly used", "refused", "reach by parts"])
async def test_whom_windows_reached_waits_alone_when_there_is_no_room_for_it(
    meta: MetaTwin, shop: Connected, how: str
) -> None:
    if how == "nearly used":
        meta.kept.limits.fill(shop.spec, "ads_insights", 76)
    elif how == "refused":
        # Behind the figures and the account's totals.
        meta.kept.faults.append(Fault(error="limit_insights", edge="insights", on_call=5))
    else:
        for _ in range(8):
            meta.kept.limits.charge_reach(shop.spec)
    run = await sync(shop)
    assert (run.state, run.put_offs) == ("done", 0), run.reason
    assert await windows(shop) < 3
    assert list(await left(shop)) == ["reach"]
    governing.forget()
    later(meta, HOUR if how != "reach by parts" else 24 * HOUR)
    run = await sync(shop, days_back=3)
    assert run.state == "done"
    assert await windows(shop) == 3
    assert await left(shop) == {}


def test_of_days_that_are_left_only_those_go_that_were_read_or_that_nobody_keeps() -> None:
    def left_days(first: int, last: int, why: str = "too much") -> Left:
        return Left(since=date(2026, 1, first), until=date(2026, 1, last), what="unreadable", why=why, again_at=NOW)

    def slice_of(first: int, last: int) -> Slice:
        return Slice(since=date(2026, 1, first), until=date(2026, 1, last))

    still = still_left([left_days(1, 20)], [slice_of(8, 10)], [left_days(15, 16, "other")], date(2026, 1, 3))
    assert still == [left_days(3, 7), left_days(11, 14), left_days(15, 16, "other"), left_days(17, 20)]
    assert owed(still, date(2026, 1, 19), date(2026, 1, 31), NOW) == [slice_of(11, 18), slice_of(3, 7)]
    assert owed(still, date(2026, 1, 1), date(2026, 1, 31), NOW) == []
    assert owed(still, date(2026, 2, 1), date(2026, 2, 2), NOW - HOUR) == []
