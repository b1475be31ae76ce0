"""What changed, told to every open screen: rows with ordered numbers, and a small NOTIFY after the commit.

A notification inside the transaction of its cause would make all commits wait for one another, so that a thread of its own sends
them afterwards, gathered for 50 ms. A crash in between loses a hint, never data: screens ask again when they reconnect.
"""

import atexit
import json
import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from brandhound.core.addresses import database_url

CHANNEL = "brandhound_live"
GATHER = 0.05
KEEP = "1 hour"
_PAYLOAD = 7500
_BACKLOG = 10_000
_log = logging.getLogger("brandhound.live")


@dataclass(frozen=True)
class Change:
    """Something of an organization that screens may show: a topic such as "runs", and the key of the row."""

    organization_id: UUID
    topic: str
    key: str


class _Sender(threading.Thread):
    def __init__(self) -> None:
        super().__init__(daemon=True, name="live-sender")
        self.waiting: queue.Queue[Change] = queue.Queue(_BACKLOG)
        self.connection: psycopg.Connection[tuple[object, ...]] | None = None
        self.idle = threading.Event()
        self.idle.set()
        self.swept_at = 0.0

    def put(self, changes: list[Change]) -> None:
        self.idle.clear()
        for change in changes:
            try:
                self.waiting.put_nowait(change)
            except queue.Full:
                _log.warning("live changes are dropped: the database has been away for too long")
                return

    def run(self) -> None:
        while True:
            batch = {self.waiting.get(): None}
            time.sleep(GATHER)
            while not self.waiting.empty() and len(batch) < 1000:
                batch[self.waiting.get_nowait()] = None
            while not self._sent(list(batch)):
                time.sleep(0.5)
            if self.waiting.empty():
                self.idle.set()

    def _sent(self, batch: list[Change]) -> bool:
        try:
            if self.connection is None or self.connection.closed:
                self.connection = psycopg.connect(
                    database_url("system"), autocommit=True, prepare_threshold=None, application_name="brandhound-live"
                )
            self._send(self.connection, batch)
        except psycopg.Error as error:
            _log.info("live changes wait for the database: %s", error)
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return False
        return True

    def _send(self, connection: psycopg.Connection[tuple[object, ...]], batch: list[Change]) -> None:
        with connection.transaction():
            # One sender at a time, so that the numbers appear in their order and none is skipped by a reader.
            connection.execute("select pg_advisory_xact_lock(hashtextextended('brandhound:live', 0))")
            rows = connection.execute(
                "insert into live_events (organization_id, topic, key)"
                " select * from unnest(%s::uuid[], %s::text[], %s::text[]) returning id, organization_id, topic, key",
                [[c.organization_id for c in batch], [c.topic for c in batch], [c.key for c in batch]],
            ).fetchall()
            for payload in _payloads([[row[0], str(row[1]), row[2], row[3]] for row in rows]):
                connection.execute("select pg_notify(%s, %s)", [CHANNEL, payload])
        if time.monotonic() - self.swept_at > 600:
            self.swept_at = time.monotonic()
            connection.execute(f"delete from live_events where at < now() - interval '{KEEP}'")


def _payloads(events: list[list[object]]) -> list[str]:
    """The events as few JSON texts that each fit into a notification (8,000 bytes)."""
    payloads: list[str] = []
    part: list[str] = []
    size = 2
    for numbered in events:
        text = json.dumps(numbered, separators=(",", ":"))
        if part and size + len(text) + 1 > _PAYLOAD:
            payloads.append(f"[{','.join(part)}]")
            part, size = [], 2
        part.append(text)
        size += len(text) + 1
    if part:
        payloads.append(f"[{','.join(part)}]")
    return payloads


Hearer = Callable[[str | None], None]

_hearers: defaultdict[str, list[Hearer]] = defaultdict(list)
_ears = 0


def hears(topic: str) -> Callable[[Hearer], Hearer]:
    """Register a function that is called with the key of whatever changed, in every process that listens.

    Called with None when anything may have changed, because nobody listened for a while.
    """

    def register(function: Hearer) -> Hearer:
        _hearers[topic].append(function)
        return function

    return register


def heard(topic: str, key: str | None) -> None:
    """A change has come in: tell those of this process who asked for its topic."""
    for hear in _hearers.get(topic, ()):
        hear(key)


@contextmanager
def listening() -> Generator[None]:
    """Changes come in while the block lasts; whoever calls this passes them on to `heard`."""
    global _ears  # noqa: PLW0603
    _ears += 1
    for topic in tuple(_hearers):
        heard(topic, None)
    try:
        yield
    finally:
        _ears -= 1


def is_listening() -> bool:
    """Whether changes come in: who is told need not look so often."""
    return _ears > 0


_lock = threading.Lock()
_sender: _Sender | None = None


def publish(db: AsyncSession, topic: str, *keys: object, organization_id: UUID | None = None) -> None:
    """Once this transaction is committed, tell every open screen of the organization that these changed."""
    owner = organization_id or db.info["organization_id"]
    changes: list[Change] = db.info.setdefault("live", [])
    changes.extend(Change(owner, topic, str(key)) for key in keys)


@event.listens_for(Session, "after_commit")
def _tell_screens(session: Session) -> None:
    if changes := session.info.pop("live", None):
        send(changes)


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: Session) -> None:
    session.info.pop("live", None)


def send(changes: list[Change]) -> None:
    """Tell the screens. Returns at once; called by `publish` after the commit."""
    global _sender  # noqa: PLW0603
    with _lock:
        if _sender is None or not _sender.is_alive():
            _sender = _Sender()
            _sender.start()
        _sender.put(changes)


def drain(seconds: float = 2.0) -> None:
    """Wait until everything is sent. At the end of a process, and in tests."""
    if _sender is not None and _sender.is_alive():
        _sender.idle.wait(seconds)


atexit.register(drain)
