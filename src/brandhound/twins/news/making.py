"""Many feeds with many pages from a few real pages, for the benchmark and the demo."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from brandhound.twins.news.library import Feed, FeedFormat, Item, Library, Site, description_of, title_of

FORMATS: tuple[FeedFormat, ...] = ("rss", "atom", "json")


def make_library(
    pages: Sequence[bytes],
    feeds: int = 100,
    pages_per_feed: int = 30,
    newest_at: datetime | None = None,
    every: timedelta = timedelta(minutes=47),
    mixed_formats: bool = False,
) -> Library:
    """`feeds` sites named `site-000` …, each with `/feed.xml` and its articles at `/2026/…/story-N.html`.

    The pages are dealt out one after another, and again from the first when there are not enough: each copy then differs
    from the others by a comment. Items are `every` apart, the newest of each feed around `newest_at` (now). RSS, or all
    three formats in turn.
    """
    if not pages:
        raise ValueError("a library needs at least one page")
    newest_at = (newest_at or datetime.now(UTC)).replace(microsecond=0)
    facts = [(title_of(page), description_of(page)) for page in pages]
    library = Library()
    dealt = 0
    for number in range(feeds):
        site = Site(f"site-{number:03d}", title=f"The Daily {number:03d}")
        feed = Feed(site.title, format=FORMATS[number % 3] if mixed_formats else "rss", window=pages_per_feed)
        for place in range(pages_per_feed):
            page, (title, description) = pages[dealt % len(pages)], facts[dealt % len(pages)]
            copy = dealt // len(pages)
            if copy:
                page += f"\n<!-- copy {copy} -->\n".encode()
            dealt += 1
            published_at = newest_at - place * every - timedelta(seconds=number)
            path = f"/{published_at:%Y/%m}/story-{place:02d}.html"
            feed.items.append(Item(title, path, published_at, description, guid=f"{site.name}-{place}"))
            site.put(path, page, published_at=published_at)
        site.feeds["/feed.xml"] = feed
        library.sites[site.name] = site
    return library
