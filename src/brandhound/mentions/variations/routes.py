"""Ways to write a brand's name, over HTTP."""

from fastapi import APIRouter

from brandhound.core import clock
from brandhound.mentions.variations.counting import counted_variations
from brandhound.mentions.variations.schemas import VariationList, VariationWish
from brandhound.tenancy.callers import Analyst

router = APIRouter(prefix="/api/brand-variations", tags=["brands"])


@router.post("")
async def count_variations(wish: VariationWish, caller: Analyst) -> VariationList:
    """Other ways to write a brand's names, each with what it would have found in 30 days. Nothing is stored."""
    return await counted_variations(caller.organization_id, wish, clock.now())
