"""Tables of what is said about a brand: mentions, people's judgements of them, and from where on they count."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import Judgement as Verdict
from brandhound.mentions.standings import Salience, Standing, Thresholds, ToneLabel, standing_of

UUIDS = ARRAY(Uuid())


class Mention(TenantModel):
    """A brand said in an article: at most one row per brand and article, with all places as evidence."""

    __tablename__ = "mentions"
    __table_args__ = (
        *tenant_args(
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            tenant_key("story_id", "stories", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "brand_id", "article_id"),
            CheckConstraint("confidence >= 0 and confidence <= 1", name="confidence"),
            CheckConstraint("standing in ('accepted', 'doubtful', 'rejected')", name="standing"),
            CheckConstraint("salience in ('title', 'subject', 'mentioned', 'list', 'boilerplate')", name="salience"),
            CheckConstraint("tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name="tone"),
            CheckConstraint("judgement in ('yes', 'no')", name="judgement"),
            CheckConstraint("tone_read in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name="tone_read"),
            Index(None, "organization_id", "story_id"),
            Index(None, "organization_id", "article_id"),
            # A search by words reads this index alone: LIKE may not lead the way to rows under row-level security.
            Index(
                None,
                "organization_id",
                "published_at",
                "id",
                postgresql_include=["search_text", "brand_id", "standing", "tone", "confidence"],
            ),
            # Reports read this index alone: a range of days of one standing, with all that counting needs. The rows are wide
            # and those of an organization lie apart, so that each would cost a page.
            Index(
                None,
                "organization_id",
                "standing",
                "published_at",
                "id",
                postgresql_include=[
                    "brand_id",
                    "tone",
                    "outlet",
                    "story_id",
                    "salience",
                    "article_id",
                    "site",
                    "tone_confidence",
                    "confidence",
                    "judgement",
                    "reprint_of",
                ],
            ),
            Index(None, "organization_id", "brand_id", "standing", "published_at", "id"),
            # The few that people judged, among very many.
            Index(None, "organization_id", "brand_id", "judged_at", postgresql_where=text("judgement is not null")),
            Index(
                "ix_mentions_tone_said",
                "organization_id",
                "published_at",
                "id",
                postgresql_where=text("tone_read is not null"),
            ),
        ),
        {"comment": "Mentions of brands in articles, with confidence, reasons, tone and evidence."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id"), comment="The article.")
    story_id: Mapped[UUID] = mapped_column(comment="The story the article belongs to.")
    confidence: Mapped[float] = mapped_column(Float, comment="Probability that this is the brand, 0 to 1.")
    standing: Mapped[Standing] = mapped_column(
        Text, comment="accepted, doubtful or rejected: a person's judgement, else the confidence."
    )
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'"), comment="Why: list of {code, text, weight}."
    )
    salience: Mapped[Salience] = mapped_column(
        Text, comment="Where the brand stands: title, subject, mentioned, list or boilerplate."
    )
    tone: Mapped[ToneLabel] = mapped_column(Text, comment="Tone toward the brand: a person's word, else what was read.")
    tone_read: Mapped[ToneLabel | None] = mapped_column(
        Text, comment="What was read where a person said the tone; empty where nobody did."
    )
    tone_said_by: Mapped[UUID | None] = mapped_column(comment="Who said the tone.")
    tone_said_at: Mapped[datetime | None] = mapped_column(comment="When the tone was said.")
    tone_confidence: Mapped[float] = mapped_column(
        Float, server_default=text("0"), comment="Calibrated probability of the tone."
    )
    tone_quote: Mapped[str] = mapped_column(
        Text, server_default=text("''"), comment="The sentence the tone was read from, word for word."
    )
    tone_evidence: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB,
        comment="Where the quote stands: {start, end, field}; what was read from it: {reasons, engine}; who says what: voices.",
    )
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB,
        server_default=text("'[]'"),
        comment="Each place: {start, end, surface, sentence_start, sentence_end, field: title or text}.",
    )
    judgement: Mapped[Verdict | None] = mapped_column(Text, comment="yes or no by a person; empty when not judged.")
    judged_by: Mapped[UUID | None] = mapped_column(comment="Who judged.")
    judged_at: Mapped[datetime | None] = mapped_column(comment="When it was judged.")
    published_at: Mapped[datetime] = mapped_column(comment="When the article was published, or first seen.")
    outlet: Mapped[str] = mapped_column(Text, comment="Who published it.")
    site: Mapped[str] = mapped_column(Text, comment="Host name it was published on.")
    language: Mapped[str | None] = mapped_column(Text, comment="Language of the article, ISO 639-1.")
    title: Mapped[str] = mapped_column(Text, comment="Title of the article.")
    url: Mapped[str] = mapped_column(Text, comment="Address of the article.")
    body_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the fetched bytes.")
    text_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the text the offsets count in.")
    search_text: Mapped[str] = mapped_column(
        Text, server_default=text("''"), comment="Folded title and outlet, 2,500 bytes at most, for the search box."
    )
    reprint_of: Mapped[UUID | None] = mapped_column(
        ForeignKey("articles.id"), comment="The earlier article this one copies."
    )
    starred: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), comment="Kept at hand by a person.")
    archived: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), comment="Put away by a person.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When the row was made."
    )

    def judge(self, verdict: Verdict | None, by: UUID | None, at: datetime, limits: Thresholds) -> None:
        """Take a person's word over the machine's; `None` gives the word back to the machine."""
        self.judgement = verdict
        self.judged_by = by if verdict else None
        self.judged_at = at if verdict else None
        self.standing = standing_of(self.confidence, verdict, limits)

    @property
    def tone_said(self) -> ToneLabel | None:
        """The tone by a person's word, if there is one."""
        return self.tone if self.tone_read is not None else None

    def read_tone(self, tone: ToneLabel, confidence: float, quote: str, evidence: dict[str, Any]) -> None:
        """Take what was read anew; a person's word stays, and the reading is kept beside it."""
        if self.tone_read is None:
            self.tone = tone
        else:
            self.tone_read = tone
        self.tone_confidence, self.tone_quote, self.tone_evidence = confidence, quote, evidence

    def say_tone(self, tone: ToneLabel | None, by: UUID | None, at: datetime) -> None:
        """Take a person's word over what was read, which is kept; `None` gives the word back to the machine."""
        read = self.tone_read or self.tone
        self.tone = tone or read
        self.tone_read = read if tone else None
        self.tone_said_by = by if tone else None
        self.tone_said_at = at if tone else None


class BrandLimits(TenantModel):
    """From which confidence on a brand's mentions count, where it is not the installation's."""

    __tablename__ = "brand_limits"
    __table_args__ = (
        *tenant_args(
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "brand_id"),
            CheckConstraint("accept > 0 and accept <= 1", name="accept"),
            CheckConstraint("target > 0.5 and target < 1", name="target"),
        ),
        {"comment": "Each brand's own limit of confidence, and the precision that was promised for it."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    accept: Mapped[float] = mapped_column(Float, comment="From this confidence on a mention counts.")
    target: Mapped[float | None] = mapped_column(
        Float, comment="The precision promised: the limit then moves by itself. Empty: a person chose the limit."
    )
    moved_at: Mapped[datetime] = mapped_column(comment="When the limit was last moved.")


class MentionJudgement(TenantModel):
    """What a person said about a mention, and what the machine had said then. Rows are only added."""

    __tablename__ = "judgements"
    __table_args__ = (
        *tenant_args(
            tenant_key("mention_id", "mentions", ondelete="CASCADE"),
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            CheckConstraint("tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name="tone"),
            CheckConstraint("verdict in ('yes', 'no', 'withdrawn')", name="verdict"),
            Index(None, "organization_id", "mention_id", "created_at"),
            Index(None, "organization_id", "brand_id", "created_at"),
        ),
        {"comment": "History of judgements on mentions: the labels learning starts from."},
    )

    mention_id: Mapped[UUID] = mapped_column(comment="The mention judged.")
    brand_id: Mapped[UUID] = mapped_column(comment="Its brand.")
    verdict: Mapped[str] = mapped_column(Text, comment="yes, no, or withdrawn.")
    user_id: Mapped[UUID | None] = mapped_column(comment="Who said so; empty for an API key.")
    key_id: Mapped[UUID | None] = mapped_column(comment="The API key that said so.")
    confidence: Mapped[float] = mapped_column(Float, comment="What the machine believed at that time.")
    tone: Mapped[ToneLabel] = mapped_column(Text, comment="The tone the machine read at that time.")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, comment="The machine's reasons at that time.")
    surface: Mapped[str] = mapped_column(Text, comment="The words matched first.")
    text_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the text that was judged.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was said.")
