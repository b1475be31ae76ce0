"""Merging brands, taking it back, and remembering which are not the same."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from brandhound.brands.comparing.kinship import compare_brands
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.errors import TooManyNames
from brandhound.brands.events import BrandChanged
from brandhound.brands.folding import fold
from brandhound.brands.models import Brand, BrandName, BrandsApart
from brandhound.brands.queries import brand_by_id
from brandhound.brands.watching import MOST_NAMES
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import announce, enqueue
from brandhound.jobs.states import ACTIVE
from brandhound.mentions.holding import hold_stories
from brandhound.mentions.merging.errors import MergeAtWork, MergedFurther, MergeUndone, MergeWithItself
from brandhound.mentions.merging.models import BrandMerge
from brandhound.mentions.merging.moving import (
    left_to_move,
    left_to_move_back,
    move_bound,
    move_bound_back,
    move_some,
    move_some_back,
)
from brandhound.mentions.merging.schemas import BrandMergeOut, MergeReason
from brandhound.mentions.tidying import tidy_stories
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_ONCE = 500
"""Mentions that are moved in the request itself; more become a run."""
PORTION = 500


async def merge_brands(db: Db, caller: Caller, kept_id: UUID, gone_id: UUID, now: datetime) -> BrandMerge:
    """Give one brand's names, mentions and alerts to another; it waits, seen by nobody, until that is taken back.

    Names and alerts go over at once; where there are many mentions, a run moves them. Raises NotThere, MergeWithItself,
    TooManyNames or MergeAtWork.
    """
    if kept_id == gone_id:
        raise MergeWithItself
    await hold_stories(db)
    kept, gone = await brand_by_id(db, kept_id), await brand_by_id(db, gone_id)
    await _refuse_at_work(db, kept.id, gone.id)
    # In a thread: the first one counts the words of the whole catalogue.
    kinship = await asyncio.to_thread(lambda: compare_brands(kept.as_names(), gone.as_names(), Rarity()))
    merge = BrandMerge(
        kept_id=kept.id,
        gone_id=gone.id,
        state="doing",
        probability=round(kinship.likeness.probability, 4),
        reasons=[asdict(evidence) for evidence in kinship.likeness.evidence],
        names=_give_names(kept, gone),
        mentions=0,
        was_paused=gone.paused,
        merged_at=now,
        merged_by=caller.user_id,
    )
    db.add(merge)
    await db.flush()
    await move_bound(db, merge.id, gone.id, kept.id)
    gone.merged_into, gone.paused = kept.id, True
    kept.changed(now)
    gone.changed(now)
    await db.flush()
    total = await left_to_move(db, gone.id)
    facts: dict[str, object] = {"gone": gone.name, "kept": kept.name, "mentions": total}
    await record(db, caller, "brands.merged", "brand", kept.id, {**facts, "merge_id": str(merge.id)})
    publish(db, "brands", kept.id, gone.id)
    if total <= AT_ONCE:
        while await merge_portion(db, merge):
            pass
    else:
        await _let_run(db, caller, merge, f"Merge {gone.name} into {kept.name}: {count_of(total, 'mention')}")
    return merge


async def undo_merge(db: Db, caller: Caller, merge_id: UUID, now: datetime) -> BrandMerge:
    """Take a merge back: names, mentions with their judgements, and alerts go where they were. Many mentions become a run.

    Raises NotThere, MergeUndone, MergedFurther or MergeAtWork.
    """
    merge = await locked_merge(db, merge_id)
    if merge.undone_at is not None:
        raise MergeUndone
    if await _is_at_work(db, merge):
        if merge.state == "undoing":
            return merge
        raise MergeAtWork(merge.id, merge.run_id)
    await _refuse_further(db, merge)
    kept, gone = await brand_by_id(db, merge.kept_id), await db.get_one(Brand, merge.gone_id)
    facts: dict[str, object] = {"gone": gone.name, "kept": kept.name, "merge_id": str(merge.id)}
    await record(db, caller, "brands.merge_undone", "brand", gone.id, facts)
    merge.state, merge.undone_by = "undoing", caller.user_id
    await db.flush()
    publish(db, "brands", kept.id, gone.id)
    total = await left_to_move_back(db, merge.id)
    if total <= AT_ONCE:
        while await undo_portion(db, merge, now):
            pass
    else:
        await _let_run(db, caller, merge, f"Take back: {gone.name} merged into {kept.name}", undo=True)
    return merge


async def merge_portion(db: Db, merge: BrandMerge) -> int:
    """Move the next mentions of a merge; how many they were. It is done when there are none. Safe to repeat."""
    if merge.state != "doing":
        return 0
    moved, stories = await move_some(db, merge.id, merge.gone_id, merge.kept_id, PORTION)
    merge.mentions += moved
    if not moved:
        merge.state = "done"
        await _tell(db, merge.kept_id, merge.gone_id)
    await db.flush()
    await tidy_stories(db, stories)
    return moved


async def undo_portion(db: Db, merge: BrandMerge, now: datetime) -> int:
    """Give the next mentions of a merge back; how many rows that were. Safe to repeat.

    After the last of them the brand is there again, with its names.
    """
    if merge.state != "undoing":
        return 0
    moved, stories = await move_some_back(db, merge.id, merge.gone_id, merge.kept_id, PORTION)
    if not moved:
        await _bring_back(db, merge, now)
    await db.flush()
    await tidy_stories(db, stories)
    return moved


async def locked_merge(db: Db, merge_id: UUID) -> BrandMerge:
    """The merge, for whoever goes on with it and with the stories that it changes. Raises NotThere."""
    await hold_stories(db)
    merge = await db.get(BrandMerge, merge_id, with_for_update=True, populate_existing=True)
    if merge is None:
        raise NotThere("merge")
    return merge


async def _bring_back(db: Db, merge: BrandMerge, now: datetime) -> None:
    kept, gone = await brand_by_id(db, merge.kept_id), await db.get_one(Brand, merge.gone_id)
    # Not the name that it bears itself by now: a brand is found under that.
    given = [name for name in merge.names if name != kept.name]
    await db.execute(delete(BrandName).where(BrandName.brand_id == kept.id, BrandName.text.in_(given)))
    gone.merged_into, gone.paused = None, merge.was_paused
    kept.changed(now)
    gone.changed(now)
    await move_bound_back(db, merge.id, gone.id, kept.id)
    merge.state, merge.undone_at = "undone", now
    await _tell(db, gone.id, kept.id)


async def _let_run(db: Db, caller: Caller, merge: BrandMerge, title: str, *, undo: bool = False) -> None:
    parameters = {"merge_id": str(merge.id), "undo": undo}
    key = f"{'undo' if undo else 'merge'}:{merge.id}"
    run = await enqueue(db, "brands.move_mentions", parameters, key=key, title=title, requested_by=caller.user_id)
    merge.run_id = run.id
    await db.flush()


async def _is_at_work(db: Db, merge: BrandMerge) -> bool:
    if merge.run_id is None:
        return False
    return await db.scalar(select(RunRow.state).where(RunRow.id == merge.run_id)) in ACTIVE


async def _refuse_at_work(db: Db, *brand_ids: UUID) -> None:
    """What is on its way to one brand cannot go on from there to another meanwhile."""
    concerned = or_(BrandMerge.kept_id.in_(brand_ids), BrandMerge.gone_id.in_(brand_ids))
    unfinished = select(BrandMerge).where(concerned, BrandMerge.state.in_(("doing", "undoing"))).limit(1)
    if (merge := await db.scalar(unfinished)) is not None:
        raise MergeAtWork(merge.id, merge.run_id)


async def tell_apart(db: Db, caller: Caller, one: UUID, other: UUID, now: datetime) -> None:
    """Remember that two brands are not the same, so that nobody is asked again. Safe to repeat. Raises NotThere."""
    if one == other:
        raise MergeWithItself
    names = [(await brand_by_id(db, brand_id)).name for brand_id in (one, other)]
    first, second = sorted((one, other))
    row = {"first_id": first, "second_id": second, "told_at": now, "told_by": caller.user_id}
    await db.execute(upsert(BrandsApart).values(row).on_conflict_do_nothing())
    await record(db, caller, "brands.told_apart", "brand", one, {"names": names})
    publish(db, "brands", one)


async def ask_again(db: Db, caller: Caller, one: UUID, other: UUID) -> None:
    """Take back that two brands are not the same. Raises NotThere."""
    for brand_id in (one, other):
        await brand_by_id(db, brand_id)
    first, second = sorted((one, other))
    await db.execute(delete(BrandsApart).where(BrandsApart.first_id == first, BrandsApart.second_id == second))
    await record(db, caller, "brands.asked_again", "brand", one, {})
    publish(db, "brands", one)


async def merges_of(db: Db, most: int = 100) -> list[BrandMergeOut]:
    """The merges, the latest first."""
    kept, gone = aliased(Brand), aliased(Brand)
    rows = await db.execute(
        select(BrandMerge, kept.name, gone.name)
        .join(kept, kept.id == BrandMerge.kept_id)
        .join(gone, gone.id == BrandMerge.gone_id)
        .order_by(BrandMerge.merged_at.desc(), BrandMerge.id.desc())
        .limit(most)
    )
    return [merge_out(merge, kept_name, gone_name) for merge, kept_name, gone_name in rows.all()]


async def merge_by_id(db: Db, merge_id: UUID) -> BrandMergeOut:
    """One merge. Raises NotThere."""
    merge = await db.get(BrandMerge, merge_id)
    if merge is None:
        raise NotThere("merge")
    kept, gone = await db.get_one(Brand, merge.kept_id), await db.get_one(Brand, merge.gone_id)
    return merge_out(merge, kept.name, gone.name)


def merge_out(merge: BrandMerge, kept_name: str, gone_name: str) -> BrandMergeOut:
    return BrandMergeOut(
        id=merge.id,
        kept_id=merge.kept_id,
        kept_name=kept_name,
        gone_id=merge.gone_id,
        gone_name=gone_name,
        probability=merge.probability,
        reasons=[MergeReason.model_validate(reason) for reason in merge.reasons],
        names=merge.names,
        mentions=merge.mentions,
        state=merge.state,
        run_id=merge.run_id,
        merged_at=merge.merged_at,
        merged_by=merge.merged_by,
        undone_at=merge.undone_at,
    )


def _give_names(kept: Brand, gone: Brand) -> list[str]:
    """Adds the names of one brand to the other; those that were new to it."""
    known = {fold(name.text) for name in kept.names}
    new = [name for name in gone.names if fold(name.text) not in known]
    others = len(kept.names) - 1 + len(new)
    if new and others > MOST_NAMES:
        raise TooManyNames(others)
    at = max((name.position for name in kept.names), default=-1) + 1
    for position, name in enumerate(new, start=at):
        kept.names.append(
            BrandName(
                position=position,
                text=name.text,
                kind=name.kind,
                case_sensitive=name.case_sensitive,
                needs_context=name.needs_context,
            )
        )
    return [name.text for name in new]


async def _refuse_further(db: Db, merge: BrandMerge) -> None:
    # What two merges into one brand found in the same article was put together in their order, and comes apart in the reverse.
    later = (BrandMerge.kept_id == merge.kept_id) & (BrandMerge.id > merge.id)
    further = await db.scalar(
        select(BrandMerge.id)
        .where(or_(BrandMerge.gone_id == merge.kept_id, later), BrandMerge.undone_at.is_(None))
        .order_by(BrandMerge.merged_at.desc())
    )
    if further is not None:
        raise MergedFurther(further)


async def _tell(db: Db, changed: UUID, *others: UUID) -> None:
    # One look through the articles finds all brands anew; the other needs none of its own.
    publish(db, "brands", changed, *others)
    await announce(db, BrandChanged(brand_id=changed))


def pairs_told_apart(rows: Sequence[BrandsApart]) -> frozenset[frozenset[str]]:
    """The pairs as comparing wants them."""
    return frozenset(frozenset((str(row.first_id), str(row.second_id))) for row in rows)
