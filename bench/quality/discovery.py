"""How many of the names that are ranked first are brands: `python -m bench.quality.discovery --data DIR`. Prints JSON.

Names are gathered from open collections as from articles, ranked, and the first hundred looked up in the labels: a name is
right where most of its labelled places are of an organization or a product (`ORG`, `corporation`, `product`). That counts clubs
and offices as right, and counts brands as wrong that annotators took for something else; both are said, neither mended.

Social: WNUT-17, development part, and Broad Twitter Corpus, section g, each tweet a source. Neither was trained on.
Encyclopedia: the held-out half of WikiGold, each sentence a source.
News: the pages of `b_articles`. Nobody has labelled them, so that the first names were judged by hand, once, by one judge who saw
names and sentences, by the same rule (`discovery_news.tsv` beside this file). Fragments of names, people and places are wrong. A
name that is not judged there counts as wrong among the first hundred, and is told. What was wrong there showed which kinds of
words are no names, so that this figure is one of what was looked at.
Sentences: NewsMTSC, US news, each sentence a source. No rule was made by it. The first hundred before and after a change are
judged by hand, shuffled, without saying which ranking they are from (`discovery_sentences.tsv`).
"""

import argparse
import gzip
import json
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import numpy.typing as npt

from bench.quality.places import pages
from brandhound.mentions.discovery.brand_head import BrandHead, ranked, shipped_head, states_of, summed
from brandhound.mentions.discovery.gathering import Gathered, Names, Source, features_of, told_places
from brandhound.mentions.discovery.names_in_text import key_of
from brandhound.providers.embedding import Embedder, embedder

HERE = Path(__file__).parent
NEWS_LABELS = HERE / "discovery_news.tsv"
SENTENCE_LABELS = HERE / "discovery_sentences.tsv"
BRANDS = frozenset({"ORG", "corporation", "product"})
NOBODY = UUID(int=7)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """A corpus: its texts, and what each name in it was labelled as."""

    name: str
    texts: list[str]
    kinds: dict[str, Counter[str]]

    def is_brand(self, key: str) -> bool:
        """Whether most labelled places of the name are a brand's."""
        counted = self.kinds.get(key, Counter())
        return sum(counted[kind] for kind in BRANDS) > counted.total() / 2


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True, help="the folder of collections")
    options.add_argument("--fit", type=Path, help="make the head and keep it in this file")
    options.add_argument("--show", type=int, default=0, help="print so many of the first names with their labels")
    options.add_argument(
        "--judge", type=int, default=0, help="print the first names of the news with sentences, to be judged"
    )
    chosen = options.parse_args()
    if chosen.fit:
        head = fitted(teaching(chosen.data), embedder())
        head.save(chosen.fit)
        return
    board: dict[str, Any] = {}
    for with_model in (True, False):
        model = embedder() if with_model else None
        told = "with the sentence model" if with_model else "without it"
        for corpus in held_out(chosen.data):
            board[f"{corpus.name}, {told}"] = measured(corpus, model, chosen.show)
        board[f"news, {told}"] = measured_news(chosen.data, model, chosen.judge)
        if model is not None:
            sentences = gathered(news_sentences(chosen.data))
            board[f"sentences of news, {told}"] = measured_by_hand(sentences, judged_sentences(), model, chosen.judge)
    print(json.dumps(board, indent=1, ensure_ascii=False))


def teaching(data: Path) -> list[Labelled]:
    """What the head is made from."""
    wiki = tagged_sentences(data, "wikigold.tar.xz", "wikigold")
    return [
        _labelled("WNUT train", tagged_sentences(data, "wnut17_train_dev.tar.xz", "wnut17train")),
        _labelled(
            "BTC", [one for part in "abe" for one in tagged_sentences(data, "btc_sections_abeg.tar.xz", f"{part}.")]
        ),
        _labelled("WikiGold 1", wiki[: len(wiki) // 2]),
    ]


def held_out(data: Path) -> list[Labelled]:
    """What the figures are from."""
    wiki = tagged_sentences(data, "wikigold.tar.xz", "wikigold")
    tweets = tagged_sentences(data, "wnut17_train_dev.tar.xz", "emerging") + tagged_sentences(
        data, "btc_sections_abeg.tar.xz", "g."
    )
    return [_labelled("social", tweets), _labelled("encyclopedia", wiki[len(wiki) // 2 :])]


def measured(corpus: Labelled, model: Embedder | None, show: int = 0) -> dict[str, Any]:
    """Precision of the first names, of all and of those that are seen often enough to be proposed."""
    names = gathered(corpus.texts)
    everything = ranked([(one, names.lower_share(one)) for one in names.all()], shipped_head(), model)
    right = [corpus.is_brand(one.key) for one, _, _ in everything]
    often = [(corpus.is_brand(one.key), score) for one, score, _ in everything if one.is_enough]
    board: dict[str, Any] = {
        "texts": len(corpus.texts),
        "names": len(everything),
        "labelled brands among them": sum(right),
        **{f"precision@{first}": round(float(np.mean(right[:first])), 3) for first in (50, 100, 200)},
        "seen often enough": len(often),
        **{f"proposed from {least} on": _proposed(often, least) for least in (0.5, 0.6, 0.7)},
    }
    if show:
        board["first"] = [
            f"{'+' if is_right else '-'} {one.name} {score:.2f} {dict(corpus.kinds.get(one.key, {}))}"
            for (one, score, _), is_right in list(zip(everything, right, strict=True))[:show]
        ]
    return board


def _proposed(often: Sequence[tuple[bool, float]], least: float) -> dict[str, Any]:
    told = [is_right for is_right, score in often if score >= least]
    return {
        "names": len(told),
        "precision": round(float(np.mean(told or [0])), 3),
        "recall": round(sum(told) / max(sum(is_right for is_right, _ in often), 1), 3),
    }


def measured_news(data: Path, model: Embedder | None, judge: int = 0) -> dict[str, Any]:
    """The same of pages, by hand-made judgements of the first names."""
    names = Names()
    for name, page in pages(data):
        names.read(Source(uuid5(NOBODY, name), name, page))
    return measured_by_hand(names, judged_news(), model, judge)


def news_sentences(data: Path) -> list[str]:
    """The sentences of NewsMTSC, each once."""
    with gzip.open(data / "d_sentiment" / "newsmtsc_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        return list(dict.fromkeys(json.loads(line)["text"] for line in lines))


def measured_by_hand(names: Names, judged: dict[str, bool], model: Embedder | None, judge: int = 0) -> dict[str, Any]:
    """Precision of the first names by judgements that were made by hand."""
    everything = ranked([(one, names.lower_share(one)) for one in names.all()], shipped_head(), model)
    first = [one for one, _, _ in everything[:200]]
    board: dict[str, Any] = {
        "texts": names.articles,
        "names": len(everything),
        **{
            f"precision@{most}": round(float(np.mean([judged.get(one.key, False) for one in first[:most]])), 3)
            for most in (50, 100)
        },
        **{
            f"proposed from {least} on": _proposed(
                [(judged[one.key], score) for one, score, _ in everything if one.is_enough and one.key in judged], least
            )
            | {
                "not judged": sum(
                    one.is_enough and one.key not in judged and score >= least for one, score, _ in everything
                )
            }
            for least in (0.5, 0.6, 0.7)
        },
        "not judged of the first 100": sum(one.key not in judged for one in first[:100]),
    }
    if judge:
        board["to judge"] = [
            {"key": one.key, "name": one.name, "in": [place.sentence[:160] for place in told_places(one, 2)]}
            for one in first[:judge]
            if one.key not in judged
        ]
    return board


def judged_news() -> dict[str, bool]:
    """Which names of the news are brands, of those that were judged by hand."""
    return {key: verdict == "yes" for verdict, key in _rows(NEWS_LABELS)} if NEWS_LABELS.is_file() else {}


def judged_sentences() -> dict[str, bool]:
    """The same of the sentences of NewsMTSC."""
    return {key: verdict == "yes" for verdict, key in _rows(SENTENCE_LABELS)}


def gathered(lines: Iterable[str]) -> Names:
    """Names of texts that each are a source of their own."""
    names = Names()
    for number, text in enumerate(lines):
        names.read(Source(uuid5(NOBODY, str(number)), f"site{number}", text))
    return names


def fitted(corpora: Sequence[Labelled], model: Embedder | None) -> BrandHead:
    """The head, fitted in two layers; the second sees what the first says of names that it was not fitted on."""
    assert model is not None, "the sentence model is not installed"
    rows: list[tuple[Gathered, float, bool, Floats]] = []
    for corpus in corpora:
        names = gathered(corpus.texts)
        for one in names.all():
            states = states_of(told_places(one, 4), model).astype(float)
            rows.append((one, names.lower_share(one), corpus.is_brand(one.key), states))
    labels = np.array([right for _, _, right, _ in rows], dtype=float)
    states = np.concatenate([place for *_, place in rows])
    owner = np.concatenate([[number] * len(place) for number, (*_, place) in enumerate(rows)])
    mean, deviation = states.mean(axis=0), states.std(axis=0) + 1e-6
    scaled = np.clip((states - mean) / deviation, -6, 6)
    of_fold = np.array([hash_of(one.key) % 4 for one, *_ in rows])
    said = np.zeros(len(states))
    for fold in range(4):
        learns = of_fold[owner] != fold
        said[~learns] = chances(scaled[~learns], logistic(scaled[learns], labels[owner][learns], 60.0))
    features = np.array([features_of(one, lower) for one, lower, _, _ in rows])
    read = np.array([summed(said[owner == number].astype(np.float32)) for number in range(len(rows))])
    return BrandHead(
        mean.astype(np.float32),
        deviation.astype(np.float32),
        logistic(scaled, labels[owner], 60.0).astype(np.float32),
        logistic(np.hstack([features, read]), labels, 1.0).astype(np.float32),
        logistic(features, labels, 1.0).astype(np.float32),
        "2",
    )


def logistic(rows: Floats, labels: Floats, pull: float) -> Floats:
    """Weights and, last, the bias; weights are drawn to zero."""
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    weights = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], pull)
    penalty[-1] = 1e-3
    for _ in range(30):
        likely = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (likely - labels) + penalty * weights
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def chances(rows: Floats, weights: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(rows @ weights[:-1] + weights[-1], -30, 30)))


def hash_of(key: str) -> int:
    """The same in every process."""
    return uuid5(NOBODY, key).int


def _labelled(name: str, sentences: Sequence[list[tuple[str, str]]]) -> Labelled:
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for words, kind, _ in spans_of(sentence):
            kinds[key_of(text_of(words))][kind] += 1
    return Labelled(name, [text_of([word for word, _ in sentence]) for sentence in sentences], dict(kinds))


def spans_of(sentence: Sequence[tuple[str, str]]) -> Iterator[tuple[list[str], str, int]]:
    """The labelled spans: words, kind, and which word is the first."""
    words: list[str] = []
    kind = ""
    for number, (word, label) in enumerate([*sentence, ("", "O")]):
        goes_on = label.startswith("I-") and label[2:] == kind
        if words and not goes_on:
            yield words, kind, number - len(words)
            words = []
        if label != "O":
            words.append(word)
            kind = label[2:]
        else:
            kind = ""


def text_of(words: Sequence[str]) -> str:
    """Words as people would have written them."""
    text = " ".join(words)
    for sign in (".", ",", "!", "?", ":", ";", "'s", "’s", "n't", "'", ")", "%"):
        text = text.replace(f" {sign}", sign)
    return text.replace("( ", "(").replace("$ ", "$").replace("# ", "#").replace("@ ", "@")


def tagged_sentences(data: Path, archive: str, part: str) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    with tarfile.open(data / "c_entities" / archive) as opened:
        for member in opened:
            name = Path(member.name).name
            if not name.startswith(part) or name.lower().startswith(("readme", "licen")):
                continue
            file = opened.extractfile(member)
            assert file is not None
            sentence: list[tuple[str, str]] = []
            for line in [*file.read().decode("utf-8", "replace").splitlines(), ""]:
                cells = line.split("\t") if "\t" in line else line.split()
                if len(cells) >= 2 and not line.startswith("-DOCSTART-"):
                    sentence.append((cells[0], cells[-1].strip()))
                elif sentence:
                    found.append(sentence)
                    sentence = []
    return found


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        verdict, key = line.split("\t")
        yield verdict, key


if __name__ == "__main__":
    main()
