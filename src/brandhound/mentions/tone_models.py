"""The table of what people said of the tone of mentions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import Field, ToneLabel

_LABELS = "('positive', 'neutral', 'negative', 'mixed', 'unclear')"


class ToneJudgement(TenantModel):
    """What a person said of a mention's tone, and what was read then. Rows are only added; the last of a mention holds."""

    __tablename__ = "tone_judgements"
    __table_args__ = (
        *tenant_args(
            tenant_key("mention_id", "mentions", ondelete="CASCADE"),
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            CheckConstraint(f"tone in {_LABELS}", name="tone"),
            CheckConstraint(f"tone_read in {_LABELS}", name="tone_read"),
            CheckConstraint("field in ('title', 'text')", name="field"),
            Index(None, "organization_id", "mention_id", "created_at"),
            # The few whose features are still to be kept.
            Index(
                "ix_tone_judgements_waiting",
                "organization_id",
                "created_at",
                postgresql_where=text("features is null and tone is not null"),
            ),
        ),
        {
            "comment": "What people said of the tone of mentions, with what was read and the features: examples to train on."
        },
    )

    mention_id: Mapped[UUID] = mapped_column(comment="The mention.")
    brand_id: Mapped[UUID] = mapped_column(comment="Its brand.")
    tone: Mapped[ToneLabel | None] = mapped_column(Text, comment="The tone said; empty: the word was taken back.")
    tone_read: Mapped[ToneLabel] = mapped_column(Text, comment="The tone read at that time.")
    read_confidence: Mapped[float] = mapped_column(Float, comment="How sure the reading was.")
    engine: Mapped[str] = mapped_column(Text, comment="By what it was read: model, lexicon, signs or none.")
    field: Mapped[Field] = mapped_column(Text, comment="Where the sentence stands: title or text.")
    sentence: Mapped[str] = mapped_column(Text, comment="The sentence the tone was read from, word for word.")
    target_start: Mapped[int] = mapped_column(Integer, comment="Where in the sentence the brand's name begins.")
    target_end: Mapped[int] = mapped_column(Integer, comment="Where it ends.")
    text_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the text the sentence stands in.")
    features: Mapped[bytes | None] = mapped_column(
        comment="What the tone head looks at, 32-bit floats; empty until the worker has read the sentence."
    )
    features_of: Mapped[str | None] = mapped_column(
        Text, comment="The version of the head that these features are for; empty where no sentence model is installed."
    )
    user_id: Mapped[UUID | None] = mapped_column(comment="Who said so; empty for an API key.")
    key_id: Mapped[UUID | None] = mapped_column(comment="The API key that said so.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was said.")
