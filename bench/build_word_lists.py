"""Make the small word lists that ship in brands/words from the openly licensed texts of the test data.

python bench/build_word_lists.py --data DIR
"""

import argparse
import gzip
import json
import math
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

HERE = Path(__file__).parents[1] / "src/brandhound/brands/words"
WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:'[a-z]+)?")


def jsonl(path: Path, field: str) -> Iterator[str]:
    """The texts of a packed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)[field]


def bodies(value: object) -> Iterator[str]:
    """The texts of people in recorded answers."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        for part in ("body", "selftext", "title"):
            text = fields.get(part)
            if isinstance(text, str):
                yield text
        inside: Iterable[object] = fields.values()
    else:
        inside = cast("list[object]", value) if isinstance(value, list) else ()
    for inner in inside:
        yield from bodies(inner)


def tagged(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of (token, label) from an archive of CoNLL files."""
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file is None or "conll" not in member.name:
                continue
            for block in file.read().decode("utf-8", "replace").split("\n\n"):
                rows = [row.split() for row in block.splitlines() if len(row.split()) >= 2]
                if rows:
                    yield [(row[0], row[-1]) for row in rows]


def main() -> None:
    """Count, choose, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    data: Path = arguments.parse_args().data

    texts = [
        *jsonl(data / "d_sentiment/newsmtsc_train.jsonl.gz", "text"),
        *jsonl(data / "d_sentiment/vader_amazon_reviews.jsonl.gz", "text"),
        *jsonl(data / "f_research/amazon_fine_food_reviews.jsonl.gz", "text"),
        *jsonl(data / "f_research/reddit_cooking_comments.jsonl.gz", "body"),
        *jsonl(data / "c_entities/fashion_brands_reddit_training.jsonl.gz", "text"),
    ]
    with gzip.open(data / "f_research/reddit_api_responses.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts += dict.fromkeys(text for line in lines for text in bodies(json.loads(line)))
    sentences = [
        sentence
        for archive in ("wnut17_train_dev", "btc_sections_abeg", "wikigold")
        for sentence in tagged(data / f"c_entities/{archive}.tar.xz")
    ]
    texts += [" ".join(token for token, _ in sentence) for sentence in sentences]

    lower: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    seen_in: Counter[str] = Counter()
    for text in texts:
        words = list(WORD.finditer(text))
        seen_in.update({word.group().lower() for word in words})
        for word in words:
            if word.group().islower():
                lower[word.group()] += 1
            elif re.search(r"[a-z,;] $", text[: word.start()]):
                inside[word.group().lower()] += 1
    total = sum(lower.values())
    brands = gold_names(data, sentences)
    kept = {
        word: count
        for word, count in lower.items()
        if seen_in[word] >= 3 and count >= 0.6 * (count + inside[word]) and not (word in brands and count < 12)
    }
    lines_out = [
        f"{word}\t{math.log10(count / total * 1e9):.1f}"
        for word, count in sorted(kept.items(), key=lambda i: (-i[1], i[0]))
    ][:14000]
    write("common.tsv.gz", lines_out)

    write("phrases.txt.gz", phrases(texts, kept))

    people: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for sentence in sentences:
        before = "O"
        span: list[str] = []
        for token, label in [*sentence, ("", "O")]:
            name = label.removeprefix("B-").removeprefix("I-").lower()
            starts = label.startswith("B-") or name != before
            if starts:
                if before in {"per", "person"} and len(span) > 1 and span[0].isalpha():
                    people[span[0].lower()] += 1
                if before in {"loc", "location", "geo-loc"} and span:
                    places[" ".join(span).lower()] += 1
                span = []
            span.append(token)
            before = name
    write(
        "given_names.txt.gz",
        sorted(name for name, n in people.items() if n >= 2 and len(name) > 2 and name not in kept),
    )
    write(
        "places.txt.gz",
        sorted(place for place, n in places.items() if n >= 2 and len(place) > 2 and place[0].isalpha()),
    )


def phrases(texts: list[str], kept: dict[str, int]) -> list[str]:
    """Pairs of content words that keep each other company."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for part in re.split(r"[.,;:!?()\n\"“”*/]+", text):
            words = [word.group() for word in WORD.finditer(part)]
            pairs.update(
                pair for pair in set(pairwise(words)) if all(w in kept and kept[w] < 4000 and len(w) > 2 for w in pair)
            )
    total = sum(kept.values())
    lifted = {
        pair: count
        for pair, count in pairs.items()
        if count >= 3 and count * total > 25 * kept[pair[0]] * kept[pair[1]]
    }
    return [" ".join(pair) for pair in sorted(lifted, key=lambda pair: (-lifted[pair], pair))]


def gold_names(data: Path, sentences: list[list[tuple[str, str]]]) -> set[str]:
    """Words that the annotators called a brand, a product or a company."""
    path = data / "c_entities/fashion_brands_reddit_training.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found: set[str] = {span["text"].lower() for line in lines for span in json.loads(line)["spans"]}
    for sentence in sentences:
        found |= {token.lower() for token, label in sentence if re.search("ORG|corporation|product", label)}
    return found


def write(name: str, lines: list[str]) -> None:
    """The same lines give the same bytes."""
    data = gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0)
    (HERE / name).write_bytes(data)
    print(name, len(lines), "lines", len(data), "bytes")


if __name__ == "__main__":
    main()
