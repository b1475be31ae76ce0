"""Tables of how ads stand. All but people's own views and metrics can be counted anew from the daily facts at any time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args, tenant_key

WINDOWS = (7, 14, 28, 90)
JUDGED = 28
"""Verdicts are of so many days."""
SHOWN = ("number", "percent", "times", "money", "seconds")
DIRECTIONS = ("up", "down", "none")
HEALTHS = ("healthy", "warning", "critical", "unjudged", "insufficient")


def _of_ad() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", "ad_account_id", "ad_id"],
        ["ads.organization_id", "ads.account_id", "ads.id"],
        ondelete="CASCADE",
    )


class AdWindowSums(Model):
    """What one ad cost and did in the last days of its account."""

    __tablename__ = "ad_window_sums"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_id", "window_days"),
        _of_ad(),
        CheckConstraint(f"window_days in ({', '.join(map(str, WINDOWS))})", name="window_days"),
        Index("ix_ad_window_sums_account", "organization_id", "ad_account_id", "window_days"),
        {"comment": "Sums of the daily facts over the last days of each account, counted after each sync."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    window_days: Mapped[int] = mapped_column(comment="Of how many days.")
    since: Mapped[date] = mapped_column(comment="The first of them, in the account's time zone.")
    until: Mapped[date] = mapped_column(comment="The last.")
    days: Mapped[int] = mapped_column(comment="On how many of them it was shown.")
    last_on: Mapped[date | None] = mapped_column(comment="The last of those on which it was shown.")
    spend_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What it cost.")
    impressions: Mapped[int | None] = mapped_column(BigInteger, comment="How often it was shown.")
    clicks: Mapped[int | None] = mapped_column(BigInteger, comment="All clicks.")
    link_clicks: Mapped[int | None] = mapped_column(BigInteger, comment="Clicks on its link.")
    outbound_clicks: Mapped[int | None] = mapped_column(BigInteger, comment="Clicks that left the platform.")
    plays: Mapped[int | None] = mapped_column(BigInteger, comment="Times its film began.")
    views_2s: Mapped[int | None] = mapped_column(BigInteger, comment="Two seconds on end were seen.")
    views_3s: Mapped[int | None] = mapped_column(BigInteger, comment="Three seconds were seen.")
    thruplays: Mapped[int | None] = mapped_column(BigInteger, comment="Seen to the end, or 15 seconds.")
    p25: Mapped[int | None] = mapped_column(BigInteger, comment="A quarter was seen.")
    p50: Mapped[int | None] = mapped_column(BigInteger, comment="Half was seen.")
    p75: Mapped[int | None] = mapped_column(BigInteger, comment="Three quarters were seen.")
    p95: Mapped[int | None] = mapped_column(BigInteger, comment="95 % were seen.")
    p100: Mapped[int | None] = mapped_column(BigInteger, comment="All was seen.")
    watch_seconds: Mapped[float | None] = mapped_column(comment="Seconds watched of all plays.")
    landing_page_views: Mapped[int | None] = mapped_column(BigInteger, comment="The page behind it was loaded.")
    content_views: Mapped[float | None] = mapped_column(comment="Contents that were looked at.")
    adds_to_cart: Mapped[float | None] = mapped_column(comment="Things put into a cart.")
    checkouts: Mapped[float | None] = mapped_column(comment="Checkouts that were begun.")
    purchases: Mapped[float | None] = mapped_column(
        comment="Purchases; zero, not empty, where the account counts purchases and the ad had none."
    )
    leads: Mapped[float | None] = mapped_column(comment="People who left their address.")
    purchase_value_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What those purchases brought.")
    reach: Mapped[int | None] = mapped_column(
        BigInteger, comment="People reached in these very days, as the platform was asked; never a sum."
    )
    reach_low: Mapped[int | None] = mapped_column(BigInteger, comment="At least: the largest of its days.")
    reach_high: Mapped[int | None] = mapped_column(BigInteger, comment="At most: its days together.")


class AdVerdict(Model):
    """What is said of one ad."""

    __tablename__ = "ad_verdicts"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_id"),
        _of_ad(),
        CheckConstraint(f"health in ({', '.join(map(repr, HEALTHS))})", name="health"),
        Index("ix_ad_verdicts_account", "organization_id", "ad_account_id"),
        {"comment": "What is said of each ad, with the numbers it was said from."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ad_id: Mapped[UUID] = mapped_column(comment="The ad.")
    since: Mapped[date] = mapped_column(comment="The first day that was looked at.")
    until: Mapped[date] = mapped_column(comment="The last.")
    health: Mapped[str] = mapped_column(
        comment="The worst that is said, or why nothing is: its page or the tracking did not let it, or too little was seen."
    )
    lacks: Mapped[list[str]] = mapped_column(comment="Of what there was too little.")
    rules: Mapped[list[str]] = mapped_column(comment="Codes of what is said.")
    diagnoses: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="What is said: rule, confidence, evidence, what else may explain it, and since which day."
    )
    unsaid: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="By rule that could not be looked at: of what there was too little."
    )
    estimates: Mapped[dict[str, Any]] = mapped_column(
        comment="By metric: what it truly is likely to be, with what half and nine tenths of the doubt lie between."
    )
    more_spend_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="About so much more would tell what a purchase costs."
    )
    judged_at: Mapped[datetime] = mapped_column(comment="When.")


class AdBaseline(Model):
    """What is usual in an account."""

    __tablename__ = "ad_baselines"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "ad_account_id"),
        tenant_key("ad_account_id", "ad_accounts", ondelete="CASCADE"),
        {"comment": "What is usual in each account, by cohort and metric."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    since: Mapped[date] = mapped_column(comment="The first day that was looked at.")
    until: Mapped[date] = mapped_column(comment="The last.")
    baselines: Mapped[dict[str, Any]] = mapped_column(
        comment="By cohort (all, or a format) and metric: quartiles, how many ads, and what it lacks."
    )
    facts: Mapped[dict[str, Any]] = mapped_column(
        comment="What else verdicts rest on (the bar of a cost, how late purchases come), and what the last day tells."
    )
    judged_at: Mapped[datetime] = mapped_column(comment="When.")


class AdAim(TenantModel):
    """What people want of an account."""

    __tablename__ = "ad_aims"
    __table_args__ = tenant_args(
        tenant_key("ad_account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "ad_account_id"),
        CheckConstraint("target_cost_micros > 0", name="target"),
        {"comment": "What a purchase may cost in an account, and how its ads are named."},
    )

    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    target_cost_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What a purchase may cost.")
    naming: Mapped[str | None] = mapped_column(
        comment="The pattern of names, such as {product}_{angle}_{format}_{date}."
    )
    changed_at: Mapped[datetime] = mapped_column(comment="When it was said last.")


class AdMetric(TenantModel):
    """A metric that somebody made up."""

    __tablename__ = "ad_metrics"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "name"),
        CheckConstraint(f"shown in ({', '.join(map(repr, SHOWN))})", name="shown"),
        CheckConstraint(f"direction in ({', '.join(map(repr, DIRECTIONS))})", name="direction"),
        {"comment": "Metrics of the organization's own."},
    )

    name: Mapped[str] = mapped_column(comment="As views and addresses say it.")
    title: Mapped[str] = mapped_column(comment="As the head of a column says it.")
    formula: Mapped[str] = mapped_column(comment="In the language of formulas.")
    shown: Mapped[str] = mapped_column(comment="As what it is shown.")
    direction: Mapped[str] = mapped_column(comment="Which way is better.")
    summable: Mapped[bool] = mapped_column(comment="Whether values of several ads may be added up.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it; empty for an API key.")
    created_at: Mapped[datetime] = mapped_column(comment="When.")


class AdView(TenantModel):
    """A way to look at ads, under a name."""

    __tablename__ = "ad_views"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "name"),
        {"comment": "Saved views of the screen Ads, for all of the organization."},
    )

    name: Mapped[str] = mapped_column(comment="Its name.")
    query: Mapped[dict[str, Any]] = mapped_column(
        comment="Filters, order and columns, as the address of the screen has them."
    )
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it; empty for an API key.")
    created_at: Mapped[datetime] = mapped_column(comment="When.")
