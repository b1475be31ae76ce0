"""Which meanings of a brand's name, out of the dictionary that comes along, are not to be looked at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041_meanings"
down_revision = "0042_opinion_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty for all brands: every meaning counts until somebody switches it off."""
    op.add_column(
        "brands",
        sa.Column(
            "meanings_off",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Meanings of its names, by their keys in the dictionary, that are switched off.",
        ),
    )


def downgrade() -> None:
    """What was switched off is lost."""
    op.drop_column("brands", "meanings_off")
