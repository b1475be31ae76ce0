"""How often the category proposed for a brand is the right one: `python -m bench.quality.categories`. Prints JSON.

Profiles of one line and their categories were written by hand (`category_profiles.tsv` beside this file) before anything was
proposed, by whoever had written the words of the categories, which makes the figures kinder than strangers' texts would be. Those
on odd lines were used to set how sharp likeness counts; the figures of `held_out` are from the even ones. Names are not given to
what proposes, so that the catalogue cannot know them. With the sentence model and without it.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brandhound.brands.taxonomy import Vectors, propose_categories, sector_of
from brandhound.providers.embedding import embedder

PROFILES = Path(__file__).parent / "category_profiles.tsv"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="as all the others take it; nothing is read there")
    options.parse_args()
    model = embedder()
    rows = [tuple(line.split("\t")) for line in PROFILES.read_text(encoding="utf-8").splitlines()]
    board: dict[str, Any] = {}
    for told, vectors in (("with the sentence model", model.encode if model else None), ("without it", None)):
        board[f"tuned on, {told}"] = measured(rows[::2], vectors)
        board[f"held_out, {told}"] = measured(rows[1::2], vectors)
    print(json.dumps(board, indent=1, ensure_ascii=False))


def measured(rows: Sequence[tuple[str, ...]], vectors: Vectors | None) -> dict[str, Any]:
    """How often sector and category are right, and how sure the first proposal was when it was and when it was not."""
    sectors = categories = among = 0
    sure: dict[bool, list[float]] = {True: [], False: []}
    wrong: list[str] = []
    for category, profile in rows:
        found = propose_categories("", profile, vectors)
        names = [one.category.name for one in found]
        right = names[:1] == [category]
        sectors += bool(found) and found[0].category.sector == sector_of(category)
        categories += right
        among += category in names[:3]
        if found:
            sure[right].append(found[0].probability)
        if not right:
            wrong.append(f"{profile[:60]}: {category}, not {names[0] if names else 'anything'}")
    return {
        "profiles": len(rows),
        "sector": round(sectors / len(rows), 3),
        "category": round(categories / len(rows), 3),
        "category among three": round(among / len(rows), 3),
        "confidence when right": round(sum(sure[True]) / max(len(sure[True]), 1), 3),
        "confidence when wrong": round(sum(sure[False]) / max(len(sure[False]), 1), 3),
        "wrong": wrong,
    }


if __name__ == "__main__":
    main()
