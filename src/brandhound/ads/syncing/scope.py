"""What one sync is about: the account, how far it is known, which days are read; and its way to Meta."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.access import access_of_account
from brandhound.ads.errors import NeedsConnection
from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.job_parameters import HowMuch, OfAccount
from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.calling import application
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.failing import MetaFailed
from brandhound.ads.meta.governing import MustWait, governor_of
from brandhound.ads.meta.wire import TokenWire
from brandhound.ads.object_models import Ad
from brandhound.ads.queries import account_by_id
from brandhound.ads.stopping import note_refusal
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.errors import NotSynced
from brandhound.ads.syncing.leaving import Left, Slice, owed
from brandhound.ads.syncing.rhythm import days_due, nearest_days
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.jobs.models import RunRow
from brandhound.jobs.states import ACTIVE
from brandhound.providers.parking import Parked

OTHERS = timedelta(seconds=20)
"""After that long we look again whether the other sync of the account is over."""
FIRST_DAYS = 90
"""How far back the first sync of an account goes, unless it is told otherwise."""


class FarBack(OfAccount):
    """How far back to read an account."""

    days_back: int | None = Field(
        None,
        ge=1,
        le=1130,
        description="Days that are read again. Empty: the last 3 each time, a week once a day, the 28 that Meta restates "
        "every second day, and 35 once a week. At first at least 90.",
    )


class SyncAccount(HowMuch, FarBack):
    """Which account to bring in, how far back, and how much of its pictures and films."""


class Scope(BaseModel):
    """What one sync is about, as plain data: it is remembered with the run."""

    organization_id: UUID
    run_id: UUID
    account_id: UUID
    external_id: str
    name: str
    currency: str
    time_zone: str
    began_at: datetime
    since: date
    until: date
    clamped: bool
    """Meta keeps nothing older than the first day."""
    known_since: date | None = None
    known_until: date | None
    """Days from the one until the other were read before, so that a row that is new there is a number that moved. The last
    one was still going on: what it has grown by since is no move."""
    ads_updated_until: datetime | None
    activities_until: datetime | None
    rows_a_day: float | None
    ads: int
    owed: list[Slice] = []
    """Days before the first one that could not be read once, and are tried again."""
    near: date | None = None
    """From here on days are read first; what is before them may wait when the limit is nearly used. None: nothing may."""
    older_wait: bool = False
    """They wait already, and their time has not come."""
    reach_is_due: bool = False
    """Whom windows reached was left for later, and now it is later."""
    token_source: Literal["brand", "installation"] | None = None
    """Whose token it is read with when it begins: the brand's own, or the installation's. None when nobody has one."""
    unread: list[Slice] = []
    """Days that were never read: what comes of them is new, and no number that moved."""

    def knows(self, days: Slice) -> bool:
        """Whether those days were read before."""
        return not any(one.since <= days.until and days.since <= one.until for one in self.unread)

    @property
    def growing(self) -> date:
        """From this day on figures grow, or did when they were read last."""
        return min(self.until, self.known_until or self.until)


class Busy(BaseModel):
    """Another run is bringing this account in."""

    busy: str


async def open_scope(db: Db, run_id: UUID, parameters: SyncAccount) -> Scope | Busy:
    """Begin a sync: one of an account at a time. Safe to repeat by the same run.

    Raises NotThere or NotSynced.
    """
    account = await account_by_id(db, parameters.ad_account_id)
    if account.platform != "meta":
        raise NotSynced
    await db.execute(insert(AdSync).values(account_id=account.id).on_conflict_do_nothing())
    marks = await db.scalar(select(AdSync).where(AdSync.account_id == account.id).with_for_update())
    assert marks is not None
    if other := await _other_at_work(db, marks, run_id):
        return Busy(busy=str(other))
    now = clock.now()
    marks.last_run_id, marks.last_started_at = run_id, now
    until = clock.today(account.time_zone)
    left = [Left.model_validate(one) for one in marks.left_days]
    older_wait = any(one.what == "older" and not one.is_due(now) for one in left)
    days_back = nearest_days() if older_wait else days_due(marks.read_back, now)
    since, clamped = first_day(until, parameters.days_back or days_back, marks)
    near = None if parameters.days_back or marks.facts_until is None else first_day(until, nearest_days(), marks)[0]
    rows, days = (
        await db.execute(
            select(func.count(), func.count(AdDailyFact.day.distinct())).where(
                AdDailyFact.ad_account_id == account.id, AdDailyFact.day >= until - timedelta(days=14)
            )
        )
    ).one()
    ads = await db.scalar(select(func.count()).where(Ad.account_id == account.id)) or 0
    return Scope(
        organization_id=account.organization_id,
        run_id=run_id,
        account_id=account.id,
        external_id=account.external_id,
        name=account.name,
        currency=account.currency,
        time_zone=account.time_zone,
        began_at=now,
        since=since,
        until=until,
        clamped=clamped,
        known_since=marks.facts_since,
        known_until=marks.facts_until,
        ads_updated_until=marks.ads_updated_until,
        activities_until=marks.activities_until,
        rows_a_day=rows / days if days else None,
        ads=ads,
        near=near,
        older_wait=older_wait and not parameters.days_back,
        owed=[] if older_wait else owed(left, since, until, now),
        token_source=await _whose_token(db, account.id),
        reach_is_due=any(one.what == "reach" and one.is_due(now) for one in left),
        unread=[Slice(since=one.since, until=one.until) for one in left if one.what == "unreadable"],
    )


async def _whose_token(db: Db, account_id: UUID) -> Literal["brand", "installation"] | None:
    try:
        return (await access_of_account(db, account_id)).source
    except NeedsConnection:
        # It is said when it is asked with.
        return None


async def hold(scope: Scope) -> datetime | None:
    """See to it that no other run brings the account in meanwhile, and tell when one began last: what was asked for before that
    is older than what is here. The same however often a step is tried.

    One that was paused lets others go on. Raises Parked while one of them is at work.
    """
    async with tenant_session(scope.organization_id) as db:
        marks = await db.scalar(select(AdSync).where(AdSync.account_id == scope.account_id).with_for_update())
        if marks is None:
            return None
        if await _other_at_work(db, marks, scope.run_id):
            raise Parked("meta", "Another run is bringing this account in", clock.now() + OTHERS)
        marks.last_run_id = scope.run_id
        return marks.last_started_at


async def _other_at_work(db: Db, marks: AdSync, run_id: UUID) -> UUID | None:
    """The other run that brings the account in, if there is one."""
    if marks.last_run_id in (None, run_id):
        return None
    other = await db.get(RunRow, marks.last_run_id)
    return other.id if other is not None and other.state in ACTIVE and other.state != "paused" else None


def first_day(until: date, days_back: int, marks: AdSync) -> tuple[date, bool]:
    """From which day on is read, and whether Meta would have nothing from before.

    Without a gap after what was read last, however long ago that was.
    """
    days = days_back if marks.facts_until is not None else max(days_back, FIRST_DAYS)
    since = until - timedelta(days=days)
    if marks.facts_until is not None:
        since = min(since, marks.facts_until)
    oldest = oldest_day(until)
    return max(since, oldest), since < oldest


def oldest_day(until: date) -> date:
    """From which day on Meta keeps anything: 37 months by the calendar; a day less is on the safe side."""
    months = until.year * 12 + until.month - 1 - limits()["days_back"]["months"]
    return date(months // 12, months % 12 + 1, min(until.day, 28)) + timedelta(days=1)


@asynccontextmanager
async def asking(scope: Scope) -> AsyncGenerator[Asker]:
    """A way to Meta in the name of the account. A token that is not taken is noted with its connection.

    What would be a long wait puts the run off: it goes on after the steps it has finished. Raises Parked, MetaFailed,
    FetchFailed, NeedsConnection or MetaNotSetUp.
    """
    async with tenant_session(scope.organization_id) as db:
        access = await access_of_account(db, scope.account_id)
    app = application()
    asker = Asker(TokenWire(app, access.token), governor_of(app.id), scope.external_id)
    try:
        yield asker
    except MustWait as wait:
        raise parked(wait) from wait
    except MetaFailed as failed:
        if failed.access is not None:
            await note_refusal(scope.organization_id, access.link_id, failed.access, access.token_fingerprint)
        raise


def parked(wait: MustWait) -> Parked:
    """The run waits, and holds no worker meanwhile."""
    return Parked("meta", str(wait), wait.until)


async def assets_scope(organization_id: UUID, run_id: UUID, account_id: UUID) -> Scope:
    """What fetching pictures and films is about. Raises NotThere or NotSynced."""
    async with tenant_session(organization_id) as db:
        account = await account_by_id(db, account_id)
        if account.platform != "meta":
            raise NotSynced
        today = clock.today(account.time_zone)
    return Scope(
        organization_id=organization_id,
        run_id=run_id,
        account_id=account.id,
        external_id=account.external_id,
        name=account.name,
        currency=account.currency,
        time_zone=account.time_zone,
        began_at=clock.now(),
        since=today,
        until=today,
        clamped=False,
        known_until=None,
        ads_updated_until=None,
        activities_until=None,
        rows_a_day=None,
        ads=0,
    )
