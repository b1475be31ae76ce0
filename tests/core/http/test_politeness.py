"""We wait for our turn, and stay away when we are told to."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest

from brandhound.core.http.client import Fetcher, FetchFailed, FetchRequest, Limits
from brandhound.core.http.politeness import Politeness, site_of
from brandhound.twins.news import NewsServer

MakeFetcher = Callable[..., Fetcher]


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.com", "example.com"),
        ("www.example.com", "example.com"),
        ("a.b.example.com", "example.com"),
        ("feeds.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk", "bbc.co.uk"),
        ("www.spiegel.de", "spiegel.de"),
        ("localhost", "localhost"),
        ("93.184.216.34", "93.184.216.34"),
        ("2606:4700::1111", "2606:4700::1111"),
    ],
)
def test_the_hosts_of_one_publisher_are_one_site(host: str, site: str) -> None:
    assert site_of(host) == site


async def test_a_public_host_sees_no_more_requests_at_a_time_than_agreed(
    news: NewsServer, public_fetcher: MakeFetcher
) -> None:
    news.fault("/daily/*", "slow", seconds=0.1)
    fetching = public_fetcher(Limits(concurrency=3, interval=0.0))
    urls = [f"http://{'www.' * (n % 2)}daily.test:{news.port}/story.html" for n in range(20)]
    news.library.site("daily").hosts = ("www.daily.test",)
    await asyncio.gather(*[fetching.fetch(FetchRequest(url, obey_robots=False)) for url in urls])
    assert news.publisher.most_active["daily"] == 3


async def test_our_own_network_is_not_made_to_wait(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    request = FetchRequest(f"http://daily.test:{news.port}/story.html", obey_robots=False)
    await fetch_as_operator.fetch(request)
    news.fault("/daily/*", "slow", seconds=1.0)
    started = monotonic()
    await asyncio.gather(*[fetch_as_operator.fetch(request) for _ in range(30)])
    # One after the other they would take half a minute.
    assert monotonic() - started < 20
    assert news.publisher.most_active["daily"] > 10


async def test_requests_to_one_host_are_spread_over_time() -> None:
    interval = 0.4
    politeness = Politeness(Limits(concurrency=2, interval=interval))
    started = monotonic()
    at: list[float] = []
    order: list[int] = []

    async def one(number: int) -> None:
        async with politeness.turn("example.com", "http://example.com/"):
            at.append(monotonic() - started)
            order.append(number)

    await asyncio.gather(*[one(number) for number in range(6)])
    assert order == list(range(6))
    # Two at once after a pause, then one every interval, never sooner.
    assert at[1] < interval
    assert all(moment > interval * place - 0.01 for place, moment in enumerate(at[2:], start=1))


async def test_a_busy_host_does_not_slow_another() -> None:
    politeness = Politeness(Limits(concurrency=1, interval=50.0))

    async def one(host: str) -> float:
        async with politeness.turn(host, "http://x/"):
            return monotonic()

    started = monotonic()
    times = await asyncio.gather(one("a.com"), one("b.com"), one("c.com"))
    assert max(times) - started < 20


async def test_a_crawl_delay_slows_us_down(news: NewsServer, public_fetcher: MakeFetcher) -> None:
    news.library.site("daily").robots = "User-agent: *\nCrawl-delay: 0.2\n"
    fetching = public_fetcher(Limits(concurrency=4, interval=0.0))
    request = FetchRequest(f"http://daily.test:{news.port}/story.html")
    started = monotonic()
    for _ in range(4):
        await fetching.fetch(request)
    assert 0.55 < monotonic() - started < 30


async def test_a_delay_longer_than_our_patience_is_told_at_once(news: NewsServer, public_fetcher: MakeFetcher) -> None:
    news.library.site("daily").robots = "User-agent: *\nCrawl-delay: 60\n"
    fetching = public_fetcher(Limits(concurrency=4, interval=0.0, patience=5.0))
    request = FetchRequest(f"http://daily.test:{news.port}/story.html")
    await fetching.fetch(request)
    with pytest.raises(FetchFailed) as failed:
        await fetching.fetch(request)
    assert failed.value.code == "host-busy"
    assert 30 < (failed.value.retry_after or 0) <= 60


@pytest.mark.parametrize("form", ["seconds", "date", "none"])
async def test_too_many_requests_silences_us_at_the_whole_host(
    form: str, news: NewsServer, public_fetcher: MakeFetcher
) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    news.fault(
        "/daily/story.html",
        "too-many-requests",
        retry_after={"seconds": 100, "date": soon, "none": None}[form],
        times=1,
    )
    fetching = public_fetcher(Limits(concurrency=4, interval=0.0, patience=20.0))
    first = await fetching.fetch(FetchRequest(f"http://daily.test:{news.port}/story.html"))
    assert first.status == 429
    assert first.retry_after == (None if form == "none" else pytest.approx(100, abs=15))
    with pytest.raises(FetchFailed) as failed:
        await fetching.fetch(FetchRequest(f"http://www.daily.test:{news.port}/other.html", obey_robots=False))
    assert failed.value.code == "host-busy"
    assert failed.value.retry_after == pytest.approx(60 if form == "none" else 100, abs=15)


async def test_an_unavailable_page_silences_us_at_that_page_only(news: NewsServer, public_fetcher: MakeFetcher) -> None:
    news.library.site("daily").put("/other.html", "hello")
    news.fault("/daily/story.html", "unavailable", retry_after=5, times=1)
    fetching = public_fetcher()
    url = f"http://daily.test:{news.port}/story.html"
    assert (await fetching.fetch(FetchRequest(url))).status == 503
    with pytest.raises(FetchFailed) as failed:
        await fetching.fetch(FetchRequest(url))
    assert failed.value.code == "host-busy"
    assert (failed.value.retry_after or 0) > 10  # never less than half a minute
    assert (await fetching.fetch(FetchRequest(f"http://daily.test:{news.port}/other.html"))).status == 200


async def test_our_own_network_may_answer_429_without_silencing_its_neighbours(
    news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    news.fault("/daily/story.html", "too-many-requests", retry_after=3600, times=1)
    url = f"{news.url}/daily/story.html"
    assert [(await fetch_as_operator.fetch(FetchRequest(url))).status for _ in range(2)] == [429, 200]


async def test_those_who_give_up_waiting_leave_no_hole() -> None:
    politeness = Politeness(Limits(concurrency=1, interval=0.0))
    running = 0
    go = asyncio.Event()

    async def one() -> None:
        nonlocal running
        async with politeness.turn("example.com", "http://example.com/"):
            running += 1
            assert running == 1
            await go.wait()
            running -= 1

    holder = asyncio.create_task(one())
    waiters = [asyncio.create_task(one()) for _ in range(50)]
    # A turn of the loop for each of them to take its place.
    await asyncio.sleep(0)
    for waiter in waiters[::2]:
        waiter.cancel()
    go.set()
    await asyncio.wait_for(asyncio.gather(holder, *waiters, return_exceptions=True), 30)
    assert [waiter.cancelled() for waiter in waiters] == [number % 2 == 0 for number in range(50)]
    async with politeness.turn("example.com", "http://example.com/"):
        pass


async def test_one_cancelled_in_the_moment_of_its_turn_gives_it_back() -> None:
    politeness = Politeness(Limits(concurrency=1, interval=0.0))

    async def one() -> None:
        async with politeness.turn("example.com", "http://example.com/"):
            await asyncio.sleep(0)

    async with politeness.turn("example.com", "http://example.com/"):
        waiter = asyncio.create_task(one())
        await asyncio.sleep(0)
    waiter.cancel()  # the turn was given in the line above
    with pytest.raises(asyncio.CancelledError):
        await waiter
    await asyncio.wait_for(one(), 30)


async def test_waiting_too_long_ends_with_a_name() -> None:
    politeness = Politeness(Limits(concurrency=1, interval=0.0, patience=0.05))
    async with politeness.turn("example.com", "http://example.com/"):
        with pytest.raises(FetchFailed) as failed:
            async with politeness.turn("example.com", "http://example.com/"):
                pass
    assert failed.value.code == "host-busy"
    async with politeness.turn("example.com", "http://example.com/"):
        pass
