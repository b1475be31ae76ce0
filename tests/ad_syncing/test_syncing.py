"""A sync brings in what Meta has, once; and again nothing."""

from datetime import timedelta

from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.meta import MetaTwin
from tests.ad_syncing.accounts import Connected, facts, rows, sync, totals
from tests.ad_syncing.conftest import later


async def test_a_first_sync_brings_everything_and_a_second_one_changes_nothing(meta: MetaTwin, shop: Connected) -> None:
    run = await sync(shop)
    assert run.state == "done", (run.error_code, run.error_detail, run.outcome)
    first = await facts(shop)
    assert len(first) > 200
    again = await sync(shop)
    assert again.state == "done", again.error_detail
    assert await facts(shop) == first
    assert await rows(shop, "select count(*) from ad_restatements") == [(0,)]


async def test_our_totals_are_the_platforms_own(meta: MetaTwin, shop: Connected) -> None:
    await sync(shop)
    answer = await shop.client.get(f"/api/ad-accounts/{shop.id}/reconciliation?since=2026-08-25")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert len(told["days"]) > 50
    spent = [
        one for day in told["days"] for one in day["measures"] if one["measure"] in ("spend_micros", "impressions")
    ]
    assert [one for one in spent if one["cause"] not in ("equal", "rounding")] == []


async def test_a_restated_week_leaves_one_row_in_the_ledger_for_each_value_that_moved(
    meta: MetaTwin, shop: Connected
) -> None:
    await sync(shop)
    # Without the day that was going on: what it has grown by since is no move.
    today = clock.today(shop.spec.time_zone)
    before = {(row[2], row[3]): row for row in await facts(shop) if row[3] < today}
    later(meta, timedelta(days=3))
    await sync(shop)
    after = {(row[2], row[3]): row for row in await facts(shop)}
    names = [name for (name,) in await rows(
        shop, "select column_name from information_schema.columns where table_name = 'ad_daily_facts' order by ordinal_position"
    )]  # fmt: skip
    place = {name: number for number, name in enumerate(names)}
    moved = {
        (ad, day, name): (row[place[name]], after[ad, day][place[name]])
        for (ad, day), row in before.items()
        for name in ("purchases", "spend_micros", "impressions", "purchase_value_micros", "clicks", "reach")
        if row[place[name]] != after[ad, day][place[name]]
    }
    assert any(name == "purchases" for _, _, name in moved)
    ledger = await rows(
        shop, "select ad_id, day, metric, old, new from ad_restatements where old is not null or new is not null"
    )
    kept = {(ad, day, metric): (old, new) for ad, day, metric, old, new in ledger if (ad, day) in before}
    assert {key: kept.get(key) for key in moved} == moved
    assert len({(ad, day, metric) for ad, day, metric, _, _ in ledger}) == len(ledger)
    assert all(day < today for _, day, *_ in ledger)
    assert (await totals(shop))[0] == len(after)


async def test_ads_are_judged_anew_when_a_figure_changed_or_a_day_ended_and_not_otherwise(
    meta: MetaTwin, shop: Connected
) -> None:
    async def judged() -> tuple[str, str]:
        last = "select outcome, id::text from runs where job = 'ads.diagnose' order by created_at desc, id desc limit 1"
        return (await rows(shop, last))[0]

    await sync(shop)
    assert "things said" in (await judged())[0]
    await sync(shop)
    outcome, run_id = await judged()
    assert outcome == "nothing changed since ads were judged last"
    assert "No figure changed and no day ended" in (await shop.client.get(f"/api/runs/{run_id}/log.txt")).text
    # As if Meta had told another figure before: what it tells now is new.
    moved = "update ad_daily_facts set spend_micros = spend_micros + 1 where day = :day returning 1"
    assert await rows(shop, moved, day=clock.today(shop.spec.time_zone) - timedelta(days=5))
    later(meta, timedelta(minutes=1))
    await sync(shop)
    assert "things said" in (await judged())[0]
    await sync(shop)
    assert "nothing changed" in (await judged())[0]
    # Whoever asks for it has it.
    await shop.client.post(f"/api/ad-accounts/{shop.id}/diagnosis")
    await run_until_idle(shop.organization_id, longest_sleep=0.2)
    assert "things said" in (await judged())[0]
    later(meta, timedelta(days=1))
    await sync(shop)
    assert "things said" in (await judged())[0]
