"""What a model may be asked for. Packages say it where they are imported; the settings show it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One use of a model, and what happens without."""

    name: str
    """As it is stored, such as mentions.second_opinion."""
    title: str
    about: str
    adds: str
    """What a model adds."""
    without: str
    """What is done without one."""
    sends: str
    """What leaves this machine for it."""


_FEATURES: dict[str, Feature] = {}

TRIAL = "models.trial"
"""Calls of the button that tries a key out are counted under this name; no model is chosen for it."""


def feature(new: Feature) -> Feature:
    """Register a use. Safe to repeat with the same."""
    known = _FEATURES.setdefault(new.name, new)
    if known != new:
        raise ValueError(f"two uses of a model are named {new.name!r}")
    return known


def features() -> Mapping[str, Feature]:
    """All uses, by name."""
    return dict(sorted(_FEATURES.items()))


def title_of_feature(name: str) -> str:
    """What people call it; the name itself for one that is no longer there."""
    if name == TRIAL:
        return "Trying a key out"
    known = _FEATURES.get(name)
    return known.title if known else name
