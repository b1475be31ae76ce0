"""Making the database ready: roles, the product's tables, and the tables of the durable engine."""

from brandhound.core.migrating import migrate


def prepare_database() -> None:
    """Bring everything up to date. Safe to repeat."""
    migrate()
