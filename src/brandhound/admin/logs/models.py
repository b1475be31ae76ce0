"""Tables of log lines, of the pages that make them quick to search, of saved searches, and of how long lines are kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import SETTING, Model, TenantModel, tenant_args


def _organization(**more: Any) -> Mapped[UUID]:
    return mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
        **more,
    )


class LogLine(Model):
    """One record of one process."""

    __tablename__ = "log_lines"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "at", "id", "level"),
        Index("ix_log_lines_run_id", "organization_id", "run_id", postgresql_where=text("run_id is not null")),
        Index(
            "ix_log_lines_request_id",
            "organization_id",
            "request_id",
            postgresql_where=text("request_id is not null"),
        ),
        Index("ix_log_lines_feed_id", "organization_id", "feed_id", "at", postgresql_where=text("feed_id is not null")),
        {
            "comment": "What the processes said, by organization; lines of no organization belong to the installation's own.",
            "postgresql_partition_by": "LIST (level)",
        },
    )

    organization_id: Mapped[UUID] = _organization()
    at: Mapped[datetime] = mapped_column(comment="When it was said.")
    id: Mapped[UUID] = mapped_column(comment="Holds the time, the process and the number of the line.")
    level: Mapped[int] = mapped_column(comment="10 debug, 20 info, 30 warning, 40 error.")
    text: Mapped[str] = mapped_column(comment="What was said, without secrets.")
    logger: Mapped[str] = mapped_column(comment="The part of the product, or the library, that said it.")
    process: Mapped[str] = mapped_column(comment="web, worker or cli.")
    host: Mapped[str] = mapped_column(comment="Name of the machine.")
    pid: Mapped[int] = mapped_column(comment="Number of the process on it.")
    boot: Mapped[str] = mapped_column(comment="Another one for each start of a process and each fork.")
    seq: Mapped[int] = mapped_column(BigInteger, comment="Number of the line since then, without gaps.")
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that it is about.")
    feed_id: Mapped[UUID | None] = mapped_column(comment="The feed that it is about.")
    provider: Mapped[str | None] = mapped_column(comment="The provider that it is about.")
    request_id: Mapped[str | None] = mapped_column(comment="The request that it is about.")
    facts: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="What it is about, as fields, without secrets."
    )
    traceback: Mapped[str | None] = mapped_column(comment="Where a failure came from.")


class LogPage(Model):
    """The words of many lines in one row."""

    __tablename__ = "log_pages"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "to_at", "id", "level"),
        Index("ix_log_pages_small", "organization_id", "to_at", postgresql_where=text("lines < 200")),
        {
            "comment": "The words of many log lines in one row: a search reads these, then the lines of those that match.",
            "postgresql_partition_by": "LIST (level)",
        },
    )

    organization_id: Mapped[UUID] = _organization()
    to_at: Mapped[datetime] = mapped_column(comment="When its newest line was said.")
    from_at: Mapped[datetime] = mapped_column(comment="When its oldest line was said.")
    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"), comment="Random.")
    level: Mapped[int] = mapped_column(comment="That of its lines: 10 debug, 20 info, 30 warning, 40 error.")
    lines: Mapped[int] = mapped_column(comment="How many lines it holds.")
    folded: Mapped[str] = mapped_column(comment="All that can be searched for in these lines, in small letters.")


class LogSearch(TenantModel):
    """A search that somebody gave a name."""

    __tablename__ = "log_searches"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "user_id", "name"), {"comment": "Searches of log lines that people saved."}
    )

    user_id: Mapped[UUID] = mapped_column(comment="Whose search it is; others do not see it.")
    name: Mapped[str] = mapped_column(comment="What the person calls it.")
    query: Mapped[dict[str, Any]] = mapped_column(comment="The search, as the screen's address has it.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was saved.")


class LogRetention(Model):
    """How long an organization's lines are kept."""

    __tablename__ = "log_retention"
    __table_args__ = (
        CheckConstraint("debug_days between 1 and 400", name="debug_days"),
        CheckConstraint("info_days between 1 and 400", name="info_days"),
        CheckConstraint("warning_days between 1 and 400", name="warning_days"),
        CheckConstraint("error_days between 1 and 400", name="error_days"),
        {"comment": "How long an organization's log lines are kept, where that is not as for everybody."},
    )

    organization_id: Mapped[UUID] = _organization(primary_key=True)
    debug_days: Mapped[int | None] = mapped_column(comment="Days for debug; empty: what the installation keeps.")
    info_days: Mapped[int | None] = mapped_column(comment="Days for info; empty: what the installation keeps.")
    warning_days: Mapped[int | None] = mapped_column(comment="Days for warning; empty: what the installation keeps.")
    error_days: Mapped[int | None] = mapped_column(comment="Days for error; empty: what the installation keeps.")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed.")
