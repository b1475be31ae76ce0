"""Campaigns, ad sets, ads and creatives as the platform tells them, into their tables. Telling the same twice changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.asset_models import AdAsset, AdCreativeAsset
from brandhound.ads.meta.money import budget_micros, moment
from brandhound.ads.object_models import Ad, AdCampaign, AdCreative, AdCreativeVersion, AdSet
from brandhound.ads.syncing.creatives import CreativeRead
from brandhound.core.db import Db, Model
from brandhound.core.ids import uuid7

_AT_ONCE = 1000
_KEY = ["organization_id", "account_id", "external_id"]

Told = Mapping[str, Any]


async def ids_of(
    db: Db, model: type[Ad | AdSet | AdCampaign | AdCreative], account_id: UUID, only: set[str] | None = None
) -> dict[str, UUID]:
    """Our identifiers by the platform's, of everything the account has, or `only` of these."""
    query = select(model.external_id, model.id).where(model.account_id == account_id)
    if only is not None:
        query = query.where(model.external_id.in_(only))
    return {row.external_id: row.id for row in await db.execute(query)}


async def store_campaigns(db: Db, account_id: UUID, currency: str, told: Sequence[Told], at: datetime) -> int:
    """Store campaigns; how many differ from what was known."""
    return await _upsert(
        db,
        AdCampaign,
        [
            {
                "account_id": account_id,
                "external_id": str(one["id"]),
                "name": _name(one),
                "objective": one.get("objective"),
                "status": one.get("status"),
                "effective_status": one.get("effective_status"),
                "buying_type": one.get("buying_type"),
                **_money_and_times(one, currency),
                "seen_at": at,
            }
            for one in told
        ],
    )


async def store_ad_sets(db: Db, account_id: UUID, currency: str, told: Sequence[Told], at: datetime) -> int:
    """Store ad sets; how many differ from what was known. Those of unknown campaigns stand without one."""
    campaigns = await ids_of(db, AdCampaign, account_id)
    return await _upsert(
        db,
        AdSet,
        [
            {
                "account_id": account_id,
                "campaign_id": campaigns.get(str(one.get("campaign_id"))),
                "external_id": str(one["id"]),
                "name": _name(one),
                "status": one.get("status"),
                "effective_status": one.get("effective_status"),
                "optimization_goal": one.get("optimization_goal"),
                "billing_event": one.get("billing_event"),
                "attribution_spec": one.get("attribution_spec"),
                "learning_stage": part(one, "learning_stage_info").get("status"),
                **_money_and_times(one, currency),
                "seen_at": at,
            }
            for one in told
        ],
    )


async def store_ads(db: Db, account_id: UUID, told: Sequence[Told], creatives: Mapping[str, UUID], at: datetime) -> int:
    """Store ads; how many differ from what was known."""
    campaigns = await ids_of(db, AdCampaign, account_id, {str(one.get("campaign_id")) for one in told})
    ad_sets = await ids_of(db, AdSet, account_id, {str(one.get("adset_id")) for one in told})
    return await _upsert(
        db,
        Ad,
        [
            {
                "account_id": account_id,
                "ad_set_id": ad_sets.get(str(one.get("adset_id"))),
                "campaign_id": campaigns.get(str(one.get("campaign_id"))),
                "creative_id": creatives.get(str(part(one, "creative").get("id"))),
                "external_id": str(one["id"]),
                "name": _name(one),
                "status": one.get("status"),
                "effective_status": one.get("effective_status"),
                "created_time": moment(one.get("created_time")),
                "updated_time": moment(one.get("updated_time")),
                "seen_at": at,
                "refused": None,
            }
            for one in told
        ],
    )


async def name_ads(db: Db, account_id: UUID, rows: Mapping[str, Told], at: datetime) -> dict[str, UUID]:
    """Our identifiers of the ads that rows of insights name; one that is not known yet is made, to be described later."""
    known = await ids_of(db, Ad, account_id)
    new = {external: row for external, row in rows.items() if external not in known}
    if not new:
        return known
    campaigns, ad_sets = await ids_of(db, AdCampaign, account_id), await ids_of(db, AdSet, account_id)
    values = [
        {
            "id": uuid7(),
            "account_id": account_id,
            "external_id": external,
            "name": _text(row.get("ad_name")) or external,
            "campaign_id": campaigns.get(str(row.get("campaign_id"))),
            "ad_set_id": ad_sets.get(str(row.get("adset_id"))),
            "seen_at": at,
        }
        for external, row in new.items()
    ]
    await _add(db, Ad, values)
    return await ids_of(db, Ad, account_id)


async def store_standings(db: Db, account_id: UUID, told: Sequence[Told], at: datetime) -> int:
    """What the platform says of whether ads run, whatever else it says of them; how many have changed."""
    changed = 0
    for chunk in _chunks(list(told)):
        given = {str(one["id"]): one for one in chunk}
        rows = await db.scalars(select(Ad).where(Ad.account_id == account_id, Ad.external_id.in_(given)))
        for ad in rows:
            one = given[ad.external_id]
            effective, own = one.get("effective_status"), one.get("status") or ad.status
            if (ad.effective_status, ad.status) != (effective, own):
                changed += 1
                ad.effective_status, ad.status, ad.seen_at, ad.refused = effective, own, at, None
    return changed


async def mark_refused(db: Db, account_id: UUID, external_ids: Sequence[str], why: str) -> None:
    """The platform does not show these any more. What they did stays."""
    await db.execute(
        update(Ad).where(Ad.account_id == account_id, Ad.external_id.in_(external_ids)).values(refused=why)
    )


async def store_creatives(db: Db, account_id: UUID, creatives: Sequence[CreativeRead], at: datetime) -> dict[str, UUID]:
    """Store creatives, and a version of each whose content is new; our identifiers of them by the platform's."""
    by_id = {one.external_id: one for one in creatives}
    ids: dict[str, UUID] = {}
    for chunk in _chunks(list(by_id.values())):
        ids |= await _store_creatives(db, account_id, chunk, at)
    return ids


async def _store_creatives(
    db: Db, account_id: UUID, creatives: Sequence[CreativeRead], at: datetime
) -> dict[str, UUID]:
    values = [
        {"id": uuid7(), "account_id": account_id, "external_id": one.external_id, "name": one.name, "seen_at": at}
        for one in creatives
    ]
    await _add(db, AdCreative, values)
    given = {one.external_id: one for one in creatives}
    query = select(AdCreative).where(AdCreative.account_id == account_id, AdCreative.external_id.in_(given))
    rows = list(await db.scalars(query.with_for_update()))
    versions: list[dict[str, Any]] = []
    for row in rows:
        one = given[row.external_id]
        if row.name != one.name:
            row.name = one.name
        if row.content_hash == one.content_hash:
            continue
        row.version, row.content_hash, row.seen_at = row.version + 1, one.content_hash, at
        versions.append(
            {
                "id": uuid7(),
                "creative_id": row.id,
                "number": row.version,
                "content_hash": one.content_hash,
                "title": one.title,
                "body": one.body,
                "link": one.link,
                "cta": one.cta,
                "format": one.format,
                "spec": dict(one.spec),
                "seen_from": at,
            }
        )
    await db.flush()
    if versions:
        await _add(db, AdCreativeVersion, versions)
    await _store_assets(db, account_id, {row.id: given[row.external_id] for row in rows}, at)
    return {row.external_id: row.id for row in rows}


async def _store_assets(db: Db, account_id: UUID, creatives: Mapping[UUID, CreativeRead], at: datetime) -> None:
    named = {(one.kind, one.external_id) for creative in creatives.values() for one in creative.assets}
    if not named:
        return
    values = [
        {"id": uuid7(), "account_id": account_id, "kind": kind, "external_id": name, "created_at": at}
        for kind, name in sorted(named)
    ]
    await _add(db, AdAsset, values)
    rows = await db.execute(
        select(AdAsset.kind, AdAsset.external_id, AdAsset.id).where(
            AdAsset.account_id == account_id, tuple_(AdAsset.kind, AdAsset.external_id).in_(sorted(named))
        )
    )
    ids = {(kind, name): own for kind, name, own in rows}
    links = [
        {"id": uuid7(), "creative_id": creative_id, "asset_id": ids[one.kind, one.external_id], "role": one.role,
         "position": place}
        for creative_id, creative in creatives.items()
        for place, one in enumerate(creative.assets)
    ]  # fmt: skip
    await _add(db, AdCreativeAsset, links)


async def _add(db: Db, model: type[Model], values: list[dict[str, Any]]) -> None:
    """Insert those that are not there. The rows are no part of the statement, so that it is put together once for all pages."""
    if values:
        await db.execute(insert(cast("Table[Any]", model.__table__)).on_conflict_do_nothing(), values)


async def _upsert(db: Db, model: type[Model], values: list[dict[str, Any]]) -> int:
    """Insert, or change what differs. When it was seen last is no difference."""
    table = cast("Table[Any]", model.__table__)
    by_key = {one["external_id"]: one for one in values}
    differing = 0
    for chunk in _chunks([{"id": uuid7()} | one for one in by_key.values()]):
        statement: Any = insert(table)
        names = [name for name in chunk[0] if name not in ("id", "account_id", "external_id", "seen_at")]
        ours: Any = tuple_(*(table.c[name] for name in names))
        told: Any = tuple_(*(statement.excluded[name] for name in names))
        changed: Any = statement.on_conflict_do_update(
            index_elements=_KEY,
            set_={name: statement.excluded[name] for name in (*names, "seen_at")},
            where=ours.is_distinct_from(told),
        ).returning(table.c.id)
        differing += len((await db.execute(changed, chunk)).all())
    return differing


async def newest_change(db: Db, account_id: UUID) -> datetime | None:
    """The latest change of an ad that is known."""
    return await db.scalar(select(func.max(Ad.updated_time)).where(Ad.account_id == account_id))


def _money_and_times(one: Told, currency: str) -> dict[str, Any]:
    return {
        "daily_budget_micros": budget_micros(one.get("daily_budget"), currency),
        "lifetime_budget_micros": budget_micros(one.get("lifetime_budget"), currency),
        "bid_strategy": one.get("bid_strategy"),
        "started_at": moment(one.get("start_time")),
        "stopped_at": moment(one.get("stop_time") or one.get("end_time")),
        "updated_time": moment(one.get("updated_time")),
    }


def part(one: Told, name: str) -> Told:
    """A thing within a thing; nothing where it was not told."""
    found: object = one.get(name)
    return cast("Told", found) if isinstance(found, dict) else {}


def _name(one: Told) -> str:
    return _text(one.get("name")) or str(one["id"])


def _text(value: object) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""


def _chunks(values: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
