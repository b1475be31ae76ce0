"""Errors for another tracker that speaks Sentry's protocol (Sentry, GlitchTip, Bugsink), if the operator has one.

Only where it happened is sent: kinds, files, functions. What exceptions say may be anybody's data and stays here.
"""

import json
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from brandhound import __version__
from brandhound.admin.catching import Forwarder, forward_to, stop_forwarding_to
from brandhound.admin.faults import OURS, Fault, short_name
from brandhound.admin.posting import Parcel, Poster

EVERY = 2.0


class BadDsn(ValueError):
    """BRANDHOUND_SENTRY_DSN is not of the form https://KEY@HOST/PROJECT."""


@dataclass(frozen=True)
class Dsn:
    """Where events go, and the key that goes with them."""

    url: str
    key: str


def read_dsn(text: str) -> Dsn:
    """Take a DSN apart. Raises BadDsn."""
    parts = urlsplit(text.strip())
    path, _, project = parts.path.rpartition("/")
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.username or not project.isalnum():
        raise BadDsn("BRANDHOUND_SENTRY_DSN must look like https://KEY@HOST/PROJECT")
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    return Dsn(f"{parts.scheme}://{host}{path}/api/{project}/envelope/", parts.username)


@dataclass(frozen=True)
class Event:
    """One error, as the tracker is told of it."""

    id: str
    facts: dict[str, object]


class Tracker(Forwarder):
    """Passes errors on."""

    def __init__(self, dsn: Dsn, *, every: float = EVERY) -> None:
        self._dsn = dsn
        self.poster = Poster("error-tracker", self._pack, every=every, most=200)
        self.poster.start()

    def hear(self, error: BaseException, fault: Fault, source: str, request: str | None) -> None:
        self.poster.put(event_of(error, fault, source, request))

    def forget(self) -> None:
        """Hear nothing any more."""
        stop_forwarding_to(self)

    def _pack(self, events: list[object]) -> list[Parcel]:
        headers = {
            "content-type": "application/x-sentry-envelope",
            "x-sentry-auth": f"Sentry sentry_version=7, sentry_client=brandhound/{__version__}, sentry_key={self._dsn.key}",
        }
        return [Parcel(self._dsn.url, envelope(event), headers) for event in events if isinstance(event, Event)]


def pass_errors_on(dsn: str, *, every: float = EVERY) -> Tracker:
    """Send every exception from now on to that tracker. Raises BadDsn."""
    tracker = Tracker(read_dsn(dsn), every=every)
    forward_to(tracker)
    return tracker


def event_of(error: BaseException, fault: Fault, source: str, request: str | None) -> Event:
    """The event, without a word of what the exception says."""
    frames = [
        {
            "filename": short_name(frame.filename),
            "function": frame.name,
            "lineno": frame.lineno,
            "in_app": OURS in frame.filename,
            "context_line": frame.line,
        }
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    event_id = uuid4().hex
    facts: dict[str, object] = {
        "event_id": event_id,
        "timestamp": datetime.now(UTC).isoformat(),
        "platform": "python",
        "level": "error",
        "release": f"brandhound@{__version__}",
        "logger": source,
        "transaction": request,
        "fingerprint": [fault.fingerprint],
        "tags": {"source": source},
        "exception": {
            "values": [{"type": type(error).__name__, "value": fault.place, "stacktrace": {"frames": frames}}]
        },
    }
    return Event(event_id, facts)


def envelope(event: Event) -> bytes:
    """An envelope with one event."""
    body = json.dumps(event.facts).encode()
    head = json.dumps({"event_id": event.id, "sent_at": datetime.now(UTC).isoformat()}).encode()
    item = json.dumps({"type": "event", "length": len(body), "content_type": "application/json"}).encode()
    return b"\n".join([head, item, body, b""])
