"""An account's ads judged, and what is said of them kept."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import delete, func, insert, select

from brandhound.ads.baselines.estimates import Estimates
from brandhound.ads.baselines.maturing import Maturity
from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.estimating import Bar, bar_of, estimates_among, usual_among
from brandhound.ads.diagnosing.happenings import Happening, outage_days
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.pages import idle_days, troubles_of
from brandhound.ads.diagnosing.peers import peers_of
from brandhound.ads.diagnosing.telling_apart import what_happened_to_all
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad, AdActivity, AdCampaign, AdCreative, AdCreativeVersion, AdSet
from brandhound.ads.standings.idling import spent_idly
from brandhound.ads.standings.keeping_verdicts import SaidOfAd, keep_verdicts, said_before, said_of_ads
from brandhound.ads.standings.learning import account_days, maturity_of, page_of
from brandhound.ads.standings.models import JUDGED, AdAim, AdBaseline
from brandhound.ads.standings.noticing import best_and_worst, day_beside_week, eight_days, newly_said
from brandhound.ads.standings.paying import checkouts_of
from brandhound.ads.standings.reckoning import (
    Counted,
    asked_reach,
    count_for_verdicts,
    figures_revision,
    last_day,
    sum_windows,
    windows_summed,
)
from brandhound.ads.standings.resting import is_judged, rests_on
from brandhound.core.db import Db

# What the platform calls a change after which delivery begins anew. A budget that moved is seen in the spend.
EDITS = ("update_ad_creative", "update_ad_set_target_spec", "update_ad_set_optimization_goal", "update_ad_set_bidding")
Thought = tuple[list[Verdict], dict[str, Estimates], dict[str, dict[str, dict[str, Any]]], Bar]
RUNNING = frozenset({"ACTIVE", "IN_PROCESS", "WITH_ISSUES", "PREAPPROVED"})


async def diagnose_account(
    db: Db, account_id: UUID, now: datetime, *, only_if_new: bool = False
) -> dict[str, int] | None:
    """Sum the windows, judge every ad, and keep what is said. Safe to repeat; ads' own words are kept since when.

    None where only what is new was to be judged, and nothing is.
    """
    revision = await figures_revision(db, account_id)
    done = await _diagnosed(db, account_id, now, only_if_new=only_if_new)
    if done is not None:
        # Last: whoever stores figures meanwhile waits for this row until the transaction ends.
        await windows_summed(db, account_id, revision)
    return done


async def _diagnosed(db: Db, account_id: UUID, now: datetime, *, only_if_new: bool) -> dict[str, int] | None:
    # What is kept is made anew: two at once, as after a sync while somebody says what a purchase may cost, would each make it.
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"ads.diagnose:{account_id}", 0))))
    account = await db.get(AdAccount, account_id)
    today = now.astimezone(ZoneInfo(account.time_zone)).date() if account else now.date()
    until = await last_day(db, account_id, today) if account else None
    if account is None or until is None:
        return {"ads": 0, "said": 0}
    rest = await rests_on(db, account_id, until)
    if only_if_new and await is_judged(db, account_id, rest):
        return None
    delivered = await sum_windows(db, account_id, until)
    since = until - timedelta(days=JUDGED - 1)
    maturity = await maturity_of(db, account_id, until)
    days, pages = await account_days(db, account_id, since, until, maturity)
    happened = what_happened_to_all(days, pages)
    blind = outage_days(happened, days.days)
    if blind:
        # What those days did not count would make an ad that began on them poor, and its page better afterwards.
        days, pages = await account_days(db, account_id, since, until, maturity, blind)
        happened = what_happened_to_all(days, pages)
        blind = outage_days(happened, days.days)
    counted = await count_for_verdicts(db, account_id, since, until, account.currency, maturity, blind)
    if not counted.ad_ids:
        return {"ads": delivered, "said": 0}
    shares = np.array([0.0 if day in blind else maturity.share((until - day).days) for day in days.days])
    case = await _case(db, account, counted, days.days, shares, happened)
    known = await said_before(db, account_id)
    verdicts, estimates, usual, bar = await asyncio.to_thread(_thought, case)
    said, rows = await asyncio.to_thread(_said, counted.ad_ids, verdicts, estimates, known, until)
    await keep_verdicts(db, account_id, (since, until), now, rows)
    best, worst = best_and_worst(
        counted.ad_ids, verdicts, estimates.get("roas"), counted.window.column("spend"), case.objectives
    )
    facts = {
        **_facts(case, bar, maturity, happened),
        "last_day": await day_beside_week(db, account_id, until),
        "by_day": await eight_days(db, account_id, until),
        "new": newly_said(said, until),
        "best": best,
        "worst": worst,
        "rests_on": rest,
    }
    await _keep_usual(db, account_id, (since, until), now, usual, facts)
    return {"ads": delivered, "said": sum(len(verdict.diagnoses) for verdict in verdicts)}


async def _case(
    db: Db,
    account: AdAccount,
    counted: Counted,
    days: Sequence[date],
    shares: Column,
    happened: Sequence[Happening],
) -> Case:
    """`shares` of each day's purchases are told by now; none of days on which nothing could be counted."""
    since, until = days[0], days[-1]
    rows = {
        row.id: row
        for row in await db.execute(
            select(
                Ad.id,
                Ad.effective_status,
                Ad.created_time,
                AdCampaign.objective,
                AdSet.learning_stage,
                AdCreativeVersion.format,
                page_of(AdCreativeVersion.link).label("page"),
                Ad.external_id,
                AdSet.external_id.label("set_external_id"),
            )
            .outerjoin(AdCampaign, AdCampaign.id == Ad.campaign_id)
            .outerjoin(AdSet, AdSet.id == Ad.ad_set_id)
            .outerjoin(AdCreative, AdCreative.id == Ad.creative_id)
            .outerjoin(
                AdCreativeVersion,
                (AdCreativeVersion.creative_id == AdCreative.id) & (AdCreativeVersion.number == AdCreative.version),
            )
            .where(Ad.account_id == account.id)
        )
    }
    turn = until - timedelta(days=6)
    zone = ZoneInfo(account.time_zone)
    touched = set(
        await db.scalars(
            select(AdActivity.object_external_id).where(
                AdActivity.account_id == account.id,
                AdActivity.happened_at >= datetime.combine(turn - timedelta(days=3), datetime.min.time(), zone),
                AdActivity.event_type.in_(EDITS),
            )
        )
    )
    ads = [rows.get(ad_id) for ad_id in counted.ad_ids]
    window, recent, before = await asked_reach(
        db,
        account.id,
        [(since, until), (turn, until), (turn - timedelta(days=7), turn - timedelta(days=1))],
        counted.ad_ids,
    )
    pages = [ad.page if ad else None for ad in ads]
    idle = idle_days(pages, happened, days)
    aim = await db.scalar(select(AdAim).where(AdAim.ad_account_id == account.id))
    return Case(
        counted.window,
        counted.recent,
        counted.before,
        7,
        JUDGED - 7,
        [(ad.objective or "") if ad else "" for ad in ads],
        _flags([counted.window.column("views_3s")[at] > 0 for at in range(len(ads))]),
        _flags([bool(ad) and bool({ad.external_id, ad.set_external_id} & touched) for ad in ads]),
        _flags([bool(ad) and ad.effective_status in RUNNING for ad in ads]),
        window,
        recent,
        before,
        counted.quiet_days,
        counted.early,
        await checkouts_of(db, account.id, until, counted.ad_ids, account.currency),
        pages=pages,
        page_troubles=troubles_of(pages, happened),
        idle=await spent_idly(db, counted.ad_ids, days, idle, shares, account.currency),
        idle_now=idle[-1],
        target=aim.target_cost_micros / 1_000_000 if aim and aim.target_cost_micros else None,
    )


def _flags(values: Sequence[object]) -> Mask:
    return np.array([bool(value) for value in values], dtype=np.bool_)


def _thought(case: Case) -> Thought:
    """All that takes thinking: in a thread, since ten thousand ads take seconds."""
    peers = peers_of(case)
    return judge(case, peers), estimates_among(case, peers), usual_among(peers), bar_of(peers)


def _said(
    ad_ids: Sequence[UUID],
    verdicts: Sequence[Verdict],
    estimates: dict[str, Estimates],
    before: dict[UUID, dict[str, str]],
    until: date,
) -> tuple[list[SaidOfAd], list[tuple[Any, ...]]]:
    """And the rows of it: in a thread, too, as writing down what is said of ten thousand ads takes a second."""
    said = said_of_ads(ad_ids, verdicts, estimates, before, until)
    return said, [one.row() for one in said]


async def _keep_usual(
    db: Db,
    account_id: UUID,
    span: tuple[date, date],
    now: datetime,
    usual: dict[str, dict[str, dict[str, Any]]],
    facts: dict[str, Any],
) -> None:
    await db.execute(delete(AdBaseline).where(AdBaseline.ad_account_id == account_id))
    await db.execute(
        insert(AdBaseline),
        [
            {
                "ad_account_id": account_id,
                "since": span[0],
                "until": span[1],
                "baselines": usual,
                "facts": facts,
                "judged_at": now,
            }
        ],
    )


def _facts(case: Case, bar: Bar, maturity: Maturity, happened: Sequence[Happening]) -> dict[str, Any]:
    return {
        "bar_micros": round(bar.cost * 1_000_000) if bar.cost else None,
        "target": case.target is not None,
        "usual_cost_micros": round(bar.usual * 1_000_000) if bar.usual else None,
        "maturity": [round(float(share), 4) for share in maturity.shares],
        "maturity_learned_from": maturity.learned_from,
        "clumping": {name: round(prior.clumping, 3) for name, prior in case.rates.items()},
        "happened": [
            {
                "what": h.what,
                "since": h.since.isoformat(),
                "until": h.until.isoformat(),
                "factor": round(h.factor, 4),
                "page": h.page,
            }
            for h in happened
        ],
    }
