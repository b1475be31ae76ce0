"""What a model adds, measured by answers that were recorded: `python -m bench.quality.with_model --data DIR --recordings DIR`.

Prints JSON. Nobody is asked while it runs: the product's own client asks the model server on loopback, which says what was
recorded. `--export DIR` writes what is to be recorded, just as it goes over the wire and without any label: one question a line,
{id, feature, system, user, schema}, the id made of the prompt's version and a hash of the question. A recording is a line {id,
answer}, the answer an object of that form (bench.quality.recorded). A question without a recording is an error that names it.

    opinions   the places of bench.quality.disambiguation that the product looks at, each put as a second opinion on a mention of
               a brand of which only a name and a line are known (bench.quality.opinions)
    told       a quarter of them by a hash, with what else the name means told, and all in lower case that are kept then
    tones      a sample of targets in news, whose tone is asked in the same question (bench.quality.opinion_tones)
    spans      sentences of bench.quality.spans, four a question as the search for unknown brands asks
    names      the names of bench.quality.discovery that the search for unknown brands has read: tweets and pages of news
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from bench.quality import discovery, opinion_tones, opinions, spans
from bench.quality.asked_model import asking, name_of, row_of, served
from bench.quality.opinion_tones import Toned
from bench.quality.opinions import Places
from bench.quality.places import pages
from bench.quality.recorded import in_words, read_recordings
from bench.quality.spans import LabelledSentence
from brandhound.mentions.discovery.asking import SENTENCES, SentencesRead, read_sentences
from brandhound.mentions.discovery.brand_head import ranked, shipped_head
from brandhound.mentions.discovery.gathering import Names, Source
from brandhound.mentions.discovery.looking import LEAST_SCORE
from brandhound.mentions.discovery.rereading import Reread, Scored, reread
from brandhound.mentions.reconsidering import Opinion
from brandhound.providers.embedding import embedder
from brandhound.twins.models import Asked, ModelTwin, NotRecorded, Recorded, reader
from brandhound.twins.models import Said as SaidByModel


@dataclass(frozen=True)
class Work:
    """All that is asked: places by name, without and with namesakes told, sentences by corpus, ranked names."""

    places: Places
    told: Places
    toned: Sequence[Toned]
    corpora: Mapping[str, Sequence[LabelledSentence]]
    drawn: Mapping[str, Sequence[LabelledSentence]]
    names: Mapping[str, Sequence[Scored]]


@dataclass
class Said:
    """What came back."""

    opinions: dict[str, list[Opinion | None]]
    told: dict[str, list[Opinion | None]]
    toned: list[Opinion]
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
    sentences = spans.corpora(data)
    social = next(corpus for corpus in discovery.held_out(data) if corpus.name == "social")
    news = Names()
    for name, page in pages(data):
        news.read(Source(uuid5(discovery.NOBODY, name), name, page))
    return Work(
        places=opinions.gathered(data, told=False),
        told=opinions.gathered(data, told=True),
        toned=opinion_tones.drawn(data),
        corpora=sentences,
        drawn={name: spans.drawn(of) for name, of in sentences.items()},
        names={"social": rank(discovery.gathered(social.texts)), "news": rank(news)},
    )


def rank(names: Names) -> list[Scored]:
    return ranked([(one, names.lower_share(one)) for one in names.all()], shipped_head(), embedder())


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
        await opinions.asked(organization_id, work.places)
        taken("opinions")
        await opinions.asked(organization_id, work.told)
        taken("told")
        await opinion_tones.asked(organization_id, work.toned)
        taken("tones")
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
            await opinions.asked(organization_id, work.places),
            await opinions.asked(organization_id, work.told),
            await opinion_tones.asked(organization_id, work.toned),
            await sentences_read(organization_id, work),
            await names_read(organization_id, work),
        )
    if recorded.missing:
        print(
            f"{len(recorded.missing)} questions have no recorded answer:", *recorded.missing, sep="\n", file=sys.stderr
        )
        raise SystemExit(1)
    return said, len({name_of(asked) for asked in twin.asked})


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
        "opinions": opinions.figures(work.places, said.opinions),
        "opinions, namesakes told": opinions.figures(work.told, said.told),
        "tones": opinion_tones.figures(work.toned, said.toned),
        "spans": figures_of_spans(work, said),
        "names": figures_of_names(work, said, data),
    }


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
