"""A provider that is not one: on this machine, over real HTTP, answering what it was told to, in any family's form.

    async with FakeProvider("openai") as fake:
        fake.answers(429, {"retry-after": "3"}, {...})
        await ask_json(Service("openai"), fake.url, {...}, organization_id)

Without a script it gives good answers. For tests, and for trying out an installation without a key.
"""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

GOOD: Mapping[str, Any] = {
    "openai": {
        "id": "c1",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Good."}}],
        "usage": {"total_tokens": 12},
    },
    "anthropic": {
        "id": "m1",
        "type": "message",
        "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Good."}],
        "usage": {"input_tokens": 10, "output_tokens": 2},
    },
    "gemini": {"candidates": [{"finishReason": "STOP", "content": {"parts": [{"text": "Good."}]}}]},
    "google_search": {"searchInformation": {"totalResults": "0"}, "queries": {}},
    "reddit": {"kind": "Listing", "data": {"children": [], "after": None}},
    "meta": {"data": []},
    "http": {"ok": True},
}
"""A good answer in the form of each family; those that speak like OpenAI get OpenAI's."""

MOST_BODY = 16 * 1024 * 1024


@dataclass(frozen=True)
class Scripted:
    """One answer to give."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay: float = 0.0
    hangs_up: bool = False


@dataclass(frozen=True)
class Asked:
    """One question that was put."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FakeProvider:
    """A server on the loopback device. `asked` are the questions so far, `most_at_once` how many it had together."""

    family: str = "openai"
    asked: list[Asked] = field(default_factory=list[Asked])
    most_at_once: int = 0
    _script: deque[Scripted] = field(default_factory=deque[Scripted])
    _always: Scripted | None = None
    _at_once: int = 0
    _server: asyncio.Server | None = None
    _connections: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._connections):
            writer.close()
        # One turn for each of them to notice.
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        """Where to ask it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    def answers(
        self,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: object = b"",
        *,
        times: int | None = 1,
        delay: float = 0.0,
        hangs_up: bool = False,
    ) -> None:
        """Give this answer next, so many times; with `times=None` from now on whenever nothing else is scripted."""
        data = (
            body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else json.dumps(body).encode()
        )
        one = Scripted(status, headers or {}, data, delay, hangs_up)
        if times is None:
            self._always = one
        else:
            self._script.extend([one] * times)

    def is_well(self) -> None:
        """Give good answers again."""
        self._script.clear()
        self._always = None

    def _next(self) -> Scripted:
        if self._script:
            return self._script.popleft()
        good = GOOD.get(self.family, GOOD["openai"])
        return self._always or Scripted(200, {}, json.dumps(good).encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while (asked := await _read(reader)) is not None:
                self.asked.append(asked)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                try:
                    answer = self._next()
                    await asyncio.sleep(answer.delay)
                finally:
                    self._at_once -= 1
                if answer.hangs_up:
                    return
                writer.write(_written(answer))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            return
        finally:
            self._connections.discard(writer)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    line = await reader.readline()
    if not line:
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := await reader.readline()) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = min(int(headers.get("content-length", "0")), MOST_BODY)
    return Asked(method, path, headers, await reader.readexactly(length) if length else b"")


def _written(answer: Scripted) -> bytes:
    headers = {"content-type": "application/json", **answer.headers, "content-length": str(len(answer.body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {answer.status} Scripted\r\n{lines}\r\n".encode("latin-1") + answer.body
