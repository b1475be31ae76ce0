"""Halves of characters, which neither UTF-8 nor PostgreSQL can hold, in what a run says or is told."""

import asyncio
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel

from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial, Snooze
from brandhound.jobs.registry import Run, job
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.failures import classify
from tests.jobs.test_runs import lines_of, run_of, start

pytestmark = pytest.mark.anyio

HALF = "\ud83d"


class Way(BaseModel):
    way: str


@job("samples.garble", timeout=timedelta(seconds=30))
async def garble(run: Run, parameters: Way) -> Outcome:
    """Let half a character, and a NUL, into everything that a run may say."""
    match parameters.way:
        case "provider":
            await run.step("ask", _ask)
        case "log":
            await run.log(
                "info", f"a line {HALF}", fact=f"a fact {HALF}", **{f"name {HALF}": {f"inner {HALF}": [HALF]}}
            )
        case "progress":
            run.plan([(f"page {HALF}", 1)])
            await run.step(f"page {HALF}", asyncio.sleep, 0)
            await run.progress(1, 2, f"looks at {HALF}\x00")
        case "partial":
            return Partial(f"half of it {HALF}\x00")
        case "cancel":
            return Cancel(f"it was removed {HALF}")
        case "later":
            return Snooze(timedelta(hours=1), f"not ready {HALF}")
        case "surprise":
            raise RuntimeError(f"not foreseen {HALF}")
        case _:
            pass
    return Done(f"done {HALF}")


async def _ask() -> None:
    raise ProviderFailed(classify("openai", 400, {}, b'{"error":{"message":"bad text \\ud83d here"}}'))


@pytest.mark.parametrize(
    ("way", "state", "words"),
    [
        ("done", "done", "done ?"),
        ("log", "done", "done ?"),
        ("progress", "done", "done ?"),
        ("partial", "partial", "half of it ?\N{REPLACEMENT CHARACTER}"),
        ("cancel", "cancelled", "it was removed ?"),
        ("later", "waiting", "not ready ?"),
        ("surprise", "failed", "RuntimeError: not foreseen ?"),
        ("provider", "failed", "OpenAI does not understand our question."),
    ],
)
async def test_a_run_ends_whatever_it_has_to_say(
    client: httpx.AsyncClient, organization_id: UUID, way: str, state: str, words: str
) -> None:
    run_id = await start(organization_id, "samples.garble", Way(way=way))
    await run_until_idle(organization_id)
    run = (await client.get(f"/api/runs/{run_id}")).json()
    assert run["state"] == state
    assert words in str(run["reason"])


async def test_a_line_with_half_a_character_is_kept(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.garble", Way(way="log"))
    await run_until_idle(organization_id)
    (line,) = await lines_of(organization_id, run_id)
    assert (line.text, line.facts) == ("a line ?", {"fact": "a fact ?", "name ?": {"inner ?": ["?"]}})


async def test_what_a_provider_said_is_kept_with_its_failure(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.garble", Way(way="provider"))
    await run_until_idle(organization_id)
    assert "bad text ? here" in str((await lines_of(organization_id, run_id))[-1].facts)


class Company:
    over: ClassVar[asyncio.Event]


@job("samples.keep_company", timeout=timedelta(seconds=30))
async def keep_company(run: Run, parameters: Way) -> Outcome:
    """Say something and then go on for a while."""
    await run.progress(1, 2, f"says {parameters.way}")
    await run.log("info", parameters.way + (HALF if parameters.way == "garbled" else ""))
    await Company.over.wait()
    return Done()


async def test_a_run_that_says_what_cannot_be_stored_silences_no_other(organization_id: UUID) -> None:
    Company.over = asyncio.Event()
    garbled, clear = [
        await start(organization_id, "samples.keep_company", Way(way=way)) for way in ("garbled", "clear")
    ]
    running = asyncio.create_task(run_until_idle(organization_id))
    try:
        for _ in range(100):
            await asyncio.sleep(0.1)
            if all([await lines_of(organization_id, run_id) for run_id in (garbled, clear)]):
                break
        assert (await run_of(organization_id, clear)).progress_text == "says clear"
        assert [line.text for line in await lines_of(organization_id, garbled)] == ["garbled?"]
    finally:
        Company.over.set()
        await running
