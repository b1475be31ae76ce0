"""Tables of notices, of who has read them, and of what each person wants to hear."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args, tenant_key

Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")

Audience = Literal["everyone", "admins", "operators"]
"""Who sees a notice that is not for one person alone."""


def rank(severity: str) -> int:
    """How much a severity matters, against the others."""
    return next((place for place, name in enumerate(SEVERITIES) if name == severity), 0)


class Notification(TenantModel):
    """Something that an organization, or one person in it, should know."""

    __tablename__ = "notifications"
    __table_args__ = tenant_args(
        CheckConstraint("severity in ('info', 'warning', 'critical')", name="severity"),
        CheckConstraint("audience in ('everyone', 'admins', 'operators')", name="audience"),
        Index("ix_notifications_organization_id_last_at", "organization_id", "last_at"),
        Index("ix_notifications_organization_id_kind_last_at", "organization_id", "kind", "last_at"),
        Index(
            "uq_notifications_open_incident",
            "organization_id",
            "incident_key",
            unique=True,
            postgresql_where=text("incident_key is not null and settled_at is null"),
        ),
        {"comment": "What an organization, or one person in it, should know."},
    )

    kind: Mapped[str] = mapped_column(comment="What sort of notice, such as run_failed.")
    severity: Mapped[str] = mapped_column(comment="How much it matters.")
    audience: Mapped[str] = mapped_column(server_default="everyone", comment="Who may see it.")
    title: Mapped[str] = mapped_column(comment="The notice in one sentence.")
    body: Mapped[str] = mapped_column(server_default="", comment="The reason and the next step.")
    href: Mapped[str | None] = mapped_column(comment="Where the thing is that it speaks of.")
    facts: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="What else a program may want to know: counts and identifiers, never a secret."
    )
    user_id: Mapped[UUID | None] = mapped_column(comment="Only for this person; empty: for everybody.")
    incident_key: Mapped[str | None] = mapped_column(comment="Notices of one incident have one key, and are one.")
    count: Mapped[int] = mapped_column(server_default="1", comment="Times it was told.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was first told.")
    last_at: Mapped[datetime] = mapped_column(comment="When it was last told.")
    alerted_at: Mapped[datetime] = mapped_column(comment="Who has read it before this moment has it unread again.")
    settled_at: Mapped[datetime | None] = mapped_column(comment="When the incident was over.")


class NotificationReceipt(Model):
    """That a person has read a notice, or (read long before it was told) wants to read it again.

    Who marks everything as read gets no receipts but a moment, in their preferences.
    """

    __tablename__ = "notification_receipts"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "user_id", "notification_id"),
        tenant_key("notification_id", "notifications", ondelete="CASCADE"),
        Index("ix_notification_receipts_notification_id", "organization_id", "notification_id"),
        {"comment": "Who has read which notice."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    user_id: Mapped[UUID] = mapped_column(comment="The reader.")
    notification_id: Mapped[UUID] = mapped_column(comment="What was read.")
    read_at: Mapped[datetime] = mapped_column(comment="When.")


class NotificationMute(TenantModel):
    """What a person does not want to be called for: a kind, an incident, or one notice for a while."""

    __tablename__ = "notification_mutes"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "user_id", "subject"),
        {"comment": "What each person does not want to be called for, for good or for a while."},
    )

    user_id: Mapped[UUID] = mapped_column(comment="Who wants quiet.")
    subject: Mapped[str] = mapped_column(comment="kind:NAME, incident:KEY or notice:ID.")
    title: Mapped[str] = mapped_column(comment="What it is, in words, for the list of what is muted.")
    until_at: Mapped[datetime | None] = mapped_column(comment="When it may call again; empty: never.")
    created_at: Mapped[datetime] = mapped_column(comment="When quiet was asked for.")


class NotificationPreference(Model):
    """How one person wants to be told in one organization. Nobody needs a row: everything has a default."""

    __tablename__ = "notification_preferences"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "user_id"),
        CheckConstraint("quiet_from between 0 and 1439 and quiet_until between 0 and 1439", name="quiet"),
        CheckConstraint("per_hour between 1 and 1000", name="per_hour"),
        {"comment": "How each person wants to be told."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    user_id: Mapped[UUID] = mapped_column(comment="The person.")
    email: Mapped[bool] = mapped_column(server_default="true", comment="Whether any mail may be sent to them.")
    email_kinds: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="Kinds for which they chose mail (true) or none (false) against the default."
    )
    quiet_from: Mapped[int | None] = mapped_column(comment="Minute of the day at which quiet hours begin.")
    quiet_until: Mapped[int | None] = mapped_column(comment="Minute of the day at which quiet hours end.")
    time_zone: Mapped[str | None] = mapped_column(comment="IANA zone of the quiet hours; empty: the organization's.")
    per_hour: Mapped[int] = mapped_column(
        server_default="20", comment="Messages outside the app in an hour; what is more comes in one summary."
    )
    read_before_at: Mapped[datetime | None] = mapped_column(
        comment="What called until then is read, unless a receipt says otherwise."
    )
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed.")
