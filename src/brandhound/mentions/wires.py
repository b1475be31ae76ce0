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

# A name in brackets or slashes is a credit; one in a sentence may be what the sentence is about.
_BRACKETED = rf"[(/\[]\s*({AGENCIES})\s*[)/\]]"
_CREDIT = re.compile(
    rf"{_BRACKETED}|(?:^|\n)\W*(?:source|quelle|bron|fuente|fonte):?\s+({AGENCIES})\b|"
    rf"(?:^|\n)\s*by\s+(?:[\w.’'-]+\s+){{0,4}}?(?:of\s+)?the\s+({AGENCIES})\s*(?:$|\n)",
    re.IGNORECASE,
)
_NAMED = tuple((re.compile(said, re.IGNORECASE), wire) for wire in WIRES for said in wire.said)
BY_NAME: Mapping[str, Wire] = {wire.name: wire for wire in WIRES}


def named_wire(words: str) -> Wire | None:
    """The wire that goes by exactly these words."""
    plain = words.strip().removeprefix("the ").removeprefix("The ")
    return next((wire for pattern, wire in _NAMED if pattern.fullmatch(plain)), None)


def wire_in(text: str) -> Wire | None:
    """The wire that the beginning or the end of a text credits."""
    for part in (text[:EDGE], text[-EDGE:]):
        if found := _CREDIT.search(part):
            return named_wire(next(group for group in found.groups() if group))
    return None


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
