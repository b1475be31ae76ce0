"""Ads that are not judged, since at their page nothing could be had."""

from alembic import op

revision = "0039_unjudged_ads"
down_revision = "0038_left_days"
branch_labels = None
depends_on = None

BEFORE = "The worst that is said, or that too little was seen to say anything."
NOW = "The worst that is said, or why nothing is: its page or the tracking did not let it, or too little was seen."


def upgrade() -> None:
    """One more word for how an ad is."""
    op.execute("set local lock_timeout = '10s'")
    _allow("'healthy', 'warning', 'critical', 'unjudged', 'insufficient'")
    op.alter_column("ad_verdicts", "health", comment=NOW, existing_comment=BEFORE)


def downgrade() -> None:
    """Those ads were called healthy before."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("update ad_verdicts set health = 'healthy' where health = 'unjudged'")
    _allow("'healthy', 'warning', 'critical', 'insufficient'")
    op.alter_column("ad_verdicts", "health", comment=BEFORE, existing_comment=NOW)


def _allow(words: str) -> None:
    op.drop_constraint(op.f("ck_ad_verdicts_health"), "ad_verdicts", type_="check")
    op.create_check_constraint(op.f("ck_ad_verdicts_health"), "ad_verdicts", f"health in ({words})")
