"""Sentences as what a lesson looks at, and the sentences of a mention read once more. Thinking only."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brandhound.core.settings import settings
from brandhound.mentions.learning.sights import sentence_model
from brandhound.mentions.models import Mention
from brandhound.mentions.speech import Voice
from brandhound.mentions.standings import is_quick
from brandhound.mentions.tone import Place, SentenceToRead, ToneInput, ToneOfMention, judge_sentences, read_by_words
from brandhound.mentions.tone_features import FEATURES, tone_features
from brandhound.mentions.tone_head import ToneHead, shipped_head
from brandhound.mentions.tone_lessons.checking import Texts
from brandhound.mentions.tone_lexicon import read_lexicon
from brandhound.mentions.tone_pull import Doubles, PullEngine, TonePull, inputs_of
from brandhound.providers.embedding import Embedder


@dataclass(frozen=True)
class Sentence:
    """A sentence with the place of the name in it, and what the tone head looks at where that was kept."""

    text: str
    start: int
    end: int
    features: bytes = b""

    @property
    def key(self) -> str:
        """What like sentences have in common: reprints are one."""
        words = " ".join(re.findall(r"\w+", self.text.lower()))
        name = self.text[self.start : self.end].lower()
        return hashlib.sha256(f"{words}\n{name}".encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Eyes:
    """What tone is read by here."""

    engine: PullEngine
    model: Embedder | None = None
    head: ToneHead | None = None

    @property
    def version(self) -> str:
        """Of the head; what was learned for one is of no use for another."""
        return self.head.version if self.head else ""


def eyes_of() -> Eyes:
    """The sentence model with its head, or the word list. Loads the model on first use."""
    if settings().tone_engine == "model" and (model := sentence_model()) and (head := shipped_head()):
        return Eyes("model", model, head)
    return Eyes("lexicon")


def texts_of(sentences: Sequence[Sentence], eyes: Eyes) -> Texts:
    """The sentences as rows. Four thousandths of a second for each whose features were not kept."""
    words = [read_lexicon(one.text, one.start, one.end) for one in sentences]
    keys = tuple(one.key for one in sentences)
    if not sentences:
        return Texts(np.zeros((0, 3)), np.zeros((0, _width(eyes))), keys)
    if eyes.model is None or eyes.head is None:
        read = read_by_words(words)
        return Texts(read, inputs_of(read, words, None, None), keys)
    features = np.stack([_features(one, eyes.model) for one in sentences])
    read = eyes.head.probabilities(features.astype(np.float32)).astype(np.float64)
    return Texts(read, inputs_of(read, words, features, eyes.head), keys)


def _width(eyes: Eyes) -> int:
    nothing = [read_lexicon("", 0, 0)]
    features = np.zeros((1, FEATURES)) if eyes.head else None
    return inputs_of(np.full((1, 3), 1 / 3), nothing, features, eyes.head).shape[1]


def _features(one: Sentence, model: Embedder) -> Doubles:
    kept = np.frombuffer(one.features, dtype="<f4")
    if len(kept) == FEATURES:
        return kept.astype(np.float64)
    words = read_lexicon(one.text, one.start, one.end)
    return tone_features(model.read([one.text])[0], one.start, one.end, words).astype(np.float64)


def sentences_of(mention: Mention) -> list[SentenceToRead]:
    """The sentences that its tone was read from. Empty for what was stored before sentences were kept."""
    found: list[SentenceToRead] = []
    for voice in (mention.tone_evidence or {}).get("voices", []):
        opens, ends = int(voice["start"]), int(voice["end"])
        target = _target_of(voice, mention.evidence)
        if target is None:
            return []
        place = Place(voice["field"], opens + target[0], opens + target[1], opens, ends)
        item = ToneInput(str(voice["text"]), *target, mention.language)
        found.append(SentenceToRead(place, item, Voice(bool(voice["quoted"]), str(voice["speaker"]))))
    return found


def _target_of(voice: dict[str, Any], evidence: Sequence[dict[str, Any]]) -> tuple[int, int] | None:
    if "target_end" in voice:
        return int(voice["target_start"]), int(voice["target_end"])
    opens, ends = int(voice["start"]), int(voice["end"])
    inside = [
        (int(one["start"]) - opens, int(one["end"]) - opens)
        for one in evidence
        if one["field"] == voice["field"] and opens <= int(one["start"]) < int(one["end"]) <= ends
    ]
    return min(inside, default=None)


def read_again(mentions: Sequence[Mention], pull: TonePull | None) -> list[tuple[Mention, ToneOfMention]]:
    """The mentions whose sentences were kept, with their tone as this reads it."""
    found = [(mention, sentences) for mention in mentions if (sentences := sentences_of(mention))]
    read = judge_sentences(
        [(sentences, is_quick(mention.salience, mention.confidence)) for mention, sentences in found], pull
    )
    return [(mention, tone) for (mention, _), tone in zip(found, read, strict=True)]
