"""Bringing the tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from brandhound.core.roles import prepare_roles


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(revision: str = "head") -> None:
    """Make the roles and bring the tables to a revision, forwards. Safe to repeat and to run twice at once."""
    prepare_roles()
    command.upgrade(alembic_config(), revision)


def migrate_down(revision: str) -> None:
    """Take the tables back to a revision ("base" for nothing at all)."""
    command.downgrade(alembic_config(), revision)
