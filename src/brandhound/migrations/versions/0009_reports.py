"""Reports, and the mentions each of them counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from brandhound.migrations.rls import secure

revision = "0009_reports"
down_revision = "0008_mentions"
branch_labels = None
depends_on = None


def _tenant_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
    ]


def upgrade() -> None:
    """Create the tables of reports and of their evidence."""
    op.create_table(
        "reports",
        *_tenant_columns(),
        sa.Column("title", sa.Text(), nullable=False, comment="Its headline"),
        sa.Column(
            "since_on", sa.Date(), nullable=False, comment="First day, in the organization's time zone of that time"
        ),
        sa.Column("until_on", sa.Date(), nullable=False, comment="Last day, included"),
        sa.Column("brand_ids", ARRAY(sa.Uuid()), nullable=False, comment="Brands asked for; empty: all"),
        sa.Column(
            "compare",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether figures stand against the range before",
        ),
        sa.Column(
            "min_confidence",
            sa.Float(),
            server_default=sa.text("0.8"),
            nullable=False,
            comment="A mention counted from this confidence on, or when judged yes",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="composing, ready or failed"),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="The run that composes it, if it is a big one"),
        sa.Column("mentions", sa.Integer(), nullable=True, comment="Mentions of its subject, for lists"),
        sa.Column("stories", sa.Integer(), nullable=True, comment="Stories of its subject, for lists"),
        sa.Column("document", JSONB(), nullable=True, comment="The frozen document; empty until it is composed"),
        sa.Column("document_sha256", sa.Text(), nullable=True, comment="SHA-256 of the document's canonical JSON"),
        sa.Column(
            "created_by", sa.Uuid(), nullable=True, comment="Who asked for it; empty for an API key or a schedule"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was asked for",
        ),
        sa.CheckConstraint("state in ('composing', 'ready', 'failed')", name=op.f("ck_reports_state")),
        sa.CheckConstraint("since_on <= until_on", name=op.f("ck_reports_range")),
        sa.CheckConstraint("state <> 'ready' or document is not null", name=op.f("ck_reports_ready")),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("organization_id", "id", name="uq_reports_organization_id_id"),
        comment="Reports: the frozen document, and what was asked for.",
    )
    op.create_index("ix_reports_organization_id_created_at_id", "reports", ["organization_id", "created_at", "id"])
    secure("reports")

    op.create_table(
        "report_mentions",
        *_tenant_columns(),
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="The report"),
        sa.Column("period", sa.Text(), nullable=False, comment="range, or before: the one it is compared with"),
        sa.Column("mention_id", sa.Uuid(), nullable=False, comment="The mention; it may be gone since"),
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="Its brand"),
        sa.Column("brand_name", sa.Text(), nullable=False, comment="The brand's name"),
        sa.Column("brand_kind", sa.Text(), nullable=False, comment="own, client or competitor"),
        sa.Column("subject", sa.Boolean(), nullable=False, comment="Whether the headline figures count it"),
        sa.Column("story_id", sa.Uuid(), nullable=True, comment="Its story"),
        sa.Column("article_id", sa.Uuid(), nullable=False, comment="Its article"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the article was published, or first seen",
        ),
        sa.Column("day_on", sa.Date(), nullable=False, comment="The same as a day of the organization's calendar"),
        sa.Column("title", sa.Text(), nullable=False, comment="Title of the article"),
        sa.Column("url", sa.Text(), nullable=False, comment="Address of the article"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="Who published it"),
        sa.Column("site", sa.Text(), nullable=False, comment="Host name it was published on"),
        sa.Column("language", sa.Text(), nullable=False, comment="Language of the article, ISO 639-1, or empty"),
        sa.Column("salience", sa.Text(), nullable=False, comment="Where the brand stands in the article"),
        sa.Column("tone", sa.Text(), nullable=False, comment="Tone toward the brand"),
        sa.Column("quote", sa.Text(), nullable=False, comment="The words the tone was read from, or empty"),
        sa.Column("confidence", sa.Float(), nullable=False, comment="Probability that this is the brand, 0 to 1"),
        sa.Column("judgement", sa.Text(), nullable=True, comment="yes by a person; empty when not judged"),
        sa.Column("reprint", sa.Boolean(), nullable=False, comment="Whether the article copies an earlier one"),
        sa.Column("reasons", JSONB(), nullable=False, comment="Why it counts: list of {code, text, weight}"),
        sa.Column("evidence", JSONB(), nullable=False, comment="Each place, with offsets of its sentence"),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="SHA-256 of the fetched bytes"),
        sa.Column("text_sha256", sa.Text(), nullable=True, comment="SHA-256 of the text the offsets count in"),
        sa.CheckConstraint("period in ('range', 'before')", name=op.f("ck_report_mentions_period")),
        sa.PrimaryKeyConstraint("id", name="pk_report_mentions"),
        sa.UniqueConstraint("organization_id", "id", name="uq_report_mentions_organization_id_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "report_id"],
            ["reports.organization_id", "reports.id"],
            name="fk_report_mentions_organization_id_report_id",
            ondelete="CASCADE",
        ),
        comment="The evidence of a report: each mention it counted, as it was then.",
    )
    op.create_index(
        "ix_report_mentions_newest",
        "report_mentions",
        ["organization_id", "report_id", "period", "published_at", "mention_id"],
    )
    secure("report_mentions")


def downgrade() -> None:
    """Remove both."""
    op.drop_table("report_mentions")
    op.drop_table("reports")
