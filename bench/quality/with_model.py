"""What a model adds, measured by answers that were recorded: `python -m bench.quality.with_model --data DIR --recordings DIR`.

Prints JSON. Nobody is asked while it runs: the product's own client asks the model server on loopback, which says what was
recorded. `--export DIR` writes what is to be recorded, just as it goes over the wire and without any label: one question a line,
{id, feature, system, user, schema}, the id made of the prompt's version and a hash of the question. A recording is a line {id,
answer}, the answer an object of that form (bench.quality.recorded). A question without a recording is an error that names it.

    opinions   the places of bench.quality.disambiguation that the product looks at, each put as a second opinion on a mention of
               a brand of which only a name and a line are known
    spans      sentences of bench.quality.spans, four a question as the search for unknown brands asks
    names      the names of bench.quality.discovery that the search for unknown brands has read: tweets and pages of news

An opinion is a choice and no probability. To be held against the others it gets one: how often that choice was right on the
other 24 names. Where the model cannot tell, or quotes nothing that stands in the text, what the cold start says is left.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from bench.quality import disambiguation, discovery, spans
from bench.quality.asked_model import asking, name_of, row_of, served
from bench.quality.disambiguation import Bools, Case, cold_odds, profile_of, rights, seen, similarities
from bench.quality.places import Brand, Place, brands, labelled, pages
from bench.quality.recorded import in_words, read_recordings
from bench.quality.spans import LabelledSentence
from brandhound.brands.names import BrandNames, name_with_rules
from brandhound.mentions.discovery.asking import SENTENCES, SentencesRead, read_sentences
from brandhound.mentions.discovery.brand_head import ranked, shipped_head
from brandhound.mentions.discovery.gathering import Names, Source
from brandhound.mentions.discovery.looking import LEAST_SCORE
from brandhound.mentions.discovery.rereading import Reread, Scored, reread
from brandhound.mentions.learning.fitting import Floats, chance
from brandhound.mentions.matching import Matcher
from brandhound.mentions.opinion_models import OpinionVerdict
from brandhound.mentions.reconsidering import Opinion, Passage, opinion_of, question_of, window_around
from brandhound.mentions.standings import standing_of, thresholds
from brandhound.providers.ai.asking import ask
from brandhound.providers.embedding import embedder
from brandhound.twins.models import Asked, ModelTwin, NotRecorded, Recorded, reader
from brandhound.twins.models import Said as SaidByModel

VERDICTS: tuple[OpinionVerdict, ...] = ("yes", "no", "unsure")


@dataclass(frozen=True)
class Work:
    """All that is asked: places by name with a passage for those that are looked at, sentences by corpus, ranked names."""

    cases: Mapping[str, Sequence[Case]]
    passages: Mapping[str, Sequence[Passage | None]]
    corpora: Mapping[str, Sequence[LabelledSentence]]
    drawn: Mapping[str, Sequence[LabelledSentence]]
    names: Mapping[str, Sequence[Scored]]


@dataclass
class Said:
    """What came back."""

    opinions: dict[str, list[Opinion | None]]
    sentences: dict[str, list[SentencesRead]]
    names: dict[str, Reread]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True, help="the folder of collections")
    what = options.add_mutually_exclusive_group(required=True)
    what.add_argument("--export", type=Path, help="write what is to be recorded into this folder")
    what.add_argument("--recordings", type=Path, help="answers: this file, or all .jsonl of this folder")
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    work = gathered(chosen.data)
    with served() as twin:
        if chosen.export:
            written = export(asyncio.run(questions(twin, work)), chosen.export)
            print(json.dumps(written, indent=1))
            return
        answers = read_recordings(chosen.recordings)
        said, asked = asyncio.run(put(twin, work, answers))
    board = {"bench": "quality.with_model", "recorded": len(answers), "asked": asked}
    print(json.dumps({**board, **figures(work, said, chosen.data)}, indent=1, ensure_ascii=False))


def gathered(data: Path) -> Work:
    """What is to be asked about, as the other benches have it."""
    of_brand: defaultdict[str, list[Place]] = defaultdict(list)
    for place in labelled(data):
        of_brand[place.brand].append(place)
    known = [brand for brand in brands() if of_brand[brand.name]]
    passages = {brand.name: [passage_of(place, brand) for place in of_brand[brand.name]] for brand in known}
    sentences = spans.corpora(data)
    social = next(corpus for corpus in discovery.held_out(data) if corpus.name == "social")
    news = Names()
    for name, page in pages(data):
        news.read(Source(uuid5(discovery.NOBODY, name), name, page))
    return Work(
        cases={brand.name: seen(of_brand[brand.name], brand) for brand in known},
        passages=passages,
        corpora=sentences,
        drawn={name: spans.drawn(of) for name, of in sentences.items()},
        names={"social": rank(discovery.gathered(social.texts)), "news": rank(news)},
    )


def rank(names: Names) -> list[Scored]:
    return ranked([(one, names.lower_share(one)) for one in names.all()], shipped_head(), embedder())


def passage_of(place: Place, brand: Brand) -> Passage | None:
    """The place as a mention is put to a model; None where the product does not look. No outlet and title are known."""
    names = BrandNames(brand.name, brand.name, (name_with_rules(brand.name),))
    here = [one for one in Matcher([names]).find(place.text) if one.start <= place.start < one.end]
    if not here:
        return None
    start, end = window_around(place.text, [(here[0].start, here[0].end)])
    return Passage(names, brand.line, "", "", place.text[start:end], start)


def export(found: Mapping[str, Sequence[dict[str, Any]]], folder: Path) -> dict[str, int]:
    """Write the questions, in an order that says nothing: one file a part."""
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    for part, rows in found.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in sorted(rows, key=lambda row: row["id"][-16:])]
        (folder / f"{part}.jsonl").write_text("".join(lines), encoding="utf-8")
        written[part] = len(lines)
    return written


async def questions(twin: ModelTwin, work: Work) -> dict[str, list[dict[str, Any]]]:
    """The questions of each part as they come in at the models; what is asked twice is there once."""
    found: dict[str, list[dict[str, Any]]] = {}
    known: set[str] = set()

    def taken(part: str) -> None:
        rows = [row_of(asked) for asked in twin.asked]
        twin.asked.clear()
        found[part] = list({row["id"]: row for row in rows if row["id"] not in known}.values())
        known.update(row["id"] for row in rows)

    twin.is_well()
    async with asking(twin) as organization_id:
        await opinions(organization_id, work)
        taken("opinions")
        await sentences_read(organization_id, work)
        taken("spans")
        await names_read(organization_id, work)
        taken("names")
    return found


async def put(twin: ModelTwin, work: Work, answers: Mapping[str, Any]) -> tuple[Said, int]:
    """What was recorded to each question, and to how many. Ends the program if there is one that nobody answered."""
    recorded = Recorded(answers, name_of, in_words)

    def answer(asked: Asked) -> SaidByModel:
        # All questions without a recording are to be named, not the first only.
        try:
            return recorded(asked)
        except NotRecorded:
            return reader(asked)

    twin.is_well()
    twin.persona = answer
    async with asking(twin) as organization_id:
        said = Said(
            await opinions(organization_id, work),
            await sentences_read(organization_id, work),
            await names_read(organization_id, work),
        )
    if recorded.missing:
        print(
            f"{len(recorded.missing)} questions have no recorded answer:", *recorded.missing, sep="\n", file=sys.stderr
        )
        raise SystemExit(1)
    return said, len({name_of(asked) for asked in twin.asked})


async def opinions(organization_id: UUID, work: Work) -> dict[str, list[Opinion | None]]:
    return {
        name: [
            None if passage is None else opinion_of(await ask(organization_id, question_of(passage)), passage)
            for passage in passages
        ]
        for name, passages in work.passages.items()
    }


async def sentences_read(organization_id: UUID, work: Work) -> dict[str, list[SentencesRead]]:
    return {
        name: [await read_sentences(organization_id, [one.text for one in some]) for some in in_fours(of)]
        for name, of in work.drawn.items()
    }


async def names_read(organization_id: UUID, work: Work) -> dict[str, Reread]:
    async def nothing(done: int, all_of_them: int) -> None: ...

    found: dict[str, Reread] = {}
    for name, scored in work.names.items():
        found[name] = await reread(organization_id, scored, nothing)
        if found[name].instead_because:
            raise RuntimeError(found[name].instead_because)
    return found


def in_fours(of: Sequence[LabelledSentence]) -> Iterator[Sequence[LabelledSentence]]:
    return (of[at : at + SENTENCES] for at in range(0, len(of), SENTENCES))


def figures(work: Work, said: Said, data: Path) -> dict[str, Any]:
    return {
        "opinions": figures_of_opinions(work, said),
        "spans": figures_of_spans(work, said),
        "names": figures_of_names(work, said, data),
    }


def figures_of_opinions(work: Work, said: Said) -> dict[str, Any]:
    """As bench.quality.disambiguation measures: cold, with the model on all that is looked at, and on what is in doubt."""
    known = [brand for brand in brands() if brand.name in work.cases]
    told = {brand.name: profile_of(brand, "profile") for brand in known}
    rows = {name: similarities(work.cases[name], one) for name, one in told.items()}
    right = {name: rights(of) for name, of in work.cases.items()}
    ways: defaultdict[str, dict[str, Floats]] = defaultdict(dict)
    asked_in_doubt = 0
    for brand in known:
        name = brand.name
        cold = chance(cold_odds(name, work.cases, rows, told[name]))
        trust = shares_right({other: said.opinions[other] for other in right if other != name}, right)
        read = np.array(
            [_read(one, trust, before) for one, before in zip(said.opinions[name], cold.tolist(), strict=True)]
        )
        doubtful = np.array([standing_of(one, None, thresholds()) == "doubtful" for one in cold.tolist()])
        doubtful &= np.array([one is not None for one in said.opinions[name]])
        asked_in_doubt += int(doubtful.sum())
        ways["cold"][name], ways["model"][name] = cold, read
        ways["model where in doubt"][name] = np.where(doubtful, read, cold)
    given = [one for of in said.opinions.values() for one in of if one is not None]
    there = np.concatenate([[one is not None for one in said.opinions[brand.name]] for brand in known])
    truth = np.concatenate([right[brand.name] for brand in known])
    together = {way: np.concatenate([of[brand.name] for brand in known]) for way, of in ways.items()}
    return {
        "asked": len(given),
        "of these in doubt": asked_in_doubt,
        "verdicts": Counter(one.verdict for one in given),
        "quotations": sum(len([q for q in one.quotes if q.kind == "identity"]) for one in given),
        "dropped quotations": sum(one.dropped for one in given),
        "share that is the brand, by verdict": shares_right(said.opinions, right),
        "all": {way: disambiguation.measure(of, truth) for way, of in together.items()},
        "places looked at": {way: disambiguation.measure(of[there], truth[there]) for way, of in together.items()},
        "brands": {
            brand.name: {
                way: disambiguation.measure(of[brand.name], right[brand.name])["f1"] for way, of in ways.items()
            }
            for brand in known
        },
    }


def shares_right(
    said: Mapping[str, Sequence[Opinion | None]], right: Mapping[str, Bools]
) -> dict[OpinionVerdict, float]:
    """How often it was the brand, by verdict; one of each is added, so that nothing is certain."""
    found: dict[OpinionVerdict, float] = {}
    for verdict in VERDICTS:
        held = [
            bool(is_right)
            for name, of in said.items()
            for one, is_right in zip(of, right[name], strict=True)
            if one is not None and one.verdict == verdict
        ]
        found[verdict] = round((sum(held) + 1) / (len(held) + 2), 4)
    return found


def _read(opinion: Opinion | None, trust: Mapping[OpinionVerdict, float], before: float) -> float:
    return before if opinion is None or opinion.verdict == "unsure" else trust[opinion.verdict]


def figures_of_spans(work: Work, said: Said) -> dict[str, Any]:
    """Exact spans: the embedded analysis on the whole corpus and on what was drawn, and the model on that."""
    board: dict[str, Any] = {}
    for name, whole in work.corpora.items():
        some = work.drawn[name]
        read = [spans_ for one in said.sentences[name] for spans_ in one.spans]
        by_model = {one.text: found for one, found in zip(some, read, strict=True)}
        embedded = {least: spans.embedded_places(whole, embedder(), least) for least in (0.5, LEAST_SCORE)}
        board[name] = {
            **{f"embedded from {least} on, whole": spans.measure(whole, of) for least, of in embedded.items()},
            **{f"embedded from {least} on": spans.measure(some, of) for least, of in embedded.items()},
            "model": spans.measure(some, {text: spans.places_of(of) for text, of in by_model.items()}),
            "model by kind": spans.measure(
                some, {text: spans.places_of(of, spans.KINDS[name]) for text, of in by_model.items()}
            ),
            "dropped": sum(one.dropped for one in said.sentences[name]),
        }
    return board


def figures_of_names(work: Work, said: Said, data: Path) -> dict[str, Any]:
    """Precision of the first hundred, before and after the model read the likeliest."""
    judged = discovery.judged_news()
    social = next(corpus for corpus in discovery.held_out(data) if corpus.name == "social")
    board: dict[str, Any] = {}
    for name, before in work.names.items():
        for way, scored in (("embedded", before), ("with the model", said.names[name].scored)):
            first = [one.key for one, _, _ in scored[:100]]
            right = [judged.get(key, False) if name == "news" else social.is_brand(key) for key in first]
            board[f"{name}, {way}"] = {
                **{f"precision@{most}": round(float(np.mean(right[:most])), 3) for most in (50, 100)},
                "not judged of the first 100": sum(key not in judged for key in first) if name == "news" else 0,
                "read": len(said.names[name].reads) if way != "embedded" else 0,
            }
    return board


if __name__ == "__main__":
    main()
