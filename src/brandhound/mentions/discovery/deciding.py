"""What people decide on names that were found: a brand of its own, another name of a brand, or nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, or_, select

from brandhound.ads.models import AdConnectLink, BrandAdAccount
from brandhound.brands.comparing.kinship import WORTH_SHOWING, Kinship, compare_brands
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.folding import fold
from brandhound.brands.models import Brand, BrandName
from brandhound.brands.names import BrandNames, Name, suggest_names
from brandhound.brands.queries import all_brands, brand_by_id
from brandhound.brands.schemas import BrandChanges, NameIn, NewBrand
from brandhound.brands.watching import change_brand, drop_brand, watch_brand
from brandhound.core.db import Db, organization_of
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.alerts.models import BrandAlert
from brandhound.mentions.deeds.bonds import is_kept_by_people, is_regrouped
from brandhound.mentions.discovery.errors import AlreadyDecided, MergedSince, NotOfThisKind, NotTakenBack
from brandhound.mentions.discovery.models import BrandCandidate, BrandLook, CandidatePlace, CandidateState
from brandhound.mentions.discovery.schemas import (
    AliasWish,
    CandidateDetail,
    CandidateList,
    CandidateOut,
    CandidatePlaceOut,
    CandidateReason,
    LikeBrand,
    LookOut,
    Promotion,
)
from brandhound.mentions.learning.models import Audit, AuditItem, LimitMove
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryBrand
from brandhound.mentions.topic_models import Topic
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


async def candidates_of(db: Db, state: CandidateState, most: int = 200) -> CandidateList:
    """Names of one state, the likeliest first; decided ones by when that was."""
    order = BrandCandidate.score.desc() if state == "proposed" else BrandCandidate.decided_at.desc()
    rows = await db.scalars(
        select(BrandCandidate).where(BrandCandidate.state == state).order_by(order, BrandCandidate.id).limit(most)
    )
    counted = await db.execute(select(BrandCandidate.state, func.count()).group_by(BrandCandidate.state))
    last = await db.scalar(select(BrandLook))
    return CandidateList(
        items=[CandidateOut.model_validate(row) for row in rows],
        counts=dict(counted.all()),
        last_look=LookOut.model_validate(last) if last else None,
    )


async def detail_of(db: Db, candidate_id: UUID) -> CandidateDetail:
    """One name with reasons, sentences, and the brand it may be another name of. Raises NotThere."""
    candidate = await candidate_by_id(db, candidate_id)
    places = await db.scalars(
        select(CandidatePlace).where(CandidatePlace.candidate_id == candidate.id).order_by(CandidatePlace.id)
    )
    return CandidateDetail(
        **CandidateOut.model_validate(candidate).model_dump(),
        reasons=[CandidateReason.model_validate(reason) for reason in candidate.reasons],
        places=[CandidatePlaceOut.model_validate(place) for place in places],
        read_by=candidate.read_by,
        like=await _like(db, candidate) if candidate.state == "proposed" else None,
    )


async def candidate_by_id(db: Db, candidate_id: UUID, *, for_update: bool = False) -> BrandCandidate:
    """Raises NotThere."""
    candidate = await db.get(BrandCandidate, candidate_id, with_for_update=for_update)
    if candidate is None:
        raise NotThere("name")
    return candidate


async def promote(db: Db, caller: Caller, candidate_id: UUID, wish: Promotion, now: datetime) -> BrandCandidate:
    """Watch the name as a brand. Raises NotThere, AlreadyDecided or BrandAlreadyWatched."""
    candidate = await _undecided(db, candidate_id)
    name = wish.name or candidate.name
    suggested = [
        NameIn(text=one.text, kind=one.kind, case_sensitive=one.case_sensitive, needs_context=one.needs_context)
        for one in suggest_names(name)
    ]
    if fold(candidate.name) not in {fold(one.text) for one in suggested}:
        suggested.append(NameIn(text=candidate.name))
    brand = await watch_brand(db, caller, NewBrand(name=name, kind=wish.kind, names=suggested), now)
    return await _decide(db, caller, candidate, "promoted", brand.id, now)


async def add_as_alias(db: Db, caller: Caller, candidate_id: UUID, wish: AliasWish, now: datetime) -> BrandCandidate:
    """Make it another name of a brand; where it is one already, it is put aside.

    Raises NotThere, AlreadyDecided, NotOfThisKind or TooManyNames.
    """
    candidate = await _undecided(db, candidate_id)
    brand = await brand_by_id(db, wish.brand_id)
    names = [_as_it_is(name) for name in brand.names]
    if fold(candidate.name) in {fold(name.text) for name in names}:
        # Somebody gave the brand that name meanwhile: it is not ours to take away when this is taken back.
        return await _decide(db, caller, candidate, "ignored", None, now)
    try:
        names.append(NameIn(text=candidate.name, kind=wish.kind))
    except ValidationError as error:
        raise NotOfThisKind(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None
    await change_brand(db, caller, brand.id, BrandChanges(names=names), now)
    return await _decide(db, caller, candidate, "merged", brand.id, now)


async def ignore(db: Db, caller: Caller, candidate_id: UUID, now: datetime) -> BrandCandidate:
    """Never propose it again. Raises NotThere or AlreadyDecided."""
    return await _decide(db, caller, await _undecided(db, candidate_id), "ignored", None, now)


async def take_back(db: Db, caller: Caller, candidate_id: UUID, now: datetime) -> BrandCandidate:
    """Put a name back into the queue. Of a merged one the brand loses the name again; the brand that one became is dropped.

    Raises NotThere, NotTakenBack for one whose brand people worked with, or MergedSince.
    """
    # Held, so that of two who do so at once the second finds it in the queue.
    candidate = await candidate_by_id(db, candidate_id, for_update=True)
    if candidate.state == "proposed":
        return candidate
    if candidate.brand_id is not None:
        into = await db.scalar(select(Brand.merged_into).where(Brand.id == candidate.brand_id))
        if into is not None:
            raise MergedSince(into)
    if candidate.state == "promoted" and candidate.brand_id is not None:
        brand = await brand_by_id(db, candidate.brand_id)
        if await _is_worked_with(db, brand):
            raise NotTakenBack
        await drop_brand(db, caller, brand.id)
    if candidate.state == "merged" and candidate.brand_id is not None:
        brand = await brand_by_id(db, candidate.brand_id)
        kept = [name for name in brand.names if name.text == brand.name or name.text != candidate.name]
        if len(kept) < len(brand.names):
            await change_brand(db, caller, brand.id, BrandChanges(names=[_as_it_is(name) for name in kept]), now)
    candidate.state, candidate.brand_id = "proposed", None
    candidate.decided_at = candidate.decided_by = None
    await db.flush()
    await record(db, caller, "discovery.taken_back", "name", candidate.id, {"name": candidate.name})
    publish(db, "discovery", organization_of(db))
    return candidate


async def _is_worked_with(db: Db, brand: Brand) -> bool:
    """Whether something that people did would be lost with the brand."""
    if brand.updated_at > brand.created_at:
        return True
    named = select(StoryBrand.story_id).where(StoryBrand.brand_id == brand.id)
    named_too = select(StoryBrand.story_id).where(StoryBrand.story_id == Story.id, StoryBrand.brand_id != brand.id)
    of_people = (
        # A story that names another brand, too, is not lost.
        select(Story.id).where(Story.id.in_(named), ~named_too.exists(), or_(is_kept_by_people(), is_regrouped())),
        select(Mention.id).where(
            Mention.brand_id == brand.id, or_(Mention.judgement.is_not(None), Mention.tone_said_at.is_not(None))
        ),
        *(
            select(table.id).where(table.brand_id == brand.id)
            for table in (BrandAlert, Topic, LimitMove, BrandAdAccount, AdConnectLink)
        ),
        select(AuditItem.id)
        .join(Audit, Audit.id == AuditItem.audit_id)
        .where(Audit.brand_id == brand.id, AuditItem.answer.is_not(None)),
    )
    return bool(await db.scalar(select(or_(*(one.exists() for one in of_people)))))


def _as_it_is(name: BrandName) -> NameIn:
    """What the brand has was taken once, and is no reason to refuse a change of something else."""
    return NameIn.model_construct(
        text=name.text, kind=name.kind, case_sensitive=name.case_sensitive, needs_context=name.needs_context
    )


async def _undecided(db: Db, candidate_id: UUID) -> BrandCandidate:
    candidate = await candidate_by_id(db, candidate_id, for_update=True)
    if candidate.state != "proposed":
        raise AlreadyDecided(candidate.state)
    return candidate


async def _decide(
    db: Db, caller: Caller, candidate: BrandCandidate, state: CandidateState, brand_id: UUID | None, now: datetime
) -> BrandCandidate:
    candidate.state, candidate.brand_id = state, brand_id
    candidate.decided_at, candidate.decided_by = now, caller.user_id
    await db.flush()
    await record(db, caller, f"discovery.{state}", "name", candidate.id, {"name": candidate.name})
    publish(db, "discovery", organization_of(db))
    return candidate


async def _like(db: Db, candidate: BrandCandidate) -> LikeBrand | None:
    """The watched brand that this is likeliest another name of, if any is likely enough."""
    brands = [brand.as_names() for brand in await all_brands(db)]
    best = await asyncio.to_thread(_most_alike, candidate.name, brands)
    if best is None or best[0].likeness.probability < WORTH_SHOWING:
        return None
    kinship, brand = best
    return LikeBrand(
        brand_id=UUID(brand.key),
        name=brand.name,
        probability=round(kinship.likeness.probability, 3),
        reasons=[CandidateReason.model_validate(asdict(reason)) for reason in kinship.likeness.evidence],
    )


def _most_alike(name: str, brands: Sequence[BrandNames]) -> tuple[Kinship, BrandNames] | None:
    rarity = Rarity(one.text for brand in brands for one in brand.names)
    mine = BrandNames(name, name, (Name(name),))
    kin = [(compare_brands(mine, brand, rarity), brand) for brand in brands]
    return max(kin, key=lambda found: found[0].likeness.probability, default=None)
