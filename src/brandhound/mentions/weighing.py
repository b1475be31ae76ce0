"""What speaks for and against a name meaning its brand, seen in the article around it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from brandhound.brands.folding import fold
from brandhound.brands.words import commonness
from brandhound.mentions.confidence import SIGNS, Sign, odds_of
from brandhound.mentions.cues import LEGAL_FORM, TICKER_AFTER, TICKER_BEFORE, WORD
from brandhound.mentions.name_facts import BrandFacts, NameFacts
from brandhound.mentions.sentences import Sentences
from brandhound.mentions.surroundings import signs_around
from brandhound.mentions.zones import Salience, Zones

Field = Literal["title", "text"]

# Where a name that lacks its context lands, in log-odds: between .45 and .70, so that a person is asked.
LEAST_ASKED, MOST_UNASKED = -0.2, 0.85
REFUTING = frozenset(
    ("lower_case", "phrase", "verb_use", "noun_after", "person", "article", "inside_address", "namesake", "boilerplate")
)


@dataclass(slots=True, eq=False)
class Place:
    """A stretch of the article where one or more brands may be named, and what can be seen around it."""

    field: Field
    start: int
    end: int
    surface: str
    sentence: tuple[int, int]
    zone: Salience
    signs: tuple[Sign, ...]
    is_sure: bool
    surroundings: tuple[Sign, ...] | None = None


@dataclass(slots=True, eq=False)
class Candidate:
    """A name at a place, while it is being weighed."""

    place: Place
    name: NameFacts
    signs: list[Sign] = field(default_factory=list[Sign])
    is_sure: bool = False


Seen = tuple[Field, int, int, NameFacts]


class Weighing:
    """One article while its candidates are weighed. What costs something is looked up once, when first asked for."""

    def __init__(self, text: str, title: str, url: str, links: Sequence[str]) -> None:
        self._texts = {"text": text, "title": title}
        self._url = url
        self._links = links
        self._sentences: dict[str, Sentences] = {}
        self._zones: Zones | None = None
        self._folded: dict[str, str] = {}
        self._addresses: str | None = None
        self._words: dict[tuple[str, int, int], frozenset[str]] = {}
        self._places: dict[tuple[str, int, int], Place] = {}
        self._plain: dict[tuple[str, int, str, frozenset[str], bool], list[Candidate]] = {}

    def weigh(self, seen: Iterable[Seen]) -> list[Candidate]:
        """The names that may count where they were seen, in the order given, each with its signs."""
        by_brand: dict[str, list[Seen]] = {}
        order: list[str] = []
        for field_, start, end, name in seen:
            brand = name.brand
            if name.kind == "ticker" and self._ticker_sign(field_, start, end, name) is None:
                continue
            if brand.namesakes is not None and self._is_namesake(field_, start, end, brand.namesakes):
                continue
            if brand.key in by_brand:
                by_brand[brand.key].append((field_, start, end, name))
            else:
                by_brand[brand.key] = [(field_, start, end, name)]
                order.append(brand.key)
        kept: list[Candidate] = []
        for key in order:
            found = by_brand[key]
            name = found[0][3]
            if len(found) > 1 or not name.brand.is_plain:
                kept += self._weigh_brand(found)
            elif not name.needs_company or self._url:
                kept += self._weigh_plain(found[0])
        if len(order) > 1:
            kept.sort(key=lambda one: (one.place.field == "text", one.place.start))
        return kept

    def _weigh_plain(self, seen: Seen) -> list[Candidate]:
        """One place of a brand that has nothing but names: brands of the same name and kind share what was weighed."""
        field_, start, _, name = seen
        key = (field_, start, name.text, name.brand.category_words, name.lacks_context)
        known = self._plain.get(key)
        if known is None:
            known = self._plain[key] = self._weigh_brand([seen])
        return [Candidate(one.place, name, one.signs, one.is_sure) for one in known]

    def _weigh_brand(self, seen: list[Seen]) -> list[Candidate]:
        support = self._support_of(seen[0][3].brand, seen)
        found = [
            Candidate(self._place(field_, start, end), name)
            for field_, start, end, name in seen
            if support or name.lacks_context or not name.needs_context
        ]
        for one in found:
            place, name = one.place, one.name
            one.is_sure = place.is_sure
            one.signs = [*name.signs, *place.signs]
            if place.surface != name.text:
                self._weigh_form(one)
            if name.kind == "ticker":
                self._weigh_ticker(one)
            if name.is_ambiguous:
                self._weigh_surroundings(one, bool(support))
            if support:
                one.signs += [sign for sign in support if sign.code != "other_name" or fold(sign.about) != name.folded]
        if len(found) > 1 and any(one.is_sure or not one.name.is_ambiguous for one in found):
            for one in found:
                if one.name.is_ambiguous and not one.is_sure:
                    one.signs.append(Sign("same_sense"))
        for one in found:
            if one.name.lacks_context and not one.is_sure:
                self._ask_for_context(one)
        return found

    def _ask_for_context(self, one: Candidate) -> None:
        """Puts the name to a person: as doubtful as it should be, unless its sentence already speaks against it."""
        odds = odds_of(one.signs)
        is_refuted = any(sign.code in REFUTING for sign in one.signs)
        wanted = min(odds, MOST_UNASKED) if is_refuted else max(LEAST_ASKED, min(odds, MOST_UNASKED))
        one.signs.append(Sign("asks_context", (wanted - odds) / SIGNS["asks_context"].weight, one.place.surface))

    def _support_of(self, brand: BrandFacts, seen: list[Seen]) -> list[Sign]:
        """What the whole article has for the brand."""
        signs: list[Sign] = []
        if brand.domains or brand.handles:
            addresses = self._all_addresses()
            own = [domain for domain in brand.domains if _points_to(addresses, domain)]
            own += [handle for handle in brand.handles if handle in addresses]
            if own:
                # Where the domain itself is the name that was found, it has said so already.
                is_name = all(name.kind in {"domain", "handle"} for *_, name in seen)
                signs.append(Sign("own_domain", 0.0 if is_name else 1.0, own[0]))
        if len(seen) > 1 and len(brand.names) > 1:
            clear = {
                name.folded: self._texts[field_][start:end]
                for field_, start, end, name in seen
                if not name.is_ambiguous and name.kind not in {"domain", "handle"}
            }
            signs += [Sign("other_name", 1.0, surface) for surface in list(clear.values())[:2]]
        if brand.context is not None:
            for field_ in ("text", "title"):
                if word := brand.context.search(self._fold(field_)):
                    signs.append(Sign("context_article", 1.0, self._texts[field_][word.start() : word.end()]))
                    break
        if self._url and (slug := _slug_of(self._url)):
            for *_, name in seen:
                if len(name.folded) > 3 and f"-{_dashed(name.folded)}-" in slug:
                    signs.append(Sign("in_address"))
                    break
        return signs

    def _place(self, field_: Field, start: int, end: int) -> Place:
        key = (field_, start, end)
        known = self._places.get(key)
        if known is None:
            known = self._places[key] = self._look_around(field_, start, end)
        return known

    def _look_around(self, field_: Field, start: int, end: int) -> Place:
        text = self._texts[field_]
        signs: list[Sign] = []
        zone: Salience = "mentioned"
        if field_ == "title":
            sentence, zone = (0, len(text)), "title"
            signs.append(Sign("in_title"))
        else:
            sentences = self._sentences_of("text")
            sentence = sentences.around(start, end)
            if self._zones is None:
                self._zones = Zones(text, sentences)
            if self._zones.is_boilerplate(start):
                zone = "boilerplate"
                signs.append(Sign("boilerplate"))
            elif self._zones.is_list(start, end, *sentence):
                zone = "list"
            elif self._zones.is_lead(start):
                zone = "subject"
        is_sure = False
        behind = text[end : end + 48]
        if behind[:1] in {" ", ",", "("}:
            # A legal form begins with a capital, but for “plc”.
            if (behind[1:2].isupper() or behind[0] == "," or behind[1:4] == "plc") and (
                form := LEGAL_FORM.match(behind)
            ):
                signs.append(Sign("legal_form", 1.0, form.group(1)))
                is_sure = True
            if "(" in behind and (ticker := TICKER_AFTER.match(behind)):
                signs.append(Sign("ticker", 1.0 if ticker.group(1) else 0.5, ticker.group(1) or ticker.group(2)))
                is_sure = True
        before = text[start - 1 : start]
        if before and before in "@#":
            signs.append(Sign("tagged", 1.0, before))
        elif text[start] != "@" and (
            (before and before in "/@.-_" and text[start - 2 : start - 1].strip())
            or behind[:1] in {"/", "@", "_"}
            or (behind[:1] in {".", "-"} and behind[1:2].islower())
        ):
            signs.append(Sign("inside_address"))
        return Place(field_, start, end, text[start:end], sentence, zone, tuple(signs), is_sure)

    def _weigh_form(self, one: Candidate) -> None:
        place, name = one.place, one.name
        text, surface = self._texts[place.field], place.surface
        if name.kind in {"domain", "handle"}:
            return
        if surface.islower():
            if not name.text.islower():
                one.signs.append(Sign("lower_case"))
        elif surface.isupper() and not name.text.isupper():
            opens = text.rfind("\n", 0, place.start) + 1
            closes = text.find("\n", place.end)
            line = text[opens : closes if closes >= 0 else len(text)]
            shouted = sum(map(str.isupper, line)) > 4 * sum(map(str.islower, line)) and len(line) > len(surface) + 3
            one.signs.append(Sign("all_caps" if shouted else "capitals"))

    def _weigh_surroundings(self, one: Candidate, has_support: bool) -> None:
        """The signs that only an ambiguous name needs."""
        place, name = one.place, one.name
        if place.surroundings is None:
            place.surroundings = self._surroundings(place)
        one.signs += place.surroundings
        if name.is_common and self._begins_sentence(place):
            acts = any(sign.code in {"acts", "verb_after", "possessive"} for sign in place.surroundings)
            one.signs.append(Sign("sentence_start", 0.6 if acts else 1.0))
        text = self._texts[place.field]
        brand = name.brand
        if brand.category_words or brand.context is not None or brand.namesakes is not None:
            window = self._sentences_of(place.field).window(place.start, place.end, 2)
            if brand.category_words and (
                fits := (self._words_in(place.field, *window) & brand.category_words) - {name.folded}
            ):
                one.signs.append(Sign("category", min(len(fits), 4) ** 0.5, min(fits)))
            if brand.context is not None:
                if near := brand.context.search(self._fold(place.field), *window):
                    one.signs.append(Sign("context_near", 1.0, text[near.start() : near.end()]))
                    one.is_sure = True
                elif not has_support:
                    one.signs.append(Sign("no_context"))
            if brand.namesakes is not None and not one.is_sure:
                other = brand.namesakes.search(self._fold(place.field), *window)
                if other is not None:
                    one.signs.append(Sign("namesake", 1.0, text[other.start() : other.end()]))
        if name.is_common and not place.surface.islower() and f" {name.folded} " in self._texts["text"]:
            one.signs.append(Sign("other_sense", 1.0, name.folded))

    def _begins_sentence(self, place: Place) -> bool:
        text, opens = self._texts[place.field], place.sentence[0]
        if place.start - opens > 4 or WORD.search(text, opens, place.start):
            return False
        return not text[place.end + 1 : place.end + 2].isupper()

    def _surroundings(self, place: Place) -> tuple[Sign, ...]:
        signs = tuple(
            signs_around(
                self._texts[place.field],
                place.start,
                place.end,
                place.sentence,
                lambda: self._words_in(place.field, *place.sentence),
            )
        )
        if place.is_sure:
            # “Visa Inc.” and “Orange SA” are followed by capitals that belong to them.
            return tuple(sign for sign in signs if sign.code not in {"capital_after", "person"})
        return signs

    def _ticker_sign(self, field_: Field, start: int, end: int, name: NameFacts) -> Sign | None:
        """A ticker counts with its exchange or a dollar sign; alone only if it is long enough to be nothing else."""
        text = self._texts[field_]
        surface = text[start:end]
        if TICKER_BEFORE.search(text, max(start - 20, 0), start):
            return Sign("ticker", 1.0, surface)
        if len(surface) < 3 or surface != name.text or commonness(name.folded):
            return None
        return Sign("bare_ticker", 1.0, surface)

    def _weigh_ticker(self, one: Candidate) -> None:
        place = one.place
        sign = self._ticker_sign(place.field, place.start, place.end, one.name)
        if sign is not None:
            one.signs.append(sign)
            one.is_sure = sign.code == "ticker"

    def _is_namesake(self, field_: Field, start: int, end: int, phrases: re.Pattern[str]) -> bool:
        """Whether the name stands inside one of the phrases that are not the brand."""
        folded = self._fold(field_)
        return any(
            found.start() <= start and end <= found.end()
            for found in phrases.finditer(folded, max(start - 80, 0), min(end + 80, len(folded)))
        )

    def _sentences_of(self, field_: Field) -> Sentences:
        known = self._sentences.get(field_)
        if known is None:
            known = self._sentences[field_] = Sentences(self._texts[field_])
        return known

    def _fold(self, field_: str) -> str:
        known = self._folded.get(field_)
        if known is None:
            known = self._folded[field_] = fold(self._texts[field_])
        return known

    def _words_in(self, field_: Field, start: int, end: int) -> frozenset[str]:
        key = (field_, start, end)
        known = self._words.get(key)
        if known is None:
            known = self._words[key] = frozenset(WORD.findall(self._texts[field_][start:end].lower()))
        return known

    def _all_addresses(self) -> str:
        if self._addresses is None:
            self._addresses = "\n".join((self._url, *self._links, self._texts["text"])).lower()
        return self._addresses


def _points_to(addresses: str, domain: str) -> bool:
    at = addresses.find(domain)
    while at >= 0:
        end = at + len(domain)
        if (at == 0 or not (addresses[at - 1].isalnum() or addresses[at - 1] == "-")) and not addresses[
            end : end + 1
        ].isalnum():
            return True
        at = addresses.find(domain, end)
    return False


@lru_cache(maxsize=64)
def _slug_of(url: str) -> str:
    path = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].split("/")
    last = next((part for part in reversed(path[3:]) if "-" in part or "_" in part), "")
    return f"-{_dashed(last.rsplit('.', 1)[0])}-" if last else ""


def _dashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text).replace("'", "")).strip("-")
