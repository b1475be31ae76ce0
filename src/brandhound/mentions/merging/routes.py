"""Brands that may be the same, over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.core import clock
from brandhound.mentions.merging import keeping
from brandhound.mentions.merging.schemas import BrandMergeOut, BrandMerges, BrandPairs, BrandsToldApart, NewMerge
from brandhound.mentions.merging.suggesting import pairs_of
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/brand-merges", tags=["brands"])


@router.get("/suggestions")
async def list_brand_pairs(db: TenantDb, _: Viewer) -> BrandPairs:
    """Brands that may be the same, with the reasons, the likeliest first. Nothing is merged by itself."""
    return BrandPairs(items=await pairs_of(db))


@router.put("/apart", status_code=204)
async def tell_brands_apart(pair: BrandsToldApart, db: TenantDb, caller: Analyst) -> None:
    """Say that two brands are not the same; they are not suggested again."""
    await keeping.tell_apart(db, caller, pair.first_id, pair.second_id, clock.now())


@router.delete("/apart", status_code=204)
async def ask_about_brands_again(first_id: UUID, second_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Take back that two brands are not the same."""
    await keeping.ask_again(db, caller, first_id, second_id)


@router.get("")
async def list_brand_merges(db: TenantDb, _: Viewer) -> BrandMerges:
    """The merges, also those taken back, the latest first."""
    return BrandMerges(items=await keeping.merges_of(db))


@router.post("", status_code=201)
async def merge_brands(new: NewMerge, db: TenantDb, caller: Analyst) -> BrandMergeOut:
    """Merge one brand into another: names, mentions with judgements, alerts. It can be taken back."""
    merge = await keeping.merge_brands(db, caller, new.kept_id, new.gone_id, clock.now())
    return await keeping.merge_by_id(db, merge.id)


@router.delete("/{merge_id}")
async def undo_brand_merge(merge_id: UUID, db: TenantDb, caller: Analyst) -> BrandMergeOut:
    """Take a merge back: both brands are there again, each with what it had."""
    merge = await keeping.undo_merge(db, caller, merge_id, clock.now())
    return await keeping.merge_by_id(db, merge.id)
