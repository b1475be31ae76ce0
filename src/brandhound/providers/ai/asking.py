"""Asking a model: one typed answer, words as they come, or a conversation with tools. The one door to all of them.

    answer = await ask(organization_id, Question(feature, prompt, facts, sources, form=Verdict))

What is asked the same way again is answered from what was kept. Hold no transaction around any of this.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from brandhound.core.db import tenant_session
from brandhound.providers.ai.answers import content_hash, keep_answer, kept_answer
from brandhound.providers.ai.choosing import Chosen, chosen_for
from brandhound.providers.ai.errors import BudgetSpent, ModelKeyUnreadable, NoModel
from brandhound.providers.ai.kinds import KINDS, Form
from brandhound.providers.ai.prices import Usage
from brandhound.providers.ai.prompts import Prompt
from brandhound.providers.ai.quarantine import fenced
from brandhound.providers.ai.spending import PlannedCall, note_cached
from brandhound.providers.callees import Service
from brandhound.providers.errors import ProviderFailed, problem_of
from brandhound.providers.parking import Parked
from brandhound.providers.pursuing import Asking, pursue

if TYPE_CHECKING:
    from brandhound.providers.ai.guarding import GuardedModel

T = TypeVar("T", bound=BaseModel)

_PATIENCE_AT_THE_END = 10.0
CANNOT_ASK = (NoModel, BudgetSpent, ModelKeyUnreadable, Parked, ProviderFailed)
"""Why a model could not be asked. Whoever asks does it without, then."""
IN_VAIN = "It was asked once more, in vain. Try another model."


@dataclass(frozen=True)
class Question(Generic[T]):
    """Something to be answered in a form.

    `facts` are the organization's own words, `sources` strangers' texts by name: those are put between marks, and
    nothing that stands in them is done.
    """

    feature: str
    prompt: Prompt
    facts: Mapping[str, object]
    sources: Mapping[str, str]
    form: type[T]
    most_written: int = 1_000

    @property
    def content(self) -> str:
        """What stands for it where answers are kept."""
        data = json.dumps([self.facts, self.sources], sort_keys=True, ensure_ascii=False)
        return content_hash(data, self.form.model_json_schema())

    def words(self, asking: Asking) -> str:
        """As it is put to the model. Of less the ends of the sources are left out."""
        sources = {name: text[: max(200, int(len(text) * asking.size))] for name, text in self.sources.items()}
        said = f"The facts:\n{json.dumps(self.facts, ensure_ascii=False)}\n\nThe data:\n\n{fenced(sources)}"
        if asking.complaint:
            said += f"\n\nYour last answer could not be used: {asking.complaint}"
        return said


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What a model said, who it was, and what it took."""

    value: T
    provider: str
    model: str
    prompt_version: str
    cost_micros: int | None
    tokens: int
    cached: bool = False


async def ask(organization_id: UUID, question: Question[T], *, once: bool = False) -> Answer[T]:
    """The answer of the model that is chosen for this use. Raises what CANNOT_ASK names, and nothing else of its own.

    What passes is waited out and tried again, for minutes; not where somebody looks on (`once`).
    """
    chosen = await chosen_for(organization_id, question.feature)
    if (kept := await _kept(organization_id, chosen, question)) is not None:
        return kept
    return await ask_chosen(organization_id, chosen, question, once=once)


async def ask_chosen(
    organization_id: UUID, chosen: Chosen, question: Question[T], *, keeps: bool = True, once: bool = False
) -> Answer[T]:
    """The same of a certain model, whatever was answered before."""
    access = chosen.access

    async def put(_: Service, asking: Asking) -> Answer[T]:
        from pydantic_ai import Agent
        from pydantic_ai.exceptions import ContentFilterError, UnexpectedModelBehavior

        from brandhound.providers.ai.guarding import GuardedModel, bad_output, refused

        model = GuardedModel(organization_id, chosen, question.prompt, question.most_written)
        output: Any = _in_form(question.form, KINDS[access.kind].form)
        agent: Any = Agent(model, instructions=question.prompt.text, output_type=output, retries=1)
        try:
            result = await agent.run(question.words(asking))
        except ContentFilterError as error:
            raise problem_of(refused(access.kind)) from error
        except UnexpectedModelBehavior as error:
            raise problem_of(bad_output(access.kind, IN_VAIN)) from error
        value: T = result.output
        return Answer(value, access.kind, access.model, question.prompt.version, model.cost_micros, model.tokens)

    answer = await (put(access.service, Asking()) if once else pursue([access.service], put, shrinks=True))
    if keeps:
        given = answer.value.model_dump(mode="json")
        asked = (access, question.prompt, question.content)
        await keep_answer(organization_id, *asked, given, answer.cost_micros, answer.tokens)
    return answer


@asynccontextmanager
async def conversation(
    organization_id: UUID, feature: str, prompt: Prompt, *, most_written: int = 4_000
) -> AsyncGenerator["GuardedModel"]:
    """The chosen model itself, for a conversation with tools or for words as they come: each request of it has its turn,
    its breaker and its bill. Raises what CANNOT_ASK names.
    """
    chosen = await chosen_for(organization_id, feature)
    from brandhound.providers.ai.guarding import GuardedModel

    yield GuardedModel(organization_id, chosen, prompt, most_written)


async def stream_words(organization_id: UUID, question: "WordsWanted") -> AsyncGenerator[str]:
    """Words of the chosen model as they come, in pieces. Raises what CANNOT_ASK names, also in the middle.

    Close it to stop early: what was not heard to its end counts as paid for.
    """
    pieces: asyncio.Queue[str | None] = asyncio.Queue()
    stopped = asyncio.Event()
    # In a task of its own, which stops at a piece: what is torn out of the middle of one leaves its turn taken.
    writing = asyncio.create_task(_write(organization_id, question, pieces, stopped), name="a model's words")
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
        await writing
    finally:
        stopped.set()
        await asyncio.wait({writing}, timeout=_PATIENCE_AT_THE_END)
        if not writing.cancel() and not writing.cancelled():
            writing.exception()


async def _write(
    organization_id: UUID, question: "WordsWanted", pieces: asyncio.Queue[str | None], stopped: asyncio.Event
) -> None:
    from pydantic_ai import Agent

    try:
        async with conversation(organization_id, question.feature, question.prompt) as model:
            agent: Any = Agent(model, instructions=question.prompt.text)
            async with agent.run_stream(question.words()) as result:
                async with aclosing(result.stream_text(delta=True, debounce_by=None)) as words:
                    async for piece in words:
                        pieces.put_nowait(piece)
                        # The other side is let in between two pieces.
                        await asyncio.sleep(0)
                        if stopped.is_set():
                            break
                if stopped.is_set():
                    await result.cancel()
    finally:
        pieces.put_nowait(None)


@dataclass(frozen=True)
class WordsWanted:
    """Words to be written, about facts and strangers' texts."""

    feature: str
    prompt: Prompt
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    sources: Mapping[str, str] = field(default_factory=dict[str, str])

    def words(self) -> str:
        """As it is put to the model."""
        said = f"The facts:\n{json.dumps(self.facts, ensure_ascii=False)}"
        return f"{said}\n\nThe data:\n\n{fenced(self.sources)}" if self.sources else said


async def _kept(organization_id: UUID, chosen: Chosen, question: Question[T]) -> Answer[T] | None:
    access = chosen.access
    async with tenant_session(organization_id) as db:
        found = await kept_answer(db, access, question.prompt, question.content)
        if found is None:
            return None
        try:
            value = question.form.model_validate(found.answer)
        except ValidationError:
            return None
        planned = PlannedCall(question.feature, access.kind, access.model, question.prompt, Usage(), None)
        await note_cached(db, planned)
        return Answer(value, access.kind, access.model, question.prompt.version, 0, 0, cached=True)


def _in_form(form: type[BaseModel], how: Form) -> object:
    from pydantic_ai import NativeOutput, PromptedOutput, ToolOutput

    match how:
        case "native":
            return NativeOutput(form)
        case "tool":
            return ToolOutput(form)
        case "prompted":
            return PromptedOutput(form)
