"""What models were asked for, and what that took: by day and use."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Date as SqlDate
from sqlalchemy import case, cast, func, select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.providers.ai.models import ModelCall

LONGEST = 366


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
