"""What is known of Meta and changes three times a year, in files: fields, limits, and what to do about which error."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def fields() -> Mapping[str, Any]:
    """Which fields are asked for, which must come, and which of our measures they are."""
    return _read("fields.json")


@cache
def limits() -> Mapping[str, Any]:
    """Sizes, times and shares of the limits."""
    return _read("limits.json")


@cache
def policies() -> Mapping[str, Any]:
    """What to do about an error, by its code and subcode, or by its words."""
    return _read("policies.json")


def _read(name: str) -> Mapping[str, Any]:
    return json.loads(files("brandhound.ads.meta").joinpath(name).read_text("utf-8"))
