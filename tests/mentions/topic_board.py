"""How well topics are found by a line alone, and with one example: the sentences by which that is held, and the reckoning."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brandhound.mentions.learning.fitting import Floats, chance
from brandhound.mentions.topics.likening import COLD, MAYBE_FROM, YES_FROM
from brandhound.providers.embedding import Embedder

HERE = Path(__file__).parent
WAYS = ("line", "line_and_example")


@dataclass(frozen=True, eq=False)
class Case:
    """A topic with what is known of it, and likeness to it of each sentence, with the truth."""

    title: str
    sort: str
    line: Floats
    example: Floats
    right: np.ndarray[Any, np.dtype[np.bool_]]

    def best(self, way: str) -> Floats:
        return self.line if way == "line" else np.maximum(self.line, self.example)


def by_hand(model: Embedder) -> list[Case]:
    said: dict[str, Any] = json.loads((HERE / "topics.json").read_text("utf-8"))
    vectors = vectors_of(model, [text for text, _ in said["sentences"]])
    cases: list[Case] = []
    for topic in said["topics"]:
        name = f"{topic['title']}: {topic['line']}" if topic["sort"] == "topic" else topic["line"]
        line, example = vectors_of(model, [name, topic["example"]])
        right = np.array([topic["title"] in titles for _, titles in said["sentences"]])
        cases.append(Case(topic["title"], topic["sort"], vectors @ line, vectors @ example, right))
    return cases


def vectors_of(model: Embedder, sentences: Sequence[str]) -> Floats:
    return model.encode(list(sentences)).astype(np.float64)


def fitted(cases: Sequence[Case], way: str) -> tuple[float, float]:
    """Slope and start by penalized logistic regression, each topic as heavy as the others, its yes as heavy as its no."""
    rows = np.concatenate([case.best(way) for case in cases])
    right = np.concatenate([case.right for case in cases]).astype(np.float64)
    inputs = np.column_stack([rows, np.ones(len(rows))])
    found, pull, held = np.array([14.0, -5.0]), np.array([0.002, 0.002]), np.array([14.0, -5.0])
    for _ in range(60):
        said = chance(inputs @ found)
        bend = (inputs * (said * (1 - said))[:, None]).T @ inputs + np.diag(pull)
        found -= np.linalg.solve(bend, inputs.T @ (said - right) + pull * (found - held))
    return round(float(found[0]), 2), round(float(found[1]), 2)


def measured(said: Floats, right: np.ndarray[Any, np.dtype[np.bool_]]) -> dict[str, Any]:
    """Of what is claimed: precision and recall; how much is left in doubt; and how far belief is from truth."""
    yes = said >= YES_FROM
    doubt = (said >= MAYBE_FROM) & ~yes
    both = int((yes & right).sum())
    precision, recall = both / max(1, int(yes.sum())), both / max(1, int(right.sum()))
    bins = np.minimum((said * 10).astype(int), 9)
    gaps = [abs(said[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return {
        "yes": int(right.sum()),
        "of": len(right),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "recall_with_doubtful": round(int(((yes | doubt) & right).sum()) / max(1, int(right.sum())), 3),
        "in_doubt": round(float(doubt.mean()), 3),
        "ece": round(float(sum(gaps)), 3),
    }


def board(cases: Sequence[Case]) -> dict[str, Any]:
    """Each way over all topics of a set; the numbers are fitted without the topic that is measured."""
    result: dict[str, Any] = {}
    for way in WAYS:
        said: list[Floats] = []
        for case in cases:
            slope, start = fitted([one for one in cases if one is not case and one.sort == case.sort], way)
            said.append(chance(slope * case.best(way) + start))
        shipped = [chance(_shipped(case, way)) for case in cases]
        right = np.concatenate([case.right for case in cases])
        result[way] = {
            "left_out": measured(np.concatenate(said), right),
            "shipped_numbers": measured(np.concatenate(shipped), right),
        }
    return result


def _shipped(case: Case, way: str) -> Floats:
    numbers = COLD["message" if case.sort == "message" else "topic"]
    by_line = numbers.line * case.line + numbers.start
    return by_line if way == "line" else np.maximum(by_line, numbers.example * case.example + numbers.start)
