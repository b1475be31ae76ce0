"""Names of brands at their places in labelled sentences: which sentences are asked about, and how right an answer is.

Nothing was learned from WNUT-17's development part, the second half of WikiGold and UNER's reviews. Of each so many sentences
are drawn, some of those in which a brand is labelled and some of the others, by chance that anybody can repeat; what is counted
is weighed back to the whole corpus.

A span is right where it begins and ends as the label does, but for the sign of a handle or tag. Which labels are a brand's is
said by the corpus: companies and products in WNUT-17, organizations in the others, where products are labelled together with
much else. `by kind` leaves out what the model itself takes for something that the corpus does not label as a brand.
"""

import random
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.quality.discovery import BRANDS, gathered, hash_of, spans_of, tagged_sentences, text_of
from brandhound.mentions.discovery.asking import BrandSpan, SpanKind
from brandhound.mentions.discovery.brand_head import ranked, shipped_head
from brandhound.mentions.discovery.names_in_text import LONGEST_SENTENCE, names_in
from brandhound.providers.embedding import Embedder

WITH_BRAND, WITHOUT = 100, 150
"""Sentences that are drawn of each corpus, where it has so many."""
ROUNDS = 1000
KINDS: Mapping[str, frozenset[SpanKind]] = {
    "wnut17": frozenset(("company", "product")),
    "wikigold": frozenset(("company", "organization")),
    "uner": frozenset(("company", "organization")),
}
Places = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence with the places of the brands that are labelled in it, and how many of its corpus it stands for."""

    text: str
    brands: Places
    weight: float = 1.0


def corpora(data: Path) -> dict[str, list[LabelledSentence]]:
    """The sentences by corpus."""
    wiki = tagged_sentences(data, "wikigold.tar.xz", "wikigold")
    read = {
        "wnut17": tagged_sentences(data, "wnut17_train_dev.tar.xz", "emerging"),
        "wikigold": wiki[len(wiki) // 2 :],
        "uner": _uner(data),
    }
    return {name: [_labelled(one) for one in sentences] for name, sentences in read.items()}


def drawn(sentences: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Some with a brand and some without, each with its weight."""
    once = {one.text: one for one in sentences if len(one.text) <= LONGEST_SENTENCE}
    ranked_by_hash = sorted(once.values(), key=lambda one: hash_of(one.text))
    found: list[LabelledSentence] = []
    having = [one for one in ranked_by_hash if one.brands]
    for some, most in ((having, WITH_BRAND), ([one for one in ranked_by_hash if not one.brands], WITHOUT)):
        kept = some[:most]
        found += [LabelledSentence(one.text, one.brands, len(some) / len(kept)) for one in kept]
    return sorted(found, key=lambda one: hash_of(f"{one.text} again"))


def embedded_places(sentences: Sequence[LabelledSentence], model: Embedder | None, least: float) -> dict[str, Places]:
    """What the embedded analysis takes for brands in each sentence, as it ranks the names of the whole corpus."""
    names = gathered([one.text for one in sentences])
    scored = ranked([(one, names.lower_share(one)) for one in names.all()], shipped_head(), model)
    brands = {one.key for one, score, _ in scored if score >= least}
    return {
        one.text: frozenset((seen.start, seen.end) for seen in names_in(one.text) if seen.key in brands)
        for one in sentences
    }


def places_of(spans: Sequence[BrandSpan], kinds: frozenset[SpanKind] | None = None) -> Places:
    return frozenset((span.start, span.end) for span in spans if kinds is None or span.kind in kinds)


def measure(sentences: Sequence[LabelledSentence], said: Mapping[str, Places], seed: int = 7) -> dict[str, Any]:
    """Precision, recall and F1 of exact spans, weighed; and between which F1 lies in 95 of 100 draws of the sentences."""
    rows: list[tuple[float, float, float]] = []
    for one in sentences:
        right, told = _bare(one.brands, one.text), _bare(said[one.text], one.text)
        both = len(right & told)
        rows.append((one.weight * both, one.weight * len(told), one.weight * len(right)))
    chance = random.Random(seed)
    drawn_f1 = sorted(_f1(chance.choices(rows, k=len(rows)))[2] for _ in range(ROUNDS))
    precision, recall, f1 = _f1(rows)
    return {
        "sentences": len(sentences),
        "labelled": sum(len(one.brands) for one in sentences),
        "told": sum(len(said[one.text]) for one in sentences),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(f1, 3),
        "f1_between": [round(drawn_f1[ROUNDS // 40], 3), round(drawn_f1[-ROUNDS // 40], 3)],
    }


def _f1(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    both, told, right = (sum(column) for column in zip(*rows, strict=True))
    precision, recall = both / max(told, 1e-9), both / max(right, 1e-9)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _bare(places: Places, text: str) -> Places:
    """Without the sign of a handle or tag."""
    return frozenset((start + (text[start : start + 1] in ("@", "#")), end) for start, end in places)


def _labelled(sentence: Sequence[tuple[str, str]]) -> LabelledSentence:
    text = text_of([word for word, _ in sentence])
    brands: set[tuple[int, int]] = set()
    at = 0
    for words, kind, first in spans_of(sentence):
        surface = text_of(words)
        # Signs are written close to the word before, so that the words before may be a little shorter in the whole.
        before = len(text_of([word for word, _ in sentence[:first]]))
        start = text.find(surface, max(at, before - 2))
        if start < 0:
            raise ValueError(f"{surface!r} is not in {text!r}")
        at = start + len(surface)
        if kind in BRANDS:
            brands.add((start, at))
    return LabelledSentence(text, frozenset(brands))


def _uner(data: Path) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = [[]]
    with tarfile.open(data / "c_entities" / "uner_ewt_reviews_dev.tar.xz") as opened:
        for member in opened:
            if not member.name.endswith(".iob2") or (file := opened.extractfile(member)) is None:
                continue
            for line in file.read().decode("utf-8").splitlines():
                if not line.strip():
                    found.append([])
                elif not line.startswith("# "):
                    _, word, label, *_ = line.split("\t")
                    found[-1].append((word, label))
    return [sentence for sentence in found if sentence]
