"""Tables of what people did to stories, kept so that it can be taken back and so that matching respects it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import ToneLabel

Regrouping = Literal["merge", "split"]
Marking = Literal["star", "unstar", "archive", "unarchive", "tag", "untag", "delete"]
Saying = Literal["yes", "no", "unjudge", "tone", "untone"]
"""What is said of single mentions, many at once: that they are the brand or are not, how they speak of it, or nothing more."""
DeedKind = Literal[
    "merge", "split", "headline", "star", "unstar", "archive", "unarchive", "tag", "untag", "delete", "yes", "no", "unjudge",
    "tone", "untone",
]  # fmt: skip
DeedState = Literal["doing", "done", "undoing", "undone"]
ItemState = Literal["waiting", "done", "same", "failed", "undone"]

REGROUPINGS: tuple[Regrouping, ...] = ("merge", "split")
SAYINGS: tuple[Saying, ...] = ("yes", "no", "unjudge", "tone", "untone")


class StoryDeed(TenantModel):
    """Something that a person did to one or many stories."""

    __tablename__ = "story_deeds"
    __table_args__ = tenant_args(
        CheckConstraint(
            "kind in ('merge', 'split', 'headline', 'star', 'unstar', 'archive', 'unarchive', 'tag', 'untag', 'delete', "
            "'yes', 'no', 'unjudge', 'tone', 'untone')",
            name="kind",
        ),
        CheckConstraint("state in ('doing', 'done', 'undoing', 'undone')", name="state"),
        CheckConstraint("tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name="tone"),
        Index(None, "organization_id", "created_at", "id"),
        {"comment": "What people did to stories by hand, to be taken back and to be respected by matching."},
    )

    kind: Mapped[DeedKind] = mapped_column(
        Text, comment="merge, split, headline, what was marked, or said of mentions."
    )
    state: Mapped[DeedState] = mapped_column(Text, comment="doing, done, undoing or undone.")
    story_id: Mapped[UUID | None] = mapped_column(comment="The story merged into, split off or spoken for.")
    tag: Mapped[str | None] = mapped_column(Text, comment="The tag that was put on or taken off.")
    tone: Mapped[ToneLabel | None] = mapped_column(Text, comment="The tone that was said.")
    total: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Stories or mentions it is about.")
    changed: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Those that it changed.")
    failed: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Those it could not be done to.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that does it, where there are many.")
    user_id: Mapped[UUID | None] = mapped_column(comment="Who did it; empty for an API key.")
    key_id: Mapped[UUID | None] = mapped_column(comment="The API key that did it.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was done.")
    undone_at: Mapped[datetime | None] = mapped_column(comment="When it was taken back.")


class StoryDeedItem(TenantModel):
    """One story, or one article of a story, that a deed is about.

    Of a merge and a split there is a row for each article of the stories concerned, also for those that stayed where they were:
    it says for good to which story a person wants the article to belong. Identifiers are not references, because a row
    outlives what it speaks of.
    """

    __tablename__ = "story_deed_items"
    __table_args__ = tenant_args(
        tenant_key("deed_id", "story_deeds", ondelete="CASCADE"),
        CheckConstraint("state in ('waiting', 'done', 'same', 'failed', 'undone')", name="state"),
        Index(None, "organization_id", "deed_id", "state", "id"),
        Index(
            "ix_story_deed_items_article",
            "organization_id",
            "article_id",
            postgresql_where=text("article_id is not null"),
        ),
        Index(
            "ix_story_deed_items_mention",
            "organization_id",
            "mention_id",
            postgresql_where=text("mention_id is not null"),
        ),
        Index(None, "organization_id", "story_id"),
        {"comment": "The stories and articles that deeds are about, with how they were before."},
    )

    deed_id: Mapped[UUID] = mapped_column(comment="The deed.")
    story_id: Mapped[UUID] = mapped_column(comment="The story, as it was before.")
    article_id: Mapped[UUID | None] = mapped_column(comment="The article; empty where it is about the story itself.")
    mention_id: Mapped[UUID | None] = mapped_column(comment="The mention, where it is about one.")
    to_story_id: Mapped[UUID | None] = mapped_column(comment="The story it belongs to since.")
    state: Mapped[ItemState] = mapped_column(Text, comment="waiting, done, same (was so before), failed or undone.")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="What is needed to take it back.")
    problem: Mapped[str | None] = mapped_column(Text, comment="Why it could not be done.")
