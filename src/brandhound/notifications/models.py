"""Tables of notices, and of who has read them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args, tenant_key

Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")


class Notification(TenantModel):
    """Something that an organization, or one person in it, should know."""

    __tablename__ = "notifications"
    __table_args__ = tenant_args(
        CheckConstraint("severity in ('info', 'warning', 'critical')", name="severity"),
        Index("ix_notifications_organization_id_last_at", "organization_id", "last_at"),
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
    title: Mapped[str] = mapped_column(comment="The notice in one sentence.")
    body: Mapped[str] = mapped_column(server_default="", comment="The reason and the next step.")
    href: Mapped[str | None] = mapped_column(comment="Where the thing is that it speaks of.")
    user_id: Mapped[UUID | None] = mapped_column(comment="Only for this person; empty: for everybody.")
    incident_key: Mapped[str | None] = mapped_column(comment="Notices of one incident have one key, and are one.")
    count: Mapped[int] = mapped_column(server_default="1", comment="Times it was told.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was first told.")
    last_at: Mapped[datetime] = mapped_column(comment="When it was last told.")
    alerted_at: Mapped[datetime] = mapped_column(comment="Who has read it before this moment has it unread again.")
    settled_at: Mapped[datetime | None] = mapped_column(comment="When the incident was over.")


class NotificationReceipt(Model):
    """That a person has read a notice."""

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
