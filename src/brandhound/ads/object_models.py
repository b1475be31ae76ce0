"""Tables of what an ad account holds: campaigns, ad sets, ads, creatives and every version of a creative.

The identifiers of the platform are text: they are longer than some clients' numbers, and nobody reckons with them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from brandhound.core.db import TenantModel, tenant_args, tenant_key

FORMATS = ("image", "video", "carousel", "flexible", "catalogue", "post", "unknown")


def in_account(*more: SchemaItem | dict[str, str]) -> tuple[SchemaItem | dict[str, str], ...]:
    """`__table_args__` of what an account holds: it goes with its account, and the platform names it once there."""
    return tenant_args(
        tenant_key("account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "account_id", "external_id"),
        *more,
    )


def beside(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to something of the same account; it is emptied when that goes."""
    return ForeignKeyConstraint(
        ["organization_id", "account_id", column],
        [f"{table}.organization_id", f"{table}.account_id", f"{table}.id"],
        ondelete=f"SET NULL ({column})",
    )


def account_and_id() -> UniqueConstraint:
    """The key by which others of the same account refer to it."""
    return UniqueConstraint("organization_id", "account_id", "id")


class AdCampaign(TenantModel):
    """A campaign."""

    __tablename__ = "ad_campaigns"
    __table_args__ = in_account(account_and_id(), {"comment": "Campaigns of ad accounts."})

    account_id: Mapped[UUID] = mapped_column(comment="Whose it is.")
    external_id: Mapped[str] = mapped_column(comment="What the platform calls it.")
    name: Mapped[str] = mapped_column(comment="As its owner named it.")
    objective: Mapped[str | None] = mapped_column(comment="What it is to achieve, such as OUTCOME_SALES.")
    status: Mapped[str | None] = mapped_column(comment="What its owner set.")
    effective_status: Mapped[str | None] = mapped_column(comment="What that comes to, with all that is above it.")
    buying_type: Mapped[str | None] = mapped_column(comment="AUCTION or RESERVED.")
    daily_budget_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="Millionths of the account's currency a day."
    )
    lifetime_budget_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="Millionths of the account's currency in all."
    )
    bid_strategy: Mapped[str | None] = mapped_column(comment="How it bids.")
    started_at: Mapped[datetime | None] = mapped_column(comment="When it begins.")
    stopped_at: Mapped[datetime | None] = mapped_column(comment="When it ends, if it does.")
    updated_time: Mapped[datetime | None] = mapped_column(comment="When the platform says it changed last.")
    seen_at: Mapped[datetime] = mapped_column(comment="When the platform last named it to us.")


class AdSet(TenantModel):
    """A group of ads with one audience, budget and aim."""

    __tablename__ = "ad_sets"
    __table_args__ = in_account(
        account_and_id(), beside("campaign_id", "ad_campaigns"), {"comment": "Ad sets of ad accounts."}
    )

    account_id: Mapped[UUID] = mapped_column(comment="Whose it is.")
    campaign_id: Mapped[UUID | None] = mapped_column(comment="The campaign it belongs to.")
    external_id: Mapped[str] = mapped_column(comment="What the platform calls it.")
    name: Mapped[str] = mapped_column(comment="As its owner named it.")
    status: Mapped[str | None] = mapped_column(comment="What its owner set.")
    effective_status: Mapped[str | None] = mapped_column(comment="What that comes to, with all that is above it.")
    optimization_goal: Mapped[str | None] = mapped_column(comment="What its delivery is tuned for.")
    billing_event: Mapped[str | None] = mapped_column(comment="What is paid for.")
    attribution_spec: Mapped[list[dict[str, Any]] | None] = mapped_column(
        comment="Windows in which what people do is put down to it."
    )
    learning_stage: Mapped[str | None] = mapped_column(comment="LEARNING, SUCCESS or FAIL.")
    daily_budget_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="Millionths of the account's currency a day."
    )
    lifetime_budget_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="Millionths of the account's currency in all."
    )
    bid_strategy: Mapped[str | None] = mapped_column(comment="How it bids.")
    started_at: Mapped[datetime | None] = mapped_column(comment="When it begins.")
    stopped_at: Mapped[datetime | None] = mapped_column(comment="When it ends, if it does.")
    updated_time: Mapped[datetime | None] = mapped_column(comment="When the platform says it changed last.")
    seen_at: Mapped[datetime] = mapped_column(comment="When the platform last named it to us.")


class AdCreative(TenantModel):
    """What an ad shows. What it showed at which time are its versions."""

    __tablename__ = "ad_creatives"
    __table_args__ = in_account(account_and_id(), {"comment": "Creatives of ad accounts."})

    account_id: Mapped[UUID] = mapped_column(comment="Whose it is.")
    external_id: Mapped[str] = mapped_column(comment="What the platform calls it.")
    name: Mapped[str | None] = mapped_column(comment="As its owner named it.")
    version: Mapped[int] = mapped_column(server_default="0", comment="The newest of its versions, counted from 1.")
    content_hash: Mapped[str | None] = mapped_column(comment="Of its newest version.")
    seen_at: Mapped[datetime] = mapped_column(comment="When the platform last named it to us.")


class AdCreativeVersion(TenantModel):
    """A creative as it was from a moment on. Never changed."""

    __tablename__ = "ad_creative_versions"
    __table_args__ = tenant_args(
        tenant_key("creative_id", "ad_creatives", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "creative_id", "number"),
        CheckConstraint(f"format in ({', '.join(map(repr, FORMATS))})", name="format"),
        {"comment": "Every version of every creative."},
    )

    creative_id: Mapped[UUID] = mapped_column(comment="The creative.")
    number: Mapped[int] = mapped_column(comment="Counted from 1.")
    content_hash: Mapped[str] = mapped_column(
        comment="SHA-256 of what it says and shows, without addresses that expire: the same content, the same hash."
    )
    title: Mapped[str | None] = mapped_column(comment="The headline.")
    body: Mapped[str | None] = mapped_column(comment="The text.")
    link: Mapped[str | None] = mapped_column(comment="Where a click leads.")
    cta: Mapped[str | None] = mapped_column(comment="What its button says, such as SHOP_NOW.")
    format: Mapped[str] = mapped_column(comment="What it is made of.")
    spec: Mapped[dict[str, Any]] = mapped_column(comment="All the platform told of it, without addresses that expire.")
    seen_from: Mapped[datetime] = mapped_column(comment="When we first saw it so.")


class Ad(TenantModel):
    """An ad."""

    __tablename__ = "ads"
    __table_args__ = in_account(
        account_and_id(),
        beside("ad_set_id", "ad_sets"),
        beside("campaign_id", "ad_campaigns"),
        beside("creative_id", "ad_creatives"),
        Index("ix_ads_creative", "organization_id", "creative_id"),
        {"comment": "Ads. What they cost and did is in the daily facts."},
    )

    account_id: Mapped[UUID] = mapped_column(comment="Whose it is.")
    ad_set_id: Mapped[UUID | None] = mapped_column(comment="The ad set it belongs to.")
    campaign_id: Mapped[UUID | None] = mapped_column(comment="The campaign it belongs to.")
    creative_id: Mapped[UUID | None] = mapped_column(comment="What it shows now.")
    external_id: Mapped[str] = mapped_column(comment="What the platform calls it.")
    name: Mapped[str] = mapped_column(comment="As its owner named it.")
    status: Mapped[str | None] = mapped_column(comment="What its owner set.")
    effective_status: Mapped[str | None] = mapped_column(comment="What that comes to, with all that is above it.")
    created_time: Mapped[datetime | None] = mapped_column(comment="When it was made, as the platform says.")
    updated_time: Mapped[datetime | None] = mapped_column(comment="When the platform says it changed last.")
    seen_at: Mapped[datetime] = mapped_column(comment="When the platform last named it to us.")
    refused: Mapped[str | None] = mapped_column(comment="Why the platform does not show it to us any more, if so.")


class AdActivity(TenantModel):
    """Somebody changed something in the account: what explains a jump in its figures."""

    __tablename__ = "ad_activities"
    __table_args__ = tenant_args(
        tenant_key("account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "account_id", "content_hash"),
        Index("ix_ad_activities_happened_at", "organization_id", "account_id", "happened_at"),
        {"comment": "What was changed in ad accounts, when and by whom."},
    )

    account_id: Mapped[UUID] = mapped_column(comment="Whose it is.")
    content_hash: Mapped[str] = mapped_column(comment="SHA-256 of what the platform told: it names it by nothing else.")
    happened_at: Mapped[datetime] = mapped_column(comment="When.")
    event_type: Mapped[str] = mapped_column(comment="What, such as update_ad_set_budget.")
    object_external_id: Mapped[str | None] = mapped_column(comment="To what, by the platform's name.")
    object_name: Mapped[str | None] = mapped_column(comment="To what, by its owner's name.")
    actor_name: Mapped[str | None] = mapped_column(comment="Who.")
    extra: Mapped[dict[str, Any]] = mapped_column(
        JSONB(), server_default=text("'{}'"), comment="From what to what, as the platform tells it."
    )
