"""What `brandhound inspect` does with one document, in the shapes it prints. Runs in the extraction processes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from brandhound.mentions.matching import Match, Matcher

Facts = Mapping[str, Any]

FEED = "brandhound.app.inspection_work:feed"
PAGE = "brandhound.app.inspection_work:page"
TEXTS = "brandhound.app.inspection_work:texts"
READY = "brandhound.app.inspection_work:ready"
READY_FOR_PAGES = "brandhound.feeds.page_work:warm_up"
PAGE_PARTS = (
    "url",
    "canonical_url",
    "title",
    "authors",
    "published",
    "modified",
    "language",
    "outlet",
    "text",
)
"""What a program is given, which can rely on it; people see the extractor's notes, too."""


def ready() -> None:
    """Load the parser of feeds."""
    import brandhound.feeds.parsing  # noqa: F401  # pyright: ignore[reportUnusedImport]


def feed(body: bytes, facts: Facts) -> dict[str, Any]:
    """A feed as the parser sees it; its titles as words and what was forgiven where `facts` ask for `words` and `notes`."""
    from brandhound.feeds.page_work import WorkRefused
    from brandhound.feeds.parsing import parse_feed
    from brandhound.feeds.reading import NotAFeed, forgiven

    try:
        found = parse_feed(body, str(facts.get("url") or ""), dict(facts.get("headers") or {}))
    except NotAFeed as error:
        raise WorkRefused("not-a-feed", str(error)) from None
    words = bool(facts.get("words"))
    told = {
        "title": found.title_text if words else found.title,
        "link": found.link,
        "language": found.language,
        "entries": [
            {
                "id": entry.id,
                "title": entry.title_text if words else entry.title,
                "link": entry.link,
                "published": _time(entry.published),
                "updated": _time(entry.updated),
                "authors": list(entry.authors),
                "summary": entry.summary,
                "content": entry.content,
                "categories": list(entry.categories),
                "enclosures": [asdict(enclosure) for enclosure in entry.enclosures],
            }
            for entry in found.entries
        ],
    }
    notes = forgiven(repaired=found.repaired, truncated=found.truncated) if facts.get("notes") else None
    return told if notes is None else told | {"notes": notes}


def page(body: bytes, facts: Facts) -> dict[str, Any]:
    """A page as the extractor sees it, with its notes where they are asked for."""
    from brandhound.feeds.page_work import page as read

    found = read(body, facts)
    names = (*PAGE_PARTS, "warnings") if facts.get("notes") else PAGE_PARTS
    return {name: found[name] for name in names} | {"url": found["url"] or found["canonical_url"]}


def texts(body: bytes, facts: Facts) -> list[list[dict[str, Any]]]:
    """The brands that each of several texts (a JSON list) names, by the brands file at `facts["brands"]`."""
    given = cast("list[str]", json.loads(body))
    found = _matcher(str(facts["brands"])).find_all(_documents(given))
    tones = iter(_tones(given, found))
    return [[_as_data(match, next(tones)) for match in matches] for matches in found]


def _documents(given: list[str]) -> list[Any]:
    from brandhound.mentions.matching import Document

    return [Document(text) for text in given]


@lru_cache(maxsize=1)
def _matcher(path: str) -> "Matcher":
    from brandhound.brands.names import load_brands_file
    from brandhound.mentions.matching import Matcher

    return Matcher(load_brands_file(json.loads(Path(path).read_text("utf-8"))))


def _tones(given: list[str], found: "list[list[Match]]") -> list[str]:
    from brandhound.feeds.language import guess_language
    from brandhound.mentions.tone import MentionToJudge, Place, judge_mentions

    asked: list[MentionToJudge] = []
    for text, matches in zip(given, found, strict=True):
        language = guess_language(text)[0] if matches else None
        asked.extend(
            MentionToJudge("", text, language, (Place(m.field, m.start, m.end, m.sentence_start, m.sentence_end),))
            for m in matches
        )
    return [tone.label for tone in judge_mentions(asked)] if asked else []


def _as_data(match: "Match", tone: str) -> dict[str, Any]:
    return {
        "brand": match.brand,
        "start": match.start,
        "end": match.end,
        "surface": match.surface,
        "confidence": match.confidence,
        "reasons": [reason.text for reason in match.reasons],
        "tone": tone,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
