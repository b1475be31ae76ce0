"""The cold start: what a brand's one-line profile, and those of its namesakes, say of a sentence. Thinking only."""

import re
from functools import lru_cache
from typing import NamedTuple

from brandhound.brands.names import BrandNames
from brandhound.mentions.confidence import SIGNS, Reason
from brandhound.mentions.learning.fitting import Floats
from brandhound.mentions.learning.sights import Sight, vector_of_line
from brandhound.mentions.weighing import LEAST_ASKED

_WORD = re.compile(r"\w+(?:['’]\w+)?")
SUPPORT = frozenset(
    ("context_near", "context_article", "own_domain", "other_name", "ticker", "legal_form", "legal_name", "same_sense")
)
"""Where one of these speaks for the brand, likeness has nothing to add: a firm is in the news for more than what it makes."""


class Numbers(NamedTuple):
    """What signs, likeness to the profile and to a namesake, and a longer name weigh beside one another."""

    signs: float
    profile: float
    namesake: float
    longer: float
    start: float


# Fitted by `python -m bench.quality.disambiguation --fit`; its own figures are of numbers fitted without the name in question.
# What signs weigh is held at .5: tweets and comments alone would give them less, at no gain, and business news need them.
WITH_NAMESAKES = Numbers(0.5, 19.1, -13.1, -2.4, -2.7)
WITHOUT = Numbers(0.5, 17.3, -9.2, -2.8, -2.4)


class Profile(NamedTuple):
    """A brand in a line, and what else its name means, a line each."""

    name: str
    line: str = ""
    namesakes: tuple[str, ...] = ()

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

    @property
    def others(self) -> tuple[str, ...]:
        """What a sentence is compared with besides: the namesakes, or the bare word where none was given."""
        return self.namesakes or (f"the ordinary word {self.name.lower()}",)

    @property
    def numbers(self) -> Numbers:
        return WITH_NAMESAKES if self.namesakes else WITHOUT


class Cold(NamedTuple):
    """The odds of the cold start; what the signs weigh in them; what the profile added, in words; and which signs it silenced."""

    odds: float
    trust: float = 1.0
    reasons: tuple[Reason, ...] = ()
    unheard: frozenset[str] = frozenset()


def profile_of(brand: BrandNames, description: str, namesakes: tuple[str, ...] = ()) -> Profile:
    """The profile of a brand, from what people said of it."""
    said = [description.strip(), ", ".join(brand.context_words)] if description.strip() else []
    return Profile(brand.name, ": ".join([brand.name, *filter(None, said)]) if said else "", namesakes)


def likeness(vector: Floats, profile: Profile) -> tuple[float, float, str] | None:
    """How like the sentence is to the profile and to the nearest namesake, and which that is; None without a model."""
    line = vector_of_line(profile.line)
    others = [(found, one) for one in profile.others if (found := vector_of_line(one)) is not None]
    if line is None or not others:
        return None
    nearest, namesake = max((float(vector @ found), one) for found, one in others)
    return float(vector @ line), nearest, namesake


def is_asked_of(sight: Sight, profile: Profile) -> bool:
    """Whether the profile has a say: the name can mean something else, by our lists or by what people told."""
    return not profile.is_empty and (sight.is_ambiguous or bool(profile.namesakes))


def unheard(sight: Sight, profile: Profile) -> frozenset[str]:
    """The signs that say nothing beside a profile: it tells more of the same, or says that they are no signs here."""
    # A profile is the context that the name was lacking, and a longer name is weighed by its words.
    codes = {"asks_context", "capital_before"}
    if profile.namesakes:
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
            if sign.code == "capital_before" and sign.about.lower() not in profile.words
        ),
        "",
    )


def is_silent(sight: Sight, profile: Profile) -> bool:
    """Whether the signs alone decide."""
    return not is_asked_of(sight, profile) or any(sign.code in SUPPORT for sign in sight.signs)


def cold_odds(sight: Sight, vector: Floats, profile: Profile, numbers: Numbers | None = None) -> Cold:
    """The odds that the brand is meant, from its signs and its profile.

    Unlike its profile a sentence may still be about the brand: what the signs would not reject is then put to a person, unless
    it is nearer to a namesake, or the name is part of another one.
    """
    if is_silent(sight, profile):
        return Cold(sight.odds)
    found = likeness(vector, profile)
    if found is None:
        return Cold(sight.odds)
    near, nearest, namesake = found
    weigh, longer = numbers or profile.numbers, longer_name(sight, profile)
    heard = heard_odds(sight, profile)
    signs = weigh.signs * heard + (weigh.longer if longer else 0.0)
    odds = signs + weigh.profile * near + weigh.namesake * nearest + weigh.start
    nearer = namesake if profile.namesakes and nearest > near else ""
    is_small = any(sign.code == "small_letters" for sign in sight.signs)
    if not nearer and not longer and not is_small and heard >= LEAST_ASKED:
        odds = max(odds, LEAST_ASKED)
    reasons = [_reason(odds - signs, profile, nearer)]
    if longer:
        reasons.append(Reason("longer_name", f"“{longer}” before it makes another name than the brand's", weigh.longer))
    return Cold(odds, weigh.signs, tuple(reasons), unheard(sight, profile))


def _reason(added: float, profile: Profile, nearer: str) -> Reason:
    line = profile.line if len(profile.line) <= 80 else profile.line[:80].rsplit(" ", 1)[0] + " …"
    if added >= 0:
        said = f"speaks of what the brand is: “{line}”"
    else:
        said = f"nearer to “{nearer}” than to the brand" if nearer else f"unlike what the brand is: “{line}”"
    return Reason("profile", said, round(added, 2))


@lru_cache(maxsize=512)
def _words_of(line: str) -> frozenset[str]:
    return frozenset(_WORD.findall(line.lower()))


@lru_cache(maxsize=512)
def _has_more_before(line: str, name: str) -> bool:
    before = re.findall(rf"(\w+) {re.escape(name)}\b", line)
    return any(word.lower() == "the" or word[0].isupper() for word in before)
