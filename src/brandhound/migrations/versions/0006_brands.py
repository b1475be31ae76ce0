"""The brands an organization watches, and their names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0006_brands"
down_revision = "0005_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brands",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name shown everywhere."),
        sa.Column("name_key", sa.Text(), nullable=False, comment="The name without case and accents; one brand each."),
        sa.Column("kind", sa.Text(), nullable=False, comment="own, client or competitor."),
        sa.Column(
            "description", sa.Text(), server_default="", nullable=False, comment="One line on what the brand is."
        ),
        sa.Column(
            "category", sa.Text(), server_default="", nullable=False, comment="What it sells, such as shop/cosmetics."
        ),
        sa.Column("website", sa.Text(), server_default="", nullable=False, comment="The brand's own site."),
        sa.Column("color", sa.Text(), nullable=False, comment="Its colour in charts, #RRGGBB."),
        sa.Column(
            "context_words",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Words that say this brand is meant.",
        ),
        sa.Column(
            "not_phrases",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Namesakes: phrases that are not this brand.",
        ),
        sa.Column(
            "paused",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True while nobody looks for it.",
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Counts the changes of how it is found.",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was added."),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed."),
        sa.CheckConstraint("kind in ('own', 'client', 'competitor')", name=op.f("ck_brands_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_brands_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name_key", name=op.f("uq_brands_organization_id_name_key")),
        comment="The brands an organization watches.",
    )
    secure("brands")
    op.create_table(
        "brand_names",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="Whose name it is."),
        sa.Column("position", sa.Integer(), nullable=False, comment="Its place in the list, from 0."),
        sa.Column("text", sa.Text(), nullable=False, comment="The name as people write it."),
        sa.Column("kind", sa.Text(), nullable=False, comment="What kind of name it is."),
        sa.Column(
            "case_sensitive",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Only in exactly this case.",
        ),
        sa.Column(
            "needs_context",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Counts only beside a context word, the own domain or another name.",
        ),
        sa.CheckConstraint(
            "kind in ('legal', 'short', 'product', 'ticker', 'domain', 'handle', 'former', 'misspelling')",
            name=op.f("ck_brand_names_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "brand_id"],
            ["brands.organization_id", "brands.id"],
            name=op.f("fk_brand_names_organization_id_brand_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_names")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_brand_names_organization_id_id")),
        sa.UniqueConstraint(
            "organization_id", "brand_id", "text", name=op.f("uq_brand_names_organization_id_brand_id_text")
        ),
        comment="The names under which a brand is found.",
    )
    op.create_index("ix_brand_names_organization_id_brand_id", "brand_names", ["organization_id", "brand_id"])
    secure("brand_names")


def downgrade() -> None:
    op.drop_table("brand_names")
    op.drop_table("brands")
