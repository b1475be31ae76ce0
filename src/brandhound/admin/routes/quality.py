"""The quality board."""

from typing import Annotated

from fastapi import APIRouter, Query

from brandhound.admin.quality import figures, live_figures
from brandhound.admin.schemas.quality import FigureList, FigureOut, LiveQualityOut, LiveQualityPage
from brandhound.core import clock
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin/quality")


@router.get("")
async def read_quality(_: Operator) -> FigureList:
    """How good the judgements of this version are, measured on data whose answers are known."""
    return FigureList(items=[FigureOut.model_validate(figure) for figure in figures()])


@router.get("/organizations")
async def list_live_quality(
    _: Operator, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=50)] = 20
) -> LiveQualityPage:
    """How good they are by what the people of each organization say: the youngest organizations first."""
    page = await live_figures(cursor, limit, clock.now())
    return LiveQualityPage(items=[LiveQualityOut.model_validate(one) for one in page.items], next=page.next)
