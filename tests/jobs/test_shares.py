"""What a queue costs does not grow with what it once held."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from brandhound.core.db import tenant_session
from brandhound.jobs.shares import is_within_share


async def test_whether_an_organization_is_within_its_share_is_read_from_what_is_at_work_alone(
    organization_id: UUID,
) -> None:
    asked = select(is_within_share(organization_id, "fetch"))
    sql = str(asked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    async with tenant_session(organization_id) as db:
        # On a table as small as this one, reading all of it would be the better plan.
        await db.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(await db.scalars(text(f"explain {sql}".replace(":", "\\:"))))
    assert "ix_runs_admitted" in plan, plan
