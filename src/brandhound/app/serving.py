"""Running the web server."""

import gc
import signal
import sys
from types import FrameType

import uvicorn
from fastapi import FastAPI

from brandhound.app.database import ensure_database, leave_database
from brandhound.app.supervising import end_with
from brandhound.core.logs import recording
from brandhound.core.memory import give_back_freed
from brandhound.core.postgres import CannotStartPostgres
from brandhound.core.settings import settings


def serve(*, supervisor: int = 0, reload: bool = False) -> None:
    """Serve until told to stop. With a supervisor's process number, end when that process does."""
    end_with(supervisor)
    ensure_database()
    # uvicorn ends in order and then raises the signal again.
    signal.signal(signal.SIGTERM, _end)
    uvicorn.run(
        "brandhound.app.serving:serve_app",
        factory=True,
        host=settings().host,
        port=settings().port,
        reload=reload,
        reload_dirs=["src"] if reload else None,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        ws="websockets-sansio",
        # A tab's stream never ends by itself, and must not keep the process from stopping.
        timeout_graceful_shutdown=2,
    )


def serve_app() -> FastAPI:
    """The application, in a process that records what it does. A process that reloads code makes another one."""
    from brandhound.app.web import create_app

    recording.start("web")
    app = create_app()
    # What is loaded stays: to look through it for garbage again and again would halt every request for 60 ms.
    gc.collect()
    gc.freeze()
    # A report reads thousands of rows at once: to look for cycles among them every 700 took longer than to make them.
    gc.set_threshold(20_000, 10, 10)
    give_back_freed()
    return app


def _end(number: int, _: FrameType | None) -> None:
    recording.stop()
    # The signal ends the process at once, without what is left to the end of the interpreter.
    try:
        leave_database()
    except CannotStartPostgres as error:
        print(error, file=sys.stderr, flush=True)
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
