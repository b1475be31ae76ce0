"""A job that asks a provider."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.providers.callees import Service
from brandhound.providers.calling import ask_json


class Ask(BaseModel):
    url: str
    model: str


@job("samples.ask", timeout=timedelta(seconds=30))
async def ask_somebody(run: Run, parameters: Ask) -> Outcome:
    async def ask() -> Any:
        return await ask_json(Service("openai", "", parameters.model), parameters.url, {}, run.organization_id)

    await run.step("ask", ask)
    return Done("asked")
