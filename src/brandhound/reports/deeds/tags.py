"""Words that people put on reports."""

import re

from sqlalchemy import func, select

from brandhound.core.db import Db
from brandhound.mentions.deeds.tags import LONGEST_TAG
from brandhound.reports.deeds.errors import ReportTagMissing
from brandhound.reports.models import Report, ReportTag


async def tags_in_use(db: Db) -> list[tuple[str, int]]:
    """The tags of reports with how many bear each, the most used first. Those of deleted ones do not count."""
    counted = (
        select(ReportTag.tag, func.count())
        .join(Report, Report.id == ReportTag.report_id)
        .where(Report.deleted_at.is_(None))
        .group_by(ReportTag.tag)
    )
    rows = await db.execute(counted.order_by(func.count().desc(), ReportTag.tag))
    return [(tag, number) for tag, number in rows]


async def spelled(db: Db, tag: str | None) -> str:
    """The tag as it is written on reports already, whatever its case. Raises ReportTagMissing."""
    word = re.sub(r"\s+", " ", (tag or "").replace("\0", "")).strip()
    if not word or len(word) > LONGEST_TAG:
        raise ReportTagMissing
    known = {one.casefold(): one for one in await db.scalars(select(ReportTag.tag).distinct())}
    return known.get(word.casefold(), word)
