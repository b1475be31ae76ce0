"""What goes wrong at each provider, as it was recorded: status, headers and body, by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from brandhound.twins.models.asked import Wire

FAMILY: Mapping[Wire, str] = {"chat": "openai", "responses": "openai", "anthropic": "anthropic", "gemini": "gemini"}

# Good answers say what is left, too. Gemini's say nothing.
LIMITS: Mapping[str, Mapping[str, str]] = {
    "openai": {
        "x-ratelimit-limit-requests": "10000",
        "x-ratelimit-limit-tokens": "2000000",
        "x-ratelimit-remaining-requests": "9999",
        "x-ratelimit-remaining-tokens": "1999000",
        "x-ratelimit-reset-requests": "6ms",
        "x-ratelimit-reset-tokens": "30ms",
        "openai-processing-ms": "12",
    },
    "anthropic": {
        "anthropic-ratelimit-requests-limit": "4000",
        "anthropic-ratelimit-requests-remaining": "3999",
        "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:00Z",
        "anthropic-ratelimit-tokens-limit": "400000",
        "anthropic-ratelimit-tokens-remaining": "399000",
        "anthropic-ratelimit-tokens-reset": "2026-01-01T00:00:00Z",
    },
    "gemini": {"server-timing": "gfet4t7; dur=12"},
}


@dataclass(frozen=True)
class Trouble:
    """One answer that is none."""

    name: str
    status: int
    headers: Mapping[str, str]
    body: Any


@cache
def troubles() -> Mapping[str, Mapping[str, Trouble]]:
    """All that is recorded: by family, then by name."""
    data: dict[str, list[dict[str, Any]]] = json.loads(
        (files("brandhound.twins.models") / "errors.json").read_text("utf-8")
    )
    return {
        family: {one["name"]: Trouble(one["name"], one["status"], one.get("headers", {}), one["body"]) for one in cases}
        for family, cases in data.items()
    }


def trouble(family: str, name: str) -> Trouble:
    """One of them. Raises KeyError for one that is not recorded."""
    return troubles()[family][name]
