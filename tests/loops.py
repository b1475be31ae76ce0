"""An event loop that outlives a test together with the connections to the database, and nothing else.

Connections belong to a loop. Where each test has a loop of its own, each connects anew, has the server load its catalogue
anew, and has each statement compiled anew: more work than many a test. A runner of tests still ends each test's tasks,
generators and threads; here the loop that it closes forgets the rest, as if it were another one for the next test.
"""

import asyncio
import os
import selectors
import signal
import weakref
from collections import deque
from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from brandhound.core.db import _engines as engines_of_loops  # pyright: ignore[reportPrivateUsage]

_HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


class LastingLoop(asyncio.SelectorEventLoop):
    """Closed after a test, it is as good as new. If a test left something open in it, it really closes."""

    # What asyncio's own loop has.
    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _default_executor: Executor | None
    _executor_shutdown_called: bool
    _asyncgens_shutdown_called: bool

    def __init__(self) -> None:
        self._sockets = selectors.DefaultSelector()
        super().__init__(self._sockets)
        self._own_sockets = len(self._sockets.get_map())

    def close(self) -> None:
        engines = engines_of_loops.pop(self, {})
        for reference in weakref.getweakrefs(self):
            # Whoever keeps something for a loop hears that this one is gone.
            if reference.__callback__:
                reference.__callback__(reference)
        if self._is_dirty(engines):
            self.end(engines)
            return
        for number in _HANDLED:
            self.remove_signal_handler(number)
        # What the real one does, but for the selector; and undone what a runner does before it closes a loop.
        self._ready.clear()
        self._scheduled.clear()
        self._default_executor = None
        self._executor_shutdown_called = False
        self._asyncgens_shutdown_called = False
        self.set_debug(False)
        self.set_task_factory(None)
        self.set_exception_handler(None)
        engines_of_loops[self] = engines

    def end(self, engines: dict[str, AsyncEngine]) -> None:
        """Close it and its connections for good."""
        for url in [url for url, loop in _loops.items() if loop is self]:
            del _loops[url]
        self._asyncgens_shutdown_called = False
        for engine in engines.values():
            self.run_until_complete(engine.dispose())
        super().close()

    def _is_dirty(self, engines: dict[str, AsyncEngine]) -> bool:
        """Whether sockets or connections are left that nobody will close."""
        pools = [cast("QueuePool", engine.sync_engine.pool) for engine in engines.values()]
        return len(self._sockets.get_map()) > self._own_sockets or any(pool.checkedout() for pool in pools)


_loops: dict[str, LastingLoop] = {}


def loop_of_database() -> asyncio.AbstractEventLoop:
    """The loop whose connections lead to the database that the settings name now."""
    url = os.environ.get("DATABASE_URL", "")
    if url not in _loops:
        _loops[url] = LastingLoop()
    return _loops[url]


@contextmanager
def lasting_loops() -> Generator[None]:
    """In the end, close their connections, before the databases go."""
    try:
        yield
    finally:
        for loop in list(_loops.values()):
            loop.end(engines_of_loops.pop(loop, {}))
