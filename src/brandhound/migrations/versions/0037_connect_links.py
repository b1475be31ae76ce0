"""Links by which clients connect their ad accounts, each once."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0037_connect_links"
down_revision = "0036_sync_rhythm"
branch_labels = None
depends_on = None

_BEGAN = "Who began it; empty for a client with a link, and for an API key with a pasted token."
_BEGAN_BEFORE = "Who began it; empty for an API key with a pasted token."


def upgrade() -> None:
    """Make the table, and let logins name the link they were begun with."""
    op.create_table(
        "ad_connect_links",
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="The one brand that it serves."),
        sa.Column("label", sa.Text(), server_default="", nullable=False, comment="For whom it is, in words."),
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the link's secret."),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends."),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="When a person took it back."),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When somebody last set out with it for Meta.",
        ),
        sa.Column(
            "used_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When accounts were connected by it; then it is over.",
        ),
        sa.Column(
            "used_by",
            sa.Text(),
            nullable=True,
            comment="What the person or system user at Meta is called who did so.",
        ),
        sa.Column(
            "accounts", sa.Integer(), server_default="0", nullable=False, comment="How many accounts they connected."
        ),
        sa.Column(
            "asked",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Times it was asked for in the present minute.",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True, comment="When that minute began."),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it; empty for an API key."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "brand_id"],
            ["brands.organization_id", "brands.id"],
            name=op.f("fk_ad_connect_links_organization_id_brand_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_connect_links")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_ad_connect_links_organization_id_id")),
        sa.UniqueConstraint(
            "organization_id", "token_hash", name=op.f("uq_ad_connect_links_organization_id_token_hash")
        ),
        comment="Links by which clients connect their ad accounts, each once.",
    )
    op.create_index("ix_ad_connect_links_token_hash", "ad_connect_links", ["token_hash"])
    op.create_index("ix_ad_connect_links_brand_id", "ad_connect_links", ["organization_id", "brand_id"])
    secure("ad_connect_links", system=True)
    op.add_column(
        "ad_logins",
        sa.Column("connect_link_id", sa.Uuid(), nullable=True, comment="The link that a client began it with."),
    )
    op.create_foreign_key(
        op.f("fk_ad_logins_organization_id_connect_link_id"),
        "ad_logins",
        "ad_connect_links",
        ["organization_id", "connect_link_id"],
        ["organization_id", "id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_ad_logins_connect_link_id", "ad_logins", ["organization_id", "connect_link_id"])
    op.alter_column("ad_logins", "user_id", comment=_BEGAN, existing_comment=_BEGAN_BEFORE)


def downgrade() -> None:
    """Forget them. What was connected by them stays."""
    op.execute("delete from ad_logins where connect_link_id is not null")
    op.alter_column("ad_logins", "user_id", comment=_BEGAN_BEFORE, existing_comment=_BEGAN)
    op.drop_index("ix_ad_logins_connect_link_id", "ad_logins")
    op.drop_constraint(op.f("fk_ad_logins_organization_id_connect_link_id"), "ad_logins", type_="foreignkey")
    op.drop_column("ad_logins", "connect_link_id")
    op.drop_table("ad_connect_links")
