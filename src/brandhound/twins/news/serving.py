"""Running the publisher: in a thread for tests, or for as long as the process lives."""

import contextlib
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import uvicorn

from brandhound.twins.news.app import NewsApp
from brandhound.twins.news.certificates import write_certificate
from brandhound.twins.news.faults import Fault, FaultKind
from brandhound.twins.news.library import Library, library_of_folder
from brandhound.twins.news.publisher import Logged, Publisher

Certificate = Literal["self-signed", "expired", "other-name"]


class NewsServer:
    """A publisher that runs in a thread of its own. Use it in a `with` block, or call `stop`."""

    def __init__(
        self, library: Library, host: str = "127.0.0.1", port: int = 0, tls: Certificate | None = None
    ) -> None:
        self.app = NewsApp(library)
        self._socket = socket.create_server((host, port), backlog=2048)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="news-twin-") if tls else None
        self.certificate: Path | None = None
        """The server's own certificate, for those who want to trust it."""
        if tls and self._folder:
            self.certificate = write_certificate(Path(self._folder.name), host, tls)
        self._server = uvicorn.Server(_config(self.app, self.certificate))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="news twin", daemon=True
        )

    @property
    def publisher(self) -> Publisher:
        return self.app.publisher

    @property
    def library(self) -> Library:
        return self.app.publisher.library

    def start(self) -> Self:
        """Start to answer; returns when it does."""
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the news twin did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Stop, and hang up on everyone who is still there."""
        self._server.should_exit = True
        self._thread.join(timeout=0.5)
        self._server.force_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self if self._thread.is_alive() else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fault(self, path: str, kind: FaultKind, **more: Any) -> Fault:
        """Let something go wrong at `/SITE/PATH` from now on; see Fault for what can be said."""
        fault = Fault(path, kind, **more)
        self.publisher.faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        """Let everything go well again."""
        self.publisher.faults.clear()

    def set_clock(self, now: datetime | None) -> None:
        """Stop the publisher's clock at a moment, or let it run again."""
        self.publisher.set_clock(now)

    def advance(self, by: timedelta) -> None:
        """Move the publisher's clock."""
        self.publisher.advance(by)

    def requests(self, path: str | None = None) -> Sequence[Logged]:
        """Who asked for that path (or for anything), oldest first."""
        return [logged for logged in list(self.publisher.requests) if path is None or logged.path == path]


def _config(app: NewsApp, certificate: Path | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        lifespan="off",
        access_log=False,
        log_level=60,  # a fault looks like a mistake of ours to uvicorn, and would be logged as one
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
        backlog=2048,
        ssl_certfile=certificate,
        ssl_keyfile=certificate,
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
    )


def _library(what: Path | Library) -> Library:
    return what if isinstance(what, Library) else library_of_folder(what)


def serve(what: Path | Library, port: int = 0, host: str = "127.0.0.1", tls: Certificate | None = None) -> NewsServer:
    """Serve a folder or a library in a thread; port 0 takes a free one. Stop it with `.stop()`, or use it in `with`."""
    return NewsServer(_library(what), host, port, tls).start()


def _say(url: str) -> None:
    print(url, flush=True)


def serve_forever(
    what: Path | Library, port: int = 0, host: str = "127.0.0.1", say: Callable[[str], None] = _say
) -> None:
    """Serve a folder or a library until the process is told to stop. Its address is said when it listens."""
    app = NewsApp(_library(what))
    with contextlib.closing(socket.create_server((host, port), backlog=2048)) as listening:
        say(f"http://{host}:{listening.getsockname()[1]}")
        uvicorn.Server(_config(app)).run(sockets=[listening])
