"""Grouping articles into stories as they come: copies always, and other tellings of the same event when it is plain.

Wrongly joined stories hide news and wrongly parted ones only repeat it, so that joining asks for much: the same brand,
at most three days between, and rare words, names and numbers in common beyond the brand's own name.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from brandhound.mentions.reprints import (
    FEW_WORDS,
    LEAD_WORDS,
    RUN,
    WINDOW,
    WORD,
    Copy,
    Fingerprint,
    compare,
    containment,
    resemblance,
)
from brandhound.mentions.stop_words import STOP_WORDS

Relation = Literal["original", "reprint", "update", "related"]

STORY_WINDOW = timedelta(hours=72)
JOIN_FROM = 0.36
RARE_FROM = 1.5
SHARED_RARE = 4
SHARED_PARTICULARS = 1
DECAY = timedelta(hours=96)
MOST_TERMS = 90
MOST_CANDIDATES = 20
TITLE_WEIGHT = 2.0
PARTICULAR_WEIGHT = 1.6
PARTICULAR = "^"
IN_TITLE = "#"
ALIKE_FROM = 0.75
"""Titles are alike when so much of the telling words of one is in the other."""
FEW_DOCUMENTS = 40
"""With fewer neighbours than this, frequencies are reckoned as if there were so many."""


@dataclass
class Piece:
    """An article to be placed, or one that has its place already (`story_id`)."""

    article_id: UUID
    title: str
    published_at: datetime
    site: str
    text_sha256: str | None
    terms: frozenset[str]
    brand_ids: frozenset[UUID]
    story_id: UUID | None = None
    reprint_of: UUID | None = None
    containment: float | None = None
    relation: Relation = "original"
    outlet: str = ""
    by_hand: bool = False
    """Whether a person said to which story it belongs."""
    text_names_it: bool = True
    """Whether its text names a brand, and not its title alone."""

    def is_by_the_outlet_of(self, other: "Piece") -> bool:
        """Whether both are of one site, and of one name there: several outlets may share a host."""
        names = {one.outlet.casefold() for one in (self, other) if one.outlet and one.outlet != one.site}
        return self.site == other.site and len(names) < 2

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its terms, without marks."""
        return frozenset(bare(term) for term in self.terms)

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of its title."""
        return frozenset(bare(term) for term in self.terms if term.startswith(IN_TITLE))

    @cached_property
    def particulars(self) -> frozenset[str]:
        """Those that are names or numbers."""
        return frozenset(bare(term) for term in self.terms if PARTICULAR in term[:2])


@dataclass(frozen=True)
class Placement:
    """Where an article belongs. `joins` is an article whose story it shares; None begins a new story."""

    article_id: UUID
    joins: UUID | None
    relation: Relation
    reprint_of: UUID | None
    containment: float | None


def terms_of(title: str, text: str) -> frozenset[str]:
    """Telling words of title and lead, folded; names and numbers are marked ^, words of the title #."""
    terms: set[str] = set()
    for source, mark, most in ((title, IN_TITLE, 40), (text, "", LEAD_WORDS)):
        # In a title like This One Here capitals say nothing.
        capitals = _capitals_tell(source)
        for number, found in enumerate(WORD.finditer(source)):
            if number == most:
                break
            term = _term(found[0], capitals=capitals and found.start() > 0)
            if term:
                terms.add(mark + term)
    return frozenset(sorted(terms, key=len, reverse=True)[:MOST_TERMS])


def _capitals_tell(source: str) -> bool:
    words = [word for word in WORD.findall(source)[:60] if word[0].isalpha() and len(word) > 3]
    return sum(word[0].isupper() for word in words) < 0.6 * len(words)


def _term(word: str, *, capitals: bool) -> str | None:
    folded = word.lower().replace("’", "'").removesuffix("'s")
    if folded in STOP_WORDS or (len(folded) < 3 and not folded.isdigit()):
        return None
    if folded[0].isdigit():
        return PARTICULAR + folded
    stem = _stem(folded)
    return PARTICULAR + stem if capitals and word[0].isupper() else stem


def _stem(word: str) -> str:
    """English endings cut off roughly, so that "recalls" and "recalled" agree."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 5 else word


def bare(term: str) -> str:
    """The word of a term, without its marks."""
    return term.lstrip(IN_TITLE + PARTICULAR)


@dataclass
class Neighbourhood:
    """The articles around, and how common each word is among them."""

    pieces: list[Piece] = field(default_factory=list[Piece])
    brand_words: frozenset[str] = frozenset()
    _frequency: Counter[str] = field(default_factory=Counter[str])
    _with_brand: dict[UUID, list[Piece]] = field(default_factory=dict[UUID, list[Piece]])

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._frequency.update(piece.words)
        for brand_id in piece.brand_ids:
            self._with_brand.setdefault(brand_id, []).append(piece)

    def rarity(self, word: str) -> float:
        """0 for a brand's own name, more the fewer of the articles around have the word."""
        if word in self.brand_words:
            return 0.0
        documents = max(len(self.pieces), FEW_DOCUMENTS)
        return math.log((documents + 1) / (self._frequency[word] + 0.5))

    def near(self, piece: Piece) -> Iterable[Piece]:
        """Articles with one of the piece's brands, at most three days away."""
        seen: set[UUID] = {piece.article_id}
        for brand_id in piece.brand_ids:
            for other in self._with_brand.get(brand_id, ()):
                if other.article_id in seen or abs(other.published_at - piece.published_at) > STORY_WINDOW:
                    continue
                seen.add(other.article_id)
                yield other

    def could_copy(self, piece: Piece, other: Piece, words: int) -> bool:
        """Whether that text of so many words may be shared by these two because one copies the other.

        A few words that name no brand tell nothing of any: a notice that one has to log in stands under any title.
        """
        if abs(other.published_at - piece.published_at) > WINDOW:
            return False
        if words >= FEW_WORDS or piece.text_names_it or piece.title == other.title:
            return True
        return containment(piece.title_words - self.brand_words, other.title_words - self.brand_words) >= ALIKE_FROM

    def similarity(self, one: Piece, other: Piece) -> float:
        """Cosine of the weighed words, less with time; 0 if too little that is rare is shared."""
        shared = one.words & other.words
        if sum(self.rarity(word) >= RARE_FROM for word in shared) < SHARED_RARE:
            return 0.0
        if sum(self.rarity(word) > 0 for word in one.particulars & other.particulars) < SHARED_PARTICULARS:
            return 0.0
        weights, others = self._weights(one), self._weights(other)
        product = sum(weights[word] * others[word] for word in shared)
        lengths = math.sqrt(sum(w * w for w in weights.values()) * sum(w * w for w in others.values()))
        apart = abs(one.published_at - other.published_at) / DECAY
        return product / lengths * math.exp(-apart / 2) if lengths else 0.0

    def _weights(self, piece: Piece) -> dict[str, float]:
        weights: dict[str, float] = {}
        for term in piece.terms:
            word = bare(term)
            factor = TITLE_WEIGHT if term.startswith(IN_TITLE) else 1.0
            factor *= PARTICULAR_WEIGHT if PARTICULAR in term[:2] else 1.0
            weights[word] = max(weights.get(word, 0.0), factor * self.rarity(word))
        return weights


def place_copy(
    piece: Piece, fingerprint: Fingerprint, around: Neighbourhood, candidates: Sequence[tuple[Piece, Fingerprint]]
) -> tuple[Piece, Copy] | None:
    """What the piece copies: of the earlier ones the one that it shares most with, of equals the earliest.

    If it is earlier than all of them, the one that was taken for the original until now. Where a person has parted copies of one
    text, the one that it is most like as a whole counts: a cut stands word for word in the full text and in another cut.
    """
    found: list[tuple[tuple[bool, bool, float, float, float], Piece, Copy]] = []
    parted = any(other.by_hand for other, _ in candidates)
    for other, theirs in candidates:
        if not around.could_copy(piece, other, min(len(fingerprint.words), len(theirs.words))):
            continue
        copy = compare(fingerprint, theirs, same_source=other.is_by_the_outlet_of(piece))
        if copy:
            later = other.published_at > piece.published_at
            shared = -max(copy.containment, copy.lead)
            alike = -resemblance(fingerprint.runs, theirs.runs) if parted else 0.0
            of_a_copy = later and other.reprint_of is not None
            found.append(((later, of_a_copy, alike, shared, other.published_at.timestamp()), other, copy))
    if not found:
        return None
    _, other, copy = min(found, key=lambda one: one[0])
    return other, copy


def place(
    piece: Piece,
    fingerprint: Fingerprint,
    around: Neighbourhood,
    same_text: Sequence[Piece],
    candidates: Sequence[tuple[Piece, Fingerprint]],
) -> Placement:
    """Where an article belongs: with the same text, with a near copy, with the same event, or on its own."""
    words = len(fingerprint.words)
    for other in sorted(same_text, key=lambda p: p.published_at):
        if other.article_id != piece.article_id and words >= RUN and around.could_copy(piece, other, words):
            return _copied(piece, other, Copy(1.0, 1.0, "update" if other.is_by_the_outlet_of(piece) else "reprint"))
    if copied := place_copy(piece, fingerprint, around, candidates):
        return _copied(piece, *copied)
    scored = [(around.similarity(piece, other), other) for other in around.near(piece)]
    best = max(scored, key=lambda one: (one[0], -one[1].published_at.timestamp()), default=None)
    if best and best[0] >= JOIN_FROM:
        return Placement(piece.article_id, best[1].article_id, "related", None, None)
    return Placement(piece.article_id, None, "original", None, None)


def _copied(piece: Piece, other: Piece, copy: Copy) -> Placement:
    containment = max(copy.containment, copy.lead)
    if piece.published_at < other.published_at:
        # It comes to us later but was written earlier: the other one is the copy (see `overtaken`).
        return Placement(piece.article_id, other.article_id, "original", None, containment)
    return Placement(piece.article_id, other.article_id, copy.kinship, other.article_id, containment)


def in_its_story(placement: Placement, *, at_home: bool, begun: bool) -> Placement:
    """The placement of an article that goes where a person put it: it copies only what is in the same story."""
    if at_home:
        return placement
    return Placement(placement.article_id, None, "original" if begun else "related", None, None)


def overtaken(placement: Placement, piece: Piece, other: Piece) -> bool:
    """Whether the article that was taken for the original is a copy of the one that came in later."""
    return (
        placement.joins == other.article_id
        and placement.containment is not None
        and placement.reprint_of is None
        and other.reprint_of is None
        and piece.published_at < other.published_at
    )


def words_of_brands(names: Mapping[UUID, Iterable[str]]) -> frozenset[str]:
    """All words of the brands' names as terms: sharing them says nothing about the event."""
    return frozenset(
        bare(term)
        for given in names.values()
        for name in given
        for word in WORD.findall(name)
        if (term := _term(word, capitals=False))
    )
