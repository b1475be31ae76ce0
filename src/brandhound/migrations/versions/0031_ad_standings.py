"""Sums, verdicts and baselines of ads; aims of accounts; people's own metrics and views."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0031_ad_standings"
down_revision = "0030_topics_in_reports"
branch_labels = None
depends_on = None

TABLES = ("ad_window_sums", "ad_verdicts", "ad_baselines", "ad_aims", "ad_metrics", "ad_views")


def upgrade() -> None:
    """Make the tables."""
    _create_ad_window_sums()
    _create_ad_verdicts()
    _create_ad_baselines()
    _create_ad_aims()
    _create_ad_metrics()
    _create_ad_views()
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    """Forget them: all but views, metrics and aims can be counted anew."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_ad_window_sums() -> None:
    op.create_table(
        "ad_window_sums",
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
        sa.Column("since", sa.Date(), nullable=False, comment="The first of them, in the account's time zone."),
        sa.Column("until", sa.Date(), nullable=False, comment="The last."),
        sa.Column("days", sa.Integer(), nullable=False, comment="On how many of them it was shown."),
        sa.Column("spend_micros", sa.BigInteger(), nullable=True, comment="What it cost."),
        sa.Column("impressions", sa.BigInteger(), nullable=True, comment="How often it was shown."),
        sa.Column("clicks", sa.BigInteger(), nullable=True, comment="All clicks."),
        sa.Column("link_clicks", sa.BigInteger(), nullable=True, comment="Clicks on its link."),
        sa.Column("outbound_clicks", sa.BigInteger(), nullable=True, comment="Clicks that left the platform."),
        sa.Column("plays", sa.BigInteger(), nullable=True, comment="Times its film began."),
        sa.Column("views_2s", sa.BigInteger(), nullable=True, comment="Two seconds on end were seen."),
        sa.Column("views_3s", sa.BigInteger(), nullable=True, comment="Three seconds were seen."),
        sa.Column("thruplays", sa.BigInteger(), nullable=True, comment="Seen to the end, or 15 seconds."),
        sa.Column("p25", sa.BigInteger(), nullable=True, comment="A quarter was seen."),
        sa.Column("p50", sa.BigInteger(), nullable=True, comment="Half was seen."),
        sa.Column("p75", sa.BigInteger(), nullable=True, comment="Three quarters were seen."),
        sa.Column("p95", sa.BigInteger(), nullable=True, comment="95 % were seen."),
        sa.Column("p100", sa.BigInteger(), nullable=True, comment="All was seen."),
        sa.Column("watch_seconds", sa.Double[float](), nullable=True, comment="Seconds watched of all plays."),
        sa.Column("landing_page_views", sa.BigInteger(), nullable=True, comment="The page behind it was loaded."),
        sa.Column("content_views", sa.Double[float](), nullable=True, comment="Contents that were looked at."),
        sa.Column("adds_to_cart", sa.Double[float](), nullable=True, comment="Things put into a cart."),
        sa.Column("checkouts", sa.Double[float](), nullable=True, comment="Checkouts that were begun."),
        sa.Column(
            "purchases",
            sa.Double[float](),
            nullable=True,
            comment="Purchases; zero, not empty, where the account counts purchases and the ad had none.",
        ),
        sa.Column("leads", sa.Double[float](), nullable=True, comment="People who left their address."),
        sa.Column("purchase_value_micros", sa.BigInteger(), nullable=True, comment="What those purchases brought."),
        sa.Column(
            "reach",
            sa.BigInteger(),
            nullable=True,
            comment="People reached in these very days, as the platform was asked; never a sum.",
        ),
        sa.Column("reach_low", sa.BigInteger(), nullable=True, comment="At least: the largest of its days."),
        sa.Column("reach_high", sa.BigInteger(), nullable=True, comment="At most: its days together."),
        sa.CheckConstraint("window_days in (7, 14, 28, 90)", name=op.f("ck_ad_window_sums_window_days")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_window_sums_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "ad_id", "window_days", name=op.f("pk_ad_window_sums")),
        comment="Sums of the daily facts over the last days of each account, counted after each sync.",
    )
    op.create_index("ix_ad_window_sums_account", "ad_window_sums", ["organization_id", "ad_account_id", "window_days"])


def _create_ad_verdicts() -> None:
    op.create_table(
        "ad_verdicts",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("since", sa.Date(), nullable=False, comment="The first day that was looked at."),
        sa.Column("until", sa.Date(), nullable=False, comment="The last."),
        sa.Column(
            "health",
            sa.Text(),
            nullable=False,
            comment="The worst that is said, or that too little was seen to say anything.",
        ),
        sa.Column("lacks", sa.ARRAY(sa.Text()), nullable=False, comment="Of what there was too little."),
        sa.Column("rules", sa.ARRAY(sa.Text()), nullable=False, comment="Codes of what is said."),
        sa.Column(
            "diagnoses",
            postgresql.JSONB(),
            nullable=False,
            comment="What is said: rule, confidence, evidence, what else may explain it, and since which day.",
        ),
        sa.Column(
            "estimates",
            postgresql.JSONB(),
            nullable=False,
            comment="By metric: what it truly is likely to be, with what half and nine tenths of the doubt lie between.",
        ),
        sa.Column(
            "more_spend_micros",
            sa.BigInteger(),
            nullable=True,
            comment="About so much more would tell what a purchase costs.",
        ),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.CheckConstraint(
            "health in ('healthy', 'warning', 'critical', 'insufficient')", name=op.f("ck_ad_verdicts_health")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_verdicts_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "ad_id", name=op.f("pk_ad_verdicts")),
        comment="What is said of each ad, with the numbers it was said from.",
    )
    op.create_index("ix_ad_verdicts_account", "ad_verdicts", ["organization_id", "ad_account_id"])


def _create_ad_baselines() -> None:
    op.create_table(
        "ad_baselines",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("since", sa.Date(), nullable=False, comment="The first day that was looked at."),
        sa.Column("until", sa.Date(), nullable=False, comment="The last."),
        sa.Column(
            "baselines",
            postgresql.JSONB(),
            nullable=False,
            comment="By cohort (all, or a format) and metric: quartiles, how many ads, and what it lacks.",
        ),
        sa.Column(
            "facts",
            postgresql.JSONB(),
            nullable=False,
            comment="What else the verdicts rest on: the bar of a purchase's cost, how late purchases come, what happened.",
        ),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_baselines_organization_id_ad_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "ad_account_id", name=op.f("pk_ad_baselines")),
        comment="What is usual in each account, by cohort and metric.",
    )


def _create_ad_aims() -> None:
    op.create_table(
        "ad_aims",
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("target_cost_micros", sa.BigInteger(), nullable=True, comment="What a purchase may cost."),
        sa.Column(
            "naming",
            sa.Text(),
            nullable=True,
            comment="The pattern of names, such as {product}_{angle}_{format}_{date}.",
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="When it was said last."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("target_cost_micros > 0", name=op.f("ck_ad_aims_target")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_aims_organization_id_ad_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_aims")),
        sa.UniqueConstraint("organization_id", "ad_account_id", name=op.f("uq_ad_aims_organization_id_ad_account_id")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_ad_aims_organization_id_id")),
        comment="What a purchase may cost in an account, and how its ads are named.",
    )


def _create_ad_metrics() -> None:
    op.create_table(
        "ad_metrics",
        sa.Column("name", sa.Text(), nullable=False, comment="As views and addresses say it."),
        sa.Column("title", sa.Text(), nullable=False, comment="As the head of a column says it."),
        sa.Column("formula", sa.Text(), nullable=False, comment="In the language of formulas."),
        sa.Column("shown", sa.Text(), nullable=False, comment="As what it is shown."),
        sa.Column("direction", sa.Text(), nullable=False, comment="Which way is better."),
        sa.Column("summable", sa.Boolean(), nullable=False, comment="Whether values of several ads may be added up."),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it; empty for an API key."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("direction in ('up', 'down', 'none')", name=op.f("ck_ad_metrics_direction")),
        sa.CheckConstraint(
            "shown in ('number', 'percent', 'times', 'money', 'seconds')", name=op.f("ck_ad_metrics_shown")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_metrics")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_ad_metrics_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_ad_metrics_organization_id_name")),
        comment="Metrics of the organization's own.",
    )


def _create_ad_views() -> None:
    op.create_table(
        "ad_views",
        sa.Column("name", sa.Text(), nullable=False, comment="Its name."),
        sa.Column(
            "query",
            postgresql.JSONB(),
            nullable=False,
            comment="Filters, order and columns, as the address of the screen has them.",
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="Who made it; empty for an API key."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_views")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_ad_views_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_ad_views_organization_id_name")),
        comment="Saved views of the screen Ads, for all of the organization.",
    )
