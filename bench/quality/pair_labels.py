"""Which labelled pairs nobody can decide by names, whatever is compared. It reads the collections and asks no comparing of ours.

A pair is undecidable
- where two companies bear the very same name: *Stone* and *The Stone*;
- where they differ only in a legal form or in a country: *Norma* and *Norma France* with two numbers in Wikidata are one brand in
  two countries or two brands, and the collection does not say which;
- where the catalogue gives one name to the companies of both, so that it calls by one name what it tells apart;
- where it says *same* of another name that it also gives to another company: whom the name means is open.

Of the eighth set nine more are left open (`tests/brands/name_pairs_eighth_open.tsv`): the collection says *different* of one
company (*Dolby*), or public knowledge does not settle it either. They were written down before that set was asked.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

OPEN = Path(__file__).parents[2] / "tests" / "brands" / "name_pairs_eighth_open.tsv"
_LEGAL_WORDS = """
    inc incorporated corp corporation co company companies ltd limited llc llp lp plc ag se gmbh kg kgaa sa sas sarl
    spa srl nv bv ab as asa oy oyj aps doo dd ooo oao pao zao jsc pjsc ojsc tov pt tbk pte pty kk group groupe grupo
    gruppo gruppe holding holdings
"""
_LEGAL = frozenset(_LEGAL_WORDS.split())
_ARTICLES = frozenset({"the", "le", "la", "el", "il", "der", "die", "das"})
_COUNTRIES_WORDS = """
    albania algeria argentina armenia australia austria azerbaijan belarus belgium belgique bosnia brazil brasil
    bulgaria cambodia canada chile china colombia croatia hrvatska cyprus czechia danmark denmark deutschland ecuador
    egypt espana estonia eesti finland france georgia germany ghana greece hellas hungary iceland india indonesia
    ireland israel italia italy japan jordan kazakhstan kenya korea kuwait latvia latvija lebanon lietuva lithuania
    luxembourg macedonia magyarorszag malaysia malta mexico moldova mongolia morocco myanmar nederland netherlands
    nigeria norge norway oman osterreich pakistan panama peru philippines poland polska portugal qatar romania russia
    schweiz serbia srbija singapore slovakia slovenia slovenija slovensko spain suisse suomi sverige sweden
    switzerland taiwan thailand tunisia turkey turkiye uae uganda uk ukraine uruguay us usa venezuela vietnam
"""
_COUNTRIES = frozenset(_COUNTRIES_WORDS.split())


class Labelled(Protocol):
    """Two names, and whether they are said to mean one brand."""

    @property
    def one(self) -> str: ...
    @property
    def other(self) -> str: ...
    @property
    def same(self) -> bool: ...


def undecidable(pairs: Iterable[Labelled], entries: Sequence[Mapping[str, Any]]) -> list[bool]:
    """For each pair, whether nobody can decide it. `entries` are those of the whole catalogue that say which company they are."""
    companies: defaultdict[str, set[str]] = defaultdict(set)
    called: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for name in (entry["name"], *entry.get("aliases", ())):
            companies[_letters(name)].add(entry["wikidata"])
            called[entry["wikidata"]].add(_letters(name))
    left_open = {frozenset(line.split("\t")) for line in OPEN.read_text(encoding="utf-8").splitlines()}
    return [
        frozenset((pair.one, pair.other)) in left_open or _is_undecidable(pair, companies, called) for pair in pairs
    ]


def _is_undecidable(pair: Labelled, companies: Mapping[str, set[str]], called: Mapping[str, set[str]]) -> bool:
    one, other = (companies.get(_letters(name), set[str]()) for name in (pair.one, pair.other))
    if pair.same:
        # Both stand in the catalogue; the other name is there also somebody else's.
        return bool(one & other) and len(one | other) > 1
    if _bare(pair.one) == _bare(pair.other):
        return True
    names_of_one, names_of_other = ({name for company in owners for name in called[company]} for owners in (one, other))
    return not names_of_one.isdisjoint(names_of_other)


def _letters(name: str) -> str:
    return "".join(_words(name))


def _bare(name: str) -> str:
    """The name without what says of which country or legal form it is; the name itself where nothing would be left."""
    words = _words(name)
    words = words[1:] if len(words) > 1 and words[0] in _ARTICLES else words
    telling = [word for word in words if word not in _LEGAL and word not in _COUNTRIES]
    return "".join(telling or words)


def _words(name: str) -> list[str]:
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign)
    ).replace("'", "")
    # S.A. is one word.
    return re.findall(r"\w+", re.sub(r"(?<=\b\w)\.(?=\w\b|\W|$)", "", plain.replace("’", "")))
