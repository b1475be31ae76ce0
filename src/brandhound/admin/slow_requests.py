"""Writing down requests that took long, with what the database did meanwhile: so that "it was slow at nine" has an answer.

Every request carries a small tally of its statements. Only those of slow ones are kept, by a thread, many at once: a request
must not become slower by being measured.
"""

import atexit
import logging
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from brandhound.admin.server import shape
from brandhound.core.addresses import DatabaseNotReady, database_url
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.ids import uuid7

SLOW = 0.5
"""Seconds until the answer begins from which on a request is written down."""

SLOWEST = 5
"""Statements of a request that are kept."""

GATHER = 5.0
"""Seconds for which they are gathered; of more than `MOST` in that time the slowest are kept."""

MOST = 20
KEPT_DAYS = 7

_MOST_STATEMENTS = 200
_BEGAN = "brandhound_tally"
_log = logging.getLogger("brandhound.slow")


@dataclass
class Tally:
    """What one request asked the database."""

    statements: int = 0
    seconds: float = 0.0
    organization_id: UUID = SYSTEM_ORGANIZATION
    by_statement: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """How often, and for how long in all."""

    def add(self, statement: str, seconds: float) -> None:
        """It was asked that."""
        self.statements += 1
        self.seconds += seconds
        if statement not in self.by_statement and len(self.by_statement) >= _MOST_STATEMENTS:
            return
        known = self.by_statement.setdefault(statement, [0, 0.0])
        known[0] += 1
        known[1] += seconds

    def slowest(self) -> list[dict[str, object]]:
        """The statements that took longest in all, without the values in them."""
        ordered = sorted(self.by_statement.items(), key=lambda one: -one[1][1])[:SLOWEST]
        return [
            {"statement": shape(statement), "times": int(times), "seconds": round(seconds, 4)}
            for statement, (times, seconds) in ordered
        ]


@dataclass(frozen=True)
class Slow:
    """A request that took long."""

    request: str
    request_id: str | None
    status: int
    seconds: float
    tally: Tally
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)
_lock = threading.Lock()
_writing = threading.Lock()
_waiting: list[Slow] = []
_writer: "_Writer | None" = None
_process = "web"


@contextmanager
def tallied() -> Generator[Tally]:
    """Count what is asked of the database within."""
    made = Tally()
    token = _tally.set(made)
    try:
        yield made
    finally:
        _tally.reset(token)


def watch_statements(process: str) -> None:
    """Let the statements of this process be counted for whom they are asked. Safe to repeat."""
    global _process  # noqa: PLW0603
    _process = process
    if not event.contains(Engine, "before_cursor_execute", _begins):
        event.listen(Engine, "before_cursor_execute", _begins)
        event.listen(Engine, "after_cursor_execute", _ends)


def note(slow: Slow) -> None:
    """Write it down soon. Returns at once."""
    global _writer  # noqa: PLW0603
    with _lock:
        _waiting.append(slow)
        if len(_waiting) > MOST:
            _waiting.remove(min(_waiting, key=lambda one: one.seconds))
        if _writer is None:
            _writer = _Writer()
            _writer.start()


class _Writer(threading.Thread):
    """Writes once what gathers meanwhile, and ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="slow-requests")

    def run(self) -> None:
        global _writer  # noqa: PLW0603
        time.sleep(GATHER)
        with _lock:
            _writer = None
        write_slow()


def write_slow() -> None:
    """Write what waits; afterwards what was noted before is written, by whichever thread.

    When the database is away it is let go: there is enough else to tell of then.
    """
    with _writing:
        _write_waiting()


def _write_waiting() -> None:
    with _lock:
        batch = list(_waiting)
        _waiting.clear()
    if not batch:
        return
    try:
        with psycopg.connect(database_url("system"), connect_timeout=5, prepare_threshold=None) as connection:
            for slow in batch:
                connection.execute(_INSERT, _values(slow))
    except (psycopg.Error, DatabaseNotReady, OSError) as error:
        _log.info("%d slow requests were not written down: %s", len(batch), error)


_INSERT = """
insert into slow_requests (id, organization_id, at, request, request_id, process, status, seconds, database_seconds,
  statements, slowest)
values (%(id)s, %(organization)s, %(at)s, %(request)s, %(request_id)s, %(process)s, %(status)s, %(seconds)s, %(database)s,
  %(statements)s, %(slowest)s)
"""


def _values(slow: Slow) -> Mapping[str, object]:
    return {
        "id": uuid7(), "organization": slow.tally.organization_id, "at": slow.at, "request": slow.request,
        "request_id": slow.request_id, "process": _process, "status": slow.status, "seconds": slow.seconds,
        "database": slow.tally.seconds, "statements": slow.tally.statements, "slowest": Jsonb(slow.tally.slowest()),
    }  # fmt: skip


def _begins(
    connection: Connection, _cursor: object, _statement: str, _parameters: object, _context: object, _many: bool
) -> None:
    if _tally.get() is not None:
        connection.info[_BEGAN] = time.perf_counter()


def _ends(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool
) -> None:
    began = connection.info.pop(_BEGAN, None)
    tally = _tally.get()
    if began is None or tally is None:
        return
    tally.add(statement, time.perf_counter() - began)
    owner = connection.get_execution_options().get("organization_id")
    if isinstance(owner, UUID):
        tally.organization_id = owner


@atexit.register
def _last_words() -> None:
    write_slow()
