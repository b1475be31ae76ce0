"""What is seen of a name at its place alone: how it is written, and the signs right beside it."""

from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase

from brandhound.mentions.confidence import Sign
from brandhound.mentions.cues import LEGAL_FORM, TICKER_AFTER
from brandhound.mentions.name_facts import NameFacts

_SMALL_LETTERS, _LOWER_CASE = Sign("small_letters"), Sign("lower_case")
_ALL_CAPS, _CAPITALS, _INSIDE_ADDRESS = Sign("all_caps"), Sign("capitals"), Sign("inside_address")
_SMALL, _LARGE = ascii_lowercase.encode(), ascii_uppercase.encode()
_MAKES_SURE = frozenset(("legal_form", "ticker"))
_BEFORE_FORMS, _TAGS, _DOTS = frozenset(" ,("), frozenset("@#"), frozenset(".-")
_IN_ADDRESSES, _AFTER_IN_ADDRESSES = frozenset("/@.-_"), frozenset("/@_")


def signs_beside(text: str, start: int, end: int) -> Sequence[Sign]:
    """What stands right beside a place, whatever the name."""
    signs: list[Sign] = []
    after = text[end : end + 1]
    if after in _BEFORE_FORMS:
        behind = text[end : end + 48]
        # A legal form begins with a capital, but for “plc”.
        if (behind[1:2].isupper() or after == "," or behind[1:4] == "plc") and (form := LEGAL_FORM.match(behind)):
            signs.append(Sign("legal_form", 1.0, form.group(1)))
        if "(" in behind and (ticker := TICKER_AFTER.match(behind)):
            signs.append(Sign("ticker", 1.0 if ticker.group(1) else 0.5, ticker.group(1) or ticker.group(2)))
    before = text[start - 1 : start]
    if before in _TAGS:
        signs.append(Sign("tagged", 1.0, before))
    elif text[start] != "@" and (
        (before in _IN_ADDRESSES and text[start - 2 : start - 1].strip())
        or after in _AFTER_IN_ADDRESSES
        or (after in _DOTS and text[end + 1 : end + 2].islower())
    ):
        signs.append(_INSIDE_ADDRESS)
    return signs or ()


def is_made_sure(beside: Sequence[Sign]) -> bool:
    """Whether what stands right beside a place makes it sure."""
    return any(sign.code in _MAKES_SURE for sign in beside)


def small_sign(surface: str, name: NameFacts) -> Sign | None:
    """What it says that a name is written without its capitals."""
    if name.kind in {"domain", "handle"} or not surface.islower() or name.text.islower():
        return None
    return _SMALL_LETTERS if name.case_sensitive else _LOWER_CASE


def capitals_sign(text: str, start: int, end: int) -> Sign:
    """What it says that a name is written in capitals: little, where all its line is."""
    opens = text.rfind("\n", 0, start) + 1
    closes = text.find("\n", end)
    line = text[opens : closes if closes >= 0 else len(text)]
    if not line.isascii():
        small, large = sum(map(str.islower, line)), sum(map(str.isupper, line))
    else:
        # Counted by what is left without them, fifty times as fast.
        letters = line.encode()
        small = len(letters) - len(letters.translate(None, _SMALL))
        large = len(letters) - len(letters.translate(None, _LARGE))
    shouted = len(line) > max(4 * small, end - start + 3) and large > 4 * small
    return _ALL_CAPS if shouted else _CAPITALS
