"""Tables of what the operator watches. All but the sightings hold nothing of any organization."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model
from brandhound.core.ids import uuid7
from brandhound.jobs.models import RunRow

GroupState = Literal["open", "resolved", "ignored"]
Severity = Literal["info", "warning", "critical"]
Comparison = Literal["above", "below"]

# By this the last hour is found among all runs of all organizations.
Index("ix_runs_finished_at", RunRow.finished_at, postgresql_where=text("finished_at is not null"))


def _organization() -> Mapped[UUID]:
    return mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )


class ProcessRow(Model):
    """One process of the product, while it lives and for a month after."""

    __tablename__ = "processes"
    __table_args__ = (
        CheckConstraint("kind in ('web', 'worker')", name="kind"),
        Index("ix_processes_seen_at", "seen_at"),
        {"comment": "Processes of the product: those that live, and those that ended in the last 30 days."},
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="Host, process and a random part; a worker's own name.")
    kind: Mapped[str] = mapped_column(comment="web or worker.")
    host: Mapped[str] = mapped_column(comment="Name of the machine.")
    pid: Mapped[int] = mapped_column(comment="Number of the process on it.")
    version: Mapped[str] = mapped_column(comment="Version of the product that it runs.")
    started_at: Mapped[datetime] = mapped_column(comment="When it started.")
    seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it last told of itself.")
    rss_bytes: Mapped[int] = mapped_column(BigInteger, comment="Memory that it and its children hold.")
    cpu_seconds: Mapped[float] = mapped_column(Float, comment="Processor time that it used so far.")
    threads: Mapped[int] = mapped_column(comment="Threads that it has.")
    active: Mapped[int] = mapped_column(comment="Runs, or requests, that it has now.")
    figures: Mapped[dict[str, Any]] = mapped_column(comment="What it has counted since it started.")
    counted: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="What of that is in the minutes already."
    )
    ended_at: Mapped[datetime | None] = mapped_column(comment="When it ended, or was last seen before it was gone.")
    end_reason: Mapped[str | None] = mapped_column(comment="stopped, or gone without a word.")


class MetricSeries(Model):
    """The name of a line in a chart."""

    __tablename__ = "metric_series"
    __table_args__ = (
        UniqueConstraint("name", "label"),
        {"comment": "Names of the series that samples belong to."},
    )

    id: Mapped[int] = mapped_column(SmallInteger, Identity(always=True), primary_key=True, comment="In order.")
    name: Mapped[str] = mapped_column(comment="Name of the metric.")
    label: Mapped[str] = mapped_column(server_default="", comment="Which of several, such as a queue.")


class MetricSample(Model):
    """The value of a series in one minute."""

    __tablename__ = "metric_samples"
    __table_args__ = (
        PrimaryKeyConstraint("series_id", "at"),
        Index("ix_metric_samples_at", "at"),
        {"comment": "A value a minute for each series, kept for 30 days."},
    )

    series_id: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("metric_series.id", ondelete="CASCADE"), comment="The series."
    )
    at: Mapped[datetime] = mapped_column(comment="The minute.")
    value: Mapped[float] = mapped_column(Float, comment="What it was.")


class MetricHour(Model):
    """What a series was over an hour."""

    __tablename__ = "metric_hours"
    __table_args__ = (
        PrimaryKeyConstraint("series_id", "at"),
        Index("ix_metric_hours_at", "at"),
        {"comment": "The samples of each hour together, for what looks back for long."},
    )

    series_id: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("metric_series.id", ondelete="CASCADE"), comment="The series."
    )
    at: Mapped[datetime] = mapped_column(comment="The beginning of the hour.")
    mean: Mapped[float] = mapped_column(Float, comment="The mean of its minutes.")
    most: Mapped[float] = mapped_column(Float, comment="The greatest of them.")
    total: Mapped[float] = mapped_column(Float, comment="Their sum.")


class TableSize(Model):
    """How big a table was on a day."""

    __tablename__ = "table_sizes"
    __table_args__ = (PrimaryKeyConstraint("on_date", "name"), {"comment": "Sizes of the tables, a row a day."})

    on_date: Mapped[date] = mapped_column(comment="The day, UTC.")
    name: Mapped[str] = mapped_column(comment="The table, with its schema unless that is public.")
    total_bytes: Mapped[int] = mapped_column(BigInteger, comment="Rows, indexes and what is stored aside.")
    rows_about: Mapped[int] = mapped_column(BigInteger, comment="Rows, as the server estimates them.")


class Fact(Model):
    """Something that the installation remembers about itself, such as its last backup."""

    __tablename__ = "installation_facts"
    __table_args__ = ({"comment": "What the installation remembers about itself, such as its last backup."},)

    name: Mapped[str] = mapped_column(primary_key=True, comment="What it is about.")
    at: Mapped[datetime] = mapped_column(comment="When it was so.")
    facts: Mapped[dict[str, Any]] = mapped_column(server_default="{}", comment="The rest.")


class ErrorGroup(Model):
    """Errors that are one fault: the same kind at the same place."""

    __tablename__ = "error_groups"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        CheckConstraint("state in ('open', 'resolved', 'ignored')", name="state"),
        Index("ix_error_groups_state_last_seen_at", "state", "last_seen_at"),
        {"comment": "Faults: errors of one kind at one place, without anything of an organization."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    fingerprint: Mapped[str] = mapped_column(comment="Hash of the kind and of the places in our code.")
    kind: Mapped[str] = mapped_column(comment="The exception's type, or the code of a run's failure.")
    place: Mapped[str] = mapped_column(comment="The innermost place in our code, or the job.")
    source: Mapped[str] = mapped_column(comment="web, worker or run.")
    trace: Mapped[str] = mapped_column(comment="Where it happened: files, lines and functions, no values.")
    count: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="How often.")
    first_seen_at: Mapped[datetime] = mapped_column(comment="The first time.")
    last_seen_at: Mapped[datetime] = mapped_column(comment="The last time.")
    first_version: Mapped[str] = mapped_column(comment="Version of the product that had it first.")
    last_version: Mapped[str] = mapped_column(comment="Version of the product that had it last.")
    state: Mapped[str] = mapped_column(server_default="open", comment="open, resolved or ignored.")
    resolved_at: Mapped[datetime | None] = mapped_column(comment="When somebody said that it is mended.")
    regressed_at: Mapped[datetime | None] = mapped_column(comment="When it came again although it was mended.")


class ErrorMinute(Model):
    """How often a fault happened in a minute."""

    __tablename__ = "error_minutes"
    __table_args__ = (
        PrimaryKeyConstraint("group_id", "at"),
        Index("ix_error_minutes_at", "at"),
        {"comment": "Faults by the minute, kept for 30 days."},
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("error_groups.id", ondelete="CASCADE"), comment="The fault.")
    at: Mapped[datetime] = mapped_column(comment="The minute.")
    count: Mapped[int] = mapped_column(comment="How often in it.")


class ErrorSighting(Model):
    """That an organization met a fault, and what it said the last time."""

    __tablename__ = "error_sightings"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "group_id"),
        Index("ix_error_sightings_group_id", "group_id"),
        {"comment": "Which organizations met a fault, and what it said the last time."},
    )

    organization_id: Mapped[UUID] = _organization()
    group_id: Mapped[UUID] = mapped_column(ForeignKey("error_groups.id", ondelete="CASCADE"), comment="The fault.")
    count: Mapped[int] = mapped_column(BigInteger, comment="How often.")
    first_seen_at: Mapped[datetime] = mapped_column(comment="The first time.")
    last_seen_at: Mapped[datetime] = mapped_column(comment="The last time.")
    message: Mapped[str] = mapped_column(Text, comment="What it said the last time, without secrets.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that met it last.")
    request: Mapped[str | None] = mapped_column(comment="Method and path of the request that met it last.")


class AlertRule(Model):
    """When operators are told."""

    __tablename__ = "alert_rules"
    __table_args__ = (
        UniqueConstraint("shipped"),
        CheckConstraint("comparison in ('above', 'below')", name="comparison"),
        CheckConstraint("severity in ('info', 'warning', 'critical')", name="severity"),
        CheckConstraint("window_minutes between 1 and 1440", name="window"),
        {"comment": "When the people who run the installation are told."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    shipped: Mapped[str | None] = mapped_column(comment="Name of the rule that came with the product.")
    title: Mapped[str] = mapped_column(comment="What is wrong, in a sentence.")
    what_to_do: Mapped[str] = mapped_column(server_default="", comment="The next step for whoever is told.")
    metric: Mapped[str] = mapped_column(comment="The metric that is looked at; errors for faults.")
    label: Mapped[str | None] = mapped_column(comment="Only this series of it; empty: each on its own.")
    group_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("error_groups.id", ondelete="CASCADE"), comment="Only this fault, where the metric is errors."
    )
    comparison: Mapped[str] = mapped_column(comment="above or below the threshold is wrong.")
    threshold: Mapped[float] = mapped_column(Float, comment="The limit.")
    window_minutes: Mapped[int] = mapped_column(
        comment="How long it must be wrong, or over how long faults are counted."
    )
    severity: Mapped[str] = mapped_column(comment="How much it matters.")
    enabled: Mapped[bool] = mapped_column(server_default="true", comment="Whether it is looked at.")
    silenced_until: Mapped[datetime | None] = mapped_column(comment="Nobody is told before then.")
    firing_since: Mapped[datetime | None] = mapped_column(comment="Since when it is wrong; empty while all is well.")
    last_value: Mapped[float | None] = mapped_column(Float, comment="The worst value of the last look.")
    last_label: Mapped[str | None] = mapped_column(comment="The series that had it.")
    checked_at: Mapped[datetime | None] = mapped_column(comment="The last look.")
    channel: Mapped[str] = mapped_column(
        server_default="preferences", comment="Through what operators are told: as each prefers, or one channel."
    )
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it.")


class AlertEvent(Model):
    """One time that a rule told somebody."""

    __tablename__ = "alert_events"
    __table_args__ = (
        Index("ix_alert_events_rule_id_at", "rule_id", "at"),
        {"comment": "The times that alert rules told somebody, kept for 90 days."},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("alert_rules.id", ondelete="CASCADE"), comment="The rule.")
    at: Mapped[datetime] = mapped_column(comment="When.")
    settled_at: Mapped[datetime | None] = mapped_column(comment="When all was well again.")
    value: Mapped[float] = mapped_column(Float, comment="The value that it told of.")
    label: Mapped[str] = mapped_column(server_default="", comment="The series that had it.")
    told: Mapped[int] = mapped_column(comment="How many people were told; none while it is silenced.")
    test: Mapped[bool] = mapped_column(server_default="false", comment="Somebody only tried it.")


class OrganizationSize(Model):
    """How much an organization kept on a day."""

    __tablename__ = "organization_sizes"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "on_date"),
        {"comment": "How much each organization keeps, a row a day, for those who run the installation."},
    )

    organization_id: Mapped[UUID] = _organization()
    on_date: Mapped[date] = mapped_column(comment="The day, UTC.")
    mentions: Mapped[int] = mapped_column(BigInteger, comment="Rows of mentions.")
    mentions_bytes: Mapped[int] = mapped_column(
        BigInteger, comment="About what they take, with their share of the indexes."
    )
    articles: Mapped[int] = mapped_column(
        BigInteger, comment="Articles that its mentions are in; other organizations may have them too."
    )
    articles_bytes: Mapped[int] = mapped_column(BigInteger, comment="About what their rows take.")
    files: Mapped[int] = mapped_column(BigInteger, comment="Bodies and texts of these articles.")
    files_bytes: Mapped[int] = mapped_column(BigInteger, comment="About what they take on disk.")
    log_lines: Mapped[int] = mapped_column(BigInteger, comment="Log lines.")
    log_bytes: Mapped[int] = mapped_column(BigInteger, comment="About what they take, with what they are searched by.")
    measured_at: Mapped[datetime] = mapped_column(comment="When it was counted.")


class SlowRequest(Model):
    """A request that took long."""

    __tablename__ = "slow_requests"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "id"),
        Index("ix_slow_requests_at", "at"),
        {"comment": "Requests that took long, and what the database did meanwhile; kept for a week."},
    )

    id: Mapped[UUID] = mapped_column(default=uuid7, comment="Sorts by the time it was made.")
    organization_id: Mapped[UUID] = _organization()
    at: Mapped[datetime] = mapped_column(comment="When it was answered.")
    request: Mapped[str] = mapped_column(comment="Method and route, without what was asked for.")
    request_id: Mapped[str | None] = mapped_column(comment="The number under which its lines are in the log.")
    process: Mapped[str] = mapped_column(comment="The process that answered.")
    status: Mapped[int] = mapped_column(comment="The status of the answer.")
    seconds: Mapped[float] = mapped_column(Float, comment="How long it took until the answer began.")
    database_seconds: Mapped[float] = mapped_column(Float, comment="How much of that the database took.")
    statements: Mapped[int] = mapped_column(comment="How often the database was asked.")
    slowest: Mapped[list[dict[str, Any]]] = mapped_column(
        comment="The statements that took longest, without values: statement, times, seconds."
    )
