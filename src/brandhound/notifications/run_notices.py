"""Which ends of runs are worth a notice."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, Db, organization_of
from brandhound.core.problems import problem_named
from brandhound.jobs.events import RunEnded
from brandhound.jobs.registry import JOBS
from brandhound.notifications.addressing import may_see
from brandhound.notifications.models import Notification
from brandhound.notifications.notifying import notify
from brandhound.notifications.queries import Reader, unread_since
from brandhound.tenancy.models import Member
from brandhound.tenancy.roles import role_of

LONG = 30.0
"""Seconds after which nobody waits in front of the screen any more."""

OWN = "notifications."
"""Jobs that bring notices: of their failures a notice would only bring more of them. Their channel says what is wrong."""

IN_A_ROW = timedelta(minutes=2)
"""Runs of one job that the same person asked for, and that end within this of each other, were one deed of theirs."""

_LINES = 3
_IS_NAMED = cast("$.*[*] ? (@ == $about)", JSONPATH)

# Two that end at the same moment would both find none to join.
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('notifications.run_notices:' || :owner, 0))")


@dataclass(frozen=True)
class End:
    """An end that is bad news: the kind of the notice, and what happened in words."""

    kind: str
    words: str
    ended_by_us: bool = True
    """It did not say itself why it ended: the last lines of its log may."""


BAD_ENDS = {
    "failed": End("run_failed", "failed", ended_by_us=False),
    "timed_out": End("run_timed_out", "took too long"),
    "lost": End("run_lost", "was ended: nobody worked on it any more"),
    "dead": End("run_dead", "was given up"),
}


async def tell_of_end(db: Db, ended: RunEnded) -> None:
    """Tell of a run that failed, that somebody asked for, or that took so long that one looked away.

    What a later version may call an end, and we do not know, is not spoken of.
    """
    if ended.job.startswith(OWN):
        return
    if end := _bad_end(ended):
        if not await _is_known(db, ended):
            await _tell_of_failure(db, ended, end)
    elif (
        ended.state in ("done", "partial")
        and (ended.requested_by or _is_long(ended))
        and not await _has_told(db, ended)
    ):
        await _tell_of_completion(db, ended)


def _bad_end(ended: RunEnded) -> End | None:
    if ended.state == "failed" and ended.error_code == "jobs/lost":
        return BAD_ENDS["lost"]
    return BAD_ENDS.get(ended.state)


async def _tell_of_failure(db: Db, ended: RunEnded, end: End) -> None:
    cause = _cause(ended)
    log = _last_lines(ended) if end.ended_by_us else ""
    await notify(
        db,
        end.kind,
        f"{ended.title} {end.words}",
        cause + (f"\n\nIts log ends with:\n{log}" if log else ""),
        href=f"/jobs?run={ended.run_id}&again=1",
        # The one who asked is told of each; what happens by itself is one incident as long as it is the same failure.
        key=None if ended.requested_by else f"{_incident(ended)}:{ended.error_code}",
        user_id=ended.requested_by,
        facts=_facts(ended),
    )


def _incident(ended: RunEnded) -> str:
    """What happens by itself is told apart by its schedule, else by what it is about: see `sweeping`, which ends it."""
    return f"run-{ended.state}:{ended.job}:{ended.schedule_id or _subject(ended) or '-'}"


def _subject(ended: RunEnded) -> str | None:
    known = JOBS.get(ended.job)
    return known.subject(ended.parameters) if known else None


def _cause(ended: RunEnded) -> str:
    """Why, in our own words and with what to do where the code has a page that says so; then what was said, word for word."""
    said = ended.error_detail or ended.error_code or "It did not say why."
    known = problem_named(ended.error_code)
    if known is None:
        return said
    ours = " ".join(filter(None, (known.title(), known.what_to_do)))
    return ours if said in (known.title(), known.code) else f"{ours}\n\nWhat was said: {said}"


def _last_lines(ended: RunEnded) -> str:
    """The last things that the run said, oldest first, but for the cause itself."""
    said = [line[:300] for line in ended.last_lines if line != ended.error_detail]
    return "\n".join(said[-_LINES:])


async def _tell_of_completion(db: Db, ended: RunEnded) -> None:
    await notify(
        db,
        f"run_{ended.state}",
        f"{ended.title} is done" if ended.state == "done" else f"{ended.title} is done in part",
        ended.outcome or "",
        href=f"/jobs?run={ended.run_id}",
        severity="info" if ended.state == "done" else "warning",
        key=await _key_in_a_row(db, ended, ended.requested_by) if ended.requested_by else _incident(ended),
        user_id=ended.requested_by,
        facts=_facts(ended),
    )


async def _key_in_a_row(db: Db, ended: RunEnded, who: UUID) -> str:
    """What one deed started ends in a row, and is one notice, counted, for as long as it is not read."""
    await db.execute(_ONE_AT_A_TIME, {"owner": str(organization_of(db))})
    same = await unread_since(db, Reader(who, ()), f"run_{ended.state}", ended.job, clock.now() - IN_A_ROW)
    return same or f"run-{ended.state}:{ended.job}:{ended.run_id}"


async def _has_told(db: Db, ended: RunEnded) -> bool:
    """Whether the run told people, or who asked for it, itself what came of it, as a report does that is ready."""
    own = _told_meanwhile(ended).where(Notification.facts["run_id"].astext == str(ended.run_id))
    return await db.scalar(own.limit(1)) is not None


async def _is_known(db: Db, ended: RunEnded) -> bool:
    """Whether whoever would hear of this failure has been told what it comes from: by the run, or by one beside it."""
    known, about = problem_named(ended.error_code), _subject(ended)
    if known is None or not known.told_as or about is None:
        return False
    told = _told_meanwhile(ended).where(
        Notification.kind == known.told_as,
        func.jsonb_path_exists(Notification.facts, _IS_NAMED, cast({"about": about}, JSONB)),
    )
    audiences = set(await db.scalars(told.with_only_columns(Notification.audience)))
    if ended.requested_by is None:
        return bool(audiences)
    query = select(Member.role).where(
        Member.organization_id == ended.organization_id, Member.user_id == ended.requested_by
    )
    role = await db.scalar(query)
    return role is not None and any(may_see(role_of(role), audience) for audience in audiences)


def _told_meanwhile(ended: RunEnded) -> Select[UUID]:
    return select(Notification.id).where(
        Notification.organization_id == ended.organization_id,
        Notification.last_at >= ended.ended_at - timedelta(seconds=ended.seconds + 60),
        or_(Notification.user_id.is_(None), Notification.user_id == ended.requested_by),
    )


def _is_long(ended: RunEnded) -> bool:
    # The installation's own runs come every minute; nobody waits for them.
    return ended.seconds > LONG and ended.organization_id != SYSTEM_ORGANIZATION


def _facts(ended: RunEnded) -> dict[str, object]:
    return {
        "run_id": str(ended.run_id),
        "job": ended.job,
        "schedule_id": str(ended.schedule_id) if ended.schedule_id else None,
        "error_code": ended.error_code,
        "seconds": round(ended.seconds, 1),
    }
