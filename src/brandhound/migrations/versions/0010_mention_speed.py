"""Find stories by brand, tone and certainty, and mentions by words and for reports, without reading all of them."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0010_mention_speed"
down_revision = "0009_reports"
branch_labels = None
depends_on = None

NEWEST = "ix_mentions_organization_id_published_at_id"
COUNTED = "ix_mentions_organization_id_standing_published_at_id"
COUNTED_BEFORE = ["brand_id", "tone", "outlet", "story_id", "salience"]


def upgrade() -> None:
    """Note what each story says of each brand; keep what is searched and what is counted of mentions in indexes."""
    op.create_table(
        "story_brands",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("story_id", sa.Uuid(), nullable=False, comment="The story."),
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="The brand."),
        sa.Column(
            "standing", sa.Text(), nullable=False, comment="accepted, doubtful or rejected, as the mentions are."
        ),
        sa.Column("tone", sa.Text(), nullable=False, comment="Tone toward the brand."),
        sa.Column("confidence", sa.Float(), nullable=False, comment="The highest confidence among these mentions."),
        sa.Column(
            "last_published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the story's latest article was published.",
        ),
        comment="What each story says of each brand; counted anew with the story, for the filters of the inbox.",
    )
    op.execute(
        """
        insert into story_brands
          (organization_id, story_id, brand_id, standing, tone, confidence, last_published_at)
        select m.organization_id, m.story_id, m.brand_id, m.standing, m.tone, max(m.confidence), s.last_published_at
        from mentions m join stories s on s.organization_id = m.organization_id and s.id = m.story_id
        group by m.organization_id, m.story_id, m.brand_id, m.standing, m.tone, s.last_published_at
        """
    )
    # Keys and indexes after the rows: it takes a third of the time.
    op.create_primary_key(
        "pk_story_brands", "story_brands", ["organization_id", "story_id", "brand_id", "standing", "tone"]
    )
    for column, table in (("story_id", "stories"), ("brand_id", "brands")):
        op.create_foreign_key(
            f"fk_story_brands_organization_id_{column}",
            "story_brands",
            table,
            ["organization_id", column],
            ["organization_id", "id"],
            ondelete="CASCADE",
        )
    op.create_index(
        "ix_story_brands_newest_of_brand",
        "story_brands",
        ["organization_id", "brand_id", "standing", "last_published_at", "story_id"],
        postgresql_include=["tone", "confidence"],
    )
    op.create_index(
        "ix_story_brands_newest",
        "story_brands",
        ["organization_id", "standing", "last_published_at", "story_id"],
        postgresql_include=["brand_id", "tone", "confidence"],
    )
    secure("story_brands")
    # An entry of an index may have 2,704 bytes. Only titles of a thousand letters ever came to more.
    op.execute("update mentions set search_text = left(search_text, 625) where octet_length(search_text) > 2500")
    _put(NEWEST, ["published_at", "id"], ["search_text", "brand_id", "standing", "tone", "confidence"])
    more = ["article_id", "site", "tone_confidence", "confidence", "judgement", "reprint_of"]
    _put(COUNTED, ["standing", "published_at", "id"], COUNTED_BEFORE + more)
    op.alter_column(
        "mentions", "search_text", comment="Folded title and outlet, 2,500 bytes at most, for the search box."
    )


def downgrade() -> None:
    """Forget what stories say of brands; the indexes are narrow again."""
    op.alter_column("mentions", "search_text", comment="Folded title and outlet, for the search box.")
    _put(COUNTED, ["standing", "published_at", "id"], COUNTED_BEFORE)
    _put(NEWEST, ["published_at", "id"], [])
    op.drop_table("story_brands")


def _put(name: str, columns: list[str], include: list[str]) -> None:
    op.drop_index(name, "mentions")
    op.create_index(name, "mentions", ["organization_id", *columns], postgresql_include=include)
