"""Our way out, lent to clients that speak a protocol of their own: what they send passes the same guard as everything else.

    async with lent_client(overheard) as client: ...

Of what they tell of themselves only what the protocol needs is passed on: no version, machine or system in headers.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx2

from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.client import fetcher
from brandhound.core.http.exchanging import OpenAnswer
from brandhound.core.logs.redacting import MASK, is_secret_name

LONGEST_ANSWER = 8 * 1024 * 1024
_SHORTEST_KEY = 6
_TELLTALE = (
    "x-stainless-",
    "x-goog-api-client",
    "user-agent",
    "accept-encoding",
    "host",
    "content-length",
    "connection",
)


@dataclass
class Overheard:
    """The last answer as it came in, before a client made its own sense of it. Of one that streams there is no body.

    `waited_in_vain`: the question arrived, and the time for its answer was over before that began.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    waited_in_vain: bool = False

    def forget(self) -> None:
        """Nothing was said yet."""
        self.status, self.headers, self.body, self.waited_in_vain = None, {}, None, False


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Carries a client's requests out through the process's fetcher. Raises FetchFailed."""

    def __init__(self, overheard: Overheard, seconds: float) -> None:
        self._overheard = overheard
        self._seconds = seconds

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self._overheard.forget()
        sent = {name: value for name, value in request.headers.items() if not name.lower().startswith(_TELLTALE)}
        try:
            answer = await fetcher().converse(
                str(request.url),
                request.method,
                await request.aread(),
                sent,
                max_bytes=LONGEST_ANSWER,
                seconds=self._seconds,
            )
        except FetchFailed as failed:
            self._overheard.waited_in_vain = failed.code == "timeout" and failed.was_sent
            raise
        # It is unpacked, and in pieces of our making.
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("content-encoding", "content-length", "transfer-encoding")
        }
        self._overheard.status, self._overheard.headers = answer.status, headers
        if answer.status < 400 and "event-stream" in headers.get("content-type", ""):
            return httpx2.Response(answer.status, headers=headers, stream=_Pieces(answer), request=request)
        try:
            body = b"".join([piece async for piece in answer])
        finally:
            await answer.aclose()
        if answer.status >= 400:
            # Some repeat the key that they refuse, and these words are shown and kept.
            body = _without_keys(body, sent)
        self._overheard.body = body
        return httpx2.Response(answer.status, headers=headers, content=body, request=request)


def _without_keys(body: bytes, sent: Mapping[str, str]) -> bytes:
    for name, value in sent.items():
        key = value.rpartition(" ")[2]
        if is_secret_name(name) and len(key) >= _SHORTEST_KEY:
            body = body.replace(key.encode(), MASK.encode())
    return body


class _Pieces(httpx2.AsyncByteStream):
    def __init__(self, answer: OpenAnswer) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer:
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


def lent_client(overheard: Overheard, seconds: float = 300.0) -> httpx2.AsyncClient:
    """A client for one conversation; each of its answers may take so many seconds. It follows no redirect, and no proxy."""
    transport = GuardedTransport(overheard, seconds)
    return httpx2.AsyncClient(transport=transport, timeout=seconds, trust_env=False, follow_redirects=False)
