"""What the parts of the installation are judged by, asked once and together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brandhound.admin import gauges, server
from brandhound.admin.pulsing import GONE
from brandhound.admin.reading import has_table, looking, looking_at_server, rows
from brandhound.admin.remembering import Remembered, remembered
from brandhound.core.db import Db
from brandhound.core.measuring import Histogram, Metric, Reading


@dataclass(frozen=True)
class Seen:
    """What the parts are judged by."""

    now: datetime
    readings: Sequence[Reading]
    server: dict[str, Any]
    processes: list[dict[str, Any]]
    facts: dict[str, Remembered]
    failing_breakers: list[dict[str, Any]] | None
    mail: dict[str, Any] | None

    def of(self, name: Metric, *labels: str) -> float:
        """The value of a gauge; 0 if it is not there."""
        found = (one.value for one in self.readings if one.metric is name and one.labels == labels)
        return next((float(value) for value in found if not isinstance(value, Histogram)), 0.0)

    def all_of(self, name: Metric) -> dict[str, float]:
        """A gauge with one label, by it."""
        return {
            one.labels[0]: float(one.value)
            for one in self.readings
            if one.metric is name and not isinstance(one.value, Histogram)
        }


async def look() -> Seen:
    """Ask everything once."""
    async with looking() as db:
        readings = await gauges.from_tables(db)
        processes = await rows(
            db,
            "select id, kind, host, version, figures, extract(epoch from now() - seen_at)::float as silent from processes"
            f" where ended_at is null and seen_at > now() - interval '{GONE} seconds'",
        )
        facts = await remembered(db)
        breakers = await _breakers(db)
        mail = await _mail(db)
        now = (await rows(db, "select now() as now"))[0]["now"]
    async with looking_at_server() as db:
        readings += await gauges.from_server(db)
        told = await server.summary(db)
    return Seen(now, readings + gauges.from_machine(), told, processes, facts, breakers, mail)


async def _breakers(db: Db) -> list[dict[str, Any]] | None:
    if not await has_table(db, "provider_breakers"):
        return None
    return await rows(
        db, "select provider, count(*) as n from provider_breakers where state = 'open' group by 1 order by 1"
    )


async def _mail(db: Db) -> dict[str, Any] | None:
    if not await has_table(db, "notification_deliveries"):
        return None
    found = await rows(
        db,
        "select count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'pending') as pending"
        " from notification_deliveries where state in ('pending', 'held', 'failed')",
    )
    return found[0]
