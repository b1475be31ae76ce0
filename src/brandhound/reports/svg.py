"""Drawing in strings: the few shapes that our charts need, and how wide a text will be before anybody sets it.

A browser and Typst draw the same string the same way. Numbers are written with one decimal, so that equal figures give
equal bytes on every machine.
"""

import math
import unicodedata
from collections.abc import Iterable
from html import escape

from brandhound.reports.wording import printable

INK = "#0f172a"
MUTED = "#64748b"
GRID = "#e2e8f0"
BAR = "#cbd5e1"
PAPER = "#ffffff"
FONTS = "Inter, sans-serif"

# The hues of the screen, told apart by colour-blind eyes by hue and by lightness.
TONE_COLORS = {
    "positive": "#0b7a5b",
    "neutral": "#64748b",
    "mixed": "#d99a2b",
    "negative": "#b93a32",
    "unclear": "#e2e8f0",
}
# Words on those colours, and in them on paper: each has a contrast of at least 4.5.
TONE_INKS = dict.fromkeys(TONE_COLORS, PAPER) | {"mixed": INK, "unclear": INK}
TONE_WORDS = TONE_COLORS | {"mixed": "#8a5d0a", "unclear": MUTED}

# Advance widths of Inter SemiBold, its widest weight in charts, for U+0020 to U+007E in thousandths of the size.
_WIDTHS = (
    248, 309, 396, 643, 649, 844, 663, 213, 393, 393, 543, 673, 295, 466, 290, 379, 667, 481, 621, 652, 666, 632, 648,
    587, 646, 648, 290, 295, 673, 673, 673, 544, 999, 724, 657, 744, 724, 608, 586, 755, 744, 275, 561, 677, 566, 906,
    741, 775, 643, 776, 651, 649, 660, 734, 724, 1007, 690, 705, 653, 393, 379, 393, 481, 468, 497, 575, 630, 577, 630,
    593, 377, 625, 613, 261, 261, 569, 261, 898, 610, 608, 625, 625, 397, 549, 380, 608, 576, 837, 562, 576, 562, 393,
    358, 393, 673,
)  # fmt: skip
_OTHER = 760  # Above the mean of Latin with accents, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic.
_WIDER = 900  # Above that of nearly all words in the scripts of South Asia.
_SIGN = 1050  # Stars, numeros and the like.
_USUAL = (range(0x700), range(0x10A0, 0x1100), range(0x1D00, 0x2000))
"""Latin to Arabic; Georgian; Latin and Greek with more accents."""


def text_width(text: str, size: float) -> float:
    """How wide a text is at most, in the units of `size`."""
    return sum(map(_advance, text)) * size / 1000


def fitted(text: str, width: float, size: float) -> str:
    """As much of a text as fits, with an ellipsis when some is cut; nothing when not even one letter does."""
    if text_width(text, size) <= width:
        return text
    room = width - text_width("…", size)
    kept = ""
    for char in text:
        room -= _advance(char) * size / 1000
        if room < 0:
            break
        kept += char
    return kept.rstrip() + "…" if kept.strip() else ""


def _advance(char: str) -> int:
    code = ord(char)
    if 0x20 <= code <= 0x7E:
        return _WIDTHS[code - 0x20]
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1000
    kind = unicodedata.category(char)
    if kind == "So":
        return _SIGN
    is_wider = kind[0] in "LM" and not any(code in letters for letters in _USUAL)
    return _WIDER if is_wider else _OTHER


def label(
    x: float, y: float, text: str, *, size: float = 10, color: str = MUTED, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-family="{FONTS}" font-size="{_n(size)}" font-weight="{weight}" '
        f'fill="{color}" text-anchor="{anchor}">{escape(printable(text))}</text>'
    )


def box(x: float, y: float, width: float, height: float, color: str, *, radius: float = 3, extra: str = "") -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(0, width))}" height="{_n(height)}" rx="{_n(radius)}" '
        f'fill="{color}"{extra}/>'
    )


def rule(x1: float, y1: float, x2: float, y2: float, color: str = GRID, width: float = 1) -> str:
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{color}" stroke-width="{_n(width)}"/>'
    )


def dot(x: float, y: float, radius: float, color: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{color}" stroke="{PAPER}" stroke-width="1"/>'


def polyline(points: Iterable[tuple[float, float]], color: str, width: float, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{_points(points)}" fill="none" stroke="{color}" stroke-width="{_n(width)}" '
        f'stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
    )


def area(points: Iterable[tuple[float, float]], color: str, opacity: float) -> str:
    return f'<polygon points="{_points(points)}" fill="{color}" fill-opacity="{opacity:.2f}"/>'


def whisker(x1: float, x2: float, y: float, color: str = INK, reach: float = 3) -> str:
    """An interval: a line between two ends."""
    return (
        rule(x1, y, x2, y, color, 1.2) + rule(x1, y - reach, x1, y + reach, color, 1.2)
        + rule(x2, y - reach, x2, y + reach, color, 1.2)
    )  # fmt: skip


def picture(width: float, height: float, parts: Iterable[str], title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="img"><title>{escape(printable(title))}</title>{"".join(parts)}</svg>'
    )


def ticks(most: float) -> list[float]:
    """Round values from 0 up to at least `most`, at most six of them; whole numbers, since we count things."""
    if most <= 0:
        return [0, 1]
    power = 10 ** math.floor(math.log10(most))
    step = next(factor * power for factor in (0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10) if most / (factor * power) <= 5)
    step = max(1, math.ceil(step))
    return [step * index for index in range(math.ceil(most / step) + 1)]


def safe_color(color: str) -> str:
    """A colour as we write it, or grey: nothing else may stand in an attribute."""
    hexadecimal = len(color) == 7 and color[0] == "#" and all(digit in "0123456789abcdefABCDEF" for digit in color[1:])
    return color.lower() if hexadecimal else MUTED


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value + 0.0:.1f}".removesuffix(".0")
