"""Brands of a given list at their places in comments on clothes: how right what counts is, beside a list that is only looked up.

    python -m bench.quality.listed_spans --data DIR

People marked the brands in 1,235 comments. The list is all that they marked, each brand with the category of clothes; so what
is measured is which of the places of a known name are taken for the brand, and where they begin and end. A span is right where
it begins and ends as the mark does, but for the sign of a handle or tag. What signs weigh was fitted on half of the names: on
the other half it was not. The peer is the keyword trie that finds every place of a name. Prints JSON.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.matching import Trie
from bench.matching_confidence import Marked, fashion, is_held_out
from brandhound.brands.folding import fold
from brandhound.brands.names import BrandNames, name_with_rules
from brandhound.core.settings import settings
from brandhound.mentions.matching import Document, Matcher

Span = tuple[int, int]
CATEGORY = "shop/clothes"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True, help="the folder of collections")
    print(json.dumps(measured(list(fashion(options.parse_args().data)))))


def measured(comments: Sequence[Marked]) -> dict[str, Any]:
    """Precision, recall and F1 of spans: what counts, what is shown, and the places that the peer finds."""
    names = names_of(comments)
    right = [bare(one.text, one.spans) for one in comments]
    found = Matcher([BrandNames(name, name, (name_with_rules(name),), category=CATEGORY) for name in names]).find_all(
        [Document(one.text) for one in comments]
    )
    trie = Trie()
    for name in names:
        trie.add(name, name)
    said = {
        "counts": settings().accept_confidence,
        "half": 0.5,
        "is_shown": settings().doubtful_confidence,
    }
    told = {
        key: [
            bare(one.text, ((match.start, match.end) for match in matches if match.confidence >= least))
            for one, matches in zip(comments, found, strict=True)
        ]
        for key, least in said.items()
    }
    told["peer"] = [bare(one.text, ((start, end) for _, start, end in trie.extract(one.text))) for one in comments]
    texts = [one.text for one in comments]
    return {
        "bench": "listed_spans",
        "comments": len(comments),
        "names": len(names),
        "marked": sum(map(len, right)),
        **{key: scores(texts, right, spans, lambda _: True) for key, spans in told.items()},
        "names_nothing_was_fitted_on": {key: scores(texts, right, spans, is_held_out) for key, spans in told.items()},
    }


def names_of(comments: Iterable[Marked]) -> list[str]:
    """What people marked, each name once, as it is most likely written: not in small letters, nor in capitals alone."""
    names = {" ".join(one.text[start:end].split()) for one in comments for start, end in one.spans}
    kept: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name.islower(), name.isupper(), name)):
        if re.search(r"\w", name):
            kept.setdefault(fold(name), name)
    return list(kept.values())


def bare(text: str, spans: Iterable[Span]) -> frozenset[Span]:
    """Spans without the sign of a handle or tag."""
    return frozenset((start + (text[start : start + 1] in ("@", "#")), end) for start, end in spans)


def scores(
    texts: Sequence[str],
    right: Sequence[frozenset[Span]],
    told: Sequence[frozenset[Span]],
    wanted: Callable[[str], bool],
) -> dict[str, float]:
    """Of spans whose folded words are wanted."""
    both = said = marked = 0
    for text, of_people, of_ours in zip(texts, right, told, strict=True):
        ours, theirs = (
            {span for span in spans if wanted(fold(" ".join(text[slice(*span)].split())))}
            for spans in (of_ours, of_people)
        )
        both += len(ours & theirs)
        said += len(ours)
        marked += len(theirs)
    precision, recall = both / max(said, 1), both / max(marked, 1)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
    }


if __name__ == "__main__":
    main()
