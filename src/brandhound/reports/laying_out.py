"""The report in reading order, every figure already in words: what the printed page and the web page both follow."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from brandhound.reports import charts
from brandhound.reports.document import Figure, MentionRow, OutletRow, ReportDocument, StoryCard, document_sha256
from brandhound.reports.svg import MUTED, TONE_COLORS, fitted, safe_color
from brandhound.reports.wording import (
    change_text,
    confidence_text,
    count_of,
    figure_text,
    interval_text,
    kind_text,
    moment_text,
    number,
    printable,
    range_text,
    short_day,
    shortened,
    signed_balance,
)

GOOD, BAD = TONE_COLORS["positive"], TONE_COLORS["negative"]
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi", "ps", "ckb", "dv", "sd", "ug"}
_BROKEN = re.compile(r"[^\s\u200b]{36,}")


@dataclass(frozen=True)
class Card:
    """A headline figure."""

    label: str
    value: str
    change: str
    change_color: str
    against: str
    note: str


@dataclass(frozen=True)
class Chart:
    name: str
    title: str
    note: str
    svg: str
    described: str


@dataclass(frozen=True)
class Line:
    """A sentence with what it rests on."""

    text: str
    source: str


@dataclass(frozen=True)
class Story:
    title: str
    url: str
    meta: str
    tone: str
    tone_color: str
    tone_ink: str
    quote: str
    quoted: str
    language: str
    rtl: bool
    confidence: str


@dataclass(frozen=True)
class Outlet:
    outlet: str
    site: str
    mentions: str
    stories: str
    balance: str
    interval: str


@dataclass(frozen=True)
class Mention:
    when: str
    title: str
    url: str
    sentence: str
    outlet: str
    brand: str
    brand_color: str
    tone: str
    tone_color: str
    confidence: str
    flags: str
    language: str
    rtl: bool


@dataclass(frozen=True)
class Layout:
    language: str
    title: str
    kind: str
    period: str
    organization: str
    brands: list[tuple[str, str, str]]
    generated: str
    date: tuple[int, int, int, int, int, int]
    cards: list[Card]
    empty: bool
    volume: Chart
    share: Chart
    tone: Chart
    outlets_chart: Chart
    findings: list[Line]
    caveats: list[Line]
    stories: list[Story]
    outlets: list[Outlet]
    mentions: list[Mention]
    mentions_note: str
    several_subjects: bool
    method: list[str]
    sha256: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def lay_out(document: ReportDocument) -> Layout:
    zone = document.time_zone
    at = document.generated_at
    competitors = sum(not brand.subject for brand in document.brands)
    period = [range_text(document.range), f"days of {zone}"]
    if document.before:
        period.append(f"changes against {range_text(document.before)}")
    if competitors:
        period.append(count_of(competitors, "competitor"))
    subjects = [brand for brand in document.brands if brand.subject]
    shown = len(document.mentions)
    buckets = charts.buckets_of(document.volume.days)
    return Layout(
        language=document.language,
        title=_text(document.title),
        kind=kind_text(document.range),
        period=" · ".join(period),
        organization=_text(document.organization_name),
        brands=[(_text(brand.name), safe_color(brand.color), brand.kind) for brand in document.brands],
        generated=f"{moment_text(at, zone)} ({zone})",
        date=_parts(at),
        cards=_cards(document),
        empty=document.mentions_in_all == 0,
        volume=_chart(document, "volume", f"Mentions per {buckets.word}", buckets.note),
        share=_chart(document, "share", "Share of voice", _share_note(document)),
        tone=_chart(
            document, "tone", "Tone toward each brand", "Copies of one text count once · whiskers: 90 % interval"
        ),
        outlets_chart=_chart(document, "outlets", "Where it was said", "Mentions by outlet"),
        findings=[Line(_text(finding.text), _text(finding.source)) for finding in document.findings],
        caveats=[Line(_text(caveat.text), _text(caveat.action)) for caveat in document.caveats],
        stories=[_story(story, zone) for story in document.stories],
        outlets=[_outlet(row) for row in document.outlets],
        mentions=[_mention(document, row, zone) for row in document.mentions],
        mentions_note=f"The newest {number(shown)} of {number(document.mentions_in_all)}"
        if shown < document.mentions_in_all
        else f"All {number(shown)}, newest first",
        several_subjects=len(subjects) > 1,
        method=[_text(rule) for rule in document.method.rules],
        sha256=document_sha256(document),
    )


def _cards(document: ReportDocument) -> list[Card]:
    head = document.headline
    mentions, stories = head.mentions.value or 0, head.stories.value or 0
    a_day = mentions / document.range.days
    cards = [
        _card("Mentions", head.mentions, f"{a_day:.1f} a day" if mentions and document.range.days > 1 else ""),
        _card("Stories", head.stories, f"{mentions / stories:.1f} mentions each" if stories else ""),
        _card("Outlets", head.outlets, f"most: {document.outlets[0].outlet}" if document.outlets else ""),
    ]
    subjects = [brand.id for brand in document.brands if brand.subject]
    if len(subjects) == 1 and len(document.brands) > 1:
        share = next(row.share for row in document.share.rows if row.brand_id == subjects[0])
        cards.append(_card("Share of voice", share))
    cards.append(_card("Tone balance", head.tone))
    return cards


def _card(label: str, figure: Figure, note: str = "") -> Card:
    """A change is set in colour only where chance alone would rarely make it."""
    color = MUTED
    if figure.change_is_clear and figure.change:
        color = GOOD if figure.change > 0 else BAD
    if figure.value is None:
        note = f"{figure.out_of} of 20 needed"
    elif figure.interval:
        note = f"90 %: {interval_text(figure.interval, figure.unit)}"
    against = ""
    if figure.before is not None:
        against = f"{number(figure.before)} before" if figure.unit == "count" else "on before"
        if figure.change is not None and figure.unit == "count":
            against = f"on {number(figure.before)}"
    elif figure.evidence_before and figure.value is not None:
        against = "too few before"
    return Card(label, figure_text(figure), change_text(figure), color, against, fitted(note, 76, 7.2))


def _chart(document: ReportDocument, name: str, title: str, note: str) -> Chart:
    return Chart(name, title, note, charts.draw(document, name), f"{title}. {charts.described(document, name)}")


def _share_note(document: ReportDocument) -> str:
    share = document.share
    if not share.enough:
        return f"{count_of(share.out_of, 'story', 'stories')}: too few for shares, which need 20"
    return f"of {number(share.out_of)} stories · whiskers: 90 % interval"


def _story(story: StoryCard, zone: str) -> Story:
    parts = [f"first in {story.first_outlet}", moment_text(story.first_published_at, zone)]
    parts.append(count_of(story.articles, "article") + f" in {count_of(story.outlets, 'outlet')}")
    if story.reprints:
        parts.append(count_of(story.reprints, "reprint"))
    return Story(
        title=_text(shortened(story.title, 220)),
        url=_web(story.url),
        meta=_text(" · ".join(parts)),
        tone=story.tone,
        tone_color=TONE_COLORS[story.tone],
        tone_ink="#0f172a" if story.tone == "unclear" else "#ffffff",
        quote=_text(shortened(story.quote or "", 320)),
        quoted=_text(story.quote_outlet or ""),
        language=_language(story.language),
        rtl=_is_rtl(story.title, story.language),
        confidence=confidence_text(story.confidence),
    )


def _outlet(row: OutletRow) -> Outlet:
    balance = row.balance
    return Outlet(
        outlet=_text(row.outlet),
        site=_text(row.site),
        mentions=number(row.mentions),
        stories=number(row.stories),
        balance=signed_balance(balance.value) if balance.value is not None else "n too small",
        interval=interval_text(balance.interval, "balance") if balance.interval else f"{balance.out_of} of 20 texts",
    )


def _mention(document: ReportDocument, row: MentionRow, zone: str) -> Mention:
    brand = document.brand(row.brand_id)
    flags = [word for word, holds in (("judged yes", row.judgement == "yes"), ("reprint", row.reprint)) if holds]
    return Mention(
        when=f"{short_day(_local(row.published_at, zone))}",
        title=_text(shortened(row.title, 180)),
        url=_web(row.url),
        sentence=_text(shortened(row.sentence or row.quote or "", 260)),
        outlet=_text(row.outlet),
        brand=_text(brand.name),
        brand_color=safe_color(brand.color),
        tone=row.tone,
        tone_color=MUTED if row.tone in ("unclear", "neutral") else TONE_COLORS[row.tone],
        confidence=confidence_text(row.confidence),
        flags=" · ".join(flags),
        language=_language(row.language),
        rtl=_is_rtl(row.title, row.language),
    )


def _local(moment: datetime, zone: str) -> Any:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).date()


def _parts(moment: datetime) -> tuple[int, int, int, int, int, int]:
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)


def _text(text: str) -> str:
    """Text that can be set: no control characters, and a place to break in what is longer than a column."""
    return _BROKEN.sub(lambda run: "\u200b".join(re.findall(r".{1,12}", run.group())), printable(text).strip())


def _web(url: str) -> str:
    """An address that may become a link; anything but the web is left out."""
    try:
        return printable(url) if urlsplit(url).scheme in ("http", "https") and len(url) < 2000 else ""
    except ValueError:
        return ""


def _language(language: str) -> str:
    short = language.lower().split("-")[0]
    return short if _LANGUAGE.fullmatch(short) else "en"


def _is_rtl(text: str, language: str) -> bool:
    if _language(language) in _RIGHT_TO_LEFT:
        return True
    first = next((char for char in text if char.isalpha()), "")
    return "\u0590" <= first <= "\u08ff"
