"""What can be said of names as they are written somewhere, before any text is seen; brands that share a name share it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from brandhound.brands.folding import fold
from brandhound.brands.names import NameKind
from brandhound.mentions.as_written import small_sign
from brandhound.mentions.confidence import Sign, odds_of
from brandhound.mentions.name_facts import NameFacts

Repeated = Literal["", "alike", "otherwise"]
"""Whether a brand is named at several places of a text: not, always by the same name written the same, or otherwise."""


class Word(NamedTuple):
    """A name of many meanings, as the words around it are asked about it."""

    folded: str
    is_common: bool
    alone: str
    """How the word stands between others where it is no name; empty if that says nothing."""
    category_words: frozenset[str]


class Alike(NamedTuple):
    """Names of which a place says the same, as they are written there."""

    signs: tuple[Sign, ...]
    """What speaks for and against them wherever they are written so."""
    odds: float
    small: Sign | None
    """That one of the signs that says that it is written small."""
    has_capitals: bool
    """Whether it hangs on the line what the writing says."""
    word: Word | None
    """None: the words around say nothing of it."""
    lacks_context: bool
    members: tuple[tuple[str, NameKind], ...]
    """The brands with the kind of the name."""
    names: tuple[NameFacts, ...]
    """The same names as they are known."""


class Written(NamedTuple):
    """Some names as they are written: those that may count without another name of their brand, and all their brands."""

    alike: tuple[Alike, ...]
    brands: frozenset[str]
    is_plain: bool
    """Whether nothing but its own place and other names of its brand can speak for or against any."""
    waiting: frozenset[str]
    """The brands of the others."""
    is_whole: bool
    """Whether they are written as they are, but for case and accents."""
    is_asked: bool
    """Whether the words around say anything of any."""


def written(surface: str, names: Sequence[NameFacts]) -> Written:
    """What can be said of these names, written like that, before any text is seen."""
    brands = frozenset(name.brand.key for name in names)
    counting = [name for name in names if not name.needs_company]
    is_plain = len(brands) == len(names) and all(name.is_simple and not name.may_be_small for name in counting)
    groups: list[list[NameFacts]] = []
    for name in counting if is_plain else ():
        if groups and name.is_weighed_like(groups[-1][-1]):
            groups[-1].append(name)
        else:
            groups.append([name])
    waiting = frozenset(name.brand.key for name in names if name.needs_company)
    is_whole = all(name.folded == fold(surface) for name in names)
    alike = tuple(_alike(surface, group) for group in groups)
    is_asked = any(one.word is not None for one in alike)
    return Written(alike, brands, is_plain, waiting, is_whole, is_asked)


def _alike(surface: str, names: Sequence[NameFacts]) -> Alike:
    name = names[0]
    small = small_sign(surface, name)
    signs = name.signs if small is None else (*name.signs, small)
    return Alike(
        signs=signs,
        odds=odds_of(signs),
        small=small,
        has_capitals=surface.isupper() and not name.text.isupper() and name.kind not in {"domain", "handle"},
        word=_word(surface, name) if name.is_ambiguous else None,
        lacks_context=name.lacks_context,
        members=tuple((one.brand.key, one.kind) for one in names),
        names=tuple(names),
    )


def _word(surface: str, name: NameFacts) -> Word:
    alone = f" {name.folded} " if name.is_common and not surface.islower() else ""
    return Word(name.folded, name.is_common, alone, name.brand.category_words)


def repeated_in(names: Sequence[Written]) -> Repeated | None:
    """Whether any brand has several of these; None if one that has has a name that waits for others."""
    repeated: Repeated = ""
    known: set[int] = set()
    brands: set[str] = set()
    again: set[str] = set()
    for name in names:
        if id(name) in known:
            again |= name.brands
            repeated = "otherwise" if repeated == "otherwise" or not name.is_whole else "alike"
            continue
        known.add(id(name))
        if not brands.isdisjoint(name.brands):
            again |= brands & name.brands
            repeated = "otherwise"
        brands |= name.brands
    if again and any(not again.isdisjoint(name.waiting) for name in names):
        return None
    return repeated
