"""Tables of feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import open_table, secure

revision = "0007_feeds"
down_revision = "0006_brands"
branch_labels = None
depends_on = None

SHARED = ("feed_documents", "feed_validators", "articles", "feed_entries")


def upgrade() -> None:
    """Create what feeds needs."""
    op.create_table(
        "feed_documents",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("url", sa.Text(), nullable=False, comment="Where it is fetched."),
        sa.Column(
            "url_key",
            sa.Text(),
            nullable=False,
            comment="The address in the form in which two spellings are one; private:<feed id> with credentials.",
        ),
        sa.Column(
            "private",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Fetched with one organization's credentials, so shared with nobody.",
        ),
        sa.Column("kind", sa.Text(), nullable=True, comment="rss, rdf, atom, cdf, json or sitemap; empty until read."),
        sa.Column("title", sa.Text(), nullable=True, comment="What the feed calls itself."),
        sa.Column("site_url", sa.Text(), nullable=True, comment="The site that the feed is of."),
        sa.Column("language", sa.Text(), nullable=True, comment="The language it says it is in."),
        sa.Column(
            "state",
            sa.Text(),
            server_default="active",
            nullable=False,
            comment="active, failing, gone (410 for days), parked (nobody follows it).",
        ),
        sa.Column(
            "next_check_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When to look again; empty while gone or parked.",
        ),
        sa.Column("check_reason", sa.Text(), nullable=True, comment="Why then: the words after 'because'."),
        sa.Column(
            "interval_seconds",
            sa.Integer(),
            nullable=True,
            comment="The wait that led to next_check_at, without jitter.",
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Being fetched by someone until then at most.",
        ),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False, comment="Failed looks in a row."),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True, comment="When the first of them was."),
        sa.Column("error_code", sa.Text(), nullable=True, comment="What the last look failed with."),
        sa.Column("error_detail", sa.Text(), nullable=True, comment="The same in words."),
        sa.Column("last_checked_at", sa.DateTime(timezone=True), nullable=True, comment="The last look."),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True, comment="The last look that succeeded."),
        sa.Column(
            "last_entry_at", sa.DateTime(timezone=True), nullable=True, comment="When the newest entry was published."
        ),
        sa.Column(
            "silent_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Since when it has been quieter than its rhythm explains; empty while it is not.",
        ),
        sa.Column(
            "moved_to", sa.Text(), nullable=True, comment="Where it permanently redirects to, until that is believed."
        ),
        sa.Column(
            "moved_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Looks in a row that were led there.",
        ),
        sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True, comment="The first of them."),
        sa.Column(
            "moved_from", sa.Text(), nullable=True, comment="The address before the last move that was believed."
        ),
        sa.Column("gone_count", sa.Integer(), server_default="0", nullable=False, comment="Answers 410 in a row."),
        sa.Column("gone_since", sa.DateTime(timezone=True), nullable=True, comment="The first of them."),
        sa.Column(
            "body_sha256", sa.Text(), nullable=True, comment="Hash of the last body read; the same again is no news."
        ),
        sa.Column(
            "ttl_minutes", sa.Integer(), nullable=True, comment="The wait that the publisher asks for in the feed."
        ),
        sa.Column(
            "skip_hours",
            sa.ARRAY(sa.SmallInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Hours, UTC, in which nothing new comes.",
        ),
        sa.Column(
            "skip_days",
            sa.ARRAY(sa.SmallInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Weekdays, Monday is 0, in which nothing new comes.",
        ),
        sa.Column("hub_url", sa.Text(), nullable=True, comment="The WebSub hub it names."),
        sa.Column(
            "truncated",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="It had more entries than are kept of one reading.",
        ),
        sa.Column(
            "repaired",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Not well-formed, or wrongly encoded: read nevertheless.",
        ),
        sa.Column(
            "identity_rule",
            sa.Text(),
            server_default="guid",
            nullable=False,
            comment="What tells entries apart: guid, or url where guids change every time.",
        ),
        sa.Column(
            "churned",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Readings in a row in which known pages came with new guids.",
        ),
        sa.Column("rhythm", postgresql.JSONB(), nullable=True, comment="Entries by hour of the week, as last counted."),
        sa.Column(
            "replacement_url", sa.Text(), nullable=True, comment="A feed found on the site when this one was lost."
        ),
        sa.Column(
            "searched_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the site was last searched for another feed.",
        ),
        sa.Column(
            "backfilled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When its history was read from a news sitemap.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was first followed.",
        ),
        sa.CheckConstraint("identity_rule in ('guid', 'url')", name="ck_feed_documents_identity_rule"),
        sa.CheckConstraint("state in ('active', 'failing', 'gone', 'parked')", name="ck_feed_documents_state"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_documents"),
        sa.UniqueConstraint("url_key", name="uq_feed_documents_url_key"),
        comment="Feeds as they lie on the web: one row and one fetch for all who follow them.",
    )
    op.create_index(
        "ix_feed_documents_due",
        "feed_documents",
        ["next_check_at"],
        unique=False,
        postgresql_where=sa.text("next_check_at is not null"),
    )
    op.create_table(
        "feed_validators",
        sa.Column("document_id", sa.Uuid(), nullable=False, comment="The feed whose chain it is."),
        sa.Column("url", sa.Text(), nullable=False, comment="The address that said it."),
        sa.Column("etag", sa.Text(), nullable=True, comment="Its ETag, with quotes and W/."),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="Its Last-Modified, letter by letter."),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["document_id"], ["feed_documents.id"], name="fk_feed_validators_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "url", name="pk_feed_validators"),
        comment="ETag and Last-Modified for each address of a feed's redirect chain, sent back exactly as they came.",
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("url", sa.Text(), nullable=False, comment="Where it was found, without tracking parameters."),
        sa.Column(
            "url_key", sa.Text(), nullable=False, comment="The address in the form in which two spellings are one."
        ),
        sa.Column("canonical_url", sa.Text(), nullable=True, comment="What the page says its own address is."),
        sa.Column("site", sa.Text(), nullable=False, comment="Registrable domain of the page, such as bbc.co.uk."),
        sa.Column("outlet", sa.Text(), nullable=True, comment="The publication's name."),
        sa.Column("title", sa.Text(), nullable=True, comment="Headline."),
        sa.Column(
            "authors", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False, comment="Who wrote it."
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True, comment="When it says it was published."),
        sa.Column(
            "modified_at", sa.DateTime(timezone=True), nullable=True, comment="When it says it was last changed."
        ),
        sa.Column("language", sa.Text(), nullable=True, comment="Language of the text, ISO 639-1."),
        sa.Column(
            "state",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="pending, fetched, failed, or blocked (wall, robots).",
        ),
        sa.Column("error_code", sa.Text(), nullable=True, comment="Why it could not be read."),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="Hash, and file, of the bytes as fetched."),
        sa.Column("text_sha256", sa.Text(), nullable=True, comment="Hash, and file, of the text."),
        sa.Column("text_length", sa.Integer(), nullable=True, comment="Characters of text."),
        sa.Column("minhash", sa.LargeBinary(), nullable=True, comment="Signature of the text, for near copies."),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True, comment="When the page was fetched."),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When a feed first named it."),
        sa.CheckConstraint("state in ('pending', 'fetched', 'failed', 'blocked')", name="ck_articles_state"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("url_key", name="uq_articles_url_key"),
        comment="Pages that feeds lead to. Shared by address: one fetch serves all organizations.",
    )
    op.create_index(
        "ix_articles_pending",
        "articles",
        ["first_seen_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_articles_text_sha256", "articles", ["text_sha256"], unique=False)
    op.create_table(
        "feed_entries",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("document_id", sa.Uuid(), nullable=False, comment="The feed it came from."),
        sa.Column("identity", sa.Text(), nullable=False, comment="What makes it the same item the next time."),
        sa.Column("guid", sa.Text(), nullable=True, comment="The id that the feed gives it."),
        sa.Column("title", sa.Text(), nullable=False, comment="Title as words."),
        sa.Column("link", sa.Text(), nullable=True, comment="The page it leads to, without tracking parameters."),
        sa.Column("article_id", sa.Uuid(), nullable=True, comment="The page it leads to."),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was published, or first seen where that is unknown.",
        ),
        sa.Column("published_raw", sa.Text(), nullable=True, comment="The date as the feed writes it."),
        sa.Column(
            "published_confidence", sa.Text(), nullable=False, comment="Whether the date is stated, guessed or missing."
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=True, comment="When the feed says it was changed."
        ),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When we first saw it."),
        sa.Column(
            "authors", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False, comment="Who wrote it."
        ),
        sa.Column(
            "summary",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Summary as words, at most 2,000 characters.",
        ),
        sa.Column(
            "categories",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Categories the feed gives it.",
        ),
        sa.Column(
            "enclosures",
            postgresql.JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="Attached files: url, type, length.",
        ),
        sa.Column("source_title", sa.Text(), nullable=True, comment="Original publisher, where the feed passes it on."),
        sa.Column("source_url", sa.Text(), nullable=True, comment="The original publisher's address."),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_feed_entries_article_id"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["feed_documents.id"], name="fk_feed_entries_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feed_entries"),
        sa.UniqueConstraint("document_id", "identity", name="uq_feed_entries_document_id_identity"),
        comment="Items of feeds, each stored once.",
    )
    op.create_index("ix_feed_entries_article_id", "feed_entries", ["article_id"], unique=False)
    op.create_index(
        "ix_feed_entries_document_id_first_seen_at", "feed_entries", ["document_id", "first_seen_at"], unique=False
    )
    op.create_table(
        "feeds",
        sa.Column("document_id", sa.Uuid(), nullable=False, comment="The feed on the web."),
        sa.Column("title", sa.Text(), nullable=True, comment="The organization's own name for it."),
        sa.Column(
            "tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False, comment="Folders, as in OPML."
        ),
        sa.Column(
            "paused",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Not listened to at the moment.",
        ),
        sa.Column("credentials_sealed", sa.Text(), nullable=True, comment="User and password, encrypted."),
        sa.Column(
            "timeout_seconds",
            sa.Integer(),
            nullable=True,
            comment="The longest that a check may take; empty: as the job says.",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was followed."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("timeout_seconds between 5 and 600", name="timeout_seconds"),
        sa.ForeignKeyConstraint(["document_id"], ["feed_documents.id"], name="fk_feeds_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("organization_id", "document_id", name="uq_feeds_organization_id_document_id"),
        sa.UniqueConstraint("organization_id", "id", name="uq_feeds_organization_id_id"),
        comment="Which organization follows which feed, and under which name.",
    )
    op.create_index("ix_feeds_document_id", "feeds", ["document_id"], unique=False)

    for table in SHARED:
        open_table(table)
    # Polling finds out who follows a feed, across organizations.
    secure("feeds", system=True)


def downgrade() -> None:
    """Take it away again."""
    for table in ("feeds", "feed_entries", "articles", "feed_validators", "feed_documents"):
        op.drop_table(table)
