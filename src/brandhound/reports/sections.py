"""A report's blocks as sections of a page: each with everything it says, in words, and nothing to look up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from brandhound.core.wording import count_of
from brandhound.reports import charts
from brandhound.reports.blocks import (
    STANDARD,
    Block,
    CareBlock,
    ChartBlock,
    ComparisonBlock,
    FiguresBlock,
    FindingsBlock,
    MentionListBlock,
    OutletsBlock,
    PageBreakBlock,
    ShareOfVoiceBlock,
    StoryListBlock,
    SummaryBlock,
    TextBlock,
    TitleBlock,
    TopicsBlock,
)
from brandhound.reports.document import MentionRow, ReportDocument, ShareRow, StoryCard, TopicRow, Topics
from brandhound.reports.pieces import (
    Card,
    Chart,
    Line,
    Mention,
    Outlet,
    Story,
    cards_of,
    chart_of,
    settable,
    share_note,
    told_mention,
    told_outlet,
    told_story,
)
from brandhound.reports.svg import safe_color
from brandhound.reports.telling_comparisons import ComparedLine, compared_line, comparison_note
from brandhound.reports.telling_summaries import Cited, Source, cited_sentences, cited_sources, summary_note
from brandhound.reports.wording import change_text, figure_text, interval_text, number

_KEPT_WHEN_EMPTY = ("title", "text", "figures", "page_break")


@dataclass(frozen=True)
class Share:
    """A row of the table of voices."""

    name: str
    color: str
    stories: str
    share: str
    interval: str
    change: str


@dataclass(frozen=True)
class TopicLine:
    """A row of the table of topics."""

    title: str
    sort: str
    mentions: str
    maybe: str
    share: str
    interval: str
    positive: str
    negative: str


@dataclass(frozen=True)
class Section:
    """One block. What it does not need stays empty."""

    kind: str
    heading: str = ""
    note: str = ""
    half: bool = False
    paragraphs: list[str] = field(default_factory=list[str])
    cards: list[Card] = field(default_factory=list[Card])
    chart: Chart | None = None
    lines: list[Line] = field(default_factory=list[Line])
    stories: list[Story] = field(default_factory=list[Story])
    outlets: list[Outlet] = field(default_factory=list[Outlet])
    mentions: list[Mention] = field(default_factory=list[Mention])
    several: bool = False
    """Whether the mentions are of more than one brand, so that each names its own."""
    shares: list[Share] = field(default_factory=list[Share])
    compared: list[ComparedLine] = field(default_factory=list[ComparedLine])
    topics: list[TopicLine] = field(default_factory=list[TopicLine])
    sentences: list[Cited] = field(default_factory=list[Cited])
    sources: list[Source] = field(default_factory=list[Source])


def blocks_told(document: ReportDocument) -> tuple[Block, ...]:
    """The blocks of a document in order; what must be told though a template leaves it out stands at the end."""
    if document.presentation is None:
        return _with_comparison(document, STANDARD)
    blocks = document.presentation.blocks
    if document.presentation.template is None:
        blocks = _with_comparison(document, blocks)
    return blocks if any(block.kind == "care" for block in blocks) else (*blocks, CareBlock())


def _with_comparison(document: ReportDocument, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The standard report tells a comparison that was asked for in so many words, right after its figures."""
    if document.comparison is None:
        return blocks
    return (*blocks[:2], ComparisonBlock(), *blocks[2:])


def sections_of(document: ReportDocument) -> list[Section]:
    """What stands between the head of a report and how it was counted."""
    blocks = blocks_told(document)
    if document.mentions_in_all:
        return [section for block in blocks for section in _section(document, block)]
    kept = [section for block in blocks if block.kind in _KEPT_WHEN_EMPTY for section in _section(document, block)]
    return [*kept, Section("nothing", lines=care_lines(document))]


def care_lines(document: ReportDocument) -> list[Line]:
    return [Line(settable(caveat.text), settable(caveat.action)) for caveat in document.caveats]


def finding_lines(document: ReportDocument) -> list[Line]:
    return [Line(settable(finding.text), settable(finding.source)) for finding in document.findings]


def _section(document: ReportDocument, block: Block) -> Iterator[Section]:
    """One section, or none where there is nothing to say."""
    match block:
        case TitleBlock():
            return
        case TextBlock():
            paragraphs = [settable(" ".join(part.split())) for part in block.text.split("\n\n") if part.strip()]
            if paragraphs or block.heading.strip():
                yield Section("text", settable(block.heading), paragraphs=paragraphs)
        case FiguresBlock():
            yield Section("figures", cards=cards_of(document, block.which))
        case ComparisonBlock():
            if document.comparison is not None:
                told = [compared_line(row) for row in document.comparison.rows]
                yield Section("comparison", "Compared", comparison_note(document.comparison), compared=told)
        case ChartBlock():
            yield Section("chart", half=block.half, chart=chart_for(document, block.chart))
        case FindingsBlock():
            yield Section("findings", "What stands out", half=block.half, lines=finding_lines(document))
        case ShareOfVoiceBlock():
            yield _shares(document)
        case SummaryBlock():
            if document.summary is not None:
                sentences, sources = (
                    cited_sentences(document.summary),
                    cited_sources(document.summary, document.time_zone),
                )
                yield Section("summary", "Summary", summary_note(document), sentences=sentences, sources=sources)
        case CareBlock():
            if document.caveats:
                yield Section("care", "Read with care", lines=care_lines(document))
        case StoryListBlock():
            stories = [
                told_story(story, document.time_zone, quotes=block.quotes) for story in stories_in(document, block)
            ]
            yield Section("stories", settable(block.heading) or "Top stories", stories=stories)
        case OutletsBlock():
            rows = [told_outlet(row) for row in document.outlets[: block.most]]
            yield Section("outlets", "Where it was said", outlets=rows)
        case TopicsBlock():
            if document.topics is not None:
                yield _topics(document.topics, block)
        case MentionListBlock():
            yield _mentions(document, block)
        case PageBreakBlock():
            yield Section("page_break")


def chart_for(document: ReportDocument, name: str) -> Chart:
    """A chart with its title and note."""
    match name:
        case "volume":
            buckets = charts.buckets_of(document.volume.days)
            return chart_of(document, name, f"Mentions per {buckets.word}", buckets.note)
        case "share":
            return chart_of(document, name, "Share of voice", share_note(document))
        case "tone":
            note = "Copies of one text count once · whiskers: 90 % interval"
            return chart_of(document, name, "Tone toward each brand", note)
        case _:
            return chart_of(document, name, "Where it was said", "Mentions by outlet")


def stories_in(document: ReportDocument, block: StoryListBlock) -> list[StoryCard]:
    """The stories of a list, in the order of the document."""
    fitting = [story for story in document.stories if not block.tones or story.tone in block.tones]
    return fitting[: block.most]


def mentions_in(document: ReportDocument, block: MentionListBlock) -> list[MentionRow]:
    """The mentions of a list, newest first."""
    subjects = {brand.id for brand in document.brands if brand.subject}
    fitting = [
        row
        for row in document.mentions
        if block.lets_through(is_subject=row.brand_id in subjects, tone=row.tone, is_copy=row.reprint)
    ]
    return fitting[: block.most]


def _mentions(document: ReportDocument, block: MentionListBlock) -> Section:
    rows = mentions_in(document, block)
    if block.is_plain:
        in_all = document.mentions_in_all
        note = (
            f"The newest {number(len(rows))} of {number(in_all)}"
            if len(rows) < in_all
            else f"All {number(len(rows))}, newest first"
        )
    else:
        note = f"{list_words(block)}: the newest {number(len(rows))}" if rows else f"{list_words(block)}: none"
    brands: set[UUID] = {brand.id for brand in document.brands if brand.subject}
    if block.whose != "subject":
        brands = {row.brand_id for row in rows}
    return Section(
        "mentions",
        settable(block.heading) or "Mentions",
        note,
        mentions=[told_mention(document, row, document.time_zone) for row in rows],
        several=len(brands) > 1,
    )


def list_words(block: MentionListBlock) -> str:
    """What a list lets through, in words."""
    whose = {"subject": "mentions", "competitors": "mentions of competitors", "all": "mentions of all brands"}
    words = f"{' or '.join(block.tones)} {whose[block.whose]}".strip() + ("" if block.copies else ", without copies")
    return words[0].upper() + words[1:]


def topics_in(topics: Topics, block: TopicsBlock) -> list[TopicRow]:
    """The rows of a table of topics, in the order of the document."""
    return [row for row in topics.rows if block.which in ("all", row.sort)][: block.most]


def _topics(topics: Topics, block: TopicsBlock) -> Section:
    rows = topics_in(topics, block)
    if not topics.rows:
        note = "No topic is looked for yet: make them under Topics."
    elif topics.enough:
        note = f"Of {count_of(topics.out_of, 'text')}, copies left out; a text can be about several"
    else:
        note = f"{number(topics.out_of)} of 20 texts that a share takes, copies left out"
    return Section(
        "topics",
        settable(block.heading) or "What it was about",
        note,
        topics=[
            TopicLine(
                settable(row.title),
                "Key message" if row.sort == "message" else "Topic",
                number(row.mentions),
                f"and {number(row.maybe)} maybe" if row.maybe else "",
                figure_text(row.share),
                interval_text(row.share.interval, "share"),
                number(row.positive),
                number(row.negative),
            )
            for row in rows
        ],
    )


def _shares(document: ReportDocument) -> Section:
    share = document.share
    note = (
        f"Of {number(share.out_of)} stories; one that names two brands counts for each"
        if share.enough
        else share_note(document)
    )
    return Section("share_of_voice", "Share of voice", note, shares=[_share(document, row) for row in share.rows])


def _share(document: ReportDocument, row: ShareRow) -> Share:
    brand = document.brand(row.brand_id)
    change = change_text(row.share)
    clear = "" if row.share.change_is_clear or not change else " (may be chance)"
    return Share(
        settable(brand.name),
        safe_color(brand.color),
        number(row.stories),
        figure_text(row.share),
        interval_text(row.share.interval, "share"),
        change + clear,
    )


def halves(sections: Sequence[Section]) -> list[tuple[Section, ...]]:
    """The sections with neighbours that are half as wide in pairs; one that has no neighbour stands alone."""
    rows: list[tuple[Section, ...]] = []
    for section in sections:
        if section.half and rows and len(rows[-1]) == 1 and rows[-1][0].half:
            rows[-1] = (rows[-1][0], section)
        else:
            rows.append((section,))
    return rows
