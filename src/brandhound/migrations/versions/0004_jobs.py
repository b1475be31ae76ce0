"""Runs, their log, schedules and workers; inserting a run queues it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.core.addresses import APP_ROLE, SYSTEM_ROLE
from brandhound.migrations.rls import open_table, secure, system_table

revision = "0004_jobs"
down_revision = "0003_tenancy"
branch_labels = None
depends_on = None

_ACTIVE = "state in ('queued', 'running', 'snoozed')"
_MINE = sa.text("current_setting('app.organization_id')::uuid")

# The row and its place in the queue are one transaction: both or neither. The function belongs to the owner, so that
# whoever may insert a run needs no rights on the engine's tables; nobody may call it by itself.
_QUEUE_RUN = """
create function queue_run() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform dbos.enqueue_workflow(
    'brandhound.run', new.queue,
    array[to_json(new.id::text), to_json(new.organization_id::text), to_json(new.round)]::json[],
    workflow_id => new.id::text || ':' || new.round,
    delay_until_epoch_ms => (extract(epoch from new.due_at) * 1000)::bigint,
    application_name => 'brandhound');
  return null;
end $$
"""

_SCHEDULE_CHANGED = """
create function schedule_changed() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT'
     or (new.cron, new.every_seconds, new.time_zone, new.paused)
        is distinct from (old.cron, old.every_seconds, old.time_zone, old.paused) then
    new.next_at := null;
    perform pg_notify('brandhound_jobs', 'schedule');
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    _create_schedules()
    _create_runs()
    _create_run_logs()
    _create_workers()
    op.execute(_QUEUE_RUN)
    op.execute("revoke execute on function queue_run() from public")
    op.execute("create trigger queue_new_run after insert on runs for each row execute function queue_run()")
    op.execute(
        "create trigger queue_snoozed_run after update of round on runs for each row"
        " when (new.round > old.round) execute function queue_run()"
    )
    op.execute(_SCHEDULE_CHANGED)
    op.execute(
        "create trigger schedule_changed before insert or update on schedules"
        " for each row execute function schedule_changed()"
    )


def downgrade() -> None:
    for table in ("recoveries", "workers", "run_logs", "runs", "schedules"):
        op.drop_table(table)
    op.execute("drop function schedule_changed()")
    op.execute("drop function queue_run()")


def _create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("job", sa.Text(), nullable=False, comment="Name of the job."),
        sa.Column("title", sa.Text(), nullable=False, comment="What a person calls it."),
        sa.Column("parameters", postgresql.JSONB(), nullable=False, comment="The job's parameters."),
        sa.Column("cron", sa.Text(), comment="Minute, hour, day, month, weekday, as in cron."),
        sa.Column("every_seconds", sa.Float(), comment="Period of a schedule that the product itself made."),
        sa.Column(
            "time_zone",
            sa.Text(),
            server_default="UTC",
            nullable=False,
            comment="IANA zone that the cron expression speaks of.",
        ),
        sa.Column(
            "paused",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Nothing is queued while it is paused.",
        ),
        sa.Column("timeout_seconds", sa.Float(), comment="Replaces the job's own limit."),
        sa.Column(
            "next_at",
            sa.DateTime(timezone=True),
            comment="When it is due; empty until the scheduler has seen the row.",
        ),
        sa.Column("fired_at", sa.DateTime(timezone=True), comment="When it was last due."),
        sa.Column(
            "skipped",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Times it was due while its last run still ran.",
        ),
        sa.Column("last_run_id", sa.Uuid(), comment="The run it queued last."),
        sa.Column("registered", sa.Text(), comment="Name of the job that brings this schedule with it."),
        sa.Column("created_by", sa.Uuid(), comment="The user who made it."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was last changed.",
        ),
        *_owner_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("organization_id", "id", name="uq_schedules_organization_id_id"),
        sa.CheckConstraint("(cron is null) <> (every_seconds is null)", name=op.f("ck_schedules_cron_or_every")),
        sa.CheckConstraint("every_seconds > 0", name=op.f("ck_schedules_every")),
        comment="When a job is queued by itself.",
    )
    op.create_index("ix_schedules_due", "schedules", ["next_at"], postgresql_where=sa.text("not paused"))
    op.create_index("uq_schedules_registered", "schedules", ["organization_id", "registered"], unique=True)
    secure("schedules", system=True)


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("job", sa.Text(), nullable=False, comment="Name of the job, such as feeds.refresh."),
        sa.Column("title", sa.Text(), nullable=False, comment="What a person calls it."),
        sa.Column("queue", sa.Text(), nullable=False, comment="Which queue it waits in."),
        sa.Column(
            "parameters",
            postgresql.JSONB(),
            nullable=False,
            comment="The job's parameters, as its model made them plain.",
        ),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False, comment="Where it stands."),
        sa.Column("outcome", sa.Text(), comment="What came of it, in words."),
        sa.Column("error_code", sa.Text(), comment="Kind of the failure, such as jobs/timed-out."),
        sa.Column("error_detail", sa.Text(), comment="The failure in words, without secrets."),
        sa.Column(
            "progress_done",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Parts that are finished.",
        ),
        sa.Column("progress_total", sa.BigInteger(), comment="Parts in all, once known."),
        sa.Column("progress_text", sa.Text(), comment="What it is doing now."),
        sa.Column("key", sa.Text(), comment="At most one active run of a job has this key."),
        sa.Column(
            "once",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="At most one run ever has this job and key.",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Times a worker began it; a worker that is behind this number may not write.",
        ),
        sa.Column(
            "interruptions",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Times its worker died under it.",
        ),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False, comment="Times it was snoozed."),
        sa.Column("worker", sa.Text(), comment="The process that has it now, or had it last."),
        sa.Column(
            "timeout_seconds",
            sa.Float(),
            nullable=False,
            comment="It is stopped when one attempt takes longer.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="When it was queued.",
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            comment="Not to be started before, when it was put off.",
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), comment="When it was first begun."),
        sa.Column("finished_at", sa.DateTime(timezone=True), comment="When it ended."),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), comment="When somebody asked to stop it."),
        sa.Column("cancel_requested_by", sa.Uuid(), comment="Who asked to stop it."),
        sa.Column("requested_by", sa.Uuid(), comment="The user who asked for it; empty when the product did."),
        sa.Column("schedule_id", sa.Uuid(), comment="The schedule that queued it."),
        sa.Column("parent_id", sa.Uuid(), comment="The run that queued it."),
        *_owner_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("organization_id", "id", name="uq_runs_organization_id_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "schedule_id"],
            ["schedules.organization_id", "schedules.id"],
            name="fk_runs_organization_id_schedule_id",
            ondelete="SET NULL (schedule_id)",
        ),
        sa.CheckConstraint("queue in ('interactive', 'fetch', 'analyse', 'report')", name=op.f("ck_runs_queue")),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'snoozed', 'done', 'partial', 'failed', 'cancelled', 'timed_out')",
            name=op.f("ck_runs_state"),
        ),
        comment="Executions of jobs; inserting a row queues it.",
    )
    op.create_index("ix_runs_organization_id_created_at", "runs", ["organization_id", "created_at"])
    op.create_index("ix_runs_organization_id_job_created_at", "runs", ["organization_id", "job", "created_at"])
    op.create_index(
        "ix_runs_schedule_id",
        "runs",
        ["organization_id", "schedule_id"],
        postgresql_where=sa.text("schedule_id is not null"),
    )
    op.create_index(
        "ix_runs_parent_id",
        "runs",
        ["organization_id", "parent_id"],
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.create_index("ix_runs_active", "runs", ["state", "worker"], postgresql_where=sa.text(_ACTIVE))
    op.create_index(
        "ix_runs_cancel_requested", "runs", ["cancel_requested_at"], postgresql_where=sa.text("state = 'running'")
    )
    op.create_index(
        "uq_runs_active_key",
        "runs",
        ["organization_id", "job", "key"],
        unique=True,
        postgresql_where=sa.text(f"key is not null and {_ACTIVE}"),
    )
    op.create_index(
        "uq_runs_once_key",
        "runs",
        ["organization_id", "job", "key"],
        unique=True,
        postgresql_where=sa.text("key is not null and once"),
    )
    secure("runs", system=True)


def _create_run_logs() -> None:
    op.create_table(
        "run_logs",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=_MINE,
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False, comment="The run that said it."),
        sa.Column(
            "seq",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Order in the run: attempt times a million, plus the line of the attempt.",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was said."),
        sa.Column("level", sa.Integer(), nullable=False, comment="10 debug, 20 info, 30 warning, 40 error."),
        sa.Column("text", sa.Text(), nullable=False, comment="What was said, without secrets."),
        sa.Column(
            "facts",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What it is about, as fields.",
        ),
        sa.PrimaryKeyConstraint("organization_id", "run_id", "seq", name="pk_run_logs"),
        sa.ForeignKeyConstraint(
            ["organization_id", "run_id"],
            ["runs.organization_id", "runs.id"],
            name="fk_run_logs_organization_id_run_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("level in (10, 20, 30, 40)", name=op.f("ck_run_logs_level")),
        comment="Log lines of runs.",
    )
    secure("run_logs", system=True)


def _create_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("executor_id", sa.Text(), nullable=False, comment="Host, process and a random part."),
        sa.Column("host", sa.Text(), nullable=False, comment="Name of the machine."),
        sa.Column("pid", sa.Integer(), nullable=False, comment="Number of the process on it."),
        sa.Column("version", sa.Text(), nullable=False, comment="Version of the product that it runs."),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it started.",
        ),
        sa.Column(
            "beat_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it last said that it lives.",
        ),
        sa.Column("active", sa.Integer(), server_default="0", nullable=False, comment="Runs that it has now."),
        sa.PrimaryKeyConstraint("executor_id", name="pk_workers"),
        comment="Worker processes and their heartbeats.",
    )
    open_table("workers")
    op.execute(f"revoke insert, update, delete on workers from {APP_ROLE}")
    op.create_table(
        "recoveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="In order."),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False, comment="When."),
        sa.Column("by_executor", sa.Text(), nullable=False, comment="The worker that noticed."),
        sa.Column("dead_executor", sa.Text(), nullable=False, comment="The worker that had gone."),
        sa.Column("workflow_id", sa.Text(), nullable=False, comment="The run and its round."),
        sa.Column("reason", sa.Text(), nullable=False, comment="How it was noticed."),
        sa.PrimaryKeyConstraint("id", name="pk_recoveries"),
        comment="Runs that were taken from workers that had gone.",
    )
    system_table("recoveries")
    op.execute(f"grant usage, select on sequence recoveries_id_seq to {SYSTEM_ROLE}")


def _owner_columns() -> tuple[sa.Column[object], sa.Column[object]]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=_MINE,
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
    )
