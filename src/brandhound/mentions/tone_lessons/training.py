"""Learning from the tones that people said: which there are, what they teach, and what it would change. Nothing holds by that."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.jobs.registry import Run
from brandhound.mentions.counts import tells_first
from brandhound.mentions.learning.lessons import stored
from brandhound.mentions.learning.models import AuditItem
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import ToneLabel, is_quick
from brandhound.mentions.tone import ToneOfMention
from brandhound.mentions.tone_head import shipped_head
from brandhound.mentions.tone_lessons.checking import CLEAR, SHARES, Learned, learn
from brandhound.mentions.tone_lessons.lessons import next_tone_number
from brandhound.mentions.tone_lessons.looking import Eyes, Sentence, eyes_of, read_again, sentences_of, texts_of
from brandhound.mentions.tone_lessons.models import ToneLesson
from brandhound.mentions.tone_models import ToneJudgement
from brandhound.mentions.tone_pull import TonePull

LEARNING = "tones"
"""The key of runs that learn: one at a time in an organization."""
LEAST = 20
LEAST_OF_EACH = 4
"""Of two tones at least."""
MOST = 1000
"""The newest said tones that are learned from: 60 MB and half a minute of one core at the most."""
MOST_LEFT = 500
MOST_SAMPLED = 500
MOST_AGREED = 1000
AGAIN_AFTER = 20
"""So many new words make a new lesson by themselves."""
LOOK_BACK = timedelta(days=30)
LEFT_FROM = timedelta(days=90)
MOST_CHOSEN_FROM = 5000
MOST_TRIED = 1000
BATCH = 100
MOST_SHOWN = 30
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """A text, and what a person said of its tone."""

    mention_id: UUID
    sentence: Sentence
    tone: ToneLabel
    by_word: bool = True
    """Whether it was said, and not only left as it was read."""


@dataclass(frozen=True)
class ToneReadiness:
    """Which tones were said, and whether there is enough to learn from."""

    said: dict[ToneLabel, int]
    new: int

    @property
    def missing(self) -> str | None:
        """What is missing in words, or None."""
        total = sum(self.said.values())
        if total < LEAST:
            more = LEAST - total
            return f"{count_of(more, 'more tone')} said by a person needed"
        if sum(number >= LEAST_OF_EACH for tone, number in self.said.items() if tone in CLEAR) < 2:
            return f"at least {LEAST_OF_EACH} texts each of two tones needed"
        return None


async def tone_readiness(db: Db) -> ToneReadiness:
    """Which tones can be learned from, and how many came since the last lesson. Those of samples measure, and do not teach."""
    counted = await db.execute(
        select(Mention.tone, func.count())
        .where(Mention.tone_read.is_not(None), ~_sampled(Mention.id))
        .group_by(Mention.tone)
    )
    said: dict[ToneLabel, int] = {tone: number for tone, number in counted if tone in SHARES}
    last = select(func.max(ToneLesson.created_at)).scalar_subquery()
    new = select(func.count(ToneJudgement.mention_id.distinct())).where(
        ToneJudgement.created_at > func.coalesce(last, BEFORE_ALL),
        ToneJudgement.tone.in_(list(SHARES)),
        ~_sampled(ToneJudgement.mention_id),
    )
    return ToneReadiness(said, await db.scalar(new) or 0)


def _sampled(mention_id: Any) -> Any:
    return exists(select(AuditItem.id).where(AuditItem.mention_id == mention_id))


async def make_tone_lesson(run: Run, at: datetime) -> ToneLesson | str:
    """Learn from the said tones, check it, try it on the last 30 days, and propose it; or why not.

    What is not better on texts that it had not seen is kept back. A lesson that was proposed before and not decided on gives way.
    Safe to repeat as a whole.
    """
    async with run.session() as db:
        missing = (await tone_readiness(db)).missing
        if missing:
            return missing
        words = await _said(db, sampled=False, most=MOST)
        worded = {one.sentence.key for one in words}
        agreed = [
            one for one in await _agreed(db, at, min(MOST_AGREED, 3 * len(words))) if one.sentence.key not in worded
        ]
        said, conflicts = without_conflicts([*words, *agreed])
        sampled = [one for one in await _said(db, sampled=True, most=MOST_SAMPLED) if one.tone in CLEAR]
        taken = {one.sentence.key for one in said}
        sampled = [one for one in sampled if one.sentence.key not in taken]
    eyes = await asyncio.to_thread(eyes_of)
    async with run.session() as db:
        measured = {one.sentence.key for one in sampled}
        left = await _left(db, at, min(MOST_LEFT, 2 * len(said)), taken | measured)
    await run.progress(0, MOST_TRIED, "Reading what you said")
    learned = await asyncio.to_thread(_learn, said, left, sampled, eyes)
    lesson = _lesson_of(said, conflicts, learned, eyes, at)
    if learned.check.is_better:
        await _try(run, lesson, TonePull(eyes.engine, learned.weights, 0), at)
    async with run.session() as db:
        await db.execute(delete(ToneLesson).where(ToneLesson.state == "proposed"))
        lesson.number = await next_tone_number(db)
        db.add(lesson)
        publish(db, "mentions")
    return lesson


async def _said(db: Db, *, sampled: bool, most: int) -> list[Said]:
    """The last words on mentions, the newest first."""
    condition = _sampled(ToneJudgement.mention_id)
    last = (
        select(ToneJudgement.id)
        .ext(distinct_on(ToneJudgement.mention_id))
        .where(condition if sampled else ~condition)
        .order_by(ToneJudgement.mention_id, ToneJudgement.created_at.desc(), ToneJudgement.id.desc())
    )
    statement = (
        select(ToneJudgement)
        .where(ToneJudgement.id.in_(last), ToneJudgement.tone.in_(list(SHARES)))
        .order_by(ToneJudgement.created_at.desc(), ToneJudgement.id.desc())
        .limit(most)
    )
    found = (await db.scalars(statement)).all()
    head = shipped_head()
    return [
        Said(
            one.mention_id,
            # What another head looked at is of no use: such a sentence is looked at anew.
            Sentence(
                one.sentence,
                one.target_start,
                one.target_end,
                (one.features if head and one.features_of == head.version else None) or b"",
            ),
            one.tone or "unclear",
        )
        for one in found
        if one.sentence.strip()
    ]


def without_conflicts(said: Sequence[Said]) -> tuple[list[Said], int]:
    """Each text once, without those said in two ways, and how many these are."""
    tones: defaultdict[str, set[ToneLabel]] = defaultdict(set)
    for one in said:
        tones[one.sentence.key].add(one.tone)
    once = {one.sentence.key: one for one in reversed(said) if len(tones[one.sentence.key]) == 1}
    return list(once.values()), sum(len(different) > 1 for different in tones.values())


async def _agreed(db: Db, at: datetime, most: int) -> list[Said]:
    """Mentions that a person judged to be the brand and whose tone, which stands beside it, was left as it was read."""
    newest = (
        select(Mention)
        .where(
            Mention.judgement == "yes",
            Mention.tone_read.is_(None),
            Mention.tone.in_(CLEAR),
            Mention.published_at >= at - LEFT_FROM,
            ~_sampled(Mention.id),
        )
        .order_by(Mention.judged_at.desc(), Mention.id.desc())
        .limit(most)
    )
    return [
        Said(
            mention.id,
            Sentence(read[0].item.sentence, read[0].item.target_start, read[0].item.target_end),
            mention.tone,
            by_word=False,
        )
        for mention in await db.scalars(newest)
        if not is_quick(mention.salience, mention.confidence) and len(read := sentences_of(mention)) == 1
    ]


async def _left(db: Db, at: datetime, most: int, known: set[str]) -> list[Sentence]:
    """Texts of the last 90 days that nobody said a tone of, by chance, but the same each time."""
    newest = (
        select(Mention.id)
        .where(
            Mention.tone_read.is_(None),
            Mention.judgement.is_(None),
            Mention.standing == "accepted",
            tells_first(),
            Mention.published_at >= at - LEFT_FROM,
            or_(Mention.language.is_(None), Mention.language.like("en%")),
        )
        .order_by(Mention.published_at.desc(), Mention.id.desc())
        .limit(MOST_CHOSEN_FROM)
    )
    by_chance = sorted(await db.scalars(newest), key=lambda one: hashlib.sha256(one.bytes).digest())[:most]
    found: dict[str, Sentence] = {}
    for mention in await db.scalars(select(Mention).where(Mention.id == one_of(by_chance)).order_by(Mention.id)):
        for read in [] if is_quick(mention.salience, mention.confidence) else sentences_of(mention)[:1]:
            one = Sentence(read.item.sentence, read.item.target_start, read.item.target_end)
            if one.key not in known:
                found[one.key] = one
    return list(found.values())


def _learn(said: Sequence[Said], left: Sequence[Sentence], sampled: Sequence[Said], eyes: Eyes) -> Learned:
    return learn(
        texts_of([one.sentence for one in said], eyes),
        [one.tone for one in said],
        texts_of(left, eyes),
        texts_of([one.sentence for one in sampled], eyes),
        [one.tone for one in sampled],
    )


def _lesson_of(said: Sequence[Said], conflicts: int, learned: Learned, eyes: Eyes, at: datetime) -> ToneLesson:
    return ToneLesson(
        id=uuid7(),
        state="proposed" if learned.check.is_better else "kept_back",
        engine=eyes.engine,
        head=eyes.version,
        said=dict(Counter(str(one.tone) for one in said if one.by_word)),
        conflicts=conflicts,
        weights=stored(learned.weights),
        figures=learned.check.as_json(),
        looked_at=0,
        changes=0,
        shown=[],
        created_at=at,
    )


async def _try(run: Run, lesson: ToneLesson, pull: TonePull, at: datetime) -> None:
    """What the lesson would make of the newest mentions of the last 30 days, and of how many of them something else."""
    async with run.session() as db:
        newest = (
            select(Mention.id)
            .where(Mention.tone_read.is_(None), Mention.published_at >= at - LOOK_BACK, Mention.standing != "rejected")
            .order_by(Mention.published_at.desc(), Mention.id.desc())
            .limit(MOST_TRIED)
        )
        ids = list((await db.scalars(newest)).all())
    shown: list[dict[str, Any]] = []
    for first in range(0, len(ids), BATCH):
        await run.progress(first, len(ids), "Trying it on 30 days")
        await run.check()
        async with run.session() as db:
            mentions = (await db.scalars(select(Mention).where(Mention.id == one_of(ids[first : first + BATCH])))).all()
            db.expunge_all()
        for mention, after in await asyncio.to_thread(read_again, mentions, pull):
            lesson.looked_at += 1
            if mention.tone != after.label:
                lesson.changes += 1
                shown.append(_shown(mention, after))
    lesson.shown = shown[:MOST_SHOWN]


def _shown(mention: Mention, after: ToneOfMention) -> dict[str, Any]:
    return {
        "mention_id": str(mention.id),
        "story_id": str(mention.story_id),
        "title": mention.title,
        "outlet": mention.outlet or mention.site,
        "sentence": after.quote[:400],
        "before": mention.tone,
        "after": after.label,
    }
