"""Made-up copies of articles, the way outlets copy: cut, reordered, retitled, with another dateline, a few words changed."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OUTLETS = ("Kent Courier", "Daily Kettle", "Harbour Post", "Nordlicht", "The Ledger")
DATELINES = (
    "LONDON (Reuters) - ",
    "NEW YORK, Jan 3 (AP) — ",
    "BERLIN (dpa) - ",
    "PARIS, March 12 (AFP) - ",
    "LONDON - ",
)
BOILERPLATE = (
    "Sign up for our newsletter to get the day's news at noon.",
    "Read more: the ten stories you missed this week",
    "© 2026 Harbour Media. All rights reserved.",
    "Reporting by Ann Lee; Editing by Sam Ray",
    "This article first appeared in the Kent Courier.",
    "Follow us on every platform for more stories like this one.",
)


@dataclass(frozen=True)
class MadeArticle:
    """An article, and the number of the original it is a copy of (its own if it is none)."""

    text: str
    origin: int
    kind: str


def cut_to(share: float) -> Callable[[random.Random, list[str], list[str]], list[str]]:
    return lambda chance, sentences, _: sentences[: max(4, round(len(sentences) * share))]


def edited(share: float) -> Callable[[random.Random, list[str], list[str]], list[str]]:
    def edit(chance: random.Random, sentences: list[str], words: list[str]) -> list[str]:
        return [
            " ".join(chance.choice(words) if chance.random() < share else word for word in sentence.split())
            for sentence in sentences
        ]

    return edit


def reordered(chance: random.Random, sentences: list[str], _: list[str]) -> list[str]:
    rest = sentences[2:]
    chance.shuffle(rest)
    return sentences[:2] + rest


def abridged(chance: random.Random, sentences: list[str], words: list[str]) -> list[str]:
    """The lead kept, then every other sentence, lightly edited: what a busy desk does."""
    return edited(0.03)(chance, sentences[:3] + sentences[3::2], words)


def with_boilerplate(chance: random.Random, sentences: list[str], _: list[str]) -> list[str]:
    return [*sentences, *chance.sample(BOILERPLATE, 3)]


CHANGES: dict[str, Callable[[random.Random, list[str], list[str]], list[str]]] = {
    "verbatim": lambda chance, sentences, _: list(sentences),
    "boilerplate": with_boilerplate,
    "edited 5 %": edited(0.05),
    "edited 10 %": edited(0.10),
    "cut to 60 %": cut_to(0.6),
    "cut to 40 %": cut_to(0.4),
    "reordered": reordered,
    "abridged": abridged,
}


def make_reprints(pool: Sequence[str], originals: int, seed: int = 5) -> list[MadeArticle]:
    """Originals of 8 to 24 sentences, and for each one copy of a kind; datelines differ throughout."""
    chance = random.Random(seed)
    words = [word for sentence in pool for word in sentence.split()]
    kinds = list(CHANGES)
    made: list[MadeArticle] = []
    for number in range(originals):
        sentences = chance.sample(list(pool), chance.randint(8, 24))
        kind = kinds[number % len(kinds)]
        copied = CHANGES[kind](chance, sentences, words)
        made.append(MadeArticle(chance.choice(DATELINES) + paragraphs(chance, sentences), number, "original"))
        made.append(MadeArticle(chance.choice(DATELINES) + paragraphs(chance, copied), number, kind))
    return made


def paragraphs(chance: random.Random, sentences: Sequence[str]) -> str:
    lines: list[str] = []
    at = 0
    while at < len(sentences):
        many = chance.randint(1, 4)
        lines.append(" ".join(sentences[at : at + many]))
        at += many
    return "\n".join(lines)


def sentences_of(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n", text) if 40 < len(s.strip()) < 260]
