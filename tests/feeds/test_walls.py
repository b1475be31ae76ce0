"""Pages that ask their visitors to prove that they are human in some form, and pages that are nothing but that question."""

import httpx
import pytest

from brandhound.core.http.client import FetchResult
from brandhound.feeds.walls import wall_of
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address
from tests.feeds.test_following import follow
from tests.feeds.test_polling import poll, seen

pytestmark = pytest.mark.anyio

FORM = "<form><div class='g-recaptcha' data-sitekey='x'></div></form>"


def page(*, head: str = "", words: int = 0, body: str = FORM) -> str:
    return f"<html><head><title>Paper</title>{head}</head><body><p>{'words ' * words}</p>{body}</body></html>"


def names(path: str) -> str:
    return f"<link rel='alternate' type='application/rss+xml' href='{path}'>"


@pytest.mark.parametrize("words", [0, 300])
async def test_a_site_with_a_form_against_robots_names_its_feed_all_the_same(
    client: httpx.AsyncClient, news: NewsServer, site: Site, words: int
) -> None:
    site.put("/index.html", page(head=names(f"/{site.name}/feed.xml"), words=words))
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site, "/index.html")})).json()
    assert [one["url"] for one in preview["candidates"]] == [address(news, site)]
    assert (await follow(client, address(news, site, "/index.html")))["url"] == address(news, site)


@pytest.mark.parametrize(
    ("words", "code"), [(0, "bot-wall"), (300, "not-a-feed")], ids=["nothing but the form", "a page"]
)
async def test_a_page_with_such_a_form_is_a_wall_only_if_there_is_nothing_else(
    client: httpx.AsyncClient, news: NewsServer, site: Site, words: int, code: str
) -> None:
    site.put("/index.html", page(words=words))
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site, "/index.html")})).json()
    assert preview["problem"]["code"] == code


@pytest.mark.parametrize("words", [0, 300])
async def test_a_page_that_says_where_the_feed_has_gone_is_searched_though_it_has_a_form_against_robots(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs, words: int
) -> None:
    url = address(news, site)
    feed = await follow(client, url)
    await run_jobs()
    site.feeds["/new.xml"] = site.feeds.pop("/feed.xml")
    site.put("/feed.xml", page(head=names(f"/{site.name}/new.xml"), words=words))
    await poll(run_jobs, due=url)
    read = await seen(client, feed)
    assert (read["error_code"], read["replacement_url"]) == ("not-a-feed", address(news, site, "/new.xml"))


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_refusal_with_such_a_form_is_a_wall_however_much_it_says(status: int) -> None:
    body = page(words=300).encode()
    answer = FetchResult(
        "https://p.example/", "https://p.example/", status, {"content-type": "text/html"}, body, (), 0.1
    )
    assert wall_of(answer) == "bot-wall"
