"""Tables of templates: what reports are made of, each version kept, and how an organization's reports look."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key


class ReportTemplate(TenantModel):
    """Something that reports are made by; its blocks are those of its newest version."""

    __tablename__ = "report_templates"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "name_key"),
        {"comment": "Templates of reports."},
    )

    name: Mapped[str] = mapped_column(Text, comment="What it is called.")
    name_key: Mapped[str] = mapped_column(Text, comment="The same in the one spelling that is compared.")
    version: Mapped[int] = mapped_column(Integer, comment="Its newest version, from 1 on.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it; empty for an API key.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When.")
    updated_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When its newest version was saved."
    )


class ReportTemplateVersion(TenantModel):
    """What a template was from one saving to the next. It never changes."""

    __tablename__ = "report_template_versions"
    __table_args__ = tenant_args(
        tenant_key("template_id", "report_templates", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "template_id", "version"),
        CheckConstraint("version > 0", name="version"),
        {"comment": "Every version of every template."},
    )

    template_id: Mapped[UUID] = mapped_column(comment="The template.")
    version: Mapped[int] = mapped_column(Integer, comment="Counted from 1 on.")
    name: Mapped[str] = mapped_column(Text, comment="What the template was called then.")
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, comment="Its blocks, in order.")
    restored_from: Mapped[int | None] = mapped_column(Integer, comment="The version it is a copy of, if it is one.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who saved it; empty for an API key.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When.")


class ReportBranding(TenantModel):
    """How an organization's reports look. Without a row they look as they come."""

    __tablename__ = "report_branding"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id"),
        CheckConstraint("color ~ '^#[0-9a-f]{6}$'", name="color"),
        CheckConstraint("logo_type in ('image/png', 'image/jpeg')", name="logo_type"),
        CheckConstraint("(logo_sha256 is null) = (logo_type is null)", name="logo"),
        {"comment": "Colour, logo and foot of an organization's reports."},
    )

    color: Mapped[str] = mapped_column(Text, comment="#rrggbb, dark enough to be read on white.")
    footer: Mapped[str] = mapped_column(Text, server_default="", comment="Words at the foot of every report.")
    logo_sha256: Mapped[str | None] = mapped_column(Text, comment="The logo, among the stored files.")
    logo_type: Mapped[str | None] = mapped_column(Text, comment="image/png or image/jpeg.")
    logo_width: Mapped[int | None] = mapped_column(Integer, comment="Pixels.")
    logo_height: Mapped[int | None] = mapped_column(Integer, comment="Pixels.")
    updated_by: Mapped[UUID | None] = mapped_column(comment="Who changed it last; empty for an API key.")
    updated_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When.")
