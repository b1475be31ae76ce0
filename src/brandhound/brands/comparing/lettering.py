"""How much of what two names are written with is the same, runs of two to four letters, the rare ones counting more."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from brandhound.brands.catalogue import catalogue
from brandhound.brands.comparing.reading import as_meant
from brandhound.brands.comparing.transliterating import in_latin

LENGTHS = (2, 3, 4)
_SIGNS = re.compile(r"[\W_]+")


def lettering(one: str, other: str) -> tuple[float, float]:
    """The cosine of both names' runs of letters, and the share of one's runs that the other has, where that is larger. 0 to 1."""
    (mine, my_length), (theirs, their_length) = _runs(one), _runs(other)
    if not my_length or not their_length:
        return 0.0, 0.0
    shared = mine.keys() & theirs.keys()
    cosine = sum(mine[run] * theirs[run] for run in shared) / (my_length * their_length)
    held = max(sum(runs[run] ** 2 for run in shared) / length**2 for runs, length in (_runs(one), _runs(other)))
    return min(1.0, cosine), min(1.0, held)


@lru_cache(maxsize=20_000)
def _runs(name: str) -> tuple[Mapping[str, float], float]:
    """The runs of a name, each by how often it is there and how rare it is, and the length of the vector they make."""
    counted, names = _counted_in_catalogue()
    weights = {
        run: (1 + math.log(times)) * math.log(names / (1 + counted[run])) for run, times in _runs_in(name).items()
    }
    return weights, math.sqrt(sum(weight * weight for weight in weights.values()))


def _runs_in(name: str) -> Counter[str]:
    text = f" {_SIGNS.sub(' ', in_latin(as_meant(name))).strip()} "
    return Counter(text[at : at + length] for length in LENGTHS for at in range(len(text) - length + 1))


@lru_cache(maxsize=1)
def _counted_in_catalogue() -> tuple[Counter[str], int]:
    names = {brand.name for brand in catalogue().brands}
    return Counter(run for name in names for run in set(_runs_in(name))), max(len(names), 100)
