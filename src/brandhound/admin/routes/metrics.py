"""Figures over time, for the dashboard."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from brandhound.admin import sampling, slos
from brandhound.admin.charts import CHARTS
from brandhound.admin.reading import looking
from brandhound.admin.schemas.metrics import ChartOut, MetricName, MetricsOut, SeriesOut, SloOut
from brandhound.admin.shipped import ERRORS, REGRESSIONS
from brandhound.core import clock
from brandhound.core.measuring import METRICS
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin/metrics")

SPANS = {
    "1h": timedelta(hours=1), "6h": timedelta(hours=6), "24h": timedelta(days=1), "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}  # fmt: skip


@router.get("")
async def read_metrics(
    _: Operator, span: Annotated[Literal["1h", "6h", "24h", "7d", "30d"], Query(description="How far back")] = "6h"
) -> MetricsOut:
    """Charts over a span of time, and how the promises are kept."""
    until = clock.now()
    since = until - SPANS[span]
    names = sorted({metric.name for chart in CHARTS for metric in chart.metrics})
    async with looking(10) as db:
        lines = await sampling.read_series(db, names, since, until, points=120)
        now = await slos.burns(db, until)
        month = await slos.month(db, until)
    return MetricsOut(
        since=since,
        until=until,
        slos=[_slo(burn, month[burn.slo.name]) for burn in now],
        charts=[
            ChartOut(
                key=chart.key,
                title=chart.title,
                unit=chart.unit,
                about=chart.about,
                series=[
                    SeriesOut.model_validate(line)
                    for metric in chart.metrics
                    for line in lines
                    if line.name == metric.name
                ],
            )
            for chart in CHARTS
        ],
    )


@router.get("/names")
async def list_metric_names(_: Operator) -> list[MetricName]:
    """List what a rule can look at."""
    async with looking() as db:
        series = await sampling.series_names(db)
    names = [
        MetricName(name=ERRORS, about="Errors that came into the inbox within the window.", labels=[]),
        MetricName(name=REGRESSIONS, about="Resolved faults that came back within the window.", labels=[]),
    ]
    for name in dict.fromkeys(name for name, _ in series):
        labels = [label for other, label in series if other == name and label]
        names.append(MetricName(name=name, about=METRICS[name].about if name in METRICS else "", labels=labels))
    return names


def _slo(burn: slos.Burn, month: tuple[float, float]) -> SloOut:
    good, total = month
    share = good / total if total else None
    return SloOut(
        name=burn.slo.name,
        title=burn.slo.title,
        about=burn.slo.about,
        objective=burn.slo.objective,
        good=share,
        left=None if share is None else max(0.0, 1 - (1 - share) / (1 - burn.slo.objective)),
        burn_fast=burn.fast,
        burn_slow=burn.slow,
    )
