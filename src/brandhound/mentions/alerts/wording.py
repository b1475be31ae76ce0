"""Says in words what an alert tells of."""

from collections.abc import Mapping
from typing import Any

from brandhound.core.wording import count_of
from brandhound.mentions.alerts.looking import Finding
from brandhound.mentions.alerts.schemas import AlertWish
from brandhound.mentions.alerts.silences import MOST_HOURS


def title_of(wish: AlertWish, brand: str) -> str:
    """What an alert is called if nobody says otherwise."""
    if wish.kind == "story":
        tones = " or ".join(wish.tones)
        many = "an outlet" if wish.least_outlets == 1 else count_of(wish.least_outlets, "outlet")
        return f"{brand}: a {tones + ' ' if tones else ''}story in {many}"
    only = {"only_tones": wish.tones, "only_words": wish.words}
    part = f": {_kind(only, 'stories')}" if _is_narrow(only) else ""
    return f"Spikes of {brand}{part}" if wish.kind == "spike" else f"Silence around {brand}{part}"


def headline(finding: Finding, brand: str, told: Mapping[str, Any]) -> str:
    """For a notice."""
    if finding.kind == "story":
        stories: list[dict[str, Any]] = told.get("stories") or []
        title = stories[0]["title"] if stories else "a story"
        return f"{brand} in {count_of(finding.outlets, 'outlet')}: {title}"
    if finding.kind == "silence":
        anything = f"any {_kind(told, 'story')}" if _is_narrow(told) else "anything"
        return f"Hardly {anything} about {brand} for {hours(finding.window_hours)}"
    times = finding.stories / max(finding.expected, 0.1)
    many = _kind(told, "stories")
    much = f"{times:.0f} times as many {many} as usual" if times < 20 else f"far more {many} than usual"
    return f"{brand}: {much}"


def sentence(finding: Finding, told: Mapping[str, Any]) -> str:
    """What happened, against what is usual, and what it consists of."""
    if finding.kind == "story":
        return _spread(finding, told)
    usual = f"{finding.expected:.1f}" if finding.expected < 10 else f"{finding.expected:.0f}"
    text = f"{_stories(finding.stories, told)} in {hours(finding.window_hours)}; {usual} are usual at that time of the week."
    if finding.kind == "silence":
        if told.get("is_deaf"):
            return f"{text} Most of your feeds cannot be read, so it may be you who hears nothing."
        if _is_narrow(told):
            return f"{text} Your feeds are read; of other stories this says nothing."
        return f"{text} Your feeds are read, so it is really quiet."
    stories: list[dict[str, Any]] = told.get("stories") or []
    if stories:
        first = stories[0]
        outlets = f", in {first['outlets']} outlets" if first["outlets"] > 1 else ""
        text += f" Most told: “{first['title']}” ({first['outlet']}{outlets})."
    if finding.is_thin:
        text += " There are less than two weeks of history, so take it with care."
    return text


def result(days: int, dates: list[str], asked: int = 0, enough: int | None = None) -> str:
    """What a back-test says: on which days it would have told, and of a silence whether the hours asked for can be rare."""
    incidents = len(dates)
    if not incidents:
        text = f"It would not have told you anything in {count_of(days, 'day')}"
        if enough is None or asked >= enough:
            return f"{text}."
        wait = f"wait for {hours(enough)}" if enough <= MOST_HOURS else "even 30 days are not"
        return (
            f"{text}, and hardly ever will: so few stories are usual that none in {hours(asked)} is not rare; {wait}."
        )
    often = "once" if incidents == 1 else "twice" if incidents == 2 else f"{incidents} times"
    listed = ", ".join(dates[:5]) + (" …" if incidents > 5 else "")
    return f"It would have told you {often} in {count_of(days, 'day')}: {listed}."


def hours(number: int) -> str:
    """A stretch of hours as people say it, and never a shorter one: 60 hours are not two days."""
    if number == 1:
        return "an hour"
    if number < 48 or number % 24:
        return f"{number:,} hours"
    return f"{number // 24:,} days"


def _spread(finding: Finding, told: Mapping[str, Any]) -> str:
    stories: list[dict[str, Any]] = told.get("stories") or []
    within = f"in {count_of(finding.outlets, 'outlet')} within {hours(finding.window_hours)}"
    if not stories:
        return f"A story that is not there any more was {within}."
    first = stories[0]
    text = f"“{first['title']}” was {within}"
    # A title that names the brand is what is quoted, too: it is said once.
    quote = f" It says: “{first['quote']}”" if first.get("quote") not in (None, "", first["title"]) else ""
    return f"{text}, {first['outlet']} among them.{quote}"


def _stories(number: int, told: Mapping[str, Any]) -> str:
    one, many = _kind(told, "story"), _kind(told, "stories")
    return count_of(number, one, many) if number else f"No {one}"


def _is_narrow(told: Mapping[str, Any]) -> bool:
    return bool(told.get("only_tones") or told.get("only_words"))


def _kind(told: Mapping[str, Any], noun: str) -> str:
    """Which stories the alert counts: “negative stories with “recall””."""
    only_tones: list[str] = told.get("only_tones") or []
    only_words: list[str] = told.get("only_words") or []
    tones, words = " or ".join(only_tones), " or ".join(f"“{word}”" for word in only_words)
    return f"{tones} {noun}".strip() + (f" with {words}" if words else "")
