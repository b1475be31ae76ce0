"""Ways to write a name that only the articles tell: misspellings, inflected forms, former names, products. Thinking only."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from brandhound.brands.folding import fold
from brandhound.brands.names import BrandNames
from brandhound.brands.varying import Variation
from brandhound.brands.words import commonness, is_given_name, is_place

LEAST_LETTERS = 7
"""From so many letters on a name with one letter wrong is hardly another word."""
LEAST_TIMES = 2
MOST_EACH = 8
_CAPITALISED = re.compile(r"(?<![\w@#’'.-])[^\W\d_a-z][\w]{3,}(?![\w-])")
_ENDINGS = re.compile(r"(?:[a-zà-ÿ]|[а-я]){1,4}")


def overheard(brand: BrandNames, texts: Sequence[str]) -> list[Variation]:
    """What the texts add to the brand's names. Texts without any of them add misspellings and bent forms alone."""
    names = [name.text for name in brand.names if name.kind in {"short", "product", "former", "legal"}] or [brand.name]
    words = Counter(word for text in texts for word in _CAPITALISED.findall(text))
    known = {fold(name.text) for name in brand.names}
    found: dict[str, Variation] = {}
    for variation in (*_bent(names, words), *_said(names, texts)):
        if fold(variation.text) not in known:
            found.setdefault(fold(variation.text), variation)
    return list(found.values())


def _bent(names: Sequence[str], words: Counter[str]) -> Iterator[Variation]:
    single = [name for name in names if " " not in name and len(name) >= 5]
    folded_words = [(word, fold(word), times) for word, times in words.items()] if single else []
    for name in dict.fromkeys(single):
        folded = fold(name)
        wrong: Counter[str] = Counter()
        bent: Counter[str] = Counter()
        for word, other, times in folded_words:
            if other == folded or commonness(other) or is_given_name(other) or is_place(other):
                continue
            ending = other[len(folded) :]
            if other.startswith(folded) and _ENDINGS.fullmatch(ending):
                # Plurals and possessives in s are found anyway.
                if ending not in {"s", "es"}:
                    bent[word] += times
            elif len(folded) >= LEAST_LETTERS and DamerauLevenshtein.distance(folded, other, score_cutoff=1) == 1:
                wrong[word] += times
        for word, _ in _often(wrong, 1):
            yield Variation(word, "misspelling", f"One letter away from “{name}”, and no other word")
        for word, _ in _often(bent, LEAST_TIMES):
            yield Variation(word, "inflected", f"“{name}” with an ending")


def _said(names: Sequence[str], texts: Sequence[str]) -> Iterator[Variation]:
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    capital = r"[A-ZÀ-Þ][\w&’'-]+(?: (?:& )?[A-ZÀ-Þ][\w&’'-]+){0,3}"
    before = re.compile(
        rf"\b(?:{any_name}),? \(?(?:formerly|previously|once)(?: known as| called)? ({capital})"
        rf"|({capital}),? \(?(?:now|renamed|rebranded as|since renamed) (?:{any_name})\b"
    )
    owned = re.compile(rf"\b(?:{any_name})['’]s (?:new |latest |popular |flagship )?({capital}|i[A-Z]\w+)")
    # Who speaks is a person, not something that is sold.
    spoke = re.compile(rf"({capital})(?:,[^,.]{{1,60}},)? (?:said|says|told|added|adds|wrote|tweeted|explained)\b")
    people: set[str] = set()
    former: Counter[str] = Counter()
    products: Counter[str] = Counter()
    for text in texts:
        people.update(spoke.findall(text))
        former.update(one or other for one, other in before.findall(text))
        products.update(owned.findall(text))
    for name, times in _often(former, 1):
        yield Variation(name, "former", f"Articles say that it was called so ({times}×)")
    for name, times in _often(products, LEAST_TIMES):
        folded = fold(name)
        if (
            name not in people
            and not commonness(folded)
            and not is_given_name(folded.split()[0])
            and not is_place(folded)
        ):
            yield Variation(name, "product", f"Articles speak of the brand's “{name}” ({times}×)")


def _often(counted: Counter[str], least: int) -> list[tuple[str, int]]:
    return [(word, times) for word, times in counted.most_common(MOST_EACH) if times >= least]
