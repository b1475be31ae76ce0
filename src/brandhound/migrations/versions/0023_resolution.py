"""Brands that are one and the same, and brands that nobody watches yet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0023_resolution"
down_revision = "0022_topics"
branch_labels = None
depends_on = None

_KINDS = "'legal', 'short', 'product', 'ticker', 'domain', 'handle', 'former', 'misspelling'"


def upgrade() -> None:
    """Let brands be merged, and keep names that may be brands."""
    op.add_column(
        "brands",
        sa.Column(
            "merged_into",
            sa.Uuid(),
            nullable=True,
            comment="The brand it was found to be; it waits there, seen by nobody, until that is taken back.",
        ),
    )
    op.create_foreign_key(
        op.f("fk_brands_organization_id_merged_into"),
        "brands",
        "brands",
        ["organization_id", "merged_into"],
        ["organization_id", "id"],
        ondelete="CASCADE",
    )
    _allow_kinds(f"{_KINDS}, 'transliteration', 'inflected'")
    _categories()
    _merging()
    _discovery()


def downgrade() -> None:
    """Forget merges and candidates. A merged brand is a brand again; what it gave away stays with the other."""
    for table in (
        "brand_looks",
        "brand_candidate_places",
        "brand_candidates",
        "brand_merge_rows",
        "brand_merges",
        "brands_apart",
        "brand_categories",
    ):
        op.drop_table(table)
    op.execute("update brand_names set kind = 'short' where kind in ('transliteration', 'inflected')")
    _allow_kinds(_KINDS)
    op.drop_constraint(op.f("fk_brands_organization_id_merged_into"), "brands", type_="foreignkey")
    op.drop_column("brands", "merged_into")


def _allow_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_brand_names_kind"), "brand_names", type_="check")
    op.create_check_constraint(op.f("ck_brand_names_kind"), "brand_names", f"kind in ({kinds})")


def _categories() -> None:
    op.create_table(
        "brand_categories",
        _id(),
        _owner(),
        _text("name", "The category, as it is shown."),
        _text("name_key", "The same without case and accents; one each."),
        _text("sector", "The sector it belongs to: one that comes along, or an own one."),
        _time("created_at", "When it was added."),
        *_keys("brand_categories"),
        sa.UniqueConstraint("organization_id", "name_key", name=op.f("uq_brand_categories_organization_id_name_key")),
        comment="What brands sell, in an organization's own words, each in a sector.",
    )
    secure("brand_categories")


def _merging() -> None:
    op.create_table(
        "brands_apart",
        _id(),
        _owner(),
        _uuid("first_id", "The one that was made first."),
        _uuid("second_id", "The other."),
        _time("told_at", "When it was said."),
        _uuid("told_by", "Who said so; empty for an API key.", empty=True),
        *_keys("brands_apart"),
        _reference("brands_apart", "first_id", "brands"),
        _reference("brands_apart", "second_id", "brands"),
        sa.UniqueConstraint(
            "organization_id", "first_id", "second_id", name=op.f("uq_brands_apart_organization_id_first_id_second_id")
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_brands_apart_order")),
        comment="Pairs of brands that look alike and are not the same, as a person has said.",
    )
    op.create_table(
        "brand_merges",
        _id(),
        _owner(),
        _uuid("kept_id", "The brand that stays."),
        _uuid("gone_id", "The brand that was merged into it."),
        _float("probability", "How likely both were held to be one brand."),
        _json("reasons", "Why: list of {code, text, weight}."),
        sa.Column(
            "names",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="Names that the staying brand was given by it.",
        ),
        _integer("mentions", "Mentions that it moved.", default="0"),
        sa.Column("was_paused", sa.Boolean(), nullable=False, comment="Whether the merged brand was paused before."),
        _time("merged_at", "When.", now=True),
        _uuid("merged_by", "Who merged them; empty for an API key.", empty=True),
        _time("undone_at", "When it was taken back.", empty=True),
        _uuid("undone_by", "Who took it back.", empty=True),
        *_keys("brand_merges"),
        _reference("brand_merges", "kept_id", "brands"),
        _reference("brand_merges", "gone_id", "brands"),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_brand_merges_two")),
        comment="Merges of two brands. Each can be taken back.",
    )
    op.create_index(
        "ix_brand_merges_organization_id_merged_at_id", "brand_merges", ["organization_id", "merged_at", "id"]
    )
    op.create_table(
        "brand_merge_rows",
        _id(),
        _owner(),
        _uuid("merge_id", "The merge."),
        _text(
            "kind",
            "moved (a mention), set_aside (a mention beside another of the staying brand in the same article), widened "
            "(that other), alert, incident or topic.",
        ),
        _uuid("row_id", "The row."),
        _json("before", "What it held before; of a mention set aside, all that hangs on it.", default="'{}'"),
        *_keys("brand_merge_rows"),
        _reference("brand_merge_rows", "merge_id", "brand_merges"),
        sa.CheckConstraint(
            "kind in ('moved', 'set_aside', 'widened', 'alert', 'incident', 'topic')",
            name=op.f("ck_brand_merge_rows_kind"),
        ),
        comment="What merges of brands moved, kept so that they can be taken back.",
    )
    op.create_index(
        "ix_brand_merge_rows_organization_id_merge_id_kind_row_id",
        "brand_merge_rows",
        ["organization_id", "merge_id", "kind", "row_id"],
    )
    for table in ("brands_apart", "brand_merges", "brand_merge_rows"):
        secure(table)


def _discovery() -> None:
    op.create_table(
        "brand_candidates",
        _id(),
        _owner(),
        _text("key", "The name without case and accents; one candidate each."),
        _text("name", "The name as it is written most often."),
        _text("state", "proposed, ignored, promoted or merged."),
        _float("score", "How likely it is a brand, 0 to 1."),
        _integer("mentions", "Places in the articles of the last look."),
        _integer("articles", "Articles among them."),
        _integer("sources", "Sites among them."),
        _json("reasons", "Why: list of {code, text, weight}."),
        _json("beside", "Watched brands in the same articles: list of {brand_id, articles}.", default="'[]'"),
        _time("first_seen_at", "When its earliest article was published."),
        _time("last_seen_at", "When its latest article was published."),
        _time("created_at", "When it was first proposed.", now=True),
        _time("decided_at", "When a person decided on it.", empty=True),
        _uuid("decided_by", "Who decided; empty for an API key.", empty=True),
        _uuid("brand_id", "The brand it became, or whose name it is.", empty=True),
        *_keys("brand_candidates"),
        sa.UniqueConstraint("organization_id", "key", name=op.f("uq_brand_candidates_organization_id_key")),
        _reference("brand_candidates", "brand_id", "brands", ondelete="SET NULL (brand_id)"),
        sa.CheckConstraint(
            "state in ('proposed', 'ignored', 'promoted', 'merged')", name=op.f("ck_brand_candidates_state")
        ),
        comment="Names that may be brands, found in an organization's articles.",
    )
    op.create_index(
        "ix_brand_candidates_organization_id_state_score_id",
        "brand_candidates",
        ["organization_id", "state", "score", "id"],
    )
    op.create_table(
        "brand_candidate_places",
        _id(),
        _owner(),
        _uuid("candidate_id", "The candidate."),
        _uuid("article_id", "The article."),
        _text("sentence", "The sentence, word for word."),
        _integer("start", "Where in the sentence the name begins."),
        _integer("end", "Where it ends."),
        _text("title", "Title of the article."),
        _text("url", "Address of the article."),
        _text("outlet", "Who published it."),
        _time("published_at", "When the article was published, or first seen."),
        *_keys("brand_candidate_places"),
        _reference("brand_candidate_places", "candidate_id", "brand_candidates"),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_brand_candidate_places_article_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "organization_id",
            "candidate_id",
            "article_id",
            name=op.f("uq_brand_candidate_places_organization_id_candidate_id_article_id"),
        ),
        comment="Sentences in which candidates stand, a few for each, from as many sites as there are.",
    )
    op.create_table(
        "brand_looks",
        _id(),
        _owner(),
        _time("looked_at", "When."),
        _integer("articles", "Articles that were read."),
        _integer("names", "Names that stood often enough in them."),
        _integer("proposed", "How many of these were proposed."),
        *_keys("brand_looks"),
        sa.UniqueConstraint("organization_id", name=op.f("uq_brand_looks_organization_id")),
        comment="When each organization's articles were last looked through for unknown brands.",
    )
    for table in ("brand_candidates", "brand_candidate_places", "brand_looks"):
        secure(table)


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


def _uuid(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=empty, comment=comment)


def _text(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _float(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Float(), nullable=False, comment=comment)


def _json(name: str, comment: str, *, default: str | None = None) -> sa.Column[object]:
    server = sa.text(default) if default else None
    return sa.Column(name, postgresql.JSONB(), nullable=False, server_default=server, comment=comment)


def _integer(name: str, comment: str, *, default: str | None = None) -> sa.Column[object]:
    server = sa.text(default) if default else None
    return sa.Column(name, sa.Integer(), nullable=False, server_default=server, comment=comment)


def _time(name: str, comment: str, *, empty: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, server_default=default, comment=comment)


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    )


def _reference(table: str, column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{other}.organization_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organization_id_{column}"),
        ondelete=ondelete,
    )
