"""Lessons as rows: which there are, how one is read for use, and how one is written down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import func, select

from brandhound.brands.queries import all_brands
from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import enqueue
from brandhound.mentions.learning.fitting import Fit, Floats
from brandhound.mentions.learning.models import Lesson
from brandhound.mentions.learning.profiles import profile_of_brand
from brandhound.mentions.learning.scoring import BrandJudge, Example, Judges, Taught
from brandhound.mentions.learning.sights import VECTORS
from brandhound.providers.embedding import WIDTH


async def lesson_by_id(db: Db, lesson_id: UUID) -> Lesson:
    """Raises NotThere."""
    lesson = await db.get(Lesson, lesson_id)
    if lesson is None:
        raise NotThere("lesson")
    return lesson


async def lessons_of(db: Db, brand_id: UUID, limit: int = 20) -> list[Lesson]:
    """The brand's lessons, newest first."""
    newest = select(Lesson).where(Lesson.brand_id == brand_id).order_by(Lesson.number.desc()).limit(limit)
    return list((await db.scalars(newest)).all())


async def next_number(db: Db, brand_id: UUID) -> int:
    last = await db.scalar(select(func.max(Lesson.number)).where(Lesson.brand_id == brand_id))
    return (last or 0) + 1


async def judges_of(db: Db) -> Judges | None:
    """The judges of all brands that have a profile or an accepted lesson; None where none has."""
    lessons = await db.scalars(select(Lesson).where(Lesson.state == "applied"))
    taught = {lesson.brand_id: taught_from(lesson) for lesson in lessons.all()}
    judges = {
        str(brand.id): BrandJudge(profile, taught.get(brand.id))
        for brand in await all_brands(db)
        if not (profile := profile_of_brand(brand)).is_empty or brand.id in taught
    }
    return Judges(judges) if judges else None


async def deciding_lessons(db: Db) -> set[UUID]:
    """The lessons that decide: whoever judged by others judged by what holds no more."""
    return set(await db.scalars(select(Lesson.id).where(Lesson.state == "applied")))


def is_outdated(lesson: Lesson) -> bool:
    """Whether it was learned on other vectors than sentences have today."""
    return bool(lesson.direction) and lesson.weights.get("vectors", "") != VECTORS


async def outdated_lessons(db: Db) -> list[Lesson]:
    """The lessons that decide, are outdated, and were not yet learned again."""
    applied = await db.scalars(select(Lesson).where(Lesson.state == "applied").order_by(Lesson.id))
    return [one for one in applied.all() if is_outdated(one) and one.weights.get("again") != VECTORS]


async def renew_lessons(db: Db) -> None:
    """Have lessons learned again that were learned on other vectors than sentences have today: each once."""
    for lesson in await outdated_lessons(db):
        await enqueue(db, "mentions.learn_again", {"brand_id": lesson.brand_id}, key=str(lesson.brand_id))


def taught_from(lesson: Lesson) -> Taught:
    """A lesson as it is applied. Of one that is outdated only the signs speak: its directions point nowhere any more."""
    weights = lesson.weights
    signs: dict[str, float] = weights["signs"]
    numbers = np.frombuffer(lesson.direction, dtype="<f4").astype(np.float64)
    vectors = np.frombuffer(lesson.example_vectors, dtype="<f4").astype(np.float64).reshape(-1, WIDTH)
    # Only what the center adds to the odds is kept of it: one number.
    nowhere = np.zeros(WIDTH)
    reads = bool(len(numbers)) and not is_outdated(lesson)
    fit = Fit(
        float(weights["bias"]) - (float(weights["center"]) if reads else 0.0),
        float(weights["trust"]),
        np.array([*signs.values()], dtype=np.float64),
        numbers if reads else nowhere,
        nowhere,
    )
    if not reads:
        return Taught(fit, tuple(signs), (), lesson.number)
    examples = tuple(
        Example(said["verdict"], said["text"], vector)
        for said, vector in zip(lesson.examples, vectors, strict=len(vectors) == len(lesson.examples))
    )
    return Taught(fit, tuple(signs), examples, lesson.number)


def weights_of(fit: Fit, codes: Sequence[str]) -> dict[str, Any]:
    """A fit's numbers as they are stored."""
    return {
        "bias": round(fit.bias, 6),
        "trust": round(fit.trust, 6),
        "center": round(float(fit.center @ fit.direction), 6),
        "vectors": VECTORS,
        "signs": {code: round(float(weight), 6) for code, weight in zip(codes, fit.signs, strict=True)},
    }


def stored(numbers: Floats) -> bytes:
    """Numbers as they are stored."""
    return numbers.astype("<f4").tobytes()
