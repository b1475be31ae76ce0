"""Addresses of models: who may be asked, what for, and what it cost."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core.db import tenant_session
from brandhound.providers.ai import accounts, choosing, showing, spending
from brandhound.providers.ai.schemas import (
    ModelAccountChange,
    ModelAccountOut,
    ModelBudgetOut,
    ModelFeatureOut,
    ModelsOut,
    ModelTrialOut,
    ModelUsageOut,
    NewModelAccount,
    NewModelBudget,
    NewModelChoice,
    NewModelTrial,
)
from brandhound.providers.ai.trying import try_out
from brandhound.providers.ai.usage import LONGEST
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, TenantDb, Viewer

router = APIRouter(prefix="/api/models", tags=["models"])


@router.get("")
async def list_models(db: TenantDb, _: Viewer) -> ModelsOut:
    """Who may be asked, what each use of a model adds and is done without, and how the budget stands."""
    return await showing.models_out(db)


@router.get("/usage")
async def list_model_usage(
    db: TenantDb, caller: Viewer, days: Annotated[int, Query(ge=1, le=LONGEST)] = 30
) -> list[ModelUsageOut]:
    """What models were asked for by day and use, newest first; days are those of the organization's zone."""
    return await showing.usage_out(db, days, caller.time_zone)


@router.get("/accounts")
async def list_model_accounts(db: TenantDb, _: Viewer) -> list[ModelAccountOut]:
    """The model servers that are set up, without their keys."""
    return [ModelAccountOut.model_validate(account) for account in await accounts.accounts_of(db)]


@router.post("/accounts", status_code=201)
async def add_model_account(new: NewModelAccount, db: TenantDb, caller: Admin) -> ModelAccountOut:
    """Set up a model server. Its key is sealed at once, and never given out again."""
    address = await accounts.checked_address(new.kind, new.address)
    account = await accounts.add_account(db, new.kind, new.name, address, new.key, caller.user_id)
    await record(db, caller, "models.account-added", "model_account", account.id, {"kind": account.kind})
    return ModelAccountOut.model_validate(account)


@router.patch("/accounts/{account_id}")
async def change_model_account(
    account_id: UUID, change: ModelAccountChange, db: TenantDb, caller: Admin
) -> ModelAccountOut:
    """Change a server's name, address or key."""
    address = None
    if change.address is not None:
        async with tenant_session(caller.organization_id) as own:
            kind = (await accounts.account_by_id(own, account_id)).kind
        address = await accounts.checked_address(kind, change.address)
    account = await accounts.change_account(db, account_id, change.name, address, change.key)
    facts: dict[str, object] = {"changed": sorted(change.model_fields_set)}
    await record(db, caller, "models.account-changed", "model_account", account.id, facts)
    return ModelAccountOut.model_validate(account)


@router.delete("/accounts/{account_id}", status_code=204)
async def remove_model_account(account_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Forget a server and its key. What it was chosen for is done by the embedded analysis again."""
    account = await accounts.remove_account(db, account_id)
    await record(db, caller, "models.account-removed", "model_account", account_id, {"kind": account.kind})


@router.post("/accounts/{account_id}/trial")
async def try_model_account(account_id: UUID, new: NewModelTrial, caller: Admin) -> ModelTrialOut:
    """Ask a model one short question, and say what came of it. Counted like every other call."""
    return await try_out(caller.organization_id, account_id, new.model)


@router.put("/choices/{feature}")
async def choose_model(feature: str, new: NewModelChoice, db: TenantDb, caller: Admin) -> ModelFeatureOut:
    """Have a model do this from now on."""
    await choosing.choose_model(db, feature, new.account_id, new.model, new.input_price, new.output_price)
    facts: dict[str, object] = {"feature": feature, "model": new.model}
    await record(db, caller, "models.chosen", "model_account", new.account_id, facts)
    return await showing.feature_out(db, feature)


@router.delete("/choices/{feature}")
async def choose_embedded_model(feature: str, db: TenantDb, caller: Admin) -> ModelFeatureOut:
    """Have the embedded analysis do this from now on."""
    await choosing.choose_embedded(db, feature)
    await record(db, caller, "models.chosen", "model_account", None, {"feature": feature, "model": "embedded"})
    return await showing.feature_out(db, feature)


@router.put("/budget")
async def set_model_budget(new: NewModelBudget, db: TenantDb, caller: Admin) -> ModelBudgetOut:
    """Set how much may be spent in a month."""
    await spending.set_limits(db, new.limit_micros, new.limit_tokens)
    facts: dict[str, object] = {"limit_micros": new.limit_micros, "limit_tokens": new.limit_tokens}
    await record(db, caller, "models.budget-set", "model_budget", None, facts)
    return await showing.budget_out(db)
