"""Tables of what people did to reports, kept so that it can be taken back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key

ReportMarking = Literal["archive", "unarchive", "tag", "untag", "delete"]
ItemState = Literal["done", "same", "failed", "undone"]


class ReportDeed(TenantModel):
    """Something that a person did to one or many reports."""

    __tablename__ = "report_deeds"
    __table_args__ = tenant_args(
        CheckConstraint("kind in ('archive', 'unarchive', 'tag', 'untag', 'delete')", name="kind"),
        Index(None, "organization_id", "created_at", "id"),
        {"comment": "What people did to reports by hand, to be taken back."},
    )

    kind: Mapped[ReportMarking] = mapped_column(Text, comment="archive, unarchive, tag, untag or delete.")
    tag: Mapped[str | None] = mapped_column(Text, comment="The tag that was put on or taken off.")
    total: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Reports it is about.")
    changed: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Those that it changed.")
    failed: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Those it could not be done to.")
    user_id: Mapped[UUID | None] = mapped_column(comment="Who did it; empty for an API key.")
    key_id: Mapped[UUID | None] = mapped_column(comment="The API key that did it.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was done.")
    undone_at: Mapped[datetime | None] = mapped_column(comment="When it was taken back.")


class ReportDeedItem(TenantModel):
    """One report that a deed is about. Its identifier is no reference, because the row outlives what it speaks of."""

    __tablename__ = "report_deed_items"
    __table_args__ = tenant_args(
        tenant_key("deed_id", "report_deeds", ondelete="CASCADE"),
        CheckConstraint("state in ('done', 'same', 'failed', 'undone')", name="state"),
        Index(None, "organization_id", "deed_id", "state", "id"),
        Index(None, "organization_id", "report_id"),
        {"comment": "The reports that deeds are about, and what became of each."},
    )

    deed_id: Mapped[UUID] = mapped_column(comment="The deed.")
    report_id: Mapped[UUID] = mapped_column(comment="The report.")
    state: Mapped[ItemState] = mapped_column(Text, comment="done, same (was so before), failed or undone.")
    problem: Mapped[str | None] = mapped_column(Text, comment="Why it could not be done.")
