"""Telling those who follow a feed what became of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.feeds.deciding import Verdict
from brandhound.feeds.events import ArticlesStored
from brandhound.feeds.models import Article, Feed, FeedDocument
from brandhound.feeds.storing import Stored
from brandhound.jobs.registry import announce
from brandhound.notifications.notifying import notify, settle

PATIENCE = timedelta(days=3)
"""A failure that has lasted this long is told to people, not only listed."""


async def tell_followers(
    db: Db, document: FeedDocument, verdict: Verdict, values: Mapping[str, Any], stored: Stored
) -> None:
    """Tell the screens, and people if it has stopped, has failed for days or has fallen silent.

    `db` is the installation's own session, which sees who follows what; `document` is as it was before.
    """
    silent = values.get("silent_since") is not None and document.silent_since is None
    changed = verdict.state != document.state or verdict.error_code != document.error_code
    failing_long = (
        verdict.failing_since is not None
        and values["last_checked_at"] - verdict.failing_since >= PATIENCE
        and verdict.state == "failing"
    )
    first_time = document.last_checked_at is None
    if not (silent or changed or failing_long or first_time or stored.entries or verdict.move_to):
        return
    for feed_id, organization_id, own_title in await followers(db, document.id):
        publish(db, "feeds", feed_id, organization_id=organization_id)
        name = own_title or values.get("title") or document.title or document.url
        told = _told(verdict, silent=silent, failing_long=failing_long, replacement=values.get("replacement_url"))
        if told is not None:
            kind, severity, title, body = told
            await notify(
                db,
                f"feed_{kind}",
                title.format(name=name),
                body,
                href=f"/feeds/{feed_id}",
                severity=severity,
                key=_incident(document.id, kind),
                organization_id=organization_id,
            )
    # Not by its state: a feed that was paused and resumed, or followed again, is called active before it is looked at.
    if verdict.state == "active" and verdict.succeeded and document.failing_since is not None:
        for kind in ("failing", "gone"):
            await settle(db, _incident(document.id, kind))
    if stored.entries and document.silent_since is not None:
        await settle(db, _incident(document.id, "silent"))


def _told(
    verdict: Verdict, *, silent: bool, failing_long: bool, replacement: object
) -> tuple[str, Any, str, str] | None:
    """Kind, severity, title and text of the notice; None if nobody need be called."""
    instead = f" Its site names another feed: {replacement}." if replacement else " Look on its site for another feed."
    if verdict.outcome == "gone" or verdict.error_code == "expired":
        return "gone", "warning", "{name} has ended", f"{verdict.error_detail}{instead}"
    if failing_long:
        days = "It has failed for three days or more. It is still tried."
        return "failing", "warning", "{name} cannot be read", f"{verdict.error_detail} {days}"
    if silent:
        quiet = "It answers, but brings nothing, although by its rhythm at least five items were to be expected."
        return "silent", "info", "{name} has fallen silent", f"{quiet} Perhaps the site has another feed now."
    return None


async def followers(db: Db, document_id: UUID) -> list[tuple[UUID, UUID, str | None]]:
    """Feed, organization and own title of all who listen to a document."""
    rows = await db.execute(
        select(Feed.id, Feed.organization_id, Feed.title).where(Feed.document_id == document_id, ~Feed.paused)
    )
    return [(feed_id, organization_id, title) for feed_id, organization_id, title in rows]


async def announce_to_followers(document_id: UUID, article_ids: list[UUID]) -> int:
    """Tell every organization that listens to a feed that these pages can be read; says how many were told.

    Safe to repeat. Pages that could not be read are told of too: their headline is known.
    """
    async with system_session() as db:
        organizations = {organization_id for _, organization_id, _ in await followers(db, document_id)}
        query = select(Article.id).where(Article.id.in_(article_ids), Article.state != "pending")
        ready = list(await db.scalars(query))
    if not ready:
        return 0
    for organization_id in sorted(organizations):
        async with tenant_session(organization_id) as db:
            await announce(db, ArticlesStored(article_ids=ready))
    return len(organizations)


def _incident(document_id: UUID, kind: str) -> str:
    return f"feed:{document_id}:{kind}"
