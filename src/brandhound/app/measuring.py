"""Each request, counted and timed; and a span of its own when traces are wanted."""

import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brandhound.admin import slow_requests
from brandhound.admin.measures import HTTP_IN_FLIGHT, HTTP_REQUESTS, HTTP_SECONDS
from brandhound.app.requests import request_id_of
from brandhound.core.measuring import Labels, count, gauge, observe
from brandhound.core.tracing import is_tracing, span


class Measured:
    """Around everything else, so that also what is turned away is counted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.in_flight = 0
        gauge(HTTP_IN_FLIGHT, self._in_flight)

    def _in_flight(self) -> Mapping[Labels, float]:
        return {(): float(self.in_flight)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500
        answered: float | None = None

        async def note(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status = int(message["status"])
                # Until the answer begins: a stream of changes does not end for hours.
                answered = time.perf_counter() - began
            await send(message)

        self.in_flight += 1
        with slow_requests.tallied() as tally:
            try:
                if is_tracing():
                    await self._traced(scope, receive, note)
                else:
                    await self.app(scope, receive, note)
            finally:
                self.in_flight -= 1
                took = answered if answered is not None else time.perf_counter() - began
                part = part_of(scope)
                count(HTTP_REQUESTS, part, f"{status // 100}xx")
                observe(HTTP_SECONDS, took, part)
                if took >= slow_requests.SLOW and part != "page":
                    # The route, not the address: that may hold a key.
                    request = f"{scope['method']} {route_of(scope)}"
                    slow_requests.note(slow_requests.Slow(request, request_id_of(scope), status, took, tally))

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        header = Headers(scope=scope).get("traceparent")
        with span(scope["method"], "server", asked_by=header, **{"http.request.method": scope["method"]}) as made:

            async def note(message: Message) -> None:
                if made is not None and message["type"] == "http.response.start":
                    made.facts["http.response.status_code"] = int(message["status"])
                    if message["status"] >= 500:
                        made.failure = str(message["status"])
                await send(message)

            try:
                await self.app(scope, receive, note)
            finally:
                # The route, not the address: that may hold a key, and there would be as many as things.
                route = route_of(scope)
                if made is not None and route:
                    made.name = f"{scope['method']} {route}"
                    made.facts["http.route"] = route


def route_of(scope: Scope) -> str | None:
    """The address with the names of its parameters, once the router has found it."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else None


def part_of(scope: Scope) -> str:
    """Which part of the product was asked: `/api/feeds/{id}` is `feeds`. Few, whatever strangers ask for."""
    route = route_of(scope)
    if route is None or not route.startswith("/api/"):
        return "page"
    return route.split("/")[2]
