"""The table of daily rates."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model

PLACES = 12
"""Digits behind the point that are kept."""


class ExchangeRate(Model):
    """What one unit of the base was worth on one day."""

    __tablename__ = "exchange_rates"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "currency", "day"),
        CheckConstraint("currency ~ '^[A-Z]{3}$' and base ~ '^[A-Z]{3}$' and currency <> base", name="currencies"),
        CheckConstraint("rate > 0", name="rate"),
        CheckConstraint("(removal_id is null) = (removed_at is null)", name="removal"),
        Index(
            "ix_exchange_rates_removal",
            "organization_id",
            "removal_id",
            postgresql_where=text("removal_id is not null"),
        ),
        {"comment": "Daily rates between currencies, put in by people; they serve to show money and change no fact."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    currency: Mapped[str] = mapped_column(comment="The currency (ISO 4217).")
    day: Mapped[date] = mapped_column(comment="The day that the rate is of.")
    base: Mapped[str] = mapped_column(comment="The currency that all rates of an organization are against.")
    rate: Mapped[Decimal] = mapped_column(
        Numeric(26, PLACES), comment="How many units of the currency one unit of the base is worth."
    )
    source: Mapped[str] = mapped_column(comment="Where it comes from, in words.")
    brought_at: Mapped[datetime] = mapped_column(comment="When it was put in.")
    brought_by: Mapped[UUID | None] = mapped_column(comment="Who put it in; empty for an API key.")
    removal_id: Mapped[UUID | None] = mapped_column(
        comment="The removal that took it away; for a day it can be taken back. Empty while the rate counts."
    )
    removed_at: Mapped[datetime | None] = mapped_column(comment="When it was taken away.")
