"""Addresses of outside services."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.core.system import system_session
from brandhound.providers import queries
from brandhound.providers.probing import request_probe
from brandhound.providers.schemas import BreakerOut, ProviderOut
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Operator, TenantDb

router = APIRouter(prefix="/api/providers", tags=["providers"])


@router.get("")
async def list_providers(_: Operator) -> list[ProviderOut]:
    """List the outside providers that were ever called, those in trouble first."""
    async with system_session() as db:
        return await queries.providers_out(db)


@router.get("/breakers")
async def list_breakers(_: Operator) -> list[BreakerOut]:
    """List the services (provider, key and model), whether each is called, why not, and until when."""
    async with system_session() as db:
        return await queries.breakers_out(db)


@router.put("/breakers/{breaker_id}/probe")
async def try_provider_now(breaker_id: UUID, db: TenantDb, caller: Operator) -> BreakerOut:
    """Let one call through to a service that is left alone, and wake the work that waits for it."""
    await request_probe(breaker_id)
    await record(db, caller, "providers.try_requested", "breaker", breaker_id, {})
    async with system_session() as system:
        return await queries.breaker_out(system, breaker_id)
