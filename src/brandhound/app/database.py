"""Having a database: the configured one, or the embedded one started here."""

import os

from brandhound.core.postgres import EmbeddedPostgres
from brandhound.core.settings import reload_settings, settings

_server: EmbeddedPostgres | None = None


class NoInstallation(RuntimeError):
    """There is nothing to work with: most likely another data directory is meant."""


def ensure_database(*, may_make: bool = False) -> None:
    """Start or join the embedded server unless DATABASE_URL names another. Children inherit its address.

    Raises NoInstallation where there is none, unless it `may_make` one: who only joins would have a second, empty one.
    """
    global _server  # noqa: PLW0603
    if settings().database_url is not None:
        return
    server = EmbeddedPostgres(settings().data_dir / "postgres")
    if not may_make and not server.is_made():
        raise NoInstallation(
            f"there is no installation in {settings().data_dir}: is BRANDHOUND_DATA_DIR that of `brandhound up`?"
        )
    _server = server.start()
    os.environ["DATABASE_URL"] = _server.url()
    reload_settings()


def revive_database() -> bool:
    """Start the embedded server again if it was killed; whether that was so. Raises CannotStartPostgres."""
    if _server is None or not _server.is_gone():
        return False
    _server.start()
    return True


def leave_database() -> None:
    """Leave the embedded server, if it was started here; whoever is last stops it."""
    if _server is not None:
        _server.stop()
