"""One request and its one answer: connections, limits of time and size, and names for everything that goes wrong."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, cast

import httpcore

from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.decoding import Body
from brandhound.core.http.guard import GuardedBackend, trusted_context
from brandhound.core.http.targets import Target

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPALIVE = 15.0
_DRAINED_BYTES = 64 * 1024
_ALL_SENT = "http11.send_request_body.complete"
"""What httpcore tells when a question has gone out whole."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for a whole chain without its waiting for turns."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0


@dataclass(frozen=True, slots=True)
class Question:
    """One request as it goes out. `is_cut` takes the first `max_bytes` of a larger answer instead of failing.

    `thinking` are the seconds that may pass before the answer begins, where that is longer than usual.
    """

    target: Target
    headers: Sequence[tuple[bytes, bytes]]
    max_bytes: int
    method: str = "GET"
    content: bytes | None = None
    is_cut: bool = False
    thinking: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came in: lower-case names, decoded body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Exchange:
    """The connections of one event loop."""

    def __init__(self, backend: GuardedBackend, timeouts: Timeouts, ssl_context: ssl.SSLContext | None) -> None:
        self._backend = backend
        self._timeouts = timeouts
        self._ssl_context = ssl_context
        # Free lines, the last used on top. A line is a pool of one connection: a larger pool looks at every one of its
        # connections on every request, and how many there are is a matter of politeness, decided before.
        self._free: dict[tuple[str, str, int], list[_Line]] = {}
        self._swept_at = monotonic()
        self._closing: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Close all connections."""
        free, self._free = self._free, {}
        for lines in free.values():
            for line in lines:
                await line.pool.aclose()

    async def ask(self, question: Question, seconds: float) -> Answer:
        """Send one request and read its answer, in `seconds` at most. Raises FetchFailed, and nothing else."""
        target = question.target
        request = self._request(question)
        try:
            async with asyncio.timeout(max(seconds, 0.0)), self._line(target) as pool:
                response = await _send(pool, request, is_repeatable=question.method == "GET")
                return await _receive(response, question.max_bytes, question.is_cut)
        except TimeoutError as error:
            raise FetchFailed("timeout", f"{target.host} did not finish in {seconds:g} seconds") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise _failure(target, error) from _shown(error)

    async def converse(self, question: Question, seconds: float) -> "OpenAnswer":
        """Send one request and leave its answer open, to be read as it comes. Raises FetchFailed, and nothing else."""
        target = question.target
        was_sent = False

        async def notice(event: str, _: object) -> None:
            nonlocal was_sent
            was_sent = was_sent or event == _ALL_SENT

        request = self._request(question, {"trace": notice})
        deadline = monotonic() + seconds
        line = self._take(target)
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                response = await _send(line.pool, request, is_repeatable=False)
        except BaseException as error:
            self._close(line)
            if isinstance(error, TimeoutError):
                failed = FetchFailed("timeout", f"{target.host} did not answer in {seconds:g} seconds")
            elif isinstance(error, (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)):
                failed = _failure(target, error)
            else:
                raise
            failed.was_sent = was_sent
            raise failed from _shown(error)

        def leave(is_read: bool) -> None:
            # Its rest would be taken for the beginning of the next one.
            self._give_back(target, line) if is_read else self._close(line)

        return OpenAnswer(target, response, question.max_bytes, deadline, leave)

    def _request(self, question: Question, more: Mapping[str, Any] | None = None) -> httpcore.Request:
        target, content = question.target, question.content
        headers = list(question.headers)
        if content is not None:
            headers.append((b"content-length", str(len(content)).encode()))
        return httpcore.Request(
            question.method.encode(),
            httpcore.URL(
                scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
            ),
            headers=headers,
            content=content,
            extensions={**self._patience(question.thinking), **(more or {})},
        )

    def _patience(self, thinking: float | None) -> dict[str, dict[str, float | None]]:
        times = self._timeouts
        read = times.read if thinking is None else max(times.read, thinking)
        return {"timeout": {"connect": times.connect, "read": read, "write": times.read, "pool": None}}

    @asynccontextmanager
    async def _line(self, target: Target) -> AsyncGenerator[httpcore.AsyncConnectionPool]:
        line = self._take(target)
        try:
            yield line.pool
        except BaseException:
            # Whatever state it was left in, nobody shall wait for it.
            self._close(line)
            raise
        self._give_back(target, line)

    def _take(self, target: Target) -> "_Line":
        now = monotonic()
        if now - self._swept_at > KEEPALIVE:
            self._swept_at = now
            self._sweep(now)
        free = self._free.get(target.origin)
        return free.pop() if free else self._open(target)

    def _give_back(self, target: Target, line: "_Line") -> None:
        line.used_at = monotonic()
        self._free.setdefault(target.origin, []).append(line)

    def _close(self, line: "_Line") -> None:
        if any(not connection.is_closed() for connection in line.pool.connections):
            task = asyncio.get_running_loop().create_task(line.pool.aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _open(self, target: Target) -> "_Line":
        context = (self._ssl_context or trusted_context()) if target.scheme == "https" else None
        return _Line(
            httpcore.AsyncConnectionPool(
                ssl_context=context, max_connections=1, keepalive_expiry=KEEPALIVE, network_backend=self._backend
            )
        )

    def _sweep(self, now: float) -> None:
        stale: list[_Line] = []
        for origin, lines in list(self._free.items()):
            stale += [line for line in lines if now - line.used_at > KEEPALIVE]
            kept = [line for line in lines if now - line.used_at <= KEEPALIVE]
            if kept:
                self._free[origin] = kept
            else:
                del self._free[origin]
        for line in stale:
            self._close(line)


@dataclass(slots=True)
class _Line:
    pool: httpcore.AsyncConnectionPool
    used_at: float = 0.0


class OpenAnswer:
    """An answer that is still coming in: status and lower-case headers at once, the decoded body in pieces.

    Held to its bytes and its seconds like every other. Close it; what was read to its end keeps the connection.
    """

    def __init__(
        self,
        target: Target,
        response: httpcore.Response,
        max_bytes: int,
        deadline: float,
        leave: Callable[[bool], None],
    ) -> None:
        self.status: int = response.status
        self.headers = _headers_of(response)
        self._target = target
        self._stream = cast("Any", response.stream)
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._leave: Callable[[bool], None] | None = leave
        self._is_read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        encoding = self.headers.get("content-encoding", "").strip().lower()
        taken = 0
        # We ask for a body as it is. One that is packed all the same is unpacked whole, by the same rules as a page.
        packed = Body(encoding, self._max_bytes) if encoding not in ("", "identity") else None
        async for piece in self._pieces():
            if packed is not None:
                packed.feed(piece)
                continue
            taken += len(piece)
            if taken > self._max_bytes:
                raise FetchFailed("too-large", f"more than {self._max_bytes} bytes")
            yield piece
        self._is_read = True
        if packed is not None:
            yield packed.finish()

    async def aclose(self) -> None:
        """Let go of it. Safe to repeat: a stream that is forgotten is closed by whoever finds it, perhaps at the loop's end."""
        leave, self._leave = self._leave, None
        is_whole = False
        try:
            await self._stream.aclose()
            is_whole = self._is_read
        finally:
            if leave is not None:
                leave(is_whole)

    async def _pieces(self) -> AsyncIterator[bytes]:
        pieces = self._stream.__aiter__()
        try:
            while True:
                async with asyncio.timeout(max(self._deadline - monotonic(), 0.0)):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                yield piece
        except TimeoutError as error:
            raise FetchFailed("timeout", f"{self._target.host} did not finish in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise _failure(self._target, error) from _shown(error)


async def _send(
    pool: httpcore.AsyncConnectionPool, request: httpcore.Request, is_repeatable: bool
) -> httpcore.Response:
    try:
        return await pool.handle_async_request(request)
    except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError) as error:
        # The server closed a kept connection in the moment that we used it: no answer was begun.
        if not is_repeatable or not _may_be_stale(error):
            raise
        return await pool.handle_async_request(request)


async def _receive(response: httpcore.Response, max_bytes: int, is_cut: bool) -> Answer:
    headers = _headers_of(response)
    stream = cast("Any", response.stream)
    announced = headers.get("content-length", "")
    length = int(announced[:18]) if announced.isdecimal() else None
    try:
        if response.status in REDIRECTS and "location" in headers:
            # A redirect's body matters to nobody. A short one is read, so that the connection can be kept.
            if length is not None and length <= _DRAINED_BYTES:
                await _read(stream, Body("", _DRAINED_BYTES, is_cut=True))
            return Answer(response.status, headers, b"")
        encoding = headers.get("content-encoding", "")
        if response.status >= 400:
            return Answer(response.status, headers, await _read_excuse(stream, encoding, max_bytes))
        if length is not None and length > max_bytes and not is_cut and response.status != 304:
            raise FetchFailed("too-large", f"announced as {length} bytes, more than {max_bytes}")
        body = Body(encoding, max_bytes, is_cut)
        await _read(stream, body)
        return Answer(response.status, headers, body.finish())
    finally:
        await stream.aclose()


def _headers_of(response: httpcore.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("ascii", "replace").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _read_excuse(stream: Any, encoding: str, max_bytes: int) -> bytes:
    """The page that comes with an error: its start is enough, and what is wrong with it must not hide the status."""
    try:
        body = Body(encoding, min(max_bytes, _DRAINED_BYTES), is_cut=True)
        await _read(stream, body)
        return body.finish()
    except FetchFailed:
        return b""


async def _read(stream: Any, body: Body) -> None:
    async with aclosing(stream.__aiter__()) as pieces:
        async for piece in pieces:
            body.feed(piece)
            if body.is_full:
                return


def _may_be_stale(error: Exception) -> bool:
    return not isinstance(error, httpcore.RemoteProtocolError) or "without sending a response" in str(error)


def _shown(error: BaseException) -> BaseException | None:
    """The cause that a traceback may show; None where its words quote what was sent."""
    return None if isinstance(error, httpcore.LocalProtocolError) else error


def _failure(target: Target, error: Exception) -> FetchFailed:
    if isinstance(error, httpcore.TimeoutException):
        return FetchFailed("timeout", f"{target.host} did not answer in time")
    if isinstance(error, httpcore.LocalProtocolError):
        # Its words quote the header that is wrong, which may be a key.
        return FetchFailed("bad-url", "not a request that can be sent: a header has a sign in it that none may have")
    if isinstance(error.__cause__, ssl.SSLError):
        return FetchFailed("tls", f"{target.host}: {error.__cause__}")
    if "Receive buffer too long" in str(error):
        return FetchFailed("too-large", f"{target.host} sends endless headers")
    return FetchFailed("connection", f"{target.host}: {error or 'the connection broke'}")
