"""Tables of reports: what was told, and the mentions it was told from, both as they were at that moment."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Float, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.reports.document import BrandKind, Judgement, Tone
from brandhound.reports.schemas import ReportState


class Report(TenantModel):
    """A range of days told about some brands; once ready it never changes."""

    __tablename__ = "reports"
    __table_args__ = (
        *tenant_args(
            tenant_key("template_id", "report_templates", ondelete="SET NULL"),
            CheckConstraint("state in ('composing', 'ready', 'failed')", name="state"),
            CheckConstraint("since_on <= until_on", name="range"),
            CheckConstraint("state <> 'ready' or document is not null", name="ready"),
            Index(None, "organization_id", "created_at", "id"),
            Index(None, "organization_id", "template_id"),
            Index(
                "ix_reports_deleted", "organization_id", "deleted_at", postgresql_where=text("deleted_at is not null")
            ),
        ),
        {"comment": "Reports: the frozen document, and what was asked for."},
    )

    title: Mapped[str] = mapped_column(Text, comment="Its headline")
    since_on: Mapped[date] = mapped_column(comment="First day, in the organization's time zone of that time")
    until_on: Mapped[date] = mapped_column(comment="Last day, included")
    brand_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), comment="Brands asked for; empty: all")
    compare: Mapped[bool] = mapped_column(
        Boolean, server_default=text("true"), comment="Whether figures stand against the range before"
    )
    template_id: Mapped[UUID | None] = mapped_column(comment="The template it is made with; empty: the standard one")
    template_version: Mapped[int | None] = mapped_column(
        Integer, comment="Version of that template, even if it is gone"
    )
    min_confidence: Mapped[float] = mapped_column(
        Float, server_default=text("0.8"), comment="A mention counted from this confidence on, or when judged yes"
    )
    state: Mapped[ReportState] = mapped_column(Text, comment="composing, ready or failed")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that composes it, if it is a big one")
    mentions: Mapped[int | None] = mapped_column(Integer, comment="Mentions of its subject, for lists")
    stories: Mapped[int | None] = mapped_column(Integer, comment="Stories of its subject, for lists")
    document: Mapped[dict[str, Any] | None] = deferred(
        mapped_column(JSONB, comment="The frozen document; empty until it is composed")
    )
    document_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the document's canonical JSON")
    archived: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=text("false"), comment="Whether it is put away"
    )
    deleted_at: Mapped[datetime | None] = mapped_column(
        comment="When it was deleted: it is shown to nobody, and gone for good 30 days later"
    )
    created_by: Mapped[UUID | None] = mapped_column(comment="Who asked for it; empty for an API key or a schedule")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was asked for"
    )


class ReportTag(TenantModel):
    """A word that people put on a report."""

    __tablename__ = "report_tags"
    __table_args__ = (
        *tenant_args(
            tenant_key("report_id", "reports", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "report_id", "tag"),
            Index(None, "organization_id", "tag", "report_id"),
        ),
        {"comment": "Tags that people put on reports."},
    )

    report_id: Mapped[UUID] = mapped_column(comment="The report")
    tag: Mapped[str] = mapped_column(Text, comment="The tag, as it was first written on a report")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was put on"
    )


class ReportMention(TenantModel):
    """A mention as a report counted it: later judgements and removals change no figure that was told."""

    __tablename__ = "report_mentions"
    __table_args__ = (
        *tenant_args(
            tenant_key("report_id", "reports", ondelete="CASCADE"),
            CheckConstraint("period in ('range', 'before')", name="period"),
            Index("ix_report_mentions_newest", "organization_id", "report_id", "period", "published_at", "mention_id"),
        ),
        {"comment": "The evidence of a report: each mention it counted, as it was then."},
    )

    report_id: Mapped[UUID] = mapped_column(comment="The report")
    period: Mapped[str] = mapped_column(Text, comment="range, or before: the one it is compared with")
    mention_id: Mapped[UUID] = mapped_column(comment="The mention; it may be gone since")
    brand_id: Mapped[UUID] = mapped_column(comment="Its brand")
    brand_name: Mapped[str] = mapped_column(Text, comment="The brand's name")
    brand_kind: Mapped[BrandKind] = mapped_column(Text, comment="own, client or competitor")
    subject: Mapped[bool] = mapped_column(Boolean, comment="Whether the headline figures count it")
    story_id: Mapped[UUID | None] = mapped_column(comment="Its story")
    article_id: Mapped[UUID] = mapped_column(comment="Its article")
    published_at: Mapped[datetime] = mapped_column(comment="When the article was published, or first seen")
    day_on: Mapped[date] = mapped_column(comment="The same as a day of the organization's calendar")
    title: Mapped[str] = mapped_column(Text, comment="Title of the article")
    url: Mapped[str] = mapped_column(Text, comment="Address of the article")
    outlet: Mapped[str] = mapped_column(Text, comment="Who published it")
    site: Mapped[str] = mapped_column(Text, comment="Host name it was published on")
    language: Mapped[str] = mapped_column(Text, comment="Language of the article, ISO 639-1, or empty")
    salience: Mapped[str] = mapped_column(Text, comment="Where the brand stands in the article")
    tone: Mapped[Tone] = mapped_column(Text, comment="Tone toward the brand")
    quote: Mapped[str] = mapped_column(Text, comment="The words the tone was read from, or empty")
    confidence: Mapped[float] = mapped_column(Float, comment="Probability that this is the brand, 0 to 1")
    judgement: Mapped[Judgement | None] = mapped_column(Text, comment="yes by a person; empty when not judged")
    topic_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid()),
        server_default=text("'{}'"),
        comment="Topics that it was about, where the report tells of topics.",
    )
    reprint: Mapped[bool] = mapped_column(Boolean, comment="Whether the article copies an earlier one")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, comment="Why it counts: list of {code, text, weight}")
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, comment="Each place, with offsets of its sentence")
    body_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the fetched bytes")
    text_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the text the offsets count in")
