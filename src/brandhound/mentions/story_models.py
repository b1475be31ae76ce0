"""Tables of stories: what happened, which articles tell it, and what it says of each brand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import SETTING, Model, TenantModel, tenant_args, tenant_key
from brandhound.mentions.standings import Standing, ToneLabel

UUIDS = ARRAY(Uuid())


class Story(TenantModel):
    """One thing that happened, told by one or many articles."""

    __tablename__ = "stories"
    __table_args__ = (
        *tenant_args(
            CheckConstraint("standing in ('accepted', 'doubtful', 'rejected')", name="standing"),
            # Each view, newest first. Equality on text and boolean is leakproof: these serve under row-level security.
            Index(None, "organization_id", "standing", "archived", "last_published_at", "id"),
            Index(None, "organization_id", "doubtful", "archived", "last_published_at", "id"),
            Index(None, "organization_id", "starred", "last_published_at", "id"),
            Index(None, "organization_id", "archived", "last_published_at", "id"),
        ),
        {"comment": "Stories: articles about the same event, grouped, with what the inbox needs to sort and filter."},
    )

    title: Mapped[str] = mapped_column(Text, comment="Headline of the article that speaks for the story.")
    headline_article_id: Mapped[UUID] = mapped_column(
        ForeignKey("articles.id"), comment="The article that speaks for the story."
    )
    chosen_headline_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("articles.id"), comment="The article that a person chose to speak for it, while it is in the story."
    )
    first_published_at: Mapped[datetime] = mapped_column(comment="When its earliest article was published.")
    last_published_at: Mapped[datetime] = mapped_column(comment="When its latest article was published.")
    articles: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Articles in the story.")
    outlets: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Distinct outlets among them.")
    reprints: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Articles that copy another one.")
    mentions: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Mentions of brands in them.")
    standing: Mapped[Standing] = mapped_column(
        Text, server_default=text("'doubtful'"), comment="The best standing among its mentions: where it is listed."
    )
    confidence: Mapped[float] = mapped_column(
        Float, server_default=text("0"), comment="The highest confidence among its mentions."
    )
    doubtful: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Whether a mention in it waits for a person's judgement."
    )
    brand_ids: Mapped[list[UUID]] = mapped_column(UUIDS, server_default=text("'{}'"), comment="Brands mentioned in it.")
    tones: Mapped[list[ToneLabel]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="Tones of its mentions."
    )
    search_text: Mapped[str] = mapped_column(
        Text, server_default=text("''"), comment="Folded titles and outlets of its articles, for the search box."
    )
    starred: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), comment="Kept at hand by a person.")
    archived: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), comment="Put away by a person.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When the row was made."
    )


class StoryBrand(Model):
    """What a story says of a brand: one row for each standing and tone among its mentions of it.

    Stories of a brand, of a tone or of some certainty are found here newest first, by an index alone and up to the end of
    the page; from the mentions one would have to gather all of them and sort.
    """

    __tablename__ = "story_brands"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "story_id", "brand_id", "standing", "tone"),
        tenant_key("story_id", "stories", ondelete="CASCADE"),
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        Index(
            "ix_story_brands_newest_of_brand",
            "organization_id",
            "brand_id",
            "standing",
            "last_published_at",
            "story_id",
            postgresql_include=["tone", "confidence"],
        ),
        Index(
            "ix_story_brands_newest",
            "organization_id",
            "standing",
            "last_published_at",
            "story_id",
            postgresql_include=["brand_id", "tone", "confidence"],
        ),
        {"comment": "What each story says of each brand; counted anew with the story, for the filters of the inbox."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    story_id: Mapped[UUID] = mapped_column(comment="The story.")
    brand_id: Mapped[UUID] = mapped_column(comment="The brand.")
    standing: Mapped[Standing] = mapped_column(Text, comment="accepted, doubtful or rejected, as the mentions are.")
    tone: Mapped[ToneLabel] = mapped_column(Text, comment="Tone toward the brand.")
    confidence: Mapped[float] = mapped_column(Float, comment="The highest confidence among these mentions.")
    last_published_at: Mapped[datetime] = mapped_column(comment="When the story's latest article was published.")


class StoryTag(TenantModel):
    """A word that people put on a story."""

    __tablename__ = "story_tags"
    __table_args__ = (
        *tenant_args(
            tenant_key("story_id", "stories", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "story_id", "tag"),
            Index(None, "organization_id", "tag", "story_id"),
        ),
        {"comment": "Tags that people put on stories."},
    )

    story_id: Mapped[UUID] = mapped_column(comment="The story.")
    tag: Mapped[str] = mapped_column(Text, comment="The tag, as it was first written in the organization.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was put on."
    )


class StoryArticle(TenantModel):
    """An article as part of a story: each article is in exactly one story of an organization."""

    __tablename__ = "story_articles"
    __table_args__ = (
        *tenant_args(
            tenant_key("story_id", "stories", ondelete="CASCADE"),
            UniqueConstraint("organization_id", "article_id"),
            Index(None, "organization_id", "story_id", "published_at"),
            Index(None, "organization_id", "text_sha256", "published_at"),
            Index(None, "organization_id", "published_at"),
        ),
        {"comment": "Which article belongs to which story, and whom it copied."},
    )

    story_id: Mapped[UUID] = mapped_column(comment="The story.")
    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id"), comment="The article.")
    published_at: Mapped[datetime] = mapped_column(comment="When the article was published, or first seen.")
    title: Mapped[str] = mapped_column(Text, comment="The article's title.")
    url: Mapped[str] = mapped_column(Text, comment="The article's address.")
    outlet: Mapped[str] = mapped_column(Text, comment="Who published it.")
    site: Mapped[str] = mapped_column(Text, comment="Host name it was published on.")
    text_sha256: Mapped[str | None] = mapped_column(Text, comment="SHA-256 of the extracted text.")
    reprint_of: Mapped[UUID | None] = mapped_column(ForeignKey("articles.id"), comment="The earlier article it copies.")
    containment: Mapped[float | None] = mapped_column(
        Float, comment="Share of the shorter text's three-word runs found in the other one."
    )
    relation: Mapped[str] = mapped_column(
        Text,
        server_default=text("'original'"),
        comment="original, reprint (by another outlet), update (by the same) or related.",
    )
    wire: Mapped[str | None] = mapped_column(
        Text, comment="The news agency or press wire that it credits; empty: none; null: not looked for yet."
    )
    terms: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'"),
        comment="Telling words of title and lead: to know the same story again.",
    )
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When the row was made."
    )


class StoryBand(TenantModel):
    """One band of an article's MinHash signature: equal bands make two articles candidates for being copies."""

    __tablename__ = "story_bands"
    __table_args__ = (
        *tenant_args(
            Index(None, "organization_id", "band_key", "published_at"),
            Index(None, "organization_id", "created_at"),
        ),
        {"comment": "Bands of MinHash signatures of recent articles; old rows are removed by the matching job."},
    )

    band_key: Mapped[int] = mapped_column(BigInteger, comment="Hash of band number and its three values.")
    article_id: Mapped[UUID] = mapped_column(comment="The article.")
    published_at: Mapped[datetime] = mapped_column(comment="When the article was published.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When the row was made."
    )
