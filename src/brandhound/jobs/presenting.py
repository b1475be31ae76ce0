"""Runs as the API shows them, each with the reason why it stands where it stands."""

import json
from collections.abc import AsyncGenerator, Sequence
from uuid import UUID

from brandhound.core.db import Db, tenant_session
from brandhound.jobs.estimating import seconds_left
from brandhound.jobs.models import LEVELS, Level, RunLine, RunRow
from brandhound.jobs.queries import lines_after
from brandhound.jobs.schemas import LogLineOut, RunError, RunOut, RunProgress
from brandhound.jobs.states import may

LEVEL_NAMES: dict[int, Level] = {number: name for name, number in LEVELS.items()}


async def runs_out(db: Db, runs: Sequence[RunRow]) -> list[RunOut]:
    """The runs as JSON, in the same order; those at work with the seconds that are probably left."""
    left = await seconds_left(db, [run for run in runs if run.state == "running"])
    return [_run_out(run, left.get(run.id)) for run in runs]


async def run_out(db: Db, run: RunRow) -> RunOut:
    """One run as JSON."""
    return (await runs_out(db, [run]))[0]


def line_out(line: RunLine) -> LogLineOut:
    """One line of a log as JSON."""
    return LogLineOut(seq=line.seq, at=line.at, level=LEVEL_NAMES[line.level], text=line.text, facts=line.facts)


async def log_as_text(organization_id: UUID, run_id: UUID) -> AsyncGenerator[str]:
    """The log of a run, a line of text each, a thousand at a time: nothing is held open while a slow reader reads."""
    after, more = 0, True
    while more:
        async with tenant_session(organization_id) as db:
            lines = await lines_after(db, run_id, after, 0, 1000)
        more = len(lines) > 1000
        for line in lines[:1000]:
            after = line.seq
            facts = " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in line.facts.items())
            level = LEVEL_NAMES[line.level].upper()
            yield f"{line.at.isoformat(timespec='milliseconds')} {level:7} {line.text} {facts}".rstrip() + "\n"


def reason_of(run: RunRow) -> str | None:
    """Why it stands where it stands, in words; None where the state says it all."""
    match run.state:
        case "scheduled":
            return run.reason or "Begins by itself at its time"
        case "queued" if not run.admitted:
            return "Waits for its turn: your organization already has its share of this queue at work"
        case "queued" if run.interruptions:
            return "Queued again: its worker had gone"
        case "queued":
            return "Waits for a free worker"
        case "waiting":
            return run.reason or (f"Waits for {run.waiting_for}" if run.waiting_for else "Put off")
        case "running" if run.cancel_requested_at:
            return "Is being stopped"
        case "running" if run.pause_requested_at:
            return "Comes to rest at its next safe point"
        case "running":
            return _step_of(run)
        case "paused":
            return run.reason or "Paused on request"
        case _:
            return run.error_detail or run.outcome


def _step_of(run: RunRow) -> str | None:
    if run.step_number and run.step_count:
        return f"Step {run.step_number} of {run.step_count}: {run.step}"
    return run.step


def _run_out(run: RunRow, seconds: float | None) -> RunOut:
    told = run.progress_total is not None or run.progress_done > 0 or run.progress_text is not None or run.step_count
    busy = run.cancel_requested_at is not None
    return RunOut.model_validate(
        {
            **{name: getattr(run, name) for name in RunOut.model_fields if hasattr(run, name)},
            "attempts": max(0, run.attempts - run.put_offs),
            "reason": reason_of(run),
            "error": RunError(
                code=run.error_code, detail=run.error_detail or "", error_class=run.error_class or "fatal"
            )
            if run.error_code
            else None,
            "progress": RunProgress(
                done=run.progress_done,
                total=run.progress_total,
                text=run.progress_text,
                share=run.progress_share,
                step=run.step,
                step_number=run.step_number,
                step_count=run.step_count,
                seconds_left=seconds,
            )
            if told or seconds is not None
            else None,
            "can_cancel": may("cancel", run.state) and not busy,
            "can_pause": may("pause", run.state) and not busy and run.pause_requested_at is None,
            "can_resume": may("resume", run.state),
            "can_replay": may("replay", run.state),
        }
    )
