"""Train the tone head anew: `python -m brandhound.mentions.tone_training newsmtsc_train.jsonl.gz HEAD.npz`.

The data is NewsMTSC (Hamborg and Donnay 2021, MIT), one sentence a line: {"id", "text", "targets": [{"start", "end",
"mention", "polarity"}]}. Eight tenths of the articles train, one tenth sets the temperature, one tenth is only measured
on. An article is in one part as a whole, chosen by the hash of its id, so that anybody gets the same parts.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from brandhound.mentions.tone_features import tone_features
from brandhound.mentions.tone_head import CLIP, NEGATIVE, NEUTRAL, POSITIVE, Floats, ToneHead, softmax
from brandhound.mentions.tone_lexicon import read_lexicon
from brandhound.providers.embedding import Embedder, embedder

Part = Literal["train", "calibrate", "test"]
Labels = npt.NDArray[np.int64]

POLARITIES = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}
PENALTY = 0.25
ROUNDS = 300


@dataclass(frozen=True)
class Example:
    """A sentence, the place of the name in it, and what people said of its tone toward that name."""

    part: Part
    sentence: str
    start: int
    end: int
    label: int


def part_of(example_id: str) -> Part:
    """The part that an article belongs to, by the first three fields of its sentences' ids."""
    article = "_".join(example_id.split("_")[:3])
    tenth = int(hashlib.sha256(article.encode()).hexdigest()[:8], 16) % 10
    return "test" if tenth == 9 else "calibrate" if tenth == 8 else "train"


def read_examples(file: Path) -> Iterator[Example]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            for target in row["targets"]:
                yield Example(
                    part_of(row["id"]), row["text"], target["start"], target["end"], POLARITIES[target["polarity"]]
                )


def features_of(examples: Sequence[Example], model: Embedder) -> Floats:
    """One row for each example. Consecutive targets of one sentence share its reading."""
    rows: list[Floats] = []
    for sentence, of_sentence in groupby(examples, key=lambda example: example.sentence):
        encoded = model.read([sentence])[0]
        for example in of_sentence:
            lexicon = read_lexicon(sentence, example.start, example.end)
            rows.append(tone_features(encoded, example.start, example.end, lexicon))
    return np.stack(rows)


def fit_head(features: Floats, labels: Labels, version: str) -> ToneHead:
    """Balanced multinomial logistic regression with a ridge penalty, by accelerated gradient descent."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = np.clip((features - mean) / deviation, -CLIP, CLIP)
    inputs = np.hstack([scaled, np.ones((len(scaled), 1))]).astype(np.float64)
    importance = (len(labels) / 3 / np.bincount(labels, minlength=3))[labels][:, None]
    wanted = np.eye(3)[labels]
    sample = inputs[:2000]
    steepness = float(np.linalg.norm(sample, 2)) ** 2 / len(sample) * 0.5 * float(importance.max()) + PENALTY
    weights = np.zeros((inputs.shape[1], 3))
    ahead, momentum = weights.copy(), 1.0
    for _ in range(ROUNDS):
        pull = ahead * PENALTY
        pull[-1] = 0
        slope = inputs.T @ ((softmax(inputs @ ahead) - wanted) * importance) / len(labels)
        following = ahead - (slope + pull) / steepness
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = following + (momentum - 1) / faster * (following - weights)
        weights, momentum = following, faster
    numbers = weights.astype(np.float32)
    return ToneHead(mean, deviation, numbers[:-1], numbers[-1], 1.0, version)


def calibrated(head: ToneHead, features: Floats, labels: Labels) -> ToneHead:
    """The head with the temperature under which held-out labels are least surprising."""

    def surprise(temperature: float) -> float:
        p = _with_temperature(head, temperature).probabilities(features)
        return float(-np.log(p[np.arange(len(labels)), labels] + 1e-9).mean())

    return _with_temperature(head, min(np.linspace(0.3, 3, 109).tolist(), key=surprise))


def _with_temperature(head: ToneHead, temperature: float) -> ToneHead:
    return ToneHead(head.mean, head.deviation, head.weights, head.bias, temperature, head.version)


def expected_calibration_error(probabilities: Floats, labels: Labels, bins: int = 15) -> float:
    """How far confidence is from accuracy, on average over equally wide bins of confidence."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidence[bin_of == b].mean()) - float(right[bin_of == b].mean())) * float((bin_of == b).mean())
        for b in range(bins)
        if (bin_of == b).any()
    ]
    return sum(gaps)


def macro_f1(guesses: Labels, labels: Labels) -> float:
    """Mean of the three classes' F1."""
    scores: list[float] = []
    for label in (NEGATIVE, NEUTRAL, POSITIVE):
        both = int(((guesses == label) & (labels == label)).sum())
        scores.append(2 * both / max(1, int((guesses == label).sum()) + int((labels == label).sum())))
    return sum(scores) / 3


def train(data: Path, target: Path) -> dict[str, float]:
    """Train, calibrate, measure, save."""
    model = embedder()
    if model is None:
        raise SystemExit("the sentence model is not installed")
    examples = list(read_examples(data))
    features = features_of(examples, model)
    labels = np.array([example.label for example in examples])
    rows = {part: np.array([e.part == part for e in examples]) for part in ("train", "calibrate", "test")}
    head = fit_head(features[rows["train"]], labels[rows["train"]], "newsmtsc-2")
    head = calibrated(head, features[rows["calibrate"]], labels[rows["calibrate"]])
    head.save(target)
    p, truth = head.probabilities(features[rows["test"]]), labels[rows["test"]]
    return {
        "test_sentences": float(len(truth)),
        "accuracy": float((p.argmax(axis=1) == truth).mean()),
        "macro_f1": macro_f1(p.argmax(axis=1), truth),
        "ece": expected_calibration_error(p, truth),
        "temperature": head.temperature,
    }


if __name__ == "__main__":
    print(json.dumps(train(Path(sys.argv[1]), Path(sys.argv[2])), indent=1))
