"""From the mentions that count to the figures of a report. Nothing here waits: rows in, parts of a document out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from brandhound.mentions import tone_shares
from brandhound.mentions.tone_knowledge import ToneKnowledge
from brandhound.mentions.tone_shares import Estimate, ToneCounts
from brandhound.reports import intervals
from brandhound.reports.document import (
    TONES,
    BrandTone,
    Figure,
    Headline,
    Interval,
    OutletRow,
    ReportBrand,
    ShareOfVoice,
    ShareRow,
    Tone,
    ToneCount,
    Volume,
    VolumeSeries,
)
from brandhound.reports.figures import before_key, brand_key, outlet_key, outlet_tone_key, tone_key, volume_key

MOST_OUTLETS = 15
UNEVEN = 0.02
"""From this difference in length on, two ranges are not as long: a leap day in a quarter is less."""


class Counted(NamedTuple):
    """A mention that counts, as narrow as counting needs it, and as cheap to make: a report takes thousands."""

    id: UUID
    brand_id: UUID
    article_id: UUID
    story_id: UUID
    published_at: datetime
    day_on: date  # Of the organization's calendar.
    outlet: str
    site: str
    tone: Tone
    tone_confidence: float
    confidence: float
    salience: str
    reprint: bool  # A copy, and its text counts already.
    said: bool = False  # Whether a person said the tone.
    judgement: str | None = None


@dataclass(frozen=True)
class Counts:
    """The mentions of the range and of the range before (None: nothing to compare with), and whose they are."""

    brands: Sequence[ReportBrand]
    rows: Sequence[Counted]
    rows_before: Sequence[Counted] | None
    knowledge: ToneKnowledge = field(default_factory=ToneKnowledge)
    scale: float = 1.0
    """Days of the range by days of the range before."""

    @property
    def is_even(self) -> bool:
        """Whether both ranges are as long, but for a leap day."""
        return abs(self.scale - 1) < UNEVEN

    @cached_property
    def subject_ids(self) -> frozenset[UUID]:
        return frozenset(brand.id for brand in self.brands if brand.subject)

    @cached_property
    def subject(self) -> list[Counted]:
        """Mentions of the brands that the report is about."""
        ids = self.subject_ids
        return [row for row in self.rows if row.brand_id in ids]

    @cached_property
    def subject_before(self) -> list[Counted] | None:
        ids = self.subject_ids
        return None if self.rows_before is None else [row for row in self.rows_before if row.brand_id in ids]

    @cached_property
    def by_brand(self) -> dict[UUID, list[Counted]]:
        """Parted once, since each brand's figures look at nothing but its own mentions."""
        return _parted(self.brands, self.rows)

    @cached_property
    def by_brand_before(self) -> dict[UUID, list[Counted]] | None:
        return None if self.rows_before is None else _parted(self.brands, self.rows_before)


def headline(counts: Counts) -> Headline:
    now, before = counts.subject, counts.subject_before
    scale = 1.0 if counts.is_even else counts.scale
    return Headline(
        mentions=_count_figure("mentions", by_story(now), None if before is None else by_story(before), scale),
        stories=_count_figure("stories", ones(row.story_id.int for row in now), _ones_before(before, "story"), scale),
        outlets=_count_figure(
            "outlets",
            ones(row.outlet for row in now),
            _ones_before(before, "outlet"),
            # More days find more outlets, and not in proportion.
            scale if counts.is_even else None,
        ),
        tone=balance_figure("tone", now, before, counts.knowledge),
    )


def volume(counts: Counts, days: Sequence[date]) -> Volume:
    """Mentions per day and brand, in the order of a legend: the subjects first, of these and of those most spoken of first.

    A day is a day of the organization's calendar.
    """
    per_day = {brand_id: Counter(row.day_on for row in rows) for brand_id, rows in counts.by_brand.items()}
    subject_ids = counts.subject_ids
    of_subject = {day: sum(per_day[brand_id][day] for brand_id in subject_ids) for day in days}
    busiest_on = max(days, key=lambda day: of_subject[day], default=None)
    return Volume(
        days=tuple(days),
        series=tuple(
            VolumeSeries(
                brand_id=brand.id,
                mentions=tuple(per_day[brand.id][day] for day in days),
                evidence=tuple(volume_key(day, brand.id) for day in days),
            )
            for brand in sorted(
                counts.brands, key=lambda brand: (brand.id not in subject_ids, -per_day[brand.id].total())
            )
        ),
        busiest_on=busiest_on if busiest_on and of_subject[busiest_on] else None,
    )


def share_of_voice(counts: Counts) -> ShareOfVoice:
    now = stories_of(counts.by_brand)
    before = None if counts.by_brand_before is None else stories_of(counts.by_brand_before)
    out_of = sum(map(len, now.values()))
    rows = [
        ShareRow(brand_id=brand.id, stories=len(now[brand.id]), share=_share_of(brand.id, now, before))
        for brand in counts.brands
    ]
    rows.sort(key=lambda row: -row.stories)
    return ShareOfVoice(out_of=out_of, enough=intervals.is_enough(out_of), rows=tuple(rows))


def tone_of_brands(counts: Counts) -> tuple[BrandTone, ...]:
    return tuple(_tone_of(brand.id, counts) for brand in counts.brands)


def outlets(counts: Counts) -> tuple[OutletRow, ...]:
    """The outlets that wrote most about the subject."""
    by_outlet: defaultdict[str, list[Counted]] = defaultdict(list)
    for row in counts.subject:
        by_outlet[row.outlet].append(row)
    ranked = sorted(by_outlet.items(), key=lambda item: (-len(item[1]), item[0].casefold(), item[0]))
    return tuple(
        OutletRow(
            outlet=name,
            site=min(row.site for row in rows),
            mentions=len(rows),
            stories=len({row.story_id for row in rows}),
            balance=balance_figure(outlet_tone_key(name), rows, None, counts.knowledge),
            evidence=outlet_key(name),
        )
        for name, rows in ranked[:MOST_OUTLETS]
    )


def balance_figure(
    key: str, now: Sequence[Counted], before: Sequence[Counted] | None, knowledge: ToneKnowledge
) -> Figure:
    """Tone from −1 to +1, corrected by how often it is read right. No value under 20 texts; copies of one text count once,
    unclear ones not at all.
    """
    return _balance(
        key, clear_texts(now, knowledge), None if before is None else clear_texts(before, knowledge), knowledge
    )


def _balance(key: str, texts: ToneCounts, texts_before: ToneCounts | None, knowledge: ToneKnowledge) -> Figure:
    enough = intervals.is_enough(texts.total)
    found = tone_shares.balance(texts, knowledge.matrices) if enough else None
    earlier = texts_before
    if earlier is None or not intervals.is_enough(earlier.total):
        earlier = None
    value_before = tone_shares.balance(earlier, knowledge.matrices).value if earlier else None
    return Figure(
        value=found.value if found else None,
        unit="balance",
        out_of=texts.total,
        interval=_interval(found),
        before=value_before,
        change=round(found.value - value_before, 4) if found and value_before is not None else None,
        change_is_clear=bool(found and earlier)
        and tone_shares.balance_moved(texts, earlier or texts, knowledge.matrices),
        evidence=key,
        evidence_before=before_key(key) if texts_before is not None else None,
    )


def originals(rows: Iterable[Counted]) -> list[Counted]:
    """Without the copies of a text that is counted already."""
    return [row for row in rows if not row.reprint]


def _tone_of(brand_id: UUID, counts: Counts) -> BrandTone:
    mine = counts.by_brand[brand_id]
    before = None if counts.by_brand_before is None else counts.by_brand_before[brand_id]
    by_tone = Counter([row.tone for row in originals(mine)])
    texts = clear_texts(mine, counts.knowledge)
    texts_before = None if before is None else clear_texts(before, counts.knowledge)
    enough = intervals.is_enough(texts.total)
    shares = tone_shares.shares(texts, counts.knowledge.matrices) if enough else {}
    return BrandTone(
        brand_id=brand_id,
        out_of=texts.total,
        enough=enough,
        corrected=True,
        counts=tuple(
            ToneCount(
                tone=tone,
                mentions=by_tone[tone],
                share=_tone_share(tone_key(brand_id, tone), shares.get(tone), texts.total),
            )
            for tone in TONES
        ),
        balance=_balance(tone_key(brand_id), texts, texts_before, counts.knowledge),
    )


def _tone_share(key: str, found: Estimate | None, out_of: int) -> Figure:
    value = found.value if found else None
    return Figure(value=value, unit="share", out_of=out_of, interval=_interval(found), evidence=key)


def _interval(found: Estimate | None) -> Interval | None:
    return Interval(low=found.low, high=found.high) if found else None


def _share_of(brand_id: UUID, now: dict[UUID, set[UUID]], before: dict[UUID, set[UUID]] | None) -> Figure:
    stories, out_of = len(now[brand_id]), sum(map(len, now.values()))
    enough = intervals.is_enough(out_of)
    value = round(stories / out_of, 4) if enough else None
    stories_before = len(before[brand_id]) if before is not None else 0
    out_of_before = sum(map(len, before.values())) if before is not None else 0
    value_before = round(stories_before / out_of_before, 4) if intervals.is_enough(out_of_before) else None
    return Figure(
        value=value,
        unit="share",
        out_of=out_of,
        interval=intervals.share_interval(stories, out_of) if enough else None,
        before=value_before,
        change=round(value - value_before, 4) if value is not None and value_before is not None else None,
        change_is_clear=intervals.share_moved((stories, out_of), (stories_before, out_of_before)),
        evidence=brand_key(brand_id),
        evidence_before=before_key(brand_key(brand_id)) if before is not None else None,
    )


def _count_figure(
    key: str, clusters: Sequence[int], clusters_before: Sequence[int] | None, scale: float | None
) -> Figure:
    """Of a count before that is small and of other days than now, no change is told: neither in percent nor in pieces."""
    value = sum(clusters)
    before = None if clusters_before is None else sum(clusters_before)
    told = scale == 1.0 or (scale is not None and intervals.is_enough(before or 0))
    return Figure(
        value=value,
        unit="count",
        before=before,
        change=round(value / (before * (scale or 1.0)) - 1, 4) if before and told else None,
        change_is_clear=clusters_before is not None
        and scale is not None
        and intervals.count_moved(clusters, clusters_before, scale),
        evidence=key,
        evidence_before=before_key(key) if before is not None else None,
    )


def by_story(rows: Iterable[Counted]) -> list[int]:
    return list(Counter([row.story_id.int for row in rows]).values())


def ones(names: Iterable[object]) -> list[int]:
    return [1] * len(set(names))


def _ones_before(rows: Sequence[Counted] | None, of: str) -> list[int] | None:
    return None if rows is None else ones(row.story_id.int if of == "story" else row.outlet for row in rows)


def _parted(brands: Iterable[ReportBrand], rows: Iterable[Counted]) -> dict[UUID, list[Counted]]:
    parts: dict[UUID, list[Counted]] = {brand.id: [] for brand in brands}
    # Numbers are hashed and compared without a call of Python's, which counts for thousands of rows.
    by_number = {id_.int: part for id_, part in parts.items()}
    for row in rows:
        by_number[row.brand_id.int].append(row)
    return parts


def stories_of(parts: Mapping[UUID, Sequence[Counted]]) -> dict[UUID, set[UUID]]:
    return {brand_id: {row.story_id for row in rows} for brand_id, rows in parts.items()}


def clear_texts(rows: Iterable[Counted], knowledge: ToneKnowledge) -> ToneCounts:
    """The texts whose tone is clear, copies once, by what people said and what was read."""
    return knowledge.count([row for row in originals(rows) if row.tone != "unclear"])
