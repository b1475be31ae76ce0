"""Brands over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.brands import categorizing
from brandhound.brands.catalogue import search_catalogue
from brandhound.brands.models import Brand
from brandhound.brands.proposing import propose_brand, suggestion_of
from brandhound.brands.queries import all_brands, brand_by_id
from brandhound.brands.schemas import (
    BrandChanges,
    BrandList,
    BrandOut,
    BrandProposal,
    BrandSuggestions,
    CategoryOut,
    CategoryProposals,
    CategoryWish,
    NewBrand,
    NewCategory,
    ProposalRequest,
    Taxonomy,
)
from brandhound.brands.watching import change_brand, drop_brand, watch_brand
from brandhound.core import clock
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

brand_routes = APIRouter(prefix="/api/brands", tags=["brands"])
category_routes = APIRouter(prefix="/api/brand-categories", tags=["brands"])


@brand_routes.get("", response_model=BrandList)
async def list_brands(db: TenantDb, _: Viewer) -> dict[str, list[Brand]]:
    """All brands: own first, then clients, then competitors."""
    return {"items": await all_brands(db)}


@brand_routes.post("", status_code=201, response_model=BrandOut)
async def create_brand(new: NewBrand, db: TenantDb, caller: Analyst) -> Brand:
    """Watch a brand; the articles of the last 30 days are looked through for it."""
    return await watch_brand(db, caller, new, clock.now())


@brand_routes.get("/suggestions")
async def suggest_brands(
    _: Viewer, q: Annotated[str, Query(max_length=200)] = "", limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> BrandSuggestions:
    """Brands of the catalogue whose name is like `q`."""
    return BrandSuggestions(items=[suggestion_of(entry) for entry in search_catalogue(q, limit)])


@brand_routes.post("/proposals")
async def propose(wish: ProposalRequest, caller: Analyst) -> BrandProposal:
    """Find out about a brand from its name or its site. Nothing is stored."""
    return await propose_brand(caller.organization_id, wish.name_or_website)


@brand_routes.get("/{brand_id}", response_model=BrandOut)
async def read_brand(brand_id: UUID, db: TenantDb, _: Viewer) -> Brand:
    """One brand."""
    return await brand_by_id(db, brand_id)


@brand_routes.patch("/{brand_id}", response_model=BrandOut)
async def update_brand(brand_id: UUID, changes: BrandChanges, db: TenantDb, caller: Analyst) -> Brand:
    """Change a brand; what is left out stays."""
    return await change_brand(db, caller, brand_id, changes, clock.now())


@brand_routes.delete("/{brand_id}", status_code=204)
async def delete_brand(brand_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Stop watching a brand and forget its mentions."""
    await drop_brand(db, caller, brand_id)


@category_routes.get("")
async def list_brand_categories(db: TenantDb, _: Viewer) -> Taxonomy:
    """Sectors with their categories: those that come along and the organization's own."""
    return Taxonomy(items=await categorizing.sectors_of(db))


@category_routes.post("", status_code=201)
async def add_brand_category(new: NewCategory, db: TenantDb, caller: Analyst) -> CategoryOut:
    """Add a category of one's own, in a sector that is there or a new one."""
    return await categorizing.add_category(db, caller, new, clock.now())


@category_routes.delete("/{brand_category_id}", status_code=204)
async def delete_brand_category(brand_category_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Take an own category out of the list; brands that have it keep the word."""
    await categorizing.drop_category(db, caller, brand_category_id)


@category_routes.post("/proposals")
async def propose_category(wish: CategoryWish, caller: Analyst) -> CategoryProposals:
    """What a brand may sell, by its description, its site or the catalogue. Nothing is stored."""
    return CategoryProposals(items=await categorizing.proposals_for(caller.organization_id, wish))


router = APIRouter()
router.include_router(brand_routes)
router.include_router(category_routes)
