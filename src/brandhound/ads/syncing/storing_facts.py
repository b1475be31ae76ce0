"""Many rows into the tables of facts: copied beside them, compared, and only what differs is written.

A value of a past day that moved leaves exactly one row in the ledger, in the same transaction that moves it. PostgreSQL does not
copy into tables with row-level security, and would not compare while it does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import LiteralString, cast
from uuid import UUID

from psycopg import sql
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.copying import copy_beside, raw_cursor
from brandhound.ads.fact_models import AdFigures
from brandhound.ads.syncing.reading_rows import MEASURES, ActionValues, Fact
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
TELLING = 20
"""A measure that vanishes from fewer rows than that may well have become nothing, where nobody knows better."""
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
    """One writer of an account's facts at a time, until the transaction ends.

    Nothing in it is compiled: to compile what compares a hundred columns takes longer than to compare a few thousand rows.
    """
    statement = "select pg_advisory_xact_lock(hashtextextended(:key, 7)), set_config('jit', 'off', true)"
    await db.execute(text(statement), {"key": f"facts:{account_id}"})
    # A connection keeps how it looks for the ad of each row. What it found best for a few dozen ads reads through all of
    # thousands that came since, until statistics are gathered anew: of a first import that is after it.
    await db.execute(text("discard plans"))


async def store_facts(
    db: Db,
    account_id: UUID,
    facts: Sequence[Fact],
    ads: Mapping[str, UUID],
    observed_at: datetime,
    *,
    source: str = "meta",
    known_since: date | None = None,
    known_until: date | None = None,
    today: date | None = None,
    moves: bool = True,
    silent: Sequence[str] | None = None,
) -> Stored:
    """Store facts of one account; its lock is taken. Rows that are the same are not touched.

    A row that is new on a day of those of which everything was known already is a number that moved, from nothing; without
    `known_since` they begin with the first. What `today` and the days behind it come to is none that moved: it still grows.
    A measure that no row at all tells of, and that we have, is kept: what is absent is not zero. Who knows what the source
    does not tell of names it in `silent`, by our columns; else many rows without it say so. `moves` is false when it was we
    who read the same answer otherwise, and no number moved.
    """
    if not facts:
        return Stored()
    await lock_account(db, account_id)
    cursor = await raw_cursor(db)
    tail = (observed_at, source)
    await copy_beside(cursor, "ad_daily_facts", _FACTS, list(FACT_TYPES.values()),
                 ((account_id, ads[fact[0]], *fact[1:], *tail) for fact in facts))  # fmt: skip
    await cursor.execute(_changed(_silent(facts) if silent is None else tuple(silent)))
    row = await (await cursor.execute("select count(*), count(*) filter (where is_known) from _changed")).fetchone()
    differing, known = row or (0, 0)
    moved = 0
    if moves and (known or known_until is not None):
        await cursor.execute(_LEDGER, {"known_since": known_since, "known_until": known_until, "today": today})
        moved = cursor.rowcount
    if differing:
        await cursor.execute(_UPSERT)
        await figures_changed(db, account_id)
    await cursor.execute("drop table _stage, _changed")
    return Stored(differing - known, known, len(facts) - differing, moved)


async def figures_changed(db: Db, account_id: UUID) -> None:
    """Say that figures of an account are others now: what was counted of them is not shown any more."""
    first = insert(AdFigures).values(ad_account_id=account_id, revision=1)
    again = {"revision": AdFigures.revision + 1}
    await db.execute(first.on_conflict_do_update(index_elements=["organization_id", "ad_account_id"], set_=again))


async def store_actions(db: Db, account_id: UUID, values: Sequence[ActionValues], ads: Mapping[str, UUID]) -> int:
    """Store actions by type and window; how many rows were written. Types that are told of no more are kept."""
    if not values:
        return 0
    cursor = await raw_cursor(db)
    await copy_beside(
        cursor,
        "ad_action_values",
        _ACTIONS,
        ["uuid", "uuid", "date", "text", "text"],
        ((account_id, ads[one[0]], *one[1:]) for one in values),
        _AS_TEXT,
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
    await copy_beside(
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


def _silent(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Measures that no row tells of, among so many rows that this is no chance."""
    if len(facts) < TELLING:
        return ()
    return tuple(
        name for place, name in enumerate(MEASURES, start=2) if all(fact[place] is None for fact in facts)
    )  # fmt: skip


def _sql(statement: str) -> sql.SQL:
    """A statement whose names are columns of ours, and whose values are not in it."""
    return sql.SQL(cast("LiteralString", statement))


def _list(columns: Iterable[str], prefix: str = "") -> str:
    return ", ".join(prefix + column for column in columns)


@lru_cache(64)
def _changed(silent: tuple[str, ...]) -> sql.SQL:
    """Rows that are new or differ, with what was there before, so that the ledger need not look for it again.

    What we have of measures that are `silent` stays as it is. Each row looks for its own by the key: joined as a whole, a table
    of millions would be read through for every few thousand rows.
    """
    told = {name: f"coalesce(s.{name}, f.{name})" if name in silent else f"s.{name}" for name in _FACTS}
    return _sql(
        "create temp table _changed on commit drop as select"
        f" {', '.join(f'{value} as {name}' for name, value in told.items())}, f.ad_id is not null as is_known,"
        f" {', '.join(f'f.{name} as old_{name}' for name in MEASURES)}"
        f" from _stage s left join lateral (select ad_id, {_list(_COMPARED)} from ad_daily_facts k"
        " where k.ad_id = s.ad_id and k.day = s.day limit 1) f on true"
        f" where f.ad_id is null or ({_list(_COMPARED, 'f.')}) is distinct from"
        f" ({', '.join(told[name] for name in _COMPARED)})"
    )


_LEDGER = _sql(
    "insert into ad_restatements (id, ad_account_id, ad_id, day, metric, old, new, observed_at)"
    " select gen_random_uuid(), c.ad_account_id, c.ad_id, c.day, m.metric, m.old, m.new, c.observed_at"
    " from _changed c cross join lateral (values "
    + ", ".join(f"('{name}', c.old_{name}::numeric, c.{name}::numeric)" for name in MEASURES)
    + ") m(metric, old, new)"
    " where (c.is_known or c.day between coalesce(%(known_since)s::date, '-infinity') and %(known_until)s::date)"
    " and m.old is distinct from m.new"
    " and (%(today)s::date is null or c.day < %(today)s::date)"
)

_UPSERT = _sql(
    f"insert into ad_daily_facts as f ({_list(_FACTS)}) select {_list(_FACTS)} from _changed order by ad_id, day"
    f" on conflict (organization_id, ad_id, day) do update set"
    f" {', '.join(f'{name} = excluded.{name}' for name in _FACTS if name not in ('ad_id', 'day'))}"
)

_ACTIONS = ("ad_account_id", "ad_id", "day", "counts", "worth_micros")
_AS_TEXT = _sql("ad_account_id, ad_id, day, counts::text as counts, worth_micros::text as worth_micros")
_UPSERT_ACTIONS = _sql(
    f"insert into ad_action_values as a ({_list(_ACTIONS)})"
    " select ad_account_id, ad_id, day, counts::jsonb, worth_micros::jsonb from _stage order by ad_id, day"
    " on conflict (organization_id, ad_id, day) do update"
    " set counts = a.counts || excluded.counts, worth_micros = a.worth_micros || excluded.worth_micros"
    " where (a.counts || excluded.counts, a.worth_micros || excluded.worth_micros)"
    " is distinct from (a.counts, a.worth_micros)"
)

_REACH = ("ad_account_id", "ad_id", "since", "until", "impressions", "reach", "observed_at")
_UPSERT_REACH = _sql(
    f"insert into ad_window_reach as a ({_list(_REACH)}) select {_list(_REACH)} from _stage"
    " on conflict (organization_id, ad_id, since, until) do update"
    " set impressions = excluded.impressions, reach = excluded.reach, observed_at = excluded.observed_at"
    " where (a.impressions, a.reach) is distinct from (excluded.impressions, excluded.reach)"
    " and a.observed_at <= excluded.observed_at"
)
