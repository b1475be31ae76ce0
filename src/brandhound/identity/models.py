"""Users, their sessions, and keys for programs. Only the role that runs sign-in reaches users and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import Model, TenantModel, tenant_args
from brandhound.core.ids import uuid7


class User(Model):
    """A person. May belong to several organizations."""

    __tablename__ = "users"
    __table_args__ = ({"comment": "People. May belong to several organizations."},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    email: Mapped[str] = mapped_column(comment="As it was typed.")
    email_key: Mapped[str] = mapped_column(unique=True, comment="Lower case, for looking it up.")
    name: Mapped[str] = mapped_column(comment="What others see.")
    password_hash: Mapped[str] = mapped_column(comment="Argon2id.")
    operator: Mapped[bool] = mapped_column(
        server_default=text("false"),
        deferred=True,
        comment="Read by the release before alone: whether they run this installation.",
    )
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When the account was made.")
    disabled_at: Mapped[datetime | None] = mapped_column(comment="Since when they may not sign in.")
    organization_id_last: Mapped[UUID | None] = mapped_column(
        comment="The organization that they looked at last: where the next session begins."
    )


class SignIn(Model):
    """One browser that is signed in."""

    __tablename__ = "sign_ins"
    __table_args__ = ({"comment": "Browsers that are signed in."},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, comment="Whose it is."
    )
    token_hash: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the cookie's secret.")
    organization_id_now: Mapped[UUID | None] = mapped_column(comment="The organization that is looked at.")
    user_agent: Mapped[str] = mapped_column(server_default=text("''"), comment="The browser, for the list of sessions.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was signed in.")
    seen_at: Mapped[datetime] = mapped_column(
        server_default=text("now()"), comment="When it was last used, within minutes."
    )
    expires_at: Mapped[datetime] = mapped_column(index=True, comment="When it ends unless it is used before.")
    kept_until: Mapped[datetime] = mapped_column(
        server_default=text("now()"), comment="Until when the browser keeps the cookie."
    )


class SignInFailure(Model):
    """How often sign-in failed lately, for one address of a person or of a network."""

    __tablename__ = "sign_in_failures"
    __table_args__ = ({"comment": "How often sign-in failed lately."},)

    key: Mapped[str] = mapped_column(primary_key=True, comment="An e-mail address or a network address, hashed.")
    failures: Mapped[int] = mapped_column(comment="In a row.")
    failed_at: Mapped[datetime] = mapped_column(comment="The last one.")
    blocked_until: Mapped[datetime | None] = mapped_column(comment="Until when no attempt is looked at.")


class SetupToken(Model):
    """The one-time link that makes the first administrator."""

    __tablename__ = "setup_tokens"
    __table_args__ = ({"comment": "One-time links that make the first administrator."},)

    token_hash: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 of the link's secret.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was printed.")


class PasswordReset(Model):
    """The one-time link by which somebody chooses a new password. Each person has one at most: the last that was made."""

    __tablename__ = "password_resets"
    __table_args__ = ({"comment": "One-time links by which people choose a new password."},)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, comment="Whose password it is about."
    )
    token_hash: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the link's secret.")
    made_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="By whom; empty for the command line."
    )
    made_in: Mapped[UUID] = mapped_column(comment="The organization in whose book it stands.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")
    expires_at: Mapped[datetime] = mapped_column(comment="When it ends.")


class ApiKey(TenantModel):
    """A key for a program, bound to one organization, a role and scopes."""

    __tablename__ = "api_keys"
    __table_args__ = tenant_args(Index(None, "key_hash"), {"comment": "Keys for programs."})

    name: Mapped[str] = mapped_column(comment="What it is for.")
    prefix: Mapped[str] = mapped_column(comment="Its first letters, so that it can be recognized.")
    key_hash: Mapped[str] = mapped_column(comment="SHA-256 of the key; the key itself was shown once.")
    role: Mapped[str] = mapped_column(comment="The most it may do.")
    scopes: Mapped[list[str]] = mapped_column(comment="Where it may: `feeds:read`, `mentions:write`, `*:read` …")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), comment="Who made it.")
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When it was made.")
    used_at: Mapped[datetime | None] = mapped_column(comment="When it was last used, within minutes.")
    expires_at: Mapped[datetime | None] = mapped_column(comment="When it ends.")
