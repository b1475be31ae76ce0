"""What each origin's robots.txt permits, asked for once and remembered for a day at most."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from brandhound.core.http.answers import FetchFailed, FetchRequest, FetchResult, Purpose
from brandhound.core.http.robots import ALLOW_ALL, MOST_BYTES, Robots, parse_robots
from brandhound.core.http.targets import Target

PRODUCT_TOKEN = "brandhound"
LONGEST_MEMORY = 24 * 3600.0
SHORTEST_MEMORY = 300.0
ASK_AGAIN_AFTER = 600.0
GIVEN_UP_AFTER = 30 * 24 * 3600.0
MOST_ORIGINS = 4096

# Failures that the page itself would meet too: they are told as they are, instead of as a matter of robots.txt.
_OWN_FAILURES = frozenset(
    {"dns", "refused", "private-address", "port", "tls", "tls-expired", "zero-egress", "host-busy"}
)

Origin = tuple[str, str, int]


@dataclass(slots=True)
class _Memory:
    robots: Robots | None
    """None while it cannot be reached and never could."""
    expires: float
    failure: FetchFailed | None = None
    unreachable_since: float | None = None


class Permissions:
    """May we fetch this? Answers from memory; a hundred askers at once cause one request."""

    def __init__(self, read: Callable[[FetchRequest], Awaitable[FetchResult]]) -> None:
        self._read = read
        self._memories: OrderedDict[Origin, _Memory] = OrderedDict()
        self._asking: dict[Origin, asyncio.Task[_Memory]] = {}

    async def check(self, target: Target, purpose: Purpose) -> Robots:
        """Raises FetchFailed with `robots` when it is forbidden, `robots-unreachable` when nobody knows.

        A feed that a person typed in is fetched on their behalf, as readers do: only a group that names us forbids it.
        """
        memory = self._known(target.origin) or await self._ask(target)
        if memory.robots is None:
            if purpose == "feed":
                return ALLOW_ALL
            assert memory.failure is not None
            known = memory.failure
            raise FetchFailed(known.code, known.detail, known.retry_after)
        group = memory.robots.ours if purpose == "feed" else memory.robots.group
        if group is not None and not group.allows(target.path):
            raise FetchFailed("robots", f"{target.host} forbids robots to read this address")
        return memory.robots

    async def robots(self, target: Target) -> Robots:
        """The origin's robots.txt. Raises FetchFailed when it cannot be reached."""
        memory = self._known(target.origin) or await self._ask(target)
        if memory.robots is None:
            assert memory.failure is not None
            raise FetchFailed(memory.failure.code, memory.failure.detail, memory.failure.retry_after)
        return memory.robots

    def forget(self) -> None:
        """Ask every origin anew."""
        self._memories.clear()

    def close(self) -> None:
        """Stop asking."""
        for task in self._asking.values():
            task.cancel()

    def _known(self, origin: Origin) -> _Memory | None:
        memory = self._memories.get(origin)
        return memory if memory is not None and memory.expires > monotonic() else None

    async def _ask(self, target: Target) -> _Memory:
        # The asking is a task of its own, so that one caller's cancellation does not take the answer from the others.
        task = self._asking.get(target.origin)
        if task is None:
            task = asyncio.create_task(self._learn(target), name=f"robots {target.host}")
            self._asking[target.origin] = task
            task.add_done_callback(lambda _: self._asking.pop(target.origin, None))
        return await asyncio.shield(task)

    async def _learn(self, target: Target) -> _Memory:
        memory = await self._fetch(target)
        old = self._memories.get(target.origin)
        if memory.robots is None:
            memory.unreachable_since = (old and old.unreachable_since) or monotonic()
            if old is not None and old.robots is not None:
                memory.robots = old.robots
            elif monotonic() - memory.unreachable_since > GIVEN_UP_AFTER:
                memory.robots = ALLOW_ALL
        self._memories[target.origin] = memory
        self._memories.move_to_end(target.origin)
        while len(self._memories) > MOST_ORIGINS:
            self._memories.popitem(last=False)
        return memory

    async def _fetch(self, target: Target) -> _Memory:
        url = target.url[: len(target.url) - len(target.path)] + "/robots.txt"
        try:
            result = await self._read(FetchRequest(url, max_bytes=MOST_BYTES, purpose="robots", obey_robots=False))
        except FetchFailed as failed:
            if failed.code in ("too-many-redirects", "redirect-loop"):
                return _Memory(ALLOW_ALL, monotonic() + LONGEST_MEMORY)
            if failed.code not in _OWN_FAILURES:
                failed = FetchFailed("robots-unreachable", f"robots.txt of {target.host}: {failed}", failed.retry_after)
            # A host that is down is asked again soon: it costs nobody anything.
            return _Memory(None, monotonic() + SHORTEST_MEMORY / 10, failed)
        if result.status == 429 or result.status >= 500:
            detail = f"robots.txt of {target.host} answers {result.status}: nobody may read anything until it does"
            wait = max(ASK_AGAIN_AFTER, min(result.retry_after or 0.0, LONGEST_MEMORY))
            return _Memory(None, monotonic() + wait, FetchFailed("robots-unreachable", detail, wait))
        lifetime = result.fresh_for
        lifetime = LONGEST_MEMORY if lifetime is None else min(max(lifetime, SHORTEST_MEMORY), LONGEST_MEMORY)
        if not 200 <= result.status < 300:
            return _Memory(ALLOW_ALL, monotonic() + lifetime)
        return _Memory(parse_robots(result.body, PRODUCT_TOKEN), monotonic() + lifetime)
