"""Which reports are there, and which of them match. One that was deleted is not there, though it may be brought back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from brandhound.core.db import Db, one_of
from brandhound.core.problems import NotThere
from brandhound.reports.models import Report, ReportTag

KEPT_FOR = timedelta(days=30)
"""So long a deletion can be taken back. Then what was deleted is gone."""

REMOVED = "The report was removed."
"""Why it is not sent."""


@dataclass(frozen=True)
class ReportFilter:
    """What reports are asked for: words of the title, all of these tags, and those put away, those not, or both."""

    q: str | None = None
    tags: tuple[str, ...] = ()
    archived: bool | None = None


def matches(wanted: ReportFilter) -> list[ColumnElement[bool]]:
    """What holds for a report that is there and that is asked for."""
    conditions: list[ColumnElement[bool]] = [Report.deleted_at.is_(None)]
    # The database can hold no text with such a character in it.
    conditions += [
        Report.title.icontains(word, autoescape=True) for word in (wanted.q or "").replace("\0", " ").split()
    ]
    conditions += [
        exists().where(ReportTag.report_id == Report.id, ReportTag.tag == tag.replace("\0", "")) for tag in wanted.tags
    ]
    if wanted.archived is not None:
        conditions.append(Report.archived.is_(wanted.archived))
    return conditions


async def count_matching(db: Db, wanted: ReportFilter) -> int:
    return await db.scalar(select(func.count()).select_from(Report).where(*matches(wanted))) or 0


async def is_there(db: Db, report_id: UUID | None) -> bool:
    """Whether there is such a report, and nobody deleted it."""
    if report_id is None:
        return False
    found = select(Report.id).where(Report.id == report_id, Report.deleted_at.is_(None))
    return await db.scalar(found) is not None


async def check_there(db: Db, report_id: UUID) -> None:
    """Raises NotThere."""
    if not await is_there(db, report_id):
        raise NotThere("report")


async def tags_of_reports(db: Db, report_ids: Sequence[UUID]) -> defaultdict[UUID, set[str]]:
    """By report: its tags."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    statement = select(ReportTag.report_id, ReportTag.tag).where(ReportTag.report_id == one_of(report_ids))
    for report_id, tag in await db.execute(statement):
        found[report_id].add(tag)
    return found
