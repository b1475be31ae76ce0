"""Ads as a page of rows, with all of them together underneath."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping, select

from brandhound.ads.asset_models import AdAsset, AdCreativeAsset
from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.metrics.formulas import worth
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.standings.asking import (
    AdFilter,
    Asked,
    formula_sql,
    known_columns,
    rows_statement,
    totals_statement,
)
from brandhound.ads.standings.models import JUDGED
from brandhound.ads.standings.schemas import AdOut, AdPage, AdTotals, SaidOut
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


async def read_ads(db: Db, wanted: AdFilter, columns: Sequence[str], sort: str, offset: int, limit: int) -> AdPage:
    """A page of ads. Four statements, however many ads there are."""
    asked = await known_columns(db)
    rows = (await db.execute(rows_statement(wanted, asked, columns, sort, offset, limit))).mappings().all()
    pictures = await pictures_of(db, [row["creative_id"] for row in rows if row["creative_id"]])
    total, totals, until = await _totals(db, wanted, asked, columns)
    return AdPage(
        items=[ad_out(row, columns, pictures) for row in rows],
        total=total,
        totals=totals,
        window_days=wanted.window,
        until=until,
    )


def ad_out(found: RowMapping, columns: Sequence[str], pictures: Mapping[UUID, UUID]) -> AdOut:
    """One row."""
    diagnoses: list[dict[str, Any]] = found["diagnoses"] or []
    return AdOut.model_validate(
        {
            **found,
            "status": found["effective_status"],
            "picture": pictures.get(found["creative_id"]),
            "values": {name: found[f"v_{at}"] for at, name in enumerate(columns)},
            "lacks": found["lacks"] or [],
            "more_spend": found["more_spend_micros"] / 1_000_000 if found["more_spend_micros"] else None,
            "said": [said_out(said) for said in diagnoses],
        }
    )


def said_out(said: Mapping[str, Any]) -> SaidOut:
    """A stored diagnosis in short."""
    rule = RULES[said["rule"]]
    return SaidOut(
        rule=rule.code, title=rule.title, severity=rule.severity, confidence=said["confidence"], since=said["since"]
    )


async def pictures_of(db: Db, creative_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The first picture or film of each creative that is here."""
    rows = await db.execute(
        select(AdCreativeAsset.creative_id, AdCreativeAsset.asset_id)
        .join(AdAsset, AdAsset.id == AdCreativeAsset.asset_id)
        .where(AdCreativeAsset.creative_id.in_(creative_ids), AdAsset.state == "downloaded")
        .order_by(AdCreativeAsset.creative_id, AdCreativeAsset.position.desc())
    )
    return {row[0]: row[1] for row in rows}


async def _totals(db: Db, wanted: AdFilter, asked: Asked, columns: Sequence[str]) -> tuple[int, AdTotals, Any]:
    own = {name: custom for name in columns if (custom := asked.custom(name)) is not None}
    summed = {name: formula_sql(custom.formula) for name, custom in own.items() if custom.summable}
    found = (await db.execute(totals_statement(wanted, summed))).mappings().one()
    one = {name: np.array([np.nan if found.get(name) is None else float(found[name])]) for name in MEASURES}
    sums = Sums(one, found["least"] or "", 1)
    mixed = found["least"] != found["most"]
    values: dict[str, float | None] = {}
    for name in columns:
        if name in summed:
            value = float(found[f"own_{name}"]) if found[f"own_{name}"] is not None else float("nan")
        else:
            value = float(np.broadcast_to(worth(asked.formula(name), sums.column), (1,))[0])
        values[name] = None if np.isnan(value) or (mixed and asked.is_money(name)) else value
    return int(found["ads"]), AdTotals(values=values, currency=None if mixed else found["least"]), found["until"]


async def row_of(db: Db, ad_id: UUID, columns: Sequence[str]) -> tuple[AdOut, RowMapping] | None:
    """One ad as a row, over the days that verdicts are of; none if it did nothing in them."""
    asked = await known_columns(db)
    statement = rows_statement(AdFilter(window=JUDGED, ad_id=ad_id), asked, columns, "name", 0, 1)
    row = (await db.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    pictures = await pictures_of(db, [row["creative_id"]] if row["creative_id"] else [])
    return ad_out(row, columns, pictures), row
