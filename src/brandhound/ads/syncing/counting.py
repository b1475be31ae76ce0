"""Steps that bring in numbers: what each ad did each day, what the platform says of the whole account, and whom windows reached.

A wave is a few slices at once. Each page is stored as soon as it is read; a wave that is interrupted says which of its slices
are done and how far the others were read, and the next one goes on from there.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.calling import application
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.governing import MustWait, governor_of
from brandhound.ads.meta.questions import (
    daily_question,
    days_a_slice,
    slices,
)
from brandhound.ads.meta.reports import CannotBeSplit, Place, Reporter
from brandhound.ads.object_models import Ad
from brandhound.ads.syncing.leaving import AGAIN, SOON, Left, Slice
from brandhound.ads.syncing.scope import Scope, asking, hold
from brandhound.ads.syncing.storing_objects import ids_of
from brandhound.ads.syncing.taking_pages import Intake
from brandhound.core import clock
from brandhound.core.db import tenant_session

AT_ONCE = 8
"""Slices of a wave."""


class Begun(Slice):
    """A slice that was not read to its end, and how far it was."""

    report: str
    is_made: bool
    after: str | None
    rows: int
    halves: list[Place] = Field(default_factory=list[Place])
    made_at: datetime | None = None
    """What it tells is of then, or later. None: since the sync began."""


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
    wave, now = Wave(), clock.now()
    if since := await hold(scope):
        # Reports from before another run began are older than what that has read.
        begun = [one for one in begun if (one.made_at or scope.began_at) >= since]
    made = {(one.since, one.until): one.made_at or scope.began_at for one in begun}
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
                    named |= {"since": one.since, "until": one.until, "made_at": made.get((one.since, one.until), now)}
                    wave.begun.append(Begun.model_validate(named))
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


def without(wanted: Sequence[Slice], done: Sequence[Slice]) -> list[Slice]:
    """Those that are not done yet."""
    return [one for one in wanted if one not in done]


def summed(waves: Sequence[Wave]) -> dict[str, Any]:
    """What several waves came to together."""
    names = ("rows", "added", "changed", "moved", "calls", "again", "splits", "reports")
    return {name: sum(getattr(wave, name) for wave in waves) for name in names}
