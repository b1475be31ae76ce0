"""A model that can only be asked in our way: every request has its turn, its breaker and its reservation, whoever makes it.

It wraps the real client below everything that may ask more than once, so that a conversation with tools, or a second try
after an answer that did not fit, is counted and held back request by request.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID

import anyio
from pydantic_ai.exceptions import ContentFilterError, ModelAPIError, UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ModelResponse
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.lending import Overheard
from brandhound.providers.ai.accounts import Access
from brandhound.providers.ai.choosing import Chosen
from brandhound.providers.ai.clients import client_of
from brandhound.providers.ai.prices import Usage
from brandhound.providers.ai.prompts import Prompt
from brandhound.providers.ai.spending import PlannedCall, Reservation, lose, release, reserve, settle
from brandhound.providers.calling import Slot, guarded_call
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import as_object
from brandhound.providers.errors import ProviderFailed, problem_of
from brandhound.providers.failures import classify, title_of
from brandhound.providers.parking import Parked

MOST_WRITTEN = 2_000
"""Tokens that an answer may have where nobody says otherwise."""
_CHARACTERS_A_TOKEN = 3
"""Fewer than there are in any language that is written with letters: a reservation is never too small for those."""


class GuardedModel(WrapperModel):
    """A model with its turns, its breaker and its bill. `spent` is what this conversation took so far."""

    def __init__(self, organization_id: UUID, chosen: Chosen, prompt: Prompt, most_written: int = MOST_WRITTEN) -> None:
        self.overheard = Overheard()
        super().__init__(client_of(chosen.access, self.overheard))
        self.chosen = chosen
        self.prompt = prompt
        self.organization_id = organization_id
        self.most_written = most_written
        self.cost_micros: int | None = 0
        self.tokens = 0

    @property
    def access(self) -> Access:
        """Who is asked, with which key."""
        return self.chosen.access

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Ask once. Raises BudgetSpent, Parked or a ProviderFailed."""
        settings = self._bounded(model_settings)
        async with self._turn(messages, model_request_parameters) as (slot, bill):
            try:
                response = await self.wrapped.request(messages, settings, model_request_parameters)
            except Exception as error:
                raise self._meant(error) from error
            # Whatever it is worth, it is on the bill. Of one that is worth nothing and does not say what it took, the most.
            if not response.usage.has_values():
                self._check(slot)
            await self._paid(slot, bill, response.usage)
            self._check(slot)
        return response

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: Any = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """Ask once, and take the answer as it comes. Raises BudgetSpent, Parked or a ProviderFailed."""
        settings = self._bounded(model_settings)
        async with self._turn(messages, model_request_parameters) as (slot, bill):
            try:
                async with self.wrapped.request_stream(
                    messages, settings, model_request_parameters, run_context
                ) as response:
                    yield response
            except Exception as error:
                raise self._meant(error) from error
            slot.headers = self.overheard.headers
            if response.cancelled:
                # What it wrote is told at the end, which was not waited for.
                await asyncio.shield(lose(bill))
            else:
                await self._paid(slot, bill, response.usage)

    @asynccontextmanager
    async def _turn(
        self, messages: list[ModelMessage], parameters: ModelRequestParameters
    ) -> AsyncGenerator[tuple[Slot, Reservation]]:
        most = Usage(_size(messages, parameters), self.most_written)
        access = self.access
        service = access.service
        self.overheard.forget()
        planned = PlannedCall(self.chosen.feature, access.kind, access.model, self.prompt, most, self.chosen.price)
        bill = await reserve(self.organization_id, planned)
        try:
            names = (service.provider, service.key_fingerprint, service.model, self.organization_id)
            async with _in_one_task(guarded_call(*names, amounts={"tokens": most.total})) as slot:
                yield slot, bill
        except (Parked, ProviderFailed) as failed:
            if self._was_answered() or self.overheard.waited_in_vain:
                # It broke off, nobody could make sense of it, or it was still being written when we left, which its server
                # counts all the same: what it took is not known, and is on the bill.
                await lose(bill)
            else:
                await release(bill, str(failed.failure.cls) if isinstance(failed, ProviderFailed) else "parked")
            raise
        except BaseException:
            with anyio.CancelScope(shield=True):
                await lose(bill)
            raise

    def _bounded(self, given: ModelSettings | None) -> ModelSettings:
        own: dict[str, Any] = {"max_tokens": self.most_written}
        if self.access.kind == "openai":
            own["openai_store"] = False
        merged: Any = {**own, **(given or {})}
        return merged

    def _was_answered(self) -> bool:
        """Whether an answer to this request began well: who refuses one sends no bill."""
        return self.overheard.status is not None and self.overheard.status < 400

    def _check(self, slot: Slot) -> None:
        """Look at the answer as it came in, before anybody made sense of it."""
        heard = self.overheard
        if heard.status is not None and heard.body is not None:
            slot.check(heard.status, heard.headers, heard.body)

    async def _paid(self, slot: Slot, bill: Reservation, usage: RequestUsage) -> None:
        read = usage.input_tokens
        taken = Usage(read, usage.output_tokens, min(usage.cache_read_tokens, read))
        slot.took(tokens=taken.total)
        cost = await asyncio.shield(settle(bill, taken))
        self.tokens += taken.total
        self.cost_micros = None if cost is None or self.cost_micros is None else self.cost_micros + cost

    def _meant(self, error: Exception) -> Exception:
        """What a failure of a client means, in our vocabulary: the answer itself says more than the client's exception."""
        provider, heard = self.access.kind, self.overheard
        if isinstance(error, ProviderFailed | Parked):
            return error
        if heard.status is not None and heard.status >= 400:
            return problem_of(classify(provider, heard.status, heard.headers, heard.body or b""))
        for cause in _causes(error):
            if isinstance(cause, FetchFailed):
                return problem_of(classify(provider, body_or_error=cause))
            if body := as_object(getattr(cause, "body", None)):
                # An error in the middle of a stream that began well.
                whole = body if "error" in body else {"error": body}
                return problem_of(classify(provider, 200, heard.headers, whole))
        if heard.status is not None and heard.body is not None:
            found = classify(provider, heard.status, heard.headers, heard.body)
            if found.code != "unusable":
                return problem_of(found)
        if isinstance(error, ContentFilterError):
            return problem_of(refused(provider))
        if isinstance(error, UnexpectedModelBehavior | ModelAPIError):
            return problem_of(bad_output(provider))
        return error


@asynccontextmanager
async def _in_one_task(turn: AbstractAsyncContextManager[Slot]) -> AsyncGenerator[Slot]:
    """Begin and end a turn in a task of its own: a stream is ended by another task than the one that began it."""
    loop = asyncio.get_running_loop()
    begun: asyncio.Future[Slot] = loop.create_future()
    over: asyncio.Future[None] = loop.create_future()

    async def hold() -> None:
        async with turn as slot:
            begun.set_result(slot)
            await over

    holding = loop.create_task(hold(), name="a turn at a model")
    try:
        await asyncio.wait({holding, begun}, return_when=asyncio.FIRST_COMPLETED)
        if not begun.done():
            await holding
        yield begun.result()
    except BaseException as error:
        # Shielded, because a stream that is stopped is stopped anew at each wait.
        with anyio.CancelScope(shield=True):
            if begun.done() and not over.done():
                over.set_exception(error)
            elif not begun.done():
                holding.cancel()
            await asyncio.wait({holding})
        # Says what the failure means to this work, which may be another than what was raised.
        if not holding.cancelled() and (meant := holding.exception()) is not None and meant is not error:
            raise meant from error
        raise
    else:
        over.set_result(None)
        await holding


def bad_output(provider: str, what_to_do: str = "") -> Failure:
    """There is an answer, and it is not what was asked for. Without a message: the words of the client are not the server's."""
    title = title_of(provider)
    detail = f"{title} answered something else than was asked for."
    return Failure(FailureClass.BAD_OUTPUT, provider, "not-in-form", detail, what_to_do=what_to_do)


def refused(provider: str) -> Failure:
    """It does not want to deal with this, and says so in a good answer."""
    detail = f"{title_of(provider)} refuses to deal with this content."
    return Failure(FailureClass.CONTENT_BLOCKED, provider, "refusal", detail)


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _size(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    """The most tokens that reading this may take."""
    written = len(ModelMessagesTypeAdapter.dump_json(messages))
    tools = (*parameters.function_tools, *parameters.output_tools)
    forms = sum(len(str(tool.parameters_json_schema)) + len(tool.name) + 40 for tool in tools)
    form = len(str(parameters.output_object.json_schema)) if parameters.output_object else 0
    return (written + forms + form) // _CHARACTERS_A_TOKEN + 50


__all__ = ["GuardedModel", "bad_output", "refused"]
