"""Figures follow from the mentions, and from nothing else."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from brandhound.reports import counting
from brandhound.reports.building import with_subject
from brandhound.reports.charts import buckets_of, draw
from brandhound.reports.counting import Counted, Counts
from brandhound.reports.document import ReportBrand, ReportDocument, canonical_json, document_sha256
from brandhound.reports.errors import UnknownFigure
from brandhound.reports.figures import selection_of
from brandhound.reports.ranking import top_stories
from brandhound.reports.sample import sample_document
from brandhound.reports.sentences import sentence_of
from brandhound.reports.wording import confidence_text, percent, range_text, shortened

ACME, RIVAL = UUID(int=1), UUID(int=2)


def brands() -> tuple[ReportBrand, ...]:
    return with_subject(
        [
            ReportBrand(id=RIVAL, name="Rival", kind="competitor", color="#ee6677", subject=False),
            ReportBrand(id=ACME, name="Acme", kind="own", color="#4477aa", subject=False),
        ]
    )


def said(brand_id: UUID = ACME, **facts: object) -> Counted:
    row = Counted(
        id=uuid4(),
        brand_id=brand_id,
        article_id=uuid4(),
        story_id=uuid4(),
        published_at=datetime(2026, 10, 3, 12, tzinfo=UTC),
        day_on=date(2026, 10, 3),
        outlet="Courier",
        site="courier.example",
        tone="neutral",
        tone_confidence=0.9,
        confidence=0.9,
        salience="subject",
        reprint=False,
    )
    return row._replace(**facts)  # pyright: ignore[reportArgumentType]


def test_the_subject_is_ones_own_brands_unless_there_are_only_competitors() -> None:
    assert [brand.name for brand in brands() if brand.subject] == ["Acme"]
    only = with_subject([ReportBrand(id=RIVAL, name="Rival", kind="competitor", color="#ee6677", subject=False)])
    assert only[0].subject


def test_share_of_voice_counts_a_story_once_however_often_it_is_copied() -> None:
    story = uuid4()
    rows = [said(story_id=story) for _ in range(40)] + [said(RIVAL) for _ in range(19)]
    share = counting.share_of_voice(Counts(brands(), rows, None))
    assert share.out_of == 20
    assert [(row.stories, row.share.value) for row in share.rows] == [(19, 0.95), (1, 0.05)]


def test_a_share_of_fewer_than_twenty_stories_is_not_given() -> None:
    share = counting.share_of_voice(Counts(brands(), [said() for _ in range(11)], None))
    assert not share.enough
    assert share.rows[0].stories == 11
    assert share.rows[0].share.value is None
    assert share.rows[0].share.interval is None


def test_tone_leaves_out_copies_and_the_unclear_but_shows_the_unclear() -> None:
    rows = [said(tone="positive") for _ in range(15)] + [said(tone="negative") for _ in range(5)]
    rows += [said(tone="negative", reprint=True) for _ in range(30)] + [said(tone="unclear") for _ in range(4)]
    tone = next(row for row in counting.tone_of_brands(Counts(brands(), rows, None)) if row.brand_id == ACME)
    assert tone.out_of == 20
    interval = tone.balance.interval
    assert tone.balance.value is not None
    assert interval is not None
    assert interval.low < tone.balance.value < interval.high
    assert interval.low > 0
    assert {count.tone: count.mentions for count in tone.counts} == {
        "positive": 15, "neutral": 0, "mixed": 0, "negative": 5, "unclear": 4,
    }  # fmt: skip
    assert next(count for count in tone.counts if count.tone == "unclear").share.value is None


def test_no_tone_is_told_from_eleven_mentions() -> None:
    figure = counting.headline(Counts(brands(), [said(tone="positive") for _ in range(11)], None)).tone
    assert figure.value is None
    assert figure.out_of == 11


def test_competitors_are_not_in_the_headline() -> None:
    head = counting.headline(Counts(brands(), [said(), said(RIVAL), said(RIVAL)], [said(RIVAL)]))
    assert (head.mentions.value, head.mentions.before, head.mentions.change) == (1, 0, None)


def test_volume_has_a_count_for_each_day_and_names_the_busiest() -> None:
    days = [date(2026, 10, 1) + timedelta(days=offset) for offset in range(5)]
    rows = [said(day_on=days[2]), said(day_on=days[2]), said(day_on=days[4]), said(RIVAL, day_on=days[0])]
    volume = counting.volume(Counts(brands(), rows, None), days)
    assert [series.mentions for series in volume.series] == [(0, 0, 2, 0, 1), (1, 0, 0, 0, 0)]
    assert volume.busiest_on == days[2]


def test_legends_on_screen_on_paper_and_on_slides_name_brands_in_one_order() -> None:
    day, third = date(2026, 10, 1), UUID(int=3)
    quiet = ReportBrand(id=third, name="Aaa", kind="competitor", color="#228833", subject=False)
    rows = [said(day_on=day), *(said(RIVAL, day_on=day) for _ in range(3)), said(third, day_on=day)]
    volume = counting.volume(Counts(with_subject([quiet, *brands()]), rows, None), [day])
    assert [series.brand_id for series in volume.series] == [ACME, RIVAL, third]

    sample = sample_document(200)
    turned = sample.volume.model_copy(update={"series": sample.volume.series[::-1]})
    drawn = draw(sample.model_copy(update={"volume": turned}), "volume")
    names = [sample.brand(series.brand_id).name for series in turned.series if any(series.mentions)]
    assert len(names) > 1
    assert sorted(names, key=lambda name: drawn.index(f">{name}<")) == names


def test_the_story_most_outlets_told_comes_first_with_its_first_teller() -> None:
    big, small = uuid4(), uuid4()
    early = datetime(2026, 10, 1, tzinfo=UTC)
    rows = [said(story_id=small) for _ in range(9)]
    rows += [said(story_id=big, outlet="Wire", published_at=early, tone="negative", tone_confidence=0.99)]
    rows += [said(story_id=big, outlet=f"Paper {n}", reprint=True) for n in range(3)]
    first = top_stories(Counts(brands(), rows, None))[0]
    assert (first.story_id, first.first.outlet, first.articles, first.reprints, first.outlets) == (big, "Wire", 4, 3, 4)
    assert first.tone == "negative"


def test_a_story_of_competitors_alone_is_not_told() -> None:
    assert top_stories(Counts(brands(), [said(RIVAL)], None)) == []


def test_the_same_mentions_give_the_same_document_and_hash() -> None:
    one, two = sample_document(50), sample_document(50)
    assert canonical_json(one) == canonical_json(two)
    assert document_sha256(ReportDocument.model_validate_json(canonical_json(one))) == document_sha256(two)


def test_every_figure_of_a_document_has_a_key_that_is_understood() -> None:
    def keys(value: object) -> list[str]:
        if isinstance(value, dict):
            found = [one for one in value.values() if not isinstance(one, str)]  # pyright: ignore
            here = [value[name] for name in ("evidence", "evidence_before") if value.get(name)]  # pyright: ignore
            flat = [key for one in here for key in (one if isinstance(one, list) else [one])]  # pyright: ignore
            return flat + [key for one in found for key in keys(one)]  # pyright: ignore
        return [key for one in value for key in keys(one)] if isinstance(value, list) else []  # pyright: ignore

    found = keys(sample_document(60).model_dump(mode="json"))
    assert len(found) > 200
    for key in found:
        selection_of(key)


@pytest.mark.parametrize(
    "key", ["", "x", "mentions:1", "volume:", "volume:2026-13-01", "brand:", "brand:x", "tone:x", "outlet:", "outlet-tone:",
            "before:", "before:before:mentions", "story:1", "tone:" + str(ACME) + ":angry", "mention:' or 1=1"],
)  # fmt: skip
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(UnknownFigure):
        selection_of(key)


def test_the_sentence_is_cut_by_its_offsets_and_never_beyond_the_text() -> None:
    place = {"field": "text", "start": 19, "sentence_start": 17, "sentence_end": 39}
    assert sentence_of([place], "Title", "It rained a lot. Acme opened a shop.  Then.") == "Acme opened a shop. T"
    assert sentence_of([{**place, "sentence_end": 999}], "Title", "Short") is None
    assert sentence_of([{"field": "title", "start": 0, "sentence_start": 0, "sentence_end": 5}], "Title", "") == "Title"
    assert sentence_of([{"field": "text"}, {}], "Title", "Text") is None


def test_long_ranges_are_gathered_by_week_and_month_and_lose_nothing() -> None:
    for days, word in ((100, "day"), (101, "week"), (400, "week"), (731, "month")):
        calendar = [date(2024, 11, 2) + timedelta(days=offset) for offset in range(days)]
        buckets = buckets_of(calendar)
        assert buckets.word == word
        assert sum(buckets.sums([1] * days)) == days


def test_words_do_not_round_something_to_nothing_or_to_certainty() -> None:
    assert percent(0.001) == "< 1 %"
    assert percent(0.999) == "> 99 %"
    assert percent(0) == "0 %"
    assert confidence_text(1.0) == "> 99 %"
    assert confidence_text(0.8) == "80 %"


def test_a_range_is_told_as_short_as_it_can_be() -> None:
    def told(since: date, until: date) -> str:
        from brandhound.reports.ranges import range_of

        return range_text(range_of(since, until, "UTC"))

    assert told(date(2026, 10, 1), date(2026, 10, 30)) == "1–30 October 2026"
    assert told(date(2026, 9, 28), date(2026, 10, 4)) == "28 September – 4 October 2026"
    assert told(date(2025, 12, 29), date(2026, 1, 4)) == "29 December 2025 – 4 January 2026"
    assert told(date(2026, 10, 1), date(2026, 10, 1)) == "1 October 2026"


def test_a_long_title_is_cut_at_a_word() -> None:
    assert shortened("one two three four", 14) == "one two three…"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
