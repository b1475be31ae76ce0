"""What is done to reports, to some or to all that match, and how it is taken back.

A deletion only marks a report: until its time is over nothing of it is lost, and nobody is shown it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import enqueue
from brandhound.mentions.deeds.tags import MOST_TAGS
from brandhound.reports.deeds.errors import DeletedTooLongAgo, NoReportsChosen
from brandhound.reports.deeds.models import ItemState, ReportDeed, ReportDeedItem, ReportMarking
from brandhound.reports.deeds.tags import spelled
from brandhound.reports.listing import KEPT_FOR, ReportFilter, matches, tags_of_reports
from brandhound.reports.models import Report, ReportTag
from brandhound.reports.sending_models import ReportFile
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

FORGET = "reports.forget"

GONE = "It is not there any more."
FULL = f"It has {MOST_TAGS} tags already."

NOTED: dict[ReportMarking, str] = {
    "archive": "archived",
    "unarchive": "brought-back",
    "tag": "tagged",
    "untag": "tag-taken-off",
    "delete": "deleted",
}
"""What each is called in the book of who did what."""

_PAIRS: tuple[tuple[ReportMarking, ...], ...] = (("archive", "unarchive"), ("tag", "untag"), ("delete",))
"""What puts a mark on, and what takes it off."""


@dataclass(frozen=True)
class _Chosen:
    """A report that somebody means, held to the end of the transaction."""

    id: UUID
    title: str
    archived: bool


async def mark_reports(
    db: Db,
    caller: Caller,
    kind: ReportMarking,
    at: datetime,
    *,
    tag: str | None = None,
    report_ids: Sequence[UUID] | None = None,
    matching: ReportFilter | None = None,
) -> ReportDeed:
    """Do one thing to reports: to these, or to all that match now.

    Raises NoReportsChosen, ReportTagMissing, and NotThere where none of those named is there.
    """
    if (report_ids is None) == (matching is None):
        raise NoReportsChosen
    word = await spelled(db, tag) if kind in ("tag", "untag") else None
    chosen = await _hold(db, report_ids, matching)
    if report_ids and not chosen:
        raise NotThere("report")
    states = await _do(db, kind, word, chosen, at)
    problems: dict[UUID, str] = {one: FULL for one, state in states.items() if state == "failed"}
    for strange in set(report_ids or ()) - states.keys():
        states[strange], problems[strange] = "failed", GONE
    deed = ReportDeed(
        id=uuid7(),
        kind=kind,
        tag=word,
        total=len(states),
        changed=sum(state == "done" for state in states.values()),
        failed=len(problems),
        user_id=caller.user_id,
        key_id=caller.key_id,
        created_at=at,
    )
    db.add(deed)
    await db.flush()
    if states:
        items = [
            {"id": uuid7(), "deed_id": deed.id, "report_id": one, "state": state, "problem": problems.get(one)}
            for one, state in states.items()
        ]
        await db.execute(insert(ReportDeedItem), items)
    if kind == "delete":
        await _forget_in_time(db, at)
    await _note(db, caller, deed, chosen)
    publish(db, "reports", deed.id)
    return deed


async def undo_deed(db: Db, caller: Caller, deed_id: UUID, at: datetime) -> ReportDeed:
    """Take a deed back. What was taken back stays so. Raises NotThere or DeletedTooLongAgo."""
    deed = await deed_by_id(db, deed_id, for_update=True)
    if deed.undone_at is not None:
        return deed
    if deed.kind == "delete" and deed.created_at < at - KEPT_FOR:
        raise DeletedTooLongAgo
    done = and_(ReportDeedItem.deed_id == deed.id, ReportDeedItem.state == "done")
    # Also what was so before: the deed that had made it so may have been taken back since.
    about = and_(ReportDeedItem.deed_id == deed.id, ReportDeedItem.state.in_(("done", "same")))
    report_ids = (await db.scalars(select(ReportDeedItem.report_id).where(about))).all()
    held = select(Report.id).where(Report.id == one_of(report_ids)).order_by(Report.id).with_for_update()
    there = (await db.scalars(held)).all()
    await db.execute(update(ReportDeedItem).where(done).values(state="undone"))
    deed.undone_at = at
    await db.flush()
    await _put_as_it_stands(db, deed, there, at)
    await record(db, caller, "reports.undone", "report_deed", deed.id, {"kind": deed.kind, "reports": deed.changed})
    publish(db, "reports", deed.id)
    return deed


async def deed_by_id(db: Db, deed_id: UUID, *, for_update: bool = False) -> ReportDeed:
    """That deed. Raises NotThere."""
    deed = await db.get(ReportDeed, deed_id, with_for_update=for_update or None)
    if deed is None:
        raise NotThere("deed")
    return deed


async def forget_deleted(db: Db, at: datetime, most: int) -> int:
    """Let go for good of reports whose time to be brought back is over, the next so many of them; how many they were."""
    is_over = Report.deleted_at < at - KEPT_FOR
    gone = (await db.scalars(select(Report.id).where(is_over).order_by(Report.deleted_at).limit(most))).all()
    # Said again: one may be brought back while this waits for it.
    forgotten = await db.scalars(delete(Report).where(Report.id == one_of(gone), is_over).returning(Report.id))
    return len(forgotten.all())


async def _hold(db: Db, report_ids: Sequence[UUID] | None, matching: ReportFilter | None) -> list[_Chosen]:
    wanted = matches(matching or ReportFilter())
    if report_ids is not None:
        wanted.append(Report.id == one_of(report_ids))
    rows = select(Report.id, Report.title, Report.archived).where(*wanted).order_by(Report.id).with_for_update()
    return [_Chosen(*row) for row in await db.execute(rows)]


async def _do(
    db: Db, kind: ReportMarking, tag: str | None, chosen: Sequence[_Chosen], at: datetime
) -> dict[UUID, ItemState]:
    """What becomes of each report."""
    ids = [one.id for one in chosen]
    if kind == "delete":
        await _throw_away(db, ids, at)
        return dict.fromkeys(ids, "done")
    if kind in ("archive", "unarchive"):
        other = {one.id for one in chosen if one.archived != (kind == "archive")}
        await db.execute(update(Report).where(Report.id == one_of(other)).values(archived=kind == "archive"))
        return {one: "done" if one in other else "same" for one in ids}
    bears = await tags_of_reports(db, ids)
    if kind == "untag":
        bearing = {one for one in ids if tag in bears[one]}
        await db.execute(delete(ReportTag).where(ReportTag.report_id == one_of(bearing), ReportTag.tag == tag))
        return {one: "done" if one in bearing else "same" for one in ids}
    states: dict[UUID, ItemState] = {
        one: "same" if tag in bears[one] else "failed" if len(bears[one]) >= MOST_TAGS else "done" for one in ids
    }
    await _put_on(db, [one for one, state in states.items() if state == "done"], str(tag))
    return states


async def _put_as_it_stands(db: Db, deed: ReportDeed, report_ids: Sequence[UUID], at: datetime) -> None:
    """Put the mark of a deed that was taken back as the last deed that stands left it, in whatever order they are taken back."""
    kinds = next(pair for pair in _PAIRS if deed.kind in pair)
    stands = (
        select(ReportDeedItem.report_id, ReportDeed.kind)
        .join(ReportDeed, ReportDeed.id == ReportDeedItem.deed_id)
        .where(
            ReportDeedItem.report_id == one_of(report_ids),
            ReportDeedItem.state.in_(("done", "same")),
            ReportDeed.undone_at.is_(None),
            ReportDeed.kind.in_(kinds),
            ReportDeed.tag.is_not_distinct_from(deed.tag),
        )
        .ext(distinct_on(ReportDeedItem.report_id))
        .order_by(ReportDeedItem.report_id, ReportDeed.created_at.desc(), ReportDeed.id.desc())
    )
    # No report bears a mark when it is made.
    on = {one for one, kind in (await db.execute(stands)).all() if kind == kinds[0]}
    off = set(report_ids) - on
    if deed.kind == "delete":
        await _bring_back(db, sorted(off), at)
    elif deed.kind in ("archive", "unarchive"):
        for ids, archived in ((on, True), (off, False)):
            await db.execute(update(Report).where(Report.id == one_of(ids)).values(archived=archived))
    else:
        await _put_on(db, sorted(on), str(deed.tag))
        await db.execute(delete(ReportTag).where(ReportTag.report_id == one_of(off), ReportTag.tag == deed.tag))


async def _put_on(db: Db, report_ids: Sequence[UUID], tag: str) -> None:
    if report_ids:
        values = [{"id": uuid7(), "report_id": one, "tag": tag} for one in report_ids]
        await db.execute(insert_or_leave(ReportTag).on_conflict_do_nothing(), values)


async def _throw_away(db: Db, report_ids: Sequence[UUID], at: datetime) -> None:
    await db.execute(update(Report).where(Report.id == one_of(report_ids)).values(deleted_at=at))
    # Its files stay as long as it can be brought back.
    later = {"expires_at": ReportFile.expires_at + KEPT_FOR}
    await db.execute(update(ReportFile).where(ReportFile.report_id == one_of(report_ids)).values(later))


async def _bring_back(db: Db, report_ids: Sequence[UUID], at: datetime) -> None:
    """Their files then have as long to go as they had when the report was deleted."""
    deleted = and_(Report.id == ReportFile.report_id, Report.id == one_of(report_ids), Report.deleted_at.is_not(None))
    rest = {"expires_at": ReportFile.expires_at - KEPT_FOR + (at - Report.deleted_at)}
    await db.execute(update(ReportFile).where(deleted).values(rest).execution_options(synchronize_session=False))
    await db.execute(update(Report).where(Report.id == one_of(report_ids)).values(deleted_at=None))


async def _forget_in_time(db: Db, at: datetime) -> None:
    """Have what is deleted today forgotten when it cannot be brought back any more."""
    day_ends = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    await enqueue(db, FORGET, key=f"deleted by {day_ends:%Y-%m-%d}", due_at=day_ends + KEPT_FOR)


async def _note(db: Db, caller: Caller, deed: ReportDeed, chosen: Sequence[_Chosen]) -> None:
    """In the book of who did what: of one report its title, of many how many."""
    facts: dict[str, object] = {"deed_id": str(deed.id), **({"tag": deed.tag} if deed.tag else {})}
    action = f"reports.{NOTED[deed.kind]}"
    if len(chosen) == 1:
        await record(db, caller, action, "report", chosen[0].id, {"title": chosen[0].title, **facts})
    else:
        await record(db, caller, action, "report_deed", deed.id, {"reports": deed.total, **facts})
