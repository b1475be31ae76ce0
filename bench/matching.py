"""16,630 brands of the catalogue against 20,000 texts: ours with all context checks, and those who only find places.

    python bench/matching.py --data DIR [--spacy FOLDER] [--flashtext FOLDER] [--flashtext2 FOLDER] [--texts 20000]

A FOLDER is where a peer was installed apart from the product (`uv pip install --target FOLDER flashtext`); one that cannot
be loaded is left out and the result says so. The trie is a fourth peer: flashtext's walk written anew, which passes over
what cannot begin a name and is faster than the original. Each matcher runs in processes of its own, in turns with the
others; the best time counts, in seconds of the processor, so that a busy machine does not blur it. A processor whose speed
changes from one process to the next does: `--in-turn ROUNDS` has ours and flashtext in one process, a thousand texts by one
and then by the other, again and again. The result is one line of JSON.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, cast

ROUNDS = 5
TURNS = 2
AT_ONCE = 1000
"""Texts that ours takes at a time: about as many characters as the 40 articles that the job looks through at once."""
PEERS = ("spacy", "flashtext", "flashtext2", "trie")


def texts_of(data: Path, wanted: int) -> list[str]:
    """News sentences, reviews and comments, each once; then pairs of neighbours until there are enough."""
    found: dict[str, None] = {}
    for path, field in (
        ("d_sentiment/newsmtsc_train.jsonl.gz", "text"),
        ("f_research/amazon_fine_food_reviews.jsonl.gz", "text"),
        ("f_research/reddit_cooking_comments.jsonl.gz", "body"),
        ("c_entities/fashion_brands_reddit_training.jsonl.gz", "text"),
        ("d_sentiment/vader_amazon_reviews.jsonl.gz", "text"),
    ):
        with gzip.open(data / path, "rt", encoding="utf-8") as lines:
            found.update(dict.fromkeys(json.loads(line)[field] for line in lines))
    with gzip.open(data / "f_research/reddit_api_responses.jsonl.gz", "rt", encoding="utf-8") as lines:
        found.update(dict.fromkeys(body for line in lines for body in _bodies(json.loads(line))))
    texts = list(found)
    texts += [f"{first} {second}" for first, second in zip(texts[::2], texts[1::2], strict=False)]
    return texts[:wanted]


def _bodies(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        if isinstance(body := fields.get("body"), str) and len(body) > 20:
            yield body
        for inner in fields.values():
            yield from _bodies(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _bodies(inner)


def names_of(data: Path) -> dict[str, list[str]]:
    """Each brand of the catalogue with its names."""
    with gzip.open(data / "c_entities/brand_catalogue_nsi.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: [row["name"], *row.get("aliases", ())] for row in rows}


class Trie:
    """The keyword trie that flashtext made known, walked as it walks it: by character, whole words, longest match.

    Written after its published source (version 2.7, MIT, V. Singh): same word characters, same steps, lower case.
    """

    _END = "_keyword_"

    def __init__(self) -> None:
        self._word_characters = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
        self._root: dict[str, Any] = {}

    def add(self, keyword: str, value: str) -> None:
        """File a keyword under its letters."""
        here = self._root
        for letter in keyword.lower():
            here = here.setdefault(letter, {})
        here[self._END] = value

    def extract(self, sentence: str) -> list[tuple[str, int, int]]:  # noqa: PLR0915
        """The values found, with their places."""
        sentence = sentence.lower()
        found: list[tuple[str, int, int]] = []
        end_key, words, root = self._END, self._word_characters, self._root
        here = root
        start, end, at, length = 0, 0, 0, len(sentence)
        restart = False
        while at < length:
            letter = sentence[at]
            if letter not in words:
                if end_key in here or letter in here:
                    longest: str | None = None
                    is_longer = False
                    if end_key in here:
                        longest, end = here[end_key], at
                    if letter in here:
                        ahead, place = here[letter], at + 1
                        while place < length:
                            inner = sentence[place]
                            if inner not in words and end_key in ahead:
                                longest, end, is_longer = ahead[end_key], place, True
                            if inner not in ahead:
                                break
                            ahead = ahead[inner]
                            place += 1
                        else:
                            if end_key in ahead:
                                longest, end, is_longer = ahead[end_key], place, True
                        if is_longer:
                            at = end
                    here = root
                    if longest:
                        found.append((longest, start, at))
                    restart = True
                else:
                    here = root
                    restart = True
            elif letter in here:
                here = here[letter]
            else:
                here = root
                restart = True
                place = at + 1
                while place < length:
                    if sentence[place] not in words:
                        break
                    place += 1
                at = place
            if at + 1 >= length and end_key in here:
                found.append((here[end_key], start, length))
            at += 1
            if restart:
                start = at
                restart = False
        return found


def _timed(texts: list[str], work: Callable[[list[str]], int]) -> dict[str, float]:
    best, found = float("inf"), 0
    for _ in range(ROUNDS):
        began = time.process_time()
        found = work(texts)
        best = min(best, time.process_time() - began)
    return {"docs_per_second": round(len(texts) / best, 1), "found": found}


def run_ours(data: Path, texts: list[str], *, with_context: bool) -> dict[str, float]:
    """Our matcher: confidence, reasons, sentences and salience of each match, as the job gets them."""
    del data
    from brandhound.brands.catalogue import catalogue, names_of_entry
    from brandhound.mentions.matching import Matcher

    began = time.process_time()
    matcher = Matcher([names_of_entry(brand) for brand in catalogue().brands], ask_for_context=False)
    built = time.process_time() - began

    def check(texts: list[str]) -> int:
        found = 0
        for at in range(0, len(texts), AT_ONCE):
            if with_context:
                found += sum(map(len, matcher.find_in(texts[at : at + AT_ONCE]).values()))
            else:
                found += sum(map(len, matcher.see_all(texts[at : at + AT_ONCE])))
        return found

    return {"build_seconds": round(built, 2), **_timed(texts, check)}


def run_trie(data: Path, texts: list[str]) -> dict[str, float]:
    """The flashtext-style trie: places only."""
    began = time.process_time()
    trie = Trie()
    for brand, names in names_of(data).items():
        for name in filter(str.strip, names):
            trie.add(name, brand)
    built = time.process_time() - began
    return {
        "build_seconds": round(built, 2),
        **_timed(texts, lambda texts: sum(len(trie.extract(text)) for text in texts)),
    }


def run_spacy(data: Path, texts: list[str]) -> dict[str, Any]:
    """A blank English pipeline and PhraseMatcher on lower case: places only."""
    try:
        spacy = __import__("spacy")
        phrase_matcher = __import__("spacy.matcher", fromlist=["PhraseMatcher"]).PhraseMatcher
    except ImportError as missing:
        return {"left_out": f"spaCy could not be loaded: {missing}"}
    began = time.process_time()
    language = spacy.blank("en")
    matcher = phrase_matcher(language.vocab, attr="LOWER")
    for brand, names in names_of(data).items():
        matcher.add(brand, [language.make_doc(name) for name in names if name.strip()])
    built = time.process_time() - began
    return {
        "version": str(spacy.__version__),
        "build_seconds": round(built, 2),
        **_timed(texts, lambda texts: sum(len(matcher(document)) for document in language.pipe(texts))),
    }


def run_flashtext(data: Path, texts: list[str]) -> dict[str, Any]:
    """flashtext as it comes, which does not mind case: places only."""
    try:
        processor = __import__("flashtext").KeywordProcessor()
    except ImportError as missing:
        return {"left_out": f"flashtext could not be loaded: {missing}"}
    return _run_keywords("flashtext", processor, data, texts)


def run_flashtext2(data: Path, texts: list[str]) -> dict[str, Any]:
    """flashtext2, the rewrite in Rust, which does not mind case: places only."""
    try:
        processor = __import__("flashtext2").KeywordProcessor(case_sensitive=False)
    except ImportError as missing:
        return {"left_out": f"flashtext2 could not be loaded: {missing}"}
    return _run_keywords("flashtext2", processor, data, texts)


def _run_keywords(package: str, processor: Any, data: Path, texts: list[str]) -> dict[str, Any]:
    began = time.process_time()
    for brand, names in names_of(data).items():
        for name in filter(str.strip, names):
            processor.add_keyword(name, brand)
    built = time.process_time() - began

    def extract(text: str) -> list[Any]:
        if package == "flashtext2":
            return processor.extract_keywords_with_span(text)
        return processor.extract_keywords(text, span_info=True)

    return {
        "version": version(package),
        "build_seconds": round(built, 2),
        **_timed(texts, lambda texts: sum(len(extract(text)) for text in texts)),
    }


def run_in_turn(data: Path, texts: list[str], rounds: int) -> dict[str, Any]:
    """Ours and flashtext in one process, each thousand texts by one and at once by the other; of each thousand the best times.

    Also the ratio of what whole rounds took, in the middle of all rounds.
    """
    from brandhound.brands.catalogue import catalogue, names_of_entry
    from brandhound.mentions.matching import Matcher

    matcher = Matcher([names_of_entry(brand) for brand in catalogue().brands], ask_for_context=False)
    processor = __import__("flashtext").KeywordProcessor()
    for brand, names in names_of(data).items():
        for name in filter(str.strip, names):
            processor.add_keyword(name, brand)
    parts = [texts[at : at + AT_ONCE] for at in range(0, len(texts), AT_ONCE)]
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    for _ in range(rounds):
        ours.append([])
        theirs.append([])
        for part in parts:
            began = time.process_time()
            matcher.find_in(part)
            between = time.process_time()
            for text in part:
                processor.extract_keywords(text, span_info=True)
            theirs[-1].append(time.process_time() - between)
            ours[-1].append(between - began)
    best_ours, best_theirs = (sum(map(min, zip(*rounds_, strict=True))) for rounds_ in (ours, theirs))
    return {
        "bench": "matching in turn",
        "texts": len(texts),
        "rounds": rounds,
        "ours_ms": round(best_ours * 1000, 1),
        "flashtext_ms": round(best_theirs * 1000, 1),
        "times_flashtext": round(best_theirs / best_ours, 2),
        "times_flashtext_median_round": round(
            median(sum(flashtext) / sum(own) for own, flashtext in zip(ours, theirs, strict=True)), 2
        ),
    }


def best_of(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """The fastest turn, or the first that says why there was none."""
    return max(turns, key=lambda turn: turn.get("docs_per_second", 0.0))


def main() -> None:
    """Run each in its own process, one after the other."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--texts", type=int, default=20_000)
    for peer in PEERS[:-1]:
        arguments.add_argument(f"--{peer}", type=Path, default=None)
    arguments.add_argument("--only", choices=["ours", "ours_places", *PEERS], default=None)
    arguments.add_argument("--in-turn", type=int, default=None, metavar="ROUNDS")
    given = arguments.parse_args()
    if given.in_turn is not None:
        sys.path.insert(0, str(given.flashtext))
        print(json.dumps(run_in_turn(given.data, texts_of(given.data, given.texts), given.in_turn)))
        return
    if given.only is not None:
        texts = texts_of(given.data, given.texts)
        if given.only.startswith("ours"):
            outcome: dict[str, Any] = run_ours(given.data, texts, with_context=given.only == "ours")
        else:
            runs = {"trie": run_trie, "spacy": run_spacy, "flashtext": run_flashtext, "flashtext2": run_flashtext2}
            outcome = runs[given.only](given.data, texts)
        print(json.dumps(outcome))
        return
    texts = texts_of(given.data, given.texts)
    turns: dict[str, list[dict[str, Any]]] = {which: [] for which in ("ours", "ours_places", *PEERS)}
    for _ in range(TURNS):
        for which, outcomes in turns.items():
            environment = dict(os.environ)
            if folder := getattr(given, which, None):
                environment["PYTHONPATH"] = str(folder)
            command = [
                sys.executable,
                __file__,
                "--data",
                str(given.data),
                "--texts",
                str(given.texts),
                "--only",
                which,
            ]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            lines = done.stdout.strip().splitlines()
            outcomes.append(
                json.loads(lines[-1]) if done.returncode == 0 and lines else {"left_out": done.stderr[-300:]}
            )
    result: dict[str, Any] = {
        "bench": "matching",
        "brands": len(names_of(given.data)),
        "texts": len(texts),
        "mean_characters": round(sum(map(len, texts)) / len(texts)),
        **{which: best_of(outcomes) for which, outcomes in turns.items()},
    }
    ours = result["ours"].get("docs_per_second", 0)
    for peer in PEERS:
        if speed := result[peer].get("docs_per_second"):
            result[f"times_{peer}"] = round(ours / speed, 2)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
