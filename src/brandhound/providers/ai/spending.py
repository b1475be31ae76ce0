"""Budgets: what a call may cost at the most is reserved before it is made, and settled by what it took.

Two calls at the same moment cannot both have the last cent: the organization's one row is locked while that is decided. A
call that nobody hears of again is taken for spent when its lease ends, because somebody sends a bill for it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.providers.ai.errors import BudgetSpent
from brandhound.providers.ai.models import ModelBudget, ModelCall
from brandhound.providers.ai.prices import Price, Usage
from brandhound.providers.ai.prompts import Prompt
from brandhound.providers.events import NEARLY, BudgetReached, tell

LIMIT_MICROS = 10_000_000
"""Ten dollars a month, until somebody decides."""
LIMIT_TOKENS = 20_000_000
LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class PlannedCall:
    """A call as it is planned: what for, and what it may take at the most."""

    feature: str
    provider: str
    model: str
    prompt: Prompt
    most: Usage
    price: Price | None


@dataclass(frozen=True)
class Reservation:
    """The right to spend that much."""

    organization_id: UUID
    call_id: UUID
    price: Price | None


@dataclass(frozen=True)
class Standing:
    """A budget as it stands. `reserved` is for calls that are under way."""

    month_on: date
    limit_micros: int
    limit_tokens: int
    spent_micros: int
    spent_tokens: int
    reserved_micros: int
    reserved_tokens: int

    @property
    def begins_anew_at(self) -> datetime:
        return next_month(self.month_on)


async def reserve(organization_id: UUID, planned: PlannedCall) -> Reservation:
    """Reserve what the call may take. Raises BudgetSpent."""
    try:
        return await _reserve(organization_id, planned)
    except BudgetSpent as spent:
        reached = (spent.of, True, spent.used, spent.limit, spent.begins_anew_at, spent.needed)
        await tell(BudgetReached(organization_id, *reached))
        raise


async def _reserve(organization_id: UUID, planned: PlannedCall) -> Reservation:
    now = clock.now()
    micros = planned.price.cost(planned.most) if planned.price else 0
    async with tenant_session(organization_id) as db:
        budget = await _locked(db, now)
        open_micros, open_tokens = await _reserved(db)
        anew = next_month(budget.month_on)
        if planned.price and budget.spent_micros + open_micros + micros > budget.limit_micros:
            raise BudgetSpent("dollars", budget.limit_micros, budget.spent_micros + open_micros, micros, anew)
        if budget.spent_tokens + open_tokens + planned.most.total > budget.limit_tokens:
            used = budget.spent_tokens + open_tokens
            raise BudgetSpent("tokens", budget.limit_tokens, used, planned.most.total, anew)
        call = ModelCall(
            **_named(planned),
            reserved_micros=micros,
            reserved_tokens=planned.most.total,
            started_at=now,
            lease_until=now + LEASE,
        )
        db.add(call)
        await db.flush()
        return Reservation(organization_id, call.id, planned.price)


async def settle(reserved: Reservation, usage: Usage) -> int | None:
    """The call was answered. Returns what it cost; None where no price is known. Once only: a second time changes nothing."""
    cost = reserved.price.cost(usage) if reserved.price else None
    async with tenant_session(reserved.organization_id) as db:
        now = clock.now()
        budget = await _locked(db, now)
        call = await db.get(ModelCall, reserved.call_id)
        if call is None or call.ended_at is not None:
            return cost
        call.input_tokens, call.output_tokens, call.cached_tokens = usage.read, usage.written, usage.cached
        call.cost_micros, call.state, call.ended_at = cost, "done", now
        before = (budget.spent_micros, budget.spent_tokens)
        budget.spent_micros += cost or 0
        budget.spent_tokens += usage.total
        budget.updated_at = now
        publish(db, "models", call.feature)
    for of, was, used, limit in (
        ("dollars", before[0], budget.spent_micros, budget.limit_micros),
        ("tokens", before[1], budget.spent_tokens, budget.limit_tokens),
    ):
        if was < limit * NEARLY <= used:
            anew = next_month(budget.month_on)
            await tell(BudgetReached(reserved.organization_id, of, False, used, limit, anew))
    return cost


async def release(reserved: Reservation, failure_class: str | None) -> None:
    """The call failed before it was answered: nobody sends a bill for it."""
    async with tenant_session(reserved.organization_id) as db:
        await _locked(db, clock.now())
        call = await db.get(ModelCall, reserved.call_id)
        if call is not None and call.ended_at is None:
            call.state, call.failure_class, call.ended_at = "failed", failure_class, clock.now()
            publish(db, "models", call.feature)


async def lose(reserved: Reservation) -> None:
    """The call was answered, or may have been, and what that took is not known: it counts as what was reserved.

    Once only: what was settled stays as it is.
    """
    async with tenant_session(reserved.organization_id) as db:
        now = clock.now()
        budget = await _locked(db, now)
        call = await db.get(ModelCall, reserved.call_id)
        if call is not None and call.ended_at is None:
            _take_for_spent(budget, call, now)


async def note_cached(db: Db, planned: PlannedCall) -> None:
    """An answer was there already: counted, and it costs nothing."""
    now = clock.now()
    db.add(ModelCall(**_named(planned), state="cached", cost_micros=0, started_at=now, ended_at=now, lease_until=now))
    await db.flush()


async def standing(db: Db) -> Standing:
    """The budget as it stands this month."""
    now = clock.now()
    budget = await db.scalar(select(ModelBudget))
    month = first_of_month(now)
    micros, tokens = await _reserved(db)
    is_current = budget is not None and budget.month_on == month
    return Standing(
        month,
        budget.limit_micros if budget else LIMIT_MICROS,
        budget.limit_tokens if budget else LIMIT_TOKENS,
        budget.spent_micros if budget and is_current else 0,
        budget.spent_tokens if budget and is_current else 0,
        micros,
        tokens,
    )


async def set_limits(db: Db, micros: int, tokens: int) -> None:
    """How much may be spent in a month from now on; no tokens means no calls."""
    budget = await _locked(db, clock.now())
    budget.limit_micros, budget.limit_tokens, budget.updated_at = micros, tokens, clock.now()
    await db.flush()
    publish(db, "models", "budget")


def first_of_month(at: datetime) -> date:
    """The month that counts, in UTC, as the bills are."""
    return at.astimezone(UTC).date().replace(day=1)


def next_month(month_on: date) -> datetime:
    """When the following month begins."""
    later = month_on.replace(day=28) + timedelta(days=4)
    return datetime(later.year, later.month, 1, tzinfo=UTC)


async def _locked(db: Db, now: datetime) -> ModelBudget:
    """The organization's row, made if there is none, locked until the end of the transaction, and of this month."""
    new = insert(ModelBudget).values(
        id=uuid7(),
        month_on=first_of_month(now),
        limit_micros=LIMIT_MICROS,
        limit_tokens=LIMIT_TOKENS,
        updated_at=now,
    )
    await db.execute(new.on_conflict_do_nothing())
    budget = (await db.scalars(select(ModelBudget).with_for_update())).one()
    if budget.month_on != first_of_month(now):
        budget.month_on, budget.spent_micros, budget.spent_tokens = first_of_month(now), 0, 0
    unheard = select(ModelCall).where(ModelCall.ended_at.is_(None), ModelCall.lease_until <= now)
    for call in await db.scalars(unheard):
        _take_for_spent(budget, call, now)
    await db.flush()
    return budget


def _take_for_spent(budget: ModelBudget, call: ModelCall, now: datetime) -> None:
    call.state, call.ended_at = "lost", now
    call.cost_micros = call.reserved_micros or None
    call.input_tokens = call.reserved_tokens
    budget.spent_micros += call.reserved_micros
    budget.spent_tokens += call.reserved_tokens


async def _reserved(db: Db) -> tuple[int, int]:
    """What calls that are under way may still take."""
    sums = select(
        func.coalesce(func.sum(ModelCall.reserved_micros), 0), func.coalesce(func.sum(ModelCall.reserved_tokens), 0)
    ).where(ModelCall.ended_at.is_(None))
    micros, tokens = (await db.execute(sums)).one()
    return int(micros), int(tokens)


def _named(planned: PlannedCall) -> dict[str, str]:
    return {
        "feature": planned.feature,
        "provider": planned.provider,
        "model": planned.model,
        "prompt": planned.prompt.name,
        "prompt_version": planned.prompt.version,
    }
