"""Figures over time."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SeriesOut(BaseModel):
    """One line of a chart: spans of time, and the mean and the greatest value of each."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    label: str
    at: list[int] = Field(description="Beginnings of the spans, in Unix seconds.")
    value: list[float]
    most: list[float]


class ChartOut(BaseModel):
    """A chart: what it shows, in which unit, and its lines."""

    key: str
    title: str
    unit: Literal["count", "seconds", "bytes", "share"]
    about: str
    series: list[SeriesOut]


class SloOut(BaseModel):
    """A promise, how it is kept, and how fast its allowance is being used up."""

    name: str
    title: str
    about: str
    objective: float
    good: float | None = Field(description="Share that was as promised in the last 30 days; empty without events.")
    left: float | None = Field(description="Part of the 30 days' allowance that is left.")
    burn_fast: float
    burn_slow: float


class MetricsOut(BaseModel):
    """Charts and promises over a span of time."""

    since: datetime
    until: datetime
    slos: list[SloOut]
    charts: list[ChartOut]


class MetricName(BaseModel):
    """A metric that a rule can look at, and its series."""

    name: str
    about: str
    labels: list[str]
