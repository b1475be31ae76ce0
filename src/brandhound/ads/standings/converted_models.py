"""Tables of sums with money in another currency, kept so that nobody waits while days are converted and added up.

All of it can be counted anew at any time. `AdConvertedAccount` says from what it was counted: sums that rest on other figures or
rates than there are now are never shown.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, tenant_key

_OWNER = "Whose row it is; filled and guarded by the database."


class AdConvertedSums(Model):
    """What one ad cost and did in the last days of its account, with money in one currency.

    Where days have no rate, all of it is of the other days.
    """

    __tablename__ = "ad_converted_sums"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_id", "window_days", "currency"),
        ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        Index("ix_ad_converted_sums_shown", "organization_id", "currency", "window_days", "ad_account_id"),
        {"comment": "Sums of ads with each day's money by that day's rate, in currencies that were asked for."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"), comment=_OWNER
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    window_days: Mapped[int] = mapped_column(comment="Of how many days.")
    currency: Mapped[str] = mapped_column(comment="The currency that money is in.")
    days_without_rate: Mapped[int] = mapped_column(comment="On how many days without a rate it was shown.")
    spend_micros: Mapped[float | None] = mapped_column(comment="What it cost, in millionths.")
    impressions: Mapped[float | None] = mapped_column(comment="How often it was shown.")
    reach: Mapped[float | None] = mapped_column(
        comment="People reached in all of the days; empty where some are left out."
    )
    clicks: Mapped[float | None] = mapped_column(comment="All clicks.")
    link_clicks: Mapped[float | None] = mapped_column(comment="Clicks on its link.")
    outbound_clicks: Mapped[float | None] = mapped_column(comment="Clicks that left the platform.")
    plays: Mapped[float | None] = mapped_column(comment="Times its film began.")
    views_2s: Mapped[float | None] = mapped_column(comment="Two seconds on end were seen.")
    views_3s: Mapped[float | None] = mapped_column(comment="Three seconds were seen.")
    thruplays: Mapped[float | None] = mapped_column(comment="Seen to the end, or 15 seconds.")
    p25: Mapped[float | None] = mapped_column(comment="A quarter was seen.")
    p50: Mapped[float | None] = mapped_column(comment="Half was seen.")
    p75: Mapped[float | None] = mapped_column(comment="Three quarters were seen.")
    p95: Mapped[float | None] = mapped_column(comment="95 % were seen.")
    p100: Mapped[float | None] = mapped_column(comment="All was seen.")
    watch_seconds: Mapped[float | None] = mapped_column(comment="Seconds watched of all plays.")
    landing_page_views: Mapped[float | None] = mapped_column(comment="The page behind it was loaded.")
    content_views: Mapped[float | None] = mapped_column(comment="Contents that were looked at.")
    adds_to_cart: Mapped[float | None] = mapped_column(comment="Things put into a cart.")
    checkouts: Mapped[float | None] = mapped_column(comment="Checkouts that were begun.")
    purchases: Mapped[float | None] = mapped_column(comment="Purchases.")
    leads: Mapped[float | None] = mapped_column(comment="People who left their address.")
    purchase_value_micros: Mapped[float | None] = mapped_column(comment="What those purchases brought, in millionths.")


class AdConvertedAccount(Model):
    """From what an account's converted sums were counted."""

    __tablename__ = "ad_converted_accounts"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_account_id", "window_days", "currency"),
        tenant_key("ad_account_id", "ad_accounts", ondelete="CASCADE"),
        {"comment": "From which figures and rates the converted sums of each account were counted."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"), comment=_OWNER
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    window_days: Mapped[int] = mapped_column(comment="Of how many days.")
    currency: Mapped[str] = mapped_column(comment="The currency that money is in.")
    revision: Mapped[int] = mapped_column(BigInteger, comment="The revision of the account's figures.")
    digest: Mapped[str] = mapped_column(comment="Of the days and of what money of each of them was multiplied by.")
    left_out: Mapped[dict[str, Any]] = mapped_column(
        JSONB(), comment="By day without a rate on which something was paid: how much, in the account's own currency."
    )
    asked_on: Mapped[date] = mapped_column(comment="The last day on which somebody asked for it.")
    counted_at: Mapped[datetime] = mapped_column(comment="When it was counted.")
