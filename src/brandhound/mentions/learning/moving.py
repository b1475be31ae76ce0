"""Moving a brand's limit: by a person, or by itself where a precision was promised. Mentions then stand anew."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, bindparam, delete, select, text
from sqlalchemy.types import Uuid

from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.jobs.registry import enqueue
from brandhound.mentions.holding import hold_stories, lock_stories
from brandhound.mentions.learning.errors import LimitIsPromised
from brandhound.mentions.learning.models import LimitMove
from brandhound.mentions.learning.promising import Promise, promise
from brandhound.mentions.learning.sampling import belief_of, samples_of
from brandhound.mentions.limits import limits_of
from brandhound.mentions.models import BrandLimits, Mention
from brandhound.mentions.standings import thresholds
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

_STAND_ANEW = text(
    """
    update mentions set standing = placed.standing
    from (select id, case when confidence >= :accept then 'accepted'
                          when confidence >= :doubtful then 'doubtful' else 'rejected' end as standing
          from mentions where brand_id = :brand_id and judgement is null) as placed
    where mentions.id = placed.id and mentions.standing <> placed.standing
    returning mentions.story_id
    """
).bindparams(
    bindparam("accept", type_=Float()), bindparam("doubtful", type_=Float()), bindparam("brand_id", type_=Uuid())
)


async def own_limits(db: Db, brand_id: UUID) -> BrandLimits | None:
    """The brand's own limits, if it has any."""
    return await db.scalar(select(BrandLimits).where(BrandLimits.brand_id == brand_id))


async def set_limit(db: Db, brand_id: UUID, accept: float | None, caller: Caller, at: datetime) -> None:
    """Count mentions from this confidence on; with None as the installation does. Raises NotThere or LimitIsPromised."""
    await brand_by_id(db, brand_id)
    own = await own_limits(db, brand_id)
    if own is not None and own.target is not None:
        raise LimitIsPromised
    wanted = thresholds().accept if accept is None else accept
    await record(db, caller, "brands.limit_set", "brand", brand_id, {"accept": wanted})
    await _move(db, brand_id, wanted, "person", "Chosen by hand", caller.user_id, at)
    if accept is None:
        await db.execute(delete(BrandLimits).where(BrandLimits.brand_id == brand_id))


async def make_promise(db: Db, brand_id: UUID, target: float, caller: Caller, at: datetime) -> None:
    """Promise a precision: from now on the limit moves by itself. Raises NotThere."""
    await brand_by_id(db, brand_id)
    await record(db, caller, "brands.precision_promised", "brand", brand_id, {"target": target})
    own = await own_limits(db, brand_id)
    if own is None:
        own = BrandLimits(brand_id=brand_id, accept=thresholds().accept, moved_at=at)
        db.add(own)
    own.target = target
    await db.flush()
    await keep_promise(db, brand_id, at)


async def take_promise_back(db: Db, brand_id: UUID, caller: Caller) -> None:
    """Let the limit stay where it is. Raises NotThere."""
    await brand_by_id(db, brand_id)
    if (own := await own_limits(db, brand_id)) is not None and own.target is not None:
        own.target = None
        await record(db, caller, "brands.promise_withdrawn", "brand", brand_id, {})
        publish(db, "brands", brand_id)


async def keep_promise(db: Db, brand_id: UUID, at: datetime) -> Promise | None:
    """Move the limit to where the brand's promise asks for it; None where nothing was promised. Safe to repeat."""
    own = await own_limits(db, brand_id)
    if own is None or own.target is None:
        return None
    due = promise(own.target, await samples_of(db, brand_id, at), await belief_of(db, brand_id, at))
    await _move(db, brand_id, due.limit, "promise", in_words(due, own.target), None, at)
    return due


def in_words(due: Promise, target: float) -> str:
    """Why the limit stands where it stands."""
    wanted = f"{target * 100:.0f} %"
    least = f"{math.floor(due.least * 1000) / 10:.1f} %"
    match due.proof:
        case "proven":
            checked = count_of(due.checked, "checked mention proves", "checked mentions prove")
            return f"{checked} that at least {least} are right; {wanted} were promised"
        case "expected" if due.checked >= due.needed:
            # Enough of them, had all been right.
            checked = count_of(due.checked, "checked mention proves", "checked mentions prove")
            return f"{wanted} are to be expected there; {checked} no more yet than that at least {least} are right"
        case "expected":
            return f"{wanted} are to be expected there; {due.checked} of {due.needed} checks that prove it are done"
        case "out_of_reach":
            return f"{wanted} are not to be expected anywhere yet; the strictest limit shows what is surest"


async def _move(db: Db, brand_id: UUID, accept: float, cause: str, why: str, by: UUID | None, at: datetime) -> None:
    before = (await limits_of(db, [brand_id]))[brand_id].accept
    own = await own_limits(db, brand_id)
    if own is None:
        db.add(BrandLimits(brand_id=brand_id, accept=accept, moved_at=at))
    elif abs(own.accept - accept) > 1e-9:
        own.accept, own.moved_at = accept, at
    await db.flush()
    publish(db, "brands", brand_id)
    if abs(before - accept) < 1e-9:
        return
    db.add(LimitMove(brand_id=brand_id, before=before, after=accept, cause=cause, why=why, moved_by=by, created_at=at))
    await enqueue(db, "mentions.stand_anew", {"brand_id": brand_id}, key=str(brand_id))


async def stand_anew(db: Db, brand_id: UUID) -> list[UUID]:
    """Put the brand's unjudged mentions where its limits want them; the stories that changed. Safe to repeat."""
    await hold_stories(db)
    limits = (await limits_of(db, [brand_id]))[brand_id]
    await lock_stories(db, await db.scalars(select(Mention.story_id).where(Mention.brand_id == brand_id).distinct()))
    moved = await db.execute(_STAND_ANEW, {"accept": limits.accept, "doubtful": limits.doubtful, "brand_id": brand_id})
    rows: Sequence[Any] = moved.all()
    return sorted({row[0] for row in rows})


async def moves_of(db: Db, brand_id: UUID, limit: int = 10) -> list[LimitMove]:
    """The last moves of the limit, newest first."""
    newest = select(LimitMove).where(LimitMove.brand_id == brand_id)
    return list((await db.scalars(newest.order_by(LimitMove.created_at.desc()).limit(limit))).all())
