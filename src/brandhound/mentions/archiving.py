"""Keeping a story at hand, and putting one away."""

from uuid import UUID

from sqlalchemy import update

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.mentions.deeds.bonds import story_at
from brandhound.mentions.deeds.following import Flag, Mark, leave_alone
from brandhound.mentions.holding import lock_stories
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story


async def mark_story(db: Db, story_id: UUID, *, starred: bool | None = None, archived: bool | None = None) -> None:
    """Set or take away star and archive, on the story and its mentions; of one that was merged away on the one it went into.

    Safe to repeat. Raises NotThere.
    """
    given: dict[Flag, bool | None] = {"starred": starred, "archived": archived}
    story = await story_at(db, story_id)
    marks: dict[Flag, bool] = {
        name: mark for name, mark in given.items() if mark is not None and getattr(story, name) != mark
    }
    if not marks:
        return
    await lock_stories(db, [story.id])
    for name in marks:
        await leave_alone(db, story.id, Mark(name))
    await db.execute(update(Story).where(Story.id == story.id).values({**marks}))
    await db.execute(update(Mention).where(Mention.story_id == story.id).values({**marks}))
    publish(db, "stories", story.id)
