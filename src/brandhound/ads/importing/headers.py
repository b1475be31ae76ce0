"""What Ads Manager writes above its columns, in English and German, and what stands below it."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

_UNIT = re.compile(r"\s*[\(\[]\s*([A-Z]{3})\s*[\)\]]\s*$")
_SPACES = re.compile(r"\s+")


def places_of(headers: Sequence[str]) -> dict[str, list[int]]:
    """Where each thing stands. Of several columns for one, first that whose header comes first in `headers.json`."""
    found = [(*_aliases()[alias], at) for at, header in enumerate(headers) if (alias := _alias(header)) is not None]
    places: dict[str, list[int]] = {}
    for _, name, at in sorted(found):
        places.setdefault(name, []).append(at)
    return places


def known_among(headers: Sequence[str]) -> int:
    """How many of them are known."""
    return sum(_alias(header) is not None for header in headers)


def purchase_type(header: str) -> int | None:
    """Which purchases it counts, or tells the value of; None where it does not say."""
    alias = _alias(header)
    return next((at for at, names in enumerate(_known()["purchase_types"]) if alias in names), None)


def currency_of(header: str) -> str | None:
    """“Amount spent (EUR)” tells it."""
    found = _UNIT.search(header)
    return found[1] if found else None


def is_german(headers: Sequence[str]) -> bool:
    return any(_plain(header) in _known()["german"] for header in headers)


def is_named_total(name: str) -> bool:
    """“Total”, “Results from 12 ads” and nothing besides: an ad may be called “Total Body Workout”."""
    return _totals().fullmatch(_SPACES.sub(" ", name).strip().casefold()) is not None


def known_measures() -> tuple[str, ...]:
    """What a column can be mapped to."""
    return tuple(_known()["columns"])


def _alias(header: str) -> str | None:
    spellings = (header.casefold(), header.casefold().replace("_", " "), _plain(header))
    return next((spelling for spelling in spellings if spelling in _aliases()), None)


def _plain(header: str) -> str:
    """Without its currency, and in one spelling."""
    return _SPACES.sub(" ", _UNIT.sub("", header)).strip().casefold()


@cache
def _aliases() -> Mapping[str, tuple[int, str]]:
    """What is below a header, and how early it comes among those for the same."""
    names = {alias: name for name, aliases in _known()["columns"].items() for alias in aliases}
    # A table that was taken along from here calls them as we do: `ad_id`, `spend`, `attribution_setting`.
    names |= {name.removesuffix("_micros").replace("_", " "): name for name in _known()["columns"]}
    return {alias: (rank, name) for rank, (alias, name) in enumerate(names.items())}


@cache
def _totals() -> re.Pattern[str]:
    words, begins, levels = ("|".join(map(re.escape, _known()[key])) for key in ("totals", "totals_of", "levels"))
    return re.compile(rf"(?:{words}) ?:?|(?:{begins}) [\d.,' ]+ (?:{levels})(?: ?\(.*\))?")


@cache
def _known() -> Mapping[str, Any]:
    return json.loads(files("brandhound.ads.importing").joinpath("headers.json").read_text("utf-8"))
