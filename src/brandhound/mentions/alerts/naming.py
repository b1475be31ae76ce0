"""Which brand a sentence is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from brandhound.mentions.alerts.blanking import TAKEN, Part, Sentence
from brandhound.mentions.alerts.phrases import NOT_THIS, OUTLETS, SILENCE, SMALL_WORDS, SPIKE, STORIES, TONES, US


@dataclass(frozen=True)
class KnownBrand:
    """A brand with the names it goes by."""

    id: UUID
    name: str
    names: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class Named:
    """A place where a brand is named. One that is not meant is said to be another (“not Acme”)."""

    part: Part
    brand: KnownBrand
    is_meant: bool = True


def brands_in(sentence: Sentence, brands: Sequence[KnownBrand]) -> list[Named]:
    """The places where brands are named, in the order of the sentence. They are taken away."""
    said = sentence.text.casefold()
    # Most names are not in it, and a pattern for each would cost far more than this look.
    names = sorted(
        (
            (name, brand)
            for brand in brands
            for name in {brand.name, *brand.names}
            if name.strip() and name.casefold() in said
        ),
        key=lambda one: (-len(one[0]), one[0]),
    )
    named: list[Named] = []
    unsure: list[tuple[int, int, KnownBrand]] = []
    for name, brand in names:
        if not _is_small(name):
            while (match := sentence.find(rf"{re.escape(name)}(?:['’]s)?")) is not None:
                named.append(_named(sentence, match.start(), match.end(), brand))
            continue
        for start, end in _spelled(sentence, name):
            if _has_capitals_anyway(sentence.text, start):
                unsure.append((start, end, brand))
            else:
                named.append(_named(sentence, start, end, brand))
    own = [brand for brand in brands if brand.own]
    if not named and len(own) == 1 and (match := sentence.find(US)):
        named.append(_named(sentence, match.start(), match.end(), own[0]))
    if not named:
        named = [_named(sentence, *one) for one in unsure if TAKEN not in sentence.left[one[0] : one[1]]]
    return sorted(named, key=lambda one: one.part.start)


def _named(sentence: Sentence, start: int, end: int, brand: KnownBrand) -> Named:
    if denial := sentence.denial(start, NOT_THIS):
        return Named(sentence.drop(denial, start, end, TAKEN), brand, is_meant=False)
    return Named(sentence.cut(start, end), brand)


def _is_small(name: str) -> bool:
    """Whether it is spelled like words that a sentence needs for other ends: “On”, “Three”, “Good”."""
    words = "|".join((*TONES.values(), OUTLETS, STORIES, SPIKE, SILENCE))
    return SMALL_WORDS.issuperset(name.casefold().split()) or re.fullmatch(words, name, re.IGNORECASE) is not None


def _spelled(sentence: Sentence, name: str) -> Iterator[tuple[int, int]]:
    """Where such a name has its own capitals; one without any has to be given one."""
    spellings = (name,) if name != name.lower() else (name.capitalize(), name.upper())
    for spelling in spellings:
        for match in re.finditer(rf"(?<![\w-]){re.escape(spelling)}(?:['’]s)?(?![\w-])", sentence.left):
            yield match.span()


def _has_capitals_anyway(text: str, start: int) -> bool:
    """Whether any word would have a capital there: the first of a sentence does, and all words Where Each Has One."""
    words = re.findall(r"[^\W\d_]+", text)
    return re.search(r"(?:^|[.!?:;\n])[\s“\"(]*\Z", text[:start]) is not None or all(
        word[0].isupper() for word in words
    )
