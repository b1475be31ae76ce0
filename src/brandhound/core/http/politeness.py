"""Waiting for our turn: how often and how many at a time we ask one site, and how long we leave it alone when it says so."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.dates import clamp_wait
from brandhound.core.http.targets import literal_address

# Country domains under which names are registered on the third level: bbc.co.uk, abc.net.au.
_SECOND_LEVELS = frozenset({"co", "com", "net", "org", "gov", "ac", "edu", "ne", "or", "go", "gob", "gouv", "nom"})

MOST_SITES = 4096
SILENCE_WITHOUT_A_WORD = 60.0


def site_of(host: str) -> str:
    """The name under which one publisher answers: www.example.co.uk and feeds.example.co.uk are one site."""
    if literal_address(host) is not None:
        return host
    labels = host.split(".")
    if len(labels) <= 2:
        return host
    kept = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    return ".".join(labels[-kept:])


@dataclass(frozen=True, slots=True)
class Limits:
    """How we behave. Private hosts are the operator's own: they are asked as often as we like."""

    concurrency: int = 2
    interval: float = 1.0
    """Seconds between two requests, on average: as many as `concurrency` may start at once after a pause."""
    private_concurrency: int = 64
    patience: float = 60.0
    """Seconds that one request waits for its turn before it gives up with `host-busy`."""


class _Gate:
    """One site's turns: first come, first served, and a cancelled waiter leaves no hole."""

    __slots__ = (
        "_loop",
        "_running",
        "_timer",
        "_waiting",
        "_whole_from",
        "blocked_until",
        "burst",
        "interval",
        "limit",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int, interval: float) -> None:
        self._loop = loop
        self.limit = limit
        self.interval = interval
        self.burst = limit
        self.blocked_until = 0.0
        self._running = 0
        # The bucket, kept as the moment at which it is full again (GCRA): no token is counted, none can be lost.
        self._whole_from = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        return not self._running and not self._waiting and self.blocked_until <= self._loop.time()

    def _ready_at(self) -> float:
        return max(self.blocked_until, self._whole_from - (self.burst - 1) * self.interval)

    def _take(self, now: float) -> None:
        self._running += 1
        self._whole_from = max(self._whole_from, now) + self.interval

    async def enter(self, patience: float, site: str) -> None:
        now = self._loop.time()
        if not self._waiting and self._running < self.limit and self._ready_at() <= now:
            self._take(now)
            return
        expected = self._ready_at() - now + len(self._waiting) * self.interval
        if expected > patience:
            raise FetchFailed("host-busy", f"{site} wants to be left alone for now", retry_after=expected)
        turn: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(turn)
        self._serve()
        try:
            async with asyncio.timeout(patience):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.leave()  # granted in the very moment that the wait was given up
            else:
                self._waiting.remove(turn)
                self._serve()
            if isinstance(error, TimeoutError):
                raise FetchFailed("host-busy", f"no turn at {site} in time", retry_after=self.interval) from error
            raise

    def relax(self, limit: int) -> None:
        """No pauses from here on."""
        self.limit, self.burst, self.interval = limit, limit, 0.0
        self.blocked_until = self._whole_from = 0.0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._serve()

    def leave(self) -> None:
        self._running -= 1
        if self._waiting:
            self._serve()

    def _serve(self) -> None:
        while self._waiting and self._running < self.limit:
            now = self._loop.time()
            ready_at = self._ready_at()
            if ready_at > now:
                if self._timer is None:
                    self._timer = self._loop.call_at(ready_at, self._on_timer)
                return
            turn = self._waiting[0]
            if turn.cancelled():
                # Its owner has not run yet; it takes itself out.
                self._waiting.rotate(-1)
                if all(waiting.cancelled() for waiting in self._waiting):
                    return
                continue
            self._waiting.popleft()
            self._take(now)
            turn.set_result(None)

    def _on_timer(self) -> None:
        self._timer = None
        self._serve()


class Politeness:
    """Everyone's turns. Belongs to one event loop."""

    def __init__(self, limits: Limits, private_hosts: frozenset[str] = frozenset()) -> None:
        self._limits = limits
        self._private: set[str] = set(private_hosts)
        self._gates: OrderedDict[str, _Gate] = OrderedDict()
        self._blocked_urls: dict[str, float] = {}

    def mark_private(self, host: str) -> None:
        """This host is on one of the operator's own networks: no pauses there."""
        if host not in self._private:
            self._private.add(host)
            gate = self._gates.get(site_of(host))
            if gate is not None:
                gate.relax(self._limits.private_concurrency)

    def is_private(self, host: str) -> bool:
        """Whether this host is known to be on one of the operator's own networks."""
        return host in self._private

    def _gate(self, host: str) -> _Gate:
        is_private = host in self._private
        site = host if is_private else site_of(host)
        gate = self._gates.get(site)
        if gate is None:
            limits = self._limits
            loop = asyncio.get_running_loop()
            gate = (
                _Gate(loop, limits.private_concurrency, 0.0)
                if is_private
                else _Gate(loop, limits.concurrency, limits.interval)
            )
            self._gates[site] = gate
            if len(self._gates) > MOST_SITES:
                self._forget_idle()
        else:
            self._gates.move_to_end(site)
        return gate

    def _forget_idle(self) -> None:
        for site in [site for site, gate in self._gates.items() if gate.is_idle][: MOST_SITES // 4]:
            del self._gates[site]

    @asynccontextmanager
    async def turn(self, host: str, url: str, crawl_delay: float | None = None) -> AsyncGenerator[None]:
        """Wait for our turn at this host, and hold it for the time of one request.

        Raises FetchFailed with `host-busy` and `retry_after` when that would take longer than our patience.
        """
        gate = self._gate(host)
        if not self.is_private(host):
            if crawl_delay is not None and crawl_delay > gate.interval:
                gate.interval, gate.burst = crawl_delay, 1
            if self._blocked_urls:
                self._check_url(url)
        await gate.enter(self._limits.patience, host)
        try:
            yield
        finally:
            gate.leave()

    def _check_url(self, url: str) -> None:
        until = self._blocked_urls.get(url)
        if until is None:
            return
        left = until - asyncio.get_running_loop().time()
        if left > 0:
            raise FetchFailed("host-busy", "this address asked to be left alone for now", retry_after=left)
        del self._blocked_urls[url]

    def heed(self, host: str, url: str, status: int, retry_after: float | None) -> None:
        """Take in what an answer says about coming back: 429 speaks for the whole host, 503 for this URL.

        A 503 counts only with a Retry-After: without one, the scheduler's own back-off is enough.
        """
        if self.is_private(host):
            return
        now = asyncio.get_running_loop().time()
        if status == 429:
            wait = clamp_wait(retry_after) if retry_after is not None else SILENCE_WITHOUT_A_WORD
            gate = self._gate(host)
            gate.blocked_until = max(gate.blocked_until, now + wait)
        elif status == 503 and retry_after is not None:
            if len(self._blocked_urls) >= MOST_SITES:
                self._blocked_urls = {key: until for key, until in self._blocked_urls.items() if until > now}
            if len(self._blocked_urls) < MOST_SITES:
                self._blocked_urls[url] = now + clamp_wait(retry_after)
