"""Starring, archiving, tagging and deleting one story or all that match, in portions, with what failed listed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, delete, func, insert, literal, select, update

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import enqueue
from brandhound.mentions.deeds.bonds import hold_stories
from brandhound.mentions.deeds.errors import NothingChosen
from brandhound.mentions.deeds.models import ItemState, Marking, StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.tags import MOST_TAGS, put_on, spelled, tags_of_stories
from brandhound.mentions.deeds.trash import bring_back, throw_away
from brandhound.mentions.models import Mention, Story, StoryTag
from brandhound.mentions.queries import StoryFilter, matching_stories
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_ONCE = 500
"""Stories that are done to in the request itself; more become a run."""
PORTION = 500
GONE = "It is not there any more."

FLAGS: dict[Marking, tuple[str, bool]] = {
    "star": ("starred", True),
    "unstar": ("starred", False),
    "archive": ("archived", True),
    "unarchive": ("archived", False),
}
Done = tuple[ItemState, str | None]
"""What became of a story, and why it could not be done."""


async def mark_stories(
    db: Db,
    caller: Caller,
    kind: Marking,
    at: datetime,
    *,
    tag: str | None = None,
    story_ids: Sequence[UUID] | None = None,
    matching: StoryFilter | None = None,
) -> StoryDeed:
    """Do one thing to stories: to these, or to all that match now. Many become a run.

    Which ones they are is settled here; what matches later is left alone. Raises NothingChosen, TagMissing or RangeUpsideDown.
    """
    if (story_ids is None) == (matching is None):
        raise NothingChosen
    word = await spelled(db, tag) if kind in ("tag", "untag") else None
    deed = StoryDeed(
        id=uuid7(),
        kind=kind,
        state="doing",
        tag=word,
        total=0,
        changed=0,
        failed=0,
        user_id=caller.user_id,
        key_id=caller.key_id,
        created_at=at,
    )
    db.add(deed)
    await db.flush()
    deed.total = await _choose(db, deed.id, story_ids, matching)
    await record(db, caller, f"stories.{kind}", "deed", deed.id, {"stories": deed.total, "tag": word})
    if deed.total <= AT_ONCE:
        while await do_portion(db, deed):
            pass
    else:
        run = await enqueue(
            db,
            "stories.mark",
            {"deed_id": str(deed.id)},
            key=f"deed:{deed.id}",
            title=f"{WORDS[kind]} {deed.total:,} stories",
            requested_by=caller.user_id,
        )
        deed.run_id = run.id
    await db.flush()
    return deed


WORDS: dict[Marking, str] = {
    "star": "Star",
    "unstar": "Take the star off",
    "archive": "Archive",
    "unarchive": "Bring back",
    "tag": "Tag",
    "untag": "Take a tag off",
    "delete": "Delete",
}


async def do_portion(db: Db, deed: StoryDeed) -> int:
    """Do the next stories of a deed; how many they were. The deed is done when there are none. Safe to repeat.

    One that is over, or taken back, is not gone on with.
    """
    if deed.state != "doing":
        return 0
    items = await _portion(db, deed.id, "waiting")
    if not items:
        deed.state = "done"
        await db.flush()
        return 0
    await hold_stories(db)
    done = await _do(db, deed, [item.story_id for item in items])
    for item in items:
        item.state, item.problem = done.get(item.story_id, ("failed", GONE))
    deed.changed += sum(item.state == "done" for item in items)
    deed.failed += sum(item.state == "failed" for item in items)
    await db.flush()
    publish(db, "stories", deed.id)
    return len(items)


async def undo_portion(db: Db, deed: StoryDeed, at: datetime) -> int:
    """Take back the next stories of a deed that is being taken back; how many they were. Safe to repeat."""
    if deed.state != "undoing":
        return 0
    items = await _portion(db, deed.id, "done")
    if not items:
        deed.state, deed.undone_at = "undone", at
        await db.flush()
        return 0
    await hold_stories(db)
    ids = [item.story_id for item in items]
    if deed.kind == "delete":
        await bring_back(db, deed.id, ids)
    elif deed.kind == "tag":
        await db.execute(delete(StoryTag).where(StoryTag.story_id.in_(ids), StoryTag.tag == deed.tag))
    elif deed.kind == "untag":
        there = (await db.scalars(select(Story.id).where(Story.id.in_(ids)))).all()
        await put_on(db, there, str(deed.tag))
    else:
        name, value = FLAGS[deed.kind]  # pyright: ignore[reportArgumentType]
        await _set_flag(db, ids, name, value=not value)
    for item in items:
        item.state = "undone"
    await db.flush()
    publish(db, "stories", deed.id)
    return len(items)


async def problems_of(db: Db, deed_id: UUID, limit: int) -> list[StoryDeedItem]:
    """The stories that a deed could not be done to."""
    failed = and_(StoryDeedItem.deed_id == deed_id, StoryDeedItem.state == "failed")
    return list((await db.scalars(select(StoryDeedItem).where(failed).order_by(StoryDeedItem.id).limit(limit))).all())


async def deed_by_id(db: Db, deed_id: UUID, *, for_update: bool = False) -> StoryDeed:
    """Raises NotThere."""
    deed = await db.get(StoryDeed, deed_id, with_for_update=for_update or None)
    if deed is None:
        raise NotThere("deed")
    return deed


async def _choose(db: Db, deed_id: UUID, story_ids: Sequence[UUID] | None, matching: StoryFilter | None) -> int:
    if matching is not None:
        found = matching_stories(matching).subquery("found")
        chosen = select(func.gen_random_uuid(), literal(deed_id, Uuid()), found.c.id, literal("waiting"))
        await db.execute(insert(StoryDeedItem).from_select(["id", "deed_id", "story_id", "state"], chosen))
    elif story_ids:
        values = [
            {"id": uuid7(), "deed_id": deed_id, "story_id": one, "state": "waiting"} for one in dict.fromkeys(story_ids)
        ]
        await db.execute(insert(StoryDeedItem), values)
    counted = select(func.count()).select_from(StoryDeedItem).where(StoryDeedItem.deed_id == deed_id)
    return await db.scalar(counted) or 0


async def _portion(db: Db, deed_id: UUID, state: ItemState) -> list[StoryDeedItem]:
    statement = (
        select(StoryDeedItem)
        .where(StoryDeedItem.deed_id == deed_id, StoryDeedItem.state == state, StoryDeedItem.article_id.is_(None))
        .order_by(StoryDeedItem.id)
        .limit(PORTION)
        .with_for_update()
    )
    return list((await db.scalars(statement)).all())


async def _do(db: Db, deed: StoryDeed, ids: Sequence[UUID]) -> dict[UUID, Done]:
    """What becomes of each story that is there."""
    there = {
        row.id: row
        for row in await db.execute(
            select(Story.id, Story.starred, Story.archived).where(Story.id.in_(ids)).with_for_update()
        )
    }
    if deed.kind in FLAGS:
        name, value = FLAGS[deed.kind]  # pyright: ignore[reportArgumentType]
        other = {one for one, row in there.items() if getattr(row, name) != value}
        await _set_flag(db, sorted(other), name, value=value)
        return {one: ("done" if one in other else "same", None) for one in there}
    if deed.kind == "delete":
        await throw_away(db, deed.id, list(there))
        return dict.fromkeys(there, ("done", None))
    tag, bears = str(deed.tag), await tags_of_stories(db, list(there))
    if deed.kind == "untag":
        bearing = {one for one in there if tag in bears[one]}
        await db.execute(delete(StoryTag).where(StoryTag.story_id.in_(bearing), StoryTag.tag == tag))
        return {one: ("done" if one in bearing else "same", None) for one in there}
    full = f"It has {MOST_TAGS} tags already."
    done: dict[UUID, Done] = {
        one: ("same", None)
        if tag in bears[one]
        else ("failed", full)
        if len(bears[one]) >= MOST_TAGS
        else ("done", None)
        for one in there
    }
    await put_on(db, [one for one, (state, _) in done.items() if state == "done"], tag)
    return done


async def _set_flag(db: Db, ids: Sequence[UUID], name: str, *, value: bool) -> None:
    await db.execute(update(Story).where(Story.id.in_(ids)).values({name: value}))
    await db.execute(update(Mention).where(Mention.story_id.in_(ids)).values({name: value}))
