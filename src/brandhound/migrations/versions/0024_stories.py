"""Stories by hand: what people did to them, their tags, headlines and wires; and alerts on stories that spread."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0024_stories"
down_revision = "0023_resolution"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that may be empty, and three tables."""
    op.add_column(
        "stories",
        sa.Column(
            "chosen_headline_id",
            sa.Uuid(),
            nullable=True,
            comment="The article that a person chose to speak for it, while it is in the story.",
        ),
    )
    op.create_foreign_key(op.f("fk_stories_chosen_headline_id"), "stories", "articles", ["chosen_headline_id"], ["id"])
    op.add_column(
        "story_articles",
        sa.Column(
            "wire",
            sa.Text(),
            nullable=True,
            comment="The news agency or press wire that it credits; empty: none; null: not looked for yet.",
        ),
    )
    op.create_table(
        "story_tags",
        _id(),
        _owner(),
        sa.Column("story_id", sa.Uuid(), nullable=False, comment="The story."),
        sa.Column("tag", sa.Text(), nullable=False, comment="The tag, as it was first written in the organization."),
        _time("created_at", "When it was put on.", now=True),
        *_keys("story_tags"),
        _reference("story_tags", "story_id", "stories"),
        sa.UniqueConstraint(
            "organization_id", "story_id", "tag", name=op.f("uq_story_tags_organization_id_story_id_tag")
        ),
        comment="Tags that people put on stories.",
    )
    op.create_index("ix_story_tags_organization_id_tag_story_id", "story_tags", ["organization_id", "tag", "story_id"])
    op.create_table(
        "story_deeds",
        _id(),
        _owner(),
        sa.Column("kind", sa.Text(), nullable=False, comment="merge, split, headline, or what was marked."),
        sa.Column("state", sa.Text(), nullable=False, comment="doing, done, undoing or undone."),
        sa.Column("story_id", sa.Uuid(), nullable=True, comment="The story merged into, split off or spoken for."),
        sa.Column("tag", sa.Text(), nullable=True, comment="The tag that was put on or taken off."),
        _count("total", "Stories it is about."),
        _count("changed", "Stories that it changed."),
        _count("failed", "Stories it could not be done to."),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="The run that does it, where there are many."),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="Who did it; empty for an API key."),
        sa.Column("key_id", sa.Uuid(), nullable=True, comment="The API key that did it."),
        _time("created_at", "When it was done.", now=True),
        _time("undone_at", "When it was taken back.", empty=True),
        *_keys("story_deeds"),
        sa.CheckConstraint(
            "kind in ('merge', 'split', 'headline', 'star', 'unstar', 'archive', 'unarchive', 'tag', 'untag', 'delete')",
            name=op.f("ck_story_deeds_kind"),
        ),
        sa.CheckConstraint("state in ('doing', 'done', 'undoing', 'undone')", name=op.f("ck_story_deeds_state")),
        comment="What people did to stories by hand, to be taken back and to be respected by matching.",
    )
    op.create_index(
        "ix_story_deeds_organization_id_created_at_id", "story_deeds", ["organization_id", "created_at", "id"]
    )
    op.create_table(
        "story_deed_items",
        _id(),
        _owner(),
        sa.Column("deed_id", sa.Uuid(), nullable=False, comment="The deed."),
        sa.Column("story_id", sa.Uuid(), nullable=False, comment="The story, as it was before."),
        sa.Column(
            "article_id", sa.Uuid(), nullable=True, comment="The article; empty where it is about the story itself."
        ),
        sa.Column("to_story_id", sa.Uuid(), nullable=True, comment="The story it belongs to since."),
        sa.Column("state", sa.Text(), nullable=False, comment="waiting, done, same (was so before), failed or undone."),
        sa.Column("before", postgresql.JSONB(), nullable=True, comment="What is needed to take it back."),
        sa.Column("problem", sa.Text(), nullable=True, comment="Why it could not be done."),
        *_keys("story_deed_items"),
        _reference("story_deed_items", "deed_id", "story_deeds"),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'same', 'failed', 'undone')", name=op.f("ck_story_deed_items_state")
        ),
        comment="The stories and articles that deeds are about, with how they were before.",
    )
    op.create_index(
        "ix_story_deed_items_organization_id_deed_id_state_id",
        "story_deed_items",
        ["organization_id", "deed_id", "state", "id"],
    )
    op.create_index(
        "ix_story_deed_items_article",
        "story_deed_items",
        ["organization_id", "article_id"],
        postgresql_where=sa.text("article_id is not null"),
    )
    op.create_index("ix_story_deed_items_organization_id_story_id", "story_deed_items", ["organization_id", "story_id"])
    for table in ("story_tags", "story_deeds", "story_deed_items"):
        secure(table)
    _let_alerts_tell_of_stories()


def downgrade() -> None:
    """Forget tags, deeds and alerts on stories that spread. Stories stay as people left them."""
    op.execute("delete from brand_alerts where kind = 'story'")
    op.drop_index("ix_brand_incidents_once", "brand_incidents")
    op.create_index(
        "ix_brand_incidents_organization_id_alert_id_opened_at",
        "brand_incidents",
        ["organization_id", "alert_id", "opened_at"],
        unique=True,
    )
    op.drop_column("brand_incidents", "story_id")
    for name in ("least_outlets", "within_hours", "said"):
        op.drop_column("brand_alerts", name)
    _put_kinds("'spike', 'silence'")
    for column, table in (("kind", "brand_alerts"), ("kind", "brand_incidents")):
        op.execute(f"comment on column {table}.{column} is 'spike or silence.'")
    op.execute("comment on table brand_alerts is 'Alerts on brands: spikes and silences that people are told of.'")
    op.execute("comment on table brand_incidents is 'Spikes and silences that alerts found.'")
    for table in ("story_deed_items", "story_deeds", "story_tags"):
        op.drop_table(table)
    op.drop_column("story_articles", "wire")
    op.drop_column("stories", "chosen_headline_id")


def _let_alerts_tell_of_stories() -> None:
    _put_kinds("'spike', 'silence', 'story'")
    for name, default, comment in (
        ("least_outlets", "3", "A story that spreads is in at least so many outlets."),
        ("within_hours", "24", "It is in them within so many hours."),
    ):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(default), comment=comment)
        op.add_column("brand_alerts", column)
    said = "The sentence that it was asked for with, if it was."
    op.add_column(
        "brand_alerts", sa.Column("said", sa.Text(), nullable=False, server_default=sa.text("''"), comment=said)
    )
    op.create_check_constraint(op.f("ck_brand_alerts_least_outlets"), "brand_alerts", "least_outlets between 1 and 100")
    op.create_check_constraint(op.f("ck_brand_alerts_within_hours"), "brand_alerts", "within_hours between 1 and 720")
    story = "The story that spreads; empty for the others."
    op.add_column("brand_incidents", sa.Column("story_id", sa.Uuid(), nullable=True, comment=story))
    op.drop_index("ix_brand_incidents_organization_id_alert_id_opened_at", "brand_incidents")
    op.create_index(
        "ix_brand_incidents_once",
        "brand_incidents",
        ["organization_id", "alert_id", "opened_at", "story_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    for table in ("brand_alerts", "brand_incidents"):
        op.execute(f"comment on column {table}.kind is 'spike, silence or story.'")
    op.execute(
        "comment on table brand_alerts is"
        " 'Alerts on brands: spikes, silences and stories that spread, of which people are told.'"
    )
    op.execute("comment on table brand_incidents is 'Spikes, silences and stories that spread, as alerts found them.'")


def _put_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_brand_alerts_kind"), "brand_alerts", type_="check")
    op.create_check_constraint(op.f("ck_brand_alerts_kind"), "brand_alerts", f"kind in ({kinds})")


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made.")


def _owner() -> sa.Column[object]:
    return sa.Column(
        "organization_id",
        sa.Uuid(),
        server_default=sa.text("current_setting('app.organization_id')::uuid"),
        nullable=False,
        comment="Whose row it is; filled and guarded by the database.",
    )


def _count(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"), comment=comment)


def _time(name: str, comment: str, *, empty: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, server_default=default, comment=comment)


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    )


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{other}.organization_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organization_id_{column}"),
        ondelete="CASCADE",
    )
