"""Copies as outlets make them, and what only looks like one: made from any articles, and judged the way the product does it.

Made-up articles are for the floor in the tests; real ones are read where they lie and never shipped.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from brandhound.mentions.reprints import Fingerprint, compare
from brandhound.mentions.stories import MOST_CANDIDATES
from tests.mentions.reprinting import BOILERPLATE, DATELINES, edited

FEWEST_SENTENCES = 8
Sentences = list[str]


@dataclass(frozen=True)
class Told:
    """A text, what it was made from (itself if from nothing), and how."""

    title: str
    text: str
    origin: int
    kind: str


def _whole(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    return list(sentences)


def _cut(share: float) -> Callable[[random.Random, Sentences, Sentences], Sentences]:
    return lambda chance, sentences, words: sentences[: max(4, round(len(sentences) * share))]


def _middle_out(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    third = len(sentences) // 3
    return sentences[:third] + sentences[2 * third :]


def _reordered(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    rest = sentences[1:]
    chance.shuffle(rest)
    return sentences[:1] + rest


def _turned(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    """Last things first, as a desk does with the newest."""
    half = len(sentences) // 2
    return sentences[half:] + sentences[:half]


def _abridged(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    return edited(0.03)(chance, sentences[:3] + sentences[3::2], words)


def _framed(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    """Sentences of one's own before and after, a quarter as many as are copied."""
    own = [" ".join(chance.choice(words) for _ in range(14)).capitalize() + "." for _ in range(len(sentences) // 4 + 1)]
    return own[: len(own) // 2 + 1] + sentences + own[len(own) // 2 + 1 :]


def _quotes(chance: random.Random, sentences: Sentences, words: Sentences) -> Sentences:
    swaps = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-"})
    return [sentence.translate(swaps) for sentence in sentences]


KINDS: dict[str, Callable[[random.Random, Sentences, Sentences], Sentences]] = {
    "another headline": _whole,
    "another dateline": _whole,
    "other quotation marks": _quotes,
    "cut to 60 %": _cut(0.6),
    "cut to 40 %": _cut(0.4),
    "the middle left out": _middle_out,
    "reordered": _reordered,
    "last things first": _turned,
    "abridged and edited": _abridged,
    "edited 5 %": edited(0.05),
    "edited 10 %": edited(0.10),
    "framed by own words": _framed,
}


@dataclass
class Board:
    """How copies were told from what only looks like one."""

    originals: int = 0
    copies: int = 0
    found: int = 0
    wrong: int = 0
    by_kind: dict[str, float] = field(default_factory=dict[str, float])
    wrong_kinds: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def recall(self) -> float:
        return self.found / self.copies if self.copies else 0.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 0.0


def measured(articles: Sequence[tuple[str, str]], seed: int = 7, each: int = 2) -> Board:
    """Each article with so many copies of kinds in turn, among quotations and filled-in forms, in the order of the product."""
    made = list(make(articles, seed, each))
    prints = [Fingerprint(one.text, one.title) for one in made]
    by_key: defaultdict[int, list[int]] = defaultdict(list)
    board = Board()
    tried: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for at, one in enumerate(made):
        near = Counter(other for key in prints[at].bands for other in by_key[key])
        joined = {
            made[other].origin
            for other, _ in near.most_common(MOST_CANDIDATES)
            if compare(prints[at], prints[other], same_source=False)
        }
        if one.kind in KINDS:
            tried[one.kind] += 1
            hit[one.kind] += one.origin in joined
        strange = joined - {one.origin}
        board.wrong += len(strange)
        if strange:
            wrong[one.kind] += 1
        for key in prints[at].bands:
            by_key[key].append(at)
    board.originals, board.copies, board.found = len(articles), sum(tried.values()), sum(hit.values())
    board.by_kind = {kind: round(hit[kind] / number, 4) for kind, number in tried.items()}
    board.wrong_kinds = dict(wrong)
    return board


def make(articles: Sequence[tuple[str, str]], seed: int, each: int) -> Sequence[Told]:
    """The articles, their copies, and hard ones that are none: quotations of two sentences, and forms filled in twice."""
    chance = random.Random(seed)
    parted = [(title, sentences_of(text)) for title, text in articles]
    words = [word for _, sentences in parted for sentence in sentences for word in sentence.split()]
    titles = [title for title, _ in parted]
    kinds = list(KINDS)
    made: list[Told] = []
    turn = 0
    for number, (title, sentences) in enumerate(parted):
        made.append(Told(title, chance.choice(DATELINES) + _paragraphs(chance, sentences), number, "original"))
        for _ in range(each):
            kind = kinds[turn % len(kinds)]
            turn += 1
            text = _paragraphs(chance, KINDS[kind](chance, sentences, words))
            headline = title if kind == "another dateline" else chance.choice(titles)
            tail = f"\n{chance.choice(BOILERPLATE)}" if chance.random() < 0.5 else ""
            made.append(Told(headline, chance.choice(DATELINES) + text + tail, number, kind))
    for number in range(len(parted)):
        mine, theirs = parted[number][1], parted[(number + 1) % len(parted)][1]
        start = chance.randrange(max(1, len(theirs) - 1))
        own = [" ".join(chance.choice(words) for _ in range(len(one.split()))) + "." for one in mine]
        quoting = [*own[: len(own) // 2], *theirs[start : start + 2], *own[len(own) // 2 :]]
        made.append(Told("A quotation", _paragraphs(chance, quoting), 100_000 + number, "quotation"))
        made.append(Told("A form", filled_in(chance), 200_000 + number, "form"))
    return made


_FORM = (
    "{company} reported its results for the {quarter} quarter on {day}. Revenue came to {revenue} million, compared with "
    "{before} million a year earlier. Net income was {income} million, or {share} cents a share. {chief}, chief executive of "
    "{company}, said that the board would propose a dividend of {dividend} cents. The company expects revenue between {low} "
    "and {high} million for the full year. Analysts of {bank} had expected {expected} million. Shares of {company} closed at "
    "{price} in {city}."
)
_PARTS = """
ba ber cor dan el fen gar hol ix jun kar lum mor nor os pel qui ras sol tav ul ven wex yor zan
"""
_SMALL = """
the of a to in and for on with at by from it was that had as they were not but its after who
"""
_SYLLABLES = _PARTS.split()


def name(chance: random.Random) -> str:
    """A name that nobody bears."""
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()


def filled_in(chance: random.Random) -> str:
    """Results of a company as a machine writes them: the same words around other names and numbers."""
    numbers = ("revenue", "before", "income", "share", "dividend", "low", "high", "expected", "price")
    return _FORM.format(
        company=f"{name(chance)} {name(chance)}",
        quarter=chance.choice(("first", "second", "third", "fourth")),
        day=chance.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
        chief=f"{name(chance)} {name(chance)}",
        bank=name(chance),
        city=name(chance),
        **{key: chance.randint(2, 9999) for key in numbers},
    )


def invented(number: int, seed: int = 3) -> list[tuple[str, str]]:
    """Articles of made-up words in sentences of made-up shapes: nobody's text."""
    chance = random.Random(seed)
    small = _SMALL.split()
    large = ["".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 3))) for _ in range(2500)]
    weights = [1 / (rank + 5) for rank in range(len(large))]

    def sentence() -> str:
        many = chance.randint(9, 26)
        told = [
            chance.choice(small) if chance.random() < 0.45 else chance.choices(large, weights)[0] for _ in range(many)
        ]
        told = [name(chance) if chance.random() < 0.06 else word for word in told]
        if chance.random() < 0.3:
            told[chance.randrange(many)] = str(chance.randint(2, 90_000))
        text = " ".join(told)
        return text[0].upper() + text[1:] + "."

    return [
        (sentence().rstrip("."), " ".join(sentence() for _ in range(chance.randint(FEWEST_SENTENCES, 28))))
        for _ in range(number)
    ]


def sentences_of(text: str) -> Sentences:
    """Sentences as they stand; lines without an end are none."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n", text) if len(part.split()) >= 5]


def _paragraphs(chance: random.Random, sentences: Sequence[str]) -> str:
    lines: list[str] = []
    at = 0
    while at < len(sentences):
        many = chance.randint(1, 4)
        lines.append(" ".join(sentences[at : at + many]))
        at += many
    return "\n".join(lines)
