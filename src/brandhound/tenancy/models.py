"""Organizations and their people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import Model, TenantModel, tenant_args
from brandhound.core.ids import uuid7
from brandhound.tenancy.roles import ROLE_NAMES

_ROLE_CHECK = "role in ({})".format(", ".join(f"'{name}'" for name in ROLE_NAMES))


class Organization(Model):
    """A company, a team or an agency's client: its rows are its own."""

    __tablename__ = "organizations"
    __table_args__ = ({"comment": "Companies, teams or clients: whoever has rows of their own."},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    name: Mapped[str] = mapped_column(comment="What its people call it.")
    time_zone: Mapped[str] = mapped_column(server_default=text("'UTC'"), comment="IANA name; days are counted in it.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")


class Member(TenantModel):
    """A user in an organization, with a role."""

    __tablename__ = "members"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "user_id"),
        CheckConstraint(_ROLE_CHECK, name="role"),
        Index(None, "user_id"),
        {"comment": "Who belongs to which organization, and as what."},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), comment="The person.")
    role: Mapped[str] = mapped_column(comment="What they may do.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="Since when.")


class Invitation(TenantModel):
    """A link that makes its reader a member."""

    __tablename__ = "invitations"
    __table_args__ = tenant_args(
        CheckConstraint(_ROLE_CHECK, name="role"),
        Index(None, "token_hash"),
        {"comment": "Links that make their reader a member."},
    )

    email: Mapped[str] = mapped_column(comment="Whom it is meant for.")
    role: Mapped[str] = mapped_column(comment="As what.")
    token_hash: Mapped[str] = mapped_column(comment="SHA-256 of the link's secret.")
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), comment="By whom.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")
    expires_at: Mapped[datetime] = mapped_column(comment="When it ends.")
    accepted_at: Mapped[datetime | None] = mapped_column(comment="When it was used.")


class AuditEntry(TenantModel):
    """Who did what, when. Rows are only added."""

    __tablename__ = "audit_entries"
    __table_args__ = tenant_args(
        Index(None, "organization_id", "at"), {"comment": "Who did what, when. Rows are only added."}
    )

    at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When.")
    user_id: Mapped[UUID | None] = mapped_column(comment="Who, if it was a person.")
    key_id: Mapped[UUID | None] = mapped_column(comment="Which key, if it was a program.")
    action: Mapped[str] = mapped_column(comment="What, as `feeds.followed`.")
    kind: Mapped[str] = mapped_column(comment="To what kind of thing.")
    thing_id: Mapped[UUID | None] = mapped_column(comment="To which.")
    facts: Mapped[dict[str, Any]] = mapped_column(comment="What else is worth knowing; never a secret.")
