"""The tone that a second opinion gives, on a sample of the tenth of NewsMTSC that the embedded analysis is only measured on.

Each target is put as a mention of a brand of that name, of which nothing else is known, in its one sentence. Whether it is the
brand is answered, too, and not counted. “Mixed” and “unclear” are tones that the labels do not have: they count as wrong.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from bench.quality.places import hash_of
from bench.quality.tone import scores
from brandhound.brands.names import BrandNames, name_with_rules
from brandhound.mentions.reconsidering import Opinion, Passage, opinion_of, question_of
from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone import LABELS, ToneInput, judge_tone
from brandhound.mentions.tone_training import Example, Labels, read_examples
from brandhound.providers.ai.asking import ask

MOST = 150
TRIES = 1_000
NOT_LABELLED = len(LABELS)


@dataclass(frozen=True)
class Toned:
    """A target in its sentence, and the mention that it is put as."""

    example: Example
    passage: Passage


def drawn(data: Path) -> list[Toned]:
    """The sample, by chance that anybody can repeat."""
    whole = read_examples(data / "d_sentiment/newsmtsc_train.jsonl.gz")
    tests = [one for one in whole if one.part == "test"]
    ranked = sorted(tests, key=lambda one: hash_of(f"tone {hash_of(one.sentence)} {one.start} {one.end}"))
    return [Toned(one, passage_of(one)) for one in ranked[:MOST]]


def passage_of(one: Example) -> Passage:
    target = one.sentence[one.start : one.end]
    return Passage(BrandNames(target, target, (name_with_rules(target),)), "", "", "", one.sentence, 0)


async def asked(organization_id: UUID, some: Sequence[Toned]) -> list[Opinion]:
    """What a model says of each, as the product makes it out."""
    return [opinion_of(await ask(organization_id, question_of(one.passage)), one.passage) for one in some]


def figures(some: Sequence[Toned], said: Sequence[Opinion]) -> dict[str, Any]:
    """Accuracy and macro-F1 of the model and of the embedded analysis on the same targets, with 95 of 100 draws of them."""
    labels = np.array([one.example.label for one in some])
    items = [ToneInput(one.example.sentence, one.example.start, one.example.end, "en") for one in some]
    embedded = judge_tone(items)
    ways: Mapping[str, Labels] = {
        "model": np.array([_number(one.tone) for one in said]),
        "embedded, surest of three": np.array([int(np.argmax(one.probabilities)) for one in embedded]),
        "embedded, as shown": np.array([_number(one.label) for one in embedded]),
    }
    return {
        "targets": len(some),
        "labels": {name: int((labels == at).sum()) for at, name in enumerate(LABELS)},
        "said": Counter(one.tone for one in said),
        "of the model, label and tone": Counter(
            f"{LABELS[at]}, {one.tone}" for at, one in zip(labels, said, strict=True)
        ),
        "dropped quotations": sum(one.dropped for one in said),
        **{way: {**scores(guesses, labels), **_draws(guesses, labels)} for way, guesses in ways.items()},
    }


def _number(tone: ToneLabel) -> int:
    return LABELS.index(tone) if tone in LABELS else NOT_LABELLED


def _draws(guesses: Labels, labels: Labels) -> dict[str, list[float]]:
    dice = np.random.default_rng(7)
    found = [
        scores(guesses[some], labels[some])["macro_f1"]
        for some in (dice.integers(0, len(labels), len(labels)) for _ in range(TRIES))
    ]
    return {"macro_f1, 95 of 100 draws": [round(float(edge), 3) for edge in np.quantile(found, (0.025, 0.975))]}
