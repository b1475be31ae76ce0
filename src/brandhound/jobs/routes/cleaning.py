"""The address at which an operator looks for stuck runs, and settles them."""

import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from brandhound.jobs import stuck
from brandhound.jobs.errors import BadDuration
from brandhound.jobs.schemas import CleanupOut, StuckRun
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Operator, TenantDb

router = APIRouter(tags=["admin"])

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@router.post("/api/admin/jobs/cleanup")
async def clean_up_runs(
    db: TenantDb,
    caller: Operator,
    older_than: Annotated[str, Query(description="Silent for so long: 90s, 5m, 2h, 1d")] = "5m",
    dry_run: Annotated[bool, Query(description="Only list what would be done")] = True,
) -> CleanupOut:
    """List the runs of all organizations that do not get on, and unless it is a dry run let others go on, or give them up.

    Safe to repeat, and to do while runs end: what gets on meanwhile is left alone and told as not done.
    """
    silent = _duration(older_than)
    found = await stuck.find_stuck(silent)
    if not dry_run:
        found = await stuck.settle(found, silent, f"operator {caller.user_id or caller.key_id}")
        for one in found:
            if one.done:
                facts: dict[str, object] = {"action": one.action, "reason": one.reason, "job": one.job}
                await record(db, caller, "jobs.run-cleaned-up", "run", one.run_id, facts)
    return CleanupOut(
        dry_run=dry_run,
        older_than_seconds=silent.total_seconds(),
        runs=[StuckRun.model_validate(one) for one in found],
        settled=sum(one.done for one in found),
    )


def _duration(words: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,6})([smhd])", words.strip())
    if match is None:
        raise BadDuration(words)
    seconds = int(match[1]) * _UNITS[match[2]]
    # Less would take runs from workers that merely breathe slowly.
    if not 30 <= seconds <= 30 * 86_400:
        raise BadDuration(words)
    return timedelta(seconds=seconds)
