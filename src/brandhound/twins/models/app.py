"""The servers: OpenAI under /v1, Anthropic under /v1/messages, Gemini under /v1beta."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from brandhound.twins.models import anthropic_wire, chat_wire, gemini_wire, responses_wire
from brandhound.twins.models.asked import Asked, Said
from brandhound.twins.models.failing import FAMILY, LIMITS, Trouble, trouble
from brandhound.twins.models.personas import Persona, reader
from brandhound.twins.models.recordings import NotRecorded
from brandhound.twins.news.asgi import Receive, Scope, Send, cut_connection, read_body, reply_json, typed

WRITERS = {"chat": chat_wire, "responses": responses_wire, "anthropic": anthropic_wire, "gemini": gemini_wire}
_GEMINI = re.compile(r"/v1beta/models/(.+):(generateContent|streamGenerateContent)")
_KEYS = ("authorization", "x-api-key", "x-goog-api-key")


class ModelApp:
    """Answers by its persona. `troubles` go wrong first, one for each question; `key` is the only one it accepts."""

    def __init__(self) -> None:
        self.persona: Persona = reader
        self.asked: list[Asked] = []
        self.troubles: deque[Trouble] = deque()
        self.always: Trouble | None = None
        self.key: str | None = None
        self.breaks_after: int | None = None
        """Hang up in the middle of a stream, after so many pieces."""
        self.error_after: int | None = None
        """Say in the middle of a stream that something is wrong, after so many pieces."""
        self.delay = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if scope["method"] == "GET":
            await self._tell(path, send)
            return
        raw = await read_body(receive)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            body: dict[str, Any] = json.loads(raw)
        except ValueError:
            await reply_json(send, 400, {"error": {"message": "not JSON", "type": "invalid_request_error"}})
            return
        asked = read(path, body, headers)
        if asked is None:
            await reply_json(send, 404, {"error": {"message": f"nothing at {path}", "type": "invalid_request_error"}})
            return
        self.asked.append(asked)
        await asyncio.sleep(self.delay)
        if found := self._trouble(asked):
            await _fail(send, found)
            return
        try:
            said = self.persona(asked)
        except NotRecorded as missing:
            await reply_json(send, 400, {"error": {"message": str(missing), "type": "invalid_request_error"}})
            return
        number = len(self.asked)
        headers_out = dict(LIMITS[FAMILY[asked.wire]]) | {"x-request-id": f"req_{number}"}
        writer = WRITERS[asked.wire]
        if asked.streams:
            await self._stream(send, asked, writer.stream(asked, said, number), headers_out)
        else:
            await _answer(send, 200, json.dumps(writer.write(asked, said, number)).encode(), headers_out)

    def _trouble(self, asked: Asked) -> Trouble | None:
        family = FAMILY[asked.wire]
        if self.key is not None and not any(self.key in asked.headers.get(name, "") for name in _KEYS):
            return trouble(family, "bad_key")
        if asked.model.startswith("fail:"):
            return trouble(family, asked.model.removeprefix("fail:"))
        if self.troubles:
            return self.troubles.popleft()
        return self.always

    async def _stream(self, send: Send, asked: Asked, events: Iterator[bytes], headers: dict[str, str]) -> None:
        await send(_start(200, {**headers, "content-type": "text/event-stream; charset=utf-8"}))
        for place, event in enumerate(events):
            if place == self.breaks_after:
                cut_connection(send)
                return
            if place == self.error_after:
                await send({"type": "http.response.body", "body": _error_event(asked), "more_body": False})
                return
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, path: str, send: Send) -> None:
        if path.endswith("/models"):
            await reply_json(send, 200, {"object": "list", "data": [{"id": "twin-1", "object": "model"}]})
            return
        told = [{"wire": one.wire, "model": one.model, "text": one.text[:2000]} for one in self.asked[-50:]]
        await reply_json(send, 200, {"asked": told})


def read(path: str, body: dict[str, Any], headers: Mapping[str, str]) -> Asked | None:
    """The question, by the address it came to; None where nobody listens."""
    if path.endswith("/chat/completions"):
        return chat_wire.read(body, headers)
    if path.endswith("/responses"):
        return responses_wire.read(body, headers)
    if path.endswith("/v1/messages"):
        return anthropic_wire.read(body, headers)
    if found := _GEMINI.search(path):
        return gemini_wire.read(body, headers, unquote(found[1]), streams=found[2] != "generateContent")
    return None


def said_as_json(asked: Asked, said: Said) -> dict[str, Any]:
    """A whole answer as it goes over the wire; for comparing it with what was recorded."""
    return WRITERS[asked.wire].write(asked, said, 1)


def _error_event(asked: Asked) -> bytes:
    body = trouble(FAMILY[asked.wire], "overloaded").body
    if asked.wire == "anthropic":
        return f"event: error\ndata: {json.dumps(body)}\n\n".encode()
    if asked.wire == "responses":
        inner = body["error"]
        event = {"type": "error", "code": inner["code"], "message": inner["message"], "param": None}
        return f"event: error\ndata: {json.dumps(event | {'sequence_number': 9})}\n\n".encode()
    return f"data: {json.dumps(body)}\n\n".encode()


async def _fail(send: Send, found: Trouble) -> None:
    body = found.body.encode() if isinstance(found.body, str) else json.dumps(found.body).encode()
    await _answer(send, found.status, body, dict(found.headers))


async def _answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    given = {name.lower(): value for name, value in headers.items()}
    await send(_start(status, {"content-type": "application/json", **given, "content-length": str(len(body))}))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, headers: Mapping[str, str]) -> dict[str, Any]:
    pairs = [pair for name, value in headers.items() for pair in _pair(name, value)]
    return {"type": "http.response.start", "status": status, "headers": pairs}


def _pair(name: str, value: str) -> list[tuple[bytes, bytes]]:
    return typed(value) if name == "content-type" else [(name.encode(), value.encode("latin-1"))]
