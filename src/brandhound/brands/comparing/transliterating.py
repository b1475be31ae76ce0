"""Names of other alphabets in Latin letters, roughly as brands write themselves there."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii

# After ISO 9 and ELOT 743, but in the letters that brands use on their own packages (read 2026-11): щ is “sh”, not “ŝ”.
_CYRILLIC_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўђјљњћџѓќѕөүұқғңәһҳҷӣӯ"
_CYRILLIC = (
    "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sh _ y _ e yu ya i yi ye g u dj j lj nj c dz gj kj dz"
    " o u u k g n a h h j i u"
)
_GREEK_LETTERS = "αβγδεζηθικλμνξοπρσςτυφχψω"
_GREEK = "a v g d e z i th i k l m n x o p r s s t y f ch ps o"
# Consonants as they are said, and a letter that may be a vowel as one. Letters with a hamza come here without it.
_ARABIC_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءـپچژگکیےھ"
_ARABIC = "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h u i a a _ _ p ch zh g k i e h"
_HEBREW_LETTERS = "אבגדהוזחטיכךלמםנןסעפףצץקרשת"
_HEBREW = "a v g d h u z h t i k k l m m n n s a f f ts ts k r sh t"
_ONLY_LIKE = re.compile("[\u0590-\u06ff\u0900-\u109f\u1200-\u137f\u1780-\u17ff]")
"""Letters of scripts that leave vowels out, or have them elsewhere than they are said."""
_KANA_SIGN = re.compile("[\u3041-\u30ff]")
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
_COMPANY = re.compile(
    "^(?:株式会社|有限会社)|(?:股份|有限|責任|责任|集團|集团|控股|企業|企业|公司|株式会社|有限会社)+$"
)
_HARD_IN_FRONT = re.compile(r"(?<!\w)[בפ]")
_HARD = {"ב": "b", "פ": "p"}
_LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ə": "a",
    "ё": "e",
    "ѣ": "e",
}
_GREEK_PAIRS = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("ου", "ou"), ("τζ", "tz"))
_TABLE = {
    ord(sign): latin.replace("_", "")
    for sign, latin in (
        *zip(_CYRILLIC_LETTERS, _CYRILLIC.split(), strict=True),
        *zip(_GREEK_LETTERS, _GREEK.split(), strict=True),
        *zip(_ARABIC_LETTERS, _ARABIC.split(), strict=True),
        *zip(_HEBREW_LETTERS, _HEBREW.split(), strict=True),
        *_LATIN.items(),
    )
}


_KANA_ROWS = (
    ("アイウエオ", ""), ("カキクケコ", "k"), ("ガギグゲゴ", "g"), ("サシスセソ", "s"), ("ザジズゼゾ", "z"), ("タチツテト", "t"),
    ("ダヂヅデド", "d"), ("ナニヌネノ", "n"), ("ハヒフヘホ", "h"), ("バビブベボ", "b"), ("パピプペポ", "p"), ("マミムメモ", "m"),
    ("ラリルレロ", "r"),
)  # fmt: skip
# The small ones stand behind another one; ッ doubles what follows, which says nothing here.
_KANA = {kana: sound + vowel for row, sound in _KANA_ROWS for kana, vowel in zip(row, "aiueo", strict=True)} | {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji",
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o",
    "ン": "n", "ヴ": "vu", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo", "ッ": "",
}  # fmt: skip
_TO_HIRAGANA = -0x60
_KANA_TABLE = {ord(kana) + way: latin for kana, latin in _KANA.items() for way in (0, _TO_HIRAGANA)} | {ord("ー"): ""}
_HANGUL = range(0xAC00, 0xD7A4)
_HANGUL_FIRST = "g kk n d tt r m b pp s ss _ j jj ch k t p h"
_HANGUL_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_HANGUL_LAST = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_SYLLABLES = [
    (first + middle + last).replace("_", "")
    for first in _HANGUL_FIRST.split()
    for middle in _HANGUL_MIDDLE.split()
    for last in _HANGUL_LAST.split()
]
"""The syllable blocks in Latin letters, in their order."""
_ASIAN = re.compile("[\u3041-\u30ff\uac00-\ud7a3]")


def in_latin(text: str) -> str:
    """Lower case, without accents, in Latin letters: by our tables, else letter by letter as `anyascii` has them (read 2026-11).

    Arabic, Hebrew and the scripts of India write few vowels, so that it is mostly consonants that come out. Chinese characters
    are read in Mandarin.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    if _ASIAN.search(plain):
        plain = "".join(
            _SYLLABLES[ord(sign) - _HANGUL.start] if ord(sign) in _HANGUL else sign
            for sign in plain.translate(_KANA_TABLE)
        )
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", plain.replace("й", "y")) if not unicodedata.combining(sign)
    )
    for pair, latin in _GREEK_PAIRS:
        bare = bare.replace(pair, latin)
    bare = _HARD_IN_FRONT.sub(lambda found: _HARD[found.group()], bare)
    latin = bare.translate(_TABLE)
    return latin if latin.isascii() else "".join(map(_letter_in_latin, latin))


def _letter_in_latin(sign: str) -> str:
    is_letter = not sign.isascii() and unicodedata.category(sign)[0] in "LM"
    return anyascii(sign).lower() if is_letter else sign


def is_written_so(name: str) -> bool:
    """Whether what `in_latin` makes of a name is how somebody may write it, and not only like it.

    Beside Kana, Chinese characters are read in Japanese, which nothing here does.
    """
    return not _ONLY_LIKE.search(name) and not (_CHINESE.search(name) and _KANA_SIGN.search(name))


def is_in_chinese(name: str) -> bool:
    """Whether it has Chinese characters. Of those many are read alike but for the vowels."""
    return _CHINESE.search(name) is not None


def characters_of(name: str) -> str:
    """Its Chinese characters, simplified, without those that say that it is a company: 阿里巴巴, of 阿里巴巴集團控股有限公司."""
    characters = "".join(_CHINESE.findall(_BRACKETS.sub("", name)))
    return (_COMPANY.sub("", characters) or characters).translate(_simplified())


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Made of OpenCC's dictionaries (1.1, read 2026-11) by `bench/build_characters.py`; Japan's simplified ones with them."""
    lines = files("brandhound.brands.comparing").joinpath("characters.txt").read_text(encoding="utf-8").split()
    return {ord(sign): line[0] for line in lines for sign in line[1:]}


def first_sounds_of(name: str) -> str:
    """The letters that its Chinese characters begin with in Mandarin, where there is nothing else: byd, for 比亚迪."""
    return "".join(anyascii(sign)[:1] for sign in name).lower() if _CHINESE.fullmatch(name) else ""


_INTO_CYRILLIC = {
    "shch": "щ", "sch": "ш", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ya": "я", "yu": "ю", "ph": "ф",
    "th": "т", "ck": "к", "qu": "кв", "oo": "у", "ee": "и", "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г",
    "h": "х", "i": "и", "j": "дж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с",
    "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_INTO_GREEK = {
    "th": "θ", "ch": "χ", "ps": "ψ", "ou": "ου", "ph": "φ", "b": "μπ", "d": "ντ", "g": "γκ", "a": "α", "c": "κ", "e": "ε",
    "f": "φ", "h": "χ", "i": "ι", "j": "τζ", "k": "κ", "l": "λ", "m": "μ",
    "n": "ν", "o": "ο", "p": "π", "q": "κ", "r": "ρ", "s": "σ",
    "t": "τ", "u": "ου", "v": "β", "w": "γου", "x": "ξ", "y": "υ", "z": "ζ",
}  # fmt: skip
_LONGEST = 4


def in_cyrillic(name: str) -> str:
    """A Latin name in Cyrillic letters, with a capital: letter by letter, so it may sound like the name or not."""
    return _written_in(name, _INTO_CYRILLIC)


def in_greek(name: str) -> str:
    """A Latin name in Greek letters, with a capital."""
    written = _written_in(name, _INTO_GREEK)
    return written[:-1] + "ς" if written.endswith("σ") else written


def _written_in(name: str, letters: dict[str, str]) -> str:
    plain, at, found = in_latin(name), 0, ""
    while at < len(plain):
        for length in range(_LONGEST, 0, -1):
            if (part := plain[at : at + length]) in letters:
                found, at = found + letters[part], at + length
                break
        else:
            found, at = found + plain[at], at + 1
    return found.capitalize()
