"""One ad with everything that is known of it: what is said and from which numbers, its days, what it shows."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping, select

from brandhound.ads.asset_models import AdAsset, AdCreativeAsset
from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.formulas import worth
from brandhound.ads.metrics.library import FORMULAS, METRICS
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.object_models import Ad, AdCreative, AdCreativeVersion
from brandhound.ads.standings.models import JUDGED, AdBaseline, AdVerdict
from brandhound.ads.standings.schemas import (
    AdAssetOut,
    AdDay,
    AdDetail,
    DiagnosisOut,
    EstimateOut,
    EvidenceOut,
)
from brandhound.ads.standings.showing import PRESETS, row_of, said_out
from brandhound.core.db import Db
from brandhound.core.files import files
from brandhound.core.problems import NotThere

SHOWABLE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/quicktime", "video/webm"}
)
TREND = ("spend", "impressions", "ctr", "cpm", "hook_rate", "purchases", "cost_per_purchase", "roas")
COLUMNS = tuple(dict.fromkeys(name for preset in PRESETS.values() for name in preset))


async def read_ad(db: Db, ad_id: UUID) -> AdDetail:
    """One ad. Raises NotThere, also for one that did nothing in the last 28 days and has no verdict."""
    found = await row_of(db, ad_id, COLUMNS)
    if found is None:
        raise NotThere("ad")
    shown, row = found
    verdict = await db.scalar(select(AdVerdict).where(AdVerdict.ad_id == ad_id))
    baselines = await db.scalar(select(AdBaseline).where(AdBaseline.ad_account_id == shown.account_id))
    version = await db.scalar(
        select(AdCreativeVersion)
        .join(AdCreative, AdCreative.id == AdCreativeVersion.creative_id)
        .join(Ad, Ad.creative_id == AdCreative.id)
        .where(Ad.id == ad_id, AdCreativeVersion.number == AdCreative.version)
    )
    until: date = row["until"]
    return AdDetail(
        **shown.model_dump(),
        title=version.title if version else None,
        body=version.body if version else None,
        link=version.link if version else None,
        cta=version.cta if version else None,
        since=verdict.since if verdict else None,
        until=verdict.until if verdict else None,
        diagnoses=[_diagnosis(said) for said in verdict.diagnoses] if verdict else [],
        estimates=_estimates(verdict, baselines, row, shown.values),
        trend=await _trend(db, ad_id, until),
        assets=await _assets(db, row["creative_id"]),
        reach_low=row["reach"] if row["reach"] is not None else row["reach_low"],
        reach_high=row["reach"] if row["reach"] is not None else row["reach_high"],
    )


def _diagnosis(said: Mapping[str, Any]) -> DiagnosisOut:
    rule = RULES[said["rule"]]
    evidence = [
        EvidenceOut(title=_title(one["metric"]), shown=_shown(one["metric"]), **one) for one in said["evidence"]
    ]
    return DiagnosisOut(
        **said_out(said).model_dump(),
        says=rule.says,
        what_to_do=rule.what_to_do,
        evidence=evidence,
        explained_by=said["explained_by"],
    )


_OTHER_TITLES = {"quiet_days": "Days with fewer than ten impressions", "match": "Match of ad and page"}


def _title(name: str) -> str:
    if name in METRICS:
        return METRICS[name].title
    return MEASURES[name].title if name in MEASURES else _OTHER_TITLES.get(name, name)


def _shown(name: str) -> Any:
    if name in METRICS:
        return METRICS[name].shown
    return "money" if name in MEASURES and MEASURES[name].kind == "money" else "number"


def _estimates(
    verdict: AdVerdict | None, kept: AdBaseline | None, row: RowMapping, values: Mapping[str, float | None]
) -> list[EstimateOut]:
    if verdict is None:
        return []
    found: list[EstimateOut] = []
    cohorts: dict[str, Any] = kept.baselines if kept else {}
    alike = "video" if row["format"] == "video" else "still"
    for name, numbers in verdict.estimates.items():
        metric = METRICS[name]
        narrow, all_ads = cohorts.get(alike, {}).get(name), cohorts.get("all", {}).get(name)
        usual: dict[str, Any] = (narrow if narrow and not narrow["lacks"] else all_ads) or {}
        mean, low90, low50, high50, high90, prior = numbers
        found.append(
            EstimateOut(
                metric=name,
                title=metric.title,
                shown=metric.shown,
                direction=metric.direction,
                value=values.get(name),
                mean=mean,
                low90=low90,
                low50=low50,
                high50=high50,
                high90=high90,
                own=1 - prior,
                p25=usual.get("p25"),
                median=usual.get("median"),
                p75=usual.get("p75"),
                ads=usual.get("ads", 0),
                lacks=usual.get("lacks", []),
            )
        )
    return found


async def _trend(db: Db, ad_id: UUID, until: date) -> list[AdDay]:
    """Each of the last 28 days; days on which it was not shown are there with nothing in them."""
    since = until - timedelta(days=JUDGED - 1)
    rows = await db.scalars(select(Fact).where(Fact.ad_id == ad_id, Fact.day >= since, Fact.day <= until))
    by_day = {row.day: row for row in rows}
    days: list[AdDay] = []
    for at in range(JUDGED):
        day = since + timedelta(days=at)
        days.append(AdDay(day=day, values=day_values(by_day.get(day), TREND)))
    return days


def day_values(fact: Fact | None, names: tuple[str, ...]) -> dict[str, float | None]:
    """Metrics and measures of one day."""
    columns = {name: np.array([_of_fact(fact, name)]) for name in MEASURES}
    sums = Sums(columns, "", 1)
    return {
        name: _plain(float(np.broadcast_to(worth(FORMULAS[name], sums.column), (1,))[0]))
        if name in FORMULAS
        else _plain(float(sums.column(name)[0]))
        for name in names
    }


def _of_fact(fact: Fact | None, name: str) -> float:
    value = getattr(fact, MEASURES[name].column) if fact is not None else None
    if value is None:
        return float("nan")
    return float(value) / 1_000_000 if MEASURES[name].kind == "money" else float(value)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else value


async def _assets(db: Db, creative_id: UUID | None) -> list[AdAssetOut]:
    if creative_id is None:
        return []
    rows = await db.execute(
        select(AdAsset, AdCreativeAsset.role)
        .join(AdCreativeAsset, AdCreativeAsset.asset_id == AdAsset.id)
        .where(AdCreativeAsset.creative_id == creative_id)
        .order_by(AdCreativeAsset.position, AdAsset.id)
    )
    return [
        AdAssetOut(
            id=asset.id,
            kind=asset.kind,
            role=role,
            state=asset.state,
            reason=asset.reason,
            width=asset.width,
            height=asset.height,
            seconds=asset.seconds,
            poster=asset.poster_sha256 is not None,
        )
        for asset, role in rows
    ]


async def asset_file(db: Db, asset_id: UUID, *, still: bool) -> tuple[Path, str]:
    """Where the bytes of a picture or film are, and what they are. Raises NotThere."""
    asset = await db.get(AdAsset, asset_id)
    sha256 = (asset.poster_sha256 if still and asset.kind == "video" else asset.sha256) if asset else None
    if asset is None or sha256 is None or not files().has(sha256):
        raise NotThere("picture")
    kind = "image/jpeg" if still and asset.kind == "video" else asset.content_type
    return files().path(sha256), kind if kind in SHOWABLE else "application/octet-stream"
