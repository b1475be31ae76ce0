"""What changed since yesterday: accounts beside their week, what is newly said of ads, and who does best and worst."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.exchange_rates.converting import DailyRates
from brandhound.ads.exchange_rates.keeping import rates_between
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.models import AdBaseline
from brandhound.ads.standings.noticing import MOST_NEW, MOST_PERFORMERS, in_currency, order_of_new
from brandhound.ads.standings.schemas import AccountChange, AdChanges, AdPerformer, ChangedAd, HappeningOut
from brandhound.ads.standings.showing import pictures_of, said_out
from brandhound.brands.queries import and_merged_into
from brandhound.core.db import Db

Told = tuple[AdAccount, dict[str, Any]]


async def read_changes(db: Db, brand_id: UUID | None, account_id: UUID | None, show_in: str | None = None) -> AdChanges:
    """Three statements, however many accounts and ads: what is worth telling was found when the ads were judged.

    One more where money is shown in one currency. The best and worst ads keep their account's own.
    """
    kept = await _kept(db, brand_id, account_id)
    new = sorted(_all(kept, "new"), key=lambda told: order_of_new(told[1]))[:MOST_NEW]
    top = sorted(_all(kept, "best"), key=lambda told: (-told[1]["low90"], told[1]["ad_id"]))[:MOST_PERFORMERS]
    bottom = sorted(_all(kept, "worst"), key=lambda told: (told[1]["high90"], told[1]["ad_id"]))[:MOST_PERFORMERS]
    ads = await _ads(db, [*new, *top, *bottom])
    performing = [ads[told["ad_id"]].creative_id for _, told in (*top, *bottom) if told["ad_id"] in ads]
    pictures = await pictures_of(db, [creative_id for creative_id in performing if creative_id])
    return AdChanges(
        accounts=await _last_days(db, kept, show_in),
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
        top=_performers(top, ads, pictures),
        bottom=_performers(bottom, ads, pictures),
        judged_at=max((baseline.judged_at for _, baseline in kept), default=None),
    )


async def _last_days(db: Db, kept: Sequence[tuple[AdAccount, AdBaseline]], show_in: str | None) -> list[AccountChange]:
    """Accounts with their last day; in their own currency where the day has no rate, or was judged by an older version."""
    found: list[AccountChange] = []
    others = [(account, one) for account, one in kept if account.currency != show_in]
    rates: DailyRates | None = None
    if show_in and others:
        days = [one.until for _, one in others]
        named = {show_in, *(account.currency for account, _ in others)}
        rates = (await rates_between(db, named, min(days) - timedelta(days=7), max(days))).rates
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
        of_brand = select(BrandAdAccount.ad_account_id).where(BrandAdAccount.brand_id.in_(and_merged_into(brand_id)))
        statement = statement.where(AdAccount.id.in_(of_brand))
    rows = await db.execute(statement.order_by(AdAccount.name, AdAccount.id))
    return [(account, baseline) for account, baseline in rows if "last_day" in baseline.facts]


def _all(kept: Sequence[tuple[AdAccount, AdBaseline]], what: str) -> list[Told]:
    return [(account, told) for account, baseline in kept for told in baseline.facts[what]]


async def _ads(db: Db, told: Sequence[Told]) -> dict[str, Ad]:
    """By their keys; one that was removed since is not among them."""
    rows = await db.scalars(select(Ad).where(Ad.id.in_({UUID(one["ad_id"]) for _, one in told})))
    return {str(ad.id): ad for ad in rows}


def _performers(told: Sequence[Told], ads: Mapping[str, Ad], pictures: Mapping[UUID, UUID]) -> list[AdPerformer]:
    found: list[AdPerformer] = []
    for account, one in told:
        ad = ads.get(one["ad_id"])
        if ad is not None:
            found.append(
                AdPerformer(
                    id=ad.id,
                    name=ad.name,
                    account=account.name,
                    currency=account.currency,
                    picture=pictures.get(ad.creative_id) if ad.creative_id else None,
                    metric="roas",
                    mean=one["mean"],
                    low90=one["low90"],
                    high90=one["high90"],
                    spend=one["spend"],
                )
            )
    return found
