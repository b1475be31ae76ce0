"""Puts a report together from what was gathered. Nothing here waits: the same pieces give the same document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from brandhound.mentions.tone_knowledge import ToneKnowledge, shipped
from brandhound.reports import counting
from brandhound.reports.blocks import ComparisonBlock, Presentation, SummaryBlock, TopicsBlock, blocks_of
from brandhound.reports.caveats import Surroundings, caveats
from brandhound.reports.comparing import comparison_of
from brandhound.reports.counting import Counted, Counts
from brandhound.reports.document import (
    ENOUGH,
    Judgement,
    MentionRow,
    Method,
    Range,
    Reason,
    ReportBrand,
    ReportDocument,
    StoryCard,
    Summary,
)
from brandhound.reports.figures import mention_key, story_key
from brandhound.reports.findings import findings, headline_of
from brandhound.reports.presenting import presented
from brandhound.reports.ranges import days_of
from brandhound.reports.ranking import RankedStory
from brandhound.reports.summarizing import Draft, Source, ToldStory, summary_of
from brandhound.reports.topics import Aboutness, topics_of
from brandhound.reports.wording import percent, range_text


@dataclass(frozen=True)
class Frame:
    """What a report is about, before anything is counted."""

    organization_name: str
    time_zone: str
    range: Range
    before: Range | None
    brands: tuple[ReportBrand, ...]
    min_confidence: float
    title: str | None
    generated_at: datetime
    presentation: Presentation | None = None
    told_against: bool = False
    """Whether it was asked for what to compare with in so many words, so that the comparison is told at length."""
    draft: Draft | None = None
    """What a model wrote as its summary."""

    @property
    def tells_topics(self) -> bool:
        return self.presentation is not None and bool(blocks_of(self.presentation.blocks, TopicsBlock))

    @property
    def has_template(self) -> bool:
        return self.presentation is not None and self.presentation.template is not None

    @property
    def scale(self) -> float:
        return self.range.days / self.before.days if self.before else 1.0


@dataclass(frozen=True, slots=True)
class Detail:
    """What is told of a mention beside what is counted."""

    title: str
    url: str
    language: str
    quote: str
    judgement: Judgement | None
    reasons: Sequence[Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]
    body_sha256: str | None
    text_sha256: str | None


def build_document(
    frame: Frame,
    counts: Counts,
    stories: Sequence[RankedStory],
    listed: Sequence[Counted],
    details: Mapping[UUID, Detail],
    sentences: Mapping[UUID, str | None],
    titles: Mapping[UUID, str],
    around: Surroundings,
    largest: Sequence[RankedStory] = (),
    about: Aboutness | None = None,
) -> ReportDocument:
    """Put the pieces together. The same pieces give the same document. `largest` are the stories that a template may speak of."""
    headline, share = counting.headline(counts), counting.share_of_voice(counts)
    volume = counting.volume(counts, days_of(frame.range))
    in_all = len(counts.subject)
    before = frame.before if counts.rows_before is not None else None
    document = ReportDocument(
        title=frame.title or headline_of(counts, headline, share),
        organization_name=frame.organization_name,
        time_zone=frame.time_zone,
        generated_at=frame.generated_at,
        range=frame.range,
        before=before,
        brands=frame.brands,
        headline=headline,
        findings=findings(counts, headline, volume, share, titles),
        volume=volume,
        share=share,
        tone=counting.tone_of_brands(counts),
        outlets=counting.outlets(counts),
        stories=tuple(_story_card(story, details, titles) for story in stories if _is_known(story, details)),
        mentions=tuple(
            _mention_row(row, details[row.id], sentences.get(row.id)) for row in listed if row.id in details
        ),
        mentions_in_all=in_all,
        caveats=caveats(
            around,
            frame.range,
            frame.before,
            in_all,
            # The lists of a template say themselves what they show.
            in_all if frame.has_template else len(listed),
            frame.generated_at,
        ),
        method=_method(frame, counts, is_compared=before is not None),
        comparison=comparison_of(counts, frame.range, before) if before and _tells_comparison(frame) else None,
        summary=_summary(frame, largest, details, sentences),
        topics=topics_of(counts, about) if about is not None else None,
    )
    if frame.presentation is None:
        return document
    top = [
        titles.get(story.story_id) or details[story.first.id].title for story in largest if _is_known(story, details)
    ]
    return presented(document, frame.presentation, titled=frame.title is not None, top_story=top[0] if top else None)


def _tells_comparison(frame: Frame) -> bool:
    asked = bool(frame.presentation and blocks_of(frame.presentation.blocks, ComparisonBlock))
    return asked or (frame.told_against and not frame.has_template)


def _summary(
    frame: Frame,
    largest: Sequence[RankedStory],
    details: Mapping[UUID, Detail],
    sentences: Mapping[UUID, str | None],
) -> Summary | None:
    wanted = blocks_of(frame.presentation.blocks, SummaryBlock) if frame.presentation else []
    if not wanted:
        return None
    stories = [
        ToldStory(sources_in(story, details, sentences, frame.brands), story.articles, story.outlets)
        for story in largest
        if _is_known(story, details)
    ]
    return summary_of(stories, frame.draft, wanted[0].most)


def sources_in(
    story: RankedStory,
    details: Mapping[UUID, Detail],
    sentences: Mapping[UUID, str | None],
    brands: Sequence[ReportBrand],
) -> tuple[Source, ...]:
    """The mentions that speak for a story, the first one first, each once."""
    rows = {row.id: row for row in (story.first, story.speaking, story.best)}
    names = {brand.id: brand.name for brand in brands}
    return tuple(
        Source(
            mention_id=row.id,
            title=details[row.id].title,
            url=details[row.id].url,
            outlet=row.outlet,
            published_at=row.published_at,
            sentence=sentences.get(row.id) or details[row.id].quote or None,
            brand=names[row.brand_id],
        )
        for row in rows.values()
        if row.id in details
    )


def with_subject(brands: Sequence[ReportBrand]) -> tuple[ReportBrand, ...]:
    """A report is about one's own brands and clients; about all, when there are only competitors."""
    any_own = any(brand.kind != "competitor" for brand in brands)
    marked = [brand.model_copy(update={"subject": not any_own or brand.kind != "competitor"}) for brand in brands]
    order = {"own": 0, "client": 1, "competitor": 2}
    return tuple(sorted(marked, key=lambda brand: (order[brand.kind], brand.name.casefold(), brand.id)))


def _is_known(story: RankedStory, details: Mapping[UUID, Detail]) -> bool:
    """Whether its mentions are still there: one may be removed between two reads."""
    return all(row.id in details for row in (story.first, story.speaking, story.best))


def _story_card(story: RankedStory, details: Mapping[UUID, Detail], titles: Mapping[UUID, str]) -> StoryCard:
    first = details[story.first.id]
    return StoryCard(
        id=story.story_id,
        title=titles.get(story.story_id) or first.title,
        url=first.url,
        first_outlet=story.first.outlet,
        first_published_at=story.first.published_at,
        articles=story.articles,
        outlets=story.outlets,
        reprints=story.reprints,
        brand_ids=tuple(sorted({row.brand_id for row in story.rows})),
        tone=story.tone,
        quote=details[story.speaking.id].quote or None,
        quote_outlet=story.speaking.outlet,
        language=first.language,
        confidence=story.best.confidence,
        evidence=story_key(story.story_id),
    )


def _mention_row(row: Counted, detail: Detail, sentence: str | None) -> MentionRow:
    return MentionRow(
        id=row.id,
        brand_id=row.brand_id,
        story_id=row.story_id,
        title=detail.title,
        url=detail.url,
        outlet=row.outlet,
        site=row.site,
        language=detail.language,
        published_at=row.published_at,
        salience=row.salience,
        tone=row.tone,
        quote=detail.quote or None,
        sentence=sentence,
        confidence=row.confidence,
        judgement=detail.judgement,
        reprint=row.reprint,
        reasons=tuple(Reason.model_validate(reason) for reason in detail.reasons),
        body_sha256=detail.body_sha256,
        evidence=mention_key(row.id),
    )


def _against(frame: Frame, counts: Counts) -> str:
    if frame.before is None or not frame.told_against:
        return "as many days before the range"
    days = "" if counts.is_even else ", taken for as many days as the range has"
    return f"{range_text(frame.before)}{days}"


def _method(frame: Frame, counts: Counts, *, is_compared: bool) -> Method:
    rules = [
        f"A mention counts when its confidence is at least {percent(frame.min_confidence)} or a person judged it yes, "
        "and never when a person judged it no.",
        f"A day is a day in {frame.time_zone}; the range holds both its first and its last day.",
        "Share of voice counts stories, not articles: forty copies of one text are one story. "
        "A story that names two brands counts for each.",
        f"Tone runs from −1 (all negative) to +1 (all positive). Copies of one text count once, unclear ones not at "
        f"all. Under {ENOUGH} texts no share and no balance is given.",
        f"Tone is read wrong about {_WRONG[counts.knowledge.main]} times in ten. Its shares and balances are corrected by "
        "how often each tone is read as "
        f"which ({_labels(counts.knowledge)}). A mixed text counts half to each side; what a person said is taken as true.",
        "Intervals hold the true value with 90 % probability (Wilson for shares; those of tone hold the doubt of readings too).",
    ]
    if is_compared:
        rules.append(
            f"Changes are against {_against(frame, counts)}. They are set in colour only where chance alone would "
            "rarely make them (90 %); mentions of one story count as one event there."
        )
    if frame.presentation and blocks_of(frame.presentation.blocks, SummaryBlock):
        rules.append(
            "Each sentence of the summary cites mentions of this report. Of a model's sentences only those are kept whose "
            "numbers, directions, names, quotations and most other words stand in what they cite, denied or not as there."
        )
    if frame.tells_topics:
        rules.append(
            "A text is about a topic when its words are near enough to it or a person said so; copies of one text count once. "
            "Its interval reaches from the lower end for those that are about it to the upper end with those that may be."
        )
    return Method(min_confidence=frame.min_confidence, rules=tuple(rules))


_WRONG = {"model": "three", "lexicon": "five"}


def _labels(knowledge: ToneKnowledge) -> str:
    known = f"{shipped().texts:,} labelled sentences of news"
    return (
        f"{known} and {knowledge.own:,} sampled mentions of yours" if knowledge.own else f"{known}, none of them yours"
    )
