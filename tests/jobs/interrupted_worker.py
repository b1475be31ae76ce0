"""A worker that pauses in its start, from when BEGUN is there until OVER is: `-m tests.jobs.interrupted_worker BEGUN OVER`."""

import sys
import time
from pathlib import Path
from typing import Any

from dbos import DBOS

from brandhound.app.worker import main

if __name__ == "__main__":
    begun, over = map(Path, sys.argv[1:])
    register = DBOS.register_queue_async

    async def register_later(*arguments: Any, **named: Any) -> Any:
        """Register a queue as the engine does, once the test says so."""
        begun.touch()
        while not over.exists():
            time.sleep(0.05)  # noqa: ASYNC251 (nothing else of this worker is to go on meanwhile)
        return await register(*arguments, **named)

    DBOS.register_queue_async = register_later
    main(beat=1.0, dead=8.0)
