"""Taking a mark back from a story that was merged away since: from what it went into, as far as the mark came from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, select, update

from brandhound.core.db import Db
from brandhound.mentions.deeds.bonds import MOST_HOPS
from brandhound.mentions.deeds.models import StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.regrouping import flags_together
from brandhound.mentions.deeds.tags import put_on, tags_of_stories
from brandhound.mentions.holding import lock_stories
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryTag


@dataclass(frozen=True)
class Mark:
    """A star, the archive or a tag, as it stands on a story and in what a merge noted of one."""

    name: Literal["starred", "archived", "tag"]
    tag: str = ""

    def noted(self, before: dict[str, Any]) -> bool:
        """Whether a story had it when it was merged."""
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

    async def is_on(self, db: Db, story: Story) -> bool:
        """Whether a story has it now."""
        if self.name == "tag":
            return self.tag in (await tags_of_stories(db, [story.id]))[story.id]
        return getattr(story, self.name)

    async def put(self, db: Db, story_id: UUID, *, value: bool) -> None:
        """Put it on a story, or take it off."""
        if self.name != "tag":
            await db.execute(update(Story).where(Story.id == story_id).values({self.name: value}))
            await db.execute(update(Mention).where(Mention.story_id == story_id).values({self.name: value}))
        elif value:
            await put_on(db, [story_id], self.tag)
        else:
            await db.execute(delete(StoryTag).where(StoryTag.story_id == story_id, StoryTag.tag == self.tag))


async def put_back_where_merged(db: Db, story_id: UUID, mark: Mark, *, value: bool) -> None:
    """Let a story that was merged away have had a mark as it was before a deed, and what it went into have it accordingly.

    A mark that another one of them had, too, stays; so does what people changed since. A merge that is taken back later gives the
    story back without what was taken from it here.
    """
    here = story_id
    for _ in range(MOST_HOPS):
        items = await _merged_with(db, here)
        own = next((item for item in items if item.story_id == here), None)
        if own is None or mark.noted(own.before or {}) == value:
            return
        was = mark.together([item.before or {} for item in items])
        own.before = mark.noting(own.before or {}, value=value)
        await db.flush()
        if mark.together([item.before or {} for item in items]) == was or own.to_story_id is None:
            return
        here = own.to_story_id
        await lock_stories(db, [here])
        if (story := await db.get(Story, here, populate_existing=True)) is not None:
            if await mark.is_on(db, story) == was:
                await mark.put(db, here, value=value)
            return


async def _merged_with(db: Db, story_id: UUID) -> Sequence[StoryDeedItem]:
    """What the latest merge that a story went away by noted of each story; nothing where it went otherwise."""
    merge = (
        select(StoryDeed.id)
        .join(StoryDeedItem, StoryDeedItem.deed_id == StoryDeed.id)
        .where(
            StoryDeedItem.story_id == story_id,
            StoryDeedItem.to_story_id != story_id,
            StoryDeed.kind == "merge",
            StoryDeed.undone_at.is_(None),
        )
        .order_by(StoryDeed.id.desc())
        .limit(1)
    )
    noted = StoryDeedItem.article_id.is_(None)
    found = select(StoryDeedItem).where(StoryDeedItem.deed_id == merge.scalar_subquery(), noted)
    return (await db.scalars(found.order_by(StoryDeedItem.id).with_for_update())).all()
