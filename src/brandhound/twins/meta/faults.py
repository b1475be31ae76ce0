"""What can go wrong at Meta, on demand: on the n-th call, some times, or by chance."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.refusing import refusals

FaultKind = Literal[
    "refusal",
    "html_502",
    "html_503",
    "reset",
    "half_page",
    "slow",
    "null_part",
    "too_many_requests",
    "empty",
    "not_json",
    "words",
    "words_for_rows",
]
HTML = (
    b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1>"
    b"<p>We're working on getting this fixed as soon as we can.</p></body></html>"
)


@dataclass
class Fault:
    """One thing that goes wrong.

    `error` names a refusal (see refusals.json). It happens to calls whose path ends with `edge` and contains `account`,
    made by `method`; from the call numbered `on_call` on, `times` times (None for ever), each with `probability`.
    """

    kind: FaultKind = "refusal"
    error: str = ""
    edge: str = ""
    account: str = ""
    method: str = ""
    times: int | None = 1
    on_call: int = 1
    probability: float = 1.0
    seconds: float = 5.0
    seed: int = 0
    seen: int = 0
    happened: int = 0
    _chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        if self.error and self.error not in refusals():
            raise ValueError(f"there is no refusal {self.error}")
        if self.kind == "refusal" and not self.error:
            raise ValueError("a refusal needs its name: error")
        self._chance.seed(f"{self.seed}:{self.kind}:{self.error}:{self.edge}")

    def strikes(self, call: Call) -> bool:
        """Whether it happens to this call."""
        if self.times is not None and self.happened >= self.times:
            return False
        path = f"/{call.path}"
        if self.edge and not path.endswith(f"/{self.edge}"):
            return False
        if (self.account and self.account not in path) or (self.method and self.method != call.method):
            return False
        if self.kind == "null_part" and not call.in_batch:
            return False
        self.seen += 1
        if self.seen < self.on_call or self._chance.random() >= self.probability:
            return False
        self.happened += 1
        return True


def find_fault(faults: Sequence[Fault], call: Call) -> Fault | None:
    """The first fault that happens to a call."""
    return next((fault for fault in faults if fault.strikes(call)), None)
