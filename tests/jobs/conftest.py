from collections.abc import Generator
from pathlib import Path

import pytest

from tests.databases import TestDatabase
from tests.jobs import sample_jobs
from tests.jobs.workers import Workers

# Imported for what it registers.
assert sample_jobs


@pytest.fixture
def workers(database: TestDatabase, tmp_path: Path) -> Generator[Workers]:
    """Starts worker processes; what is left of them dies with the test."""
    made = Workers(database, tmp_path)
    yield made
    made.end()
