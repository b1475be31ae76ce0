"""Many rows at once, copied beside the table they are for: PostgreSQL does not copy into tables with row-level security."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from psycopg import AsyncConnection, AsyncCursor, sql

from brandhound.core.db import Db


async def raw_cursor(db: Db) -> AsyncCursor[Any]:
    """A cursor of the driver inside the session's transaction, and so inside its organization."""
    connection = await (await db.connection()).get_raw_connection()
    driver = connection.driver_connection
    return cast("AsyncConnection[Any]", driver).cursor()


async def copy_beside(
    cursor: AsyncCursor[Any],
    table: str,
    columns: Sequence[str],
    types: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    chosen: sql.SQL | None = None,
) -> None:
    """Copy rows into `_stage`, with the same columns as that table, or those that are `chosen`.

    Whoever reads them drops it; else it goes with the transaction.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    await cursor.execute(
        sql.SQL("create temp table _stage on commit drop as select {} from {} where false").format(
            chosen or names, sql.Identifier(table)
        )
    )
    async with cursor.copy(sql.SQL("copy _stage ({}) from stdin (format binary)").format(names)) as copy:
        copy.set_types(types)
        write = copy.write_row
        for row in rows:
            await write(row)
