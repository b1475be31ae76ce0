"""The names of a brand: what each of them is, and which ones follow from a name by rule."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from brandhound.brands.dictionary import is_word
from brandhound.brands.folding import fold
from brandhound.brands.hosts import host_of, is_host, own_host, page_of_many, stem_of
from brandhound.brands.words import commonness, is_given_name, is_place

NameKind = Literal[
    "legal",
    "short",
    "product",
    "ticker",
    "domain",
    "handle",
    "former",
    "misspelling",
    "transliteration",
    "inflected",
]
WORDLIKE: frozenset[NameKind] = frozenset({"short", "product", "former"})
"""Kinds of names that may be spelled like a word."""
NAME_KINDS: tuple[NameKind, ...] = get_args(NameKind)

# Legal forms by which companies are registered. Dotted forms come first, so that "Plan A" is never cut to "Plan".
_LEGAL_FORMS = (
    r"s\.?\s?a\.?\s?de\s?c\.?\s?v\.?|sp\.?\s?z\s?o\.?\s?o\.?|s\.p\.a\.?|s\.r\.l\.?|s\.a\.s\.?|s\.a\.|a/s|a\.s\.|b\.v\.|n\.v\.|"
    r"l\.l\.c\.?|l\.p\.|p\.l\.c\.?|inc\.?|incorporated|corp\.?|corporation|company|co\.?|llc|llp|lp|ltd\.?|limited|plc|"
    r"gmbh(?:\s?&\s?co\.?\s?kgaa?)?|mbh|kgaa|kg|ag|se|sas|sarl|sa|spa|srl|bv|nv|ab|asa|oyj|oy|aps|kft|zrt|d\.o\.o\.?|doo|"
    r"pty|pte|k\.?k\.?|holdings?|group|株式会社|有限公司|有限会社|股份有限公司|주식회사|"
    r"有限责任公司|有限責任公司|股份公司|公司|集团|集團|控股|그룹"
)
LEGAL_TAIL = re.compile(
    rf"(?:[\s,]+|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]))(?:{_LEGAL_FORMS})\s*$", re.IGNORECASE
)
# Legal forms that are words as well, and as often a part of the name.
_WORDS_OF_NAMES = re.compile(r"\s(?:company|co\.?|group|holdings?)$", re.IGNORECASE)
LEGAL_HEAD = re.compile(r"^(?:株式会社|有限会社|(?:the|ооо|оао|пао|зао|pt)\s+)\s*", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_SMALL = frozenset(
    (
        "and",
        "of",
        "the",
        "for",
        "de",
        "la",
        "le",
        "du",
        "des",
        "et",
        "und",
        "y",
        "e",
        "di",
        "da",
        "do",
        "das",
        "dos",
        "van",
        "von",
    )
)
# Marks of direction, places where a line may break, and the like: they come along with what is copied from a page.
_UNSEEN = re.compile("[\x01-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_JOINERS = "\u200c\u200d"
_HANDLE = re.compile(r"\w[\w.-]*")
_TICKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,9}")
_BEFORE_HANDLES = frozenset(("company", "school", "showcase", "in", "c", "user", "channel", "pages", "profile", "u"))
"""What stands in the address of a profile before the handle."""
_CAPITAL_INSIDE = re.compile(r"[a-z][A-Z]")


@dataclass(frozen=True, slots=True)
class Name:
    """One name under which a brand is written."""

    text: str
    kind: NameKind = "short"
    case_sensitive: bool = False
    needs_context: bool = False


@dataclass(frozen=True, slots=True)
class BrandNames:
    """All that matching has to know of a brand. `key` comes back in every match."""

    key: str
    name: str
    names: tuple[Name, ...]
    context_words: tuple[str, ...] = ()
    not_phrases: tuple[str, ...] = ()
    category: str = ""
    website: str = ""
    told_apart: bool = False
    """Whether it is said what else its name means, so that even a place that looks like that can be told."""


@dataclass(frozen=True, slots=True)
class NameDoubt:
    """How far a name alone is from saying which thing is meant, and why."""

    is_ambiguous: bool
    reasons: tuple[str, ...]


def one_line(text: str) -> str:
    """A text in one line with nothing in it that nobody sees. What joins letters or pictures stays between them."""
    return " ".join(_UNSEEN.sub("", text).split()).strip(_JOINERS + " ")


def strip_legal_form(name: str) -> str:
    """The name without its legal form: “Acme Foods, Inc.” gives “Acme Foods”. Never gives an empty name."""
    kept = LEGAL_HEAD.sub("", name.strip()).strip() or name.strip()
    while (shorter := LEGAL_TAIL.sub("", kept)) != kept and shorter.strip(" ,.&"):
        kept = shorter.strip(" ,.&")
    return kept


def acronym_of(name: str) -> str | None:
    """“International Business Machines” gives “IBM”; names of fewer than three words have none."""
    words = [word for word in _WORD.findall(strip_legal_form(name)) if word.lower() not in _SMALL]
    if not 3 <= len(words) <= 6 or not all(word[0].isalpha() and word[0].isupper() for word in words):
        return None
    return "".join(word[0] for word in words)


def spelling_variants(name: str) -> list[str]:
    """The same name with its words joined or parted otherwise: Coca-Cola, Coca Cola, CocaCola, & and “and”."""
    found: list[str] = []
    if " & " in name:
        found.append(name.replace(" & ", " and "))
    elif " and " in name:
        found.append(name.replace(" and ", " & "))
    if "-" in name:
        found.append(name.replace("-", ""))
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    if parted != name and " " not in name and all(len(part) > 2 for part in parted.split()):
        found.append(parted)
    words = name.split()
    if len(words) == 2 and name.isascii() and all(word.isalpha() and len(word) > 2 for word in words):
        found.append("".join(words))
    return [variant for variant in dict.fromkeys(found) if fold(variant) != fold(name)]


def handle_of(text: str) -> str:
    """The handle without its sign, also out of the address of a profile; empty where there is none.

    “@Kaffa”, “Kaffa” and “https://www.youtube.com/c/Kaffa/videos” all give “Kaffa”.
    """
    handle = text.strip()
    if "/" in handle:
        try:
            parts = urlsplit(handle if "://" in handle else f"//{handle}").path.split("/")
        except ValueError:
            return ""
        steps = [part for part in parts if part and part.lower() not in _BEFORE_HANDLES]
        handle = steps[0] if steps else ""
    return handle.lstrip("@")


def ticker_of(text: str) -> str:
    """The ticker without its exchange and its sign: “NYSE: BRK.B” and “$BRK.B” give “BRK.B”."""
    return text.rsplit(":", 1)[-1].strip().lstrip("$")


def as_kind(text: str, kind: NameKind) -> str:
    """A name as one of its kind is written, however it was pasted: the host of an address, the handle of a profile.

    Raises ValueError, in words for who typed it, if no text could hold it.
    """
    if kind == "domain":
        if not is_host(host := host_of(text)):
            raise ValueError("a domain has a dot, as in kaffa.example; for a word choose another kind")
        if page_of_many(text):
            raise ValueError(f"{host} is a site of many, and no brand's own: a page on it may be a handle")
        return host
    if kind == "handle":
        if not _HANDLE.fullmatch(handle := handle_of(text)):
            raise ValueError("a handle is one word, as in @kaffa")
        return f"@{handle}" if "/" in text else text
    if kind == "ticker" and not _TICKER.fullmatch(ticker_of(text)):
        raise ValueError("a ticker is at most ten letters, digits and dots, as in KAF or LSE: KAF")
    return text


def looks_like_a_website(text: str) -> bool:
    """True for an address or a bare host name, false for the name of a brand (Yahoo!, Dr. Oetker, L.L.Bean)."""
    text = text.strip()
    if text.lower().startswith(("http://", "https://", "www.")):
        return True
    return bool(re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", text)) and " " not in text


def is_only_word(text: str) -> bool:
    """True for a word of the dictionary that is no person's name and no place: those are in it for being just that.

    Not for a word with a capital inside: “BlackBerry” is no fruit.
    """
    folded = fold(text).strip()
    return is_word(text) and not is_given_name(folded) and not is_place(folded) and not _CAPITAL_INSIDE.search(text)


def doubt_of(text: str) -> NameDoubt:
    """Says whether a name can mean something else, so that it should need its exact case or a context word."""
    folded = fold(text).strip()
    reasons: list[str] = []
    if len("".join(text.split())) < 3 and text.isascii():
        reasons.append("very short")
    if " " not in folded and (commonness(folded) > 0 or is_only_word(text)):
        reasons.append("a common word")
    elif " " in folded and all(commonness(word) > 3 for word in folded.split()):
        reasons.append("made of common words")
    if is_given_name(folded):
        reasons.append("a person's name")
    if is_place(folded):
        reasons.append("a place")
    return NameDoubt(bool(reasons), tuple(reasons))


def name_with_rules(text: str, kind: NameKind = "short") -> Name:
    """A name with the case and context rules that its ambiguity asks for."""
    doubt = doubt_of(text) if kind in {"legal", "short", "product", "former"} else NameDoubt(False, ())
    letters = sum(character.isalnum() for character in text)
    signs = sum(not character.isspace() for character in text)
    return Name(
        text=text,
        kind=kind,
        case_sensitive=kind == "ticker" or (text.isascii() and (letters < 5 or doubt.is_ambiguous)),
        needs_context=text.isascii()
        and kind not in {"handle", "ticker", "domain"}
        and (signs < 3 or (doubt.is_ambiguous and text.islower())),
    )


def suggest_names(name: str, website: str = "") -> list[Name]:
    """The names that follow from a brand's name and site by rule, the name itself first, none twice."""
    short = strip_legal_form(name)
    whole = LEGAL_HEAD.sub("", name.strip())
    if _WORDS_OF_NAMES.search(whole) and " " not in short and doubt_of(short).is_ambiguous:
        # “Pizza” is no name of The Pizza Company where nothing else speaks for it.
        found = [name_with_rules(whole), replace(name_with_rules(short), case_sensitive=True, needs_context=True)]
    else:
        found = [name_with_rules(short)]
    if fold(short) != fold(name):
        found.append(name_with_rules(name.strip(), "legal"))
    found.extend(name_with_rules(variant) for variant in spelling_variants(short))
    if acronym := acronym_of(name):
        found.append(Name(acronym, "short", case_sensitive=True, needs_context=True))
    if (host := own_host(website)) and not host.replace(".", "").isdigit():
        found.append(Name(host, "domain"))
        stem = stem_of(host)
        if (
            len(stem) >= 5
            and fold(stem) not in {fold(known.text) for known in found}
            and not doubt_of(stem).is_ambiguous
        ):
            found.append(name_with_rules(stem))
    return unique_names(found)


def possible_rules(names: Sequence[Name], *, has_context: bool) -> list[Name]:
    """The same names, none of which needs a context that the brand can never have: that would hide it for good."""
    clear = any(name.kind in {"domain", "handle"} or not doubt_of(name.text).is_ambiguous for name in names)
    if has_context or clear:
        return list(names)
    return [replace(name, needs_context=False) for name in names]


def unique_names(names: Iterable[Name]) -> list[Name]:
    """The names in order, without those that differ from an earlier one by case alone."""
    kept: dict[str, Name] = {}
    for name in names:
        if key := fold(name.text).strip():
            kept.setdefault(key, name)
    return list(kept.values())


def load_brands_file(document: object) -> list[BrandNames]:
    """Brands from the plain form people write in a file: a list of {name, aliases, context, not}.

    Raises ValueError, saying which entry is wrong and how.
    """
    if not isinstance(document, list):
        raise ValueError("a brands file is a list of {name, aliases, context, not}")
    return [_brand_of_entry(entry, number) for number, entry in enumerate(cast("list[object]", document), start=1)]


def _brand_of_entry(entry: object, number: int) -> BrandNames:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, dict):
        raise ValueError(f"brand {number} is neither a name nor an object with a name")
    fields = cast("dict[str, Any]", entry)
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"brand {number} has no name")
    texts = {part: _texts(fields.get(part), f"“{part}” of brand {number}") for part in ("aliases", "context", "not")}
    website = fields.get("website")
    return BrandNames(
        key=name,
        name=name,
        names=tuple(
            possible_rules(
                unique_names(name_with_rules(text, kind_of(text)) for text in [name, *texts["aliases"]]),
                has_context=bool(texts["context"] or website),
            )
        ),
        context_words=tuple(texts["context"]),
        not_phrases=tuple(texts["not"]),
        category=str(fields.get("category") or ""),
        website=website if isinstance(website, str) else "",
    )


def _texts(value: object, where: str) -> Sequence[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise ValueError(f"{where} is not a list of texts")
    return [text for text in cast("list[str]", value) if text.strip()]


def kind_of(text: str) -> NameKind:
    """What an alias looks like, when nobody said what it is."""
    if text.startswith("@"):
        return "handle"
    if re.fullmatch(r"\$[A-Z]{1,5}|(?:NYSE|NASDAQ|LSE|ETR|TSE|HKG)\s?:\s?[A-Z0-9.]{1,6}", text):
        return "ticker"
    if looks_like_a_website(text):
        return "domain"
    if fold(strip_legal_form(text)) != fold(text):
        return "legal"
    return "short"
