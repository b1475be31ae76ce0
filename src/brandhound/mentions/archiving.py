"""Keeping a story at hand, and putting one away."""

from uuid import UUID

from sqlalchemy import update

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.mentions.deeds.bonds import story_at
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story


async def mark_story(db: Db, story_id: UUID, *, starred: bool | None = None, archived: bool | None = None) -> None:
    """Set or take away star and archive, on the story and its mentions; of one that was merged away on the one it went into.

    Safe to repeat. Raises NotThere.
    """
    marks = {name: mark for name, mark in (("starred", starred), ("archived", archived)) if mark is not None}
    story = await story_at(db, story_id)
    await db.execute(update(Story).where(Story.id == story.id).values(**marks))
    await db.execute(update(Mention).where(Mention.story_id == story.id).values(**marks))
    publish(db, "stories", story.id)
