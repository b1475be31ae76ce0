"""The signs in two names that they are names of one brand, or of two. What each weighs stands in `weighing`."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from brandhound.brands.comparing.adding import legal_beside, signs_of_more, usually_left_out
from brandhound.brands.comparing.aligning import (
    ENOUGH_LETTERS,
    LIKE,
    aligned,
    beginnings,
    initials_inside,
    initials_skipping,
    is_in_capitals,
    letters_inside,
    respaced,
    slip_of,
    without_description,
    word_likeness,
)
from brandhound.brands.comparing.lettering import lettering
from brandhound.brands.comparing.listed import are_listed_apart, bearers_listed, listed_as
from brandhound.brands.comparing.parts import NameParts, bones_of, is_country, parts_of, sound_of, without_possessive
from brandhound.brands.comparing.rarity import (
    MOST_OF_DESCRIPTION,
    Rarity,
    is_corporate,
    is_description,
)
from brandhound.brands.comparing.stating import stated, told_apart
from brandhound.brands.comparing.trades import NOTHING, Trades, fits
from brandhound.brands.comparing.transliterating import is_in_chinese
from brandhound.brands.comparing.weighing import STATED, Likeness, Sign, SignCode, judged
from brandhound.core.wording import count_of

SURELY_LIKE = 0.9
ALIKE_IN_BONES = 0.6
MANY_BEARERS = 20
MUCH_MORE = 3
SLIPS: Mapping[str, Sign] = {
    "doubled": ("slip_doubled", 1.0, "Only letters differ that stand once or twice"),
    "swapped": ("slip_swapped", 1.0, "Two letters are swapped"),
    "last": ("slip_last", 1.0, "Only the last letter differs"),
}
UNKNOWN = (NOTHING, NOTHING)
"""Of neither it is known what it sells."""


def compare_names(one: str, other: str, rarity: Rarity, trades: tuple[Trades, Trades] = UNKNOWN) -> Likeness:
    """How likely both are names of one brand. The order of the two does not matter. `trades` are what each is known to sell."""
    parts = parts_of(one), parts_of(other)
    if not all(part.words for part in parts):
        return Likeness(0.0, ())
    return judged(signs_of(*parts, rarity, trades))


def signs_of(
    one: NameParts, other: NameParts, rarity: Rarity, trades: tuple[Trades, Trades] = UNKNOWN, names: Sequence[str] = ()
) -> list[Sign]:
    """The signs in two names that they mean the same or do not, each with its amount from 0 to 1 and in words.

    `trades` are what each of both is known to sell; `names` are further names of theirs, whose companies are not counted.
    """
    if other.text < one.text:
        one, other, trades = other, one, (trades[1], trades[0])
    if surely := list(stated(one, other)) or list(told_apart(one, other)):
        return surely
    one, other = without_possessive(one, other), without_possessive(other, one)
    signs = _signs_of_names(one, other, rarity)
    if any(code in STATED or code in {"same_words", "same_letters"} for code, _, _ in signs):
        return signs
    signs += _of_letters(one, other)
    signs += _of_list(one, other)
    if any(trades):
        signs += _of_trades(one, other, trades, names)
    return signs


def _of_letters(one: NameParts, other: NameParts) -> Iterable[Sign]:
    alike, held = lettering(one.text, other.text)
    yield (
        "letters_alike",
        alike,
        f"{alike * 100:.0f} % of their runs of letters are the same, as in many that are not one brand",
    )
    yield (
        "letters_held",
        held,
        f"{held * 100:.0f} % of one's runs of letters stand in the other, the rare ones counting more",
    )


def _of_list(one: NameParts, other: NameParts) -> Iterable[Sign]:
    """What the list of companies on exchanges and of brands with an icon says of both."""
    mine, theirs = listed_as(one.text), listed_as(other.text)
    if mine & theirs:
        yield "listed_as_one", 1.0, "The list of companies has both names for one"
    elif are_listed_apart(mine, theirs):
        yield "listed_apart", 1.0, "The list of companies has them as two"
    elif bool(mine) != bool(theirs):
        yield "listed_alone", 1.0, f"Only “{(one if mine else other).text}” stands in the list of companies"
    both, of_one, of_other = laid_beside(one.text, other.text)[1:]
    telling = [word for word, same, _ in both if word == same and not is_description(word)]
    if not telling:
        return
    bearers = bearers_listed(telling, (one.text, other.text))
    if bearers:
        amount = min(1.0, math.log1p(bearers) / math.log1p(MANY_BEARERS))
        code: SignCode = "listed_bearers_of_parts" if of_one and of_other else "listed_bearers"
        yield (
            code,
            amount,
            f"{count_of(bearers, 'other')} in the list of companies with “{' '.join(telling)}” in the name",
        )


def _of_trades(one: NameParts, other: NameParts, trades: tuple[Trades, Trades], names: Sequence[str]) -> Iterable[Sign]:
    _, _, mine, theirs = laid_beside(one.text, other.text)
    hidden = (one.text, other.text, *names)
    found = [fits(words, sold, hidden) for words, sold in ((theirs, trades[0]), (mine, trades[1]))]
    fit, _, word, _ = max(found, key=lambda each: each[0])
    if fit > 0:
        yield "fits_trade", fit, f"“{word}” says what the other sells, too"
    unfit, word = max((each[1], each[3]) for each in found)
    if unfit > 0:
        yield "other_trade", unfit, f"Whoever sells what the other does is hardly called “{word}”"


Aligned = tuple[str, str, float]


@lru_cache(maxsize=256)
def laid_beside(
    one: str, other: str
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], tuple[Aligned, ...], tuple[str, ...], tuple[str, ...]]:
    """The words of two names, parted alike; which of them are the same, and which each has for itself."""
    words = respaced(parts_of(one), parts_of(other))
    pairs, left, right = aligned(*words)
    return words, tuple(pairs), tuple(left), tuple(right)


def _signs_of_names(one: NameParts, other: NameParts, rarity: Rarity) -> list[Sign]:
    signs: list[Sign] = []
    if (short := initials_skipping(one, other)) is not None:
        signs.append(("initials_skipping", 1.0, f"“{short}” are first letters of the other, but for a word or two"))
    if one.numbers != other.numbers and (one.numbers and other.numbers):
        signs.append(("numbers", 1.0, f"{_listed(one.numbers)} here, {_listed(other.numbers)} there"))
    if not one.words or not other.words:
        return signs
    if one.words == other.words or _ways(one) & _ways(other):
        return [*signs, _same(one, other)]
    cores = [without_description(parts.words, parts.levelled) for parts in (one, other)]
    if "".join(cores[0]) == "".join(cores[1]):
        return [*signs, *_same_core(one, other, cores[0], cores[1], rarity)]
    if sorted(one.words) == sorted(other.words):
        return [*signs, ("same_words_moved", 1.0, "The same words in another order")]
    if initials := _initials(one, other):
        return [*signs, *initials]
    return [*signs, *_alike(one, other, rarity)]


def _ways(parts: NameParts) -> set[str]:
    # AT&T is att, too, and Müller Mueller.
    ways = {parts.joined, parts.written, parts.whole, parts.spelled, parts.spelled_out}
    return {*ways, *parts.in_between, "".join(word for word in parts.all_words if word != "and")} - {""}


def _same_core(
    one: NameParts, other: NameParts, core: tuple[str, ...], same: tuple[str, ...], rarity: Rarity
) -> Iterable[Sign]:
    # Equal when joined; each may part them into words otherwise.
    _, mine, theirs = aligned(
        tuple(word for word in one.words if word not in core), tuple(word for word in other.words if word not in same)
    )
    more = (*mine, *theirs)
    told = (
        f"The same but for “{' '.join(more)}”, which only describes"
        if more
        else "The same; what else they say only describes"
    )
    if all(is_corporate(word) for word in more):
        yield "same_core", 1.0, told
    else:
        yield "same_core_of_trade", 1.0, told
        if mine and theirs:
            yield "one_own_word", 1.0, "They do different things"
    if max(rarity.of(word) * (0.5 if rarity.is_everyday(word) else 1.0) for word in core) < 0.5:
        yield "everyday", 1.0, "What they share are everyday words"
        yield "nothing_else", 1.0, "One of them has no other word"
    yield from usually_left_out(more, rarity)
    if more and not (mine and theirs):
        long = max(one, other, key=lambda parts: len(parts.words))
        yield from signs_of_more(
            more, long.words, (one.leading, other.leading), legal_beside(one, other, is_other_longer=bool(theirs))
        )
    telling = [word for word in core if not is_description(word)] or core
    yield from _bearers(telling, one, other, rarity, whole=not (mine and theirs))


def _bearers(shared: Sequence[str], one: NameParts, other: NameParts, rarity: Rarity, *, whole: bool) -> Iterable[Sign]:
    bearers = rarity.bearers(shared, (one.text, other.text))
    said = " ".join(shared)
    if bearers:
        amount = min(1.0, math.log1p(bearers) / math.log1p(MANY_BEARERS))
        code: SignCode = "bearers" if whole else "bearers_of_parts"
        others = f"{bearers} other companies have" if bearers > 1 else "One other company has"
        yield code, amount, f"{others} “{said}” in the name, says the catalogue"
    elif whole and (rarity.is_known(one.text) or rarity.is_known(other.text)):
        yield "only_bearer", 1.0, f"No other company of the catalogue has “{said}” in its name"


def _same(one: NameParts, other: NameParts) -> Sign:
    if one.words != other.words:
        return "same_letters", 1.0, "The same letters, parted into words otherwise"
    if one.founded != other.founded:
        return "same_words", 1.0, f"The same words; only the year differs ({one.founded or other.founded})"
    if one.legal.casefold() != other.legal.casefold():
        differ = " and ".join(f"“{legal}”" for legal in (one.legal, other.legal) if legal)
        return "same_words", 1.0, f"The same words; only the legal form differs ({differ})"
    return "same_words", 1.0, "The same words, but for case, accents and signs"


def _initials(one: NameParts, other: NameParts) -> list[Sign]:
    for short, long in ((one, other), (other, one)):
        # Three letters may count an article and the legal form of a single word: THG, The Hut Group.
        has_words = len(long.words) > 1 or len(short.joined) > 2
        if (len(short.words) == 1 or short.is_initials) and has_words and _is_written_short(short, long):
            found: list[Sign] = [("initials", 1.0, f"“{short.text}” are the first letters of “{long.text}”")]
            if len(short.joined) < 3 and not (_has_and(short) and _has_and(long)):
                found.append(("few_initials", 1.0, "Two letters are the first letters of many names"))
            return found
        core = _core(short)
        if len(core) > 2 and core in long.initials and re.search(rf"\b{core}\b", short.text, re.IGNORECASE):
            return [("initials", 1.0, f"“{core.upper()}” are the first letters of “{long.text}”")]
    return []


def _core(parts: NameParts) -> str:
    """The one word that is left of a name without what describes: GCB of GCB Bank; nothing where there are more."""
    words = [word for word in parts.words if not is_description(word)]
    return words[0] if len(words) == 1 and len(parts.words) > 1 else ""


def _name_alone(parts: NameParts) -> str:
    """A name in one without what says in which country or that it is a company's: डाबर is Dabur, of Dabur India."""
    kept = [word for word in parts.words if not (is_country(word) or is_corporate(word))]
    return "".join(kept) or parts.joined


def _has_and(parts: NameParts) -> bool:
    """M&S for Marks & Spencer: the sign says as much as a third letter would."""
    return "&" in parts.text or "and" in parts.all_words


def _is_written_short(short: NameParts, long: NameParts) -> bool:
    # AT&T has no little word.
    letters = re.sub(r"[\W_]", "", short.text).casefold() if short.is_initials else short.joined
    if not 2 <= len(letters) <= 7 or not letters.isalpha():
        return False
    named = letters in long.initials or letters == long.letters
    return named and (short.is_initials or is_in_capitals(short.text) or short.text.islower() or len(letters) > 3)


def _alike(one: NameParts, other: NameParts, rarity: Rarity) -> Iterable[Sign]:
    words, both, of_one, of_other = laid_beside(one.text, other.text)
    pairs, left, right = list(both), list(of_one), list(of_other)
    if (short := initials_inside(one, other, left, right)) is not None:
        yield "initials_inside", 1.0, f"“{short}” are the first letters of words of the other"
        if len(short) < 3:
            yield "few_initials", 1.0, "Two letters are the first letters of many names"
        pairs.append((short, short, LIKE))
    if (short := beginnings(one, other)) is not None:
        yield "beginnings", 1.0, f"“{short}” is made of how the words of the other begin"
        return
    if (short := letters_inside(one, other)) is not None:
        yield "letters_inside", 1.0, f"“{short}” are letters of the words of the other"
        return
    weights = {word: rarity.of(word) for word in (*words[0], *words[1], *(word for pair in pairs for word in pair[:2]))}
    total = sum(weights[word] for word in (*words[0], *words[1]))
    shared = min(1.0, sum(like * (weights[a] + weights[b]) for a, b, like in pairs) / total) if total else 0.0
    if pairs:
        told = ", ".join(f"“{a}”" if a == b else f"“{a}”/“{b}”" for a, b, _ in pairs)
        yield "shared", shared, f"{told} in both: {shared * 100:.0f} % of what the words say"
        if word_likeness(words[0][0], words[1][0]) >= SURELY_LIKE:
            yield "same_first_word", 1.0, f"Both begin with “{words[0][0]}”"
    spelled = DamerauLevenshtein.normalized_similarity(one.joined, other.joined)
    shortest = min(len(one.joined), len(other.joined))
    if one.is_latin != other.is_latin:
        sounds = max(
            DamerauLevenshtein.normalized_similarity(sound_of(mine), sound_of(theirs))
            for mine, theirs in {(one.joined, other.joined), (_name_alone(one), _name_alone(other))}
        )
        if sounds >= LIKE:
            yield "other_script", sounds, "They sound alike in other letters"
            return
        bones = (
            0.0
            if is_in_chinese(one.text + other.text)
            else DamerauLevenshtein.normalized_similarity(bones_of(one.joined), bones_of(other.joined))
        )
        if bones >= ALIKE_IN_BONES:
            yield "other_script_bones", (bones - 0.5) * 2, "Their consonants sound alike in other letters"
    slip = slip_of(one.joined, other.joined)
    is_near = spelled > 0.75 or slip == "doubled"
    is_alike = is_near and max(len(one.joined), len(other.joined)) >= ENOUGH_LETTERS and one.numbers == other.numbers
    if is_alike and spelled > 0.75:
        yield "spelled_alike", (spelled - 0.75) * 4, f"Spelled alike: {spelled * 100:.0f} % of the letters"
    if is_near and slip:
        yield SLIPS[slip]
    if shortest < 4:
        code: SignCode = "short_inside" if pairs else "very_short"
        yield code, (4 - shortest) / 3, "One of them is very short"
    if telling := [word for word, same, _ in pairs if word == same and not is_description(word)]:
        yield from _bearers(telling, one, other, rarity, whole=not left or not right)
    if not (is_alike and not pairs):
        opens = words[1][0] if len(words[1]) > len(words[0]) else words[0][0]
        legal = legal_beside(one, other, is_other_longer=bool(right))
        yield from _rest(pairs, left, right, rarity, opens, (one.leading, other.leading), legal)


def _rest(
    pairs: list[tuple[str, str, float]],
    left: list[str],
    right: list[str],
    rarity: Rarity,
    opens: str,
    leading: Collection[str],
    legal: str,
) -> Iterable[Sign]:
    """What speaks in the words that only one of them has."""
    if pairs and max(rarity.of(a) * (0.5 if rarity.is_everyday(a) else 1.0) for a, _, _ in pairs) < 0.5:
        yield "everyday", 1.0, "What they share are everyday words"
        if not left or not right:
            yield "nothing_else", 1.0, "One of them has no other word"
    more = left or right
    if left and right:
        amounts = [max(rarity.of(word) for word in words) for words in (left, right)]
        words = f"“{' '.join(left)}” here, “{' '.join(right)}” there"
        if min(amounts) > MOST_OF_DESCRIPTION:
            yield "own_words", min(1.0, *amounts), f"Each has a word of its own: {words}"
        else:
            yield "one_own_word", 1.0, f"They differ: {words}"
    elif pairs and more:
        telling = max(rarity.of(word) for word in more)
        exact = [a for a, _, like in pairs if like >= SURELY_LIKE]
        if len(exact) == len(pairs):
            core = max(rarity.of(a) * (0.5 if rarity.is_everyday(a) else 1.0) for a in exact)
            yield "whole", core, "All that one of them says stands in the other"
            if len(exact) > 1 and not all(is_description(word) for word in exact):
                yield "several_words", 1.0, f"{len(exact)} words stand in both"
        yield from usually_left_out(more, rarity)
        yield from signs_of_more(more, [opens, *more], leading, legal)
        if len(more) >= MUCH_MORE:
            yield "much_more", 1.0, "One of them says much more"
        if opens in more:
            yield "more_before", 1.0, f"“{opens}” stands before what both have"
        if any(map(is_country, more)) and all(is_country(word) or is_corporate(word) for word in more):
            yield "only_country", 1.0, f"“{' '.join(more)}” only says in which country"
        if all(is_corporate(word) for word in more):
            yield "only_corporate", 1.0, f"“{' '.join(more)}” only says that it is a company"
        elif telling <= MOST_OF_DESCRIPTION:
            yield "only_description", 1.0, f"“{' '.join(more)}” only describes"
        else:
            yield "more_words", telling, f"“{' '.join(more)}” stands in one of them only"


def _listed(numbers: frozenset[str]) -> str:
    return ", ".join(sorted(numbers)) or "no number"
