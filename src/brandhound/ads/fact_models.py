"""Tables of what ads cost and did, by day: keys and numbers only.

A day is one of the account's time zone. Money is in millionths of the account's currency. Empty means that the platform said
nothing of it; zero that it said zero.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, Numeric, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args, tenant_key

SOURCES = ("meta", "file")
_OWNER = "Whose row it is; filled and guarded by the database."


def _of_ad() -> ForeignKeyConstraint:
    """One reference says both whose ad it is and that the account is the ad's own."""
    return ForeignKeyConstraint(
        ["organization_id", "ad_account_id", "ad_id"],
        ["ads.organization_id", "ads.account_id", "ads.id"],
        ondelete="CASCADE",
    )


class AdDailyFact(Model):
    """One ad on one day."""

    __tablename__ = "ad_daily_facts"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_id", "day"),
        _of_ad(),
        CheckConstraint(f"source in ({', '.join(map(repr, SOURCES))})", name="source"),
        # The account's days; an ad's own are found by the primary key.
        Index("ix_ad_daily_facts_account", "organization_id", "ad_account_id", "day"),
        {"comment": "What each ad cost and did on each day."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"), comment=_OWNER
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account, whose zone and currency these are in.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    day: Mapped[date] = mapped_column(comment="The day, in the account's time zone.")
    spend_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What it cost.")
    impressions: Mapped[int | None] = mapped_column(BigInteger, comment="How often it was shown.")
    reach: Mapped[int | None] = mapped_column(
        BigInteger, comment="How many people saw it, of this day alone: never to be added up."
    )
    clicks: Mapped[int | None] = mapped_column(BigInteger, comment="All clicks, on whatever part of it.")
    link_clicks: Mapped[int | None] = mapped_column(BigInteger, comment="Clicks on its link (inline_link_clicks).")
    outbound_clicks: Mapped[int | None] = mapped_column(BigInteger, comment="Clicks that left the platform.")
    plays: Mapped[int | None] = mapped_column(BigInteger, comment="Times its film began, once an impression.")
    views_2s: Mapped[int | None] = mapped_column(BigInteger, comment="Two seconds on end were seen.")
    views_3s: Mapped[int | None] = mapped_column(BigInteger, comment="Three seconds were seen (action video_view).")
    thruplays: Mapped[int | None] = mapped_column(BigInteger, comment="Seen to the end, or 15 seconds.")
    p25: Mapped[int | None] = mapped_column(BigInteger, comment="A quarter was seen.")
    p50: Mapped[int | None] = mapped_column(BigInteger, comment="Half was seen.")
    p75: Mapped[int | None] = mapped_column(BigInteger, comment="Three quarters were seen.")
    p95: Mapped[int | None] = mapped_column(BigInteger, comment="95 % were seen.")
    p100: Mapped[int | None] = mapped_column(BigInteger, comment="All was seen.")
    watch_seconds_avg: Mapped[float | None] = mapped_column(comment="Seconds watched on average; its weight is plays.")
    landing_page_views: Mapped[int | None] = mapped_column(BigInteger, comment="The page behind it was loaded.")
    content_views: Mapped[Decimal | None] = mapped_column(Numeric(20, 6), comment="Contents that were looked at.")
    adds_to_cart: Mapped[Decimal | None] = mapped_column(Numeric(20, 6), comment="Things put into a cart.")
    checkouts: Mapped[Decimal | None] = mapped_column(Numeric(20, 6), comment="Checkouts that were begun.")
    purchases: Mapped[Decimal | None] = mapped_column(
        Numeric(20, 6), comment="Purchases, of one type of action only: the types overlap. Models give fractions."
    )
    leads: Mapped[Decimal | None] = mapped_column(Numeric(20, 6), comment="People who left their address.")
    purchase_value_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What those purchases brought.")
    attribution_setting: Mapped[str | None] = mapped_column(comment="The windows the conversions were counted in.")
    observed_at: Mapped[datetime] = mapped_column(comment="When these numbers were first seen as they are.")
    source: Mapped[str] = mapped_column(comment="Where they come from.")


class AdActionValue(Model):
    """What people did after an ad on one day, by type and in each window of attribution.

    One row for all of it: a row for each type and window is a dozen to thirty for each ad and day, of which keys are most.
    """

    __tablename__ = "ad_action_values"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_id", "day"),
        _of_ad(),
        {"comment": "Actions by type and window of attribution. Types overlap: never to be added up."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"), comment=_OWNER
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    day: Mapped[date] = mapped_column(comment="The day, in the account's time zone.")
    counts: Mapped[dict[str, dict[str, float | None]]] = mapped_column(
        JSONB(),
        comment="How often, by type as the platform calls it, then by window: default is the ad set's own setting; "
        "else one such as 7d_click.",
    )
    worth_micros: Mapped[dict[str, dict[str, int | None]]] = mapped_column(
        JSONB(), comment="What it was worth in millionths, in the same way."
    )


class AdWindowReach(Model):
    """How many people an ad reached over several days, as the platform was asked for just those."""

    __tablename__ = "ad_window_reach"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_id", "since", "until"),
        _of_ad(),
        {"comment": "People reached over windows of days: the only honest frequency."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"), comment=_OWNER
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    since: Mapped[date] = mapped_column(comment="The first day, in the account's time zone.")
    until: Mapped[date] = mapped_column(comment="The last day.")
    impressions: Mapped[int | None] = mapped_column(BigInteger, comment="How often it was shown in all of them.")
    reach: Mapped[int | None] = mapped_column(BigInteger, comment="How many people saw it in all of them.")
    observed_at: Mapped[datetime] = mapped_column(comment="When the platform said so.")


class AdRestatement(TenantModel):
    """A number of a past day that moved: one row for each change of one value."""

    __tablename__ = "ad_restatements"
    __table_args__ = tenant_args(
        _of_ad(),
        Index("ix_ad_restatements_ad", "organization_id", "ad_id", "day"),
        Index("ix_ad_restatements_account", "organization_id", "ad_account_id", "day"),
        {"comment": "How numbers of past days moved."},
    )

    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    day: Mapped[date] = mapped_column(comment="The day whose number moved.")
    metric: Mapped[str] = mapped_column(comment="Which number: a column of the daily facts.")
    attribution_window: Mapped[str] = mapped_column(
        server_default="default", comment="The window it was counted in; default is the ad set's own."
    )
    old: Mapped[Decimal | None] = mapped_column(Numeric(26, 6), comment="What was said before; empty: nothing.")
    new: Mapped[Decimal | None] = mapped_column(Numeric(26, 6), comment="What is said now.")
    observed_at: Mapped[datetime] = mapped_column(comment="When we saw it.")


class AdFigures(Model):
    """How often an account's figures changed."""

    __tablename__ = "ad_figures"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_account_id"),
        tenant_key("ad_account_id", "ad_accounts", ondelete="CASCADE"),
        {"comment": "A number for each account that grows with each change of its figures, or of their sums."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"), comment=_OWNER
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    revision: Mapped[int] = mapped_column(BigInteger, comment="The number.")
    summed: Mapped[int | None] = mapped_column(
        BigInteger, comment="The number at which sums of windows were counted of just these figures."
    )
