"""Finds the brands named in a text, with their places, how sure each is, and why."""

import gc
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import ge

from brandhound.brands.names import BrandNames
from brandhound.mentions.confidence import Reason
from brandhound.mentions.cues import CUES
from brandhound.mentions.name_facts import BrandFacts, NameFacts, facts_of, plural_of
from brandhound.mentions.places import Candidate, Field, Match, Seen, matches_of
from brandhound.mentions.plain_weighing import PlainTexts, weigh_plain
from brandhound.mentions.scanning import Scanner, Wanted
from brandhound.mentions.scripts import INVISIBLE_CHARACTER, visible
from brandhound.mentions.sightings import Seen as SeenInText
from brandhound.mentions.sightings import Sightings, Span, Spot, hiding, longest_leftmost
from brandhound.mentions.weighing import Weighing
from brandhound.mentions.written_names import Written, repeated_in, written
from brandhound.mentions.zones import SALIENCES, Salience

MANY_NAMES = 10_000
KNOWN_PLACES = 1 << 13
_NOTHING_SEEN = SeenInText()

_ARTICLE_BEFORE = re.compile(
    r"\b(?:an?|the|my|your|his|her|our|their|its|this|that|these|those|each|every)\s+$", re.IGNORECASE
)


@dataclass(slots=True)
class Document:
    """A text to look through, with what is known of its article."""

    text: str
    title: str = ""
    url: str = ""
    links: tuple[str, ...] = ()


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
        """The places as they are stored. That whose reasons are the mention's says so."""
        surest = max(self.evidence, key=lambda match: match.confidence)
        return [
            {
                "start": match.start,
                "end": match.end,
                "surface": match.surface,
                "sentence_start": match.sentence_start,
                "sentence_end": match.sentence_end,
                "field": match.field,
                **({"surest": True} if match is surest else {}),
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
        self._waiting = {at for at, name in enumerate(self._names) if name.needs_context and not name.lacks_context}
        self._may_be_small = any(name.may_be_small for name in self._names)
        cues = frozenset[str]().union(CUES, *{facts.category_words for facts in self._facts})
        self._scanner = Scanner(self._wanted(ask_for_context), cues)
        self._written: dict[tuple[str, tuple[int, ...]], Written] = {}
        if len(self._names) >= MANY_NAMES:
            # What is built lives long. The collector is told now, instead of in the middle of the texts, for 0.1 s.
            gc.collect()

    def _wanted(self, ask_for_context: bool) -> Iterator[Wanted]:
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
        found = self._find([document.text for document in documents], documents)
        return [found.get(number) or [] for number in range(len(documents))]

    def find_in(self, texts: Sequence[str]) -> dict[int, list[Match]]:
        """The matches of each text that has any, by its number: `find_all` for texts of which nothing else is known."""
        return self._find(texts, None)

    def see_all(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """The bare places of names in each text, unweighed; of each name there."""
        places: list[list[tuple[int, int]]] = [[] for _ in texts]
        sightings = self._scanner.scan(texts)
        for number, first, last in sightings.by_text():
            spots = longest_leftmost(sightings.spots(first, last))
            places[number] = [(start, end) for start, end, owners in spots for _ in owners]
        return places

    def weigh_all(self, documents: Sequence[Document]) -> list[list[Candidate]]:
        """The places of each document that may count, with the signs for and against each."""
        kept: list[list[Candidate]] = [[] for _ in documents]
        for number, in_title, in_text in self._seen(documents):
            kept[number] = self._weigh(documents[number], in_title, in_text)
        return kept

    def _find(self, texts: Sequence[str], documents: Sequence[Document] | None) -> dict[int, list[Match]]:
        hidden: set[int] = set()
        in_titles, sightings = self._look(texts, documents, hidden)
        plain, others = self._sorted_out(texts, documents, in_titles, sightings, hidden)
        found = weigh_plain(plain)
        if others:
            in_texts = sightings.seen(frozenset(others))
            for number in others:
                document = documents[number] if documents is not None else Document(texts[number])
                in_title, in_text = in_titles.get(number, _NOTHING_SEEN), in_texts.get(number, _NOTHING_SEEN)
                if matches := matches_of(self._weigh(document, in_title.spots, in_text)):
                    found[number] = matches
        if hidden:
            self._find_hidden(sorted(hidden), texts, documents, found)
        return found

    def _sorted_out(
        self,
        texts: Sequence[str],
        documents: Sequence[Document] | None,
        in_titles: Collection[int],
        sightings: Sightings,
        hidden: set[int],
    ) -> tuple[PlainTexts, list[int]]:
        """The texts where nothing but the text could speak for the names seen there, and the numbers of the others."""
        plain = PlainTexts(texts, sightings)
        others = [number for number in in_titles if number not in hidden]
        passed = hidden.union(in_titles)
        places = zip(sightings.numbers, sightings.starts, sightings.ends, strict=True)
        surfaces = [texts[number][start:end] for number, start, end in places]
        known = self._written
        names = [known.get(key) or self._write(*key) for key in zip(surfaces, sightings.owners, strict=True)]
        alone: list[int] = []
        for number, first, last in sightings.by_text():
            if number in passed:
                continue
            if documents is not None and documents[number].url:
                others.append(number)
            elif last - first == 1:
                name = names[first]
                if not name.is_plain:
                    others.append(number)
                elif name.alike:
                    alone.append(first)
            else:
                spots = sightings.spots(first, last)
                if all(map(ge, sightings.starts[first + 1 : last], sightings.ends[first : last - 1])):
                    are_plain = self._are_plain(plain, number, spots, surfaces[first:last], names[first:last])
                else:
                    kept = longest_leftmost(spots)
                    are_plain = not hiding(spots, kept, self._waiting) and self._are_plain(plain, number, kept)
                if not are_plain:
                    others.append(number)
        plain.numbers += [sightings.numbers[at] for at in alone]
        plain.starts += [sightings.starts[at] for at in alone]
        plain.ends += [sightings.ends[at] for at in alone]
        plain.surfaces += [surfaces[at] for at in alone]
        plain.names += [names[at] for at in alone]
        return plain, others

    def _find_hidden(
        self,
        numbers: list[int],
        texts: Sequence[str],
        documents: Sequence[Document] | None,
        found: dict[int, list[Match]],
    ) -> None:
        """Adds what is found where invisible characters stand."""
        shown = [documents[number] if documents is not None else Document(texts[number]) for number in numbers]
        plain = [_without_invisible(document) for document in shown]
        for at, matches in self._find_visible(plain):
            found[numbers[at]] = _restored(matches, shown[at], plain[at])

    def _find_visible(self, documents: Sequence[Document]) -> Iterator[tuple[int, list[Match]]]:
        for number, in_title, in_text in self._seen(documents):
            yield number, matches_of(self._weigh(documents[number], in_title, in_text))

    def _are_plain(
        self,
        plain: PlainTexts,
        number: int,
        spots: list[Spot],
        surfaces: Sequence[str] = (),
        names: Sequence[Written] = (),
    ) -> bool:
        """Whether nothing but the text could speak for several names seen there; if so, they are added to the plain ones.

        They do not overlap. What is written there is looked up if it is not told.
        """
        if not names:
            text, known = plain.texts[number], self._written
            surfaces = [text[start:end] for start, end, _ in spots]
            owners = [spot[2] for spot in spots]
            names = [known.get(key) or self._write(*key) for key in zip(surfaces, owners, strict=True)]
        for name in names:
            if not name.is_plain:
                return False
        repeated = repeated_in(names)
        if repeated is None:
            return False
        if repeated:
            plain.repeated[number] = repeated
        for (start, end, _), surface, name in zip(spots, surfaces, names, strict=True):
            if name.alike:
                plain.numbers.append(number)
                plain.starts.append(start)
                plain.ends.append(end)
                plain.surfaces.append(surface)
                plain.names.append(name)
        return True

    def _write(self, surface: str, owners: tuple[int, ...]) -> Written:
        if len(self._written) >= KNOWN_PLACES:
            self._written.clear()
        known = self._written[surface, owners] = written(surface, [self._names[owner] for owner in owners])
        return known

    def _look(
        self, texts: Sequence[str], documents: Sequence[Document] | None, hidden: set[int] | None = None
    ) -> tuple[dict[int, SeenInText], Sightings]:
        """What is seen in the title of each document where anything is, by their numbers; and in the texts.

        Those with invisible characters are added to `hidden`.
        """
        awaited: list[int] = []
        in_titles: dict[int, SeenInText] = {}
        if documents is not None:
            # The title may name a brand for the text, the address may for both.
            titles = [document.title for document in documents]
            awaited = [number for number, document in enumerate(documents) if document.title or document.url]
            if any(titles):
                in_titles = self._scanner.scan(titles, None, hidden).seen()
        return in_titles, self._scanner.scan(texts, awaited, hidden)

    def _seen(self, documents: Sequence[Document]) -> Iterator[tuple[int, list[Spot], SeenInText]]:
        """What is seen in the title and the text of each document where anything is, in order, by their numbers."""
        in_titles, sightings = self._look([document.text for document in documents], documents)
        in_texts = sightings.seen()
        for number in sorted(in_texts.keys() | in_titles.keys()):
            yield number, in_titles.get(number, _NOTHING_SEEN).spots, in_texts.get(number, _NOTHING_SEEN)

    def _weigh(self, document: Document, in_title: list[Spot], in_text: SeenInText) -> list[Candidate]:
        title, text = longest_leftmost(in_title), longest_leftmost(in_text.spots)
        kept = self._weigh_spots(document, title, text, in_text.cues)
        in_titles, in_texts = hiding(in_title, title, self._waiting), hiding(in_text.spots, text, self._waiting)
        if not in_titles and not in_texts:
            return kept
        # A longer name that does not count, for want of its context, hides none that it stands over.
        for place, *_ in kept:
            (in_titles if place.field == "title" else in_texts).discard((place.start, place.end))
        if not in_titles and not in_texts:
            return kept
        others = [spot for spot in in_text.spots if spot[:2] not in in_texts]
        return self._weigh(
            document, [spot for spot in in_title if spot[:2] not in in_titles], SeenInText(others, in_text.cues)
        )

    def _weigh_spots(
        self, document: Document, title: list[Spot], text: list[Spot], cues: list[Span]
    ) -> list[Candidate]:
        seen = self._named("text", text)
        if title:
            seen = self._named("title", title) + seen
        if self._may_be_small and not (seen := _capitals_first(seen, document)):
            return []
        weighing = Weighing(document.text, document.title, document.url, document.links, cues)
        if document.url or (len(seen) > 1 and len({one[3].brand.key for one in seen}) < len(seen)):
            return weighing.weigh(seen)
        # Nothing but another name of its brand could speak for these, and none is there.
        return weighing.weigh([one for one in seen if not one[3].needs_company])

    def _named(self, field: Field, spots: list[Spot]) -> list[Seen]:
        names = self._names
        return [(field, start, end, names[owner]) for start, end, owners in spots for owner in owners]


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


def _without_invisible(document: Document) -> Document:
    return replace(document, text=visible(document.text), title=visible(document.title))


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
