"""What the engine of the runs says."""

import logging
from collections.abc import Generator

import pytest

from brandhound.jobs.engine_log import Briefly, hear_engine

AWAY = (
    "Exception polling schedules: Traceback (most recent call last):\n"
    '  File "engine.py", line 1, in connect\n'
    "psycopg.OperationalError: connection refused"
)


@pytest.fixture
def engine() -> Generator[logging.Logger]:
    logger = logging.getLogger("dbos")
    before = (logger.handlers, logger.propagate, logger.filters[:], logger.level)
    yield logger
    logger.handlers, logger.propagate, logger.filters, level = before
    logger.setLevel(level)


def test_the_engine_speaks_through_our_log_alone(engine: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    engine.handlers, engine.propagate = [logging.StreamHandler()], False
    engine.setLevel(logging.WARNING)
    hear_engine()
    hear_engine()
    engine.warning("a queue is full")
    assert engine.handlers == []
    assert [record.getMessage() for record in caplog.records] == ["a queue is full"]


def test_a_database_that_is_away_is_told_in_one_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("brandhound.jobs.engine_log.time.monotonic", lambda: clock[0])
    briefly = Briefly()

    def said(text: str) -> str | None:
        record = logging.LogRecord("dbos", logging.WARNING, "queue.py", 1, text, None, None)
        return record.getMessage() if briefly.filter(record) else None

    assert said(AWAY) == "Exception polling schedules"
    clock[0] = 59
    assert said(AWAY) is None
    assert said("a queue is full\nreally") == "a queue is full\nreally"
    clock[0] = 61
    assert said(AWAY) == "Exception polling schedules"
