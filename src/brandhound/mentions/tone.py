"""Tone toward a brand: read from the sentences that name it, with the sentence as evidence.

The embedded head is right about 7 times in 10 on news it has not seen. So it says how sure it is, and below one half it
says "unclear"; it is English only, and irony and comparisons ("better than Acme") often deceive it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from brandhound.core.settings import settings
from brandhound.mentions.speech import Voice, voice_of
from brandhound.mentions.standings import Field, ToneLabel
from brandhound.mentions.tone_features import Floats, tone_features
from brandhound.mentions.tone_head import ToneHead, shipped_head, softmax
from brandhound.mentions.tone_lexicon import LexiconReading, read_lexicon, telling_words
from brandhound.mentions.tone_pull import TonePull, inputs_of
from brandhound.mentions.tone_signs import read_signs
from brandhound.providers.embedding import Embedder, EncodedSentence, embedder

Engine = Literal["model", "lexicon", "signs", "none"]
Probabilities = tuple[float, float, float]

CLEAR_FROM = 0.5
CLEARLY = 0.6
MOST_SENTENCES = 3
_WORDS = re.compile(r"\w+")
LONGEST_SENTENCE = 1000
TITLE_WEIGHT = 1.5
LABELS: tuple[ToneLabel, ToneLabel, ToneLabel] = ("negative", "neutral", "positive")

# Bias, slope and size of the score toward the brand for negative, neutral and positive: multinomial logistic regression
# on the nine tenths of NewsMTSC that nothing here is measured on. The bias of neutral is .26 above the fit: those are
# sentences on politicians, and plain sentences are commoner in news on companies.
LEXICON_FIT: tuple[tuple[float, float, float], ...] = ((0.0, -1.53, 0.71), (0.7, -0.28, -1.18), (-0.44, 1.81, 0.47))


@dataclass(frozen=True)
class ToneInput:
    """A sentence, where the brand stands in it, and the article's language (ISO 639-1) if known."""

    sentence: str
    target_start: int
    target_end: int
    language: str | None = None


@dataclass(frozen=True)
class Tone:
    """Tone of one sentence. `probabilities` are of negative, neutral, positive; all zero where nothing could be read."""

    label: ToneLabel
    confidence: float
    probabilities: Probabilities
    reasons: tuple[str, ...]
    engine: Engine


@dataclass(frozen=True)
class Place:
    """Where a brand is named: offsets in the title or the text, and of the sentence around it."""

    field: Field
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True)
class SentenceToRead:
    """A sentence that names the brand, where it stands, and whose words it is."""

    place: Place
    item: ToneInput
    voice: Voice


@dataclass(frozen=True)
class VoiceRead:
    """One sentence that was read: whose words they are, and their tone. `speaker` is empty where the text names nobody."""

    quoted: bool
    speaker: str
    tone: ToneLabel
    confidence: float
    field: Field
    start: int
    end: int
    text: str
    target_start: int
    """Where in the sentence the brand is named, so that it can be read again."""
    target_end: int


@dataclass(frozen=True)
class ToneOfMention:
    """Tone of a mention over its sentences, with the one it is best seen in, word for word, and each sentence's voice."""

    label: ToneLabel
    confidence: float
    quote: str
    field: Field
    start: int
    end: int
    reasons: tuple[str, ...]
    engine: Engine
    voices: tuple[VoiceRead, ...] = ()


@dataclass(frozen=True)
class MentionToJudge:
    """An article's title and text with the places of one brand in it. `quick` is for what hardly matters: words only."""

    title: str
    text: str
    language: str | None
    places: tuple[Place, ...]
    quick: bool = False


def judge_tone(items: Sequence[ToneInput], pull: TonePull | None = None) -> list[Tone]:
    """Tone of each sentence toward its target, in order, by the engine that is set, with what people taught it.

    About 250 sentences a CPU-second by the model, and 3,000 by the word list. Nothing waits; call it in a thread.
    """
    if settings().tone_engine == "lexicon":
        return judge_tone_by_words(items, pull)
    model, head = embedder(), shipped_head()
    if model is None or head is None:
        return [_without_model(tone) for tone in judge_tone_by_words(items, pull)]
    if pull is not None and pull.engine != "model":
        pull = None
    return [_by_model(item, model, head, pull) if _is_english(item) else _by_signs(item) for item in items]


def judge_tone_by_words(items: Sequence[ToneInput], pull: TonePull | None = None) -> list[Tone]:
    """Tone by the word list alone: quick, right about 5.5 times in 10 on news."""
    if pull is not None and pull.engine != "lexicon":
        pull = None
    return [_by_words(item, pull) if _is_english(item) else _by_signs(item) for item in items]


def judge_mentions(mentions: Sequence[MentionToJudge], pull: TonePull | None = None) -> list[ToneOfMention]:
    """Tone of each mention from at most three of its sentences: the title's first, then the text's in order."""
    return judge_sentences([(_sentences(mention), mention.quick) for mention in mentions], pull)


def judge_sentences(
    mentions: Sequence[tuple[Sequence[SentenceToRead], bool]], pull: TonePull | None = None
) -> list[ToneOfMention]:
    """The same of sentences that were chosen before, each mention's with whether the word list is to do."""
    asked: dict[bool, list[ToneInput]] = {True: [], False: []}
    for sentences, quick in mentions:
        asked[quick].extend(one.item for one in sentences)
    tones = {True: iter(judge_tone_by_words(asked[True], pull)), False: iter(judge_tone(asked[False], pull))}
    judged: list[ToneOfMention] = []
    for sentences, quick in mentions:
        read = [(one, next(tones[quick])) for one in sentences]
        judged.append(replace(_together(read), voices=tuple(_voice(*one) for one in read)))
    return judged


def _voice(read: SentenceToRead, tone: Tone) -> VoiceRead:
    place, voice, item = read.place, read.voice, read.item
    return VoiceRead(
        voice.quoted,
        voice.speaker,
        tone.label,
        tone.confidence,
        place.field,
        place.sentence_start,
        place.sentence_end,
        item.sentence,
        item.target_start,
        item.target_end,
    )


@lru_cache(maxsize=5_000)
def _by_model(item: ToneInput, model: Embedder, head: ToneHead, pull: TonePull | None) -> Tone:
    """Kept, because reprints bring the same sentences again and again, and they are always read alike."""
    lexicon = read_lexicon(item.sentence, item.target_start, item.target_end)
    features = tone_features(_read(item.sentence, model), item.target_start, item.target_end, lexicon)
    p = head.probabilities(features[None, :]).astype(np.float64)
    return _pulled(p, lexicon, item, "model", "The sentence model", pull, (features[None, :], head))


def read_by_words(words: Sequence[LexiconReading]) -> npt.NDArray[np.float64]:
    """What is read by the word list, a row each."""
    return np.stack([_by_fit(reading) for reading in words]).astype(np.float64)


def _pulled(
    p: npt.NDArray[np.float64],
    lexicon: LexiconReading,
    item: ToneInput,
    engine: Engine,
    reader: str,
    pull: TonePull | None,
    looked_at: tuple[Floats, ToneHead] | None = None,
) -> Tone:
    how = (f"{reader} reads {_said(_triple(p[0]))}",)
    if pull is None:
        return _tone(_triple(p[0]), lexicon, item, engine, how)
    features, head = looked_at or (None, None)
    doubles = None if features is None else features.astype(np.float64)
    moved = pull.moved(p, inputs_of(p, [lexicon], doubles, head))
    learned = f"What you said of tones makes it {_said(_triple(moved[0]))} (lesson {pull.number})"
    return _tone(_triple(moved[0]), lexicon, item, engine, (*how, learned))


def _by_fit(lexicon: LexiconReading) -> Floats:
    score = lexicon.toward
    return softmax(np.array([bias + slope * score + size * abs(score) for bias, slope, size in LEXICON_FIT]))


@lru_cache(maxsize=64)
def _read(sentence: str, model: Embedder) -> EncodedSentence:
    """Two brands in one sentence: it is read once."""
    return model.read([sentence])[0]


def _by_words(item: ToneInput, pull: TonePull | None) -> Tone:
    lexicon = read_lexicon(item.sentence, item.target_start, item.target_end)
    return _pulled(read_by_words([lexicon]), lexicon, item, "lexicon", "The word list", pull)


def _tone(p: Probabilities, lexicon: LexiconReading, item: ToneInput, engine: Engine, how: tuple[str, ...]) -> Tone:
    words = telling_words(item.sentence, item.target_start, item.target_end)
    reasons = [*how]
    if words:
        reasons.append("Telling words: " + ", ".join(f"“{word}”" for word in words))
    negative, neutral, positive = p
    torn = lexicon.around_positive > 0.08 and lexicon.around_negative > 0.08
    if torn and min(negative, positive) >= 0.28:
        return Tone("mixed", round(1 - neutral, 4), p, (*reasons, "Praise and blame stand in one sentence"), engine)
    best = max(range(3), key=lambda at: p[at])
    if p[best] < CLEAR_FROM:
        return Tone("unclear", round(p[best], 4), p, (*reasons, "No tone reaches one half"), engine)
    return Tone(LABELS[best], round(p[best], 4), p, tuple(reasons), engine)


def _by_signs(item: ToneInput) -> Tone:
    """What needs no language: faces, thumbs, stars and marks out of five or ten."""
    language = item.language or "unknown"
    missing = f"Tone is read in English only, and this is in another language ({language})"
    found = read_signs(item.sentence)
    if found is None:
        return Tone("unclear", 0.0, (0.0, 0.0, 0.0), (missing,), "none")
    p = (0.7, 0.2, 0.1) if found.negative else (0.1, 0.2, 0.7)
    return Tone("negative" if found.negative else "positive", 0.7, p, (missing, f"Sign: “{found.sign}”"), "signs")


def _without_model(tone: Tone) -> Tone:
    if tone.engine != "lexicon":
        return tone
    missing = "The sentence model is not installed: word list only"
    return Tone(tone.label, tone.confidence, tone.probabilities, (*tone.reasons, missing), tone.engine)


def _is_english(item: ToneInput) -> bool:
    if item.language:
        return item.language.lower().startswith("en")
    letters = [c for c in item.sentence if c.isalpha()]
    return bool(letters) and sum(c.isascii() for c in letters) >= 0.95 * len(letters)


def _sentences(mention: MentionToJudge) -> list[SentenceToRead]:
    """The first place in each of the first sentences. A sentence without end is cut around the brand.

    A title that stands again in the text, word for word, is one voice and not two.
    """
    chosen: dict[tuple[Field, int], SentenceToRead] = {}
    title: list[str] | None = None
    for place in sorted(mention.places, key=lambda p: (p.field != "title", p.start)):
        source = mention.title if place.field == "title" else mention.text
        start, end = place.sentence_start, place.sentence_end
        if place.field == "title":
            title = _words(source)
        elif title is not None and _words(source[start:end]) == title:
            continue
        if end - start > LONGEST_SENTENCE:
            start = max(start, place.start - LONGEST_SENTENCE // 2)
            end = min(end, place.end + LONGEST_SENTENCE // 2)
        cut = Place(place.field, place.start, place.end, start, end)
        item = ToneInput(source[start:end], place.start - start, place.end - start, mention.language)
        voice = voice_of(source, start, end, place.start, place.end)
        chosen.setdefault((place.field, place.sentence_start), SentenceToRead(cut, item, voice))
        if len(chosen) == MOST_SENTENCES:
            break
    return list(chosen.values())


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _together(tones: list[tuple[SentenceToRead, Tone]]) -> ToneOfMention:
    if not tones:
        return ToneOfMention("unclear", 0.0, "", "text", 0, 0, ("No sentence names the brand",), "none")
    weights = [TITLE_WEIGHT if read.place.field == "title" else 1.0 for read, _ in tones]
    readable = [at for at, (_, tone) in enumerate(tones) if sum(tone.probabilities) > 0]
    if not readable:
        return _quoted(*tones[0], "unclear", 0.0)
    total = sum(weights[at] for at in readable)
    p = _triple(sum(np.array(tones[at][1].probabilities) * weights[at] for at in readable) / total)
    praised = max(readable, key=lambda at: tones[at][1].probabilities[2])
    blamed = max(readable, key=lambda at: tones[at][1].probabilities[0])
    for_it, against = tones[praised][1].probabilities[2], tones[blamed][1].probabilities[0]
    if (praised != blamed and min(for_it, against) >= CLEARLY) or all(t.label == "mixed" for _, t in tones):
        return _quoted(*tones[blamed], "mixed", min(for_it, against) if praised != blamed else 1 - p[1])
    best = max(range(3), key=lambda at: p[at])
    clearest = max(readable, key=lambda at: tones[at][1].probabilities[best])
    label = LABELS[best] if p[best] >= CLEAR_FROM else "unclear"
    return _quoted(*tones[clearest], label, p[best], of=len(tones), agreeing=_agreeing(tones, label))


def _agreeing(tones: list[tuple[SentenceToRead, Tone]], label: ToneLabel) -> int:
    return Counter(tone.label for _, tone in tones)[label]


def _quoted(
    read: SentenceToRead,
    tone: Tone,
    label: ToneLabel,
    confidence: float,
    *,
    of: int = 1,
    agreeing: int = 1,
) -> ToneOfMention:
    place = read.place
    reasons = (
        tone.reasons if of == 1 or not agreeing else (*tone.reasons, f"{agreeing} of {of} sentences read say {label}")
    )
    start, end = place.sentence_start, place.sentence_end
    return ToneOfMention(
        label, round(float(confidence), 4), read.item.sentence, place.field, start, end, reasons, tone.engine
    )


def _triple(p: object) -> Probabilities:
    negative, neutral, positive = (float(value) for value in np.asarray(p, dtype=np.float64))
    return negative, neutral, positive


def _said(p: Probabilities) -> str:
    best = max(range(3), key=lambda at: p[at])
    return f"{LABELS[best]} ({p[best] * 100:.0f} %)"
