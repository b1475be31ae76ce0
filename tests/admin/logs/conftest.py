"""A process that records what it does, as the real ones do."""

import logging
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
import structlog

from brandhound.core.logs import recording
from tests.databases import TestDatabase


@pytest.fixture
def recorded(database: TestDatabase) -> Generator[None]:
    """This process records, as the web process does."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    with Path("/dev/null").open("w") as nowhere:
        recording.start("web", stream=nowhere)
        yield
        recording.stop()
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from log_lines")
        connection.execute("delete from log_pages")
