"""The ways in which a name is written that follow from it by rule, each with why. Thinking only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from brandhound.brands.comparing.transliterating import in_cyrillic, in_greek, in_latin, is_written_so
from brandhound.brands.folding import fold
from brandhound.brands.hosts import own_host
from brandhound.brands.names import (
    BrandNames,
    NameKind,
    acronym_of,
    looks_like_a_website,
    spelling_variants,
    strip_legal_form,
)

_COUNTED = "Zero One Two Three Four Five Six Seven Eight Nine Ten"
_NUMBERS = dict(enumerate(_COUNTED.split()))
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"}
_LEGAL_FORMS = ("Inc", "Ltd", "GmbH", "Group")


@dataclass(frozen=True, slots=True)
class Variation:
    """A way to write a name, what kind of name that is, and why it is thought of."""

    text: str
    kind: NameKind
    why: str


def variations_of(brand: BrandNames) -> list[Variation]:
    """Ways to write the brand's names that are not among them yet, none twice."""
    known = {fold(name.text).strip() for name in brand.names} | {fold(brand.name)}
    found: dict[str, Variation] = {}
    written = [brand.name, *(name.text for name in brand.names if name.kind in {"short", "legal", "product", "former"})]
    for text in dict.fromkeys(written):
        for variation in _of_name(text):
            key = fold(variation.text).strip()
            if key and key not in known:
                found.setdefault(key, variation)
    for variation in _of_brand(brand):
        key = fold(variation.text).strip()
        if key not in known:
            found.setdefault(key, variation)
    return list(found.values())


def _of_name(text: str) -> Iterator[Variation]:
    short = strip_legal_form(text)
    if fold(short) != fold(text):
        yield Variation(short, "short", f"“{text}” without its legal form")
    for variant in spelling_variants(short):
        yield Variation(variant, "short", f"“{short}”, parted or joined otherwise")
    if "-" in short:
        yield Variation(short.replace("-", " "), "short", f"“{short}” without the hyphen")
    if acronym := acronym_of(text):
        yield Variation(acronym, "short", f"The first letters of “{text}”")
    if "'" in short or "’" in short:
        yield Variation(short.replace("'", "").replace("’", ""), "misspelling", f"“{short}” without the apostrophe")
    spelled = "".join(_spelled(sign) for sign in short)
    if spelled != short:
        yield Variation(spelled, "short", f"“{short}” with its letters written out")
    yield from _counted(short)
    yield from _in_other_letters(short)


def _spelled(sign: str) -> str:
    written = _UMLAUTS.get(sign.lower(), sign)
    return written if sign.islower() or written == sign else written.capitalize()


def _counted(text: str) -> Iterator[Variation]:
    if found := re.search(r"(?<!\d)(?:10|\d)(?!\d)", text):
        words = text[: found.start()] + _NUMBERS[int(found.group())] + text[found.end() :]
        yield Variation(words.replace("-", " "), "short", f"“{text}” with its number as a word")
    for number, word in _NUMBERS.items():
        if re.search(rf"\b{word}\b", text) and " " in text:
            yield Variation(re.sub(rf"\b{word}\b", str(number), text), "short", f"“{text}” with its number in digits")


def _in_other_letters(text: str) -> Iterator[Variation]:
    if text.isascii():
        if sum(map(str.isalpha, text)) >= 4 and " " not in text:
            yield Variation(in_cyrillic(text), "transliteration", f"“{text}” in Cyrillic letters")
            yield Variation(in_greek(text), "transliteration", f"“{text}” in Greek letters")
    elif is_written_so(text) and (latin := in_latin(text)).isascii() and fold(latin) != fold(text):
        yield Variation(latin.title(), "transliteration", f"“{text}” in Latin letters")


def _of_brand(brand: BrandNames) -> Iterator[Variation]:
    bare = "".join(re.findall(r"\w+", fold(strip_legal_form(brand.name))))
    if host := own_host(brand.website):
        yield Variation(host, "domain", "The brand's own site")
    if bare.isascii() and 4 <= len(bare) <= 20:
        yield Variation(f"@{bare}", "handle", "The name as a handle")
    short = strip_legal_form(brand.name)
    if not looks_like_a_website(brand.name) and fold(short) == fold(brand.name):
        for form in _LEGAL_FORMS:
            yield Variation(f"{short} {form}", "legal", "With a legal form")
