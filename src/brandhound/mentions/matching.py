"""Finds the brands named in a text, with their places, how sure each is, and why."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from brandhound.brands.names import BrandNames, NameKind
from brandhound.mentions.confidence import Reason, Sign, confidence_of, reasons_of
from brandhound.mentions.name_facts import BrandFacts, NameFacts, facts_of, plural_of
from brandhound.mentions.scanning import Hit, Scanner
from brandhound.mentions.weighing import Candidate, Field, Seen, Weighing
from brandhound.mentions.zones import ENOUGH_FOR_SUBJECT, SALIENCES, Salience

LEAST_CONFIDENCE = 0.02

# Marks that stand on the letter before them, soft hyphens and signs without width: a name is found without them.
_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
_MARKED = re.compile("(.)[\u0300-\u036f]+", re.DOTALL)


@dataclass(slots=True)
class Document:
    """A text to look through, with what is known of its article."""

    text: str
    title: str = ""
    url: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
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

    Safe to share between threads. 16,630 brands take about a second and 60 MB.
    """

    def __init__(self, brands: Sequence[BrandNames], *, ask_for_context: bool = True) -> None:
        """`ask_for_context`: a name that needs a context its brand cannot have is doubtful; else it is passed over."""
        self.brands = [brand.key for brand in brands]
        self._facts: list[BrandFacts] = [facts_of(brand) for brand in brands]
        self._names: list[NameFacts] = [name for facts in self._facts for name in facts.names]
        self._scanner = Scanner(self._written(ask_for_context))

    def _written(self, ask_for_context: bool) -> Iterator[tuple[str, int, bool]]:
        known = {name.folded for name in self._names}
        for number, name in enumerate(self._names):
            if name.lacks_context and not ask_for_context:
                continue
            yield name.text, number, name.case_sensitive
            if (plural := plural_of(name)) is not None and f"{name.folded}s" not in known:
                yield plural, number, True

    def find(self, text: str, title: str = "", url: str = "", links: Iterable[str] = ()) -> list[Match]:
        """Every place where a brand is named, in the order of the title, then of the text."""
        return self.find_all([Document(text, title, url, tuple(links))])[0]

    def find_all(self, documents: Sequence[Document]) -> list[list[Match]]:
        """The matches of each document; much faster than one by one for short texts."""
        plain = [
            document if document.text.isascii() and document.title.isascii() else _without_invisible(document)
            for document in documents
        ]
        found: list[list[Match]] = []
        for document, short, kept in zip(documents, plain, self.weigh_all(plain), strict=True):
            found.append(_restored(_matches_of(kept), document, short) if kept else [])
        return found

    def see_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """The bare places of names in each text, unweighed."""
        return [[(start, end) for start, end, _ in _longest_leftmost(hits)] for hits in self._scanner.scan(texts)]

    def weigh_all(self, documents: Sequence[Document]) -> list[list[Candidate]]:
        """The places of each document that may count, with the signs for and against each."""
        titled = [number for number, document in enumerate(documents) if document.title]
        hits = self._scanner.scan([document.text for document in documents])
        title_hits = self._scanner.scan([documents[one].title for one in titled]) if titled else []
        in_titles = dict(zip(titled, title_hits, strict=True))
        return [
            self._weigh(document, in_titles.get(number, []), in_text) if in_text or number in in_titles else []
            for number, (document, in_text) in enumerate(zip(documents, hits, strict=True))
        ]

    def _weigh(self, document: Document, in_title: list[Hit], in_text: list[Hit]) -> list[Candidate]:
        seen = [*self._named("title", in_title), *self._named("text", in_text)]
        if not document.url and len({name.brand.key for *_, name in seen}) == len(seen):
            # Nothing but another name of its brand could speak for these, and none is there.
            seen = [one for one in seen if not one[3].needs_company]
        return Weighing(document.text, document.title, document.url, document.links).weigh(seen) if seen else []

    def _named(self, field: Field, hits: list[Hit]) -> list[Seen]:
        return [(field, start, end, self._names[form.owner]) for start, end, form in _longest_leftmost(hits)]


def _matches_of(kept: list[Candidate]) -> list[Match]:
    plain: dict[str, int] = {}
    for one in kept:
        if one.place.zone in {"subject", "mentioned"}:
            plain[one.name.brand.key] = plain.get(one.name.brand.key, 0) + 1
    matches: list[Match] = []
    for one in kept:
        confidence = confidence_of(one.signs)
        if confidence < LEAST_CONFIDENCE:
            continue
        place, brand = one.place, one.name.brand.key
        salience = place.zone
        if salience == "mentioned" and plain[brand] >= ENOUGH_FOR_SUBJECT:
            salience = "subject"
        matches.append(
            Match(
                brand,
                place.start,
                place.end,
                place.surface,
                one.name.kind,
                place.field,
                place.sentence[0],
                place.sentence[1],
                salience,
                round(confidence, 4),
                tuple(one.signs),
            )
        )
    return matches


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
    kept: list[Hit] = []
    opened, closed = -1, 0
    seen: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        start, end, form = hit
        if start == opened and end == closed:
            if form.owner not in seen:
                seen.add(form.owner)
                kept.append(hit)
        elif start >= closed:
            opened, closed, seen = start, end, {form.owner}
            kept.append(hit)
    return kept


def _without_invisible(document: Document) -> Document:
    if not _INVISIBLE.search(document.text) and not _INVISIBLE.search(document.title):
        return document
    return replace(document, text=_visible(document.text), title=_visible(document.title))


def _visible(text: str) -> str:
    """Letters with their marks as one character each, and nothing that cannot be seen."""
    return _INVISIBLE.sub("", _MARKED.sub(_composed, text))


def _composed(found: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFC", found.group())
    return letter if len(letter) == 1 else found.group(1)


def _restored(matches: list[Match], document: Document, plain: Document) -> list[Match]:
    """The matches with the offsets they have among the invisible signs that were left out."""
    if plain is document:
        return matches
    texts = {"text": document.text, "title": document.title}
    places = {
        field: [at for at, character in enumerate(text) if not _INVISIBLE.match(character)]
        for field, text in texts.items()
    }

    def moved(match: Match) -> Match:
        at, text = places[match.field], texts[match.field]
        start, end = at[match.start], _after_marks(text, at[match.end - 1] + 1)
        return replace(
            match,
            start=start,
            end=end,
            surface=text[start:end],
            sentence_start=at[match.sentence_start],
            sentence_end=_after_marks(text, at[match.sentence_end - 1] + 1),
        )

    return [moved(match) for match in matches]


def _after_marks(text: str, end: int) -> int:
    while end < len(text) and _INVISIBLE.match(text[end]):
        end += 1
    return end


__all__ = ["BrandMention", "Candidate", "Document", "Match", "Matcher", "Reason", "find_mentions", "gather_mentions"]
