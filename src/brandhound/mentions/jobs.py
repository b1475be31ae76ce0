"""Jobs: look for brands in new articles, and again in the last 30 days when a brand has changed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from brandhound.brands.events import BrandChanged
from brandhound.brands.models import Brand
from brandhound.core.clock import now
from brandhound.core.db import Db, organization_of
from brandhound.feeds.articles import article_texts
from brandhound.feeds.events import ArticlesStored
from brandhound.feeds.models import Feed, FeedEntry
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.mentions.learning.lessons import judges_of
from brandhound.mentions.learning.sampling import draw_due
from brandhound.mentions.matching_articles import look_through, matcher_of
from brandhound.mentions.models import Story
from brandhound.mentions.storing import Stored, drop_vanished, store_found, tidy_stories
from brandhound.tenancy.models import Organization

BATCH = 40
LOOK_BACK = timedelta(days=30)


class MatchArticles(BaseModel):
    """Articles to look through."""

    article_ids: list[UUID]


class RematchBrand(BaseModel):
    """The brand that changed."""

    brand_id: UUID


@job("mentions.match", queue="analyse", timeout=timedelta(minutes=30), title="Find mentions", on=ArticlesStored)
async def match(run: Run, parameters: MatchArticles) -> Outcome:
    """Find the organization's brands in new articles, read the tone, and group the articles into stories."""
    stored = await _match_all(run, parameters.article_ids)
    async with run.session() as db:
        await draw_due(db, now(), await _time_zone(db))
    if not stored.mentions:
        return Done(f"No brand is named in {_count(len(parameters.article_ids), 'article')}")
    return Done(
        f"{_count(stored.mentions, 'mention')} in {_count(len(parameters.article_ids), 'article')}, "
        f"{_count(stored.new_stories, 'new story', 'new stories')}"
    )


@job("mentions.rematch", queue="analyse", timeout=timedelta(hours=2), title="Look for a brand again", on=BrandChanged)
async def rematch(run: Run, parameters: RematchBrand) -> Outcome:
    """Look for the organization's brands once more in the articles of the last 30 days, after a brand has changed."""
    async with run.session() as db:
        brand = await db.get(Brand, parameters.brand_id)
        if brand is None:
            left = (await db.scalars(select(Story.id).where(Story.brand_ids.contains([parameters.brand_id])))).all()
            await tidy_stories(db, left)
            return Done(f"The brand is gone: {_count(len(left), 'story', 'stories')} counted anew")
        if brand.paused:
            return Done("The brand is paused: what was found stays, and nothing new is looked for")
        statement = (
            select(FeedEntry.article_id)
            .join(Feed, Feed.document_id == FeedEntry.document_id)
            .where(FeedEntry.article_id.is_not(None), FeedEntry.published_at >= now() - LOOK_BACK)
            .distinct()
        )
        article_ids = sorted(found for found in (await db.scalars(statement)).all() if found is not None)
    stored = await _match_all(run, article_ids)
    return Done(f"{_count(stored.mentions, 'mention')} in {_count(len(article_ids), 'article')} of 30 days")


async def _match_all(run: Run, article_ids: Sequence[UUID]) -> Stored:
    total = Stored(0, 0, 0)
    for first in range(0, len(article_ids), BATCH):
        await run.progress(first, len(article_ids), "Looking for your brands")
        stored = await _match_batch(run, article_ids[first : first + BATCH])
        total = Stored(
            total.mentions + stored.mentions, total.stories + stored.stories, total.new_stories + stored.new_stories
        )
    await run.progress(len(article_ids), len(article_ids), "Looked through all articles")
    return total


async def _match_batch(run: Run, article_ids: Sequence[UUID]) -> Stored:
    """One batch: read, think in a thread, store. Safe to repeat as a whole, so that it needs no memory of its steps."""
    async with run.session() as db:
        matcher = await matcher_of(db)
        if matcher is None:
            await run.log("info", "No brand is watched yet: articles are kept until there is one")
            return Stored(0, 0, 0)
        judges = await judges_of(db)
        articles = await article_texts(db, list(article_ids))
    found = await asyncio.to_thread(look_through, articles, matcher, judges)
    async with run.session() as db:
        stored = await store_found(db, found)
        await drop_vanished(db, article_ids, [UUID(key) for key in matcher.brands], found)
    return stored


async def _time_zone(db: Db) -> str:
    zone = await db.scalar(select(Organization.time_zone).where(Organization.id == organization_of(db)))
    return zone or "UTC"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
