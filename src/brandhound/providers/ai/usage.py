"""What models were asked for, and what that took: by day and use."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Date as SqlDate
from sqlalchemy import case, cast, func, select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.providers.ai.models import ModelCall
from brandhound.providers.ai.prices import Usage

LONGEST = 366
ENOUGH_CALLS = 20
"""Of fewer calls an average says little."""


@dataclass(frozen=True)
class UsageDay:
    """Calls of one use of one model on one day, in the organization's zone."""

    on: date
    feature: str
    provider: str
    model: str
    calls: int
    cached: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    unpriced: int
    """Calls whose cost is not known."""


async def usage_by_day(db: Db, days: int, zone: str) -> list[UsageDay]:
    """The last days, today among them, newest first."""
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    since = datetime.combine(today - timedelta(days=days - 1), datetime.min.time(), ZoneInfo(zone))
    on = cast(func.timezone(zone, ModelCall.started_at), SqlDate)
    answered = ModelCall.state.in_(("done", "lost"))
    rows = await db.execute(
        select(
            on,
            ModelCall.feature,
            ModelCall.provider,
            ModelCall.model,
            func.count(case((answered, 1))),
            func.count(case((ModelCall.state == "cached", 1))),
            func.count(case((ModelCall.state == "failed", 1))),
            func.coalesce(func.sum(ModelCall.input_tokens), 0),
            func.coalesce(func.sum(ModelCall.output_tokens), 0),
            func.coalesce(func.sum(ModelCall.cost_micros), 0),
            func.count(case((answered & ModelCall.cost_micros.is_(None), 1))),
        )
        .where(ModelCall.started_at >= since, ModelCall.state != "reserved")
        .group_by(on, ModelCall.feature, ModelCall.provider, ModelCall.model)
        .order_by(on.desc(), ModelCall.feature, ModelCall.provider, ModelCall.model)
    )
    return [UsageDay(*row[:4], *(int(number or 0) for number in row[4:])) for row in rows]


async def usual_call(db: Db, feature: str, look_back: timedelta) -> Usage | None:
    """What a call of one use took on average; None where too few were made to say so."""
    done = (ModelCall.feature == feature, ModelCall.state == "done", ModelCall.started_at >= clock.now() - look_back)
    sums = (
        func.count(),
        func.sum(ModelCall.input_tokens),
        func.sum(ModelCall.output_tokens),
        func.sum(ModelCall.cached_tokens),
    )
    calls, read, written, cached = (await db.execute(select(*sums).where(*done))).one()
    if calls < ENOUGH_CALLS:
        return None
    return Usage(*(-(-int(total) // calls) for total in (read, written, cached)))
