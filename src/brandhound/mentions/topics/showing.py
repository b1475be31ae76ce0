"""What is about which topic, put together for the screen."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_

from brandhound.brands.models import Brand
from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db
from brandhound.core.pages import from_cursor, page_of
from brandhound.mentions.counts import accepted_within, tells_first
from brandhound.mentions.deeds.bonds import story_at
from brandhound.mentions.learning.estimating import exact_range
from brandhound.mentions.models import Mention
from brandhound.mentions.queries import brands_by_id, range_to
from brandhound.mentions.schemas import BrandTag, Quote
from brandhound.mentions.topic_models import Topic, TopicFinding, TopicStanding
from brandhound.mentions.topics.keeping import FILLED_DAYS, topic_by_id
from brandhound.mentions.topics.schemas import (
    BrandTopicsOut,
    FindingOut,
    TopicMentionOut,
    TopicMentionPage,
    TopicShareOut,
)

ENOUGH = 20
LOOK_BACK = timedelta(days=FILLED_DAYS)


async def topics_of_story(db: Db, story_id: UUID) -> list[FindingOut]:
    """The topics of a story's mentions, the surest first; those that a person turned down last. Raises NotThere."""
    story = await story_at(db, story_id)
    rows = await db.execute(
        select(TopicFinding, Topic)
        .join(Topic, Topic.id == TopicFinding.topic_id)
        .join(Mention, Mention.id == TopicFinding.mention_id)
        .where(Mention.story_id == story.id, Topic.archived.is_(False))
        .order_by(TopicFinding.standing.desc(), TopicFinding.probability.desc(), Topic.title)
    )
    return [finding_out(finding, topic) for finding, topic in rows]


async def mentions_about(
    db: Db, topic_id: UUID, standing: TopicStanding | None, cursor: str | None, limit: int
) -> TopicMentionPage:
    """A page of mentions about a topic, newest first. Raises NotThere or BadCursor."""
    topic = await topic_by_id(db, topic_id)
    statement = (
        select(TopicFinding, Mention)
        .join(Mention, Mention.id == TopicFinding.mention_id)
        .where(TopicFinding.topic_id == topic_id)
        .order_by(TopicFinding.published_at.desc(), TopicFinding.mention_id.desc())
        .limit(limit + 1)
    )
    if standing is not None:
        statement = statement.where(TopicFinding.standing == standing)
    if cursor:
        after = from_cursor(cursor, datetime, UUID)
        statement = statement.where(tuple_(TopicFinding.published_at, TopicFinding.mention_id) < tuple_(*after))
    rows = (await db.execute(statement)).all()
    page = page_of(rows, limit, lambda row: (row[0].published_at, row[0].mention_id))
    brands = await brands_by_id(db)
    items = [_mention_out(row[0], row[1], topic, brands[row[1].brand_id]) for row in page.items]
    return TopicMentionPage(items=items, next=page.next)


async def topics_of_brand(
    db: Db, brand_id: UUID, since: datetime | None, until: datetime | None, at: datetime
) -> BrandTopicsOut:
    """How much of what is said of a brand is about which topic, by default in the last 90 days.

    Raises NotThere or RangeUpsideDown. The interval reaches from those that surely are about it to those that may be as well.
    """
    await brand_by_id(db, brand_id)
    since, until = range_to(since, until, at, LOOK_BACK)
    counted = (
        Mention.brand_id == brand_id,
        Mention.standing == "accepted",
        tells_first(accepted_within(since, until)),
        Mention.published_at >= since,
        Mention.published_at < until,
        or_(Mention.language.is_(None), Mention.language == "en"),
    )
    out_of = await db.scalar(select(func.count()).select_from(Mention).where(*counted)) or 0
    topics = await db.scalars(
        select(Topic)
        .where(Topic.archived.is_(False), or_(Topic.brand_id.is_(None), Topic.brand_id == brand_id))
        .order_by(Topic.sort.desc(), Topic.title)
    )
    numbers: Counter[tuple[UUID, str]] = Counter()
    for topic_id, standing, tone, number in await db.execute(
        select(TopicFinding.topic_id, TopicFinding.standing, Mention.tone, func.count())
        .join(Mention, Mention.id == TopicFinding.mention_id)
        .where(*counted, TopicFinding.standing.in_(("yes", "maybe")))
        .group_by(TopicFinding.topic_id, TopicFinding.standing, Mention.tone)
    ):
        numbers[topic_id, standing] += number
        if standing == "yes":
            numbers[topic_id, tone] += number
    enough = out_of >= ENOUGH
    items = [_share_out(topic, numbers, out_of, enough=enough) for topic in topics]
    items.sort(key=lambda one: (one.sort != "topic", -one.yes, one.title))
    return BrandTopicsOut(brand_id=brand_id, since=since, until=until, out_of=out_of, enough=enough, items=items)


def _share_out(topic: Topic, numbers: Counter[tuple[UUID, str]], out_of: int, *, enough: bool) -> TopicShareOut:
    yes, maybe = numbers[topic.id, "yes"], numbers[topic.id, "maybe"]
    return TopicShareOut(
        topic_id=topic.id,
        title=topic.title,
        sort=topic.sort,
        yes=yes,
        maybe=maybe,
        positive=numbers[topic.id, "positive"],
        negative=numbers[topic.id, "negative"],
        share=round(yes / out_of, 4) if enough else None,
        low=round(exact_range(yes, out_of).low, 4) if enough else None,
        high=round(exact_range(yes + maybe, out_of).high, 4) if enough else None,
    )


def finding_out(finding: TopicFinding, topic: Topic) -> FindingOut:
    """A finding as JSON."""
    quote = Quote(text=finding.words, field=finding.field, start=finding.start, end=finding.end)
    return FindingOut(
        topic_id=topic.id,
        title=topic.title,
        sort=topic.sort,
        mention_id=finding.mention_id,
        probability=finding.probability,
        standing=finding.standing,
        said=finding.said,
        quote=quote,
    )


def _mention_out(finding: TopicFinding, mention: Mention, topic: Topic, brand: Brand) -> TopicMentionOut:
    return TopicMentionOut(
        **dict(finding_out(finding, topic)),
        story_id=mention.story_id,
        article_id=mention.article_id,
        brand=BrandTag.model_validate(brand),
        headline=mention.title,
        outlet=mention.outlet or mention.site,
        tone=mention.tone,
        published_at=mention.published_at,
    )
