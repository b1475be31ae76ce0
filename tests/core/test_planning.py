"""How the database plans what an organization asks."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect

from brandhound.ads.object_models import AdCampaign
from brandhound.core.db import planned_for_its_owner, tenant_session
from tests.databases import TestDatabase

pytestmark = pytest.mark.anyio

FILL = """
with account as (
  insert into ad_accounts (id, organization_id, platform, external_id, name, currency, time_zone)
  values (gen_random_uuid(), %(owner)s, 'meta', 'act_1', 'Shop', 'USD', 'UTC') returning id
)
insert into ad_campaigns (id, organization_id, account_id, external_id, name, seen_at)
select gen_random_uuid(), %(owner)s, account.id, n::text, 'Campaign', now() from account, generate_series(1, %(count)s) n
"""


async def test_what_reads_much_is_planned_by_how_much_the_organization_has(
    organization_id: UUID, other_organization_id: UUID, database: TestDatabase
) -> None:
    has = {organization_id: 3000, other_organization_id: 30}
    with psycopg.connect(database.url, autocommit=True) as connection:
        for owner, count in has.items():
            connection.execute(FILL, {"owner": owner, "count": count})
        connection.execute("analyze ad_campaigns")
    expected = {owner: await rows_expected(owner) for owner in has}
    assert 2700 < expected[organization_id] < 3300
    assert expected[other_organization_id] < 300


async def test_it_finds_what_the_wall_lets_through_and_nothing_else(
    organization_id: UUID, other_organization_id: UUID, database: TestDatabase
) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(FILL, {"owner": organization_id, "count": 3})
    campaigns = select(func.count()).select_from(AdCampaign)
    async with tenant_session(organization_id) as db, tenant_session(other_organization_id) as theirs:
        planned = planned_for_its_owner(db, campaigns, AdCampaign)
        assert await db.scalar(planned) == 3
        # Whoever writes another's name into the statement still sees nothing of theirs.
        assert await theirs.scalar(planned) == 0


async def rows_expected(owner: UUID) -> int:
    """How many of its campaigns the server plans for."""
    async with tenant_session(owner) as db:
        dialect: Any = psycopg_dialect.dialect()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        statement = planned_for_its_owner(db, select(AdCampaign.id), AdCampaign)
        compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        (plan,) = (await db.execute(text(f"explain (format json) {compiled}"))).scalar_one()
        return plan["Plan"]["Plan Rows"]
