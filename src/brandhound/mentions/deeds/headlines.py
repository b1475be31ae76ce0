"""Which article speaks for a story: the machine's choice, unless a person chose."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.deeds.errors import NotInTheStory
from brandhound.mentions.deeds.models import StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.regrouping import settle
from brandhound.mentions.story_models import Story, StoryArticle
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


async def choose_headline(db: Db, caller: Caller, story_id: UUID, article_id: UUID | None, at: datetime) -> StoryDeed:
    """Let this article speak for the story; `None` gives the choice back to the machine. Raises NotThere or NotInTheStory."""
    story = await db.scalar(select(Story).where(Story.id == story_id).with_for_update(key_share=True))
    if story is None:
        raise NotThere("story")
    if article_id is not None:
        here = select(StoryArticle.id).where(StoryArticle.story_id == story_id, StoryArticle.article_id == article_id)
        if await db.scalar(here) is None:
            raise NotInTheStory([str(article_id)])
    deed = StoryDeed(
        kind="headline",
        state="done",
        story_id=story_id,
        total=1,
        changed=1,
        failed=0,
        user_id=caller.user_id,
        key_id=caller.key_id,
        created_at=at,
    )
    db.add(deed)
    await db.flush()
    before = {"chosen_headline_id": str(story.chosen_headline_id) if story.chosen_headline_id else None}
    db.add(StoryDeedItem(deed_id=deed.id, story_id=story_id, state="done", before=before))
    story.chosen_headline_id = article_id
    await db.flush()
    await settle(db, [story_id])
    publish(db, "stories", story_id)
    await record(db, caller, "stories.headline", "story", story_id, {"article_id": str(article_id or "")})
    return deed
