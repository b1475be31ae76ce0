"""How sure it is that a mention is its brand, with what the brand's profile and its last accepted lesson say. Thinking only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from brandhound.mentions.confidence import Reason, reasons_of
from brandhound.mentions.learning.fitting import Fit, Floats, chance
from brandhound.mentions.learning.profiles import Profile, cold_odds, is_asked_of
from brandhound.mentions.learning.sights import Sight, sentence_model, sight_of, vectors_of
from brandhound.mentions.matching import BrandMention

LEAST_SAID = 0.15
"""Log-odds below which a part is not worth a reason."""


@dataclass(frozen=True, eq=False)
class Example:
    """A judged sentence to explain by."""

    verdict: str
    text: str
    vector: Floats


@dataclass(frozen=True, eq=False)
class Taught:
    """A lesson as it is applied: weights, the signs they are for, and sentences to explain by."""

    fit: Fit
    codes: tuple[str, ...]
    examples: tuple[Example, ...]
    number: int

    def amounts(self, sight: Sight) -> Floats:
        """How much of each sign that the lesson has a weight for is there."""
        return amounts_of(sight, self.codes)


@dataclass(frozen=True, eq=False)
class BrandJudge:
    """All that decides on mentions of one brand."""

    profile: Profile
    taught: Taught | None = None

    def asks_the_model(self, sight: Sight) -> bool:
        """Whether the sentence itself has a say; where the name is clear and nothing was taught, it has none."""
        if self.taught is not None:
            return True
        return is_asked_of(sight, self.profile)

    def say(self, sight: Sight, vector: Floats) -> tuple[float, list[Reason]]:
        """The confidence and its reasons, the weightiest first."""
        cold = cold_odds(sight, vector, self.profile)
        said = [
            replace(reason, weight=round(reason.weight * cold.trust, 2))
            for reason in reasons_of(sight.signs)
            if reason.code not in cold.unheard
        ]
        said += cold.reasons
        odds = cold.odds
        if self.taught is not None:
            odds, said = _corrected(odds, said, sight, vector, self.taught)
        return float(chance(np.array([odds]))[0]), sorted(said, key=lambda reason: -abs(reason.weight))


def _corrected(
    odds: float, said: list[Reason], sight: Sight, vector: Floats, taught: Taught
) -> tuple[float, list[Reason]]:
    fit = taught.fit
    learned = dict(zip(taught.codes, (fit.signs * taught.amounts(sight)).tolist(), strict=True))
    about = float(vector @ fit.direction - fit.center @ fit.direction)
    total = fit.bias + fit.trust * odds + sum(learned.values()) + about
    said = [
        replace(reason, weight=round(reason.weight * fit.trust + learned.pop(reason.code, 0.0), 2)) for reason in said
    ]
    if abs(about) >= LEAST_SAID and (example := _likest(vector, about, taught.examples)) is not None:
        kept = "you kept" if example.verdict == "yes" else "you turned down"
        said.append(Reason(f"like_{example.verdict}", f"like what {kept}: “{example.text}”", round(about, 2)))
    elif abs(about) >= LEAST_SAID:
        toward = "more like what you kept" if about > 0 else "more like what you turned down"
        said.append(Reason("like_judged", toward, round(about, 2)))
    return total, said


def _likest(vector: Floats, about: float, examples: Sequence[Example]) -> Example | None:
    """The nearest judged sentence of the verdict that the words speak for."""
    wanted = "yes" if about > 0 else "no"
    found = [(float(vector @ one.vector), at) for at, one in enumerate(examples) if one.verdict == wanted]
    near, at = max(found, default=(0.0, -1))
    return examples[at] if at >= 0 and near > 0.2 else None


def amounts_of(sight: Sight, codes: Sequence[str]) -> Floats:
    """How much of each of these signs is there."""
    return np.array([sum(sign.amount for sign in sight.signs if sign.code == code) for code in codes])


class Judges:
    """The judges of an organization's brands; brands without one keep what their signs say."""

    def __init__(self, of_brand: Mapping[str, BrandJudge]) -> None:
        self._of_brand = of_brand

    def __call__(self, seen: Sequence[tuple[str, str, BrandMention]]) -> list[BrandMention]:
        """The mentions (each with title and text of its article) as the judges see them, in the same order.

        About six thousandths of a second for each that the sentence model is asked about.
        """
        found = [mention for _, _, mention in seen]
        asked: list[tuple[int, BrandJudge, Sight]] = []
        for at, (title, text, mention) in enumerate(seen):
            judge = self._of_brand.get(mention.brand)
            if judge is not None and judge.asks_the_model(sight := sight_of(mention, title, text)):
                asked.append((at, judge, sight))
        vectors = vectors_of([sight for _, _, sight in asked], sentence_model() if asked else None)
        for (at, judge, sight), vector in zip(asked, vectors, strict=True):
            confidence, reasons = judge.say(sight, vector)
            found[at] = replace(found[at], confidence=round(confidence, 4), reasons=reasons)
        return found
