"""What every answer carries, and which requests are turned away before anything looks at them."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brandhound.app.problems import problem_response
from brandhound.core.settings import settings
from brandhound.identity.errors import CrossSiteRequest

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

# 'unsafe-inline' for styles: the component library sets positions and colours in style attributes.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
    " connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Refuses requests that another website makes in a visitor's name, and adds the protecting headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http" and is_cross_site(scope["method"], Headers(scope=scope)):
            await problem_response(Request(scope), CrossSiteRequest())(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


def is_cross_site(method: str, headers: Headers) -> bool:
    """Whether a browser says that another site sent this request, and it could change something.

    Every browser of the last years sends Sec-Fetch-Site or Origin with such requests; programs send neither.
    """
    if method in SAFE_METHODS or headers.get("authorization"):
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and not same_origin(origin, headers)


def same_origin(origin: str, headers: Headers) -> bool:
    """Whether an Origin header names the host that was asked, or the public address."""
    host = urlsplit(origin).netloc
    return bool(host) and host in (headers.get("host"), urlsplit(settings().public_url).netloc)
