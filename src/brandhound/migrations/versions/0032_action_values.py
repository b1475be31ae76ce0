"""Actions of an ad on a day in one row, instead of one for each type and window."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0032_action_values"
down_revision = "0031_ad_standings"
branch_labels = None
depends_on = None

_KEY = "organization_id, ad_account_id, ad_id, day"


def upgrade() -> None:
    """Put the rows of each ad and day together."""
    _put_aside()
    op.create_table(
        "ad_action_values",
        *_common(),
        sa.Column(
            "counts",
            postgresql.JSONB(),
            nullable=False,
            comment="How often, by type as the platform calls it, then by window: default is the ad set's own setting; "
            "else one such as 7d_click.",
        ),
        sa.Column(
            "worth_micros",
            postgresql.JSONB(),
            nullable=False,
            comment="What it was worth in millionths, in the same way.",
        ),
        sa.PrimaryKeyConstraint("organization_id", "ad_id", "day", name=op.f("pk_ad_action_values")),
        _of_ad(),
        comment="Actions by type and window of attribution. Types overlap: never to be added up.",
    )
    secure("ad_action_values")
    op.execute(
        f"insert into ad_action_values ({_KEY}, counts, worth_micros)"
        f" select {_KEY}, coalesce(jsonb_object_agg(action_type, counts) filter (where counts is not null), '{{}}'),"
        " coalesce(jsonb_object_agg(action_type, worth) filter (where worth is not null), '{}')"
        f" from (select {_KEY}, action_type,"
        " jsonb_object_agg(attribution_window, trim_scale(count)) filter (where count is not null) as counts,"
        " jsonb_object_agg(attribution_window, value_micros) filter (where value_micros is not null) as worth"
        f" from ad_action_values_aside group by {_KEY}, action_type) types group by {_KEY}"
    )
    op.drop_table("ad_action_values_aside")


def downgrade() -> None:
    """Take them apart again."""
    _put_aside()
    op.create_table(
        "ad_action_values",
        *_common(),
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
        _of_ad(),
        comment="Actions by type and window of attribution. Types overlap: never to be added up.",
    )
    secure("ad_action_values")
    op.execute(
        f"insert into ad_action_values ({_KEY}, action_type, attribution_window, count, value_micros)"
        f" select {_KEY}, action_type, attribution_window, max(count), max(value_micros) from ("
        f"  select {_KEY}, t.key as action_type, w.key as attribution_window, w.value::numeric as count,"
        "   null::int8 as value_micros"
        "  from ad_action_values_aside, jsonb_each(counts) t, jsonb_each_text(t.value) w"
        f"  union all select {_KEY}, t.key, w.key, null, w.value::int8"
        "  from ad_action_values_aside, jsonb_each(worth_micros) t, jsonb_each_text(t.value) w"
        f" ) told group by {_KEY}, action_type, attribution_window"
    )
    op.drop_table("ad_action_values_aside")


def _put_aside() -> None:
    op.rename_table("ad_action_values", "ad_action_values_aside")
    # Names of indexes are those of the whole schema; all other constraints have theirs from their table.
    op.execute("alter index pk_ad_action_values rename to pk_ad_action_values_aside")


def _common() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("ad_account_id", sa.Uuid(), nullable=False, comment="The account."),
        sa.Column("ad_id", sa.Uuid(), nullable=False, comment="The ad."),
        sa.Column("day", sa.Date(), nullable=False, comment="The day, in the account's time zone."),
    )


def _of_ad() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", "ad_account_id", "ad_id"],
        ["ads.organization_id", "ads.account_id", "ads.id"],
        name=op.f("fk_ad_action_values_organization_id_ad_account_id_ad_id"),
        ondelete="CASCADE",
    )
