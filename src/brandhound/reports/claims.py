"""Whether the words of an article bear a sentence out, as far as can be seen without understanding either.

A sentence passes when each of its numbers, with its size, each of its quotations, each direction (rose or fell, won or
lost) and each name in it stands in what it cites (or is the brand of a mention it cites), when no direction is told of what
went the opposite way there, when it denies what is denied there and nothing else, and when most of its other words stand
there too, or all if it is short. So a summary may leave out and put together; it cannot add. What it might still do is put
true words together to something untrue: that is why each sentence names its sources and opens them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from brandhound.reports.directions import WAYS, is_turned_round

ENOUGH_WORDS = 0.6
"""This part of the words that carry meaning must stand in the sources, by their stems."""
SHORT = 4
"""Up to so many such words, each of them must stand there."""
LONGEST = 400

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?")
_UNITS = re.compile(r"(?<=[.!?])\s|[\n;]| [–—] | (?:but|aber|sondern|mais|pero) ")
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]{2,300})[”“»\"]")
_ADDRESS = re.compile(r"https?://|www\.|@\w|\]\(|[<>{}`]|\*\*")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_DENYING = frozenset((
    "no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot", "denied", "denies",
    "deny", "denying", "refused", "refuses", "rejected", "rejects", "dismissed", "dismisses", "nicht", "kein",
    "keine", "keinen", "nie", "niemand", "ohne", "pas", "jamais", "aucun", "aucune", "sans", "non", "nunca",
    "ningún", "sin", "nessuno", "senza", "não", "false", "untrue", "fails", "failed", "keiner", "keinem", "niemals",
    "nein", "bestreitet", "dementiert",
))  # fmt: skip
_SIZES = {
    **dict.fromkeys(("hundred", "hundreds", "hundert"), 100),
    **dict.fromkeys(("thousand", "thousands", "k", "tausend", "mille", "mil"), 1000),
    **dict.fromkeys(("lakh", "lakhs"), 10**5),
    **dict.fromkeys(("million", "millions", "m", "mn", "mio", "millionen", "millón", "millones", "milioni"), 10**6),
    **dict.fromkeys(("crore", "crores"), 10**7),
    **dict.fromkeys(("billion", "billions", "bn", "mrd", "milliarde", "milliarden", "milliard", "milliards"), 10**9),
    **dict.fromkeys(("trillion", "trillions", "tn"), 10**12),
}
_BARE_SIZES = frozenset(size for size in _SIZES if len(size) > 3)
_TENS = {word: 20 + 10 * at for at, word in enumerate(
    ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
)}  # fmt: skip
_ONES = {word: 1 + at for at, word in enumerate((
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
))}  # fmt: skip
_NUMBER_WORDS = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<more>{'|'.join(list(_ONES)[:9])}))?|(?P<ones>{'|'.join(_ONES)}))\b"
)
_AMOUNT = re.compile(
    rf"(?P<number>{_NUMBER.pattern})(?:[ -]?(?P<size>{'|'.join(sorted(_SIZES, key=len, reverse=True))})\b)?"
    r"(?P<percent>[ -]?(?:%|percent\b|per cent\b|prozent\b|pour cent\b|por ciento\b))?"
)
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
    """Why the sources do not bear the sentence out, in a word; None if they do.

    `known` are names that it may use beside theirs: those of the brands of the mentions it cites.
    """
    said = _folded(sentence)
    there = _folded(" \n ".join(sources))
    names = _folded(" \n ".join(known))
    if not said or len(sentence) > LONGEST or _ADDRESS.search(sentence):
        return "form"
    if not _amounts(said) <= _amounts(there, told=False):
        return "number"
    if any(_folded(quote) not in there for quote in _QUOTED.findall(sentence)):
        return "quotation"
    named = _stems(names)
    words_there = _stems(there) | named
    if any(stem(_folded(name)) not in words_there for name in _names(sentence)):
        return "name"
    ways = frozenset(way for word in _WORD.findall(there) for way in WAYS.get(word, ()))
    if any(not (WAYS[word] & ways) for word in _WORD.findall(said) if word in WAYS):
        return "direction"
    if is_turned_round(said, [_folded(source) for source in sources], _meaning):
        return "direction"
    if _IDEOGRAPHS.search(said):
        if _denies(said) and not _denies(there):
            return "denial"
        return None if _pairs_found(said, there + names) >= ENOUGH_WORDS else "words"
    if not _telling(said) or not _stands(said, words_there):
        return "words"
    # What is denied is held against what denies, and what is not against what does not.
    units = [unit for source in sources for unit in _units(source)]
    for clause in _units(sentence):
        alike = [_stems(unit) for unit in units if _denies(unit) == _denies(clause)]
        if (_denies(clause) and not alike) or not _stands(clause, named.union(*alike)):
            return "denial"
    return None


def _units(text: str) -> list[str]:
    """Its sentences, and their parts where they turn."""
    return [folded for part in _UNITS.split(text) if part and (folded := _folded(part))]


def _denies(text: str) -> bool:
    return any(_is_denial(word) for word in _WORD.findall(text))


def _is_denial(word: str) -> bool:
    return word in _DENYING or word.endswith(("n't", "n’t"))


def _telling(text: str) -> list[str]:
    """The words of it that carry meaning; numbers are looked at by themselves."""
    return [
        word
        for word in _WORD.findall(text)
        if word not in _COMMON
        and len(word) > 2
        and not word[0].isdigit()
        and not _is_denial(word)
        and word not in _SIZES
        and word not in _ONES
        and word.split("-")[0] not in _TENS
        and word not in WAYS
    ]


def _meaning(word: str) -> str | None:
    """Its stem, if it says what something is about."""
    return stem(word) if _telling(word) else None


def _stands(text: str, words: frozenset[str]) -> bool:
    told = _telling(text)
    found = sum(stem(word) in words for word in told)
    return found >= len(told) * (1.0 if len(told) <= SHORT else ENOUGH_WORDS)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _WORD.findall(text))


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


def _amounts(text: str, *, told: bool = True) -> frozenset[tuple[Decimal, str]]:
    """Its numbers with their sizes: 12 thousand is 12,000, and neither 12 nor 12 million. A share in percent must be told as
    one; what is `told` as a plain number may be a share there.
    """
    return frozenset(_each_amount(_NUMBER_WORDS.sub(lambda found: _in_digits(found, text), text), told=told))


def _each_amount(text: str, *, told: bool) -> Iterator[tuple[Decimal, str]]:
    for found in _AMOUNT.finditer(text):
        amount = Decimal(_plain_number(found["number"])) * _SIZES.get(found["size"] or "", 1)
        if found["percent"]:
            yield amount, "%"
        if not found["percent"] or not told:
            yield amount, ""
        if found["size"] and not told:
            yield Decimal(_SIZES[found["size"]]), "size"
    for word in _WORD.findall(_AMOUNT.sub(" ", text)):
        if word in _BARE_SIZES:
            yield Decimal(_SIZES[word]), "size"


def _in_digits(found: re.Match[str], text: str) -> str:
    if found["tens"]:
        return str(_TENS[found["tens"]] + _ONES.get(found["more"] or "", 0))
    # “One of them” counts nothing.
    following = text[found.end() : found.end() + 12].lstrip(" -").split(" ")[0]
    return found.group() if found["ones"] == "one" and following not in _SIZES else str(_ONES[found["ones"]])


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
