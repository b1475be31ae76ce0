"""The one place where errors are caught for the inbox: from records with a traceback, from failed requests and failed runs.

What is caught waits in memory and is written by a thread of its own a moment later, many at once: an error must not slow down
what failed, and one inside a transaction must not be undone with it. A database that is away is waited for.
"""

import atexit
import contextlib
import logging
import re
import threading
import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from brandhound import __version__
from brandhound.admin.faults import Fault, fault_of, fault_of_run
from brandhound.core.addresses import DatabaseNotReady, database_url
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.ids import uuid7
from brandhound.core.logs.context import bound_now
from brandhound.core.logs.redacting import redact
from brandhound.core.measuring import count, metric

ERRORS = metric("brandhound_errors_total", "counter", "Errors that were caught for the inbox.", "source")

GATHER = 1.0
_MOST_GROUPS = 500
_MOST_WAITING_RUNS = 200
_MESSAGE = 1000
_RUN_FAILED = re.compile(r"\brun ([0-9a-f]{8}-[0-9a-f-]{27})")
_SEEN = "__brandhound_caught__"
_log = logging.getLogger("brandhound.catching")

_GROUP = """
insert into error_groups as g
  (id, fingerprint, kind, place, source, trace, count, first_seen_at, last_seen_at, first_version, last_version)
values (%(id)s, %(fingerprint)s, %(kind)s, %(place)s, %(source)s, %(trace)s, %(count)s, %(first)s, %(last)s, %(version)s,
        %(version)s)
on conflict (fingerprint) do update set
  count = g.count + excluded.count, last_seen_at = greatest(g.last_seen_at, excluded.last_seen_at),
  trace = excluded.trace, last_version = excluded.last_version,
  regressed_at = case when g.state = 'resolved' and excluded.last_seen_at > g.resolved_at then excluded.last_seen_at
                      else g.regressed_at end,
  state = case when g.state = 'resolved' and excluded.last_seen_at > g.resolved_at then 'open' else g.state end
returning id
"""
_MINUTE = """
insert into error_minutes as m (group_id, at, count) values (%(id)s, date_trunc('minute', %(last)s), %(count)s)
on conflict (group_id, at) do update set count = m.count + excluded.count
"""
_SIGHTING = """
insert into error_sightings as s (organization_id, group_id, count, first_seen_at, last_seen_at, message, run_id, request)
values (%(organization)s, %(id)s, %(count)s, %(last)s, %(last)s, %(message)s, %(run)s, %(request)s)
on conflict (organization_id, group_id) do update set count = s.count + excluded.count,
  last_seen_at = excluded.last_seen_at, message = excluded.message, run_id = excluded.run_id, request = excluded.request
"""


@dataclass
class _Sighting:
    count: int = 0
    message: str = ""
    run_id: UUID | None = None
    request: str | None = None


@dataclass
class _Caught:
    fault: Fault
    source: str
    first: datetime
    last: datetime
    seen_by: defaultdict[UUID, _Sighting] = field(default_factory=lambda: defaultdict(_Sighting))

    @property
    def count(self) -> int:
        return sum(sighting.count for sighting in self.seen_by.values())

    def joined(self, newer: "_Caught") -> "_Caught":
        """The same fault as it was caught before and after."""
        both = _Caught(self.fault, self.source, self.first, newer.last, self.seen_by)
        for organization_id, sighting in newer.seen_by.items():
            sighting.count += self.seen_by[organization_id].count
            both.seen_by[organization_id] = sighting
        return both


_lock = threading.Lock()
_waiting: OrderedDict[str, _Caught] = OrderedDict()
_of_runs: OrderedDict[UUID, BaseException] = OrderedDict()
_writer: "_Writer | None" = None
_forward: list["Forwarder"] = []


class Forwarder:
    """Something that wants to hear of each error as well, such as another error tracker. Must not wait, and not raise."""

    def hear(self, error: BaseException, fault: Fault, source: str, request: str | None) -> None:
        """It was caught."""


def forward_to(forwarder: Forwarder) -> None:
    """Tell it of every exception from now on."""
    _forward.append(forwarder)


def stop_forwarding_to(forwarder: Forwarder) -> None:
    """Tell it nothing any more."""
    _forward.remove(forwarder)


def catch(error: BaseException, source: str, *, request: str | None = None, run_id: UUID | None = None,
          organization_id: UUID | None = None) -> None:  # fmt: skip
    """Put an exception into the inbox, once, however many places notice it."""
    if getattr(error, _SEEN, False):
        return
    with contextlib.suppress(AttributeError):
        setattr(error, _SEEN, True)
    fault = fault_of(error)
    bound = bound_now()
    _put(
        fault,
        source,
        f"{type(error).__name__}: {error}",
        organization_id or _uuid(bound.get("organization_id")) or SYSTEM_ORGANIZATION,
        run_id or _uuid(bound.get("run_id")),
        request,
    )
    for forwarder in _forward:
        forwarder.hear(error, fault, source, request)


def catch_failed_run(run_id: UUID, organization_id: UUID, job: str, code: str, detail: str) -> None:
    """Put a failed run into the inbox: with the exception that ended it if that was told, else by its code."""
    with _lock:
        error = _of_runs.pop(run_id, None)
    if error is not None:
        catch(error, "run", run_id=run_id, organization_id=organization_id)
    else:
        _put(fault_of_run(job, code), "run", detail, organization_id, run_id, None)


class ErrorCatcher(logging.Handler):
    """Hears the records of this process that carry a traceback."""

    def __init__(self, source: str) -> None:
        super().__init__(logging.WARNING)
        self._source = source

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or record.name == _log.name:
            return
        if run_id := _failed_run(record):
            # The end of the run, which is announced next, knows whose it is; and without a failed end it was no fault.
            with _lock:
                _of_runs[run_id] = error
                while len(_of_runs) > _MOST_WAITING_RUNS:
                    _of_runs.popitem(last=False)
        elif record.levelno >= logging.ERROR:
            catch(error, self._source, request=_request_of(record))


def catch_errors(source: str) -> None:
    """Let records of errors of this process reach the inbox. Safe to repeat."""
    root = logging.getLogger()
    if not any(isinstance(handler, ErrorCatcher) for handler in root.handlers):
        root.addHandler(ErrorCatcher(source))


def _put(
    fault: Fault, source: str, message: str, organization_id: UUID, run_id: UUID | None, request: str | None
) -> None:
    global _writer  # noqa: PLW0603
    count(ERRORS, source)
    now = datetime.now(UTC)
    with _lock:
        caught = _waiting.get(fault.fingerprint)
        if caught is None:
            if len(_waiting) >= _MOST_GROUPS:
                return
            caught = _waiting[fault.fingerprint] = _Caught(fault, source, now, now)
        caught.last = now
        sighting = caught.seen_by[organization_id]
        sighting.count += 1
        # Half a character, which neither UTF-8 nor PostgreSQL can hold, would keep all of them from being written.
        sighting.message = redact(message).encode("utf-8", "replace").decode()[:_MESSAGE]
        sighting.run_id, sighting.request = run_id, request
        if _writer is None or not _writer.is_alive():
            _writer = _Writer()
            _writer.start()


class _Writer(threading.Thread):
    """Writes while there is something to write, and then ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="error-inbox")

    def run(self) -> None:
        global _writer  # noqa: PLW0603
        wait = GATHER
        while True:
            time.sleep(wait)
            written = write_caught()
            with _lock:
                if written and not _waiting:
                    # Under the lock, so that whoever catches something next does not rely on a thread that is about to end.
                    _writer = None
                    return
            wait = GATHER if written else min(wait * 2, 30.0)


def write_caught() -> bool:
    """Write what waits. Says whether nothing is left; what could not be written waits on."""
    with _lock:
        batch = list(_waiting.values())
        _waiting.clear()
    try:
        if batch:
            with (
                psycopg.connect(database_url("system"), connect_timeout=5, prepare_threshold=None) as connection,
                connection.transaction(),
            ):
                for caught in sorted(batch, key=lambda one: one.fault.fingerprint):
                    _write_safely(connection, caught)
    except (psycopg.Error, DatabaseNotReady, OSError) as error:
        _log.info("caught errors wait for the database: %s", error)
        with _lock:
            for caught in batch:
                newer = _waiting.get(caught.fault.fingerprint)
                _waiting[caught.fault.fingerprint] = caught.joined(newer) if newer else caught
        return False
    with _lock:
        return not _waiting


def _write_safely(connection: psycopg.Connection[tuple[object, ...]], caught: _Caught) -> None:
    """One that the database cannot take is left out: it must not keep all others waiting for ever."""
    try:
        with connection.transaction():
            _write(connection, caught)
    except (psycopg.DataError, psycopg.IntegrityError, ValueError) as error:
        _log.warning("a caught error could not be written down: %s", error)


def _write(connection: psycopg.Connection[tuple[object, ...]], caught: _Caught) -> None:
    fault = caught.fault
    values: dict[str, object] = {
        "id": uuid7(), "fingerprint": fault.fingerprint, "kind": fault.kind, "place": fault.place, "trace": fault.trace,
        "source": caught.source, "count": caught.count, "first": caught.first, "last": caught.last, "version": __version__,
    }  # fmt: skip
    row = connection.execute(_GROUP, values).fetchone()
    assert row is not None
    values["id"] = row[0]
    connection.execute(_MINUTE, values)
    for organization_id, sighting in sorted(caught.seen_by.items(), key=lambda one: str(one[0])):
        own = {
            "organization": organization_id, "count": sighting.count, "message": sighting.message,
            "run": sighting.run_id, "request": sighting.request,
        }  # fmt: skip
        connection.execute(_SIGHTING, {**values, **own})


def _failed_run(record: logging.LogRecord) -> UUID | None:
    """The run that a record tells of, if it tells why a run or one of its steps fails."""
    if record.name == "brandhound.run":
        return _uuid(bound_now().get("run_id"))
    if not record.name.startswith("brandhound.jobs"):
        return None
    named = _RUN_FAILED.search(record.getMessage())
    return _uuid(named.group(1)) if named else None


def _request_of(record: logging.LogRecord) -> str | None:
    """Method and route, if the record is about a request that failed."""
    request = getattr(record, "request", None)
    return request if isinstance(request, str) else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@atexit.register
def _last_words() -> None:
    if _waiting:
        write_caught()
