"""A publisher on loopback, and ways out that reach it: as the operator's own network, or as if it were the public web."""

from collections.abc import AsyncGenerator, Callable, Generator, Sequence

import pytest

from brandhound.core.http.addresses import AddressRules, networks
from brandhound.core.http.client import Fetcher, Limits, Timeouts
from brandhound.twins.news import Library, NewsServer, serve

OWN_NETWORK = AddressRules(networks("127.0.0.0/8"))
PATIENT = Timeouts(connect=10, read=10, total=30)


class PretendPublic(AddressRules):
    """Loopback behaves like the public web: reachable, and owed politeness."""

    def check(self, text: str, port: int) -> None:
        assert text == "127.0.0.1", text
        assert port


async def everything_is_here(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture(scope="module")
def server() -> Generator[NewsServer]:
    with serve(Library()) as running:
        yield running


@pytest.fixture
def news(server: NewsServer) -> NewsServer:
    """An empty publisher; its site `daily` is at `{news.url}/daily`."""
    server.library.sites.clear()
    server.library.robots = "User-agent: *\nAllow: /\n"
    server.clear_faults()
    server.publisher.forget_requests()
    server.library.site("daily").put("/story.html", "<html><body><p>Acme buys Bolt.</p></body></html>")
    return server


@pytest.fixture
async def fetch_as_operator() -> AsyncGenerator[Fetcher]:
    """A way out for which loopback is the operator's own network."""
    made = Fetcher(rules=OWN_NETWORK, resolver=everything_is_here, timeouts=PATIENT)
    yield made
    await made.aclose()


@pytest.fixture
async def public_fetcher() -> AsyncGenerator[Callable[..., Fetcher]]:
    """Makes ways out for which loopback is the public web, under any name."""
    made: list[Fetcher] = []

    def make(limits: Limits | None = None, timeouts: Timeouts | None = None, contact: str = "") -> Fetcher:
        made.append(
            Fetcher(
                rules=PretendPublic(),
                resolver=everything_is_here,
                limits=limits or Limits(concurrency=8, interval=0.0),
                timeouts=timeouts or PATIENT,
                contact=contact,
            )
        )
        return made[-1]

    yield make
    for one in made:
        await one.aclose()
