"""What settles by itself whether two names are of one brand: what one says of the other, and what nothing makes good for."""

from collections.abc import Iterable

from brandhound.brands.comparing.aligning import without_description
from brandhound.brands.comparing.listed import is_marked_ticker, is_ticker_of
from brandhound.brands.comparing.parts import NameParts, parts_of
from brandhound.brands.comparing.transliterating import characters_of
from brandhound.brands.comparing.weighing import Sign


def stated(one: NameParts, other: NameParts) -> Iterable[Sign]:
    """What a name says of the other, or the list of companies of its ticker."""
    for said, about in ((one, other), (other, one)):
        if any(_is_name(former, about) for former in said.former):
            yield "formerly", 1.0, f"“{said.text}” says that it was called “{about.text}”"
        if any(parts_of(also).joined == about.joined for also in said.also):
            yield "bracketed", 1.0, f"“{said.text}” has “{about.text}” beside it in brackets"
        if is_ticker_of(said.text, about.text):
            # BAR may be a ticker and much else; $BAR and NYSE: BAR are nothing else.
            amount = 1.0 if is_marked_ticker(said.text) else 0.7
            yield "listed_ticker", amount, f"“{said.text}” is the ticker of “{about.text}” in the list of companies"


def _is_name(text: str, other: NameParts) -> bool:
    said, meant = (without_description(words) for words in (parts_of(text).words, other.words))
    return bool(said) and "".join(said) == "".join(meant)


def told_apart(one: NameParts, other: NameParts) -> Iterable[Sign]:
    """In what two names differ so that they are of two, whatever else is alike."""
    mine, theirs = characters_of(one.text), characters_of(other.text)
    # As they are read many are alike: 百世, 百事.
    if mine and theirs and not (mine in theirs or theirs in mine):
        yield "told_apart", 1.0, f"Other characters: “{mine}” here, “{theirs}” there"
    elif one.founded and other.founded and one.founded != other.founded:
        yield "told_apart", 1.0, f"Other years: {one.founded} here, {other.founded} there"
