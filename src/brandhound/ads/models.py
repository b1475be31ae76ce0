"""Ad accounts, what ties them to brands, and logins at Meta that are under way."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import Model, TenantModel, tenant_args, tenant_key
from brandhound.core.ids import uuid7

Platform = Literal["meta", "file"]
AuthMethod = Literal["system_user", "oauth", "file"]
LinkState = Literal["connected", "needs_you", "revoked", "disconnected"]


class AdAccount(TenantModel):
    """An account that ads are paid from. Its numbers stay when a connection ends."""

    __tablename__ = "ad_accounts"
    __table_args__ = tenant_args(
        CheckConstraint("platform in ('meta', 'file')", name="platform"),
        UniqueConstraint("organization_id", "platform", "external_id"),
        {"comment": "Accounts that ads are paid from."},
    )

    platform: Mapped[Platform] = mapped_column(Text, comment="Where it lives: meta, or file for imported tables.")
    external_id: Mapped[str] = mapped_column(comment="The platform's own name for it, such as act_123.")
    name: Mapped[str] = mapped_column(comment="What its people call it.")
    currency: Mapped[str] = mapped_column(comment="ISO 4217; all its money is in it, and it never changes.")
    time_zone: Mapped[str] = mapped_column(comment="IANA; its days begin at midnight there.")
    account_status: Mapped[int | None] = mapped_column(comment="Meta's number for its standing: 1 is active.")
    disable_reason: Mapped[int | None] = mapped_column(comment="Meta's number for why it is disabled.")
    business_id: Mapped[str | None] = mapped_column(comment="The business at Meta that owns it.")
    business_name: Mapped[str | None] = mapped_column(comment="What that business is called.")
    checked_at: Mapped[datetime | None] = mapped_column(comment="When the platform last told all this.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it became known here.")


class BrandAdAccount(TenantModel):
    """An ad account in the service of a brand, with the right to read it."""

    __tablename__ = "brand_ad_accounts"
    __table_args__ = tenant_args(
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        tenant_key("ad_account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "brand_id", "ad_account_id"),
        CheckConstraint("auth_method in ('system_user', 'oauth', 'file')", name="auth_method"),
        CheckConstraint("state in ('connected', 'needs_you', 'revoked', 'disconnected')", name="state"),
        CheckConstraint("(access_token is null) = (token_key_id is null)", name="token"),
        CheckConstraint("state not in ('revoked', 'disconnected') or access_token is null", name="no_token"),
        Index("ix_brand_ad_accounts_ad_account_id", "organization_id", "ad_account_id"),
        Index(
            "ix_brand_ad_accounts_primary",
            "organization_id",
            "brand_id",
            unique=True,
            postgresql_where=text("is_primary"),
        ),
        Index("ix_brand_ad_accounts_subject_id", "subject_id"),
        {"comment": "Ad accounts of brands, and the rights to read them."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    ad_account_id: Mapped[UUID] = mapped_column(comment="The account.")
    is_primary: Mapped[bool] = mapped_column(server_default=false(), comment="The brand's first account; one each.")
    access_token: Mapped[str | None] = mapped_column(
        comment="The brand's own token, sealed. Empty: the installation's system user, where that is allowed."
    )
    token_key_id: Mapped[str | None] = mapped_column(comment="Which of our keys sealed it.")
    token_fingerprint: Mapped[str | None] = mapped_column(
        comment="What stands for the token: accounts with the same one are renewed together."
    )
    token_expires_at: Mapped[datetime | None] = mapped_column(comment="When the token ends; empty: it does not.")
    token_issued_at: Mapped[datetime | None] = mapped_column(comment="When we were given it.")
    refresh_token: Mapped[str | None] = mapped_column(
        comment="Always empty: Meta knows no such thing, a token is exchanged for a new one while it is still valid."
    )
    auth_method: Mapped[AuthMethod] = mapped_column(
        Text, server_default="system_user", comment="system_user, oauth for a person's login, or file."
    )
    data_access_expires_at: Mapped[datetime | None] = mapped_column(
        comment="From when on the token reads nothing although it is valid: the person must log in again."
    )
    scopes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="The permissions that were given.")
    granular: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'"), comment="For which things each permission was given, as Meta says it."
    )
    app_id: Mapped[str | None] = mapped_column(comment="The application at Meta that the token was made for.")
    subject_id: Mapped[str | None] = mapped_column(comment="Meta's number for the person or system user.")
    subject_name: Mapped[str | None] = mapped_column(comment="What that person or system user is called.")
    tasks: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="What they may do in the account.")
    state: Mapped[LinkState] = mapped_column(
        Text, server_default="connected", comment="connected, needs_you, revoked or disconnected."
    )
    state_reason: Mapped[str | None] = mapped_column(comment="Why it is not connected, in one word.")
    state_since: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="Since when it stands so.")
    renew_at: Mapped[datetime | None] = mapped_column(comment="When the token is next exchanged for a new one.")
    reminded_days: Mapped[int | None] = mapped_column(
        comment="Days before the end of which people were told last; empty once it is renewed."
    )
    checked_at: Mapped[datetime | None] = mapped_column(comment="When it was last seen to work.")
    connected_by: Mapped[UUID | None] = mapped_column(comment="Who connected it; empty for an API key.")
    connected_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was connected last.")


class AdConnectLink(TenantModel):
    """A link by which a client, who has no account here, connects their ad accounts with one brand, once."""

    __tablename__ = "ad_connect_links"
    __table_args__ = tenant_args(
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "token_hash"),
        Index("ix_ad_connect_links_token_hash", "token_hash"),
        Index("ix_ad_connect_links_brand_id", "organization_id", "brand_id"),
        Index("ix_ad_connect_links_subject_id", "subject_id"),
        {"comment": "Links by which clients connect their ad accounts, each once."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The one brand that it serves.")
    label: Mapped[str] = mapped_column(server_default="", comment="For whom it is, in words.")
    token_hash: Mapped[str] = mapped_column(comment="SHA-256 of the link's secret.")
    expires_at: Mapped[datetime] = mapped_column(comment="When it ends.")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="When a person took it back.")
    opened_at: Mapped[datetime | None] = mapped_column(comment="When somebody last set out with it for Meta.")
    used_at: Mapped[datetime | None] = mapped_column(comment="When accounts were connected by it; then it is over.")
    used_by: Mapped[str | None] = mapped_column(comment="What the person or system user at Meta is called who did so.")
    subject_id: Mapped[str | None] = mapped_column(comment="The number of that person or system user at Meta.")
    accounts: Mapped[int] = mapped_column(server_default="0", comment="How many accounts they connected.")
    asked: Mapped[int] = mapped_column(server_default="0", comment="Times it was asked for in the present minute.")
    asked_at: Mapped[datetime | None] = mapped_column(comment="When that minute began.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it; empty for an API key.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")


class AdLogin(TenantModel):
    """A login at Meta that somebody began here, from the first click to the accounts they chose."""

    __tablename__ = "ad_logins"
    __table_args__ = tenant_args(
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        tenant_key("connect_link_id", "ad_connect_links", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "state_hash"),
        Index("ix_ad_logins_expires_at", "organization_id", "expires_at"),
        Index("ix_ad_logins_brand_id", "organization_id", "brand_id"),
        Index("ix_ad_logins_connect_link_id", "organization_id", "connect_link_id"),
        {"comment": "Logins at Meta that are under way."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="For which brand.")
    user_id: Mapped[UUID | None] = mapped_column(
        comment="Who began it; empty for a client with a link, and for an API key with a pasted token."
    )
    connect_link_id: Mapped[UUID | None] = mapped_column(comment="The link that a client began it with.")
    session_hash: Mapped[str | None] = mapped_column(
        comment="SHA-256 of the session that began it; no other may end it."
    )
    state_hash: Mapped[str] = mapped_column(comment="SHA-256 of the one-time word that Meta carries back.")
    auth_method: Mapped[AuthMethod] = mapped_column(Text, comment="oauth, or system_user for a pasted token.")
    redirect_uri: Mapped[str] = mapped_column(
        server_default="", comment="Where Meta sends the person back; the exchange needs the very same."
    )
    asked: Mapped[list[str]] = mapped_column(
        server_default=text("'{}'"), comment="The permissions that were asked for."
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was begun.")
    expires_at: Mapped[datetime] = mapped_column(comment="Until when it may go on.")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When Meta's answer came; there is no second one.")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When accounts were chosen.")
    access_token: Mapped[str | None] = mapped_column(comment="The token, sealed, until accounts are chosen.")
    found: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'"), comment="What the token may read: its facts, and the accounts without secrets."
    )


class MetaDataDeletion(Model):
    """Somebody asked Meta that their data be deleted here. What the public page of it says."""

    __tablename__ = "meta_data_deletions"
    __table_args__ = ({"comment": "Requests, made through Meta, to delete a person's data."},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    code_hash: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the confirmation code.")
    subject_hash: Mapped[str] = mapped_column(
        index=True, comment="What stands for the person, so that we know them not."
    )
    requested_at: Mapped[datetime] = mapped_column(comment="When it was asked.")
    done_at: Mapped[datetime | None] = mapped_column(comment="When everything was deleted.")
    tokens: Mapped[int] = mapped_column(server_default="0", comment="Tokens that were deleted.")
    accounts: Mapped[int] = mapped_column(server_default="0", comment="Connections of accounts that ended.")
