"""One call of an outside service, with everything that belongs to it: breaker, limits, understanding of what went wrong.

    async with guarded_call("openai", fingerprint, "gpt-x", organization_id, amounts={"tokens": 900}) as slot:
        answer = await fetcher().ask(url, body, headers)
        slot.check(answer.status, answer.headers, answer.body)

Leaves with Parked when the service is to be left alone, now or because of this very call; with a ProviderFailed when the
call failed and the same work may be tried again, shortened, or done elsewhere (see `pursuing`).
"""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from brandhound.core import clock
from brandhound.core.db import unfenced
from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.client import fetcher
from brandhound.core.logs.context import bound
from brandhound.core.measuring import count, metric, observe
from brandhound.core.tracing import span
from brandhound.providers.allowances import Metric
from brandhound.providers.breaker import Pass, breakers
from brandhound.providers.callees import Service
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.errors import ProviderFailed, problem_of
from brandhound.providers.failures import classify, failure_in
from brandhound.providers.limits import LEASE, PATIENCE, Amounts, Grant, limiter
from brandhound.providers.parking import Parked

__all__ = ["Slot", "ask_json", "guarded_call"]

CALLS = metric(
    "brandhound_provider_calls_total",
    "counter",
    "Calls of outside services, by what came of them: ok, parked, or the class of the failure.",
    "provider",
    "outcome",
)
CALL_SECONDS = metric(
    "brandhound_provider_call_seconds", "histogram", "Time of calls of outside services that went well.", "provider"
)
_log = logging.getLogger("brandhound.providers")

_THEIRS = (ProviderFailed, FetchFailed, OSError, EOFError, ssl.SSLError, json.JSONDecodeError, ValidationError)


class Slot:
    """A call that is being made."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.headers: Mapping[str, str] = {}
        self.used: dict[Metric, int] = {}

    def check(self, status: int, headers: Mapping[str, str], body: object) -> None:
        """Look at an answer. Raises the ProviderFailed that it means, also for one with status 200."""
        self.headers = headers
        if failure := failure_in(self.service.provider, status, headers, body):
            raise problem_of(failure)

    def took(self, **amounts: int) -> None:
        """What the call really used, such as `tokens=812`, where it was guessed before."""
        for name, amount in amounts.items():
            if name in ("tokens", "requests"):
                self.used[name] = amount


@asynccontextmanager
async def guarded_call(
    provider: str,
    key_fingerprint: str,
    model: str,
    organization_id: UUID,
    *,
    amounts: Amounts | None = None,
    patience: timedelta = PATIENCE,
    lease: timedelta = LEASE,
) -> AsyncGenerator[Slot]:
    """Make one call when its turn has come. `amounts` is what it will need, `lease` how long it may take at the most.

    Raises Parked or a ProviderFailed. Never hold a transaction around it.
    """
    service = Service(provider, key_fingerprint, model)
    with bound(provider=provider), span(f"call {provider}", "client", **{"brandhound.model": model}):
        try:
            with unfenced():
                given, grant = await _let_in(service, organization_id, amounts, patience, lease)
        except Parked:
            count(CALLS, provider, "parked")
            raise
        slot, started = Slot(service), monotonic()
        try:
            yield slot
        except Exception as error:
            failure = None if isinstance(error, Parked) else _failure_of(provider, error)
            with unfenced():
                if failure is None:
                    await breakers().abandon(given)
                    raise
                count(CALLS, provider, failure.cls)
                raise await _settled(given, failure) from error
        except BaseException:
            # Stopped from outside: the service is not to blame.
            with unfenced():
                await asyncio.shield(breakers().abandon(given))
            raise
        else:
            count(CALLS, provider, "ok")
            observe(CALL_SECONDS, monotonic() - started, provider)
            with unfenced():
                await _kept_in_mind(breakers().leave(given, None))
        finally:
            with unfenced():
                await asyncio.shield(_kept_in_mind(limiter().release(grant, slot.headers, slot.used)))


async def ask_json(
    service: Service,
    url: str,
    question: object,
    organization_id: UUID,
    *,
    headers: Mapping[str, str] | None = None,
    amounts: Amounts | None = None,
    max_bytes: int = 4 * 1024 * 1024,
    seconds: float = 300.0,
) -> Any:
    """Post one question as JSON and return the answer's data. Raises Parked or a ProviderFailed."""
    body = json.dumps(question, ensure_ascii=False).encode()
    sent = {"content-type": "application/json", "accept": "application/json", **(headers or {})}
    names = (service.provider, service.key_fingerprint, service.model)
    async with guarded_call(*names, organization_id, amounts=amounts) as slot:
        answer = await fetcher().ask(url, body, sent, max_bytes=max_bytes, seconds=seconds)
        slot.check(answer.status, answer.headers, answer.body)
        return json.loads(answer.body)


def _failure_of(provider: str, error: Exception) -> Failure | None:
    """The failure if it is the service's; None for a mistake of our own, which is to be seen as one."""
    if isinstance(error, ProviderFailed):
        return error.failure
    if isinstance(error, _THEIRS) or type(error).__name__.startswith("SMTP"):
        return classify(provider, body_or_error=error)
    return None


async def _let_in(
    service: Service, organization_id: UUID, amounts: Amounts | None, patience: timedelta, lease: timedelta
) -> tuple[Pass, Grant]:
    given = await breakers().enter(service)
    try:
        grant = await limiter().acquire(service, organization_id, amounts, patience=patience, lease=lease)
    except BaseException:
        await asyncio.shield(breakers().abandon(given))
        raise
    return given, grant


async def _settled(given: Pass, failure: Failure) -> Parked | ProviderFailed:
    """Draw the consequences for everybody, and say what this work gets to hear."""
    service = given.service
    wait = failure.retry_after
    if failure.cls is FailureClass.RETRY_AFTER and wait is not None:
        await limiter().leave_alone(service, wait)
    elif failure.cls is FailureClass.SLOW_DOWN:
        await limiter().slow_down(service)
    if parked := await breakers().leave(given, failure):
        return parked
    if wait is not None and wait > PATIENCE.total_seconds():
        return Parked(service.provider, failure.detail, clock.now() + timedelta(seconds=wait), given.breaker_id)
    return problem_of(failure)


async def _kept_in_mind(noting: Awaitable[object]) -> None:
    """Book-keeping after the call. An answer that was paid for is not lost because the database went away meanwhile."""
    try:
        await noting
    except (SQLAlchemyError, OSError) as error:
        _log.warning("what came of a call could not be written down: %s", type(error).__name__)
