"""Tones that people said, beside those that were read; topics, key messages, and the mentions that are about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

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
    _create_topics()
    _create_findings()
    for table in ("tone_judgements", "topics", "topic_findings"):
        secure(table)


def downgrade() -> None:
    """What people said is taken back: the tones are again what was read."""
    for table in ("topic_findings", "topics", "tone_judgements"):
        op.drop_table(table)
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


def _create_topics() -> None:
    table = "topics"
    op.create_table(
        table,
        *_own(),
        _text("title", "What it is called."),
        _text("sort", "topic, or message: a sentence that shall be told."),
        _text("line", "What it is about, in a line; of a message the sentence itself."),
        sa.Column(
            "examples",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="Sentences that are about it, as an article would have them.",
        ),
        _uuid("brand_id", "The brand it is looked for with; empty: all.", empty=True),
        sa.Column(
            "archived",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="Put away: nothing new is looked for.",
        ),
        sa.Column(
            "learned",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="What answers taught: {bias, trust, yes, no}; empty: nothing yet.",
        ),
        sa.Column(
            "direction",
            sa.LargeBinary(),
            nullable=False,
            server_default=sa.text("''::bytea"),
            comment="Weights of a passage's vector, 32-bit floats; empty: nothing yet.",
        ),
        _time("filled_at", "When earlier mentions were last looked through for it.", empty=True),
        _uuid("created_by", "Who made it.", empty=True),
        _time("created_at", "When it was made.", now=True),
        _time("updated_at", "When its words were last changed.", now=True),
        *_keys(table),
        _reference(table, "brand_id", "brands"),
        sa.UniqueConstraint("organization_id", "title", name=op.f("uq_topics_organization_id_title")),
        sa.CheckConstraint("sort in ('topic', 'message')", name=op.f("ck_topics_sort")),
        comment="Topics and key messages, which mentions are looked through for.",
    )


def _create_findings() -> None:
    table = "topic_findings"
    op.create_table(
        table,
        *_own(),
        _uuid("topic_id", "The topic."),
        _uuid("mention_id", "The mention."),
        sa.Column("probability", sa.Float(), nullable=False, comment="How sure the machine is, 0 to 1."),
        _text("standing", "yes, maybe or no: a person's word, else by the probability."),
        _text("said", "yes or no by a person; empty where nobody said.", empty=True),
        _uuid("said_by", "Who said so.", empty=True),
        _time("said_at", "When it was said.", empty=True),
        _text("field", "Where the words stand: title or text."),
        _integer("start", "Where they begin."),
        _integer("end", "Where they end."),
        _text("words", "The words nearest to the topic, as they stand there."),
        _time("published_at", "When the mention's article was published."),
        _time("found_at", "When it was last looked at.", now=True),
        *_keys(table),
        _reference(table, "topic_id", "topics"),
        _reference(table, "mention_id", "mentions"),
        sa.UniqueConstraint(
            "organization_id",
            "topic_id",
            "mention_id",
            name=op.f("uq_topic_findings_organization_id_topic_id_mention_id"),
        ),
        sa.CheckConstraint("standing in ('yes', 'maybe', 'no')", name=op.f("ck_topic_findings_standing")),
        sa.CheckConstraint("said in ('yes', 'no')", name=op.f("ck_topic_findings_said")),
        sa.CheckConstraint("field in ('title', 'text')", name=op.f("ck_topic_findings_field")),
        sa.CheckConstraint("probability >= 0 and probability <= 1", name=op.f("ck_topic_findings_probability")),
        comment="Which mentions are about which topic, by how sure, with the words that show it.",
    )
    op.create_index("ix_topic_findings_organization_id_mention_id", table, ["organization_id", "mention_id"])
    op.create_index(
        "ix_topic_findings_newest",
        table,
        ["organization_id", "topic_id", "standing", "published_at", "mention_id"],
    )
    op.create_index("ix_topic_findings_lately", table, ["organization_id", "published_at", "topic_id", "standing"])
    op.create_index(
        "ix_topic_findings_said", table, ["organization_id", "topic_id"], postgresql_where=sa.text("said is not null")
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
