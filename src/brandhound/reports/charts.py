"""The charts of a report as SVG: one drawing for the page, the print and the download."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from brandhound.core.wording import count_of
from brandhound.reports.document import BrandTone, ReportBrand, ReportDocument, ShareRow, ToneCount, VolumeSeries
from brandhound.reports.errors import UnknownChart
from brandhound.reports.svg import (
    BAR,
    GRID,
    INK,
    MUTED,
    TONE_COLORS,
    TONE_INKS,
    area,
    box,
    dot,
    fitted,
    label,
    picture,
    polyline,
    rule,
    safe_color,
    text_width,
    ticks,
    whisker,
)
from brandhound.reports.wording import TOO_FEW, interval_text, number, percent, short_day, signed_balance

WIDE, HALF = 560.0, 272.0
MOST_LINES = 6
MOST_ROWS = 8
DASHES = ("", "", "5 3", "2 2.5", "8 3 2 3", "1 3")


def draw(document: ReportDocument, name: str) -> str:
    """A chart by its name. Raises UnknownChart."""
    if name not in CHARTS:
        raise UnknownChart(name)
    return CHARTS[name](document)


@dataclass(frozen=True)
class Buckets:
    """Days gathered so that a line stays readable: a quarter by day, a year by week, longer by month."""

    word: str
    firsts: tuple[date, ...]
    of_day: tuple[int, ...]

    @property
    def note(self) -> str:
        """Weeks and months at the ends are rarely whole, and then look as if less had been said."""
        return "" if self.word == "day" else f"The first and the last {self.word} may not be whole."

    def sums(self, values: Sequence[int]) -> list[int]:
        totals = [0] * len(self.firsts)
        for index, value in zip(self.of_day, values, strict=True):
            totals[index] += value
        return totals


def buckets_of(days: Sequence[date]) -> Buckets:
    if len(days) <= 100:
        word, firsts = "day", list(days)
    elif len(days) <= 400:
        word, firsts = "week", [day - timedelta(days=day.weekday()) for day in days]
    else:
        word, firsts = "month", [day.replace(day=1) for day in days]
    distinct = sorted(set(firsts))
    place = {first: index for index, first in enumerate(distinct)}
    return Buckets(word, tuple(distinct), tuple(place[first] for first in firsts))


def volume_chart(document: ReportDocument, width: float = WIDE, height: float = 214) -> str:
    """Mentions over time, a line for each brand; the subject is filled, others are told apart by dashes too."""
    buckets = buckets_of(document.volume.days)
    lines = _lines(document, buckets)
    steps = ticks(max((max(values) for _, values in lines), default=0))
    left = 12 + max(text_width(number(step), 10) for step in steps)
    right, bottom = width - 12, height - 24
    legend, top = _legend(lines, left, right)
    rise = (bottom - top) / steps[-1]
    run = (right - left) / max(1, len(buckets.firsts) - 1)
    parts = [legend]
    for step in steps:
        y = bottom - step * rise
        parts += [rule(left, y, right, y), label(left - 6, y + 3.5, number(step), anchor="end")]
    parts += _day_labels(buckets, left, run, height)
    for index, (brand, values) in reversed(list(enumerate(lines))):
        parts += _line(brand, values, index, (left, bottom, run, rise))
    return picture(width, height, parts, f"Mentions per {buckets.word}, by brand")


def share_chart(document: ReportDocument, width: float = HALF) -> str:
    """Share of voice with its 90 % interval; counts instead of shares when there are too few stories."""
    rows = document.share.rows[:MOST_ROWS]
    named = [(document.brand(row.brand_id), row) for row in rows]
    left = _label_column([brand.name for brand, _ in named], width * 0.42)
    said = [_share_text(row) for row in rows]
    right = width - 8 - max((text_width(text, 10) for text in said), default=0)
    most = max((_share_reach(row) for row in rows), default=0) or 1
    scale = max(20.0, right - left) / most
    parts: list[str] = []
    for index, (brand, row) in enumerate(named):
        y, reach = index * 26 + 6, _share_size(row)
        parts.append(label(left - 8, y + 12, fitted(brand.name, left - 10, 10), anchor="end", color=INK))
        parts.append(box(left, y, max(1.5, reach * scale), 16, safe_color(brand.color)))
        end = left + reach * scale
        if interval := row.share.interval:
            low, high = left + interval.low * scale, left + interval.high * scale
            parts.append(whisker(low, high, y + 8))
            end = max(end, high)
        parts.append(label(end + 7, y + 11.5, said[index], color=INK, weight=600))
    return picture(width, max(1, len(rows)) * 26 + 6, parts, "Share of voice, counted in stories")


def outlets_chart(document: ReportDocument, width: float = HALF) -> str:
    """The outlets with most mentions of the subject."""
    rows = document.outlets[:MOST_ROWS]
    left = _label_column([row.outlet for row in rows], width * 0.45)
    most = max((row.mentions for row in rows), default=1)
    scale = (width - left - 12 - text_width(number(most), 10)) / most
    parts: list[str] = []
    for index, row in enumerate(rows):
        y = index * 26 + 6
        parts.append(label(left - 8, y + 12, fitted(row.outlet, left - 10, 10), anchor="end", color=INK))
        parts.append(box(left, y, row.mentions * scale, 16, BAR))
        parts.append(label(left + row.mentions * scale + 6, y + 11.5, number(row.mentions), color=INK, weight=600))
    return picture(width, max(1, len(rows)) * 26 + 6, parts, "Mentions by outlet")


def tone_chart(document: ReportDocument, width: float = WIDE) -> str:
    """Tone toward each brand as parts of a whole, and its balance with the 90 % interval beside it."""
    rows = [row for row in document.tone if sum(count.mentions for count in row.counts)][:MOST_ROWS]
    names = [document.brand(row.brand_id).name for row in rows]
    left = _label_column(names, width * 0.2)
    axis_left, axis_right = width - 150, width - 46
    parts = [_tone_legend(left, axis_left), label(axis_left, 12, "−1"), label(axis_right, 12, "+1", anchor="end")]
    parts.append(label((axis_left + axis_right) / 2, 12, "Balance", anchor="middle"))
    height = 24.0
    for row, name in zip(rows, names, strict=True):
        parts.append(label(left - 8, height + 15, fitted(name, left - 10, 10), anchor="end", color=INK))
        parts.append(_tone_bar(row, left, axis_left - 16, height))
        parts.append(_balance_axis(row, axis_left, axis_right, width, height + 11))
        height += 30
    return picture(width, height + 2, parts, "Tone toward each brand")


def spoken_of(document: ReportDocument) -> Sequence[VolumeSeries]:
    """The brands that have a line worth a place in a legend: those of which something was said, if any was."""
    return [series for series in document.volume.series if any(series.mentions)] or document.volume.series


def _lines(document: ReportDocument, buckets: Buckets) -> list[tuple[ReportBrand, list[int]]]:
    shown = spoken_of(document)[:MOST_LINES]
    return [(document.brand(series.brand_id), buckets.sums(series.mentions)) for series in shown]


def _legend(lines: Sequence[tuple[ReportBrand, list[int]]], left: float, right: float) -> tuple[str, float]:
    """The legend over as many lines as it needs, and where the chart begins below it."""
    parts: list[str] = []
    x, y = left, 14.0
    for index, (brand, _) in enumerate(lines):
        name = fitted(brand.name, min(170, right - left - 24), 10)
        needed = 24 + text_width(name, 10)
        if x > left and x + needed > right:
            x, y = left, y + 17
        parts.append(
            polyline([(x, y - 3.5), (x + 14, y - 3.5)], safe_color(brand.color), 3, DASHES[index % len(DASHES)])
        )
        parts.append(label(x + 20, y, name, color=INK, weight=500))
        x += needed + 14
    return "".join(parts), y + 16


def _line(brand: ReportBrand, values: Sequence[int], index: int, frame: tuple[float, float, float, float]) -> list[str]:
    left, bottom, run, rise = frame
    color = safe_color(brand.color)
    points = [(left + at * run, bottom - value * rise) for at, value in enumerate(values)]
    if len(points) == 1:
        at = left + 24 + index * 34
        return [box(at, points[0][1], 22, bottom - points[0][1], color)]
    filled = [area([(left, bottom), *points, (points[-1][0], bottom)], color, 0.1)] if index == 0 else []
    line = polyline(points, color, 2.2 if brand.subject else 1.6, DASHES[index % len(DASHES)])
    return [*filled, line, dot(*points[-1], 3, color)]


def _day_labels(buckets: Buckets, left: float, run: float, height: float) -> list[str]:
    years = len({first.year for first in buckets.firsts}) > 1
    texts = [short_day(first) + (f" {first.year % 100:02d}" if years else "") for first in buckets.firsts]
    if buckets.word == "month":
        texts = [f"{short_day(first).split()[1]} {first.year}" for first in buckets.firsts]
    widest = max((text_width(text, 10) for text in texts), default=1) + 16
    every = max(1, -(-int(widest) // max(1, int(run)))) if run < widest else 1
    if len(texts) == 1:
        return [label(left, height - 6, texts[0])]
    last = left + run * (len(texts) - 1) + 12
    shown = [(left + run * at, text) for at, text in enumerate(texts) if at % every == 0]
    return [label(x, height - 6, text, anchor="middle") for x, text in shown if x + text_width(text, 10) / 2 <= last]


def _label_column(names: Sequence[str], most: float) -> float:
    return 10 + min(most, max((text_width(name, 10) for name in names), default=0))


def _share_size(row: ShareRow) -> float:
    return row.share.value if row.share.value is not None else float(row.stories)


def _share_reach(row: ShareRow) -> float:
    return row.share.interval.high if row.share.interval else _share_size(row)


def _share_text(row: ShareRow) -> str:
    return percent(row.share.value) if row.share.value is not None else count_of(row.stories, "story", "stories")


def _tone_legend(left: float, right: float) -> str:
    """The five tones: above the bars, or from the edge where the names of brands are long."""
    gaps = 24.0
    named = {tone.capitalize(): color for tone, color in TONE_COLORS.items()}
    # As far from the balance beside it as from one another.
    needed = sum(gaps + text_width(name, 10) for name in named)
    x = left if left + needed <= right else 0.0
    parts: list[str] = []
    for name, color in named.items():
        parts += [box(x, 4, 9, 9, color, radius=2), label(x + 13, 12, name, color=INK)]
        x += gaps + text_width(name, 10)
    return "".join(parts)


def _tone_bar(row: BrandTone, left: float, right: float, y: float) -> str:
    """Segments as wide as the shares; where there are too few texts, as wide as their counts."""
    told = [count for count in row.counts if count.share.value is not None]
    sizes = {count.tone: count.share.value or 0.0 for count in told} if row.corrected and told else {}
    sizes = sizes or {count.tone: float(count.mentions) for count in row.counts}
    scale = (right - left) / sum(sizes.values())
    parts: list[str] = []
    x = left
    for count in row.counts:
        wide = sizes.get(count.tone, 0.0) * scale
        if not wide:
            continue
        said = percent(count.share.value) if count.share.value is not None else number(count.mentions)
        parts.append(box(x, y, max(wide - 1.5, 0.5), 22, TONE_COLORS[count.tone], radius=min(3, wide / 2)))
        if text_width(said, 10) + 8 <= wide - 1.5:
            color = TONE_INKS[count.tone]
            parts.append(label(x + (wide - 1.5) / 2, y + 14.8, said, color=color, anchor="middle", weight=600))
        x += wide
    return "".join(parts)


def _balance_axis(row: BrandTone, left: float, right: float, width: float, y: float) -> str:
    middle, half = (left + right) / 2, (right - left) / 2
    if row.balance.value is None or row.balance.interval is None:
        return label(left, y + 3.5, fitted(f"{TOO_FEW} ({row.out_of})", width - left, 10))
    low, high = row.balance.interval.low, row.balance.interval.high
    color = TONE_COLORS["positive"] if low > 0 else TONE_COLORS["negative"] if high < 0 else MUTED
    return "".join(
        [
            rule(left, y, right, y, GRID, 1),
            rule(middle, y - 7, middle, y + 7, BAR, 1),
            whisker(middle + low * half, middle + high * half, y, color),
            dot(middle + row.balance.value * half, y, 4, color),
            label(width, y + 3.5, signed_balance(row.balance.value), anchor="end", color=INK, weight=600),
        ]
    )


def table_of(document: ReportDocument, name: str) -> list[tuple[str, str]]:
    """What a chart shows, as text: for those who do not see it."""
    if name == "share":
        return [
            (
                document.brand(row.brand_id).name,
                f"{_share_text(row)} {interval_text(row.share.interval, 'share')}".strip(),
            )
            for row in document.share.rows
        ]
    if name == "outlets":
        return [(row.outlet, count_of(row.mentions, "mention")) for row in document.outlets]
    if name == "tone":
        return [
            (
                document.brand(row.brand_id).name,
                ", ".join(_tone_text(count) for count in row.counts if count.mentions or count.share.value)
                or "nothing",
            )
            for row in document.tone
        ]
    return [
        (document.brand(series.brand_id).name, count_of(sum(series.mentions), "mention"))
        for series in document.volume.series
    ]


def _tone_text(count: ToneCount) -> str:
    if count.share.value is None:
        return f"{count.tone} {count.mentions}"
    return f"{count.tone} {percent(count.share.value)} ({interval_text(count.share.interval, 'share')}), read {count.mentions}"


def described(document: ReportDocument, name: str) -> str:
    """A chart in one sentence, for the alternative text of a picture."""
    return "; ".join(f"{who}: {what}" for who, what in table_of(document, name)) or "nothing to show"


CHARTS: dict[str, Callable[[ReportDocument], str]] = {
    "volume": volume_chart,
    "share": share_chart,
    "tone": tone_chart,
    "outlets": outlets_chart,
}
