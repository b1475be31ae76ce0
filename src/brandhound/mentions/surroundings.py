"""How the words of its sentence take a name: as a company, as a person, or as the common word it is spelled like."""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from brandhound.brands.folding import fold
from brandhound.brands.words import commonness, is_given_name
from brandhound.brands.words.phrases import phrases_with
from brandhound.mentions.confidence import Sign
from brandhound.mentions.cues import (
    ACTS,
    ADJECTIVAL,
    AFTER,
    ARTICLES,
    BEFORE,
    BUSINESS,
    COMPANIES,
    DONE_TO,
    OBJECTS,
    OPENERS,
    POSSESSIVE,
    PREPOSITIONS,
    STRONG_BUSINESS,
    TITLES,
    VERBS,
    WORD,
)

_REACH = 32
_OWNED_WORDS = 3
_WEAK = 0.6
"""What one word of business weighs that is used of other things too."""
_FUNCTION_WORD = 6.3
"""How common a word is that stands between others rather than for something."""
_APOSTROPHES, _BLANKS = frozenset("'’"), frozenset(" \t")
_COPULAS = frozenset(("is", "was"))
_KNOWN_WORDS = 1 << 12
_BINDING = frozenset(("article", "person", "capital_before", "phrase"))


class Surroundings(NamedTuple):
    """What the sentence says of the name, and whether the name opens it."""

    signs: list[Sign]
    opens_sentence: bool


class _Surface(NamedTuple):
    """A name as it is written, wherever it stands."""

    lower: str
    is_lower: bool
    is_common: bool
    is_given_name: bool
    phrases: frozenset[str]


class _Before(NamedTuple):
    """What a word says before a name, whatever the name."""

    lower: str
    is_capital: bool
    sign: Sign | None
    is_person: bool
    is_opener: bool


class _After(NamedTuple):
    """What a word says after a name, whatever the name."""

    lower: str
    is_capital: bool
    sign: Sign | None
    may_be_surname: bool
    is_object: bool
    may_be_described: bool
    is_business: bool


def surroundings_of(text: str, start: int, end: int, sentence: tuple[int, int], words: Collection[str]) -> Surroundings:
    """What speaks for and against the name at that place, from the words before it, after it and around it.

    `words` are those of the sentence in lower case; such as are no cues may be missing.
    """
    opens, closes = sentence
    name = text[start:end]
    surface = _surface_of(name)
    before, before_at = _word_before(text, max(opens, start - _REACH), start) if start > opens else ("", start)
    right = AFTER.match(text, end, min(closes, end + _REACH))
    after = right.group(2) if right else ""
    opens_sentence = start == opens or (start - opens <= 4 and not WORD.search(text, opens, start))
    signs: list[Sign] = []
    is_free = True
    if before and (sign := _sign_before(text, opens, before, before_at, name, surface, after)) is not None:
        is_free = sign.code not in _BINDING
        signs.append(sign)
    behind = text[end : end + 2]
    may_own = ("'" in behind or "’" in behind) and behind.strip()[:1] in _APOSTROPHES
    owned = POSSESSIVE.match(text, end) if may_own else None
    if owned:
        belongings = WORD.findall(text[owned.end() : min(closes, owned.end() + 2 * _REACH)].lower())[:_OWNED_WORDS]
        signs.append(Sign("possessive", 3.0 if not BUSINESS.isdisjoint(belongings) else 1.0, text[start : owned.end()]))
    elif after:
        sign = _sign_after(name, surface, after, opens_sentence=opens_sentence)
        # “The Amazon is” and “Bruno Mars sold” say what others do.
        if sign is not None and (is_free or sign.code not in {"acts", "verb_after"}):
            signs.append(sign)
    if words:
        _add_signs_among(words, surface.lower, signs)
    return Surroundings(signs, opens_sentence)


def _add_signs_among(words: Collection[str], surface: str, signs: list[Sign]) -> None:
    if not BUSINESS.isdisjoint(words) and (business := BUSINESS.intersection(words) - {surface}):
        strong = business & STRONG_BUSINESS
        amount = min(_WEAK * (len(business) + len(strong)), 2.0)
        signs.append(Sign("business", amount, min(strong or business)))
    if not COMPANIES.isdisjoint(words) and (companies := COMPANIES.intersection(words) - {surface}):
        signs.append(Sign("company_beside", 1.0, min(companies)))


def _word_before(text: str, opens: int, start: int) -> tuple[str, int]:
    """The word that nothing but blanks parts from the name, and where it begins; an empty one where there is none."""
    if text[start - 1] not in _BLANKS:
        return "", start
    chunk = text[opens:start]
    kept = chunk.rstrip(" \t")
    if not kept:
        return "", start
    word = kept[max(kept.rfind(" "), kept.rfind("\n")) + 1 :]
    if not word.isalpha():
        found = BEFORE.search(word)
        word = found.group() if found else ""
    return word, opens + len(kept) - len(word)


def _sign_before(
    text: str, opens: int, before: str, before_at: int, name: str, surface: _Surface, after: str
) -> Sign | None:
    word = _before(before)
    sign = word.sign
    if sign is not None and (sign.code != "done_to" or not surface.is_lower):
        if sign.code != "article":
            return sign
        if _after(after).is_business:
            return None
        return Sign("article", 1.5, before) if surface.is_common else sign
    if word.is_person:
        return Sign("person", 1.0, f"{before} {name}")
    if (
        word.is_capital
        and not surface.is_lower
        and (not word.is_opener or WORD.search(text, opens, before_at) is not None)
    ):
        return Sign("capital_before", 1.0, before)
    if surface.phrases and f"{word.lower} {surface.lower}" in surface.phrases:
        return Sign("phrase", 1.0, f"{before} {name}")
    return None


def _sign_after(name: str, surface: _Surface, after: str, *, opens_sentence: bool) -> Sign | None:
    word = _after(after)
    if word.is_capital:
        if surface.is_lower:
            return None
        return Sign("person", 1.0, f"{name} {after}") if word.may_be_surname and surface.is_given_name else word.sign
    if surface.phrases and f"{surface.lower} {word.lower}" in surface.phrases:
        return Sign("phrase", 1.0, f"{name} {after}")
    if surface.is_lower:
        return None
    if word.sign is not None:
        return word.sign
    if opens_sentence and word.is_object:
        return Sign("verb_use", 1.0, f"{name} {after}")
    if opens_sentence and word.may_be_described and surface.is_common:
        return Sign("noun_after", 1.0, f"{name} {after}")
    return None


@lru_cache(maxsize=_KNOWN_WORDS)
def _surface_of(surface: str) -> _Surface:
    folded, lower = fold(surface), surface.lower()
    return _Surface(
        lower, surface.islower(), commonness(folded) > 0, is_given_name(folded), frozenset(phrases_with(lower))
    )


@lru_cache(maxsize=_KNOWN_WORDS)
def _before(word: str) -> _Before:
    lower, is_capital = word.lower(), word[:1].isupper()
    sign = None
    for code, words in (("article", ARTICLES), ("preposition", PREPOSITIONS), ("done_to", DONE_TO)):
        if lower in words:
            sign = Sign(code, 1.0, word)
            break
    return _Before(lower, is_capital, sign, lower in TITLES or (is_capital and is_given_name(lower)), lower in OPENERS)


@lru_cache(maxsize=_KNOWN_WORDS)
def _after(word: str) -> _After:
    lower, is_capital, is_business = word.lower(), word[:1].isupper(), word.lower() in BUSINESS
    sign = None
    if is_capital:
        sign = Sign("capital_after", 1.0, word)
    elif lower in ACTS or (lower.endswith("ed") and len(lower) > 4 and lower not in ADJECTIVAL):
        sign = Sign("acts", 1.0, word)
    elif lower in VERBS:
        sign = Sign("verb_after", 1.0 if lower in _COPULAS else 1.3, word)
    may_be_described = lower.isalpha() and not is_business and commonness(lower) < _FUNCTION_WORD
    return _After(lower, is_capital, sign, word.isalpha(), lower in OBJECTS, may_be_described, is_business)
