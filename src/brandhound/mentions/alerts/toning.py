"""Which tones a sentence asks for, and which it does not want."""

import re
from dataclasses import dataclass, field

from brandhound.mentions.alerts.blanking import TAKEN, Part, Sentence
from brandhound.mentions.alerts.phrases import BUT_ALSO, NO_TONE, NOT_ONLY, TONES
from brandhound.mentions.standings import ToneLabel

_ALL: tuple[ToneLabel, ...] = ("positive", "negative", "mixed", "neutral")


@dataclass
class Toned:
    """The tones that a sentence names, as it names them."""

    wanted: list[tuple[Part, ToneLabel]] = field(default_factory=list[tuple[Part, ToneLabel]])
    unwanted: list[tuple[Part, list[ToneLabel]]] = field(default_factory=list[tuple[Part, list[ToneLabel]]])
    unsure: list[tuple[re.Match[str], Part, ToneLabel]] = field(
        default_factory=list[tuple[re.Match[str], Part, ToneLabel]]
    )
    """Those after a “no”. They are wanted in “no positive stories for 3 days”, which is a silence, and nowhere else."""
    not_only: Part | None = None
    """The “not only” before one of those that are wanted."""


@dataclass(frozen=True)
class Tones:
    """The tones of a rule."""

    tones: list[ToneLabel]
    parts: list[Part]
    ignored: list[Part]


def tones_in(sentence: Sentence) -> Toned:
    """The tones that the sentence names. They are taken away."""
    toned = Toned()
    while part := sentence.take(sentence.find(NO_TONE)):
        toned.unwanted.append((part, [tone for tone in _ALL if _names(part.text, tone)]))
    for tone, pattern in TONES.items():
        while match := sentence.find(pattern):
            denial, only = sentence.denial(match.start()), sentence.denial(match.start(), NOT_ONLY)
            part = sentence.cut(*match.span())
            if only:
                toned.not_only = sentence.cut(only.start(), match.start())
            if denial:
                toned.unsure.append((denial, part, tone))
            else:
                toned.wanted.append((part, tone))
    return toned


def settle(toned: Toned, sentence: Sentence) -> Tones:
    """What the tones come to, once silences have taken each “no” that is theirs."""
    ignored: list[Part] = []
    wanted = list(toned.wanted)
    for denial, part, tone in toned.unsure:
        if sentence.left[denial.start()] == TAKEN:
            wanted.append((part, tone))
        else:
            ignored.append(sentence.drop(denial, part.start, part.end))
    named = {tone for _, tone in wanted}
    if _is_open(toned, wanted, sentence):
        parts = [
            Part(part.start, part.end, part.text, f"not only with a {tone} tone: with any") for part, tone in wanted
        ]
        named.clear()
    else:
        parts = [Part(part.start, part.end, part.text, f"only with a {tone} tone") for part, tone in wanted]
    unwanted = {tone for _, tones in toned.unwanted for tone in tones}
    left: list[ToneLabel] = [
        tone for tone in (TONES if named else _ALL) if tone not in unwanted and (not named or tone in named)
    ]
    if unwanted and not left:
        ignored += [part for part, _ in toned.unwanted]
        return Tones([tone for tone in TONES if tone in named], parts, ignored)
    for part, tones in toned.unwanted:
        means = f"not {_either(tones)}" + ("" if named else f": {_either(left)}")
        parts.append(Part(part.start, part.end, part.text, means))
    return Tones(left if named or unwanted else [], parts, ignored)


def _is_open(toned: Toned, wanted: list[tuple[Part, ToneLabel]], sentence: Sentence) -> bool:
    """Whether a sentence wants more than the tones that it names: “not only negative stories”, and no “but also mixed ones”."""
    if toned.not_only is None:
        return False
    but = re.compile(BUT_ALSO, re.IGNORECASE).search(sentence.left, toned.not_only.end)
    if but is None or all(part.start < but.start() for part, _ in wanted):
        return True
    sentence.cut(*but.span())
    return False


def _names(text: str, tone: ToneLabel) -> bool:
    return re.search(rf"(?<!\w)(?:{TONES[tone]})(?!\w)", text, re.IGNORECASE) is not None


def _either(tones: list[ToneLabel]) -> str:
    return " or ".join(filter(None, (", ".join(tones[:-1]), tones[-1])))
