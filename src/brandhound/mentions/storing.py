"""Storing what was found: each article in its story, each brand in it as one mention. Safe to repeat."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Uuid, bindparam, case, delete, func, insert, null, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from brandhound.brands.models import Brand, BrandName
from brandhound.core.clock import now
from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.feeds.articles import ArticleText, article_texts
from brandhound.mentions import queries
from brandhound.mentions.deeds.bonds import deleted_by_hand, placed_by_hand
from brandhound.mentions.holding import hold_stories, lock_stories
from brandhound.mentions.limits import Limits, limits_of
from brandhound.mentions.matching_articles import FoundMention, ReadArticle
from brandhound.mentions.models import Mention
from brandhound.mentions.reprints import WINDOW, Fingerprint
from brandhound.mentions.searching import search_text
from brandhound.mentions.standings import standing_of
from brandhound.mentions.stories import (
    MOST_CANDIDATES,
    STORY_WINDOW,
    Neighbourhood,
    Piece,
    Placement,
    in_its_story,
    overtaken,
    place,
    terms_of,
    words_of_brands,
)
from brandhound.mentions.story_models import Story, StoryArticle, StoryBand
from brandhound.mentions.summing import sum_up_stories
from brandhound.mentions.tone import ToneOfMention
from brandhound.mentions.wires import credit_of

MOST_AROUND = 2000
MOST_PLACES = 40
"""Places kept of one mention."""
BANDS_KEPT = timedelta(days=14)


_STORE_BANDS = text(
    "insert into story_bands (id, band_key, article_id, published_at)"
    " select gen_random_uuid(), band.* from unnest(:keys, :articles, :days) as band"
).bindparams(
    bindparam("keys", type_=ARRAY(BigInteger())),
    bindparam("articles", type_=ARRAY(Uuid())),
    bindparam("days", type_=ARRAY(DateTime(timezone=True))),
)


@dataclass(frozen=True)
class Stored:
    """What a batch came to."""

    mentions: int
    stories: int
    new_stories: int


async def store_found(db: Db, found: Sequence[ReadArticle]) -> Stored:
    """Place the articles into stories and store their mentions, inside the caller's transaction.

    A mention that a person has judged keeps that judgement; an article that has a story keeps that story, and one that a person
    put into a story goes there again. What belongs to a story that a person deleted is left out.
    """
    if not found:
        return Stored(0, 0, 0)
    # Two batches at once could each begin a story of the same event.
    await hold_stories(db)
    gone = await deleted_by_hand(db, [one.article.id for one in found])
    found = [one for one in found if one.article.id not in gone]
    if not found:
        return Stored(0, 0, 0)
    rows, begun = await _place_articles(db, found)
    mention_ids = await _store_mentions(db, found, rows)
    story_ids = {row.story_id for row in rows.values()}
    await sum_up_stories(db, sorted(story_ids))
    await _forget_old_bands(db)
    publish(db, "stories", *sorted(story_ids))
    publish(db, "mentions", *mention_ids)
    return Stored(sum(len(one.mentions) for one in found), len(story_ids), begun)


def storable(text: str) -> str:
    """The database cannot hold a zero byte; offsets stay right."""
    return text.replace("\0", "\ufffd")


def tone_evidence_of(tone: ToneOfMention) -> dict[str, Any]:
    """What a tone was read from, as it is stored."""
    return {
        "start": tone.start,
        "end": tone.end,
        "field": tone.field,
        "reasons": list(tone.reasons),
        "engine": tone.engine,
        "voices": [{**asdict(voice), "text": storable(voice.text)} for voice in tone.voices],
    }


def published(article: ArticleText) -> datetime:
    """When it was published; never later than now, whatever the page claims."""
    return min(article.published_at or now(), now())


async def _place_articles(db: Db, found: Sequence[ReadArticle]) -> tuple[dict[UUID, StoryArticle], int]:
    ids = [one.article.id for one in found]
    placed = {
        row.article_id: row
        for row in (await db.scalars(select(StoryArticle).where(StoryArticle.article_id == one_of(ids)))).all()
    }
    await lock_stories(db, (row.story_id for row in placed.values()))
    coming = sorted(
        (one for one in found if one.article.id not in placed),
        key=lambda one: (published(one.article), one.article.id),
    )
    if not coming:
        return placed, 0
    around, by_text = await _around(db, coming)
    fingerprints = {one.article.id: Fingerprint(one.article.text, one.article.title or "") for one in coming}
    hits, known = await _copies_on_file(db, coming, fingerprints)
    limits = await _limits_in(db, coming)
    pieces = {piece.article_id: piece for piece in around.pieces}
    pieces.update(known)
    for same in by_text.values():
        # They reach further back than what is around, and each article is to be one piece.
        same[:] = [pieces.setdefault(other.article_id, other) for other in same]
    homes = await placed_by_hand(db, [*(one.article.id for one in coming), *pieces])
    for article_id in homes.keys() & pieces.keys():
        pieces[article_id].by_hand = True
    there = await _stories_there(db, set(homes.values()))
    banded: dict[int, list[UUID]] = defaultdict(list)
    rows: list[StoryArticle] = []
    begun: list[Piece] = []
    late: list[tuple[Piece, Piece, Placement]] = []
    for one in coming:
        piece = _piece_of(one, limits)
        mine = fingerprints[piece.article_id]
        near = hits[piece.article_id] + Counter(other for key in mine.bands for other in banded[key])
        candidates = [
            (pieces[other], fingerprints[other])
            for other, _ in near.most_common(MOST_CANDIDATES)
            if other in pieces and other in fingerprints
        ]
        same_text = by_text[piece.text_sha256] if piece.text_sha256 else []
        placement = await asyncio.to_thread(place, piece, mine, around, same_text, candidates)
        story_id = pieces[placement.joins].story_id if placement.joins else None
        if home := homes.get(piece.article_id):
            placement = in_its_story(placement, at_home=story_id == home, begun=home not in there)
            story_id, piece.by_hand = home, True
        piece.story_id, piece.reprint_of = story_id or uuid7(), placement.reprint_of
        if story_id is None or (home and home not in there):
            begun.append(piece)
            there.add(piece.story_id)
        if placement.joins and overtaken(placement, piece, pieces[placement.joins]):
            late.append((piece, pieces[placement.joins], placement))
            pieces[placement.joins].reprint_of = piece.article_id
        rows.append(_row_of(one.article, piece, placement))
        pieces[piece.article_id] = piece
        around.add(piece)
        if piece.text_sha256:
            by_text[piece.text_sha256].append(piece)
        for key in mine.bands:
            banded[key].append(piece.article_id)
    await lock_stories(
        db, [*(row.story_id for row in rows), *(other.story_id for _, other, _ in late if other.story_id)]
    )
    await _begin_stories(db, begun)
    db.add_all(rows)
    await db.flush()
    for piece, other, placement in late:
        await _note_overtaken(db, placement, piece, other)
    await _store_bands(db, rows, fingerprints)
    return {**placed, **{row.article_id: row for row in rows}}, len(begun)


async def _stories_there(db: Db, story_ids: set[UUID]) -> set[UUID]:
    return set(await db.scalars(select(Story.id).where(Story.id == one_of(story_ids)))) if story_ids else set()


async def _around(db: Db, coming: Sequence[ReadArticle]) -> tuple[Neighbourhood, dict[str | None, list[Piece]]]:
    """The stored articles that the new ones may belong to, and those with exactly the same text."""
    first, last = published(coming[0].article), published(coming[-1].article)
    rows = await queries.articles_near(db, first - STORY_WINDOW, last + STORY_WINDOW, MOST_AROUND)
    hashes = [one.article.text_sha256 for one in coming if one.article.text_sha256]
    same = await db.scalars(
        select(StoryArticle).where(
            StoryArticle.text_sha256.in_(hashes),
            StoryArticle.published_at >= first - WINDOW,
            StoryArticle.published_at <= last + WINDOW,
        )
    )
    brands = await _brands_in(db, [row.article_id for row in rows])
    around = Neighbourhood(brand_words=words_of_brands(await _names_of_brands(db)))
    for row in rows:
        around.add(_known_piece(row, brands.get(row.article_id, frozenset())))
    by_text: dict[str | None, list[Piece]] = defaultdict(list)
    for row in same.all():
        by_text[row.text_sha256].append(_known_piece(row, frozenset()))
    return around, by_text


async def _copies_on_file(
    db: Db, coming: Sequence[ReadArticle], fingerprints: dict[UUID, Fingerprint]
) -> tuple[dict[UUID, Counter[UUID]], dict[UUID, Piece]]:
    """Stored articles that share bands with the new ones; their fingerprints are added to `fingerprints`."""
    first, last = published(coming[0].article), published(coming[-1].article)
    keys = sorted({key for one in coming for key in fingerprints[one.article.id].bands})
    of_key: dict[int, list[UUID]] = defaultdict(list)
    for key, article_id in await queries.band_hits(db, keys, first - WINDOW, last + WINDOW):
        of_key[key].append(article_id)
    hits = {
        one.article.id: Counter(other for key in fingerprints[one.article.id].bands for other in of_key[key])
        for one in coming
    }
    wanted = {other for counted in hits.values() for other, _ in counted.most_common(MOST_CANDIDATES)}
    wanted -= fingerprints.keys()
    if not wanted:
        return hits, {}
    rows = (await db.scalars(select(StoryArticle).where(StoryArticle.article_id == one_of(wanted)))).all()
    for known in await article_texts(db, [row.article_id for row in rows]):
        fingerprints[known.id] = Fingerprint(known.text, known.title or "")
    return hits, {row.article_id: _known_piece(row, frozenset()) for row in rows}


async def _brands_in(db: Db, article_ids: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    if not article_ids:
        return {}
    statement = (
        select(Mention.article_id, func.array_agg(Mention.brand_id))
        .where(Mention.article_id == one_of(article_ids), Mention.standing != "rejected")
        .group_by(Mention.article_id)
    )
    return {row[0]: frozenset(row[1]) for row in (await db.execute(statement)).all()}


async def _names_of_brands(db: Db) -> dict[UUID, list[str]]:
    names: dict[UUID, list[str]] = defaultdict(list)
    for brand_id, name in (await db.execute(select(Brand.id, Brand.name))).all():
        names[brand_id].append(name)
    for brand_id, name in (await db.execute(select(BrandName.brand_id, BrandName.text))).all():
        names[brand_id].append(name)
    return names


def _known_piece(row: StoryArticle, brand_ids: frozenset[UUID]) -> Piece:
    return Piece(
        row.article_id,
        row.title,
        row.published_at,
        row.site,
        row.text_sha256,
        frozenset(row.terms),
        brand_ids,
        row.story_id,
        row.reprint_of,
        row.containment,
        outlet=row.outlet,
    )


def _piece_of(one: ReadArticle, limits: Limits) -> Piece:
    article = one.article
    return Piece(
        article.id,
        article.title or article.url,
        published(article),
        article.site or "",
        article.text_sha256,
        terms_of(article.title or "", article.text),
        frozenset(
            found.brand_id
            for found in one.mentions
            if standing_of(found.mention.confidence, None, limits[found.brand_id]) != "rejected"
        ),
        outlet=article.outlet or "",
        text_names_it=any(place.field == "text" for found in one.mentions for place in found.mention.evidence),
    )


async def _begin_stories(db: Db, pieces: Sequence[Piece]) -> None:
    if pieces:
        values = [
            {
                "id": piece.story_id,
                "title": piece.title,
                "headline_article_id": piece.article_id,
                "first_published_at": piece.published_at,
                "last_published_at": piece.published_at,
            }
            for piece in pieces
        ]
        await db.execute(insert(Story), values)


async def _note_overtaken(db: Db, placement: Placement, piece: Piece, other: Piece) -> None:
    """The stored article was written later than the one that comes in now: it is the copy."""
    relation = "update" if other.is_by_the_outlet_of(piece) else "reprint"
    changes = {"reprint_of": piece.article_id, "containment": placement.containment, "relation": relation}
    await db.execute(update(StoryArticle).where(StoryArticle.article_id == other.article_id).values(**changes))
    await db.execute(update(Mention).where(Mention.article_id == other.article_id).values(reprint_of=piece.article_id))


def _row_of(article: ArticleText, piece: Piece, placement: Placement) -> StoryArticle:
    return StoryArticle(
        story_id=piece.story_id,
        article_id=piece.article_id,
        published_at=piece.published_at,
        title=piece.title,
        url=article.url,
        outlet=article.outlet or article.site or "",
        site=piece.site,
        text_sha256=piece.text_sha256,
        reprint_of=placement.reprint_of,
        containment=placement.containment,
        relation=placement.relation,
        wire=credit.name if (credit := credit_of(article.text, piece.site, piece.outlet, article.authors)) else "",
        terms=sorted(piece.terms),
    )


async def _store_bands(db: Db, rows: Sequence[StoryArticle], fingerprints: dict[UUID, Fingerprint]) -> None:
    bands = [(key, row.article_id, row.published_at) for row in rows for key in fingerprints[row.article_id].bands]
    if bands:
        # Forty-two rows an article: arrays cost a tenth of what as many parameters would.
        keys, articles, days = zip(*bands, strict=True)
        await db.execute(_STORE_BANDS, {"keys": list(keys), "articles": list(articles), "days": list(days)})


async def _forget_old_bands(db: Db) -> None:
    """Bands serve for a week around an article's day; those that came in long ago for an old day are of no use."""
    long_ago = now() - BANDS_KEPT
    await db.execute(delete(StoryBand).where(StoryBand.created_at < long_ago, StoryBand.published_at < long_ago))


async def _store_mentions(db: Db, found: Sequence[ReadArticle], rows: dict[UUID, StoryArticle]) -> list[UUID]:
    limits = await _limits_in(db, found)
    values = [
        _mention_values(one.article, mention, rows[one.article.id], limits) for one in found for mention in one.mentions
    ]
    statement = upsert(Mention)
    kept = {"id", "brand_id", "article_id", "story_id", "created_at", "standing"}
    changes: dict[str, Any] = {name: statement.excluded[name] for name in values[0] if name not in kept}
    changes["standing"] = case((Mention.judgement.is_(None), statement.excluded.standing), else_=Mention.standing)
    # A person's word stays, and what is read anew is kept beside it.
    unsaid = Mention.tone_read.is_(None)
    changes["tone"] = case((unsaid, statement.excluded.tone), else_=Mention.tone)
    changes["tone_read"] = case((unsaid, null()), else_=statement.excluded.tone)
    settled = statement.on_conflict_do_update(
        index_elements=["organization_id", "brand_id", "article_id"], set_=changes
    )
    return list((await db.scalars(settled.returning(Mention.id), values)).all())


async def _limits_in(db: Db, found: Sequence[ReadArticle]) -> Limits:
    return await limits_of(db, {mention.brand_id for one in found for mention in one.mentions})


def _mention_values(article: ArticleText, found: FoundMention, row: StoryArticle, limits: Limits) -> dict[str, Any]:
    mention, tone = found.mention, found.tone
    return {
        "id": uuid7(),
        "brand_id": found.brand_id,
        "article_id": article.id,
        "story_id": row.story_id,
        "confidence": mention.confidence,
        "standing": standing_of(mention.confidence, None, limits[found.brand_id]),
        "reasons": mention.reasons_as_json(),
        "salience": mention.salience,
        "tone": tone.label,
        "tone_confidence": tone.confidence,
        "tone_quote": storable(tone.quote),
        "tone_evidence": tone_evidence_of(tone),
        "evidence": [
            {**place, "surface": storable(str(place["surface"]))} for place in mention.evidence_as_json()[:MOST_PLACES]
        ],
        "published_at": row.published_at,
        "outlet": row.outlet,
        "site": row.site,
        "language": article.language,
        "title": row.title,
        "url": article.url,
        "body_sha256": article.body_sha256,
        "text_sha256": article.text_sha256,
        "search_text": search_text(row.title, row.outlet),
        "reprint_of": row.reprint_of,
        "created_at": now(),
    }
