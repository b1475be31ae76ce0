"""A report as one frozen value: everything a page, a PDF, a table or a program needs, and nothing to look up again.

It is plain JSON and is stored once with the hash of its canonical form. Each number carries `evidence`, the key that
`GET /api/reports/{id}/evidence?figure=…` answers with the mentions behind it.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from brandhound.reports.blocks import Presentation
from brandhound.reports.parts import Part, Tone

DOCUMENT_VERSION = 1
ENOUGH = 20  # Under this many independent observations a share says more about chance than about a brand.
LEVEL = 0.9  # Of every interval in a report.

BrandKind = Literal["own", "client", "competitor"]
Judgement = Literal["yes", "no"]
FindingCode = Literal[
    "busiest-day", "share-moved", "mentions-moved", "stories-moved", "outlets-moved", "tone-moved", "negative-story", "copies",
    "calm",
]  # fmt: skip
TONES: tuple[Tone, ...] = ("positive", "neutral", "mixed", "negative", "unclear")


class Range(Part):
    """Whole days of the organization's calendar, both ends included; the instants are half-open."""

    since_on: date
    until_on: date
    days: int
    starts_at: datetime = Field(description="First instant of the range, in UTC.")
    ends_at: datetime = Field(description="First instant after the range, in UTC.")


class Interval(Part):
    """Where the true value lies with the stated probability."""

    low: float
    high: float
    level: float = LEVEL


class Figure(Part):
    """A number with its unit, its doubt, what it was before, and the key to its evidence."""

    value: float | None = Field(description="None when there is not enough evidence to say.")
    unit: Literal["count", "share", "balance"] = Field(
        description="count: how many; share: fraction of 1; balance: from −1 (all negative) to +1 (all positive)."
    )
    out_of: int | None = Field(default=None, description="How many observations a share or balance rests on.")
    interval: Interval | None = None
    before: float | None = Field(default=None, description="The same figure in the range before.")
    change: float | None = Field(
        default=None, description="count: fraction of the value before; share and balance: difference."
    )
    change_is_clear: bool = Field(default=False, description="Whether the change is more than chance would make.")
    evidence: str
    evidence_before: str | None = None


class ReportBrand(Part):
    id: UUID
    name: str
    kind: BrandKind
    color: str = Field(description="#rrggbb, told apart by colour-blind readers; the same in every chart.")
    subject: bool = Field(description="Whether the headline figures are about this brand.")


class Headline(Part):
    """The figures on top: about the brands that are the subject of the report."""

    mentions: Figure
    stories: Figure
    outlets: Figure
    tone: Figure


class VolumeSeries(Part):
    brand_id: UUID
    mentions: tuple[int, ...] = Field(description="One count for each day of `days`.")
    evidence: tuple[str, ...] = Field(description="One evidence key for each day of `days`.")


class Volume(Part):
    days: tuple[date, ...]
    series: tuple[VolumeSeries, ...] = Field(
        description="In the order of every legend: the subjects first, and those most spoken of first."
    )
    busiest_on: date | None = Field(description="The day with most mentions of the subject, if any.")


class ShareRow(Part):
    brand_id: UUID
    stories: int
    share: Figure


class ShareOfVoice(Part):
    """How the attention is divided among the brands of the report, counted in stories."""

    counted: Literal["stories"] = "stories"
    out_of: int = Field(description="Stories of all brands; one that names two brands counts for each.")
    enough: bool
    rows: tuple[ShareRow, ...]


class ToneCount(Part):
    tone: Tone
    mentions: int = Field(description="Texts of that tone as they were read, or as a person said.")
    share: Figure = Field(description="Its true share, as far as it can be known; none of mixed and unclear texts.")


class BrandTone(Part):
    """How is spoken of one brand. Copies of one text count once; `unclear` is shown and left out of the balance."""

    brand_id: UUID
    out_of: int
    enough: bool
    corrected: bool = Field(
        default=False, description="Whether shares and balance are corrected by how often tone is read right."
    )
    counts: tuple[ToneCount, ...]
    balance: Figure


class OutletRow(Part):
    outlet: str
    site: str
    mentions: int
    stories: int
    balance: Figure
    evidence: str


class Reason(Part):
    code: str
    text: str
    weight: float = 0.0


class Finding(Part):
    """One sentence on what stands out, made from the figures by rule, with the key to its evidence."""

    code: FindingCode
    text: str
    source: str = Field(description="What it rests on, in a few words.")
    evidence: str


class StoryCard(Part):
    id: UUID
    title: str
    url: str
    first_outlet: str = Field(description="Where the earliest of its mentions that count stands.")
    first_published_at: datetime
    articles: int
    outlets: int
    reprints: int
    brand_ids: tuple[UUID, ...]
    tone: Tone
    quote: str | None
    quote_outlet: str | None
    language: str
    confidence: float = Field(description="Probability that the best mention is about the brand.")
    evidence: str


class MentionRow(Part):
    id: UUID
    brand_id: UUID
    story_id: UUID | None
    title: str
    url: str
    outlet: str
    site: str
    language: str
    published_at: datetime
    salience: str
    tone: Tone
    quote: str | None
    sentence: str | None = Field(description="The sentence that names the brand, cut from the article as fetched.")
    confidence: float
    judgement: Judgement | None
    reprint: bool
    reasons: tuple[Reason, ...]
    body_sha256: str | None
    evidence: str


class Caveat(Part):
    """Something a reader must know before he trusts a figure, and what can be done about it."""

    code: Literal[
        "feeds-failing",
        "feeds-paused",
        "waiting-for-judgement",
        "day-not-over",
        "before-incomplete",
        "list-shortened",
        "no-mentions",
        "no-feeds",
    ]
    text: str
    action: str
    href: str | None = None


class Compared(Part):
    """One figure beside what it was."""

    label: str
    unit: Literal["count", "share", "balance"]
    value: float | None = Field(description="None when there is not enough evidence to say.")
    before: float | None
    difference: float | None = Field(
        description="value less before; where the ranges differ in length, less what as many days would have had."
    )
    interval: Interval | None = Field(description="Where the true difference lies.")
    verdict: Literal["more", "less", "chance", "not-enough"] = Field(
        description="chance: the interval holds nothing at all; not-enough: too few to say."
    )
    evidence: str
    evidence_before: str


class Comparison(Part):
    """Each headline figure of the range beside the one it is compared with."""

    range: Range
    before: Range
    scale: float = Field(description="Days of the range by days of the other: counts are set against it times this.")
    rows: tuple[Compared, ...]


class TopicRow(Part):
    """A topic, or a key message: how many of the subject's texts are about it."""

    topic_id: UUID
    title: str
    sort: Literal["topic", "message"]
    mentions: int = Field(description="Texts that are about it.")
    maybe: int = Field(description="Texts that may be: nobody has said yet.")
    positive: int
    negative: int
    share: Figure = Field(description="The interval reaches up to where those that may be about it are.")


class Topics(Part):
    """What the subject's mentions are about. Copies of one text count once; a text can be about several topics."""

    out_of: int = Field(description="Texts in a language that is looked through for topics.")
    enough: bool
    rows: tuple[TopicRow, ...]


class Citation(Part):
    """A mention that a summary cites, by its number in the text."""

    number: int
    mention_id: UUID
    title: str
    url: str
    outlet: str
    published_at: datetime
    sentence: str | None = Field(description="The words of the article that bear the sentence out.")
    evidence: str


class Claim(Part):
    """One sentence of a summary, with the numbers of what it cites."""

    text: str
    citations: tuple[int, ...] = Field(min_length=1)


class Summary(Part):
    """Sentences that are borne out by mentions of this report; what none bore out was dropped."""

    written_by: Literal["embedded", "model"]
    model: str | None = None
    prompt_version: str | None = None
    sentences: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    dropped: int = Field(default=0, description="Sentences of the model that nothing bore out.")
    note: str = Field(default="", description="Why no model wrote it though one is chosen.")


class Method(Part):
    """How it was counted."""

    min_confidence: float
    rules: tuple[str, ...]


def _is_none(value: object) -> bool:
    return value is None


class ReportDocument(Part):
    version: int = DOCUMENT_VERSION
    title: str
    language: str = "en"
    organization_name: str
    time_zone: str
    generated_at: datetime
    range: Range
    before: Range | None
    brands: tuple[ReportBrand, ...]
    headline: Headline
    findings: tuple[Finding, ...]
    volume: Volume
    share: ShareOfVoice
    tone: tuple[BrandTone, ...]
    outlets: tuple[OutletRow, ...]
    stories: tuple[StoryCard, ...]
    mentions: tuple[MentionRow, ...]
    mentions_in_all: int = Field(description="Mentions of the subject; `mentions` holds the newest of them.")
    caveats: tuple[Caveat, ...]
    method: Method
    # Left out where there is none: a document of the standard template is spelled as it was before there were others.
    comparison: Comparison | None = Field(default=None, exclude_if=_is_none)
    summary: Summary | None = Field(default=None, exclude_if=_is_none)
    topics: Topics | None = Field(default=None, exclude_if=_is_none)
    presentation: Presentation | None = Field(
        default=None, exclude_if=_is_none, description="Blocks and looks; left out: those of the standard template."
    )

    def brand(self, brand_id: UUID) -> ReportBrand:
        return next(brand for brand in self.brands if brand.id == brand_id)


def canonical_json(document: ReportDocument) -> bytes:
    """The one spelling of a document: sorted keys, no spaces, UTF-8."""
    plain = document.model_dump(mode="json")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def document_sha256(document: ReportDocument) -> str:
    return hashlib.sha256(canonical_json(document)).hexdigest()
