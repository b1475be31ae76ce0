"""Names compared with what the brand catalogue knows of them: its other names for the same company."""

from collections.abc import Collection

from brandhound.brands.catalogue import catalogue, search_key
from brandhound.brands.comparing.likeness import UNKNOWN, compare_names, signs_of
from brandhound.brands.comparing.listed import names_listed
from brandhound.brands.comparing.parts import parts_of
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.comparing.trades import Trades
from brandhound.brands.comparing.weighing import Likeness, Sign, judged

MOST_KNOWN = 30
SHORTEST_KNOWN = 3
"""Letters, of both names. What is shorter is the initials of too many."""


def known_names(name: str, without: Collection[str] = ()) -> list[str]:
    """Other names of the one company that has this name in the catalogue; none where several have it, or nobody.

    `without` are names that the catalogue is taken not to know, however they are written.
    """
    hidden = {search_key(one) for one in (name, *without)}
    own = set(parts_of(name).words)
    names = dict.fromkeys((*_catalogued(name), *names_listed(name)))
    found = [
        other
        for other in names
        if search_key(other) not in hidden
        and len(other) >= SHORTEST_KNOWN
        # That Tata Motors is called Tata for short tells nothing about Tata Steel.
        and not own.issuperset(parts_of(other).words)
    ]
    return found[:MOST_KNOWN]


def _catalogued(name: str) -> list[str]:
    if len(companies := catalogue().companies_named(name)) != 1:
        return []
    return [other for entry in catalogue().of_company(next(iter(companies))) for other in entry.names]


def compare_known(
    one: str,
    other: str,
    rarity: Rarity,
    without: Collection[str] = (),
    trades: tuple[Trades, Trades] = UNKNOWN,
    *,
    is_other_known: bool = True,
) -> Likeness:
    """How likely both are names of one brand, by themselves or by another name that the catalogue has for one of them.

    Without `is_other_known` the catalogue is asked for the first name only.
    """
    best = compare_names(one, other, rarity, trades)
    known = [(one, other, trades), (other, one, (trades[1], trades[0]))]
    for mine, theirs, sold in known if is_other_known else known[:1]:
        for also in known_names(mine, without):
            likeness = compare_also(mine, also, theirs, rarity, sold)
            if likeness.probability > best.probability:
                best = likeness
    return best


def compare_also(name: str, also: str, other: str, rarity: Rarity, trades: tuple[Trades, Trades] = UNKNOWN) -> Likeness:
    """How likely a name that the catalogue has beside the first one means the same brand as the other."""
    parts = parts_of(also), parts_of(other)
    if len(other) < SHORTEST_KNOWN or not all(part.words for part in parts):
        return Likeness(0.0, ())
    return judged(signs_also(name, also, other, rarity, trades))


def signs_also(name: str, also: str, other: str, rarity: Rarity, trades: tuple[Trades, Trades] = UNKNOWN) -> list[Sign]:
    """The signs in another name of the first one and the second, with that the catalogue is believed for it.

    Of many other names one is soon like something by chance: that it is another name speaks a little against.
    """
    who = "The list of companies" if also in names_listed(name) else "The catalogue"
    said: Sign = ("also_called", 1.0, f"{who} calls “{name}” also “{also}”")
    return [said, *signs_of(parts_of(also), parts_of(other), rarity, trades, (name,))]
