"""A web server in a thread of its own, as twins are served."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn

_PATIENCE = 20.0


class ServedInThread:
    """An ASGI application on one port. Use it in a `with` block, or call `stop`. `more` is given to uvicorn."""

    def __init__(self, app: Any, host: str, port: int, *, name: str, **more: Any) -> None:
        self._socket = socket.create_server((host, port), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        config = uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            log_level=60,
            log_config=None,
            ws="none",
            timeout_graceful_shutdown=1,
            **more,
        )
        self._web = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Self:
        """Start to listen; returns when it does."""
        self._thread.start()
        if not self._ready.wait(_PATIENCE):
            raise RuntimeError(f"the {self._thread.name} did not start")
        return self

    def stop(self) -> None:
        """Stop, and hang up on everyone who is still there."""
        self._web.should_exit = self._web.force_exit = True
        self._thread.join(timeout=5)
        self._socket.close()

    def wait(self) -> None:
        """Serve until Ctrl-C."""
        self._thread.join()

    def __enter__(self) -> Self:
        return self if self._thread.is_alive() else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        web = asyncio.create_task(self._web.serve(sockets=[self._socket]))
        # uvicorn tells nobody that it has started.
        while not self._web.started and not web.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        self._ready.set()
        await web
