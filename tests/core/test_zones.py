"""Times come out of the database in UTC, wherever its server lives and whoever opens the connection."""

from collections.abc import Generator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from brandhound.core.addresses import database_url
from brandhound.core.db import SYSTEM_ORGANIZATION, close_engines, tenant_session
from brandhound.core.system import system_session
from tests.databases import TestDatabase

pytestmark = pytest.mark.anyio


@pytest.fixture
def far_away(connected: TestDatabase) -> Generator[None]:
    """The server of this database lives by the clocks of Kathmandu."""
    with psycopg.connect(connected.url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("alter database {} set timezone to 'Asia/Kathmandu'").format(name))
        yield
        connection.execute(sql.SQL("alter database {} reset timezone").format(name))


async def test_a_server_of_another_zone_changes_no_time(far_away: None) -> None:
    await close_engines()
    zones: list[str] = []
    for session in (system_session(), tenant_session(SYSTEM_ORGANIZATION)):
        async with session as db:
            zones.append(str(await db.scalar(text("show timezone"))))
    for role in ("owner", "app", "system"):
        with psycopg.connect(database_url(role)) as connection:
            zones.append(str(connection.info.timezone))
    await close_engines()
    assert zones == ["UTC"] * 5
