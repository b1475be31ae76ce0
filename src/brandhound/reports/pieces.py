"""The pieces of a page, every figure already in words: cards, charts, stories, rows of tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from brandhound.core.wording import count_of
from brandhound.reports import charts
from brandhound.reports.blocks import FIGURES, FigureName
from brandhound.reports.document import Figure, MentionRow, OutletRow, ReportDocument, StoryCard
from brandhound.reports.svg import MUTED, TONE_COLORS, TONE_INKS, TONE_WORDS, fitted, safe_color
from brandhound.reports.wording import (
    TOO_FEW,
    change_text,
    confidence_text,
    figure_text,
    interval_text,
    moment_text,
    number,
    printable,
    set_apart,
    short_day,
    shortened,
    signed_balance,
)

GOOD, BAD = TONE_COLORS["positive"], TONE_COLORS["negative"]
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi", "ps", "ckb", "dv", "sd", "ug"}
# Latin, Greek and Cyrillic letters, numbers and their marks, as in addresses and compounds. Other scripts are broken between
# letters or words by whatever sets them, and a place to break inside a letter of theirs would tear it apart.
_ALPHABET = "!-~\u00a1-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e"
_BROKEN = re.compile(f"[{_ALPHABET}]{{36,}}")
_PORTION = re.compile("(?:.[\u0300-\u036f]*){1,12}")


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
    tone_words: str
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


def cards_of(document: ReportDocument, which: Sequence[FigureName] = FIGURES) -> list[Card]:
    """Headline figures as cards. A share of voice is told where the report is about one brand among several."""
    head = document.headline
    mentions, stories = head.mentions.value or 0, head.stories.value or 0
    a_day = mentions / document.range.days
    days = document.before.days if document.before and document.before.days != document.range.days else None
    cards: dict[FigureName, Card] = {
        "mentions": card_of(
            "Mentions", head.mentions, f"{a_day:.1f} a day" if mentions and document.range.days > 1 else "", days
        ),
        "stories": card_of("Stories", head.stories, f"{mentions / stories:.1f} mentions each" if stories else "", days),
        "outlets": card_of(
            "Outlets", head.outlets, f"most: {document.outlets[0].outlet}" if document.outlets else "", days
        ),
        "tone": card_of("Tone balance", head.tone),
    }
    subjects = [brand.id for brand in document.brands if brand.subject]
    if len(subjects) == 1 and len(document.brands) > 1:
        share = next(row.share for row in document.share.rows if row.brand_id == subjects[0])
        cards["share"] = card_of("Share of voice", share)
    return [cards[name] for name in FIGURES if name in cards and name in which]


def card_of(label: str, figure: Figure, note: str = "", days_before: int | None = None) -> Card:
    """A change is set in colour only where chance alone would rarely make it; `days_before` if those were not as many."""
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
        if days_before is not None and figure.unit == "count":
            against += f" in {count_of(days_before, 'day')}"
    elif figure.evidence_before and figure.value is not None:
        against = "too few before"
    return Card(label, figure_text(figure), change_text(figure), color, against, fitted(note, 76, 7.2))


def chart_of(document: ReportDocument, name: str, title: str, note: str) -> Chart:
    return Chart(name, title, note, charts.draw(document, name), f"{title}. {charts.described(document, name)}")


def share_note(document: ReportDocument) -> str:
    share = document.share
    if not share.enough:
        return f"{count_of(share.out_of, 'story', 'stories')}: too few for shares, which need 20"
    return f"of {count_of(share.out_of, 'story', 'stories')} · whiskers: 90 % interval"


def told_story(story: StoryCard, zone: str, *, quotes: bool = True) -> Story:
    parts = [set_apart(story.first_outlet), moment_text(story.first_published_at, zone)]
    parts.append(count_of(story.articles, "article") + f" in {count_of(story.outlets, 'outlet')}")
    if story.reprints:
        parts.append(count_of(story.reprints, "reprint"))
    return Story(
        title=settable(shortened(story.title, 220)),
        url=web_address(story.url),
        meta=settable(" · ".join(parts)),
        tone=story.tone.capitalize(),
        tone_color=TONE_COLORS[story.tone],
        tone_ink=TONE_INKS[story.tone],
        tone_words=TONE_WORDS[story.tone],
        quote=settable(shortened(_beside(story.title, story.quote), 320)) if quotes else "",
        quoted=settable(story.quote_outlet or ""),
        language=_language(story.language),
        rtl=_is_rtl(story.title, story.language),
        confidence=confidence_text(story.confidence),
    )


def _beside(title: str, words: str | None) -> str:
    """What is quoted below a headline: not the headline once more."""
    return "" if words is None or words.strip() == title.strip() else words


def told_outlet(row: OutletRow) -> Outlet:
    balance = row.balance
    return Outlet(
        outlet=set_apart(settable(row.outlet)),
        site=settable(row.site),
        mentions=number(row.mentions),
        stories=number(row.stories),
        balance=signed_balance(balance.value) if balance.value is not None else TOO_FEW,
        interval=interval_text(balance.interval, "balance") if balance.interval else f"{balance.out_of} of 20 texts",
    )


def told_mention(document: ReportDocument, row: MentionRow, zone: str) -> Mention:
    brand = document.brand(row.brand_id)
    flags = [word for word, holds in (("judged yes", row.judgement == "yes"), ("reprint", row.reprint)) if holds]
    return Mention(
        when=f"{short_day(_local(row.published_at, zone))}",
        title=settable(shortened(row.title, 180)),
        url=web_address(row.url),
        sentence=settable(shortened(_beside(row.title, row.sentence or row.quote), 260)),
        outlet=settable(row.outlet),
        brand=settable(brand.name),
        brand_color=safe_color(brand.color),
        tone=row.tone.capitalize(),
        tone_color=TONE_WORDS[row.tone],
        confidence=confidence_text(row.confidence),
        flags=" · ".join(flags),
        language=_language(row.language),
        rtl=_is_rtl(row.title, row.language),
    )


def _local(moment: datetime, zone: str) -> Any:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).date()


def moment_parts(moment: datetime) -> tuple[int, int, int, int, int, int]:
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)


def settable(text: str) -> str:
    """Text that can be set: no control characters, and a place to break in what is longer than a column."""
    return _BROKEN.sub(lambda run: "\u200b".join(_PORTION.findall(run.group())), printable(text).strip())


def web_address(url: str) -> str:
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
