"""The worker process: takes runs from the queues, beats, queues what schedules say, and hands over when it is told to end."""

import asyncio
import gc
import os
import signal
import sys
from contextlib import AsyncExitStack

import structlog
import uvloop

from brandhound import __version__
from brandhound.app.database import leave_database
from brandhound.app.slices import JOB_MODULES
from brandhound.app.watching_over import watched_over
from brandhound.core import live
from brandhound.core.db import close_engines
from brandhound.core.files import files
from brandhound.core.logs import recording
from brandhound.core.memory import give_back_freed
from brandhound.core.postgres import CannotStartPostgres
from brandhound.core.system import system_session
from brandhound.jobs.engine import Engine
from brandhound.jobs.liveness import BEAT, DEAD, Liveness, new_executor_id
from brandhound.jobs.performing import persistently
from brandhound.jobs.recording import Recorder
from brandhound.jobs.retrying import detail_of, is_database_away
from brandhound.jobs.scheduling import bring_registered
from brandhound.jobs.watching import watch

GRACE = 5.0
"""Seconds that runs get to finish by themselves after the signal; what is left goes on elsewhere."""

_log = structlog.get_logger("brandhound.worker")


def main(*, beat: float = BEAT, dead: float = DEAD) -> None:
    """Work until a signal says to end; then the process ends at once, whatever still hangs."""
    recording.start("worker")
    # What is loaded stays; and answers of megabytes are made into a hundred thousand objects at once, which are dropped at once:
    # to look for cycles among them every 700 took longer than to read them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    give_back_freed()
    code = 0
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work(beat=beat, dead=dead))
    except Exception as error:
        if is_database_away(error):
            # Where the engine stood when it found no database tells nobody anything. Who supervises us starts us again.
            _log.error(
                "the database went away while the worker started: it ends, to be started again: %s", detail_of(error)
            )
        else:
            _log.exception("the worker cannot go on")
        code = 1
    recording.stop()
    try:
        # What is left to the end of the interpreter is not done: it does not get there.
        leave_database()
    except CannotStartPostgres as error:
        print(error, file=sys.stderr, flush=True)
    sys.stdout.flush()
    # The engine's threads would be waited for; everything that matters is in the database.
    os._exit(code)


async def work(*, beat: float = BEAT, dead: float = DEAD) -> None:
    """Be a worker in this event loop until SIGTERM or SIGINT. `beat` and `dead` are seconds, as in liveness."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await asyncio.to_thread(files().sweep)
    await persistently(_bring_schedules)
    recorder = Recorder()
    engine = Engine(new_executor_id(), recorder)
    liveness = Liveness(engine.executor_id, __version__, engine.active_ids, beat=beat, dead=dead)
    # Known to be alive before the first run is taken, or others would take it away again.
    await asyncio.to_thread(liveness.connect)
    await engine.launch()
    liveness.start()
    watching = asyncio.create_task(watch(recorder, engine.look))
    over = AsyncExitStack()
    await over.enter_async_context(
        watched_over("worker", process_id=engine.executor_id, active=lambda: len(engine.active_ids()))
    )
    _log.info("working", worker=engine.executor_id, version=__version__, slices=len(JOB_MODULES))
    await stop.wait()
    engine.stop_taking()
    watching.cancel()
    await _finish_soon(engine)
    await recorder.flush()
    left = len(engine.active_ids())
    await asyncio.to_thread(liveness.hand_over)
    await over.aclose()
    await asyncio.to_thread(live.drain, 1.0)
    _log.info("ended", worker=engine.executor_id, handed_over=left)
    if not left:
        await close_engines()


async def _bring_schedules() -> None:
    async with system_session() as db:
        await bring_registered(db)


async def _finish_soon(engine: Engine) -> None:
    deadline = asyncio.get_running_loop().time() + GRACE
    # The engine tells nobody when its last run ends.
    while engine.active_ids() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
