"""Tables of runs, their log lines, schedules, and the workers that do the work."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args, tenant_key
from brandhound.jobs.states import ACTIVE, STATES

Queue = Literal["interactive", "fetch", "analyse", "report"]
Level = Literal["debug", "info", "warning", "error"]

QUEUED = "queue"
"""Topic of the live changes that tell workers that something was queued; the key is the queue."""

QUEUES: tuple[Queue, ...] = ("interactive", "fetch", "analyse", "report")
TIMEOUTS_FROM = ("job", "schedule", "feed", "run")
"""Who may set the time that a run may take; the last that did is the one that counts."""

LEVELS: dict[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


_ACTIVE = _one_of("state", ACTIVE)


class RunRow(TenantModel):
    """One execution of a job. Inserting it is what queues it; it is kept afterwards so that a person can read what happened."""

    __tablename__ = "runs"
    __table_args__ = tenant_args(
        tenant_key("schedule_id", "schedules", ondelete="SET NULL"),
        CheckConstraint("queue in ('interactive', 'fetch', 'analyse', 'report')", name="queue"),
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint(_one_of("timeout_from", TIMEOUTS_FROM), name="timeout_from"),
        Index("ix_runs_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_runs_organization_id_job_created_at", "organization_id", "job", "created_at"),
        Index(
            "ix_runs_schedule_id", "organization_id", "schedule_id", postgresql_where=text("schedule_id is not null")
        ),
        Index(
            "ix_runs_schedule_active",
            "schedule_id",
            postgresql_where=text(f"schedule_id is not null and {_ACTIVE}"),
        ),
        Index("ix_runs_parent_id", "organization_id", "parent_id", postgresql_where=text("parent_id is not null")),
        Index("ix_runs_active", "state", "worker", postgresql_where=text(_ACTIVE)),
        Index("ix_runs_cancel_requested", "cancel_requested_at", postgresql_where=text("state = 'running'")),
        Index("ix_runs_due", "due_at", postgresql_where=text("state in ('scheduled', 'waiting')")),
        Index("ix_runs_waiting_for", "waiting_for", postgresql_where=text("state = 'waiting'")),
        Index(
            "ix_runs_held",
            "organization_id",
            "queue",
            "created_at",
            postgresql_where=text("state = 'queued' and not admitted"),
        ),
        Index(
            "ix_runs_admitted",
            "organization_id",
            "queue",
            postgresql_where=text("admitted and state in ('queued', 'running')"),
        ),
        Index("ix_runs_dead", "organization_id", "finished_at", postgresql_where=text("state = 'dead'")),
        Index(
            "ix_runs_changed_by",
            "organization_id",
            "changed_by_run",
            postgresql_where=text("changed_by_run is not null"),
        ),
        Index(
            "uq_runs_active_key",
            "organization_id",
            "job",
            "key",
            unique=True,
            postgresql_where=text(f"key is not null and {_ACTIVE}"),
        ),
        Index(
            "uq_runs_once_key",
            "organization_id",
            "job",
            "key",
            unique=True,
            postgresql_where=text("key is not null and once"),
        ),
        {"comment": "Executions of jobs; inserting a row queues it."},
    )

    job: Mapped[str] = mapped_column(comment="Name of the job, such as feeds.refresh.")
    title: Mapped[str] = mapped_column(comment="What a person calls it.")
    queue: Mapped[str] = mapped_column(comment="Which queue it waits in.")
    parameters: Mapped[dict[str, Any]] = mapped_column(comment="The job's parameters, as its model made them plain.")
    state: Mapped[str] = mapped_column(server_default="queued", comment="Where it stands.")
    reason: Mapped[str | None] = mapped_column(comment="Why it waits or is paused, in words.")
    waiting_for: Mapped[str | None] = mapped_column(
        comment="What it waits for: the name of a provider, or run: and the run before it."
    )
    outcome: Mapped[str | None] = mapped_column(comment="What came of it, in words.")
    error_code: Mapped[str | None] = mapped_column(comment="Kind of the failure, such as jobs/timed-out.")
    error_class: Mapped[str | None] = mapped_column(comment="What can be done about the failure, such as network.")
    error_detail: Mapped[str | None] = mapped_column(comment="The failure in words, without secrets.")
    progress_done: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Parts that are finished.")
    progress_total: Mapped[int | None] = mapped_column(BigInteger, comment="Parts in all, once known.")
    progress_text: Mapped[str | None] = mapped_column(comment="What it is doing now.")
    progress_share: Mapped[float | None] = mapped_column(comment="Part of the planned work that is finished, 0 to 1.")
    step: Mapped[str | None] = mapped_column(comment="The step it is in, or was in last.")
    step_number: Mapped[int | None] = mapped_column(comment="Which of the planned steps that is, from 1.")
    step_count: Mapped[int | None] = mapped_column(comment="Steps that are planned.")
    step_seconds: Mapped[dict[str, Any] | None] = mapped_column(comment="How long each planned step took, by its name.")
    key: Mapped[str | None] = mapped_column(comment="At most one active run of a job has this key.")
    once: Mapped[bool] = mapped_column(server_default="false", comment="At most one run ever has this job and key.")
    attempts: Mapped[int] = mapped_column(
        server_default="0", comment="Times a worker began it; a worker that is behind this number may not write."
    )
    interruptions: Mapped[int] = mapped_column(server_default="0", comment="Times its worker died under it.")
    round: Mapped[int] = mapped_column(
        server_default="0", comment="Times it was given to the workers, after the first."
    )
    put_offs: Mapped[int] = mapped_column(
        server_default="0",
        comment="Attempts that ended in waiting or in a pause, or were never begun: no tries.",
    )
    admitted: Mapped[bool] = mapped_column(
        server_default="false", comment="It is within its organization's share of the queue: workers may take it."
    )
    keep_steps: Mapped[bool] = mapped_column(
        server_default="false", comment="The next round goes on after the steps that this one finished."
    )
    worker: Mapped[str | None] = mapped_column(comment="The process that has it now, or had it last.")
    beat_at: Mapped[datetime | None] = mapped_column(comment="When its worker last said that it is at work on it.")
    timeout_seconds: Mapped[float] = mapped_column(comment="It is stopped when one attempt takes longer.")
    soft_timeout_seconds: Mapped[float | None] = mapped_column(
        comment="It is asked to stop at its next safe point when one attempt takes longer."
    )
    timeout_from: Mapped[str] = mapped_column(
        server_default="job", comment="Who set these limits: its job, its schedule, its feed or whoever started it."
    )
    created_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"), comment="When it was made.")
    queued_at: Mapped[datetime | None] = mapped_column(
        comment="When it last came into its queue, out of whatever state; filled by the database."
    )
    due_at: Mapped[datetime | None] = mapped_column(comment="Not to be started before, when it was put off.")
    put_off_at: Mapped[datetime | None] = mapped_column(
        comment="When it was put off: one that lies ahead was written by a clock that was put back since."
    )
    started_at: Mapped[datetime | None] = mapped_column(comment="When it was first begun.")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When it ended.")
    cancel_requested_at: Mapped[datetime | None] = mapped_column(comment="When somebody asked to stop it.")
    cancel_requested_by: Mapped[UUID | None] = mapped_column(comment="Who asked to stop it.")
    pause_requested_at: Mapped[datetime | None] = mapped_column(comment="When somebody asked to pause it.")
    pause_requested_by: Mapped[UUID | None] = mapped_column(comment="Who asked to pause it.")
    changed_by_run: Mapped[UUID | None] = mapped_column(
        comment="The run that changed it last as one of many, and can take that back."
    )
    requested_by: Mapped[UUID | None] = mapped_column(comment="The user who asked for it; empty when the product did.")
    schedule_id: Mapped[UUID | None] = mapped_column(comment="The schedule that queued it.")
    parent_id: Mapped[UUID | None] = mapped_column(comment="The run that queued it.")


class RunLine(Model):
    """One line of a run's log."""

    __tablename__ = "run_logs"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "run_id", "seq"),
        tenant_key("run_id", "runs", ondelete="CASCADE"),
        CheckConstraint("level in (10, 20, 30, 40)", name="level"),
        {"comment": "Log lines of runs."},
    )

    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )
    run_id: Mapped[UUID] = mapped_column(comment="The run that said it.")
    seq: Mapped[int] = mapped_column(
        BigInteger,
        autoincrement=False,
        comment="Order in the run: attempt times a million, plus the line of the attempt.",
    )
    at: Mapped[datetime] = mapped_column(comment="When it was said.")
    level: Mapped[int] = mapped_column(comment="10 debug, 20 info, 30 warning, 40 error.")
    text: Mapped[str] = mapped_column(Text, comment="What was said, without secrets.")
    facts: Mapped[dict[str, Any]] = mapped_column(server_default="{}", comment="What it is about, as fields.")


class Schedule(TenantModel):
    """When a job is queued by itself."""

    __tablename__ = "schedules"
    __table_args__ = tenant_args(
        CheckConstraint("(cron is null) <> (every_seconds is null)", name="cron_or_every"),
        CheckConstraint("every_seconds > 0", name="every"),
        CheckConstraint("overlap in ('skip', 'queue', 'replace')", name="overlap"),
        CheckConstraint("misfire in ('once', 'skip')", name="misfire"),
        CheckConstraint("jitter_seconds >= 0", name="jitter"),
        Index("ix_schedules_due", "next_at", postgresql_where=text("not paused")),
        Index("uq_schedules_registered", "organization_id", "registered", unique=True),
        {"comment": "When a job is queued by itself."},
    )

    job: Mapped[str] = mapped_column(comment="Name of the job.")
    title: Mapped[str] = mapped_column(comment="What a person calls it.")
    parameters: Mapped[dict[str, Any]] = mapped_column(comment="The job's parameters.")
    cron: Mapped[str | None] = mapped_column(comment="Minute, hour, day, month, weekday, as in cron.")
    every_seconds: Mapped[float | None] = mapped_column(comment="Period of a schedule that the product itself made.")
    time_zone: Mapped[str] = mapped_column(
        server_default="UTC", comment="IANA zone that the cron expression speaks of."
    )
    paused: Mapped[bool] = mapped_column(server_default="false", comment="Nothing is queued while it is paused.")
    paused_because: Mapped[str | None] = mapped_column(
        comment="Why it paused itself, in words; empty where a person paused it."
    )
    overlap: Mapped[str] = mapped_column(
        server_default="skip",
        comment="What happens when it comes due while its last run is not over: skip, queue behind it, or replace it.",
    )
    misfire: Mapped[str] = mapped_column(
        server_default="once", comment="What happens to times that were missed: made up for once, or skipped."
    )
    jitter_seconds: Mapped[float] = mapped_column(
        server_default="0", comment="It begins up to that much later, by chance, so that not all begin at once."
    )
    timeout_seconds: Mapped[float | None] = mapped_column(comment="Replaces the job's own limit.")
    soft_timeout_seconds: Mapped[float | None] = mapped_column(comment="Replaces the job's own limit for a safe stop.")
    next_at: Mapped[datetime | None] = mapped_column(
        comment="When it is due; empty until the scheduler has seen the row."
    )
    due_at: Mapped[datetime | None] = mapped_column(
        comment="The time of its cron expression that next_at is of, without what chance adds."
    )
    fired_at: Mapped[datetime | None] = mapped_column(comment="When it was last due.")
    skipped: Mapped[int] = mapped_column(server_default="0", comment="Times it was due while its last run still ran.")
    missed: Mapped[int] = mapped_column(
        server_default="0", comment="Times it was due while nothing ran, and was left out."
    )
    last_run_id: Mapped[UUID | None] = mapped_column(comment="The run it queued last.")
    registered: Mapped[str | None] = mapped_column(comment="Name of the job that brings this schedule with it.")
    created_by: Mapped[UUID | None] = mapped_column(comment="The user who made it.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was last changed.")


class WorkerRow(Model):
    """One worker process and its heartbeat."""

    __tablename__ = "workers"
    __table_args__ = ({"comment": "Worker processes and their heartbeats."},)

    executor_id: Mapped[str] = mapped_column(primary_key=True, comment="Host, process and a random part.")
    host: Mapped[str] = mapped_column(comment="Name of the machine.")
    pid: Mapped[int] = mapped_column(comment="Number of the process on it.")
    version: Mapped[str] = mapped_column(comment="Version of the product that it runs.")
    started_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it started.")
    beat_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it last said that it lives.")
    active: Mapped[int] = mapped_column(server_default="0", comment="Runs that it has now.")


class Recovery(Model):
    """One run that was taken from a worker that had gone."""

    __tablename__ = "recoveries"
    __table_args__ = ({"comment": "Runs that were taken from workers that had gone."},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, comment="In order.")
    at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When.")
    by_executor: Mapped[str] = mapped_column(comment="The worker that noticed.")
    dead_executor: Mapped[str] = mapped_column(comment="The worker that had gone.")
    workflow_id: Mapped[str] = mapped_column(comment="The run and its round.")
    reason: Mapped[str] = mapped_column(comment="How it was noticed.")
