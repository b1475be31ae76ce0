"""The table of what was learned from the tones that people said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args
from brandhound.mentions.tone_pull import PullEngine

ToneLessonState = Literal["proposed", "applied", "declined", "undone", "replaced", "kept_back"]


class ToneLesson(TenantModel):
    """What the tones that people said teach: weights, how right they are on what they had not seen, what they would change."""

    __tablename__ = "tone_lessons"
    __table_args__ = (
        *tenant_args(
            UniqueConstraint("organization_id", "number"),
            CheckConstraint(
                "state in ('proposed', 'applied', 'declined', 'undone', 'replaced', 'kept_back')", name="state"
            ),
            CheckConstraint("engine in ('model', 'lexicon')", name="engine"),
            Index(None, "organization_id", "state"),
        ),
        {
            "comment": "What was learned from the tones that people said; nothing of it holds before a person has accepted it."
        },
    )

    number: Mapped[int] = mapped_column(Integer, comment="Counts the organization's lessons from 1.")
    state: Mapped[ToneLessonState] = mapped_column(
        Text, comment="proposed, applied, declined, undone, replaced by a later one, or kept back as no better."
    )
    engine: Mapped[PullEngine] = mapped_column(
        Text, comment="Whose readings it adds to: model, the sentence model, or lexicon, the word list."
    )
    head: Mapped[str] = mapped_column(
        Text, comment="The version of the tone head that it was learned for; empty with the word list."
    )
    said: Mapped[dict[str, int]] = mapped_column(
        JSONB, comment="The tones it was learned from: {positive, neutral, negative, mixed: how many}."
    )
    conflicts: Mapped[int] = mapped_column(Integer, comment="Sentences said in two ways, which were left out.")
    weights: Mapped[bytes] = mapped_column(comment="What was learned in numbers, 32-bit floats: three for each input.")
    figures: Mapped[dict[str, Any]] = mapped_column(
        comment="How right it is on what it had not seen: {corrected, confirmed, left, sampled, gain}."
    )
    looked_at: Mapped[int] = mapped_column(Integer, comment="Mentions of the last 30 days that it was tried on.")
    changes: Mapped[int] = mapped_column(Integer, comment="How many of them would have another tone.")
    shown: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="Some of these: [{mention_id, story_id, title, outlet, sentence, before, after}]."
    )
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was learned."
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="When it was accepted, declined or undone.")
    decided_by: Mapped[UUID | None] = mapped_column(comment="Who decided.")
