"""Importing a table into an account: first as a trial, then for good. The same table twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.importing.errors import AdIdsMissing, OtherCurrency, RowsFaulty, SeveralAccounts
from brandhound.ads.importing.reading import BY_NAME, AdNamed, ReadTable, read_rows_of
from brandhound.ads.importing.tables import Table, read_table
from brandhound.ads.importing.understanding import Understood, understand
from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad
from brandhound.ads.queries import account_by_id
from brandhound.ads.syncing.events import FactsImported
from brandhound.ads.syncing.reading_rows import MEASURES
from brandhound.ads.syncing.storing_facts import Stored, lock_account, store_facts
from brandhound.ads.syncing.storing_objects import ids_of, name_ads, store_ad_sets, store_campaigns
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.jobs.registry import announce
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Caller

_AT_ONCE = 20_000


@dataclass(frozen=True)
class Prepared:
    """A table that was read, and not stored yet."""

    table: Table
    how: Understood
    read: ReadTable


@dataclass(frozen=True)
class Imported:
    """What storing came to."""

    stored: Stored
    kept_from_platform: int
    """Rows left out because the platform itself tells of that ad and day."""


def prepare(account: AdAccount, body: bytes, mapping: Mapping[str, str] | None) -> Prepared:
    """Read a table for an account. Raises the errors of `importing.errors`."""
    table = read_table(body)
    how = understand(table, mapping)
    if not how.currencies <= {account.currency}:
        raise OtherCurrency(how.currencies, account.currency)
    if len(how.accounts) > 1:
        raise SeveralAccounts(how.accounts, table.headers[how.columns["account_id"]])
    read = read_rows_of(table, how, clock.today(account.time_zone))
    unnumbered = [one.name for one in read.ads.values() if one.external_id.startswith(BY_NAME)]
    if unnumbered and account.platform != "file":
        raise AdIdsMissing(unnumbered, table.headers)
    return Prepared(table, how, read)


async def import_table(
    db: Db, caller: Caller, account_id: UUID, prepared: Prepared, file_name: str, *, skip_faulty: bool
) -> Imported:
    """Store a table that was read. Raises NotThere or RowsFaulty."""
    account = await account_by_id(db, account_id)
    read = prepared.read
    if read.faulty_rows and not skip_faulty:
        raise RowsFaulty(read.faulty_rows)
    now = clock.now()
    await _name(db, account, read.ads)
    named: dict[str, dict[str, Any]] = {
        one.external_id: {
            "ad_name": one.name,
            "campaign_id": one.campaign[0] if one.campaign else None,
            "adset_id": one.ad_set[0] if one.ad_set else None,
        }
        for one in read.ads.values()
    }
    ids = await name_ads(db, account.id, named, now)
    # What the platform tells is looked at when nobody can add to it: a sync that stored it meanwhile would be overwritten.
    await lock_account(db, account.id)
    stored, kept = Stored(), 0
    for start in range(0, len(read.facts), _AT_ONCE):
        chunk = read.facts[start : start + _AT_ONCE]
        theirs = await _of_platform(db, [(ids[fact[0]], fact[1]) for fact in chunk])
        mine = [fact for fact in chunk if (ids[fact[0]], fact[1]) not in theirs]
        kept += len(chunk) - len(mine)
        stored += await store_facts(db, account.id, mine, ids, now, source="file", silent=_untold(prepared.how))
    facts: dict[str, object] = {
        "file": file_name[:200],
        "rows": len(read.facts),
        "added": stored.added,
        "changed": stored.changed,
    }
    await record(db, caller, "ads.imported", "ad_account", account.id, facts)
    if read.since is not None and read.until is not None:
        await announce(db, FactsImported(ad_account_id=account.id, since=read.since, until=read.until))
    publish(db, "ad-accounts", account.id)
    return Imported(stored, kept)


def _untold(how: Understood) -> list[str]:
    """What the table has no column for: it says nothing of that, however few its rows. An empty cell says that there is none."""
    untold = [name for name in MEASURES if name not in how.columns]
    return untold if "attribution" in how.columns else [*untold, "attribution_setting"]


async def _name(db: Db, account: AdAccount, ads: Mapping[str, AdNamed]) -> None:
    """Campaigns and ad sets of an account that only files tell of; of others the platform tells better."""
    if account.platform != "file":
        return
    now = clock.now()
    campaigns = {one.campaign[0]: one.campaign[1] for one in ads.values() if one.campaign}
    ad_sets = {one.ad_set[0]: (one.ad_set[1], one.campaign) for one in ads.values() if one.ad_set}
    told = [{"id": identity, "name": name} for identity, name in campaigns.items()]
    await store_campaigns(db, account.id, account.currency, told, now)
    below = [
        {"id": identity, "name": name, "campaign_id": above[0] if above else None}
        for identity, (name, above) in ad_sets.items()
    ]
    await store_ad_sets(db, account.id, account.currency, below, now)
    known = await ids_of(db, Ad, account.id)
    renamed = [one for one in ads.values() if one.external_id in known]
    for ad in await db.scalars(
        select(Ad).where(Ad.account_id == account.id, Ad.external_id.in_([a.external_id for a in renamed]))
    ):
        if ad.name != ads[ad.external_id].name:
            ad.name = ads[ad.external_id].name


async def _of_platform(db: Db, keys: list[tuple[UUID, Any]]) -> set[tuple[UUID, Any]]:
    if not keys:
        return set()
    ads, days = {ad for ad, _ in keys}, [day for _, day in keys]
    rows = await db.execute(
        select(AdDailyFact.ad_id, AdDailyFact.day).where(
            AdDailyFact.ad_id.in_(ads), AdDailyFact.day.between(min(days), max(days)), AdDailyFact.source == "meta"
        )
    )
    return {(row.ad_id, row.day) for row in rows}
