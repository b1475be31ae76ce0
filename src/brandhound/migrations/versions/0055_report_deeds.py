"""Reports are tagged, put away and deleted, many at once, and all of it can be taken back."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0055_report_deeds"
down_revision = "0054_deed_mentions"
branch_labels = None
depends_on = None

_TABLES = ("report_tags", "report_deeds", "report_deed_items")


def upgrade() -> None:
    """Add two columns that the release before does not write, and three tables that it does not know."""
    op.add_column(
        "reports",
        sa.Column(
            "archived", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="Whether it is put away"
        ),
    )
    op.add_column(
        "reports",
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was deleted: it is shown to nobody, and gone for good 30 days later",
        ),
    )
    op.create_index(
        "ix_reports_deleted",
        "reports",
        ["organization_id", "deleted_at"],
        postgresql_where=sa.text("deleted_at is not null"),
    )
    op.create_table(
        "report_tags",
        _id(),
        _owner(),
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="The report"),
        sa.Column("tag", sa.Text(), nullable=False, comment="The tag, as it was first written on a report"),
        _time("created_at", "When it was put on", now=True),
        *_keys("report_tags"),
        _reference("report_tags", "report_id", "reports"),
        sa.UniqueConstraint(
            "organization_id", "report_id", "tag", name=op.f("uq_report_tags_organization_id_report_id_tag")
        ),
        comment="Tags that people put on reports.",
    )
    op.create_index(
        "ix_report_tags_organization_id_tag_report_id", "report_tags", ["organization_id", "tag", "report_id"]
    )
    op.create_table(
        "report_deeds",
        _id(),
        _owner(),
        sa.Column("kind", sa.Text(), nullable=False, comment="archive, unarchive, tag, untag or delete."),
        sa.Column("tag", sa.Text(), nullable=True, comment="The tag that was put on or taken off."),
        _count("total", "Reports it is about."),
        _count("changed", "Those that it changed."),
        _count("failed", "Those it could not be done to."),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="Who did it; empty for an API key."),
        sa.Column("key_id", sa.Uuid(), nullable=True, comment="The API key that did it."),
        _time("created_at", "When it was done.", now=True),
        _time("undone_at", "When it was taken back.", empty=True),
        *_keys("report_deeds"),
        sa.CheckConstraint(
            "kind in ('archive', 'unarchive', 'tag', 'untag', 'delete')", name=op.f("ck_report_deeds_kind")
        ),
        comment="What people did to reports by hand, to be taken back.",
    )
    op.create_index(
        "ix_report_deeds_organization_id_created_at_id", "report_deeds", ["organization_id", "created_at", "id"]
    )
    op.create_table(
        "report_deed_items",
        _id(),
        _owner(),
        sa.Column("deed_id", sa.Uuid(), nullable=False, comment="The deed."),
        sa.Column("report_id", sa.Uuid(), nullable=False, comment="The report."),
        sa.Column("state", sa.Text(), nullable=False, comment="done, same (was so before), failed or undone."),
        sa.Column("problem", sa.Text(), nullable=True, comment="Why it could not be done."),
        *_keys("report_deed_items"),
        _reference("report_deed_items", "deed_id", "report_deeds"),
        sa.CheckConstraint("state in ('done', 'same', 'failed', 'undone')", name=op.f("ck_report_deed_items_state")),
        comment="The reports that deeds are about, and what became of each.",
    )
    op.create_index(
        "ix_report_deed_items_organization_id_deed_id_state_id",
        "report_deed_items",
        ["organization_id", "deed_id", "state", "id"],
    )
    op.create_index(
        "ix_report_deed_items_organization_id_report_id", "report_deed_items", ["organization_id", "report_id"]
    )
    for table in _TABLES:
        secure(table)


def downgrade() -> None:
    """Forget tags and deeds. What was deleted goes for good: it would be shown again otherwise."""
    op.execute("delete from reports where deleted_at is not null")
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_index("ix_reports_deleted", "reports")
    op.drop_column("reports", "deleted_at")
    op.drop_column("reports", "archived")


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made.")


def _owner() -> sa.Column[object]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=sa.text("current_setting('app.organization_id')::uuid"),
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


def _count(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"), comment=comment)


def _time(name: str, comment: str, *, empty: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, server_default=default, comment=comment)


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    )


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{other}.organization_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organization_id_{column}"),
        ondelete="CASCADE",
    )
