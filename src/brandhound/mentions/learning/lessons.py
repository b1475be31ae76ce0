"""Lessons as rows: which there are, how one is read for use, and how one is written down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import func, select

from brandhound.brands.queries import all_brands
from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.mentions.learning.fitting import Fit, Floats
from brandhound.mentions.learning.models import Lesson
from brandhound.mentions.learning.profiles import profile_of_brand
from brandhound.mentions.learning.scoring import BrandJudge, Example, Judges, Taught
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


def taught_from(lesson: Lesson) -> Taught:
    """A lesson as it is applied."""
    weights = lesson.weights
    signs: dict[str, float] = weights["signs"]
    numbers = np.frombuffer(lesson.direction, dtype="<f4").astype(np.float64)
    vectors = np.frombuffer(lesson.example_vectors, dtype="<f4").astype(np.float64).reshape(-1, WIDTH)
    # Only what the center adds to the odds is kept of it: one number.
    nowhere = np.zeros(WIDTH)
    fit = Fit(
        float(weights["bias"]) - float(weights["center"]),
        float(weights["trust"]),
        np.array([*signs.values()], dtype=np.float64),
        numbers if len(numbers) else nowhere,
        nowhere,
    )
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
        "signs": {code: round(float(weight), 6) for code, weight in zip(codes, fit.signs, strict=True)},
    }


def stored(numbers: Floats) -> bytes:
    """Numbers as they are stored."""
    return numbers.astype("<f4").tobytes()
