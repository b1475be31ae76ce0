"""A report as a mail: what stands out, in text and HTML, with its files and a link."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import escape
from pathlib import Path

from brandhound.reports.document import ReportDocument
from brandhound.reports.exporting import file_name
from brandhound.reports.laying_out import Layout, lay_out
from brandhound.reports.mail_parts import COLOR, QUIET, Envelope, button, foot, linked, mail_with_head, page, quoted
from brandhound.reports.pieces import Card, Line, Story
from brandhound.reports.sending_models import Form

MOST_ATTACHED = 15 * 1024 * 1024
"""Bytes; most mail servers take 20 to 25 MB, and base64 makes a third more of it."""

_LOGO = "logo@brandhound"
_STORIES = 5
_FINDINGS = 6
_TEXTS = 4
_MEDIA = {
    "pdf": ("application", "pdf"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("text", "csv"),
    "json": ("application", "json"),
    "ndjson": ("application", "x-ndjson"),
    "pptx": ("application", "vnd.openxmlformats-officedocument.presentationml.presentation"),
}


@dataclass(frozen=True)
class ReportMail:
    """What goes into one mail. `link` opens the report without signing in, `place` for members."""

    schedule: str
    document: ReportDocument
    link: str | None
    place: str | None
    is_test: bool = False
    files: Sequence[tuple[Form, Path]] = field(default=())


def write_report_mail(envelope: Envelope, told: ReportMail) -> EmailMessage:
    """The mail. What is too large to go along is named in it. Waits for the disk; call it in a thread."""
    layout = lay_out(told.document)
    fitting, too_large = _fitting(told.files)
    left_out = [form.upper() for form, _ in too_large]
    mail = mail_with_head(envelope, f"{'Test: ' if told.is_test else ''}{told.schedule}: {told.document.title}")
    mail.set_content(_plain(told, layout, left_out, envelope), charset="utf-8")
    looks = layout.looks
    mail.add_alternative(
        page(told.document.title, _html(told, layout, left_out), envelope, looks.color if looks else COLOR),
        subtype="html",
        charset="utf-8",
    )
    if looks and looks.logo:
        # With the mail, and not loaded from anywhere: nobody learns that it was opened.
        part = list(mail.iter_parts())[-1]
        main, sub = looks.logo_type.split("/")
        part.add_related(looks.logo, maintype=main, subtype=sub, cid=f"<{_LOGO}>", disposition="inline")
    for form, data in fitting:
        kind, sub = _MEDIA[form]
        mail.add_attachment(data, maintype=kind, subtype=sub, filename=file_name(told.document, form))
    return mail


def _fitting(files: Sequence[tuple[Form, Path]]) -> tuple[list[tuple[Form, bytes]], list[tuple[Form, Path]]]:
    taken: list[tuple[Form, bytes]] = []
    left: list[tuple[Form, Path]] = []
    size = 0
    for form, path in files:
        if size + path.stat().st_size > MOST_ATTACHED:
            left.append((form, path))
        else:
            size += path.stat().st_size
            taken.append((form, path.read_bytes()))
    return taken, left


def _too_large(left_out: Sequence[str], told: ReportMail) -> str:
    if not left_out:
        return ""
    where = "open the report instead" if told.link or told.place else "download it in brandhound"
    return f"Too large to send along: {', '.join(left_out)}; {where}."


def _plain(told: ReportMail, layout: Layout, left_out: Sequence[str], envelope: Envelope) -> str:
    figures = "\n".join(f"{card.label}: {card.value}{_change(card)}" for card in _cards(layout))
    found = "\n".join(f"- {line.text} ({line.source})" for line in _findings(layout))
    stories = "\n\n".join(
        f"* {story.title}\n  {story.meta}"
        + (f"\n  “{story.quote}” — {story.quoted}" if story.quote else "")
        + (f"\n  {story.url}" if story.url else "")
        for story in _stories(layout)
    )
    care = "\n".join(f"- {line.text}" for line in layout.caveats)
    parts = [
        f"{layout.title}\n{layout.period}",
        "There was no mention in these days." if layout.empty else figures,
        *_words(layout),
        f"What stands out\n{found}" if found else "",
        f"Top stories\n\n{stories}" if stories else "",
        f"Read with care\n{care}" if care else "",
        f"The whole report: {told.link}" if told.link else "",
        f"In brandhound: {told.place}" if told.place else "",
        _too_large(left_out, told),
        layout.footer,
        foot(envelope),
    ]
    return "\n\n".join(part for part in parts if part)


def _html(told: ReportMail, layout: Layout, left_out: Sequence[str]) -> str:
    color = layout.looks.color if layout.looks else COLOR
    buttons = (button(told.link, "Open the report", color=color) if told.link else "") + (
        button(told.place, "See it in brandhound", quiet=bool(told.link), color=color) if told.place else ""
    )
    logo = (
        f'<img src="cid:{_LOGO}" alt="{escape(layout.organization)}" height="36" '
        'style="display:block;height:36px;width:auto;max-width:220px;margin:0 0 16px">'
        if layout.looks and layout.looks.logo
        else ""
    )
    own = f'<p style="{QUIET};margin:20px 0 0" dir="auto">{escape(layout.footer)}</p>' if layout.footer else ""
    found = "".join(
        f'<li style="margin:4px 0">{escape(line.text)} <span style="{QUIET}">— {escape(line.source)}</span></li>'
        for line in _findings(layout)
    )
    words = "".join(f'<p style="margin:0 0 10px" dir="auto">{escape(one)}</p>' for one in _words(layout))
    stories = "".join(
        f'<div style="margin:0 0 16px"><div style="font-weight:600">{linked(story.url, story.title)}</div>'
        f'<div style="{QUIET}">{escape(story.meta)}</div>'
        + (quoted(story.quote, story.tone, story.quoted) if story.quote else "")
        + "</div>"
        for story in _stories(layout)
    )
    care = "".join(f'<li style="margin:4px 0">{escape(line.text)}</li>' for line in layout.caveats)
    note = _too_large(left_out, told)
    return (
        f'{logo}<div style="{QUIET}">{escape(layout.kind)}</div>'
        f'<h1 style="font-size:21px;line-height:1.25;margin:4px 0" dir="auto">{escape(layout.title)}</h1>'
        f'<div style="{QUIET}">{escape(layout.period)}</div>'
        + (
            '<p style="margin:18px 0">There was no mention in these days.</p>'
            if layout.empty
            else f'<div style="margin:18px -6px 6px">{"".join(map(_figure, _cards(layout)))}</div>'
        )
        + (f'<p style="margin:14px 0 18px">{buttons}</p>' if buttons else "")
        + words
        + (f"{_head('What stands out')}<ul style='margin:0;padding-left:20px'>{found}</ul>" if found else "")
        + (f"{_head('Top stories')}{stories}" if stories else "")
        + (f'{_head("Read with care")}<ul style="margin:0;padding-left:20px;color:#7a4d00">{care}</ul>' if care else "")
        + (f"<p>{escape(note)}</p>" if note else "")
        + own
    )


def _cards(layout: Layout) -> list[Card]:
    """The figures that the report's blocks tell, once each."""
    return list(dict.fromkeys(card for section in layout.sections for card in section.cards))


def _findings(layout: Layout) -> list[Line]:
    found = [section.lines for section in layout.sections if section.kind == "findings"]
    return found[0][:_FINDINGS] if found else []


def _stories(layout: Layout) -> list[Story]:
    return [story for section in layout.sections for story in section.stories][:_STORIES]


def _words(layout: Layout) -> list[str]:
    """One's own words and the summary, as the blocks have them; a mail holds the beginning."""
    texts = [words for section in layout.sections for words in section.paragraphs]
    summary = [sentence.text for section in layout.sections for sentence in section.sentences]
    return [*texts[:_TEXTS], *summary]


def _head(words: str) -> str:
    return f'<h2 style="font-size:16px;margin:22px 0 8px">{escape(words)}</h2>'


def _figure(card: Card) -> str:
    return (
        '<div style="display:inline-block;vertical-align:top;min-width:118px;margin:0 6px 10px">'
        f'<div style="{QUIET}">{escape(card.label)}</div>'
        f'<div style="font-size:22px;font-weight:700;line-height:1.25">{escape(card.value)}</div>'
        f'<div style="font-size:12px;color:{card.change_color}">{escape(card.change)} '
        f'<span style="color:#5b6270">{escape(card.against)}</span></div></div>'
    )


def _change(card: Card) -> str:
    return f" ({card.change} {card.against})".replace(" )", ")") if card.change else ""
