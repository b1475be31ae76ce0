"""Days that a sync left for later are remembered, with why and until when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038_left_days"
down_revision = "0037_connect_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember them."""
    op.add_column(
        "ad_syncs",
        sa.Column(
            "left_days",
            postgresql.JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="Days that were left for later: which, why, and when they are tried again.",
        ),
    )


def downgrade() -> None:
    """Forget them: what could not be read is not tried again."""
    op.drop_column("ad_syncs", "left_days")
