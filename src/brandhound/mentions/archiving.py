"""Keeping a story at hand, and putting one away."""

from uuid import UUID

from sqlalchemy import update

from brandhound.core.db import Db, rows_affected
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story


async def mark_story(db: Db, story_id: UUID, *, starred: bool | None = None, archived: bool | None = None) -> None:
    """Set or take away star and archive, on the story and its mentions. Safe to repeat. Raises NotThere."""
    marks = {name: mark for name, mark in (("starred", starred), ("archived", archived)) if mark is not None}
    changed = await db.execute(update(Story).where(Story.id == story_id).values(**marks))
    if not rows_affected(changed):
        raise NotThere("story")
    await db.execute(update(Mention).where(Mention.story_id == story_id).values(**marks))
    publish(db, "stories", story_id)
