"""Who writes about a brand: the bylines of its articles, by outlet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select

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
    rows = await db.execute(
        select(
            Article.authors,
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
    texts = unsigned = 0
    found: dict[tuple[str, str], _Written] = {}
    for authors, outlet, site, tone, published_at, title, story_id in rows:
        texts += 1
        place = outlet or site
        names = people_in(authors or (), place, site)
        unsigned += not names
        for name in names:
            # The newest comes first, and is what is told.
            written = found.setdefault((fold(name), place), _Written(name, place, site, published_at, title, story_id))
            written.tones[tone] += 1
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


def people_in(authors: Iterable[str], outlet: str, site: str) -> list[str]:
    """The names of people in a byline, each once: not the outlet itself, nor an agency."""
    own = {fold(outlet), fold(site), fold(site.removeprefix("www."))}
    names = {fold(name): name for name in map(str.strip, authors) if name}
    return [name for folded, name in names.items() if folded not in own and named_wire(name) is None]
