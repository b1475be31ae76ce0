"""Telling copies: the same text again, or most of it, by another outlet (a reprint) or by the same one (an update).

Hashes of a few three-word runs find candidates, and the texts themselves decide. True reprints share only about 30 % of all their
runs (NEWS-COPY, 2022), because they are cut, so candidates are taken from 0.29 on and judged by containment, which asks
how much of the shorter text stands in the longer one.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal, cast

from brandhound.mentions.wires import AGENCIES

Kinship = Literal["reprint", "update"]

PERMUTATIONS, BANDS, ROWS = 128, 42, 3
RUN = 3
"""Words in a run."""
WINDOW = timedelta(days=7)
CONTAINED_FROM = 0.60
LEAD_CONTAINED_FROM = 0.75
LEAD_WORDS = 120
FEW_WORDS = 40
FEW_CONTAINED_FROM = 0.85
"""Short texts share phrases by chance, so more of them must agree."""
SAME_PARTICULARS_FROM = 0.3
MOST_WORDS = 6000

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
UNPARTED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
DATELINE = re.compile(
    rf"^\W*(?:[A-ZÄÖÜÉ][\w.,'’ /-]{{1,60}}?\s*)?(?:,?\s*\w+\.?\s+\d{{1,2}}(?:,?\s+\d{{4}})?\s*)?"
    rf"[(/\[]\s*(?:{AGENCIES})\s*[)/\]]\s*[-–—:]*\s*",
    re.IGNORECASE,
)
PLAIN_DATELINE = re.compile(r"^[A-ZÄÖÜÉ][A-ZÄÖÜÉ.'’ ]{2,40}(?:,\s*[\w.]+\s*(?:\d{1,2})?)?\s+[-–—]+\s+")
CREDITS = re.compile(
    rf"^\W*(?:(?:additional )?reporting by\b.*|edited by\b.*|editing by\b.*|writing by\b.*|source:?\s+(?:{AGENCIES})\W*|"
    rf"by\s+[\w.’' -]{{3,60}}|©.*|copyright\b.*|all rights reserved.*|(?:this|the) (?:article|story|report) "
    rf"(?:was )?(?:first|originally) (?:appeared|published)\b.*|(?:{AGENCIES})\W*|"
    r"read more:?.*|sign up (?:for|to)\b.*|subscribe\b.*|follow us\b.*)$",
    re.IGNORECASE,
)
SENTENCE_START = re.compile(r"(?:^|[.!?…:\n]\W*)$")


@dataclass(frozen=True)
class Copy:
    """How much of the shorter text stands in the other, of the whole and of the first 120 words, and what that makes it."""

    containment: float
    lead: float
    kinship: Kinship


class Fingerprint:
    """A text as it is compared: without datelines and credits, in lower case, as runs of three words."""

    def __init__(self, text: str, title: str = "") -> None:
        self.title = title
        self.text = text
        self.core = stripped(text)
        self.words = words_of(self.core)

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every three words in a row."""
        return runs_of(self.words)

    @cached_property
    def lead(self) -> frozenset[str]:
        """The runs of the first 120 words."""
        return runs_of(self.words[:LEAD_WORDS])

    @cached_property
    def particulars(self) -> frozenset[str]:
        """Numbers and names: what two notices made from one form do not share."""
        return particulars_of(self.core)

    @cached_property
    def bands(self) -> tuple[int, ...]:
        """42 numbers; two texts that share a third of their runs share one of them in most cases."""
        return band_keys(signature_of(self.runs)) if len(self.words) >= RUN else ()


def stripped(text: str) -> str:
    """The text without datelines, agency tags, bylines and credits, which differ between copies."""
    lines = [line for line in text.splitlines() if line.strip() and not CREDITS.match(line.strip())]
    if lines:
        lines[0] = PLAIN_DATELINE.sub("", DATELINE.sub("", lines[0], count=1), count=1)
    return "\n".join(lines)


def words_of(text: str) -> list[str]:
    """Words in lower case; of scripts that do not part words, each character is one."""
    if UNPARTED.search(text):
        text = UNPARTED.sub(lambda character: f" {character[0]} ", text)
    return [word.replace("’", "'") for word in WORD.findall(text.lower())[:MOST_WORDS]]


def runs_of(words: Sequence[str]) -> frozenset[str]:
    """Every `RUN` words in a row; a text shorter than that is one run."""
    if len(words) < RUN:
        return frozenset([" ".join(words)]) if words else frozenset()
    return frozenset(" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def particulars_of(text: str) -> frozenset[str]:
    """Numbers, and words with a capital that do not begin a sentence."""
    found: set[str] = set()
    for word in WORD.finditer(text):
        first = word[0][0]
        if first.isdigit() or (
            first.isupper() and not SENTENCE_START.search(text, max(0, word.start() - 3), word.start())
        ):
            found.add(word[0].lower())
    return frozenset(found)


def signature_of(runs: Iterable[str]) -> list[int]:
    """MinHash with 128 permutations. The share of equal places estimates the share of common runs."""
    import rensa

    minhash: Any = cast("Any", rensa).RMinHash(num_perm=PERMUTATIONS, seed=42)
    minhash.update(sorted(runs))
    return [int(value) for value in minhash.digest()]


def band_keys(signature: Sequence[int]) -> tuple[int, ...]:
    """One signed 64-bit number for each band of three values, as the database keeps them."""
    keys: list[int] = []
    for band in range(BANDS):
        values = signature[band * ROWS : (band + 1) * ROWS]
        data = band.to_bytes(2, "little") + b"".join(value.to_bytes(8, "little") for value in values)
        keys.append(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little", signed=True))
    return tuple(keys)


def containment(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that is in the other."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all that is in either that is in both."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def compare(one: Fingerprint, other: Fingerprint, *, same_source: bool) -> Copy | None:
    """Whether one is a copy of the other, or None.

    A form filled in twice (weather, prices, results) is not: its wording agrees and its names and numbers do not.
    """
    shorter = min(len(one.words), len(other.words))
    if shorter < RUN:
        return None
    whole, lead = containment(one.runs, other.runs), containment(one.lead, other.lead)
    if shorter < FEW_WORDS:
        if whole < FEW_CONTAINED_FROM:
            return None
    elif whole < CONTAINED_FROM and lead < LEAD_CONTAINED_FROM:
        return None
    fewest = min(len(one.particulars), len(other.particulars))
    if fewest >= 3 and containment(one.particulars, other.particulars) < SAME_PARTICULARS_FROM:
        return None
    return Copy(round(whole, 4), round(lead, 4), "update" if same_source else "reprint")
