"""The digest as a mail: the one thing in the subject, then as much as is read in two minutes."""

from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from brandhound.core.wording import count_of
from brandhound.notifications.wording import absolute
from brandhound.reports.digesting import DigestContent, DigestStory, Doubtful
from brandhound.reports.mail_parts import (
    INK,
    LARGEST,
    QUIET,
    Envelope,
    button,
    foot,
    linked,
    mail_with_head,
    page,
    quoted,
)
from brandhound.reports.wording import confidence_text, percent, set_apart, shortened

ARROWS = {"negative": ", tone ↓", "positive": ", tone ↑"}

Judge = Callable[[UUID, str], str]
"""The address that asks whether a mention is the brand: of the mention, and yes or no."""


def write_digest_mail(envelope: Envelope, told: DigestContent, judge: Judge | None) -> EmailMessage:
    """The mail. Without `judge` the reader may not judge, and is shown where to look instead."""
    subject = subject_of(told)
    mail = mail_with_head(envelope, subject)
    mail.set_content(_plain(told, judge, envelope), charset="utf-8")
    stories = list(told.stories)
    html = page(subject, _html(told, stories, judge), envelope)
    while len(html.encode()) > LARGEST and stories:
        stories.pop()
        html = page(subject, _html(told, stories, judge), envelope)
    mail.add_alternative(html, subtype="html", charset="utf-8")
    return mail


def subject_of(told: DigestContent) -> str:
    """The one thing that the reader should know."""
    if told.stories:
        top = told.stories[0]
        outlets = f" in {top.outlets} outlets" if top.outlets > 1 else ""
        name = top.brands[0]
        who = "" if name.casefold() in top.title.casefold() else f"{name}: "
        return f"{who}{shortened(top.title, 90)}{outlets}{ARROWS.get(top.tone, '')}"
    if told.doubtful:
        return f"{count_of(told.doubtful_in_all, 'mention waits', 'mentions wait')} for your word"
    return next((one.title for one in told.broken if one.is_new), "Digest")


def _summary(told: DigestContent) -> str:
    """What happened, in a sentence."""
    since = told.since.astimezone(ZoneInfo(told.time_zone))
    if not told.stories_in_all:
        return f"No new story since {since:%A, %H:%M}."
    usual = f" ({told.usual})" if told.usual else ""
    return (
        f"{count_of(told.stories_in_all, 'story', 'stories')} since {since:%A, %H:%M}, with "
        f"{count_of(told.mentions, 'mention')} of your brands{usual}."
    )


def _missed(told: DigestContent) -> str:
    """How much of what is theirs does not count, for all that is known; nothing where nothing is."""
    if not told.missed:
        return ""
    return f"We may have missed {percent(told.missed)} of what is about your brands: it is among the doubtful and the rejected."


def _meta(story: DigestStory) -> str:
    origin = set_apart(story.origin)
    parts = [f"first in {origin}" if story.is_first else origin]
    if story.outlets > 1:
        parts.append(count_of(story.outlets, "outlet"))
    if story.reprints:
        parts.append(f"+{count_of(story.reprints, 'reprint')}")
    if story.tone != "unclear":
        parts.append(story.tone)
    if story.confidence < 0.8:
        parts.append(f"confidence {confidence_text(story.confidence)}")
    return " · ".join(parts)


def _place(path: str) -> str:
    return absolute(path) or path


def _plain(told: DigestContent, judge: Judge | None, envelope: Envelope) -> str:
    parts = [_summary(told)]
    for story in told.stories:
        quote = f"\n  “{story.quote}” — {story.quote_outlet}" if story.quote else ""
        parts.append(
            f"* {story.title}\n  {_meta(story)}{quote}\n  Why: {story.why}\n  {story.url}\n"
            f"  In brandhound: {_place(f'/stories?story={story.id}')}"
        )
    if missed := _missed(told):
        parts.append(f"{missed}\n{_place('/stories?view=doubtful')}")
    if told.doubtful:
        parts.append(f"Is it yours? {_waiting(told)}")
    for one in told.doubtful:
        sentence = f"\n  {one.sentence}" if one.sentence else ""
        asked = (
            f"\n  Yes: {judge(one.id, 'yes')}\n  No: {judge(one.id, 'no')}"
            if judge
            else f"\n  {_place(f'/stories?view=doubtful&story={one.story_id}')}"
        )
        said = f"{set_apart(one.title)} ({set_apart(one.outlet)}, {percent(one.confidence)})"
        parts.append(f"? {one.brand}: {said}{sentence}{asked}")
    if told.broken:
        lines = "\n".join(f"- {one.title}" + (f" {_place(one.href)}" if one.href else "") for one in told.broken)
        parts.append(f"What does not work\n{lines}")
    return "\n\n".join([*parts, foot(envelope)])


def _waiting(told: DigestContent) -> str:
    more = told.doubtful_in_all - len(told.doubtful)
    return f"{count_of(more, 'more waits', 'more wait')} in brandhound." if more > 0 else ""


def _html(told: DigestContent, stories: list[DigestStory], judge: Judge | None) -> str:
    more = len(told.stories) - len(stories) + told.stories_in_all - len(told.stories)
    body = f'<p style="font-size:16px;margin:0 0 18px">{escape(_summary(told))}{_told_by(told, stories)}</p>'
    body += "".join(_story(story) for story in stories)
    if more > 0:
        words = f"{count_of(more, 'more story', 'more stories')} in brandhound"
        body += f"<p>{button(_place('/stories'), words, quiet=True)}</p>"
    if missed := _missed(told):
        seen = f'<a href="{escape(_place("/stories?view=doubtful"))}" style="color:#4338ca">See the doubtful</a>'
        body += f'<p style="{QUIET};margin:0 0 8px">{escape(missed)} {seen}</p>'
    if told.doubtful:
        body += f'{_head("Is it yours?")}<p style="{QUIET};margin:0 0 8px">{escape(_waiting(told))}</p>'
        body += "".join(_doubtful(one, judge) for one in told.doubtful)
    if told.broken:
        lines = "".join(
            f'<li style="margin:4px 0">{linked(_place(one.href) if one.href else "", one.title)}</li>'
            for one in told.broken
        )
        body += f'{_head("What does not work")}<ul style="margin:0;padding-left:20px">{lines}</ul>'
    return body


def _told_by(told: DigestContent, stories: list[DigestStory]) -> str:
    """Two whose texts the first line rests on, as links."""
    by_outlet = {story.origin: linked(story.url, shortened(story.origin, 40)) for story in reversed(stories)}
    named = [by_outlet[outlet] for outlet in dict.fromkeys(story.origin for story in stories)]
    if not named:
        return ""
    others = ", among others" if len(named) > 2 or told.stories_in_all > len(stories) else ""
    return f" Told by {' and '.join(named[:2])}{others}."


def _head(words: str) -> str:
    return f'<h2 style="font-size:16px;margin:24px 0 8px">{escape(words)}</h2>'


def _story(story: DigestStory) -> str:
    color = INK[story.tone]
    quote = quoted(story.quote, story.tone, story.quote_outlet) if story.quote else ""
    return (
        f'<div style="margin:0 0 18px;padding:0 0 14px;border-bottom:1px solid #e6e8ee">'
        f'<div style="font-weight:600;font-size:16px">{linked(story.url, story.title)}</div>'
        f'<div style="{QUIET}">{escape(", ".join(story.brands))} · <span style="color:{color}">{escape(_meta(story))}'
        f'</span></div>{quote}<div style="{QUIET};margin-top:6px">Why: {escape(story.why)} · '
        f'<a href="{escape(_place(f"/stories?story={story.id}"))}" style="color:#4338ca">See it in brandhound</a></div></div>'
    )


def _doubtful(one: Doubtful, judge: Judge | None) -> str:
    buttons = (
        button(judge(one.id, "yes"), f"It is {shortened(one.brand, 40)}", quiet=True)
        + button(judge(one.id, "no"), "It is not", quiet=True)
        if judge
        else button(_place(f"/stories?view=doubtful&story={one.story_id}"), "See it in brandhound", quiet=True)
    )
    sentence = (
        f'<div style="margin:4px 0 8px;font-size:14px" dir="auto">{escape(one.sentence)}</div>'
        if one.sentence
        else '<div style="height:8px"></div>'
    )
    return (
        f'<div style="margin:0 0 16px"><div style="font-weight:600">{linked(one.url, one.title)}</div>'
        f'<div style="{QUIET}">{escape(one.brand)} · {escape(set_apart(one.outlet))} · {percent(one.confidence)} sure</div>'
        f"{sentence}{buttons}</div>"
    )
