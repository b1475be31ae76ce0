"""Writes brands, stories and mentions as the packages below would have."""

from datetime import datetime
from typing import Any
from uuid import UUID

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.files import files
from brandhound.core.ids import uuid7
from brandhound.feeds.models import Article, Feed, FeedDocument
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import standing_of, thresholds
from brandhound.mentions.story_models import Story


class Told:
    """What is told to one organization."""

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id
        self._told_by = dict[UUID, UUID]()

    async def brand(self, name: str = "Acme", kind: Any = "own") -> UUID:
        now = clock.now()
        brand = Brand(
            name=name, name_key=name.lower(), kind=kind, color="#4477AA", created_at=now, updated_at=now, description=""
        )
        async with tenant_session(self.organization_id) as db:
            db.add(brand)
        return brand.id

    async def feed(
        self, title: str = "Courier", state: Any = "active", paused: bool = False, since: datetime | None = None
    ) -> UUID:
        address = f"https://{uuid7().hex}.example/feed"
        document = FeedDocument(url=address, url_key=address, title=title, state=state)
        async with tenant_session(self.organization_id) as db:
            db.add(document)
            await db.flush()
            feed = Feed(document_id=document.id, title=None, paused=paused, created_at=since or clock.now())
            db.add(feed)
        return feed.id

    async def story(self, title: str = "Acme opens a shop") -> UUID:
        async with tenant_session(self.organization_id) as db:
            article = _article(title, clock.now())
            db.add(article)
            await db.flush()
            story = Story(
                title=title,
                headline_article_id=article.id,
                first_published_at=clock.now(),
                last_published_at=clock.now(),
            )
            db.add(story)
        return story.id

    async def mention(
        self,
        brand_id: UUID,
        at: datetime,
        *,
        story_id: UUID | None = None,
        title: str = "Acme opens a shop",
        text: str = "It rained all day. Acme opened a shop in Leipzig. The queue was long.",
        outlet: str = "Courier",
        tone: Any = "neutral",
        salience: Any = "subject",
        confidence: float = 0.95,
        judgement: Any = None,
        copy: bool = False,
        url: str | None = None,
    ) -> UUID:
        story_id = story_id or await self.story(title)
        article = _article(title, at, url)
        start = text.find("Acme")
        text_sha256 = files().put(text.encode())
        async with tenant_session(self.organization_id) as db:
            db.add(article)
            await db.flush()
            mention = Mention(
                brand_id=brand_id,
                article_id=article.id,
                story_id=story_id,
                confidence=confidence,
                standing=standing_of(confidence, judgement, thresholds()),
                reasons=[{"code": "name", "text": "The name stands in the text", "weight": 0.9}],
                salience=salience,
                tone=tone,
                tone_confidence=0.9,
                tone_quote="Acme opened a shop in Leipzig.",
                evidence=[
                    {
                        "start": start,
                        "end": start + 4,
                        "surface": "Acme",
                        "sentence_start": 19,
                        "sentence_end": 49,
                        "field": "text",
                    }
                ],
                judgement=judgement,
                published_at=at,
                outlet=outlet,
                site="courier.example",
                language="en",
                title=title,
                url=article.url,
                body_sha256="b" * 64,
                text_sha256=text_sha256,
                # Of the text before it that is told of the brand, if any is.
                reprint_of=self._told_by.get(brand_id, article.id) if copy else None,
            )
            db.add(mention)
        if not copy:
            self._told_by[brand_id] = article.id
        return mention.id


def _article(title: str, at: datetime, url: str | None = None) -> Article:
    url = url or f"https://courier.example/{uuid7().hex}"
    return Article(
        url=url, url_key=f"{url}#{uuid7().hex}", site="courier.example", title=title, published_at=at, first_seen_at=at
    )
