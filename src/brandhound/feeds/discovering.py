"""What lies at an address: a feed, or a site that names some. Nothing is stored."""

import asyncio
import time
from dataclasses import dataclass, field

from brandhound.core.http.client import FetchFailed, FetchRequest, FetchResult, fetcher
from brandhound.feeds.autodiscovery import Found, feeds_named, usual_places
from brandhound.feeds.deciding import READ, failure_in_words, status_in_words, wall_in_words
from brandhound.feeds.links import feed_key
from brandhound.feeds.looking import read_answer
from brandhound.feeds.moving import permanent_target
from brandhound.feeds.reading import NotAFeed, ParsedFeed
from brandhound.feeds.sitemaps import news_first
from brandhound.feeds.walls import wall_of

TRIED = 5


@dataclass(frozen=True, slots=True)
class Offered:
    """A feed that a site offers; `feed` once it was tried and is one."""

    url: str
    title: str | None
    kind: str | None
    feed: ParsedFeed | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at an address. With a feed there is no problem, and the other way round."""

    url: str
    """Where to fetch it from: the final address if it moved for good, else the one that was asked for."""
    final_url: str
    feed: ParsedFeed | None = None
    candidates: list[Offered] = field(default_factory=list[Offered])
    problem_code: str | None = None
    problem: str | None = None
    took_ms: int = 0

    @property
    def unreachable(self) -> bool:
        return self.problem_code is not None and self.problem_code != "not-a-feed"


async def discover(url: str, credentials: tuple[str, str] | None = None) -> Discovery:
    """Fetch an address; where it is a page, also the feeds that it names, else those in the usual places.

    Costs at most 16 requests. Never raises for the web's sake.
    """
    started = time.monotonic()
    found = await _discover(url, credentials)
    took = round((time.monotonic() - started) * 1000)
    return Discovery(found.url, found.final_url, found.feed, found.candidates, found.problem_code, found.problem, took)


async def _discover(url: str, credentials: tuple[str, str] | None) -> Discovery:
    try:
        answer = await fetcher().fetch(
            FetchRequest(url=url, purpose="feed", obey_robots=False, credentials=credentials)
        )
    except FetchFailed as failed:
        return Discovery(url, url, problem_code=failed.code, problem=failure_in_words(failed.code, failed.detail))
    if answer.status not in READ:
        wall = wall_of(answer)
        words = wall_in_words(wall) if wall else status_in_words(answer.status)
        return Discovery(url, answer.final_url, problem_code=wall or f"http-{answer.status}", problem=words)
    reading = await read_answer(answer)
    if isinstance(reading, ParsedFeed) and reading.version == "sitemapindex":
        return await _index(url, answer.final_url, reading)
    if isinstance(reading, ParsedFeed):
        target = permanent_target(answer, private=credentials is not None)
        return Discovery(target or url, answer.final_url, feed=reading)
    named = feeds_named(answer.body, answer.final_url, answer.headers)
    if not named and (wall := wall_of(answer)) is not None:
        return Discovery(url, answer.final_url, problem_code=wall, problem=wall_in_words(wall))
    candidates = await _tried(named[:TRIED])
    candidates += [Offered(found.url, found.title, found.kind) for found in named[TRIED:]]
    if not any(offered.feed for offered in candidates):
        usual = await _tried([Found(place, None, None) for place in usual_places(answer.final_url)])
        candidates = [offered for offered in usual if offered.feed]
    what = str(reading) if isinstance(reading, NotAFeed) else "There is no feed"
    return Discovery(url, answer.final_url, candidates=_distinct(candidates), problem_code="not-a-feed", problem=what)


async def _index(url: str, final_url: str, index: ParsedFeed) -> Discovery:
    """A list of sitemaps is no feed; those of them that hold news are."""
    inner = news_first(entry.link for entry in index.entries if entry.link)
    tried = await _tried([Found(link, None, None) for link in inner[:TRIED]])
    news = [one for one in tried if one.feed and one.feed.version == "newssitemap"]
    return Discovery(
        url,
        final_url,
        candidates=_distinct(news),
        problem_code="not-a-feed",
        problem="This is a list of sitemaps, not a feed.",
    )


async def _tried(found: list[Found]) -> list[Offered]:
    """These, with those that turn out to be feeds first, in the order given; what is no feed is left out."""
    tried = await asyncio.gather(*(_try(one) for one in found))
    return [offered for offered in tried if offered is not None]


async def _try(found: Found) -> Offered | None:
    answer = await _fetched(found.url)
    if answer is None:
        return None
    reading = await read_answer(answer)
    if not isinstance(reading, ParsedFeed):
        return None
    # Under the address that it is served from, so that two links to one feed are seen to be one.
    url = answer.final_url if permanent_target(answer) else found.url
    return Offered(url, reading.title_text or found.title, reading.kind, reading)


async def _fetched(url: str) -> FetchResult | None:
    try:
        answer = await fetcher().fetch(FetchRequest(url=url, purpose="feed", obey_robots=False))
    except FetchFailed:
        return None
    return answer if answer.status in READ else None


def _distinct(offered: list[Offered]) -> list[Offered]:
    found: dict[str, Offered] = {}
    for one in offered:
        found.setdefault(feed_key(one.url) or one.url, one)
    return list(found.values())
