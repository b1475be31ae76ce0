"""How well and how fast tone is read: `python -m bench.quality.tone --data DIR [--confusion FILE]`.

Prints JSON. DIR holds `d_sentiment/newsmtsc_train.jsonl.gz` and `crowdflower_brand_tweets.jsonl.gz`. All figures on news are on
the tenth of articles that nothing was trained or calibrated on; the tweets on brands are from another world, and only measured.
Peers: VADER on the sentence, on the clause, blended, and our fit of it. `--confusion` writes the matrices by which shares of
tones are corrected (`src/brandhound/mentions/data/tone_confusion.json`).
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone import LABELS, LEXICON_FIT, ToneInput, judge_tone, judge_tone_by_words
from brandhound.mentions.tone_head import Floats, shipped_head, softmax
from brandhound.mentions.tone_lexicon import LexiconReading, read_lexicon
from brandhound.mentions.tone_training import (
    Example,
    Labels,
    expected_calibration_error,
    features_of,
    macro_f1,
    read_examples,
)
from brandhound.providers.embedding import embedder
from tests.mentions.tweets import brand_tweets

CONFIDENCE = (0.0, 0.5, 0.65, 0.8, 0.9, 1.01)


def scores(guesses: Labels, labels: Labels) -> dict[str, float]:
    return {"accuracy": round(float((guesses == labels).mean()), 4), "macro_f1": round(macro_f1(guesses, labels), 4)}


def with_confidence(p: Floats, labels: Labels) -> dict[str, Any]:
    guesses, confidence = p.argmax(axis=1), p.max(axis=1)
    bands = {
        f"{low}-{min(high, 1)}": {
            "share": round(float(inside.mean()), 3),
            "accuracy": round(float((guesses == labels)[inside].mean()), 3) if inside.any() else None,
        }
        for low, high in pairwise(CONFIDENCE)
        for inside in ((confidence >= low) & (confidence < high),)
    }
    clear = confidence >= 0.5
    return {
        **scores(guesses, labels),
        "ece": round(expected_calibration_error(p, labels), 4),
        "unclear": round(float((~clear).mean()), 3),
        "accuracy_where_clear": round(float((guesses == labels)[clear].mean()), 4),
        "by_confidence": bands,
    }


def by_threshold(readings: Sequence[LexiconReading], of: Callable[[LexiconReading], float], edge: float) -> Labels:
    values = np.array([of(reading) for reading in readings])
    return np.where(values >= edge, 2, np.where(values <= -edge, 0, 1))


def fitted(readings: Sequence[LexiconReading]) -> Floats:
    rows = [[b + s * r.toward + z * abs(r.toward) for b, s, z in LEXICON_FIT] for r in readings]
    return softmax(np.array(rows))


def on_news(file: Path) -> dict[str, Any]:
    examples = [example for example in read_examples(file) if example.part == "test"]
    labels = np.array([example.label for example in examples])
    readings = [read_lexicon(e.sentence, e.start, e.end) for e in examples]
    result: dict[str, Any] = {
        "targets": len(examples),
        "majority": scores(np.full(len(labels), np.bincount(labels).argmax()), labels),
        "vader_sentence": scores(by_threshold(readings, lambda r: r.sentence, 0.05), labels),
        "vader_clause": scores(by_threshold(readings, lambda r: r.clause, 0.05), labels),
        "vader_blend": scores(by_threshold(readings, lambda r: r.toward, 0.1), labels),
        "word_list_fitted": with_confidence(fitted(readings), labels),
    }
    model, head = embedder(), shipped_head()
    if model and head:
        result["head_alone"] = with_confidence(head.probabilities(features_of(examples, model)), labels)
        # Before anything else is read: readings are kept, and would be timed as such.
        result["speed"] = speeds(examples)
        items = [ToneInput(e.sentence, e.start, e.end, "en") for e in examples]
        result["as_shipped"] = with_confidence(np.array([one.probabilities for one in judge_tone(items)]), labels)
    return result


def speeds(examples: Sequence[Example]) -> dict[str, float]:
    items = [ToneInput(e.sentence, e.start, e.end, "en") for e in examples]
    result: dict[str, float] = {}
    for name, judge in (("model", judge_tone), ("lexicon", judge_tone_by_words)):
        began = time.process_time()
        judge(items)
        result[f"{name}_sentences_per_cpu_second"] = round(len(items) / (time.process_time() - began), 1)
    return result


COLUMNS: tuple[ToneLabel, ...] = ("negative", "neutral", "positive", "mixed", "unclear")


def confusion(file: Path) -> dict[str, Any]:
    """How often each true tone is read as which, by the sentence model and by the word list, as the product labels them."""
    examples = [example for example in read_examples(file) if example.part == "test"]
    items = [ToneInput(e.sentence, e.start, e.end, "en") for e in examples]
    result: dict[str, Any] = {"of": "NewsMTSC, the tenth that is only measured on", "texts": len(examples)}
    result["columns"] = list(COLUMNS)
    for name, judge in (("model", judge_tone), ("lexicon", judge_tone_by_words)):
        table = [[0] * len(COLUMNS) for _ in LABELS]
        for example, tone in zip(examples, judge(items), strict=True):
            table[example.label][COLUMNS.index(tone.label)] += 1
        result[name] = table
    return result


def on_tweets(file: Path) -> dict[str, Any]:
    """Tweets of 2011 on phones and search engines; only those that name their target literally."""
    items, labels = brand_tweets(file)
    result: dict[str, Any] = {"tweets": len(items), "majority": scores(np.full(len(labels), 1), labels)}
    readings = [read_lexicon(item.sentence, item.target_start, item.target_end) for item in items]
    result["vader_sentence"] = scores(by_threshold(readings, lambda r: r.sentence, 0.05), labels)
    result["vader_clause"] = scores(by_threshold(readings, lambda r: r.clause, 0.05), labels)
    for name, judge in (("as_shipped", judge_tone), ("word_list_fitted", judge_tone_by_words)):
        tones = judge(items)
        p = np.array([tone.probabilities for tone in tones], dtype=np.float32)
        result[name] = {
            **scores(p.argmax(axis=1), labels),
            "unclear": round(sum(tone.label == "unclear" for tone in tones) / len(tones), 3),
        }
    return result


def main() -> None:
    asked = argparse.ArgumentParser(description="How well and how fast tone is read.")
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--confusion", type=Path)
    given = asked.parse_args()
    news = given.data / "d_sentiment/newsmtsc_train.jsonl.gz"
    if given.confusion:
        given.confusion.write_text(json.dumps(confusion(news), indent=1) + "\n")
        return
    result: dict[str, Any] = {"bench": "tone", "labels": list(LABELS), "news": on_news(news)}
    result["brand_tweets"] = on_tweets(given.data / "d_sentiment/crowdflower_brand_tweets.jsonl.gz")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
