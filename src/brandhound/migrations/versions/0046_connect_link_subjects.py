"""Who at Meta used a link, by their number: so that their name is found again when they ask that it be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0046_connect_link_subjects"
down_revision = "0045_operators"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The number where the brand's connections still tell it, and the book of deeds without the names of strangers."""
    op.add_column(
        "ad_connect_links",
        sa.Column("subject_id", sa.Text(), nullable=True, comment="The number of that person or system user at Meta."),
    )
    op.create_index("ix_ad_connect_links_subject_id", "ad_connect_links", ["subject_id"])
    op.execute(
        "update ad_connect_links l set subject_id = found.subject_id from ("
        "  select organization_id, brand_id, subject_name, min(subject_id) as subject_id from brand_ad_accounts"
        "  where subject_id is not null group by organization_id, brand_id, subject_name"
        "  having count(distinct subject_id) = 1"
        ") found where found.organization_id = l.organization_id and found.brand_id = l.brand_id"
        " and found.subject_name = l.used_by"
    )
    # Of whom no number is known nobody could be told apart later: their name goes now.
    op.execute("update ad_connect_links set used_by = null where subject_id is null")
    op.execute(
        "update audit_entries set facts = facts - 'subject_name'"
        " where action = 'ads.connect_link_used' and facts ? 'subject_name'"
    )


def downgrade() -> None:
    """Forget the numbers. The names that left the book do not come back; the links keep them."""
    op.drop_index("ix_ad_connect_links_subject_id", "ad_connect_links")
    op.drop_column("ad_connect_links", "subject_id")
