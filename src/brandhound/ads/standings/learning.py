"""What an account's own history says: how late its purchases come in, and what happened to all of its ads."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Double, Select, case, cast, func, select

from brandhound.ads.baselines.maturing import CLOSED_AFTER, Maturity, Read, learn_maturity
from brandhound.ads.diagnosing.happenings import OWN_FROM, AccountDays
from brandhound.ads.diagnosing.pages import PageDays
from brandhound.ads.diagnosing.turning import AdDays
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.fact_models import AdRestatement as Restated
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.object_models import Ad, AdCreative, AdCreativeVersion
from brandhound.ads.standings.landing import page_of, with_page
from brandhound.core.db import Db

LOOKED_BACK = 90
"""Days before the last closed one."""
MOST_PAGES = 40
"""Those with most clicks; of the others there is too little to be seen."""


async def maturity_of(db: Db, account_id: UUID, until: date) -> Maturity:
    """How late purchases come in, from the ledger of closed days that were first read while they were fresh."""
    closed = until - timedelta(days=CLOSED_AFTER)
    since = closed - timedelta(days=LOOKED_BACK)
    within = (Restated.ad_account_id == account_id, Restated.day >= since, Restated.day <= closed)
    age = func.date(Restated.observed_at) - Restated.day
    moved = await db.execute(
        select(Restated.day, age, func.sum(func.coalesce(Restated.new, 0) - func.coalesce(Restated.old, 0)))
        .where(*within, Restated.metric == "purchases", Restated.attribution_window == "default")
        .group_by(Restated.day, age)
    )
    steps: dict[date, list[tuple[int, float]]] = {}
    for day, days, change in moved:
        steps.setdefault(day, []).append((int(days), float(change)))
    finals = await db.execute(
        select(Fact.day, func.sum(Fact.purchases))
        .where(Fact.ad_account_id == account_id, Fact.day.in_(list(steps)))
        .group_by(Fact.day)
    )
    reads: list[Read] = []
    for day, final in finals:
        if final is None or min(days for days, _ in steps[day]) > 2:
            continue
        reads += [
            Read(age_now, float(final) - sum(change for days, change in steps[day] if days > age_now), float(final))
            for age_now in range(CLOSED_AFTER + 1)
        ]
    return learn_maturity(reads)


async def account_days(
    db: Db, account_id: UUID, since: date, until: date, maturity: Maturity, blind: frozenset[date] = frozenset()
) -> tuple[AccountDays, list[PageDays]]:
    """The account and the pages that most clicks lead to by day, with the share of its purchases that is told by now; and the
    carts of those pages on the days before; and what came by each of their ads. Two statements.

    What could not be counted on `blind` days is no part of what an ad's clicks usually bring.
    """
    first = min(since, until - timedelta(days=LOOKED_BACK - 1))
    rows = (await db.execute(_by_day_and_page(account_id, first, since, until, blind))).all()
    counts_carts = any(row.adds_to_cart for row in rows)
    by_ad = await _by_ad(db, account_id, first if counts_carts else since, until, carts=counts_carts)
    days = [since + timedelta(days=at) for at in range((until - since).days + 1)]
    before = (since - first).days
    whole: dict[str | None, Column] = {}
    for row in rows:
        day, page, values = _row(row)
        table = whole.setdefault(page, np.zeros((before + len(days), len(values))))
        table[(day - first).days] += values
    by_page = {page: table[before:] for page, table in whole.items()}
    together = sum(by_page.values(), np.zeros((len(days), len(_SUMMED) + 2)))
    shares = np.array([maturity.share((until - day).days) for day in days])
    spend, shown, clicks, landed, _, checkouts, bought, _, expected = together.T
    begun = checkouts if checkouts.any() else np.array([])
    account = AccountDays(days, spend / 1_000_000, shown, clicks, bought, landed, expected, begun, shares)
    pages: list[PageDays] = []
    for page, table in sorted((page, table) for page, table in by_page.items() if page):
        _, _, clicks, landed, carts, checkouts, bought, expected_carts, expected = table.T
        _, _, _, _, carts_before, _, _, expected_before, _ = whole[page][:before].T
        pages.append(
            PageDays(
                page,
                clicks,
                landed,
                carts,
                checkouts,
                bought,
                expected_carts,
                expected,
                shares,
                carts_before,
                expected_before,
                _ads_of(by_ad.get(page, ()), len(days) + (before if counts_carts else 0), shares, carts=counts_carts),
            )
        )
    return account, pages


async def _by_ad(
    db: Db, account_id: UUID, first: date, until: date, *, carts: bool
) -> dict[str | None, list[tuple[list[int], list[float], list[float]]]]:
    """By page and ad: numbers of the days on which it was clicked since the first one, its clicks, and the carts (else
    purchases) that came by it. An ad is a row, whose days are arrays: as rows they would be a million of the largest accounts.
    """
    brought = Fact.adds_to_cart if carts else Fact.purchases
    own = (
        select(
            Fact.ad_id.label("ad_id"),
            func.array_agg(Fact.day - first).label("days"),
            func.array_agg(cast(Fact.link_clicks, Double)).label("clicks"),
            func.array_agg(cast(func.coalesce(brought, 0), Double)).label("brought"),
        )
        .where(Fact.ad_account_id == account_id, Fact.day >= first, Fact.day <= until, Fact.link_clicks > 0)
        .group_by(Fact.ad_id)
        .subquery()
    )
    page = page_of(AdCreativeVersion.link)
    chosen: Select[Any] = select(page, own.c.days, own.c.clicks, own.c.brought)  # pyright: ignore[reportAssignmentType]
    rows = await db.execute(with_page(chosen.join(Ad, Ad.id == own.c.ad_id)).where(page.is_not(None)))
    found: dict[str | None, list[tuple[list[int], list[float], list[float]]]] = {}
    for where, *arrays in rows:
        found.setdefault(where, []).append((arrays[0], arrays[1], arrays[2]))
    return found


def _ads_of(
    rows: Sequence[tuple[list[int], list[float], list[float]]], days: int, shares: Column, *, carts: bool
) -> AdDays:
    tried, done = np.zeros((days, len(rows))), np.zeros((days, len(rows)))
    for ad, (at, clicks, brought) in enumerate(rows):
        tried[at, ad], done[at, ad] = clicks, brought
    return AdDays(tried, done) if carts else AdDays(tried[-len(shares) :] * shares[:, None], done[-len(shares) :])


def _row(row: Any) -> tuple[date, str | None, list[float]]:
    return row[0], row[1], [float(value or 0) for value in row[2:]]


_SUMMED = (
    Fact.spend_micros,
    Fact.impressions,
    Fact.link_clicks,
    Fact.landing_page_views,
    Fact.adds_to_cart,
    Fact.checkouts,
    Fact.purchases,
)


def _by_day_and_page(account_id: UUID, first: date, since: date, until: date, blind: frozenset[date]) -> Select[Any]:
    """Sums by day and page, with the carts and purchases that the day's clicks bring at their ads' own rates: of carts since the
    first day, as they tell what a page does; of purchases in the window, as what all people buy changes within months."""
    within = (Fact.ad_account_id == account_id, Fact.day >= first, Fact.day <= until)
    counted = Fact.day.not_in(list(blind))
    clicks, carts, late_clicks, late_bought = (
        func.coalesce(func.sum(column).filter(counted, Fact.day >= start), 0)
        for column, start in (
            (Fact.link_clicks, first),
            (Fact.adds_to_cart, first),
            (Fact.link_clicks, since),
            (Fact.purchases, since),
        )
    )
    own = (
        select(
            Fact.ad_id.label("ad_id"),
            clicks.label("clicks"),
            carts.label("carts"),
            late_clicks.label("late_clicks"),
            late_bought.label("late_bought"),
            func.coalesce(func.sum(Fact.link_clicks).filter(Fact.day >= since), 0).label("clicks_now"),
        )
        .where(*within)
        .group_by(Fact.ad_id)
        .having(func.max(Fact.day) >= since)
        .subquery()
    )
    page = page_of(AdCreativeVersion.link)

    def rate(done: ColumnElement[Any], tried: ColumnElement[Any]) -> ColumnElement[Any]:
        usual = cast(func.sum(done).over(), Double) / func.nullif(func.sum(tried).over(), 0)
        return (done + usual * OWN_FROM) / (tried + OWN_FROM)

    rated = (
        select(
            own.c.ad_id,
            page.label("page"),
            func.sum(own.c.clicks_now).over(partition_by=page).label("page_clicks"),
            rate(own.c.carts, own.c.clicks).label("carts"),
            rate(own.c.late_bought, own.c.late_clicks).label("bought"),
        )
        .outerjoin(Ad, Ad.id == own.c.ad_id)
        .outerjoin(AdCreative, AdCreative.id == Ad.creative_id)
        .outerjoin(
            AdCreativeVersion,
            (AdCreativeVersion.creative_id == AdCreative.id) & (AdCreativeVersion.number == AdCreative.version),
        )
        .subquery()
    )
    place = func.dense_rank().over(order_by=(rated.c.page_clicks.desc(), rated.c.page)).label("place")
    ranked = select(rated, place).subquery()
    shown = case((ranked.c.place <= MOST_PAGES, ranked.c.page)).label("page")
    return (
        select(
            Fact.day,
            shown,
            *(func.sum(column).label(column.key) for column in _SUMMED),
            func.sum(Fact.link_clicks * ranked.c.carts),
            func.sum(Fact.link_clicks * ranked.c.bought),
        )
        .join(ranked, ranked.c.ad_id == Fact.ad_id)
        .where(*within)
        .group_by(Fact.day, shown)
    )
