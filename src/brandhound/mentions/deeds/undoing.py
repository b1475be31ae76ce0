"""Taking back what was done to stories, the same way for one story as for a hundred thousand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from brandhound.core.db import Db, one_of
from brandhound.core.live import publish
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.jobs.states import ACTIVE
from brandhound.mentions.deeds.errors import ChangedSince, StillAtWork, TooLongAgo
from brandhound.mentions.deeds.marking import AT_ONCE, deed_by_id, undo_portion
from brandhound.mentions.deeds.models import REGROUPINGS, SAYINGS, StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.regrouping import (
    articles_of,
    begun_with,
    flags_together,
    move_articles,
    put_kin,
    settle,
)
from brandhound.mentions.deeds.tags import tags_of_stories
from brandhound.mentions.deeds.trash import KEPT_FOR
from brandhound.mentions.holding import hold_stories, lock_stories
from brandhound.mentions.judging import Hand
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryArticle, StoryTag
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


@dataclass(frozen=True)
class _Since:
    """What people changed on a merged story. It was said of the whole, and so holds for each story that comes out of it."""

    flags: dict[str, bool] = field(default_factory=dict)
    put_on: frozenset[str] = frozenset()
    taken_off: frozenset[str] = frozenset()
    headline_chosen: bool = False
    headline_id: UUID | None = None


async def undo_deed(db: Db, caller: Caller, deed_id: UUID, at: datetime) -> StoryDeed:
    """Take a deed back. What was taken back stays so. Many stories become a run.

    Raises NotThere, StillAtWork, ChangedSince or TooLongAgo.
    """
    deed = await deed_by_id(db, deed_id, for_update=True)
    at_work = await _is_at_work(db, deed)
    if deed.state == "undone" or (deed.state == "undoing" and at_work):
        return deed
    if at_work:
        raise StillAtWork
    if deed.kind in REGROUPINGS:
        await _undo_regrouping(db, deed)
        deed.state, deed.undone_at = "undone", at
    elif deed.kind == "headline":
        await _undo_headline(db, deed)
        deed.state, deed.undone_at = "undone", at
    else:
        if deed.kind == "delete" and deed.created_at < at - KEPT_FOR:
            raise TooLongAgo
        deed.state = "undoing"
        if deed.changed <= AT_ONCE:
            while await undo_portion(db, deed, Hand(caller.user_id, caller.key_id), at):
                pass
        else:
            hand = {"user_id": caller.user_id, "key_id": caller.key_id}
            parameters = {"deed_id": str(deed.id), "undo": True, **{k: str(v) for k, v in hand.items() if v}}
            title = f"Take back: {deed.changed:,} {'mentions' if deed.kind in SAYINGS else 'stories'}"
            run = await enqueue(
                db, "stories.mark", parameters, key=f"undo:{deed.id}", title=title, requested_by=caller.user_id
            )
            deed.run_id = run.id
    await record(db, caller, "stories.undone", "deed", deed.id, {"kind": deed.kind})
    await db.flush()
    return deed


async def _is_at_work(db: Db, deed: StoryDeed) -> bool:
    """Whether its run goes on. One that was cancelled leaves what it has done, to be taken back like the rest."""
    if deed.run_id is None:
        return False
    state = await db.scalar(select(RunRow.state).where(RunRow.id == deed.run_id))
    return state in ACTIVE


async def _undo_regrouping(db: Db, deed: StoryDeed) -> None:
    await hold_stories(db)
    items = (await db.scalars(select(StoryDeedItem).where(StoryDeedItem.deed_id == deed.id))).all()
    of_article = {item.article_id: item for item in items if item.article_id is not None}
    if await _moved_since(db, deed, list(of_article)):
        raise ChangedSince
    stories = {item.story_id: item for item in items if item.article_id is None}
    here = {item.to_story_id for item in items if item.to_story_id is not None}
    await lock_stories(db, {*here, *(item.story_id for item in items)})
    rows = await articles_of(db, sorted(here))
    homes = _homes(deed, rows, of_article)
    since = await _changed_since(db, deed, stories)  # Read before anything is rebuilt.
    await _rebuild(db, rows, homes, stories)
    ends_in = {row.article_id: homes.get(row.article_id, row.story_id) for row in rows}
    for row in rows:
        item = of_article.get(row.article_id)
        original = row.reprint_of if row.reprint_of not in of_article else None
        if original is not None and ends_in.get(original) == ends_in[row.article_id]:
            continue  # The original came in since, and is beside it still.
        if item is not None and item.before is not None:
            parent = item.before["reprint_of"]
            await put_kin(
                db, row, item.before["relation"], UUID(parent) if parent else None, item.before["containment"]
            )
    await db.flush()
    touched = sorted({*here, *homes.values()})
    if deed.kind == "split":
        # What was put on the new story meanwhile is not lost with it.
        await _keep_marks(db, deed, next(iter(stories)))
    await settle(db, touched)
    if deed.kind == "merge" and deed.story_id is not None:
        await _put_marks_back(db, stories, deed.story_id, since, homes)
    for item in items:
        item.state = "undone"
    publish(db, "stories", *touched)


async def _changed_since(db: Db, deed: StoryDeed, stories: dict[UUID, StoryDeedItem]) -> _Since:
    merged = await db.get(Story, deed.story_id) if deed.kind == "merge" else None
    if merged is None:
        return _Since()
    before = {story_id: item.before or {} for story_id, item in stories.items()}
    begun_as = flags_together(before.values())
    tags = {tag for one in before.values() for tag in one.get("tags", [])}
    bears = (await tags_of_stories(db, [merged.id]))[merged.id]
    chosen = before[merged.id].get("chosen_headline_id")
    return _Since(
        flags={name: getattr(merged, name) for name, was in begun_as.items() if getattr(merged, name) != was},
        put_on=frozenset(bears - tags),
        taken_off=frozenset(tags - bears),
        headline_chosen=merged.chosen_headline_id != (UUID(chosen) if chosen else None),
        headline_id=merged.chosen_headline_id,
    )


def _homes(deed: StoryDeed, rows: Sequence[StoryArticle], of_article: dict[UUID, StoryDeedItem]) -> dict[UUID, UUID]:
    """By article: the story it goes back to. What came in since goes with what it copies, or with what copies it."""
    homes: dict[UUID, UUID] = {}
    for row in rows:
        if (item := of_article.get(row.article_id)) is not None:
            homes[row.article_id] = item.story_id
        elif deed.kind == "split" and row.story_id == deed.story_id:
            # The story that was split off ends; all of it goes back.
            homes[row.article_id] = next(item.story_id for item in of_article.values())
    if deed.kind == "merge":
        came_since = [row for row in rows if row.article_id not in of_article]
        known = 0
        while known < len(homes):
            known = len(homes)
            for row in came_since:
                if row.reprint_of is not None and row.reprint_of in homes:
                    homes.setdefault(row.article_id, homes[row.reprint_of])
            # An original that came in late goes with the earliest of its copies.
            late = {row.article_id for row in came_since} - homes.keys()
            for row in rows:
                if row.reprint_of is not None and row.reprint_of in late and row.article_id in homes:
                    homes.setdefault(row.reprint_of, homes[row.article_id])
    return homes


async def _rebuild(
    db: Db, rows: Sequence[StoryArticle], homes: dict[UUID, UUID], stories: dict[UUID, StoryDeedItem]
) -> None:
    """Have each story that articles go back to, and move them there."""
    for story_id in sorted(set(homes.values())):
        going = [row for row in rows if homes.get(row.article_id) == story_id]
        story = await db.get(Story, story_id)
        if story is None:
            item = stories.get(story_id)
            before = (item.before if item else None) or {}
            story = begun_with(
                story_id, going[0], starred=before.get("starred", False), archived=before.get("archived", False)
            )
            if before.get("created_at"):
                story.created_at = datetime.fromisoformat(before["created_at"])
            db.add(story)
            await db.flush()
        moving = [row.article_id for row in going if row.story_id != story_id]
        if moving:
            await move_articles(db, moving, story)


async def _put_marks_back(
    db: Db, stories: dict[UUID, StoryDeedItem], merged_id: UUID, since: _Since, homes: dict[UUID, UUID]
) -> None:
    """Tags, stars and chosen headlines as they were before a merge, but for what people changed since."""
    bears = await tags_of_stories(db, list(stories))
    spoken_for = homes.get(since.headline_id, merged_id) if since.headline_id else merged_id
    for story_id, item in stories.items():
        if await db.get(Story, story_id) is None:
            continue
        before = item.before or {}
        flags = {name: since.flags.get(name, before.get(name, False)) for name in ("starred", "archived")}
        chosen = UUID(before["chosen_headline_id"]) if before.get("chosen_headline_id") else None
        if since.headline_chosen and story_id == spoken_for:
            chosen = since.headline_id
        await db.execute(update(Story).where(Story.id == story_id).values(**flags, chosen_headline_id=chosen))
        await db.execute(update(Mention).where(Mention.story_id == story_id).values(**flags))
        tags = (set(before.get("tags", [])) | since.put_on) - since.taken_off
        db.add_all([StoryTag(story_id=story_id, tag=tag) for tag in sorted(tags - bears[story_id])])
        other = StoryTag.tag.in_(bears[story_id] - tags)
        await db.execute(delete(StoryTag).where(StoryTag.story_id == story_id, other))
    await db.flush()
    await settle(db, list(stories))


async def _keep_marks(db: Db, deed: StoryDeed, home: UUID) -> None:
    if deed.story_id is None:
        return
    bears = await tags_of_stories(db, [deed.story_id, home])
    db.add_all([StoryTag(story_id=home, tag=tag) for tag in sorted(bears[deed.story_id] - bears[home])])
    split_off = await db.get(Story, deed.story_id)
    if split_off is not None and split_off.starred:
        await db.execute(update(Story).where(Story.id == home).values(starred=True))


async def _undo_headline(db: Db, deed: StoryDeed) -> None:
    item = await db.scalar(select(StoryDeedItem).where(StoryDeedItem.deed_id == deed.id))
    if item is None:
        return
    await hold_stories(db)
    later = (
        select(StoryDeed.id)
        .join(StoryDeedItem, StoryDeedItem.deed_id == StoryDeed.id)
        .where(
            StoryDeedItem.story_id == item.story_id,
            StoryDeed.kind == "headline",
            StoryDeed.id > deed.id,
            StoryDeed.undone_at.is_(None),
        )
        .limit(1)
    )
    if await db.scalar(later) is not None:
        raise ChangedSince
    before = (item.before or {}).get("chosen_headline_id")
    chosen = UUID(before) if before else None
    await db.execute(update(Story).where(Story.id == item.story_id).values(chosen_headline_id=chosen))
    # Where the story was merged or split since, it comes out of that with the choice that it had before.
    noted = (
        select(StoryDeedItem)
        .join(StoryDeed, StoryDeed.id == StoryDeedItem.deed_id)
        .where(
            StoryDeedItem.story_id == item.story_id,
            StoryDeedItem.article_id.is_(None),
            StoryDeed.kind.in_(REGROUPINGS),
            StoryDeed.id > deed.id,
            StoryDeed.undone_at.is_(None),
        )
    )
    for regrouped in await db.scalars(noted.with_for_update(of=StoryDeedItem)):
        regrouped.before = {**(regrouped.before or {}), "chosen_headline_id": before}
    await db.flush()
    await settle(db, [item.story_id])
    item.state = "undone"
    publish(db, "stories", item.story_id)


async def _moved_since(db: Db, deed: StoryDeed, article_ids: Sequence[UUID]) -> bool:
    later = (
        select(StoryDeedItem.id)
        .join(StoryDeed, StoryDeed.id == StoryDeedItem.deed_id)
        .where(
            StoryDeedItem.article_id == one_of(article_ids),
            StoryDeed.id > deed.id,
            StoryDeed.undone_at.is_(None),
            StoryDeed.kind.in_((*REGROUPINGS, "delete")),
        )
        .limit(1)
    )
    return await db.scalar(later) is not None
