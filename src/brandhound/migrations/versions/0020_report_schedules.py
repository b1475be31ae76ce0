"""Reports that leave by themselves, links that open one report, files, and the digest."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0020_report_schedules"
down_revision = "0019_judging"
branch_labels = None
depends_on = None


def _own() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
    ]


def upgrade() -> None:
    """Create the tables of what leaves."""
    _create_schedules()
    _create_recipients()
    _create_sendings()
    _create_shares()
    _create_files()
    _create_digests()


def downgrade() -> None:
    """Remove them."""
    for table in (
        "report_digests",
        "report_files",
        "report_shares",
        "report_sendings",
        "report_recipients",
        "report_schedules",
    ):
        op.drop_table(table)


def _create_schedules() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("title", sa.Text(), nullable=False, comment="What it is called, also in the subject of its mails."),
        sa.Column("brand_ids", sa.ARRAY(sa.Uuid()), nullable=False, comment="Brands to report on; empty: all."),
        sa.Column("period", sa.Text(), nullable=False, comment="Which days, counted back from the day it is sent."),
        sa.Column(
            "compare",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether to set figures against the range before.",
        ),
        sa.Column(
            "min_confidence",
            sa.Float(),
            nullable=True,
            comment="A mention counts from this confidence on; empty: as in the inbox.",
        ),
        sa.Column("rhythm", sa.Text(), nullable=False, comment="weekdays or monthly."),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False, comment="Days of the week, Monday is 1."),
        sa.Column(
            "month_day",
            sa.SmallInteger(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Day of the month; 31: the last one, whichever that is.",
        ),
        sa.Column(
            "minute", sa.SmallInteger(), nullable=False, comment="Minute of the day, in the zone of each recipient."
        ),
        sa.Column("attachments", sa.ARRAY(sa.Text()), nullable=False, comment="Forms that go with the mail."),
        sa.Column(
            "link",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether the mail holds a link that opens the report without signing in.",
        ),
        sa.Column(
            "link_days", sa.SmallInteger(), server_default=sa.text("30"), nullable=False, comment="Days that it works."
        ),
        sa.Column(
            "skip_if_empty",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether to stay silent when there was no mention.",
        ),
        sa.Column(
            "paused",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether it stays at home for now.",
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who set it up; empty for an API key."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was set up.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was last changed.",
        ),
        *_own(),
        sa.CheckConstraint(
            "attachments <@ array['pdf', 'xlsx', 'csv', 'json', 'ndjson', 'pptx']",
            name=op.f("ck_report_schedules_attachments"),
        ),
        sa.CheckConstraint(
            "period in ('yesterday', 'last_7_days', 'last_30_days', 'last_week', 'last_month', 'last_quarter')",
            name=op.f("ck_report_schedules_period"),
        ),
        sa.CheckConstraint(
            "rhythm <> 'weekdays' or cardinality(weekdays) > 0", name=op.f("ck_report_schedules_some_day")
        ),
        sa.CheckConstraint("rhythm in ('weekdays', 'monthly')", name=op.f("ck_report_schedules_rhythm")),
        sa.CheckConstraint("minute between 0 and 1439", name=op.f("ck_report_schedules_minute")),
        sa.CheckConstraint("month_day between 1 and 28 or month_day = 31", name=op.f("ck_report_schedules_month_day")),
        sa.CheckConstraint(
            "weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]", name=op.f("ck_report_schedules_weekdays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedules")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_report_schedules_organization_id_id")),
        comment="Reports that leave by themselves: what they tell, when, and in which form.",
    )
    secure("report_schedules", system=True)


def _create_recipients() -> None:
    op.create_table(
        "report_recipients",
        sa.Column("schedule_id", sa.Uuid(), nullable=False, comment="The report that they get."),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="The member; their own address is used."),
        sa.Column("email", sa.Text(), nullable=True, comment="The address of somebody outside."),
        sa.Column("email_key", sa.Text(), nullable=True, comment="The same in the one spelling that is compared."),
        sa.Column("name", sa.Text(), server_default="", nullable=False, comment="What somebody outside is called."),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="IANA zone whose clock they live by."),
        sa.Column(
            "state",
            sa.Text(),
            server_default="active",
            nullable=False,
            comment="active, paused by a person, refused by a mail server, or unsubscribed.",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why nothing is sent to them."),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), nullable=True, comment="When the next one is due; empty: none is."
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="Since when.",
        ),
        *_own(),
        sa.CheckConstraint(
            "state in ('active', 'paused', 'refused', 'unsubscribed')", name=op.f("ck_report_recipients_state")
        ),
        sa.CheckConstraint("(email is null) = (email_key is null)", name=op.f("ck_report_recipients_email_key")),
        sa.CheckConstraint("(user_id is null) <> (email is null)", name=op.f("ck_report_recipients_one_address")),
        sa.ForeignKeyConstraint(
            ["organization_id", "schedule_id"],
            ["report_schedules.organization_id", "report_schedules.id"],
            name=op.f("fk_report_recipients_organization_id_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_recipients")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_report_recipients_organization_id_id")),
        sa.UniqueConstraint(
            "organization_id",
            "schedule_id",
            "email_key",
            name=op.f("uq_report_recipients_organization_id_schedule_id_email_key"),
        ),
        sa.UniqueConstraint(
            "organization_id",
            "schedule_id",
            "user_id",
            name=op.f("uq_report_recipients_organization_id_schedule_id_user_id"),
        ),
        comment="Who gets which report, and when next.",
    )
    op.create_index(
        "ix_report_recipients_due",
        "report_recipients",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    secure("report_recipients", system=True)


def _create_sendings() -> None:
    op.create_table(
        "report_sendings",
        sa.Column("sort", sa.Text(), nullable=False, comment="report, digest or test."),
        sa.Column("schedule_id", sa.Uuid(), nullable=True, comment="What sends it; empty: a digest, or removed since."),
        sa.Column(
            "recipient_id", sa.Uuid(), nullable=True, comment="To whom; empty: a digest, a test, or removed since."
        ),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="The member who gets it, if it is one."),
        sa.Column(
            "reader",
            sa.Text(),
            nullable=False,
            comment="recipient:ID, digest:ID of the member, or test:ID of the sending.",
        ),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False, comment="The moment that it is for."),
        sa.Column("report_id", sa.Uuid(), nullable=True, comment="The report that it tells; empty until it is made."),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="What was sent, in words: the subject once there is one."
        ),
        sa.Column("address", sa.Text(), server_default="", nullable=False, comment="Where it went."),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False, comment="Where it stands."),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it waits, failed or was not sent, in words."),
        sa.Column(
            "issue",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Times that a person asked to send it once more.",
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Times it was tried."),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="When it is tried next."),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True, comment="When it was first tried."),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="When a mail server took it."),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="The run that has it in hand."),
        sa.Column("status", sa.Integer(), nullable=True, comment="The mail server's last status."),
        sa.Column("took_ms", sa.Integer(), nullable=True, comment="Milliseconds that the last attempt took."),
        sa.Column("request", sa.Text(), nullable=True, comment="The head of the mail that was sent last."),
        sa.Column("response", sa.Text(), nullable=True, comment="The mail server's last words."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it came due.",
        ),
        *_own(),
        sa.CheckConstraint("sort in ('report', 'digest', 'test')", name=op.f("ck_report_sendings_sort")),
        sa.CheckConstraint(
            "state in ('waiting', 'pending', 'sending', 'failed', 'sent', 'skipped', 'uncertain', 'given_up', 'cancelled')",
            name=op.f("ck_report_sendings_state"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "recipient_id"],
            ["report_recipients.organization_id", "report_recipients.id"],
            name=op.f("fk_report_sendings_organization_id_recipient_id"),
            ondelete="SET NULL (recipient_id)",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "report_id"],
            ["reports.organization_id", "reports.id"],
            name=op.f("fk_report_sendings_organization_id_report_id"),
            ondelete="SET NULL (report_id)",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "schedule_id"],
            ["report_schedules.organization_id", "report_schedules.id"],
            name=op.f("fk_report_sendings_organization_id_schedule_id"),
            ondelete="SET NULL (schedule_id)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sendings")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_report_sendings_organization_id_id")),
        sa.UniqueConstraint(
            "organization_id", "reader", "window_at", name=op.f("uq_report_sendings_organization_id_reader_window_at")
        ),
        comment="Every report and digest that was to be sent, and what became of it.",
    )
    op.create_index(
        "ix_report_sendings_open",
        "report_sendings",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting', 'pending', 'sending', 'failed')"),
    )
    op.create_index(
        op.f("ix_report_sendings_organization_id_created_at_id"),
        "report_sendings",
        ["organization_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_report_sendings_organization_id_schedule_id_window_at"),
        "report_sendings",
        ["organization_id", "schedule_id", "window_at"],
        unique=False,
    )
    secure("report_sendings", system=True)


def _create_shares() -> None:
    op.create_table(
        "report_shares",
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="The one report that it opens."),
        sa.Column("sending_id", sa.Uuid(), nullable=True, comment="The mail that it was made for, if any."),
        sa.Column("label", sa.Text(), server_default="", nullable=False, comment="For whom it is, in words."),
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the link's secret."),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="Argon2id of its password, if it has one."),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends."),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="When a person took it back."),
        sa.Column(
            "views",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Times that the report was shown.",
        ),
        sa.Column("last_viewed_at", sa.DateTime(timezone=True), nullable=True, comment="When it was last shown."),
        sa.Column(
            "asked",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Times it was asked for in the present minute.",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True, comment="When that minute began."),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        *_own(),
        sa.ForeignKeyConstraint(
            ["organization_id", "report_id"],
            ["reports.organization_id", "reports.id"],
            name=op.f("fk_report_shares_organization_id_report_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "sending_id"],
            ["report_sendings.organization_id", "report_sendings.id"],
            name=op.f("fk_report_shares_organization_id_sending_id"),
            ondelete="SET NULL (sending_id)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_shares")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_report_shares_organization_id_id")),
        sa.UniqueConstraint("organization_id", "token_hash", name=op.f("uq_report_shares_organization_id_token_hash")),
        comment="Links that open one report without signing in.",
    )
    op.create_index(
        op.f("ix_report_shares_organization_id_report_id"),
        "report_shares",
        ["organization_id", "report_id"],
        unique=False,
    )
    op.create_index(op.f("ix_report_shares_token_hash"), "report_shares", ["token_hash"], unique=False)
    secure("report_shares", system=True)


def _create_files() -> None:
    op.create_table(
        "report_files",
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="The report."),
        sa.Column("form", sa.Text(), nullable=False, comment="In which form."),
        sa.Column("state", sa.Text(), server_default="making", nullable=False, comment="making, ready or failed."),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="The run that makes it."),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="Bytes."),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was asked for.",
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it is removed."),
        *_own(),
        sa.CheckConstraint(
            "form in ('pdf', 'xlsx', 'csv', 'json', 'ndjson', 'pptx')", name=op.f("ck_report_files_form")
        ),
        sa.CheckConstraint("state in ('making', 'ready', 'failed')", name=op.f("ck_report_files_state")),
        sa.ForeignKeyConstraint(
            ["organization_id", "report_id"],
            ["reports.organization_id", "reports.id"],
            name=op.f("fk_report_files_organization_id_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_files")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_report_files_organization_id_id")),
        sa.UniqueConstraint(
            "organization_id", "report_id", "form", name=op.f("uq_report_files_organization_id_report_id_form")
        ),
        comment="Reports as files, kept for some days.",
    )
    op.create_index(op.f("ix_report_files_expires_at"), "report_files", ["expires_at"], unique=False)
    secure("report_files", system=True)


def _create_digests() -> None:
    op.create_table(
        "report_digests",
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="The person."),
        sa.Column(
            "wanted", sa.Boolean(), server_default=sa.text("true"), nullable=False, comment="Whether they want it."
        ),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False, comment="Days of the week, Monday is 1."),
        sa.Column("minute", sa.SmallInteger(), nullable=False, comment="Minute of the day, in their zone."),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="IANA zone whose clock they live by."),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), nullable=True, comment="When the next one is due; empty: none is."
        ),
        sa.Column(
            "told_until_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="What was found until then has been told.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was last changed.",
        ),
        *_own(),
        sa.CheckConstraint("minute between 0 and 1439", name=op.f("ck_report_digests_minute")),
        sa.CheckConstraint(
            "weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]", name=op.f("ck_report_digests_weekdays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_digests")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_report_digests_organization_id_id")),
        sa.UniqueConstraint("organization_id", "user_id", name=op.f("uq_report_digests_organization_id_user_id")),
        comment="Who gets the digest, on which days and when.",
    )
    op.create_index(
        "ix_report_digests_due",
        "report_digests",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    secure("report_digests", system=True)
