"""A brand that is told of for three months, and a way to tell more of it."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7
from brandhound.feeds.models import Article, Feed, FeedDocument
from brandhound.mentions.alerts import jobs
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story

# Imported for what it registers.
assert jobs

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class Press:
    """What is written about the brands of one organization."""

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id

    async def brand(self, name: str = "Acme") -> UUID:
        now = clock.now()
        brand = Brand(
            name=name,
            name_key=name.lower(),
            kind="own",
            color="#4477AA",
            created_at=now,
            updated_at=now,
            description="",
        )
        async with tenant_session(self.organization_id) as db:
            db.add(brand)
        return brand.id

    async def feed(self, state: str = "active") -> None:
        address = f"https://{uuid7().hex}.example/feed"
        async with tenant_session(self.organization_id) as db:
            document = FeedDocument(url=address, url_key=address, title="Courier", state=state)
            db.add(document)
            await db.flush()
            db.add(Feed(document_id=document.id, title=None, paused=False, created_at=clock.now()))

    async def writes(
        self,
        brand_id: UUID,
        times: list[datetime],
        *,
        title: str = "Acme opens a shop",
        tone: str = "neutral",
        outlets: int = 1,
    ) -> list[UUID]:
        """A story at each of these times, each told by so many outlets within the hour."""
        stories: list[UUID] = []
        async with tenant_session(self.organization_id) as db:
            for at in times:
                article = _article(title, at)
                db.add(article)
                await db.flush()
                story = Story(title=title, headline_article_id=article.id, first_published_at=at, last_published_at=at)
                db.add(story)
                await db.flush()
                stories.append(story.id)
                for number in range(outlets):
                    if number:
                        article = _article(title, at + timedelta(minutes=number))
                        db.add(article)
                        await db.flush()
                    db.add(_mention(brand_id, story.id, article, title, tone, f"Paper {number}"))
        return stories

    async def tells_again(self, brand_id: UUID, story_id: UUID, times: list[datetime], outlet: str) -> None:
        """The same story once more at each of these times, by one outlet."""
        async with tenant_session(self.organization_id) as db:
            for at in times:
                article = _article("Acme says", at)
                db.add(article)
                await db.flush()
                db.add(_mention(brand_id, story_id, article, "Acme says", "neutral", outlet))

    async def writes_as_usual(self, brand_id: UUID, days: int, a_day: int = 2, until: datetime | None = None) -> None:
        """So many stories a day, in working hours."""
        end = (until or clock.now()).replace(hour=0, minute=0)
        times = [
            end - timedelta(days=day) + timedelta(hours=9 + 3 * one, minutes=7)
            for day in range(1, days + 1)
            for one in range(a_day)
        ]
        await self.writes(brand_id, sorted(times))


@pytest.fixture
def press(organization_id: UUID) -> Generator[Press]:
    """It is Monday, 2 November 2026, 9:30 in UTC; somebody writes for the organization of `client`."""
    clock.freeze(NOW)
    yield Press(organization_id)
    clock.unfreeze()


def _article(title: str, at: datetime) -> Article:
    url = f"https://courier.example/{uuid7().hex}"
    return Article(url=url, url_key=url, site="courier.example", title=title, published_at=at, first_seen_at=at)


def _mention(brand_id: UUID, story_id: UUID, article: Article, title: str, tone: str, outlet: str) -> Mention:
    return Mention(
        brand_id=brand_id,
        article_id=article.id,
        story_id=story_id,
        confidence=0.95,
        standing="accepted",
        salience="subject",
        tone=tone,
        tone_confidence=0.9,
        tone_quote="Acme opened a shop in Leipzig.",
        published_at=article.published_at,
        outlet=outlet,
        site="courier.example",
        language="en",
        title=title,
        search_text=title.lower(),
        url=article.url,
    )
