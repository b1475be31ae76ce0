"""What stands out, in sentences made from the figures by rule: nothing is said that a figure does not say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from brandhound.core.wording import count_of
from brandhound.reports.counting import Counted, Counts
from brandhound.reports.document import (
    ENOUGH,
    Figure,
    Finding,
    FindingCode,
    Headline,
    ReportBrand,
    ShareOfVoice,
    Volume,
)
from brandhound.reports.figures import story_tone_key, volume_key
from brandhound.reports.wording import day_text, number, percent, points, shortened, signed_balance, signed_percent

MOST_FINDINGS = 5


def findings(
    counts: Counts, headline: Headline, volume: Volume, share: ShareOfVoice, titles: Mapping[UUID, str]
) -> tuple[Finding, ...]:
    """At most five sentences, the most telling first."""
    found = [
        *_share_moved(counts.brands, share),
        *_counts_moved(headline),
        *_tone_moved(headline),
        *_busiest_day(counts, volume, titles),
        *_negative_story(counts.subject, titles),
        *_copies(counts.subject),
    ]
    if counts.subject and counts.subject_before is not None and not any(f.code.endswith("-moved") for f in found):
        found.insert(0, _calm(len(counts.subject), len(counts.subject_before)))
    return tuple(found[:MOST_FINDINGS])


def headline_of(counts: Counts, headline: Headline, share: ShareOfVoice) -> str:
    """A title that says the news: who, and what moved."""
    subject = [brand for brand in counts.brands if brand.subject]
    names = [brand.name for brand in subject]
    who = shortened(_listed(names), 80)
    moved = [
        row for row in share.rows if len(subject) == 1 and row.brand_id == subject[0].id and row.share.change_is_clear
    ]
    if moved and moved[0].share.change and len(counts.brands) > 1:
        return f"{who}: share of voice {_direction(moved[0].share.change)} {points(abs(moved[0].share.change))}"
    if headline.mentions.change_is_clear and headline.mentions.change:
        return f"{who}: mentions {_direction(headline.mentions.change)} {percent(abs(headline.mentions.change))}"
    if not headline.mentions.value:
        return f"{who}: nothing heard yet"
    stories = count_of(int(headline.stories.value or 0), "story", "stories")
    return f"{who}: {stories}, {count_of(int(headline.mentions.value), 'mention')}"


def _calm(mentions: int, before: int) -> Finding:
    return Finding(
        code="calm",
        text="No headline figure moved by more than chance against the range before."
        if mentions + before >= 2 * ENOUGH
        else "Too few mentions to tell a change from chance.",
        source=f"{count_of(mentions, 'mention')} now, {before} before",
        evidence="mentions",
    )


def _share_moved(brands: Sequence[ReportBrand], share: ShareOfVoice) -> Iterator[Finding]:
    if len(brands) < 2:
        return
    for row in share.rows:
        figure = row.share
        if figure.change_is_clear and figure.change and figure.value is not None and figure.before is not None:
            name = next(brand.name for brand in brands if brand.id == row.brand_id)
            yield Finding(
                code="share-moved",
                text=f"{name}’s share of voice went {_direction(figure.change)} {points(abs(figure.change))}, "
                f"from {percent(figure.before)} to {percent(figure.value)}.",
                source=f"{row.stories} of {count_of(share.out_of, 'story', 'stories')}",
                evidence=figure.evidence,
            )
            return


def _counts_moved(headline: Headline) -> Iterator[Finding]:
    """Of mentions, stories and outlets the first that moved: they mostly move together."""
    counted: tuple[tuple[FindingCode, str, Figure], ...] = (
        ("mentions-moved", "Mentions", headline.mentions),
        ("stories-moved", "Stories", headline.stories),
        ("outlets-moved", "Outlets", headline.outlets),
    )
    for code, what, figure in counted:
        if not figure.change_is_clear or figure.value is None:
            continue
        now, before = number(figure.value), number(figure.before or 0)
        # Of none, and of few in other days, there is no percentage.
        moved = (
            f"went from {before} to {now}" if figure.change is None else f"changed by {signed_percent(figure.change)}"
        )
        yield Finding(
            code=code,
            text=f"{what} {moved}: more than chance would make.",
            source=f"{now} now, {before} before",
            evidence=figure.evidence,
        )
        return


def _tone_moved(headline: Headline) -> Iterator[Finding]:
    figure = headline.tone
    if figure.change_is_clear and figure.value is not None and figure.before is not None:
        word = "better" if figure.value > figure.before else "worse"
        yield Finding(
            code="tone-moved",
            text=f"The tone became {word}: {signed_balance(figure.value)} after {signed_balance(figure.before)}.",
            source=count_of(figure.out_of or 0, "text"),
            evidence=figure.evidence,
        )


def _busiest_day(counts: Counts, volume: Volume, titles: Mapping[UUID, str]) -> Iterator[Finding]:
    if volume.busiest_on is None or len(volume.days) < 3:
        return
    at = volume.days.index(volume.busiest_on)
    subject_ids = counts.subject_ids
    per_day = [
        sum(series.mentions[day] for series in volume.series if series.brand_id in subject_ids)
        for day in range(len(volume.days))
    ]
    usual = sorted(per_day)[len(per_day) // 2]
    if per_day[at] < max(5, 2 * usual):
        return
    stories = Counter(row.story_id for row in counts.subject if row.day_on == volume.busiest_on)
    about = ""
    if stories:
        story_id, mentions = stories.most_common(1)[0]
        if mentions * 3 >= per_day[at] and story_id in titles:
            about = f", {mentions} of them on “{shortened(titles[story_id], 90)}”"
    yield Finding(
        code="busiest-day",
        text=f"{day_text(volume.busiest_on)} was the busiest day: {count_of(per_day[at], 'mention')}{about}.",
        source=f"the usual day has {usual}",
        evidence=volume_key(volume.busiest_on),
    )


def _negative_story(rows: Sequence[Counted], titles: Mapping[UUID, str]) -> Iterator[Finding]:
    negative = [row for row in rows if row.tone == "negative"]
    if len(negative) < 3:
        return
    story_id, mentions = Counter(row.story_id for row in negative).most_common(1)[0]
    if mentions * 3 < len(negative) or mentions < 2 or story_id not in titles:
        return
    yield Finding(
        code="negative-story",
        text=f"“{shortened(titles[story_id], 90)}” carries {mentions} of {len(negative)} negative mentions.",
        source=count_of(len({row.outlet for row in rows if row.story_id == story_id}), "outlet"),
        evidence=story_tone_key(story_id, "negative"),
    )


def _copies(rows: Sequence[Counted]) -> Iterator[Finding]:
    copies = sum(row.reprint for row in rows)
    if copies * 4 >= len(rows) and copies >= 3:
        yield Finding(
            code="copies",
            text=f"{copies} of {len(rows)} mentions are copies of another text.",
            source="copies count once for tone",
            evidence="copies",
        )


def _direction(change: float) -> str:
    return "up" if change > 0 else "down"


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) <= 3:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{names[0]} and {len(names) - 1} other brands"
