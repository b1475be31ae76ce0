"""Bylines to persons: "By Jane Doe and John Roe, Example News" is two people and no newspaper."""

import html
import re
from collections.abc import Iterable

from brandhound.brands.folding import fold
from brandhound.brands.words import is_given_name

OPENING = re.compile(
    r"^(?:(?:written|posted|published|reported|words|text|story|article|report|review(?:ed)?|fotos?|photos?)\s+)?"
    r"(?:by|von|par|por|di|av|af|door|przez|от|автор|author|autor|auteur|autore|byline|text|words|作者|記者|记者|文)"
    r"(?=[\s:：/|])\s*[:：/|]?\s*",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[;|•·/\n\t、，]|(?<=\w\w)\s[–—-]\s|\s(?:and|und|et|y|e|och|og|en|(?:in conversation )?with|(?:im gespräch )?mit"
    r"|avec|con)\s|\s?&\s?)\s*",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
ADDRESS = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|org|net|de|fr|co\.uk|es|it|info|io)\b\S*", re.IGNORECASE)
HANDLE = re.compile(r"(?<!\w)@\w+")
ASIDE = re.compile(r"\s*[(\[{][^)\]}]{0,120}[)\]}]")
TAG = re.compile(r"<[^>]{0,300}>")
SPACE = re.compile(r"\s+")
LEADING_DATE = re.compile(r"\b(?:\d{1,2}[./:-]\d{1,2}|(?:19|20)\d\d\b|\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\b).*$")
WEEKDAY_OR_MONTH = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*$|\b(?:january|february|march|april|may|june|july|august|september|october|"
    r"november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s+\d.*$"
    r"|\b(?:updated|published|posted|last modified)\b.*$",
    re.IGNORECASE,
)
# "Dr." and "Jr." belong to a name, a calling does not.
# "Jane Doe for Example News", "John Roe from the University of Nowhere".
FOR_WHOM = re.compile(r"\s+(?:for|from|at|für|pour|para)\s+(?:the\s+)?[A-Z].*$", re.IGNORECASE)
DEGREES = re.compile(r",?\s+(?:ph\.?d|m\.?d|m\.?a|b\.?a|mba|msc|bsc|rn|rd|cpa|esq|do|dds|facp)\.?$", re.IGNORECASE)
CALLING = re.compile(
    r"\b(?:reporter|editor|editorial|correspondent|staff|writer|columnist|contributor|contributors|contributing|producer|"
    r"journalist|bureau|chief|desk|team|redaktion|redakteur\w*|rédaction|redacción|redazione|newsroom|intern|analyst|professor|"
    r"director|manager|specialist|founder|ceo|cto|president|university|institute|magazine|newspaper|news|media|press|agency|agencies|"
    r"agentur|agence|agencia|network|foundation|association|inc|ltd|llc|gmbh|group|studio|studios|blog|online|web|admin|"
    r"administrator|webmaster|guest|anonymous|unknown|author|autor|user|view|follow|subscribe|share|comments?|read|more|"
    r"minutes?|ago|photo|image|getty|topics?|categories|category|sponsored|advertis\w+|company|corp|corporation|times|post|"
    r"tribune|herald|gazette|journal|daily|weekly|today|wire|newswire|radio|tv|television|channel|board|council|committee|"
    r"department|office|ministry|club|community|support|marketing|communications|relations|services?|solutions)\b",
    re.IGNORECASE,
)
AGENCIES = {
    "afp", "ap", "dpa", "reuters", "jiji", "kyodo", "efe", "ansa", "apa", "sda", "pa", "upi", "aap", "bloomberg", "cnn", "bbc",
    "npr", "tass", "xinhua", "pti", "ians", "ani", "ritzau", "tt", "ntb", "belga", "anp", "lusa", "pap", "ctk", "mti", "sid",
    "associated press", "the associated press", "agence france-presse", "wikipedia", "facebook", "twitter", "medium", "wordpress",
}  # fmt: skip
# "Food & Wine" is what newspapers and shops are called; two pen names are hardly written so.
FIRM = re.compile(r"(\w+)\s*&\s*(\w+)")
GENERATION = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)*")
# Particles may be lower-case inside a name.
PARTICLES = {
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "van", "von", "der", "den", "ter", "ten",
    "bin", "ibn", "al", "el", "y", "e", "zu", "zum", "zur", "af", "av", "of", "st", "dit", "abu", "ben", "bint", "san",
    "dal", "lo",
}  # fmt: skip
TITLES = {"madame", "mister", "miss", "lady", "lord", "prince", "queen"}
MAX_BYLINE = 400
MAX_PERSONS = 20


def split_byline(byline: str, outlet: str = "", *, loose: bool = False) -> list[str]:
    """The persons a byline names, in its order, each once; no outlets, agencies, callings, e-mails or dates.

    `loose` accepts a single word as a name (a pen name in a field that is meant for authors).
    """
    text = html.unescape(byline)[:MAX_BYLINE]
    if not loose and outlet and _opened(text.strip()).lower() == outlet.lower():
        return []
    for pattern in (TAG, EMAIL, ADDRESS, HANDLE, ASIDE):
        text = pattern.sub(" ", text)
    text = _opened(text.strip())
    if (firm := FIRM.fullmatch(text)) and not any(is_given_name(fold(word)) for word in firm.groups()):
        return []
    persons: list[str] = []
    for piece in SPLIT.split(FOR_WHOM.sub("", text)):
        for part in _at_commas(piece):
            name = _name(part)
            if (
                name
                and _is_person(name, outlet, loose=loose)
                and name.lower() not in {known.lower() for known in persons}
            ):
                persons.append(name)
        if len(persons) >= MAX_PERSONS:
            break
    return persons


def persons_of(bylines: Iterable[str], outlet: str = "", *, loose: bool = False) -> list[str]:
    """The persons of several bylines, each once; the shorter of two forms of one name is left out."""
    found: list[str] = []
    for byline in bylines:
        for name in split_byline(byline, outlet, loose=loose):
            if name.lower() not in {known.lower() for known in found}:
                found.append(name)
    return [n for n in found if not any(n != other and f" {n.lower()} " in f" {other.lower()} " for other in found)]


def _opened(text: str) -> str:
    """Without "By", however often it is said."""
    for _ in range(3):
        shorter = OPENING.sub("", text, count=1).strip()
        if shorter == text:
            break
        text = shorter
    return text


def _at_commas(piece: str) -> list[str]:
    piece = DEGREES.sub("", piece.strip())
    if "," not in piece:
        return [piece]
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    *before, last = parts or [""]
    if before and GENERATION.fullmatch(last):
        # "Sammy Davis, Jr." and "Davis, Sammy, Jr." are one person each.
        return [*before[:-1], f"{before[-1]} {last}"] if len(before) != 2 else [f"{_in_order(before)[0]} {last}"]
    return _in_order(parts)


def _in_order(parts: list[str]) -> list[str]:
    """ "Doe, Jane" is one person, "Jane Doe, John Roe" are two."""
    if len(parts) != 2:
        return parts
    surname, given = (part.split() for part in parts)
    first, *rest = given
    is_given = _is_word(first) or INITIAL.fullmatch(first)
    if not (is_given and all(INITIAL.fullmatch(word) for word in rest) and all(map(_is_word, surname))):
        return parts
    # One word is no whole name, so the other one belongs to it. Several may be: then it must be told by the given name.
    if len(surname) > 1 and (_begins_with_given_name(surname[0]) or not _begins_with_given_name(first)):
        return parts
    if parts[0].lower() in AGENCIES or (len(surname) > 1 and CALLING.search(parts[0])):
        return parts
    return [f"{parts[1]} {parts[0]}"]


def _is_word(word: str) -> bool:
    """Whether it is a word of a name: letters, perhaps with strokes and apostrophes in it."""
    return all(part.isalpha() for part in re.split(r"[-'’‑]", word))


def _begins_with_given_name(word: str) -> bool:
    return word.lower() not in PARTICLES and is_given_name(word.partition("-")[0].lower())


def _name(part: str) -> str:
    part = WEEKDAY_OR_MONTH.sub("", LEADING_DATE.sub("", part))
    part = DEGREES.sub("", SPACE.sub(" ", _opened(part.strip()))).strip(" \t-–—:,;*#!?\"“”„'’‘»«<>|")
    if part.isupper() and " " in part and len(part) > 4:
        part = " ".join(_titled(word) for word in part.split())
    return part


def _titled(word: str) -> str:
    return "-".join(bit[:1] + bit[1:].lower() if len(bit.rstrip(".")) > 1 else bit for bit in word.split("-"))


def _is_person(name: str, outlet: str, *, loose: bool) -> bool:
    low = name.lower()
    if (
        not 2 <= len(name) <= 60
        or any(character.isdigit() or character in "()[]{}=@" for character in name)
        or low in AGENCIES
        or CALLING.search(low)
    ):
        return False
    bare = outlet.lower().removeprefix("the ").removeprefix("www.").strip()
    # A person may publish under the own name: where a field is meant for authors, a given name tells it.
    is_own_outlet = (
        loose
        and low == bare
        and 2 <= len(low.split()) <= 3
        and is_given_name(low.split()[0])
        and low.split()[0] not in TITLES
    )
    if (
        bare
        and not is_own_outlet
        and (
            low.removeprefix("the ") == bare
            or (len(bare) > 3 and bare in low)
            or low.replace(" ", "") == bare.partition(".")[0]
        )
    ):
        return False
    words = name.split()
    if not any(character.isalpha() for character in name) or len(words) > 5:
        return False
    if len(words) == 1:
        # Chinese, Japanese and Korean names have no spaces.
        return (2 <= len(name) <= 4 and ord(name[0]) > 0x2E80) or (loose and name[0].isupper() and name.isalpha())
    if not (words[0][0].isupper() or ord(words[0][0]) > 0x2FF or words[0].lower() in PARTICLES):
        return False
    return all(
        word[0].isupper()
        or not word[0].isalpha()
        or ord(word[0]) > 0x2FF
        or word.lower() in PARTICLES
        or "'" in word
        or "’" in word
        for word in words
    )
