"""How well topics are found by a line alone, and with one example: `python -m bench.quality.topics --data DIR`.

Prints JSON. Two sets: sentences of business news written by hand for this (`tests/mentions/topics.json`: made up, one topic or
none each), and reviews of food (Amazon Fine Food Reviews, CC0), whose kind a list of words guessed: no gold, but not ours. The
numbers of the cold start are fitted on the other topics, never on the one that is measured; `--fit` prints those for likening.py.
"""

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from brandhound.providers.embedding import Embedder, embedder
from tests.mentions.topic_board import WAYS, Case, board, by_hand, fitted, vectors_of

FOOD = {
    "pet food": "food and treats for dogs and cats",
    "snacks/sweets": "snacks, chips, candy and sweets",
    "sauces/cooking": "sauces, spices, oils and ingredients for cooking",
    "supplements/nutrition": "vitamins, protein and supplements for health",
    "coffee/tea": "coffee and tea to drink",
}


def food(data: Path, model: Embedder, most: int) -> list[Case]:
    with gzip.open(data / "f_research/amazon_fine_food_reviews.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines][:most]
    vectors = vectors_of(model, [f"{row['title']}. {row['text'][:300]}" for row in rows])
    cases: list[Case] = []
    for hint, words in FOOD.items():
        (line,) = vectors_of(model, [f"{hint}: {words}"])
        right = np.array([hint in row["topic_hint"] for row in rows])
        cases.append(Case(hint, "topic", vectors @ line, vectors @ line, right))
    return cases


def main() -> None:
    asked = argparse.ArgumentParser(description="How well topics are found.")
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--most", type=int, default=500, help="reviews that are read")
    asked.add_argument("--fit", action="store_true")
    given = asked.parse_args()
    model = embedder()
    if model is None:
        raise SystemExit("the sentence model is not installed")
    hand = by_hand(model)
    parts = {sort: [case for case in hand if case.sort == sort] for sort in ("topic", "message")}
    if given.fit:
        print(json.dumps({sort: {way: fitted(cases, way) for way in WAYS} for sort, cases in parts.items()}, indent=1))
        return
    result = {
        "bench": "topics",
        "by_hand": {sort: board(cases) for sort, cases in parts.items()},
        "food_reviews": board(food(given.data, model, given.most)),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
