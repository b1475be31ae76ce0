"""What ad accounts hold, what ads cost and did by day, and how far accounts are synced."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0027_ads"
down_revision = "0026_ad_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of ads and their facts."""
    for create in _TABLES.values():
        create()
    for table in _TABLES:
        secure(table)


def downgrade() -> None:
    """Forget the ads; their accounts stay."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_ad_campaigns() -> None:
    op.create_table(
        "ad_campaigns",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("external_id", sa.Text(), nullable=False, comment="What the platform calls it."),
        sa.Column("name", sa.Text(), nullable=False, comment="As its owner named it."),
        sa.Column("objective", sa.Text(), nullable=True, comment="What it is to achieve, such as OUTCOME_SALES."),
        sa.Column("status", sa.Text(), nullable=True, comment="What its owner set."),
        sa.Column(
            "effective_status", sa.Text(), nullable=True, comment="What that comes to, with all that is above it."
        ),
        sa.Column("buying_type", sa.Text(), nullable=True, comment="AUCTION or RESERVED."),
        sa.Column(
            "daily_budget_micros", sa.BigInteger(), nullable=True, comment="Millionths of the account's currency a day."
        ),
        sa.Column(
            "lifetime_budget_micros",
            sa.BigInteger(),
            nullable=True,
            comment="Millionths of the account's currency in all.",
        ),
        sa.Column("bid_strategy", sa.Text(), nullable=True, comment="How it bids."),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True, comment="When it begins."),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True, comment="When it ends, if it does."),
        sa.Column(
            "updated_time", sa.DateTime(timezone=True), nullable=True, comment="When the platform says it changed last."
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="When the platform last named it to us."
        ),
        *_own("ad_campaigns"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_campaigns_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "account_id",
            "external_id",
            name=op.f("uq_ad_campaigns_organization_id_account_id_external_id"),
        ),
        sa.UniqueConstraint(
            "organization_id", "account_id", "id", name=op.f("uq_ad_campaigns_organization_id_account_id_id")
        ),
        comment="Campaigns of ad accounts.",
    )


def _create_ad_sets() -> None:
    op.create_table(
        "ad_sets",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("campaign_id", sa.Uuid(), nullable=True, comment="The campaign it belongs to."),
        sa.Column("external_id", sa.Text(), nullable=False, comment="What the platform calls it."),
        sa.Column("name", sa.Text(), nullable=False, comment="As its owner named it."),
        sa.Column("status", sa.Text(), nullable=True, comment="What its owner set."),
        sa.Column(
            "effective_status", sa.Text(), nullable=True, comment="What that comes to, with all that is above it."
        ),
        sa.Column("optimization_goal", sa.Text(), nullable=True, comment="What its delivery is tuned for."),
        sa.Column("billing_event", sa.Text(), nullable=True, comment="What is paid for."),
        sa.Column(
            "attribution_spec",
            postgresql.JSONB(),
            nullable=True,
            comment="Windows in which what people do is put down to it.",
        ),
        sa.Column("learning_stage", sa.Text(), nullable=True, comment="LEARNING, SUCCESS or FAIL."),
        sa.Column(
            "daily_budget_micros", sa.BigInteger(), nullable=True, comment="Millionths of the account's currency a day."
        ),
        sa.Column(
            "lifetime_budget_micros",
            sa.BigInteger(),
            nullable=True,
            comment="Millionths of the account's currency in all.",
        ),
        sa.Column("bid_strategy", sa.Text(), nullable=True, comment="How it bids."),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True, comment="When it begins."),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True, comment="When it ends, if it does."),
        sa.Column(
            "updated_time", sa.DateTime(timezone=True), nullable=True, comment="When the platform says it changed last."
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="When the platform last named it to us."
        ),
        *_own("ad_sets"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_sets_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id", "campaign_id"],
            ["ad_campaigns.organization_id", "ad_campaigns.account_id", "ad_campaigns.id"],
            name=op.f("fk_ad_sets_organization_id_account_id_campaign_id"),
            ondelete="SET NULL (campaign_id)",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "account_id",
            "external_id",
            name=op.f("uq_ad_sets_organization_id_account_id_external_id"),
        ),
        sa.UniqueConstraint(
            "organization_id", "account_id", "id", name=op.f("uq_ad_sets_organization_id_account_id_id")
        ),
        comment="Ad sets of ad accounts.",
    )


def _create_ad_creatives() -> None:
    op.create_table(
        "ad_creatives",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("external_id", sa.Text(), nullable=False, comment="What the platform calls it."),
        sa.Column("name", sa.Text(), nullable=True, comment="As its owner named it."),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="The newest of its versions, counted from 1.",
        ),
        sa.Column("content_hash", sa.Text(), nullable=True, comment="Of its newest version."),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="When the platform last named it to us."
        ),
        *_own("ad_creatives"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_creatives_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "account_id",
            "external_id",
            name=op.f("uq_ad_creatives_organization_id_account_id_external_id"),
        ),
        sa.UniqueConstraint(
            "organization_id", "account_id", "id", name=op.f("uq_ad_creatives_organization_id_account_id_id")
        ),
        comment="Creatives of ad accounts.",
    )


def _create_ad_creative_versions() -> None:
    op.create_table(
        "ad_creative_versions",
        sa.Column("creative_id", sa.Uuid(), nullable=False, comment="The creative."),
        sa.Column("number", sa.Integer(), nullable=False, comment="Counted from 1."),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of what it says and shows, without addresses that expire: the same content, the same hash.",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="The headline."),
        sa.Column("body", sa.Text(), nullable=True, comment="The text."),
        sa.Column("link", sa.Text(), nullable=True, comment="Where a click leads."),
        sa.Column("cta", sa.Text(), nullable=True, comment="What its button says, such as SHOP_NOW."),
        sa.Column("format", sa.Text(), nullable=False, comment="What it is made of."),
        sa.Column(
            "spec",
            postgresql.JSONB(),
            nullable=False,
            comment="All the platform told of it, without addresses that expire.",
        ),
        sa.Column("seen_from", sa.DateTime(timezone=True), nullable=False, comment="When we first saw it so."),
        *_own("ad_creative_versions"),
        sa.CheckConstraint(
            "format in ('image', 'video', 'carousel', 'flexible', 'catalogue', 'post', 'unknown')",
            name=op.f("ck_ad_creative_versions_format"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "creative_id"],
            ["ad_creatives.organization_id", "ad_creatives.id"],
            name=op.f("fk_ad_creative_versions_organization_id_creative_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "creative_id",
            "number",
            name=op.f("uq_ad_creative_versions_organization_id_creative_id_number"),
        ),
        comment="Every version of every creative.",
    )


def _create_ads() -> None:
    op.create_table(
        "ads",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("ad_set_id", sa.Uuid(), nullable=True, comment="The ad set it belongs to."),
        sa.Column("campaign_id", sa.Uuid(), nullable=True, comment="The campaign it belongs to."),
        sa.Column("creative_id", sa.Uuid(), nullable=True, comment="What it shows now."),
        sa.Column("external_id", sa.Text(), nullable=False, comment="What the platform calls it."),
        sa.Column("name", sa.Text(), nullable=False, comment="As its owner named it."),
        sa.Column("status", sa.Text(), nullable=True, comment="What its owner set."),
        sa.Column(
            "effective_status", sa.Text(), nullable=True, comment="What that comes to, with all that is above it."
        ),
        sa.Column(
            "created_time", sa.DateTime(timezone=True), nullable=True, comment="When it was made, as the platform says."
        ),
        sa.Column(
            "updated_time", sa.DateTime(timezone=True), nullable=True, comment="When the platform says it changed last."
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="When the platform last named it to us."
        ),
        sa.Column(
            "refused", sa.Text(), nullable=True, comment="Why the platform does not show it to us any more, if so."
        ),
        *_own("ads"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ads_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id", "ad_set_id"],
            ["ad_sets.organization_id", "ad_sets.account_id", "ad_sets.id"],
            name=op.f("fk_ads_organization_id_account_id_ad_set_id"),
            ondelete="SET NULL (ad_set_id)",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id", "campaign_id"],
            ["ad_campaigns.organization_id", "ad_campaigns.account_id", "ad_campaigns.id"],
            name=op.f("fk_ads_organization_id_account_id_campaign_id"),
            ondelete="SET NULL (campaign_id)",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id", "creative_id"],
            ["ad_creatives.organization_id", "ad_creatives.account_id", "ad_creatives.id"],
            name=op.f("fk_ads_organization_id_account_id_creative_id"),
            ondelete="SET NULL (creative_id)",
        ),
        sa.UniqueConstraint(
            "organization_id", "account_id", "external_id", name=op.f("uq_ads_organization_id_account_id_external_id")
        ),
        sa.UniqueConstraint("organization_id", "account_id", "id", name=op.f("uq_ads_organization_id_account_id_id")),
        comment="Ads. What they cost and did is in the daily facts.",
    )
    op.create_index("ix_ads_creative", "ads", ["organization_id", "creative_id"])


def _create_ad_activities() -> None:
    op.create_table(
        "ad_activities",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of what the platform told: it names it by nothing else.",
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.Column("event_type", sa.Text(), nullable=False, comment="What, such as update_ad_set_budget."),
        sa.Column("object_external_id", sa.Text(), nullable=True, comment="To what, by the platform's name."),
        sa.Column("object_name", sa.Text(), nullable=True, comment="To what, by its owner's name."),
        sa.Column("actor_name", sa.Text(), nullable=True, comment="Who."),
        sa.Column(
            "extra",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="From what to what, as the platform tells it.",
        ),
        *_own("ad_activities"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_activities_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "account_id",
            "content_hash",
            name=op.f("uq_ad_activities_organization_id_account_id_content_hash"),
        ),
        comment="What was changed in ad accounts, when and by whom.",
    )
    op.create_index("ix_ad_activities_happened_at", "ad_activities", ["organization_id", "account_id", "happened_at"])


def _create_ad_assets() -> None:
    op.create_table(
        "ad_assets",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("kind", sa.Text(), nullable=False, comment="A picture or a film."),
        sa.Column(
            "external_id",
            sa.Text(),
            nullable=False,
            comment="The platform's hash of the picture, or its number of the film.",
        ),
        sa.Column("state", sa.Text(), nullable=False, server_default="wanted", comment="Whether we have it."),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why we do not, such as no_page_role or over_budget."),
        sa.Column("sha256", sa.Text(), nullable=True, comment="Its bytes, among the stored files."),
        sa.Column(
            "phash",
            sa.Text(),
            nullable=True,
            comment="64 bits of how it looks, in hexadecimal: alike pictures differ in few. Of a film: its poster's.",
        ),
        sa.Column("dhash", sa.Text(), nullable=True, comment="The same by another reckoning, of steps of brightness."),
        sa.Column("bytes", sa.BigInteger(), nullable=True, comment="How many bytes it has."),
        sa.Column("width", sa.Integer(), nullable=True, comment="Pixels."),
        sa.Column("height", sa.Integer(), nullable=True, comment="Pixels."),
        sa.Column("seconds", sa.Double[float](), nullable=True, comment="How long a film is."),
        sa.Column("poster_sha256", sa.Text(), nullable=True, comment="A film's still, among the stored files."),
        sa.Column("content_type", sa.Text(), nullable=True, comment="What its bytes are, by their own beginning."),
        sa.Column(
            "attempts", sa.Integer(), nullable=False, server_default="0", comment="How often we tried to get it."
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True, comment="When we tried last."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When we first heard of it."),
        *_own("ad_assets"),
        sa.CheckConstraint("(state = 'downloaded') = (sha256 is not null)", name=op.f("ck_ad_assets_bytes")),
        sa.CheckConstraint("kind in ('image', 'video')", name=op.f("ck_ad_assets_kind")),
        sa.CheckConstraint(
            "state in ('wanted', 'downloaded', 'failed', 'not_downloadable')", name=op.f("ck_ad_assets_state")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_assets_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id", "account_id", "id", name=op.f("uq_ad_assets_organization_id_account_id_id")
        ),
        sa.UniqueConstraint(
            "organization_id",
            "account_id",
            "kind",
            "external_id",
            name=op.f("uq_ad_assets_organization_id_account_id_kind_external_id"),
        ),
        comment="Pictures and films of ads.",
    )
    op.create_index("ix_ad_assets_sha256", "ad_assets", ["organization_id", "sha256"])


def _create_ad_creative_assets() -> None:
    op.create_table(
        "ad_creative_assets",
        sa.Column("creative_id", sa.Uuid(), nullable=False, comment="The creative."),
        sa.Column("asset_id", sa.Uuid(), nullable=False, comment="What it shows."),
        sa.Column("role", sa.Text(), nullable=False, comment="As what."),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0", comment="Which of them, from 0."),
        *_own("ad_creative_assets"),
        sa.CheckConstraint("role in ('image', 'video', 'poster', 'card')", name=op.f("ck_ad_creative_assets_role")),
        sa.ForeignKeyConstraint(
            ["organization_id", "asset_id"],
            ["ad_assets.organization_id", "ad_assets.id"],
            name=op.f("fk_ad_creative_assets_organization_id_asset_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "creative_id"],
            ["ad_creatives.organization_id", "ad_creatives.id"],
            name=op.f("fk_ad_creative_assets_organization_id_creative_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "creative_id",
            "asset_id",
            "role",
            name=op.f("uq_ad_creative_assets_organization_id_creative_id_asset_id_role"),
        ),
        comment="Which creative shows which picture or film.",
    )
    op.create_index("ix_ad_creative_assets_asset", "ad_creative_assets", ["organization_id", "asset_id"])


def _create_ad_daily_facts() -> None:
    op.create_table(
        "ad_daily_facts",
        _owner(),
        sa.Column(
            "ad_account_id", sa.Uuid(), nullable=False, comment="The account, whose zone and currency these are in."
        ),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("day", sa.Date(), nullable=False, comment="The day, in the account's time zone."),
        sa.Column("spend_micros", sa.BigInteger(), nullable=True, comment="What it cost."),
        sa.Column("impressions", sa.BigInteger(), nullable=True, comment="How often it was shown."),
        sa.Column(
            "reach",
            sa.BigInteger(),
            nullable=True,
            comment="How many people saw it, of this day alone: never to be added up.",
        ),
        sa.Column("clicks", sa.BigInteger(), nullable=True, comment="All clicks, on whatever part of it."),
        sa.Column("link_clicks", sa.BigInteger(), nullable=True, comment="Clicks on its link (inline_link_clicks)."),
        sa.Column("outbound_clicks", sa.BigInteger(), nullable=True, comment="Clicks that left the platform."),
        sa.Column("plays", sa.BigInteger(), nullable=True, comment="Times its film began, once an impression."),
        sa.Column("views_2s", sa.BigInteger(), nullable=True, comment="Two seconds on end were seen."),
        sa.Column("views_3s", sa.BigInteger(), nullable=True, comment="Three seconds were seen (action video_view)."),
        sa.Column("thruplays", sa.BigInteger(), nullable=True, comment="Seen to the end, or 15 seconds."),
        sa.Column("p25", sa.BigInteger(), nullable=True, comment="A quarter was seen."),
        sa.Column("p50", sa.BigInteger(), nullable=True, comment="Half was seen."),
        sa.Column("p75", sa.BigInteger(), nullable=True, comment="Three quarters were seen."),
        sa.Column("p95", sa.BigInteger(), nullable=True, comment="95 % were seen."),
        sa.Column("p100", sa.BigInteger(), nullable=True, comment="All was seen."),
        sa.Column(
            "watch_seconds_avg",
            sa.Double[float](),
            nullable=True,
            comment="Seconds watched on average; its weight is plays.",
        ),
        sa.Column("landing_page_views", sa.BigInteger(), nullable=True, comment="The page behind it was loaded."),
        sa.Column("content_views", sa.Numeric(20, 6), nullable=True, comment="Contents that were looked at."),
        sa.Column("adds_to_cart", sa.Numeric(20, 6), nullable=True, comment="Things put into a cart."),
        sa.Column("checkouts", sa.Numeric(20, 6), nullable=True, comment="Checkouts that were begun."),
        sa.Column(
            "purchases",
            sa.Numeric(20, 6),
            nullable=True,
            comment="Purchases, of one type of action only: the types overlap. Models give fractions.",
        ),
        sa.Column("leads", sa.Numeric(20, 6), nullable=True, comment="People who left their address."),
        sa.Column("purchase_value_micros", sa.BigInteger(), nullable=True, comment="What those purchases brought."),
        sa.Column(
            "attribution_setting", sa.Text(), nullable=True, comment="The windows the conversions were counted in."
        ),
        sa.Column(
            "observed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When these numbers were first seen as they are.",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="Where they come from."),
        sa.PrimaryKeyConstraint("organization_id", "ad_id", "day", name=op.f("pk_ad_daily_facts")),
        sa.CheckConstraint("source in ('meta', 'file')", name=op.f("ck_ad_daily_facts_source")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_daily_facts_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        comment="What each ad cost and did on each day.",
    )
    op.create_index("ix_ad_daily_facts_account", "ad_daily_facts", ["organization_id", "ad_account_id", "day"])


def _create_ad_action_values() -> None:
    op.create_table(
        "ad_action_values",
        _owner(),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("day", sa.Date(), nullable=False, comment="The day, in the account's time zone."),
        sa.Column("action_type", sa.Text(), nullable=False, comment="What they did, as the platform calls it."),
        sa.Column(
            "attribution_window",
            sa.Text(),
            nullable=False,
            comment="default is the ad set's own setting; else one such as 7d_click.",
        ),
        sa.Column("count", sa.Numeric(20, 6), nullable=True, comment="How often."),
        sa.Column("value_micros", sa.BigInteger(), nullable=True, comment="What it was worth."),
        sa.PrimaryKeyConstraint(
            "organization_id", "ad_id", "day", "action_type", "attribution_window", name=op.f("pk_ad_action_values")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_action_values_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        comment="Actions by type and window of attribution. Types overlap: never to be added up.",
    )


def _create_ad_window_reach() -> None:
    op.create_table(
        "ad_window_reach",
        _owner(),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("since", sa.Date(), nullable=False, comment="The first day, in the account's time zone."),
        sa.Column("until", sa.Date(), nullable=False, comment="The last day."),
        sa.Column("impressions", sa.BigInteger(), nullable=True, comment="How often it was shown in all of them."),
        sa.Column("reach", sa.BigInteger(), nullable=True, comment="How many people saw it in all of them."),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False, comment="When the platform said so."),
        sa.PrimaryKeyConstraint("organization_id", "ad_id", "since", "until", name=op.f("pk_ad_window_reach")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_window_reach_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        comment="People reached over windows of days: the only honest frequency.",
    )


def _create_ad_restatements() -> None:
    op.create_table(
        "ad_restatements",
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("day", sa.Date(), nullable=False, comment="The day whose number moved."),
        sa.Column("metric", sa.Text(), nullable=False, comment="Which number: a column of the daily facts."),
        sa.Column(
            "attribution_window",
            sa.Text(),
            nullable=False,
            server_default="default",
            comment="The window it was counted in; default is the ad set's own.",
        ),
        sa.Column("old", sa.Numeric(26, 6), nullable=True, comment="What was said before; empty: nothing."),
        sa.Column("new", sa.Numeric(26, 6), nullable=True, comment="What is said now."),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False, comment="When we saw it."),
        *_own("ad_restatements"),
        sa.ForeignKeyConstraint(
            ["organization_id", "ad_account_id", "ad_id"],
            ["ads.organization_id", "ads.account_id", "ads.id"],
            name=op.f("fk_ad_restatements_organization_id_ad_account_id_ad_id"),
            ondelete="CASCADE",
        ),
        comment="How numbers of past days moved.",
    )
    op.create_index("ix_ad_restatements_account", "ad_restatements", ["organization_id", "ad_account_id", "day"])
    op.create_index("ix_ad_restatements_ad", "ad_restatements", ["organization_id", "ad_id", "day"])


def _create_ad_syncs() -> None:
    op.create_table(
        "ad_syncs",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column(
            "ads_updated_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The latest change of an ad that we know: the next sync asks for later ones.",
        ),
        sa.Column(
            "activities_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The latest change of the account that we know.",
        ),
        sa.Column("facts_since", sa.Date(), nullable=True, comment="The first day whose facts are here."),
        sa.Column("facts_until", sa.Date(), nullable=True, comment="The last day whose facts are here."),
        sa.Column("last_started_at", sa.DateTime(timezone=True), nullable=True, comment="When a sync was begun last."),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True, comment="When one ended well last."),
        sa.Column("last_run_id", sa.Uuid(), nullable=True, comment="The run that was begun last."),
        sa.Column("error_code", sa.Text(), nullable=True, comment="What went wrong in it; empty when nothing did."),
        sa.Column("error_detail", sa.Text(), nullable=True, comment="That in words, without secrets."),
        sa.Column(
            "api_version",
            sa.Text(),
            nullable=True,
            comment="The version of its interface that the platform answered in.",
        ),
        sa.Column(
            "unknown_fields",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="Fields the platform told that we do not know, and when first; kept in the raw answers.",
        ),
        *_own("ad_syncs"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_syncs_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("organization_id", "account_id", name=op.f("uq_ad_syncs_organization_id_account_id")),
        comment="High-water marks of syncs.",
    )


def _create_ad_account_days() -> None:
    op.create_table(
        "ad_account_days",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("day", sa.Date(), nullable=False, comment="The day, in the account's time zone."),
        sa.Column("spend_micros", sa.BigInteger(), nullable=True, comment="What it cost."),
        sa.Column("impressions", sa.BigInteger(), nullable=True, comment="How often ads were shown."),
        sa.Column("clicks", sa.BigInteger(), nullable=True, comment="All clicks."),
        sa.Column("link_clicks", sa.BigInteger(), nullable=True, comment="Clicks on links."),
        sa.Column("purchases", sa.Numeric(20, 6), nullable=True, comment="Purchases, of one type of action."),
        sa.Column("purchase_value_micros", sa.BigInteger(), nullable=True, comment="What those purchases brought."),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False, comment="When the platform said so."),
        *_own("ad_account_days"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_account_days_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id", "account_id", "day", name=op.f("uq_ad_account_days_organization_id_account_id_day")
        ),
        comment="The platform's own totals of accounts by day.",
    )


def _create_ad_raw_pages() -> None:
    op.create_table(
        "ad_raw_pages",
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="Whose they are."),
        sa.Column("kind", sa.Text(), nullable=False, comment="What was asked for, such as insights."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="The answer, packed with gzip, among the stored files."),
        sa.Column("asked", postgresql.JSONB(), nullable=False, comment="What was asked, without any secret."),
        sa.Column("rows", sa.Integer(), nullable=False, comment="How many things it tells of."),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="The run that first got it."),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="When it first came."),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, comment="When the same bytes came last."),
        *_own("ad_raw_pages"),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["ad_accounts.organization_id", "ad_accounts.id"],
            name=op.f("fk_ad_raw_pages_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "account_id",
            "kind",
            "sha256",
            name=op.f("uq_ad_raw_pages_organization_id_account_id_kind_sha256"),
        ),
        comment="Answers of ad platforms as they came, for replay.",
    )
    op.create_index("ix_ad_raw_pages_fetched_at", "ad_raw_pages", ["organization_id", "account_id", "fetched_at"])


def _own(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        _owner(),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    )


def _owner() -> sa.Column[object]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=sa.text("current_setting('app.organization_id')::uuid"),
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


_TABLES = {
    "ad_campaigns": _create_ad_campaigns,
    "ad_sets": _create_ad_sets,
    "ad_creatives": _create_ad_creatives,
    "ad_creative_versions": _create_ad_creative_versions,
    "ads": _create_ads,
    "ad_activities": _create_ad_activities,
    "ad_assets": _create_ad_assets,
    "ad_creative_assets": _create_ad_creative_assets,
    "ad_daily_facts": _create_ad_daily_facts,
    "ad_action_values": _create_ad_action_values,
    "ad_window_reach": _create_ad_window_reach,
    "ad_restatements": _create_ad_restatements,
    "ad_syncs": _create_ad_syncs,
    "ad_account_days": _create_ad_account_days,
    "ad_raw_pages": _create_ad_raw_pages,
}
