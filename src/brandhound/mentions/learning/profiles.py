"""The cold start: what a brand's one-line profile, and those of its namesakes, say of a sentence. Thinking only."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from brandhound.brands.models import Brand
from brandhound.mentions.confidence import SIGNS, Reason
from brandhound.mentions.learning.fitting import Floats
from brandhound.mentions.learning.meanings import Meanings, longer_name_at, meanings_at
from brandhound.mentions.learning.sights import Sight, vector_of_line
from brandhound.mentions.weighing import LEAST_ASKED

_WORD = re.compile(r"\w+(?:['’]\w+)?")
SUPPORT = frozenset(
    ("context_near", "context_article", "own_domain", "other_name", "ticker", "legal_form", "legal_name", "same_sense")
)
"""Where one of these speaks for the brand, likeness has nothing to add: a firm is in the news for more than what it makes."""

SPEAKS_FOR = 0.5
"""Odds of the signs that hold against another meaning: “Orange's new chief executive” is not thrown out as a fruit."""


class Numbers(NamedTuple):
    """What weighs how much: signs, likeness to the profile and to namesakes, a longer name, and one that is in the dictionary."""

    signs: float
    profile: float
    namesake: float
    longer: float
    known: float
    start: float


# Fitted by `python -m bench.quality.disambiguation --fit`; its own figures are of numbers fitted without the name in question.
# What signs weigh is held at .8, and at .5 where the other meanings are not known: tweets and comments alone would give them
# less, at no gain, and business news need them.
WITH_NAMESAKES = Numbers(0.8, 18.9, -17.8, -3.3, -3.1, -1.7)
BY_DICTIONARY = Numbers(0.8, 18.0, -16.9, -3.3, -3.3, -2.0)
WITHOUT = Numbers(0.5, 17.2, -8.4, -3.3, 0.0, -2.6)
"""Of names that are no words, as far as anybody knows."""


class Profile(NamedTuple):
    """A brand in a line, what people say its name means besides, and meanings in the dictionary that they switched off.

    Where nothing is looked up (`looks_up`) only what people said is known.
    """

    name: str
    line: str = ""
    namesakes: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    looks_up: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.line

    @property
    def words(self) -> frozenset[str]:
        """The words of the line, in lower case."""
        return _words_of(self.line)

    @property
    def is_called_so(self) -> bool:
        """Whether the brand itself goes by a longer name: “The Guardian”, “the New York Times”."""
        return _has_more_before(self.line, self.name)

    def meanings(self, sight: Sight) -> Meanings | None:
        """What the dictionary says that the name means besides, where it stands."""
        return meanings_at(sight, self.line, self.off) if self.looks_up and self.line else None

    def numbers(self, meanings: Meanings | None) -> Numbers:
        """What weighs how much, by what is known of the name's other meanings."""
        if self.namesakes:
            return WITH_NAMESAKES
        return BY_DICTIONARY if meanings is not None else WITHOUT


class Likeness(NamedTuple):
    """How like a sentence is to the brand, and to what its name means besides; what it is nearest to of that, in words."""

    brand: float
    besides: float
    nearest: str


class Cold(NamedTuple):
    """The odds of the cold start; what the signs weigh in them; what the profile added, in words; and which signs it silenced."""

    odds: float
    trust: float = 1.0
    reasons: tuple[Reason, ...] = ()
    unheard: frozenset[str] = frozenset()


def profile_of_brand(brand: Brand) -> Profile:
    """The profile of a brand, from what people said of it."""
    line = line_of(brand.name, brand.description, brand.context_words)
    return Profile(brand.name, line, tuple(brand.namesakes), frozenset(brand.meanings_off))


def line_of(name: str, description: str, context_words: Sequence[str]) -> str:
    """What a brand is, in a line; empty where nobody said it."""
    said = [description.strip(), ", ".join(context_words)] if description.strip() else []
    return ": ".join([name, *filter(None, said)]) if said else ""


def likeness(vector: Floats, profile: Profile, meanings: Meanings | None) -> Likeness | None:
    """How like the sentence is to the profile and to what the name means besides; None without a model.

    People's namesakes and the dictionary's meanings count alike; where there are none, the bare word does. Of many lines the
    nearest and the mean of all count half each: the one says what is spoken of, the other whether the name is used as a word.
    """
    line = vector_of_line(profile.line)
    others = profile.namesakes or (() if meanings else (f"the ordinary word {profile.name.lower()}",))
    vectors = [found for one in others if (found := vector_of_line(one)) is not None]
    if line is None or len(vectors) < len(others):
        return None
    said = [f"“{one}”" for one in others]
    if meanings is not None:
        vectors = [*vectors, *meanings.vectors]
        said += [f"“{one}” (dictionary)" for one in meanings.said]
    like = np.array(vectors) @ vector
    return Likeness(float(line @ vector), float(like.max() + like.mean()) / 2, said[int(like.argmax())])


def is_asked_of(sight: Sight, profile: Profile) -> bool:
    """Whether the profile has a say: the name can mean something else, by our lists, by people or by the dictionary."""
    if profile.is_empty:
        return False
    return sight.is_ambiguous or bool(profile.namesakes) or profile.meanings(sight) is not None


def unheard(sight: Sight, profile: Profile) -> frozenset[str]:
    """The signs that say nothing beside a profile: it tells more of the same, or says that they are no signs here."""
    # A profile is the context that the name was lacking, and a longer name is weighed by its words.
    codes = {"asks_context", "capital_before"}
    if profile.namesakes or profile.meanings(sight) is not None:
        codes.add("distinctive")
    if profile.is_called_so:
        codes.add("article")
    return frozenset(sign.code for sign in sight.signs if sign.code in codes)


def heard_odds(sight: Sight, profile: Profile) -> float:
    """The odds by those signs that do say something beside the profile."""
    codes = unheard(sight, profile)
    return sight.odds - sum(sign.amount * SIGNS[sign.code].weight for sign in sight.signs if sign.code in codes)


def longer_name(sight: Sight, profile: Profile) -> str:
    """The word before the name that makes it another one (“Seattle” before Times); empty where there is none."""
    return next(
        (
            sign.about
            for sign in sight.signs
            if sign.code == "capital_before"
            and sign.about.lower() not in profile.words
            and sign.about.replace(".", "") != _initials_before(profile.line, profile.name)
        ),
        "",
    )


def known_longer_name(sight: Sight, meanings: Meanings | None) -> str:
    """The longer name that stands there and is in the dictionary (“Supreme Court”); empty where there is none."""
    return longer_name_at(sight, meanings) if meanings is not None else ""


def is_silent(sight: Sight, profile: Profile) -> bool:
    """Whether the signs alone decide."""
    return not is_asked_of(sight, profile) or any(sign.code in SUPPORT for sign in sight.signs)


def cold_odds(sight: Sight, vector: Floats, profile: Profile, numbers: Numbers | None = None) -> Cold:
    """The odds that the brand is meant, from its signs and its profile.

    Unlike its profile a sentence may still be about the brand: what the signs would not reject is then put to a person, unless
    it is nearer to what the name also means and the signs hardly speak for the brand, or the name is part of another one.
    """
    if is_silent(sight, profile):
        return Cold(sight.odds)
    meanings = profile.meanings(sight)
    found = likeness(vector, profile, meanings)
    if found is None:
        return Cold(sight.odds)
    weigh = numbers or profile.numbers(meanings)
    longer, known = longer_name(sight, profile), known_longer_name(sight, meanings)
    heard = heard_odds(sight, profile)
    signs = weigh.signs * heard + (weigh.longer if longer else 0.0) + (weigh.known if known else 0.0)
    odds = signs + weigh.profile * found.brand + weigh.namesake * found.besides + weigh.start
    is_told = bool(profile.namesakes) or meanings is not None
    nearer = found.nearest if is_told and found.besides > found.brand else ""
    is_small = any(sign.code == "small_letters" for sign in sight.signs)
    least = SPEAKS_FOR if nearer else LEAST_ASKED
    if not longer and not known and not is_small and heard >= least:
        odds = max(odds, LEAST_ASKED)
    reasons = [_reason(odds - signs, profile, nearer)]
    if longer:
        reasons.append(Reason("longer_name", f"“{longer}” before it makes another name than the brand's", weigh.longer))
    if known:
        reasons.append(Reason("known_name", f"“{known}” is another name in the dictionary", weigh.known))
    return Cold(odds, weigh.signs, tuple(reasons), unheard(sight, profile))


def _reason(added: float, profile: Profile, nearer: str) -> Reason:
    line = profile.line if len(profile.line) <= 80 else profile.line[:80].rsplit(" ", 1)[0] + " …"
    if added >= 0:
        said = f"speaks of what the brand is: “{line}”"
    else:
        said = f"nearer to {nearer} than to the brand" if nearer else f"unlike what the brand is: “{line}”"
    return Reason("profile", said, round(added, 2))


@lru_cache(maxsize=512)
def _words_of(line: str) -> frozenset[str]:
    return frozenset(_WORD.findall(line.lower()))


@lru_cache(maxsize=512)
def _has_more_before(line: str, name: str) -> bool:
    before = re.findall(rf"(\w+) {re.escape(name)}\b", line)
    return any(word.lower() == "the" or word[0].isupper() for word in before)


@lru_cache(maxsize=512)
def _initials_before(line: str, name: str) -> str:
    """“NY” where the line says “The New York Times”; empty where fewer than two words stand before the name."""
    before = re.search(rf"((?:[A-Z]\w+ )+){re.escape(name)}\b", line)
    words = [word for word in before.group(1).split() if word != "The"] if before else []
    return "".join(word[0] for word in words) if len(words) > 1 else ""
