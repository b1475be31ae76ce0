"""Running the catcher in a thread of its own."""

import asyncio
import socket
import ssl
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import uvicorn

from brandhound.twins.mail.app import CatchingApp
from brandhound.twins.mail.keeping import Kept
from brandhound.twins.mail.smtp import Conversation
from brandhound.twins.news.certificates import write_certificate

Encryption = Literal["starttls", "implicit"]


class MailTwin:
    """A mail server and a receiver of webhooks. Use it in a `with` block, or call `stop`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        http_port: int = 0,
        tls: Encryption | None = None,
        account: tuple[str, str] | None = None,
    ) -> None:
        self.kept = Kept()
        self._account = account
        self._tls = tls
        self._mail_socket = socket.create_server((host, smtp_port))
        self._web_socket = socket.create_server((host, http_port))
        self.smtp_port: int = self._mail_socket.getsockname()[1]
        self.smtp_url = f"{'smtps' if tls == 'implicit' else 'smtp'}://{host}:{self.smtp_port}"
        self.url = f"http://{host}:{self._web_socket.getsockname()[1]}"
        self._folder = tempfile.TemporaryDirectory(prefix="mail-twin-") if tls else None
        self.certificate: Path | None = None
        self._context: ssl.SSLContext | None = None
        if self._folder is not None:
            self.certificate = write_certificate(Path(self._folder.name), host, "self-signed")
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(self.certificate)
        config = uvicorn.Config(
            CatchingApp(self.kept),
            interface="asgi3",
            lifespan="off",
            access_log=False,
            log_level=60,
            log_config=None,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._web = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail twin", daemon=True)

    def hook(self, name: str) -> str:
        """The address of a webhook of that name."""
        return f"{self.url}/hooks/{name}"

    def start(self) -> Self:
        """Start to listen; returns when it does."""
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the mail twin did not start")
        return self

    def stop(self) -> None:
        """Stop, and hang up on everyone who is still there."""
        self._web.should_exit = self._web.force_exit = True
        self._thread.join(timeout=5)
        for listening in (self._mail_socket, self._web_socket):
            listening.close()
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self if self._thread.is_alive() else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        implicit = self._context if self._tls == "implicit" else None
        mail = await asyncio.start_server(self._talk, sock=self._mail_socket, ssl=implicit)
        web = asyncio.create_task(self._web.serve(sockets=[self._web_socket]))
        # uvicorn tells nobody that it has started.
        while not self._web.started and not web.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        self._ready.set()
        await web
        mail.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        context = self._context if self._tls == "starttls" else None
        await Conversation(self.kept, reader, writer, context, self._account).hold()


def catch(
    smtp_port: int = 0,
    http_port: int = 0,
    host: str = "127.0.0.1",
    tls: Encryption | None = None,
    account: tuple[str, str] | None = None,
) -> MailTwin:
    """Catch mails and webhooks in a thread; port 0 takes a free one. Stop it with `.stop()`, or use it in `with`."""
    return MailTwin(host, smtp_port, http_port, tls, account).start()
