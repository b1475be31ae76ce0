"""How the words of its sentence take a name: as a company, as a person, or as the common word it is spelled like."""

from collections.abc import Callable, Iterator
from functools import lru_cache

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
_COPULAS = frozenset(("is", "was"))
_BINDING = frozenset(("article", "person", "capital_before", "phrase"))

Words = Callable[[], frozenset[str]]
"""The words of the sentence in lower case, found when first asked for."""


def signs_around(text: str, start: int, end: int, sentence: tuple[int, int], words: Words) -> Iterator[Sign]:
    """What speaks for and against the name at that place, from the words before it, after it and around it."""
    opens, closes = sentence
    surface = text[start:end]
    is_lower = surface.islower()
    before, before_at = _word_before(text, max(opens, start - _REACH), start)
    right = AFTER.match(text, end, min(closes, end + _REACH))
    after = right.group(2) if right and right.group(1) else ""
    opens_sentence = start - opens <= 4 and not WORD.search(text, opens, start)
    is_free = True
    if before:
        for sign in _signs_before(before, surface, after, WORD.search(text, opens, before_at) is not None):
            is_free = is_free and sign.code not in _BINDING
            yield sign
    owned = POSSESSIVE.match(text, end)
    if owned:
        belongings = WORD.findall(text[owned.end() : min(closes, owned.end() + 2 * _REACH)].lower())[:_OWNED_WORDS]
        yield Sign("possessive", 3.0 if not BUSINESS.isdisjoint(belongings) else 1.0, text[start : owned.end()])
    elif after:
        for sign in _signs_after(surface, after, is_lower=is_lower, opens_sentence=opens_sentence):
            # “The Amazon is” and “Bruno Mars sold” say what others do.
            if is_free or sign.code not in {"acts", "verb_after"}:
                yield sign
    found = words()
    if business := (found & BUSINESS) - {surface.lower()}:
        strong = business & STRONG_BUSINESS
        amount = min(_WEAK * (len(business) + len(strong)), 2.0)
        yield Sign("business", amount, min(strong or business))
    if companies := (found & COMPANIES) - {surface.lower()}:
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


def _signs_before(before: str, surface: str, after: str, has_more: bool) -> Iterator[Sign]:
    lower = before.lower()
    is_name = not surface.islower() and before[:1].isupper()
    if lower in ARTICLES:
        if after.lower() not in BUSINESS:
            yield Sign("article", 1.5 if commonness(fold(surface)) else 1.0, before)
    elif lower in PREPOSITIONS:
        yield Sign("preposition", 1.0, before)
    elif lower in DONE_TO and not surface.islower():
        yield Sign("done_to", 1.0, before)
    elif lower in TITLES or (before[:1].isupper() and is_given_name(lower)):
        yield Sign("person", 1.0, f"{before} {surface}")
    elif is_name and (has_more or lower not in OPENERS):
        yield Sign("capital_before", 1.0, before)
    elif f"{lower} {surface.lower()}" in _phrases_of(surface.lower()):
        yield Sign("phrase", 1.0, f"{before} {surface}")


def _signs_after(surface: str, after: str, *, is_lower: bool, opens_sentence: bool) -> Iterator[Sign]:
    lower = after.lower()
    if after[:1].isupper():
        if not is_lower:
            person = after.isalpha() and is_given_name(fold(surface))
            yield Sign("person", 1.0, f"{surface} {after}") if person else Sign("capital_after", 1.0, after)
        return
    if f"{surface.lower()} {lower}" in _phrases_of(surface.lower()):
        yield Sign("phrase", 1.0, f"{surface} {after}")
    elif is_lower:
        return
    elif lower in ACTS or (lower.endswith("ed") and len(lower) > 4 and lower not in ADJECTIVAL):
        yield Sign("acts", 1.0, after)
    elif lower in VERBS:
        yield Sign("verb_after", 1.0 if lower in _COPULAS else 1.3, after)
    elif opens_sentence and lower in OBJECTS:
        yield Sign("verb_use", 1.0, f"{surface} {after}")
    elif (
        opens_sentence
        and lower.isalpha()
        and lower not in BUSINESS
        and commonness(lower) < _FUNCTION_WORD
        and commonness(fold(surface))
    ):
        yield Sign("noun_after", 1.0, f"{surface} {after}")


@lru_cache(maxsize=1024)
def _phrases_of(word: str) -> frozenset[str]:
    return frozenset(phrases_with(word))
