"""How the words of its sentence take a name: as a company, as a person, or as the common word it is spelled like."""

from collections.abc import Collection, Iterator
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
_APOSTROPHES = frozenset("'’")
_COPULAS = frozenset(("is", "was"))
_BINDING = frozenset(("article", "person", "capital_before", "phrase"))


class Surroundings(NamedTuple):
    """What the sentence says of the name, and whether the name opens it."""

    signs: list[Sign]
    opens_sentence: bool


def surroundings_of(text: str, start: int, end: int, sentence: tuple[int, int], words: Collection[str]) -> Surroundings:
    """What speaks for and against the name at that place, from the words before it, after it and around it.

    `words` are those of the sentence in lower case; such as are no cues may be missing.
    """
    opens, closes = sentence
    surface = text[start:end]
    is_lower = surface.islower()
    before, before_at = _word_before(text, max(opens, start - _REACH), start)
    right = AFTER.match(text, end, min(closes, end + _REACH))
    after = right.group(2) if right else ""
    opens_sentence = start == opens or (start - opens <= 4 and not WORD.search(text, opens, start))
    signs: list[Sign] = []
    is_free = True
    if before and (sign := _sign_before(text, opens, before, before_at, surface, after)) is not None:
        is_free = sign.code not in _BINDING
        signs.append(sign)
    owned = POSSESSIVE.match(text, end) if text[end : end + 2].strip()[:1] in _APOSTROPHES else None
    if owned:
        belongings = WORD.findall(text[owned.end() : min(closes, owned.end() + 2 * _REACH)].lower())[:_OWNED_WORDS]
        signs.append(Sign("possessive", 3.0 if not BUSINESS.isdisjoint(belongings) else 1.0, text[start : owned.end()]))
    elif after:
        sign = _sign_after(surface, after, is_lower=is_lower, opens_sentence=opens_sentence)
        # “The Amazon is” and “Bruno Mars sold” say what others do.
        if sign is not None and (is_free or sign.code not in {"acts", "verb_after"}):
            signs.append(sign)
    if words:
        signs += _signs_among(words, surface.lower())
    return Surroundings(signs, opens_sentence)


def _signs_among(words: Collection[str], surface: str) -> Iterator[Sign]:
    if business := BUSINESS.intersection(words) - {surface}:
        strong = business & STRONG_BUSINESS
        amount = min(_WEAK * (len(business) + len(strong)), 2.0)
        yield Sign("business", amount, min(strong or business))
    if companies := COMPANIES.intersection(words) - {surface}:
        yield Sign("company_beside", 1.0, min(companies))


def _word_before(text: str, opens: int, start: int) -> tuple[str, int]:
    """The word that nothing but blanks parts from the name, and where it begins; an empty one where there is none."""
    chunk = text[opens:start]
    kept = chunk.rstrip(" \t")
    if len(kept) == len(chunk) or not kept:
        return "", start
    word = kept[max(kept.rfind(" "), kept.rfind("\n")) + 1 :]
    if not word.isalpha():
        found = BEFORE.search(word)
        word = found.group() if found else ""
    return word, opens + len(kept) - len(word)


def _sign_before(text: str, opens: int, before: str, before_at: int, surface: str, after: str) -> Sign | None:
    lower = before.lower()
    is_capital = before[:1].isupper()
    if lower in ARTICLES:
        if after.lower() not in BUSINESS:
            return Sign("article", 1.5 if commonness(fold(surface)) else 1.0, before)
    elif lower in PREPOSITIONS:
        return Sign("preposition", 1.0, before)
    elif lower in DONE_TO and not surface.islower():
        return Sign("done_to", 1.0, before)
    elif lower in TITLES or (is_capital and is_given_name(lower)):
        return Sign("person", 1.0, f"{before} {surface}")
    elif (
        is_capital
        and not surface.islower()
        and (lower not in OPENERS or WORD.search(text, opens, before_at) is not None)
    ):
        return Sign("capital_before", 1.0, before)
    elif f"{lower} {surface.lower()}" in _phrases_of(surface.lower()):
        return Sign("phrase", 1.0, f"{before} {surface}")
    return None


def _sign_after(surface: str, after: str, *, is_lower: bool, opens_sentence: bool) -> Sign | None:
    lower = after.lower()
    if after[:1].isupper():
        if is_lower:
            return None
        person = after.isalpha() and is_given_name(fold(surface))
        return Sign("person", 1.0, f"{surface} {after}") if person else Sign("capital_after", 1.0, after)
    if f"{surface.lower()} {lower}" in _phrases_of(surface.lower()):
        return Sign("phrase", 1.0, f"{surface} {after}")
    if is_lower:
        return None
    if lower in ACTS or (lower.endswith("ed") and len(lower) > 4 and lower not in ADJECTIVAL):
        return Sign("acts", 1.0, after)
    if lower in VERBS:
        return Sign("verb_after", 1.0 if lower in _COPULAS else 1.3, after)
    if opens_sentence and lower in OBJECTS:
        return Sign("verb_use", 1.0, f"{surface} {after}")
    if (
        opens_sentence
        and lower.isalpha()
        and lower not in BUSINESS
        and commonness(lower) < _FUNCTION_WORD
        and commonness(fold(surface))
    ):
        return Sign("noun_after", 1.0, f"{surface} {after}")
    return None


@lru_cache(maxsize=1024)
def _phrases_of(word: str) -> frozenset[str]:
    return frozenset(phrases_with(word))
