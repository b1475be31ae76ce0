"""A summary of passages as a simple reader writes one: what the most passages say comes first, in their own words."""

from collections.abc import Sequence
from typing import cast

from brandhound.twins.models.asked import Json

_MOST_CITED = 4
_LONGEST = 300
_STOPS = ".!?…"


def summary_of(sources: Sequence[tuple[str, str]], facts: Json) -> list[Json]:
    """Sentences with the passages that they rest on; at most as many as the facts ask for.

    A passage is a headline, its outlet in brackets, and the sentence that names the brand. Copies of one sentence are told
    once, with all who printed it.
    """
    told: dict[str, list[str]] = {}
    about = cast("list[object]", facts.get("brands_it_is_about") or [])
    subjects = [str(name).casefold() for name in about]
    for name, passage in sources:
        headline, _, rest = passage.partition("\n")
        sentence = rest.partition("\n")[2].strip() or headline.strip()
        if 0 < len(sentence) <= _LONGEST:
            told.setdefault(sentence, []).append(name)
    ranked = sorted(told, key=lambda one: (not any(name in one.casefold() for name in subjects), -len(told[one])))
    most = int(facts["most_sentences"])
    return [{"text": _closed(one), "cites": told[one][:_MOST_CITED]} for one in ranked[:most]]


def _closed(sentence: str) -> str:
    return sentence if sentence[-1] in _STOPS + '”"' else f"{sentence}."
