"""The sentence that names the brand, cut from the article by its stored offsets."""

from collections.abc import Mapping, Sequence
from typing import Any

from brandhound.core.files import files

MOST = 600


def sentence_of(evidence: Sequence[Mapping[str, Any]], title: str, text: str) -> str | None:
    """The first sentence of the text that names the brand, else the title that does."""
    places = sorted(evidence, key=lambda place: (place.get("field") == "title", _number(place, "start")))
    for place in places:
        source = title if place.get("field") == "title" else text
        start, end = _number(place, "sentence_start"), _number(place, "sentence_end")
        if 0 <= start < end <= len(source):
            sentence = " ".join(source[start:end].split())
            return sentence if len(sentence) <= MOST else sentence[: MOST - 1].rstrip() + "…"
    return None


def sentence_beside(evidence: Sequence[Mapping[str, Any]], title: str, text: str) -> str:
    """The same where the title stands above it already: empty if it is the title."""
    sentence = sentence_of(evidence, title, text) or ""
    return "" if is_title(sentence, title) else sentence


def is_title(words: str, title: str) -> bool:
    return words.strip(" .“”").casefold() == title.strip(" .“”").casefold()


def stored_text(text_sha256: str | None) -> str:
    """The article's text that the offsets count in; empty when it is not kept any more."""
    if text_sha256 is None:
        return ""
    try:
        return files().get(text_sha256).decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _number(place: Mapping[str, Any], name: str) -> int:
    value = place.get(name)
    return value if isinstance(value, int) else -1
