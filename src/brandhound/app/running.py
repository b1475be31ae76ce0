"""`brandhound runs`: see runs and control them from a terminal on this machine."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.app import slices
from brandhound.core import live
from brandhound.core.db import Db, close_engines, tenant_session
from brandhound.core.problems import Problem
from brandhound.core.system import system_session
from brandhound.jobs import controlling
from brandhound.jobs.models import RunRow
from brandhound.jobs.presenting import reason_of
from brandhound.jobs.queries import RunFilter, conditions
from brandhound.jobs.states import ACTIVE, STATES, before

_DEEDS: dict[str, tuple[str, Callable[[Db, UUID], Awaitable[RunRow]]]] = {
    "pause": ("pause", lambda db, run_id: controlling.pause_run(db, run_id, None)),
    "resume": ("resume", controlling.resume_run),
    "cancel": ("cancel", lambda db, run_id: controlling.cancel_run(db, run_id, None)),
    "replay": ("replay", controlling.replay_run),
}
_ABOUT = {
    "pause": "let runs rest at their next safe point",
    "resume": "let paused runs go on, and waiting ones begin now",
    "cancel": "stop runs",
    "replay": "do failed runs again, after the steps they had finished",
}


def runs_main(words: list[str]) -> int:
    """Run the command; 1 when something was left."""
    parser = argparse.ArgumentParser(prog="brandhound runs", description="See runs, and control them.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, dest="command")
    listing = commands.add_parser("list", help="the newest runs, and why they stand where they stand")
    _add_filters(listing)
    listing.add_argument("--limit", type=int, default=30)
    listing.add_argument("--json", action="store_true", help="for programs, one run a line")
    for name, about in _ABOUT.items():
        command = commands.add_parser(name, help=about)
        command.add_argument("run", nargs="*", type=UUID, help="which; or all that match the filters")
        command.add_argument("--all", action="store_true", help="all that match; without filters really all")
        _add_filters(command)
    options = parser.parse_args(words)

    from brandhound.app.database import ensure_database

    ensure_database()
    # Whoever hears of an end of a run is registered by these.
    assert slices
    return asyncio.run(_run(options))


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--job", action="append", default=[], metavar="NAME", help="only of this job; may be repeated")
    parser.add_argument(
        "--state", action="append", default=[], choices=[*STATES, "active"], help="only in this state; may be repeated"
    )
    parser.add_argument("--organization", type=UUID, help="only of this organization")
    parser.add_argument("--error-class", help="only failures of this class")


async def _run(options: argparse.Namespace) -> int:
    try:
        return await (_list(options) if options.command == "list" else _control(options))
    finally:
        await asyncio.to_thread(live.drain)
        await close_engines()


async def _found(options: argparse.Namespace, states: tuple[str, ...], limit: int | None) -> list[RunRow]:
    wanted = RunFilter(tuple(options.job), states, error_class=options.error_class)
    query = select(RunRow).where(*conditions(wanted)).order_by(RunRow.created_at.desc(), RunRow.id.desc())
    if options.organization:
        query = query.where(RunRow.organization_id == options.organization)
    async with system_session() as db:
        return list(await db.scalars(query.limit(limit)))


def _states(options: argparse.Namespace) -> tuple[str, ...]:
    named = [state for state in options.state if state != "active"]
    return tuple(dict.fromkeys([*named, *(ACTIVE if "active" in options.state else ())]))


async def _list(options: argparse.Namespace) -> int:
    for run in await _found(options, _states(options), options.limit):
        if options.json:
            print(json.dumps(_plain(run)))
        else:
            print(f"{run.id}  {run.state:9}  {run.created_at:%Y-%m-%d %H:%M:%S}  {run.job:24}  {reason_of(run) or ''}")
    return 0


def _plain(run: RunRow) -> dict[str, Any]:
    return {
        "id": str(run.id),
        "organization_id": str(run.organization_id),
        "job": run.job,
        "state": run.state,
        "reason": reason_of(run),
        "error_class": run.error_class,
        "error_code": run.error_code,
        "created_at": run.created_at.isoformat(),
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


async def _control(options: argparse.Namespace) -> int:
    deed, do = _DEEDS[options.command]
    filtered = bool(options.job or options.state or options.organization or options.error_class)
    if not options.run and not filtered and not options.all:
        print("Say which: ids of runs, filters, or --all.", file=sys.stderr)
        return 2
    if options.run:
        async with system_session() as db:
            runs = list(await db.scalars(select(RunRow).where(RunRow.id.in_(options.run))))
        missing = set(options.run) - {run.id for run in runs}
    else:
        possible = before(deed)  # pyright: ignore[reportArgumentType]
        states = tuple(state for state in possible if not options.state or state in _states(options))
        runs, missing = await _found(options, states or ("none",), None), set[UUID]()
    left = [await _change(run, do) for run in runs].count(False)
    for run_id in missing:
        print(f"{run_id}  there is no such run", file=sys.stderr)
    return 1 if left or missing else 0


async def _change(run: RunRow, do: Callable[[Db, UUID], Awaitable[RunRow]]) -> bool:
    try:
        async with tenant_session(run.organization_id) as db:
            changed = await do(db, run.id)
            print(f"{changed.id}  {changed.state:9}  {reason_of(changed) or ''}")
    except Problem as problem:
        print(f"{run.id}  left as it is: {problem.title()}", file=sys.stderr)
        return False
    return True
