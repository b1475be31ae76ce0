"""Spans of what a process does: who asked for what, and how long each part took. Nothing is kept unless somebody listens.

Small on purpose: the few facts that a trace needs (W3C Trace Context for who asked), handed to whoever exports them.
"""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

Kind = Literal["internal", "server", "client", "consumer"]
Value = str | int | float | bool


@dataclass
class Span:
    """One part of the work, with its beginning and end in nanoseconds of Unix time."""

    name: str
    kind: Kind
    trace_id: str
    span_id: str
    parent_id: str | None
    started: int
    ended: int = 0
    facts: dict[str, Value] = field(default_factory=dict)
    failure: str | None = None


_current: ContextVar[Span | None] = ContextVar("span", default=None)
_listener: Callable[[Span], None] | None = None
_watches_statements = False
_PENDING = "brandhound_span"


def trace_to(listener: Callable[[Span], None] | None) -> None:
    """Hand every span that ends to this function, which must not wait; None: keep none."""
    global _listener, _watches_statements  # noqa: PLW0603
    _listener = listener
    if listener is not None and not _watches_statements:
        _watches_statements = True
        event.listen(Engine, "before_cursor_execute", _statement_begins)
        event.listen(Engine, "after_cursor_execute", _statement_ends)
        event.listen(Engine, "handle_error", _statement_failed)


def is_tracing() -> bool:
    """Whether anybody listens."""
    return _listener is not None


def current_trace() -> str | None:
    """The trace that this code is part of."""
    span = _current.get()
    return span.trace_id if span else None


@contextmanager
def span(name: str, kind: Kind = "internal", *, asked_by: str | None = None, **facts: Value) -> Generator[Span | None]:
    """Measure a block. `asked_by` is the traceparent header of the one who asked, if there was one."""
    if _listener is None:
        yield None
        return
    made = _begin(name, kind, asked_by, facts)
    token = _current.set(made)
    try:
        yield made
    except BaseException as error:
        made.failure = type(error).__name__
        raise
    finally:
        _current.reset(token)
        _end(made)


def _begin(name: str, kind: Kind, asked_by: str | None, facts: dict[str, Value]) -> Span:
    parent = _current.get()
    trace_id, parent_id = (parent.trace_id, parent.span_id) if parent else _of_header(asked_by)
    return Span(name, kind, trace_id, os.urandom(8).hex(), parent_id, time.time_ns(), facts=facts)


def _end(made: Span) -> None:
    made.ended = time.time_ns()
    if _listener is not None:
        _listener(made)


def _of_header(header: str | None) -> tuple[str, str | None]:
    """Trace and parent of a traceparent header (W3C Trace Context, 2021-11-23); a new trace for anything else."""
    parts = (header or "").split("-")
    if len(parts) >= 4 and parts[0] != "ff" and _is_hex(parts[1], 32) and _is_hex(parts[2], 16):
        return parts[1], parts[2]
    return os.urandom(16).hex(), None


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and set(text) <= set("0123456789abcdef") and set(text) != {"0"}


def _statement_begins(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool
) -> None:
    # Only as a part of something: what happens by itself, such as a pool's test, is noise.
    if _listener is not None and _current.get() is not None:
        words = statement.split(None, 1)
        # The statement has places for its values, and not the values.
        facts: dict[str, Value] = {"db.system.name": "postgresql", "db.query.text": statement[:2000]}
        connection.info[_PENDING] = _begin(words[0].lower() if words else "statement", "client", None, facts)


def _statement_ends(connection: Connection, *_: object) -> None:
    pending = connection.info.pop(_PENDING, None)
    if isinstance(pending, Span):
        _end(pending)


def _statement_failed(context: object) -> None:
    connection = getattr(context, "connection", None)
    pending = connection.info.pop(_PENDING, None) if connection is not None and not connection.closed else None
    if isinstance(pending, Span):
        pending.failure = type(getattr(context, "original_exception", None)).__name__
        _end(pending)
