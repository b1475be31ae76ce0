"""What the parts of the installation are judged by, asked once and together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brandhound.admin import gauges, server
from brandhound.admin.pulsing import GONE
from brandhound.admin.reading import looking, looking_at_server, rows
from brandhound.admin.remembering import Remembered, remembered
from brandhound.admin.sampling import REQUEST_P95, REQUESTS
from brandhound.core.measuring import Histogram, Metric, Reading

_WEB = """
select coalesce(sum(m.value) filter (where s.name = :requests), 0)::float as requests,
       max(m.value) filter (where s.name = :p95)::float as p95,
       now() as now
  from metric_series s join metric_samples m on m.series_id = s.id
 where s.name in (:requests, :p95) and m.at > now() - interval '10 minutes'
"""


_BREAKERS = """
select provider, model, reason, what_to_do from provider_breakers where state = 'open' order by opened_at limit 20
"""


@dataclass(frozen=True)
class Seen:
    """What the parts are judged by."""

    now: datetime
    readings: Sequence[Reading]
    server: dict[str, Any]
    processes: list[dict[str, Any]]
    facts: dict[str, Remembered]
    open_breakers: list[dict[str, Any]]
    requests: float
    """In the last ten minutes."""
    answer_p95: float | None

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
            "select id, kind, host, pid, version, figures, extract(epoch from now() - seen_at)::float as silent,"
            " extract(epoch from now() - started_at)::float as up from processes"
            f" where ended_at is null and seen_at > now() - interval '{GONE} seconds'",
        )
        facts = await remembered(db)
        breakers = await rows(db, _BREAKERS)
        web = (await rows(db, _WEB, requests=REQUESTS.name, p95=REQUEST_P95.name))[0]
    async with looking_at_server() as db:
        readings += await gauges.from_server(db)
        told = await server.summary(db)
    return Seen(
        web["now"], readings + gauges.from_machine(), told, processes, facts, breakers, web["requests"], web["p95"]
    )
