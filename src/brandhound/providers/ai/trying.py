"""Trying a key out: one short question, whose answer says whether all the rest will work."""

from math import ceil
from time import monotonic
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import Problem
from brandhound.core.system import system_session
from brandhound.providers.ai.accounts import Access, access_of, account_by_id
from brandhound.providers.ai.asking import CANNOT_ASK, Question, ask_chosen
from brandhound.providers.ai.choosing import Chosen, entered_price
from brandhound.providers.ai.features import TRIAL
from brandhound.providers.ai.prices import price_of
from brandhound.providers.ai.prompts import prompt
from brandhound.providers.ai.schemas import ModelAccountOut, ModelTrialOut
from brandhound.providers.errors import BreakerNotOpen, ProviderFailed
from brandhound.providers.models import Breaker
from brandhound.providers.parking import Parked
from brandhound.providers.probing import request_probe


class Trial(BaseModel):
    """The answer of somebody who can be asked."""

    model_config = ConfigDict(extra="forbid")

    word: Literal["ready"]


async def try_out(organization_id: UUID, account_id: UUID, model: str) -> ModelTrialOut:
    """Ask once, keep what came of it with the account, and say so. Raises NotThere or ModelKeyUnreadable.

    A service that is left alone is asked all the same: whoever presses the button wants to know whether it is mended.
    """
    access = await access_of(organization_id, account_id, model)
    await _let_one_through(access)
    question = Question(TRIAL, prompt("brandhound.providers.ai", "trial"), {}, {}, Trial, most_written=400)
    async with tenant_session(organization_id) as db:
        own = await entered_price(db, account_id, model)
    chosen = Chosen(TRIAL, access, price_of(access.kind, model, own))
    started = monotonic()
    problem: Problem | None = None
    cost: int | None = None
    try:
        cost = (await ask_chosen(organization_id, chosen, question, keeps=False, once=True)).cost_micros
    except CANNOT_ASK as error:
        problem = error
    took = round((monotonic() - started) * 1000)
    words, what_to_do = await _in_words(problem)
    async with tenant_session(organization_id) as db:
        account = await account_by_id(db, account_id)
        account.state = "failed" if problem else "well"
        account.tried_at, account.tried_model = clock.now(), model
        account.problem, account.what_to_do = words, what_to_do
        await db.flush()
        publish(db, "models", account.id)
        out = ModelAccountOut.model_validate(account)
    return ModelTrialOut(
        well=problem is None, took_ms=took, cost_micros=cost, problem=words, what_to_do=what_to_do, account=out
    )


async def _let_one_through(access: Access) -> None:
    service = access.service
    async with system_session() as db:
        breaker_id = await db.scalar(
            select(Breaker.id).where(
                Breaker.provider == service.provider,
                Breaker.key_fingerprint == service.key_fingerprint,
                Breaker.model == service.model,
                Breaker.state != "closed",
            )
        )
    if breaker_id is not None:
        try:
            await request_probe(breaker_id)
        except BreakerNotOpen:
            return


async def _in_words(problem: Problem | None) -> tuple[str | None, str | None]:
    """What went wrong, and what a person can do about it."""
    if problem is None:
        return None, None
    if isinstance(problem, ProviderFailed):
        said = _with(problem.failure.detail, problem.failure.message)
        if problem.tried_by_hand is not None:
            return said, problem.tried_by_hand.format(soon=_soon(problem.failure.retry_after))
        return said, problem.failure.what_to_do or problem.what_to_do
    if isinstance(problem, Parked):
        breaker = None
        if problem.breaker_id is not None:
            async with system_session() as db:
                breaker = await db.get(Breaker, problem.breaker_id)
        if breaker is not None and breaker.reason is not None:
            return _with(breaker.reason, breaker.message), breaker.what_to_do or "Mend that, then try again."
        return problem.reason, "Try again after a while."
    return problem.title(), problem.what_to_do


def _with(detail: str, said: str | None) -> str:
    return f"{detail} It said: {said}" if said else detail


def _soon(seconds: float | None) -> str:
    """When to try again, as one says it."""
    if seconds is None:
        return "in a minute"
    if seconds < 90:
        return f"in {max(1, ceil(seconds))} seconds" if seconds > 1 else "in a second"
    return f"in {ceil(seconds / 60)} minutes" if seconds < 5400 else f"in {ceil(seconds / 3600)} hours"
