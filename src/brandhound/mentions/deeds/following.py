"""Taking a mark back: from its story and from what became of that, as far as the mark came from the deed that is taken back.

What people did later stands. A later deed on the same mark is what counts from then on, and notes instead what was before the
earlier one; a story that was merged, split or deleted meanwhile hands on what it is told here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.mentions.deeds.models import DeedKind, StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.regrouping import flags_together
from brandhound.mentions.deeds.tags import put_on, tags_of_stories
from brandhound.mentions.holding import lock_stories
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryTag

Flag = Literal["starred", "archived"]
KINDS: dict[Flag | Literal["tag"], tuple[DeedKind, DeedKind]] = {
    "starred": ("star", "unstar"),
    "archived": ("archive", "unarchive"),
    "tag": ("tag", "untag"),
}
"""By mark: what puts it on, and what takes it off."""
Moment = tuple[datetime, UUID]
"""When something was done, and by which deed."""
Rows = dict[str, list[dict[str, Any]] | None]
"""What is kept of a deleted story, by table."""


@dataclass(frozen=True)
class Mark:
    """A star, the archive or a tag, as it stands on a story and in what a deed noted of one."""

    name: Flag | Literal["tag"]
    tag: str = ""

    def noted(self, before: dict[str, Any]) -> bool:
        """Whether a story had it when it was merged or split."""
        if self.name == "tag":
            return self.tag in before.get("tags", [])
        return before.get(self.name, False)

    def noting(self, before: dict[str, Any], *, value: bool) -> dict[str, Any]:
        """The same note, had the story had it then, or not."""
        if self.name != "tag":
            return {**before, self.name: value}
        tags = {*before.get("tags", [])} - {self.tag}
        return {**before, "tags": sorted({*tags, self.tag} if value else tags)}

    def together(self, befores: Sequence[dict[str, Any]]) -> bool:
        """Whether the story that several became had it."""
        if self.name == "tag":
            return any(map(self.noted, befores))
        return flags_together(befores)[self.name]

    def kept_with(self, rows: Rows, *, value: bool) -> Rows:
        """What is kept of a deleted story, had the story had it, or not."""
        if self.name != "tag":
            marked: Rows = {
                table: [{**row, self.name: value} for row in rows.get(table) or []] for table in ("stories", "mentions")
            }
            return {**rows, **marked}
        tags = [row for row in rows.get("story_tags") or [] if row["tag"] != self.tag]
        if value:
            (story,) = rows["stories"] or []
            row = {"story_id": story["id"], "tag": self.tag, "created_at": story["created_at"]}
            tags.append({"id": str(uuid7()), "organization_id": story["organization_id"], **row})
        return {**rows, "story_tags": tags}

    async def is_on(self, db: Db, story: Story) -> bool:
        """Whether a story has it now."""
        if self.name == "tag":
            return self.tag in (await tags_of_stories(db, [story.id]))[story.id]
        return getattr(story, self.name)

    async def put(self, db: Db, story_ids: Collection[UUID], *, value: bool) -> None:
        """Put it on stories that are there, or take it off."""
        if self.name != "tag":
            marked = {self.name: value}
            await db.execute(update(Story).where(Story.id == one_of(story_ids)).values(marked))
            await db.execute(update(Mention).where(Mention.story_id == one_of(story_ids)).values(marked))
        elif value:
            await put_on(db, sorted(story_ids), self.tag)
        else:
            off = StoryTag.story_id == one_of(story_ids), StoryTag.tag == self.tag
            await db.execute(delete(StoryTag).where(*off))


async def put_back(
    db: Db, deed: StoryDeed, mark: Mark, story_ids: Collection[UUID], there: Collection[UUID], *, value: bool
) -> None:
    """Let stories have a mark as it was before a deed, or what became of them; `there` are those that are locked and not gone."""
    since = (deed.created_at, deed.id)
    told = (
        select(StoryDeedItem.story_id)
        .join(StoryDeed, StoryDeed.id == StoryDeedItem.deed_id)
        .where(StoryDeedItem.story_id == one_of(story_ids), _tells_more(mark, since))
    )
    put_together = select(StoryDeed.story_id).where(StoryDeed.story_id == one_of(story_ids), _is_split_undone(since))
    goes_on = {one for one in (*await db.scalars(told), *await db.scalars(put_together)) if one is not None}
    await mark.put(db, set(there) - goes_on, value=value)
    for story_id in sorted(goes_on):
        await _go_on(db, mark, story_id, since, was=not value, value=value)


async def leave_alone(db: Db, story_id: UUID, mark: Mark) -> None:
    """A person changed the mark of this one story: deeds that had marked it, or what it was merged of, leave it from now on."""
    deeds = select(StoryDeed.id).where(StoryDeed.kind.in_(KINDS[mark.name]), StoryDeed.undone_at.is_(None))
    of_it = StoryDeedItem.story_id == one_of(await _merged_of(db, story_id))
    marked = and_(of_it, StoryDeedItem.state == "done", StoryDeedItem.deed_id.in_(deeds))
    await db.execute(update(StoryDeedItem).where(marked).values(state="same"))


async def _merged_of(db: Db, story_id: UUID) -> set[UUID]:
    """The story, and those that merges which stand brought into it, also by way of others."""
    found, new = {story_id}, {story_id}
    while new:
        kept, brought = aliased(StoryDeedItem), aliased(StoryDeedItem)
        merges = (
            select(brought.story_id)
            .join(kept, and_(kept.deed_id == brought.deed_id, kept.article_id.is_(None)))
            .join(StoryDeed, StoryDeed.id == kept.deed_id)
            .where(kept.story_id == one_of(new), kept.to_story_id == kept.story_id, brought.article_id.is_(None))
            .where(brought.to_story_id == kept.story_id, StoryDeed.kind == "merge", StoryDeed.undone_at.is_(None))
        )
        new = set(await db.scalars(merges)) - found
        found |= new
    return found


async def _go_on(db: Db, mark: Mark, story_id: UUID, since: Moment, *, was: bool, value: bool) -> None:
    """Correct what was done to a story from a moment on, when it bore the mark or not, had that been otherwise."""
    await lock_stories(db, [story_id])
    for deed, own in await _told_of(db, mark, story_id, since):
        moment = (deed.created_at, deed.id)
        if deed.kind in KINDS[mark.name]:
            _note_state(deed, own, changes=(deed.kind == KINDS[mark.name][0]) != value)
            return
        if deed.kind == "delete":
            if own.before:
                own.before = mark.kept_with(own.before, value=value)
            return
        if deed.kind == "split":
            own.before = mark.noting(own.before or {}, value=value)
            if own.to_story_id is not None:
                await _go_on(db, mark, own.to_story_id, moment, was=was, value=value)
        elif deed.undone_at is not None:
            for other in await _noted_by(db, deed):
                if other.story_id != story_id and mark.noted(other.before or {}) != was:
                    await _go_on(db, mark, other.story_id, (deed.undone_at, deed.id), was=was, value=value)
        else:
            noted = await _noted_by(db, deed)
            was = mark.together([one.before or {} for one in noted])
            own.before = mark.noting(own.before or {}, value=value)
            value = mark.together([one.before or {} for one in noted])
            if was == value:
                return
            if own.to_story_id != story_id:
                if own.to_story_id is not None:
                    await _go_on(db, mark, own.to_story_id, moment, was=was, value=value)
                return
    await db.flush()
    if (story := await db.get(Story, story_id, populate_existing=True)) is not None:
        if await mark.is_on(db, story) == was:
            await mark.put(db, [story_id], value=value)
    elif mark.name != "archived":
        # What was put on a story that was split off goes with it where it came from.
        await _go_on_where_it_came_from(db, mark, story_id, since, was=was, value=value)


async def _go_on_where_it_came_from(
    db: Db, mark: Mark, story_id: UUID, since: Moment, *, was: bool, value: bool
) -> None:
    split = await db.scalar(select(StoryDeed).where(StoryDeed.story_id == story_id, _is_split_undone(since)))
    if split is None or split.undone_at is None:
        return
    for home in await _noted_by(db, split):
        if mark.noted(home.before or {}) != was:
            await _go_on(db, mark, home.story_id, (split.undone_at, split.id), was=was, value=value)


def _note_state(deed: StoryDeed, item: StoryDeedItem, *, changes: bool) -> None:
    """Note whether a deed changed this one, now that something else was before it."""
    if (item.state == "done") != changes:
        item.state = "done" if changes else "same"
        deed.changed += 1 if changes else -1


async def _told_of(db: Db, mark: Mark, story_id: UUID, since: Moment) -> list[tuple[StoryDeed, StoryDeedItem]]:
    """What happened to the mark of a story after a moment, in its order."""
    statement = (
        select(StoryDeed, StoryDeedItem)
        .join(StoryDeedItem, StoryDeed.id == StoryDeedItem.deed_id)
        .where(StoryDeedItem.story_id == story_id, _tells_more(mark, since))
        .with_for_update(of=StoryDeedItem)
        .execution_options(populate_existing=True)
    )
    await db.flush()
    found = [(deed, item) for deed, item in (await db.execute(statement)).all()]
    return sorted(found, key=lambda one: (one[0].undone_at or one[0].created_at, one[0].id))


def _tells_more(mark: Mark, since: Moment) -> ColumnElement[bool]:
    """Whether an item is about the mark of its story after a moment: it was marked, merged, split, deleted, or parted again."""
    stands = and_(StoryDeed.undone_at.is_(None), tuple_(StoryDeed.created_at, StoryDeed.id) > since)
    marked = and_(StoryDeed.kind.in_(KINDS[mark.name]), StoryDeedItem.state.in_(("done", "same")))
    if mark.name == "tag":
        marked = and_(marked, StoryDeed.tag == mark.tag)
    gone = and_(StoryDeed.kind == "delete", StoryDeedItem.state == "done")
    parted = and_(
        StoryDeed.kind == "merge",
        StoryDeed.undone_at > since[0],
        tuple_(StoryDeed.created_at, StoryDeed.id) < since,
        StoryDeedItem.to_story_id == StoryDeedItem.story_id,
    )
    return and_(
        StoryDeedItem.article_id.is_(None),
        or_(and_(stands, or_(marked, gone, StoryDeed.kind.in_(("merge", "split")))), parted),
    )


def _is_split_undone(since: Moment) -> ColumnElement[bool]:
    return and_(StoryDeed.kind == "split", StoryDeed.undone_at > since[0])


async def _noted_by(db: Db, deed: StoryDeed) -> Sequence[StoryDeedItem]:
    """What a merge or a split noted of each story."""
    found = select(StoryDeedItem).where(StoryDeedItem.deed_id == deed.id, StoryDeedItem.article_id.is_(None))
    return (await db.scalars(found.order_by(StoryDeedItem.id).with_for_update())).all()
