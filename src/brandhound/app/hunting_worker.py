"""The worker of a hunt: started where nobody's is at work, and again when it dies."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

from sqlalchemy import func, select

from brandhound.core.system import system_session
from brandhound.jobs.models import WorkerRow

BEATS_WITHIN = timedelta(seconds=10)
"""A worker beats every two seconds; one that is silent for longer is not waited for."""
MOST_STARTS = 4


class WorkerEnds(RuntimeError):
    """The worker ends whenever it is started; the text says how, and where that is told."""


class HuntingWorker:
    """A worker for as long as the hunt takes: what a killed hunt had queued goes on at the next start."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0

    async def keep(self) -> None:
        """See to it that a worker is at work. Raises WorkerEnds after four starts."""
        if await self.lives():
            return
        if self._starts >= MOST_STARTS:
            ended = self._process.returncode if self._process else None
            raise WorkerEnds(
                f"the worker was started {MOST_STARTS} times and ended each time (the last time with {ended}): "
                "`brandhound worker` says why, and the same command goes on from here"
            )
        self._starts += 1
        self._process = await asyncio.to_thread(_start)

    async def lives(self) -> bool:
        """Whether a worker is at work: ours, or one that has just said so."""
        if self._process is not None and self._process.poll() is None:
            return True
        async with system_session() as db:
            # By the clock that the beats are written by.
            beating = select(func.count()).where(WorkerRow.beat_at > func.now() - BEATS_WITHIN)
            # Ours is known to have ended, whatever it said before.
            if self._process is not None:
                beating = beating.where(WorkerRow.pid != self._process.pid)
            return bool(await db.scalar(beating))

    async def end(self) -> None:
        """End the worker, if it is ours."""
        if self._process is not None:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, 20)


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "brandhound.app.cli", "worker", "--supervised", str(os.getpid())]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
