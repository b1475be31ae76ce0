"""Bringing lines into the database: gathered in memory, written in batches by a thread, kept on disk while it is away."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice

import psycopg

from brandhound.core.addresses import DatabaseNotReady, database_url
from brandhound.core.logs.lines import organization_of_line
from brandhound.core.logs.spool import Spool

GATHER = 0.2
"""Seconds for which lines are gathered before they are written."""
MOST_WAITING = 50_000
"""Lines that wait in memory; the database is behind for seconds then, and further ones are counted instead."""
BATCH = 2_000
ENOUGH_TO_WRITE = 500
AWAY = 2.0
"""Seconds between two attempts to reach a database that is away."""
FORK = 1.0
"""Seconds for which a fork waits for a connection that is being made; a database that hangs must not hold up more than that."""
LOOK = 15.0
"""Seconds between two looks for what others left on disk."""

CHANNEL = "brandhound_log_lines"
"""On it is told whose lines were stored, for those who follow a log: identifiers with commas between them, or a star for many."""
TELL = 0.25
"""Seconds between two words of that while lines keep coming."""
_MOST_NAMED = 200

SEARCHED = "lower(text || ' ' || facts::text || coalesce(' ' || traceback, ''))"
"""What a search looks at in a line. The pages hold just this."""

# Parsed by the server: for us a batch costs no more than joining its lines. COPY is refused for a table with row-level security.
# A line that is there already is in a page already.
INSERT = f"""
with stored as (
  insert into log_lines (organization_id, at, id, level, text, logger, process, host, pid, boot, seq, run_id, feed_id, provider,
    request_id, facts, traceback)
  select organization_id, at, id, case level when 'error' then 40 when 'warning' then 30 when 'info' then 20 else 10 end, message,
    logger, process, host, pid, boot, seq, run_id, feed_id, provider, request_id, coalesce(facts, '{{}}'), traceback
  from json_to_recordset(%s::json) as line (organization_id uuid, at timestamptz, id uuid, level text, message text, logger text,
    process text, host text, pid int, boot text, seq bigint, run_id uuid, feed_id uuid, provider text, request_id text,
    facts jsonb, traceback text)
  on conflict do nothing
  returning organization_id, at, level, {SEARCHED} as folded)
insert into log_pages (organization_id, to_at, from_at, level, lines, folded)
select organization_id, max(at), min(at), level, count(*), string_agg(folded, E'\n' order by at)
from stored group by organization_id, level, date_trunc('week', at at time zone 'UTC')
"""

_console = logging.getLogger("brandhound.logs")
LOUD = "not_in_database"
"""An extra field of a record that is about the way into the database, and so must not take it."""


class _AwayAgain(Exception):
    """The database went away while lines from disk were brought: their file stays."""


class Shipper:
    """The way of one process's lines into the database. Its thread starts with the first line."""

    def __init__(self, spool: Spool, skipped: Callable[[int], bytes]) -> None:
        """`skipped` makes the line that says that so many were lost."""
        self._spool = spool
        self._skipped = skipped
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._starting = threading.Lock()
        self._connecting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = False
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._try_again_at = 0.0
        self._look_at = 0.0
        self._away = False
        self._fresh: set[str] = set()
        self._told_at = 0.0

    def put(self, line: bytes) -> None:
        """Take a line. Returns at once, whatever the database does."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting.append(line)
        if self._thread is None:
            self._start()
        if self._idle.is_set():
            self._idle.clear()
            self._wake.set()

    def flush(self, seconds: float) -> bool:
        """Wait until everything is in the database, or at least on disk; whether that was reached."""
        self._wake.set()
        return self._thread is None or self._idle.wait(seconds)

    def end(self, seconds: float) -> None:
        """Write what waits, to the database or to disk, and stop."""
        self._ending = True
        self._wake.set()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
            if thread.is_alive():
                # It hangs in the database: what is still here goes to disk, and arrives with the next start.
                self._to_disk(self._taken(MOST_WAITING))
        self._spool.close()

    def hold_for_fork(self) -> bool:
        """Wait for a moment until nothing connects, and let nothing connect until `go_on_after_fork`; whether that was reached.

        What connects takes locks of libraries in C. A child that is forked meanwhile has them locked for ever, and hangs when it
        wants to connect itself.
        """
        return self._connecting.acquire(timeout=FORK)

    def go_on_after_fork(self) -> None:
        """In the parent, if `hold_for_fork` was reached."""
        self._connecting.release()

    def abandon(self) -> None:
        """In a forked child: the connection, the thread and what waits are the parent's."""
        self._spool.close()
        if self._connection is not None:
            # Closing it would end the parent's connection, and so would forgetting it.
            _of_parents.append(self._connection)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="log-shipper")
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wake.wait(LOOK)
            self._wake.clear()
            if not self._ending and len(self._waiting) < ENOUGH_TO_WRITE:
                # A pause in which more lines gather; an ending process does not wait.
                self._wake.wait(GATHER)
            try:
                self._bring_all()
            except Exception as error:
                # Nothing that is wrong with one batch may end the way for all that follow.
                self._disconnect()
                self._tell("log lines could not be stored", error)
            if not self._waiting:
                self._idle.set()
                # A line may have come between the two.
                if self._waiting:
                    self._idle.clear()
                    self._wake.set()
                elif self._ending:
                    self._disconnect()
                    return
            else:
                self._wake.set()

    def _bring_all(self) -> None:
        if not self._reached():
            self._to_disk(self._taken(MOST_WAITING))
            return
        while self._waiting:
            batch = self._taken(BATCH)
            if not self._stored(batch):
                self._to_disk(batch)
                return
            if time.monotonic() - self._told_at > TELL:
                self._tell_followers()
        with suppress(_AwayAgain):
            self._bring_spool()
        self._tell_followers()

    def _bring_spool(self) -> None:
        """What waits on disk, ours or of a process that is gone. New lines are not held up by it for long."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._spool.close()
        until = now + 1.0
        while time.monotonic() < until:
            with self._spool.oldest() as lines:
                if lines is None:
                    self._look_at = now + LOOK
                    return
                for start in range(0, len(lines), BATCH):
                    if not self._stored(lines[start : start + BATCH]):
                        raise _AwayAgain

    def _taken(self, limit: int) -> list[bytes]:
        if self._lost:
            lost, self._lost = self._lost, 0
            self._waiting.append(self._skipped(lost))
        taken = list(islice(self._waiting, limit))
        for _ in taken:
            self._waiting.popleft()
        return taken

    def _to_disk(self, lines: list[bytes]) -> None:
        if lines and (gone := self._spool.add(lines)):
            self._lost += gone
        self._look_at = 0.0

    def _reached(self) -> bool:
        """Whether there is a connection, after an attempt to get one if the last is some time ago."""
        if self._connection is not None and not self._connection.closed:
            return True
        if time.monotonic() < self._try_again_at:
            return False
        try:
            with self._connecting:
                self._connection = psycopg.connect(
                    database_url("system"),
                    autocommit=True,
                    prepare_threshold=None,
                    application_name="brandhound-logs",
                    connect_timeout=5,
                    keepalives_idle=15,
                    tcp_user_timeout=10_000,
                )
        except (psycopg.Error, DatabaseNotReady, OSError) as error:
            self._try_again_at = time.monotonic() + AWAY
            if not self._away:
                self._away = True
                self._tell("log lines wait on disk until the database is back", error)
            return False
        self._make_partitions(self._connection)
        if self._away:
            self._away = False
            self._look_at = 0.0
            _console.info("log lines go into the database again", extra={LOUD: True})
        return True

    def _make_partitions(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """At each start, because an installation may have been off for longer than its partitions were made ahead."""
        with suppress(psycopg.Error):
            connection.execute("select make_log_partitions()")

    def _stored(self, batch: Sequence[bytes]) -> bool:
        """Whether the lines are in the database now; a line that it cannot take is left out."""
        assert self._connection is not None
        try:
            self._connection.execute(INSERT, [(b"[" + b",".join(batch) + b"]").decode()])
        except (psycopg.DataError, psycopg.IntegrityError):
            if len(batch) == 1:
                self._lost += 1
                return True
            middle = len(batch) // 2
            return self._stored(batch[:middle]) and self._stored(batch[middle:])
        except (psycopg.Error, OSError) as error:
            self._disconnect()
            self._try_again_at = time.monotonic() + AWAY / 4
            if not self._away:
                self._away = True
                self._tell("log lines wait on disk until the database is back", error)
            return False
        self._fresh.update(map(organization_of_line, batch))
        return True

    def _tell_followers(self) -> None:
        """Say whose lines are new, after the commit: inside it, all commits of the server would wait for one another."""
        if self._connection is None or not self._fresh:
            return
        owners = ",".join(self._fresh) if len(self._fresh) <= _MOST_NAMED else "*"
        self._fresh.clear()
        self._told_at = time.monotonic()
        with suppress(psycopg.Error, OSError):
            # Lost, it is no more than a moment: who follows looks by themselves, too.
            self._connection.execute("select pg_notify(%s, %s)", [CHANNEL, owners])

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _tell(self, text: str, error: BaseException) -> None:
        _console.warning("%s: %s", text, str(error).strip() or type(error).__name__, extra={LOUD: True})


_of_parents: list[object] = []
