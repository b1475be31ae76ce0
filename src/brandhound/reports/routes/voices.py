"""Addresses of how loud brands are."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.reports import voices
from brandhound.reports.voices import BrandVoice, Voices
from brandhound.tenancy.callers import TenantDb, Viewer

router = APIRouter(prefix="/api", tags=["brands"])

Days = Annotated[int, Query(ge=1, le=366, description="How many days up to today, in the organization's time zone")]


@router.get("/voices")
async def list_voices(db: TenantDb, _: Viewer, days: Days = 30) -> Voices:
    """How the attention is divided among all brands, and their mentions by day; as a report counts it."""
    return await voices.voices(db, days, clock.now())


@router.get("/brands/{brand_id}/voice")
async def read_brand_voice(brand_id: UUID, db: TenantDb, _: Viewer, days: Days = 30) -> BrandVoice:
    """The figures of one brand, its share of voice among all, and the outlets that wrote most about it."""
    return await voices.voice_of(db, brand_id, days, clock.now())
