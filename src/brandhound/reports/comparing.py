"""Each headline figure beside what it was in another range: the difference, and where it truly lies."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from brandhound.mentions import tone_shares
from brandhound.mentions.tone_knowledge import ToneKnowledge
from brandhound.mentions.tone_shares import ToneCounts
from brandhound.reports import intervals
from brandhound.reports.counting import Counted, Counts, by_story, clear_texts, ones, stories_of
from brandhound.reports.document import Compared, Comparison, Interval, Range
from brandhound.reports.figures import before_key, brand_key, tone_key


def comparison_of(counts: Counts, range_: Range, before: Range) -> Comparison | None:
    """None when nothing is compared."""
    if counts.subject_before is None:
        return None
    scale = 1.0 if counts.is_even else counts.scale
    return Comparison(range=range_, before=before, scale=round(scale, 6), rows=tuple(_rows(counts, scale)))


def _rows(counts: Counts, scale: float) -> Iterator[Compared]:
    now, before = counts.subject, counts.subject_before or []
    yield _count("Mentions", "mentions", by_story(now), by_story(before), scale)
    yield _count("Stories", "stories", ones(row.story_id for row in now), ones(row.story_id for row in before), scale)
    if counts.is_even:
        # More days find more outlets, and not in proportion: nothing is said of ranges that are not as long.
        yield _count("Outlets", "outlets", ones(row.outlet for row in now), ones(row.outlet for row in before), 1.0)
    yield _balance("Tone balance", "tone", now, before, counts.knowledge)
    if len(counts.brands) < 2:
        return
    by_brand, by_brand_before = counts.by_brand, counts.by_brand_before or {}
    stories, stories_before = stories_of(by_brand), stories_of(by_brand_before)
    for brand in counts.brands:
        yield _share(f"Share of voice: {brand.name}", brand.id, stories, stories_before)
    for brand in counts.brands:
        key = tone_key(brand.id)
        of_brand, of_brand_before = by_brand[brand.id], by_brand_before.get(brand.id, [])
        yield _balance(f"Tone balance: {brand.name}", key, of_brand, of_brand_before, counts.knowledge)


def _count(label: str, key: str, now: Sequence[int], before: Sequence[int], scale: float) -> Compared:
    interval = intervals.count_difference(now, before, scale)
    value, value_before = sum(now), sum(before)
    return _compared(label, "count", key, value, value_before, round(value - scale * value_before, 1), interval)


def _share(
    label: str, brand_id: UUID, stories: dict[UUID, set[UUID]], stories_before: dict[UUID, set[UUID]]
) -> Compared:
    now = len(stories[brand_id]), sum(map(len, stories.values()))
    before = len(stories_before.get(brand_id, ())), sum(map(len, stories_before.values()))
    interval = intervals.share_difference(now, before)
    value = now[0] / now[1] if intervals.is_enough(now[1]) else None
    value_before = before[0] / before[1] if intervals.is_enough(before[1]) else None
    return _compared(label, "share", brand_key(brand_id), value, value_before, _less(value, value_before), interval)


def _balance(
    label: str, key: str, now: Sequence[Counted], before: Sequence[Counted], knowledge: ToneKnowledge
) -> Compared:
    here, there = clear_texts(now, knowledge), clear_texts(before, knowledge)
    value, value_before = _tone(here, knowledge), _tone(there, knowledge)
    interval = None
    if value is not None and value_before is not None:
        moved = tone_shares.balance_difference(here, there, knowledge.matrices)
        interval = Interval(low=moved.low, high=moved.high)
    return _compared(label, "balance", key, value, value_before, _less(value, value_before), interval)


def _tone(texts: ToneCounts, knowledge: ToneKnowledge) -> float | None:
    return tone_shares.balance(texts, knowledge.matrices).value if intervals.is_enough(texts.total) else None


def _less(value: float | None, before: float | None) -> float | None:
    return None if value is None or before is None else value - before


def _compared(
    label: str,
    unit: str,
    key: str,
    value: float | None,
    before: float | None,
    difference: float | None,
    interval: Interval | None,
) -> Compared:
    verdict = "chance"
    if interval is None:
        verdict = "not-enough"
    elif interval.low > 0:
        verdict = "more"
    elif interval.high < 0:
        verdict = "less"
    return Compared.model_validate(
        {
            "label": label,
            "unit": unit,
            "value": None if value is None else round(value, 4),
            "before": None if before is None else round(before, 4),
            "difference": None if difference is None else round(difference, 4),
            "interval": interval,
            "verdict": verdict,
            "evidence": key,
            "evidence_before": before_key(key),
        }
    )
