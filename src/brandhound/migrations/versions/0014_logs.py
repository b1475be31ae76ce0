"""Log lines of every process, in partitions of a week that go as a whole; saved searches, and how long lines are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.core.addresses import SYSTEM_ROLE
from brandhound.migrations.rls import secure

revision = "0014_logs"
down_revision = "0013_providers"
branch_labels = None
depends_on = None

_MINE = sa.text("current_setting('app.organization_id')::uuid")

# Partitions lie in a schema that no role but the owner may enter: they can be reached through their table alone, and so through
# its row-level security. The functions belong to the owner, since the processes may not make or drop tables.
_MAKE = """
create function make_log_partitions(weeks int default 4) returns int language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  parent text; part text; monday date; made int := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('brandhound:log-partitions', 0));
  foreach parent in array array['log_lines_details', 'log_lines_troubles', 'log_pages_details', 'log_pages_troubles'] loop
    for week in 0..weeks loop
      monday := date_trunc('week', now() at time zone 'UTC')::date + 7 * week;
      part := parent || '_' || to_char(monday, 'YYYYMMDD');
      if to_regclass('brandhound_logs.' || part) is null then
        perform make_log_partition(parent, part, monday);
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$
"""

# Attached rather than created in place: that does not hold up those who write. Lines that came before there was a partition for
# them are in the default one, and would forbid the new one.
_MAKE_ONE = """
create function make_log_partition(parent text, part text, monday date) returns void language plpgsql
set search_path = public, pg_temp as $$
declare
  since timestamptz := monday::timestamp at time zone 'UTC';
  until timestamptz := (monday + 7)::timestamp at time zone 'UTC';
  at_column text := case when parent like 'log_lines%' then 'at' else 'to_at' end;
begin
  execute format('create table brandhound_logs.%I (like brandhound_logs.%I including defaults including constraints)',
    part, parent);
  execute format('with moved as (delete from brandhound_logs.%I where %I >= %L and %I < %L returning *)'
    ' insert into brandhound_logs.%I select * from moved',
    parent || '_rest', at_column, since, at_column, until, part);
  execute format('alter table brandhound_logs.%I attach partition brandhound_logs.%I for values from (%L) to (%L)',
    parent, part, since, until);
end $$
"""

_LIST = """
create function log_partitions()
returns table (name text, kind text, since date, bytes bigint) language sql stable security definer
set search_path = public, pg_temp as $$
  select c.relname::text, split_part(c.relname, '_', 3), to_date(right(c.relname, 8), 'YYYYMMDD'), pg_total_relation_size(c.oid)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'brandhound_logs' and c.relkind = 'r' and c.relname ~ '^log_(lines|pages)_(details|troubles)_[0-9]{8}$'
$$
"""

# Emptied first, which locks nobody out who looks elsewhere, however large its files are; then to drop it takes an instant. Neither
# waits for anybody for long: whoever reads or writes would wait behind it.
_EMPTY = """
create function empty_log_partition(part text) returns void language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '1s' as $$
begin
  if part !~ '^log_(lines|pages)_(details|troubles)_[0-9]{8}$' then
    raise exception 'not a partition of log lines: %', part;
  end if;
  if to_regclass('brandhound_logs.' || part) is not null then
    execute format('truncate brandhound_logs.%I', part);
  end if;
end $$
"""

_DROP = """
create function drop_log_partition(part text) returns void language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '1s' as $$
begin
  if part !~ '^log_(lines|pages)_(details|troubles)_[0-9]{8}$' then
    raise exception 'not a partition of log lines: %', part;
  end if;
  execute format('drop table if exists brandhound_logs.%I', part);
end $$
"""

FUNCTIONS = (
    "make_log_partitions(int)",
    "make_log_partition(text, text, date)",
    "log_partitions()",
    "empty_log_partition(text)",
    "drop_log_partition(text)",
)
FOR_PROCESSES = (
    "make_log_partitions(int)",
    "log_partitions()",
    "empty_log_partition(text)",
    "drop_log_partition(text)",
)


def upgrade() -> None:
    op.execute("create schema brandhound_logs")
    _create_lines()
    _create_pages()
    for table, column in (("log_lines", "at"), ("log_pages", "to_at")):
        for kind, levels in (("details", "10, 20"), ("troubles", "30, 40")):
            name = f"brandhound_logs.{table}_{kind}"
            op.execute(
                f"create table {name} partition of {table} for values in ({levels}) partition by range ({column})"
            )
            op.execute(f"create table {name}_rest partition of {name} default")
    for function in (_MAKE_ONE, _MAKE, _LIST, _EMPTY, _DROP):
        op.execute(function)
    for function in FUNCTIONS:
        op.execute(f"revoke execute on function {function} from public")
    for function in FOR_PROCESSES:
        op.execute(f"grant execute on function {function} to {SYSTEM_ROLE}")
    op.execute("select make_log_partitions()")
    # Only the role that writes lines changes them; people read.
    secure("log_lines", system=True, app="select")
    secure("log_pages", system=True, app="select")
    _create_searches()
    _create_retention()


def downgrade() -> None:
    for table in ("log_retention", "log_searches", "log_pages", "log_lines"):
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute("drop schema brandhound_logs")


def _organization() -> sa.Column[object]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=_MINE,
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


def _create_lines() -> None:
    op.create_table(
        "log_lines",
        _organization(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was said."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Holds the time, the process and the number of the line."),
        sa.Column("level", sa.Integer(), nullable=False, comment="10 debug, 20 info, 30 warning, 40 error."),
        sa.Column("text", sa.Text(), nullable=False, comment="What was said, without secrets."),
        sa.Column(
            "logger", sa.Text(), nullable=False, comment="The part of the product, or the library, that said it."
        ),
        sa.Column("process", sa.Text(), nullable=False, comment="web, worker or cli."),
        sa.Column("host", sa.Text(), nullable=False, comment="Name of the machine."),
        sa.Column("pid", sa.Integer(), nullable=False, comment="Number of the process on it."),
        sa.Column("boot", sa.Text(), nullable=False, comment="Another one for each start of a process and each fork."),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="Number of the line since then, without gaps."),
        sa.Column("run_id", sa.Uuid(), comment="The run that it is about."),
        sa.Column("feed_id", sa.Uuid(), comment="The feed that it is about."),
        sa.Column("provider", sa.Text(), comment="The provider that it is about."),
        sa.Column("request_id", sa.Text(), comment="The request that it is about."),
        sa.Column(
            "facts",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What it is about, as fields, without secrets.",
        ),
        sa.Column("traceback", sa.Text(), comment="Where a failure came from."),
        sa.PrimaryKeyConstraint("organization_id", "at", "id", "level", name="pk_log_lines"),
        comment="What the processes said, by organization; lines of no organization belong to the installation's own.",
        postgresql_partition_by="LIST (level)",
    )
    for column in ("run_id", "request_id"):
        op.create_index(
            f"ix_log_lines_{column}",
            "log_lines",
            ["organization_id", column],
            postgresql_where=sa.text(f"{column} is not null"),
        )
    op.create_index(
        "ix_log_lines_feed_id",
        "log_lines",
        ["organization_id", "feed_id", "at"],
        postgresql_where=sa.text("feed_id is not null"),
    )


def _create_pages() -> None:
    op.create_table(
        "log_pages",
        _organization(),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False, comment="When its newest line was said."),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False, comment="When its oldest line was said."),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False, comment="Random."),
        sa.Column("level", sa.Integer(), nullable=False, comment="20 for debug and info, 40 for warning and error."),
        sa.Column("lines", sa.Integer(), nullable=False, comment="How many lines it holds."),
        sa.Column(
            "folded",
            sa.Text(),
            nullable=False,
            comment="All that can be searched for in these lines, in small letters.",
        ),
        sa.PrimaryKeyConstraint("organization_id", "to_at", "id", "level", name="pk_log_pages"),
        comment="The words of many log lines in one row: a search reads these, then the lines of those that match.",
        postgresql_partition_by="LIST (level)",
    )
    op.create_index(
        "ix_log_pages_small", "log_pages", ["organization_id", "to_at"], postgresql_where=sa.text("lines < 200")
    )


def _create_searches() -> None:
    op.create_table(
        "log_searches",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _organization(),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Whose search it is; others do not see it."),
        sa.Column("name", sa.Text(), nullable=False, comment="What the person calls it."),
        sa.Column("query", postgresql.JSONB(), nullable=False, comment="The search, as the screen's address has it."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was saved."),
        sa.PrimaryKeyConstraint("id", name="pk_log_searches"),
        sa.UniqueConstraint("organization_id", "id", name="uq_log_searches_organization_id_id"),
        sa.UniqueConstraint("organization_id", "user_id", "name", name="uq_log_searches_organization_id_user_id_name"),
        comment="Searches of log lines that people saved.",
    )
    secure("log_searches")


def _create_retention() -> None:
    op.create_table(
        "log_retention",
        _organization(),
        sa.Column("detail_days", sa.Integer(), comment="Days for debug and info; empty: what the installation keeps."),
        sa.Column(
            "trouble_days", sa.Integer(), comment="Days for warning and error; empty: what the installation keeps."
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed."),
        sa.PrimaryKeyConstraint("organization_id", name="pk_log_retention"),
        sa.CheckConstraint("detail_days between 1 and 400", name="ck_log_retention_detail_days"),
        sa.CheckConstraint("trouble_days between 1 and 400", name="ck_log_retention_trouble_days"),
        comment="How long an organization's log lines are kept, where that is not as for everybody.",
    )
    secure("log_retention", system=True)
