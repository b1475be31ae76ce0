"""How true the confidence of a match is, on texts whose brands people have marked.

    python bench/matching_confidence.py --data DIR [--fit]

Then the hand-made sentences of `tests/mentions/ambiguous_sentences.jsonl`: names of many meanings that a user typed without
any context. Those held out belong to names whose single errors were not looked at when the weights were set; but whoever wrote
the sentences also gathered the words of the cues, so that real texts do worse.

The brands are the names that the annotators marked; each place where the matcher sees one of them is right if it lies on
a marked name. Half of the names (by a hash) fits the weights, the other half, never seen, is measured.
`--fit` prints fitted weights: the maximum a posteriori around the weights in use.
"""

import argparse
import gzip
import hashlib
import json
import math
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from brandhound.brands.folding import fold
from brandhound.brands.names import BrandNames, load_brands_file, name_with_rules
from brandhound.mentions.confidence import SIGNS, START
from brandhound.mentions.matching import Document, Matcher

Floats = npt.NDArray[np.float64]
CODES = list(SIGNS)
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Marked:
    """A text and the places that people marked in it."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Case:
    """One place seen by the matcher."""

    name: str
    amounts: tuple[float, ...]
    right: bool
    surface: str
    around: str
    source: str


def fashion(data: Path) -> Iterator[Marked]:
    """Comments on clothes with marked brands."""
    path = data / "c_entities/fashion_brands_reddit_training.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Marked(row["text"], tuple((span["start"], span["end"]) for span in row["spans"]))


def tagged(path: Path, wanted: str) -> Iterator[Marked]:
    """Sentences of an archive of CoNLL files; spans of the labels that match."""
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file is None or "conll" not in member.name:
                continue
            for block in file.read().decode("utf-8", "replace").split("\n\n"):
                rows = [row.split() for row in block.splitlines() if len(row.split()) >= 2]
                text, open_at, before = "", -1, ""
                spans: list[tuple[int, int]] = []
                for token, label in [*((row[0], row[-1]) for row in rows), ("", "O")]:
                    kind = label.removeprefix("B-").removeprefix("I-")
                    if open_at >= 0 and (label.startswith("B-") or kind != before):
                        spans.append((open_at, len(text)))
                        open_at = -1
                    if token:
                        text += " " if text else ""
                        if re.fullmatch(wanted, kind) and open_at < 0:
                            open_at = len(text)
                        text += token
                    before = kind
                if text:
                    yield Marked(text, tuple(spans))


def cases_of(source: str, marked: list[Marked], category: str) -> list[Case]:
    """Every place that the matcher sees, and whether people marked it."""
    names = {
        " ".join(text.text[start:end].split()): None
        for text in marked
        for start, end in text.spans
        if re.search(r"\w", text.text[start:end]) and not text.text[start:end].startswith(("@", "#"))
    }
    by_key: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name.islower(), name.isupper(), name)):
        by_key.setdefault(fold(name), name)
    brands = [BrandNames(name, name, (name_with_rules(name),), category=category) for name in by_key.values()]
    seen = Matcher(brands).weigh_all([Document(text.text) for text in marked])
    return [
        Case(
            name=one.name.folded,
            amounts=tuple(sum(sign.amount for sign in one.signs if sign.code == code) for code in CODES),
            right=any(one.place.start < end and start < one.place.end for start, end in text.spans),
            surface=one.place.surface,
            around=text.text[max(one.place.start - 40, 0) : one.place.end + 40],
            source=source,
        )
        for text, found in zip(marked, seen, strict=True)
        for one in found
    ]


def is_held_out(name: str) -> bool:
    """True for half of the names, the same half each time."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def probabilities(cases: list[Case], weights: Floats, start: float) -> Floats:
    """What the weights say of each case."""
    amounts = np.array([case.amounts for case in cases])
    return 1.0 / (1.0 + np.exp(-start - amounts @ weights))


def fitted(cases: list[Case], weights: Floats, start: float, hold: float = 3.0) -> tuple[Floats, float]:
    """Weights by penalized logistic regression: `hold` draws each to where it was, so that rare signs stay."""
    amounts = np.array([[*case.amounts, 1.0] for case in cases])
    right = np.array([case.right for case in cases], dtype=np.float64)
    held = np.array([*weights, start])
    found = held.copy()
    for _ in range(60):
        said = 1.0 / (1.0 + np.exp(-amounts @ found))
        slope = amounts.T @ (said - right) + hold * (found - held)
        bend = (amounts * (said * (1 - said))[:, None]).T @ amounts + hold * np.eye(len(found))
        step = np.linalg.solve(bend, slope)
        found -= step
        if float(np.abs(step).max()) < 1e-6:
            break
    return found[:-1], float(found[-1])


def measure(cases: list[Case], said: Floats) -> dict[str, float]:
    """Area under the curve, calibration error over 15 bins, Brier score, precision and recall at .5 and .8."""
    right = np.array([case.right for case in cases])
    order = np.argsort(said, kind="stable")
    ranks = np.empty(len(said))
    ranks[order] = np.arange(1, len(said) + 1)
    for value in np.unique(said):
        ranks[said == value] = ranks[said == value].mean()
    positives, negatives = int(right.sum()), int((~right).sum())
    area = (ranks[right].sum() - positives * (positives + 1) / 2) / max(positives * negatives, 1)
    bins = np.minimum((said * 15).astype(int), 14)
    error = sum(
        abs(said[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean() for one in np.unique(bins)
    )
    result = {
        "places": len(cases),
        "right": positives,
        "auc": round(float(area), 3),
        "ece": round(float(error), 3),
        "brier": round(float(((said - right) ** 2).mean()), 3),
    }
    for threshold in (0.5, 0.8):
        kept = said >= threshold
        result[f"precision_{threshold}"] = round(float(right[kept].mean()), 3) if kept.any() else math.nan
        result[f"recall_{threshold}"] = round(float((right & kept).sum() / max(positives, 1)), 3)
    return result


def all_cases(data: Path) -> list[Case]:
    """The cases of all four collections."""
    entities = data / "c_entities"
    return [
        *cases_of("fashion", list(fashion(data)), "shop/clothes"),
        *cases_of("wnut17", list(tagged(entities / "wnut17_train_dev.tar.xz", "corporation|product")), ""),
        *cases_of("btc", list(tagged(entities / "btc_sections_abeg.tar.xz", "ORG")), ""),
        *cases_of("wikigold", list(tagged(entities / "wikigold.tar.xz", "ORG")), ""),
    ]


def hand_made() -> dict[str, dict[str, float]]:
    """Precision, recall and F1 at .5, area and calibration error, for the sentences in view and for those held out."""
    lines = (ROOT / "tests/mentions/ambiguous_sentences.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found: dict[str, dict[str, float]] = {}
    for part, held_out in (("in view", False), ("held out", True)):
        kept = [row for row in rows if row["held_out"] is held_out]
        said = np.array([_surest(row["name"], row["text"]) for row in kept])
        result = measure([Case(row["name"], (), row["company"], row["name"], "", part) for row in kept], said)
        precision, recall = result["precision_0.5"], result["recall_0.5"]
        others = said[[not row["company"] for row in kept]]
        found[part] = result | {
            "f1_0.5": round(2 * precision * recall / (precision + recall), 3),
            "others_below_0.4": round(float((others < 0.4).mean()), 3),
        }
    return found


def _surest(name: str, text: str) -> float:
    return max((match.confidence for match in Matcher(load_brands_file([name])).find(text)), default=0.0)


def main() -> None:
    """Measure, and fit if asked to."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--fit", action="store_true")
    arguments.add_argument("--worst", type=int, default=0, help="show that many of the worst errors")
    given = arguments.parse_args()
    cases = all_cases(given.data)
    held_out = [case for case in cases if is_held_out(case.name)]
    seen = [case for case in cases if not is_held_out(case.name)]
    weights, start = np.array([SIGNS[code].weight for code in CODES]), START
    if given.fit:
        weights, start = fitted(seen, weights, start)
        counts = np.array([[amount != 0 for amount in case.amounts] for case in seen]).sum(axis=0)
        print("START", round(start, 2))
        for code, weight, count in zip(CODES, weights, counts, strict=True):
            print(f"{code:18} {SIGNS[code].weight:6.2f} -> {weight:6.2f}   in {count}")
    said = probabilities(held_out, weights, start)
    result: dict[str, object] = {"all": measure(held_out, said)}
    for source in ("fashion", "wnut17", "btc", "wikigold"):
        kept = np.array([case.source == source for case in held_out])
        result[source] = measure([case for case in held_out if case.source == source], said[kept])
    doubtful = [number for number, case in enumerate(held_out) if case.amounts[CODES.index("distinctive")] == 0]
    result["names that can mean something else"] = measure([held_out[one] for one in doubtful], said[doubtful])
    result["names of many meanings, by hand"] = hand_made()
    print(json.dumps(result, indent=1))
    right = np.array([case.right for case in held_out])
    for number in np.argsort(-np.abs(said - right))[: given.worst]:
        case = held_out[int(number)]
        print(f"{said[number]:.2f} {case.right} {case.source} [{case.surface}] {case.around!r}")


if __name__ == "__main__":
    main()
