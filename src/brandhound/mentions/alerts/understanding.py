"""A sentence turned into a rule that can be read and changed, by a small grammar of our own: no model, no guessing.

Phrases are looked for one sort after another, and each takes its words away. What is left over and carries a meaning is told as
not understood, so that nobody believes in a rule that says less than the sentence did. What a “not” stands before and no phrase
understood is left out with it, since the rule would say the opposite.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import Literal
from uuid import UUID

from brandhound.core.wording import count_of
from brandhound.mentions.alerts import wording
from brandhound.mentions.alerts.blanking import DENIED, TAKEN, Part, Sentence
from brandhound.mentions.alerts.naming import KnownBrand, brands_in
from brandhound.mentions.alerts.phrases import (
    ABOUT,
    AT_MOST,
    CALM,
    COUNT,
    FILLER,
    HOURS,
    KEEN,
    NOT_TOLD,
    NUMBERS,
    ONE_STORY,
    OTHER_LANGUAGES,
    OUTLETS,
    SILENCE,
    SMALL_WORDS,
    SPAN,
    SPIKE,
    STORIES,
    TORN,
)
from brandhound.mentions.alerts.toning import settle, tones_in
from brandhound.mentions.standings import ToneLabel

Kind = Literal["spike", "silence", "story"]
Keenness = Literal["calm", "usual", "keen"]

LONGEST = 500
MOST_OUTLETS, LONGEST_SPAN = 100, 720
LEAST_STORIES, MOST_STORIES = 2, 1000
_ALIKE = str.maketrans("İıſ\N{KELVIN SIGN}", "iisk")


@dataclass
class Understood:
    """What a sentence came to. What it does not say has the usual value."""

    brand_id: UUID | None = None
    brand: str = ""
    kind: Kind = "spike"
    keenness: Keenness = "usual"
    least_stories: int = 4
    least_outlets: int = 3
    hours: int = 48
    within_hours: int = 24
    tones: list[ToneLabel] = field(default_factory=list[ToneLabel])
    words: list[str] = field(default_factory=list[str])
    parts: list[Part] = field(default_factory=list[Part])
    ignored: list[Part] = field(default_factory=list[Part])
    notes: list[str] = field(default_factory=list[str])


def understand(text: str, brands: Sequence[KnownBrand]) -> Understood:
    """The rule that a sentence asks for. The same sentence always comes to the same rule."""
    sentence, found = Sentence(text[:LONGEST]), Understood()
    _refusal(sentence, found)
    _brand(sentence, found, brands)
    _quoted(sentence, found)
    toned = tones_in(sentence)
    silent = _phrase(sentence, found, SILENCE, "hardly a story about the brand")
    tones = settle(toned, sentence)
    found.tones = tones.tones
    found.parts += tones.parts
    found.ignored += tones.ignored
    stated = _outlets(sentence, found)
    number = _stories(sentence, found)
    hours = _span(sentence, found)
    spiking = _phrase(sentence, found, SPIKE, "far more stories than usual")
    one = _phrase(sentence, found, ONE_STORY, "one and the same story")
    if _phrase(sentence, found, CALM, "calm: only what chance hardly does"):
        found.keenness = "calm"
    elif _phrase(sentence, found, KEEN, "keen: also what chance may do"):
        found.keenness = "keen"
    _words(sentence, found)
    _choose(found, silent=silent, outlets=stated, stories=number, hours=hours, spiking=spiking, one=one)
    found.ignored += _left_over(sentence)
    if _is_foreign(sentence.text):
        found.notes.insert(0, "Only English is read without a model: say it in English, or choose below.")
    found.parts.sort(key=lambda part: part.start)
    found.ignored.sort(key=lambda part: part.start)
    return found


def _choose(
    found: Understood,
    *,
    silent: bool,
    outlets: int | None,
    stories: int | None,
    hours: int | None,
    spiking: bool,
    one: bool,
) -> None:
    if silent:
        found.kind = "silence"
        found.hours = min(max(hours or 48, 24), 720)
        if hours is not None and hours != found.hours:
            found.notes.append("A silence is told from 24 hours to 30 days.")
        if outlets or stories is not None:
            found.notes.append("Of a silence nothing is counted: numbers are left out.")
        return
    if outlets or (one and not spiking and not stories):
        found.kind = "story"
        found.least_outlets = min(outlets or 1, MOST_OUTLETS)
        found.within_hours = min(hours or 24, LONGEST_SPAN)
        if (outlets or 1) > MOST_OUTLETS or (hours or 1) > LONGEST_SPAN:
            found.notes.append(f"A rule takes up to {MOST_OUTLETS} outlets, within up to 30 days.")
        if hours is None and found.least_outlets > 1:
            found.notes.append("It says no span of time, so: within 24 hours.")
        if stories and stories > 1:
            found.notes.append("Outlets are counted of one story; a number of stories is left out.")
        return
    found.kind = "spike"
    if stories is not None:
        found.least_stories = min(max(stories, LEAST_STORIES), MOST_STORIES)
        if stories != found.least_stories:
            found.notes.append(
                f"A rule counts from {LEAST_STORIES} to {MOST_STORIES:,} stories: {found.least_stories:,} here."
            )
    if hours is not None:
        found.notes.append(
            "Of more stories than usual the last hour, six hours and day are looked at; a span of one's own is left out."
        )
    if not spiking and stories is None:
        found.notes.append("It does not say what to look for, so: far more stories than usual.")
    elif not spiking:
        found.notes.append("A number of stories counts only when it is more than usual, too.")


def _refusal(sentence: Sentence, found: Understood) -> None:
    if match := sentence.find(NOT_TOLD):
        part = sentence.cut(*match.span(), DENIED)
        found.ignored.append(Part(part.start, part.end, part.text, "no rule keeps quiet: delete the alert instead"))


def _is_foreign(text: str) -> bool:
    """Whether it is rather in another language than English, by the small words of it."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return len(words & OTHER_LANGUAGES) >= 2


def _brand(sentence: Sentence, found: Understood, brands: Sequence[KnownBrand]) -> None:
    for named in brands_in(sentence, brands):
        part, brand = named.part, named.brand
        if named.is_meant and found.brand_id in (None, brand.id):
            found.brand_id, found.brand = brand.id, brand.name
            found.parts.append(Part(part.start, part.end, part.text, f"the brand {brand.name}"))
        else:
            why = "a rule is about one brand" if named.is_meant else ""
            found.ignored.append(Part(part.start, part.end, part.text, why))


def _quoted(sentence: Sentence, found: Understood) -> None:
    for match in re.finditer(r"[\"“„«]([^\"“”„«»]{1,100})[\"”“»]|(?<!\w)'([^']{2,100})'(?!\w)", sentence.left):
        word = (match[1] or match[2]).strip()
        if word and not _is_denied(sentence, found, match):
            part = sentence.cut(*match.span())
            found.words.append(word)
            found.parts.append(Part(part.start, part.end, part.text, f"only with “{word}” in the title"))


def _phrase(sentence: Sentence, found: Understood, pattern: str, means: str) -> bool:
    if match := _first(sentence, found, pattern):
        part = sentence.cut(*match.span())
        found.parts.append(Part(part.start, part.end, part.text, means))
    return match is not None


def _first(sentence: Sentence, found: Understood, pattern: str) -> re.Match[str] | None:
    """The first place of it that nothing denies."""
    while (match := sentence.find(pattern)) and _is_denied(sentence, found, match):
        pass
    return match


def _is_denied(sentence: Sentence, found: Understood, match: re.Match[str]) -> bool:
    """Whether a “not” stands before it. Then both are taken away as not understood."""
    if (denial := sentence.denial(match.start())) is None:
        return False
    found.ignored.append(sentence.drop(denial, *match.span()))
    return True


def _counted(sentence: Sentence, found: Understood, pattern: str) -> re.Match[str] | None:
    """The first place with a number that says how many there are at least."""
    while match := sentence.find(pattern):
        # First, since the “no” of “no more than 3” belongs to the number.
        if _is_most(sentence, match) or _is_torn(sentence, match):
            return None
        if not _is_denied(sentence, found, match):
            return match
    return None


def _outlets(sentence: Sentence, found: Understood) -> int | None:
    match = _counted(sentence, found, rf"(?:(?:in|by|across|from)\s+)?{COUNT}\s+{OUTLETS}")
    if match is None:
        return None
    number = max(1, _number(match))
    part = sentence.cut(*match.span())
    found.parts.append(Part(part.start, part.end, part.text, f"at least {count_of(number, 'outlet')}"))
    return number


def _stories(sentence: Sentence, found: Understood) -> int | None:
    # A tone or the brand may stand between, and is taken by then: “10 negative stories”.
    one = r"(?:an?|one|single)\s+(?!dozen|couple)"
    match = _counted(sentence, found, rf"(?!{one})(?P<count>{COUNT})[\s\x00]+{STORIES}")
    if match is None:
        return None
    number = _number(match)
    part = sentence.take(match, "count" if "\x00" in match[0] else 0)
    sentence.take(match, "unit")
    if part:
        what = f"at least {count_of(number, 'story', 'stories')}"
        if not match["unit"].lower().startswith("stor"):
            what += ": copies of one text count once"
        found.parts.append(Part(part.start, part.end, part.text, what))
    return number


def _span(sentence: Sentence, found: Understood) -> int | None:
    match = _first(sentence, found, SPAN)
    if match is None or (match["number"] and _is_torn(sentence, match)):
        return None
    number = _part_of(match["number"]) if match["number"] else Decimal(1)
    if match["half"] or match["half_more"]:
        number += Decimal("0.5")
    hours = ceil(number * HOURS[_plain(match["unit"] or match["one"])])
    if hours <= 0:
        return None
    part = sentence.cut(*match.span())
    found.parts.append(Part(part.start, part.end, part.text, wording.hours(hours)))
    return hours


def _words(sentence: Sentence, found: Understood) -> None:
    """A word after “about” and the like has to stand in the title; so has the next one after “or”."""
    for match in re.finditer(rf"(?<!\w){ABOUT}(?P<first>[^\W\d_][\w-]+)", sentence.left, re.IGNORECASE):
        word = match["first"]
        if word.casefold() in SMALL_WORDS:
            continue
        denial = sentence.denial(match.start())
        end, words = match.end(), [word]
        while more := re.match(r"\s*(?:,\s*(?:or\s+)?|\s+or\s+)([^\W\d_][\w-]+)", sentence.left[end:], re.IGNORECASE):
            if more[1].casefold() in SMALL_WORDS:
                break
            words.append(more[1])
            end += more.end()
        if denial:
            found.ignored.append(sentence.drop(denial, match.start(), end))
            return _words(sentence, found)
        part = sentence.cut(match.start("first"), end)
        found.words += [one for one in words if one not in found.words]
        told = " or ".join(f"“{one}”" for one in words)
        found.parts.append(Part(part.start, part.end, part.text, f"only with {told} in the title"))
        return _words(sentence, found)
    return None


def _is_most(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether what stands before the number makes it the most there may be, which no alert waits for."""
    return re.search(AT_MOST, sentence.left[: match.start("number")], re.IGNORECASE) is not None


def _is_torn(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the number is only the end of one that we do not know: “twenty five”, “1 000”."""
    before = sentence.left[: match.start("number")]
    if re.search(TORN, before, re.IGNORECASE):
        return True
    return re.fullmatch(r"\d{3}", match["number"]) is not None and re.search(r"\d\s\Z", before) is not None


def _number(match: re.Match[str]) -> int:
    number = _value(match["number"])
    return number + 1 if (match["least"] or "").lower() in ("more than", "over") else number


def _value(words: str) -> int:
    *times, word = _plain(words).replace(",", "").split()
    number = int(word) if word.isdigit() else NUMBERS[word]
    if not times:
        return number
    return number // 2 if times[0] == "half" else number * _value(times[0])


def _part_of(words: str) -> Decimal:
    if _plain(words) in ("half", "half a", "half an"):
        return Decimal("0.5")
    decimal = re.fullmatch(r"(\d+)[.,](\d{1,2})", words)
    return Decimal(f"{decimal[1]}.{decimal[2]}") if decimal else Decimal(_value(words))


def _plain(words: str) -> str:
    """In small letters, with those for which a search takes “ı”, “ſ” and the Kelvin sign, too, and single spaces."""
    return " ".join(words.translate(_ALIKE).lower().split())


def _left_over(sentence: Sentence) -> Iterable[Part]:
    """Stretches of words that nothing took and that carry a meaning."""
    run: list[re.Match[str]] = []
    for word in [*re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", sentence.left), None]:
        telling = word is not None and word[0].casefold().replace("’", "'") not in FILLER
        apart = run and (word is None or _is_cut(sentence.left[run[-1].end() : word.start()]))
        if run and (not telling or apart):
            start, end = run[0].start(), run[-1].end()
            yield Part(start, end, sentence.text[start:end])
            run = []
        if telling and word is not None:
            run.append(word)


def _is_cut(between: str) -> bool:
    return TAKEN in between or DENIED in between
