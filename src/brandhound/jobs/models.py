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

Queue = Literal["interactive", "fetch", "analyse", "report"]
State = Literal["queued", "running", "snoozed", "done", "partial", "failed", "cancelled", "timed_out"]
Level = Literal["debug", "info", "warning", "error"]

QUEUED = "queue"
"""Topic of the live changes that tell workers that something was queued; the key is the queue."""

QUEUES: tuple[Queue, ...] = ("interactive", "fetch", "analyse", "report")
ACTIVE: tuple[State, ...] = ("queued", "running", "snoozed")
LEVELS: dict[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}

_ACTIVE = "state in ('queued', 'running', 'snoozed')"


class RunRow(TenantModel):
    """One execution of a job. Inserting it is what queues it; it is kept afterwards so that a person can read what happened."""

    __tablename__ = "runs"
    __table_args__ = tenant_args(
        tenant_key("schedule_id", "schedules", ondelete="SET NULL"),
        CheckConstraint("queue in ('interactive', 'fetch', 'analyse', 'report')", name="queue"),
        CheckConstraint(
            "state in ('queued', 'running', 'snoozed', 'done', 'partial', 'failed', 'cancelled', 'timed_out')",
            name="state",
        ),
        Index("ix_runs_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_runs_organization_id_job_created_at", "organization_id", "job", "created_at"),
        Index(
            "ix_runs_schedule_id", "organization_id", "schedule_id", postgresql_where=text("schedule_id is not null")
        ),
        Index("ix_runs_parent_id", "organization_id", "parent_id", postgresql_where=text("parent_id is not null")),
        Index("ix_runs_active", "state", "worker", postgresql_where=text(_ACTIVE)),
        Index("ix_runs_cancel_requested", "cancel_requested_at", postgresql_where=text("state = 'running'")),
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
    outcome: Mapped[str | None] = mapped_column(comment="What came of it, in words.")
    error_code: Mapped[str | None] = mapped_column(comment="Kind of the failure, such as jobs/timed-out.")
    error_detail: Mapped[str | None] = mapped_column(comment="The failure in words, without secrets.")
    progress_done: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Parts that are finished.")
    progress_total: Mapped[int | None] = mapped_column(BigInteger, comment="Parts in all, once known.")
    progress_text: Mapped[str | None] = mapped_column(comment="What it is doing now.")
    key: Mapped[str | None] = mapped_column(comment="At most one active run of a job has this key.")
    once: Mapped[bool] = mapped_column(server_default="false", comment="At most one run ever has this job and key.")
    attempts: Mapped[int] = mapped_column(
        server_default="0", comment="Times a worker began it; a worker that is behind this number may not write."
    )
    interruptions: Mapped[int] = mapped_column(server_default="0", comment="Times its worker died under it.")
    round: Mapped[int] = mapped_column(server_default="0", comment="Times it was snoozed.")
    worker: Mapped[str | None] = mapped_column(comment="The process that has it now, or had it last.")
    timeout_seconds: Mapped[float] = mapped_column(comment="It is stopped when one attempt takes longer.")
    created_at: Mapped[datetime] = mapped_column(
        server_default=text("clock_timestamp()"), comment="When it was queued."
    )
    due_at: Mapped[datetime | None] = mapped_column(comment="Not to be started before, when it was put off.")
    started_at: Mapped[datetime | None] = mapped_column(comment="When it was first begun.")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When it ended.")
    cancel_requested_at: Mapped[datetime | None] = mapped_column(comment="When somebody asked to stop it.")
    cancel_requested_by: Mapped[UUID | None] = mapped_column(comment="Who asked to stop it.")
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
    timeout_seconds: Mapped[float | None] = mapped_column(comment="Replaces the job's own limit.")
    next_at: Mapped[datetime | None] = mapped_column(
        comment="When it is due; empty until the scheduler has seen the row."
    )
    fired_at: Mapped[datetime | None] = mapped_column(comment="When it was last due.")
    skipped: Mapped[int] = mapped_column(server_default="0", comment="Times it was due while its last run still ran.")
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
