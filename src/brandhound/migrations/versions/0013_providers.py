"""Circuit breakers, limits and budgets of outside services."""

revision = "0013_providers"
down_revision = "0012_run_control"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
