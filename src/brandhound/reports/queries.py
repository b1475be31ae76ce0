"""What reports read. Time is always a half-open stretch: from the first instant up to, and without, the last."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from brandhound.brands.models import Brand
from brandhound.core.db import BINARY, Db, one_of, organization_of
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.mentions.counts import is_told_already
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import Standing, Thresholds, thresholds
from brandhound.mentions.story_models import Story
from brandhound.mentions.topic_models import Topic, TopicFinding
from brandhound.reports.building import Detail
from brandhound.reports.counting import Counted
from brandhound.reports.document import Range, ReportBrand
from brandhound.reports.topics import Aboutness, AskedTopic
from brandhound.tenancy.models import Organization


@dataclass(frozen=True)
class FollowedFeed:
    title: str
    state: str
    paused: bool
    created_at: datetime


async def organization(db: Db) -> Organization:
    return (await db.execute(select(Organization).where(Organization.id == organization_of(db)))).scalar_one()


async def brands_of(db: Db, brand_ids: Collection[UUID]) -> list[ReportBrand]:
    """Those brands, or all that are not paused."""
    wanted = Brand.id.in_(brand_ids) if brand_ids else Brand.paused.is_(False)
    rows = await db.execute(select(Brand.id, Brand.name, Brand.kind, Brand.color).where(wanted))
    return [ReportBrand(id=id_, name=name, kind=kind, color=color, subject=False) for id_, name, kind, color in rows]


async def count_mentions(db: Db, range_: Range, brands: Sequence[ReportBrand], min_confidence: float) -> int:
    """How many there are to count: says whether a report is a big one."""
    return (
        await db.execute(select(func.count()).select_from(Mention).where(*_counts(range_, brands, min_confidence)))
    ).scalar_one()


async def counted(
    db: Db, range_: Range, brands: Sequence[ReportBrand], min_confidence: float, time_zone: str
) -> list[Counted]:
    """The mentions that count, oldest first."""
    said = frozenset(
        await db.scalars(select(Mention.id).where(*_within(range_, brands), Mention.tone_read.is_not(None)))
    )
    # Past the ORM: it would turn thousands of rows into the very same rows once more.
    connection = await db.connection()
    rows = await connection.execute(
        select(
            Mention.id,
            Mention.brand_id,
            Mention.article_id,
            Mention.story_id,
            Mention.published_at,
            Mention.outlet,
            Mention.site,
            Mention.tone,
            Mention.tone_confidence,
            Mention.confidence,
            Mention.salience,
            # By what the range has: copies of the evening before are news of today, once.
            is_told_already(lambda mention: and_(*_days(range_, mention), *_sure_enough(mention, min_confidence))),
            Mention.judgement,
        )
        .where(*_counts(range_, brands, min_confidence))
        .order_by(Mention.published_at, Mention.id)
        .execution_options(**BINARY)
    )
    return await asyncio.to_thread(as_counted, rows.all(), ZoneInfo(time_zone), said)


async def details(db: Db, mention_ids: Collection[UUID]) -> dict[UUID, Detail]:
    rows = await db.execute(
        select(
            Mention.id,
            Mention.title,
            Mention.url,
            Mention.language,
            Mention.tone_quote,
            Mention.judgement,
            Mention.reasons,
            Mention.evidence,
            Mention.body_sha256,
            Mention.text_sha256,
        ).where(Mention.id == one_of(mention_ids))
    )
    return {
        row.id: Detail(
            title=row.title,
            url=row.url,
            language=row.language or "",
            quote=row.tone_quote,
            judgement=row.judgement,
            reasons=row.reasons,
            evidence=row.evidence,
            body_sha256=row.body_sha256,
            text_sha256=row.text_sha256,
        )
        for row in rows
    }


async def story_titles(db: Db, story_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await db.execute(select(Story.id, Story.title).where(Story.id == one_of(story_ids)))
    return {row.id: row.title for row in rows}


async def aboutness(db: Db, rows: Sequence[Counted]) -> Aboutness:
    """What these mentions are about, by all topics that are looked for."""
    topics = await db.execute(select(Topic.id, Topic.title, Topic.sort).where(Topic.archived.is_(False)))
    asked = [AskedTopic(row.id, row.title, row.sort) for row in topics]
    ids = [row.id for row in rows]
    if not asked or not ids:
        return Aboutness(asked)
    readable = set(
        await db.scalars(
            select(Mention.id).where(
                Mention.id == one_of(ids), or_(Mention.language.is_(None), Mention.language == "en")
            )
        )
    )
    found: dict[str, defaultdict[UUID, list[UUID]]] = {"yes": defaultdict(list), "maybe": defaultdict(list)}
    known = {topic.id for topic in asked}
    for mention_id, topic_id, standing in await db.execute(
        select(TopicFinding.mention_id, TopicFinding.topic_id, TopicFinding.standing)
        .where(TopicFinding.mention_id == one_of(ids), TopicFinding.standing.in_(("yes", "maybe")))
        .order_by(TopicFinding.topic_id)
    ):
        if topic_id in known:
            found[standing][mention_id].append(topic_id)
    return Aboutness(asked, readable, found["yes"], found["maybe"])


async def feeds_followed(db: Db) -> list[FollowedFeed]:
    rows = await db.execute(
        select(Feed.title, FeedDocument.title, FeedDocument.url, FeedDocument.state, Feed.paused, Feed.created_at)
        .join(FeedDocument, FeedDocument.id == Feed.document_id)
        .order_by(Feed.created_at, Feed.id)
    )
    return [
        FollowedFeed(own_title or title or url, state, paused, created_at)
        for own_title, title, url, state, paused, created_at in rows
    ]


async def earliest_mention_at(db: Db) -> datetime | None:
    """When the oldest accepted mention was published: history may reach back further than the feeds."""
    return (
        await db.execute(
            select(Mention.published_at).where(Mention.standing == "accepted").order_by(Mention.published_at).limit(1)
        )
    ).scalar_one_or_none()


async def waiting_for_judgement(db: Db, range_: Range, brands: Sequence[ReportBrand], min_confidence: float) -> int:
    """Doubtful mentions that nobody judged yet and that are not counted."""
    return (
        await db.execute(
            select(func.count())
            .select_from(Mention)
            .where(
                *_within(range_, brands),
                Mention.standing == "doubtful",
                Mention.judgement.is_(None),
                Mention.confidence < min_confidence,
            )
        )
    ).scalar_one()


def as_counted(rows: Iterable[Sequence[Any]], zone: ZoneInfo, said: Collection[UUID] = frozenset()) -> list[Counted]:
    """Rows in the order of time as mentions with their days.

    In a thread: ten thousand rows would keep the event loop from everybody else for a moment too long.
    """
    counted: list[Counted] = []
    make, add = Counted._make, counted.append
    # Equal identifiers as one object: then sets and groups need not compare them, which costs more than all else.
    same: dict[int, UUID] = {}
    one = same.setdefault
    day_on, ends_at = None, None
    for id_, brand_id, article_id, story_id, at, outlet, site, tone, tone_sure, sure, salience, reprint, judged in rows:
        if ends_at is None or at >= ends_at:
            day_on = at.astimezone(zone).date()
            ends_at = datetime.combine(day_on + timedelta(days=1), time(), zone).astimezone(at.tzinfo)
        # By their numbers, which are hashed and compared without a call of Python's.
        brand_id, story_id = one(brand_id.int, brand_id), one(story_id.int, story_id)  # noqa: PLW2901
        fields = (
            *(id_, brand_id, article_id, story_id, at, day_on, outlet or site, site),
            *(tone, tone_sure, sure, salience, reprint, id_ in said, judged),
        )
        add(make(fields))
    return counted


def _within(range_: Range, brands: Sequence[ReportBrand]) -> tuple[ColumnElement[bool], ...]:
    return (
        Mention.brand_id.in_([brand.id for brand in brands]),
        *_days(range_, Mention),
    )


def _days(range_: Range, mention: type[Mention]) -> tuple[ColumnElement[bool], ...]:
    return mention.published_at >= range_.starts_at, mention.published_at < range_.ends_at


def _counts(range_: Range, brands: Sequence[ReportBrand], min_confidence: float) -> tuple[ColumnElement[bool], ...]:
    """Confident enough or judged yes; never judged no. The standing is what the indexes know, and only narrows."""
    return (*_within(range_, brands), *_sure_enough(Mention, min_confidence))


def _sure_enough(mention: type[Mention], min_confidence: float) -> tuple[ColumnElement[bool], ...]:
    return (
        mention.standing.in_(_standings(min_confidence, thresholds())),
        or_(mention.judgement == "yes", (mention.judgement.is_(None)) & (mention.confidence >= min_confidence)),
    )


def _standings(min_confidence: float, limits: Thresholds) -> tuple[Standing, ...]:
    if min_confidence >= limits.accept:
        return ("accepted",)
    return ("accepted", "doubtful") if min_confidence >= limits.doubtful else ("accepted", "doubtful", "rejected")
