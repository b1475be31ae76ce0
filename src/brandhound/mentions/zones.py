"""Which part of an article a place belongs to: its lead, its body, an enumeration, or what stands around it."""

import re
from bisect import bisect_right
from operator import itemgetter
from typing import Literal

from brandhound.mentions.sentences import SIGNS

Salience = Literal["title", "subject", "mentioned", "list", "boilerplate"]
SALIENCES: tuple[Salience, ...] = ("title", "subject", "mentioned", "list", "boilerplate")

LEAD_SENTENCES = 2
ENOUGH_FOR_SUBJECT = 3
ENOUGH_FOR_LIST = 5
LEAST_COMMAS = 3

# A line that opens with one of these leads away from the article, and so does what follows it near the end.
_AWAY = re.compile(
    r"^[\s*•>»▶→\-–|]*(?:(?:related|recommended|trending|popular|more|latest|other)\s+"
    r"(?:articles?|stories|story|posts?|news|reading|topics?|headlines|from|on|in|coverage|videos?)\b"
    r"|read\s+(?:also|more|next|on)\b|see\s+also\b|also\s+(?:read|on|in|see)\b|you\s+(?:may|might)\s+(?:also\s+)?(?:like|enjoy)\b"
    r"|most\s+(?:read|popular|viewed)\b|sponsored\b|advertisement\b|promoted\b|share\s+this\b|follow\s+us\b|subscribe\b"
    r"|sign\s+up\b|newsletter\b|about\s+the\s+author\b|tags?\s*:|topics?\s*:|filed\s+under\b|comments?\s*(?:\(|:|$)|©|copyright\b"
    r"|all\s+rights\s+reserved|disclaimer\b|disclosure\b|mehr\s+(?:zum\s+thema|aus|von)\b|lesen\s+sie\s+auch\b|auch\s+interessant\b"
    r"|das\s+könnte\s+sie\b|lire\s+aussi\b|à\s+lire\b|sur\s+le\s+même\s+sujet\b|leer\s+más\b|lea\s+también\b|te\s+puede\s+interesar\b"
    r"|leggi\s+anche\b|potrebbe\s+interessarti\b|leia\s+(?:também|mais)\b|lees\s+ook\b|läs\s+(?:också|mer)\b|lue\s+myös\b"
    r"|czytaj\s+(?:także|też|również)\b|читайте\s+также\b|смотрите\s+также\b|関連記事|おすすめ|相关(?:阅读|新闻|文章)|延伸閱讀|관련\s*기사)",
    re.IGNORECASE,
)
_TICKER_BOX = re.compile(r"\b[A-Z]{1,5}(?:\.[A-Z])?\b[^\n]{0,24}?[+\-−–▲▼]?\d+(?:[.,]\d+)?\s?%")
# A sign with what belongs to it, or a word that parts as signs do. What may come first stands alone, which is searched faster.
_PARTS = re.compile(
    r"[,;、，؛،፣•·|\n\s](?:(?<=[,;、，؛،፣•·|\n])\s*(?:(?:and|or|und|et|y|e)\s)?|(?<=\s)(?:and|or|und|et|&)\s)"
)
_END = itemgetter(1)
_OTHER_COMMAS = "、，،፣•"
_AT_ENDS = " \n" + SIGNS
_LONGEST_ITEM_WORDS = 5

Span = tuple[int, int]


def may_have_parts(text: str) -> bool:
    """Whether anything in the text can be other than its lead and its body, wherever it has few commas."""
    return (
        "\n" in text
        or ";" in text
        or "|" in text
        or (not text.isascii() and any(comma in text for comma in _OTHER_COMMAS))
    )


def may_be_list(text: str, opens: int, ends: int) -> bool:
    """Whether the sentence from one offset to the other has signs enough to enumerate."""
    count = text.count
    return (
        count(",", opens, ends) >= LEAST_COMMAS
        or count(";", opens, ends) >= LEAST_COMMAS
        or count("|", opens, ends) >= LEAST_COMMAS
        or (not text.isascii() and max(count(comma, opens, ends) for comma in _OTHER_COMMAS) >= LEAST_COMMAS)
    )


class Zones:
    """The parts of one text, found once and asked often."""

    __slots__ = ("_has_lines", "_has_signs", "_parts", "_parts_of", "_sentence", "_tail", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_lines = "\n" in text
        self._tail = _tail_of(text) if self._has_lines else len(text)
        self._parts: list[Span] = []
        self._parts_of = (-1, -1)
        self._sentence = (-1, -1)
        self._has_signs = False

    def zone_of(self, start: int, end: int, number: int, sentence: Span) -> Salience:
        """What the place is to the article; its sentence is the one of that number, counted from 0."""
        if self._has_lines and self.is_boilerplate(start):
            return "boilerplate"
        # Asked once a sentence: one that lists thousands of names is not counted through for each of them.
        if sentence != self._sentence:
            self._sentence, self._has_signs = sentence, may_be_list(self._text, *sentence)
        if self._has_signs and self.is_list(start, end, *sentence):
            return "list"
        return "subject" if number < LEAD_SENTENCES else "mentioned"

    def is_boilerplate(self, start: int) -> bool:
        """True in related links, in the tail after them, and in a box of stock prices."""
        if start >= self._tail:
            return True
        if not self._has_lines:
            return False
        opens = self._text.rfind("\n", 0, start) + 1
        closes = self._text.find("\n", start)
        line = self._text[opens : closes if closes >= 0 else len(self._text)]
        if len(line) < 400 and _AWAY.match(line):
            return True
        return len(line) < 400 and "%" in line and len(_TICKER_BOX.findall(line)) >= 3

    def is_list(self, start: int, end: int, opens: int, ends: int) -> bool:
        """True inside an enumeration of many short things, “A, B, C, D and E”, of the sentence that opens and ends there."""
        text = self._text
        parts, left, right = self._around(start, opens, ends)
        while right < ends and (not parts or parts[-1][1] <= start):
            more, right = self._after(right, ends)
            parts = parts + more
        while not parts and left > opens:
            parts, left = self._before(left, opens)
        if not parts:
            return False
        # The first item hangs on the words before it (“rivals such as Acme, Beta, …”), the last on those after it.
        first = last = here = min(bisect_right(parts, start, key=_END), len(parts) - 1)
        is_item = _is_item(text, parts[here])
        if is_item or end == parts[here][1]:
            while last - here < ENOUGH_FOR_LIST and (last == here or _is_item(text, parts[last])):
                while last == len(parts) - 1 and right < ends:
                    more, right = self._after(right, ends)
                    parts = parts + more
                if last == len(parts) - 1:
                    break
                last += 1
        if is_item or start == parts[here][0]:
            behind = last - here
            while behind + here - first + 1 < ENOUGH_FOR_LIST and (first == here or _is_item(text, parts[first])):
                while first == 0 and left > opens:
                    more, left = self._before(left, opens)
                    parts, first, here = more + parts, first + len(more), here + len(more)
                if first == 0:
                    break
                first -= 1
            last = here + behind
        return last - first + 1 >= ENOUGH_FOR_LIST

    def _around(self, start: int, opens: int, ends: int) -> tuple[list[Span], int, int]:
        """The parts between the commas around the place, and where these stand: each comma parts, whatever else does."""
        text = self._text
        left, right = max(text.rfind(",", opens, start), opens), text.find(",", start, ends) + 1 or ends
        if self._parts_of != (left, right):
            self._parts, self._parts_of = _split(text, left, right), (left, right)
        return self._parts, left, right

    def _after(self, right: int, ends: int) -> tuple[list[Span], int]:
        """The parts from behind that comma to the next, and where that stands."""
        following = self._text.find(",", right, ends) + 1 or ends
        return _split(self._text, right - 1, following), following

    def _before(self, left: int, opens: int) -> tuple[list[Span], int]:
        """The parts from the comma before that one, and where that stands."""
        before = max(self._text.rfind(",", opens, left), opens)
        return _split(self._text, before, left + 1), before


def _is_item(sentence: str, part: Span) -> bool:
    words = sentence[part[0] : part[1]].split()
    if len(words) <= _LONGEST_ITEM_WORDS:
        for word in words:
            if word[0].isupper() or not word.isascii():
                return True
    return False


def _split(text: str, opens: int, ends: int) -> list[Span]:
    """Where the parts are between two offsets; what parts them stands between them."""
    parts: list[Span] = []
    at = opens
    for found in _PARTS.finditer(text, opens, ends):
        closes, follows = found.span()
        if at < closes:
            parts.append((at, closes))
        at = follows
    last = opens + len(text[opens:ends].rstrip(_AT_ENDS))
    if at < last:
        parts.append((at, last))
    return parts


def _tail_of(text: str) -> int:
    """Where the article has ended: at the first line leading away in its second half, if it is a heading of its own."""
    at = text.find("\n", len(text) // 2)
    while 0 <= at < len(text):
        closes = text.find("\n", at + 1)
        line = text[at + 1 : closes if closes >= 0 else len(text)]
        if len(line) <= 60 and _AWAY.match(line):
            return at + 1
        at = closes
    return len(text)
