"""Tables of feeds. Documents, entries and articles are shared: they are public pages and hold nothing of an organization."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import Model, TenantModel, tenant_args
from brandhound.core.ids import uuid7
from brandhound.feeds.rhythm import Rhythm

DocumentState = Literal["active", "failing", "gone", "parked"]
ArticleState = Literal["pending", "fetched", "failed", "blocked"]
IdentityRule = Literal["guid", "url"]


class FeedDocument(Model):
    """A feed as it lies on the web, fetched once for everybody who follows it."""

    __tablename__ = "feed_documents"
    __table_args__ = (
        UniqueConstraint("url_key"),
        CheckConstraint("state in ('active', 'failing', 'gone', 'parked')", name="state"),
        CheckConstraint("identity_rule in ('guid', 'url')", name="identity_rule"),
        Index("ix_feed_documents_due", "next_check_at", postgresql_where=text("next_check_at is not null")),
        {"comment": "Feeds as they lie on the web: one row and one fetch for all who follow them."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    url: Mapped[str] = mapped_column(comment="Where it is fetched.")
    url_key: Mapped[str] = mapped_column(
        comment="The address in the form in which two spellings are one; private:<feed id> with credentials."
    )
    private: Mapped[bool] = mapped_column(
        server_default=false(), comment="Fetched with one organization's credentials, so shared with nobody."
    )
    kind: Mapped[str | None] = mapped_column(comment="rss, rdf, atom, cdf, json or sitemap; empty until read.")
    title: Mapped[str | None] = mapped_column(comment="What the feed calls itself.")
    site_url: Mapped[str | None] = mapped_column(comment="The site that the feed is of.")
    language: Mapped[str | None] = mapped_column(comment="The language it says it is in.")
    state: Mapped[DocumentState] = mapped_column(
        Text, server_default="active", comment="active, failing, gone (410 for days), parked (nobody follows it)."
    )
    next_check_at: Mapped[datetime | None] = mapped_column(comment="When to look again; empty while gone or parked.")
    check_reason: Mapped[str | None] = mapped_column(comment="Why then: the words after 'because'.")
    interval_seconds: Mapped[int | None] = mapped_column(comment="The wait that led to next_check_at, without jitter.")
    claimed_until: Mapped[datetime | None] = mapped_column(comment="Being fetched by someone until then at most.")
    failures: Mapped[int] = mapped_column(server_default="0", comment="Failed looks in a row.")
    failing_since: Mapped[datetime | None] = mapped_column(comment="When the first of them was.")
    error_code: Mapped[str | None] = mapped_column(comment="What the last look failed with.")
    error_detail: Mapped[str | None] = mapped_column(comment="The same in words.")
    last_checked_at: Mapped[datetime | None] = mapped_column(comment="The last look.")
    last_ok_at: Mapped[datetime | None] = mapped_column(comment="The last look that succeeded.")
    last_entry_at: Mapped[datetime | None] = mapped_column(comment="When the newest entry was published.")
    silent_since: Mapped[datetime | None] = mapped_column(
        comment="Since when it has been quieter than its rhythm explains; empty while it is not."
    )
    moved_to: Mapped[str | None] = mapped_column(comment="Where it permanently redirects to, until that is believed.")
    moved_count: Mapped[int] = mapped_column(server_default="0", comment="Looks in a row that were led there.")
    moved_since: Mapped[datetime | None] = mapped_column(comment="The first of them.")
    moved_from: Mapped[str | None] = mapped_column(comment="The address before the last move that was believed.")
    gone_count: Mapped[int] = mapped_column(server_default="0", comment="Answers 410 in a row.")
    gone_since: Mapped[datetime | None] = mapped_column(comment="The first of them.")
    body_sha256: Mapped[str | None] = mapped_column(comment="Hash of the last body read; the same again is no news.")
    ttl_minutes: Mapped[int | None] = mapped_column(comment="The wait that the publisher asks for in the feed.")
    skip_hours: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), server_default=text("'{}'"), comment="Hours, UTC, in which nothing new comes."
    )
    skip_days: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), server_default=text("'{}'"), comment="Weekdays, Monday is 0, in which nothing new comes."
    )
    hub_url: Mapped[str | None] = mapped_column(comment="The WebSub hub it names.")
    truncated: Mapped[bool] = mapped_column(
        server_default=false(), comment="It had more entries than are kept of one reading."
    )
    repaired: Mapped[bool] = mapped_column(
        server_default=false(), comment="Not well-formed, or wrongly encoded: read nevertheless."
    )
    identity_rule: Mapped[IdentityRule] = mapped_column(
        Text, server_default="guid", comment="What tells entries apart: guid, or url where guids change every time."
    )
    churned: Mapped[int] = mapped_column(
        server_default="0", comment="Readings in a row in which known pages came with new guids."
    )
    rhythm: Mapped[dict[str, Any] | None] = mapped_column(comment="Entries by hour of the week, as last counted.")
    replacement_url: Mapped[str | None] = mapped_column(comment="A feed found on the site when this one was lost.")
    searched_at: Mapped[datetime | None] = mapped_column(comment="When the site was last searched for another feed.")
    backfilled_at: Mapped[datetime | None] = mapped_column(comment="When its history was read from a news sitemap.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was first followed.")

    @property
    def known_rhythm(self) -> Rhythm:
        return Rhythm.from_json(self.rhythm)


class FeedValidator(Model):
    """What one address of a feed's redirect chain last said about its version. It belongs to the address, not the feed."""

    __tablename__ = "feed_validators"
    __table_args__ = (
        PrimaryKeyConstraint("document_id", "url"),
        {
            "comment": "ETag and Last-Modified for each address of a feed's redirect chain, sent back exactly as they came."
        },
    )

    document_id: Mapped[UUID] = mapped_column(
        ForeignKey("feed_documents.id", ondelete="CASCADE"), comment="The feed whose chain it is."
    )
    url: Mapped[str] = mapped_column(comment="The address that said it.")
    etag: Mapped[str | None] = mapped_column(comment="Its ETag, with quotes and W/.")
    last_modified: Mapped[str | None] = mapped_column(comment="Its Last-Modified, letter by letter.")
    fetched_at: Mapped[datetime] = mapped_column(comment="When.")


class Article(Model):
    """A page that feeds lead to, fetched once."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("url_key"),
        CheckConstraint("state in ('pending', 'fetched', 'failed', 'blocked')", name="state"),
        Index("ix_articles_pending", "first_seen_at", postgresql_where=text("state = 'pending'")),
        Index(None, "text_sha256"),
        {"comment": "Pages that feeds lead to. Shared by address: one fetch serves all organizations."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    url: Mapped[str] = mapped_column(comment="Where it was found, without tracking parameters.")
    url_key: Mapped[str] = mapped_column(comment="The address in the form in which two spellings are one.")
    canonical_url: Mapped[str | None] = mapped_column(comment="What the page says its own address is.")
    site: Mapped[str] = mapped_column(comment="Registrable domain of the page, such as bbc.co.uk.")
    outlet: Mapped[str | None] = mapped_column(comment="The publication's name.")
    title: Mapped[str | None] = mapped_column(comment="Headline.")
    authors: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="Who wrote it.")
    published_at: Mapped[datetime | None] = mapped_column(comment="When it says it was published.")
    modified_at: Mapped[datetime | None] = mapped_column(comment="When it says it was last changed.")
    language: Mapped[str | None] = mapped_column(comment="Language of the text, ISO 639-1.")
    state: Mapped[ArticleState] = mapped_column(
        Text, server_default="pending", comment="pending, fetched, failed, or blocked (wall, robots)."
    )
    error_code: Mapped[str | None] = mapped_column(comment="Why it could not be read.")
    body_sha256: Mapped[str | None] = mapped_column(comment="Hash, and file, of the bytes as fetched.")
    text_sha256: Mapped[str | None] = mapped_column(comment="Hash, and file, of the text.")
    text_length: Mapped[int | None] = mapped_column(comment="Characters of text.")
    minhash: Mapped[bytes | None] = mapped_column(LargeBinary, comment="Signature of the text, for near copies.")
    fetched_at: Mapped[datetime | None] = mapped_column(comment="When the page was fetched.")
    first_seen_at: Mapped[datetime] = mapped_column(comment="When a feed first named it.")


class FeedEntry(Model):
    """One item of a feed, stored once."""

    __tablename__ = "feed_entries"
    __table_args__ = (
        UniqueConstraint("document_id", "identity"),
        Index(None, "document_id", "first_seen_at"),
        Index(None, "article_id"),
        {"comment": "Items of feeds, each stored once."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    document_id: Mapped[UUID] = mapped_column(
        ForeignKey("feed_documents.id", ondelete="CASCADE"), comment="The feed it came from."
    )
    identity: Mapped[str] = mapped_column(comment="What makes it the same item the next time.")
    guid: Mapped[str | None] = mapped_column(comment="The id that the feed gives it.")
    title: Mapped[str] = mapped_column(comment="Title as words.")
    link: Mapped[str | None] = mapped_column(comment="The page it leads to, without tracking parameters.")
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("articles.id"), comment="The page it leads to.")
    published_at: Mapped[datetime] = mapped_column(
        comment="When it was published, or first seen where that is unknown."
    )
    published_raw: Mapped[str | None] = mapped_column(comment="The date as the feed writes it.")
    published_confidence: Mapped[Literal["stated", "guessed", "missing"]] = mapped_column(
        Text, comment="Whether the date is stated, guessed or missing."
    )
    updated_at: Mapped[datetime | None] = mapped_column(comment="When the feed says it was changed.")
    first_seen_at: Mapped[datetime] = mapped_column(comment="When we first saw it.")
    backfilled: Mapped[bool] = mapped_column(
        server_default=false(), comment="Found in the site's sitemap, and not yet in the feed itself."
    )
    authors: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="Who wrote it.")
    summary: Mapped[str] = mapped_column(server_default="", comment="Summary as words, at most 2,000 characters.")
    categories: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="Categories the feed gives it.")
    enclosures: Mapped[list[dict[str, Any]]] = mapped_column(
        server_default=text("'[]'"), comment="Attached files: url, type, length."
    )
    source_title: Mapped[str | None] = mapped_column(comment="Original publisher, where the feed passes it on.")
    source_url: Mapped[str | None] = mapped_column(comment="The original publisher's address.")


class Feed(TenantModel):
    """A feed that an organization follows."""

    __tablename__ = "feeds"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "document_id"),
        CheckConstraint("timeout_seconds between 5 and 600", name="timeout_seconds"),
        Index(None, "document_id"),
        {"comment": "Which organization follows which feed, and under which name."},
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("feed_documents.id"), comment="The feed on the web.")
    title: Mapped[str | None] = mapped_column(comment="The organization's own name for it.")
    tags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), comment="Folders, as in OPML.")
    paused: Mapped[bool] = mapped_column(server_default=false(), comment="Not listened to at the moment.")
    credentials_sealed: Mapped[str | None] = mapped_column(comment="User and password, encrypted.")
    timeout_seconds: Mapped[int | None] = mapped_column(
        comment="The longest that a check may take; empty: as the job says."
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was followed.")
