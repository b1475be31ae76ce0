"""Which organization people looked at last: there they are when they sign in again. And how long browsers keep the cookie."""

import sqlalchemy as sa
from alembic import op

revision = "0047_organizations_last"
down_revision = "0046_connect_link_subjects"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """For whoever there is: what the session that was used last says; and what browsers were told when they signed in."""
    op.add_column(
        "users",
        sa.Column(
            "organization_id_last",
            sa.Uuid(),
            nullable=True,
            comment="The organization that they looked at last: where the next session begins.",
        ),
    )
    op.execute(
        "update users u set organization_id_last = ("
        "  select organization_id_now from sign_ins s where s.user_id = u.id and organization_id_now is not null"
        "  order by seen_at desc limit 1"
        ")"
    )
    op.add_column(
        "sign_ins",
        sa.Column(
            "kept_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when the browser keeps the cookie.",
        ),
    )
    # No earlier than that; they are told anew when they ask.
    op.execute("update sign_ins set kept_until = created_at")
    # By default no later than now: the release before, which works on this table still, does not say it.
    op.alter_column("sign_ins", "kept_until", nullable=False, server_default=sa.text("now()"))


def downgrade() -> None:
    """Forget it: who signs in begins in the first organization by name."""
    op.drop_column("sign_ins", "kept_until")
    op.drop_column("users", "organization_id_last")
