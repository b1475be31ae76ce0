"""Tables of reports that leave by themselves: what, when, to whom, and what became of each sending."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.notifications.delivering import PATIENCE
from brandhound.reports.periods import Period

Rhythm = Literal["weekdays", "monthly"]
ScheduledAgainst = Literal["before", "last_year"]
Form = Literal["pdf", "xlsx", "csv", "json", "ndjson", "pptx"]
RecipientState = Literal["active", "paused", "refused", "unsubscribed"]
SendingState = Literal[
    "waiting", "pending", "sending", "failed", "sent", "skipped", "uncertain", "given_up", "cancelled"
]
FileState = Literal["making", "ready", "failed"]

_PERIODS = "'yesterday', 'last_7_days', 'last_30_days', 'last_week', 'last_month', 'last_quarter'"
_FORMS = "'pdf', 'xlsx', 'csv', 'json', 'ndjson', 'pptx'"
_OPEN = "state in ('waiting', 'pending', 'sending', 'failed')"


class ReportSchedule(TenantModel):
    """A report that is made and sent by the clock of each of its readers."""

    __tablename__ = "report_schedules"
    __table_args__ = tenant_args(
        tenant_key("template_id", "report_templates", ondelete="SET NULL"),
        CheckConstraint("against in ('before', 'last_year')", name="against"),
        CheckConstraint(f"period in ({_PERIODS})", name="period"),
        CheckConstraint("rhythm in ('weekdays', 'monthly')", name="rhythm"),
        CheckConstraint("weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]", name="weekdays"),
        CheckConstraint("rhythm <> 'weekdays' or cardinality(weekdays) > 0", name="some_day"),
        CheckConstraint("month_day between 1 and 28 or month_day = 31", name="month_day"),
        CheckConstraint("minute between 0 and 1439", name="minute"),
        CheckConstraint(f"attachments <@ array[{_FORMS}]", name="attachments"),
        {"comment": "Reports that leave by themselves: what they tell, when, and in which form."},
    )

    title: Mapped[str] = mapped_column(Text, comment="What it is called, also in the subject of its mails.")
    brand_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), comment="Brands to report on; empty: all.")
    period: Mapped[Period] = mapped_column(Text, comment="Which days, counted back from the day it is sent.")
    compare: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="Whether to set figures against the range before."
    )
    against: Mapped[ScheduledAgainst] = mapped_column(
        Text, server_default="before", comment="Against which: before, or last_year."
    )
    template_id: Mapped[UUID | None] = mapped_column(comment="The template it is made with; empty: the standard one.")
    min_confidence: Mapped[float | None] = mapped_column(
        comment="A mention counts from this confidence on; empty: as in the inbox."
    )
    rhythm: Mapped[Rhythm] = mapped_column(Text, comment="weekdays or monthly.")
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), comment="Days of the week, Monday is 1.")
    month_day: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("1"), comment="Day of the month; 31: the last one, whichever that is."
    )
    minute: Mapped[int] = mapped_column(SmallInteger, comment="Minute of the day, in the zone of each recipient.")
    attachments: Mapped[list[Form]] = mapped_column(ARRAY(Text), comment="Forms that go with the mail.")
    link: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="Whether the mail holds a link that opens the report without signing in."
    )
    link_days: Mapped[int] = mapped_column(SmallInteger, server_default=text("30"), comment="Days that it works.")
    skip_if_empty: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="Whether to stay silent when there was no mention."
    )
    paused: Mapped[bool] = mapped_column(server_default=text("false"), comment="Whether it stays at home for now.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who set it up; empty for an API key.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was set up."
    )
    updated_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was last changed."
    )


class ReportRecipient(TenantModel):
    """Somebody who gets a report: a member, or an address outside."""

    __tablename__ = "report_recipients"
    __table_args__ = tenant_args(
        tenant_key("schedule_id", "report_schedules", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "schedule_id", "email_key"),
        UniqueConstraint("organization_id", "schedule_id", "user_id"),
        CheckConstraint("(user_id is null) <> (email is null)", name="one_address"),
        CheckConstraint("(email is null) = (email_key is null)", name="email_key"),
        CheckConstraint("state in ('active', 'paused', 'refused', 'unsubscribed')", name="state"),
        Index("ix_report_recipients_due", "next_at", postgresql_where=text("next_at is not null")),
        {"comment": "Who gets which report, and when next."},
    )

    schedule_id: Mapped[UUID] = mapped_column(comment="The report that they get.")
    user_id: Mapped[UUID | None] = mapped_column(comment="The member; their own address is used.")
    email: Mapped[str | None] = mapped_column(comment="The address of somebody outside.")
    email_key: Mapped[str | None] = mapped_column(comment="The same in the one spelling that is compared.")
    name: Mapped[str] = mapped_column(server_default="", comment="What somebody outside is called.")
    time_zone: Mapped[str] = mapped_column(comment="IANA zone whose clock they live by.")
    state: Mapped[RecipientState] = mapped_column(
        Text, server_default="active", comment="active, paused by a person, refused by a mail server, or unsubscribed."
    )
    reason: Mapped[str | None] = mapped_column(comment="Why nothing is sent to them.")
    next_at: Mapped[datetime | None] = mapped_column(comment="When the next one is due; empty: none is.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="Since when.")


class ReportSending(TenantModel):
    """One mail to one reader for one moment: there is never a second row for the same two."""

    __tablename__ = "report_sendings"
    __table_args__ = tenant_args(
        tenant_key("schedule_id", "report_schedules", ondelete="SET NULL"),
        tenant_key("recipient_id", "report_recipients", ondelete="SET NULL"),
        tenant_key("report_id", "reports", ondelete="SET NULL"),
        UniqueConstraint("organization_id", "reader", "window_at"),
        CheckConstraint("sort in ('report', 'digest', 'test')", name="sort"),
        CheckConstraint(
            "state in ('waiting', 'pending', 'sending', 'failed', 'sent', 'skipped', 'uncertain', 'given_up', 'cancelled')",
            name="state",
        ),
        Index(None, "organization_id", "created_at", "id"),
        Index(None, "organization_id", "schedule_id", "window_at"),
        Index("ix_report_sendings_open", "created_at", postgresql_where=text(_OPEN)),
        {"comment": "Every report and digest that was to be sent, and what became of it."},
    )

    sort: Mapped[str] = mapped_column(comment="report, digest or test.")
    schedule_id: Mapped[UUID | None] = mapped_column(comment="What sends it; empty: a digest, or removed since.")
    recipient_id: Mapped[UUID | None] = mapped_column(comment="To whom; empty: a digest, a test, or removed since.")
    user_id: Mapped[UUID | None] = mapped_column(comment="The member who gets it, if it is one.")
    reader: Mapped[str] = mapped_column(comment="recipient:ID, digest:ID of the member, or test:ID of the sending.")
    window_at: Mapped[datetime] = mapped_column(comment="The moment that it is for.")
    report_id: Mapped[UUID | None] = mapped_column(comment="The report that it tells; empty until it is made.")
    title: Mapped[str] = mapped_column(comment="What was sent, in words: the subject once there is one.")
    address: Mapped[str] = mapped_column(server_default="", comment="Where it went.")
    state: Mapped[SendingState] = mapped_column(Text, server_default="waiting", comment="Where it stands.")
    reason: Mapped[str | None] = mapped_column(comment="Why it waits, failed or was not sent, in words.")
    issue: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="Times that a person asked to send it once more."
    )
    attempts: Mapped[int] = mapped_column(server_default=text("0"), comment="Times it was tried.")
    due_at: Mapped[datetime | None] = mapped_column(comment="When it is tried next.")
    taken_at: Mapped[datetime | None] = mapped_column(comment="When it was first tried.")
    sent_at: Mapped[datetime | None] = mapped_column(comment="When a mail server took it.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that has it in hand.")
    status: Mapped[int | None] = mapped_column(comment="The mail server's last status.")
    took_ms: Mapped[int | None] = mapped_column(comment="Milliseconds that the last attempt took.")
    request: Mapped[str | None] = mapped_column(comment="The head of the mail that was sent last.")
    response: Mapped[str | None] = mapped_column(comment="The mail server's last words.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it came due.")

    @property
    def since_at(self) -> datetime:
        """From when on its day of patience is counted."""
        return self.taken_at or self.created_at

    @property
    def ends_at(self) -> datetime | None:
        """When it is tried no more, if it is tried again at all."""
        return self.since_at + PATIENCE if self.state == "failed" else None


class ReportShare(TenantModel):
    """A link that opens one report to whoever has it."""

    __tablename__ = "report_shares"
    __table_args__ = tenant_args(
        tenant_key("report_id", "reports", ondelete="CASCADE"),
        tenant_key("sending_id", "report_sendings", ondelete="SET NULL"),
        UniqueConstraint("organization_id", "token_hash"),
        Index(None, "token_hash"),
        Index(None, "organization_id", "report_id"),
        {"comment": "Links that open one report without signing in."},
    )

    report_id: Mapped[UUID] = mapped_column(comment="The one report that it opens.")
    sending_id: Mapped[UUID | None] = mapped_column(comment="The mail that it was made for, if any.")
    label: Mapped[str] = mapped_column(server_default="", comment="For whom it is, in words.")
    token_hash: Mapped[str] = mapped_column(comment="SHA-256 of the link's secret.")
    password_hash: Mapped[str | None] = mapped_column(comment="Argon2id of its password, if it has one.")
    expires_at: Mapped[datetime] = mapped_column(comment="When it ends.")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="When a person took it back.")
    views: Mapped[int] = mapped_column(server_default=text("0"), comment="Times that the report was shown.")
    last_viewed_at: Mapped[datetime | None] = mapped_column(comment="When it was last shown.")
    asked: Mapped[int] = mapped_column(
        server_default=text("0"), comment="Times it was asked for in the present minute."
    )
    asked_at: Mapped[datetime | None] = mapped_column(comment="When that minute began.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who made it.")
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When it was made.")


class ReportFile(TenantModel):
    """A report in one form as a file: to attach, or to download when it is too big for a request."""

    __tablename__ = "report_files"
    __table_args__ = tenant_args(
        tenant_key("report_id", "reports", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "report_id", "form"),
        CheckConstraint(f"form in ({_FORMS})", name="form"),
        CheckConstraint("state in ('making', 'ready', 'failed')", name="state"),
        Index(None, "expires_at"),
        {"comment": "Reports as files, kept for some days."},
    )

    report_id: Mapped[UUID] = mapped_column(comment="The report.")
    form: Mapped[Form] = mapped_column(Text, comment="In which form.")
    state: Mapped[FileState] = mapped_column(Text, server_default="making", comment="making, ready or failed.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that makes it.")
    size: Mapped[int | None] = mapped_column(BigInteger, comment="Bytes.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was asked for."
    )
    expires_at: Mapped[datetime] = mapped_column(comment="When it is removed.")


class ReportDigest(TenantModel):
    """Whether and when a person gets the daily digest."""

    __tablename__ = "report_digests"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "user_id"),
        CheckConstraint("weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]", name="weekdays"),
        CheckConstraint("minute between 0 and 1439", name="minute"),
        Index("ix_report_digests_due", "next_at", postgresql_where=text("next_at is not null")),
        {"comment": "Who gets the digest, on which days and when."},
    )

    user_id: Mapped[UUID] = mapped_column(comment="The person.")
    wanted: Mapped[bool] = mapped_column(server_default=text("true"), comment="Whether they want it.")
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), comment="Days of the week, Monday is 1.")
    minute: Mapped[int] = mapped_column(SmallInteger, comment="Minute of the day, in their zone.")
    time_zone: Mapped[str] = mapped_column(comment="IANA zone whose clock they live by.")
    next_at: Mapped[datetime | None] = mapped_column(comment="When the next one is due; empty: none is.")
    told_until_at: Mapped[datetime | None] = mapped_column(comment="What was found until then has been told.")
    updated_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was last changed."
    )
