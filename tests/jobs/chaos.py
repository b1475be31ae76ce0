"""Kills workers and the database while pipelines run, and counts what came of it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, LiteralString
from uuid import UUID

import psycopg

from brandhound.core.db import tenant_session
from brandhound.core.postgres import EmbeddedPostgres
from brandhound.jobs.registry import announce
from tests.databases import TestDatabase, pointing_at
from tests.jobs.chaos_jobs import STAGES, STEPS, TABLES, StageEnded
from tests.jobs.workers import Process, Workers

Deed = Literal["kill", "freeze", "end", "kill database", "crash database"]
WORKER_DEEDS: tuple[Deed, ...] = ("kill", "freeze", "end")

# What a killed server had promised must be there again: no asynchronous commits.
SETTINGS = {"max_connections": "200", "synchronous_commit": "on"}

# What a process had at a moment, and when somebody began it anew.
_RESUMED = """
with held as (
  select distinct on (run_id) run_id, pid, attempt from chaos_begun where at <= to_timestamp(%s) order by run_id, attempt desc)
select extract(epoch from min(later.at))::float8
  from held join chaos_begun later on later.run_id = held.run_id and later.attempt > held.attempt
 where held.pid = %s group by held.run_id
"""

# An attempt writes although a later one has begun.
_LATE: LiteralString = """
select count(*) from {} mine where exists (
  select from chaos_begun later where later.run_id = mine.run_id and later.attempt > mine.attempt and later.at < mine.at)
"""


_STATES = "select state, count(*) from runs where job = 'chaos.stage' group by state"
_TRIES = "select max(interruptions), sum(attempts) from runs where job = 'chaos.stage'"
_TWICE = """
select count(*) from (
  select 1 from runs where job = 'chaos.stage' group by parameters ->> 'pipeline', parameters ->> 'stage' having count(*) > 1
) as twice
"""


@dataclass(frozen=True)
class Act:
    """Something to break, once so many effects are there."""

    deed: Deed
    after: int
    seconds: float = 0.0
    """How long a worker stays frozen, or the database away; a frozen one at least until its runs were taken, if 0."""


@contextmanager
def own_server(folder: Path, settings: dict[str, str]) -> Generator[tuple[EmbeddedPostgres, TestDatabase]]:
    """A migrated server of its own, that can be killed."""
    from brandhound.app.preparing import prepare_database

    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "postgres", settings).start()
    made = TestDatabase(server.url(), folder)
    try:
        with pointing_at(made):
            prepare_database()
            with psycopg.connect(made.url, autocommit=True) as connection:
                connection.execute(TABLES)
            yield server, made
    finally:
        server.stop()


async def begin_pipelines(organization_id: UUID, count: int, shortest: float, longest: float) -> None:
    """Announce them all; each stage takes so many seconds."""
    for number in range(count):
        async with tenant_session(organization_id) as db:
            seconds = random.uniform(shortest, longest)
            await announce(db, StageEnded(pipeline=number, stage=0, seconds=seconds))


@dataclass
class Chaos:
    """Breaks one thing after the other, and starts a new worker for each that has gone."""

    server: EmbeddedPostgres
    workers: Workers
    size: int
    """Workers that there are to be."""
    pipelines: int
    acts: list[Act]
    dice: random.Random
    frozen: dict[int, float] = field(default_factory=dict[int, float])
    """Process numbers, and when each wakes up."""
    broken: list[tuple[int, float, Deed]] = field(default_factory=list[tuple[int, float, Deed]])
    """Which process was broken when, and how."""
    done: Counter[str] = field(default_factory=Counter[str])
    exits: list[str] = field(default_factory=list[str])
    """What workers said last that ended without being told to."""

    @property
    def effects(self) -> int:
        """How many there will be at the end."""
        return self.pipelines * STAGES * STEPS

    def run(self, seconds: float) -> float:
        """Break everything in its turn until all pipelines are done; how long that took.

        Raises AssertionError when they are not within so many seconds.
        """
        began = time.monotonic()
        while self.frozen or self._left():
            assert time.monotonic() - began < seconds, f"not done within {seconds:g} s: {self.tell()}"
            there = self._count("select count(*) from chaos_effects")
            due = [act for act in self.acts if there >= act.after]
            # One that finds nobody to break waits, and holds up no other.
            if act := next((act for act in due if self._did(act)), None):
                self.acts.remove(act)
            self._wake()
            self.replace()
            time.sleep(0.1)
        return time.monotonic() - began

    def _did(self, act: Act) -> bool:
        if act.deed in ("kill database", "crash database"):
            self._break_database(act)
            self.done[act.deed] += 1
            return True
        if not (busy := self._busy()):
            return False
        process = self.dice.choice(busy)
        self.done[act.deed] += 1
        self.broken.append((process.pid, time.time(), act.deed))
        match act.deed:
            case "kill":
                process.kill()
            case "end":
                process.terminate()
            case _:
                process.send_signal(signal.SIGSTOP)
                self.frozen[process.pid] = time.time() + act.seconds if act.seconds else 0.0
        return True

    def _break_database(self, act: Act) -> None:
        """Nobody is told, neither the clients nor, when killed, the server itself."""
        number = int((self.server.data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL if act.deed == "kill database" else signal.SIGQUIT)
        time.sleep(act.seconds)
        self.server.start()

    def _wake(self) -> None:
        for pid, at in list(self.frozen.items()):
            if time.time() > at if at else self._was_robbed(pid):
                del self.frozen[pid]
                os.kill(pid, signal.SIGCONT)

    def _was_robbed(self, pid: int) -> bool:
        """Whether others have begun what a frozen worker had."""
        frozen_at = next(at for number, at, _ in reversed(self.broken) if number == pid)
        return bool(self._resumed(pid, frozen_at)) or time.time() > frozen_at + 90

    def replace(self) -> None:
        """Start a worker for each that has gone."""
        told = {pid for pid, _, deed in self.broken if deed != "freeze"}
        alive = 0
        for process in self.workers.processes:
            if process.poll() is None:
                alive += process.pid not in told
            elif process.pid not in told:
                self.broken.append((process.pid, time.time(), "end"))
                self.exits.append(self.workers.log_of(process).read_text()[-2000:])
        for _ in range(self.size - alive):
            self.workers.spawn()

    def _busy(self) -> list[Process]:
        """Workers that have runs, and are not broken."""
        with self._connection() as connection:
            rows = connection.execute(
                "select worker from runs where job = 'chaos.stage' and state = 'running'"
            ).fetchall()
        holders = {str(worker).rsplit("-", 2)[1] for (worker,) in rows}
        broken = {pid for pid, _, deed in self.broken if deed != "freeze" or pid in self.frozen}
        living = [process for process in self.workers.processes if process.poll() is None and process.pid not in broken]
        return [process for process in living if str(process.pid) in holders]

    def _left(self) -> int:
        return self.pipelines * STAGES - self._count(
            "select count(*) from runs where job = 'chaos.stage' and state not in ('scheduled', 'queued', 'waiting', 'running')"
        )

    def _resumed(self, pid: int, at: float) -> list[float]:
        """When others began what this process had at that moment."""
        with self._connection() as connection:
            return [float(str(row[0])) for row in connection.execute(_RESUMED, [at, pid]).fetchall()]

    def _resumed_before_next(self, pid: int, at: float) -> list[float]:
        """The same, without what had to wait for another reason: that the process was broken once more."""
        again = min((other for number, other, _ in self.broken if number == pid and other > at), default=float("inf"))
        return [began for began in self._resumed(pid, at) if began < again]

    def _count(self, query: LiteralString) -> int:
        with self._connection() as connection:
            row = connection.execute(query).fetchone()
        assert row
        return int(str(row[0]))

    @contextmanager
    def _connection(self) -> Generator[psycopg.Connection[tuple[Any, ...]]]:
        with psycopg.connect(self.server.url(role="postgres"), autocommit=True) as connection:
            yield connection

    def tell(self) -> dict[str, Any]:
        """What came of it, as figures."""
        by_deed = {
            deed: [
                began - at
                for pid, at, how in self.broken
                if how == deed
                for began in self._resumed_before_next(pid, at)
            ]
            for deed in WORKER_DEEDS
        }
        waits = [wait for of_deed in by_deed.values() for wait in of_deed]
        with self._connection() as connection:
            states = dict(connection.execute(_STATES).fetchall())
            most, attempts = connection.execute(_TRIES).fetchone() or (0, 0)
        return {
            "pipelines": self.pipelines,
            "broken": dict(self.done),
            "workers_that_ended_by_themselves": len(self.exits),
            "runs": states,
            "attempts": attempts,
            "most_interruptions_of_a_run": most,
            "effects": self._count("select count(*) from chaos_effects"),
            "effects_wanted": self.effects,
            "stages_twice": self._count(_TWICE),
            "steps_repeated_without_effect": self._count("select count(*) from chaos_repeats"),
            "begun_late": self._count(_LATE.format("chaos_begun")),
            "effects_late": self._count(_LATE.format("chaos_effects")),
            "repeats_late": self._count(_LATE.format("chaos_repeats")),
            "resumed": len(waits),
            "resumed_p50_s": percentile(waits, 50),
            "resumed_p95_s": percentile(waits, 95),
            "resumed_most_s": percentile(waits, 100),
            "resumed_most_s_by_deed": {deed: percentile(each, 100) for deed, each in by_deed.items()},
        }


def percentile(values: Sequence[float], percent: int) -> float | None:
    """None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)
