"""One ad with everything that is known of it: what is said and from which numbers, its days, what it shows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import func, select

from brandhound.ads.asset_models import AdAsset, AdCreativeAsset
from brandhound.ads.assets.missing import why_missing
from brandhound.ads.diagnosing.peers import peers_names
from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.formulas import worth
from brandhound.ads.metrics.library import FORMULAS, METRICS
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad, AdCampaign, AdCreative, AdCreativeVersion, AdSet
from brandhound.ads.standings.converting_an_ad import day_factors, in_currency, with_money
from brandhound.ads.standings.models import JUDGED, AdBaseline, AdVerdict, AdWindowSums
from brandhound.ads.standings.reckoning import counted_at_all
from brandhound.ads.standings.schemas import AdAssetOut, AdDay, AdDetail
from brandhound.ads.standings.showing import PRESETS, delivery_of, pictures_of, row_of, said_out
from brandhound.ads.standings.verdict_schemas import DiagnosisOut, EstimateOut, EvidenceOut, UnsaidOut
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.files import files
from brandhound.core.problems import NotThere

SHOWABLE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/quicktime", "video/webm"}
)
TREND = ("spend", "impressions", "ctr", "cpm", "hook_rate", "purchases", "cost_per_purchase", "roas")
COLUMNS = tuple(dict.fromkeys(name for preset in PRESETS.values() for name in preset))


async def read_ad(db: Db, ad_id: UUID, show_in: str | None = None) -> AdDetail:
    """One ad; where it was not shown in 28 days, as it was when it was shown last. Raises NotThere.

    Its money is in `show_in`, or in its account's own currency.
    """
    found = await row_of(db, ad_id, COLUMNS)
    if found is None:
        return await read_quiet_ad(db, ad_id, show_in)
    shown, row = found
    verdict = await db.scalar(select(AdVerdict).where(AdVerdict.ad_id == ad_id))
    baselines = await db.scalar(select(AdBaseline).where(AdBaseline.ad_account_id == shown.account_id))
    until: date = row["until"]
    facts = await days_of(db, ad_id, until)
    counted = await _counted(db, shown.account_id, until)
    told = AdDetail(
        **shown.model_dump(),
        **said_by(await version_of(db, row["creative_id"])),
        since=verdict.since if verdict else None,
        until=verdict.until if verdict else None,
        diagnoses=[_diagnosis(said) for said in verdict.diagnoses] if verdict else [],
        unsaid=[UnsaidOut(rule=rule, title=RULES[rule].title, lacks=lacks) for rule, lacks in verdict.unsaid.items()]
        if verdict
        else [],
        estimates=_estimates(verdict, baselines, await _peers_of(db, ad_id), shown.values),
        trend=trend_of(facts, until, counted),
        assets=await assets_of(db, row["creative_id"]),
        reach_low=row["reach"] if row["reach"] is not None else row["reach_low"],
        reach_high=row["reach"] if row["reach"] is not None else row["reach_high"],
        verdict_currency=shown.currency,
    )
    return await _shown_in(db, told, facts, until, show_in, counted) if show_in else told


async def _counted(db: Db, account_id: UUID, until: date) -> frozenset[str]:
    """What the account counts at all in these days: a day of an ad without it had none."""
    return await counted_at_all(db, account_id, until - timedelta(days=JUDGED - 1), until)


async def _shown_in(
    db: Db, ad: AdDetail, facts: Sequence[Fact], until: date, currency: str, counted: frozenset[str]
) -> AdDetail:
    """The same with money in a currency, each day by its own rate."""
    by = await day_factors(db, ad.currency, currency, until - timedelta(days=JUDGED - 1), until)
    known = [fact for fact in facts if fact.day in by.factors]
    told = in_currency(ad, by, facts, values_of(known, COLUMNS, counted, by.factors))
    days = {fact.day: [fact] for fact in known}
    trend = [
        AdDay(day=one.day, values=with_money(one.values, values_of(days.get(one.day, []), TREND, counted, by.factors)))
        for one in ad.trend
    ]
    return told.model_copy(update={"trend": trend})


async def read_quiet_ad(db: Db, ad_id: UUID, show_in: str | None = None) -> AdDetail:
    """An ad without sums: not shown for 28 days, or not counted yet. With the last that is known. Raises NotThere."""
    row = (
        await db.execute(
            select(Ad, AdAccount, AdCampaign.name.label("campaign"), AdSet.name.label("ad_set"))
            .join(AdAccount, AdAccount.id == Ad.account_id)
            .outerjoin(AdCampaign, AdCampaign.id == Ad.campaign_id)
            .outerjoin(AdSet, AdSet.id == Ad.ad_set_id)
            .where(Ad.id == ad_id)
        )
    ).one_or_none()
    if row is None:
        raise NotThere("ad")
    ad, account = row[0], row[1]
    last = await db.scalar(select(func.max(Fact.day)).where(Fact.ad_id == ad_id))
    newest = await db.scalar(select(func.max(Fact.day)).where(Fact.ad_account_id == account.id))
    facts = await days_of(db, ad_id, last) if last else []
    counted = await _counted(db, account.id, last) if last else frozenset[str]()
    version = await version_of(db, ad.creative_id)
    pictures = await pictures_of(db, [ad.creative_id] if ad.creative_id else [])
    told = AdDetail(
        id=ad.id,
        external_id=ad.external_id,
        name=ad.name,
        status=ad.effective_status,
        format=version.format if version else None,
        account_id=account.id,
        account=account.name,
        currency=account.currency,
        campaign_id=ad.campaign_id,
        campaign=row.campaign,
        ad_set=row.ad_set,
        picture=pictures.get(ad.creative_id) if ad.creative_id else None,
        days=len(facts),
        last_shown_on=last,
        values=values_of(facts, COLUMNS, counted),
        own_values=None,
        days_without_rate=0,
        health=None,
        lacks=[],
        more_spend=None,
        said=[],
        **said_by(version),
        known_until=newest,
        delivery=delivery_of(last, newest, clock.today(account.time_zone)) if last and newest else "never",
        since=last - timedelta(days=JUDGED - 1) if last else None,
        until=last,
        diagnoses=[],
        unsaid=[],
        estimates=[],
        trend=trend_of(facts, last, counted) if last else [],
        assets=await assets_of(db, ad.creative_id),
        reach_low=max((fact.reach for fact in facts if fact.reach is not None), default=None),
        reach_high=sum(fact.reach for fact in facts if fact.reach is not None) or None,
        verdict_currency=account.currency,
    )
    return await _shown_in(db, told, facts, last, show_in, counted) if show_in and last else told


async def version_of(db: Db, creative_id: UUID | None) -> AdCreativeVersion | None:
    """What a creative says and shows now."""
    if creative_id is None:
        return None
    return await db.scalar(
        select(AdCreativeVersion)
        .join(AdCreative, AdCreative.id == AdCreativeVersion.creative_id)
        .where(AdCreative.id == creative_id, AdCreativeVersion.number == AdCreative.version)
    )


def said_by(version: AdCreativeVersion | None) -> dict[str, Any]:
    """Its words."""
    return {name: getattr(version, name) if version else None for name in ("title", "body", "link", "cta")}


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
        among=said.get("among"),
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


async def _peers_of(db: Db, ad_id: UUID) -> tuple[str, str]:
    """As what the ads that it is compared with may be kept, those most alike first."""
    films = func.coalesce(AdWindowSums.views_3s, 0) > 0
    row = (
        await db.execute(
            select(AdCampaign.objective, films)
            .select_from(AdWindowSums)
            .join(Ad, Ad.id == AdWindowSums.ad_id)
            .outerjoin(AdCampaign, AdCampaign.id == Ad.campaign_id)
            .where(AdWindowSums.ad_id == ad_id, AdWindowSums.window_days == JUDGED)
        )
    ).one_or_none()
    return peers_names(*row) if row else peers_names(None, video=False)


def _estimates(
    verdict: AdVerdict | None, kept: AdBaseline | None, peers: tuple[str, str], values: Mapping[str, float | None]
) -> list[EstimateOut]:
    if verdict is None:
        return []
    found: list[EstimateOut] = []
    cohorts: dict[str, Any] = kept.baselines if kept else {}
    # An older version kept what is usual among all.
    kind = next((name for name in (*peers, "all") if name in cohorts), "")
    those: dict[str, Any] = cohorts.get(kind) or {}
    for name, numbers in verdict.estimates.items():
        metric = METRICS[name]
        usual: dict[str, Any] = those.get(name, {})
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
                among=usual.get("among"),
                lacks=usual.get("lacks", []),
            )
        )
    return found


async def days_of(db: Db, ad_id: UUID, until: date) -> list[Fact]:
    """Those of the 28 days up to this one on which it was shown."""
    since = until - timedelta(days=JUDGED - 1)
    rows = await db.scalars(select(Fact).where(Fact.ad_id == ad_id, Fact.day >= since, Fact.day <= until))
    return list(rows)


def trend_of(facts: Sequence[Fact], until: date, counted: frozenset[str]) -> list[AdDay]:
    """Each of the 28 days; those on which it was not shown are there with nothing in them."""
    by_day = {fact.day: [fact] for fact in facts}
    days = [until - timedelta(days=at) for at in reversed(range(JUDGED))]
    return [AdDay(day=day, values=values_of(by_day.get(day, []), TREND, counted)) for day in days]


def values_of(
    facts: Sequence[Fact], names: Sequence[str], counted: frozenset[str], factors: Mapping[date, float] | None = None
) -> dict[str, float | None]:
    """Metrics and measures of an ad's days together; reach is of single days alone. Money is multiplied by its day's factor.

    What is `counted` in the account, and not said of a day, did not happen on it.
    """
    table = {name: np.array([_of_fact(fact, name) for fact in facts]) for name in MEASURES}
    table |= {name: np.nan_to_num(table[name]) for name in counted}
    if factors is not None:
        by_day = np.array([factors[fact.day] for fact in facts])
        table = {name: column * by_day if MEASURES[name].kind == "money" else column for name, column in table.items()}
    sums = Sums(table, "", len(facts))
    if len(facts) != 1:
        sums = sums.together() if facts else Sums({}, "", 1)
    return {
        name: _plain(float(np.broadcast_to(worth(FORMULAS[name], sums.column), (1,))[0]))
        if name in FORMULAS
        else _plain(float(sums.column(name)[0]))
        for name in names
    }


def _of_fact(fact: Fact, name: str) -> float:
    if name == "watch_seconds":
        seen, plays = fact.watch_seconds_avg, fact.plays
        return float("nan") if seen is None or plays is None else seen * plays
    value = getattr(fact, MEASURES[name].column)
    if value is None:
        return float("nan")
    return float(value) / 1_000_000 if MEASURES[name].kind == "money" else float(value)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else value


async def assets_of(db: Db, creative_id: UUID | None) -> list[AdAssetOut]:
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
            why=why_missing(asset.reason) if asset.reason else None,
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
