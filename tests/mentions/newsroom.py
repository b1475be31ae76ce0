"""Articles as feeds would have stored them, and a feed that an organization follows."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx

from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.core.files import files
from brandhound.feeds.events import ArticlesStored
from brandhound.feeds.models import Article, Feed, FeedDocument, FeedEntry
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import announce

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass
class Newsroom:
    """Writes articles for an organization, and lets the jobs find them."""

    organization_id: UUID
    document_id: UUID | None = None

    async def write(
        self,
        title: str,
        text: str,
        *,
        outlet: str = "Kent Courier",
        at: datetime | None = None,
        language: str | None = "en",
        authors: tuple[str, ...] = (),
    ) -> UUID:
        """Store an article in the followed feed, as fetched."""
        site = outlet.lower().replace(" ", "-") + ".example"
        url = f"https://{site}/{uuid4().hex}"
        published = at or now() - timedelta(hours=1)
        async with tenant_session(self.organization_id) as db:
            document_id = await self._followed(db)
            article = Article(
                url=url,
                url_key=url,
                site=urlsplit(url).hostname or "",
                outlet=outlet,
                title=title,
                published_at=published,
                language=language,
                authors=list(authors),
                state="fetched",
                body_sha256=files().put(f"<p>{text}</p>".encode()),
                text_sha256=files().put(text.encode()) if text else None,
                text_length=len(text),
                fetched_at=now(),
                first_seen_at=now(),
            )
            db.add(article)
            await db.flush()
            db.add(
                FeedEntry(
                    document_id=document_id,
                    identity=url,
                    title=title,
                    link=url,
                    article_id=article.id,
                    published_at=published,
                    published_confidence="stated",
                    first_seen_at=now(),
                )
            )
        return article.id

    async def deliver(self, *article_ids: UUID) -> None:
        """Tell the product that these can be read, and do the jobs."""
        async with tenant_session(self.organization_id) as db:
            await announce(db, ArticlesStored(article_ids=list(article_ids)))
        await run_until_idle(self.organization_id)

    async def publish(self, title: str, text: str, **how: object) -> UUID:
        """Write and deliver one article."""
        article_id = await self.write(title, text, **how)  # pyright: ignore[reportArgumentType]
        await self.deliver(article_id)
        return article_id

    async def _followed(self, db: object) -> UUID:
        from brandhound.core.db import Db

        assert isinstance(db, Db)
        if self.document_id is None:
            url = f"https://feeds.example/{uuid4().hex}"
            document = FeedDocument(url=url, url_key=url)
            db.add(document)
            await db.flush()
            db.add(Feed(document_id=document.id, created_at=now()))
            self.document_id = document.id
        return self.document_id


async def watch(client: httpx.AsyncClient, name: str, **more: object) -> str:
    """Watch a brand; its id."""
    answer = await client.post("/api/brands", json={"name": name, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def stories(client: httpx.AsyncClient, **wanted: object) -> list[dict[str, object]]:
    """The stories of a view."""
    answer = await client.get("/api/stories", params={k: str(v) for k, v in wanted.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]
