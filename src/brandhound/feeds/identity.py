"""What makes an item the same item the next time: it is stored once, whatever its feed does with ids and titles."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from brandhound.feeds.encoding import without_controls
from brandhound.feeds.links import clean_url, url_key
from brandhound.feeds.models import IdentityRule
from brandhound.feeds.reading import ParsedEntry

CHURN = 0.8
"""The share of the items that were there before and come under other ids, from which guids are taken for session ids."""
MOSTLY_SEEN = 0.5
"""The share of all items that these must be: of what else is new one cannot tell."""
TITLE, RAW_DATE, BEGINNING = 1000, 100, 200
"""Characters stored of titles and of dates as they are written, and compared of summaries."""


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with its identity and the page that it leads to."""

    identity: str
    entry: ParsedEntry
    link: str | None
    link_key: str | None
    has_own_page: bool = True
    """Whether it leads to a page to which no other item of the document leads."""
    coarser: tuple[str, ...] = ()
    """The names that it would have if others of the document did not have them too, the nearest first."""
    finer: tuple[str, ...] = ()
    """The names that it had when others of a document had its own one too."""

    @property
    def title(self) -> str:
        """The title as it is stored."""
        return cut(self.entry.title_text, TITLE)

    @property
    def words(self) -> tuple[str, str, str]:
        """What tells items on one page apart when their ids do not: title, date as written, beginning of the summary."""
        return (self.title, cut(self.entry.published_raw or "", RAW_DATE), summary(self.entry)[:BEGINNING])


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that is stored already; `words` as of an Identified."""

    id: UUID
    identity: str
    page: str | None
    words: tuple[str, str, str]
    backfilled: bool = False

    @property
    def title(self) -> str:
        return self.words[0]


def identify(entries: Iterable[ParsedEntry], feed_url: str, rule: IdentityRule) -> list[Identified]:
    """Give each entry its identity, first come first; exact repetitions within one document are dropped.

    By guid: the guid; where several items of the document have it, guid and page; where they share that too, also the
    title. Without a guid, and by url: the page, with the title where several items share it; without a page the words.
    """
    found: dict[tuple[str, ...], tuple[ParsedEntry, str | None, str | None]] = {}
    for entry in entries:
        link = clean_url(entry.link, feed_url) if entry.link else None
        key = url_key(link) if link else None
        found.setdefault(_names(entry, key, rule), (entry, link, key))
    shared = Counter(name for names in found for name in names)
    pages = Counter(key for _, _, key in found.values())
    identified: list[Identified] = []
    for names, (entry, link, key) in found.items():
        # The coarsest name that is nobody else's; the last one of all is.
        at = next(place for place, name in enumerate(names) if shared[name] == 1)
        own_page = key is not None and pages[key] == 1
        identified.append(Identified(names[at], entry, link, key, own_page, names[:at][::-1], names[at + 1 :]))
    return identified


def _names(entry: ParsedEntry, key: str | None, rule: IdentityRule) -> tuple[str, ...]:
    """What an entry may be known by, the coarsest first."""
    if entry.id and (rule == "guid" or key is None):
        page = (_hash("guid+url", entry.id, key),) if key else ()
        return (_hash("guid", entry.id), *page, _hash("guid+url+title", entry.id, key or "", entry.title))
    if key:
        return page_identity(key), _hash("url+title", key, entry.title)
    return (_hash("text", entry.title, entry.summary, entry.content),)


def page_identity(link_key: str) -> str:
    """The identity of an entry that is known by its page."""
    return _hash("url", link_key)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def names_of(one: Identified) -> tuple[str, ...]:
    """All identities under which an entry may be stored."""
    # What came from the site's sitemap is stored under its page, whatever guid the feed gives it later.
    page = (page_identity(one.link_key),) if one.link_key else ()
    return tuple(dict.fromkeys((*one.finer, one.identity, *one.coarser, *page)))


def recognise(found: Sequence[Identified], stored: Mapping[str, Known]) -> dict[str, Known]:
    """Which of these entries are stored, by identity; `stored` are rows by the names that they are stored under."""
    recognised: dict[str, Known] = {}
    taken: set[UUID] = set()
    for one in found:
        rows = (stored[name] for name in names_of(one) if name in stored)
        if known := next((row for row in rows if row.id not in taken and _is_stored_as(one, row)), None):
            recognised[one.identity] = known
            taken.add(known.id)
    return recognised


def _is_stored_as(one: Identified, row: Known) -> bool:
    if row.identity == one.identity or row.identity in one.finer:
        return True
    # A name that others have as well is believed for the item with the same page, and the same title if that is shared too.
    same_page = row.page == one.link_key and (one.has_own_page or row.title == one.title)
    return same_page and (row.backfilled or row.identity in one.coarser)


def seen_before(
    found: Sequence[Identified], known: Mapping[str, Known], at_pages: Mapping[str, Sequence[Known]]
) -> dict[str, Known]:
    """Which of these entries that are not known were there under other ids: their page was, and is nobody else's.

    Where several items share a page, they are the same if their words are. `at_pages` are the stored entries by page.
    """
    before: dict[str, Known] = {}
    taken = {row.id for row in known.values()}
    for one in (one for one in found if one.identity not in known):
        rows = [row for row in at_pages.get(one.link_key or "", ()) if row.id not in taken]
        if not one.has_own_page or len({row.title for row in rows}) > 1:
            rows = [row for row in rows if row.words == one.words]
        if rows:
            before[one.identity] = rows[0]
            taken.add(rows[0].id)
    return before


def churns(found: Sequence[Identified], known: Mapping[str, Known], again: Mapping[str, Known]) -> bool:
    """Whether guids look like session ids: of the items that were there before nearly all, `again`, come under other ids."""
    were_there = len(known) + len(again)
    return len(again) >= 3 and len(again) >= CHURN * were_there and len(again) >= MOSTLY_SEEN * len(found)


def summary(entry: ParsedEntry, length: int = BEGINNING) -> str:
    """The summary as words; the beginning of the content where there is none."""
    return cut(entry.summary_text or entry.content_text, length)


def cut(words: str, length: int) -> str:
    return without_controls(words)[:length]
