"""Addresses of outside services."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.core.system import system_session
from brandhound.providers import queries
from brandhound.providers.allowing import Rules, set_rules
from brandhound.providers.probing import request_probe
from brandhound.providers.schemas import BreakerOut, ProviderOut, ProviderRules
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Operator, TenantDb

router = APIRouter(prefix="/api/providers", tags=["providers"])


@router.get("")
async def list_providers(_: Operator) -> list[ProviderOut]:
    """List the outside providers that were ever called, those in trouble first."""
    async with system_session() as db:
        return await queries.providers_out(db)


@router.put("/{provider}/rules")
async def set_provider_rules(provider: str, wanted: ProviderRules, db: TenantDb, caller: Operator) -> ProviderRules:
    """Set what the provider may be asked: limits for each of its keys and models, and the budget of retries.

    Holds in every process at once, also for keys and models that are called later. What is left empty is as it was known
    beforehand, or as the provider says itself.
    """
    async with system_session() as system:
        await set_rules(system, provider, Rules(**wanted.model_dump()))
    await record(db, caller, "providers.rules-set", "provider", None, {"provider": provider, **wanted.model_dump()})
    return wanted


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
