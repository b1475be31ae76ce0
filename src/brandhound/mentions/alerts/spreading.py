"""Stories that spread: one and the same story in so many outlets within so many hours. Forty copies by one outlet are one."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.mentions.alerts.counting import Wanted, that_count
from brandhound.mentions.models import Mention


@dataclass(frozen=True)
class Telling:
    """An outlet that tells a story at some time."""

    outlet: str
    at: datetime


@dataclass(frozen=True)
class Spread:
    """A story that was in enough outlets, as it was known when the last one of them told it."""

    story_id: UUID
    opened_at: datetime
    outlets: int


async def spreads_of(
    db: Db, wanted: Wanted, least: int, within: timedelta, since: datetime, until: datetime
) -> list[Spread]:
    """The stories that spread so far in this stretch, each once, in order of time."""
    rows = await db.execute(
        select(Mention.story_id, Mention.outlet, Mention.published_at)
        .where(*that_count(wanted), Mention.published_at >= since - within, Mention.published_at < until)
        .order_by(Mention.published_at, Mention.id)
    )
    told: defaultdict[UUID, list[Telling]] = defaultdict(list)
    for story_id, outlet, at in rows:
        told[story_id].append(Telling(outlet, at))
    found = (spread_of(story_id, tellings, least, within) for story_id, tellings in told.items())
    return sorted(
        (one for one in found if one is not None and one.opened_at >= since),
        key=lambda one: (one.opened_at, one.story_id),
    )


def spread_of(story_id: UUID, tellings: Sequence[Telling], least: int, within: timedelta) -> Spread | None:
    """When a story was first in so many outlets within that time; `tellings` are in order of time."""
    recent: deque[Telling] = deque()
    for telling in tellings:
        recent.append(telling)
        while recent[0].at < telling.at - within:
            recent.popleft()
        if len(_outlets(recent)) >= least:
            return Spread(story_id, telling.at, len(_outlets(one for one in tellings if one.at <= telling.at + within)))
    return None


def _outlets(tellings: Iterable[Telling]) -> set[str]:
    return {telling.outlet.casefold() for telling in tellings}
