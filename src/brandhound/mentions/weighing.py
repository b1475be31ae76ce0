"""What speaks for and against a name meaning its brand, seen in the article around it."""

import re
from collections.abc import Iterable, Sequence

from brandhound.brands.folding import fold
from brandhound.brands.words import commonness
from brandhound.mentions.addresses import dashed, points_to, slug_of
from brandhound.mentions.as_written import capitals_sign, is_made_sure, signs_beside, small_sign
from brandhound.mentions.confidence import SIGNS, Sign, odds_of
from brandhound.mentions.cues import TICKER_BEFORE, WORD, word_at
from brandhound.mentions.name_facts import BrandFacts, NameFacts
from brandhound.mentions.places import Candidate, Field, Place, Seen
from brandhound.mentions.sentences import Sentences
from brandhound.mentions.surroundings import Surroundings, surroundings_of
from brandhound.mentions.zones import Zones

# Where a name that lacks its context lands, in log-odds: between .45 and .70, so that a person is asked.
LEAST_ASKED, MOST_UNASKED = -0.2, 0.85
NEAR_SENTENCES = 2
BEGINS, BEGINS_AND_ACTS, BOILERPLATE = Sign("sentence_start"), Sign("sentence_start", 0.6), Sign("boilerplate")
ACTING = frozenset(("acts", "verb_after", "possessive"))
_SAME_SENSE, _IN_TITLE = Sign("same_sense"), Sign("in_title")
REFUTING = frozenset(
    (
        "lower_case",
        "small_letters",
        "phrase",
        "verb_use",
        "noun_after",
        "person",
        "article",
        "inside_address",
        "namesake",
        "boilerplate",
    )
)


class Weighing:
    """One article while its candidates are weighed. What costs something is looked up once, when first asked for."""

    __slots__ = (
        "_addresses",
        "_cue_words",
        "_cued",
        "_cues",
        "_folded",
        "_links",
        "_places",
        "_sentences",
        "_stands",
        "_text",
        "_title",
        "_title_sentences",
        "_url",
        "_zones",
    )

    def __init__(self, text: str, title: str, url: str, links: Sequence[str], cues: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._title = title
        self._url = url
        self._links = links
        self._cues = cues
        self._cue_words: list[tuple[int, str]] | None = None
        self._cued: set[str] | None = None
        self._sentences: Sentences | None = None
        self._title_sentences: Sentences | None = None
        self._zones: Zones | None = None
        self._folded: dict[str, str] | None = None
        self._addresses: str | None = None
        self._places: dict[tuple[str, int], Place] = {}
        self._stands: dict[str, bool] = {}

    def weigh(self, seen: Sequence[Seen]) -> list[Candidate]:
        """The names that may count where they were seen, in the order given, each with its signs."""
        by_brand: dict[str, list[Seen]] = {}
        for one in seen:
            field_, start, end, name = one
            brand = name.brand
            if not name.is_simple:
                if name.kind == "ticker" and self._ticker_sign(field_, start, end, name) is None:
                    continue
                if brand.namesakes is not None and self._is_namesake(field_, start, end, brand.namesakes):
                    continue
            if brand.key in by_brand:
                by_brand[brand.key].append(one)
            else:
                by_brand[brand.key] = [one]
        kept: list[Candidate] = []
        for found in by_brand.values():
            if len(found) > 1 or self._url or not found[0][3].brand.is_plain:
                kept += self._weigh_brand(found)
            elif not found[0][3].needs_company:
                kept.append(self._weigh_alone(found[0]))
        if len(by_brand) > 1:
            kept.sort(key=lambda one: (one.place.field == "text", one.place.start))
        return kept

    def _weigh_alone(self, seen: Seen) -> Candidate:
        """The only place of a brand that has nothing but names."""
        field_, start, end, name = seen
        place = self._places.get((field_, start))
        if place is None or place.end != end:
            place = self._look_around(field_, start, end)
        if name.is_ambiguous or name.lacks_context or name.kind == "ticker":
            signs, is_sure = self._weigh_name(place, name, has_support=False)
            if name.lacks_context and not is_sure:
                signs.append(question(place.surface, signs))
            return Candidate(place, name, signs, is_sure)
        return Candidate(place, name, self._own_signs(place, name), place.is_sure)

    def _weigh_brand(self, seen: list[Seen]) -> list[Candidate]:
        support = self._support_of(seen[0][3].brand, seen)
        found: list[tuple[Place, NameFacts, list[Sign], bool]] = []
        for field_, start, end, name in seen:
            if support or name.lacks_context or not name.needs_context:
                place = self._place(field_, start, end)
                found.append((place, name, *self._weigh_name(place, name, has_support=bool(support))))
        return supported(found, support)

    def _weigh_name(self, place: Place, name: NameFacts, *, has_support: bool) -> tuple[list[Sign], bool]:
        signs, is_sure = [*self._own_signs(place, name)], place.is_sure
        if name.kind == "ticker" and (sign := self._ticker_sign(place.field, place.start, place.end, name)) is not None:
            signs.append(sign)
            is_sure = sign.code == "ticker"
        if name.is_ambiguous:
            is_sure = self._weigh_surroundings(place, name, signs, is_sure=is_sure, has_support=has_support)
        return signs, is_sure

    def _own_signs(self, place: Place, name: NameFacts) -> tuple[Sign, ...]:
        """What the name itself says, how it is written, and where."""
        if place.own_text != name.text or place.own_kind != name.kind or place.own_case != name.case_sensitive:
            place.own_text, place.own_kind, place.own_case = name.text, name.kind, name.case_sensitive
            form = self._form_sign(place, name) if place.surface != name.text else None
            if form is not None:
                place.own = (*name.signs, *place.signs, form)
            elif place.signs:
                place.own = (*name.signs, *place.signs)
            else:
                place.own = name.signs
        return place.own

    def _support_of(self, brand: BrandFacts, seen: list[Seen]) -> list[Sign]:
        """What the whole article has for the brand."""
        signs: list[Sign] = []
        if brand.domains or brand.handles:
            addresses = self._all_addresses()
            own = [domain for domain in brand.domains if points_to(addresses, domain)]
            own += [handle for handle in brand.handles if handle in addresses]
            if own:
                # Where the domain itself is the name that was found, it has said so already.
                is_name = all(name.kind in {"domain", "handle"} for *_, name in seen)
                signs.append(Sign("own_domain", 0.0 if is_name else 1.0, own[0]))
        if len(seen) > 1 and len(brand.names) > 1:
            signs += other_names((self._whole(field_)[start:end], name) for field_, start, end, name in seen)
        if brand.context is not None:
            for field_ in ("text", "title"):
                if word := brand.context.search(self._fold(field_)):
                    signs.append(Sign("context_article", 1.0, self._whole(field_)[word.start() : word.end()]))
                    break
        if self._url and (slug := slug_of(self._url)):
            for *_, name in seen:
                if len(name.folded) > 3 and f"-{dashed(name.folded)}-" in slug:
                    signs.append(Sign("in_address"))
                    break
        return signs

    def _place(self, field_: Field, start: int, end: int) -> Place:
        known = self._places.get((field_, start))
        return known if known is not None and known.end == end else self._look_around(field_, start, end)

    def _look_around(self, field_: Field, start: int, end: int) -> Place:
        text = self._text if field_ == "text" else self._title
        signs: list[Sign] = []
        place = self._places[field_, start] = Place(field_, start, end, text[start:end], (start, end), signs)
        if field_ == "title":
            place.sentence, place.zone = (0, len(text)), "title"
            signs.append(_IN_TITLE)
        else:
            number, place.sentence = self._sentences_of("text").numbered(start, end)
            zones = self._zones
            if zones is None:
                zones = self._zones = Zones(text)
            place.zone = zone = zones.zone_of(start, end, number, place.sentence)
            if zone == "boilerplate":
                signs.append(BOILERPLATE)
        beside = signs_beside(text, start, end)
        place.is_sure = is_made_sure(beside)
        signs += beside
        return place

    def _form_sign(self, place: Place, name: NameFacts) -> Sign | None:
        if (small := small_sign(place.surface, name)) is not None:
            return small
        if name.kind in {"domain", "handle"} or not place.surface.isupper() or name.text.isupper():
            return None
        return capitals_sign(self._whole(place.field), place.start, place.end)

    def _weigh_surroundings(
        self, place: Place, name: NameFacts, signs: list[Sign], *, is_sure: bool, has_support: bool
    ) -> bool:
        """Adds the signs that only an ambiguous name needs; whether they make it sure."""
        around = place.surroundings
        if around is None:
            around = place.surroundings = self._surroundings(place)
        signs += around.signs
        is_common, brand = name.is_common, name.brand
        if is_common and around.opens_sentence and not self._is_before_capital(place):
            acts = any(sign.code in ACTING for sign in around.signs)
            signs.append(BEGINS_AND_ACTS if acts else BEGINS)
        if brand.category_words and (fits := self._words_near(place, brand.category_words)):
            fits.discard(name.folded)
            if fits:
                signs.append(Sign("category", min(len(fits), 4) ** 0.5, min(fits)))
        if brand.context is not None or brand.namesakes is not None:
            is_sure = self._weigh_phrases(place, brand, signs, is_sure=is_sure, has_support=has_support)
        if is_common and self._stands_alone(name.folded) and not place.surface.islower():
            signs.append(Sign("other_sense", 1.0, name.folded))
        return is_sure

    def _stands_alone(self, word: str) -> bool:
        """Whether the text has the word as it is, between blanks. Looked for once."""
        if word not in self._stands:
            self._stands[word] = f" {word} " in self._text
        return self._stands[word]

    def _is_before_capital(self, place: Place) -> bool:
        return self._whole(place.field)[place.end + 1 : place.end + 2].isupper()

    def _weigh_phrases(
        self, place: Place, brand: BrandFacts, signs: list[Sign], *, is_sure: bool, has_support: bool
    ) -> bool:
        text, folded = self._whole(place.field), self._fold(place.field)
        window = self._sentences_of(place.field).window(place.start, place.end, NEAR_SENTENCES)
        if brand.context is not None:
            if near := brand.context.search(folded, *window):
                signs.append(Sign("context_near", 1.0, text[near.start() : near.end()]))
                is_sure = True
            elif not has_support:
                signs.append(Sign("no_context"))
        if brand.namesakes is not None and not is_sure and (other := brand.namesakes.search(folded, *window)):
            signs.append(Sign("namesake", 1.0, text[other.start() : other.end()]))
        return is_sure

    def _surroundings(self, place: Place) -> Surroundings:
        text = self._whole(place.field)
        around = surroundings_of(
            text, place.start, place.end, place.sentence, self._words_in(place.field, *place.sentence)
        )
        if place.is_sure:
            return Surroundings(without_longer_name(around.signs), around.opens_sentence)
        return around

    def _ticker_sign(self, field_: Field, start: int, end: int, name: NameFacts) -> Sign | None:
        """A ticker counts with its exchange or a dollar sign; alone only if it is long enough to be nothing else."""
        text = self._whole(field_)
        surface = text[start:end]
        if TICKER_BEFORE.search(text, max(start - 20, 0), start):
            return Sign("ticker", 1.0, surface)
        if len(surface) < 3 or surface != name.text or commonness(name.folded):
            return None
        return Sign("bare_ticker", 1.0, surface)

    def _is_namesake(self, field_: Field, start: int, end: int, phrases: re.Pattern[str]) -> bool:
        """Whether the name stands inside one of the phrases that are not the brand."""
        folded = self._fold(field_)
        return any(
            found.start() <= start and end <= found.end()
            for found in phrases.finditer(folded, max(start - 80, 0), min(end + 80, len(folded)))
        )

    def _sentences_of(self, field_: Field) -> Sentences:
        if field_ == "title":
            if self._title_sentences is None:
                self._title_sentences = Sentences(self._title)
            return self._title_sentences
        if self._sentences is None:
            self._sentences = Sentences(self._text)
        return self._sentences

    def _fold(self, field_: str) -> str:
        if self._folded is None:
            self._folded = {}
        known = self._folded.get(field_)
        if known is None:
            known = self._folded[field_] = fold(self._whole(field_))
        return known

    def _whole(self, field_: str) -> str:
        return self._text if field_ == "text" else self._title

    def _words_near(self, place: Place, wanted: frozenset[str]) -> set[str]:
        """Those of the words that stand in the sentences around."""
        if place.field == "text":
            if self._cued is None:
                self._cued = {word for _, word in self._all_cues()}
            if wanted.isdisjoint(self._cued):
                return set()
        window = self._sentences_of(place.field).window(place.start, place.end, NEAR_SENTENCES)
        return set(wanted.intersection(self._words_in(place.field, *window)))

    def _words_in(self, field_: Field, start: int, end: int) -> list[str]:
        """The words between two offsets, in lower case; of the text those that may be cues."""
        if field_ == "title":
            return WORD.findall(self._whole(field_)[start:end].lower())
        if not self._cues:
            return []
        return [word for at, word in self._all_cues() if start <= at < end]

    def _all_cues(self) -> list[tuple[int, str]]:
        """The words of the text that may be cues, with their places."""
        if self._cue_words is None:
            text = self._text
            self._cue_words = [(start, word_at(text, start, end)) for start, end in self._cues]
        return self._cue_words

    def _all_addresses(self) -> str:
        if self._addresses is None:
            self._addresses = "\n".join((self._url, *self._links, self._text)).lower()
        return self._addresses


def other_names(seen: Iterable[tuple[str, NameFacts]]) -> list[Sign]:
    """What clear names of a brand, as they are written, say for each other."""
    clear = {
        name.folded: surface
        for surface, name in seen
        if not name.is_ambiguous and name.kind not in {"domain", "handle"}
    }
    return [Sign("other_name", 1.0, surface) for surface in list(clear.values())[:2]]


def supported(found: Sequence[tuple[Place, NameFacts, list[Sign], bool]], support: Sequence[Sign]) -> list[Candidate]:
    """All places of one brand, with what the article and each of them say for the others."""
    if support:
        for _, name, signs, _ in found:
            signs.extend(sign for sign in support if sign.code != "other_name" or fold(sign.about) != name.folded)
    if len(found) > 1 and any(is_sure or not name.is_ambiguous for _, name, _, is_sure in found):
        for _, name, signs, is_sure in found:
            if name.is_ambiguous and not is_sure:
                signs.append(_SAME_SENSE)
    for place, name, signs, is_sure in found:
        if name.lacks_context and not is_sure:
            signs.append(question(place.surface, signs))
    return [Candidate(*one) for one in found]


def without_longer_name(signs: list[Sign]) -> list[Sign]:
    """The signs around a sure place: “Visa Inc.” and “Orange SA” are followed by capitals that belong to them."""
    return [sign for sign in signs if sign.code not in {"capital_after", "person"}]


def question(surface: str, signs: list[Sign]) -> Sign:
    """Puts the name to a person: as doubtful as it should be, unless its sentence already speaks against it."""
    odds = odds_of(signs)
    is_refuted = any(sign.code in REFUTING for sign in signs)
    wanted = min(odds, MOST_UNASKED) if is_refuted else max(LEAST_ASKED, min(odds, MOST_UNASKED))
    return Sign("asks_context", (wanted - odds) / SIGNS["asks_context"].weight, surface)
