"""Circuit breakers, limits and budgets of outside services."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import open_table, secure

revision = "0013_providers"
down_revision = "0012_run_control"
branch_labels = None
depends_on = None

SHARED = ("provider_breakers", "provider_tallies", "provider_retries", "provider_limits")
OF_ORGANIZATIONS = ("provider_calls", "provider_shares")


def upgrade() -> None:
    """Create what providers needs."""
    op.create_table(
        "provider_breakers",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("provider", sa.Text(), nullable=False, comment="Whose service it is, such as openai."),
        sa.Column(
            "key_fingerprint", sa.Text(), nullable=False, comment="Keyed hash of the key; empty where none is needed."
        ),
        sa.Column(
            "model", sa.Text(), nullable=False, comment="Which model or endpoint; empty where there is only one."
        ),
        sa.Column(
            "state",
            sa.Text(),
            server_default="closed",
            nullable=False,
            comment="closed (called), open (left alone), half_open (one call tries).",
        ),
        sa.Column("failure_class", sa.Text(), nullable=True, comment="Class of the failure that opened it."),
        sa.Column("failure_code", sa.Text(), nullable=True, comment="The provider's own word for that failure."),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it is open, for people."),
        sa.Column("what_to_do", sa.Text(), nullable=True, comment="What a person can do about it."),
        sa.Column(
            "message", sa.Text(), nullable=True, comment="What the provider said, shortened and without secrets."
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True, comment="When it was opened last."),
        sa.Column(
            "open_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When one call may try; empty while open means that a person has to say so.",
        ),
        sa.Column(
            "resets_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the quota that is used up begins anew.",
        ),
        sa.Column(
            "openings",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Openings in a row, each of them longer than the one before.",
        ),
        sa.Column("probe_id", sa.Uuid(), nullable=True, comment="The call that tries."),
        sa.Column(
            "probe_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When another may try if that one is never heard of.",
        ),
        sa.Column(
            "counted_from",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Failures before this do not open it again.",
        ),
        sa.Column(
            "left_alone_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="It asked to be left alone until then.",
        ),
        sa.Column(
            "slowed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Fewer calls at the same time until then.",
        ),
        sa.Column("slowed_to", sa.Integer(), nullable=True, comment="How many."),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When its state last changed.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was first called.",
        ),
        sa.CheckConstraint("state in ('closed', 'open', 'half_open')", name="ck_provider_breakers_state"),
        sa.PrimaryKeyConstraint("id", name="pk_provider_breakers"),
        sa.UniqueConstraint(
            "provider", "key_fingerprint", "model", name="uq_provider_breakers_provider_key_fingerprint_model"
        ),
        comment="Outside services (provider, key, model), and whether they are called at the moment.",
    )
    op.create_index(
        "ix_provider_breakers_open",
        "provider_breakers",
        ["provider"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "provider_tallies",
        sa.Column("breaker_id", sa.Uuid(), nullable=False, comment="The service."),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False, comment="Beginning of the five seconds."),
        sa.Column("calls", sa.Integer(), server_default="0", nullable=False, comment="Calls that ended in them."),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Those that speak against the service.",
        ),
        sa.ForeignKeyConstraint(
            ["breaker_id"], ["provider_breakers.id"], name="fk_provider_tallies_breaker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("breaker_id", "slot", name="pk_provider_tallies"),
        comment="Calls of services in slots of five seconds, written in batches, kept for an hour.",
    )
    op.create_index("ix_provider_tallies_slot", "provider_tallies", ["slot"], unique=False)
    op.create_table(
        "provider_retries",
        sa.Column("provider", sa.Text(), nullable=False, comment="Whose service it is."),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False, comment="Beginning of the minute."),
        sa.Column("retries", sa.Integer(), server_default="0", nullable=False, comment="How many."),
        sa.Column(
            "refused",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How many more the budget did not allow.",
        ),
        sa.PrimaryKeyConstraint("provider", "slot", name="pk_provider_retries"),
        comment="Calls that were tried again, in slots of a minute, kept for an hour.",
    )
    op.create_table(
        "provider_limits",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column("breaker_id", sa.Uuid(), nullable=False, comment="The service."),
        sa.Column(
            "metric", sa.Text(), nullable=False, comment="requests, tokens, or concurrency (calls at the same time)."
        ),
        sa.Column("most", sa.BigInteger(), nullable=False, comment="How much is allowed in a window."),
        sa.Column(
            "window_seconds", sa.Double[float](), nullable=False, comment="Length of the window; 0 for concurrency."
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default="default",
            nullable=False,
            comment="default, headers (it said so), setting.",
        ),
        sa.Column(
            "spent",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="What was granted, by the number of the sixtieth of the window.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was last changed.",
        ),
        sa.CheckConstraint("metric in ('requests', 'tokens', 'concurrency')", name="ck_provider_limits_metric"),
        sa.CheckConstraint("most >= 0", name="ck_provider_limits_most"),
        sa.CheckConstraint("source in ('default', 'headers', 'setting')", name="ck_provider_limits_source"),
        sa.CheckConstraint("window_seconds >= 0", name="ck_provider_limits_window_seconds"),
        sa.ForeignKeyConstraint(
            ["breaker_id"], ["provider_breakers.id"], name="fk_provider_limits_breaker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_provider_limits"),
        sa.UniqueConstraint(
            "breaker_id", "metric", "window_seconds", name="uq_provider_limits_breaker_id_metric_window_seconds"
        ),
        comment="What services allow, and what was used of it: shared by all processes.",
    )
    op.create_table(
        "provider_calls",
        sa.Column("breaker_id", sa.Uuid(), nullable=False, comment="The service."),
        sa.Column("amounts", postgresql.JSONB(), nullable=False, comment="What it needs of each limit."),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, comment="When it asked for its turn."),
        sa.Column(
            "heard_at", sa.DateTime(timezone=True), nullable=False, comment="When it last said that it still waits."
        ),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it had its turn; empty while it waits.",
        ),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True, comment="When it is taken for lost."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.ForeignKeyConstraint(
            ["breaker_id"], ["provider_breakers.id"], name="fk_provider_calls_breaker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_provider_calls"),
        sa.UniqueConstraint("organization_id", "id", name="uq_provider_calls_organization_id_id"),
        comment="Calls of services that are under way or wait for their turn.",
    )
    op.create_index("ix_provider_calls_breaker_id", "provider_calls", ["breaker_id"], unique=False)
    op.create_table(
        "provider_shares",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("breaker_id", sa.Uuid(), nullable=False, comment="The service."),
        sa.Column(
            "served",
            sa.Double[float](),
            server_default="0",
            nullable=False,
            comment="Calls, halved with every minute that passes.",
        ),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last reckoned."),
        sa.ForeignKeyConstraint(
            ["breaker_id"], ["provider_breakers.id"], name="fk_provider_shares_breaker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "breaker_id", name="pk_provider_shares"),
        comment="What organizations had of services lately: who had least comes first.",
    )
    for table in SHARED:
        open_table(table)
    for table in OF_ORGANIZATIONS:
        secure(table, system=True)


def downgrade() -> None:
    """Remove it."""
    for table in (*OF_ORGANIZATIONS, "provider_limits", "provider_retries", "provider_tallies", "provider_breakers"):
        op.drop_table(table)
