"""Making the database ready: roles, the durable engine's tables, the product's tables."""

from brandhound.core.migrating import migrate
from brandhound.core.roles import prepare_roles
from brandhound.jobs.engine import prepare_engine


def prepare_database() -> None:
    """Bring everything up to date. Safe to repeat, and for two processes at once."""
    prepare_roles()
    # First, because queueing a run writes into them.
    prepare_engine()
    migrate()
