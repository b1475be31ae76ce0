"""Counts the stories of a brand by hour, and says what a stretch of hours consists of.

A story counts once, in the hour of its first mention of the brand: forty copies of one text are one thing that happened.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select

from brandhound.brands.models import Brand
from brandhound.core.db import Db, one_of
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.mentions.alerts.expecting import usual_days
from brandhound.mentions.counts import tells_first
from brandhound.mentions.models import Mention
from brandhound.mentions.searching import folded
from brandhound.mentions.story_models import Story

HOUR = timedelta(hours=1)
_SHOWN = 5
_ENOUGH_OTHERS = 3
_SURGE_HOURS = 6


@dataclass(frozen=True)
class Told:
    """A story as it first spoke of the brand."""

    story_id: UUID
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """Which stories of which brand count."""

    brand_id: UUID
    tones: Sequence[str] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Series:
    """Hourly counts up to now: the last hour is the last one that is over."""

    starts_at: datetime
    counts: list[int]
    hours_of_week: list[int]
    told: list[Told]
    heard_since: datetime | None
    """When the brand was first spoken of at all, in any tone and words: before, nobody knows whether there was nothing."""

    def time_of(self, hour: int) -> datetime:
        """When this hour begins."""
        return self.starts_at + hour * HOUR

    def within(self, first: int, last: int) -> list[Told]:
        """The stories of these hours, both included."""
        opens, closes = self.time_of(first), self.time_of(last + 1)
        return [one for one in self.told if opens <= one.at < closes]


async def series_of(db: Db, wanted: Wanted, zone: ZoneInfo, now: datetime, days: int) -> Series:
    """The stories of so many days and what there is of the last one, up to the last full hour.

    It begins at midnight: what is usual is told by days of the series, and would be another at each hour if these began at
    another one, so that a spike came and went.
    """
    ends_at = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    starts_at = (ends_at - timedelta(days=days)).replace(hour=0)
    first = func.min(Mention.published_at)
    rows = await db.execute(
        select(Mention.story_id, first.label("at"))
        .where(*that_count(wanted), Mention.published_at < ends_at)
        # A story that was told before counts as told before, up to a month back.
        .where(Mention.published_at >= starts_at - timedelta(days=30))
        .group_by(Mention.story_id)
        .having(first >= starts_at)
        .order_by(first)
    )
    told = [Told(story_id, at) for story_id, at in rows]
    counts = [0] * int((ends_at - starts_at) / HOUR)
    for one in told:
        counts[int((one.at - starts_at) / HOUR)] += 1
    heard_since = await db.scalar(
        select(func.min(Mention.published_at)).where(
            *that_count(Wanted(wanted.brand_id)), Mention.published_at >= starts_at, Mention.published_at < ends_at
        )
    )
    locals_ = [(starts_at + hour * HOUR).astimezone(zone) for hour in range(len(counts))]
    return Series(starts_at, counts, [local.weekday() * 24 + local.hour for local in locals_], told, heard_since)


async def why(db: Db, wanted: Wanted, told: Sequence[Told]) -> dict[str, Any]:
    """What these stories are: the most told ones first, with outlets, tones and the words that are quoted."""
    ids = [one.story_id for one in told]
    if not ids:
        return {"stories": [], "outlets": [], "tones": {}, "in_all": 0}
    rows = (
        await db.execute(
            select(
                Mention.story_id,
                Story.title,
                Mention.outlet,
                Mention.tone,
                Mention.tone_quote,
                Mention.url,
                Mention.published_at,
                tells_first().label("first"),
            )
            .join(Story, Story.id == Mention.story_id)
            .where(*that_count(wanted), Mention.story_id == one_of(ids))
            .order_by(Mention.published_at, Mention.id)
        )
    ).all()
    by_story: dict[UUID, list[Any]] = {}
    for row in rows:
        by_story.setdefault(row.story_id, []).append(row)
    ranked = sorted(by_story.values(), key=lambda of: (-len({row.outlet for row in of}), -len(of), of[0].published_at))
    outlets = Counter(row.outlet for row in rows)
    return {
        "stories": [
            {
                "id": str(of[0].story_id),
                "title": of[0].title,
                "outlet": of[0].outlet,
                "outlets": len({row.outlet for row in of}),
                "quote": next((row.tone_quote for row in of if row.tone_quote), ""),
                "url": of[0].url,
            }
            for of in ranked[:_SHOWN]
        ],
        "outlets": [{"outlet": name, "articles": number} for name, number in outlets.most_common(_SHOWN)],
        "tones": dict(Counter(row.tone for row in rows if row.first)),
        "in_all": len(by_story),
    }


async def feeds_in_trouble(db: Db) -> tuple[list[str], int]:
    """The titles of followed feeds that cannot be read now, and how many are followed: whether a silence is one."""
    rows = (
        await db.execute(
            select(func.coalesce(Feed.title, FeedDocument.title, FeedDocument.url), FeedDocument.state)
            .join(FeedDocument, FeedDocument.id == Feed.document_id)
            .where(Feed.paused.is_(False))
            .order_by(Feed.created_at)
        )
    ).all()
    return [title for title, state in rows if state != "active"], len(rows)


def folded_words(words: Sequence[str]) -> list[str]:
    """Words as titles are searched for them."""
    return list(dict.fromkeys(word for given in words if (word := folded(given))))


async def surge_of_others(db: Db, brand_id: UUID, series: Series) -> list[float] | None:
    """What the other brands had beyond the usual in each hour, in usual days' worth of stories; 0 where nothing is up.

    Stories that also name this brand are left out. None where fewer than three others are watched: they say nothing of a trade.
    """
    others = (await db.scalars(select(Brand.id).where(Brand.id != brand_id, Brand.paused.is_(False)))).all()
    if len(others) < _ENOUGH_OTHERS:
        return None
    first = func.min(Mention.published_at)
    ends_at = series.time_of(len(series.counts))
    rows = await db.execute(
        select(Mention.story_id, first)
        .where(
            Mention.brand_id.in_(others),
            Mention.standing == "accepted",
            Mention.published_at >= series.starts_at,
            Mention.published_at < ends_at,
        )
        .group_by(Mention.story_id)
    )
    own = {one.story_id for one in series.told}
    counts = [0] * len(series.counts)
    for story_id, at in rows:
        if story_id not in own:
            counts[int((at - series.starts_at) / HOUR)] += 1
    return _surges(counts, series.hours_of_week)


def _surges(counts: Sequence[int], hours_of_week: Sequence[int]) -> list[float]:
    surges = [0.0] * len(counts)
    means: list[float] = []
    for usual in usual_days(counts, hours_of_week):
        means += map(float, usual.means)
        day = float(usual.means.sum())
        for hour in range(usual.first, min(usual.first + len(usual.means), len(counts))):
            first = max(0, hour + 1 - _SURGE_HOURS)
            seen, due = sum(counts[first : hour + 1]), sum(means[first : hour + 1])
            # Ups and downs of every day are no surge.
            if seen >= 2 * due + 3:
                surges[hour] = max(0.0, counts[hour] - means[hour]) / day
    return surges


def that_count(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Mentions of the brand that count, in the wanted tones and with one of the wanted words."""
    conditions: list[ColumnElement[bool]] = [Mention.brand_id == wanted.brand_id, Mention.standing == "accepted"]
    if wanted.tones:
        conditions.append(Mention.tone.in_(wanted.tones))
    if wanted.words:
        conditions.append(or_(*(Mention.search_text.contains(word, autoescape=True) for word in wanted.words)))
    return tuple(conditions)
