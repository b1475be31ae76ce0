"""Kept sums in another currency are those that one gets by converting each day of each ad, whatever was changed before."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, update

from brandhound.ads.exchange_rates.converting import DailyRates, series_of
from brandhound.ads.exchange_rates.models import ExchangeRate
from brandhound.ads.fact_models import AdDailyFact, AdFigures
from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.converted_models import AdConvertedAccount, AdConvertedSums
from brandhound.ads.standings.converting import count_again
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.syncing.reading_rows import MEASURES
from brandhound.ads.syncing.storing_facts import store_facts
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from tests.ads.test_exchange_rates import DAYS, asked, put_in, table_of
from tests.ads.test_standing import counted, judged, usual
from tests.factories.ads import UNTIL, AdBoard, AdTruth, make_ads

COLUMNS = "spend,purchase_value,purchases,cost_per_purchase,cpm,roas,ctr"
Sums = dict[str, float]


async def slowly(organization_id: UUID, window: int, currency: str) -> dict[str, Sums]:
    """By ad: each day of it converted by itself, and the counts of those days."""
    found: dict[str, Sums] = {}
    async with tenant_session(organization_id) as db:
        by_currency: defaultdict[str, list[tuple[date, float]]] = defaultdict(list)
        for rate in await db.scalars(select(ExchangeRate).where(ExchangeRate.removal_id.is_(None))):
            by_currency[rate.currency].append((rate.day, float(rate.rate)))
        rates = DailyRates("EUR", {name: series_of(of_days) for name, of_days in by_currency.items()})
        rows = await db.execute(
            select(AdDailyFact, AdAccount.currency, AdWindowSums.since)
            .join(AdAccount, AdAccount.id == AdDailyFact.ad_account_id)
            .join(AdWindowSums, AdWindowSums.ad_id == AdDailyFact.ad_id)
            .where(AdWindowSums.window_days == window)
            .where(AdDailyFact.day.between(AdWindowSums.since, AdWindowSums.until))
        )
        for fact, own, _ in rows:
            sums = found.setdefault(str(fact.ad_id), defaultdict(float))
            factor = rates.factor(own, currency, fact.day)
            if factor is None:
                sums["without"] += 1
                continue
            sums["covered"] += 1
            sums["spend"] += (fact.spend_micros or 0) / 1e6 * factor.value
            sums["purchase_value"] += (fact.purchase_value_micros or 0) / 1e6 * factor.value
            sums["purchases"] += float(fact.purchases or 0)
            sums["impressions"] += fact.impressions or 0
    return found


async def same(client: httpx.AsyncClient, organization_id: UUID, window: int, currency: str) -> None:
    """What is shown is what one gets slowly."""
    known = await slowly(organization_id, window, currency)
    page = await asked(client, columns=COLUMNS, sort="-spend", show_in=currency, window=window, limit=200)
    assert {row["id"] for row in page["items"]} == set(known)
    for row in page["items"]:
        slow, values = known[row["id"]], row["values"]
        if row["currency"] == currency:
            # Sums in an account's own currency are those that are shown without converting, to the last digit.
            assert (values["spend"], row["days_without_rate"]) == (row["own_values"]["spend"], 0)
            continue
        assert row["days_without_rate"] == slow.get("without", 0), row["name"]
        if not slow.get("covered"):
            assert (values["spend"], values["cpm"], values["cost_per_purchase"]) == (None, None, None)
            continue
        near = pytest.approx
        assert values["spend"] == near(slow["spend"], rel=1e-12)
        assert values["purchase_value"] == near(slow["purchase_value"], rel=1e-12)
        assert values["cpm"] == near(1000 * slow["spend"] / slow["impressions"], rel=1e-12)
        if slow["purchases"]:
            assert values["cost_per_purchase"] == near(slow["spend"] / slow["purchases"], rel=1e-12)
        else:
            assert values["cost_per_purchase"] is None
        assert values["roas"] == near(slow["purchase_value"] / slow["spend"], rel=1e-12)
    order = [row["values"]["spend"] for row in page["items"]]
    assert order == sorted(order, key=lambda value: (value is None, -(value or 0)))
    assert page["totals"]["values"]["spend"] == pytest.approx(sum(value or 0 for value in order))


async def restated(organization_id: UUID, board: AdBoard, chance: Random) -> None:
    """As a sync would: some numbers of past days are others."""
    async with tenant_session(organization_id) as db:
        ads = {ad.external_id: ad.id for ad in await db.scalars(select(Ad).where(Ad.account_id == board.account_id))}
        facts: list[tuple[Any, ...]] = []
        for external in chance.sample(sorted(ads), 2):
            for day in chance.sample(DAYS, 3):
                new = dict.fromkeys(MEASURES, 0) | {
                    "spend_micros": chance.randrange(1_000_000, 90_000_000), "impressions": chance.randrange(100, 9_000),
                    "purchases": chance.randrange(4), "purchase_value_micros": chance.randrange(200_000_000),
                }  # fmt: skip
                facts.append((external, day, *new.values(), None))
        stored = await store_facts(db, board.account_id, facts, ads, clock.now())
        assert stored.changed + stored.added


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_changes_what_is_shown_is_each_day_converted_by_itself(
    client: httpx.AsyncClient, organization_id: UUID, seed: int
) -> None:
    chance = Random(seed)
    boards: list[AdBoard] = []
    for name, currency, money in (("Paris", "EUR", 40.0), ("Ohio", "USD", 90.0), ("Tokyo", "JPY", 5000.0)):
        truths = [AdTruth(money=money * chance.uniform(0.5, 1.5), name=f"{currency} {at}") for at in range(4)]
        days = chance.choice((9, 28, 60))
        boards.append(await make_ads(organization_id, truths, currency=currency, name=name, days=days, seed=seed))
        await judged(organization_id, boards[-1])

    async def rates_put_in() -> None:
        days = chance.sample([UNTIL - timedelta(days=at) for at in range(95)], chance.randrange(3, 60))
        dollars = {day: chance.uniform(0.8, 1.4) for day in days}
        yen = {day: chance.uniform(120, 180) for day in days if chance.random() < 0.8}
        await put_in(client, table_of(USD=dollars, JPY=yen or {UNTIL: 150.0}))

    async def one_rate() -> None:
        day = chance.choice(DAYS)
        new = {"rate": str(round(chance.uniform(0.8, 1.4), 4)), "source": "bank"}
        assert (await client.put(f"/api/exchange-rates/USD/{day}", json=new)).status_code == 200

    async def rates_removed() -> None:
        await client.delete("/api/exchange-rates", params={"since": str(chance.choice(DAYS))})

    async def facts_restated() -> None:
        await restated(organization_id, chance.choice(boards), chance)

    async def summed_again() -> None:
        await judged(organization_id, chance.choice(boards))

    async def jobs_done() -> None:
        await run_until_idle(organization_id)

    await rates_put_in()
    await same(client, organization_id, 28, "EUR")
    deeds = [rates_put_in, one_rate, rates_removed, facts_restated, facts_restated, summed_again, jobs_done]
    for _ in range(8):
        for deed in chance.sample(deeds, chance.randrange(1, 3)):
            await deed()
        await same(client, organization_id, chance.choice((7, 28, 90)), chance.choice(("EUR", "EUR", "USD")))


async def test_nothing_is_added_up_while_nothing_changed(client: httpx.AsyncClient, organization_id: UUID) -> None:
    board = await make_ads(organization_id, usual(3), currency="USD")
    await judged(organization_id, board)
    await put_in(client, table_of(USD=dict.fromkeys(DAYS, 1.25)))
    first = await asked(client, columns="spend", show_in="EUR")
    with counted() as statements:
        assert await asked(client, columns="spend", show_in="EUR") == first
    assert not [one for one in statements if "ad_daily_facts" in one or "INSERT" in one]
    # What the job counts before somebody asks is not counted again.
    await put_in(client, table_of(USD=dict.fromkeys(DAYS, 1.6)))
    await run_until_idle(organization_id)
    with counted() as statements:
        shown = await asked(client, columns="spend", show_in="EUR")
    assert not [one for one in statements if "ad_daily_facts" in one]
    assert shown["totals"]["values"]["spend"] == pytest.approx(first["totals"]["values"]["spend"] * 1.25 / 1.6)


async def test_figures_that_come_in_while_ads_are_judged_are_not_taken_for_summed(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(3), currency="USD")
    await judged(organization_id, board)
    async with tenant_session(organization_id) as db:
        assert (await db.scalar(select(AdFigures.summed))) == (await db.scalar(select(AdFigures.revision)))
    await restated(organization_id, board, Random(1))
    async with tenant_session(organization_id) as db:
        assert (await db.scalar(select(AdFigures.summed))) != (await db.scalar(select(AdFigures.revision)))


async def test_a_currency_that_nobody_asked_for_in_two_weeks_is_forgotten(
    client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(3), currency="USD"))
    await put_in(client, table_of(USD=dict.fromkeys(DAYS, 1.25)))
    for currency in ("EUR", "CHF"):
        await asked(client, columns="spend", show_in=currency)
    async with tenant_session(other_organization_id) as db:
        # Another organization has none of them.
        assert await db.scalar(select(func.count()).select_from(AdConvertedSums)) == 0
    async with tenant_session(organization_id) as db:
        long_ago = clock.now().date() - timedelta(days=15)
        await db.execute(
            update(AdConvertedAccount).where(AdConvertedAccount.currency == "CHF").values(asked_on=long_ago)
        )
        assert await count_again(db, None, clock.now()) == 1
        assert set(await db.scalars(select(AdConvertedSums.currency))) == {"EUR"}
        assert set(await db.scalars(select(AdConvertedAccount.currency))) == {"EUR"}
        # Whoever asks keeps it.
        await db.execute(update(AdConvertedAccount).values(asked_on=long_ago))
    await asked(client, columns="spend", show_in="EUR")
    async with tenant_session(organization_id) as db:
        assert await count_again(db, None, clock.now()) == 1
