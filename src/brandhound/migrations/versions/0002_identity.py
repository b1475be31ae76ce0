"""Users, sessions, keys."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure, system_table

revision = "0002_identity"
down_revision = "0001_core"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MINE = sa.text("current_setting('app.organization_id')::uuid")


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("email", sa.Text(), nullable=False, comment="As it was typed."),
        sa.Column("email_key", sa.Text(), nullable=False, comment="Lower case, for looking it up."),
        sa.Column("name", sa.Text(), nullable=False, comment="What others see."),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="Argon2id."),
        sa.Column(
            "operator",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether they run this installation.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=NOW,
            nullable=False,
            comment="When the account was made.",
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True, comment="Since when they may not sign in."),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
        comment="People. May belong to several organizations.",
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the cookie's secret."),
        sa.Column("organization_id_now", sa.Uuid(), nullable=True, comment="The organization that is looked at."),
        sa.Column(
            "user_agent",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The browser, for the list of sessions.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=NOW,
            nullable=False,
            comment="When it was signed in.",
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            server_default=NOW,
            nullable=False,
            comment="When it was last used, within minutes.",
        ),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends unless it is used before."
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_ins_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash", name="uq_sign_ins_token_hash"),
        comment="Browsers that are signed in.",
    )
    op.create_index("ix_sign_ins_user_id", "sign_ins", ["user_id"])
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.Text(), nullable=False, comment="An e-mail address or a network address, hashed."),
        sa.Column("failures", sa.Integer(), nullable=False, comment="In a row."),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False, comment="The last one."),
        sa.Column(
            "blocked_until", sa.DateTime(timezone=True), nullable=True, comment="Until when no attempt is looked at."
        ),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_failures"),
        comment="How often sign-in failed lately.",
    )
    op.create_table(
        "setup_tokens",
        sa.Column("token_hash", sa.Text(), nullable=False, comment="SHA-256 of the link's secret."),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False, comment="When it was printed."
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_setup_tokens"),
        comment="One-time links that make the first administrator.",
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=MINE,
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="What it is for."),
        sa.Column("prefix", sa.Text(), nullable=False, comment="Its first letters, so that it can be recognized."),
        sa.Column("key_hash", sa.Text(), nullable=False, comment="SHA-256 of the key; the key itself was shown once."),
        sa.Column("role", sa.Text(), nullable=False, comment="The most it may do."),
        sa.Column(
            "scopes",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="Where it may: `feeds:read`, `mentions:write`, `*:read` …",
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it."),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False, comment="When it was made."
        ),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=True, comment="When it was last used, within minutes."
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True, comment="When it ends."),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_api_keys_created_by", ondelete="SET NULL"),
        sa.UniqueConstraint("organization_id", "id", name="uq_api_keys_organization_id_id"),
        comment="Keys for programs.",
    )
    op.create_index("ix_api_keys_key_hash", "api_keys", ["key_hash"])
    for table in ("users", "sign_ins", "sign_in_failures", "setup_tokens"):
        system_table(table)
    secure("api_keys", system=True)


def downgrade() -> None:
    for table in ("api_keys", "setup_tokens", "sign_in_failures", "sign_ins", "users"):
        op.drop_table(table)
