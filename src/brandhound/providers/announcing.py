"""What answers say about limits in their headers, good answers too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from brandhound.providers.allowances import DAY, Metric
from brandhound.providers.classifying import waits

_NUMBER = re.compile(r"([0-9]{1,15})(?:\.[0-9]{0,6})?")
_WINDOWS = (60.0, 600.0, 3600.0, DAY)
_PREFIXES = ("x-ratelimit-{part}-{of}", "anthropic-ratelimit-{of}-{part}")
_OF: tuple[tuple[str, Metric], ...] = (
    ("requests", "requests"),
    ("tokens", "tokens"),
    ("input-tokens", "tokens"),
)


@dataclass(frozen=True)
class Announced:
    """One limit as an answer tells it."""

    metric: Metric
    most: int | None
    remaining: int | None
    reset: float | None
    """Seconds until it is whole again."""

    @property
    def window(self) -> float:
        """The length of the window in seconds: the shortest usual one that the reset fits into."""
        return next((usual for usual in _WINDOWS if (self.reset or 0.0) <= usual), DAY)


def announced(headers: Mapping[str, str], now: datetime) -> list[Announced]:
    """The limits that an answer's headers name."""
    found: dict[Metric, Announced] = {}
    for pattern in _PREFIXES:
        for of, metric in _OF:
            one = Announced(
                metric,
                _whole(headers.get(pattern.format(part="limit", of=of))),
                _whole(headers.get(pattern.format(part="remaining", of=of))),
                waits.reset_header(headers.get(pattern.format(part="reset", of=of)), now),
            )
            if one.most is not None or one.remaining is not None:
                known = found.get(metric)
                if known is None or (one.remaining or 0) < (known.remaining or 0):
                    found[metric] = one
    # Reddit says what is left and when it begins anew, and not of how much.
    if not found and (left := _whole(headers.get("x-ratelimit-remaining"))) is not None:
        used = _whole(headers.get("x-ratelimit-used"))
        most = None if used is None else left + used
        found["requests"] = Announced("requests", most, left, waits.reset_header(headers.get("x-ratelimit-reset"), now))
    return list(found.values())


def _whole(value: str | None) -> int | None:
    """The number in a header; Reddit writes 98.0."""
    found = _NUMBER.fullmatch((value or "").strip())
    return int(found[1]) if found else None
