"""Alerts on brands, and what they found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0021_brand_alerts"
down_revision = "0020_report_schedules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "brand_alerts",
        _id(),
        _owner(),
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="The brand."),
        _text("kind", "spike or silence."),
        _text("title", "What a person calls it."),
        _text("keenness", "How rare a count must be: calm, usual or keen."),
        _integer("least_stories", "A spike has at least so many stories.", default="4"),
        _integer("hours", "A silence lasts at least so long.", default="48"),
        _texts("tones", "Only stories with one of these tones; empty: all."),
        _texts("words", "Only stories with one of these words in their titles, folded."),
        sa.Column(
            "enabled", sa.Boolean(), nullable=False, server_default=sa.true(), comment="Whether it is looked at."
        ),
        _time("created_at", "When it was made.", now=True),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it."),
        _time("checked_at", "When it was last looked at.", empty=True),
        *_keys("brand_alerts"),
        _reference("brand_alerts", "brand_id", "brands"),
        sa.CheckConstraint("kind in ('spike', 'silence')", name=op.f("ck_brand_alerts_kind")),
        sa.CheckConstraint("keenness in ('calm', 'usual', 'keen')", name=op.f("ck_brand_alerts_keenness")),
        sa.CheckConstraint("least_stories between 2 and 1000", name=op.f("ck_brand_alerts_least_stories")),
        sa.CheckConstraint("hours between 24 and 720", name=op.f("ck_brand_alerts_hours")),
        comment="Alerts on brands: spikes and silences that people are told of.",
    )
    op.create_index("ix_brand_alerts_organization_id_brand_id", "brand_alerts", ["organization_id", "brand_id"])
    op.create_table(
        "brand_incidents",
        _id(),
        _owner(),
        sa.Column("alert_id", sa.Uuid(), nullable=False, comment="The alert that found it."),
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="The brand."),
        _text("kind", "spike or silence."),
        _time("opened_at", "End of the hour after which it could be known."),
        _time("closed_at", "When it was over; empty while it lasts.", empty=True),
        _integer("window_hours", "Hours that were counted together."),
        _integer("stories", "Stories in them."),
        sa.Column("expected", sa.Float(), nullable=False, comment="Stories that are usual in them."),
        sa.Column("probability", sa.Float(), nullable=False, comment="How often chance alone would do that."),
        _text("severity", "How much it matters."),
        sa.Column(
            "why",
            postgresql.JSONB(),
            nullable=False,
            comment="What it consists of: stories, outlets, tones, and what else speaks for a cause.",
        ),
        _time("found_at", "When it was found.", now=True),
        *_keys("brand_incidents"),
        _reference("brand_incidents", "alert_id", "brand_alerts"),
        _reference("brand_incidents", "brand_id", "brands"),
        sa.CheckConstraint("severity in ('info', 'warning', 'critical')", name=op.f("ck_brand_incidents_severity")),
        comment="Spikes and silences that alerts found.",
    )
    op.create_index(
        "ix_brand_incidents_organization_id_alert_id_opened_at",
        "brand_incidents",
        ["organization_id", "alert_id", "opened_at"],
        unique=True,
    )
    op.create_index(
        "ix_brand_incidents_organization_id_opened_at_id", "brand_incidents", ["organization_id", "opened_at", "id"]
    )
    op.create_index("ix_brand_incidents_organization_id_brand_id", "brand_incidents", ["organization_id", "brand_id"])
    # Whoever looks every few minutes has to know which organizations want to be told of anything.
    secure("brand_alerts", system=True)
    secure("brand_incidents")


def downgrade() -> None:
    """Forget alerts and what they found."""
    op.drop_table("brand_incidents")
    op.drop_table("brand_alerts")


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


def _text(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _texts(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'"), comment=comment)


def _integer(name: str, comment: str, *, default: str | None = None) -> sa.Column[object]:
    server = sa.text(default) if default else None
    return sa.Column(name, sa.Integer(), nullable=False, server_default=server, comment=comment)


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
