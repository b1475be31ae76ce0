"""What the publisher knows while it runs: its library, its clock, what shall go wrong, and who asked for what."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from brandhound.twins.news.asgi import Headers
from brandhound.twins.news.faults import Fault
from brandhound.twins.news.library import Library

MOST_LOGGED = 100_000
MOST_DOCUMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it was seen."""

    at: float
    method: str
    path: str
    host: str
    status: int
    headers: dict[str, str]


@dataclass(slots=True)
class Document:
    """A response, ready to send."""

    body: bytes
    headers: Headers
    etag: str
    modified_at: datetime
    owner: object = None
    packed: bytes | None = None


class Publisher:
    """The state behind all requests."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.faults: list[Fault] = []
        self.requests: deque[Logged] = deque(maxlen=MOST_LOGGED)
        self.counters: Counter[str] = Counter()
        """Requests by path."""
        self.most_active: Counter[str] = Counter()
        """The most requests that were under way at the same time, by site."""
        self._active: Counter[str] = Counter()
        self._now: datetime | None = None
        self._documents: dict[object, Document] = {}

    def clock(self) -> datetime:
        """The publisher's time: the machine's, or the one it was set to."""
        return self._now or datetime.now(UTC)

    def set_clock(self, now: datetime | None) -> None:
        """Stop the clock at a moment, or let it run again."""
        self._now = now.astimezone(UTC) if now else None

    def advance(self, by: timedelta) -> None:
        """Stop the clock if it runs, and move it."""
        self._now = self.clock() + by

    def begin(self, place: str) -> None:
        """A request comes in."""
        self._active[place] += 1
        self.most_active[place] = max(self.most_active[place], self._active[place])

    def end(self, place: str, logged: Logged) -> None:
        """A request is done."""
        self._active[place] -= 1
        self.counters[logged.path] += 1
        self.requests.append(logged)

    def forget_requests(self) -> None:
        """Start counting anew."""
        self.requests.clear()
        self.counters.clear()
        self.most_active.clear()

    def take_fault(self, key: str) -> Fault | None:
        """The fault that happens to this request, if one does; counts it. The latest one wins."""
        for fault in reversed(self.faults):
            if fault.concerns(key):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                return fault
        return None

    def document(self, key: object, owner: object, make: Callable[[], tuple[bytes, Headers, datetime]]) -> Document:
        """What was made for that key before, or is made now. The owner lives as long, so its id can be in the key."""
        found = self._documents.get(key)
        if found is None:
            body, headers, modified_at = make()
            etag = hashlib.sha256(body).hexdigest()[:20]
            found = Document(body, headers, etag, modified_at.replace(microsecond=0), owner)
            if len(self._documents) >= MOST_DOCUMENTS:
                self._documents.clear()
            self._documents[key] = found
        return found
