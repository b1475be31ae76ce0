"""A sentence turned into a rule that can be read and changed, by a small grammar of our own: no model, no guessing.

Phrases are looked for one sort after another, and each takes its words away. What is left over and carries a meaning is told as
not understood, so that nobody believes in a rule that says less than the sentence did.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from brandhound.core.wording import count_of
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
    SPAN,
    SPIKE,
    STORIES,
    TONES,
    US,
)
from brandhound.mentions.standings import ToneLabel

Kind = Literal["spike", "silence", "story"]
Keenness = Literal["calm", "usual", "keen"]

LONGEST = 500
MOST_OUTLETS, LONGEST_SPAN = 100, 720
LEAST_STORIES, MOST_STORIES = 2, 1000


@dataclass(frozen=True)
class Part:
    """Words of the sentence, and what they came to."""

    start: int
    end: int
    text: str
    means: str = ""


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


@dataclass(frozen=True)
class KnownBrand:
    """A brand with the names it goes by."""

    id: UUID
    name: str
    names: tuple[str, ...]
    own: bool


class _Sentence:
    """The text, with the words that were taken away blanked out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text

    def take(self, found: re.Match[str] | None, group: int | str = 0) -> Part | None:
        if found is None:
            return None
        start, end = found.span(group)
        self.left = self.left[:start] + "\x00" * (end - start) + self.left[end:]
        return Part(start, end, self.text[start:end])

    def find(self, pattern: str) -> re.Match[str] | None:
        return re.search(rf"(?<![\w-])(?:{pattern})(?![\w])", self.left, re.IGNORECASE)


def understand(text: str, brands: Sequence[KnownBrand]) -> Understood:
    """The rule that a sentence asks for. The same sentence always comes to the same rule."""
    sentence, found = _Sentence(text[:LONGEST]), Understood()
    _refusal(sentence, found)
    _brand(sentence, found, brands)
    _quoted(sentence, found)
    _tones(sentence, found)
    silent = _phrase(sentence, found, SILENCE, "hardly a story about the brand")
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


def _refusal(sentence: _Sentence, found: Understood) -> None:
    if part := sentence.take(sentence.find(NOT_TOLD)):
        found.ignored.append(Part(part.start, part.end, part.text, "no rule keeps quiet: delete the alert instead"))


def _is_foreign(text: str) -> bool:
    """Whether it is rather in another language than English, by the small words of it."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return len(words & OTHER_LANGUAGES) >= 2


def _brand(sentence: _Sentence, found: Understood, brands: Sequence[KnownBrand]) -> None:
    names = sorted(
        ((name, brand) for brand in brands for name in {brand.name, *brand.names} if name.strip()),
        key=lambda one: (-len(one[0]), one[0]),
    )
    hits: list[tuple[Part, KnownBrand]] = []
    said = sentence.text.casefold()
    for name, brand in names:
        # Most names are not in it, and a pattern for each would cost far more than this look.
        if name.casefold() not in said:
            continue
        while (match := sentence.find(rf"{re.escape(name)}(?:['’]s)?")) is not None:
            if part := sentence.take(match):
                hits.append((part, brand))
    hits.sort(key=lambda one: one[0].start)
    own = [brand for brand in brands if brand.own]
    if not hits and len(own) == 1 and (part := sentence.take(sentence.find(US))):
        hits.append((part, own[0]))
    for part, brand in hits:
        if found.brand_id in (None, brand.id):
            found.brand_id, found.brand = brand.id, brand.name
            found.parts.append(Part(part.start, part.end, part.text, f"the brand {brand.name}"))
        else:
            found.ignored.append(Part(part.start, part.end, part.text, "a rule is about one brand"))


def _quoted(sentence: _Sentence, found: Understood) -> None:
    for match in re.finditer(r"[\"“„«]([^\"“”„«»]{1,100})[\"”“»]|(?<!\w)'([^']{2,100})'(?!\w)", sentence.left):
        word = (match[1] or match[2]).strip()
        if word and (part := sentence.take(match)):
            found.words.append(word)
            found.parts.append(Part(part.start, part.end, part.text, f"only with “{word}” in the title"))


def _tones(sentence: _Sentence, found: Understood) -> None:
    for pattern, tones, means in TONES:
        while part := sentence.take(sentence.find(pattern)):
            found.tones.extend(tone for tone in tones if tone not in found.tones)
            found.parts.append(Part(part.start, part.end, part.text, means))


def _phrase(sentence: _Sentence, found: Understood, pattern: str, means: str) -> bool:
    part = sentence.take(sentence.find(pattern))
    if part:
        found.parts.append(Part(part.start, part.end, part.text, means))
    return part is not None


def _outlets(sentence: _Sentence, found: Understood) -> int | None:
    match = sentence.find(rf"(?:(?:in|by|across|from)\s+)?{COUNT}\s+{OUTLETS}")
    if match is None or _is_most(sentence, match):
        return None
    number = max(1, _number(match))
    if part := sentence.take(match):
        found.parts.append(Part(part.start, part.end, part.text, f"at least {count_of(number, 'outlet')}"))
    return number


def _stories(sentence: _Sentence, found: Understood) -> int | None:
    # A tone or the brand may stand between, and is taken by then: “10 negative stories”.
    match = sentence.find(rf"(?!an?\s|one\s|single\s)(?P<count>{COUNT})[\s\x00]+{STORIES}")
    if match is None or _is_most(sentence, match):
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


def _span(sentence: _Sentence, found: Understood) -> int | None:
    match = sentence.find(SPAN)
    if match is None:
        return None
    number = _value(match["number"]) if match["number"] else 1
    hours = number * HOURS[match["unit"].lower()]
    if hours <= 0:
        return None
    if part := sentence.take(match):
        means = (
            f"{hours // 24} days" if hours % 24 == 0 and hours >= 48 else "an hour" if hours == 1 else f"{hours} hours"
        )
        found.parts.append(Part(part.start, part.end, part.text, means))
    return hours


def _words(sentence: _Sentence, found: Understood) -> None:
    """A word after “about” and the like has to stand in the title; so has the next one after “or”."""
    for match in re.finditer(rf"(?<!\w){ABOUT}(?P<first>[^\W\d_][\w-]+)", sentence.left, re.IGNORECASE):
        word = match["first"]
        if word.casefold() in FILLER:
            continue
        end, words = match.end(), [word]
        while more := re.match(r"\s*(?:,\s*(?:or\s+)?|\s+or\s+)([^\W\d_][\w-]+)", sentence.left[end:], re.IGNORECASE):
            if more[1].casefold() in FILLER:
                break
            words.append(more[1])
            end += more.end()
        start = match.start("first")
        sentence.left = sentence.left[:start] + "\x00" * (end - start) + sentence.left[end:]
        found.words += [one for one in words if one not in found.words]
        told = " or ".join(f"“{one}”" for one in words)
        found.parts.append(Part(start, end, sentence.text[start:end], f"only with {told} in the title"))
        return _words(sentence, found)
    return None


def _is_most(sentence: _Sentence, match: re.Match[str]) -> bool:
    """Whether what stands before the number makes it the most there may be, which no alert waits for."""
    return re.search(AT_MOST, sentence.left[: match.start("number")], re.IGNORECASE) is not None


def _number(match: re.Match[str]) -> int:
    number = _value(match["number"])
    return number + 1 if (match["least"] or "").lower() in ("more than", "over") else number


def _value(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def _left_over(sentence: _Sentence) -> Iterable[Part]:
    """Stretches of words that nothing took and that carry a meaning."""
    run: list[re.Match[str]] = []
    for word in [*re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", sentence.left), None]:
        telling = word is not None and word[0].casefold().replace("’", "'") not in FILLER
        apart = run and (word is None or "\x00" in sentence.left[run[-1].end() : word.start()])
        if run and (not telling or apart):
            start, end = run[0].start(), run[-1].end()
            yield Part(start, end, sentence.text[start:end])
            run = []
        if telling and word is not None:
            run.append(word)
