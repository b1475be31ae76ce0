"""Models: who may be asked, what for, what it costs, and the answers that are kept; second opinions on mentions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0018_models"
down_revision = "0017_log_levels"
branch_labels = None
depends_on = None

_MINE = sa.text("current_setting('app.organization_id')::uuid")
TABLES = ("mention_opinions", "model_answers", "model_calls", "model_budgets", "model_choices", "model_accounts")
_ID = "Sorts by the time it was made."
_OWNER = "Whose row it is; filled and guarded by the database."


def upgrade() -> None:
    _create_accounts()
    _create_choices()
    _create_budgets()
    _create_calls()
    _create_answers()
    _create_opinions()
    for table in TABLES:
        secure(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _text(name: str, comment: str, *, empty: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=empty, comment=comment, server_default=default)


def _time(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty, comment=comment)


def _uuid(name: str, comment: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=empty, comment=comment)


def _big(name: str, comment: str, *, empty: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=empty, comment=comment, server_default=default)


def _own(table: str) -> list[sa.schema.SchemaItem]:
    """The columns and keys of every table of an organization."""
    return [
        _uuid("id", _ID),
        sa.Column("organization_id", sa.Uuid(), server_default=_MINE, nullable=False, comment=_OWNER),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("organization_id", "id", name=op.f(f"uq_{table}_organization_id_id")),
    ]


def _create_accounts() -> None:
    op.create_table(
        "model_accounts",
        *_own("model_accounts"),
        _text("kind", "openai, anthropic, gemini, openai_compatible, ollama or vllm."),
        _text("name", "What people call it."),
        _text("address", "Where it is asked."),
        _text("key_sealed", "The key, encrypted; empty where none is needed.", empty=True),
        _text("key_fingerprint", "Keyed hash of the key.", default=""),
        _text("state", "untried, well or failed: the last trial.", default="untried"),
        _time("tried_at", "When it was last tried out.", empty=True),
        _text("tried_model", "With which model.", empty=True),
        _text("problem", "What was wrong then, in words.", empty=True),
        _text("what_to_do", "What a person can do about it.", empty=True),
        _uuid("created_by", "Who set it up.", empty=True),
        _time("created_at", "When it was set up."),
        _time("updated_at", "When it was last changed."),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_model_accounts_organization_id_name")),
        sa.CheckConstraint(
            "kind in ('openai', 'anthropic', 'gemini', 'openai_compatible', 'ollama', 'vllm')",
            name=op.f("ck_model_accounts_kind"),
        ),
        sa.CheckConstraint("state in ('untried', 'well', 'failed')", name=op.f("ck_model_accounts_state")),
        comment="Model servers an organization may ask, with sealed keys.",
    )


def _create_choices() -> None:
    op.create_table(
        "model_choices",
        *_own("model_choices"),
        _text("feature", "What it is for, such as mentions.second_opinion."),
        _uuid("account_id", "Who is asked."),
        _text("model", "Which model, by the name its server knows."),
        _big(
            "input_price",
            "Own price of a million tokens read, in millionths of a dollar; empty: by the table.",
            empty=True,
        ),
        _big(
            "output_price",
            "Own price of a million tokens written, in millionths of a dollar; empty: by the table.",
            empty=True,
        ),
        _time("updated_at", "When it was chosen."),
        sa.UniqueConstraint("organization_id", "feature", name=op.f("uq_model_choices_organization_id_feature")),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["model_accounts.organization_id", "model_accounts.id"],
            name=op.f("fk_model_choices_organization_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("input_price >= 0 and output_price >= 0", name=op.f("ck_model_choices_prices")),
        comment="Which model does what; where there is no row, the embedded analysis does it.",
    )


def _create_budgets() -> None:
    op.create_table(
        "model_budgets",
        *_own("model_budgets"),
        sa.Column("month_on", sa.Date(), nullable=False, comment="First day of the month that is counted, UTC."),
        _big("limit_micros", "The most in a month, in millionths of a dollar."),
        _big("limit_tokens", "The most in a month, in tokens, priced or not."),
        _big("spent_micros", "Spent this month, in millionths of a dollar.", default="0"),
        _big("spent_tokens", "Used this month, in tokens.", default="0"),
        _time("updated_at", "When it was last changed."),
        sa.UniqueConstraint("organization_id", name=op.f("uq_model_budgets_organization_id")),
        sa.CheckConstraint("limit_micros >= 0 and limit_tokens >= 0", name=op.f("ck_model_budgets_limits")),
        comment="What organizations may spend on models in a month, and did in this one.",
    )


def _create_calls() -> None:
    op.create_table(
        "model_calls",
        *_own("model_calls"),
        _text("feature", "What it was for."),
        _text("provider", "Who was asked."),
        _text("model", "Which model."),
        _text("prompt", "Name of the prompt."),
        _text("prompt_version", "Its version."),
        _text(
            "state",
            "reserved (under way), done, failed (cost nothing), lost (taken for spent), cached (nobody was asked).",
            default="reserved",
        ),
        _big("reserved_micros", "The most it may cost, in millionths of a dollar; 0 without a price.", default="0"),
        _big("reserved_tokens", "The most tokens it may use.", default="0"),
        _big("input_tokens", "Tokens it read.", default="0"),
        _big("cached_tokens", "Of these, how many its server had read before.", default="0"),
        _big("output_tokens", "Tokens it wrote.", default="0"),
        _big("cost_micros", "What it cost, in millionths of a dollar; empty where no price is known.", empty=True),
        _text("failure_class", "Class of the failure, if it failed.", empty=True),
        _time("started_at", "When it began."),
        _time("ended_at", "When it ended; empty while it is under way.", empty=True),
        _time("lease_until", "When it is taken for lost, and for spent."),
        sa.CheckConstraint(
            "state in ('reserved', 'done', 'failed', 'lost', 'cached')", name=op.f("ck_model_calls_state")
        ),
        comment="Calls of models: what was reserved for each, what it took, and what it cost.",
    )
    op.create_index(op.f("ix_model_calls_organization_id_started_at"), "model_calls", ["organization_id", "started_at"])
    op.create_index(
        "ix_model_calls_open",
        "model_calls",
        ["organization_id", "lease_until"],
        postgresql_where=sa.text("ended_at is null"),
    )


def _create_answers() -> None:
    op.create_table(
        "model_answers",
        *_own("model_answers"),
        _text("provider", "Who answered."),
        _text("model", "Which model."),
        _text("prompt", "Name of the prompt."),
        _text("prompt_version", "Its version."),
        _text("content_sha256", "SHA-256 of what it was asked about and of the form of the answer."),
        sa.Column("answer", postgresql.JSONB(), nullable=False, comment="What it answered, in that form."),
        _big("cost_micros", "What it cost; empty where no price is known.", empty=True),
        _big("tokens", "Tokens it took.", default="0"),
        _big("uses", "How often it spared a call.", default="0"),
        _time("created_at", "When it was given."),
        _time("used_at", "When it was last of use."),
        sa.UniqueConstraint(
            "organization_id",
            "provider",
            "model",
            "prompt",
            "prompt_version",
            "content_sha256",
            name="uq_model_answers_question",
        ),
        comment="Answers of models, kept by model, version of the prompt, and hash of what it was asked about.",
    )
    op.create_index(op.f("ix_model_answers_organization_id_used_at"), "model_answers", ["organization_id", "used_at"])


def _create_opinions() -> None:
    op.create_table(
        "mention_opinions",
        *_own("mention_opinions"),
        _uuid("mention_id", "The mention."),
        _uuid("brand_id", "Its brand."),
        _text("verdict", "yes, no or unsure: whether it is the brand."),
        sa.Column(
            "because",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Why, in our words.",
        ),
        _text("tone", "Tone toward the brand."),
        sa.Column(
            "quotes",
            postgresql.JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="Words that it rests on: list of {kind: identity or tone, field, start, end, text}.",
        ),
        sa.Column(
            "dropped",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Quotations that do not stand in the text.",
        ),
        _text("engine", "model or embedded."),
        _text("provider", "Whose model; empty for the embedded analysis.", empty=True),
        _text("model", "Which model; empty for the embedded analysis.", empty=True),
        _text("prompt_version", "Version of the prompt; empty for the embedded analysis.", empty=True),
        _big("cost_micros", "What it cost, in millionths of a dollar; empty where no price is known.", empty=True),
        sa.Column(
            "cached",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether it was kept from before.",
        ),
        _text("instead_because", "Why the embedded analysis answered although a model was wished for.", empty=True),
        _text("text_sha256", "SHA-256 of the text the offsets count in.", empty=True),
        _time("created_at", "When it was given."),
        sa.UniqueConstraint(
            "organization_id", "mention_id", name=op.f("uq_mention_opinions_organization_id_mention_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mention_id"],
            ["mentions.organization_id", "mentions.id"],
            name=op.f("fk_mention_opinions_organization_id_mention_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "brand_id"],
            ["brands.organization_id", "brands.id"],
            name=op.f("fk_mention_opinions_organization_id_brand_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("verdict in ('yes', 'no', 'unsure')", name=op.f("ck_mention_opinions_verdict")),
        sa.CheckConstraint(
            "tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')", name=op.f("ck_mention_opinions_tone")
        ),
        sa.CheckConstraint("engine in ('model', 'embedded')", name=op.f("ck_mention_opinions_engine")),
        comment="Second opinions on mentions: verdict, tone, and the words they rest on.",
    )
