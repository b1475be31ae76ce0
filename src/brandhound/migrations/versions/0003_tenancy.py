"""Organizations and their people."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from brandhound.core.addresses import APP_ROLE, SYSTEM_ROLE
from brandhound.migrations.rls import secure

revision = "0003_tenancy"
down_revision = "0002_identity"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
ROLE = "role in ('guest', 'viewer', 'outreach', 'analyst', 'admin', 'owner')"


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made.")


def _owner() -> sa.Column[Any]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=sa.text("current_setting('app.organization_id')::uuid"),
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


def upgrade() -> None:
    op.create_table(
        "organizations",
        _id(),
        sa.Column("name", sa.Text(), nullable=False, comment="What its people call it."),
        sa.Column(
            "time_zone",
            sa.Text(),
            server_default=sa.text("'UTC'"),
            nullable=False,
            comment="IANA name; days are counted in it.",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False, comment="When it was made."
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
        comment="Companies, teams or clients: whoever has rows of their own.",
    )
    op.create_table(
        "members",
        _id(),
        _owner(),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="The person."),
        sa.Column("role", sa.Text(), nullable=False, comment="What they may do."),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False, comment="Since when."),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_members_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("organization_id", "id", name="uq_members_organization_id_id"),
        sa.UniqueConstraint("organization_id", "user_id", name="uq_members_organization_id_user_id"),
        sa.CheckConstraint(ROLE, name="role"),
        comment="Who belongs to which organization, and as what.",
    )
    op.create_index("ix_members_user_id", "members", ["user_id"])
    op.create_table(
        "invitations",
        _id(),
        _owner(),
        sa.Column("email", sa.Text(), nullable=False, comment="Whom it is meant for."),
        sa.Column("role", sa.Text(), nullable=False, comment="As what."),
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the link's secret."),
        sa.Column("invited_by", sa.Uuid(), nullable=True, comment="By whom."),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False, comment="When it was made."
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends."),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True, comment="When it was used."),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name="fk_invitations_invited_by", ondelete="SET NULL"),
        sa.UniqueConstraint("organization_id", "id", name="uq_invitations_organization_id_id"),
        sa.CheckConstraint(ROLE, name="role"),
        comment="Links that make their reader a member.",
    )
    op.create_index("ix_invitations_token_hash", "invitations", ["token_hash"])
    op.create_table(
        "audit_entries",
        _id(),
        _owner(),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False, comment="When."),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="Who, if it was a person."),
        sa.Column("key_id", sa.Uuid(), nullable=True, comment="Which key, if it was a program."),
        sa.Column("action", sa.Text(), nullable=False, comment="What, as `feeds.followed`."),
        sa.Column("kind", sa.Text(), nullable=False, comment="To what kind of thing."),
        sa.Column("thing_id", sa.Uuid(), nullable=True, comment="To which."),
        sa.Column(
            "facts",
            JSONB(),
            nullable=False,
            comment="What else is worth knowing; never a secret.",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.UniqueConstraint("organization_id", "id", name="uq_audit_entries_organization_id_id"),
        comment="Who did what, when. Rows are only added.",
    )
    op.create_index("ix_audit_entries_organization_id_at", "audit_entries", ["organization_id", "at"])
    secure("members", system=True)
    secure("invitations", system=True)
    # A book that can be rewritten is no book.
    secure("audit_entries", app="select, insert")
    # An organization is its own row's owner.
    mine = "id = (select current_setting('app.organization_id')::uuid)"
    op.execute("alter table organizations enable row level security")
    op.execute("alter table organizations force row level security")
    op.execute(f"create policy tenant on organizations for all to {APP_ROLE} using ({mine}) with check ({mine})")
    op.execute("create policy owner on organizations for all to current_user using (true) with check (true)")
    op.execute(f"create policy system on organizations for all to {SYSTEM_ROLE} using (true) with check (true)")
    op.execute(f"grant select, update on organizations to {APP_ROLE}")
    op.execute(f"grant select, insert, update, delete on organizations to {SYSTEM_ROLE}")
    op.execute(
        "insert into organizations (id, name) values ('00000000-0000-0000-0000-000000000000', 'This installation')"
    )


def downgrade() -> None:
    for table in ("audit_entries", "invitations", "members", "organizations"):
        op.drop_table(table)
