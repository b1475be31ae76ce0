"""Everything the twin keeps while it runs."""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from brandhound.twins.meta.dialog import Consent
from brandhound.twins.meta.faults import Fault
from brandhound.twins.meta.granting import Grants, made_up_app
from brandhound.twins.meta.insights import Insights
from brandhound.twins.meta.owning import Owners
from brandhound.twins.meta.paging import Cursors
from brandhound.twins.meta.pictures import Cdn
from brandhound.twins.meta.reports import Reports
from brandhound.twins.meta.telling_time import Clock
from brandhound.twins.meta.throttling import Limits
from brandhound.twins.meta.worlds import Worlds

CURRENT = "v26.0"
SERVED = ("v24.0", "v25.0", "v26.0")
REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class Logged:
    """One call that came in, alone or as a part of a batch."""

    at: datetime
    method: str
    path: str
    account: str
    use_case: str
    code: int
    """The error's code, 0 for a good answer."""
    in_batch: bool


class Kept:
    """The state of one twin."""

    def __init__(self, owners: Owners, clock: Clock, seed: int, first: date) -> None:
        self.owners, self.clock, self.seed = owners, clock, seed
        self.grants = Grants(owners, clock, made_up_app())
        self.cursors = Cursors()
        self.worlds = Worlds(seed, first)
        self.cdn = Cdn(clock, f"cdn:{seed}".encode())
        self.limits = Limits(clock)
        self.faults: list[Fault] = []
        self.archive_open = True
        self.extra: dict[str, dict[str, Any]] = {}
        """Fields that nobody has heard of, by node: they come whether they are asked for or not."""
        self.insights = Insights(self.cursors, self.extra)
        self.reports = Reports(self.insights)
        self.calls: deque[Logged] = deque(maxlen=REMEMBERED)
        self.counts: Counter[str] = Counter()
        self.served = list(SERVED)
        self.current = CURRENT
        self.next_consent: Consent | None = None
        """How the dialog answers by itself; without one it shows its page."""
        self.delay = 0.0
        """Seconds that every answer takes at least."""

    def note(self, logged: Logged) -> None:
        """Remember a call."""
        self.calls.append(logged)
        self.counts["batched" if logged.in_batch else "calls"] += 1
        if logged.code:
            self.counts[f"error {logged.code}"] += 1

    def forget_calls(self) -> None:
        self.calls.clear()
        self.counts.clear()
