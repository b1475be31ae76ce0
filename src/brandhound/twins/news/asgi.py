"""The little that we need of ASGI, and one thing that it has no word for: hanging up."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict, is_dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

HTML = "text/html; charset=utf-8"


def typed(content_type: str) -> Headers:
    """The header that names a content type."""
    return [(b"content-type", content_type.encode("latin-1"))]


def _transport(send: Send) -> Any:
    # uvicorn passes a bound method of its request cycle, which knows the connection.
    return getattr(getattr(send, "__self__", None), "transport", None)


def cut_connection(send: Send) -> None:
    """Close the connection under a response."""
    transport = _transport(send)
    if transport is not None:
        transport.abort()


def is_cut(send: Send) -> bool:
    """Whether the other side has hung up."""
    transport = _transport(send)
    return transport is not None and bool(transport.is_closing())


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


async def reply_json(send: Send, status: int, value: object) -> None:
    """Answer with a document for programs."""
    body = json.dumps(value, default=_plain).encode()
    headers = [*typed("application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
