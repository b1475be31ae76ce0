"""Looks at a brand's past for what an alert is to tell of, as it would have been told at the time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from brandhound.core.db import Db
from brandhound.mentions.alerts import silences, spikes
from brandhound.mentions.alerts.counting import (
    HOUR,
    Series,
    Told,
    Wanted,
    feeds_in_trouble,
    series_of,
    surge_of_others,
    why,
)
from brandhound.mentions.alerts.expecting import DAY, ENOUGH_DAYS
from brandhound.mentions.alerts.models import AlertKind, Severity
from brandhound.mentions.alerts.schemas import AlertWish
from brandhound.mentions.alerts.spreading import Spread, spreads_of

HISTORY_DAYS = 60
"""Days before the stretch that is looked at, from which is told what is usual: as many as are remembered, and some."""


@dataclass(frozen=True)
class Finding:
    """A spike, a silence or a story that spreads, with its times."""

    kind: AlertKind
    opened_at: datetime
    closed_at: datetime | None
    window_hours: int
    stories: int
    expected: float
    probability: float
    is_thin: bool
    first_hour: int
    last_hour: int
    """The hours of the series that it consists of."""
    story_id: UUID | None = None
    """The story that spreads."""
    outlets: int = 0
    """The outlets that it was in."""


@dataclass(frozen=True)
class Look:
    """A series and what was found in it."""

    series: Series
    findings: list[Finding]
    wanted: Wanted
    begins: int
    """The hour of the series from which on it was looked at."""
    days_known: int
    is_of_stories: bool = False
    enough_hours: int | None = None
    """Of a silence: from how many hours on it would be rare. None where that is not known."""

    @property
    def is_thin(self) -> bool:
        """Whether the history is too short to tell well what is usual. Of one story's outlets nothing is usual."""
        return not self.is_of_stories and self.days_known < ENOUGH_DAYS


async def look(db: Db, wish: AlertWish, zone: ZoneInfo, now: datetime, days: int) -> Look:
    """What this alert would have told of in the last so many days."""
    wanted = wish.wanted()
    series = await series_of(db, wanted, zone, now, days + HISTORY_DAYS)
    if wish.kind == "story":
        within = timedelta(hours=wish.within_hours)
        spread = await spreads_of(db, wanted, wish.least_outlets, within, now - timedelta(days=days), now)
        found = [_of_story(one, wish.within_hours, now) for one in spread]
        return Look(series, found, wanted, _begins(series), _days_known(series), is_of_stories=True)
    # What filters by tone or words is a part of the brand's stories; how the trade fares says little of it.
    others = await surge_of_others(db, wish.brand_id, series) if wish.kind == "spike" and not wish.is_narrow else None
    since, begins = days_before(series, days), _begins(series)
    found = await asyncio.to_thread(_find, wish, series, others, begins, since)
    enough = await asyncio.to_thread(_enough_hours, wish, series, begins) if wish.kind == "silence" else None
    findings = [_in_time(one, series, begins) for one in found]
    return Look(series, findings, wanted, begins, _days_known(series), enough_hours=enough)


def days_before(series: Series, days: int) -> int:
    """The hour of the series at which its last so many days begin."""
    return len(series.counts) - days * 24


async def causes(db: Db, look: Look, finding: Finding) -> dict[str, Any]:
    """What the finding consists of: of a spike its stories, of a silence whether one could have heard anything."""
    if finding.story_id is not None:
        return {**await why(db, look.wanted, [Told(finding.story_id, finding.opened_at)]), "thin": False}
    parts = {"only_tones": look.wanted.tones, "only_words": look.wanted.words}
    only = {name: list(part) for name, part in parts.items() if part}
    if finding.kind == "spike":
        told = await why(db, look.wanted, look.series.within(finding.first_hour, finding.last_hour))
        return {**told, **only, "thin": finding.is_thin}
    troubled, feeds = await feeds_in_trouble(db)
    is_deaf = feeds == 0 or 2 * len(troubled) >= feeds
    return {**only, "feeds": feeds, "feeds_in_trouble": troubled[:10], "is_deaf": is_deaf}


def severity_of(finding: Finding, told: dict[str, Any]) -> Severity:
    """Bad news of that size is critical, a silence or a spike is a warning, one of good news is worth knowing."""
    if finding.kind == "silence":
        return "warning"
    tones: dict[str, int] = told.get("tones", {})
    negative, positive = tones.get("negative", 0) + tones.get("mixed", 0), tones.get("positive", 0)
    if negative >= 3 and negative > positive:
        return "critical"
    return "info" if positive > 2 * negative and positive >= 3 else "warning"


def _days_known(series: Series) -> int:
    """Days since the brand was first spoken of: before it nobody knows whether there was nothing, or nobody who listened."""
    heard = series.heard_since
    return int((series.time_of(len(series.counts)) - heard) / (24 * HOUR)) if heard else 0


def _find(
    wish: AlertWish, series: Series, others: Sequence[float] | None, begins: int, since: int
) -> list[spikes.Spike] | list[silences.Silence]:
    """What is found in the hours from `begins` on: what lies before is not a history of silence."""
    counts, places = series.counts[begins:], series.hours_of_week[begins:]
    if wish.kind == "spike":
        heard = others[begins:] if others is not None else None
        return spikes.find_spikes(
            counts,
            places,
            rarity=spikes.RARITY[wish.keenness],
            least=wish.least_stories,
            others=heard,
            since=since - begins,
        )
    return silences.find_silences(
        counts, places, wish.hours, rarity=silences.RARITY[wish.keenness], since=since - begins
    )


def _enough_hours(wish: AlertWish, series: Series, begins: int) -> int | None:
    counts, places = series.counts[begins:], series.hours_of_week[begins:]
    return silences.enough_hours(counts, places, rarity=silences.RARITY[wish.keenness])


def _begins(series: Series) -> int:
    """The hour at which the day begins on which it was first spoken of: what is usual is told by whole days."""
    if series.heard_since is None:
        return len(series.counts)
    return int((series.heard_since - series.starts_at) / HOUR) // DAY * DAY


def _of_story(spread: Spread, within_hours: int, now: datetime) -> Finding:
    """It goes on for as long again as was waited for."""
    closes = spread.opened_at + timedelta(hours=within_hours)
    return Finding(
        kind="story",
        opened_at=spread.opened_at,
        closed_at=closes if closes <= now else None,
        window_hours=within_hours,
        stories=1,
        expected=0.0,
        probability=1.0,
        is_thin=False,
        first_hour=0,
        last_hour=0,
        story_id=spread.story_id,
        outlets=spread.outlets,
    )


def _in_time(found: spikes.Spike | silences.Silence, series: Series, begins: int) -> Finding:
    opened = found.opened + begins
    return Finding(
        kind="spike" if isinstance(found, spikes.Spike) else "silence",
        opened_at=series.time_of(opened + 1),
        closed_at=series.time_of(found.closed + begins + 1) if found.closed is not None else None,
        window_hours=found.window,
        stories=found.stories,
        expected=found.expected,
        probability=found.probability,
        is_thin=found.is_thin,
        first_hour=max(0, opened + 1 - found.window),
        last_hour=opened,
    )
