"""What changed since yesterday: accounts beside their week, what is newly said of ads, and who does best and worst."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.exchange_rates.converting import DailyRates
from brandhound.ads.exchange_rates.keeping import rates_between
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.models import AdBaseline
from brandhound.ads.standings.noticing import MOST_NEW, MOST_PERFORMERS, in_currency, order_of_new
from brandhound.ads.standings.schemas import AccountChange, AdChanges, AdPerformer, ChangedAd, HappeningOut
from brandhound.ads.standings.showing import pictures_of, said_out
from brandhound.brands.queries import all_one_with
from brandhound.core.db import Db

JUDGED = timedelta(days=28)
"""The days that ads were judged by."""

Told = tuple[AdAccount, dict[str, Any]]


async def read_changes(db: Db, brand_id: UUID | None, account_id: UUID | None, show_in: str | None = None) -> AdChanges:
    """Three statements, however many accounts and ads: what is worth telling was found when the ads were judged.

    Two more where money is shown in one currency: of the best and worst ads what was paid is; their return keeps its own.
    """
    kept = await _kept(db, brand_id, account_id)
    new = sorted(_all(kept, "new"), key=lambda told: order_of_new(told[1]))[:MOST_NEW]
    top = sorted(_all(kept, "best"), key=lambda told: (-told[1]["low90"], told[1]["ad_id"]))[:MOST_PERFORMERS]
    bottom = sorted(_all(kept, "worst"), key=lambda told: (told[1]["high90"], told[1]["ad_id"]))[:MOST_PERFORMERS]
    ads = await _ads(db, [*new, *top, *bottom])
    performing = [ads[told["ad_id"]].creative_id for _, told in (*top, *bottom) if told["ad_id"] in ads]
    pictures = await pictures_of(db, [creative_id for creative_id in performing if creative_id])
    rates = await _rates(db, kept, show_in)
    paid = await _paid(db, kept, [*top, *bottom], rates, show_in)
    return AdChanges(
        accounts=_last_days(kept, rates, show_in),
        happened=[
            HappeningOut(account_id=account.id, account=account.name, **happened)
            for account, baseline in kept
            for happened in baseline.facts.get("happened", [])
        ],
        new=[
            ChangedAd(id=ads[told["ad_id"]].id, name=ads[told["ad_id"]].name, account=account.name, said=said_out(told))
            for account, told in new
            if told["ad_id"] in ads
        ],
        top=_performers(top, ads, pictures, paid, show_in),
        bottom=_performers(bottom, ads, pictures, paid, show_in),
        judged_at=max((baseline.judged_at for _, baseline in kept), default=None),
    )


async def _rates(db: Db, kept: Sequence[tuple[AdAccount, AdBaseline]], show_in: str | None) -> DailyRates | None:
    """The rates that the days of these accounts can need; none where all their money is in that currency already."""
    others = [(account, one) for account, one in kept if account.currency != show_in]
    if not show_in or not others:
        return None
    days = [one.until for _, one in others]
    named = {show_in, *(account.currency for account, _ in others)}
    return (await rates_between(db, named, min(days) - JUDGED, max(days))).rates


async def _paid(
    db: Db,
    kept: Sequence[tuple[AdAccount, AdBaseline]],
    told: Sequence[Told],
    rates: DailyRates | None,
    show_in: str | None,
) -> dict[str, float]:
    """What was paid for ads in a currency, each day by its own rate; none of an ad of which a day has no rate."""
    last = {account.id: one.until for account, one in kept}
    others = {one["ad_id"]: account for account, one in told if account.currency != show_in}
    if rates is None or show_in is None or not others:
        return {}
    wanted = select(Fact.ad_id, Fact.day, Fact.spend_micros).where(
        Fact.ad_id.in_([UUID(ad_id) for ad_id in others]),
        Fact.day > min(last.values()) - JUDGED,
        Fact.spend_micros > 0,
    )
    paid: dict[str, float] = {}
    without: set[str] = set()
    for ad_id, day, micros in await db.execute(wanted):
        account = others[str(ad_id)]
        if not last[account.id] - JUDGED < day <= last[account.id]:
            continue
        factor = rates.factor(account.currency, show_in, day)
        if factor is None:
            without.add(str(ad_id))
        else:
            paid[str(ad_id)] = paid.get(str(ad_id), 0.0) + (micros or 0) / 1_000_000 * factor.value
    return {ad_id: sum_ for ad_id, sum_ in paid.items() if ad_id not in without}


def _last_days(
    kept: Sequence[tuple[AdAccount, AdBaseline]], rates: DailyRates | None, show_in: str | None
) -> list[AccountChange]:
    """Accounts with their last day; in their own currency where the day has no rate, or was judged by an older version."""
    found: list[AccountChange] = []
    for account, one in kept:
        told: dict[str, Any] = one.facts["last_day"]
        shown: dict[str, Any] | None = None
        if rates is not None and show_in and account.currency != show_in and "by_day" in one.facts:
            days = [one.until - timedelta(days=at) for at in range(8)]
            factors = {day: by.value for day in days if (by := rates.factor(account.currency, show_in, day))}
            shown = in_currency(told, one.facts["by_day"], one.until, factors)
        found.append(
            AccountChange(
                account_id=account.id,
                account=account.name,
                currency=show_in if shown and show_in else account.currency,
                converted_from=account.currency if shown else None,
                day=one.until,
                **(shown or {"values": told["values"], "usual": told["usual"]}),
            )
        )
    return found


async def _kept(db: Db, brand_id: UUID | None, account_id: UUID | None) -> list[tuple[AdAccount, AdBaseline]]:
    """Accounts that were judged. What an older version kept does not tell the last day: the next sync does."""
    statement = select(AdAccount, AdBaseline).join(AdBaseline, AdBaseline.ad_account_id == AdAccount.id)
    if account_id is not None:
        statement = statement.where(AdAccount.id == account_id)
    if brand_id is not None:
        of_brand = select(BrandAdAccount.ad_account_id).where(BrandAdAccount.brand_id.in_(all_one_with(brand_id)))
        statement = statement.where(AdAccount.id.in_(of_brand))
    rows = await db.execute(statement.order_by(AdAccount.name, AdAccount.id))
    return [(account, baseline) for account, baseline in rows if "last_day" in baseline.facts]


def _all(kept: Sequence[tuple[AdAccount, AdBaseline]], what: str) -> list[Told]:
    return [(account, told) for account, baseline in kept for told in baseline.facts[what]]


async def _ads(db: Db, told: Sequence[Told]) -> dict[str, Ad]:
    """By their keys; one that was removed since is not among them."""
    rows = await db.scalars(select(Ad).where(Ad.id.in_({UUID(one["ad_id"]) for _, one in told})))
    return {str(ad.id): ad for ad in rows}


def _performers(
    told: Sequence[Told],
    ads: Mapping[str, Ad],
    pictures: Mapping[UUID, UUID],
    paid: Mapping[str, float],
    show_in: str | None,
) -> list[AdPerformer]:
    found: list[AdPerformer] = []
    for account, one in told:
        ad = ads.get(one["ad_id"])
        if ad is not None:
            found.append(
                AdPerformer(
                    id=ad.id,
                    name=ad.name,
                    account=account.name,
                    currency=show_in if show_in and one["ad_id"] in paid else account.currency,
                    picture=pictures.get(ad.creative_id) if ad.creative_id else None,
                    metric="roas",
                    mean=one["mean"],
                    low90=one["low90"],
                    high90=one["high90"],
                    spend=paid.get(one["ad_id"], one["spend"]),
                )
            )
    return found
