"""What the database server says of itself: sizes, slow statements, locks, indexes that nobody uses."""

import re
from typing import Any

from sqlalchemy import text

from brandhound.admin.reading import rows
from brandhound.core.db import Db

SLOW = 1.0
"""Seconds after which a statement that still runs is listed."""

_TABLES = """
select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end as name,
       pg_total_relation_size(c.oid) as total_bytes, pg_indexes_size(c.oid) as index_bytes,
       greatest(0, coalesce(s.n_live_tup, c.reltuples, 0))::bigint as rows_about,
       coalesce(s.n_dead_tup, 0)::bigint as dead_rows, coalesce(s.seq_scan, 0)::bigint as full_reads,
       greatest(s.last_vacuum, s.last_autovacuum) as vacuumed_at, greatest(s.last_analyze, s.last_autoanalyze) as analyzed_at
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables s on s.relid = c.oid
 where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
 order by 2 desc limit :limit
"""

_RUNNING = """
select pid, usename as role, application_name as application, state,
       extract(epoch from now() - query_start)::float as seconds, wait_event_type as waits_for, query
  from pg_stat_activity
 where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()
   and query_start < now() - make_interval(secs => :slow) and backend_type = 'client backend'
 order by query_start limit 20
"""

_STATEMENTS = """
select s.calls, s.mean_exec_time / 1000 as mean_seconds, s.total_exec_time / 1000 as total_seconds, s.rows, s.query
  from pg_stat_statements s join pg_database d on d.oid = s.dbid
 where d.datname = current_database() and s.calls > 0 order by s.total_exec_time desc limit 20
"""

_BLOCKED = """
select a.pid, a.usename as role, extract(epoch from now() - a.query_start)::float as seconds, a.query,
       pg_blocking_pids(a.pid) as blocked_by
  from pg_stat_activity a
 where a.datname = current_database() and a.wait_event_type = 'Lock' order by a.query_start limit 20
"""

# What keeps rows unique is not there to be read by; and counters that were set back a moment ago say nothing.
_UNUSED = """
select c.relname as index, t.relname as table, pg_relation_size(c.oid) as bytes
  from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid join pg_class c on c.oid = s.indexrelid
  join pg_class t on t.oid = i.indrelid
 where s.idx_scan = 0 and not i.indisunique and not i.indisprimary and pg_relation_size(c.oid) > :bytes
 order by 3 desc limit 30
"""

_SUMMARY = """
select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
       (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
       current_setting('max_connections')::int as most_connections,
       (select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as blocked,
       greatest(0, coalesce((select max(extract(epoch from clock_timestamp() - xact_start)) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'), 0))::float
         as longest_transaction,
       (select case when blks_hit + blks_read = 0 then null else blks_hit::float / (blks_hit + blks_read) end
          from pg_stat_database where datname = current_database()) as cache_hits,
       (select deadlocks from pg_stat_database where datname = current_database()) as deadlocks,
       (select coalesce(stats_reset, pg_postmaster_start_time()) from pg_stat_database where datname = current_database())
         as counting_since,
       pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_all, current_user as asked_as
"""

# Texts in quotes, with escapes, and between dollars; places for values; numbers. What is cut off in the middle has no end.
_STRINGS = re.compile(
    r"\b[eE]'(?:[^'\\]|\\.|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$.*?(?:\$\1\$|$)|\$\d+\b|\b\d+(?:\.\d+)?\b",
    re.DOTALL,
)


async def summary(db: Db) -> dict[str, Any]:
    """The server in one row."""
    return (await rows(db, _SUMMARY))[0]


async def table_sizes(db: Db, limit: int = 200) -> list[dict[str, Any]]:
    """The tables, the biggest first."""
    return await rows(db, _TABLES, limit=limit)


async def slow_now(db: Db) -> list[dict[str, Any]]:
    """Statements that have been running for over a second, without the values in them."""
    return [{**row, "query": shape(row["query"])} for row in await rows(db, _RUNNING, slow=SLOW)]


async def slow_ever(db: Db) -> list[dict[str, Any]] | None:
    """The statements that took most of the server's time; None where it does not keep count (pg_stat_statements)."""
    # In pg_extension, because the view may lie in any schema.
    if not await db.scalar(text("select true from pg_extension where extname = 'pg_stat_statements'")):
        return None
    return [{**row, "query": shape(row["query"])} for row in await rows(db, _STATEMENTS)]


async def blocked(db: Db) -> list[dict[str, Any]]:
    """Statements that wait for a lock, and the processes that hold it."""
    return [{**row, "query": shape(row["query"])} for row in await rows(db, _BLOCKED)]


async def unused_indexes(db: Db, over_bytes: int = 1_000_000) -> list[dict[str, Any]]:
    """Indexes that were never read since the server counts, and that are worth a thought."""
    return await rows(db, _UNUSED, bytes=over_bytes)


def shape(statement: str | None) -> str:
    """A statement without its values, which may be anybody's, in one line."""
    return " ".join(_STRINGS.sub("?", statement or "").split())[:600]
