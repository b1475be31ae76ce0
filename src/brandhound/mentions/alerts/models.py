"""Tables of alerts on brands, and of what they found."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Integer, Text, text, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import ToneLabel

AlertKind = Literal["spike", "silence", "story"]
Keenness = Literal["calm", "usual", "keen"]
Severity = Literal["info", "warning", "critical"]


class BrandAlert(TenantModel):
    """What people want to be told of a brand by itself."""

    __tablename__ = "brand_alerts"
    __table_args__ = tenant_args(
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        CheckConstraint("kind in ('spike', 'silence', 'story')", name="kind"),
        CheckConstraint("keenness in ('calm', 'usual', 'keen')", name="keenness"),
        CheckConstraint("least_stories between 2 and 1000", name="least_stories"),
        CheckConstraint("hours between 24 and 720", name="hours"),
        CheckConstraint("least_outlets between 1 and 100", name="least_outlets"),
        CheckConstraint("within_hours between 1 and 720", name="within_hours"),
        Index(None, "organization_id", "brand_id"),
        {"comment": "Alerts on brands: spikes, silences and stories that spread, of which people are told."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    kind: Mapped[AlertKind] = mapped_column(Text, comment="spike, silence or story.")
    title: Mapped[str] = mapped_column(comment="What a person calls it.")
    keenness: Mapped[Keenness] = mapped_column(Text, comment="How rare a count must be: calm, usual or keen.")
    least_stories: Mapped[int] = mapped_column(
        Integer, server_default=text("4"), comment="A spike has at least so many stories."
    )
    hours: Mapped[int] = mapped_column(Integer, server_default=text("48"), comment="A silence lasts at least so long.")
    least_outlets: Mapped[int] = mapped_column(
        Integer, server_default=text("3"), comment="A story that spreads is in at least so many outlets."
    )
    within_hours: Mapped[int] = mapped_column(
        Integer, server_default=text("24"), comment="It is in them within so many hours."
    )
    said: Mapped[str] = mapped_column(
        Text, server_default=text("''"), comment="The sentence that it was asked for with, if it was."
    )
    tones: Mapped[list[ToneLabel]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="Only stories with one of these tones; empty: all."
    )
    words: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'"),
        comment="Only stories with one of these words in their titles, folded.",
    )
    enabled: Mapped[bool] = mapped_column(server_default=true(), comment="Whether it is looked at.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was made.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it.")
    checked_at: Mapped[datetime | None] = mapped_column(comment="When it was last looked at.")


class BrandIncident(TenantModel):
    """One spike, one silence or one story that spreads, told once for as long as it lasts."""

    __tablename__ = "brand_incidents"
    __table_args__ = tenant_args(
        tenant_key("alert_id", "brand_alerts", ondelete="CASCADE"),
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        CheckConstraint("severity in ('info', 'warning', 'critical')", name="severity"),
        Index(
            "ix_brand_incidents_once",
            "organization_id",
            "alert_id",
            "brand_id",
            "kind",
            "opened_at",
            "story_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "organization_id", "opened_at", "id"),
        Index(None, "organization_id", "brand_id"),
        {"comment": "Spikes, silences and stories that spread, as alerts found them."},
    )

    alert_id: Mapped[UUID] = mapped_column(comment="The alert that found it.")
    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    kind: Mapped[AlertKind] = mapped_column(Text, comment="spike, silence or story.")
    story_id: Mapped[UUID | None] = mapped_column(comment="The story that spreads; empty for the others.")
    opened_at: Mapped[datetime] = mapped_column(comment="End of the hour after which it could be known.")
    closed_at: Mapped[datetime | None] = mapped_column(comment="When it was over; empty while it lasts.")
    window_hours: Mapped[int] = mapped_column(Integer, comment="Hours that were counted together.")
    stories: Mapped[int] = mapped_column(Integer, comment="Stories in them.")
    expected: Mapped[float] = mapped_column(Float, comment="Stories that are usual in them.")
    probability: Mapped[float] = mapped_column(Float, comment="How often chance alone would do that.")
    severity: Mapped[Severity] = mapped_column(Text, comment="How much it matters.")
    why: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="What it consists of: stories, outlets, tones, and what else speaks for a cause."
    )
    found_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was found.")
