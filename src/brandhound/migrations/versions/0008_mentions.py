"""Stories, their articles, the mentions of brands in them, and people's judgements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0008_mentions"
down_revision = "0007_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("title", sa.Text(), nullable=False, comment="Headline of the article that speaks for the story."),
        sa.Column("headline_article_id", sa.Uuid(), nullable=False, comment="The article that speaks for the story."),
        sa.Column(
            "first_published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its earliest article was published.",
        ),
        sa.Column(
            "last_published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its latest article was published.",
        ),
        sa.Column(
            "articles", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Articles in the story."
        ),
        sa.Column(
            "outlets", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Distinct outlets among them."
        ),
        sa.Column(
            "reprints",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Articles that copy another one.",
        ),
        sa.Column(
            "mentions", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Mentions of brands in them."
        ),
        sa.Column(
            "standing",
            sa.Text(),
            server_default=sa.text("'doubtful'"),
            nullable=False,
            comment="The best standing among its mentions: where it is listed.",
        ),
        sa.Column(
            "confidence",
            sa.Float(),
            server_default=sa.text("0"),
            nullable=False,
            comment="The highest confidence among its mentions.",
        ),
        sa.Column(
            "doubtful",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether a mention in it waits for a person's judgement.",
        ),
        sa.Column(
            "brand_ids",
            postgresql.ARRAY(sa.Uuid()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Brands mentioned in it.",
        ),
        sa.Column(
            "tones",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Tones of its mentions.",
        ),
        sa.Column(
            "search_text",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Folded titles and outlets of its articles, for the search box.",
        ),
        sa.Column(
            "starred",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Kept at hand by a person.",
        ),
        sa.Column(
            "archived", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="Put away by a person."
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made.",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("standing in ('accepted', 'doubtful', 'rejected')", name=op.f("ck_stories_standing")),
        sa.ForeignKeyConstraint(["headline_article_id"], ["articles.id"], name=op.f("fk_stories_headline_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_stories_organization_id_id")),
        comment="Stories: articles about the same event, grouped, with what the inbox needs to sort and filter.",
    )
    op.create_index(
        op.f("ix_stories_organization_id_archived_last_published_at_id"),
        "stories",
        ["organization_id", "archived", "last_published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_stories_organization_id_doubtful_archived_last_published_at_id"),
        "stories",
        ["organization_id", "doubtful", "archived", "last_published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_stories_organization_id_standing_archived_last_published_at_id"),
        "stories",
        ["organization_id", "standing", "archived", "last_published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_stories_organization_id_starred_last_published_at_id"),
        "stories",
        ["organization_id", "starred", "last_published_at", "id"],
        unique=False,
    )
    secure("stories")
    op.create_table(
        "story_articles",
        sa.Column("story_id", sa.Uuid(), nullable=False, comment="The story."),
        sa.Column("article_id", sa.Uuid(), nullable=False, comment="The article."),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the article was published, or first seen.",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="The article's title."),
        sa.Column("url", sa.Text(), nullable=False, comment="The article's address."),
        sa.Column("outlet", sa.Text(), nullable=False, comment="Who published it."),
        sa.Column("site", sa.Text(), nullable=False, comment="Host name it was published on."),
        sa.Column("text_sha256", sa.Text(), nullable=True, comment="SHA-256 of the extracted text."),
        sa.Column("reprint_of", sa.Uuid(), nullable=True, comment="The earlier article it copies."),
        sa.Column(
            "containment",
            sa.Float(),
            nullable=True,
            comment="Share of the shorter text's three-word runs found in the other one.",
        ),
        sa.Column(
            "relation",
            sa.Text(),
            server_default=sa.text("'original'"),
            nullable=False,
            comment="original, reprint (by another outlet), update (by the same) or related.",
        ),
        sa.Column(
            "terms",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Telling words of title and lead: to know the same story again.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made.",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_story_articles_article_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "story_id"],
            ["stories.organization_id", "stories.id"],
            name=op.f("fk_story_articles_organization_id_story_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["reprint_of"], ["articles.id"], name=op.f("fk_story_articles_reprint_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_articles")),
        sa.UniqueConstraint("organization_id", "article_id", name=op.f("uq_story_articles_organization_id_article_id")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_story_articles_organization_id_id")),
        comment="Which article belongs to which story, and whom it copied.",
    )
    op.create_index(
        op.f("ix_story_articles_organization_id_published_at"),
        "story_articles",
        ["organization_id", "published_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_story_articles_organization_id_story_id_published_at"),
        "story_articles",
        ["organization_id", "story_id", "published_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_story_articles_organization_id_text_sha256_published_at"),
        "story_articles",
        ["organization_id", "text_sha256", "published_at"],
        unique=False,
    )
    secure("story_articles")
    op.create_table(
        "story_bands",
        sa.Column("band_key", sa.BigInteger(), nullable=False, comment="Hash of band number and its three values."),
        sa.Column("article_id", sa.Uuid(), nullable=False, comment="The article."),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=False, comment="When the article was published."
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made.",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_bands")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_story_bands_organization_id_id")),
        comment="Bands of MinHash signatures of recent articles; old rows are removed by the matching job.",
    )
    op.create_index(
        op.f("ix_story_bands_organization_id_band_key_published_at"),
        "story_bands",
        ["organization_id", "band_key", "published_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_story_bands_organization_id_created_at"),
        "story_bands",
        ["organization_id", "created_at"],
        unique=False,
    )
    secure("story_bands")
    op.create_table(
        "mentions",
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="The brand."),
        sa.Column("article_id", sa.Uuid(), nullable=False, comment="The article."),
        sa.Column("story_id", sa.Uuid(), nullable=False, comment="The story the article belongs to."),
        sa.Column("confidence", sa.Float(), nullable=False, comment="Probability that this is the brand, 0 to 1."),
        sa.Column(
            "standing",
            sa.Text(),
            nullable=False,
            comment="accepted, doubtful or rejected: a person's judgement, else the confidence.",
        ),
        sa.Column(
            "reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="Why: list of {code, text, weight}.",
        ),
        sa.Column(
            "salience",
            sa.Text(),
            nullable=False,
            comment="Where the brand stands: title, subject, mentioned, list or boilerplate.",
        ),
        sa.Column("tone", sa.Text(), nullable=False, comment="Tone toward the brand."),
        sa.Column(
            "tone_confidence",
            sa.Float(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Calibrated probability of the tone.",
        ),
        sa.Column(
            "tone_quote",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The sentence the tone was read from, word for word.",
        ),
        sa.Column(
            "tone_evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Where the quote stands: {start, end, field}, and what was read from it: {reasons, engine}.",
        ),
        sa.Column(
            "evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="Each place: {start, end, surface, sentence_start, sentence_end, field: title or text}.",
        ),
        sa.Column("judgement", sa.Text(), nullable=True, comment="yes or no by a person; empty when not judged."),
        sa.Column("judged_by", sa.Uuid(), nullable=True, comment="Who judged."),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True, comment="When it was judged."),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the article was published, or first seen.",
        ),
        sa.Column("outlet", sa.Text(), nullable=False, comment="Who published it."),
        sa.Column("site", sa.Text(), nullable=False, comment="Host name it was published on."),
        sa.Column("language", sa.Text(), nullable=True, comment="Language of the article, ISO 639-1."),
        sa.Column("title", sa.Text(), nullable=False, comment="Title of the article."),
        sa.Column("url", sa.Text(), nullable=False, comment="Address of the article."),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="SHA-256 of the fetched bytes."),
        sa.Column("text_sha256", sa.Text(), nullable=True, comment="SHA-256 of the text the offsets count in."),
        sa.Column(
            "search_text",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Folded title and outlet, for the search box.",
        ),
        sa.Column("reprint_of", sa.Uuid(), nullable=True, comment="The earlier article this one copies."),
        sa.Column(
            "starred",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Kept at hand by a person.",
        ),
        sa.Column(
            "archived", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="Put away by a person."
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made.",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("judgement in ('yes', 'no')", name=op.f("ck_mentions_judgement")),
        sa.CheckConstraint(
            "salience in ('title', 'subject', 'mentioned', 'list', 'boilerplate')", name=op.f("ck_mentions_salience")
        ),
        sa.CheckConstraint("standing in ('accepted', 'doubtful', 'rejected')", name=op.f("ck_mentions_standing")),
        sa.CheckConstraint(
            "tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name=op.f("ck_mentions_tone")
        ),
        sa.CheckConstraint("confidence >= 0 and confidence <= 1", name=op.f("ck_mentions_confidence")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_mentions_article_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "brand_id"],
            ["brands.organization_id", "brands.id"],
            name=op.f("fk_mentions_organization_id_brand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "story_id"],
            ["stories.organization_id", "stories.id"],
            name=op.f("fk_mentions_organization_id_story_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["reprint_of"], ["articles.id"], name=op.f("fk_mentions_reprint_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint(
            "organization_id", "brand_id", "article_id", name=op.f("uq_mentions_organization_id_brand_id_article_id")
        ),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_mentions_organization_id_id")),
        comment="Mentions of brands in articles, with confidence, reasons, tone and evidence.",
    )
    op.create_index(
        op.f("ix_mentions_organization_id_article_id"), "mentions", ["organization_id", "article_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentions_organization_id_brand_id_standing_published_at_id"),
        "mentions",
        ["organization_id", "brand_id", "standing", "published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentions_organization_id_published_at_id"),
        "mentions",
        ["organization_id", "published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentions_organization_id_standing_published_at_id"),
        "mentions",
        ["organization_id", "standing", "published_at", "id"],
        unique=False,
        postgresql_include=["brand_id", "tone", "outlet", "story_id", "salience"],
    )
    op.create_index(
        op.f("ix_mentions_organization_id_story_id"), "mentions", ["organization_id", "story_id"], unique=False
    )
    secure("mentions")
    op.create_table(
        "judgements",
        sa.Column("mention_id", sa.Uuid(), nullable=False, comment="The mention judged."),
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="Its brand."),
        sa.Column("verdict", sa.Text(), nullable=False, comment="yes, no, or withdrawn."),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="Who said so; empty for an API key."),
        sa.Column("key_id", sa.Uuid(), nullable=True, comment="The API key that said so."),
        sa.Column("confidence", sa.Float(), nullable=False, comment="What the machine believed at that time."),
        sa.Column("tone", sa.Text(), nullable=False, comment="The tone the machine read at that time."),
        sa.Column(
            "reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The machine's reasons at that time.",
        ),
        sa.Column("surface", sa.Text(), nullable=False, comment="The words matched first."),
        sa.Column("text_sha256", sa.Text(), nullable=True, comment="SHA-256 of the text that was judged."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was said.",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint(
            "tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name=op.f("ck_judgements_tone")
        ),
        sa.CheckConstraint("verdict in ('yes', 'no', 'withdrawn')", name=op.f("ck_judgements_verdict")),
        sa.ForeignKeyConstraint(
            ["organization_id", "brand_id"],
            ["brands.organization_id", "brands.id"],
            name=op.f("fk_judgements_organization_id_brand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mention_id"],
            ["mentions.organization_id", "mentions.id"],
            name=op.f("fk_judgements_organization_id_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_judgements_organization_id_id")),
        comment="History of judgements on mentions: the labels learning starts from.",
    )
    op.create_index(
        op.f("ix_judgements_organization_id_brand_id_created_at"),
        "judgements",
        ["organization_id", "brand_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_judgements_organization_id_mention_id_created_at"),
        "judgements",
        ["organization_id", "mention_id", "created_at"],
        unique=False,
    )
    secure("judgements")


def downgrade() -> None:
    op.drop_table("judgements")
    op.drop_table("mentions")
    op.drop_table("story_bands")
    op.drop_table("story_articles")
    op.drop_table("stories")
