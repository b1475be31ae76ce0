"""Real workers as processes, and outages of the database, for tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from brandhound.core.addresses import database_url
from tests.databases import TestDatabase
from tests.forks import ROOT, Fork, fork

Process = Fork | subprocess.Popen[bytes]

_FORGET = """
with gone as (delete from runs where job like %s and finished_at is null returning id)
delete from dbos.workflow_status w using gone where w.workflow_uuid like gone.id || ':%%'
"""


@dataclass
class Workers:
    """Worker processes of a test; what is left of them dies with it."""

    database: TestDatabase
    folder: Path
    processes: list[Process] = field(default_factory=list[Process])
    program: tuple[str, ...] = ("tests.jobs.worker_process",)
    loaded: bool = True
    """Whether they are forked from a process that has loaded the product, or load it themselves."""
    forgets: str = "samples.%"
    """Which jobs' unfinished runs are forgotten in the end."""

    def start(self) -> Process:
        """Start one, and wait until it takes runs."""
        process = self.spawn()
        log = self.log_of(process)
        wait_until(lambda: '"working"' in log.read_text() or process.poll() is not None, 180, "a worker starts")
        assert process.poll() is None, log.read_text()
        return process

    def spawn(self) -> Process:
        """Start one, and do not wait for it."""
        with (self.folder / f"worker-{len(self.processes)}.log").open("wb") as output:
            if self.loaded:
                process = fork(self.program[0], self.program[1:], os.environ, output)
            else:
                command = [sys.executable, "-m", *self.program]
                process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def log_of(self, process: Process) -> Path:
        """What it says."""
        return self.folder / f"worker-{self.processes.index(process)}.log"

    def holder_first(self, run_id: UUID) -> list[Process]:
        """The processes, the one that has this run before the others."""
        holder = str(state_of(self.database, run_id).worker)
        return sorted(self.processes, key=lambda process: f"-{process.pid}-" not in holder)

    def end(self) -> None:
        """End them, and forget what they had: the next test's workers would go on with it."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            connection.execute("delete from workers")
            connection.execute(_FORGET, [self.forgets])


def wait_until(holds: Callable[[], bool], seconds: float, what: str, every: float = 0.05) -> float:
    """Wait for something to become true; returns how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds:g} s: {what}"
        time.sleep(every)
    return time.monotonic() - began


@dataclass(frozen=True)
class RunState:
    """What the row says, read past row-level security."""

    state: str
    worker: str | None
    attempts: int
    interruptions: int


def state_of(database: TestDatabase, run_id: UUID) -> RunState:
    [row] = database.look("select state, worker, attempts, interruptions from runs where id = %s", run_id)
    return RunState(*row)


def wait_for_state(database: TestDatabase, run_id: UUID, state: str, seconds: float) -> float:
    return wait_until(lambda: state_of(database, run_id).state == state, seconds, f"the run is {state}")


@contextmanager
def database_away(database: TestDatabase) -> Generator[None]:
    """Nobody gets in, and whoever was in is thrown out, until the block ends."""
    name = str(conninfo_to_dict(database.url)["dbname"])
    elsewhere = make_conninfo(database.url, dbname="brandhound")
    inside = [psycopg.connect(database_url(role), autocommit=True) for role in ("app", "system")]
    with psycopg.connect(elsewhere, autocommit=True) as owner:
        owner.execute(sql.SQL("alter database {} with allow_connections false").format(sql.Identifier(name)))
        try:
            for connection in inside:
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where usename = current_user and datname = current_database() and pid <> pg_backend_pid()"
                )
                connection.close()
            yield
        finally:
            owner.execute(sql.SQL("alter database {} with allow_connections true").format(sql.Identifier(name)))
