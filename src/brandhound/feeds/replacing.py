"""A feed that was lost: whether its site names another one."""

from urllib.parse import urlsplit

from brandhound.core.http.client import FetchFailed, FetchRequest, FetchResult, fetcher
from brandhound.feeds.autodiscovery import feeds_named
from brandhound.feeds.links import feed_key
from brandhound.feeds.looking import read_answer
from brandhound.feeds.models import FeedDocument
from brandhound.feeds.reading import ParsedFeed

TRIED = 3


async def find_replacement(document: FeedDocument, answer: FetchResult | FetchFailed) -> str | None:
    """A feed that the page at the old address, else the site's start page, names now; None if there is none.

    Costs at most four requests. Never raises for the web's sake.
    """
    pages = [answer] if isinstance(answer, FetchResult) and answer.status == 200 else []
    if not pages and (start := await _fetched(_start_page(document))):
        pages.append(start)
    for page in pages:
        for found in feeds_named(page.body, page.final_url, page.headers)[:TRIED]:
            if feed_key(found.url) == document.url_key:
                continue
            candidate = await _fetched(found.url)
            if candidate and isinstance(await read_answer(candidate), ParsedFeed):
                return candidate.final_url
    return None


def _start_page(document: FeedDocument) -> str:
    parts = urlsplit(document.url)
    return document.site_url or f"{parts.scheme}://{parts.netloc}/"


async def _fetched(url: str) -> FetchResult | None:
    try:
        answer = await fetcher().fetch(FetchRequest(url=url, purpose="discovery", max_bytes=3_000_000))
    except FetchFailed:
        return None
    return answer if answer.status == 200 else None
