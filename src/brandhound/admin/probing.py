"""Asking ourselves, as a visitor would; and telling the outside once a minute that all is well."""

import asyncio
import logging
import time

from brandhound.admin.measures import PROBE_SECONDS, PROBE_UP
from brandhound.admin.posting import operators_fetcher
from brandhound.core.http.client import Fetcher, FetchFailed, FetchRequest
from brandhound.core.measuring import gauge
from brandhound.core.settings import settings

EVERY = 30.0

_log = logging.getLogger("brandhound.probe")


def own_address() -> str:
    """Where visitors reach the web server; without a public address, where it listens on this machine."""
    configured = settings()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(configured.host, configured.host)
    here = f"http://[{host}]:{configured.port}" if ":" in host else f"http://{host}:{configured.port}"
    # The public name leads outside, where an installation without egress asks nobody, itself included.
    return here if configured.zero_egress or not configured.public_url else configured.public_url


async def probe_often() -> None:
    """Ask our own web server every half a minute, until cancelled. What came of it is a figure of this process."""
    fetcher = operators_fetcher()
    last: dict[str, float] = {}
    gauge(PROBE_UP, lambda: {(): last["up"]} if last else {})
    gauge(PROBE_SECONDS, lambda: {(): last["seconds"]} if last else {})
    try:
        while True:
            # At first the server is not there yet.
            await asyncio.sleep(EVERY)
            last["up"], last["seconds"] = await probe(fetcher, own_address())
    finally:
        await fetcher.aclose()


async def probe(fetcher: Fetcher, address: str) -> tuple[float, float]:
    """Whether the web server at this address is ready (1 or 0), and how long its answer took."""
    request = FetchRequest(url=f"{address}/readyz", max_bytes=10_000, purpose="discovery", obey_robots=False)
    started = time.monotonic()
    try:
        answer = await fetcher.fetch(request)
    except FetchFailed:
        return 0.0, time.monotonic() - started
    return float(answer.status == 200), answer.elapsed


async def beat_outside() -> None:
    """Tell the heartbeat address that the minute went well. Silence is what its owner is alarmed by."""
    address = settings().heartbeat_url
    if address is None:
        return
    fetcher = operators_fetcher()
    request = FetchRequest(url=address.get_secret_value(), max_bytes=100_000, purpose="discovery", obey_robots=False)
    try:
        await fetcher.fetch(request)
    except FetchFailed as failed:
        # Not the address itself: it is a key.
        _log.warning("the heartbeat did not arrive: %s", failed.code)
    finally:
        await fetcher.aclose()
