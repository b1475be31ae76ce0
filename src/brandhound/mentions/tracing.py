"""Where a story comes from, gathered from its articles: dates, wires, and what people did to it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.files import files
from brandhound.feeds.models import Article, FeedEntry
from brandhound.mentions.models import Mention
from brandhound.mentions.provenance import Witness, first_of, is_midnight
from brandhound.mentions.story_models import Story, StoryArticle
from brandhound.mentions.wires import BY_NAME, Credit, credit_of

MOST_READ = 200
"""Articles from before credits were kept whose texts are read for one story."""


@dataclass(frozen=True)
class Trace:
    """An article of a story with what speaks for its date and its author."""

    witness: Witness
    credit: Credit | None


async def traces_of(db: Db, rows: Sequence[StoryArticle]) -> dict[UUID, Trace]:
    """By article: when it says it was published, when it was seen, and which wire it credits."""
    ids = [row.article_id for row in rows]
    pages = {page.id: page for page in await db.scalars(select(Article).where(Article.id.in_(ids)))}
    written = select(FeedEntry.article_id, FeedEntry.published_at, FeedEntry.published_raw).where(
        FeedEntry.article_id.in_(ids), FeedEntry.published_confidence == "stated"
    )
    stated: defaultdict[UUID | None, dict[datetime, str]] = defaultdict(dict)
    for article_id, at, raw in await db.execute(written):
        stated[article_id][at] = raw or ""
    credits = await asyncio.to_thread(_credits, rows, pages)
    traces: dict[UUID, Trace] = {}
    for row in rows:
        page, credit = pages.get(row.article_id), credits[row.article_id]
        # A date that a feed guessed became the page's where the page had none: it is no statement.
        at = page.published_at if page and row.article_id in stated else None
        traces[row.article_id] = Trace(
            Witness(
                row.article_id,
                row.outlet or row.site,
                at,
                page.first_seen_at if page else row.created_at,
                credit.name if credit else None,
                is_the_wire=credit is not None and credit.itself,
                copies=row.reprint_of is not None,
                # Of a date that the page alone states it is not known how it was written.
                is_day=at is not None and is_midnight(stated[row.article_id].get(at, "")),
            ),
            credit,
        )
    return traces


async def first_articles(db: Db, story_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By story: the article that told it first, where that is sure or likely and others tell it too."""
    rows = (await db.scalars(select(StoryArticle).where(StoryArticle.story_id.in_(story_ids)))).all()
    traces = await traces_of(db, rows)
    witnesses: dict[UUID, list[Witness]] = {}
    for row in rows:
        witnesses.setdefault(row.story_id, []).append(traces[row.article_id].witness)
    found: dict[UUID, UUID] = {}
    for story_id, those in witnesses.items():
        first = first_of(those)
        if first is not None and first.sure != "open" and first.article_id is not None:
            found[story_id] = first.article_id
    return found


def _credits(rows: Sequence[StoryArticle], pages: dict[UUID, Article]) -> dict[UUID, Credit | None]:
    left = MOST_READ
    found: dict[UUID, Credit | None] = {}
    for row in rows:
        text = ""
        if row.wire is None and left > 0:
            left -= 1
            text = _text(row.text_sha256)
        page = pages.get(row.article_id)
        itself = credit_of(text, row.site, row.outlet, page.authors if page else ())
        kept = BY_NAME.get(row.wire or "")
        found[row.article_id] = itself or (Credit(kept.name, kept.kind, itself=False) if kept else None)
    return found


def _text(sha256: str | None) -> str:
    try:
        return files().get(sha256).decode("utf-8", "replace") if sha256 else ""
    except FileNotFoundError:
        return ""


def why_the_headline(story: Story, rows: Sequence[StoryArticle], mentions: Sequence[Mention]) -> str:
    """Why this article speaks for the story, in a sentence. `rows` are in order of time."""
    if story.chosen_headline_id == story.headline_article_id:
        return "Somebody chose it."
    row = next((row for row in rows if row.article_id == story.headline_article_id), None)
    if row is None or len(rows) == 1:
        return "It is the only article."
    sure = any(one.article_id == row.article_id and one.standing == "accepted" for one in mentions)
    surely = " that surely names a brand of yours" if sure else ""
    if row.reprint_of is not None:
        return f"It is the earliest article{surely}; the one that it copies names none as surely."
    if row.article_id == rows[0].article_id:
        return f"It is the earliest article{surely}, and copies nobody."
    return f"It is the earliest article{surely} and copies nobody; what came before it copies, or names a brand less surely."
