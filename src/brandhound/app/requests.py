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

        async def with_number(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        outside = context.begin()
        context.bind(request_id=number)
        try:
            await self.app(scope, receive, with_number)
        except Exception as error:
            _log.exception("request failed", extra=_facts(scope))
            # The server reports it once more.
            recording.told(error)
            raise
        else:
            if scope["type"] == "http":
                _tell(scope, status, time.perf_counter() - started)
        finally:
            context.release(outside)


def _tell(scope: Scope, status: int, took: float) -> None:
    path: str = scope["path"]
    if not path.startswith("/api/") or path in _NOT_TOLD:
        return
    facts = _facts(scope)
    level = logging.WARNING if status >= 500 else logging.INFO
    more = facts | {"status": status, "ms": round(took * 1000, 1)}
    _log.log(level, "%s %s answered %s", facts["method"], facts["path"], status, extra=more)


def _facts(scope: Scope) -> dict[str, object]:
    """What was asked for. The route and not the address, which may hold the key of an invitation."""
    given: dict[str, object] = scope.get("path_params") or {}
    named = {name: value for name, value in given.items() if name.endswith("_id")}
    return {**named, "method": scope.get("method", "socket"), "path": getattr(scope.get("route"), "path", "")}


def request_id_of(scope: Scope) -> str | None:
    """The number of a request, for its error document."""
    return scope.get("request_id")
