"""Tables of what is learned from judgements: lessons with their effects, weekly samples to check, moves of a limit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Float, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import Standing, ToneLabel

LessonState = Literal["proposed", "applied", "declined", "undone", "replaced"]
Layer = Literal["shown", "hidden"]
"""Which part of a brand's mentions a sample was drawn from: those at or above the limit of that day, or below it."""
Answer = Literal["yes", "no", "unsure"]


class Lesson(TenantModel):
    """What a brand's judgements teach: weights, and how it would change the last 30 days."""

    __tablename__ = "lessons"
    __table_args__ = (
        *tenant_args(
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "brand_id", "number"),
            CheckConstraint("state in ('proposed', 'applied', 'declined', 'undone', 'replaced')", name="state"),
            Index(None, "organization_id", "brand_id", "state"),
        ),
        {
            "comment": "What was learned from judgements on a brand; nothing of it holds before a person has accepted it."
        },
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    number: Mapped[int] = mapped_column(Integer, comment="Counts the brand's lessons from 1.")
    state: Mapped[LessonState] = mapped_column(
        Text, comment="proposed, applied, declined, undone, or replaced by a later one."
    )
    yes: Mapped[int] = mapped_column(Integer, comment="Judgements “it is the brand” that it was learned from.")
    no: Mapped[int] = mapped_column(Integer, comment="Judgements “it is not” that it was learned from.")
    conflicts: Mapped[int] = mapped_column(Integer, comment="Sentences judged both ways, which were left out.")
    weights: Mapped[dict[str, Any]] = mapped_column(
        comment="What was learned in numbers: {bias, trust, signs: {code: weight}}, in log-odds."
    )
    direction: Mapped[bytes] = mapped_column(
        comment="Weights of the sentence's vector, 32-bit floats; empty where no sentence model was at hand."
    )
    examples: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="Judged sentences to explain by: [{mention_id, verdict, text}]."
    )
    example_vectors: Mapped[bytes] = mapped_column(comment="Their vectors, 32-bit floats, in the same order.")
    checked: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="What it would have said of each judged mention without having seen it: [{mention_id, confidence, right}]."
    )
    figures: Mapped[dict[str, Any]] = mapped_column(
        comment="How right it is on those: {before: {…}, after: {…}}, each {right, wrong, f1, ece}."
    )
    looked_at: Mapped[int] = mapped_column(Integer, comment="Mentions of the last 30 days that it was tried on.")
    changes: Mapped[int] = mapped_column(Integer, comment="How many of them would stand elsewhere.")
    written: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Whether what it says stands in the mentions."
    )
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was learned."
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="When it was accepted, declined or undone.")
    decided_by: Mapped[UUID | None] = mapped_column(comment="Who decided.")


class LessonEffect(TenantModel):
    """What a lesson makes of one mention of the last 30 days, and what was there before."""

    __tablename__ = "lesson_effects"
    __table_args__ = (
        *tenant_args(
            tenant_key("lesson_id", "lessons", ondelete="CASCADE"),
            tenant_key("mention_id", "mentions", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "lesson_id", "mention_id"),
            Index(None, "organization_id", "mention_id"),
            CheckConstraint("standing_before in ('accepted', 'doubtful', 'rejected')", name="standing_before"),
            CheckConstraint("standing_after in ('accepted', 'doubtful', 'rejected')", name="standing_after"),
        ),
        {"comment": "What a lesson would do, or did, to each mention of the last 30 days: shown first, then applied."},
    )

    lesson_id: Mapped[UUID] = mapped_column(comment="The lesson.")
    mention_id: Mapped[UUID] = mapped_column(comment="The mention.")
    confidence_before: Mapped[float] = mapped_column(Float, comment="How sure it was before.")
    confidence_after: Mapped[float] = mapped_column(Float, comment="How sure it is with the lesson.")
    standing_before: Mapped[Standing] = mapped_column(Text, comment="Where it stood when the lesson was tried.")
    standing_after: Mapped[Standing] = mapped_column(Text, comment="Where the lesson would put it.")
    reasons_before: Mapped[list[dict[str, Any]]] = mapped_column(comment="The reasons before.")
    reasons_after: Mapped[list[dict[str, Any]]] = mapped_column(comment="The reasons with the lesson.")


class Audit(TenantModel):
    """A week's sample of a brand's mentions, drawn by chance, to see how much of it is right."""

    __tablename__ = "audits"
    __table_args__ = (
        *tenant_args(
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "brand_id", "week_on"),
        ),
        {"comment": "Weekly samples by which a brand's precision is measured. They measure and do not teach."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    week_on: Mapped[date] = mapped_column(comment="The Monday of the week in which it was drawn.")
    accept: Mapped[float] = mapped_column(Float, comment="The limit of confidence on that day.")
    shown: Mapped[int] = mapped_column(Integer, comment="Unjudged mentions at or above the limit that it speaks for.")
    hidden: Mapped[int] = mapped_column(Integer, comment="Unjudged mentions below the limit that it speaks for.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was drawn."
    )


class AuditItem(TenantModel):
    """One mention of a sample, and what a person said of it."""

    __tablename__ = "audit_items"
    __table_args__ = (
        *tenant_args(
            tenant_key("audit_id", "audits", ondelete="CASCADE"),
            tenant_key("mention_id", "mentions", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "audit_id", "mention_id"),
            Index(None, "organization_id", "mention_id"),
            CheckConstraint("layer in ('shown', 'hidden')", name="layer"),
            CheckConstraint("answer in ('yes', 'no', 'unsure')", name="answer"),
            CheckConstraint("tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name="tone"),
        ),
        {"comment": "The mentions of the weekly samples, with the answers."},
    )

    audit_id: Mapped[UUID] = mapped_column(comment="The sample.")
    mention_id: Mapped[UUID] = mapped_column(comment="The mention.")
    position: Mapped[int] = mapped_column(Integer, comment="Its place in the sample, from 0.")
    layer: Mapped[Layer] = mapped_column(Text, comment="shown or hidden, by the limit of that day.")
    answer: Mapped[Answer | None] = mapped_column(Text, comment="yes, no or unsure; empty until somebody looked.")
    tone: Mapped[ToneLabel | None] = mapped_column(
        Text, comment="How it speaks of the brand, by who looked; empty where that was not said."
    )
    answered_by: Mapped[UUID | None] = mapped_column(comment="Who looked.")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When.")


class LimitMove(TenantModel):
    """One move of a brand's limit: by whom or by what, and the figures that spoke for it."""

    __tablename__ = "limit_moves"
    __table_args__ = (
        *tenant_args(
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            CheckConstraint("cause in ('person', 'promise')", name="cause"),
            Index(None, "organization_id", "brand_id", "created_at"),
        ),
        {"comment": "How each brand's limit of confidence has moved, and why."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    before: Mapped[float] = mapped_column(Float, comment="The limit before.")
    after: Mapped[float] = mapped_column(Float, comment="The limit after.")
    cause: Mapped[str] = mapped_column(Text, comment="person, or promise where it moved by itself.")
    why: Mapped[str] = mapped_column(Text, comment="The reason in words.")
    moved_by: Mapped[UUID | None] = mapped_column(comment="Who moved it; empty where it moved by itself.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it moved.")
