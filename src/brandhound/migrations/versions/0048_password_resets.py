"""One-time links by which people choose a new password."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import system_table

revision = "0048_password_resets"
down_revision = "0047_organizations_last"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; as with sessions, only the role that runs sign-in reaches it."""
    op.create_table(
        "password_resets",
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Whose password it is about."),
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the link's secret."),
        sa.Column("made_by", sa.Uuid(), nullable=True, comment="By whom; empty for the command line."),
        sa.Column("made_in", sa.Uuid(), nullable=False, comment="The organization in whose book it stands."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends."),
        sa.PrimaryKeyConstraint("user_id", name="pk_password_resets"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_resets_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_password_resets_made_by", ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash", name="uq_password_resets_token_hash"),
        comment="One-time links by which people choose a new password.",
    )
    system_table("password_resets")


def downgrade() -> None:
    """Links that wait end."""
    op.drop_table("password_resets")
