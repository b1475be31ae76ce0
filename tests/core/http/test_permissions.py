"""Sites that do not want to be read are not read."""

import asyncio
from collections.abc import Callable

import pytest

from brandhound.core.http.client import Fetcher, FetchFailed, FetchRequest, Purpose
from brandhound.twins.news import NewsServer


async def refusal(fetching: Fetcher, url: str, purpose: Purpose = "page") -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        await fetching.fetch(FetchRequest(url, purpose=purpose))
    return failed.value


async def test_a_forbidden_page_is_not_asked_for(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.library.robots = "User-agent: *\nDisallow: /daily/private\n"
    assert (await refusal(fetch_as_operator, f"{news.url}/daily/private/1")).code == "robots"
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200
    assert not news.requests("/daily/private/1")
    free = FetchRequest(f"{news.url}/daily/private/1", obey_robots=False)
    assert (await fetch_as_operator.fetch(free)).status == 404


async def test_a_feed_that_a_person_asked_for_is_forbidden_only_to_us_by_name(
    news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    url = f"{news.url}/daily/story.html"
    news.library.robots = "User-agent: *\nDisallow: /\n"
    assert (await fetch_as_operator.fetch(FetchRequest(url, purpose="feed"))).status == 200
    assert (await refusal(fetch_as_operator, url, "discovery")).code == "robots"
    news.library.robots = "User-agent: brandhound\nDisallow: /\n"
    fetch_as_operator.forget_robots()
    assert (await refusal(fetch_as_operator, url, "feed")).code == "robots"


async def test_a_redirect_asks_the_robots_of_where_it_leads(
    news: NewsServer, public_fetcher: Callable[..., Fetcher]
) -> None:
    news.library.site("closed").robots = "User-agent: *\nDisallow: /\n"
    news.fault("/daily/story.html", "moved", location=f"http://closed.test:{news.port}/story.html")
    failed = await refusal(public_fetcher(), f"http://daily.test:{news.port}/story.html")
    assert (failed.code, len(failed.hops)) == ("robots", 1)
    assert not news.requests("/closed/story.html")


@pytest.mark.parametrize("kind", ["gone", "missing", "forbidden", "redirect-loop"])
async def test_no_robots_file_means_welcome(kind: str, news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/robots.txt", kind)  # pyright: ignore[reportArgumentType]
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200


@pytest.mark.parametrize("kind", ["error", "unavailable", "too-many-requests", "reset"])
async def test_an_unreachable_robots_file_means_keep_out(
    kind: str, news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    news.fault("/robots.txt", kind)  # pyright: ignore[reportArgumentType]
    assert (await refusal(fetch_as_operator, f"{news.url}/daily/story.html")).code == "robots-unreachable"
    assert not news.requests("/daily/story.html")
    feed = FetchRequest(f"{news.url}/daily/story.html", purpose="feed")
    assert (await fetch_as_operator.fetch(feed)).status == 200


async def test_an_unreachable_robots_file_still_means_what_it_said_before(
    news: NewsServer, fetch_as_operator: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brandhound.core.http import permissions

    news.library.robots = "User-agent: *\nDisallow: /daily/private\n"
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200
    real = permissions.monotonic
    monkeypatch.setattr(permissions, "monotonic", lambda: real() + 25 * 3600)
    news.fault("/robots.txt", "error")
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200
    assert (await refusal(fetch_as_operator, f"{news.url}/daily/private")).code == "robots"
    assert len(news.requests("/robots.txt")) == 2


async def test_after_a_month_of_silence_a_site_is_open_again(
    news: NewsServer, fetch_as_operator: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brandhound.core.http import permissions

    news.fault("/robots.txt", "error")
    assert (await refusal(fetch_as_operator, f"{news.url}/daily/story.html")).code == "robots-unreachable"
    real = permissions.monotonic
    monkeypatch.setattr(permissions, "monotonic", lambda: real() + 31 * 24 * 3600)
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200


async def test_a_robots_file_may_move_five_times_and_to_other_hosts(
    news: NewsServer, public_fetcher: Callable[..., Fetcher]
) -> None:
    news.library.site("closed").robots = "User-agent: *\nDisallow: /\n"
    news.fault("/daily/robots.txt", "redirect-chain", size=4)
    fetching = public_fetcher()
    assert (await fetching.fetch(FetchRequest(f"http://daily.test:{news.port}/story.html"))).status == 200
    assert len(news.requests("/daily/robots.txt")) == 5
    news.clear_faults()
    fetching.forget_robots()
    news.fault("/daily/robots.txt", "moved", location=f"http://closed.test:{news.port}/robots.txt")
    assert (await refusal(fetching, f"http://daily.test:{news.port}/story.html")).code == "robots"


async def test_a_hundred_fetches_ask_once(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/robots.txt", "slow", seconds=0.1)
    request = FetchRequest(f"{news.url}/daily/story.html")
    results = await asyncio.gather(*[fetch_as_operator.fetch(request) for _ in range(100)])
    assert {result.status for result in results} == {200}
    assert len(news.requests("/robots.txt")) == 1


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others(
    news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    news.fault("/robots.txt", "slow", seconds=1.0)
    request = FetchRequest(f"{news.url}/daily/story.html")
    first, second = (asyncio.create_task(fetch_as_operator.fetch(request)) for _ in range(2))
    async with asyncio.timeout(30):
        while not news.publisher.most_active:  # noqa: ASYNC110  (in a thread of its own)
            await asyncio.sleep(0.005)
    first.cancel()
    assert (await second).status == 200
    assert first.cancelled()


async def test_an_endless_robots_file_is_read_in_part(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.library.robots = "User-agent: *\nDisallow: /daily/private\n" + "# and so on\n" * 100_000
    assert (await refusal(fetch_as_operator, f"{news.url}/daily/private")).code == "robots"


async def test_a_host_that_is_down_is_called_down(fetch_as_operator: Fetcher) -> None:
    assert (await refusal(fetch_as_operator, "http://127.0.0.1:9/page")).code == "refused"


async def test_what_a_site_says_on_the_use_of_its_content_comes_with_the_page(
    news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    news.library.robots = "User-agent: *\nContent-Signal: search=yes, ai-input=no\nAllow: /\n"
    for purpose in ("page", "feed"):
        request = FetchRequest(f"{news.url}/daily/story.html", purpose=purpose)  # pyright: ignore[reportArgumentType]
        assert (await fetch_as_operator.fetch(request)).signals == {"search": "yes", "ai-input": "no"}


async def test_the_sitemaps_of_a_site_are_known(news: NewsServer, public_fetcher: Callable[..., Fetcher]) -> None:
    robots = await public_fetcher().robots(f"http://daily.test:{news.port}/any")
    assert robots.sitemaps == (f"http://daily.test:{news.port}/sitemap.xml",)
