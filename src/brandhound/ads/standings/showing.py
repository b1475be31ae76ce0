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
from brandhound.ads.standings.converting import convert_sums
from brandhound.ads.standings.formulas_in_sql import touches_money
from brandhound.ads.standings.models import JUDGED
from brandhound.ads.standings.schemas import AdOut, AdPage, AdTotals, Delivery, SaidOut
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

    Five statements, however many ads there are; three where none is on it. Up to four more where money is converted.
    """
    asked = await known_columns(db)
    name = sort.removeprefix("-")
    needed = columns if name == "name" else (*columns, name)
    converted = await convert_sums(db, wanted, asked, needed, show_in) if show_in else None
    accounts = (await db.execute(totals_statement(wanted, asked, columns, converted))).mappings().all()
    by_currency = _by_currency(accounts)
    several = tuple(by_currency) if len(by_currency) > 1 and asked.is_money(name) and converted is None else ()
    order = Order(name, sort.startswith("-"), several)
    ad_ids = (await db.scalars(picked_statement(wanted, asked, order, offset, limit, converted))).all()
    by_id: dict[UUID, RowMapping] = {}
    if ad_ids:
        here = converted.only(ad_ids) if converted else None
        found = (await db.execute(rows_statement(wanted.window, asked, columns, ad_ids, here))).mappings()
        by_id = {row["id"]: row for row in found}
    rows = [by_id[ad_id] for ad_id in ad_ids if ad_id in by_id]
    pictures = await pictures_of(db, [row["creative_id"] for row in rows if row["creative_id"]])
    return AdPage(
        items=[ad_out(row, columns, pictures) for row in rows],
        total=sum(account["ads"] for account in accounts),
        totals=_together(accounts, asked, columns, converted),
        currencies=[_together(those, asked, columns) for those in by_currency.values()],
        in_order_by_currency=bool(several),
        shown_in=converted.shown if converted else None,
        window_days=wanted.window,
        until=max((account["until"] for account in accounts), default=None),
    )


def _by_currency(accounts: Sequence[RowMapping]) -> dict[str, list[RowMapping]]:
    """The currency of the most ads first."""
    found: dict[str, list[RowMapping]] = {}
    for account in accounts:
        found.setdefault(account["currency"], []).append(account)
    most = sorted(found, key=lambda currency: (-sum(one["ads"] for one in found[currency]), currency))
    return {currency: found[currency] for currency in most}


def _together(
    accounts: Sequence[RowMapping], asked: Asked, columns: Sequence[str], converted: Converted | None = None
) -> AdTotals:
    """The ads of these accounts as one: sums divided. Money of several currencies has no sum, unless it is converted."""
    sums = _sums(accounts, "")
    with_money = _sums(accounts, "c_") if converted else sums
    currencies = {account["currency"] for account in accounts}
    summed = asked.summed(columns)
    values: dict[str, float | None] = {}
    for name in columns:
        formula = asked.formula(name)
        its = with_money if touches_money(formula) else sums
        if name in summed:
            value = float(its.column(f"own_{name}")[0])
        else:
            value = float(np.broadcast_to(worth(formula, its.column), (1,))[0])
        mixed = converted is None and len(currencies) > 1 and asked.is_money(name)
        values[name] = None if np.isnan(value) or mixed else value
    own = next(iter(currencies)) if len(currencies) == 1 else None
    return AdTotals(
        ads=sum(account["ads"] for account in accounts),
        values=values,
        currency=converted.shown.currency if converted else own,
    )


def _sums(accounts: Sequence[RowMapping], before: str) -> Sums:
    """The accounts as one, of the columns with this before their names."""
    if not accounts:
        return Sums({}, "", 1)
    names = [name.removeprefix(before) for name in accounts[0] if name.startswith(before)]
    names = [name for name in names if name not in ("currency", "ads", "until")]
    table = {name: np.array([_number(account[before + name]) for account in accounts]) for name in names}
    return Sums(table, "", len(accounts)).together()


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
            "delivery": delivery_of(found["last_on"], found["until"]),
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
    if "days_without_rate" not in found:
        return None
    return {name: found[f"n_{at}"] for at, name in enumerate(columns) if f"n_{at}" in found}


def delivery_of(last_on: date | None, until: date) -> Delivery:
    """Whether an ad was shown in the last 28 days of its account."""
    # Sums that an older version counted do not tell the last day.
    return "ended" if last_on is not None and last_on <= until - timedelta(days=JUDGED) else "recent"


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
