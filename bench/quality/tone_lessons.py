"""What is gained when people's tones teach the reading: `python -m bench.quality.tone_lessons --data DIR [--develop]`.

Prints JSON. Somebody is played who reads mentions as they come, and says the tone of those that are read wrong
(`corrections`), or judges the others, too, and leaves their tone (`every tone`, which comes to the same as saying it). What
that teaches is measured on texts that were not among them. Texts: tweets on brands of 2011 and the tenth of NewsMTSC that
nothing was trained on, each in two halves by a hash of the text: how far a lesson may move tones was set on the half that is
printed with `--develop`; the figures that are told come from the other. Five orders each; the head is the shipped one.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone_lessons.checking import CLEAR, Texts, learn
from brandhound.mentions.tone_lessons.looking import Sentence, eyes_of, texts_of
from brandhound.mentions.tone_pull import Doubles, chances, logs
from brandhound.mentions.tone_training import Labels, macro_f1, read_examples
from tests.mentions.tweets import brand_tweets

SEEN = (40, 100, 300)
ORDERS = 5
MOST_LEFT = 500


@dataclass(frozen=True, eq=False)
class Known:
    """Texts whose tone is known."""

    texts: Texts
    labels: Labels

    def some(self, rows: npt.NDArray[np.int64]) -> "Known":
        texts, numbers = self.texts, [int(at) for at in rows]
        return Known(
            Texts(texts.read[rows], texts.inputs[rows], tuple(texts.keys[at] for at in numbers)), self.labels[rows]
        )


def in_half(key: str, *, develop: bool) -> bool:
    """Whether a text is in that half."""
    return (hashlib.sha256(f"half {key}".encode()).digest()[0] % 2 == 0) == develop


def known(sentences: Sequence[Sentence], labels: Labels, *, develop: bool) -> Known:
    """The half of these texts."""
    kept = [at for at, one in enumerate(sentences) if in_half(one.key, develop=develop)]
    return Known(texts_of([sentences[at] for at in kept], eyes_of()), labels[kept])


def played(all_of_it: Known, seen: int, *, only_wrong: bool, seed: int) -> dict[str, float]:
    """One order of texts: the first are seen, the others are read before and after the lesson."""
    order = np.random.default_rng(seed).permutation(len(all_of_it.labels))
    looked_at, rest = all_of_it.some(order[:seen]), all_of_it.some(order[seen:])
    wrong = looked_at.texts.read.argmax(axis=1) != looked_at.labels
    says = wrong if only_wrong else np.ones(seen, dtype=np.bool_)
    said, passed = looked_at.some(np.flatnonzero(says)), looked_at.some(np.flatnonzero(~says))
    # Of the rest the product knows readings, as of all that nobody said anything of; their labels it does not know.
    pool = rest.some(np.arange(len(rest.labels) // 2))
    asked = rest.some(np.arange(len(rest.labels) // 2, len(rest.labels)))
    most = min(MOST_LEFT, 2 * len(said.labels))
    left = joined(passed.texts, pool.texts, most, seed)
    tones: list[ToneLabel] = [CLEAR[at] for at in said.labels]
    nothing = pool.some(np.arange(0)).texts
    lesson = learn(said.texts, tones, left, nothing, [])
    before = asked.texts.read.argmax(axis=1)
    after = chances(logs(asked.texts.read) + asked.texts.inputs @ lesson.weights).argmax(axis=1)
    better = lesson.check.is_better
    return {
        "said": float(len(said.labels)),
        "accuracy_before": share(before, asked.labels),
        "accuracy_after": share(after, asked.labels),
        "f1_before": macro_f1(before, asked.labels),
        "f1_after": macro_f1(after, asked.labels),
        "f1_as_offered": macro_f1(after if better else before, asked.labels),
        "offered": float(better),
        "gain_foretold": lesson.check.gain,
    }


def joined(one: Texts, other: Texts, most: int, seed: int) -> Texts:
    """Some of both, by chance."""
    read: Doubles = np.vstack([one.read, other.read])
    rows = np.random.default_rng(seed + 1000).permutation(len(read))[:most]
    keys = (*one.keys, *other.keys)
    return Texts(read[rows], np.vstack([one.inputs, other.inputs])[rows], tuple(keys[int(at)] for at in rows))


def share(guesses: Labels, labels: Labels) -> float:
    return float((guesses == labels).mean())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--develop", action="store_true")
    given = asked.parse_args()
    items, tweet_labels = brand_tweets(given.data / "d_sentiment/crowdflower_brand_tweets.jsonl.gz")
    news = [one for one in read_examples(given.data / "d_sentiment/newsmtsc_train.jsonl.gz") if one.part == "test"]
    sets = {
        "tweets": (
            [Sentence(one.sentence, one.target_start, one.target_end) for one in items],
            np.array(tweet_labels),
        ),
        "news": ([Sentence(one.sentence, one.start, one.end) for one in news], np.array([one.label for one in news])),
    }
    result: dict[str, Any] = {"bench": "tone_lessons", "half": "develop" if given.develop else "held out"}
    for name, (sentences, labels) in sets.items():
        half = known(sentences, labels, develop=given.develop)
        result[f"{name}, texts"] = len(half.labels)
        for seen in SEEN:
            if seen * 2 > len(half.labels):
                continue
            for only_wrong in (True, False):
                rounds = [played(half, seen, only_wrong=only_wrong, seed=seed) for seed in range(ORDERS)]
                what = "corrections" if only_wrong else "every tone"
                result[f"{name}, {seen} seen, {what}"] = {
                    key: round(float(np.mean([one[key] for one in rounds])), 4) for key in rounds[0]
                }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
