"""How good the product's judgements are: figures that were measured on known data, beside what each organization's people say.

The figures ship with the version that they were measured on (`data/quality.json`); nothing here measures them again.
"""

from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Literal
from uuid import UUID

from psycopg.errors import QueryCanceled
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import select, text, tuple_
from sqlalchemy.exc import OperationalError

from brandhound.admin.reading import looking
from brandhound.brands.models import Brand
from brandhound.core.db import SYSTEM_ORGANIZATION, tenant_session
from brandhound.core.pages import Page, from_cursor, page_of
from brandhound.mentions.learning.estimating import Checked, calibration_error, exact_range
from brandhound.mentions.learning.sampling import checked_of, samples_of
from brandhound.mentions.limits import limits_of
from brandhound.tenancy.models import Organization

Unit = Literal["share", "of_fifty", "a_month", "a_second", "seconds", "megabytes", "ratio"]

PATIENCE_MS = 5000
FEW = 20
"""Checked mentions below which a share says little."""


class Figure(BaseModel):
    """A judgement that was measured: how well, on what, when, and what holds it there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    judgement: str
    measure: str
    value: float
    unit: Unit
    better: Literal["higher", "lower"]
    reach: float | None
    """What was aimed at; empty where nothing was."""
    floor: float | None
    """What a test holds it to, on a small set; empty where none does."""
    data: str
    measured_on: date
    version: str
    command: str
    means: str
    live: Literal["precision", "ece"] | None = None

    @property
    def reached(self) -> bool | None:
        if self.reach is None:
            return None
        return self.value >= self.reach if self.better == "higher" else self.value <= self.reach


class Live(BaseModel):
    """What the people of one organization said of its mentions in twelve weeks."""

    organization_id: UUID
    name: str
    brands: int
    right: int
    sampled: int
    precision_low: float
    precision: float
    precision_high: float
    judged: int
    ece: float | None
    says_little: bool
    is_too_slow: bool
    """Its mentions could not be counted in the time there is: nothing is known of them."""


@cache
def figures() -> tuple[Figure, ...]:
    """The figures that came with this version, in the order of the board."""
    source = files("brandhound.admin").joinpath("data/quality.json").read_text("utf-8")
    return tuple(TypeAdapter(list[Figure]).validate_json(source))


async def live_figures(cursor: str | None, limit: int, at: datetime) -> Page[Live]:
    """What each organization's people say, the youngest organizations first. No brand is named. Raises BadCursor."""
    when = (Organization.created_at, Organization.id)
    statement = select(*when, Organization.name).where(Organization.id != SYSTEM_ORGANIZATION)
    if cursor:
        statement = statement.where(tuple_(*when) < tuple_(*from_cursor(cursor, datetime, UUID)))
    async with looking() as db:
        found = (await db.execute(statement.order_by(*(one.desc() for one in when)).limit(limit + 1))).all()
    page = page_of(found, limit, lambda row: (row.created_at, row.id))
    return Page(items=[await _live(row.id, row.name, at) for row in page.items], next=page.next)


async def _live(organization_id: UUID, name: str, at: datetime) -> Live:
    brands, is_too_slow = 0, False
    shown: list[Checked] = []
    judged: list[Checked] = []
    try:
        brands, shown, judged = await _checked(organization_id, at)
    except OperationalError as error:
        if not isinstance(error.orig, QueryCanceled):
            raise
        # One that is too large does not keep the others from being seen.
        is_too_slow = True
    right = sum(one.right for one in shown)
    between = exact_range(right, len(shown))
    return Live(
        organization_id=organization_id,
        name=name,
        brands=brands,
        right=right,
        sampled=len(shown),
        precision_low=round(between.low, 4),
        precision=round(between.share, 4),
        precision_high=round(between.high, 4),
        judged=len(judged),
        ece=round(calibration_error(judged, 10), 4) if judged else None,
        says_little=len(shown) < FEW,
        is_too_slow=is_too_slow,
    )


async def _checked(organization_id: UUID, at: datetime) -> tuple[int, list[Checked], list[Checked]]:
    """How many brands there are, the sampled mentions that are shown, and all that people judged."""
    async with tenant_session(organization_id) as db:
        await db.execute(text(f"set local transaction read only; set local statement_timeout = {PATIENCE_MS}"))
        brand_ids = list(await db.scalars(select(Brand.id).order_by(Brand.id)))
        limits = await limits_of(db, brand_ids)
        shown: list[Checked] = []
        judged: list[Checked] = []
        for brand_id in brand_ids:
            sampled = await samples_of(db, brand_id, at)
            shown += [one for one in sampled if one.confidence >= limits[brand_id].accept]
            judged += await checked_of(db, brand_id, at)
    return len(brand_ids), shown, judged
