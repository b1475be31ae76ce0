"""Who writes about a brand: the bylines of its articles, by outlet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, select

from brandhound.brands.folding import fold
from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db
from brandhound.feeds.models import Article
from brandhound.mentions.models import Mention
from brandhound.mentions.queries import range_to
from brandhound.mentions.standings import TONES, ToneLabel
from brandhound.mentions.wires import named_wire

LOOK_BACK = timedelta(days=90)
MOST_READ = 5_000
"""Of a brand with more texts in the range the newest are read."""
MOST_TOLD = 100
MOST_OF_ONE = 200


class AuthorOut(BaseModel):
    """A name above texts of one outlet. The same name at another outlet may be somebody else, and stands apart."""

    name: str
    outlet: str
    site: str
    texts: int = Field(description="Texts that name the brand, copies left out")
    tones: dict[ToneLabel, int] = Field(description="Their tone toward the brand; tones without a text are left out")
    last_at: datetime
    last_title: str
    last_story_id: UUID


class BrandAuthors(BaseModel):
    """Who writes about a brand, the busiest first."""

    brand_id: UUID
    since: datetime
    until: datetime
    texts: int = Field(description="Texts that name the brand, copies left out; at most the 5,000 newest")
    unsigned: int = Field(description="Those of them that name no author, or an agency only")
    authors: list[AuthorOut]


class AuthorText(BaseModel):
    """A text that names the brand."""

    mention_id: UUID
    article_id: UUID
    story_id: UUID
    title: str
    tone: ToneLabel
    published_at: datetime


class AuthorTexts(BaseModel):
    """What one author of one outlet wrote about a brand."""

    name: str
    outlet: str
    total: int
    texts: list[AuthorText] = Field(description="The newest first; at most 200")


@dataclass
class _Written:
    name: str
    outlet: str
    site: str
    last_at: datetime
    last_title: str
    last_story_id: UUID
    tones: Counter[ToneLabel] = field(default_factory=Counter[ToneLabel])


async def authors_of(
    db: Db, brand_id: UUID, since: datetime | None, until: datetime | None, at: datetime
) -> BrandAuthors:
    """Who wrote about the brand in a range, by default of the last 90 days. Raises NotThere or RangeUpsideDown."""
    await brand_by_id(db, brand_id)
    since, until = range_to(since, until, at, LOOK_BACK)
    texts = unsigned = 0
    found: dict[tuple[str, str], _Written] = {}
    for row in await db.execute(_texts_about(brand_id, since, until)):
        texts += 1
        place = row.outlet or row.site
        names = people_in(row.authors or (), place, row.site)
        unsigned += not names
        for name in names:
            # The newest comes first, and is what is told.
            newest = _Written(name, place, row.site, row.published_at, row.title, row.story_id)
            found.setdefault((fold(name), place), newest).tones[row.tone] += 1
    ranked = sorted(found.values(), key=lambda one: (-one.tones.total(), -one.last_at.timestamp(), one.name))
    return BrandAuthors(
        brand_id=brand_id,
        since=since,
        until=until,
        texts=texts,
        unsigned=unsigned,
        authors=[
            AuthorOut(
                name=one.name,
                outlet=one.outlet,
                site=one.site,
                texts=one.tones.total(),
                tones={tone: one.tones[tone] for tone in TONES if one.tones[tone]},
                last_at=one.last_at,
                last_title=one.last_title,
                last_story_id=one.last_story_id,
            )
            for one in ranked[:MOST_TOLD]
        ],
    )


async def texts_of_author(
    db: Db, brand_id: UUID, name: str, outlet: str, since: datetime | None, until: datetime | None, at: datetime
) -> AuthorTexts:
    """The texts behind the number beside an author. Raises NotThere or RangeUpsideDown."""
    await brand_by_id(db, brand_id)
    since, until = range_to(since, until, at, LOOK_BACK)
    texts = [
        AuthorText(
            mention_id=row.id,
            article_id=row.article_id,
            story_id=row.story_id,
            title=row.title,
            tone=row.tone,
            published_at=row.published_at,
        )
        for row in await db.execute(_texts_about(brand_id, since, until))
        if (row.outlet or row.site) == outlet
        and fold(name) in map(fold, people_in(row.authors or (), outlet, row.site))
    ]
    return AuthorTexts(name=name, outlet=outlet, total=len(texts), texts=texts[:MOST_OF_ONE])


def _texts_about(brand_id: UUID, since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Article.authors,
            Mention.id,
            Mention.article_id,
            Mention.outlet,
            Mention.site,
            Mention.tone,
            Mention.published_at,
            Mention.title,
            Mention.story_id,
        )
        .join(Article, Article.id == Mention.article_id)
        .where(
            Mention.brand_id == brand_id,
            Mention.standing == "accepted",
            Mention.reprint_of.is_(None),
            Mention.published_at >= since,
            Mention.published_at < until,
        )
        .order_by(Mention.published_at.desc(), Mention.id.desc())
        .limit(MOST_READ)
    )


def people_in(authors: Iterable[str], outlet: str, site: str) -> list[str]:
    """The names of people in a byline, each once: not the outlet itself, nor an agency."""
    own = {fold(outlet), fold(site), fold(site.removeprefix("www."))}
    names = {fold(name): name for name in map(str.strip, authors) if name}
    return [name for folded, name in names.items() if folded not in own and named_wire(name) is None]
