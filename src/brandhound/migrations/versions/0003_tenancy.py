"""Tables of tenancy."""

revision = "0003_tenancy"
down_revision = "0002_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what tenancy needs."""


def downgrade() -> None:
    """Take it away again."""
