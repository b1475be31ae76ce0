"""Finds the brands named in a text, with their places, how sure each is, and why."""

import gc
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple

from brandhound.brands.names import BrandNames, NameKind
from brandhound.mentions.confidence import Reason, Sign, confidence_of, reasons_of
from brandhound.mentions.cues import CUES
from brandhound.mentions.name_facts import BrandFacts, NameFacts, facts_of, plural_of
from brandhound.mentions.name_forms import Hit
from brandhound.mentions.places import Candidate, Field, Seen
from brandhound.mentions.scanning import Scanner, Wanted
from brandhound.mentions.scanning import Seen as SeenInText
from brandhound.mentions.scripts import INVISIBLE_CHARACTER
from brandhound.mentions.weighing import Weighing
from brandhound.mentions.zones import ENOUGH_FOR_SUBJECT, SALIENCES, Salience

LEAST_CONFIDENCE = 0.02
MANY_NAMES = 10_000
_NOTHING_SEEN = SeenInText()
_START = itemgetter(0)

_ARTICLE_BEFORE = re.compile(
    r"\b(?:an?|the|my|your|his|her|our|their|its|this|that|these|those|each|every)\s+$", re.IGNORECASE
)
_MARKED = re.compile("(.)[\u0300-\u036f]+", re.DOTALL)


@dataclass(slots=True)
class Document:
    """A text to look through, with what is known of its article."""

    text: str
    title: str = ""
    url: str = ""
    links: tuple[str, ...] = ()


class Match(NamedTuple):
    """One place where a brand is named: `(title if field == "title" else text)[start:end] == surface`."""

    brand: str
    start: int
    end: int
    surface: str
    name_kind: NameKind
    field: Field
    sentence_start: int
    sentence_end: int
    salience: Salience
    confidence: float
    signs: tuple[Sign, ...]

    @property
    def reasons(self) -> list[Reason]:
        """Why it is as sure as that, the weightiest first."""
        return reasons_of(self.signs)


@dataclass(frozen=True, slots=True)
class BrandMention:
    """What an article has of one brand: the best of its places, and all of them as evidence."""

    brand: str
    confidence: float
    salience: Salience
    reasons: list[Reason]
    evidence: tuple[Match, ...]

    @property
    def is_small(self) -> bool:
        """Whether it is nowhere written with the capital that its name needs."""
        return all(any(sign.code == "small_letters" for sign in match.signs) for match in self.evidence)

    def evidence_as_json(self) -> list[dict[str, object]]:
        """The places as they are stored."""
        return [
            {
                "start": match.start,
                "end": match.end,
                "surface": match.surface,
                "sentence_start": match.sentence_start,
                "sentence_end": match.sentence_end,
                "field": match.field,
            }
            for match in self.evidence
        ]

    def reasons_as_json(self) -> list[dict[str, object]]:
        """The reasons as they are stored."""
        return [reason.as_json() for reason in self.reasons]


class Matcher:
    """Built once from all names of all brands; then finds them in any number of texts.

    Safe to share between threads. 16,630 brands take about two seconds and 60 MB.
    """

    def __init__(self, brands: Sequence[BrandNames], *, ask_for_context: bool = True) -> None:
        """`ask_for_context`: a name that needs a context its brand cannot have is doubtful; else it is passed over."""
        self.brands = [brand.key for brand in brands]
        self._facts: list[BrandFacts] = [facts_of(brand) for brand in brands]
        self._names: list[NameFacts] = [name for facts in self._facts for name in facts.names]
        self._may_be_small = any(name.may_be_small for name in self._names)
        cues = frozenset[str]().union(CUES, *{facts.category_words for facts in self._facts})
        self._scanner = Scanner(self._written(ask_for_context), cues)
        if len(self._names) >= MANY_NAMES:
            # What is built lives long. The collector is told now, instead of in the middle of the texts, for 0.1 s.
            gc.collect()

    def _written(self, ask_for_context: bool) -> Iterator[Wanted]:
        known = {name.folded for name in self._names}
        for number, name in enumerate(self._names):
            if name.lacks_context and not ask_for_context:
                continue
            needs_case = name.case_sensitive and not name.may_be_small
            yield Wanted(name.text, number, needs_case, name.pull, name.is_ambiguous)
            if (plural := plural_of(name)) is not None and f"{name.folded}s" not in known:
                yield Wanted(plural, number, True, name.pull, name.is_ambiguous)

    def find(self, text: str, title: str = "", url: str = "", links: Iterable[str] = ()) -> list[Match]:
        """Every place where a brand is named, in the order of the title, then of the text."""
        return self.find_all([Document(text, title, url, tuple(links))])[0]

    def find_all(self, documents: Sequence[Document]) -> list[list[Match]]:
        """The matches of each document; much faster than one by one for short texts."""
        found: list[list[Match]] = [[] for _ in documents]
        hidden: set[int] = set()
        for number, kept in self._weighed(documents, hidden):
            found[number] = _matches_of(kept)
        if hidden:
            again = sorted(hidden)
            plain = [_without_invisible(documents[number]) for number in again]
            for at, kept in self._weighed(plain):
                number = again[at]
                found[number] = _restored(_matches_of(kept), documents[number], plain[at])
        return found

    def see_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """The bare places of names in each text, unweighed."""
        places: list[list[tuple[int, int]]] = [[] for _ in texts]
        for number, seen in self._scanner.scan(texts).items():
            places[number] = [(start, end) for start, end, _ in _longest_leftmost(seen.hits)]
        return places

    def weigh_all(self, documents: Sequence[Document]) -> list[list[Candidate]]:
        """The places of each document that may count, with the signs for and against each."""
        kept: list[list[Candidate]] = [[] for _ in documents]
        for number, found in self._weighed(documents):
            kept[number] = found
        return kept

    def _weighed(
        self, documents: Sequence[Document], hidden: set[int] | None = None
    ) -> Iterator[tuple[int, list[Candidate]]]:
        """The documents with places that may count, by their numbers. Those with invisible characters only go to `hidden`."""
        titles = [document.title for document in documents]
        addresses = [document.url for document in documents]
        # The title may name a brand for the text, the address may for both.
        awaited: list[int] = []
        if any(titles) or any(addresses):
            awaited = [number for number, both in enumerate(zip(titles, addresses, strict=True)) if any(both)]
        in_titles = self._scanner.scan(titles, None, hidden) if any(titles) else {}
        in_texts = self._scanner.scan([document.text for document in documents], awaited, hidden)
        for number in sorted(in_texts.keys() | in_titles.keys()):
            if hidden and number in hidden:
                continue
            in_title, in_text = in_titles.get(number, _NOTHING_SEEN), in_texts.get(number, _NOTHING_SEEN)
            if found := self._weigh(documents[number], in_title.hits, in_text):
                yield number, found

    def _weigh(self, document: Document, in_title: list[Hit], in_text: SeenInText) -> list[Candidate]:
        seen = self._named("text", in_text.hits)
        if in_title:
            seen = self._named("title", in_title) + seen
        if self._may_be_small and not (seen := _capitals_first(seen, document)):
            return []
        weighing = Weighing(document.text, document.title, document.url, document.links, in_text.cues)
        if document.url or (len(seen) > 1 and len({one[3].brand.key for one in seen}) < len(seen)):
            return weighing.weigh(seen)
        # Nothing but another name of its brand could speak for these, and none is there.
        seen = [one for one in seen if not one[3].needs_company]
        for one in seen:
            if not one[3].is_simple:
                return weighing.weigh(seen)
        return weighing.weigh_simple(seen)

    def _named(self, field: Field, hits: list[Hit]) -> list[Seen]:
        names = self._names
        if len(hits) > 1:
            hits = _longest_leftmost(hits)
        return [(field, start, end, names[form.owner]) for start, end, form in hits]


def _capitals_first(seen: list[Seen], document: Document) -> list[Seen]:
    """The places without those in small letters that are the bare word, or of brands that are named otherwise too.

    “The apple” is a word, whoever writes it; and who writes “Apple” elsewhere knows capitals.
    """
    small = [_is_small(one, document) for one in seen]
    if not any(small):
        return seen
    otherwise = {name.brand.key for (*_, name), is_it in zip(seen, small, strict=True) if not is_it}
    return [
        one
        for one, is_it in zip(seen, small, strict=True)
        if not is_it or (one[3].brand.key not in otherwise and not _has_an_article(one, document))
    ]


def _is_small(one: Seen, document: Document) -> bool:
    field, start, end, name = one
    return name.may_be_small and (document.title if field == "title" else document.text)[start:end].islower()


def _has_an_article(one: Seen, document: Document) -> bool:
    field, start, *_ = one
    text = document.title if field == "title" else document.text
    return _ARTICLE_BEFORE.search(text, max(start - 8, 0), start) is not None


def _matches_of(kept: list[Candidate]) -> list[Match]:
    subjects = _often_named(kept) if len(kept) >= ENOUGH_FOR_SUBJECT else ()
    matches: list[Match] = []
    known: Sequence[Sign] | None = None
    confidence = 0.0
    for place, name, signs, _ in kept:
        # Brands of one name at one place share their signs.
        if signs is not known:
            known, confidence = signs, confidence_of(signs)
        if confidence < LEAST_CONFIDENCE:
            continue
        brand, salience = name.brand.key, place.zone
        if salience == "mentioned" and brand in subjects:
            salience = "subject"
        opens, closes = place.sentence
        matches.append(
            Match(
                brand,
                place.start,
                place.end,
                place.surface,
                name.kind,
                place.field,
                opens,
                closes,
                salience,
                round(confidence, 4),
                tuple(signs),
            )
        )
    return matches


def _often_named(kept: list[Candidate]) -> set[str]:
    """The brands that the text itself names several times."""
    times = Counter(one.name.brand.key for one in kept if one.place.zone in {"subject", "mentioned"})
    return {brand for brand, count in times.items() if count >= ENOUGH_FOR_SUBJECT}


def find_mentions(text: str, title: str, url: str, matcher: Matcher, links: Iterable[str] = ()) -> list[BrandMention]:
    """One mention for each brand named in the article, the surest first."""
    return gather_mentions(matcher.find(text, title, url, links))


def gather_mentions(matches: Iterable[Match]) -> list[BrandMention]:
    """The matches of one article put together by brand, the surest brand first."""
    by_brand: dict[str, list[Match]] = {}
    for match in matches:
        by_brand.setdefault(match.brand, []).append(match)
    mentions = [_gathered(brand, found) for brand, found in by_brand.items()]
    return sorted(mentions, key=lambda mention: (-mention.confidence, SALIENCES.index(mention.salience)))


def _gathered(brand: str, matches: list[Match]) -> BrandMention:
    surest = max(matches, key=lambda match: match.confidence)
    # One clear place is enough. Places of one article share their mistakes, so more of them add no certainty here.
    likely = [match for match in matches if match.confidence >= surest.confidence / 2]
    return BrandMention(
        brand=brand,
        confidence=surest.confidence,
        salience=SALIENCES[min(SALIENCES.index(match.salience) for match in likely)],
        reasons=surest.reasons,
        evidence=tuple(matches),
    )


def _longest_leftmost(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits the one that begins first, of those the longest; several brands may share that place."""
    if len(hits) < 2:
        return hits
    return _leftmost(sorted(hits, key=_START)) or _leftmost(sorted(hits, key=_from_left))


def _leftmost(hits: list[Hit]) -> list[Hit]:
    """Of sorted hits those that are not covered by one before; none if a longer one comes after a shorter one."""
    kept: list[Hit] = []
    opened, closed = -1, 0
    seen: set[int] = set()
    for hit in hits:
        start, end, form = hit
        if start == opened:
            if end > closed:
                return []
            if end == closed and form.owner not in seen:
                seen.add(form.owner)
                kept.append(hit)
        elif start >= closed:
            opened, closed, seen = start, end, {form.owner}
            kept.append(hit)
    return kept


def _from_left(hit: Hit) -> tuple[int, int]:
    return hit[0], -hit[1]


def _without_invisible(document: Document) -> Document:
    return replace(document, text=_visible(document.text), title=_visible(document.title))


def _visible(text: str) -> str:
    """Letters with their marks as one character each, and nothing that cannot be seen."""
    return INVISIBLE_CHARACTER.sub("", _MARKED.sub(_composed, text))


def _composed(found: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFC", found.group())
    return letter if len(letter) == 1 else found.group(1)


def _restored(matches: list[Match], document: Document, plain: Document) -> list[Match]:
    """The matches with the offsets they have among the invisible signs that were left out."""
    texts = {"text": document.text, "title": document.title}
    places = {
        field: [at for at, character in enumerate(text) if not INVISIBLE_CHARACTER.match(character)]
        for field, text in texts.items()
    }

    def moved(match: Match) -> Match:
        at, text = places[match.field], texts[match.field]
        start, end = at[match.start], _after_marks(text, at[match.end - 1] + 1)
        return match._replace(
            start=start,
            end=end,
            surface=text[start:end],
            sentence_start=at[match.sentence_start],
            sentence_end=_after_marks(text, at[match.sentence_end - 1] + 1),
        )

    return [moved(match) for match in matches]


def _after_marks(text: str, end: int) -> int:
    while end < len(text) and INVISIBLE_CHARACTER.match(text[end]):
        end += 1
    return end


__all__ = ["BrandMention", "Candidate", "Document", "Match", "Matcher", "Reason", "find_mentions", "gather_mentions"]
