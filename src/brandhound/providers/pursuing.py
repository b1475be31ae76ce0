"""Carrying out what the strategies say: wait, ask again, ask less, ask another, do without.

tone = await pursue([big, small], ask, shrinks=True, degrade=by_word_list)
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from brandhound.core import clock
from brandhound.providers.budget import take_retry
from brandhound.providers.callees import Service
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.parking import Parked
from brandhound.providers.strategies import PATIENCE, Decision, Move, decide

T = TypeVar("T")


@dataclass(frozen=True)
class Asking:
    """How to put the question this time."""

    size: float = 1.0
    """Share of the input to send: 1, then less when it was too much."""
    complaint: str | None = None
    """What was wrong with the last answer, to be shown to who gave it."""


async def pursue(
    services: Sequence[Service],
    ask: Callable[[Service, Asking], Awaitable[T]],
    *,
    shrinks: bool = False,
    repairs: bool = False,
    degrade: Callable[[ProviderFailed | Parked], Awaitable[T]] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> T:
    """The answer of the first service that gives one, in order of preference; or what `degrade` makes without any.

    Raises the last ProviderFailed where nothing helps, or Parked until the earliest moment at which one may be asked again.
    """
    parked: list[Parked] = []
    failed: ProviderFailed | None = None
    for place, service in enumerate(services):
        able = _able(shrinks, repairs, another=place + 1 < len(services), degrades=degrade is not None)
        asking, failures = Asking(), 0
        while True:
            try:
                return await ask(service, asking)
            except Parked as reason:
                parked.append(reason)
                break
            except ProviderFailed as error:
                failed = error
            failures += 1
            decision = decide(failed.failure, failures, able)
            if decision.move in (Move.SWITCH_PROVIDER, Move.DEGRADE):
                break
            if decision.move in (Move.GIVE_UP, Move.PARK, Move.WAIT_FOR_RESET):
                raise failed
            if decision.wait > PATIENCE:
                parked.append(Parked(service.provider, failed.failure.detail, clock.now() + decision.wait))
                break
            try:
                await take_retry(service.provider)
            except Parked as reason:
                parked.append(reason)
                break
            await sleep(decision.wait.total_seconds())
            asking = _next(asking, decision, failed)
    return await _without(parked, failed, degrade)


async def _without(
    parked: list[Parked],
    failed: ProviderFailed | None,
    degrade: Callable[[ProviderFailed | Parked], Awaitable[T]] | None,
) -> T:
    soonest = min(parked, key=lambda one: one.until, default=None)
    why = soonest or failed
    if why is None:
        raise ValueError("there is no service to ask")
    if degrade is not None:
        return await degrade(why)
    raise why


def _able(shrinks: bool, repairs: bool, *, another: bool, degrades: bool) -> set[Move]:
    means = {
        Move.SHRINK_INPUT: shrinks,
        Move.ASK_AGAIN: repairs,
        Move.SWITCH_PROVIDER: another,
        Move.DEGRADE: degrades,
    }
    return {move for move, has in means.items() if has}


def _next(asking: Asking, decision: Decision, failed: ProviderFailed) -> Asking:
    match decision.move:
        case Move.SHRINK_INPUT:
            return replace(asking, size=asking.size / 2)
        case Move.ASK_AGAIN:
            return replace(asking, complaint=failed.failure.message or failed.failure.detail)
        case _:
            return asking
