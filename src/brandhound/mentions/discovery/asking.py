"""Having a model look for names of brands in sentences. What it says gets out only as words of the sentence and a kind.

A name that does not stand in its sentence letter by letter is dropped; and what a text talks the model into is at the most to
take a few of that text's own words for a brand, or not to.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.providers.ai.asking import Answer, Question, ask
from brandhound.providers.ai.features import Feature, feature
from brandhound.providers.ai.prompts import prompt
from brandhound.providers.ai.quarantine import LONGEST_QUOTE, SHORTEST_QUOTE

BRAND_NAMES = feature(
    Feature(
        name="discovery.brand_names",
        title="Names of unknown brands",
        about="Once a day, when names in your articles are ranked by how likely they are brands.",
        adds="It reads the sentences of the likeliest names, knows many brands, products and people by name, and tells whole "
        "names from parts of them, where the embedded analysis has word lists and a small head on the sentence model.",
        without="The embedded analysis ranks the names alone.",
        sends="At most four sentences of your articles for each of the 150 likeliest names, without title, outlet or address. "
        "Nothing of your brands, people or judgements.",
    )
)
SENTENCES = 4
"""Sentences of one question: as many as are read of one name, so that its answer is kept as long as they are the same."""

SpanKind = Literal["company", "product", "organization"]


class NameSaid(BaseModel):
    """A name in a sentence."""

    model_config = ConfigDict(extra="forbid")

    sentence: str = Field(description="Name of the sentence, such as s1.")
    name: str = Field(description="The name, copied letter by letter from that sentence.")
    kind: SpanKind


class NamesSaid(BaseModel):
    """The names of brands in the sentences."""

    model_config = ConfigDict(extra="forbid")

    names: Annotated[list[NameSaid], Field(max_length=60)]


@dataclass(frozen=True, slots=True)
class BrandSpan:
    """A name of a brand at its place in a sentence."""

    start: int
    end: int
    text: str
    kind: SpanKind


@dataclass(frozen=True, slots=True)
class SentencesRead:
    """For each sentence its names of brands, in order; and how many names did not stand there."""

    spans: tuple[tuple[BrandSpan, ...], ...]
    dropped: int
    model: str


async def read_sentences(organization_id: UUID, sentences: Sequence[str]) -> SentencesRead:
    """The names of brands in at most four sentences, by the model that is chosen for it. Raises what CANNOT_ASK names.

    Hold no transaction around it: it waits for the model.
    """
    return spans_said(await ask(organization_id, question_of(sentences)), sentences)


def question_of(sentences: Sequence[str]) -> Question[NamesSaid]:
    """The sentences as they are put to a model."""
    if not 0 < len(sentences) <= SENTENCES:
        raise ValueError(f"one question is about 1 to {SENTENCES} sentences, not {len(sentences)}")
    return Question(
        feature=BRAND_NAMES.name,
        prompt=prompt("brandhound.mentions", "brand_names"),
        facts={"sentences": len(sentences)},
        sources=_named(sentences),
        form=NamesSaid,
        most_written=800,
    )


def spans_said(answer: Answer[NamesSaid], sentences: Sequence[str]) -> SentencesRead:
    """What a model said, as far as the sentences bear it out."""
    said: dict[str, dict[str, SpanKind]] = {name: {} for name in _named(sentences)}
    dropped = 0
    for one in answer.value.names:
        words = one.name.strip()
        own = said.get(one.sentence.strip())
        if own is None or not SHORTEST_QUOTE <= len(words) <= LONGEST_QUOTE:
            dropped += 1
        else:
            own.setdefault(words, one.kind)
    found: list[tuple[BrandSpan, ...]] = []
    for sentence, names in zip(sentences, said.values(), strict=True):
        spans, missing = _placed(sentence, names)
        found.append(spans)
        dropped += missing
    return SentencesRead(tuple(found), dropped, answer.model)


def _named(sentences: Sequence[str]) -> dict[str, str]:
    return {f"s{number}": sentence for number, sentence in enumerate(sentences, 1)}


def _placed(sentence: str, names: Mapping[str, SpanKind]) -> tuple[tuple[BrandSpan, ...], int]:
    """Wherever each name stands as words of its own, the longest first; and how many stand nowhere."""
    found: list[BrandSpan] = []
    missing = 0
    for words in sorted(names, key=len, reverse=True):
        places = [place.span() for place in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", sentence)]
        missing += not places
        free = [(start, end) for start, end in places if all(end <= one.start or one.end <= start for one in found)]
        found += [BrandSpan(start, end, words, names[words]) for start, end in free]
    return tuple(sorted(found, key=lambda span: span.start)), missing
