"""Templates of reports with their versions, and how an organization's reports look."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0025_templates"
down_revision = "0024_stories"
branch_labels = None
depends_on = None

_USERS = ("reports", "report_schedules")


def upgrade() -> None:
    """Make the three tables, and let reports and schedules name a template."""
    _create_templates()
    _create_versions()
    _create_branding()
    for table in ("report_templates", "report_template_versions", "report_branding"):
        secure(table)
    # What reports have no full stop in their comments.
    for table, stop in zip(_USERS, ("", "."), strict=True):
        comment = f"The template it is made with; empty: the standard one{stop}"
        op.add_column(table, sa.Column("template_id", sa.Uuid(), nullable=True, comment=comment))
        op.create_foreign_key(
            op.f(f"fk_{table}_organization_id_template_id"),
            table,
            "report_templates",
            ["organization_id", "template_id"],
            ["organization_id", "id"],
            ondelete="SET NULL (template_id)",
        )
    op.add_column(
        "reports",
        sa.Column(
            "template_version",
            sa.Integer(),
            nullable=True,
            comment="Version of that template, even if it is gone",
        ),
    )
    op.create_index("ix_reports_organization_id_template_id", "reports", ["organization_id", "template_id"])
    op.add_column(
        "report_schedules",
        sa.Column(
            "against",
            sa.Text(),
            nullable=False,
            server_default="before",
            comment="Against which: before, or last_year.",
        ),
    )
    op.create_check_constraint(
        op.f("ck_report_schedules_against"), "report_schedules", "against in ('before', 'last_year')"
    )


def downgrade() -> None:
    """Forget the templates; reports stay as they are."""
    op.drop_constraint(op.f("ck_report_schedules_against"), "report_schedules", type_="check")
    op.drop_column("report_schedules", "against")
    op.drop_index("ix_reports_organization_id_template_id", "reports")
    op.drop_column("reports", "template_version")
    for table in _USERS:
        op.drop_constraint(op.f(f"fk_{table}_organization_id_template_id"), table, type_="foreignkey")
        op.drop_column(table, "template_id")
    for table in ("report_branding", "report_template_versions", "report_templates"):
        op.drop_table(table)


def _create_templates() -> None:
    op.create_table(
        "report_templates",
        sa.Column("name", sa.Text(), nullable=False, comment="What it is called."),
        sa.Column("name_key", sa.Text(), nullable=False, comment="The same in the one spelling that is compared."),
        sa.Column("version", sa.Integer(), nullable=False, comment="Its newest version, from 1 on."),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it; empty for an API key."),
        _time("created_at", "When."),
        _time("updated_at", "When its newest version was saved."),
        *_own("report_templates"),
        sa.UniqueConstraint("organization_id", "name_key", name=op.f("uq_report_templates_organization_id_name_key")),
        comment="Templates of reports.",
    )


def _create_versions() -> None:
    op.create_table(
        "report_template_versions",
        sa.Column("template_id", sa.Uuid(), nullable=False, comment="The template."),
        sa.Column("version", sa.Integer(), nullable=False, comment="Counted from 1 on."),
        sa.Column("name", sa.Text(), nullable=False, comment="What the template was called then."),
        sa.Column("blocks", postgresql.JSONB(), nullable=False, comment="Its blocks, in order."),
        sa.Column("restored_from", sa.Integer(), nullable=True, comment="The version it is a copy of, if it is one."),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who saved it; empty for an API key."),
        _time("created_at", "When."),
        *_own("report_template_versions"),
        sa.ForeignKeyConstraint(
            ["organization_id", "template_id"],
            ["report_templates.organization_id", "report_templates.id"],
            name=op.f("fk_report_template_versions_organization_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "template_id",
            "version",
            name=op.f("uq_report_template_versions_organization_id_template_id_version"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_report_template_versions_version")),
        comment="Every version of every template.",
    )


def _create_branding() -> None:
    op.create_table(
        "report_branding",
        sa.Column("color", sa.Text(), nullable=False, comment="#rrggbb, dark enough to be read on white."),
        sa.Column("footer", sa.Text(), nullable=False, server_default="", comment="Words at the foot of every report."),
        sa.Column("logo_sha256", sa.Text(), nullable=True, comment="The logo, among the stored files."),
        sa.Column("logo_type", sa.Text(), nullable=True, comment="image/png or image/jpeg."),
        sa.Column("logo_width", sa.Integer(), nullable=True, comment="Pixels."),
        sa.Column("logo_height", sa.Integer(), nullable=True, comment="Pixels."),
        sa.Column("updated_by", sa.Uuid(), nullable=True, comment="Who changed it last; empty for an API key."),
        _time("updated_at", "When."),
        *_own("report_branding"),
        sa.UniqueConstraint("organization_id", name=op.f("uq_report_branding_organization_id")),
        sa.CheckConstraint("color ~ '^#[0-9a-f]{6}$'", name=op.f("ck_report_branding_color")),
        sa.CheckConstraint("logo_type in ('image/png', 'image/jpeg')", name=op.f("ck_report_branding_logo_type")),
        sa.CheckConstraint("(logo_sha256 is null) = (logo_type is null)", name=op.f("ck_report_branding_logo")),
        comment="Colour, logo and foot of an organization's reports.",
    )


def _own(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    )


def _time(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False, comment=comment)
