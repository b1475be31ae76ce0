"""Short words for accounts that are connected, and for what a sync of them comes to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from brandhound.ads.access import keep_token
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.syncing.queueing import queue_sync
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.owning import AccountSpec
from tests.factories.things import make_brand


@dataclass(frozen=True)
class Connected:
    """An account that a brand may read."""

    organization_id: UUID
    id: UUID
    external_id: str
    spec: AccountSpec
    link_id: UUID
    client: httpx.AsyncClient


async def connect(
    twin: MetaTwin, client: httpx.AsyncClient, organization_id: UUID, spec: AccountSpec, token: str | None = None
) -> Connected:
    """The account of the twin, with a token of Runa's, in the service of a new brand."""
    brand_id = UUID(await make_brand(client, f"Brand of {spec.name}"))
    async with tenant_session(organization_id) as db:
        account = AdAccount(
            platform="meta",
            external_id=spec.act,
            name=spec.name,
            currency=spec.currency,
            time_zone=spec.time_zone,
            account_status=1,
        )
        db.add(account)
        await db.flush()
        link = BrandAdAccount(brand_id=brand_id, ad_account_id=account.id, auth_method="oauth", state="connected",
                              connected_at=clock.now(), state_since=clock.now(), scopes=["ads_read"], granular=[],
                              tasks=[])  # fmt: skip
        keep_token(link, token or twin.user_token())
        db.add(link)
        await db.flush()
        return Connected(organization_id, account.id, spec.act, spec, link.id, client)


async def sync(shop: Connected, **more: Any) -> RunRow:
    """Sync it as somebody does who presses the button, with everything that this leads to; the run of the sync."""
    wish = {"ad_account_id": shop.id, "days_back": 28, "max_images": 0, "max_videos": 0}
    parameters = SyncAccount.model_validate(wish | more)
    async with tenant_session(shop.organization_id) as db:
        run_id = (await queue_sync(db, parameters)).id
    await run_until_idle(shop.organization_id, longest_sleep=0.2)
    return await run_of(shop, run_id)


async def run_of(shop: Connected, run_id: UUID) -> RunRow:
    async with tenant_session(shop.organization_id) as db:
        run = await db.get(RunRow, run_id)
        assert run is not None
        return run


async def rows(shop: Connected, statement: str, **values: object) -> list[tuple[Any, ...]]:
    """What a statement says in the account's organization; `:account` is the account."""
    async with tenant_session(shop.organization_id) as db:
        found = await db.execute(text(statement), values | ({"account": shop.id} if ":account" in statement else {}))
        return [tuple(row) for row in found]


async def facts(shop: Connected) -> list[tuple[Any, ...]]:
    """Every fact as it is stored, in the order of ads and days."""
    return await rows(shop, "select * from ad_daily_facts where ad_account_id = :account order by ad_id, day")


async def totals(shop: Connected) -> tuple[Any, ...]:
    """Money, impressions and purchases in all, and how many rows."""
    statement = (
        "select count(*), sum(spend_micros), sum(impressions), sum(purchases), sum(purchase_value_micros) "
        "from ad_daily_facts where ad_account_id = :account"
    )
    return (await rows(shop, statement))[0]
