"""Syncs come every hour and read old days seldom; answers of platforms are kept for a time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.core.addresses import SYSTEM_ROLE

revision = "0036_sync_rhythm"
down_revision = "0035_unsaid_of_ads"
branch_labels = None
depends_on = None

# Only those that nobody changed: of the rhythm, and of how far back is read.
_TO_HOURS = """
update schedules
   set cron = split_part(cron, ' ', 1) || ' * * * *',
       parameters = case when parameters ->> 'days_back' = '28' then jsonb_set(parameters, '{days_back}', 'null')
                         else parameters end,
       next_at = null
 where job = 'ads.sync' and cron ~ '^[0-9]+ [*]/6 [*] [*] [*]$'
"""
_TO_SIX_HOURS = """
update schedules set cron = split_part(cron, ' ', 1) || ' */6 * * *', next_at = null
 where job = 'ads.sync' and cron ~ '^[0-9]+ [*] [*] [*] [*]$'
"""
_TO_ALL_DAYS = """
update schedules set parameters = jsonb_set(parameters, '{days_back}', '28')
 where job = 'ads.sync' and parameters -> 'days_back' = 'null'
"""


def upgrade() -> None:
    """Remember what was read when, and let what tidies up see whose answers lie where."""
    op.add_column(
        "ad_syncs",
        sa.Column(
            "read_back",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="When each stretch of days, by how many they are back from today, was last read to its end.",
        ),
    )
    op.execute(_TO_HOURS)
    op.create_index("ix_ad_raw_pages_last_at", "ad_raw_pages", ["last_at"])
    op.create_index("ix_ad_raw_pages_sha256", "ad_raw_pages", ["sha256"])
    op.execute(f"create policy system on ad_raw_pages for all to {SYSTEM_ROLE} using (true) with check (true)")
    op.execute(f"grant select, delete on ad_raw_pages to {SYSTEM_ROLE}")


def downgrade() -> None:
    """Read everything every six hours again."""
    op.execute(f"revoke select, delete on ad_raw_pages from {SYSTEM_ROLE}")
    op.execute("drop policy system on ad_raw_pages")
    op.drop_index("ix_ad_raw_pages_sha256", "ad_raw_pages")
    op.drop_index("ix_ad_raw_pages_last_at", "ad_raw_pages")
    op.execute(_TO_SIX_HOURS)
    op.execute(_TO_ALL_DAYS)
    op.drop_column("ad_syncs", "read_back")
