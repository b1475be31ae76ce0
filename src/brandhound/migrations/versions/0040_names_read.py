"""Which model read the sentences of names that may be brands, and what it took them for."""

import sqlalchemy as sa
from alembic import op

revision = "0040_names_read"
down_revision = "0039_unjudged_ads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns, empty for what no model has read."""
    op.add_column(
        "brand_candidates",
        sa.Column(
            "read_by",
            sa.Text(),
            nullable=True,
            comment="The model that read its sentences in the last look; empty where none did.",
        ),
    )
    op.add_column(
        "brand_candidate_places",
        sa.Column(
            "taken_for",
            sa.Text(),
            nullable=True,
            comment="What a model took the name for: company, product, organization or nothing; empty where none read it.",
        ),
    )
    op.create_check_constraint(
        op.f("ck_brand_candidate_places_taken_for"),
        "brand_candidate_places",
        "taken_for in ('company', 'product', 'organization', 'nothing')",
    )


def downgrade() -> None:
    """What models said is lost; the scores they moved stay until the next look."""
    op.drop_constraint(op.f("ck_brand_candidate_places_taken_for"), "brand_candidate_places")
    op.drop_column("brand_candidate_places", "taken_for")
    op.drop_column("brand_candidates", "read_by")
