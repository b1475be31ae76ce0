"""Words of one name beside their likes in the other: the same, misspelled, shortened, or left over."""

import re

from rapidfuzz.distance import DamerauLevenshtein

from brandhound.brands.comparing.parts import NameParts, sound_of, ways_to_write
from brandhound.brands.comparing.rarity import Rarity, is_description, is_trade_elsewhere

_VOWEL = re.compile("[aeiouyаеиоуыэюяіїєαεηιουω]")
_DOUBLED = re.compile(r"(.)\1+")
ENOUGH_LETTERS = 7
"""From so many letters on a name with one letter wrong is a misspelling; of fewer it is another name: Canon and Cannon."""
MOST_MADE = 12
"""Letters of a name that is made of the beginnings of another one's words."""
LEAST_MADE_SKIPPING = 6
"""Letters of such a name where words between are left out."""
MOST_OF_A_WORD = 4
"""Letters of a word that is hardly another one's beginning by chance."""
_CUT_OFF_PLACES = """
    ariz:arizona aus:australia cal:california calif:california colo:colorado conn:connecticut fla:florida ill:illinois
    mass:massachusetts mich:michigan minn:minnesota miss:mississippi mont:montana neb:nebraska nev:nevada okla:oklahoma
    penn:pennsylvania phila:philadelphia tenn:tennessee tex:texas wash:washington wis:wisconsin
"""
_CUT_OFF: dict[str, str] = {
    short: place for short, _, place in (pair.partition(":") for pair in _CUT_OFF_PLACES.split())
}
"""Places as newspapers and offices cut them off."""
LEAST_SLIPPED = 5
LIKE = 0.8
"""Two words as like each other as this are the same word, misspelled."""


def respaced(one: NameParts, other: NameParts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of both, parted alike where only spaces and capitals differ: Mo-Mo and momo, VodafoneZiggo and Vodafone."""
    return _parted_like(one, other), _parted_like(other, one)


def _parted_like(one: NameParts, other: NameParts) -> tuple[str, ...]:
    known, words, at = set(other.all_words), one.all_words, 0
    found: list[str] = []
    while at < len(words):
        length = next(
            (length for length in (4, 3, 2) if at + length <= len(words) and "".join(words[at : at + length]) in known),
            1,
        )
        word = "".join(words[at : at + length])
        humps = one.humps.get(word, ())
        if length == 1 and word not in known and any(len(part) > 2 and part in known for part in humps):
            found += humps
        elif length > 1 or word in one.words:
            found.append(word)
        at += length
    return tuple(found)


def aligned(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[tuple[str, str, float]], list[str], list[str]]:
    """Words of one beside their likes of the other, and what is left over of both."""
    left, right = list(one), list(other)
    pairs: list[tuple[str, str, float]] = []
    for word in one:
        best = max(right, key=lambda candidate: word_likeness(word, candidate), default=None)
        if best is not None and (like := word_likeness(word, best)) >= LIKE:
            pairs.append((word, best, like))
            left.remove(word)
            right.remove(best)
    if pairs and any(_is_of_town(*both) for both in ((one, other), (other, one))) and left and right:
        pairs.append((left.pop(), right.pop(), LIKE))
    if pairs:
        _align_slips(pairs, left, right)
    return pairs, left, right


def _is_of_town(before: tuple[str, ...], behind: tuple[str, ...]) -> bool:
    """Kasseler Sparkasse, Sparkasse Kassel."""
    return before[0] == behind[-1] + "er" and before[1:] == behind[:-1] and len(behind[-1]) >= LEAST_SLIPPED


def _align_slips(pairs: list[tuple[str, str, float]], left: list[str], right: list[str]) -> None:
    """Beside other words that are the same, a short word with one letter wrong is the same word, too: Activ, Active."""
    for word in list(left):
        slipped = next(
            (other for other in right if _is_slip(word, other)),
            None,
        )
        if slipped is not None:
            pairs.append((word, slipped, LIKE))
            left.remove(word)
            right.remove(slipped)


def _is_slip(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) == LEAST_SLIPPED - 1 and short.isalpha() and long == short + "s":
        return True
    if _CUT_OFF.get(short) == long:
        return True  # Mass General Hospital, Massachusetts General Hospital.
    if any(
        len(written) >= ENOUGH_LETTERS and DamerauLevenshtein.distance(written, slipped) == 1
        for meant, slipped in ((word, other), (other, word))
        for written in ways_to_write(meant)
    ):
        return True
    return (
        len(short) >= LEAST_SLIPPED
        and word[0] == other[0]
        and not word.isdigit()
        and DamerauLevenshtein.distance(word, other) == 1
    )


def slip_of(one: str, other: str) -> str:
    """How two writings without blanks differ, where it is by little: "doubled" letters, two "swapped" ones, the "last" one."""
    if _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other):
        return "doubled"
    if len(one) == len(other):
        apart = [at for at in range(len(one)) if one[at] != other[at]]
        if len(apart) == 2 and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]:
            return "swapped"
        return "last" if apart == [len(one) - 1] else ""
    short, long = sorted((one, other), key=len)
    return "last" if len(long) == len(short) + 1 and long.startswith(short) else ""


def word_likeness(one: str, other: str) -> float:
    """1 for the same word; less for a misspelling, a plural or a beginning; 0 for another word."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if one.isdigit() or other.isdigit() or len(short) < 3:
        return 0.0
    if is_description(short) and long in {short + "s", short + "es", short + "ing", short[:-1] + "ies"}:
        return 0.95
    if len(short) < 4:
        return 0.0
    if long in {short + "s", short + "es"} and (len(short) > ENOUGH_LETTERS or is_description(short)):
        return 0.95
    if len(short) > 4 and long.startswith(short) and (is_description(long) or is_description(long[len(short) :])):
        return 0.85
    if len(short) > 4 and sound_of(one) == sound_of(other):
        return 0.9
    # A word that has a meaning of its own is not another one misspelled: Entergy, energy.
    if any(is_description(word) or Rarity.is_everyday(word) for word in (one, other)):
        return 0.0
    spelled = DamerauLevenshtein.normalized_similarity(one, other)
    return spelled if spelled >= LIKE and one[0] == other[0] and len(long) >= ENOUGH_LETTERS else 0.0


def without_description(words: tuple[str, ...], levelled: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What is left without words that only describe. In other languages they stand in front, too: Banco, Caffè."""
    while len(words) > 1 and is_description(words[-1]):
        words = words[:-1]
    while len(words) > 1 and (is_trade_elsewhere(words[0]) or (words[0] in levelled and is_description(words[0]))):
        words = words[1:]
    return words


def initials_inside(one: NameParts, other: NameParts, left: list[str], right: list[str]) -> str | None:
    """A word of one that is the first letters of what the other has instead; both are taken from what is left over."""
    for here, there, whole in ((left, right, other), (right, left, one)):
        for word in here:
            if not 2 <= len(word) <= 6 or not word.isalpha():
                continue
            run = _run_of(word, whole.words, there)
            if run:
                here.remove(word)
                for used in run:
                    there.remove(used)
                return word
    return None


def _run_of(word: str, words: tuple[str, ...], there: list[str]) -> list[str]:
    """Words that stand one after the other, are left over, and begin with these letters."""
    for start in range(len(words) - len(word) + 1):
        run = list(words[start : start + len(word)])
        if "".join(part[0] for part in run) == word and all(run.count(part) <= there.count(part) for part in run):
            return run
    return []


def initials_skipping(one: NameParts, other: NameParts) -> str | None:
    """Three to six capitals that are first letters of the other's words in their order, one or two words left out: DCU."""
    for short, long in ((one, other), (other, one)):
        letters = short.joined
        if (
            len(short.words) == 1
            and 3 <= len(letters) <= 6
            and letters.isalpha()
            and is_in_capitals(short.text)
            and letters not in long.initials
            and any(_skips(letters, firsts) for firsts in ("".join(word[0] for word in long.all_words), *long.initials))
        ):
            return short.text
    return None


def _skips(letters: str, firsts: str) -> bool:
    """Whether first letters of words begin like these and have them in their order, with one or two more."""
    following = iter(firsts)
    return (
        len(letters) < len(firsts) <= len(letters) + 2
        and firsts[0] == letters[0]
        and all(letter in following for letter in letters)
    )


def beginnings(one: NameParts, other: NameParts) -> str | None:
    """A single word made of the beginnings of the other's words, in their order: NatWest, ZaBa, BofA."""
    if len(one.joined) >= ENOUGH_LETTERS and DamerauLevenshtein.distance(one.joined, other.joined) == 1:
        return None  # It is the same name with one letter wrong.
    for short, long in ((one, other), (other, one)):
        if (
            len(short.words) == 1
            and len(long.words) > 1
            and 4 <= len(short.joined) <= MOST_MADE
            and short.joined.isalpha()
        ):
            for words in (
                long.words,
                long.all_words,
                without_description(long.words),
                long.spelled_words,
                long.legal_words,
                *(long.whole_words[:end] for end in range(len(long.words), len(long.whole_words) + 1)),
            ):
                # A name that is the other's first word is a part of it: Thales, Thales Alenia Space.
                if short.joined != words[0] and _is_made_of(short.joined, words):
                    return short.text
            if short.joined != long.words[0] and (
                _is_made_skipping(short.joined, long.all_words)
                or _is_made_skipping(short.joined, long.whole_words)
                or _opens_with_most_of(short.joined, long.words)
            ):
                return short.text
    return None


def _is_made_of(letters: str, words: tuple[str, ...]) -> bool:
    """Whether each word gives one letter or more; of two words the last gives two at least, if there are four letters or more."""
    if not 2 <= len(words) <= 5 or len(letters) < len(words) + 1:
        return False
    # Three words that all fit are hardly so by chance: Embrapa, Empresa Brasileira de Pesquisa Agropecuária.
    last = 2 if len(words) == 2 and len(letters) > len(words) + 1 else 1
    reached = {0}
    for at, word in enumerate(words):
        following: set[int] = set()
        for start in reached:
            length = last if at == len(words) - 1 else 1
            while length <= len(word) and letters[start : start + length] == word[:length]:
                following.add(start + length)
                length += 1
        reached = following
    return len(letters) in reached


def _is_made_skipping(letters: str, words: tuple[str, ...]) -> bool:
    """Whether a name is made of the first word and two others or more, in their order and by two letters or more of each.

    Codelco, Corporación Nacional del Cobre; Banrisul, Banco do Estado do Rio Grande do Sul.
    """
    if not LEAST_MADE_SKIPPING <= len(letters) <= MOST_MADE or not 3 <= len(words) <= 8:
        return False

    def goes_on(at: int, number: int, used: int) -> bool:
        if at == len(letters):
            return used > 2
        return any(
            goes_on(at + length, following + 1, used + 1)
            for following in range(number, len(words))
            for length in range(2, len(letters) - at + 1)
            if words[following][:length] == letters[at : at + length]
        )

    return any(
        letters[:length] == words[0][:length] and goes_on(length, 1, 1)
        for length in range(2, min(len(words[0]), len(letters)) + 1)
    )


def _opens_with_most_of(letters: str, words: tuple[str, ...]) -> bool:
    """MassMutual, Massachusetts Mutual Life Insurance: four letters or more of each of the first two words."""
    return any(
        letters[:length] == words[0][:length] and words[1].startswith(letters[length:])
        for length in range(MOST_OF_A_WORD, len(letters) - MOST_OF_A_WORD + 1)
    )


def letters_inside(one: NameParts, other: NameParts) -> str | None:
    """Letters of one that stand in the other's words in their order, also inside long ones: NKB, Nidwaldner Kantonalbank."""
    for short, long in ((one, other), (other, one)):
        letters = short.joined
        if (
            len(short.words) != 1
            or not 3 <= len(letters) <= 5
            or not letters.isalpha()
            or not is_in_capitals(short.text)
        ):
            continue
        words = next(iter(long.humps.values())) if len(long.words) == 1 and long.humps else long.words
        for each in dict.fromkeys((tuple(words), long.spelled_words)):
            if 1 < len(each) < len(letters) and _goes_through(letters, each):
                return short.text
    return None


def is_in_capitals(text: str) -> bool:
    """Or in small letters that nobody could say as a word."""
    return sum(letter.isupper() for letter in text) * 2 > len(text) or (text.islower() and not _VOWEL.search(text))


def _goes_through(letters: str, words: tuple[str, ...]) -> bool:
    """Whether each word gives its first letter, and the longest of them what else there is."""
    if not words:
        return not letters
    if not letters or letters[0] != words[0][0]:
        return False
    inside = words[0][1:] if len(words[0]) > ENOUGH_LETTERS else ""
    taken = 1
    while not _goes_through(letters[taken:], words[1:]):
        at = inside.find(letters[taken]) if taken < len(letters) else -1
        if at < 0:
            return False
        inside, taken = inside[at + 1 :], taken + 1
    return True
