"""Every request gets a number, under which everything that it caused can be found again, and leaves one line in the log."""

import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brandhound.core.ids import uuid7
from brandhound.core.logs import context, recording

HEADER = "X-Request-Id"
# What a proxy in front of us gives may be taken over if it is nothing but a name.
_FIT = re.compile(r"[A-Za-z0-9._:-]{8,100}")
# A stream lasts as long as its tab is open, and monitors ask every few seconds: neither tells anybody anything.
_NOT_TOLD = ("/api/events", "/api/health")
_SLOW = 1.0
"""Seconds from which on an answer counts as slow."""
_log = logging.getLogger("brandhound.web")


class Requests:
    """Numbers requests, answers with the number, and logs how each ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        number = given if _FIT.fullmatch(given) else str(uuid7())
        scope["request_id"] = number
        started = time.perf_counter()
        status = 0
        took = 0.0

        async def with_number(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status = message["status"]
                # Until the answer begins: a stream lasts as long as somebody looks, which is not slow.
                took = time.perf_counter() - started
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        outside = context.begin()
        context.bind(request_id=number)
        try:
            await self.app(scope, receive, with_number)
        except Exception as error:
            method, route = scope.get("method", "socket"), _route(scope)
            # The error inbox hears this record first, and keeps the request that it names.
            _log.exception("%s %s failed", method, route, extra=_ids(scope) | {"request": f"{method} {route}"})
            # The server reports it once more.
            recording.told(error)
            raise
        else:
            if scope["type"] == "http":
                _tell(scope, status, took)
        finally:
            context.release(outside)


def _tell(scope: Scope, status: int, took: float) -> None:
    path: str = scope["path"]
    if not path.startswith("/api/") or path in _NOT_TOLD:
        return
    method: str = scope["method"]
    if status >= 500:
        level = logging.WARNING
    elif status < 400 and took < _SLOW and method in ("GET", "HEAD"):
        # Screens look again and again; what changes something, fails or takes long is worth more than that.
        level = logging.DEBUG
    else:
        level = logging.INFO
    more = _ids(scope) | {"status": status, "ms": round(took * 1000, 1)}
    _log.log(level, "%s %s answered %s", method, _route(scope), status, extra=more)


def _route(scope: Scope) -> str:
    """What was asked for. The route and not the address, which may hold the key of an invitation."""
    return getattr(scope.get("route"), "path", "") or "something unknown"


def _ids(scope: Scope) -> dict[str, object]:
    given: dict[str, object] = scope.get("path_params") or {}
    return {name: value for name, value in given.items() if name.endswith("_id")}


def request_id_of(scope: Scope) -> str | None:
    """The number of a request, for its error document."""
    return scope.get("request_id")
