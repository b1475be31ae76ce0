"""The passages of an article that are read for topics: its title, and the sentences around a brand. Thinking only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brandhound.mentions.sentences import Sentences
from brandhound.mentions.standings import Field

MOST_PLACES = 3
LONGEST = 400
"""Characters of a passage: the sentence model looks at 160 tokens."""
SHORTEST = 12


@dataclass(frozen=True)
class Passage:
    """Words of an article, exactly."""

    field: Field
    start: int
    end: int
    words: str


def passages_of(title: str, text: str, evidence: Sequence[Mapping[str, Any]]) -> list[Passage]:
    """The title, and around the first three places where the brand is named each sentence and its two neighbours, each once.

    A topic is often told in the sentence beside the one with the name.
    """
    spans: list[tuple[int, int]] = []
    sentences = Sentences(text)
    places = [
        place for place in evidence if place["field"] == "text" and 0 <= place["start"] < place["end"] <= len(text)
    ]
    for place in places[:MOST_PLACES]:
        start, end = sentences.window(int(place["start"]), int(place["end"]), 1)
        spans += [(first, last) for first, last in sentences.all() if first >= start and last <= end]
    found = [Passage("title", 0, min(len(title), LONGEST), title[:LONGEST])] if title.strip() else []
    for first, last in dict.fromkeys(spans):
        cut = min(last, first + LONGEST)
        if cut - first >= SHORTEST:
            found.append(Passage("text", first, cut, text[first:cut]))
    return found
