"""Tone that needs no language: faces, thumbs, stars, and marks out of five or ten."""

import re
from dataclasses import dataclass

GOOD = frozenset("😀😃😄😁😊😍🥰😘🤩👍👏🎉❤💖💯😻🥳")
BAD = frozenset("😠😡🤬😞😢😭👎💩🤮😤😒🙁☹💔")
SHOWN = GOOD | BAD | frozenset("★⭐")
STARS = re.compile(r"[★⭐]+☆*")
MARK = re.compile(r"(?<![\d/.,–-])(\d{1,2}(?:[.,]\d)?)\s?/\s?(5|10)(?![\d/])")

# “El 1/5”, “le 10/10”, “am 4/5”: a day; “2/5 des magasins”, “4/5 of them”: a part.
_BEFORE_DAYS = re.compile(
    r"\b(?:el|al|del|desde|hasta|il|dal|fino|entro|le|les|au|du|dès|em|no|dia|até|am|vom|bis|zum|ab|dem|den|op|van|tot|since|until|"
    r"till|dated?)\s+$",
    re.IGNORECASE,
)
_BEHIND_PARTS = re.compile(
    r"\s+(?:(?:de|des|du|der|dei|degli|delle|della|of|von|aller|do|da|dos|das|uhr)\b|d['’])", re.IGNORECASE
)


@dataclass(frozen=True)
class Sign:
    """A sign, and whether it is a bad one."""

    sign: str
    negative: bool


def read_signs(sentence: str) -> Sign | None:
    """The sign in a sentence, or None where there is none or where signs contradict one another."""
    # Hardly any sentence has one, and each is asked: what tells so at once comes first.
    is_shown, has_mark = not sentence.isascii() and not SHOWN.isdisjoint(sentence), "/" in sentence
    found: list[Sign] = [Sign(c, c in BAD) for c in sentence if c in GOOD or c in BAD] if is_shown else []
    for stars in STARS.finditer(sentence) if is_shown else ():
        full, shown = sum(c in "★⭐" for c in stars[0]), len(stars[0])
        if shown == 5 or full >= 4:
            found.extend(_of_share(stars[0], full / max(5, shown)))
    for mark in MARK.finditer(sentence) if has_mark else ():
        value, best = float(mark[1].replace(",", ".")), int(mark[2])
        is_else = _BEFORE_DAYS.search(sentence, 0, mark.start()) or _BEHIND_PARTS.match(sentence, mark.end())
        if value <= best and not is_else:
            found.extend(_of_share(mark[0], value / best))
    return found[0] if found and len({sign.negative for sign in found}) == 1 else None


def _of_share(text: str, share: float) -> list[Sign]:
    return [Sign(text, share <= 0.4)] if share <= 0.4 or share >= 0.8 else []
