"""One look through an organization's articles of the last 30 days for brands that nobody watches."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from brandhound.brands.models import Brand, BrandName
from brandhound.core.db import Db, one_of, organization_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.feeds.articles import ArticleText, article_texts
from brandhound.jobs.registry import enqueue
from brandhound.jobs.running import Run
from brandhound.mentions.discovery.brand_head import ranked, shipped_head
from brandhound.mentions.discovery.gathering import Gathered, Names, Source, known_keys, told_places
from brandhound.mentions.discovery.models import BrandCandidate, BrandLook, CandidatePlace
from brandhound.mentions.discovery.rereading import NameRead, Reread, Scored, reread
from brandhound.mentions.discovery.telling import reasons_of
from brandhound.mentions.matching_articles import LONGEST_TEXT
from brandhound.mentions.models import Mention
from brandhound.mentions.recent import recent_articles
from brandhound.mentions.storing import published, storable
from brandhound.providers.embedding import embedder

LOOK_BACK = timedelta(days=30)
EVERY = timedelta(hours=24)
MOST_ARTICLES = 5_000
"""The latest of them are read: a name that only older ones have is no news."""
MOST_PROPOSED = 200
LEAST_SCORE = 0.6
"""Of what lies above, nine names in ten are right in tweets and eight in ten on pages of news (`bench.quality.discovery`)."""
BATCH = 50


@dataclass(frozen=True)
class Looked:
    """What a look came to: how many articles, names seen often enough, proposed ones; and who read the likeliest."""

    articles: int
    names: int
    proposed: int
    read: int = 0
    model: str | None = None
    instead_because: str | None = None


async def look_when_due(db: Db, now: datetime) -> None:
    """Have the articles looked through, if that was last done a day ago or never. Safe to repeat."""
    last = await db.scalar(select(BrandLook.looked_at))
    if last is None or now - last >= EVERY:
        await enqueue(db, "discovery.look", key="discovery")


async def look(run: Run, now: datetime) -> Looked:
    """Read, rank, store. Safe to repeat."""
    async with run.session() as db:
        ids = await recent_articles(db, now - LOOK_BACK, MOST_ARTICLES)
        known = known_keys(await db.scalars(select(BrandName.text))) | known_keys(await db.scalars(select(Brand.name)))
        # Who or what a person named as a brand's surroundings is no stranger either.
        for words in await db.scalars(select(Brand.context_words)):
            known |= known_keys(words)
        # What a person decided on has its row for good, and takes no place in the queue from a name that waits for a word.
        decided = set(await db.scalars(select(BrandCandidate.key).where(BrandCandidate.state != "proposed")))
        known |= decided
    names, articles = Names(), dict[UUID, ArticleText]()
    for first in range(0, len(ids), BATCH):
        await run.progress(first, len(ids), "Reading articles")
        await run.check()
        async with run.session() as db:
            batch = await article_texts(db, ids[first : first + BATCH])
        await asyncio.to_thread(_read, names, batch)
        articles |= {article.id: _without_text(article) for article in batch}
    enough = names.enough(known)
    scored = await asyncio.to_thread(_ranked, names, enough)
    found = await reread(run.organization_id, scored, lambda done, all_of_them: _next_name(run, done, all_of_them))
    if found.instead_because:
        await run.log("warning", f"The embedded analysis ranked alone: {found.instead_because}")
    look = BrandLook(looked_at=now, articles=len(ids), names=len(enough), proposed=0)
    async with run.session() as db:
        proposed = await _store(db, found, articles, look, decided)
    return Looked(len(ids), len(enough), proposed, len(found.reads), found.model, found.instead_because)


async def _next_name(run: Run, done: int, all_of_them: int) -> None:
    await run.progress(done, all_of_them, "A model reads the likeliest names")
    await run.check()


def _read(names: Names, articles: Sequence[ArticleText]) -> None:
    for article in articles:
        names.read(
            Source(
                article_id=article.id,
                site=publisher_of(article),
                text=article.text[:LONGEST_TEXT],
                title=article.title or "",
                outlet=article.outlet or "",
                language=article.language,
                authors=article.authors,
                at=published(article),
            )
        )


def publisher_of(article: ArticleText) -> str:
    """Who is one source: a site. One that has no name but a number is a machine, on which several may publish."""
    host = urlsplit(f"//{article.site}").hostname or ""
    return article.outlet or article.site if _is_number(host) else article.site


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _without_text(article: ArticleText) -> ArticleText:
    return replace(article, text="", minhash=None)


def _ranked(names: Names, enough: Sequence[Gathered]) -> list[Scored]:
    return ranked([(one, names.lower_share(one)) for one in enough], shipped_head(), embedder())


async def _store(
    db: Db, found: Reread, articles: dict[UUID, ArticleText], look: BrandLook, decided: Collection[str]
) -> int:
    """Keep the names that are likely enough; how many that are. Those decided on when the look began were not looked for."""
    proposed = [one for one in found.scored if one[1] >= LEAST_SCORE][:MOST_PROPOSED]
    beside = await _brands_beside(db, [one for one, _, _ in proposed])
    ids: dict[str, UUID] = {}
    for one, score, parts in proposed:
        read = found.reads.get(one.key)
        row = _row(one, score, reasons_of(one, parts, read), beside[one.key]) | {"read_by": read and found.model}
        fresh = {name: value for name, value in row.items() if name not in {"id", "key", "state", "created_at"}}
        kept = upsert(BrandCandidate).values(row)
        kept = kept.on_conflict_do_update(index_elements=["organization_id", "key"], set_=fresh)
        ids[one.key] = (await db.scalars(kept.returning(BrandCandidate.id))).one()
    # What is no longer found often enough leaves the queue; what a person decided on stays for good.
    await db.execute(
        delete(BrandCandidate).where(
            BrandCandidate.state == "proposed",
            BrandCandidate.id.not_in(ids.values()),
            # Taken back meanwhile: the next look finds it or not.
            BrandCandidate.key.not_in(decided),
        )
    )
    await db.execute(delete(CandidatePlace).where(CandidatePlace.candidate_id == one_of(ids.values())))
    db.add_all(
        place for one, _, _ in proposed for place in _places(one, ids[one.key], articles, found.reads.get(one.key))
    )
    decided_since = await db.scalars(
        select(BrandCandidate.id).where(BrandCandidate.id == one_of(ids.values()), BrandCandidate.state != "proposed")
    )
    look.proposed = len(ids) - len(decided_since.all())
    await db.execute(delete(BrandLook))
    db.add(look)
    await db.flush()
    publish(db, "discovery", organization_of(db))
    return len(proposed)


def _row(one: Gathered, score: float, reasons: list[dict[str, Any]], beside: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "key": storable(one.key),
        "name": storable(one.name.lstrip("@#")),
        "state": "proposed",
        "score": round(score, 4),
        "mentions": one.mentions,
        "articles": len(one.articles),
        "sources": len(one.sites),
        "reasons": reasons,
        "beside": beside,
        "first_seen_at": one.first_at,
        "last_seen_at": one.last_at,
    }


def _places(
    one: Gathered, candidate_id: UUID, articles: dict[UUID, ArticleText], read: NameRead | None
) -> list[CandidatePlace]:
    # What was read are the first of the places that are shown.
    said = read.said if read else ()
    return [
        CandidatePlace(
            candidate_id=candidate_id,
            article_id=place.article_id,
            sentence=storable(place.sentence),
            start=place.start,
            end=place.end,
            title=storable(article.title or article.url),
            url=article.url,
            outlet=storable(article.outlet or article.site),
            published_at=published(article),
            taken_for=taken_for,
        )
        for place, taken_for in zip_longest(told_places(one), said)
        for article in (articles[place.article_id],)
    ]


async def _brands_beside(db: Db, names: Sequence[Gathered]) -> dict[str, list[dict[str, Any]]]:
    """The watched brands in the articles of each name, with how many articles they share."""
    wanted = {article_id for one in names for article_id in one.articles}
    rows = await db.execute(
        select(Mention.article_id, Mention.brand_id).where(
            Mention.article_id == one_of(wanted), Mention.standing == "accepted"
        )
    )
    brands: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for article_id, brand_id in rows.all():
        brands[article_id].add(brand_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in names:
        counted = Counter(brand_id for article_id in one.articles for brand_id in brands[article_id])
        found[one.key] = [{"brand_id": str(brand), "articles": count} for brand, count in counted.most_common(5)]
    return found
