"""Lessons from judgements, limits of confidence a brand, weekly samples, and what else a brand's name may mean."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0019_judging"
down_revision = "0018_models"
branch_labels = None
depends_on = None

TABLES = ("brand_limits", "lessons", "lesson_effects", "audits", "audit_items", "limit_moves")
JUDGED = "ix_mentions_organization_id_brand_id_judged_at"
_STANDINGS = "in ('accepted', 'doubtful', 'rejected')"


def upgrade() -> None:
    op.add_column(
        "brands",
        sa.Column(
            "namesakes",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="What else the name may mean, a line each; compared by meaning.",
        ),
    )
    op.create_index(
        JUDGED,
        "mentions",
        ["organization_id", "brand_id", "judged_at"],
        postgresql_where=sa.text("judgement is not null"),
    )
    _create_limits()
    _create_lessons()
    _create_samples()
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index(JUDGED, "mentions")
    op.drop_column("brands", "namesakes")


def _own() -> Sequence[sa.Column[object]]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
    )


def _keys(table: str, **owners: str) -> Sequence[sa.Constraint]:
    """The primary key, the key that references carry, and the references, each with its owner."""
    return (
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("organization_id", "id", name=f"uq_{table}_organization_id_id"),
        *(
            sa.ForeignKeyConstraint(
                ["organization_id", column],
                [f"{owner}.organization_id", f"{owner}.id"],
                name=f"fk_{table}_organization_id_{column}",
                ondelete="CASCADE",
            )
            for column, owner in owners.items()
        ),
    )


def _number(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Float(), nullable=empty, comment=comment)


def _count(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _text(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=empty, comment=comment)


def _json(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=False, comment=comment)


def _uuid(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=empty, comment=comment)


def _time(name: str, comment: str, *, empty: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, comment=comment, server_default=default)


def _create_limits() -> None:
    op.create_table(
        "brand_limits",
        *_own(),
        _uuid("brand_id", "The brand."),
        _number("accept", "From this confidence on a mention counts."),
        _number(
            "target",
            "The precision promised: the limit then moves by itself. Empty: a person chose the limit.",
            empty=True,
        ),
        _time("moved_at", "When the limit was last moved."),
        *_keys("brand_limits", brand_id="brands"),
        sa.UniqueConstraint("organization_id", "brand_id", name="uq_brand_limits_organization_id_brand_id"),
        sa.CheckConstraint("accept > 0 and accept <= 1", name=op.f("ck_brand_limits_accept")),
        sa.CheckConstraint("target > 0.5 and target < 1", name=op.f("ck_brand_limits_target")),
        comment="Each brand's own limit of confidence, and the precision that was promised for it.",
    )
    op.create_table(
        "limit_moves",
        *_own(),
        _uuid("brand_id", "The brand."),
        _number("before", "The limit before."),
        _number("after", "The limit after."),
        _text("cause", "person, or promise where it moved by itself."),
        _text("why", "The reason in words."),
        _uuid("moved_by", "Who moved it; empty where it moved by itself.", empty=True),
        _time("created_at", "When it moved.", now=True),
        *_keys("limit_moves", brand_id="brands"),
        sa.CheckConstraint("cause in ('person', 'promise')", name=op.f("ck_limit_moves_cause")),
        comment="How each brand's limit of confidence has moved, and why.",
    )
    op.create_index(
        "ix_limit_moves_organization_id_brand_id_created_at",
        "limit_moves",
        ["organization_id", "brand_id", "created_at"],
    )


def _create_lessons() -> None:
    op.create_table(
        "lessons",
        *_own(),
        _uuid("brand_id", "The brand."),
        _count("number", "Counts the brand's lessons from 1."),
        _text("state", "proposed, applied, declined, undone, or replaced by a later one."),
        _count("yes", "Judgements “it is the brand” that it was learned from."),
        _count("no", "Judgements “it is not” that it was learned from."),
        _count("conflicts", "Sentences judged both ways, which were left out."),
        _json("weights", "What was learned in numbers: {bias, trust, signs: {code: weight}}, in log-odds."),
        sa.Column(
            "direction",
            sa.LargeBinary(),
            nullable=False,
            comment="Weights of the sentence's vector, 32-bit floats; empty where no sentence model was at hand.",
        ),
        _json("examples", "Judged sentences to explain by: [{mention_id, verdict, text}]."),
        sa.Column(
            "example_vectors",
            sa.LargeBinary(),
            nullable=False,
            comment="Their vectors, 32-bit floats, in the same order.",
        ),
        _json(
            "checked",
            "What it would have said of each judged mention without having seen it: [{mention_id, confidence, right}].",
        ),
        _json("figures", "How right it is on those: {before: {…}, after: {…}}, each {right, wrong, f1, ece}."),
        _count("looked_at", "Mentions of the last 30 days that it was tried on."),
        _count("changes", "How many of them would stand elsewhere."),
        sa.Column(
            "written",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether what it says stands in the mentions.",
        ),
        _time("created_at", "When it was learned.", now=True),
        _time("decided_at", "When it was accepted, declined or undone.", empty=True),
        _uuid("decided_by", "Who decided.", empty=True),
        *_keys("lessons", brand_id="brands"),
        sa.UniqueConstraint("organization_id", "brand_id", "number", name="uq_lessons_organization_id_brand_id_number"),
        sa.CheckConstraint(
            "state in ('proposed', 'applied', 'declined', 'undone', 'replaced')", name=op.f("ck_lessons_state")
        ),
        comment="What was learned from judgements on a brand; nothing of it holds before a person has accepted it.",
    )
    op.create_index("ix_lessons_organization_id_brand_id_state", "lessons", ["organization_id", "brand_id", "state"])
    op.create_table(
        "lesson_effects",
        *_own(),
        _uuid("lesson_id", "The lesson."),
        _uuid("mention_id", "The mention."),
        _number("confidence_before", "How sure it was before."),
        _number("confidence_after", "How sure it is with the lesson."),
        _text("standing_before", "Where it stood when the lesson was tried."),
        _text("standing_after", "Where the lesson would put it."),
        _json("reasons_before", "The reasons before."),
        _json("reasons_after", "The reasons with the lesson."),
        *_keys("lesson_effects", lesson_id="lessons", mention_id="mentions"),
        sa.UniqueConstraint(
            "organization_id", "lesson_id", "mention_id", name="uq_lesson_effects_organization_id_lesson_id_mention_id"
        ),
        sa.CheckConstraint(f"standing_before {_STANDINGS}", name=op.f("ck_lesson_effects_standing_before")),
        sa.CheckConstraint(f"standing_after {_STANDINGS}", name=op.f("ck_lesson_effects_standing_after")),
        comment="What a lesson would do, or did, to each mention of the last 30 days: shown first, then applied.",
    )
    op.create_index("ix_lesson_effects_organization_id_mention_id", "lesson_effects", ["organization_id", "mention_id"])


def _create_samples() -> None:
    op.create_table(
        "audits",
        *_own(),
        _uuid("brand_id", "The brand."),
        sa.Column("week_on", sa.Date(), nullable=False, comment="The Monday of the week in which it was drawn."),
        _number("accept", "The limit of confidence on that day."),
        _count("shown", "Unjudged mentions at or above the limit that it speaks for."),
        _count("hidden", "Unjudged mentions below the limit that it speaks for."),
        _time("created_at", "When it was drawn.", now=True),
        *_keys("audits", brand_id="brands"),
        sa.UniqueConstraint(
            "organization_id", "brand_id", "week_on", name="uq_audits_organization_id_brand_id_week_on"
        ),
        comment="Weekly samples by which a brand's precision is measured. They measure and do not teach.",
    )
    op.create_table(
        "audit_items",
        *_own(),
        _uuid("audit_id", "The sample."),
        _uuid("mention_id", "The mention."),
        _count("position", "Its place in the sample, from 0."),
        _text("layer", "shown or hidden, by the limit of that day."),
        _text("answer", "yes, no or unsure; empty until somebody looked.", empty=True),
        _uuid("answered_by", "Who looked.", empty=True),
        _time("answered_at", "When.", empty=True),
        *_keys("audit_items", audit_id="audits", mention_id="mentions"),
        sa.UniqueConstraint(
            "organization_id", "audit_id", "mention_id", name="uq_audit_items_organization_id_audit_id_mention_id"
        ),
        sa.CheckConstraint("layer in ('shown', 'hidden')", name=op.f("ck_audit_items_layer")),
        sa.CheckConstraint("answer in ('yes', 'no', 'unsure')", name=op.f("ck_audit_items_answer")),
        comment="The mentions of the weekly samples, with the answers.",
    )
    op.create_index("ix_audit_items_organization_id_mention_id", "audit_items", ["organization_id", "mention_id"])
