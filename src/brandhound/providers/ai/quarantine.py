"""Reading strangers' texts with a model: their words are data, and nothing they say is done.

Four walls, each enough against most of what is tried:
  the model has no tools, so that whatever a text talks it into, it can do nothing;
  its answer has a closed form of choices and quotations, so that no sentence of its own gets out;
  a quotation stands in the text letter by letter, or is dropped;
  the text stands between marks that it cannot know, and is called data.

What remains: a text may sway a choice, as it may sway a person. So a choice needs a quotation, and decides nothing by itself.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_QUOTE = 400
SHORTEST_QUOTE = 2


@dataclass(frozen=True)
class Span:
    """Words of a source, with their place in it."""

    source: str
    """Which source, such as title or text."""
    start: int
    end: int
    text: str


def fenced(sources: Mapping[str, str], mark: str | None = None) -> str:
    """The sources between marks made up for this one question: a text that writes such a mark itself does not hit it."""
    mark = mark or secrets.token_hex(8)
    parts = [f"<data-{mark} name={name!r}>\n{text.replace(mark, '')}\n</data-{mark}>" for name, text in sources.items()]
    return "\n\n".join(parts)


def verbatim(quotes: Iterable[str], sources: Mapping[str, str], most: int = 5) -> list[Span]:
    """Those quotes that stand in a source letter by letter, each with its first place. The others are dropped."""
    found: dict[tuple[str, int, int], Span] = {}
    for quote in quotes:
        words = quote.strip()
        if not SHORTEST_QUOTE <= len(words) <= LONGEST_QUOTE:
            continue
        for name, text in sources.items():
            start = text.find(words)
            if start >= 0:
                span = Span(name, start, start + len(words), words)
                found.setdefault((name, span.start, span.end), span)
                break
    return list(found.values())[:most]
