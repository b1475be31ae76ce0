"""A name taken apart for comparing: its telling words, its legal form, its initials, and what it was called before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import DamerauLevenshtein

from brandhound.brands.comparing.reading import as_meant
from brandhound.brands.comparing.transliterating import first_sounds_of, in_latin
from brandhound.brands.names import looks_like_a_website, strip_legal_form
from brandhound.brands.words import commonness

_MARKS = re.compile(r"[®™©℠]|\((?:r|tm|c)\)", re.IGNORECASE)
_FORMERLY = re.compile(
    r"(?:\b(?:formerly(?: known as)?|previously(?: known as)?|f/?k/?a|ex-|n[ée]e|once called|vormals|anciennement|antes|già)\b"
    r"|(?<=\()(?:was|ex)(?=\s))[\s:]*([^,;()]+)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_IN_A_WORD = re.compile(r"(?<=[^\W\d_])\(([^\W\d_]{1,2})\)(?=[^\W\d_])")
"""Coop Himmelb(l)au."""
_SHARES = re.compile(r"\b(?:class|series) [a-z]\b|\bthe\b|\b[a-z]{2}\.?$", re.IGNORECASE)
_SITE_ENDING = re.compile(
    r"(?<=\w)\.(?:com|net|org|io|ai|co|app|shop|store|tv|de|fr|it|es|nl|co\.uk|uk|eu|us|ru|pl|at|ch|se|dk|fi|no|jp|cn|br)\b"
    r"(?![\w.])",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?=\W|$)|\b(?:[^\W\d_]\.){1,}[^\W\d_]\b")
_SINGLE = re.compile(r"\b([^\W\d_])\.?\s(?=[^\W\d_]\.?\s)")
_JOINERS = frozenset({"and", "und", "et", "y", "og", "och", "en"})
_ARTICLES = frozenset({"the", "die", "der", "das", "el", "los", "las", "il", "lo", "les", "au", "aux", "d", "l"})
_LITTLE_WORDS = "of for de la le du des di da del do van von in at by"
# H. J. Heinz, J D Wetherspoon: what stands for first names.
_LEADING_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.\s?){1,3}(?=[A-ZÀ-Þ][a-zß-ÿ])|(?:[A-ZÀ-Þ]\s){1,3}(?=[A-ZÀ-Þ][a-zß-ÿ])")
_POSSESSIVE = re.compile(r"(\w{3,})['’`´ʼ]s\b")
_LITTLE = _JOINERS | _ARTICLES | frozenset(_LITTLE_WORDS.split())
_OTHER_LETTERS = re.compile("[\u0370-\u1cff\u2d00-\u2ddf\u3041-\ud7ff\uf900-\ufaff]")
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("sch", "sh"), ("x", "ks"), ("qu", "kv"), ("c", "k"), ("q", "k"), ("w", "v"), ("j", "y"),
    ("y", "i"),
)  # fmt: skip
_BONES = tuple(
    (re.compile(written), sounds)
    for written, sounds in (
        ("dg", "j"), ("ph", "f"), ("ck", "k"), ("s?ch|sh", "S"), ("th", "t"), ("[cs](?=[eiy])", "s"), ("g(?=[eiy])", "j"),
        ("x", "ks"), ("q|c", "k"), ("t[sz]|z", "s"), ("w", "v"), ("[aeiouyh]", ""), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
# Beside those that the matcher leaves out of names: what stands in full, with blanks, or in front.
_MORE_LEGAL = re.compile(
    r"[\s,]+(?:s\.?a\.?/n\.?v\.?|abp|nv/sa|(?:se|ag|gmbh)\s\+|s\.?\s?a\.?\s?b\.?\s?de\s?c\.?\s?v\.?|a\.?\s?ş\.?|a\.\s?s\.?|d\.\s?d\.?|s\.?\s?r\.?\s?o\.?|d\.\s?o\.\s?o\.?|s\.\s?a\.?|s\.\s?l\.?"
    r"(?:\s?u\.?)?|s\.\s?a\.\s?u\.?|s\.\s?c\.\s?a\.?|s\.\s?p\.\s?a\.?|a\.\s?e\.?|sgps|nyrt|ohg|e\.\s?v\.|e\.?g\.?|sdn\.?\s?bhd|bhd|berhad|"
    r"tbk|pvt\.?|private limited|ltda|lda|aktiengesellschaft|aktiebolag|aktieselskab|osakeyhtiö|p?jsc|ojsc|eood|ead|"
    r"&\s?co\.?|\+\s?co\.?(?:\s?kg)?|& cie|ve ticaret|sanayi)\.?\s*$",
    re.IGNORECASE,
)
LEAST_SLIPPED_LEGAL = 6
_LONG_LEGAL = ("incorporated", "corporation", "company", "holdings")
_LEGAL_IN_FRONT = re.compile(
    r"^(?:ab|as|ad|pt\.?|ао|ооо|пао|тов|зат|пат|прат|tov|ooo|oao|pao|zao|s\.\s?a\.|s\.\s?a\.\s?c\.\s?i\.|société anonyme|société|"
    r"compagnie nationale|etn\.?|fa\.|firma|ditta)\s+(?=\S{3})",
    re.IGNORECASE,
)
# Levi's since 1853, Caffè Vergnano 1882. A year of our own century is rather a part of the name, and so is any beside one word.
_SINCE = re.compile(r"[\s,]+(?:since|seit|depuis|dal|desde|sinds|est\.?|anno)\s+(?:1[5-9]|20)\d\d\s*$", re.IGNORECASE)
_FOUNDED = re.compile(r"[\s,]+(1[5-9]\d\d)\s*$")
_OF_HANDLES = re.compile(
    r"^@(?:get|try)(?P<behind>[a-z]{4,})$|^[@#]?(?P<before>\w{4,}?)_?(?:official|oficial|officiel|ufficiale|offiziell|resmi)$"
    r"|^@(?P<of_app>[a-z]{4,}?)_?(?:app|hq)$",
)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_UMLAUT = re.compile("[äöüøå]", re.IGNORECASE)
_BESIDE_INITIALS_WORDS = "für fur zur zum zu im am pour par sur para per por con dla na i e a o u voor het"
_BESIDE_INITIALS = _LITTLE | frozenset(_BESIDE_INITIALS_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W\d_]")
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ][A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zß-ÿ])")
_COUNTED = "zero one two three four five six seven eight nine ten"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_COUNTED.split())} | {"ii": "2", "iii": "3", "iv": "4"}
# Signs that stand for the letter they look like, or are said after a letter: !ndigo, T€Di, C#.
_AS_LETTERS = (
    (re.compile(r"(?<=\b[^\W\d_])\+\+"), "plusplus"),
    (re.compile(r"(?<=\b[^\W\d_])#"), "sharp"),
    (re.compile(r"(?<=\w)!(?=\w)|(?<!\S)!(?=\w)"), "i"),
    (re.compile(r"(?<=[^\W\d])€|€(?=[^\W\d])"), "e"),
    (re.compile(r"(?<=[^\W\d])\$(?=[^\W\d])|\$(?=[^\W\d])"), "s"),
)
# And in Russian, Ukrainian, Bulgarian, Serbian and Greek.
_AND_ELSEWHERE = re.compile(r"(?<=\w)\s+(?:и|і|й|та|και)\s+(?=\w)", re.IGNORECASE)
_COOPERATIVE = re.compile(r"\bco[- ]?op(?:erative)?\b")
_ELIDED = re.compile(r"\b([dl])['’`´ʼ](?=\w)")


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name in parts. `words` are without legal form, little words and accents, in Latin letters where that is known."""

    text: str
    words: tuple[str, ...]
    joined: str
    written: str
    """All its words in one, the little ones too: DuPont is Du Pont."""
    whole: str
    """The same with the legal form: newscorp.com is News Corp."""
    spelled: str
    """All its words in one as they stand there, before other languages are levelled: deutschebank.de is Deutsche Bank."""
    initials: frozenset[str]
    legal: str
    """As it is written: GmbH."""
    former: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    is_initials: bool = False
    """Whether it is written like an abbreviation: IBM, P&G, I.B.M."""
    is_latin: bool = True
    letters: str = field(default="")
    """The letters of all its words with the little ones, for abbreviations that count them: BofA, H&M."""
    all_words: tuple[str, ...] = ()
    """With the little ones."""
    humps: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Words that are written with a capital inside, with the parts that it makes: Vodafone, Ziggo."""
    spelled_out: str = ""
    """All its words in one with ä, ö and ü as ae, oe and ue; nothing where none of them stands there."""
    in_between: frozenset[str] = frozenset()
    """All its words in one with a part of the legal form (etorogroup of eToro Group Ltd.), or with the ending of an address."""
    leading: str = ""
    """Letters in front that stand for first names: hj of H. J. Heinz."""
    levelled: frozenset[str] = frozenset()
    """Which of `words` stand there otherwise or in another language: bank, for Banco."""
    spelled_words: tuple[str, ...] = ()
    """`words` as they stand there, before other languages are levelled: abbreviations are of those."""
    legal_words: tuple[str, ...] = ()
    """`spelled_words` with those of the legal form, which abbreviations may count: TEPCO."""
    whole_words: tuple[str, ...] = ()
    """All its words as they stand there, with the little ones and the legal form: PDVSA."""
    founded: str = ""
    """A year behind them that is no word of the name: Caffè Vergnano 1882."""


def _listed(file: str) -> dict[str, tuple[str, ...]]:
    lines = files("brandhound.brands.comparing").joinpath(file).read_text(encoding="utf-8").splitlines()
    return {word: tuple(others.split()) for word, others in (line.split("\t") for line in lines)}


@lru_cache(maxsize=1)
def _long_forms() -> dict[str, str]:
    """What is written short, otherwise or in another language, as one word. Only words that hardly ever are something else."""
    return {short: word for word, others in (_listed("same_words.tsv") | _countries()).items() for short in others}


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, ...]]:
    return _listed("countries.tsv")


def is_country(word: str) -> bool:
    """Whether a word of a name says which country it is of: austria, for Austrian and Österreichische, too."""
    return word in _countries()


def ways_to_write(word: str) -> tuple[str, ...]:
    """What was levelled to this word: tech and technology to technologies."""
    return _ways_to_write().get(word, ())


@lru_cache(maxsize=1)
def _ways_to_write() -> dict[str, tuple[str, ...]]:
    return _listed("same_words.tsv")


@lru_cache(maxsize=20_000)
def parts_of(text: str) -> NameParts:
    """The name in parts. Two names with the same `words` differ in nothing but writing."""
    bare = _bare(text)
    former = tuple(found.strip() for found in _FORMERLY.findall(bare) if found.strip())
    in_brackets = [inside.strip() for inside in _BRACKETS.findall(bare)]
    also = tuple(
        inside
        for inside in in_brackets
        if len(inside) > 1 and not _FORMERLY.search(inside) and not _SHARES.search(inside)
    )
    outside = _outside(bare)
    short = _short(outside)
    all_words = _without_the(_words(short))
    telling = _telling(all_words)
    return NameParts(
        text=text,
        words=telling,
        joined="".join(telling),
        written="".join(all_words),
        whole="".join(_words(outside)),
        spelled="".join(_without_the(_as_written(short))),
        initials=_initials_of(_without_the(_as_written(short)), _as_written(outside))
        | _initials_of(all_words, _words(outside))
        | _initials_with_the(_as_written(short), _as_written(outside))
        | _initials_in_chinese(short)
        | _initials_of(_as_written(_HUMP.sub(" ", short)), []),
        legal=outside[len(short) :].strip(" ,.") if outside.startswith(short) else "",
        former=former,
        also=also,
        numbers=frozenset(word for word in telling if word.isdigit()),
        is_initials=bool(re.fullmatch(r"(?:[A-Z][.&+\s]{0,3}){2,6}", outside.strip())),
        letters="".join(word[0] for word in _without_the(_as_written(short))),
        is_latin=not _OTHER_LETTERS.search(outside),
        all_words=tuple(all_words),
        humps={
            "".join(_as_written(word)): tuple(_words(_HUMP.sub(" ", word)))
            for word in outside.split()
            if _HUMP.search(word)
        },
        spelled_out="".join(_words(_spelled_out(short))) if _UMLAUT.search(short) else "",
        in_between=_in_between(bare, _without_the(_words(short)), _words(outside)) | _meant_in_name(text),
        leading=re.sub(r"\W", "", found.group()).casefold() if (found := _LEADING_INITIALS.match(short)) else "",
        levelled=frozenset(telling) - frozenset(_as_written(short)),
        spelled_words=_telling(_without_the(_as_written(short))),
        legal_words=_telling(_without_the(_as_written(outside))),
        whole_words=tuple(_without_the(_as_written(outside))),
        founded=_founded(bare),
    )


def _bare(text: str) -> str:
    return _IN_A_WORD.sub(r"\1", _MARKS.sub("", as_meant(text))).strip().lstrip("@#$")


def without_possessive(parts: NameParts, other: NameParts) -> NameParts:
    """Kellogg for Kellogg's beside Kellogg Company: where the other name has the word without the s; else the name as it is."""
    found = _POSSESSIVE.search(parts.text)
    if found and "".join(_as_written(found[1])) in other.all_words:
        return parts_of(_POSSESSIVE.sub(r"\1", parts.text))
    return parts


def telling_words(text: str) -> tuple[str, ...]:
    """What `parts_of` has for `words`, in a sixth of the time. Nothing is kept: for going through many names once."""
    short = _short(_outside(_bare(text)))
    return _telling(_without_the(_words(short)))


def _in_between(bare: str, short: list[str], long: list[str]) -> frozenset[str]:
    found = {"".join(long[:end]) for end in range(len(short) + 1, len(long)) if long[: len(short)] == short}
    if _SITE_ENDING.search(bare) and "/" not in bare and not bare.lower().startswith("www."):
        found.add("".join(_words(bare)))
    return frozenset(found)


def meant_by_handle(text: str) -> frozenset[str]:
    """What a handle says beside what handles have because the name itself was taken: @getmonzo, fjallravenofficial, @calmapp."""
    found = _OF_HANDLES.match(text)
    return frozenset("".join(_words(part)) for part in found.groupdict().values() if part) if found else frozenset()


def _meant_in_name(text: str) -> frozenset[str]:
    """The same where a name is written so. What begins with “get” and goes on with a word may be two words: @getaway."""
    begins = _OF_HANDLES.match(text)
    return frozenset() if begins and commonness(begins["behind"] or "") else meant_by_handle(text)


def _spelled_out(text: str) -> str:
    return _UMLAUT.sub(lambda found: _UMLAUTS[found.group().casefold()], text)


def _short(outside: str) -> str:
    """The name without its legal form, whichever stands there; never empty."""
    short = strip_legal_form(outside)
    while (shorter := strip_legal_form(_MORE_LEGAL.sub("", short))) != short and _WORD.search(shorter):
        short = shorter
    front, _, last = short.rpartition(" ")
    if _WORD.search(front) and is_slipped_legal(last.casefold()):
        short = front.rstrip(" ,")
    return _LEGAL_IN_FRONT.sub("", short)


@lru_cache(maxsize=20_000)
def is_slipped_legal(word: str) -> bool:
    """Whether a lower-case word is a long legal form with one letter wrong: Incorproated, Coompany."""
    return len(word) >= LEAST_SLIPPED_LEGAL and any(
        DamerauLevenshtein.distance(word, legal, score_cutoff=1) == 1 for legal in _LONG_LEGAL
    )


def _outside(bare: str) -> str:
    """A name without what it says in brackets or of former names, and without the ending of an address."""
    outside = _FORMERLY.sub(" ", _BRACKETS.sub(" ", bare)).strip(" ,;-") or bare
    if looks_like_a_website(outside):
        outside = _stem_of(outside)
    outside = _SITE_ENDING.sub("", outside)
    without_since = _SINCE.sub("", outside)
    outside = without_since if _LETTER.search(without_since) else outside
    without_year = _FOUNDED.sub("", outside)
    if without_year != outside and len(_telling(_without_the(_words(_short(without_year))))) > 1:
        return without_year
    return outside


def _founded(bare: str) -> str:
    found = _FOUNDED.search(bare)
    return found[1] if found and not _SINCE.search(bare) and not _outside(bare).endswith(found[1]) else ""


def _telling(words: list[str]) -> tuple[str, ...]:
    if all(len(word) == 1 or word in _JOINERS for word in words):
        return tuple(word for word in words if word not in _JOINERS) or tuple(words)  # L&G: no article.
    return tuple(word for word in words if word not in _LITTLE) or tuple(words)


def _without_the(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _words(text: str) -> list[str]:
    long_forms = _long_forms()
    found = [long_forms.get(word, word) for word in _as_written(text)]
    has_more = sum(word not in _LITTLE for word in found) > 1
    return [_NUMBER_WORDS.get(word, word) for word in found] if has_more else found


def _as_written(text: str) -> list[str]:
    plain = in_latin(_AND_ELSEWHERE.sub(" and ", text))
    for sign, letter in _AS_LETTERS:
        plain = sign.sub(letter, plain)
    plain = _COOPERATIVE.sub("coop", plain)
    plain = _ELIDED.sub(r"\1 ", plain)
    plain = re.sub(r"(?<=\w)['’`´ʼ](?=\w)", "", plain).replace("'", "").replace("’", "")
    plain = re.sub(r"\s*[&+]\s*", " and ", plain)
    plain = _INITIALS.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", plain)
    plain = _SINGLE.sub(r"\1", plain)
    return _WORD.findall(plain)


def _initials_of(short: list[str], long: list[str]) -> frozenset[str]:
    """Abbreviations that the words may have: with and without little words, with and without the legal form."""
    found: set[str] = set()
    # AIG is American International Group, without “Inc.”
    for words in (short, *(long[:end] for end in range(len(short) + 1, len(long) + 1))):
        little_ones = (_LITTLE, _BESIDE_INITIALS, _BESIDE_INITIALS - _JOINERS)
        chosen = (words, *([word for word in words if word not in little] for little in little_ones))
        found |= {"".join(word[0] for word in each) for each in chosen if len(each) > 1}
    return frozenset(one for one in found if 2 <= len(one) <= 7)


def _initials_with_the(short: list[str], long: list[str]) -> frozenset[str]:
    """THG of The Hut Group: three letters and more, since any word of two letters may begin with a T."""
    if not short or short[0] != "the":
        return frozenset()
    return frozenset(one for one in _initials_of(short, long) if len(one) > 2 and one.startswith("t"))


def _initials_in_chinese(short: str) -> frozenset[str]:
    """BYD of 比亚迪."""
    sounds = first_sounds_of(short)
    return frozenset({sounds} if 2 <= len(sounds) <= 4 else ())


def _stem_of(address: str) -> str:
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.strip().lower()).split("/")[0].split(":")[0]
    labels = host.split(".")
    if len(labels) > 2 and labels[-2] in {"co", "com", "org", "net", "ac", "gov"}:
        return labels[-3]
    return labels[-2] if len(labels) > 1 else labels[0]


@lru_cache(maxsize=20_000)
def sound_of(joined: str) -> str:
    """A name as it is heard, roughly: what is the same letter in another alphabet is the same letter here."""
    for written, heard in _SOUNDS:
        joined = joined.replace(written, heard)
    return joined


@lru_cache(maxsize=20_000)
def bones_of(joined: str) -> str:
    """The consonants of a name as they are heard, roughly, the first vowel besides: what another alphabet keeps of it."""
    heard = joined
    for written, sounds in _BONES:
        heard = written.sub(sounds, heard)
    return heard
