"""Sums of ads with money in other currencies, kept from which figures and rates they were counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0044_converted_sums"
down_revision = "0041_meanings"
branch_labels = None
depends_on = None

TABLES = ("ad_figures", "ad_converted_accounts", "ad_converted_sums")


def upgrade() -> None:
    """Three tables, empty until somebody asks for ads in another currency."""
    _create_ad_figures()
    _create_ad_converted_accounts()
    _create_ad_converted_sums()
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    """Forget them; days are then added up whenever they are shown."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_ad_figures() -> None:
    op.create_table(
        "ad_figures",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("revision", sa.BigInteger(), nullable=False, comment="The number."),
        sa.Column(
            "summed",
            sa.BigInteger(),
            nullable=True,
            comment="The number at which sums of windows were counted of just these figures.",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_figures_organization_id_ad_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "ad_account_id", name=op.f("pk_ad_figures")),
        comment="A number for each account that grows with each change of its figures, or of their sums.",
    )


def _create_ad_converted_accounts() -> None:
    op.create_table(
        "ad_converted_accounts",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("window_days", sa.Integer(), nullable=False, comment="Of how many days."),
        sa.Column("currency", sa.Text(), nullable=False, comment="The currency that money is in."),
        sa.Column("revision", sa.BigInteger(), nullable=False, comment="The revision of the account's figures."),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="Of the days and of what money of each of them was multiplied by.",
        ),
        sa.Column(
            "left_out",
            postgresql.JSONB(),
            nullable=False,
            comment="By day without a rate on which something was paid: how much, in the account's own currency.",
        ),
        sa.Column("asked_on", sa.Date(), nullable=False, comment="The last day on which somebody asked for it."),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False, comment="When it was counted."),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_converted_accounts_organization_id_ad_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "ad_account_id", "window_days", "currency", name=op.f("pk_ad_converted_accounts")
        ),
        comment="From which figures and rates the converted sums of each account were counted.",
    )


def _create_ad_converted_sums() -> None:
    op.create_table(
        "ad_converted_sums",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("window_days", sa.Integer(), nullable=False, comment="Of how many days."),
        sa.Column("currency", sa.Text(), nullable=False, comment="The currency that money is in."),
        sa.Column(
            "days_without_rate", sa.Integer(), nullable=False, comment="On how many days without a rate it was shown."
        ),
        sa.Column("spend_micros", sa.Double[float](), nullable=True, comment="What it cost, in millionths."),
        sa.Column("impressions", sa.Double[float](), nullable=True, comment="How often it was shown."),
        sa.Column(
            "reach",
            sa.Double[float](),
            nullable=True,
            comment="People reached in all of the days; empty where some are left out.",
        ),
        sa.Column("clicks", sa.Double[float](), nullable=True, comment="All clicks."),
        sa.Column("link_clicks", sa.Double[float](), nullable=True, comment="Clicks on its link."),
        sa.Column("outbound_clicks", sa.Double[float](), nullable=True, comment="Clicks that left the platform."),
        sa.Column("plays", sa.Double[float](), nullable=True, comment="Times its film began."),
        sa.Column("views_2s", sa.Double[float](), nullable=True, comment="Two seconds on end were seen."),
        sa.Column("views_3s", sa.Double[float](), nullable=True, comment="Three seconds were seen."),
        sa.Column("thruplays", sa.Double[float](), nullable=True, comment="Seen to the end, or 15 seconds."),
        sa.Column("p25", sa.Double[float](), nullable=True, comment="A quarter was seen."),
        sa.Column("p50", sa.Double[float](), nullable=True, comment="Half was seen."),
        sa.Column("p75", sa.Double[float](), nullable=True, comment="Three quarters were seen."),
        sa.Column("p95", sa.Double[float](), nullable=True, comment="95 % were seen."),
        sa.Column("p100", sa.Double[float](), nullable=True, comment="All was seen."),
        sa.Column("watch_seconds", sa.Double[float](), nullable=True, comment="Seconds watched of all plays."),
        sa.Column("landing_page_views", sa.Double[float](), nullable=True, comment="The page behind it was loaded."),
        sa.Column("content_views", sa.Double[float](), nullable=True, comment="Contents that were looked at."),
        sa.Column("adds_to_cart", sa.Double[float](), nullable=True, comment="Things put into a cart."),
        sa.Column("checkouts", sa.Double[float](), nullable=True, comment="Checkouts that were begun."),
        sa.Column("purchases", sa.Double[float](), nullable=True, comment="Purchases."),
        sa.Column("leads", sa.Double[float](), nullable=True, comment="People who left their address."),
        sa.Column(
            "purchase_value_micros",
            sa.Double[float](),
            nullable=True,
            comment="What those purchases brought, in millionths.",
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_ad_converted_sums_currency")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_converted_sums_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "ad_id", "window_days", "currency", name=op.f("pk_ad_converted_sums")
        ),
        comment="Sums of ads with each day's money by that day's rate, in currencies that were asked for.",
    )
    op.create_index(
        "ix_ad_converted_sums_shown",
        "ad_converted_sums",
        ["organization_id", "currency", "window_days", "ad_account_id"],
    )
