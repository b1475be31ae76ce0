"""Steps that bring in numbers: what each ad did each day, what the platform says of the whole account, and whom windows reached.

A wave is a few slices at once. Each page is stored as soon as it is read; a wave that is interrupted says which of its slices
are done and how far the others were read, and the next one goes on from there.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.calling import application
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.governing import LeftOut, MustWait, governor_of, limit_of_reach
from brandhound.ads.meta.money import whole
from brandhound.ads.meta.questions import (
    daily_question,
    days_a_slice,
    reach_question,
    slices,
    totals_question,
)
from brandhound.ads.meta.reports import CannotBeSplit, Place, Reporter
from brandhound.ads.object_models import Ad
from brandhound.ads.sync_models import AdAccountDay
from brandhound.ads.syncing.leaving import AGAIN, SOON, Left, Slice
from brandhound.ads.syncing.reading_rows import MEASURES, check_fields, read_rows
from brandhound.ads.syncing.scope import Scope, asking
from brandhound.ads.syncing.storing_facts import store_window_reach
from brandhound.ads.syncing.storing_objects import ids_of, name_ads
from brandhound.ads.syncing.taking_pages import Intake
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7

AT_ONCE = 8
"""Slices of a wave."""


class Begun(Slice):
    """A slice that was not read to its end, and how far it was."""

    report: str
    is_made: bool
    after: str | None
    rows: int
    halves: list[Place] = Field(default_factory=list[Place])


class Wave(BaseModel):
    """What became of a wave. `wait_until` is set when a limit ended it early."""

    done: list[Slice] = []
    begun: list[Begun] = []
    unreadable: list[Left] = []
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


def slices_of(scope: Scope, ads: int) -> tuple[list[Slice], list[Slice]]:
    """The days of a sync, cut so that each piece is about as much as is best asked for at once; the newest first.

    Those that cannot wait, and those that can.
    """
    near = max(scope.near or scope.since, scope.since)
    older = [Slice(since=scope.since, until=near - timedelta(days=1))] if near > scope.since else []
    days = days_a_slice(ads, scope.rows_a_day)
    return _cut([Slice(since=near, until=scope.until)], days), _cut([*older, *scope.owed], days)


def _cut(stretches: Sequence[Slice], days: int) -> list[Slice]:
    questions = [one for stretch in stretches for one in slices(daily_question(stretch.since, stretch.until), days)]
    return [Slice(since=one.since, until=one.until) for one in questions]


class PutOff(BaseModel):
    """Whether older days wait."""

    left: list[Left] = []


async def put_off_older(scope: Scope, older: Sequence[Slice]) -> PutOff:
    """Whether the limit is nearly used, so that older days wait: what was read of today says so.

    They were read before. Those that were not are among what is tried again anyway.
    """
    percent = governor_of(application().id).used("app", f"{scope.external_id}:insights")
    if percent < limits()["usage"]["essential"]:
        return PutOff()
    left = Left(
        since=min(one.since for one in older),
        until=max(one.until for one in older),
        what="older",
        why=f"{percent:.0f} % of the limit are used",
        again_at=clock.now() + SOON,
    )
    return PutOff(left=[left])


async def count_wave(scope: Scope, wanted: Sequence[Slice], begun: Sequence[Begun] = ()) -> Wave:
    """Bring in a few slices at once; those that were begun, from where they were left."""
    wave = Wave()
    async with tenant_session(scope.organization_id) as db:
        ids = await ids_of(db, Ad, scope.account_id)
    expected = scope.rows_a_day or len(ids) * limits()["slices"]["share_delivering"]
    places = [_place(one, begun) for one in wanted]
    async with asking(scope) as asker:
        intake = Intake(scope, asker, ids)
        results = await asyncio.gather(
            *(_count(asker, intake, one, place, expected, wave) for one, place in zip(wanted, places, strict=True)),
            return_exceptions=True,
        )
    for one, place, result in zip(wanted, places, results, strict=True):
        match result:
            case None:
                wave.done.append(one)
            case MustWait():
                wave.wait_until = max(result.until, wave.wait_until or result.until)
                wave.wait_reason = str(result)
                if place.is_begun():
                    left = (place.report, place.is_made, place.after, place.rows, place.halves)
                    named = dict(zip(("report", "is_made", "after", "rows", "halves"), left, strict=True))
                    wave.begun.append(Begun.model_validate({"since": one.since, "until": one.until, **named}))
            case CannotBeSplit():
                wave.done.append(one)
                again = clock.now() + AGAIN
                wave.unreadable.append(
                    Left(since=one.since, until=one.until, what="unreadable", why=str(result)[:500], again_at=again)
                )
            case _:
                async with asking(scope):
                    # What it means for the connection is seen to there.
                    raise result
    wave.calls, wave.again, wave.reasons = asker.tally.calls, asker.tally.again, asker.tally.reasons
    return wave


def _place(wanted: Slice, begun: Sequence[Begun]) -> Place:
    for one in begun:
        if (one.since, one.until) == (wanted.since, wanted.until):
            return Place(one.report, one.is_made, one.after, one.rows, halves=one.halves)
    return Place()


async def _count(asker: Asker, intake: Intake, one: Slice, place: Place, rows_a_day: float, wave: Wave) -> None:
    question = daily_question(one.since, one.until)
    counter = intake.counter(is_known=intake.scope.knows(one))
    try:
        async with counter:
            reporter = Reporter(asker, intake.scope.external_id, tuple(intake.ids), counter.take)
            gathered = await reporter.read(question, rows_a_day * question.days, place)
    finally:
        wave.added += counter.stored.added
        wave.changed += counter.stored.changed
        wave.moved += counter.stored.moved
    wave.rows += gathered.count
    wave.splits += gathered.splits
    wave.reports += gathered.reports


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


class Reached(BaseModel):
    """What asking for people reached came to."""

    rows: int = 0
    written: int = 0
    calls: int = 0
    left: list[Left] = []
    """Windows that were not asked for, or not to the end."""


async def count_reach(scope: Scope, windows: Sequence[tuple[int, int]]) -> Reached:
    """People reached over so many days that end so many days before the last whole one, each asked for as one window.

    It is not essential: where the limit is nearly used, or asks to wait, only this is left for later.
    """
    last = scope.until - timedelta(days=1)
    wanted = [
        Slice(since=last - timedelta(days=back + days - 1), until=last - timedelta(days=back)) for days, back in windows
    ]
    reached = Reached()
    async with asking(scope) as asker:
        percent = asker.governor.used("app", f"{scope.external_id}:insights", limit_of_reach(scope.external_id))
        if percent >= limits()["usage"]["essential"]:
            reached.left = _left_of_reach(wanted, f"{percent:.0f} % of the limit are used", SOON)
            return reached
        async with tenant_session(scope.organization_id) as db:
            ads = tuple(await ids_of(db, Ad, scope.account_id))
        counts = await asyncio.gather(*(_count_reach(scope, asker, ads, one) for one in wanted), return_exceptions=True)
        for count in counts:
            match count:
                case (rows, written):
                    reached.rows += rows
                    reached.written += written
                case LeftOut():
                    reached.left = _left_of_reach(wanted, "The limit is nearly used", SOON)
                case MustWait():
                    reached.left = _left_of_reach(wanted, str(count), max(SOON, count.until - clock.now()))
                case CannotBeSplit():
                    reached.left = reached.left or _left_of_reach(wanted, str(count), AGAIN)
                case _:
                    raise count
    reached.calls = asker.tally.calls
    return reached


def _left_of_reach(windows: Sequence[Slice], why: str, wait: timedelta) -> list[Left]:
    """The windows overlap: as one stretch."""
    since, until = min(one.since for one in windows), max(one.until for one in windows)
    return [Left(since=since, until=until, what="reach", why=why[:500], again_at=clock.now() + wait)]


async def _count_reach(scope: Scope, asker: Asker, ads: tuple[str, ...], window: Slice) -> tuple[int, int]:
    question = reach_question(window.since, window.until)
    gathered = await Reporter(asker, scope.external_id, ads, essential=False).read(question, float(len(ads)))
    check_fields("reach", gathered.rows)
    now = clock.now()
    async with tenant_session(scope.organization_id) as db:
        ids = await name_ads(db, scope.account_id, {str(row["ad_id"]): row for row in gathered.rows}, now)
        rows = [
            (ids[str(row["ad_id"])], question.since, question.until, whole(row.get("impressions")), whole(row["reach"]))
            for row in gathered.rows
        ]
        return len(rows), await store_window_reach(db, scope.account_id, rows, now)


def without(wanted: Sequence[Slice], done: Sequence[Slice]) -> list[Slice]:
    """Those that are not done yet."""
    return [one for one in wanted if one not in done]


def summed(waves: Sequence[Wave]) -> dict[str, Any]:
    """What several waves came to together."""
    names = ("rows", "added", "changed", "moved", "calls", "again", "splits", "reports")
    return {name: sum(getattr(wave, name) for wave in waves) for name in names}
