"""Finding out about a brand before anything is stored."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from sqlalchemy import column, exists, func, select, table

from brandhound.brands.catalogue import CatalogueBrand, catalogue, names_of_entry
from brandhound.brands.catalogue.profiles import profile_of
from brandhound.brands.categories import name_of_category, words_of_category
from brandhound.brands.competing import competitors_of
from brandhound.brands.errors import SiteUnreadable
from brandhound.brands.folding import fold
from brandhound.brands.hosts import host_of, page_of_many, stem_of
from brandhound.brands.names import (
    Name,
    doubt_of,
    looks_like_a_website,
    name_with_rules,
    suggest_names,
    ticker_of,
    unique_names,
)
from brandhound.brands.schemas import BrandProposal, BrandSuggestion, ProposedFeed, ProposedName
from brandhound.brands.sites import SiteSays, name_from_title, read_site
from brandhound.brands.words.phrases import phrases_with
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.http.client import FetchFailed, FetchRequest, fetcher
from brandhound.core.secrets import without_password

MOST_PAGE_BYTES = 3 * 1024 * 1024
VOLUME_DAYS = timedelta(days=30)

# Articles belong to a higher package: of them, only that they have a title and a time is known here, and how they come to whom.
_ARTICLES = table("articles", column("id"), column("title"), column("first_seen_at"))
_ENTRIES = table("feed_entries", column("article_id"), column("document_id"))
_FEEDS = table("feeds", column("document_id"))


async def propose_brand(organization_id: UUID, name_or_website: str) -> BrandProposal:
    """What the site, the catalogue and the rules know of a brand.

    One polite request to the brand's own site when an address is given, none otherwise. Raises SiteUnreadable.
    """
    website, said = "", SiteSays(name=without_password(name_or_website))
    if looks_like_a_website(name_or_website):
        website, said = await ask_site(name_or_website.strip())
    entry = next(iter(catalogue().named(said.name)), None)
    known = profile_of(entry.wikidata if entry else "")
    names = _names_of(said, entry, website)
    expected = await _count_titles(organization_id, names, clock.now())
    category = catalogue().main_entry(entry).category if entry else ""
    own = {fold(name.text) for name in names}
    notes: list[str] = []
    if entry is None:
        notes.append("Not in the brand catalogue: no other names, category or competitors are known.")
    return BrandProposal(
        name=said.name,
        website=website or known.website,
        category=name_of_category(category),
        description=said.description or known.description,
        names=[
            ProposedName(
                text=name.text,
                kind=name.kind,
                case_sensitive=name.case_sensitive,
                needs_context=name.needs_context,
                expected_per_month=count,
                doubts=list(doubt_of(name.text).reasons),
            )
            for name, count in zip(names, expected, strict=True)
        ],
        not_phrases=namesakes_of(said.name, entry),
        context_words=[word for word in words_of_category(category) if fold(word) not in own][:12]
        if any(doubt_of(name.text).is_ambiguous for name in names)
        else [],
        competitors=competitors_of(entry) if entry else [],
        feeds=[ProposedFeed(url=url, title=title or said.name) for url, title in said.feeds],
        notes=notes,
    )


def suggestion_of(entry: CatalogueBrand) -> BrandSuggestion:
    """What the catalogue knows of a brand, to fill a form with."""
    known = profile_of(entry.wikidata)
    return BrandSuggestion(
        id=entry.id,
        name=entry.name,
        aliases=list(entry.other_names),
        category=name_of_category(entry.category),
        where=list(entry.where),
        description=known.description,
        website=known.website,
    )


def namesakes_of(name: str, entry: CatalogueBrand | None) -> list[str]:
    """Phrases that hold the name and mean something else: everyday phrases, and brands that sell other things."""
    found = phrases_with(fold(name))
    for other in catalogue().search(name, 40):
        longer = fold(other.name).startswith(fold(name) + " ")
        if longer and entry is not None and other.category != entry.category and other.wikidata != entry.wikidata:
            found.append(other.name)
    return list(dict.fromkeys(found))[:12]


def _names_of(said: SiteSays, entry: CatalogueBrand | None, website: str) -> list[Name]:
    found = suggest_names(said.name, website)
    if said.legal_name:
        found.append(name_with_rules(said.legal_name, "legal"))
    found += [name_with_rules(name) for name in said.other_names]
    found += [Name(handle, "handle") for handle in said.handles]
    if said.ticker:
        found.append(Name(ticker_of(said.ticker), "ticker", case_sensitive=True))
    if entry is not None:
        found += names_of_entry(entry).names
    return unique_names(found)[:40]


async def ask_site(address: str) -> tuple[str, SiteSays]:
    """What the site at an address says of itself, and where it was found. Raises SiteUnreadable."""
    url = address if "://" in address else f"https://{address}"
    try:
        answer = await fetcher().fetch(FetchRequest(url, max_bytes=MOST_PAGE_BYTES, purpose="discovery"))
    except FetchFailed as failure:
        raise SiteUnreadable(url, failure.detail or failure.code) from failure
    if answer.status >= 400:
        raise SiteUnreadable(url, f"it answered {answer.status}")
    found_at = answer.final_url
    is_front_page = not page_of_many(url) and stem_of(host_of(url)) == stem_of(host_of(found_at))
    if page_of_many(found_at) and is_front_page:
        # A platform's own front page leads on to the one in a language: it is no page of somebody there.
        found_at = urljoin(found_at, "/")
    said = await asyncio.to_thread(read_site, answer.body, found_at)
    if len(said.name) > 60:
        said.name = name_from_title(said.name, found_at) or said.name
    parts = urlsplit(found_at)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", said


async def _count_titles(organization_id: UUID, names: Sequence[Name], now: datetime) -> list[int | None]:
    """In how many titles of the last 30 days each name stands, of the feeds that are followed; None for all if there are none."""
    followed = exists().where(
        _ENTRIES.c.article_id == _ARTICLES.c.id,
        # The wall between organizations leaves one's own.
        _ENTRIES.c.document_id.in_(select(_FEEDS.c.document_id)),
    )
    recent = _ARTICLES.c.first_seen_at >= now - VOLUME_DAYS
    hits = [
        func.count().filter(_ARTICLES.c.title.op("~" if name.case_sensitive else "~*")(_as_pattern(name.text)))
        for name in names
    ]
    async with tenant_session(organization_id) as db:
        counted = select(func.count(), *hits).select_from(_ARTICLES).where(recent, followed)
        total, *counts = (await db.execute(counted)).one()
    return [int(count) if total else None for count in counts]


def _as_pattern(name: str) -> str:
    """The name as PostgreSQL's expressions find it: whole, but for scripts that set no blanks between words."""
    literal = re.sub(r"([^\w\s])", r"\\\1", name)
    before, after = (r"(?<!\w)" if _has_bounds(name[:1]) else ""), (r"(?!\w)" if _has_bounds(name[-1:]) else "")
    return f"{before}{literal}{after}"


def _has_bounds(letter: str) -> bool:
    return letter.isalnum() and letter < "\u0e00"
