"""Counts over mentions for charts and reports. Days are calendar days in the zone that is given.

Each reads one range of the index (organization, standing, published_at), which carries brand, tone, outlet and story.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, not_, or_, select, tuple_
from sqlalchemy.orm import aliased

from brandhound.core.db import Db
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import Standing, ToneLabel

CountedBy = Callable[[type[Mention]], ColumnElement[bool]]
"""Which mentions are counted, said of the table that is given."""


def is_accepted(mention: type[Mention]) -> ColumnElement[bool]:
    """As most counts have it."""
    return mention.standing == "accepted"


def accepted_within(since: datetime, until: datetime) -> CountedBy:
    """Those of a range of time: what was told before it says nothing of how often it counts there."""
    return lambda mention: and_(is_accepted(mention), mention.published_at >= since, mention.published_at < until)


def is_told_already(is_counted: CountedBy = is_accepted) -> ColumnElement[bool]:
    """Whether a mention's text is a copy, and its brand is counted by the original or by an earlier copy.

    Copies of one text count once, and not never: what only copies say of a brand, or what was turned down of the original
    alone, counts by the first of them.
    """
    original, copy = aliased(Mention), aliased(Mention)
    by_the_original = exists(
        select(original.id).where(
            original.brand_id == Mention.brand_id,
            original.article_id == Mention.reprint_of,
            # Always so. It has the planner look the few originals up, instead of all mentions of the organization at once.
            original.id != Mention.id,
            is_counted(original),
        )
    )
    by_a_copy = exists(
        select(copy.id).where(
            copy.story_id == Mention.story_id,
            copy.brand_id == Mention.brand_id,
            copy.reprint_of == Mention.reprint_of,
            tuple_(copy.published_at, copy.id) < tuple_(Mention.published_at, Mention.id),
            is_counted(copy),
        )
    )
    return and_(Mention.reprint_of.is_not(None), or_(by_the_original, by_a_copy))


def tells_first(is_counted: CountedBy = is_accepted) -> ColumnElement[bool]:
    """Whether a mention is the one by which its text counts for its brand: the contrary of `is_told_already`."""
    return not_(is_told_already(is_counted))


@dataclass(frozen=True)
class DayCount:
    """Mentions of a brand on a day, the stories they stand in, and the outlets."""

    day: date
    brand_id: UUID
    mentions: int
    stories: int
    outlets: int


@dataclass(frozen=True)
class BrandCount:
    """A brand's mentions, stories and outlets in a range."""

    brand_id: UUID
    mentions: int
    stories: int
    outlets: int


@dataclass(frozen=True)
class ToneCount:
    """Mentions of a brand with one tone."""

    brand_id: UUID
    tone: ToneLabel
    mentions: int


@dataclass(frozen=True)
class OutletCount:
    """An outlet's mentions by tone toward the brands."""

    outlet: str
    site: str
    mentions: int
    stories: int
    positive: int
    negative: int
    last_published_at: datetime


@dataclass(frozen=True)
class StoryCount:
    """A story by the number of its articles with an accepted mention in the range."""

    story_id: UUID
    articles: int
    outlets: int
    mentions: int
    last_published_at: datetime


def _within(
    since: datetime, until: datetime, brand_ids: Sequence[UUID] | None, standing: Standing
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Mention.standing == standing,
        Mention.published_at >= since,
        Mention.published_at < until,
    ]
    if brand_ids is not None:
        conditions.append(Mention.brand_id.in_(brand_ids))
    return conditions


def _day(time_zone: str) -> ColumnElement[date]:
    return cast(func.timezone(time_zone, Mention.published_at), Date)


async def volume_by_day(
    db: Db,
    since: datetime,
    until: datetime,
    time_zone: str,
    brand_ids: Sequence[UUID] | None = None,
    *,
    standing: Standing = "accepted",
) -> list[DayCount]:
    """One row for each day and brand with a mention, in order of day. Days without any have no row."""
    day = _day(time_zone).label("day")
    statement = (
        select(
            day,
            Mention.brand_id,
            func.count(),
            func.count(Mention.story_id.distinct()),
            func.count(Mention.outlet.distinct()),
        )
        .where(*_within(since, until, brand_ids, standing))
        .group_by(day, Mention.brand_id)
        .order_by(day, Mention.brand_id)
    )
    return [DayCount(*row) for row in await db.execute(statement)]


async def share_of_voice(
    db: Db,
    since: datetime,
    until: datetime,
    brand_ids: Sequence[UUID] | None = None,
    *,
    standing: Standing = "accepted",
) -> list[BrandCount]:
    """Each brand's mentions, stories and outlets, most stories first. Shares are the caller's: the denominator is shown."""
    stories = func.count(Mention.story_id.distinct())
    statement = (
        select(Mention.brand_id, func.count(), stories, func.count(Mention.outlet.distinct()))
        .where(*_within(since, until, brand_ids, standing))
        .group_by(Mention.brand_id)
        .order_by(stories.desc(), Mention.brand_id)
    )
    return [BrandCount(*row) for row in await db.execute(statement)]


async def tone_shares(
    db: Db,
    since: datetime,
    until: datetime,
    brand_ids: Sequence[UUID] | None = None,
    *,
    standing: Standing = "accepted",
) -> list[ToneCount]:
    """Mentions by brand and tone; pairs without any have no row."""
    statement = (
        select(Mention.brand_id, Mention.tone, func.count())
        .where(*_within(since, until, brand_ids, standing))
        .group_by(Mention.brand_id, Mention.tone)
        .order_by(Mention.brand_id, Mention.tone)
    )
    return [ToneCount(*row) for row in await db.execute(statement)]


async def outlets(
    db: Db,
    since: datetime,
    until: datetime,
    brand_ids: Sequence[UUID] | None = None,
    *,
    limit: int = 20,
    standing: Standing = "accepted",
) -> list[OutletCount]:
    """The outlets with most mentions, then by name."""
    statement = (
        select(
            Mention.outlet,
            func.min(Mention.site),
            func.count(),
            func.count(Mention.story_id.distinct()),
            func.count().filter(Mention.tone == "positive"),
            func.count().filter(Mention.tone == "negative"),
            func.max(Mention.published_at),
        )
        .where(*_within(since, until, brand_ids, standing))
        .group_by(Mention.outlet)
        .order_by(func.count().desc(), Mention.outlet)
        .limit(limit)
    )
    return [OutletCount(*row) for row in await db.execute(statement)]


async def top_stories(
    db: Db,
    since: datetime,
    until: datetime,
    brand_ids: Sequence[UUID] | None = None,
    *,
    limit: int = 10,
    standing: Standing = "accepted",
) -> list[StoryCount]:
    """The stories that most outlets carry, then the newest."""
    carried = func.count(Mention.outlet.distinct())
    last = func.max(Mention.published_at)
    statement = (
        select(Mention.story_id, func.count(Mention.article_id.distinct()), carried, func.count(), last)
        .where(*_within(since, until, brand_ids, standing))
        .group_by(Mention.story_id)
        .order_by(carried.desc(), last.desc(), Mention.story_id)
        .limit(limit)
    )
    return [StoryCount(*row) for row in await db.execute(statement)]
