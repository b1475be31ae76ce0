"""Tables of topics and key messages, and of the mentions that were found to be about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Float, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import Field, Judgement

TopicSort = Literal["topic", "message"]
"""What a mention can be about, or a sentence that the brand wants to be told."""
TopicStanding = Literal["yes", "maybe", "no"]


class Topic(TenantModel):
    """A topic of the organization, or a key message: in a line, with examples, and what was learned from answers."""

    __tablename__ = "topics"
    __table_args__ = (
        *tenant_args(
            tenant_key("brand_id", "brands", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "title"),
            CheckConstraint("sort in ('topic', 'message')", name="sort"),
        ),
        {"comment": "Topics and key messages, which mentions are looked through for."},
    )

    title: Mapped[str] = mapped_column(Text, comment="What it is called.")
    sort: Mapped[TopicSort] = mapped_column(Text, comment="topic, or message: a sentence that shall be told.")
    line: Mapped[str] = mapped_column(Text, comment="What it is about, in a line; of a message the sentence itself.")
    examples: Mapped[list[str]] = mapped_column(
        server_default=text("'{}'"), comment="Sentences that are about it, as an article would have them."
    )
    brand_id: Mapped[UUID | None] = mapped_column(comment="The brand it is looked for with; empty: all.")
    archived: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Put away: nothing new is looked for."
    )
    learned: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'"), comment="What answers taught: {bias, trust, yes, no}; empty: nothing yet."
    )
    direction: Mapped[bytes] = mapped_column(
        server_default=text("''::bytea"), comment="Weights of a passage's vector, 32-bit floats; empty: nothing yet."
    )
    filled_at: Mapped[datetime | None] = mapped_column(comment="When earlier mentions were last looked through for it.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was made.")
    updated_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When its words were last changed."
    )


class TopicFinding(TenantModel):
    """A mention that is about a topic, or may be; or of which a person said so, or not."""

    __tablename__ = "topic_findings"
    __table_args__ = (
        *tenant_args(
            tenant_key("topic_id", "topics", ondelete="CASCADE"),
            tenant_key("mention_id", "mentions", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "topic_id", "mention_id"),
            CheckConstraint("standing in ('yes', 'maybe', 'no')", name="standing"),
            CheckConstraint("said in ('yes', 'no')", name="said"),
            CheckConstraint("field in ('title', 'text')", name="field"),
            CheckConstraint("probability >= 0 and probability <= 1", name="probability"),
            Index(None, "organization_id", "mention_id"),
            Index("ix_topic_findings_newest", "organization_id", "topic_id", "standing", "published_at", "mention_id"),
            Index("ix_topic_findings_lately", "organization_id", "published_at", "topic_id", "standing"),
            Index("ix_topic_findings_said", "organization_id", "topic_id", postgresql_where=text("said is not null")),
        ),
        {"comment": "Which mentions are about which topic, by how sure, with the words that show it."},
    )

    topic_id: Mapped[UUID] = mapped_column(comment="The topic.")
    mention_id: Mapped[UUID] = mapped_column(comment="The mention.")
    probability: Mapped[float] = mapped_column(Float, comment="How sure the machine is, 0 to 1.")
    standing: Mapped[TopicStanding] = mapped_column(
        Text, comment="yes, maybe or no: a person's word, else by the probability."
    )
    said: Mapped[Judgement | None] = mapped_column(Text, comment="yes or no by a person; empty where nobody said.")
    said_by: Mapped[UUID | None] = mapped_column(comment="Who said so.")
    said_at: Mapped[datetime | None] = mapped_column(comment="When it was said.")
    field: Mapped[Field] = mapped_column(Text, comment="Where the words stand: title or text.")
    start: Mapped[int] = mapped_column(Integer, comment="Where they begin.")
    end: Mapped[int] = mapped_column(Integer, comment="Where they end.")
    words: Mapped[str] = mapped_column(Text, comment="The words nearest to the topic, as they stand there.")
    published_at: Mapped[datetime] = mapped_column(comment="When the mention's article was published.")
    found_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was last looked at."
    )
