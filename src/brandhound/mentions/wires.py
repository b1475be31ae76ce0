"""News agencies and press wires: known by their credit lines, so that whoever only carries a wire is not taken for its author.

Names and hosts are general knowledge of 2026 and were not looked up. A wire that is missing is taken for an outlet.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

WireKind = Literal["agency", "releases"]
"""Journalists who write for other outlets, or a distributor of what companies say of themselves."""

EDGE = 300
"""Characters at the beginning and the end of a text in which a credit is looked for."""


@dataclass(frozen=True)
class Wire:
    """A wire service."""

    name: str
    kind: WireKind
    said: tuple[str, ...]
    """How credit lines name it, as patterns in lower case."""
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Credit:
    """The wire that an article goes back to, and whether the wire itself published it."""

    name: str
    kind: WireKind
    itself: bool


WIRES: tuple[Wire, ...] = (
    Wire("Reuters", "agency", ("reuters",), ("reuters.com",)),
    Wire("AP", "agency", ("ap", "associated press"), ("apnews.com", "ap.org")),
    Wire("AFP", "agency", ("afp", "agence france-presse"), ("afp.com",)),
    Wire("dpa", "agency", ("dpa(?:-afx)?",), ("dpa.com", "dpa-afx.de")),
    Wire("PA Media", "agency", ("pa media", "press association"), ("pa.media",)),
    Wire("EFE", "agency", ("efe",), ("efe.com",)),
    Wire("ANSA", "agency", ("ansa",), ("ansa.it",)),
    Wire("APA", "agency", ("apa",), ("apa.at",)),
    Wire("TASS", "agency", ("tass",), ("tass.com", "tass.ru")),
    Wire("Xinhua", "agency", ("xinhua",), ("xinhuanet.com", "news.cn")),
    Wire("Bloomberg", "agency", ("bloomberg",), ("bloomberg.com",)),
    Wire("UPI", "agency", ("upi",), ("upi.com",)),
    Wire("Kyodo", "agency", ("kyodo",), ("kyodonews.net",)),
    Wire("Yonhap", "agency", ("yonhap",), ("yna.co.kr",)),
    Wire("Canadian Press", "agency", ("canadian press",), ("thecanadianpress.com",)),
    Wire("Belga", "agency", ("belga",), ("belga.be",)),
    Wire("ANP", "agency", ("anp",), ("anp.nl",)),
    Wire("Ritzau", "agency", ("ritzau",), ("ritzau.dk",)),
    Wire("Business Wire", "releases", ("business ?wire",), ("businesswire.com",)),
    Wire("PR Newswire", "releases", ("pr ?newswire",), ("prnewswire.com", "prnewswire.co.uk")),
    Wire("GlobeNewswire", "releases", ("globe ?newswire",), ("globenewswire.com",)),
    Wire("ACCESSWIRE", "releases", ("accesswire",), ("accesswire.com", "accessnewswire.com")),
    Wire("news aktuell", "releases", ("ots", "presseportal", "news aktuell"), ("presseportal.de",)),
)
AGENCIES = "|".join(said for wire in WIRES for said in wire.said)
"""All of them as one pattern."""

_RELEASES = "|".join(said for wire in WIRES if wire.kind == "releases" for said in wire.said)
# Beside it may stand regional services and other wires, “(dpa/lno)”, “(AFP/Reuters)”: the first wire is taken. A person or a
# picture agency makes it a photo's credit.
_BESIDE = rf"(?:(?i:{AGENCIES})|[a-z]{{2,5}})"
_BRACKETED = rf"[(\[]\s*(?:[a-z]{{2,5}}\s*/\s*)??(?P<name>(?i:{AGENCIES}))(?:\s*[/,]\s*{_BESIDE}){{0,3}}\s*[)\]]"
_DASHED = rf"[-–—]\s?\(\s*(?P<dashed>(?i:{AGENCIES}))\s*\)\s?[-–—]"
_SLASHED = rf"(?<!\S)/(?P<slashed>(?i:{AGENCIES}))(?:-\w+)?/\s*(?:[-–—.:]|$)"
_CREDIT = re.compile(
    rf"^\W*?{_BRACKETED}|{_DASHED}|{_SLASHED}|"
    rf"^\W*(?i:source|quelle|bron|fuente|fonte):?\s+(?P<source>(?i:{AGENCIES}))\b|"
    rf"^\s*(?i:by)\s+(?:[\w.’'-]+\s+){{0,4}}?(?:of\s+)?(?i:the)\s+(?P<by>(?i:{AGENCIES}))\s*$",
    re.MULTILINE,
)
_DATELINE = re.compile(
    rf"^(?P<before>[^\n]{{1,80}}?)(?:{_BRACKETED}(?:\s*\.?\s*[-–—:]|(?P<alone>[^\S\n]*$))|(?<!\S)/\s(?P<spaced>(?i:{_RELEASES}))\s/)",
    re.MULTILINE,
)
# “Curated by Ann Lee WASHINGTON (AP) — The firm …”: behind other words of its line, a place is only known by its capitals.
_GLUED = re.compile(
    rf"(?<!\S)(?P<before>[A-Z]{{3,}}(?:[ .-]{{1,2}}[A-Z]{{2,}}){{0,3}}"
    rf"(?:, [A-Z][a-z]+\.?)?(?:, [A-Z][a-z]+\.? \d{{1,2}}(?:, \d{{4}})?)?) "
    rf"{_BRACKETED}\s*[-–—]{{1,2}}\s*(?=[A-Z\d“\"])"
)
# After the last sentence. Within it, “the American Psychological Association (APA).” only says how that is shortened.
_ENDING = re.compile(rf"[.!?…\"“”’»)]\s*{_BRACKETED}\W*?$", re.MULTILINE)
_IN_PLACES = re.compile(
    r"an?|al|am|auf|aux|bei|da|das|del?|della|den|der|des|di|dos?|du|e|el|en|et|im?|in|l[ae]?|les|near|ob|of|on|sobre|sous|sur|the|"
    r"und|upon|van|vor|y|d|[dl]['’]\w+"
)
_NO_NAMES = ("before", "alone")
_NAMED = tuple((re.compile(said, re.IGNORECASE), wire) for wire in WIRES for said in wire.said)
BY_NAME: Mapping[str, Wire] = {wire.name: wire for wire in WIRES}


def named_wire(words: str) -> Wire | None:
    """The wire that goes by exactly these words."""
    plain = words.strip().removeprefix("the ").removeprefix("The ")
    return next((wire for pattern, wire in _NAMED if pattern.fullmatch(plain)), None)


def wire_in(text: str) -> Wire | None:
    """The wire that the beginning or the end of a text credits.

    A name in brackets is a credit only behind a dateline, at the beginning of a line or after the last sentence: anywhere else it
    shortens what was written out, or says who took a photo.
    """
    end = max(0, len(text) - EDGE)
    for found in (
        _CREDIT.search(text, 0, EDGE),
        next((found for found in _DATELINE.finditer(text, 0, EDGE) if _is_dateline(found)), None),
        next((found for found in _GLUED.finditer(text, 0, EDGE) if not _shortens(found)), None),
        _CREDIT.search(text, end),
        _ENDING.search(text, end),
    ):
        if found:
            return named_wire(
                next(words for group, words in found.groupdict().items() if words and group not in _NO_NAMES)
            )
    return None


def _is_dateline(found: re.Match[str]) -> bool:
    """Whether nothing but a place and a date stands before the wire, and not the words that its letters shorten."""
    before = re.sub(r"^\W+", "", found["before"])
    words = re.findall(r"[^\s,/&–—-]+", before)
    if re.search(r"[:;?!()\[\]\"“”„«»]", before):
        return False
    for at, word in enumerate(words):
        of_a_date = any(near[0].isdigit() for near in words[max(0, at - 2) : at + 3])
        if word[0].islower() and not _IN_PLACES.fullmatch(word) and not of_a_date:
            return False
    if found["alone"] is not None:
        # What stands under a photo ends so too: “Jane Doe in Paris (AFP)”.
        return before.partition(",")[0].isupper() and not _shortens(found)
    return before.isupper() or not _shortens(found)


def _shortens(found: re.Match[str]) -> bool:
    """Whether the wire's name is only the first letters of the words before it."""
    written_out = re.findall(r"[^\W_]+", found["before"].rpartition(",")[2])
    letters = "".join(word[0] for word in written_out if not word.islower()).casefold()
    return (found["name"] or "/").casefold() in letters


def credit_of(text: str, site: str, outlet: str = "", authors: Iterable[str] = ()) -> Credit | None:
    """The wire an article goes back to: its own site, its outlet's name, a credit line, or a byline that is the wire's."""
    host = site.lower()
    for wire in WIRES:
        if any(host == own or host.endswith(f".{own}") for own in wire.sites):
            return Credit(wire.name, wire.kind, itself=True)
    if wire := named_wire(outlet):
        return Credit(wire.name, wire.kind, itself=True)
    credited = wire_in(text) or next((wire for author in authors if (wire := named_wire(author))), None)
    return Credit(credited.name, credited.kind, itself=False) if credited else None
