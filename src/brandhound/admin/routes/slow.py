"""What was slow lately."""

from typing import Annotated

from fastapi import APIRouter, Query

from brandhound.admin import slow_lately
from brandhound.admin.reading import looking
from brandhound.admin.schemas.slow import SlowOut, SlowRequestOut, SlowRunOut
from brandhound.admin.slow_requests import KEPT_DAYS, SLOW
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin/slow")


@router.get("")
async def list_slow_traces(
    _: Operator, hours: Annotated[int, Query(ge=1, le=24 * KEPT_DAYS, description="How far back")] = 24
) -> SlowOut:
    """List the slowest requests with their statements, and the slowest runs with their steps."""
    async with looking() as db:
        requests = await slow_lately.slow_requests(db, hours)
        runs = await slow_lately.slow_runs(db, hours)
    return SlowOut(
        hours=hours,
        slow_from_seconds=SLOW,
        requests=[SlowRequestOut.model_validate(one) for one in requests],
        runs=[SlowRunOut.model_validate(one) for one in runs],
    )
