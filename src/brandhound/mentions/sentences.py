"""Where sentences begin and end, with exact offsets into the text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

# A full stop after these does not end a sentence. Single letters (“J. Crew”, “U.S.”) are seen by rule.
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sr",
        "jr",
        "st",
        "mt",
        "ft",
        "gen",
        "col",
        "lt",
        "sgt",
        "capt",
        "cmdr",
        "cpl",
        "det",
        "supt",
        "insp",
        "amb",
        "atty",
        "rep",
        "sen",
        "gov",
        "pres",
        "hon",
        "rev",
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "plc",
        "vs",
        "etc",
        "eg",
        "ie",
        "fig",
        "no",
        "nos",
        "vol",
        "pp",
        "ed",
        "eds",
        "est",
        "dept",
        "approx",
        "al",
        "cf",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "bzw",
        "ca",
        "usw",
        "bspw",
        "evtl",
        "ggf",
        "inkl",
        "nr",
        "str",
        "tel",
        "vgl",
        "z.b",
        "d.h",
        "u.a",
        "s.a",
        "m.",
        "mme",
        "mlle",
        "av",
        "sra",
        "srta",
        "ud",
        "uds",
    ]
)
_MAY_END = frozenset({"inc", "corp", "co", "ltd", "llc", "plc", "etc"})
_BEGINNINGS = re.compile(r"(?:The|A|An|It|He|She|They|We|In|On|But|And|This|That|I)\b")
_CLOSERS = "\"'”’»)]}›」』】）"
_OPENERS = "\"'“‘«([{‹「『【（"

# Signs that end a sentence whatever follows: of Chinese and Japanese; of Hindi, Bengali and their like, Urdu, Arabic, Armenian,
# Amharic, Khmer and Burmese.
_FULL = "。！？｡" + "।॥۔؟։።፧፨។៕။"
SIGNS = ".!?…" + _FULL
"""All that may end a sentence."""

# A run of sentence-ending signs with the quotes and brackets that close on it, or a break between lines; with the blanks
# that follow. A small letter after the blanks says that the sentence goes on. What may come first stands alone, so that
# the search skips all else. Most sentences end in a small word that is no abbreviation, or with another sign than a full stop,
# before a capital: these need no second look.
_CLOSING = f"[{re.escape(_CLOSERS)}]*"
# “؟!” and “？...” are one end. A single full stop may begin the next word instead: “他们用它。.NET很快”.
_AND_MORE = rf"[{SIGNS}]*(?:(?![0-9A-Za-z])|(?<![^.]\.))"
_SURE = "|".join(
    [
        "(?<=[!?…])",
        r"(?<=[^ ][a-z]{4}\.)",
        *(
            rf"(?<= [a-z]{{{length}}}\.)(?<!(?:{'|'.join(word for word in sorted(_ABBREVIATIONS) if len(word) == length)})\.)"
            for length in (2, 3, 4)
        ),
    ]
)
_ENDS = re.compile(
    rf"[\n{SIGNS}](?:(?:{_SURE})\s+(?=[\"'“‘«(\[{{]?[A-Z0-9])|(?<=[.!?…])([.!?…]*{_CLOSING})(?:\s+(?![a-z\s])|\s*\Z)"
    rf"|(?<=[{_FULL}])({_AND_MORE}{_CLOSING})\s*|(?<=\n)(\s*))"
)
_DOUBTFUL, _LINE = 1, 3
"""The groups of an end that may be none, and of a break between lines."""
_LONGEST_ABBREVIATION = 24
_NEAR = 160
"""Most sentences are shorter."""
_LAST_WORD = re.compile(r"(?:[^\W\d_]|\.(?=\w))+$")

Span = tuple[int, int]
Numbered = tuple[int, Span]
"""The number of a sentence in its text, from 0, and from where to where it goes."""


class Sentences:
    """The sentences of a text, in order, without the blanks between them; found as far as they are asked for."""

    __slots__ = ("_is_done", "_others", "_size", "_spans", "_starts")

    def __init__(self, text: str) -> None:
        self._size = len(text)
        self._others = _spans(text)
        self._spans: list[Span] = []
        self._starts: list[int] = []
        self._is_done = False

    def index_at(self, position: int) -> int:
        """The number of the sentence at that offset; in the blanks between two, the one before."""
        starts = self._starts
        if not self._is_done and (not starts or starts[-1] <= position):
            self._find(position, 0)
        return max(bisect_right(starts, position) - 1, 0)

    def around(self, start: int, end: int) -> Span:
        """The span from the sentence of `start` to that of the last character before `end`."""
        return self.numbered(start, end)[1]

    def numbered(self, start: int, end: int) -> Numbered:
        """The number of the sentence of `start`, and the span from there to that of the last character before `end`."""
        starts = self._starts
        if not self._is_done and (not starts or starts[-1] <= start):
            self._find(start, 0)
        at = bisect_right(starts, start) - 1
        if at < 0:
            if not starts:
                return 0, (start, end)
            at = 0
        span = self._spans[at]
        opens, closes = span
        if opens <= start and end <= closes:
            return at, span
        if closes < end:
            closes = self._spans[self.index_at(end - 1)][1]
        return at, (min(opens, start), max(closes, end))

    def window(self, start: int, end: int, sentences: int) -> Span:
        """The span of the sentence at `start` with that many more on both sides."""
        at = self.index_at(start)
        if not self._is_done and len(self._spans) <= at + sentences:
            self._find(0, at + sentences + 1)
        if not self._spans:
            return start, end
        first = self._spans[max(at - sentences, 0)]
        last = self._spans[min(at + sentences, len(self._spans) - 1)]
        return min(first[0], start), max(last[1], end)

    def all(self) -> list[Span]:
        """All spans."""
        self._find(self._size, 0)
        return self._spans

    def _find(self, position: int, number: int) -> None:
        """Goes on to a sentence that begins after the position and to so many of them, or to the end."""
        for span in self._others:
            self._spans.append(span)
            self._starts.append(span[0])
            if span[0] > position and len(self._spans) >= number:
                return
        self._is_done = True


def number_places(
    text: str, starts: Sequence[int], ends: Sequence[int], first: int, last: int, counted: int, limits: list[int]
) -> None:
    """Adds what `Sentences.numbered` says of the places from the first to before the last: one number and two limits each.

    The places come in their order. So many sentences are `counted`; later ones far from any place are not looked at, and numbers
    from there on may be too small.
    """
    at, start, end = first, starts[first], ends[first]
    number, opens = 0, len(text) - len(text.lstrip())
    search = _ENDS.search
    found = search(text, opens)
    while found is not None:
        sign, follows = found.span()
        closes = sign + 1 if found.lastindex is None else _end_of(text, opens, found)
        if closes >= 0:
            if closes > opens:
                while start < closes:
                    is_inside = opens <= start and end <= closes
                    limits += (number, opens, closes) if is_inside else _limits_beyond(text, start, end)
                    at += 1
                    if at == last:
                        return
                    start, end = starts[at], ends[at]
                number += 1
            opens = follows
            if number >= counted and start - opens > 2 * _NEAR:
                follows = opens = _opening_near(text, opens, start)
        found = search(text, follows)
    closes = len(text.rstrip())
    for start, end in zip(starts[at:last], ends[at:last], strict=True):
        is_inside = opens <= start and end <= closes
        limits += (number, opens, closes) if is_inside else _limits_beyond(text, start, end)


def _opening_near(text: str, opens: int, start: int) -> int:
    """Where some sentence opens shortly before the place, or else that of before."""
    at = start - _NEAR
    # Whichever of its signs an end is seen from, it is followed by the same sentence.
    found = _ENDS.search(text, at)
    while found is not None and found.end() <= start:
        if found.lastindex is None or _end_of(text, at, found) >= 0:
            return found.end()
        found = _ENDS.search(text, found.end())
    return opens


def _limits_beyond(text: str, start: int, end: int) -> tuple[int, int, int]:
    """The number and the limits of a place that reaches out of its sentence."""
    number, (opens, closes) = Sentences(text).numbered(start, end)
    return number, opens, closes


def _spans(text: str) -> Iterator[Span]:
    start = len(text) - len(text.lstrip())
    for found in _ENDS.finditer(text, start):
        end = found.start() + 1 if found.lastindex is None else _end_of(text, start, found)
        if end < 0:
            continue
        if end > start:
            yield start, end
        start = found.end()
    end = len(text.rstrip())
    if end > start:
        yield start, end


def _end_of(text: str, start: int, found: re.Match[str]) -> int:
    """Where the sentence ends that began there; below 0 where it goes on."""
    sign, follows = found.span()
    kind = found.lastindex
    if kind == _LINE:
        return start + len(text[start:sign].rstrip())
    end = sign + 1 if kind is None else found.end(kind)
    return -1 if kind == _DOUBTFUL and follows < len(text) and not _ends_sentence(text, sign, end, follows) else end


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Pairs of offsets, end exclusive, without surrounding blanks. Nothing but blanks is ever left out."""
    return Sentences(text).all()


def _ends_sentence(text: str, dot: int, end: int, follows: int) -> bool:
    after = text[follows]
    if (
        after.isupper()
        and (last := text[dot - 4 : dot]).isalpha()
        and last.islower()
        and text[dot - 5 : dot - 4] != " "
    ):
        # Most sentences end in a long word, which is no abbreviation.
        return True
    if "\n" in text[end:follows]:
        return True
    if after in _OPENERS:
        after = text[follows + 1 : follows + 2]
    if after.islower() and not "ა" <= after <= "ჿ":
        # Georgian has small letters alone.
        return False
    if text[dot] != "." or end - dot > 1:
        return True
    if text[dot - 4 : dot].islower() and text[dot - 4 : dot].isalpha() and text[max(dot - 5, 0)] != " ":
        return True
    before = text[max(dot - _LONGEST_ABBREVIATION, 0) : dot]
    word = before[before.rfind(" ") + 1 :]
    if not word.isalpha():
        found = _LAST_WORD.search(before)
        if found is None:
            return True
        word = found.group()
    last = word.lower()
    if last in _ABBREVIATIONS:
        # “Acme Inc. The firm …” ends; “Mr. Smith”, “Dec. 3” and “Acme Inc. (NYSE: A)” do not.
        return last in _MAY_END and after.isupper() and text[follows] != "("
    if len(last) == 1 and last.isalpha():
        # An initial, unless it is the pronoun: “So do I. Then …”
        return word == "I" and text[max(dot - 2, 0)] == " "
    # “U.S. Senate”, “p.m. Monday”, “Warner Bros. Discovery”: these end a sentence only where a common beginning follows.
    if "." in last or last == "bros":
        return _BEGINNINGS.match(text, follows) is not None
    return True
