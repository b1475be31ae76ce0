"""Steps that bring in what no adding up gives: what the platform says of the whole account, and whom windows reached.

Their answers are kept as those about days of ads are, and read the same way when they came and when they are counted again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.governing import LeftOut, MustWait, limit_of_reach
from brandhound.ads.meta.money import whole
from brandhound.ads.meta.questions import Question, reach_question, totals_question
from brandhound.ads.meta.reports import CannotBeSplit, Gathered, Portion, Reporter
from brandhound.ads.object_models import Ad
from brandhound.ads.sync_models import AdAccountDay
from brandhound.ads.syncing.keeping_pages import KeptPage, keep_page, note_pages
from brandhound.ads.syncing.leaving import AGAIN, SOON, Left, Slice
from brandhound.ads.syncing.reading_rows import MEASURES, check_fields, read_rows
from brandhound.ads.syncing.scope import Scope, asking
from brandhound.ads.syncing.storing_facts import store_window_reach
from brandhound.ads.syncing.storing_objects import ids_of, name_ads
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.ids import uuid7

Rows = Sequence[Mapping[str, Any]]
_TOTALS = ("spend_micros", "impressions", "clicks", "link_clicks", "purchases", "purchase_value_micros")


async def count_account(scope: Scope) -> dict[str, int]:
    """The platform's own totals by day: what the sum of our ads is held against."""
    question, now = totals_question(scope.since, scope.until), clock.now()
    async with asking(scope) as asker:
        gathered, kept = await _read(Reporter(asker, scope.external_id), "totals", question, question.days)
    async with tenant_session(scope.organization_id) as db:
        await note_pages(db, scope.account_id, scope.run_id, kept)
    async with tenant_session(scope.organization_id) as db:
        days = await store_totals(db, scope.account_id, scope.external_id, gathered.rows, now)
    return {"days": days, "calls": asker.tally.calls}


async def store_totals(db: Db, account_id: UUID, account: str, rows: Rows, at: datetime) -> int:
    """Store totals that were told then, in place of older ones; of how many days. Raises FieldMissing."""
    check_fields("totals", rows)
    # An account's row has all the measures of an ad's, and no ad.
    read = read_rows([{"ad_id": account, **row} for row in rows], account)
    places = {name: place for place, name in enumerate(MEASURES, start=2)}
    values = [
        {"id": uuid7(), "account_id": account_id, "day": fact[1], "observed_at": at}
        | {name: fact[places[name]] for name in _TOTALS}
        for fact in read.facts
    ]
    if values:
        statement = insert(AdAccountDay).values(values)
        await db.execute(
            statement.on_conflict_do_update(
                index_elements=["organization_id", "account_id", "day"],
                set_={name: statement.excluded[name] for name in (*_TOTALS, "observed_at")},
                where=AdAccountDay.observed_at <= statement.excluded.observed_at,
            )
        )
    return len(values)


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
    question, now = reach_question(window.since, window.until), clock.now()
    reporter = Reporter(asker, scope.external_id, ads, essential=False)
    gathered, kept = await _read(reporter, "reach", question, float(len(ads)))
    async with tenant_session(scope.organization_id) as db:
        await note_pages(db, scope.account_id, scope.run_id, kept)
    async with tenant_session(scope.organization_id) as db:
        return len(gathered.rows), await store_reach(db, scope.account_id, gathered.rows, now)


async def store_reach(db: Db, account_id: UUID, rows: Rows, at: datetime) -> int:
    """Store whom windows reached, as it was told then, in place of what is older; how many were written. Raises FieldMissing."""
    check_fields("reach", rows)
    ids = await name_ads(db, account_id, {str(row["ad_id"]): row for row in rows}, clock.now())
    found = {
        (str(row["ad_id"]), row["date_start"], row["date_stop"]): (
            ids[str(row["ad_id"])],
            date.fromisoformat(row["date_start"]),
            date.fromisoformat(row["date_stop"]),
            whole(row.get("impressions")),
            whole(row["reach"]),
        )
        for row in rows
    }
    return await store_window_reach(db, account_id, found.values(), at)


async def _read(reporter: Reporter, kind: str, question: Question, expected: float) -> tuple[Gathered, list[KeptPage]]:
    """The rows of a question, and its answers kept before anything is made of them."""
    kept: list[KeptPage] = []

    async def keep(portion: Portion) -> None:
        for answer in portion.answers:
            kept.append(await asyncio.to_thread(keep_page, kind, answer.asked, answer.raw, answer.rows))

    return await reporter.read(question, expected, heard=keep), kept
