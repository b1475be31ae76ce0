"""What languages that write their small words onto a name put before and behind it.

Only forms of which the name is the whole beginning or end, but for a last letter that gives way: of languages whose words
change within, the forms that articles use are proposed to people instead. Kept to the endings that news has on names: each is
one more way in which another word might be taken for a name.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple


class _Script(NamedTuple):
    """What is written behind a name whose last character lies in these bounds."""

    first: str
    last: str
    endings: str
    instead: Mapping[str, str] = MappingProxyType({})
    """Endings that take the place of that last character."""
    closed: str = ""
    """The last characters behind which nothing is written."""
    least: int = 4
    """How many characters such a name has at least."""


_AFTER_CONSONANT_TAMIL = "ின் ை ுக்கு ில் ால் ும் ிடம் ிலிருந்து ுடன்"
_GEORGIAN_OBLIQUE = "ის ით იდან ისთვის ისგან"
_SCRIPTS = (
    # Russian and its neighbours.
    _Script("а", "ў", "а у ом е ы и ов ам ами ах і ові", {
        "а": "ы е у ой и і ою", "я": "и е ю ей ї єю",
    }, closed="аяоеиуыэюйьъёіїє"),
    _Script("ა", "ჿ", "ს მ თი დ ში ზე დან სთან სთვის სგან ც", {
        "ი": f"ს მა ად ში ზე თან მაც საც {_GEORGIAN_OBLIQUE}", "ა": _GEORGIAN_OBLIQUE, "ე": _GEORGIAN_OBLIQUE,
    }),
    _Script("ա", "և", "ը ն ի ին ից ով ում ներ ու յի յին յից յով յում"),
    # Marathi and Nepali; in Hindi they stand apart.
    _Script("\u0900", "\u097f", "ने ला चा ची चे च्या मध्ये वर शी ले को का की मा लाई बाट सँग"),
    _Script("\u0980", "\u09ff", "র ের এর কে ে তে য় য\u09bc য়ের য\u09bcের ও ই টি টির রা দের"),
    _Script("\u0a80", "\u0aff", "ના ની નો નું ને માં એ થી માંથી નાં"),
    _Script("\u0b00", "\u0b7f", "ର କୁ ରେ ରୁ ଙ୍କ ଟି"),
    _Script("\u0b80", "\u0bff", "வின் வை வுக்கு வில் வால் வும் விடம் யின் யை யில் யால் யும் யிடம் க்கு", {
        "\u0bcd": _AFTER_CONSONANT_TAMIL, "\u0bc1": _AFTER_CONSONANT_TAMIL,
    }),
    _Script("\u0c00", "\u0c7f", "కు కి ను ని లో తో పై ల లకు దే కే నుంచి నుండి లోని లోనే"),
    _Script("\u0c80", "\u0cff", "ನ ದ ಗೆ ನ್ನು ಯ ಯನ್ನು ಯಲ್ಲಿ ಯಿಂದ ದಲ್ಲಿ ದಿಂದ ವಿನ ಕ್ಕೆ ಕೆ ನಲ್ಲಿ", {"\u0ccd": "ಿನ ಿಗೆ ನ್ನು ನಲ್ಲಿ ಿನಲ್ಲಿ ಿಂದ"}),
    _Script("\u0d00", "\u0d7f", "യുടെ യിൽ യെ യും യിലെ യിലേക്ക് യ്ക്ക് ക്ക് ന്റെ വിന്റെ വിൽ വിന് വിനെ", {
        "\u0d4d": "ിന്റെ ിൽ ിന് ിനെ ും ിലെ ിലേക്ക്",
    }),
    _Script("\u0d80", "\u0dff", "ට ගේ යේ යට වේ හි ත් වල", {"\u0dca": "ේ ට ෙන් ගේ"}),
    # Each character is a syllable.
    _Script("\u1200", "\u137f", "ን ም ው ና", least=3),
)  # fmt: skip
_PREFIXES = (
    ("\u0600", "\u06ff", "و ب ل ال وال بال وب ول لل ولل"),
    ("\u0590", "\u05ff", "ו ה ב ל מ ש כ וה וב ול ומ שה מה"),
    ("\u1200", "\u137f", "የ በ ለ ከ ስለ እንደ ወደ"),
)
_ARTICLE, _TO_THE = "ال", "لل"


def with_endings(folded: str) -> Iterator[str]:
    """The ways in which what follows is written onto a folded name, or in place of its last character."""
    last = folded[-1]
    script = next((script for script in _SCRIPTS if script.first <= last <= script.last), None)
    if script is None or len(folded) < script.least:
        return
    if last not in script.closed:
        yield from (folded + ending for ending in script.endings.split())
    yield from (folded[:-1] + ending for ending in script.instead.get(last, "").split())


def with_prefixes(folded: str) -> Iterator[tuple[str, int]]:
    """The ways in which what comes before is written onto a folded name, each with how many of its characters come before."""
    for first, last, prefixes in _PREFIXES:
        if first <= folded[0] <= last:
            yield from ((prefix + folded, len(prefix)) for prefix in prefixes.split())
            if folded.startswith(_ARTICLE):
                # “To the”: the name is left without its article.
                yield _TO_THE + folded[len(_ARTICLE) :], len(_TO_THE)
