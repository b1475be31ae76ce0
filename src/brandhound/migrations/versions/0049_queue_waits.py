"""Since when a run is in its queue; why a schedule paused itself, and when it would be due without chance."""

import sqlalchemy as sa
from alembic import op

revision = "0049_queue_waits"
down_revision = "0048_password_resets"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_ACTIVE = "state in ('scheduled', 'queued', 'waiting', 'running', 'paused')"

# (column, what it says, what it said)
_COMMENTS = (
    ("created_at", "When it was made.", "When it was queued."),
    (
        "put_offs",
        "Attempts that ended in waiting or in a pause, or were never begun: no tries.",
        "Attempts that ended in waiting or in a pause, and so do not count as tries.",
    ),
)

# Here and not where runs are queued: whoever brings a run into its queue, and by whatever statement, its wait begins then.
_QUEUED = """
create function run_queued() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.queued_at := case when tg_op = 'INSERT' then coalesce(new.queued_at, new.created_at) else clock_timestamp() end;
  return new;
end $$
"""

# What a schedule that stopped by itself had in its name; cut off where the name was long.
_NOTICE = r"' \(paused: (There is no job|Some of the job).*$'"


def upgrade() -> None:
    """Runs that are queued are taken to be so since they were made, or were due: nobody knows better."""
    op.execute("set local lock_timeout = '10s'")
    op.add_column(
        "runs",
        sa.Column(
            "queued_at",
            _TIME,
            comment="When it last came into its queue, out of whatever state; filled by the database.",
        ),
    )
    for column, now, before in _COMMENTS:
        op.alter_column("runs", column, comment=now, existing_comment=before)
    op.execute("update runs set queued_at = greatest(created_at, due_at) where state = 'queued'")
    op.execute(_QUEUED)
    op.execute(
        "create trigger run_queued_new before insert on runs for each row"
        " when (new.state = 'queued') execute function run_queued()"
    )
    op.execute(
        "create trigger run_queued_again before update of state on runs for each row"
        " when (new.state = 'queued' and old.state <> 'queued') execute function run_queued()"
    )
    op.create_index(
        "ix_runs_schedule_active",
        "runs",
        ["schedule_id"],
        postgresql_where=sa.text(f"schedule_id is not null and {_ACTIVE}"),
    )
    op.add_column(
        "schedules",
        sa.Column(
            "paused_because", sa.Text(), comment="Why it paused itself, in words; empty where a person paused it."
        ),
    )
    op.add_column(
        "schedules",
        sa.Column(
            "due_at",
            _TIME,
            comment="The time of its cron expression that next_at is of, without what chance adds.",
        ),
    )
    op.execute(
        r"update schedules set paused_because = case when paused then substring(title from ' \(paused: ([^)]*)') end,"
        f" title = regexp_replace(title, {_NOTICE}, '') where title ~ {_NOTICE}"
    )


def downgrade() -> None:
    """Waits count from when a run was made; the reason is in the name of the schedule again."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        "update schedules set title = left(title || ' (paused: ' || paused_because || ')', 200)"
        " where paused and paused_because is not null"
    )
    op.drop_column("schedules", "due_at")
    op.drop_column("schedules", "paused_because")
    op.drop_index("ix_runs_schedule_active", "runs")
    op.execute("drop trigger run_queued_again on runs")
    op.execute("drop trigger run_queued_new on runs")
    op.execute("drop function run_queued()")
    for column, now, before in _COMMENTS:
        op.alter_column("runs", column, comment=before, existing_comment=now)
    op.drop_column("runs", "queued_at")
