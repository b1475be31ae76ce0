"""Whether the words of an article bear a sentence out, as far as can be seen without understanding either.

A sentence passes when each of its numbers, each of its quotations and each name in it stands in what it cites (or is a
name the report itself uses), when it denies nothing that is not denied there, and when most of its other words stand
there too. So a summary may leave out and put together; it cannot add. What it might still do is put true words together
to something untrue: that is why each sentence names its sources and opens them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

ENOUGH_WORDS = 0.6
"""This part of the words that carry meaning must stand in the sources, by their stems."""
LONGEST = 400

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?")
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]{2,300})[”“»\"]")
_ADDRESS = re.compile(r"https?://|www\.|@\w|\]\(|[<>{}`]|\*\*")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_DENYING = frozenset((
    "no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot", "denied", "denies",
    "deny", "denying", "refused", "refuses", "rejected", "rejects", "dismissed", "dismisses", "nicht", "kein",
    "keine", "keinen", "nie", "niemand", "ohne", "pas", "jamais", "aucun", "aucune", "sans", "non", "nunca",
    "ningún", "sin", "nessuno", "senza", "não",
))  # fmt: skip
_COMMON = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "however", "meanwhile",
    "despite", "though", "although", "since", "because", "when", "where", "what", "how", "following", "our", "we",
    "has", "have", "he", "her", "his", "in", "into", "is", "it", "its", "of", "on", "or", "she", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "was", "were", "which", "while",
    "who", "whom", "will", "with", "would", "about", "after", "also", "among", "before", "between", "both",
    "during", "each", "more", "most", "other", "over", "than", "through", "under", "until", "up", "very", "said",
    "says", "say", "reported", "report", "according", "company", "brand", "story", "stories", "article", "articles",
    "outlet", "outlets", "mention", "mentions", "coverage", "news", "media", "press", "week", "month", "day",
    "days", "several", "many", "some", "one", "two", "three", "new", "der", "die", "das", "und", "oder", "ein",
    "eine", "im", "in", "von", "mit", "für", "auf", "dem", "den", "des", "zu", "sich", "auch", "als", "bei", "nach",
    "aus", "le", "la", "les", "des", "une", "un", "et", "ou", "dans", "pour", "sur", "avec", "par", "el", "los",
    "las", "y", "o", "con", "para", "por", "del",
))  # fmt: skip


def why_not(sentence: str, sources: Sequence[str], known: Iterable[str]) -> str | None:
    """Why the sources do not bear the sentence out, in a word; None if they do. `known` are names of the report itself."""
    said = _folded(sentence)
    there = _folded(" \n ".join(sources))
    names = _folded(" \n ".join(known))
    if not said or len(sentence) > LONGEST or _ADDRESS.search(sentence):
        return "form"
    if any(_plain_number(number) not in _numbers(there) for number in _NUMBER.findall(said)):
        return "number"
    if any(_folded(quote) not in there for quote in _QUOTED.findall(sentence)):
        return "quotation"
    words_there = {stem(word) for word in _WORD.findall(there)} | {stem(word) for word in _WORD.findall(names)}
    if any(stem(_folded(name)) not in words_there for name in _names(sentence)):
        return "name"
    denying = {word for word in _WORD.findall(said) if word in _DENYING or word.endswith(("n't", "n’t"))}
    if denying and not any(word in _DENYING or word.endswith(("n't", "n’t")) for word in _WORD.findall(there)):
        return "denial"
    if _IDEOGRAPHS.search(said):
        return None if _pairs_found(said, there + names) >= ENOUGH_WORDS else "words"
    told = [word for word in _WORD.findall(said) if word not in _COMMON and len(word) > 2]
    found = sum(stem(word) in words_there for word in told)
    return None if told and found / len(told) >= ENOUGH_WORDS else "words"


def stem(word: str) -> str:
    """The beginning of a word that its forms share, roughly: endings of English, German, French and Spanish are cut."""
    word = word.removesuffix("’s").removesuffix("'s")
    for ending in ("ings", "ing", "ies", "ied", "ed", "es", "en", "er", "s", "e", "n", "t", "y"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def _names(sentence: str) -> list[str]:
    """Words that may be names: any with a capital. The first word of a sentence may be one, too, if it is no common word."""
    words = [match.group() for match in _WORD.finditer(sentence)]
    return [
        word
        for word in words
        if any(char.isupper() for char in word) and word.casefold() not in _COMMON and word.casefold() not in _DENYING
    ]


def _numbers(text: str) -> set[str]:
    return {_plain_number(number) for number in _NUMBER.findall(text)}


def _plain_number(number: str) -> str:
    """12,000 and 12.000 are one number; 1.5 and 1,5 are another."""
    tail = re.search(r"[.,](\d{1,2})$", number)
    whole = number[: tail.start()] if tail else number
    return "".join(char for char in whole if char.isdigit()) + (f".{tail.group(1)}" if tail else "")


def _pairs_found(said: str, there: str) -> float:
    """Of writing without spaces: the part of its pairs of signs that stand in the sources."""
    runs = re.findall(r"[^\W\d_]+", said)
    pairs = [run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1))]
    return sum(pair in there for pair in pairs) / len(pairs) if pairs else 0.0


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
