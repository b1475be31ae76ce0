"""Many rows into the tables of facts: copied beside them, compared, and only what differs is written.

A value of a past day that moved leaves exactly one row in the ledger, in the same transaction that moves it. PostgreSQL does not
copy into tables with row-level security, and would not compare while it does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString, cast
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor, sql
from sqlalchemy import text

from brandhound.ads.syncing.reading_rows import MEASURES, ActionValue, Fact
from brandhound.core.db import Db

FACT_TYPES = {
    "ad_account_id": "uuid",
    "ad_id": "uuid",
    "day": "date",
    **dict.fromkeys(MEASURES, "int8"),
    "watch_seconds_avg": "float8",
    **dict.fromkeys(("content_views", "adds_to_cart", "checkouts", "purchases", "leads"), "numeric"),
    "attribution_setting": "text",
    "observed_at": "timestamptz",
    "source": "text",
}
_FACTS = tuple(FACT_TYPES)
_TELLING = 20
"""A measure that vanishes from fewer rows than that may well have become nothing."""
_COMPARED = (*MEASURES, "attribution_setting")


@dataclass(frozen=True)
class Stored:
    """What storing came to, in rows; `moved` are values of past days."""

    added: int = 0
    changed: int = 0
    same: int = 0
    moved: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(
            self.added + other.added, self.changed + other.changed, self.same + other.same, self.moved + other.moved
        )


async def lock_account(db: Db, account_id: UUID) -> None:
    """One writer of an account's facts at a time, until the transaction ends."""
    await db.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": f"facts:{account_id}"})


async def store_facts(
    db: Db,
    account_id: UUID,
    facts: Sequence[Fact],
    ads: Mapping[str, UUID],
    observed_at: datetime,
    *,
    source: str = "meta",
    known_until: date | None = None,
) -> Stored:
    """Store facts of one account; its lock is taken. Rows that are the same are not touched.

    A row that is new on a day until which everything was known already is a number that moved, from nothing.
    A measure that no row at all tells of, and that we have, is kept: what is absent is not zero.
    """
    if not facts:
        return Stored()
    await lock_account(db, account_id)
    cursor = await raw_cursor(db)
    silent = _silent(facts)
    tail = (observed_at, source)
    await _stage(cursor, "ad_daily_facts", _FACTS, list(FACT_TYPES.values()),
                 ((account_id, ads[fact[0]], *fact[1:], *tail) for fact in facts))  # fmt: skip
    if silent:
        await cursor.execute(_keep_statement(silent))
    await cursor.execute(_CHANGED)
    row = await (await cursor.execute("select count(*), count(*) filter (where is_known) from _changed")).fetchone()
    differing, known = row or (0, 0)
    moved = 0
    if known or known_until is not None:
        await cursor.execute(_LEDGER, {"known_until": known_until})
        moved = cursor.rowcount
    if differing:
        await cursor.execute(_UPSERT)
    await cursor.execute("drop table _stage, _changed")
    return Stored(differing - known, known, len(facts) - differing, moved)


async def store_actions(db: Db, account_id: UUID, values: Sequence[ActionValue], ads: Mapping[str, UUID]) -> int:
    """Store actions by type and window; how many rows were written. Types that are told of no more are kept."""
    if not values:
        return 0
    cursor = await raw_cursor(db)
    await _stage(
        cursor,
        "ad_action_values",
        _ACTIONS,
        ["uuid", "uuid", "date", "text", "text", "numeric", "int8"],
        ((account_id, ads[one[0]], *one[1:]) for one in values),
    )
    await cursor.execute(_UPSERT_ACTIONS)
    written = cursor.rowcount
    await cursor.execute("drop table _stage")
    return written


async def store_window_reach(
    db: Db,
    account_id: UUID,
    rows: Iterable[tuple[UUID, date, date, int | None, int | None]],
    observed_at: datetime,
) -> int:
    """Store people reached over windows; how many rows were written."""
    cursor = await raw_cursor(db)
    await _stage(
        cursor,
        "ad_window_reach",
        _REACH,
        ["uuid", "uuid", "date", "date", "int8", "int8", "timestamptz"],
        ((account_id, *row, observed_at) for row in rows),
    )
    await cursor.execute(_UPSERT_REACH)
    written = cursor.rowcount
    await cursor.execute("drop table _stage")
    return written


async def raw_cursor(db: Db) -> AsyncCursor[Any]:
    """A cursor of the driver inside the session's transaction, and so inside its organization."""
    connection = await (await db.connection()).get_raw_connection()
    driver = connection.driver_connection
    return cast("AsyncConnection[Any]", driver).cursor()


def _silent(facts: Sequence[Fact]) -> list[str]:
    """Measures that no row tells of, among so many rows that this is no chance."""
    if len(facts) < _TELLING:
        return []
    return [
        name for place, name in enumerate(MEASURES, start=2) if all(fact[place] is None for fact in facts)
    ]  # fmt: skip


async def _stage(
    cursor: AsyncCursor[Any], table: str, columns: Sequence[str], types: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    await cursor.execute(
        sql.SQL("create temp table _stage on commit drop as select {} from {} where false").format(
            names, sql.Identifier(table)
        )
    )
    async with cursor.copy(sql.SQL("copy _stage ({}) from stdin (format binary)").format(names)) as copy:
        copy.set_types(types)
        write = copy.write_row
        for row in rows:
            await write(row)


def _keep_statement(names: Sequence[str]) -> sql.Composed:
    """What we have of these stays as it is."""
    kept = sql.SQL(", ").join(sql.SQL("{0} = f.{0}").format(sql.Identifier(name)) for name in names)
    there = sql.SQL(" or ").join(sql.SQL("f.{} is not null").format(sql.Identifier(name)) for name in names)
    return sql.SQL(
        "update _stage s set {} from ad_daily_facts f where f.ad_id = s.ad_id and f.day = s.day and ({})"
    ).format(kept, there)


def _sql(statement: str) -> sql.SQL:
    """A statement whose names are columns of ours, and whose values are not in it."""
    return sql.SQL(cast("LiteralString", statement))


def _list(columns: Iterable[str], prefix: str = "") -> str:
    return ", ".join(prefix + column for column in columns)


_CHANGED = _sql(
    # What was there before comes along, so that the ledger need not look for it again.
    f"create temp table _changed on commit drop as select s.*, f.ad_id is not null as is_known,"
    f" {', '.join(f'f.{name} as old_{name}' for name in MEASURES)}"
    f" from _stage s left join ad_daily_facts f on f.ad_id = s.ad_id and f.day = s.day"
    f" where f.ad_id is null or ({_list(_COMPARED, 'f.')}) is distinct from ({_list(_COMPARED, 's.')})"
)

_LEDGER = _sql(
    "insert into ad_restatements (id, ad_account_id, ad_id, day, metric, old, new, observed_at)"
    " select gen_random_uuid(), c.ad_account_id, c.ad_id, c.day, m.metric, m.old, m.new, c.observed_at"
    " from _changed c cross join lateral (values "
    + ", ".join(f"('{name}', c.old_{name}::numeric, c.{name}::numeric)" for name in MEASURES)
    + ") m(metric, old, new)"
    " where (c.is_known or c.day <= %(known_until)s::date) and m.old is distinct from m.new"
)

_UPSERT = _sql(
    f"insert into ad_daily_facts as f ({_list(_FACTS)}) select {_list(_FACTS)} from _changed order by ad_id, day"
    f" on conflict (organization_id, ad_id, day) do update set"
    f" {', '.join(f'{name} = excluded.{name}' for name in _FACTS if name not in ('ad_id', 'day'))}"
)

_ACTIONS = ("ad_account_id", "ad_id", "day", "action_type", "attribution_window", "count", "value_micros")
_UPSERT_ACTIONS = _sql(
    f"insert into ad_action_values as a ({_list(_ACTIONS)}) select {_list(_ACTIONS)} from _stage"
    " order by ad_id, day, action_type, attribution_window"
    " on conflict (organization_id, ad_id, day, action_type, attribution_window) do update"
    " set count = excluded.count, value_micros = excluded.value_micros"
    " where (a.count, a.value_micros) is distinct from (excluded.count, excluded.value_micros)"
)

_REACH = ("ad_account_id", "ad_id", "since", "until", "impressions", "reach", "observed_at")
_UPSERT_REACH = _sql(
    f"insert into ad_window_reach as a ({_list(_REACH)}) select {_list(_REACH)} from _stage"
    " on conflict (organization_id, ad_id, since, until) do update"
    " set impressions = excluded.impressions, reach = excluded.reach, observed_at = excluded.observed_at"
    " where (a.impressions, a.reach) is distinct from (excluded.impressions, excluded.reach)"
)
