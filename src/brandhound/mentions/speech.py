"""Who says a sentence: the outlet in its own words, or somebody it quotes. Thinking only.

Speech is known by quotation marks around most of the sentence or around the brand, and by reporting words ("said", "according
to"). The speaker is the nearest name or description beside such a word. English only, but for the quotation marks themselves.
Speech without either sign, and a speaker named in another paragraph, are not seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

REACH = 1500
"""Characters of the paragraph that are looked at on each side."""
LEAST_WORDS = 3
"""Fewer words between marks are a title, a nickname or irony, and nobody's speech."""

_PAIRS = {"“": "”", "«": "»", "„": "“", "‘": "’", '"': '"'}
_OPENING = re.compile(f"[{''.join(_PAIRS)}]")
_LOOK_BACK = 160

_NAME = r"[A-Z][\w.’'-]*(?:\s+(?:(?:of|the|de|del|der|van|von|al|bin|for|and)\s+){0,2}[A-Z][\w.’'-]*){0,5}"
_SOMEBODY = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|[Ss]ome|[Mm]any|[Ss]everal|[Tt]wo|[Tt]hree)\s+(?:[\w’'-]+\s+){0,4}?"
    r"(?:spokes(?:man|woman|person|people)|analysts?|company|firm|regulators?|agency|officials?|experts?|critics?|customers?|"
    r"shoppers?|users?|reviewers?|buyers?|owners?|residents?|union|unions|workers?|employees?|executives?|chief executive|"
    r"chairman|chairwoman|founder|minister|ministry|judge|court|lawyers?|lawsuit|report|study|statement|group|investors?|"
    r"reader|readers|fans?|police|prosecutors?|researchers?|scientists?|economists?|activists?|campaigners?)"
    rf"(?:\s+(?:of|for|at|from)\s+(?:the\s+)?{_NAME})?"
)
_PLURAL = (
    r"(?:Analysts|Critics|Customers|Experts|Shoppers|Users|Reviewers|Regulators|Investors|Officials|Workers|Residents|Police|"
    r"Prosecutors|Researchers|Campaigners)"
)
_WHO = rf"(?P<who>{_SOMEBODY}|{_PLURAL}|{_NAME})"
_TITLE = r"(?:,\s+[^,.;:“”\"\n]{2,80},)?"
_SAY = (
    r"(?:said|says|say|told|tells|added|adds|argued|argues|claimed|claims|called|calls|warned|warns|wrote|writes|tweeted|posted|"
    r"noted|notes|explained|explains|insisted|insists|stated|states|declared|declares|admitted|admits|complained|complains|"
    r"praised|praises|criticis?ed|criticiz(?:ed|es)|accused|accuses|believed?s?|thinks?|thought|alleged|alleges|acknowledged|"
    r"concluded|replied|responded|remarked|commented|quipped|boasted|conceded|confirmed|denied|recalled)"
)
_AFTER_VERB_FIRST = re.compile(rf"^[\s,]*(?:has\s+|have\s+)?{_SAY}\s+{_WHO}")
_AFTER_NAME_FIRST = re.compile(rf"^[\s,]*{_WHO}{_TITLE}\s+(?:has\s+|have\s+|also\s+)?{_SAY}\b")
_BEFORE = re.compile(rf"{_WHO}{_TITLE}\s+(?:has\s+|have\s+|had\s+|also\s+)?{_SAY}\b[^.“”\"!?\n]{{0,90}}[,:]?\s*$")
_ACCORDING = re.compile(rf"\b[Aa]ccording to\s+{_WHO}")
_REPORTED = re.compile(rf"^[\s“\"‘]*{_WHO}{_TITLE}\s+(?:has\s+|have\s+|had\s+|also\s+)?{_SAY}\b")
_REPORTED_AT_END = re.compile(
    rf",\s+(?:{_SAY}\s+(?P<who2>{_SOMEBODY}|{_PLURAL}|{_NAME})|{_WHO}{_TITLE}\s+{_SAY})\s*[.!]?\s*$"
)
_PRONOUN = re.compile(
    rf"^[\s,]*(?:(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)\s+(?:also\s+)?{_SAY}\b|{_SAY}\s+(?:he|she|they)\b)|"
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey)\s+(?:also\s+)?{_SAY}[^.“”\"!?\n]{{0,60}}[,:]?\s*$"
)
_NOBODY = frozenset(
    (
        "The",
        "A",
        "An",
        "But",
        "And",
        "It",
        "In",
        "On",
        "He",
        "She",
        "They",
        "We",
        "I",
        "You",
        "This",
        "That",
        "There",
        "As",
    )
)


@dataclass(frozen=True)
class Voice:
    """Whose words they are: the outlet's own, or quoted ones with whoever says them, as far as the text tells."""

    quoted: bool
    speaker: str = ""


OUTLET = Voice(quoted=False)


def voice_of(text: str, start: int, end: int, target_start: int, target_end: int) -> Voice:
    """Who says the sentence between `start` and `end`, in which the target stands. All offsets count in `text`."""
    low, high = _paragraph(text, start, end)
    spans = list(speech_in(text[low:high]))
    spans = [(low + first, low + last) for first, last in spans]
    inside = [(first, last) for first, last in spans if first < end and last > start]
    said = sum(min(end, last) - max(start, first) for first, last in inside)
    around_target = any(first <= target_start and target_end <= last for first, last in inside)
    if inside and (around_target or said * 2 >= end - start):
        first, last = next(
            (span for span in inside if span[0] <= target_start and target_end <= span[1]),
            max(inside, key=lambda span: span[1] - span[0]),
        )
        return Voice(True, _speaker_of(text, first, last, low, high))
    return _reported(text[start:end], target_start - start)


def speech_in(paragraph: str) -> Iterator[tuple[int, int]]:
    """Where speech stands in a paragraph, without its marks. A mark that is never closed holds to the end of the paragraph."""
    at = 0
    while opening := _OPENING.search(paragraph, at):
        at = opening.start()
        if not _opens(paragraph, at):
            at += 1
            continue
        end = _closing_at(paragraph, at + 1, _PAIRS[paragraph[at]])
        if end is None and paragraph[at] == "‘":
            at += 1
            continue
        last = len(paragraph) if end is None else end
        if len(paragraph[at + 1 : last].split()) >= LEAST_WORDS:
            yield at + 1, last
        at = last + 1


def _opens(text: str, at: int) -> bool:
    if text[at] == "“":
        return True
    before = text[at - 1 : at]
    return not before or before.isspace() or before in "([—–-:"


def _closing_at(text: str, begins: int, closing: str) -> int | None:
    at = text.find(closing, begins)
    while at >= 0 and closing == "’" and text[at + 1 : at + 2].isalnum():
        at = text.find(closing, at + 1)
    return at if at >= 0 else None


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    # Not further than is read: a text of one line would be gone through to both ends for each of its mentions.
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    following = text.find("\n", end, high)
    return max(low, text.rfind("\n", low, start) + 1), high if following < 0 else following


def _speaker_of(text: str, first: int, last: int, low: int, high: int) -> str:
    """The speaker named right after the speech, else right before it."""
    after = text[min(last + 1, high) : high]
    for pattern in (_AFTER_VERB_FIRST, _AFTER_NAME_FIRST):
        if (found := pattern.match(after)) and (who := _named(found["who"])):
            return who
    before = text[max(low, first - 1 - _LOOK_BACK) : first - 1]
    if (found := _BEFORE.search(before)) and (who := _named(found["who"])):
        return who
    if (found := _ACCORDING.search(after[:120])) and (who := _named(found["who"])):
        return who
    return ""


def _reported(sentence: str, target: int) -> Voice:
    """Speech without marks: “Jane Doe said Acme had lied”, “Acme had lied, said Jane Doe”, “according to …”."""
    if (found := _ACCORDING.search(sentence)) and (who := _named(found["who"])):
        return Voice(True, who)
    if (found := _REPORTED.match(sentence)) and found.end() <= target and (who := _named(found["who"])):
        return Voice(True, who)
    found = _REPORTED_AT_END.search(sentence)
    if found and found.start() >= target and (who := _named(found["who2"] or found["who"] or "")):
        return Voice(True, who)
    return Voice(True) if _PRONOUN.match(sentence) and target > 0 else OUTLET


def _named(who: str) -> str:
    """The speaker in one line; nothing where a sentence's first word only looks like a name."""
    said = " ".join(who.split()).strip(" .,’'")
    for suffix in ("’s", "'s"):
        said = said.removesuffix(suffix)
    return "" if said in _NOBODY else said
