"""What a job returns. Only surprises are raised."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Done:
    """The work is finished."""

    summary: str = ""


@dataclass(frozen=True)
class Partial:
    """Some of it is finished, and the rest will not be: the summary says what is missing."""

    summary: str


@dataclass(frozen=True)
class Snooze:
    """Not ready: run again from the start after a while. Holds no worker meanwhile, and does not count as a failure."""

    wait: timedelta
    reason: str = ""


@dataclass(frozen=True)
class Cancel:
    """There is nothing to do any more: stop, and say why."""

    reason: str


Outcome = Done | Partial | Snooze | Cancel
