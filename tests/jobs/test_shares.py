"""What a queue costs does not grow with what it once held."""

from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects import postgresql

from brandhound.core.db import Db, tenant_session
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.jobs.shares import admit, is_within_share, share_of


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


async def test_no_more_is_given_to_the_workers_than_there_is_room_for_however_the_database_goes_about_it(
    organization_id: UUID,
) -> None:
    async with tenant_session(organization_id) as db:
        for _ in range(40):
            await enqueue(db, "samples.nothing", queue="report")
        share = share_of("report")
        assert await at_work(db) == share
        # On these tables the question for the next ones would be asked anew for every run there is.
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            await db.execute(text(f"set local enable_{way} = off"))
        await db.execute(
            text("update runs set state = 'cancelled' where id in (select id from runs where admitted limit 2)")
        )
        assert await admit(db, organization_id, "report") == 2
        assert await at_work(db) == share
        assert await admit(db, organization_id, "report") == 0


async def at_work(db: Db) -> int:
    query = select(func.count()).where(
        RunRow.queue == "report", RunRow.admitted, RunRow.state.in_(("queued", "running"))
    )
    return await db.scalar(query) or 0
