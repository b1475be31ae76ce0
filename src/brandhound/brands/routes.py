"""Brands over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.brands.catalogue import search_catalogue
from brandhound.brands.categories import name_of_category
from brandhound.brands.models import Brand
from brandhound.brands.proposing import propose_brand
from brandhound.brands.queries import all_brands, brand_by_id
from brandhound.brands.schemas import (
    BrandChanges,
    BrandList,
    BrandOut,
    BrandProposal,
    BrandSuggestion,
    BrandSuggestions,
    NewBrand,
    ProposalRequest,
)
from brandhound.brands.watching import change_brand, drop_brand, watch_brand
from brandhound.core import clock
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/brands", tags=["brands"])


@router.get("", response_model=BrandList)
async def list_brands(db: TenantDb, _: Viewer) -> dict[str, list[Brand]]:
    """All brands: own first, then clients, then competitors."""
    return {"items": await all_brands(db)}


@router.post("", status_code=201, response_model=BrandOut)
async def create_brand(new: NewBrand, db: TenantDb, caller: Analyst) -> Brand:
    """Watch a brand; the articles of the last 30 days are looked through for it."""
    return await watch_brand(db, caller, new, clock.now())


@router.get("/suggestions")
async def suggest_brands(
    _: Viewer, q: Annotated[str, Query(max_length=200)] = "", limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> BrandSuggestions:
    """Brands of the catalogue whose name is like `q`."""
    return BrandSuggestions(
        items=[
            BrandSuggestion(
                id=entry.id,
                name=entry.name,
                aliases=list(entry.aliases),
                category=name_of_category(entry.category),
                where=list(entry.where),
            )
            for entry in search_catalogue(q, limit)
        ]
    )


@router.post("/proposals")
async def propose(wish: ProposalRequest, caller: Analyst) -> BrandProposal:
    """Find out about a brand from its name or its site. Nothing is stored."""
    return await propose_brand(caller.organization_id, wish.name_or_website)


@router.get("/{brand_id}", response_model=BrandOut)
async def read_brand(brand_id: UUID, db: TenantDb, _: Viewer) -> Brand:
    """One brand."""
    return await brand_by_id(db, brand_id)


@router.patch("/{brand_id}", response_model=BrandOut)
async def update_brand(brand_id: UUID, changes: BrandChanges, db: TenantDb, caller: Analyst) -> Brand:
    """Change a brand; what is left out stays."""
    return await change_brand(db, caller, brand_id, changes, clock.now())


@router.delete("/{brand_id}", status_code=204)
async def delete_brand(brand_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Stop watching a brand and forget its mentions."""
    await drop_brand(db, caller, brand_id)
