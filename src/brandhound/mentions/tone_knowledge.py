"""How often tone is read right: the shipped confusion matrices, with an organization's own labels on top.

Only labels given by chance tell how often a reading is wrong: those of the weekly samples, whose readers do not see what was
read. Corrections that people make where they see a mistake tell where it was wrong, not how often: they count as true for their
own text, and as examples to train on.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Literal, Protocol

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.settings import settings
from brandhound.mentions.learning.models import AuditItem
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import ToneLabel, is_quick, thresholds
from brandhound.mentions.tone_shares import Matrix, ToneCounts, counts_from, labelled, matrix_of
from brandhound.providers.minilm import model_folder

Eyes = Literal["model", "lexicon"]
"""What a tone was read by: each errs in its own way, so that each has a matrix."""
EYES: tuple[Eyes, ...] = ("model", "lexicon")


@dataclass(frozen=True)
class Shipped:
    """The matrices measured on news that nothing was trained on: a row for each true tone, a column for each reading."""

    of: str
    texts: int
    matrices: Mapping[Eyes, Matrix]


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """Those in this package; made by `python -m bench.quality.tone --data DIR --confusion FILE`."""
    read = json.loads(files("brandhound.mentions").joinpath("data/tone_confusion.json").read_text("utf-8"))
    matrices: dict[Eyes, Matrix] = {eyes: tuple(tuple(map(float, row)) for row in read[eyes]) for eyes in EYES}
    return Shipped(read["of"], read["texts"], matrices)


class Text(Protocol):
    """A text as far as its tone is counted: the tone that counts, and whether a person said it."""

    @property
    def tone(self) -> ToneLabel: ...
    @property
    def said(self) -> bool: ...
    @property
    def salience(self) -> str: ...
    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True)
class ToneKnowledge:
    """What is known of the readings, and by how many labels of one's own."""

    matrices: tuple[Matrix, ...] = field(
        default_factory=lambda: tuple(matrix_of(shipped().matrices[eyes]) for eyes in EYES)
    )
    own: int = 0
    main: Eyes = "model"

    def count(self, texts: Iterable[Text]) -> ToneCounts:
        """The texts parted by what people said and by who read them."""
        limits = thresholds()
        return self.counted(
            Counter([(text.tone, text.said, is_quick(text.salience, text.confidence, limits)) for text in texts])
        )

    def counted(self, groups: Mapping[tuple[ToneLabel, bool, bool], int]) -> ToneCounts:
        """The same of texts by tone, by whether a person said it, and by whether they were read by words alone."""
        said: Counter[ToneLabel] = Counter()
        read: dict[Eyes, Counter[ToneLabel]] = {eyes: Counter() for eyes in EYES}
        for (tone, by_person, quick), number in groups.items():
            of_text = said if by_person else read["lexicon" if quick else self.main]
            of_text[tone] += number
        return counts_from(said, [read[eyes] for eyes in EYES])


def main_eyes() -> Eyes:
    """What reads the tones that matter here."""
    return "model" if settings().tone_engine == "model" and model_folder() is not None else "lexicon"


async def tone_knowledge(db: Db) -> ToneKnowledge:
    """What is known of the readings of this organization."""
    pairs = await _own_labels(db)
    main = main_eyes()
    own = sum(sum(of_eyes.values()) for of_eyes in pairs.values())
    matrices = tuple(matrix_of(shipped().matrices[eyes], labelled(pairs[eyes])) for eyes in EYES)
    return ToneKnowledge(matrices, own, main)


async def _own_labels(db: Db) -> dict[Eyes, Counter[tuple[ToneLabel, ToneLabel]]]:
    """The tones said of sampled mentions, with what is read of them today, by whom it is read."""
    engine = Mention.tone_evidence["engine"].astext
    rows = await db.execute(
        select(AuditItem.tone, Mention.tone_read, engine)
        .join(Mention, Mention.id == AuditItem.mention_id)
        .where(AuditItem.tone.is_not(None), Mention.tone_read.is_not(None), AuditItem.layer == "shown")
    )
    pairs: dict[Eyes, Counter[tuple[ToneLabel, ToneLabel]]] = defaultdict(Counter)
    for true, read, by in rows:
        if by in EYES and true is not None and read is not None:
            pairs[by][true, read] += 1
    return {eyes: pairs[eyes] for eyes in EYES}
