"""Learning from a brand's judgements: which there are, what they teach, and what it would change. Nothing holds by that."""

import asyncio
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, delete, exists, func, insert, select

from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.feeds.articles import ArticleText, article_texts
from brandhound.jobs.registry import Run
from brandhound.mentions.holding import hold_stories
from brandhound.mentions.learning.estimating import Checked, calibration_error, f1
from brandhound.mentions.learning.fitting import Cases, Floats, Learned, chance, learn
from brandhound.mentions.learning.lessons import next_number, stored, taught_from, weights_of
from brandhound.mentions.learning.models import AuditItem, Lesson, LessonEffect
from brandhound.mentions.learning.profiles import Profile, cold_odds, profile_of_brand
from brandhound.mentions.learning.scoring import BrandJudge, amounts_of
from brandhound.mentions.learning.sights import Sight, sentence_model, sight_of, vectors_of
from brandhound.mentions.limits import limits_of
from brandhound.mentions.matching import Matcher
from brandhound.mentions.matching_articles import LONGEST_TEXT, matcher_of, name_brands
from brandhound.mentions.models import Mention, MentionJudgement
from brandhound.mentions.standings import standing_of

LEAST = 8
LEAST_OF_EACH = 2
MOST = 2000
"""The newest judgements that are learned from."""
AGAIN_AFTER = 10
"""So many new judgements make a new lesson by themselves."""
LOOK_BACK = timedelta(days=30)
MOST_TRIED = 10_000
BATCH = 40
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
MOST_EXAMPLES = 40
EXAMPLE_REACH = 60


@dataclass(frozen=True)
class Readiness:
    """How many judgements there are to learn from, and whether they suffice."""

    yes: int
    no: int
    new: int

    @property
    def missing(self) -> str | None:
        """What is missing in words, or None."""
        if self.yes + self.no < LEAST:
            more = LEAST - self.yes - self.no
            return f"{count_of(more, 'more judgement')} needed"
        for number, word in ((self.yes, "yes"), (self.no, "no")):
            if number < LEAST_OF_EACH:
                there = f"there {'is' if number == 1 else 'are'} {number or 'none'}"
                return f"at least {LEAST_OF_EACH} judgements “{word}” needed: {there}"
        return None


@dataclass(frozen=True)
class Seen:
    """A mention, what is to be seen of it, and what the signs and the profile say."""

    mention_id: UUID
    sight: Sight
    vector: Floats
    cold: float


def _teaches() -> Sequence[ColumnElement[bool]]:
    """Judged, and in no sample: samples measure."""
    sampled = exists(select(AuditItem.id).where(AuditItem.mention_id == Mention.id))
    return (Mention.judgement.is_not(None), ~sampled)


async def readiness_of(db: Db, brand_id: UUID) -> Readiness:
    """How many judgements of the brand can be learned from, and how many came since the last lesson."""
    counted = await db.execute(
        select(Mention.judgement, func.count())
        .where(Mention.brand_id == brand_id, *_teaches())
        .group_by(Mention.judgement)
    )
    numbers = {str(judgement): number for judgement, number in counted}
    return Readiness(numbers.get("yes", 0), numbers.get("no", 0), await new_judgements(db, brand_id))


async def new_judgements(db: Db, brand_id: UUID) -> int:
    """How many mentions were judged since the brand's last lesson, those of samples left out."""
    last = select(func.max(Lesson.created_at)).where(Lesson.brand_id == brand_id).scalar_subquery()
    sampled = exists(select(AuditItem.id).where(AuditItem.mention_id == MentionJudgement.mention_id))
    statement = select(func.count(MentionJudgement.mention_id.distinct())).where(
        MentionJudgement.brand_id == brand_id,
        MentionJudgement.created_at > func.coalesce(last, BEFORE_ALL),
        MentionJudgement.verdict != "withdrawn",
        ~sampled,
    )
    return await db.scalar(statement) or 0


async def make_lesson(run: Run, brand_id: UUID, at: datetime) -> Lesson | str:
    """Learn from the brand's judgements, try it on the last 30 days, and propose it; or why not.

    A lesson that was proposed before and not decided on gives way. Safe to repeat as a whole.
    """
    async with run.session() as db:
        brand = await brand_by_id(db, brand_id)
        missing = (await readiness_of(db, brand_id)).missing
        matcher = await matcher_of(db)
        labels = await _labels_of(db, brand_id)
        tried = await _to_try(db, brand_id, at)
    if missing or matcher is None or brand.paused:
        return missing or "the brand is paused"
    profile = profile_of_brand(brand)
    await run.progress(0, len(labels) + len(tried), "Reading what you judged")
    judged = [one async for batch in _see(run, matcher, brand_id, profile, labels) for one in batch]
    kept, conflicts = without_conflicts(judged, labels)
    right = np.array([labels[one.mention_id] for one in kept], dtype=np.bool_)
    if not right.any() or right.all():
        return "the judged articles cannot be read any more, or contradict one another"
    codes, cases = cases_of(kept)
    learned = await asyncio.to_thread(learn, cases, right)
    lesson = _lesson_of(brand_id, kept, right, codes, cases, learned, conflicts, at)
    taught = BrandJudge(profile, taught_from(lesson))
    effects: list[dict[str, Any]] = []
    done = len(labels)
    async for batch in _see(run, matcher, brand_id, profile, tried):
        effects += [_effect(one, taught, tried[one.mention_id]) for one in batch]
        done += BATCH
        await run.progress(min(done, len(labels) + len(tried)), len(labels) + len(tried), "Trying it on 30 days")
    async with run.session() as db:
        await _store(db, lesson, effects)
    return lesson


async def _labels_of(db: Db, brand_id: UUID) -> dict[UUID, bool]:
    newest = (
        select(Mention.id, Mention.judgement)
        .where(Mention.brand_id == brand_id, *_teaches())
        .order_by(Mention.judged_at.desc())
        .limit(MOST)
    )
    return {mention_id: judgement == "yes" for mention_id, judgement in (await db.execute(newest))}


async def _to_try(db: Db, brand_id: UUID, at: datetime) -> dict[UUID, Mention]:
    newest = (
        select(Mention)
        .where(Mention.brand_id == brand_id, Mention.published_at >= at - LOOK_BACK, Mention.judgement.is_(None))
        .order_by(Mention.published_at.desc())
        .limit(MOST_TRIED)
    )
    return {mention.id: mention for mention in (await db.scalars(newest)).all()}


async def _see(
    run: Run, matcher: Matcher, brand_id: UUID, profile: Profile, mentions: Iterable[UUID]
) -> AsyncIterator[list[Seen]]:
    """What is to be seen of these mentions today, in batches. Articles that are gone, or name the brand no more, are left out."""
    ids = list(mentions)
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        async with run.session() as db:
            rows = await db.execute(select(Mention.article_id, Mention.id).where(Mention.id == one_of(some)))
            of_article = dict(rows.all())
            articles = await article_texts(db, list(of_article))
        yield await asyncio.to_thread(_look, articles, matcher, str(brand_id), profile, of_article)


def _look(
    articles: Sequence[ArticleText], matcher: Matcher, brand: str, profile: Profile, of_article: dict[UUID, UUID]
) -> list[Seen]:
    found = [
        (of_article[article.id], sight_of(mention, article.title or "", article.text[:LONGEST_TEXT]))
        for article, mentions in name_brands(articles, matcher)
        for mention in mentions
        if mention.brand == brand
    ]
    vectors = vectors_of([sight for _, sight in found], sentence_model())
    return [
        Seen(mention_id, sight, vector, cold_odds(sight, vector, profile).odds)
        for (mention_id, sight), vector in zip(found, vectors, strict=True)
    ]


def key_of(sight: Sight) -> str:
    """What like sentences have in common: reprints are one."""
    words = re.findall(r"\w+", sight.words.lower())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def without_conflicts(judged: Sequence[Seen], labels: dict[UUID, bool]) -> tuple[list[Seen], int]:
    """The judged mentions without those whose very words were judged both ways, and how many sentences these are."""
    said: defaultdict[str, set[bool]] = defaultdict(set)
    for one in judged:
        said[key_of(one.sight)].add(labels[one.mention_id])
    kept = [one for one in judged if len(said[key_of(one.sight)]) == 1]
    return kept, sum(len(verdicts) > 1 for verdicts in said.values())


def cases_of(seen: Sequence[Seen]) -> tuple[tuple[str, ...], Cases]:
    """The mentions as cases, with the signs that more than one of them has."""
    counted = Counter(code for one in seen for code in {sign.code for sign in one.sight.signs})
    codes = tuple(sorted(code for code, number in counted.items() if number > 1))
    signs = np.array([amounts_of(one.sight, codes) for one in seen]).reshape(len(seen), len(codes))
    return codes, Cases(
        np.array([one.cold for one in seen]),
        signs,
        np.array([one.vector for one in seen]),
        tuple(key_of(one.sight) for one in seen),
    )


def _lesson_of(
    brand_id: UUID,
    kept: Sequence[Seen],
    right: npt.NDArray[np.bool_],
    codes: tuple[str, ...],
    cases: Cases,
    learned: Learned,
    conflicts: int,
    at: datetime,
) -> Lesson:
    has_vectors = bool(np.any(cases.vectors))
    told = _telling(kept, right, learned) if has_vectors else []
    cold = chance(cases.cold)
    return Lesson(
        id=uuid7(),
        brand_id=brand_id,
        state="proposed",
        yes=int(right.sum()),
        no=int((~right).sum()),
        conflicts=conflicts,
        weights=weights_of(learned.fit, codes),
        direction=stored(learned.fit.direction) if has_vectors else b"",
        examples=[
            {
                "mention_id": str(kept[at_].mention_id),
                "verdict": "yes" if right[at_] else "no",
                "text": snippet(kept[at_].sight),
            }
            for at_ in told
        ],
        example_vectors=stored(np.array([kept[at_].vector for at_ in told])) if told else b"",
        checked=[
            {"mention_id": str(one.mention_id), "confidence": round(float(said), 4), "right": bool(true)}
            for one, said, true in zip(kept, learned.unseen, right, strict=True)
        ],
        figures={"before": figures_of(cold, right), "after": figures_of(learned.unseen, right)},
        looked_at=0,
        changes=0,
        written=False,
        created_at=at,
    )


def _telling(kept: Sequence[Seen], right: npt.NDArray[np.bool_], learned: Learned) -> list[int]:
    """Judged sentences to explain by: of both verdicts, those whose words speak the most clearly."""
    about = np.array([one.vector @ learned.fit.direction for one in kept])
    half = MOST_EXAMPLES // 2
    yes = [int(at) for at in np.argsort(-about) if right[at]][:half]
    no = [int(at) for at in np.argsort(about) if not right[at]][:half]
    return yes + no


def snippet(sight: Sight) -> str:
    """A few words around the name."""
    start, end = max(0, sight.start - EXAMPLE_REACH), min(len(sight.words), sight.end + EXAMPLE_REACH)
    said = " ".join(sight.words[start:end].split())
    before, after = "… " if start else "", " …" if end < len(sight.words) else ""
    if start:
        said = said.split(" ", 1)[-1]
    if end < len(sight.words):
        said = said.rsplit(" ", 1)[0]
    return (before + said + after).replace("\0", "")


def figures_of(said: Floats, right: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """How right it was: {right, wrong, f1, ece}."""
    checked = [Checked(float(p), bool(true)) for p, true in zip(said, right, strict=True)]
    hits = sum((one.confidence >= 0.5) == one.right for one in checked)
    return {
        "right": hits,
        "wrong": len(checked) - hits,
        "f1": round(f1(checked), 3),
        "ece": round(calibration_error(checked, 10), 3),
    }


def _effect(one: Seen, judge: BrandJudge, mention: Mention) -> dict[str, Any]:
    confidence, reasons = judge.say(one.sight, one.vector)
    return {
        "mention_id": one.mention_id,
        "confidence_before": mention.confidence,
        "confidence_after": round(confidence, 4),
        "standing_before": mention.standing,
        "reasons_before": mention.reasons,
        "reasons_after": [reason.as_json() for reason in reasons],
    }


async def _store(db: Db, lesson: Lesson, effects: list[dict[str, Any]]) -> None:
    # One lesson at a time is proposed for a brand, and none of its mentions goes meanwhile.
    await hold_stories(db)
    await db.execute(delete(Lesson).where(Lesson.brand_id == lesson.brand_id, Lesson.state == "proposed"))
    limits = (await limits_of(db, [lesson.brand_id]))[lesson.brand_id]
    there = set(await db.scalars(select(Mention.id).where(Mention.id == one_of(one["mention_id"] for one in effects))))
    kept = [one for one in effects if one["mention_id"] in there]
    for one in kept:
        one |= {
            "id": uuid7(),
            "lesson_id": lesson.id,
            "standing_after": standing_of(one["confidence_after"], None, limits),
        }
    lesson.number = await next_number(db, lesson.brand_id)
    lesson.looked_at = len(kept)
    lesson.changes = sum(one["standing_before"] != one["standing_after"] for one in kept)
    db.add(lesson)
    await db.flush()
    for first in range(0, len(kept), 500):
        await db.execute(insert(LessonEffect), kept[first : first + 500])
    publish(db, "brands", lesson.brand_id)
