"""How long lines are kept by level, how much room each organization takes, and which requests were slow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0017_log_levels"
down_revision = "0017_provider_rules"
branch_labels = None
depends_on = None

_MINE = sa.text("current_setting('app.organization_id')::uuid")
_DAYS = {"debug": "info", "error": "warning"}
"""What is told apart from now on, and with which level it went until now."""


def upgrade() -> None:
    _keep_by_level()
    # Pages that were written before hold two levels: they go with the greater of them, as they are found by it.
    op.execute("comment on column log_pages.level is 'That of its lines: 10 debug, 20 info, 30 warning, 40 error.'")
    _create_sizes()
    _create_slow_requests()


def downgrade() -> None:
    op.drop_table("slow_requests")
    op.drop_table("organization_sizes")
    op.execute("comment on column log_pages.level is '20 for debug and info, 40 for warning and error.'")
    # The release before looks for words in pages of 20 and 40.
    op.execute("update log_pages set level = level + 10 where level in (10, 30)")
    for level in _DAYS:
        op.drop_column("log_retention", f"{level}_days")
    for old, new, words in (
        ("detail", "info", "Days for debug and info; empty: what the installation keeps."),
        ("trouble", "warning", "Days for warning and error; empty: what the installation keeps."),
    ):
        _rename(f"{new}_days", f"{old}_days", words)


def _keep_by_level() -> None:
    _rename("detail_days", "info_days", "Days for info; empty: what the installation keeps.")
    _rename("trouble_days", "warning_days", "Days for warning; empty: what the installation keeps.")
    for level, before in _DAYS.items():
        words = f"Days for {level}; empty: what the installation keeps."
        op.add_column("log_retention", sa.Column(f"{level}_days", sa.Integer(), comment=words))
        _check(f"{level}_days")
        op.execute(f"update log_retention set {level}_days = {before}_days")


def _rename(old: str, new: str, words: str) -> None:
    op.execute(f"alter table log_retention rename column {old} to {new}")
    # The check has its table's name once or twice in its own, by the hand that made it.
    for name in (f"ck_log_retention_{old}", f"ck_log_retention_ck_log_retention_{old}"):
        op.execute(f"alter table log_retention drop constraint if exists {name}")
    _check(new)
    op.execute(f"comment on column log_retention.{new} is '{words}'")


def _check(column: str) -> None:
    op.execute(f"alter table log_retention add constraint ck_log_retention_{column} check ({column} between 1 and 400)")


def _organization() -> sa.Column[object]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=_MINE,
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


def _number(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)


def _create_sizes() -> None:
    op.create_table(
        "organization_sizes",
        _organization(),
        sa.Column("on_date", sa.Date(), nullable=False, comment="The day, UTC."),
        _number("mentions", "Rows of mentions."),
        _number("mentions_bytes", "About what they take, with their share of the indexes."),
        _number("articles", "Articles that its mentions are in; other organizations may have them too."),
        _number("articles_bytes", "About what their rows take."),
        _number("files", "Bodies and texts of these articles."),
        _number("files_bytes", "About what they take on disk."),
        _number("log_lines", "Log lines."),
        _number("log_bytes", "About what they take, with what they are searched by."),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False, comment="When it was counted."),
        sa.PrimaryKeyConstraint("organization_id", "on_date", name="pk_organization_sizes"),
        comment="How much each organization keeps, a row a day, for those who run the installation.",
    )
    secure("organization_sizes", system=True, app="select")


def _create_slow_requests() -> None:
    op.create_table(
        "slow_requests",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _organization(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was answered."),
        sa.Column("request", sa.Text(), nullable=False, comment="Method and route, without what was asked for."),
        sa.Column("request_id", sa.Text(), comment="The number under which its lines are in the log."),
        sa.Column("process", sa.Text(), nullable=False, comment="The process that answered."),
        sa.Column("status", sa.Integer(), nullable=False, comment="The status of the answer."),
        sa.Column("seconds", sa.Float(), nullable=False, comment="How long it took until the answer began."),
        sa.Column("database_seconds", sa.Float(), nullable=False, comment="How much of that the database took."),
        sa.Column("statements", sa.Integer(), nullable=False, comment="How often the database was asked."),
        sa.Column(
            "slowest",
            postgresql.JSONB(),
            nullable=False,
            comment="The statements that took longest, without values: statement, times, seconds.",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_slow_requests"),
        comment="Requests that took long, and what the database did meanwhile; kept for a week.",
    )
    op.create_index("ix_slow_requests_at", "slow_requests", ["at"])
    secure("slow_requests", system=True, app="select")
