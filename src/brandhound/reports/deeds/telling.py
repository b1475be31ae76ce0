"""What was done to reports, as it is told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_

from brandhound.core.db import Db, one_of
from brandhound.core.pages import Page, from_cursor, page_of
from brandhound.reports.deeds.marking import deed_by_id
from brandhound.reports.deeds.models import ReportDeed, ReportDeedItem
from brandhound.reports.deeds.schemas import ReportDeedDetail, ReportDeedOut, ReportDeedProblem
from brandhound.reports.models import Report

MOST_PROBLEMS = 200
MOST_TITLES = 3


async def page_of_deeds(db: Db, cursor: str | None, limit: int) -> Page[ReportDeedOut]:
    """What people did, the latest first. Raises BadCursor."""
    when = (ReportDeed.created_at, ReportDeed.id)
    statement = select(ReportDeed).order_by(*(column.desc() for column in when)).limit(limit + 1)
    if cursor:
        statement = statement.where(tuple_(*when) < tuple_(*from_cursor(cursor, datetime, UUID)))
    shown = [ReportDeedOut.model_validate(deed) for deed in await db.scalars(statement)]
    await _name(db, shown)
    return page_of(shown, limit, lambda deed: (deed.created_at, deed.id))


async def in_words(db: Db, deed: ReportDeed) -> ReportDeedOut:
    shown = ReportDeedOut.model_validate(deed)
    await _name(db, [shown])
    return shown


async def deed_in_detail(db: Db, deed_id: UUID) -> ReportDeedDetail:
    """A deed with the reports that it could not be done to. Raises NotThere."""
    shown = await in_words(db, await deed_by_id(db, deed_id))
    failed = and_(ReportDeedItem.deed_id == deed_id, ReportDeedItem.state == "failed")
    items = await db.scalars(select(ReportDeedItem).where(failed).order_by(ReportDeedItem.id).limit(MOST_PROBLEMS))
    return ReportDeedDetail(**shown.model_dump(), problems=[ReportDeedProblem.model_validate(item) for item in items])


async def _name(db: Db, deeds: Sequence[ReportDeedOut]) -> None:
    """What the first reports of each are called; those deleted have their names as long as they are kept."""
    place = func.row_number().over(partition_by=ReportDeedItem.deed_id, order_by=ReportDeedItem.id)
    named = (
        select(ReportDeedItem.deed_id, ReportDeedItem.id, Report.title, place.label("place"))
        .join(Report, Report.id == ReportDeedItem.report_id)
        .where(
            ReportDeedItem.deed_id == one_of(deed.id for deed in deeds), ReportDeedItem.state.in_(("done", "undone"))
        )
        .subquery()
    )
    titles: dict[UUID, list[str]] = {}
    first = select(named.c.deed_id, named.c.title).where(named.c.place <= MOST_TITLES).order_by(named.c.id)
    for deed_id, title in await db.execute(first):
        titles.setdefault(deed_id, []).append(title)
    for deed in deeds:
        deed.titles = titles.get(deed.id, [])
