"""Each process tells of itself: what it is, how much memory it holds, and what it has counted.

A thread of its own with a connection of its own, so that a busy process still tells. A database that is away is waited for.
"""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import psutil
import psycopg
from psycopg.types.json import Jsonb

from brandhound.core.addresses import DatabaseNotReady, database_url
from brandhound.core.measuring import figures

EVERY = 10.0
"""Seconds between two signs."""

GONE = 90
"""Seconds after which a process that tells nothing counts as gone."""

KEPT_DAYS = 30

_log = logging.getLogger("brandhound.pulse")

_TELL = """
insert into processes (id, kind, host, pid, version, started_at, seen_at, rss_bytes, cpu_seconds, threads, active, figures)
values (%(id)s, %(kind)s, %(host)s, %(pid)s, %(version)s, %(started_at)s, now(), %(rss)s, %(cpu)s, %(threads)s, %(active)s,
        %(figures)s)
on conflict (id) do update set seen_at = now(), rss_bytes = excluded.rss_bytes, cpu_seconds = excluded.cpu_seconds,
  threads = excluded.threads, active = excluded.active, figures = excluded.figures, ended_at = null, end_reason = null
"""

_SWEEP = """
with gone as (
  update processes set ended_at = seen_at, end_reason = 'gone'
   where ended_at is null and seen_at < now() - make_interval(secs => %(gone)s))
delete from processes where ended_at < now() - make_interval(days => %(days)s)
"""


def new_process_id(kind: str) -> str:
    """A name that no other process has or had."""
    return f"{kind}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"


class Pulse(threading.Thread):
    """Tells of this process until it is stopped."""

    def __init__(
        self,
        kind: Literal["web", "worker"],
        version: str,
        *,
        process_id: str | None = None,
        active: Callable[[], int] = lambda: 0,
        every: float = EVERY,
    ) -> None:
        super().__init__(daemon=True, name="pulse")
        self.process_id = process_id or new_process_id(kind)
        self._kind, self._version, self._active, self._every = kind, version, active, every
        self._process = psutil.Process()
        self._began = datetime.fromtimestamp(self._process.create_time(), UTC)
        self._stopping = threading.Event()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._last_trouble: str | None = None

    def run(self) -> None:
        """Tell every few seconds."""
        self._tell_whatever_happens()
        while not self._stopping.wait(self._every):
            self._tell_whatever_happens()

    def stop(self) -> None:
        """Say that this process ends because it was asked to. Never waits long."""
        self._stopping.set()
        self.join(2)
        try:
            with psycopg.connect(database_url("system"), autocommit=True, connect_timeout=2) as connection:
                connection.execute(
                    "update processes set seen_at = now(), ended_at = now(), end_reason = 'stopped' where id = %s",
                    [self.process_id],
                )
        except (psycopg.Error, DatabaseNotReady) as error:
            _log.info("the end of this process was not told: %s", error)
        if self._connection is not None:
            self._connection.close()

    def _tell_whatever_happens(self) -> None:
        try:
            self.tell()
        except Exception as error:
            # One figure that cannot be read must not let this process look as if it were gone. Told once for as long as it lasts.
            if str(error) != self._last_trouble:
                _log.exception("this process could not tell of itself; it tries again")
            self._last_trouble = str(error)
        else:
            self._last_trouble = None

    def tell(self) -> None:
        """Tell once; a database that is away is asked again next time."""
        try:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(
                    database_url("system"),
                    autocommit=True,
                    prepare_threshold=None,
                    connect_timeout=5,
                    application_name="brandhound-pulse",
                )
            self._connection.execute(_TELL, self._facts())
            self._connection.execute(_SWEEP, {"gone": GONE, "days": KEPT_DAYS})
        except (psycopg.Error, DatabaseNotReady) as error:
            _log.info("the pulse waits for the database: %s", error)
            if self._connection is not None:
                self._connection.close()

    def _facts(self) -> dict[str, object]:
        with self._process.oneshot():
            memory, times, threads = (
                self._process.memory_info().rss,
                self._process.cpu_times(),
                self._process.num_threads(),
            )
        for child in self._process.children(recursive=True):
            try:
                memory += child.memory_info().rss
            except psutil.Error:
                continue
        return {
            "id": self.process_id,
            "kind": self._kind,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "version": self._version,
            "started_at": self._began,
            "rss": memory,
            "cpu": times.user + times.system,
            "threads": threads,
            "active": self._active(),
            "figures": Jsonb(figures()),
        }
