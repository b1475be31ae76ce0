"""What can be known of brands and their names before any text is seen."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from brandhound.brands.catalogue import categories_of
from brandhound.brands.categories import words_of_category
from brandhound.brands.folding import fold
from brandhound.brands.hosts import host_of, is_host, own_host
from brandhound.brands.names import (
    LEGAL_TAIL,
    WORDLIKE,
    BrandNames,
    Name,
    NameKind,
    handle_of,
    is_only_word,
    ticker_of,
)
from brandhound.brands.words import ADDED_COMMONNESS, commonness, is_given_name, is_place
from brandhound.mentions.confidence import Sign
from brandhound.mentions.name_forms import Pull
from brandhound.mentions.scripts import visible

_LEAST_FOR_PLURAL = 4
_TOO_COMMON = 6.0
"""How common a word is that stands in every other article: in small letters it is not even looked at."""
_TAKES_S = re.compile(r"[a-z]$(?<![sxz])(?<!ch)(?<!sh)")


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
    lacks_context: bool = False
    """It needs a context that its brand can never have: nobody said which."""
    needs_company: bool = False
    """It needs a context, and only another name of its brand can be that."""
    pull: Pull = "counts"
    may_be_small: bool = False
    """It needs its capital, but people may leave that away: then it counts where the brand is not named otherwise."""
    is_simple: bool = False
    """Nothing but its own place can speak for or against it."""
    folded: str = ""
    signs: tuple[Sign, ...] = ()

    def is_weighed_like(self, other: "NameFacts") -> bool:
        """Whether the same place says the same of both, which are simple."""
        return (
            self.text == other.text
            and self.kind == other.kind
            and self.lacks_context == other.lacks_context
            and self.case_sensitive == other.case_sensitive
            and (not self.is_ambiguous or self.brand.category_words == other.brand.category_words)
        )


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
    is_plain: bool = True
    """Whether an article can say nothing for the brand but its names."""


def facts_of(brand: BrandNames) -> BrandFacts:
    """What can be known of a brand before any text is seen."""
    hosts = {host_of(name.text) for name in brand.names if name.kind == "domain"} | {own_host(brand.website)}
    # A name does not speak for itself by standing there twice.
    own = {fold(name.text).strip() for name in brand.names}
    handles = [handle_of(name.text).lower() for name in brand.names if name.kind == "handle"]
    facts = BrandFacts(
        key=brand.key,
        domains=tuple(sorted(host.lower() for host in hosts if is_host(host))),
        handles=tuple(f"@{handle}" for handle in handles if handle),
        context=_phrases_pattern(word for word in brand.context_words if fold(word).strip() not in own),
        namesakes=_phrases_pattern(brand.not_phrases),
        category_words=_category_words(brand.category) - own,
    )
    facts.is_plain = not (facts.domains or facts.handles or facts.context or facts.namesakes)
    seen: set[tuple[str, NameKind]] = set()
    for name in (*brand.names, *(Name(host, "domain") for host in facts.domains)):
        made = _facts_of_name(name, facts)
        if made.folded and (made.folded, made.kind) not in seen:
            seen.add((made.folded, made.kind))
            facts.names.append(made)
    if not brand.category and any(name.is_common for name in facts.names):
        facts.category_words = frozenset().union(*map(_category_words, categories_of(brand.name))) - own
    clear = sum(not name.is_ambiguous for name in facts.names)
    for name in facts.names:
        has_support = bool(facts.domains or facts.handles or facts.context or clear - (not name.is_ambiguous))
        name.lacks_context = name.needs_context and not has_support
        name.needs_company = name.needs_context and has_support and facts.is_plain
        name.is_simple = facts.is_plain and name.kind != "ticker"
        name.may_be_small = brand.told_apart and _may_be_small(name)
        if name.needs_company and name.is_ambiguous:
            name.pull = "waits"
    if any(name.pull == "waits" for name in facts.names):
        for name in facts.names:
            if not name.is_ambiguous:
                name.pull = "calls"
    return facts


def _may_be_small(name: NameFacts) -> bool:
    """“got it on amazon”: whoever writes without capitals means the brand all the same."""
    text = name.text
    return (
        name.case_sensitive
        and not name.needs_context
        and name.kind in WORDLIKE
        and text.isascii()
        and text.isalpha()
        and text[0].isupper()
        and not text.isupper()
        and commonness(name.folded) < _TOO_COMMON
    )


def plural_of(name: NameFacts) -> str | None:
    """How several things of that name are written, if that can be nothing else: “iPhones”, not “Apples”."""
    folded, plural = name.folded, f"{name.folded}s"
    if name.kind not in {"short", "product", "former", "misspelling"}:
        return None
    if not name.text.isascii() or sum(map(str.isalnum, folded)) < _LEAST_FOR_PLURAL or not _TAKES_S.search(folded):
        return None
    if commonness(plural) or any(is_given_name(word) or is_place(word) for word in (folded, plural)):
        return None
    return f"{name.text}s"


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
    # As texts are read that have marks upon letters which no character has: Siong-gia̍p.
    text = visible(unicodedata.normalize("NFC", name.text.strip()))
    kind = name.kind
    if kind == "ticker":
        text = ticker_of(text)
    elif kind == "handle":
        text = f"@{handle}" if (handle := handle_of(text)) else ""
    elif kind == "domain":
        # A word that somebody called a domain is not the brand's own wherever it stands.
        text = host if is_host(host := host_of(text)) else ""
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
    elif common or is_only_word(text):
        name.is_ambiguous = name.is_common = True
        yield Sign("common_word", 0.5 + (max(common, ADDED_COMMONNESS) - 3.0) / 3.0, folded)
    if is_given_name(folded):
        name.is_ambiguous = True
        yield Sign("given_name", 0.5 if name.is_common else 1.0, text)
    if is_place(folded):
        name.is_ambiguous = True
        yield Sign("place", 0.75 if name.is_common else 1.0, text)
    is_mark = all(character.isspace() or unicodedata.category(character).startswith("P") for character in text)
    if is_mark:
        yield Sign("mark", 1.0, text)
    if is_mark or (letters < 4 and text.isascii()):
        name.is_ambiguous = True
        yield Sign("short", 4.0 - letters if letters < 3 else 1.0, text)
    elif not name.is_ambiguous and len(words) == 1:
        yield Sign("distinctive", 1.0, text)
    if re.search(r"[a-z][A-Z]|[A-Za-z][0-9&!+'’.]|[0-9&][A-Za-z]", text) and len(words) == 1:
        yield Sign("own_spelling", 1.0, text)
