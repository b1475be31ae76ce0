"""Figures counted again from the answers that were kept, without asking anybody.

For when the way of reading them has changed, or figures were lost. The newest answer about an ad's day counts, as it did when
it came; what a whole page kept silent about leaves what was told before. Nothing of it is a number that the platform moved, so
the ledger of restatements stays as it is.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from brandhound.ads.meta.questions import days_a_slice
from brandhound.ads.queries import account_by_id
from brandhound.ads.sync_models import AdRawPage
from brandhound.ads.syncing.counting_wholes import store_reach, store_totals
from brandhound.ads.syncing.errors import NotSynced
from brandhound.ads.syncing.keeping_pages import pages_of, rows_of_page
from brandhound.ads.syncing.reading_rows import MEASURES, ActionValues, Fact, read_rows
from brandhound.ads.syncing.storing_facts import TELLING, lock_account, store_actions, store_facts
from brandhound.ads.syncing.storing_objects import name_ads
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.files import files


@dataclass
class Told:
    """What the answers come to, the newest about each ad and day."""

    facts: dict[tuple[str, date], Fact] = field(default_factory=dict[tuple[str, date], Fact])
    actions: list[list[ActionValues]] = field(default_factory=list[list[ActionValues]])
    """Page by page: types that a later one does not tell of stay."""
    ads: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    at: datetime | None = None

    def hear(self, rows: Sequence[Mapping[str, Any]], account: str, at: datetime, *, is_part: bool) -> None:
        """Take in one page. Of a part of the columns the others are not known to be empty."""
        read = read_rows(rows, account)
        silent = {
            place
            for place in range(2, 2 + len(MEASURES))
            if (is_part or len(read.facts) >= TELLING) and all(fact[place] is None for fact in read.facts)
        }
        for fact in read.facts:
            before = self.facts.get((fact[0], fact[1]))
            self.facts[fact[0], fact[1]] = (
                tuple(before[place] if place in silent else value for place, value in enumerate(fact))
                if before is not None and silent
                else fact
            )
        # A page may tell of a row twice: the later one counts, as it did when it came.
        self.actions.append(list({(one[0], one[1]): one for one in read.actions}.values()))
        self.ads |= read.ads
        self.at = at


async def plan_replay(organization_id: UUID, account_id: UUID) -> dict[str, Any]:
    """Which days there are answers about, in stretches that are best counted at once. Raises NotThere or NotSynced."""
    async with tenant_session(organization_id) as db:
        account = await account_by_id(db, account_id)
        if account.platform != "meta":
            raise NotSynced
        pages = await pages_of(db, account_id, "insights")
    spans = [span_of(page) for page in pages]
    if not spans:
        return {"account": account.external_id, "pages": 0, "lost": 0, "stretches": []}
    since, until = min(first for first, _ in spans), max(last for _, last in spans)
    # As many rows a day as the pages of the longest day tell of.
    rows = max(sum(page.rows / ((last - first).days + 1) for page, (first, last) in zip(pages, spans, strict=True)
                   if first <= day <= last) for day in {last for _, last in spans})  # fmt: skip
    days = timedelta(days=days_a_slice(0, rows))
    stretches: list[tuple[str, str]] = []
    while since <= until:
        stretches.append((since.isoformat(), min(until, since + days - timedelta(days=1)).isoformat()))
        since += days
    lost = await asyncio.to_thread(_lost, pages)
    return {"account": account.external_id, "pages": len(pages), "lost": len(lost), "stretches": stretches}


async def replay_days(organization_id: UUID, account_id: UUID, account: str, since: str, until: str) -> dict[str, int]:
    """Count a stretch of days again. Safe to repeat: what is the same is not touched."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    told = Told()
    async with tenant_session(organization_id) as db:
        # Before we look: what a sync stored afterwards would be newer than what we are about to store.
        await lock_account(db, account_id)
        pages = [page for page in await pages_of(db, account_id, "insights") if _touches(span_of(page), first, last)]
        most = max((len(_columns(page)) for page in pages), default=0)
        # Older answers must not take the place of what a lost one told: its days stay as they are.
        lost = [span_of(page) for page in await asyncio.to_thread(_lost, pages)]
        for page in pages:
            if rows := await asyncio.to_thread(_rows_about, page, first, last, lost):
                told.hear(rows, account, page.last_at, is_part=len(_columns(page)) < most)
        if not told.facts:
            return {"rows": 0, "added": 0, "changed": 0}
        ids = await name_ads(db, account_id, told.ads, clock.now())
        facts = list(told.facts.values())
        stored = await store_facts(db, account_id, facts, ids, told.at or clock.now(), moves=False)
        for actions in told.actions:
            await store_actions(db, account_id, actions, ids)
    return {"rows": len(facts), "added": stored.added, "changed": stored.changed}


async def replay_wholes(organization_id: UUID, account_id: UUID, account: str) -> dict[str, int]:
    """Count the account's own totals and whom windows reached again: the newest answer counts. Safe to repeat."""
    done = {"totals": 0, "reach": 0, "lost": 0}
    async with tenant_session(organization_id) as db:
        await lock_account(db, account_id)
        for kind in ("totals", "reach"):
            pages = await pages_of(db, account_id, kind)
            most = max((len(_columns(page)) for page in pages), default=0)
            for page in pages:
                if len(_columns(page)) < most:
                    continue  # A part of the columns, which says nothing by itself.
                if not files().has(page.sha256):
                    done["lost"] += 1
                    continue
                rows = await asyncio.to_thread(rows_of_page, page.sha256)
                if kind == "totals":
                    done[kind] += await store_totals(db, account_id, account, rows, page.last_at)
                else:
                    done[kind] += await store_reach(db, account_id, rows, page.last_at)
    return done


def _lost(pages: Sequence[AdRawPage]) -> list[AdRawPage]:
    return [page for page in pages if not files().has(page.sha256)]


def _rows_about(
    page: AdRawPage, since: date, until: date, without: Sequence[tuple[date, date]]
) -> list[dict[str, Any]]:
    """The rows of a page about those days."""
    if not files().has(page.sha256):
        return []
    days = {
        day.isoformat()
        for day in (since + timedelta(days=number) for number in range((until - since).days + 1))
        if not any(first <= day <= last for first, last in without)
    }
    return [row for row in rows_of_page(page.sha256) if str(row.get("date_start")) in days]


def span_of(page: AdRawPage) -> tuple[date, date]:
    """The days that were asked for."""
    asked = json.loads(page.asked["time_range"])
    return date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])


def _touches(span: tuple[date, date], since: date, until: date) -> bool:
    return span[0] <= until and span[1] >= since


def _columns(page: AdRawPage) -> frozenset[str]:
    return frozenset(page.asked.get("fields", "").split(","))
