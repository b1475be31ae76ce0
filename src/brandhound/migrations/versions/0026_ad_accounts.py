"""Ad accounts, the brands they serve with the rights to read them, and logins at Meta that are under way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure, system_table

revision = "0026_ad_accounts"
down_revision = "0025_templates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    _create_accounts()
    _create_links()
    _create_logins()
    _create_deletions()
    secure("ad_accounts")
    # What Meta calls back about names a person, and no organization; and due tokens are looked for in all of them.
    secure("brand_ad_accounts", system=True)
    secure("ad_logins", system=True)
    system_table("meta_data_deletions")


def downgrade() -> None:
    """Forget the accounts."""
    for table in ("meta_data_deletions", "ad_logins", "brand_ad_accounts", "ad_accounts"):
        op.drop_table(table)


def _create_accounts() -> None:
    op.create_table(
        "ad_accounts",
        _text("platform", "Where it lives: meta, or file for imported tables."),
        _text("external_id", "The platform's own name for it, such as act_123."),
        _text("name", "What its people call it."),
        _text("currency", "ISO 4217; all its money is in it, and it never changes."),
        _text("time_zone", "IANA; its days begin at midnight there."),
        _number("account_status", "Meta's number for its standing: 1 is active."),
        _number("disable_reason", "Meta's number for why it is disabled."),
        _maybe("business_id", "The business at Meta that owns it."),
        _maybe("business_name", "What that business is called."),
        _when("checked_at", "When the platform last told all this.", nullable=True),
        _when("created_at", "When it became known here.", now=True),
        *_own("ad_accounts"),
        sa.UniqueConstraint(
            "organization_id",
            "platform",
            "external_id",
            name=op.f("uq_ad_accounts_organization_id_platform_external_id"),
        ),
        sa.CheckConstraint("platform in ('meta', 'file')", name=op.f("ck_ad_accounts_platform")),
        comment="Accounts that ads are paid from.",
    )


def _create_links() -> None:
    table = "brand_ad_accounts"
    op.create_table(
        table,
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="The brand."),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column(
            "is_primary",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="The brand's first account; one each.",
        ),
        _maybe(
            "access_token",
            "The brand's own token, sealed. Empty: the installation's system user, where that is allowed.",
        ),
        _maybe("token_key_id", "Which of our keys sealed it."),
        _maybe("token_fingerprint", "What stands for the token: accounts with the same one are renewed together."),
        _when("token_expires_at", "When the token ends; empty: it does not.", nullable=True),
        _when("token_issued_at", "When we were given it.", nullable=True),
        _maybe(
            "refresh_token",
            "Always empty: Meta knows no such thing, a token is exchanged for a new one while it is still valid.",
        ),
        _text("auth_method", "system_user, oauth for a person's login, or file.", "system_user"),
        _when(
            "data_access_expires_at",
            "From when on the token reads nothing although it is valid: the person must log in again.",
            nullable=True,
        ),
        _texts("scopes", "The permissions that were given."),
        sa.Column(
            "granular",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'[]'"),
            comment="For which things each permission was given, as Meta says it.",
        ),
        _maybe("app_id", "The application at Meta that the token was made for."),
        _maybe("subject_id", "Meta's number for the person or system user."),
        _maybe("subject_name", "What that person or system user is called."),
        _texts("tasks", "What they may do in the account."),
        _text("state", "connected, needs_you, revoked or disconnected.", "connected"),
        _maybe("state_reason", "Why it is not connected, in one word."),
        _when("state_since", "Since when it stands so.", now=True),
        _when("renew_at", "When the token is next exchanged for a new one.", nullable=True),
        _number("reminded_days", "Days before the end of which people were told last; empty once it is renewed."),
        _when("checked_at", "When it was last seen to work.", nullable=True),
        sa.Column("connected_by", sa.Uuid(), nullable=True, comment="Who connected it; empty for an API key."),
        _when("connected_at", "When it was connected last.", now=True),
        *_own(table),
        _key(table, "brand_id", "brands"),
        _key(table, "ad_account_id", "ad_accounts"),
        sa.UniqueConstraint(
            "organization_id",
            "brand_id",
            "ad_account_id",
            name=op.f("uq_brand_ad_accounts_organization_id_brand_id_ad_account_id"),
        ),
        sa.CheckConstraint(
            "auth_method in ('system_user', 'oauth', 'file')", name=op.f("ck_brand_ad_accounts_auth_method")
        ),
        sa.CheckConstraint(
            "state in ('connected', 'needs_you', 'revoked', 'disconnected')", name=op.f("ck_brand_ad_accounts_state")
        ),
        sa.CheckConstraint("(access_token is null) = (token_key_id is null)", name=op.f("ck_brand_ad_accounts_token")),
        sa.CheckConstraint(
            "state not in ('revoked', 'disconnected') or access_token is null",
            name=op.f("ck_brand_ad_accounts_no_token"),
        ),
        comment="Ad accounts of brands, and the rights to read them.",
    )
    op.create_index("ix_brand_ad_accounts_ad_account_id", table, ["organization_id", "ad_account_id"])
    op.create_index(
        "ix_brand_ad_accounts_primary",
        table,
        ["organization_id", "brand_id"],
        unique=True,
        postgresql_where=sa.text("is_primary"),
    )
    op.create_index("ix_brand_ad_accounts_subject_id", table, ["subject_id"])


def _create_logins() -> None:
    table = "ad_logins"
    op.create_table(
        table,
        sa.Column("brand_id", sa.Uuid(), nullable=False, comment="For which brand."),
        sa.Column(
            "user_id", sa.Uuid(), nullable=True, comment="Who began it; empty for an API key with a pasted token."
        ),
        _maybe("session_hash", "SHA-256 of the session that began it; no other may end it."),
        _text("state_hash", "SHA-256 of the one-time word that Meta carries back."),
        _text("auth_method", "oauth, or system_user for a pasted token."),
        _text("redirect_uri", "Where Meta sends the person back; the exchange needs the very same.", ""),
        _texts("asked", "The permissions that were asked for."),
        _when("created_at", "When it was begun."),
        _when("expires_at", "Until when it may go on."),
        _when("answered_at", "When Meta's answer came; there is no second one.", nullable=True),
        _when("ended_at", "When accounts were chosen.", nullable=True),
        _maybe("access_token", "The token, sealed, until accounts are chosen."),
        sa.Column(
            "found",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="What the token may read: its facts, and the accounts without secrets.",
        ),
        *_own(table),
        _key(table, "brand_id", "brands"),
        sa.UniqueConstraint("organization_id", "state_hash", name=op.f("uq_ad_logins_organization_id_state_hash")),
        comment="Logins at Meta that are under way.",
    )
    op.create_index("ix_ad_logins_expires_at", table, ["organization_id", "expires_at"])
    op.create_index("ix_ad_logins_brand_id", table, ["organization_id", "brand_id"])


def _create_deletions() -> None:
    op.create_table(
        "meta_data_deletions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _text("code_hash", "SHA-256 of the confirmation code."),
        _text("subject_hash", "What stands for the person, so that we know them not."),
        _when("requested_at", "When it was asked."),
        _when("done_at", "When everything was deleted.", nullable=True),
        sa.Column("tokens", sa.Integer(), nullable=False, server_default="0", comment="Tokens that were deleted."),
        sa.Column(
            "accounts", sa.Integer(), nullable=False, server_default="0", comment="Connections of accounts that ended."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meta_data_deletions")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_meta_data_deletions_code_hash")),
        comment="Requests, made through Meta, to delete a person's data.",
    )
    op.create_index(op.f("ix_meta_data_deletions_subject_hash"), "meta_data_deletions", ["subject_hash"])


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


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{of}.organization_id", f"{of}.id"],
        name=op.f(f"fk_{table}_organization_id_{column}"),
        ondelete="CASCADE",
    )


def _text(name: str, comment: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default, comment=comment)


def _maybe(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=True, comment=comment)


def _texts(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'"), comment=comment)


def _number(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=True, comment=comment)


def _when(name: str, comment: str, *, nullable: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default, comment=comment)
