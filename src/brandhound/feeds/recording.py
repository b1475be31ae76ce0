"""Writing down what looks at feeds gave."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.http.client import FetchResult
from brandhound.core.http.dates import cache_directives
from brandhound.core.system import system_session
from brandhound.feeds.deciding import Verdict, decide
from brandhound.feeds.links import feed_key
from brandhound.feeds.looking import Look, chance, standing_of
from brandhound.feeds.models import FeedDocument, FeedValidator
from brandhound.feeds.queueing import queue_articles, queue_backfill
from brandhound.feeds.reading import ParsedFeed
from brandhound.feeds.replacing import find_replacement
from brandhound.feeds.rhythm import Rhythm
from brandhound.feeds.silence import is_silent
from brandhound.feeds.storing import Stored, store_entries
from brandhound.feeds.telling import tell_followers


def judge(look: Look, *, same_feed: bool = False, rhythm: Rhythm | None = None) -> Verdict:
    """What a look means for its feed; `rhythm` as counted after it, if it was."""
    standing = standing_of(look.document)
    if rhythm is not None:
        standing = replace(standing, rhythm=rhythm)
    return decide(standing, look.answer, look.reading, look.at, chance=chance(), same_feed=same_feed)


NOTHING = Stored(0, 0, (), "guid", 0, None, 0)


async def store_look(look: Look, verdict: Verdict, organization_id: UUID | None = None) -> Stored:
    """Write down one look, with what it found, in one transaction; followers are told in it too."""
    document, stored = look.document, NOTHING
    replacement: str | None = None
    if verdict.search_site:
        replacement = await find_replacement(document, look.answer)
    async with system_session() as db:
        if not await _still_there(db, [document.id]):
            return NOTHING
        values: dict[str, Any] = {"claimed_until": None}
        if isinstance(look.reading, ParsedFeed):
            stored = await store_entries(db, document, look.reading, look.at)
            # Only now it is known whether this is the feed that it was, and what its rhythm is.
            same_feed = stored.known_items > 0 or look.reading.title_text == document.title
            verdict = judge(look, same_feed=same_feed, rhythm=stored.rhythm)
            values |= _facts_read(look, look.reading, stored)
        values |= _facts_judged(look, verdict)
        if stored.entries:
            values["silent_since"] = None
        if verdict.search_site:
            values |= {"searched_at": look.at, "replacement_url": replacement or document.replacement_url}
        if verdict.move_to:
            values |= await _moved(db, document, verdict.move_to)
        await db.execute(update(FeedDocument).where(FeedDocument.id == document.id).values(values))
        # What was read in part is read again: it must not be taken for known.
        if verdict.succeeded and isinstance(look.answer, FetchResult) and not _is_unfinished(look, stored):
            await _keep_validators(db, document.id, look.answer)
        await tell_followers(db, document, verdict, values, stored)
        await queue_articles(db, document, stored.article_ids, organization_id)
        if verdict.succeeded and document.last_ok_at is None and not document.private:
            await queue_backfill(db, document.id, organization_id)
    return stored


async def _still_there(db: Db, document_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these feeds that nobody removed while they were looked at; from here on they stay until we are done."""
    there = select(FeedDocument.id).where(FeedDocument.id.in_(document_ids)).order_by(FeedDocument.id)
    return set(await db.scalars(there.with_for_update()))


def _facts_read(look: Look, parsed: ParsedFeed, stored: Stored) -> dict[str, Any]:
    document = look.document
    facts: dict[str, Any] = {
        "kind": parsed.kind,
        "title": parsed.title_text[:300] or document.title,
        "site_url": (parsed.link or document.site_url or "")[:2000] or None,
        "language": (parsed.language or "")[:20] or None,
        "ttl_minutes": parsed.ttl,
        "skip_hours": sorted(parsed.skip_hours),
        "skip_days": sorted(parsed.skip_days),
        "hub_url": (parsed.hub or "")[:2000] or None,
        "truncated": parsed.truncated,
        "repaired": parsed.repaired,
        "identity_rule": stored.rule,
        "churned": stored.churned,
        "body_sha256": None if _is_unfinished(look, stored) else look.body_sha256,
    }
    if stored.rhythm is not None:
        facts |= {"rhythm": stored.rhythm.as_json(), "last_entry_at": stored.rhythm.latest or document.last_entry_at}
    return facts


def _is_unfinished(look: Look, stored: Stored | None) -> bool:
    """Whether reading took too long and another one may get further: it was the first such, or brought more than the last."""
    if not isinstance(look.reading, ParsedFeed) or not look.reading.out_of_time:
        return False
    return not look.document.truncated or stored is None or stored.entries > 0


def _facts_judged(look: Look, verdict: Verdict) -> dict[str, Any]:
    document = look.document
    facts: dict[str, Any] = {
        "state": verdict.state,
        "next_check_at": verdict.next_check_at,
        "check_reason": verdict.check_reason,
        "interval_seconds": int(verdict.interval.total_seconds()) if verdict.interval else None,
        "failures": verdict.failures,
        "failing_since": verdict.failing_since,
        "error_code": verdict.error_code,
        "error_detail": verdict.error_detail,
        "gone_count": verdict.gone_count,
        "gone_since": verdict.gone_since,
        "moved_to": verdict.move.to,
        "moved_count": verdict.move.count,
        "moved_since": verdict.move.since,
        "last_checked_at": look.at,
        "claimed_until": None,
    }
    if verdict.succeeded:
        silent = is_silent(document.known_rhythm, look.at)
        facts |= {
            "last_ok_at": look.at,
            "silent_since": (document.silent_since or look.at) if silent else None,
            "replacement_url": None,
        }
    return facts


async def _moved(db: Db, document: FeedDocument, to: str) -> dict[str, Any]:
    """A move that is believed. Where the new address is followed already, both stay, each with its own followers."""
    key = feed_key(to)
    if key is None or document.private:
        return {"url": to, "moved_from": document.url} if document.private else {}
    taken = await db.scalar(select(FeedDocument.id).where(FeedDocument.url_key == key, FeedDocument.id != document.id))
    return {} if taken else {"url": to, "url_key": key, "moved_from": document.url}


async def store_quiet(looks: Sequence[tuple[Look, Verdict]]) -> None:
    """Write down looks that found nothing new, all in one transaction."""
    if not looks:
        return
    async with system_session() as db:
        there = await _still_there(db, [look.document.id for look, _ in looks])
        looks = [pair for pair in looks if pair[0].document.id in there]
        if not looks:
            return
        rows = [{"id": look.document.id, **_facts_judged(look, verdict)} for look, verdict in looks]
        await db.execute(update(FeedDocument), rows)
        for (look, verdict), values in zip(looks, rows, strict=True):
            # A 304 that names no other version leaves nothing to be remembered.
            if isinstance(look.answer, FetchResult) and look.answer.status == 200:
                await _keep_validators(db, look.document.id, look.answer)
            if values["silent_since"] is not None and look.document.silent_since is None:
                await tell_followers(db, look.document, verdict, values, NOTHING)


async def _keep_validators(db: Db, document_id: UUID, answer: FetchResult) -> None:
    """Remember what each address of the chain said of its version, for that address only.

    A 304 repeats them only if they changed (RFC 9111, section 4.3.4). Already expired and not to be stored: forgotten.
    """
    forget: list[str] = []
    rows: list[dict[str, Any]] = []
    for hop in answer.hops:
        directives = cache_directives(hop.cache_control)
        if "no-store" in directives and (hop.expires or "").strip() == "0":
            forget.append(hop.url)
        elif hop.etag or hop.last_modified:
            rows.append(
                {
                    "document_id": document_id,
                    "url": hop.url[:2000],
                    "etag": hop.etag,
                    "last_modified": hop.last_modified,
                    "fetched_at": clock.now(),
                }
            )
        elif hop.status != 304:
            forget.append(hop.url)
    if forget:
        await db.execute(
            delete(FeedValidator).where(FeedValidator.document_id == document_id, FeedValidator.url.in_(forget))
        )
    for row in rows:
        statement = insert(FeedValidator).values(row)
        await db.execute(
            statement.on_conflict_do_update(
                index_elements=["document_id", "url"],
                set_={name: statement.excluded[name] for name in ("etag", "last_modified", "fetched_at")},
                where=or_(
                    FeedValidator.etag.is_distinct_from(statement.excluded.etag),
                    FeedValidator.last_modified.is_distinct_from(statement.excluded.last_modified),
                ),
            )
        )
