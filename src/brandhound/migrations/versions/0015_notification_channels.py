"""Channels, preferences and deliveries of notices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0015_notification_channels"
down_revision = "0014_logs"
branch_labels = None
depends_on = None

_SORTS = "sort in ('webhook', 'slack', 'teams', 'discord', 'ntfy', 'email')"
_WAITING = "state in ('pending', 'held', 'failed')"


def _own() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _organization(),
    ]


def _organization() -> sa.Column[object]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=sa.text("current_setting('app.organization_id')::uuid"),
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


def _at(name: str, comment: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def upgrade() -> None:
    op.add_column(
        "notifications",
        sa.Column("audience", sa.Text(), server_default="everyone", nullable=False, comment="Who may see it."),
    )
    op.add_column(
        "notifications",
        sa.Column(
            "facts",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What else a program may want to know: counts and identifiers, never a secret.",
        ),
    )
    op.create_check_constraint(
        op.f("ck_notifications_audience"), "notifications", "audience in ('everyone', 'admins', 'operators')"
    )
    op.create_index(
        "ix_notifications_organization_id_kind_last_at", "notifications", ["organization_id", "kind", "last_at"]
    )
    _create_mutes()
    _create_preferences()
    _create_channels()
    _create_deliveries()
    for table in ("mutes", "preferences", "channels", "deliveries"):
        secure(f"notification_{table}", system=True)


def _create_mutes() -> None:
    op.create_table(
        "notification_mutes",
        *_own(),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Who wants quiet."),
        sa.Column("subject", sa.Text(), nullable=False, comment="kind:NAME, incident:KEY or notice:ID."),
        sa.Column("title", sa.Text(), nullable=False, comment="What it is, in words, for the list of what is muted."),
        _at("until_at", "When it may call again; empty: never."),
        _at("created_at", "When quiet was asked for.", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_mutes"),
        sa.UniqueConstraint("organization_id", "id", name="uq_notification_mutes_organization_id_id"),
        sa.UniqueConstraint(
            "organization_id", "user_id", "subject", name="uq_notification_mutes_organization_id_user_id_subject"
        ),
        comment="What each person does not want to be called for, for good or for a while.",
    )


def _create_preferences() -> None:
    op.create_table(
        "notification_preferences",
        _organization(),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="The person."),
        sa.Column(
            "email",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Whether any mail may be sent to them.",
        ),
        sa.Column(
            "email_kinds",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="Kinds for which they chose mail (true) or none (false) against the default.",
        ),
        sa.Column("quiet_from", sa.Integer(), comment="Minute of the day at which quiet hours begin."),
        sa.Column("quiet_until", sa.Integer(), comment="Minute of the day at which quiet hours end."),
        sa.Column("time_zone", sa.Text(), comment="IANA zone of the quiet hours; empty: the organization's."),
        sa.Column(
            "per_hour",
            sa.Integer(),
            server_default="20",
            nullable=False,
            comment="Messages outside the app in an hour; what is more comes in one summary.",
        ),
        _at("read_before_at", "What called until then is read, unless a receipt says otherwise."),
        _at("updated_at", "When it was last changed.", nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "user_id", name="pk_notification_preferences"),
        sa.CheckConstraint(
            "quiet_from between 0 and 1439 and quiet_until between 0 and 1439",
            name=op.f("ck_notification_preferences_quiet"),
        ),
        sa.CheckConstraint("per_hour between 1 and 1000", name=op.f("ck_notification_preferences_per_hour")),
        comment="How each person wants to be told.",
    )


def _create_channels() -> None:
    op.create_table(
        "notification_channels",
        *_own(),
        sa.Column("sort", sa.Text(), nullable=False, comment="What speaks at the other end."),
        sa.Column("name", sa.Text(), nullable=False, comment="What its people call it."),
        sa.Column("user_id", sa.Uuid(), comment="Whose own it is; empty: the organization's."),
        sa.Column(
            "address_sealed", sa.Text(), nullable=False, comment="Where to; sealed, because such addresses are keys."
        ),
        sa.Column("address_shown", sa.Text(), nullable=False, comment="As much of the address as may be shown."),
        sa.Column("secret_sealed", sa.Text(), comment="What webhooks are signed with, or the other side's token."),
        sa.Column(
            "min_severity",
            sa.Text(),
            server_default="info",
            nullable=False,
            comment="It is told of what matters at least this much.",
        ),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), comment="It is told of these kinds; empty: of all."),
        sa.Column(
            "failures", sa.Integer(), server_default="0", nullable=False, comment="Attempts in a row that failed."
        ),
        _at("failing_since", "The first of these."),
        _at("last_ok_at", "When something last arrived."),
        sa.Column("last_error", sa.Text(), comment="What went wrong last, without secrets."),
        _at("disabled_at", "Since when nothing is sent on it."),
        sa.Column("disabled_reason", sa.Text(), comment="Why not."),
        sa.Column("created_by", sa.Uuid(), comment="Who set it up."),
        _at("created_at", "When it was set up.", nullable=False),
        _at("updated_at", "When it was last changed.", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_channels"),
        sa.UniqueConstraint("organization_id", "id", name="uq_notification_channels_organization_id_id"),
        sa.CheckConstraint(_SORTS, name=op.f("ck_notification_channels_sort")),
        sa.CheckConstraint(
            "min_severity in ('info', 'warning', 'critical')", name=op.f("ck_notification_channels_min_severity")
        ),
        comment="Addresses outside the app that take notices.",
    )


def _create_deliveries() -> None:
    op.create_table(
        "notification_deliveries",
        *_own(),
        sa.Column("notification_id", sa.Uuid(), comment="What is told; empty: a test."),
        sa.Column("channel_id", sa.Uuid(), comment="The channel; empty: the person's own mail address."),
        sa.Column("user_id", sa.Uuid(), comment="The person who is told; empty: a channel of all."),
        sa.Column(
            "recipient",
            sa.Text(),
            nullable=False,
            comment="person:ID or channel:ID; one of each is told once an alert.",
        ),
        sa.Column("sort", sa.Text(), nullable=False, comment="What speaks at the other end."),
        _at("alerted_at", "The alert that it carries.", nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False, comment="Where it stands."),
        sa.Column("reason", sa.Text(), comment="Why it waits, failed or was not sent, in words."),
        _at("due_at", "When it is tried next."),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="Times it was tried."),
        _at("taken_at", "When it was first tried; counts for the hour's budget."),
        _at("sent_at", "When it arrived."),
        sa.Column("summary_id", sa.Uuid(), comment="The summary that it went out with."),
        sa.Column("run_id", sa.Uuid(), comment="The run that tried it last."),
        sa.Column("status", sa.Integer(), comment="The other side's last status."),
        sa.Column("took_ms", sa.Integer(), comment="Milliseconds that the last attempt took."),
        sa.Column("request", sa.Text(), comment="The beginning of what was sent last, without secrets."),
        sa.Column("response", sa.Text(), comment="The beginning of the last answer."),
        _at("created_at", "When it was to be told.", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notification_deliveries"),
        sa.UniqueConstraint("organization_id", "id", name="uq_notification_deliveries_organization_id_id"),
        sa.UniqueConstraint(
            "organization_id",
            "notification_id",
            "recipient",
            "alerted_at",
            name="uq_notification_deliveries_alert",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "notification_id"],
            ["notifications.organization_id", "notifications.id"],
            name="fk_notification_deliveries_organization_id_notification_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "channel_id"],
            ["notification_channels.organization_id", "notification_channels.id"],
            name="fk_notification_deliveries_organization_id_channel_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(_SORTS, name=op.f("ck_notification_deliveries_sort")),
        sa.CheckConstraint(
            "state in ('pending', 'held', 'sent', 'failed', 'given_up', 'summed', 'dropped')",
            name=op.f("ck_notification_deliveries_state"),
        ),
        comment="Notices on their way to addresses outside the app.",
    )
    table = "notification_deliveries"
    op.create_index("ix_notification_deliveries_organization_id_created_at", table, ["organization_id", "created_at"])
    op.create_index("ix_notification_deliveries_channel_id", table, ["organization_id", "channel_id", "created_at"])
    op.create_index("ix_notification_deliveries_user_id", table, ["organization_id", "user_id", "taken_at"])
    op.create_index("ix_notification_deliveries_waiting", table, ["due_at"], postgresql_where=sa.text(_WAITING))


def downgrade() -> None:
    for table in ("deliveries", "channels", "preferences", "mutes"):
        op.drop_table(f"notification_{table}")
    op.drop_index("ix_notifications_organization_id_kind_last_at", "notifications")
    op.drop_constraint("ck_notifications_audience", "notifications")
    op.drop_column("notifications", "facts")
    op.drop_column("notifications", "audience")
