"""Where a run can stand, what may become of it, and who may bring it there: a table."""

from collections.abc import Mapping
from typing import Literal

State = Literal[
    "scheduled",
    "queued",
    "waiting",
    "running",
    "paused",
    "done",
    "partial",
    "failed",
    "timed_out",
    "cancelled",
    "lost",
    "dead",
]
Deed = Literal[
    "come_due",
    "begin",
    "end",
    "put_off",
    "give_back",
    "pause",
    "resume",
    "cancel",
    "take_back",
    "replay",
    "lose",
    "bury",
]

ACTIVE: tuple[State, ...] = ("scheduled", "queued", "waiting", "running", "paused")
"""It is not over."""

OVER: tuple[State, ...] = ("done", "partial", "failed", "timed_out", "cancelled", "lost", "dead")
AT_WORK: tuple[State, ...] = ("queued", "running")
"""It is at work, or will be as soon as there is room."""

STATES: tuple[State, ...] = (*ACTIVE, *OVER)

_ENDS: frozenset[State] = frozenset({"done", "partial", "failed", "timed_out", "cancelled", "dead"})

# deed: (from which states, to which)
TRANSITIONS: Mapping[Deed, tuple[frozenset[State], frozenset[State]]] = {
    # The clock, or whatever was waited for, says that it can go on.
    "come_due": (frozenset({"scheduled", "waiting"}), frozenset({"queued"})),
    "begin": (frozenset({"queued", "running"}), frozenset({"running"})),
    "end": (frozenset({"running"}), _ENDS),
    "put_off": (frozenset({"running"}), frozenset({"waiting", "paused"})),
    # Its worker has gone, or is told to end: somebody else goes on.
    "give_back": (frozenset({"running"}), frozenset({"queued"})),
    "pause": (frozenset({"scheduled", "queued", "waiting", "running"}), frozenset({"paused"})),
    # What was paused before its time, or its turn behind another, had come waits for it again.
    "resume": (frozenset({"paused", "scheduled", "waiting"}), frozenset({"queued", "scheduled", "waiting"})),
    "cancel": (frozenset(ACTIVE), frozenset({"cancelled"})),
    # For a minute, and only for what had not begun.
    "take_back": (frozenset({"cancelled"}), frozenset({"queued", "scheduled", "waiting"})),
    "replay": (frozenset({"failed", "timed_out", "lost", "dead"}), frozenset({"queued"})),
    "lose": (frozenset({"queued", "running"}), frozenset({"lost"})),
    "bury": (frozenset({"queued", "running"}), frozenset({"dead"})),
}


def before(deed: Deed) -> tuple[State, ...]:
    """The states in which this can be done, in their usual order."""
    return tuple(state for state in STATES if state in TRANSITIONS[deed][0])


def may(deed: Deed, state: str) -> bool:
    """Whether this can be done to a run that stands there."""
    return state in TRANSITIONS[deed][0]


def successors(state: State) -> frozenset[State]:
    """Every state that may follow."""
    return frozenset[State]().union(*(to for start, to in TRANSITIONS.values() if state in start))
