"""Which ends of runs are worth a notice."""

from brandhound.core.db import SYSTEM_ORGANIZATION, Db
from brandhound.jobs.events import RunEnded
from brandhound.notifications.notifying import notify

LONG = 30.0
"""Seconds after which nobody waits in front of the screen any more."""


async def tell_of_end(db: Db, ended: RunEnded) -> None:
    """Tell of a run that failed, that somebody asked for, or that took so long that one looked away."""
    if ended.state in ("failed", "timed_out"):
        await _tell_of_failure(db, ended)
    elif ended.state in ("done", "partial") and (ended.requested_by or _is_long(ended)):
        await _tell_of_completion(db, ended)


async def _tell_of_failure(db: Db, ended: RunEnded) -> None:
    what = "took too long" if ended.state == "timed_out" else "failed"
    await notify(
        db,
        f"run_{ended.state}",
        f"{ended.title} {what}",
        ended.error_detail or ended.error_code or "",
        href=f"/jobs?run={ended.run_id}",
        severity="warning",
        # The one who asked is told of each; what happens by itself is one incident as long as it is the same failure.
        key=None if ended.requested_by else f"run-failed:{ended.job}:{ended.error_code}",
        user_id=ended.requested_by,
    )


async def _tell_of_completion(db: Db, ended: RunEnded) -> None:
    await notify(
        db,
        f"run_{ended.state}",
        f"{ended.title} is done" if ended.state == "done" else f"{ended.title} is done in part",
        ended.outcome or "",
        href=f"/jobs?run={ended.run_id}",
        severity="info" if ended.state == "done" else "warning",
        key=None if ended.requested_by else f"run-{ended.state}:{ended.job}",
        user_id=ended.requested_by,
    )


def _is_long(ended: RunEnded) -> bool:
    # The installation's own runs come every minute; nobody waits for them.
    return ended.seconds > LONG and ended.organization_id != SYSTEM_ORGANIZATION
