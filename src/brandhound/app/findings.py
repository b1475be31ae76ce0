"""What one look at the installation found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "warning", "bad", "unknown"]


@dataclass(frozen=True)
class Finding:
    """What one check found, and what to do about it when that is not good."""

    check: str
    verdict: Verdict
    found: str
    what_to_do: str = ""


Check = Callable[[], Finding]
