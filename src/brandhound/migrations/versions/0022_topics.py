"""Tones that people said, beside those that were read."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0022_topics"
down_revision = "0021_brand_alerts"
branch_labels = None
depends_on = None

_TONES = "('positive', 'neutral', 'negative', 'mixed', 'unclear')"


def upgrade() -> None:
    """Let people say tones, and keep their words as examples."""
    # Adding a check looks at every row once; until then nobody may write.
    op.execute("set local lock_timeout = '10s'")
    op.add_column(
        "mentions",
        _text("tone_read", "What was read where a person said the tone; empty where nobody did.", empty=True),
    )
    op.add_column("mentions", sa.Column("tone_said_by", sa.Uuid(), nullable=True, comment="Who said the tone."))
    op.add_column("mentions", _time("tone_said_at", "When the tone was said.", empty=True))
    op.create_check_constraint(op.f("ck_mentions_tone_read"), "mentions", f"tone_read in {_TONES}")
    op.create_index(
        "ix_mentions_tone_said",
        "mentions",
        ["organization_id", "published_at", "id"],
        postgresql_where=sa.text("tone_read is not null"),
    )
    _comment("tone", "Tone toward the brand: a person's word, else what was read.", "Tone toward the brand.")
    _comment(
        "tone_evidence",
        "Where the quote stands: {start, end, field}; what was read from it: {reasons, engine}; who says what: voices.",
        "Where the quote stands: {start, end, field}, and what was read from it: {reasons, engine}.",
    )
    op.add_column(
        "audit_items",
        _text("tone", "How it speaks of the brand, by who looked; empty where that was not said.", empty=True),
    )
    op.create_check_constraint(op.f("ck_audit_items_tone"), "audit_items", f"tone in {_TONES}")
    _create_tone_judgements()
    secure("tone_judgements")


def downgrade() -> None:
    """What people said is taken back: the tones are again what was read."""
    op.drop_table("tone_judgements")
    op.drop_constraint(op.f("ck_audit_items_tone"), "audit_items")
    op.drop_column("audit_items", "tone")
    op.execute("update mentions set tone = tone_read where tone_read is not null")
    op.drop_index("ix_mentions_tone_said", "mentions")
    op.drop_constraint(op.f("ck_mentions_tone_read"), "mentions")
    for column in ("tone_said_at", "tone_said_by", "tone_read"):
        op.drop_column("mentions", column)
    _comment("tone", "Tone toward the brand.", "Tone toward the brand: a person's word, else what was read.")
    _comment(
        "tone_evidence",
        "Where the quote stands: {start, end, field}, and what was read from it: {reasons, engine}.",
        "Where the quote stands: {start, end, field}; what was read from it: {reasons, engine}; who says what: voices.",
    )


def _create_tone_judgements() -> None:
    table = "tone_judgements"
    op.create_table(
        table,
        *_own(),
        _uuid("mention_id", "The mention."),
        _uuid("brand_id", "Its brand."),
        _text("tone", "The tone said; empty: the word was taken back.", empty=True),
        _text("tone_read", "The tone read at that time."),
        sa.Column("read_confidence", sa.Float(), nullable=False, comment="How sure the reading was."),
        _text("engine", "By what it was read: model, lexicon, signs or none."),
        _text("field", "Where the sentence stands: title or text."),
        _text("sentence", "The sentence the tone was read from, word for word."),
        _integer("target_start", "Where in the sentence the brand's name begins."),
        _integer("target_end", "Where it ends."),
        _text("text_sha256", "SHA-256 of the text the sentence stands in.", empty=True),
        sa.Column(
            "features",
            sa.LargeBinary(),
            nullable=True,
            comment="What the tone head looks at, 32-bit floats; empty until the worker has read the sentence.",
        ),
        _text(
            "features_of",
            "The version of the head that these features are for; empty where no sentence model is installed.",
            empty=True,
        ),
        _uuid("user_id", "Who said so; empty for an API key.", empty=True),
        _uuid("key_id", "The API key that said so.", empty=True),
        _time("created_at", "When it was said.", now=True),
        *_keys(table),
        _reference(table, "mention_id", "mentions"),
        _reference(table, "brand_id", "brands"),
        sa.CheckConstraint(f"tone in {_TONES}", name=op.f("ck_tone_judgements_tone")),
        sa.CheckConstraint(f"tone_read in {_TONES}", name=op.f("ck_tone_judgements_tone_read")),
        sa.CheckConstraint("field in ('title', 'text')", name=op.f("ck_tone_judgements_field")),
        comment="What people said of the tone of mentions, with what was read and the features: examples to train on.",
    )
    op.create_index(
        "ix_tone_judgements_organization_id_mention_id_created_at",
        table,
        ["organization_id", "mention_id", "created_at"],
    )
    op.create_index(
        "ix_tone_judgements_waiting",
        table,
        ["organization_id", "created_at"],
        postgresql_where=sa.text("features is null and tone is not null"),
    )


def _comment(column: str, new: str, old: str) -> None:
    op.alter_column("mentions", column, comment=new, existing_comment=old)


def _own() -> list[sa.Column[object]]:
    return [
        _uuid("id", "Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
    ]


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    ]


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{to}.organization_id", f"{to}.id"],
        name=op.f(f"fk_{table}_organization_id_{column}"),
        ondelete="CASCADE",
    )


def _text(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=empty, comment=comment)


def _uuid(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=empty, comment=comment)


def _integer(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _time(name: str, comment: str, *, empty: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, server_default=default, comment=comment)
