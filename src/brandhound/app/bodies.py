"""How much a request may carry: a body is read whole before anything asks whose it is."""

from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brandhound.app.problems import problem_response
from brandhound.core.problems import BodyTooLarge, DatabaseAway, Problem
from brandhound.tenancy.callers import COOKIE, check_shown

OF_STRANGERS = 65_536
"""Bytes from whoever shows neither a session nor a key that is one: a form to sign in with, or of a small page."""
OF_JSON = 4_000_000
"""Bytes that are made into things one by one, which takes many times as much memory."""
OF_FILES = 100_000_000
"""Bytes of a table that is imported, the largest thing that anything takes."""


class Bodies:
    """Turns bodies away that are larger than anything here takes, by what they say of themselves or while they come."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = most_bytes(headers)
        told = headers.get("content-length", "")
        size = int(told) if told.isdecimal() else 0
        if size > most:
            await problem_response(Request(scope), BodyTooLarge())(scope, receive, send)
            return
        if most > OF_STRANGERS and (size > OF_STRANGERS or "transfer-encoding" in headers):
            # Anybody can make up a cookie: it is looked at before as much is read as only those get read who are known.
            problem = await _what_is_wrong(HTTPConnection(scope))
            if problem and size > OF_STRANGERS:
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
            most = OF_STRANGERS if problem else most
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                # What reads a body lets this one exception through, wherever it does so.
                raise HTTPException(BodyTooLarge.status)
            return message

        await self.app(scope, counted, send)


async def _what_is_wrong(connection: HTTPConnection) -> Problem | None:
    """Why the session or key that came along does not count; None if it does."""
    try:
        await check_shown(connection)
    except Problem as problem:
        return problem
    except DBAPIError:
        return DatabaseAway(retry_after=5)
    return None


def most_bytes(headers: Headers) -> int:
    """How large the body of a request with these headers may be."""
    cookies = cookie_parser(headers.get("cookie", ""))
    if COOKIE not in cookies and "authorization" not in headers:
        return OF_STRANGERS
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    # Without a type it is taken for JSON.
    return OF_JSON if kind in ("", "application/json") or kind.endswith("+json") else OF_FILES
