"""Ads as a page of rows, with all of them together underneath."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.ads.asset_models import AdAsset, AdCreativeAsset
from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.metrics.formulas import worth
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.standings.asking import (
    AdFilter,
    Asked,
    Order,
    known_columns,
    picked_statement,
    rows_statement,
    totals_statement,
)
from brandhound.ads.standings.converted import Converted
from brandhound.ads.standings.converting_matching import convert_matching, of_matching
from brandhound.ads.standings.formulas_in_sql import touches_money
from brandhound.ads.standings.models import JUDGED
from brandhound.ads.standings.schemas import AdOut, AdPage, AdTotals, Delivery
from brandhound.ads.standings.verdict_schemas import SaidOut
from brandhound.core import clock
from brandhound.core.db import Db

PRESETS: dict[str, tuple[str, ...]] = {
    "performance": ("spend", "impressions", "ctr", "cpm", "cpc", "purchases", "cost_per_purchase", "roas", "frequency"),
    "video": ("spend", "impressions", "hook_rate", "hold_rate", "completion_rate", "average_watch", "ctr", "roas"),
    "conversions": (
        "spend", "link_clicks", "landing_rate", "add_to_cart_rate", "checkout_rate", "conversion_rate", "purchases",
        "cost_per_purchase", "purchase_value", "roas",
    ),
}  # fmt: skip
"""Columns by the name of what one looks for."""


async def read_ads(
    db: Db, wanted: AdFilter, columns: Sequence[str], sort: str, offset: int, limit: int, show_in: str | None = None
) -> AdPage:
    """A page of ads, with money in `show_in`, or each account's in its own currency.

    Five statements, however many ads there are; three where none is on it. Three more where money is converted, one for what is
    left out of a part of the ads, and a few once after figures or rates changed; two around each that looks for those of a page.
    """
    asked = await known_columns(db)
    name = sort.removeprefix("-")
    accounts = (await of_matching(db, wanted, totals_statement(wanted, asked, columns))).mappings().all()
    converted, with_money = await convert_matching(db, wanted, asked, columns, accounts, show_in)
    by_currency = _by_currency(accounts)
    several = tuple(by_currency) if len(by_currency) > 1 and asked.is_money(name) and converted is None else ()
    order = Order(name, sort.startswith("-"), several)
    picked = picked_statement(wanted, asked, order, offset, limit, converted)
    ad_ids = (await of_matching(db, wanted, picked)).scalars().all()
    by_id: dict[UUID, RowMapping] = {}
    if ad_ids:
        found = (await db.execute(rows_statement(wanted.window, asked, columns, ad_ids, converted))).mappings()
        by_id = {row["id"]: row for row in found}
    rows = [by_id[ad_id] for ad_id in ad_ids if ad_id in by_id]
    pictures = await pictures_of(db, [row["creative_id"] for row in rows if row["creative_id"]])
    return AdPage(
        items=[ad_out(row, columns, pictures) for row in rows],
        total=sum(account["ads"] for account in accounts),
        totals=together(accounts, asked, columns, converted, with_money),
        currencies=[together(those, asked, columns) for those in by_currency.values()],
        in_order_by_currency=bool(several),
        shown_in=converted.shown if converted else None,
        window_days=wanted.window,
        until=max((account["until"] for account in accounts), default=None),
        until_first=min((account["until"] for account in accounts), default=None),
    )


def _by_currency(accounts: Sequence[RowMapping]) -> dict[str, list[RowMapping]]:
    """The currency of the most ads first."""
    found: dict[str, list[RowMapping]] = {}
    for account in accounts:
        found.setdefault(account["currency"], []).append(account)
    most = sorted(found, key=lambda currency: (-sum(one["ads"] for one in found[currency]), currency))
    return {currency: found[currency] for currency in most}


def together(
    accounts: Sequence[RowMapping],
    asked: Asked,
    columns: Sequence[str],
    converted: Converted | None = None,
    in_currency: Sequence[RowMapping] | None = None,
) -> AdTotals:
    """The ads of these accounts as one: sums divided. Money of several currencies has no sum, unless it is converted."""
    sums = sums_of(accounts)
    with_money = sums if in_currency is None else sums_of(in_currency)
    currencies = {account["currency"] for account in accounts}
    summed = asked.summed(columns)
    values: dict[str, float | None] = {}
    for name in columns:
        formula = asked.formula(name)
        its = with_money if touches_money(formula) else sums
        if name in summed:
            value = float(its.column(f"own_{name}")[0])
        else:
            value = float(np.broadcast_to(worth(formula, its.of(name)), (1,))[0])
        # Money of two currencies is no more divided as one sum than shown as one; single ads' returns may be added up.
        of_money = asked.is_money(name) if name in summed else touches_money(formula)
        mixed = converted is None and len(currencies) > 1 and of_money
        values[name] = None if np.isnan(value) or mixed else value
    own = next(iter(currencies)) if len(currencies) == 1 else None
    return AdTotals(
        ads=sum(account["ads"] for account in accounts),
        values=values,
        currency=converted.shown.currency if converted else own,
    )


_NO_SUMS = frozenset({"account_id", "page", "currency", "since", "until"})


def sums_of(rows: Sequence[RowMapping]) -> Sums:
    """Rows of sums as one."""
    if not rows:
        return Sums({}, "", 1)
    table = {name: np.array([_number(row[name]) for row in rows]) for name in rows[0] if name not in _NO_SUMS}
    return Sums(table, "", len(rows)).together()


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def ad_out(found: RowMapping, columns: Sequence[str], pictures: Mapping[UUID, UUID]) -> AdOut:
    """One row."""
    diagnoses: list[dict[str, Any]] = found["diagnoses"] or []
    return AdOut.model_validate(
        {
            **found,
            "status": found["effective_status"],
            "last_shown_on": found["last_on"],
            "known_until": found["until"],
            "delivery": delivery_of(found["last_on"], found["until"], clock.today(found["time_zone"])),
            "picture": pictures.get(found["creative_id"]),
            "values": {name: found[f"v_{at}"] for at, name in enumerate(columns)},
            "own_values": _own_values(found, columns),
            "days_without_rate": found.get("days_without_rate", 0),
            "lacks": found["lacks"] or [],
            "more_spend": found["more_spend_micros"] / 1_000_000 if found["more_spend_micros"] else None,
            "said": [said_out(said) for said in diagnoses],
        }
    )


def _own_values(found: RowMapping, columns: Sequence[str]) -> dict[str, float | None] | None:
    own = {name: found[f"n_{at}"] for at, name in enumerate(columns) if f"n_{at}" in found}
    return own or None


def delivery_of(last_on: date | None, until: date, today: date) -> Delivery:
    """Whether an ad was shown in the last 28 days of its account, of which something is known `until` a day.

    Where nothing is known of the account for as long before `today` nobody knows whether it still is.
    """
    long = timedelta(days=JUDGED)
    # Sums that an older version counted do not tell the last day.
    if last_on is not None and last_on <= until - long:
        return "ended"
    return "unknown" if until <= today - long else "recent"


def said_out(said: Mapping[str, Any]) -> SaidOut:
    """A stored diagnosis in short."""
    rule = RULES[said["rule"]]
    return SaidOut(
        rule=rule.code,
        title=rule.title,
        severity=rule.severity,
        confidence=said["confidence"],
        since=said["since"],
        explained_by=said.get("explained_by", []),
    )


async def pictures_of(db: Db, creative_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The first picture or film of each creative that is here."""
    if not creative_ids:
        return {}
    # Asked for each by itself: in one list, all assets of the organization would be read to find a hundred.
    wanted = select(func.unnest(cast(list(set(creative_ids)), ARRAY(Uuid))).label("creative_id")).subquery()
    first = (
        select(AdCreativeAsset.asset_id)
        .join(AdAsset, AdAsset.id == AdCreativeAsset.asset_id)
        .where(AdCreativeAsset.creative_id == wanted.c.creative_id, AdAsset.state == "downloaded")
        .order_by(AdCreativeAsset.position, AdCreativeAsset.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await db.execute(select(wanted.c.creative_id, first))
    return {row[0]: row[1] for row in rows if row[1]}


async def row_of(db: Db, ad_id: UUID, columns: Sequence[str]) -> tuple[AdOut, RowMapping] | None:
    """One ad as a row, over the days that verdicts are of; none if it did nothing in them."""
    asked = await known_columns(db)
    row = (await db.execute(rows_statement(JUDGED, asked, columns, [ad_id]))).mappings().one_or_none()
    if row is None:
        return None
    pictures = await pictures_of(db, [row["creative_id"]] if row["creative_id"] else [])
    return ad_out(row, columns, pictures), row
