"""Tables of how far an account was synced, and of the answers as they came, for replay."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import TenantModel, tenant_args, tenant_key


class AdSync(TenantModel):
    """How far an account is synced. One row for each account."""

    __tablename__ = "ad_syncs"
    __table_args__ = tenant_args(
        tenant_key("account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "account_id"),
        {"comment": "High-water marks of syncs."},
    )

    account_id: Mapped[UUID] = mapped_column(comment="The account.")
    ads_updated_until: Mapped[datetime | None] = mapped_column(
        comment="The latest change of an ad that we know: the next sync asks for later ones."
    )
    activities_until: Mapped[datetime | None] = mapped_column(comment="The latest change of the account that we know.")
    facts_since: Mapped[date | None] = mapped_column(comment="The first day whose facts are here.")
    facts_until: Mapped[date | None] = mapped_column(comment="The last day whose facts are here.")
    read_back: Mapped[dict[str, str]] = mapped_column(
        JSONB(),
        server_default=text("'{}'"),
        comment="When each stretch of days, by how many they are back from today, was last read to its end.",
    )
    left_days: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB(),
        server_default=text("'[]'"),
        comment="Days that were left for later: which, why, and when they are tried again.",
    )
    last_started_at: Mapped[datetime | None] = mapped_column(comment="When a sync was begun last.")
    last_ok_at: Mapped[datetime | None] = mapped_column(comment="When one ended well last.")
    last_run_id: Mapped[UUID | None] = mapped_column(comment="The run that was begun last.")
    error_code: Mapped[str | None] = mapped_column(comment="What went wrong in it; empty when nothing did.")
    error_detail: Mapped[str | None] = mapped_column(comment="That in words, without secrets.")
    api_version: Mapped[str | None] = mapped_column(
        comment="The version of its interface that the platform answered in."
    )
    unknown_fields: Mapped[dict[str, Any]] = mapped_column(
        JSONB(),
        server_default=text("'{}'"),
        comment="Fields the platform told that we do not know, and when first; kept in the raw answers.",
    )


class AdAccountDay(TenantModel):
    """What the platform says of a whole account on one day: what the sum of our ads is held against."""

    __tablename__ = "ad_account_days"
    __table_args__ = tenant_args(
        tenant_key("account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "account_id", "day"),
        {"comment": "The platform's own totals of accounts by day."},
    )

    account_id: Mapped[UUID] = mapped_column(comment="The account.")
    day: Mapped[date] = mapped_column(comment="The day, in the account's time zone.")
    spend_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What it cost.")
    impressions: Mapped[int | None] = mapped_column(BigInteger, comment="How often ads were shown.")
    clicks: Mapped[int | None] = mapped_column(BigInteger, comment="All clicks.")
    link_clicks: Mapped[int | None] = mapped_column(BigInteger, comment="Clicks on links.")
    purchases: Mapped[Decimal | None] = mapped_column(Numeric(20, 6), comment="Purchases, of one type of action.")
    purchase_value_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What those purchases brought.")
    observed_at: Mapped[datetime] = mapped_column(comment="When the platform said so.")


class AdRawPage(TenantModel):
    """One answer of the platform as it came, among the stored files."""

    __tablename__ = "ad_raw_pages"
    __table_args__ = tenant_args(
        tenant_key("account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "account_id", "kind", "sha256"),
        Index("ix_ad_raw_pages_fetched_at", "organization_id", "account_id", "fetched_at"),
        Index("ix_ad_raw_pages_last_at", "last_at"),
        Index("ix_ad_raw_pages_sha256", "sha256"),
        {"comment": "Answers of ad platforms as they came, for replay."},
    )

    account_id: Mapped[UUID] = mapped_column(comment="Whose they are.")
    kind: Mapped[str] = mapped_column(comment="What was asked for, such as insights.")
    sha256: Mapped[str] = mapped_column(comment="The answer, packed with gzip, among the stored files.")
    asked: Mapped[dict[str, Any]] = mapped_column(comment="What was asked, without any secret.")
    rows: Mapped[int] = mapped_column(comment="How many things it tells of.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that first got it.")
    fetched_at: Mapped[datetime] = mapped_column(comment="When it first came.")
    last_at: Mapped[datetime] = mapped_column(comment="When the same bytes came last.")
