"""The tables of second opinions, and of which mentions a model is asked about by itself."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import ToneLabel

OpinionVerdict = Literal["yes", "no", "unsure"]
OpinionEngine = Literal["model", "embedded"]
OpinionReach = Literal["other_meanings", "doubtful", "asked"]
"""About which new mentions a model is asked by itself: of names that may mean something else, those in doubt, or none."""


class OpinionRule(TenantModel):
    """Which new mentions an organization has a model asked about. Without a row: those of names that may mean more."""

    __tablename__ = "opinion_rules"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id"),
        CheckConstraint("reach in ('other_meanings', 'doubtful', 'asked')", name="reach"),
        {"comment": "Which new mentions a model is asked about by itself; where there is no row, other_meanings."},
    )

    reach: Mapped[OpinionReach] = mapped_column(
        Text,
        comment="other_meanings: of names that may mean something else; doubtful: those in doubt; asked: when a person asks.",
    )
    updated_at: Mapped[datetime] = mapped_column(comment="When that was last said.")


class MentionOpinion(TenantModel):
    """A second opinion on a mention: advice for a person, who decides."""

    __tablename__ = "mention_opinions"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "mention_id"),
        tenant_key("mention_id", "mentions", ondelete="CASCADE"),
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        CheckConstraint("verdict in ('yes', 'no', 'unsure')", name="verdict"),
        CheckConstraint("tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name="tone"),
        CheckConstraint("engine in ('model', 'embedded')", name="engine"),
        {"comment": "Second opinions on mentions: verdict, tone, and the words they rest on."},
    )

    mention_id: Mapped[UUID] = mapped_column(comment="The mention.")
    brand_id: Mapped[UUID] = mapped_column(comment="Its brand.")
    verdict: Mapped[OpinionVerdict] = mapped_column(Text, comment="yes, no or unsure: whether it is the brand.")
    because: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="Why, in our words.")
    tone: Mapped[ToneLabel] = mapped_column(Text, comment="Tone toward the brand.")
    quotes: Mapped[list[dict[str, Any]]] = mapped_column(
        server_default=text("'[]'"),
        comment="Words that it rests on: list of {kind: identity or tone, field, start, end, text}.",
    )
    dropped: Mapped[int] = mapped_column(server_default="0", comment="Quotations that do not stand in the text.")
    engine: Mapped[OpinionEngine] = mapped_column(Text, comment="model or embedded.")
    provider: Mapped[str | None] = mapped_column(comment="Whose model; empty for the embedded analysis.")
    model: Mapped[str | None] = mapped_column(comment="Which model; empty for the embedded analysis.")
    prompt_version: Mapped[str | None] = mapped_column(
        comment="Version of the prompt; empty for the embedded analysis."
    )
    cost_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="What it cost, in millionths of a dollar; empty where no price is known."
    )
    cached: Mapped[bool] = mapped_column(server_default=false(), comment="Whether it was kept from before.")
    instead_because: Mapped[str | None] = mapped_column(
        comment="Why the embedded analysis answered although a model was wished for."
    )
    text_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the text the offsets count in.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was given.")
