"""Running the model servers in a thread of their own."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from brandhound.twins.models.app import ModelApp
from brandhound.twins.models.asked import Asked
from brandhound.twins.models.failing import trouble
from brandhound.twins.models.personas import Persona, reader


class ModelTwin:
    """Model servers on one port. Use it in a `with` block, or call `stop`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = ModelApp()
        self._socket = socket.create_server((host, port))
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self.app,
            interface="asgi3",
            lifespan="off",
            access_log=False,
            log_level=60,
            log_config=None,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._web = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model twin", daemon=True)

    @property
    def openai(self) -> str:
        """Where OpenAI, and all that speak like it, are."""
        return f"{self.url}/v1"

    @property
    def anthropic(self) -> str:
        return self.url

    @property
    def gemini(self) -> str:
        return self.url

    @property
    def asked(self) -> list[Asked]:
        """The questions so far."""
        return self.app.asked

    @property
    def persona(self) -> Persona:
        return self.app.persona

    @persona.setter
    def persona(self, persona: Persona) -> None:
        self.app.persona = persona

    def fails(self, name: str, family: str = "openai", *, times: int | None = 1) -> None:
        """Answer the next questions with a recorded trouble; with `times=None` all of them, until it is well again."""
        found = trouble(family, name)
        if times is None:
            self.app.always = found
        else:
            self.app.troubles.extend([found] * times)

    def is_well(self) -> None:
        """Answer by the reader's rules again, and forget what was asked."""
        self.app.persona = reader
        self.app.troubles.clear()
        self.app.always = self.app.breaks_after = self.app.error_after = self.app.key = None
        self.app.delay = 0.0
        self.app.asked.clear()

    def start(self) -> Self:
        """Start to listen; returns when it does."""
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the model twin did not start")
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


def serve_models(port: int = 0, host: str = "127.0.0.1") -> ModelTwin:
    """Serve models in a thread; port 0 takes a free one. Stop it with `.stop()`, or use it in `with`."""
    return ModelTwin(host, port).start()
