"""Alert rules."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class AlertRuleOut(BaseModel):
    """A rule, and how it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    shipped: str | None
    title: str
    what_to_do: str
    metric: str
    label: str | None
    group_id: UUID | None
    comparison: Literal["above", "below"]
    threshold: float
    window_minutes: int
    severity: Literal["info", "warning", "critical"]
    channel: str
    enabled: bool
    silenced_until: datetime | None
    firing_since: datetime | None
    last_value: float | None
    last_label: str | None
    checked_at: datetime | None


class AlertEventOut(BaseModel):
    """A time that a rule told somebody."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    settled_at: datetime | None
    value: float
    label: str
    told: int
    test: bool


class AlertRuleDetail(AlertRuleOut):
    """A rule with its last times."""

    events: list[AlertEventOut]


class NewAlertRule(BaseModel):
    """When operators are to be told."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    what_to_do: str = Field("", max_length=1000)
    metric: str = Field(max_length=100, description="A metric, or errors, or regressions.")
    label: str | None = Field(None, max_length=100)
    group_id: UUID | None = None
    comparison: Literal["above", "below"] = "above"
    threshold: float
    window_minutes: int = Field(5, ge=1, le=1440)
    severity: Literal["info", "warning", "critical"] = "warning"
    channel: str = Field("preferences", max_length=60, description="preferences, or a channel that is told as well.")


class AlertRuleChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, min_length=1, max_length=200)
    what_to_do: str | None = Field(None, max_length=1000)
    comparison: Literal["above", "below"] | None = None
    threshold: float | None = None
    window_minutes: int | None = Field(None, ge=1, le=1440)
    severity: Literal["info", "warning", "critical"] | None = None
    channel: str | None = Field(None, max_length=60)
    enabled: bool | None = None


class Silence(BaseModel):
    """For how long nobody is to be told."""

    minutes: int = Field(ge=5, le=60 * 24 * 30)


class TestOfRule(BaseModel):
    """How many operators were told."""

    told: int
