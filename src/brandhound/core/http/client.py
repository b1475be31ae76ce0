"""Fetching: redirects, validators, limits, turns and permissions in one place.

result = await fetcher().fetch(FetchRequest(url, purpose="feed"))
"""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from contextlib import nullcontext
from time import monotonic
from typing import Literal
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from brandhound import __version__
from brandhound.core.http.addresses import KEEPS_TO_ITSELF, AddressRules
from brandhound.core.http.answers import (
    DEFAULT_MAX_BYTES,
    FailureCode,
    FetchFailed,
    FetchRequest,
    FetchResult,
    Hop,
    Purpose,
    Validators,
)
from brandhound.core.http.dates import parse_http_date, retry_after_seconds
from brandhound.core.http.exchanging import REDIRECTS, Answer, Exchange, OpenAnswer, Question, Timeouts
from brandhound.core.http.guard import GuardedBackend, Resolver, system_resolver
from brandhound.core.http.permissions import Permissions
from brandhound.core.http.politeness import Limits, Politeness
from brandhound.core.http.robots import Robots
from brandhound.core.http.targets import Target, follow_location, literal_address, read_target
from brandhound.core.measuring import count, metric, observe
from brandhound.core.settings import settings
from brandhound.core.tracing import current_trace, span

__all__ = [
    "DEFAULT_MAX_BYTES",
    "FailureCode",
    "FetchFailed",
    "FetchRequest",
    "FetchResult",
    "Fetcher",
    "Hop",
    "Limits",
    "Purpose",
    "Timeouts",
    "Validators",
    "fetcher",
]

FETCHES = metric(
    "brandhound_fetches_total",
    "counter",
    "Requests to the outside, by why and by what came of them.",
    "purpose",
    "outcome",
)
FETCH_SECONDS = metric(
    "brandhound_fetch_seconds", "histogram", "Time of requests to the outside, over their redirects.", "purpose"
)
MOST_HOPS = 5
LONGEST_FOR_ROBOTS = 15.0
_FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
_PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"
ACCEPT: Mapping[Purpose, str] = {
    "feed": _FEED_TYPES,
    "page": _PAGE_TYPES,
    "discovery": _PAGE_TYPES,
    "robots": "text/plain, */*;q=0.5",
}
# What the connection decides, not the caller.
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "te"})
_FOR_ONE_ORIGIN = frozenset({"authorization", "cookie", "proxy-authorization"})
# Switched off, an installation still follows its feeds (see the setting's description).
_EGRESS_ALWAYS: frozenset[Purpose] = frozenset({"feed", "page", "robots"})


class Fetcher:
    """The way out. Belongs to the event loop it is first used in; safe for any number of tasks there."""

    def __init__(
        self,
        *,
        rules: AddressRules | None = None,
        resolver: Resolver = system_resolver,
        limits: Limits | None = None,
        timeouts: Timeouts | None = None,
        contact: str = "",
        ssl_context: ssl.SSLContext | None = None,
        zero_egress: bool = False,
    ) -> None:
        self._rules = rules or AddressRules()
        self._timeouts = timeouts or Timeouts()
        self._politeness = Politeness(limits or Limits())
        self._permissions = Permissions(lambda request: self._follow(request, is_cut=True))
        # The rules of a site that may not be asked are not read either.
        self._others_permissions = Permissions(lambda request: self._follow(request, is_cut=True, is_confined=True))
        self._backend = GuardedBackend(self._rules, resolver, on_private=self._politeness.mark_private)
        self._exchange = Exchange(self._backend, self._timeouts, ssl_context)
        self._zero_egress = zero_egress
        # Where everything but feeds goes: switched off, it reaches the operator's own networks and nothing else. Judged
        # where the connection is made, so that neither a name nor a redirect leads out.
        self._others_backend, self._others = self._backend, self._exchange
        if zero_egress:
            own = AddressRules(self._rules.allowed, only_allowed=True)
            self._others_backend = GuardedBackend(own, resolver, on_private=self._politeness.mark_private)
            self._others = Exchange(self._others_backend, self._timeouts, ssl_context)
        self.user_agent = f"brandhound/{__version__} (+{contact}; feeds)" if contact else f"brandhound/{__version__}"

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Fetch one document, over its redirects. Every status is a result; 304 is one.

        Raises FetchFailed, and nothing else. Safe to repeat; may wait for our turn at the host.
        """
        return await self._follow(request)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] | None = None, max_bytes: int = 256 * 1024
    ) -> FetchResult:
        """Send `body` to one address under the same guard. A redirect is a result: it is not followed, nor robots asked."""
        target = read_target(url)
        self._check_egress(target)
        sent = self._headers(target, headers or {}, "*/*", target.credentials, None)
        started = monotonic()
        async with self._politeness.turn(self._mark(target), target.url):
            answer = await self._others.ask(Question(target, sent, max_bytes, "POST", body), self._timeouts.total)
        hop = _hop(target, answer)
        self._heed(target, hop)
        elapsed = monotonic() - started
        return FetchResult(url, target.url, answer.status, answer.headers, answer.body, (hop,), elapsed)

    async def ask(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        method: Literal["POST", "GET", "DELETE"] = "POST",
        max_bytes: int = 4 * 1024 * 1024,
        seconds: float = 60.0,
    ) -> FetchResult:
        """Put a question to an interface whose limits the caller keeps: no turn is waited for, and it may think for long.

        Guarded like every other request. A redirect is a result. With GET there is no body. Raises FetchFailed.
        """
        target = read_target(url)
        self._check_egress(target)
        self._mark(target)
        sent = self._headers(target, headers or {}, "*/*", target.credentials, None)
        started = monotonic()
        content = None if method == "GET" else body
        question = Question(target, sent, max_bytes, method, content, thinking=seconds)
        answer = await self._others.ask(question, seconds)
        hops = (_hop(target, answer),)
        return FetchResult(url, target.url, answer.status, answer.headers, answer.body, hops, monotonic() - started)

    async def converse(
        self,
        url: str,
        method: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        max_bytes: int = 8 * 1024 * 1024,
        seconds: float = 300.0,
    ) -> OpenAnswer:
        """Like `ask`, and the answer is read as it comes: what streams is seen at once. To be closed by the caller.

        Raises FetchFailed, also while it is read.
        """
        target = read_target(url)
        self._check_egress(target)
        self._mark(target)
        sent = self._headers(target, {**headers, "accept-encoding": "identity"}, "*/*", target.credentials, None)
        question = Question(target, sent, max_bytes, method, body if method != "GET" else None, thinking=seconds)
        return await self._others.converse(question, seconds)

    async def check(self, url: str) -> bool:
        """Find out whether this address may be asked at all: its name is resolved and judged, and nobody else is asked.

        Says whether it lies in a network of the operator's own. Raises FetchFailed, as `post` would.
        """
        target = read_target(url)
        self._check_egress(target)
        return await self._others_backend.check(target.host, target.port, self._timeouts.connect)

    async def robots(self, url: str) -> Robots:
        """What the robots.txt of this address's origin says; its sitemaps above all. Raises FetchFailed."""
        target = read_target(url)
        self._check_egress(target)
        return await self._others_permissions.robots(target)

    def forget_robots(self) -> None:
        """Ask for every robots.txt anew."""
        self._permissions.forget()
        self._others_permissions.forget()

    async def aclose(self) -> None:
        """Close all connections."""
        self._permissions.close()
        self._others_permissions.close()
        await self._exchange.aclose()
        await self._others.aclose()

    async def _follow(self, request: FetchRequest, is_cut: bool = False, is_confined: bool = False) -> FetchResult:
        hops: list[Hop] = []
        facts = {"server.address": _host(request.url), "brandhound.purpose": request.purpose}
        # What happens by itself, such as the heartbeat, is no trace of its own.
        with span(f"fetch {request.purpose}", "client", **facts) if current_trace() else nullcontext():
            try:
                result = await self._chain(request, hops, is_cut, is_confined)
            except FetchFailed as failed:
                failed.hops = tuple(hops)
                count(FETCHES, request.purpose, failed.code)
                raise
        count(FETCHES, request.purpose, "unchanged" if result.status == 304 else f"{result.status // 100}xx")
        observe(FETCH_SECONDS, result.elapsed, request.purpose)
        return result

    async def _chain(self, request: FetchRequest, hops: list[Hop], is_cut: bool, is_confined: bool) -> FetchResult:
        is_open = request.purpose in _EGRESS_ALWAYS and not is_confined
        way, permissions = (self._exchange, self._permissions) if is_open else (self._others, self._others_permissions)
        target = read_target(request.url)
        first = target.origin
        credentials = request.credentials or target.credentials
        seen = {target.url}
        spent = 0.0
        total = min(self._timeouts.total, LONGEST_FOR_ROBOTS) if request.purpose == "robots" else self._timeouts.total
        robots: Robots | None = None
        while True:
            if not is_open:
                self._check_egress(target)
            host = self._mark(target)
            delay: float | None = None
            if request.obey_robots and request.purpose != "robots":
                robots = await permissions.check(target, request.purpose)
                group = robots.ours if request.purpose == "feed" else robots.group
                delay = group.crawl_delay if group else None
            is_first_origin = target.origin == first
            validators = request.validators.get(target.url) or (None if hops else request.validators.get(request.url))
            given = request.headers
            if not is_first_origin:
                given = {name: value for name, value in given.items() if name.lower() not in _FOR_ONE_ORIGIN}
            sent = self._headers(
                target, given, ACCEPT[request.purpose], credentials if is_first_origin else None, validators
            )
            async with self._politeness.turn(host, target.url, delay):
                started = monotonic()
                left = total - spent
                answer = await way.ask(Question(target, sent, request.max_bytes, is_cut=is_cut), left)
                spent += monotonic() - started
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                hop = _hop(target, answer)
                hops.append(hop)
                self._heed(target, hop)
                signals = dict(robots.group.signals or robots.everyone.signals) if robots else {}
                chain = tuple(hops)
                return FetchResult(
                    request.url, target.url, answer.status, answer.headers, answer.body, chain, spent, signals
                )
            following = follow_location(target, location)
            hops.append(_hop(target, answer, target.scheme == "https" and following.scheme == "http"))
            if following.url in seen:
                raise FetchFailed("redirect-loop", f"{following.url} leads back to itself")
            if len(hops) > MOST_HOPS:
                raise FetchFailed("too-many-redirects", f"more than {MOST_HOPS} redirects from {request.url}")
            seen.add(following.url)
            target = following

    def _check_egress(self, target: Target) -> None:
        """Refuse before a name is looked up: a question to the name service is one to the outside, too."""
        if not self._zero_egress:
            return
        address = literal_address(target.host)
        if not self._rules.allowed or (address is not None and not self._rules.is_allowed_private(address)):
            raise FetchFailed("zero-egress", KEEPS_TO_ITSELF)

    def _mark(self, target: Target) -> str:
        """The host; one that is plainly on the operator's own network is noted as such."""
        host = target.host
        if not self._politeness.is_private(host):
            address = literal_address(host)
            if address is not None and self._rules.is_allowed_private(address):
                self._politeness.mark_private(host)
        return host

    def _heed(self, target: Target, hop: Hop) -> None:
        if hop.status in (429, 503):
            wait = retry_after_seconds(hop.retry_after, parse_http_date(hop.date))
            self._politeness.heed(target.host, target.url, hop.status, wait)

    def _headers(
        self,
        target: Target,
        given: Mapping[str, str],
        accept: str,
        credentials: tuple[str, str] | None,
        validators: Validators | None,
    ) -> list[tuple[bytes, bytes]]:
        headers = {"user-agent": self.user_agent, "accept": accept, "accept-encoding": "gzip, br"}
        if credentials is not None:
            plain = f"{credentials[0]}:{credentials[1]}".encode()
            headers["authorization"] = "Basic " + base64.b64encode(plain).decode()
        if validators is not None:
            if validators.etag:
                headers["if-none-match"] = validators.etag
            if validators.last_modified:
                headers["if-modified-since"] = validators.last_modified
        for name, value in given.items():
            if name.lower() not in _OURS:
                headers[name.lower()] = value
        sent = [(b"host", target.authority.encode("ascii"))]
        for name, value in headers.items():
            try:
                # Header values came to us as Latin-1 and go back byte by byte.
                sent.append((name.encode("ascii"), value.encode("latin-1")))
            except UnicodeEncodeError:
                sent.append((name.encode("ascii", "ignore"), value.encode("utf-8")))
        return sent


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _hop(target: Target, answer: Answer, is_downgrade: bool = False) -> Hop:
    headers = answer.headers
    return Hop(
        url=target.url,
        status=answer.status,
        location=headers.get("location"),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        cache_control=headers.get("cache-control"),
        expires=headers.get("expires"),
        date=headers.get("date"),
        age=headers.get("age"),
        retry_after=headers.get("retry-after"),
        downgrade=is_downgrade,
    )


_fetchers: WeakKeyDictionary[asyncio.AbstractEventLoop, Fetcher] = WeakKeyDictionary()


def fetcher() -> Fetcher:
    """The process's way out, as the settings say. One for each event loop; call it inside of one."""
    loop = asyncio.get_running_loop()
    found = _fetchers.get(loop)
    if found is None:
        configured = settings()
        found = Fetcher(
            rules=AddressRules(configured.private_networks),
            limits=Limits(configured.per_host_concurrency, configured.per_host_interval),
            contact=configured.contact or configured.public_url,
            zero_egress=configured.zero_egress,
        )
        _fetchers[loop] = found
    return found
