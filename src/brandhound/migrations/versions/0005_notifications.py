"""Notices, and who has read them."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0005_notifications"
down_revision = "0004_jobs"
branch_labels = None
depends_on = None

_MINE = sa.text("current_setting('app.organization_id')::uuid")


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("kind", sa.Text(), nullable=False, comment="What sort of notice, such as run_failed."),
        sa.Column("severity", sa.Text(), nullable=False, comment="How much it matters."),
        sa.Column("title", sa.Text(), nullable=False, comment="The notice in one sentence."),
        sa.Column("body", sa.Text(), server_default="", nullable=False, comment="The reason and the next step."),
        sa.Column("href", sa.Text(), comment="Where the thing is that it speaks of."),
        sa.Column("user_id", sa.Uuid(), comment="Only for this person; empty: for everybody."),
        sa.Column("incident_key", sa.Text(), comment="Notices of one incident have one key, and are one."),
        sa.Column("count", sa.Integer(), server_default="1", nullable=False, comment="Times it was told."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first told."),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last told."),
        sa.Column(
            "alerted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Who has read it before this moment has it unread again.",
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), comment="When the incident was over."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=_MINE,
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("organization_id", "id", name="uq_notifications_organization_id_id"),
        sa.CheckConstraint("severity in ('info', 'warning', 'critical')", name=op.f("ck_notifications_severity")),
        comment="What an organization, or one person in it, should know.",
    )
    op.create_index("ix_notifications_organization_id_last_at", "notifications", ["organization_id", "last_at"])
    op.create_index(
        "uq_notifications_open_incident",
        "notifications",
        ["organization_id", "incident_key"],
        unique=True,
        postgresql_where=sa.text("incident_key is not null and settled_at is null"),
    )
    secure("notifications", system=True)
    op.create_table(
        "notification_receipts",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=_MINE,
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="The reader."),
        sa.Column("notification_id", sa.Uuid(), nullable=False, comment="What was read."),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.PrimaryKeyConstraint("organization_id", "user_id", "notification_id", name="pk_notification_receipts"),
        sa.ForeignKeyConstraint(
            ["organization_id", "notification_id"],
            ["notifications.organization_id", "notifications.id"],
            name="fk_notification_receipts_organization_id_notification_id",
            ondelete="CASCADE",
        ),
        comment="Who has read which notice.",
    )
    op.create_index(
        "ix_notification_receipts_notification_id", "notification_receipts", ["organization_id", "notification_id"]
    )
    secure("notification_receipts")


def downgrade() -> None:
    op.drop_table("notification_receipts")
    op.drop_table("notifications")
