"""Tables of what is known about outside services: breakers, counts, limits, and who waits for them.

The service is a provider, a key and a model. What is known of it belongs to nobody, and is shared by all processes; who
is calling or waiting belongs to an organization.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args
from brandhound.core.ids import uuid7


class Breaker(Model):
    """One service, and whether it is called at the moment."""

    __tablename__ = "provider_breakers"
    __table_args__ = (
        UniqueConstraint("provider", "key_fingerprint", "model"),
        CheckConstraint("state in ('closed', 'open', 'half_open')", name="state"),
        Index("ix_provider_breakers_open", "provider", postgresql_where=text("state <> 'closed'")),
        {"comment": "Outside services (provider, key, model), and whether they are called at the moment."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    provider: Mapped[str] = mapped_column(comment="Whose service it is, such as openai.")
    key_fingerprint: Mapped[str] = mapped_column(comment="Keyed hash of the key; empty where none is needed.")
    model: Mapped[str] = mapped_column(comment="Which model or endpoint; empty where there is only one.")
    state: Mapped[str] = mapped_column(
        server_default="closed", comment="closed (called), open (left alone), half_open (one call tries)."
    )
    failure_class: Mapped[str | None] = mapped_column(comment="Class of the failure that opened it.")
    failure_code: Mapped[str | None] = mapped_column(comment="The provider's own word for that failure.")
    reason: Mapped[str | None] = mapped_column(comment="Why it is open, for people.")
    what_to_do: Mapped[str | None] = mapped_column(comment="What a person can do about it.")
    message: Mapped[str | None] = mapped_column(comment="What the provider said, shortened and without secrets.")
    opened_at: Mapped[datetime | None] = mapped_column(comment="When it was opened last.")
    open_until: Mapped[datetime | None] = mapped_column(
        comment="When one call may try; empty while open means that a person has to say so."
    )
    resets_at: Mapped[datetime | None] = mapped_column(comment="When the quota that is used up begins anew.")
    openings: Mapped[int] = mapped_column(
        server_default="0", comment="Openings in a row, each of them longer than the one before."
    )
    probe_id: Mapped[UUID | None] = mapped_column(comment="The call that tries.")
    probe_until: Mapped[datetime | None] = mapped_column(comment="When another may try if that one is never heard of.")
    counted_from: Mapped[datetime | None] = mapped_column(comment="Failures before this do not open it again.")
    left_alone_until: Mapped[datetime | None] = mapped_column(comment="It asked to be left alone until then.")
    slowed_until: Mapped[datetime | None] = mapped_column(comment="Fewer calls at the same time until then.")
    slowed_to: Mapped[int | None] = mapped_column(comment="How many.")
    changed_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When its state last changed.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was first called.")


class Tally(Model):
    """Calls of five seconds."""

    __tablename__ = "provider_tallies"
    __table_args__ = (
        PrimaryKeyConstraint("breaker_id", "slot"),
        Index(None, "slot"),
        {"comment": "Calls of services in slots of five seconds, written in batches, kept for an hour."},
    )

    breaker_id: Mapped[UUID] = mapped_column(
        ForeignKey("provider_breakers.id", ondelete="CASCADE"), comment="The service."
    )
    slot: Mapped[datetime] = mapped_column(comment="Beginning of the five seconds.")
    calls: Mapped[int] = mapped_column(server_default="0", comment="Calls that ended in them.")
    failures: Mapped[int] = mapped_column(server_default="0", comment="Those that speak against the service.")


class Retry(Model):
    """Calls that were made again, by provider and minute."""

    __tablename__ = "provider_retries"
    __table_args__ = (
        PrimaryKeyConstraint("provider", "slot"),
        {"comment": "Calls that were tried again, in slots of a minute, kept for an hour."},
    )

    provider: Mapped[str] = mapped_column(comment="Whose service it is.")
    slot: Mapped[datetime] = mapped_column(comment="Beginning of the minute.")
    retries: Mapped[int] = mapped_column(server_default="0", comment="How many.")
    refused: Mapped[int] = mapped_column(server_default="0", comment="How many more the budget did not allow.")


class Limit(Model):
    """How much of something a service allows."""

    __tablename__ = "provider_limits"
    __table_args__ = (
        UniqueConstraint("breaker_id", "metric", "window_seconds"),
        CheckConstraint("metric in ('requests', 'tokens', 'concurrency')", name="metric"),
        CheckConstraint("most >= 0", name="most"),
        CheckConstraint("window_seconds >= 0", name="window_seconds"),
        CheckConstraint("source in ('default', 'headers', 'setting')", name="source"),
        {"comment": "What services allow, and what was used of it: shared by all processes."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    breaker_id: Mapped[UUID] = mapped_column(
        ForeignKey("provider_breakers.id", ondelete="CASCADE"), comment="The service."
    )
    metric: Mapped[str] = mapped_column(comment="requests, tokens, or concurrency (calls at the same time).")
    most: Mapped[int] = mapped_column(BigInteger, comment="How much is allowed in a window.")
    window_seconds: Mapped[float] = mapped_column(comment="Length of the window; 0 for concurrency.")
    source: Mapped[str] = mapped_column(server_default="default", comment="default, headers (it said so), setting.")
    spent: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="What was granted, by the number of the sixtieth of the window."
    )
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was last changed.")


class ProviderRules(Model):
    """What operators set for a provider, in the place of what is known beforehand."""

    __tablename__ = "provider_rules"
    __table_args__ = (
        CheckConstraint("requests_a_minute > 0", name="requests_a_minute"),
        CheckConstraint("requests_a_day > 0", name="requests_a_day"),
        CheckConstraint("calls_at_once > 0", name="calls_at_once"),
        CheckConstraint("retry_share between 0 and 1", name="retry_share"),
        CheckConstraint("retries_at_least >= 0", name="retries_at_least"),
        {"comment": "What operators allow of providers: limits for each key and model, and the budget of retries."},
    )

    provider: Mapped[str] = mapped_column(primary_key=True, comment="Whose service it is, such as openai.")
    requests_a_minute: Mapped[int | None] = mapped_column(comment="Of each key and model; empty: not set.")
    requests_a_day: Mapped[int | None] = mapped_column(comment="Of each key and model; empty: not set.")
    calls_at_once: Mapped[int | None] = mapped_column(
        comment="Calls at the same time of each key and model; empty: not set."
    )
    retry_share: Mapped[float | None] = mapped_column(
        comment="Which part of its calls may be calls made again; empty: a tenth."
    )
    retries_at_least: Mapped[int | None] = mapped_column(
        comment="Calls made again in ten minutes that are allowed in any case; empty: five."
    )
    changed_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was set last.")


class Call(TenantModel):
    """A call that is made, or that waits for its turn."""

    __tablename__ = "provider_calls"
    __table_args__ = tenant_args(
        Index(None, "breaker_id"),
        {"comment": "Calls of services that are under way or wait for their turn."},
    )

    breaker_id: Mapped[UUID] = mapped_column(
        ForeignKey("provider_breakers.id", ondelete="CASCADE"), comment="The service."
    )
    amounts: Mapped[dict[str, Any]] = mapped_column(comment="What it needs of each limit.")
    asked_at: Mapped[datetime] = mapped_column(comment="When it asked for its turn.")
    heard_at: Mapped[datetime] = mapped_column(comment="When it last said that it still waits.")
    granted_at: Mapped[datetime | None] = mapped_column(comment="When it had its turn; empty while it waits.")
    lease_until: Mapped[datetime | None] = mapped_column(comment="When it is taken for lost.")


class Share(Model):
    """What an organization had of a service lately."""

    __tablename__ = "provider_shares"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "breaker_id"),
        {"comment": "What organizations had of services lately: who had least comes first."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    breaker_id: Mapped[UUID] = mapped_column(
        ForeignKey("provider_breakers.id", ondelete="CASCADE"), comment="The service."
    )
    served: Mapped[float] = mapped_column(server_default="0", comment="Calls, halved with every minute that passes.")
    served_at: Mapped[datetime] = mapped_column(comment="When it was last reckoned.")
