"""Jobs that tests run: each does one thing that can go right or wrong."""

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from brandhound.core import clock
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial, Snooze
from brandhound.jobs.registry import Event, Run, job
from brandhound.providers.parking import Parked


class Nothing(BaseModel):
    pass


@job("samples.nothing", queue="fetch", timeout=timedelta(seconds=30), title="Do nothing")
async def do_nothing(run: Run, parameters: Nothing) -> Outcome:
    """Do nothing at all."""
    return Done("nothing to do")


@job("samples.short", timeout=timedelta(seconds=30))
async def do_short(run: Run) -> Outcome:
    return Done()


class Words(BaseModel):
    lines: int = 3
    secret: str | None = None


@job("samples.talk", timeout=timedelta(seconds=30), title="Say something")
async def talk(run: Run, parameters: Words) -> Outcome:
    for number in range(parameters.lines):
        await run.log("info", f"line {number}", number=number)
    if parameters.secret:
        await run.log("warning", f"the password is password={parameters.secret}", api_key=parameters.secret)
    return Done(f"{parameters.lines} lines")


class Trouble(BaseModel):
    kind: str


class Refused(Exception):
    code = "refused"
    detail = "nobody listens there"


@job("samples.trouble", timeout=timedelta(seconds=30))
async def get_into_trouble(run: Run, parameters: Trouble) -> Outcome:
    match parameters.kind:
        case "partial":
            return Partial("half of it")
        case "cancel":
            return Cancel("the thing was removed")
        case "surprise":
            raise RuntimeError("this was not foreseen, password=hunter2hunter2")
        case "refused":
            await run.step("knock", _knock)
        case "parked":
            until = clock.now() + timedelta(hours=3)
            raise Parked("openai", "The quota is spent", until)
        case _:
            return Snooze(timedelta(hours=1), "not ready")
    return Done()


async def _knock() -> None:
    raise Refused


class Flaky(BaseModel):
    failures: int
    code: str = "refused"


class Tries:
    """How often something was tried, in this process."""

    count: ClassVar[int] = 0


@job("samples.flaky", timeout=timedelta(seconds=30))
async def be_flaky(run: Run, parameters: Flaky) -> Outcome:
    Tries.count = 0
    answer = await run.step("try", _try, parameters.failures, parameters.code)
    return Done(str(answer))


async def _try(failures: int, code: str) -> dict[str, int]:
    Tries.count += 1
    if Tries.count <= failures:
        error = Refused()
        error.code = code
        raise error
    return {"tries": Tries.count}


class Wait(BaseModel):
    seconds: float
    deaf: bool = False


class Deafness:
    """Whether those that do not listen may listen again, in this process."""

    over: ClassVar[bool] = False


@job("samples.wait", timeout=timedelta(seconds=60), title="Wait")
async def wait(run: Run, parameters: Wait) -> Outcome:
    await run.progress(1, 10, "Waiting")
    await run.step("wait", _deaf_wait if parameters.deaf else _wait, parameters.seconds)
    return Done("waited")


async def _wait(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def _deaf_wait(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not Deafness.over:
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            continue


@job("samples.pieces", timeout=timedelta(seconds=60))
async def wait_in_pieces(run: Run, parameters: Wait) -> Outcome:
    """Wait, with a safe point every twentieth of a second."""
    for _ in range(int(parameters.seconds * 20)):
        await asyncio.sleep(0.05)
        await run.check()
    return Done("waited")


class Count(BaseModel):
    total: int
    step: int = 1


@job("samples.count", timeout=timedelta(seconds=60))
async def count(run: Run, parameters: Count) -> Outcome:
    for number in range(0, parameters.total + 1, parameters.step):
        await run.progress(number, parameters.total, "Counting")
    return Done()


class Planned(BaseModel):
    seconds: float


@job("samples.planned", timeout=timedelta(seconds=60), title="Do what is planned")
async def do_planned(run: Run, parameters: Planned) -> Outcome:
    run.plan([("fetch", 3), ("match", 1)])
    for number in range(3):
        await run.step(f"fetch {number}", _wait, parameters.seconds)
        await run.progress(number + 1, 3)
    await run.step("match", _wait, parameters.seconds)
    return Done()


class Page(BaseModel):
    number: int


@job("samples.handover", timeout=timedelta(seconds=60))
async def hand_over(run: Run, parameters: Trouble) -> Outcome:
    """A step whose result is checked: right, or of an older version."""
    page = await run.step_as(Page, "page", _page, parameters.kind)
    return Done(f"page {page.number + 1}")


async def _page(kind: str) -> Page:
    return Page(number=1) if kind == "right" else Page.model_construct(number="one")  # pyright: ignore[reportArgumentType]


class Trail(BaseModel):
    """Each step leaves a line in the file, so that a test sees what was done, by whom and how often."""

    file: str
    steps: int = 3
    seconds: float = 0.2
    held: int | None = None
    """The step that ends no sooner than somebody lets go (`let_go`)."""


@job("samples.trail", queue="fetch", timeout=timedelta(seconds=120))
async def leave_trail(run: Run, parameters: Trail) -> Outcome:
    for number in range(parameters.steps):
        held = number == parameters.held
        await run.step(f"step {number}", leave_mark, parameters.file, str(run.id), number, parameters.seconds, held)
        await run.progress(number + 1, parameters.steps)
        await run.log("info", f"step {number} is done")
    return Done(f"{parameters.steps} steps")


async def leave_mark(file: str, run_id: str, number: int, seconds: float, held: bool = False) -> int:
    _append(file, f"begin {run_id} {number} {os.getpid()}")
    await asyncio.sleep(seconds)
    # Another process lets go.
    while held and not _gone(file).exists():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    _append(file, f"end {run_id} {number} {os.getpid()}")
    return number


def let_go(file: Path) -> None:
    """Let the steps end that are held."""
    _gone(str(file)).touch()


def _gone(file: str) -> Path:
    return Path(f"{file}.go")


class Hurdle(BaseModel):
    file: str
    gate: str
    kind: str


@job("samples.hurdle", queue="fetch", timeout=timedelta(seconds=60))
async def take_hurdle(run: Run, parameters: Hurdle) -> Outcome:
    """Three steps, of which the second only succeeds when there is a file that opens the gate."""
    await run.step("first", leave_mark, parameters.file, str(run.id), 0, 0.0)
    await run.step("hurdle", _pass_gate, parameters.gate, parameters.kind)
    await run.step("last", leave_mark, parameters.file, str(run.id), 2, 0.0)
    return Done("over it")


async def _pass_gate(gate: str, kind: str) -> None:
    if Path(gate).exists():  # noqa: ASYNC240
        return
    if kind == "parked":
        raise Parked("openai", "The quota is spent", clock.now() + timedelta(hours=3))
    raise Refused


def _append(file: str, line: str) -> None:
    with Path(file).open("a") as opened:
        opened.write(line + "\n")


@job("samples.suicide", queue="fetch", timeout=timedelta(seconds=60))
async def kill_the_worker(run: Run) -> Outcome:
    os._exit(1)


class ThingStored(Event):
    thing_ids: list[UUID]


@job("samples.heard", on=ThingStored, timeout=timedelta(seconds=10))
async def hear(run: Run, parameters: ThingStored) -> Outcome:
    async with run.session() as db:
        owner = (await db.execute(text("select current_setting('app.organization_id')"))).scalar_one()
    return Done(f"{len(parameters.thing_ids)} things of {owner}")
