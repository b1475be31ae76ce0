"""Tables of pictures and films: what creatives show, with their bytes among the stored files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import TenantModel, tenant_args, tenant_key

KINDS = ("image", "video")
STATES = ("wanted", "downloaded", "failed", "not_downloadable")
ROLES = ("image", "video", "poster", "card")


class AdAsset(TenantModel):
    """A picture or a film, by the name the platform has for it. The same bytes are stored once, whatever they are called."""

    __tablename__ = "ad_assets"
    __table_args__ = tenant_args(
        tenant_key("account_id", "ad_accounts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "account_id", "kind", "external_id"),
        UniqueConstraint("organization_id", "account_id", "id"),
        CheckConstraint(f"kind in ({', '.join(map(repr, KINDS))})", name="kind"),
        CheckConstraint(f"state in ({', '.join(map(repr, STATES))})", name="state"),
        CheckConstraint("(state = 'downloaded') = (sha256 is not null)", name="bytes"),
        Index("ix_ad_assets_sha256", "organization_id", "sha256"),
        {"comment": "Pictures and films of ads."},
    )

    account_id: Mapped[UUID] = mapped_column(comment="Whose it is.")
    kind: Mapped[str] = mapped_column(comment="A picture or a film.")
    external_id: Mapped[str] = mapped_column(comment="The platform's hash of the picture, or its number of the film.")
    state: Mapped[str] = mapped_column(server_default="wanted", comment="Whether we have it.")
    reason: Mapped[str | None] = mapped_column(comment="Why we do not, such as no_page_role or over_budget.")
    sha256: Mapped[str | None] = mapped_column(comment="Its bytes, among the stored files.")
    phash: Mapped[str | None] = mapped_column(
        comment="64 bits of how it looks, in hexadecimal: alike pictures differ in few. Of a film: its poster's."
    )
    dhash: Mapped[str | None] = mapped_column(comment="The same by another reckoning, of steps of brightness.")
    bytes: Mapped[int | None] = mapped_column(BigInteger, comment="How many bytes it has.")
    width: Mapped[int | None] = mapped_column(comment="Pixels.")
    height: Mapped[int | None] = mapped_column(comment="Pixels.")
    seconds: Mapped[float | None] = mapped_column(comment="How long a film is.")
    poster_sha256: Mapped[str | None] = mapped_column(comment="A film's still, among the stored files.")
    content_type: Mapped[str | None] = mapped_column(comment="What its bytes are, by their own beginning.")
    attempts: Mapped[int] = mapped_column(server_default="0", comment="How often we tried to get it.")
    checked_at: Mapped[datetime | None] = mapped_column(comment="When we tried last.")
    created_at: Mapped[datetime] = mapped_column(comment="When we first heard of it.")


class AdCreativeAsset(TenantModel):
    """A creative shows a picture or a film."""

    __tablename__ = "ad_creative_assets"
    __table_args__ = tenant_args(
        tenant_key("creative_id", "ad_creatives", ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["organization_id", "asset_id"], ["ad_assets.organization_id", "ad_assets.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("organization_id", "creative_id", "asset_id", "role"),
        CheckConstraint(f"role in ({', '.join(map(repr, ROLES))})", name="role"),
        Index("ix_ad_creative_assets_asset", "organization_id", "asset_id"),
        {"comment": "Which creative shows which picture or film."},
    )

    creative_id: Mapped[UUID] = mapped_column(comment="The creative.")
    asset_id: Mapped[UUID] = mapped_column(comment="What it shows.")
    role: Mapped[str] = mapped_column(comment="As what.")
    position: Mapped[int] = mapped_column(server_default="0", comment="Which of them, from 0.")
