"""What speaks for and against a name meaning its brand, seen in the article around it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from brandhound.brands.categories import words_of_category
from brandhound.brands.folding import fold
from brandhound.brands.names import LEGAL_TAIL, BrandNames, Name, NameKind, host_of
from brandhound.brands.words import commonness, is_given_name, is_place
from brandhound.mentions.confidence import Sign
from brandhound.mentions.sentences import Sentences
from brandhound.mentions.zones import Salience, Zones

_BEFORE = re.compile(r"([@#$]?[\w'’&-]+)([.,:;!?]?[ \t]+[\"“‘'(]?|[@#$/.-])?$")
_AFTER = re.compile(r"([ \t]?)([\w&][\w'’&-]*)")
_LEGAL_FORM = re.compile(
    r",?[ \t](Inc|Incorporated|Corp|Corporation|Co|Company|LLC|LLP|Ltd|Limited|PLC|plc|GmbH|AG|SE|S\.?A|SAS|S\.?p\.?A|N\.?V|B\.?V"
    r"|A/S|AB|ASA|Oyj?|Group|Holdings?|KK|Pty|Pte)\b\.?"
)
_EXCHANGES = (
    r"NYSE(?:[ \t]?(?:American|Arca|MKT))?|NASDAQ(?:GS|GM|CM)?|Nasdaq(?:GS|GM|CM)?|AMEX|OTC(?:MKTS|QB|QX|BB)?|LSE|LON|TSX(?:V)?|"
    r"ASX|HKG|HKEX|SEHK|TYO|TSE|FRA|ETR|XETRA|EPA|PAR|AMS|SWX|SIX|BIT|BME|STO|OMX|NSE|BSE|KRX|SGX|JSE"
)
_TICKER_AFTER = re.compile(
    rf"[^.!?\n(]{{0,24}}\([ \t]?(?:(?:{_EXCHANGES})[ \t]?:[ \t]?|\$)([A-Z0-9.]{{1,6}})\b|[ \t]?\(([A-Z]{{2,5}}(?:\.[A-Z]{{1,2}})?)\)"
)
_TICKER_BEFORE = re.compile(rf"(?:\$|\b(?:{_EXCHANGES})[ \t]?:[ \t]?|\()$")
_POSSESSIVE = re.compile(r" ?['’](?:s\b|S\b)")
_PREPOSITIONS = frozenset("at from by with to than via like against for of versus vs".split())
_ARTICLES = frozenset("the a an my your his her our their this that these those some any each every no".split())
_BUSINESS = frozenset(
    (
        "shares stock ceo cfo coo cto company companies retailer brand brands customer customers store stores app apps "
        "products launch launched launches launching announced announces earnings revenue revenues quarter quarterly "
        "profit profits sales competitor competitors rival rivals users founder startup firm maker chain investors "
        "analyst analysts spokesperson spokesman spokeswoman acquired acquisition merger employees billion million ads "
        "advertising website online software device devices manufacturer subsidiary corporation shareholders lawsuit "
        "bought buy sells sold selling"
    ).split()
)
_TITLES = frozenset(
    (
        "mr mrs ms miss dr prof sir lord lady senator sen rep gov president judge justice captain officer coach"
    ).split()
)
_WORD = re.compile(r"[\w']+")


@dataclass(slots=True)
class NameFacts:
    """A name with the signs that it carries wherever it stands."""

    text: str
    kind: NameKind
    case_sensitive: bool
    needs_context: bool
    brand: "BrandFacts"
    is_ambiguous: bool = False
    is_common: bool = False
    can_count: bool = True
    folded: str = ""
    signs: tuple[Sign, ...] = ()


@dataclass(slots=True)
class BrandFacts:
    """A brand as the article is asked about it."""

    key: str
    names: list[NameFacts] = field(default_factory=list[NameFacts])
    domains: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    context: re.Pattern[str] | None = None
    namesakes: re.Pattern[str] | None = None
    category_words: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Candidate:
    """A place where a name stands, while it is being weighed."""

    field: Literal["title", "text"]
    start: int
    end: int
    surface: str
    name: NameFacts
    sentence: tuple[int, int] = (0, 0)
    zone: Salience = "mentioned"
    signs: list[Sign] = field(default_factory=list[Sign])
    is_sure: bool = False


def facts_of(brand: BrandNames) -> BrandFacts:
    """What can be known of a brand before any text is seen."""
    hosts = {host_of(name.text) for name in brand.names if name.kind == "domain"} | {host_of(brand.website)}
    facts = BrandFacts(
        key=brand.key,
        domains=tuple(sorted(host.lower() for host in hosts if host)),
        handles=tuple(
            "@" + name.text.removeprefix("@").lower() for name in brand.names if name.kind == "handle" and name.text.strip("@ ")
        ),
        context=_phrases_pattern(brand.context_words),
        namesakes=_phrases_pattern(brand.not_phrases),
        category_words=_category_words(brand.category),
    )
    seen: set[tuple[str, NameKind]] = set()
    for name in (*brand.names, *(Name(host, "domain") for host in facts.domains)):
        made = _facts_of_name(name, facts)
        if made.folded and (made.folded, made.kind) not in seen:
            seen.add((made.folded, made.kind))
            facts.names.append(made)
    clear = sum(not name.is_ambiguous for name in facts.names)
    for name in facts.names:
        has_support = bool(facts.domains or facts.handles or facts.context or clear - (not name.is_ambiguous))
        name.can_count = has_support or not name.needs_context
    return facts


@lru_cache(maxsize=512)
def _category_words(category: str) -> frozenset[str]:
    return frozenset(words_of_category(category)) if category else frozenset()


def _phrases_pattern(phrases: Iterable[str]) -> re.Pattern[str] | None:
    kept = sorted({" ".join(fold(phrase).split()) for phrase in phrases} - {""}, key=len, reverse=True)
    if not kept:
        return None
    written = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in kept)
    # Plural and possessive forms are meant too; scripts without blanks have no word ends.
    return re.compile(rf"(?<![a-z0-9_])(?:{written})(?:'s|e?s)?(?![a-z0-9_])")


def _facts_of_name(name: Name, brand: BrandFacts) -> NameFacts:
    text = unicodedata.normalize("NFC", name.text.strip())
    kind = name.kind
    if kind == "ticker":
        text = text.rsplit(":", 1)[-1].strip().lstrip("$")
    elif kind == "handle":
        text = "@" + text.lstrip("@") if text.strip("@") else ""
    elif kind == "domain":
        text = host_of(text)
    folded = fold(text).strip()
    facts = NameFacts(
        text, kind, name.case_sensitive or kind == "ticker", name.needs_context, brand, folded=folded if text else ""
    )
    facts.signs = tuple(_signs_of_name(facts))
    return facts


def _signs_of_name(name: NameFacts) -> Iterable[Sign]:
    folded, text = name.folded, name.text
    if name.kind in {"domain", "handle"}:
        yield Sign(name.kind, 1.0, text)
        return
    if name.kind == "ticker":
        name.is_ambiguous = True
        return
    if name.kind in {"product", "former", "misspelling"}:
        yield Sign(name.kind, 1.0, text)
    if name.kind == "legal" and LEGAL_TAIL.search(text):
        yield Sign("legal_name", 1.0, text)
        return
    words = folded.split()
    letters = sum(map(str.isalnum, folded))
    common = commonness(folded)
    if len(words) > 1:
        if all(commonness(word) > 3 for word in words):
            name.is_ambiguous = True
            yield Sign("common_words", 1.0, text)
        yield Sign("several_words", 1.0, text)
    elif common:
        name.is_ambiguous = name.is_common = True
        yield Sign("common_word", 0.5 + (common - 3.0) / 3.0, folded)
    if is_given_name(folded):
        name.is_ambiguous = True
        yield Sign("given_name", 1.0, text)
    if is_place(folded):
        name.is_ambiguous = True
        yield Sign("place", 1.0, text)
    if letters < 4 and text.isascii():
        name.is_ambiguous = True
        yield Sign("short", 4.0 - letters if letters < 3 else 1.0, text)
    elif not name.is_ambiguous and len(words) == 1:
        yield Sign("distinctive", 1.0, text)
    if re.search(r"[a-z][A-Z]|[A-Za-z][0-9&!+'’.]|[0-9&][A-Za-z]", text) and len(words) == 1:
        yield Sign("own_spelling", 1.0, text)


class ArticleContext:
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

    def candidate(self, field: Literal["title", "text"], start: int, end: int, name: NameFacts) -> Candidate:
        return Candidate(field, start, end, self._texts[field][start:end], name)

    def weigh(self, candidates: list[Candidate]) -> list[Candidate]:
        """The candidates that may count, each with its sentence, its zone and its signs."""
        by_brand: dict[str, list[Candidate]] = {}
        for one in candidates:
            if one.name.kind == "ticker" and not self._weigh_ticker(one):
                continue
            if one.name.brand.namesakes is not None and self._is_namesake(one):
                continue
            by_brand.setdefault(one.name.brand.key, []).append(one)
        kept: list[Candidate] = []
        for found in by_brand.values():
            kept += self._weigh_brand(found)
        if len(by_brand) > 1:
            kept.sort(key=lambda one: (one.field == "text", one.start))
        return kept

    def _weigh_brand(self, found: list[Candidate]) -> list[Candidate]:
        brand = found[0].name.brand
        support = self._support_of(brand, found)
        has_support = bool(support)
        if not has_support and any(one.name.needs_context for one in found):
            found = [one for one in found if not one.name.needs_context]
        for one in found:
            self._place(one)
            one.signs += one.name.signs
            self._weigh_form(one)
            self._weigh_neighbours(one)
            if one.name.is_ambiguous:
                self._weigh_surroundings(one, has_support)
            one.signs += [sign for sign in support if sign.code != "other_name" or fold(sign.about) != one.name.folded]
        if len(found) > 1 and any(one.is_sure or not one.name.is_ambiguous for one in found):
            for one in found:
                if one.name.is_ambiguous and not one.is_sure:
                    one.signs.append(Sign("same_sense"))
        return found

    def _support_of(self, brand: BrandFacts, found: list[Candidate]) -> list[Sign]:
        """What the whole article has for the brand."""
        signs: list[Sign] = []
        if brand.domains or brand.handles:
            addresses = self._all_addresses()
            own = [domain for domain in brand.domains if _points_to(addresses, domain)]
            own += [handle for handle in brand.handles if handle in addresses]
            if own and not all(one.name.kind in {"domain", "handle"} for one in found):
                signs.append(Sign("own_domain", 1.0, own[0]))
            elif own:
                signs.append(Sign("own_domain", 0.0, own[0]))
        if len(found) > 1 and len(brand.names) > 1:
            clear = {
                one.name.folded: one.surface
                for one in found
                if not one.name.is_ambiguous and one.name.kind not in {"domain", "handle"}
            }
            signs += [Sign("other_name", 1.0, surface) for surface in list(clear.values())[:2]]
        if brand.context is not None:
            for field in ("text", "title"):
                if word := brand.context.search(self._fold(field)):
                    at = word.start()
                    signs.append(Sign("context_article", 1.0, self._texts[field][at : word.end()]))
                    break
        if self._url and (slug := _slug_of(self._url)):
            for one in found:
                if len(one.name.folded) > 3 and f"-{_dashed(one.name.folded)}-" in slug:
                    signs.append(Sign("in_address"))
                    break
        return signs

    def _place(self, one: Candidate) -> None:
        if one.field == "title":
            one.sentence = (0, len(self._texts["title"]))
            one.zone = "title"
            one.signs.append(Sign("in_title"))
            return
        sentences = self._sentences_of("text")
        one.sentence = sentences.around(one.start, one.end)
        if self._zones is None:
            self._zones = Zones(self._texts["text"], sentences)
        if self._zones.is_boilerplate(one.start):
            one.zone = "boilerplate"
            one.signs.append(Sign("boilerplate"))
        elif self._zones.is_list(one.start, one.end):
            one.zone = "list"
        elif self._zones.is_lead(one.start):
            one.zone = "subject"

    def _weigh_form(self, one: Candidate) -> None:
        text, surface, name = self._texts[one.field], one.surface, one.name
        if surface == name.text or name.kind in {"domain", "handle", "ticker"}:
            return
        if surface.islower():
            if not name.text.islower():
                one.signs.append(Sign("lower_case"))
        elif surface.isupper() and not name.text.isupper():
            opens = text.rfind("\n", 0, one.start) + 1
            closes = text.find("\n", one.end)
            line = text[opens : closes if closes >= 0 else len(text)]
            shouted = sum(map(str.isupper, line)) > 4 * sum(map(str.islower, line)) and len(line) > len(surface) + 3
            one.signs.append(Sign("all_caps" if shouted else "capitals"))

    def _weigh_neighbours(self, one: Candidate) -> None:
        text = self._texts[one.field]
        behind = text[one.end : one.end + 48]
        if behind[:1] in {" ", ",", "("}:
            if form := _LEGAL_FORM.match(behind):
                one.signs.append(Sign("legal_form", 1.0, form.group(1)))
                one.is_sure = True
            if "(" in behind and (ticker := _TICKER_AFTER.match(behind)):
                one.signs.append(Sign("ticker", 1.0 if ticker.group(1) else 0.5, ticker.group(1) or ticker.group(2)))
                one.is_sure = True
        before = text[one.start - 1 : one.start]
        if before and before in "@#":
            one.signs.append(Sign("tagged", 1.0, before))
        elif one.name.kind not in {"domain", "handle"} and (
            (before and before in "/@.-_" and text[one.start - 2 : one.start - 1].strip())
            or (behind[:1] in {"/", "@", "_"} or (behind[:1] in {".", "-"} and behind[1:2].islower()))
        ):
            one.signs.append(Sign("inside_address"))

    def _weigh_surroundings(self, one: Candidate, has_support: bool) -> None:
        """The signs that only an ambiguous name needs."""
        text, name = self._texts[one.field], one.name
        opens, closes = one.sentence
        left = _BEFORE.search(text, max(opens, one.start - 32), one.start)
        right = _AFTER.match(text, one.end, min(closes, one.end + 32))
        starts = not _WORD.search(text, opens, one.start)
        before = left.group(1) if left and left.group(2) else ""
        touches = bool(left and left.group(2) and not left.group(2).strip())
        after = right.group(2) if right and right.group(1) else ""
        lower = before.lower()
        if starts and name.is_common and not after[:1].isupper():
            one.signs.append(Sign("sentence_start"))
        if touches and lower in _ARTICLES:
            one.signs.append(Sign("article", 1.0, before))
        elif touches and lower in _PREPOSITIONS:
            one.signs.append(Sign("preposition", 1.0, before))
        elif touches and (lower in _TITLES or (before[:1].isupper() and is_given_name(lower))):
            one.signs.append(Sign("person", 1.0, f"{before} {one.surface}"))
        elif touches and before[:1].isupper() and not one.surface.islower() and not _opens_sentence(text, opens, left):
            one.signs.append(Sign("capital_before", 1.0, before))
        if _POSSESSIVE.match(text, one.end):
            one.signs.append(Sign("possessive", 1.0, text[one.start : one.end + 2].rstrip()))
        elif after[:1].isupper() and not one.surface.islower() and not any(sign.code == "legal_form" for sign in one.signs):
            person = is_given_name(name.folded) and after.isalpha()
            one.signs.append(Sign("person" if person else "capital_after", 1.0, f"{one.surface} {after}" if person else after))
        sentence = self._words_in(one.field, opens, closes)
        if business := sentence & _BUSINESS - {name.folded}:
            one.signs.append(Sign("business", min(len(business), 3) ** 0.5, min(business)))
        window = self._sentences_of(one.field).window(one.start, one.end, 2)
        if name.brand.category_words and (
            fits := (self._words_in(one.field, *window) & name.brand.category_words) - {name.folded}
        ):
            one.signs.append(Sign("category", min(len(fits), 4) ** 0.5, min(fits)))
        if name.brand.context is not None:
            if near := name.brand.context.search(self._fold(one.field), *window):
                one.signs.append(Sign("context_near", 1.0, text[near.start() : near.end()]))
                one.is_sure = True
            elif not has_support:
                one.signs.append(Sign("no_context"))
        if (
            name.brand.namesakes is not None
            and not one.is_sure
            and (other := name.brand.namesakes.search(self._fold(one.field), *window))
        ):
            one.signs.append(Sign("namesake", 1.0, text[other.start() : other.end()]))
        if name.is_common and not one.surface.islower() and f" {name.folded} " in self._texts["text"]:
            one.signs.append(Sign("other_sense", 1.0, name.folded))

    def _weigh_ticker(self, one: Candidate) -> bool:
        """A ticker counts with its exchange or a dollar sign; alone only if it is long enough to be nothing else."""
        text = self._texts[one.field]
        if _TICKER_BEFORE.search(text, max(one.start - 20, 0), one.start):
            one.signs.append(Sign("ticker", 1.0, one.surface))
            one.is_sure = True
            return True
        if len(one.surface) < 3 or one.surface != one.name.text or commonness(one.name.folded):
            return False
        one.signs.append(Sign("bare_ticker", 1.0, one.surface))
        return True

    def _is_namesake(self, one: Candidate) -> bool:
        """Whether the name stands inside one of the phrases that are not the brand."""
        pattern = one.name.brand.namesakes
        if pattern is None:
            return False
        folded = self._fold(one.field)
        for found in pattern.finditer(folded, max(one.start - 80, 0), min(one.end + 80, len(folded))):
            if found.start() <= one.start and one.end <= found.end():
                return True
        return False

    def _sentences_of(self, field: str) -> Sentences:
        known = self._sentences.get(field)
        if known is None:
            known = self._sentences[field] = Sentences(self._texts[field])
        return known

    def _fold(self, field: str) -> str:
        known = self._folded.get(field)
        if known is None:
            known = self._folded[field] = fold(self._texts[field])
        return known

    def _words_in(self, field: str, start: int, end: int) -> frozenset[str]:
        key = (field, start, end)
        known = self._words.get(key)
        if known is None:
            known = self._words[key] = frozenset(_WORD.findall(self._texts[field][start:end].lower()))
        return known

    def _all_addresses(self) -> str:
        if self._addresses is None:
            self._addresses = "\n".join((self._url, *self._links, self._texts["text"])).lower()
        return self._addresses


def _points_to(addresses: str, domain: str) -> bool:
    at = addresses.find(domain)
    while at >= 0:
        end = at + len(domain)
        if (at == 0 or not (addresses[at - 1].isalnum() or addresses[at - 1] == "-")) and not addresses[end : end + 1].isalnum():
            return True
        at = addresses.find(domain, end)
    return False


def _opens_sentence(text: str, opens: int, left: re.Match[str] | None) -> bool:
    return left is not None and not _WORD.search(text, opens, left.start())


@lru_cache(maxsize=64)
def _slug_of(url: str) -> str:
    path = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].split("/")
    last = next((part for part in reversed(path[3:]) if "-" in part or "_" in part), "")
    return f"-{_dashed(last.rsplit('.', 1)[0])}-" if last else ""


def _dashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text).replace("'", "")).strip("-")
