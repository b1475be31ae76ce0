"""Counting what a process does: counters, gauges and histograms, few and named once, as Prometheus understands them."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

Kind = Literal["counter", "gauge", "histogram"]
Labels = tuple[str, ...]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper ends of a histogram's buckets, in seconds."""


@dataclass(frozen=True)
class Metric:
    """The name of a figure, what it says, and by what it is told apart.

    One that is not `exposed` is for charts and rules inside the product: Prometheus works it out from others.
    """

    name: str
    kind: Kind
    about: str
    labels: Labels = ()
    exposed: bool = True


@dataclass
class Histogram:
    """How many were how long."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds

    def quantile(self, share: float) -> float | None:
        """The time within which that share was, by the ends of the buckets; None if nothing was counted."""
        wanted = share * sum(self.counts)
        if wanted == 0:
            return None
        seen = 0
        for at, number in enumerate(self.counts):
            if number and seen + number >= wanted:
                low = BUCKETS[at - 1] if at else 0.0
                high = BUCKETS[at] if at < len(BUCKETS) else BUCKETS[-1]
                return low + (high - low) * (wanted - seen) / number
            seen += number
        return BUCKETS[-1]


METRICS: dict[str, Metric] = {}
"""Every metric that there is, by name."""

_lock = threading.Lock()
_counters: dict[tuple[str, Labels], float] = {}
_histograms: dict[tuple[str, Labels], Histogram] = {}
_gauges: dict[str, Callable[[], Mapping[Labels, float]]] = {}


def metric(name: str, kind: Kind, about: str, *labels: str, exposed: bool = True) -> Metric:
    """Declare a metric, once and at the top of a module."""
    made = Metric(name, kind, about, labels, exposed)
    if METRICS.setdefault(name, made) != made:
        raise ValueError(f"two metrics are named {name}")
    return made


def count(metric: Metric, *labels: str, by: float = 1) -> None:
    """It happened."""
    with _lock:
        _counters[metric.name, labels] = _counters.get((metric.name, labels), 0.0) + by


def observe(metric: Metric, seconds: float, *labels: str) -> None:
    """It took that long."""
    with _lock:
        _histograms.setdefault((metric.name, labels), Histogram()).add(seconds)


def gauge(metric: Metric, read: Callable[[], Mapping[Labels, float]]) -> None:
    """How to read it when somebody asks; the last one given counts."""
    _gauges[metric.name] = read


def figures() -> dict[str, dict[str, float | list[float]]]:
    """All that this process has measured, as plain JSON: metric, labels joined by a bar, number.

    Of a histogram: the numbers in its buckets and then the sum of the times.
    """
    found: dict[str, dict[str, float | list[float]]] = {}
    with _lock:
        for (name, labels), value in _counters.items():
            found.setdefault(name, {})["|".join(labels)] = value
        for (name, labels), histogram in _histograms.items():
            found.setdefault(name, {})["|".join(labels)] = [*map(float, histogram.counts), histogram.total]
    for name, read in _gauges.items():
        for labels, value in read().items():
            found.setdefault(name, {})["|".join(labels)] = value
    return found


def histogram_of(stored: list[float]) -> Histogram:
    """The histogram that `figures` made plain."""
    return Histogram([round(number) for number in stored[:-1]], stored[-1])


def since(
    now: Mapping[str, Mapping[str, float | list[float]]], before: Mapping[str, Mapping[str, float | list[float]]]
) -> dict[str, dict[str, float | list[float]]]:
    """What was counted between two answers of `figures`; gauges as they are now."""
    grown: dict[str, dict[str, float | list[float]]] = {}
    for name, series in now.items():
        known = METRICS.get(name)
        if known is None:
            continue
        for label, value in series.items():
            old = before.get(name, {}).get(label)
            grown.setdefault(name, {})[label] = value if known.kind == "gauge" else _difference(value, old)
    return grown


def _difference(value: float | list[float], old: float | list[float] | None) -> float | list[float]:
    if isinstance(value, list):
        if not isinstance(old, list) or len(old) != len(value):
            return value
        return [max(0.0, one - other) for one, other in zip(value, old, strict=True)]
    return max(0.0, value - (old if isinstance(old, int | float) else 0.0))


@dataclass(frozen=True)
class Reading:
    """The value of a metric at this moment. `labels` stand in the order in which the metric names them.

    `more` are labels beside the metric's own, such as the process that counted.
    """

    metric: Metric
    labels: Labels
    value: float | Histogram
    more: tuple[tuple[str, str], ...] = ()


def exposition(readings: Iterable[Reading]) -> str:
    """The readings in the text format of Prometheus (version 0.0.4)."""
    by_metric: dict[str, list[Reading]] = {}
    for reading in readings:
        by_metric.setdefault(reading.metric.name, []).append(reading)
    lines: list[str] = []
    for name, group in sorted(by_metric.items()):
        first = group[0].metric
        lines += [f"# HELP {name} {_escaped(first.about, quotes=False)}", f"# TYPE {name} {first.kind}"]
        for reading in group:
            labels = [*zip(first.labels, reading.labels, strict=False), *reading.more]
            pairs = [f'{label}="{_escaped(value)}"' for label, value in labels]
            lines += _lines(name, pairs, reading.value)
    return "\n".join(lines) + "\n"


def _lines(name: str, pairs: list[str], value: float | Histogram) -> list[str]:
    if not isinstance(value, Histogram):
        return [f"{name}{_braced(pairs)} {value:.17g}"]
    lines: list[str] = []
    seen = 0
    for end, number in zip([*map(str, BUCKETS), "+Inf"], value.counts, strict=True):
        seen += number
        le = f'le="{end}"'
        lines.append(f"{name}_bucket{_braced([*pairs, le])} {seen}")
    return [*lines, f"{name}_sum{_braced(pairs)} {value.total:.17g}", f"{name}_count{_braced(pairs)} {seen}"]


def _braced(pairs: list[str]) -> str:
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escaped(text: str, *, quotes: bool = True) -> str:
    escaped = text.replace("\\", r"\\").replace("\n", r"\n")
    return escaped.replace('"', r"\"") if quotes else escaped


def readings_of(stored: Mapping[str, object], more: tuple[tuple[str, str], ...] = ()) -> list[Reading]:
    """What a process stored, as readings with these labels more. Figures that nobody knows any more are left out."""
    found: list[Reading] = []
    for name, series in stored.items():
        known = METRICS.get(name)
        if known is None or not isinstance(series, dict):
            continue
        for label, value in cast("dict[str, float | list[float]]", series).items():
            labels = tuple(label.split("|")) if known.labels else ()
            found.append(Reading(known, labels, histogram_of(value) if isinstance(value, list) else value, more))
    return found


def forget() -> None:
    """Begin anew. For tests."""
    with _lock:
        _counters.clear()
        _histograms.clear()
