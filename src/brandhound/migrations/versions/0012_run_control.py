"""Runs that wait, pause, get lost or die, and schedules that overlap."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_run_control"
down_revision = "0010_mention_speed"
branch_labels = None
depends_on = None

_STATES = (
    "state in ('scheduled', 'queued', 'waiting', 'running', 'paused',"
    " 'done', 'partial', 'failed', 'timed_out', 'cancelled', 'lost', 'dead')"
)
_STATES_BEFORE = "state in ('queued', 'running', 'snoozed', 'done', 'partial', 'failed', 'cancelled', 'timed_out')"
_ACTIVE = "state in ('scheduled', 'queued', 'waiting', 'running', 'paused')"
_ACTIVE_BEFORE = "state in ('queued', 'running', 'snoozed')"

# Only what is admitted is given to the engine; what waits for its time or its turn is known to our own tables alone.
# A round that goes on where the one before stopped is given that one's finished steps: all up to the first that failed.
_QUEUE_RUN = """
create or replace function queue_run() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform dbos.enqueue_workflow(
    'brandhound.run', new.queue,
    array[to_json(new.id::text), to_json(new.organization_id::text), to_json(new.round)]::json[],
    workflow_id => new.id::text || ':' || new.round,
    application_name => 'brandhound');
  if tg_op = 'UPDATE' and new.keep_steps then
    insert into dbos.operation_outputs
           (workflow_uuid, function_id, function_name, output, error, child_workflow_id, started_at_epoch_ms,
            completed_at_epoch_ms, serialization, application_name, retention_timestamp)
    select new.id::text || ':' || new.round, o.function_id, o.function_name, o.output, o.error, o.child_workflow_id,
           o.started_at_epoch_ms, o.completed_at_epoch_ms, o.serialization, o.application_name, o.retention_timestamp
      from dbos.operation_outputs o
     where o.workflow_uuid = old.id::text || ':' || old.round
       and o.function_id < coalesce((
         select min(f.function_id) from dbos.operation_outputs f
          where f.workflow_uuid = o.workflow_uuid
            and (f.error is not null or f.function_name in (
              select l.function_name from dbos.operation_outputs l
               where l.workflow_uuid = o.workflow_uuid and l.output like '{"error"%'
                 and l.function_id = (select max(m.function_id) from dbos.operation_outputs m
                                       where m.workflow_uuid = o.workflow_uuid)))), 2147483647)
    on conflict do nothing;
  end if;
  return null;
end $$
"""

_QUEUE_RUN_BEFORE = """
create or replace function queue_run() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
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


def upgrade() -> None:
    op.execute("set local lock_timeout = '10s'")
    _add_columns()
    op.execute("drop trigger queue_new_run on runs")
    op.execute("drop trigger queue_snoozed_run on runs")
    op.drop_constraint(op.f("ck_runs_state"), "runs")
    op.execute("update runs set admitted = true where state in ('queued', 'running')")
    op.execute(
        "update runs set state = 'waiting', put_offs = round, reason = outcome, outcome = null where state = 'snoozed'"
    )
    op.create_check_constraint(op.f("ck_runs_state"), "runs", _STATES)
    op.create_check_constraint(
        op.f("ck_runs_timeout_from"), "runs", "timeout_from in ('job', 'schedule', 'feed', 'run')"
    )
    _index_active(_ACTIVE)
    op.create_index("ix_runs_due", "runs", ["due_at"], postgresql_where=sa.text("state in ('scheduled', 'waiting')"))
    op.create_index("ix_runs_waiting_for", "runs", ["waiting_for"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index(
        "ix_runs_held",
        "runs",
        ["organization_id", "queue", "created_at"],
        postgresql_where=sa.text("state = 'queued' and not admitted"),
    )
    op.create_index(
        "ix_runs_admitted",
        "runs",
        ["organization_id", "queue"],
        postgresql_where=sa.text("admitted and state in ('queued', 'running')"),
    )
    op.create_index(
        "ix_runs_dead", "runs", ["organization_id", "finished_at"], postgresql_where=sa.text("state = 'dead'")
    )
    op.create_index(
        "ix_runs_changed_by",
        "runs",
        ["organization_id", "changed_by_run"],
        postgresql_where=sa.text("changed_by_run is not null"),
    )
    op.create_check_constraint(op.f("ck_schedules_overlap"), "schedules", "overlap in ('skip', 'queue', 'replace')")
    op.create_check_constraint(op.f("ck_schedules_misfire"), "schedules", "misfire in ('once', 'skip')")
    op.create_check_constraint(op.f("ck_schedules_jitter"), "schedules", "jitter_seconds >= 0")
    op.execute(_QUEUE_RUN)
    op.execute(
        "create trigger queue_new_run after insert on runs for each row"
        " when (new.admitted and new.state = 'queued') execute function queue_run()"
    )
    op.execute(
        "create trigger queue_run_again after update of round on runs for each row"
        " when (new.round > old.round) execute function queue_run()"
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop trigger queue_new_run on runs")
    op.execute("drop trigger queue_run_again on runs")
    op.drop_constraint(op.f("ck_runs_state"), "runs")
    op.execute(_QUEUE_RUN_BEFORE)
    op.execute("create trigger queue_new_run after insert on runs for each row execute function queue_run()")
    op.execute(
        "create trigger queue_snoozed_run after update of round on runs for each row"
        " when (new.round > old.round) execute function queue_run()"
    )
    op.execute("update runs set state = 'failed', outcome = null where state in ('lost', 'dead')")
    # What only our tables knew is given to the engine, at its time.
    op.execute(
        "update runs set state = 'snoozed', outcome = reason, round = round + 1,"
        " due_at = case when due_at = 'infinity' then now() else due_at end"
        " where state in ('scheduled', 'waiting', 'paused')"
    )
    op.execute("update runs set round = round + 1 where state = 'queued' and not admitted")
    for name in ("ix_runs_due", "ix_runs_waiting_for", "ix_runs_held", "ix_runs_admitted", "ix_runs_dead"):
        op.drop_index(name, "runs")
    op.drop_index("ix_runs_changed_by", "runs")
    op.create_check_constraint(op.f("ck_runs_state"), "runs", _STATES_BEFORE)
    _index_active(_ACTIVE_BEFORE)
    for column in _run_columns():
        op.drop_column("runs", column.name)
    for column in _schedule_columns():
        op.drop_column("schedules", column.name)
    op.alter_column("runs", "round", comment="Times it was snoozed.", existing_comment=_ROUND)


def _index_active(active: str) -> None:
    op.drop_index("ix_runs_active", "runs")
    op.drop_index("uq_runs_active_key", "runs")
    op.create_index("ix_runs_active", "runs", ["state", "worker"], postgresql_where=sa.text(active))
    op.create_index(
        "uq_runs_active_key",
        "runs",
        ["organization_id", "job", "key"],
        unique=True,
        postgresql_where=sa.text(f"key is not null and {active}"),
    )


def _add_columns() -> None:
    for column in _run_columns():
        op.add_column("runs", column)
    for column in _schedule_columns():
        op.add_column("schedules", column)
    op.alter_column("runs", "round", comment=_ROUND, existing_comment="Times it was snoozed.")


_ROUND = "Times it was given to the workers, after the first."
_TIME = sa.DateTime(timezone=True)


def _run_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("reason", sa.Text(), comment="Why it waits or is paused, in words."),
        sa.Column(
            "waiting_for",
            sa.Text(),
            comment="What it waits for: the name of a provider, or run: and the run before it.",
        ),
        sa.Column("error_class", sa.Text(), comment="What can be done about the failure, such as network."),
        sa.Column("progress_share", sa.Float(), comment="Part of the planned work that is finished, 0 to 1."),
        sa.Column("step", sa.Text(), comment="The step it is in, or was in last."),
        sa.Column("step_number", sa.Integer(), comment="Which of the planned steps that is, from 1."),
        sa.Column("step_count", sa.Integer(), comment="Steps that are planned."),
        sa.Column("step_seconds", postgresql.JSONB(), comment="How long each planned step took, by its name."),
        sa.Column(
            "put_offs",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Attempts that ended in waiting or in a pause, and so do not count as tries.",
        ),
        sa.Column(
            "admitted",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="It is within its organization's share of the queue: workers may take it.",
        ),
        sa.Column(
            "keep_steps",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="The next round goes on after the steps that this one finished.",
        ),
        sa.Column("beat_at", _TIME, comment="When its worker last said that it is at work on it."),
        sa.Column(
            "soft_timeout_seconds",
            sa.Float(),
            comment="It is asked to stop at its next safe point when one attempt takes longer.",
        ),
        sa.Column(
            "timeout_from",
            sa.Text(),
            server_default="job",
            nullable=False,
            comment="Who set these limits: its job, its schedule, its feed or whoever started it.",
        ),
        sa.Column(
            "put_off_at",
            _TIME,
            comment="When it was put off: one that lies ahead was written by a clock that was put back since.",
        ),
        sa.Column("pause_requested_at", _TIME, comment="When somebody asked to pause it."),
        sa.Column("pause_requested_by", sa.Uuid(), comment="Who asked to pause it."),
        sa.Column(
            "changed_by_run",
            sa.Uuid(),
            comment="The run that changed it last as one of many, and can take that back.",
        ),
    ]


def _schedule_columns() -> list[sa.Column[object]]:
    return [
        sa.Column(
            "overlap",
            sa.Text(),
            server_default="skip",
            nullable=False,
            comment="What happens when it comes due while its last run is not over: skip, queue behind it, or replace it.",
        ),
        sa.Column(
            "misfire",
            sa.Text(),
            server_default="once",
            nullable=False,
            comment="What happens to times that were missed: made up for once, or skipped.",
        ),
        sa.Column(
            "jitter_seconds",
            sa.Float(),
            server_default="0",
            nullable=False,
            comment="It begins up to that much later, by chance, so that not all begin at once.",
        ),
        sa.Column("soft_timeout_seconds", sa.Float(), comment="Replaces the job's own limit for a safe stop."),
        sa.Column(
            "missed",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Times it was due while nothing ran, and was left out.",
        ),
    ]
