"""Names that may be brands, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.jobs.presenting import run_out
from brandhound.jobs.registry import enqueue
from brandhound.jobs.schemas import RunOut
from brandhound.mentions.discovery import deciding
from brandhound.mentions.discovery.models import CandidateState
from brandhound.mentions.discovery.schemas import AliasWish, CandidateDetail, CandidateList, Promotion
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/discovery", tags=["brands"])


@router.get("")
async def list_candidates(
    db: TenantDb, _: Viewer, state: Annotated[CandidateState, Query(description="Of which state")] = "proposed"
) -> CandidateList:
    """Names in the articles that may be brands and that nobody watches, the likeliest first."""
    return await deciding.candidates_of(db, state)


@router.post("/looks", status_code=202)
async def look_for_brands(db: TenantDb, _: Analyst) -> RunOut:
    """Look through the articles of the last 30 days now; it is done once a day by itself."""
    return await run_out(db, await enqueue(db, "discovery.look", key="discovery"))


@router.get("/{candidate_id}")
async def read_candidate(candidate_id: UUID, db: TenantDb, _: Viewer) -> CandidateDetail:
    """One name, with the reasons and sentences."""
    return await deciding.detail_of(db, candidate_id)


@router.post("/{candidate_id}/promotion", status_code=201)
async def promote_candidate(candidate_id: UUID, wish: Promotion, db: TenantDb, caller: Analyst) -> CandidateDetail:
    """Watch it as a brand, under the names that follow from it by rule."""
    await deciding.promote(db, caller, candidate_id, wish, clock.now())
    return await deciding.detail_of(db, candidate_id)


@router.put("/{candidate_id}/alias")
async def add_candidate_as_alias(candidate_id: UUID, wish: AliasWish, db: TenantDb, caller: Analyst) -> CandidateDetail:
    """Make it another name of a brand that is watched."""
    await deciding.add_as_alias(db, caller, candidate_id, wish, clock.now())
    return await deciding.detail_of(db, candidate_id)


@router.put("/{candidate_id}/ignore")
async def ignore_candidate(candidate_id: UUID, db: TenantDb, caller: Analyst) -> CandidateDetail:
    """Never propose it again."""
    await deciding.ignore(db, caller, candidate_id, clock.now())
    return await deciding.detail_of(db, candidate_id)


@router.delete("/{candidate_id}/decision")
async def take_back_decision(candidate_id: UUID, db: TenantDb, caller: Analyst) -> CandidateDetail:
    """Put an ignored or merged name back into the queue."""
    await deciding.take_back(db, caller, candidate_id, clock.now())
    return await deciding.detail_of(db, candidate_id)
