"""Sending to the operator's own systems: a trace collector, an error tracker, a heartbeat.

The operator names these addresses, so they may also lie on private networks. All else that guards the way out holds.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from brandhound.core.http.addresses import AddressRules, networks
from brandhound.core.http.client import Fetcher, FetchFailed, Limits, Timeouts
from brandhound.core.settings import settings

OWN_NETWORKS = networks(
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7"
)

_log = logging.getLogger("brandhound.posting")


def operators_fetcher() -> Fetcher:
    """A way out that also reaches the operator's own networks. Belongs to the event loop it is first used in."""
    configured = settings()
    return Fetcher(
        rules=AddressRules((*configured.private_networks, *OWN_NETWORKS)),
        limits=Limits(2, 0.0),
        timeouts=Timeouts(total=15.0),
        contact=configured.contact or configured.public_url,
        zero_egress=configured.zero_egress,
    )


@dataclass(frozen=True)
class Parcel:
    """What is sent to where."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class Poster(threading.Thread):
    """Sends in a thread of its own. What does not fit, or does not arrive, is dropped: the work comes first.

    `pack` makes parcels of all that waits; it is called at most once in `every` seconds.
    """

    def __init__(
        self, name: str, pack: Callable[[list[object]], list[Parcel]], *, every: float, most: int = 4096
    ) -> None:
        super().__init__(daemon=True, name=name)
        self._pack, self._every = pack, every
        self._waiting: queue.Queue[object] = queue.Queue(most)
        self._stopping = threading.Event()
        self.sent = 0
        self.dropped = 0
        self._told: str | None = None

    def put(self, thing: object) -> None:
        """Let it be sent soon."""
        try:
            self._waiting.put_nowait(thing)
        except queue.Full:
            self.dropped += 1

    def run(self) -> None:
        asyncio.run(self._send_often())

    def stop(self, seconds: float = 2.0) -> None:
        """Send what waits, if that does not take long."""
        self._stopping.set()
        self.join(seconds)

    async def _send_often(self) -> None:
        fetcher = operators_fetcher()
        while not self._stopping.is_set():
            await asyncio.to_thread(self._stopping.wait, self._every)
            await self._send(fetcher)
        await fetcher.aclose()

    async def _send(self, fetcher: Fetcher) -> None:
        things: list[object] = []
        while not self._waiting.empty() and len(things) < 2048:
            things.append(self._waiting.get_nowait())
        for parcel in self._pack(things) if things else ():
            try:
                answer = await fetcher.post(parcel.url, parcel.body, parcel.headers)
                problem = f"refuses: status {answer.status}" if answer.status >= 400 else None
            except FetchFailed as failed:
                problem = f"cannot be reached: {failed.code} {failed.detail}"
            self._note(problem)

    def _note(self, problem: str | None) -> None:
        self.dropped += problem is not None
        self.sent += problem is None
        # Told once for as long as it lasts: a collector that is away for a night must not fill the log.
        if problem and problem != self._told:
            _log.warning("%s %s", self.name, problem)
        self._told = problem
