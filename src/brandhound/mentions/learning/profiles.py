"""The cold start: what a brand's one-line profile, and those of its namesakes, say of a sentence. Thinking only."""

from typing import NamedTuple

from brandhound.brands.names import BrandNames
from brandhound.mentions.confidence import SIGNS, Reason
from brandhound.mentions.learning.fitting import Floats
from brandhound.mentions.learning.sights import Sight, vector_of_line
from brandhound.mentions.weighing import LEAST_ASKED

SUPPORT = frozenset(
    ("context_near", "context_article", "own_domain", "other_name", "ticker", "legal_form", "legal_name", "same_sense")
)
"""Where one of these speaks for the brand, likeness has nothing to add: a firm is in the news for more than what it makes."""


class Numbers(NamedTuple):
    """What signs, likeness to the profile and likeness to a namesake weigh beside one another."""

    signs: float
    profile: float
    namesake: float
    start: float


# Fitted by `python -m bench.quality.disambiguation --fit`; its own figures are of numbers fitted without the name in question.
# What signs weigh is held at .8: tweets and comments alone would give them half of that, at no gain, and business news need them.
WITH_NAMESAKES = Numbers(0.8, 17.3, -14.9, -1.7)
WITHOUT = Numbers(0.8, 16.1, -9.3, -2.3)


class Profile(NamedTuple):
    """A brand in a line, and what else its name means, a line each."""

    name: str
    line: str = ""
    namesakes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.line

    @property
    def others(self) -> tuple[str, ...]:
        """What a sentence is compared with besides: the namesakes, or the bare word where none was given."""
        return self.namesakes or (f"the ordinary word {self.name.lower()}",)

    @property
    def numbers(self) -> Numbers:
        return WITH_NAMESAKES if self.namesakes else WITHOUT


class Cold(NamedTuple):
    """The odds of the cold start; what the signs weigh in them; and what the profile added, in words."""

    odds: float
    trust: float = 1.0
    reasons: tuple[Reason, ...] = ()


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


def cold_odds(sight: Sight, vector: Floats, profile: Profile) -> Cold:
    """The odds that the brand is meant, from its signs and its profile.

    Unlike its profile a sentence may still be about the brand: what the signs would not reject is then put to a person, unless
    it is nearer to a namesake.
    """
    if profile.is_empty or not sight.is_ambiguous or any(sign.code in SUPPORT for sign in sight.signs):
        return Cold(sight.odds)
    found = likeness(vector, profile)
    if found is None:
        return Cold(sight.odds)
    near, nearest, namesake = found
    weigh = profile.numbers
    # A profile is the context that the name was lacking.
    asked = sum(sign.amount * SIGNS[sign.code].weight for sign in sight.signs if sign.code == "asks_context")
    signs = weigh.signs * (sight.odds - asked)
    odds = signs + weigh.profile * near + weigh.namesake * nearest + weigh.start
    nearer = namesake if profile.namesakes and nearest > near else ""
    if not nearer and sight.odds >= LEAST_ASKED:
        odds = max(odds, LEAST_ASKED)
    return Cold(odds, weigh.signs, (_reason(odds - signs, profile, nearer),))


def _reason(added: float, profile: Profile, nearer: str) -> Reason:
    line = profile.line if len(profile.line) <= 80 else profile.line[:80].rsplit(" ", 1)[0] + " …"
    if added >= 0:
        said = f"speaks of what the brand is: “{line}”"
    else:
        said = f"nearer to “{nearer}” than to the brand" if nearer else f"unlike what the brand is: “{line}”"
    return Reason("profile", said, round(added, 2))
