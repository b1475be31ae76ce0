"""What the operator watches: processes, samples, faults, alert rules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.core.addresses import SYSTEM_ROLE
from brandhound.migrations.rls import secure, system_table

revision = "0016_admin"
down_revision = "0015_notification_channels"
branch_labels = None
depends_on = None

_MINE = sa.text("current_setting('app.organization_id')::uuid")
TABLES = (
    "alert_events",
    "alert_rules",
    "error_sightings",
    "error_minutes",
    "error_groups",
    "installation_facts",
    "table_sizes",
    "metric_hours",
    "metric_samples",
    "metric_series",
    "processes",
)


def upgrade() -> None:
    _create_processes()
    _create_samples()
    _create_errors()
    _create_alerts()
    op.create_index("ix_runs_finished_at", "runs", ["finished_at"], postgresql_where=sa.text("finished_at is not null"))
    for table in TABLES:
        if table != "error_sightings":
            system_table(table)
    op.execute(f"grant usage, select on sequence metric_series_id_seq to {SYSTEM_ROLE}")
    secure("error_sightings", system=True)
    # So that whoever runs can say whether the tables are those that it needs.
    op.execute(f"grant select on alembic_version to {SYSTEM_ROLE}")


def downgrade() -> None:
    op.execute(f"revoke select on alembic_version from {SYSTEM_ROLE}")
    op.drop_index("ix_runs_finished_at", "runs")
    for table in TABLES:
        op.drop_table(table)


def _time(name: str, comment: str, *, empty: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, comment=comment, server_default=default)


def _text(name: str, comment: str, *, empty: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=empty, comment=comment, server_default=default)


def _create_processes() -> None:
    op.create_table(
        "processes",
        _text("id", "Host, process and a random part; a worker's own name."),
        _text("kind", "web or worker."),
        _text("host", "Name of the machine."),
        sa.Column("pid", sa.Integer(), nullable=False, comment="Number of the process on it."),
        _text("version", "Version of the product that it runs."),
        _time("started_at", "When it started."),
        _time("seen_at", "When it last told of itself.", now=True),
        sa.Column("rss_bytes", sa.BigInteger(), nullable=False, comment="Memory that it and its children hold."),
        sa.Column("cpu_seconds", sa.Float(), nullable=False, comment="Processor time that it used so far."),
        sa.Column("threads", sa.Integer(), nullable=False, comment="Threads that it has."),
        sa.Column("active", sa.Integer(), nullable=False, comment="Runs, or requests, that it has now."),
        sa.Column("figures", postgresql.JSONB(), nullable=False, comment="What it has counted since it started."),
        sa.Column(
            "counted",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What of that is in the minutes already.",
        ),
        _time("ended_at", "When it ended, or was last seen before it was gone.", empty=True),
        _text("end_reason", "stopped, or gone without a word.", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
        sa.CheckConstraint("kind in ('web', 'worker')", name=op.f("ck_processes_kind")),
        comment="Processes of the product: those that live, and those that ended in the last 30 days.",
    )
    op.create_index("ix_processes_seen_at", "processes", ["seen_at"])


def _create_samples() -> None:
    op.create_table(
        "metric_series",
        sa.Column("id", sa.SmallInteger(), sa.Identity(always=True), nullable=False, comment="In order."),
        _text("name", "Name of the metric."),
        _text("label", "Which of several, such as a queue.", default=""),
        sa.PrimaryKeyConstraint("id", name="pk_metric_series"),
        sa.UniqueConstraint("name", "label", name="uq_metric_series_name_label"),
        comment="Names of the series that samples belong to.",
    )
    op.create_table(
        "metric_samples",
        sa.Column("series_id", sa.SmallInteger(), nullable=False, comment="The series."),
        _time("at", "The minute."),
        sa.Column("value", sa.Float(), nullable=False, comment="What it was."),
        sa.PrimaryKeyConstraint("series_id", "at", name="pk_metric_samples"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["metric_series.id"], name="fk_metric_samples_series_id", ondelete="CASCADE"
        ),
        comment="A value a minute for each series, kept for 30 days.",
    )
    op.create_index("ix_metric_samples_at", "metric_samples", ["at"])
    op.create_table(
        "metric_hours",
        sa.Column("series_id", sa.SmallInteger(), nullable=False, comment="The series."),
        _time("at", "The beginning of the hour."),
        sa.Column("mean", sa.Float(), nullable=False, comment="The mean of its minutes."),
        sa.Column("most", sa.Float(), nullable=False, comment="The greatest of them."),
        sa.Column("total", sa.Float(), nullable=False, comment="Their sum."),
        sa.PrimaryKeyConstraint("series_id", "at", name="pk_metric_hours"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["metric_series.id"], name="fk_metric_hours_series_id", ondelete="CASCADE"
        ),
        comment="The samples of each hour together, for what looks back for long.",
    )
    op.create_index("ix_metric_hours_at", "metric_hours", ["at"])
    op.create_table(
        "table_sizes",
        sa.Column("on_date", sa.Date(), nullable=False, comment="The day, UTC."),
        _text("name", "The table, with its schema unless that is public."),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False, comment="Rows, indexes and what is stored aside."),
        sa.Column("rows_about", sa.BigInteger(), nullable=False, comment="Rows, as the server estimates them."),
        sa.PrimaryKeyConstraint("on_date", "name", name="pk_table_sizes"),
        comment="Sizes of the tables, a row a day.",
    )
    op.create_table(
        "installation_facts",
        _text("name", "What it is about."),
        _time("at", "When it was so."),
        sa.Column("facts", postgresql.JSONB(), server_default="{}", nullable=False, comment="The rest."),
        sa.PrimaryKeyConstraint("name", name="pk_installation_facts"),
        comment="What the installation remembers about itself, such as its last backup.",
    )


def _create_errors() -> None:
    op.create_table(
        "error_groups",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _text("fingerprint", "Hash of the kind and of the places in our code."),
        _text("kind", "The exception's type, or the code of a run's failure."),
        _text("place", "The innermost place in our code, or the job."),
        _text("source", "web, worker or run."),
        _text("trace", "Where it happened: files, lines and functions, no values."),
        sa.Column("count", sa.BigInteger(), server_default="0", nullable=False, comment="How often."),
        _time("first_seen_at", "The first time."),
        _time("last_seen_at", "The last time."),
        _text("first_version", "Version of the product that had it first."),
        _text("last_version", "Version of the product that had it last."),
        _text("state", "open, resolved or ignored.", default="open"),
        _time("resolved_at", "When somebody said that it is mended.", empty=True),
        _time("regressed_at", "When it came again although it was mended.", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_error_groups"),
        sa.UniqueConstraint("fingerprint", name="uq_error_groups_fingerprint"),
        sa.CheckConstraint("state in ('open', 'resolved', 'ignored')", name=op.f("ck_error_groups_state")),
        comment="Faults: errors of one kind at one place, without anything of an organization.",
    )
    op.create_index("ix_error_groups_state_last_seen_at", "error_groups", ["state", "last_seen_at"])
    op.create_table(
        "error_minutes",
        sa.Column("group_id", sa.Uuid(), nullable=False, comment="The fault."),
        _time("at", "The minute."),
        sa.Column("count", sa.Integer(), nullable=False, comment="How often in it."),
        sa.PrimaryKeyConstraint("group_id", "at", name="pk_error_minutes"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["error_groups.id"], name="fk_error_minutes_group_id", ondelete="CASCADE"
        ),
        comment="Faults by the minute, kept for 30 days.",
    )
    op.create_index("ix_error_minutes_at", "error_minutes", ["at"])
    op.create_table(
        "error_sightings",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=_MINE,
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("group_id", sa.Uuid(), nullable=False, comment="The fault."),
        sa.Column("count", sa.BigInteger(), nullable=False, comment="How often."),
        _time("first_seen_at", "The first time."),
        _time("last_seen_at", "The last time."),
        _text("message", "What it said the last time, without secrets."),
        sa.Column("run_id", sa.Uuid(), comment="The run that met it last."),
        _text("request", "Method and path of the request that met it last.", empty=True),
        sa.PrimaryKeyConstraint("organization_id", "group_id", name="pk_error_sightings"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["error_groups.id"], name="fk_error_sightings_group_id", ondelete="CASCADE"
        ),
        comment="Which organizations met a fault, and what it said the last time.",
    )
    op.create_index("ix_error_sightings_group_id", "error_sightings", ["group_id"])


def _create_alerts() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _text("shipped", "Name of the rule that came with the product.", empty=True),
        _text("title", "What is wrong, in a sentence."),
        _text("what_to_do", "The next step for whoever is told.", default=""),
        _text("metric", "The metric that is looked at; errors for faults."),
        _text("label", "Only this series of it; empty: each on its own.", empty=True),
        sa.Column("group_id", sa.Uuid(), comment="Only this fault, where the metric is errors."),
        _text("comparison", "above or below the threshold is wrong."),
        sa.Column("threshold", sa.Float(), nullable=False, comment="The limit."),
        sa.Column(
            "window_minutes",
            sa.Integer(),
            nullable=False,
            comment="How long it must be wrong, or over how long faults are counted.",
        ),
        _text("severity", "How much it matters."),
        sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False, comment="Whether it is looked at."),
        _time("silenced_until", "Nobody is told before then.", empty=True),
        _time("firing_since", "Since when it is wrong; empty while all is well.", empty=True),
        sa.Column("last_value", sa.Float(), comment="The worst value of the last look."),
        _text("last_label", "The series that had it.", empty=True),
        _time("checked_at", "The last look.", empty=True),
        _text("channel", "Through what operators are told: as each prefers, or one channel.", default="preferences"),
        _time("created_at", "When it was made.", now=True),
        sa.Column("created_by", sa.Uuid(), comment="Who made it."),
        sa.PrimaryKeyConstraint("id", name="pk_alert_rules"),
        sa.UniqueConstraint("shipped", name="uq_alert_rules_shipped"),
        sa.ForeignKeyConstraint(["group_id"], ["error_groups.id"], name="fk_alert_rules_group_id", ondelete="CASCADE"),
        sa.CheckConstraint("comparison in ('above', 'below')", name=op.f("ck_alert_rules_comparison")),
        sa.CheckConstraint("severity in ('info', 'warning', 'critical')", name=op.f("ck_alert_rules_severity")),
        sa.CheckConstraint("window_minutes between 1 and 1440", name=op.f("ck_alert_rules_window")),
        comment="When the people who run the installation are told.",
    )
    op.create_table(
        "alert_events",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("rule_id", sa.Uuid(), nullable=False, comment="The rule."),
        _time("at", "When."),
        _time("settled_at", "When all was well again.", empty=True),
        sa.Column("value", sa.Float(), nullable=False, comment="The value that it told of."),
        _text("label", "The series that had it.", default=""),
        sa.Column(
            "told", sa.Integer(), nullable=False, comment="How many people were told; none while it is silenced."
        ),
        sa.Column("test", sa.Boolean(), server_default="false", nullable=False, comment="Somebody only tried it."),
        sa.PrimaryKeyConstraint("id", name="pk_alert_events"),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rules.id"], name="fk_alert_events_rule_id", ondelete="CASCADE"),
        comment="The times that alert rules told somebody, kept for 90 days.",
    )
    op.create_index("ix_alert_events_rule_id_at", "alert_events", ["rule_id", "at"])
