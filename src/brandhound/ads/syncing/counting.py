"""Steps that bring in numbers: what each ad did each day, what the platform says of the whole account, and whom windows reached.

A wave is a few slices at once. Each slice is stored as soon as it is read; a wave that is interrupted says which of its slices
are done, and the next one goes on with the others.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.meta.asking import Asker, Reply
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.governing import LeftOut, MustWait
from brandhound.ads.meta.money import whole
from brandhound.ads.meta.questions import (
    Question,
    daily_question,
    days_a_slice,
    reach_question,
    slices,
    totals_question,
)
from brandhound.ads.meta.reports import CannotBeSplit, Reporter
from brandhound.ads.object_models import Ad
from brandhound.ads.sync_models import AdAccountDay
from brandhound.ads.syncing.describing import note_shape
from brandhound.ads.syncing.keeping_pages import KeptPage, keep_page, note_pages
from brandhound.ads.syncing.reading_rows import MEASURES, check_fields, read_rows
from brandhound.ads.syncing.scope import Scope, asking
from brandhound.ads.syncing.storing_facts import Stored, store_actions, store_facts, store_window_reach
from brandhound.ads.syncing.storing_objects import ids_of, name_ads
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7

AT_ONCE = 6
"""Slices of a wave."""


class Slice(BaseModel):
    """Days that are read together."""

    since: date
    until: date


class Wave(BaseModel):
    """What became of a wave. `wait_until` is set when a limit ended it early."""

    done: list[Slice] = []
    failed: list[str] = []
    rows: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    calls: int = 0
    again: int = 0
    splits: int = 0
    reports: int = 0
    reasons: dict[str, int] = {}
    wait_until: datetime | None = None
    wait_reason: str = ""


def slices_of(scope: Scope) -> list[Slice]:
    """The days of a sync, cut so that each piece is about as much as is best asked for at once; the newest first."""
    days = days_a_slice(scope.ads, scope.rows_a_day)
    return [Slice(since=one.since, until=one.until) for one in slices(daily_question(scope.since, scope.until), days)]


async def count_wave(scope: Scope, wanted: Sequence[Slice]) -> Wave:
    """Bring in a few slices at once."""
    wave = Wave()
    async with tenant_session(scope.organization_id) as db:
        ads = await ids_of(db, Ad, scope.account_id)
    expected = scope.rows_a_day or len(ads) * limits()["slices"]["share_delivering"]
    async with asking(scope) as asker:
        results = await asyncio.gather(
            *(_count(scope, asker, one, tuple(ads), expected, wave) for one in wanted), return_exceptions=True
        )
    for one, result in zip(wanted, results, strict=True):
        match result:
            case None:
                wave.done.append(one)
            case MustWait():
                until = clock.now() + timedelta(seconds=result.seconds)
                wave.wait_until = max(until, wave.wait_until or until)
                wave.wait_reason = str(result)
            case CannotBeSplit():
                wave.done.append(one)
                wave.failed.append(f"{one.since} to {one.until}: {result}")
            case _:
                async with asking(scope):
                    # What it means for the connection is seen to there.
                    raise result
    wave.calls, wave.again, wave.reasons = asker.tally.calls, asker.tally.again, asker.tally.reasons
    return wave


async def _count(
    scope: Scope, asker: Asker, one: Slice, known_ads: tuple[str, ...], rows_a_day: float, wave: Wave
) -> None:
    question = daily_question(one.since, one.until)
    kept: list[KeptPage] = []

    async def keep(_: Question, asked: Mapping[str, str], reply: Reply, rows: int) -> None:
        kept.append(keep_page("insights", {**question.params(), **asked}, reply.raw, rows))

    gathered = await Reporter(asker, scope.external_id, known_ads, keep).read(question, rows_a_day * question.days)
    read = read_rows(gathered.rows, scope.external_id)
    now = clock.now()
    async with tenant_session(scope.organization_id) as db:
        ids = await name_ads(db, scope.account_id, read.ads, now)
        stored = await store_facts(db, scope.account_id, read.facts, ids, now, known_until=scope.known_until)
        await store_actions(db, scope.account_id, read.actions, ids)
        await note_pages(db, scope.account_id, scope.run_id, kept)
        if read.unknown or asker.version:
            await note_shape(db, scope, "insights", read.unknown, asker.version)
    _tally(wave, stored, len(read.facts), gathered.splits, gathered.reports)


def _tally(wave: Wave, stored: Stored, rows: int, splits: int, reports: int) -> None:
    wave.rows += rows
    wave.added += stored.added
    wave.changed += stored.changed
    wave.moved += stored.moved
    wave.splits += splits
    wave.reports += reports


async def count_account(scope: Scope) -> dict[str, int]:
    """The platform's own totals by day: what the sum of our ads is held against."""
    question = totals_question(scope.since, scope.until)
    async with asking(scope) as asker:
        gathered = await Reporter(asker, scope.external_id).read(question, question.days)
    check_fields("totals", gathered.rows)
    # An account's row has all the measures of an ad's, and no ad.
    read = read_rows([{"ad_id": scope.external_id, **row} for row in gathered.rows], scope.external_id)
    at = {name: place for place, name in enumerate(MEASURES, start=2)}
    now = clock.now()
    names = ("spend_micros", "impressions", "clicks", "link_clicks", "purchases", "purchase_value_micros")
    values = [
        {"id": uuid7(), "account_id": scope.account_id, "day": fact[1], "observed_at": now}
        | {name: fact[at[name]] for name in names}
        for fact in read.facts
    ]
    if values:
        statement = insert(AdAccountDay).values(values)
        async with tenant_session(scope.organization_id) as db:
            await db.execute(
                statement.on_conflict_do_update(
                    index_elements=["organization_id", "account_id", "day"],
                    set_={name: statement.excluded[name] for name in (*names, "observed_at")},
                )
            )
    return {"days": len(values), "calls": asker.tally.calls}


async def count_reach(scope: Scope, days: int) -> dict[str, int]:
    """People reached over the last so many whole days, asked for as one window. Left out when the limit is nearly used."""
    until = scope.until - timedelta(days=1)
    question = reach_question(until - timedelta(days=days - 1), until)
    try:
        async with asking(scope) as asker:
            if asker.governor.gauge(f"{scope.external_id}:insights").percent >= limits()["usage"]["essential"]:
                raise LeftOut
            async with tenant_session(scope.organization_id) as db:
                ads = await ids_of(db, Ad, scope.account_id)
            gathered = await Reporter(asker, scope.external_id, tuple(ads)).read(question, float(len(ads)))
    except LeftOut:
        return {"rows": 0, "left_out": 1}
    check_fields("reach", gathered.rows)
    now = clock.now()
    async with tenant_session(scope.organization_id) as db:
        ids = await name_ads(db, scope.account_id, {str(row["ad_id"]): row for row in gathered.rows}, now)
        rows = [
            (ids[str(row["ad_id"])], question.since, question.until, whole(row.get("impressions")), whole(row["reach"]))
            for row in gathered.rows
        ]
        written = await store_window_reach(db, scope.account_id, rows, now)
    return {"rows": len(rows), "written": written, "calls": asker.tally.calls}


def without(wanted: Sequence[Slice], done: Sequence[Slice]) -> list[Slice]:
    """Those that are not done yet."""
    return [one for one in wanted if one not in done]


def summed(waves: Sequence[Wave]) -> dict[str, Any]:
    """What several waves came to together."""
    names = ("rows", "added", "changed", "moved", "calls", "again", "splits", "reports")
    return {name: sum(getattr(wave, name) for wave in waves) for name in names}
