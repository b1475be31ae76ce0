"""Which fields there are, by kind of object, as of v26.0. Names only: what they hold is computed elsewhere."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def known_fields() -> Mapping[str, frozenset[str]]:
    """Every field by kind: asking for another one is an error."""
    told: dict[str, list[str]] = json.loads((files("brandhound.twins.meta") / "library/fields.json").read_text("utf-8"))
    return {kind: frozenset(names) for kind, names in told.items()}
