"""Tables of the ways out of the app, and of everything that was sent on them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import TenantModel, tenant_args, tenant_key

Sort = Literal["webhook", "slack", "teams", "discord", "ntfy", "email"]
SORTS: tuple[Sort, ...] = ("webhook", "slack", "teams", "discord", "ntfy", "email")

DeliveryState = Literal["pending", "held", "sent", "failed", "given_up", "summed", "dropped"]
WAITING: tuple[DeliveryState, ...] = ("pending", "held", "failed")

_SORTS = "sort in ('webhook', 'slack', 'teams', 'discord', 'ntfy', 'email')"
_WAITING = "state in ('pending', 'held', 'failed')"


class NotificationChannel(TenantModel):
    """A way out of the app: an address that takes notices, of the organization or of one person."""

    __tablename__ = "notification_channels"
    __table_args__ = tenant_args(
        CheckConstraint(_SORTS, name="sort"),
        CheckConstraint("min_severity in ('info', 'warning', 'critical')", name="min_severity"),
        {"comment": "Addresses outside the app that take notices."},
    )

    sort: Mapped[str] = mapped_column(comment="What speaks at the other end.")
    name: Mapped[str] = mapped_column(comment="What its people call it.")
    user_id: Mapped[UUID | None] = mapped_column(comment="Whose own it is; empty: the organization's.")
    address_sealed: Mapped[str] = mapped_column(comment="Where to; sealed, because such addresses are keys.")
    address_shown: Mapped[str] = mapped_column(comment="As much of the address as may be shown.")
    secret_sealed: Mapped[str | None] = mapped_column(
        comment="What webhooks are signed with, or the other side's token."
    )
    min_severity: Mapped[str] = mapped_column(
        server_default="info", comment="It is told of what matters at least this much."
    )
    kinds: Mapped[list[str] | None] = mapped_column(comment="It is told of these kinds; empty: of all.")
    failures: Mapped[int] = mapped_column(server_default="0", comment="Attempts in a row that failed.")
    failing_since: Mapped[datetime | None] = mapped_column(comment="The first of these.")
    last_ok_at: Mapped[datetime | None] = mapped_column(comment="When something last arrived.")
    last_error: Mapped[str | None] = mapped_column(comment="What went wrong last, without secrets.")
    disabled_at: Mapped[datetime | None] = mapped_column(comment="Since when nothing is sent on it.")
    disabled_reason: Mapped[str | None] = mapped_column(comment="Why not.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who set it up.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was set up.")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed.")


class NotificationDelivery(TenantModel):
    """One notice on its way to one address."""

    __tablename__ = "notification_deliveries"
    __table_args__ = tenant_args(
        tenant_key("notification_id", "notifications", ondelete="CASCADE"),
        tenant_key("channel_id", "notification_channels", ondelete="CASCADE"),
        UniqueConstraint(
            "organization_id", "notification_id", "recipient", "alerted_at", name="uq_notification_deliveries_alert"
        ),
        CheckConstraint(_SORTS, name="sort"),
        CheckConstraint(
            "state in ('pending', 'held', 'sent', 'failed', 'given_up', 'summed', 'dropped')", name="state"
        ),
        Index("ix_notification_deliveries_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_notification_deliveries_channel_id", "organization_id", "channel_id", "created_at"),
        Index("ix_notification_deliveries_user_id", "organization_id", "user_id", "taken_at"),
        Index("ix_notification_deliveries_waiting", "due_at", postgresql_where=text(_WAITING)),
        {"comment": "Notices on their way to addresses outside the app."},
    )

    notification_id: Mapped[UUID | None] = mapped_column(comment="What is told; empty: a test.")
    channel_id: Mapped[UUID | None] = mapped_column(comment="The channel; empty: the person's own mail address.")
    user_id: Mapped[UUID | None] = mapped_column(comment="The person who is told; empty: a channel of all.")
    recipient: Mapped[str] = mapped_column(comment="person:ID or channel:ID; one of each is told once an alert.")
    sort: Mapped[str] = mapped_column(comment="What speaks at the other end.")
    alerted_at: Mapped[datetime] = mapped_column(comment="The alert that it carries.")
    state: Mapped[str] = mapped_column(server_default="pending", comment="Where it stands.")
    reason: Mapped[str | None] = mapped_column(comment="Why it waits, failed or was not sent, in words.")
    due_at: Mapped[datetime | None] = mapped_column(comment="When it is tried next.")
    attempts: Mapped[int] = mapped_column(server_default="0", comment="Times it was tried.")
    taken_at: Mapped[datetime | None] = mapped_column(comment="When it was first tried; counts for the hour's budget.")
    sent_at: Mapped[datetime | None] = mapped_column(comment="When it arrived.")
    summary_id: Mapped[UUID | None] = mapped_column(comment="The summary that it went out with.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that tried it last.")
    status: Mapped[int | None] = mapped_column(comment="The other side's last status.")
    took_ms: Mapped[int | None] = mapped_column(comment="Milliseconds that the last attempt took.")
    request: Mapped[str | None] = mapped_column(comment="The beginning of what was sent last, without secrets.")
    response: Mapped[str | None] = mapped_column(comment="The beginning of the last answer.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was to be told.")

    def is_in_hand(self, now: datetime) -> bool:
        """Whether a run is saying it at this moment: until then it has it alone."""
        return self.state == "pending" and self.run_id is not None and self.due_at is not None and self.due_at > now
