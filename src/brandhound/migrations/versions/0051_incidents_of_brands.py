"""An alert that was given another brand, or another kind, tells of that one although something else was found at the same hour."""

from alembic import op

revision = "0051_incidents_of_brands"
down_revision = "0050_backfilled_entries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_brand_incidents_once", "brand_incidents")
    _once(["organization_id", "alert_id", "brand_id", "kind", "opened_at", "story_id"])


def downgrade() -> None:
    op.drop_index("ix_brand_incidents_once", "brand_incidents")
    op.execute(
        "delete from brand_incidents one using brand_incidents other where one.organization_id = other.organization_id"
        " and one.alert_id = other.alert_id and one.opened_at = other.opened_at"
        " and one.story_id is not distinct from other.story_id and one.id > other.id"
    )
    _once(["organization_id", "alert_id", "opened_at", "story_id"])


def _once(columns: list[str]) -> None:
    op.create_index(
        "ix_brand_incidents_once", "brand_incidents", columns, unique=True, postgresql_nulls_not_distinct=True
    )
