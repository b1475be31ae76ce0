"""Letting go of what is not named any more: mentions that vanished, and stories that are left without any."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select

from brandhound.core.db import Db, one_of
from brandhound.core.live import publish
from brandhound.mentions.deeds.bonds import is_kept_by_people
from brandhound.mentions.holding import lock_stories
from brandhound.mentions.matching_articles import ReadArticle
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryArticle
from brandhound.mentions.summing import sum_up_stories


async def drop_vanished(
    db: Db, article_ids: Sequence[UUID], brand_ids: Sequence[UUID], found: Sequence[ReadArticle]
) -> int:
    """Remove mentions that these brands no longer have in these articles; what a person judged stays.

    Returns how many were removed. Stories that are left without any mention go with them, but for those that people starred or
    tagged, or chose a headline for: these keep the mentions that they stand on.
    """
    there = {(one.article.id, mention.brand_id) for one in found for mention in one.mentions}
    statement = select(Mention.id, Mention.article_id, Mention.brand_id, Mention.story_id).where(
        Mention.article_id == one_of(article_ids),
        Mention.brand_id == one_of(brand_ids),
        Mention.judgement.is_(None),
        Mention.tone_read.is_(None),
    )
    gone = [row for row in (await db.execute(statement)).all() if (row[1], row[2]) not in there]
    if gone:
        await lock_stories(db, (row[3] for row in gone))
        kept = await _kept_by_people(db, {row[3] for row in gone}, [row[0] for row in gone])
        gone = [row for row in gone if row[3] not in kept]
    if gone:
        await db.execute(delete(Mention).where(Mention.id == one_of(row[0] for row in gone)))
        await tidy_stories(db, sorted({row[3] for row in gone}))
    return len(gone)


async def _kept_by_people(db: Db, story_ids: set[UUID], gone: Sequence[UUID]) -> set[UUID]:
    """Those of these stories that people put something on and that would be left without a mention."""
    left = exists(
        select(Mention.id).where(Mention.story_id == Story.id, ~(Mention.id == one_of(gone))).correlate(Story)
    )
    return set(await db.scalars(select(Story.id).where(Story.id == one_of(story_ids), is_kept_by_people(), ~left)))


async def tidy_stories(db: Db, story_ids: Sequence[UUID]) -> None:
    """Let go of articles and stories in which no brand is named any more; count the others anew."""
    if not story_ids:
        return
    chosen = one_of(story_ids)
    named = exists(select(Mention.id).where(Mention.article_id == StoryArticle.article_id).correlate(StoryArticle))
    await db.execute(delete(StoryArticle).where(StoryArticle.story_id == chosen, ~named))
    told = exists(select(StoryArticle.id).where(StoryArticle.story_id == Story.id).correlate(Story))
    await db.execute(delete(Story).where(Story.id == chosen, ~told))
    await sum_up_stories(db, story_ids)
    publish(db, "stories", *story_ids)
