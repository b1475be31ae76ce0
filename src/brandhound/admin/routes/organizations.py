"""What each organization keeps and has running."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.admin.reading import looking
from brandhound.admin.schemas.organizations import MeasuringOut, SizedOrganization, SizedOrganizationDetail
from brandhound.admin.sizing import MEASURE, organization_detail, organization_sizes
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.jobs.registry import enqueue
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin/organizations")


@router.get("")
async def list_organization_sizes(_: Operator) -> list[SizedOrganization]:
    """List all organizations with how much they keep, those that keep most first, and with what they have running."""
    async with looking() as db:
        return [SizedOrganization.model_validate(one) for one in await organization_sizes(db)]


@router.post("/measuring", status_code=202)
async def measure_organization_sizes(_: Operator) -> MeasuringOut:
    """Count now and not only once a day. It takes some seconds for each million mentions."""
    async with system_session() as db:
        run = await enqueue(db, MEASURE, {}, key=MEASURE, organization_id=SYSTEM_ORGANIZATION)
        return MeasuringOut(run_id=run.id)


@router.get("/{organization_id}")
async def get_organization_size(organization_id: UUID, _: Operator) -> SizedOrganizationDetail:
    """Read what one organization keeps, and its part of each queue."""
    return SizedOrganizationDetail.model_validate(await organization_detail(organization_id))
