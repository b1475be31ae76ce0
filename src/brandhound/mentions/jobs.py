"""Jobs: look for brands in new articles, and again in the last 30 days when a brand has changed."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from brandhound.brands.events import BrandChanged
from brandhound.brands.models import Brand
from brandhound.brands.queries import names_version
from brandhound.core.clock import now
from brandhound.core.db import Db, organization_of
from brandhound.core.wording import count_of
from brandhound.feeds.articles import article_texts
from brandhound.feeds.events import ArticlesStored
from brandhound.feeds.models import Feed, FeedEntry
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, announce, enqueue, hears, job
from brandhound.mentions.deeds.trash import KEPT_FOR, forget_old
from brandhound.mentions.discovery.looking import look_when_due
from brandhound.mentions.events import MentionsStored, ToneExamplesKept, ToneSaid
from brandhound.mentions.holding import hold_stories
from brandhound.mentions.learning.lessons import deciding_lessons, judges_of, renew_lessons
from brandhound.mentions.learning.sampling import draw_due
from brandhound.mentions.learning.sights import sentence_model
from brandhound.mentions.matching_articles import look_through, matcher_of
from brandhound.mentions.merging.moving import gather_strays
from brandhound.mentions.saying_tone import keep_features
from brandhound.mentions.storing import Stored, store_found
from brandhound.mentions.story_models import Story
from brandhound.mentions.tidying import drop_vanished, tidy_stories
from brandhound.mentions.tone_lessons.lessons import applied_number, tone_pull_of
from brandhound.tenancy.models import Organization

BATCH = 40
LOOK_BACK = timedelta(days=30)


class MatchArticles(BaseModel):
    """Articles to look through."""

    article_ids: list[UUID]


class Matched(BaseModel):
    """What came of a batch, and the mark after which the next one begins."""

    mark: UUID
    mentions: int = 0
    stories: int = 0
    new_stories: int = 0


class RematchBrand(BaseModel):
    """The brand that changed."""

    brand_id: UUID


@job("mentions.match", queue="analyse", timeout=timedelta(minutes=30), title="Find mentions", on=ArticlesStored)
async def match(run: Run, parameters: MatchArticles) -> Outcome:
    """Find the organization's brands in new articles, read the tone, and group the articles into stories."""
    stored = await _match_all(run, parameters.article_ids)
    async with run.session() as db:
        await draw_due(db, now(), await _time_zone(db))
        await look_when_due(db, now())
        await enqueue(db, "stories.forget", key=f"{now():%Y-%m-%d}", once=True)
    if not stored.mentions:
        return Done(f"No brand is named in {count_of(len(parameters.article_ids), 'article')}")
    return Done(
        f"{count_of(stored.mentions, 'mention')} in {count_of(len(parameters.article_ids), 'article')}, "
        f"{count_of(stored.new_stories, 'new story', 'new stories')}"
    )


@job("mentions.rematch", queue="analyse", timeout=timedelta(hours=2), title="Look for a brand again", on=BrandChanged)
async def rematch(run: Run, parameters: RematchBrand) -> Outcome:
    """Look for the organization's brands once more in the articles of the last 30 days, after a brand has changed."""
    async with run.session() as db:
        await hold_stories(db)
        await tidy_stories(db, await gather_strays(db))
    async with run.session() as db:
        brand = await db.get(Brand, parameters.brand_id)
        if brand is None:
            await hold_stories(db)
            left = (await db.scalars(select(Story.id).where(Story.brand_ids.contains([parameters.brand_id])))).all()
            await tidy_stories(db, left)
            return Done(f"The brand is gone: {count_of(len(left), 'story', 'stories')} counted anew")
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
    return Done(f"{count_of(stored.mentions, 'mention')} in {count_of(len(article_ids), 'article')} of 30 days")


@job(
    "mentions.keep_tone_examples",
    queue="analyse",
    timeout=timedelta(minutes=30),
    title="Keep what was said of tones",
    startable=False,
)
async def keep_tone_examples(run: Run) -> Outcome:
    """Keep with each tone that a person said what the tone head looks at, as an example to train on."""
    kept = 0
    model = await asyncio.to_thread(sentence_model)
    while True:
        async with run.session() as db:
            found = await keep_features(db, model)
            if not found and kept:
                await announce(db, ToneExamplesKept(examples=kept))
        if not found:
            return Done(f"{count_of(kept, 'example')} kept")
        kept += found
        await run.check()


@job("stories.forget", queue="report", timeout=timedelta(minutes=30), title="Forget deleted stories", startable=False)
async def forget(run: Run) -> Outcome:
    """Let go of what was deleted more than 30 days ago. Safe to repeat; each day with a deletion has it done in time."""
    async with run.session() as db:
        await forget_old(db, now() - KEPT_FOR)
    return Done("What was deleted more than 30 days ago is gone")


@hears(ToneSaid)
async def _note_examples(db: Db, _: ToneSaid) -> None:
    await enqueue(db, "mentions.keep_tone_examples", key="examples")


async def _match_all(run: Run, article_ids: Sequence[UUID]) -> Stored:
    """All of them, in the order of their ids. Each batch is remembered with its mark: after a crash it goes on from there."""
    async with run.session() as db:
        await renew_lessons(db)
    ids = sorted(article_ids)
    total = Stored(0, 0, 0)
    mark: UUID | None = None
    while (first := bisect_right(ids, mark) if mark else 0) < len(ids):
        await run.progress(first, len(ids), "Looking for your brands")
        batch = ids[first : first + BATCH]
        matched = await run.step_as(
            Matched, f"articles after {mark}" if mark else "first articles", _match_batch, run, batch
        )
        mark = matched.mark
        total = Stored(
            total.mentions + matched.mentions,
            total.stories + matched.stories,
            total.new_stories + matched.new_stories,
        )
    await run.progress(len(ids), len(ids), "Looked through all articles")
    return total


async def _match_batch(run: Run, article_ids: Sequence[UUID]) -> Matched:
    """One batch: read, think in a thread, store. Safe to repeat as a whole."""
    while True:
        async with run.session() as db:
            stamp = await names_version(db)
            matcher = await matcher_of(db)
            if matcher is None:
                await run.log("info", "No brand is watched yet: articles are kept until there is one")
                return Matched(mark=article_ids[-1])
            # These first: a lesson that is accepted in between is seen below.
            lessons = await applied_number(db), await deciding_lessons(db)
            judges, pull = await judges_of(db), await tone_pull_of(db)
            articles = await article_texts(db, list(article_ids))
        found = await asyncio.to_thread(look_through, articles, matcher, judges, pull)
        async with run.session() as db:
            await hold_stories(db)
            if await names_version(db) != stamp or (await applied_number(db), await deciding_lessons(db)) != lessons:
                # Brands were merged, or their names changed: what was found is of the old ones, and what they no longer have
                # would be taken from whoever has it now. Or mentions are judged, or tones read, otherwise since.
                continue
            stored = await store_found(db, found)
            await drop_vanished(db, article_ids, [UUID(key) for key in matcher.brands], found)
            if found:
                await announce(db, MentionsStored(article_ids=[one.article.id for one in found]))
        return Matched(
            mark=article_ids[-1], mentions=stored.mentions, stories=stored.stories, new_stories=stored.new_stories
        )


async def _time_zone(db: Db) -> str:
    zone = await db.scalar(select(Organization.time_zone).where(Organization.id == organization_of(db)))
    return zone or "UTC"
