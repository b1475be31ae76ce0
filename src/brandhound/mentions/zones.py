"""Which part of an article a place belongs to: its lead, its body, an enumeration, or what stands around it."""

import re
from typing import Literal

Salience = Literal["title", "subject", "mentioned", "list", "boilerplate"]
SALIENCES: tuple[Salience, ...] = ("title", "subject", "mentioned", "list", "boilerplate")

LEAD_SENTENCES = 2
ENOUGH_FOR_SUBJECT = 3
ENOUGH_FOR_LIST = 5

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
    r"([,;、，؛،•·|\n\s](?:(?<=[,;、，؛،•·|\n])\s*(?:(?:and|or|und|et|y|e)\s)?|(?<=\s)(?:and|or|und|et|&)\s))"
)
_SIGNS = (",", ";", "|", "\n", "and", "or", "et", "&", "und")
_ALL_SIGNS = (*_SIGNS, *"、，؛،•·")
_PARTING = frozenset(("and", "or", "und", "et", "&"))
_AT_ENDS = " .!?…。\n"
_LONGEST_ITEM_WORDS = 5
_OTHER_COMMAS, _LEAST_COMMAS = "、，•", 3
_OTHER_COMMA = re.compile(f"[{_OTHER_COMMAS}]")
_OTHER_SIGN = re.compile("[、，؛،•·]")


def may_have_parts(text: str) -> bool:
    """Whether anything in the text can be other than its lead and its body: it has lines, or signs enough for a list."""
    return "\n" in text or text.count(",") >= _LEAST_COMMAS or ";" in text or "|" in text or not text.isascii()


class Zones:
    """The parts of one text, found once and asked often."""

    __slots__ = (
        "_has_lines",
        "_has_other_commas",
        "_has_signs",
        "_is_plain",
        "_is_simple",
        "_parts",
        "_parts_of",
        "_tail",
        "_text",
    )

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_lines = "\n" in text
        self._is_plain = text.isascii()
        self._has_signs = ";" in text or "|" in text
        has_other_signs = not self._is_plain and _OTHER_SIGN.search(text) is not None
        self._is_simple = not (self._has_lines or self._has_signs or has_other_signs)
        self._has_other_commas = has_other_signs and _OTHER_COMMA.search(text) is not None
        self._tail = _tail_of(text) if self._has_lines else len(text)
        self._parts: list[tuple[int, int]] = []
        self._parts_of = (-1, -1)

    def zone_of(self, start: int, end: int, number: int, sentence: tuple[int, int]) -> Salience:
        """What the place is to the article; its sentence is the one of that number, counted from 0."""
        if (self._has_lines or start >= self._tail) and self.is_boilerplate(start):
            return "boilerplate"
        opens, ends = sentence
        may_be_list = self._text.count(",", opens, ends) >= _LEAST_COMMAS or self._has_signs or self._has_other_commas
        if may_be_list and self.is_list(start, end, opens, ends):
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
        if self._is_simple and self._stands_apart(start, end, opens, ends):
            return False
        parts = self._parts if self._parts_of == (opens, ends) else self._cut(opens, ends)
        if not parts:
            return False
        sentence = self._text[opens:ends]
        here = next((number for number, (_, closes) in enumerate(parts) if start - opens < closes), len(parts) - 1)
        # The first item hangs on the words before it (“rivals such as Acme, Beta, …”), the last on those after it.
        first = last = here
        is_item = _is_item(sentence, parts[here])
        if is_item or end - opens == parts[here][1]:
            while last < len(parts) - 1 and (last == here or _is_item(sentence, parts[last])):
                last += 1
        if is_item or start - opens == parts[here][0]:
            while first > 0 and (first == here or _is_item(sentence, parts[first])):
                first -= 1
        return last - first + 1 >= ENOUGH_FOR_LIST

    def _stands_apart(self, start: int, end: int, opens: int, ends: int) -> bool:
        """True where more stands between the commas around the place, on both its sides, than an item can have.

        Only for texts in which nothing but commas and words part; what this does not see, the parts will show.
        """
        text = self._text
        left = max(text.rfind(",", opens, start) + 1, opens)
        right = text.find(",", start, ends)
        if right < 0:
            right = ends
        before, after = text[left:start].split(), text[end:right].strip(_AT_ENDS)
        return (
            bool(after)
            and len(before) > 1
            and len(words := text[left:right].split()) > _LONGEST_ITEM_WORDS + 1
            and _PARTING.isdisjoint(words)
        )

    def _cut(self, opens: int, ends: int) -> list[tuple[int, int]]:
        """The parts of that sentence if it can be an enumeration, else none."""
        count = self._text.count
        is_cut = (
            count(",", opens, ends) >= _LEAST_COMMAS
            or count(";", opens, ends) >= _LEAST_COMMAS
            or count("|", opens, ends) >= _LEAST_COMMAS
            or (self._has_other_commas and any(count(comma, opens, ends) >= _LEAST_COMMAS for comma in _OTHER_COMMAS))
        )
        parts: list[tuple[int, int]] = []
        if is_cut:
            # How many parts it can have at most is told without cutting it.
            signs = _SIGNS if self._is_plain else _ALL_SIGNS
            if sum([count(sign, opens, ends) for sign in signs]) >= ENOUGH_FOR_LIST - 1:
                parts = _split(self._text[opens:ends])
                if len(parts) < ENOUGH_FOR_LIST:
                    parts = []
        self._parts, self._parts_of = parts, (opens, ends)
        return parts


def _is_item(sentence: str, part: tuple[int, int]) -> bool:
    words = sentence[part[0] : part[1]].split()
    return len(words) <= _LONGEST_ITEM_WORDS and any(word[:1].isupper() or not word.isascii() for word in words)


def _split(sentence: str) -> list[tuple[int, int]]:
    pieces = _PARTS.split(sentence)
    parts: list[tuple[int, int]] = []
    if len(pieces) < 2 * ENOUGH_FOR_LIST - 1:
        return parts
    opens = 0
    for part, sign in zip(pieces[::2], pieces[1::2], strict=False):
        closes = opens + len(part)
        if closes > opens:
            parts.append((opens, closes))
        opens = closes + len(sign)
    closes = len(sentence.rstrip(_AT_ENDS))
    if closes > opens:
        parts.append((opens, closes))
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
