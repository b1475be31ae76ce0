"""A report's summary in words: its sentences with what they cite, and who wrote them."""

from dataclasses import dataclass

from brandhound.reports.document import ReportDocument, Summary
from brandhound.reports.pieces import settable, web_address
from brandhound.reports.wording import moment_text, number, set_apart


@dataclass(frozen=True)
class Cited:
    """A sentence of the summary with the numbers of what it cites."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Source:
    """What a summary cites."""

    number: int
    title: str
    url: str
    meta: str
    sentence: str


def cited_sentences(summary: Summary) -> list[Cited]:
    return [Cited(settable(claim.text), claim.citations) for claim in summary.sentences]


def cited_sources(summary: Summary, time_zone: str) -> list[Source]:
    return [
        Source(
            one.number,
            settable(one.title),
            web_address(one.url),
            settable(f"{set_apart(one.outlet)}, {moment_text(one.published_at, time_zone)}"),
            "" if one.sentence == one.title else settable(one.sentence or ""),
        )
        for one in summary.citations
    ]


def summary_note(document: ReportDocument) -> str:
    """Who wrote the summary, and what was left out of it."""
    summary = document.summary
    if summary is None:
        return ""
    if summary.written_by == "embedded":
        return " ".join(filter(None, ("Headlines of the largest stories, as they were printed.", summary.note)))
    dropped = f" {_dropped(summary.dropped)}" if summary.dropped else ""
    return f"Written by {summary.model}; each sentence was held against the articles it cites.{dropped}"


def _dropped(count: int) -> str:
    return (
        "One sentence was dropped because they did not bear it out."
        if count == 1
        else f"{number(count)} sentences were dropped because they did not bear them out."
    )
