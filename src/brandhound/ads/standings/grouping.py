"""Ads together by the page that they lead to: what each page cost and brought, and what its return truly is likely to be."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping, Select, func, select

from brandhound.ads.baselines.estimates import Estimates
from brandhound.ads.baselines.returns import estimate_returns, fit_returns
from brandhound.ads.metrics.formulas import Column, worth
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.models import AdAccount
from brandhound.ads.standings.adding_up_converted import AccountDays
from brandhound.ads.standings.asking import AdFilter, Asked, known_columns, summed
from brandhound.ads.standings.converted import Converted
from brandhound.ads.standings.converted_models import AdConvertedSums
from brandhound.ads.standings.converting_matching import convert_shown
from brandhound.ads.standings.formulas_in_sql import touches_money
from brandhound.ads.standings.landing import LEADING_TO_A_PAGE, page_of
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.page_schemas import AdsByPage, PageOfAds
from brandhound.ads.standings.showing import sums_of, together
from brandhound.core.db import Db, planned_for_its_owner

_RETURN = ("spend", "purchases", "purchase_value")
MOST = 500


async def read_pages(
    db: Db, wanted: AdFilter, columns: Sequence[str], sort: str, show_in: str | None = None
) -> AdsByPage:
    """A row a page, or a row a page and currency where money is not converted; at most five hundred, in order.

    Two statements, however many pages and ads; three more where money is converted, and a few once after a change.
    """
    asked = await known_columns(db)
    by = sort.removeprefix("-")
    needed = columns if by in (*columns, "name", "ads") else (*columns, by)
    own = await _sums_of_pages(db, _statement(wanted, asked, needed))
    converted, money = None, own
    if show_in is not None:
        converted = await convert_shown(db, wanted, _accounts(own), show_in)
        if converted.is_kept:
            money = await _sums_of_pages(db, _statement(wanted, asked, needed, converted))
    currency = show_in if converted else None
    plain, shown = _together(own, currency), _together(money, currency)
    keys = sorted(plain, key=lambda key: (key[1], key[0] or ""))
    returns = await asyncio.to_thread(_returns, keys, shown)
    rows = [
        PageOfAds(
            page=page,
            currency=paid_in,
            ads=int(plain[(page, paid_in)].column("ads")[0]),
            values=_values(asked, needed, plain[(page, paid_in)], shown.get((page, paid_in))),
            return_mean=_at(returns.get((page, paid_in)), 0),
            return_low90=_at(returns.get((page, paid_in)), 1),
            return_high90=_at(returns.get((page, paid_in)), 2),
        )
        for page, paid_in in keys
    ]
    by_currency = converted is None and len({row.currency for row in rows}) > 1 and asked.is_money(by)
    return AdsByPage(
        items=_ordered(rows, sort, by_currency=by_currency)[:MOST],
        total=len(rows),
        totals=together(own, asked, columns, converted, money),
        in_order_by_currency=by_currency,
        shown_in=converted.shown if converted else None,
        window_days=wanted.window,
        until=max((row["until"] for row in own), default=None),
        until_first=min((row["until"] for row in own), default=None),
    )


Key = tuple[str | None, str]
"""A page, and the currency that its figures are in."""


def _statement(
    wanted: AdFilter, asked: Asked, columns: Sequence[str], converted: Converted | None = None
) -> Select[Any]:
    """The sums that columns are made of, by page and account; with `converted`, of those in which there is money.

    Ads are added up by their links first: a page is made out of each link once, and not of each ad's.
    """
    by_link = summed(wanted, asked, columns, converted, always=_RETURN, by_link=True)
    page = page_of(by_link.c.link).label("page")
    days = {"since": func.min, "until": func.max}
    sums = [
        days.get(column.key, func.sum)(column).label(column.key)
        for column in by_link.c
        if column.key not in ("account_id", "link")
    ]
    return (
        select(page, AdAccount.id.label("account_id"), AdAccount.currency, *sums)
        .join(AdAccount, AdAccount.id == by_link.c.account_id)
        .group_by(page, AdAccount.id, AdAccount.currency)
    )


async def _sums_of_pages(db: Db, statement: Select[Any]) -> Sequence[RowMapping]:
    planned = planned_for_its_owner(db, statement, AdWindowSums, AdConvertedSums, *LEADING_TO_A_PAGE)
    return (await db.execute(planned)).mappings().all()


def _accounts(rows: Sequence[RowMapping]) -> list[AccountDays]:
    """Whose ads they are, with the days of their windows."""
    by_id: dict[UUID, list[RowMapping]] = {}
    for row in rows:
        by_id.setdefault(row["account_id"], []).append(row)
    return [
        AccountDays(
            account_id, those[0]["currency"], min(row["since"] for row in those), max(row["until"] for row in those)
        )
        for account_id, those in by_id.items()
    ]


def _together(rows: Sequence[RowMapping], currency: str | None) -> dict[Key, Sums]:
    """By page; all currencies as one where all of it is shown in one."""
    found: dict[Key, list[RowMapping]] = {}
    for row in rows:
        found.setdefault((row["page"], currency or row["currency"]), []).append(row)
    return {key: sums_of(those) for key, those in found.items()}


def _values(asked: Asked, columns: Sequence[str], plain: Sums, shown: Sums | None) -> dict[str, float | None]:
    """What is divided by each other is of one and the same days: of those with a rate, where there is money in it."""
    summed = asked.summed(columns)
    found: dict[str, float | None] = {}
    for name in columns:
        formula = asked.formula(name)
        sums = shown if touches_money(formula) else plain
        if sums is None:
            found[name] = None
            continue
        column = sums.column(f"own_{name}") if name in summed else worth(formula, sums.of(name))
        value = float(np.broadcast_to(column, (1,))[0])
        found[name] = None if np.isnan(value) else value
    return found


def _returns(keys: Sequence[Key], sums: Mapping[Key, Sums]) -> dict[Key, tuple[float, float, float]]:
    """The likely return of each page, drawn towards what the pages of the same currency bring: mean, low, high."""
    found: dict[Key, tuple[float, float, float]] = {}
    for currency in {key[1] for key in keys}:
        those = [key for key in keys if key[1] == currency and key in sums and sums[key].column("spend")[0] > 0]
        purchases, value, spend = (_column(those, sums, name) for name in ("purchases", "purchase_value", "spend"))
        prior = fit_returns(purchases, value, spend) if those else None
        if prior is None:
            continue
        estimates: Estimates = estimate_returns(prior, purchases, value, spend)
        for at, key in enumerate(those):
            found[key] = (float(estimates.mean[at]), float(estimates.low90[at]), float(estimates.high90[at]))
    return found


def _column(keys: Sequence[Key], sums: Mapping[Key, Sums], name: str) -> Column:
    return np.array([float(sums[key].column(name)[0]) for key in keys], dtype=np.float64)


def _at(numbers: tuple[float, float, float] | None, place: int) -> float | None:
    return None if numbers is None else float(f"{numbers[place]:.6g}")


def _ordered(rows: Sequence[PageOfAds], sort: str, *, by_currency: bool) -> list[PageOfAds]:
    """Those without a value come last whichever way; money of several currencies within each, that of the most ads first."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name == "name":
        by_name = sorted(rows, key=lambda row: row.page or "", reverse=down)
        return sorted(by_name, key=lambda row: row.page is None)

    ads = Counter[str]()
    for row in rows:
        ads[row.currency] += row.ads
    ranks = {currency: at for at, currency in enumerate(sorted(ads, key=lambda one: (-ads[one], one)))}

    def place(row: PageOfAds) -> tuple[Any, ...]:
        value = float(row.ads) if name == "ads" else row.values.get(name)
        rank = ranks[row.currency] if by_currency else 0
        return rank, value is None, 0.0 if value is None else -value if down else value, row.page or ""

    return sorted(rows, key=place)
