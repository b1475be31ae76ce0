"""Tables of models: who may be asked with which key, what for, what it may cost and did, and the answers that are kept.

Money is in millionths of a US dollar, the currency in which all of them send their bills.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import TenantModel, tenant_args, tenant_key
from brandhound.providers.ai.kinds import Kind

_KIND = "kind in ('openai', 'anthropic', 'gemini', 'openai_compatible', 'ollama', 'vllm')"


class ModelAccount(TenantModel):
    """A model server that the organization may ask, with its key."""

    __tablename__ = "model_accounts"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "name"),
        CheckConstraint(_KIND, name="kind"),
        CheckConstraint("state in ('untried', 'well', 'failed')", name="state"),
        {"comment": "Model servers an organization may ask, with sealed keys."},
    )

    kind: Mapped[Kind] = mapped_column(Text, comment="openai, anthropic, gemini, openai_compatible, ollama or vllm.")
    name: Mapped[str] = mapped_column(comment="What people call it.")
    address: Mapped[str] = mapped_column(comment="Where it is asked.")
    key_sealed: Mapped[str | None] = mapped_column(comment="The key, encrypted; empty where none is needed.")
    key_fingerprint: Mapped[str] = mapped_column(server_default="", comment="Keyed hash of the key.")
    state: Mapped[str] = mapped_column(server_default="untried", comment="untried, well or failed: the last trial.")
    tried_at: Mapped[datetime | None] = mapped_column(comment="When it was last tried out.")
    tried_model: Mapped[str | None] = mapped_column(comment="With which model.")
    problem: Mapped[str | None] = mapped_column(comment="What was wrong then, in words.")
    what_to_do: Mapped[str | None] = mapped_column(comment="What a person can do about it.")
    created_by: Mapped[UUID | None] = mapped_column(comment="Who set it up.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was set up.")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed.")


class ModelChoice(TenantModel):
    """Which model does one thing; without a row the embedded analysis does it."""

    __tablename__ = "model_choices"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "feature"),
        tenant_key("account_id", "model_accounts", ondelete="CASCADE"),
        CheckConstraint("input_price >= 0 and output_price >= 0", name="prices"),
        {"comment": "Which model does what; where there is no row, the embedded analysis does it."},
    )

    feature: Mapped[str] = mapped_column(comment="What it is for, such as mentions.second_opinion.")
    account_id: Mapped[UUID] = mapped_column(comment="Who is asked.")
    model: Mapped[str] = mapped_column(comment="Which model, by the name its server knows.")
    input_price: Mapped[int | None] = mapped_column(
        BigInteger, comment="Own price of a million tokens read, in millionths of a dollar; empty: by the table."
    )
    output_price: Mapped[int | None] = mapped_column(
        BigInteger, comment="Own price of a million tokens written, in millionths of a dollar; empty: by the table."
    )
    updated_at: Mapped[datetime] = mapped_column(comment="When it was chosen.")


class ModelBudget(TenantModel):
    """What the organization may spend in a month, and has spent in this one."""

    __tablename__ = "model_budgets"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id"),
        CheckConstraint("limit_micros >= 0 and limit_tokens >= 0", name="limits"),
        {"comment": "What organizations may spend on models in a month, and did in this one."},
    )

    month_on: Mapped[date] = mapped_column(comment="First day of the month that is counted, UTC.")
    limit_micros: Mapped[int] = mapped_column(BigInteger, comment="The most in a month, in millionths of a dollar.")
    limit_tokens: Mapped[int] = mapped_column(BigInteger, comment="The most in a month, in tokens, priced or not.")
    spent_micros: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="Spent this month, in millionths of a dollar."
    )
    spent_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Used this month, in tokens.")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed.")


class ModelCall(TenantModel):
    """One call of a model: first a reservation, then what it really took."""

    __tablename__ = "model_calls"
    __table_args__ = tenant_args(
        CheckConstraint("state in ('reserved', 'done', 'failed', 'lost', 'cached')", name="state"),
        Index(None, "organization_id", "started_at"),
        Index("ix_model_calls_open", "organization_id", "lease_until", postgresql_where=text("ended_at is null")),
        {"comment": "Calls of models: what was reserved for each, what it took, and what it cost."},
    )

    feature: Mapped[str] = mapped_column(comment="What it was for.")
    provider: Mapped[str] = mapped_column(comment="Who was asked.")
    model: Mapped[str] = mapped_column(comment="Which model.")
    prompt: Mapped[str] = mapped_column(comment="Name of the prompt.")
    prompt_version: Mapped[str] = mapped_column(comment="Its version.")
    state: Mapped[str] = mapped_column(
        server_default="reserved",
        comment="reserved (under way), done, failed (cost nothing), lost (taken for spent), cached (nobody was asked).",
    )
    reserved_micros: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="The most it may cost, in millionths of a dollar; 0 without a price."
    )
    reserved_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="The most tokens it may use.")
    input_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Tokens it read.")
    cached_tokens: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="Of these, how many its server had read before."
    )
    output_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Tokens it wrote.")
    cost_micros: Mapped[int | None] = mapped_column(
        BigInteger, comment="What it cost, in millionths of a dollar; empty where no price is known."
    )
    failure_class: Mapped[str | None] = mapped_column(comment="Class of the failure, if it failed.")
    started_at: Mapped[datetime] = mapped_column(comment="When it began.")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When it ended; empty while it is under way.")
    lease_until: Mapped[datetime] = mapped_column(comment="When it is taken for lost, and for spent.")


class ModelAnswer(TenantModel):
    """An answer that need not be asked for again."""

    __tablename__ = "model_answers"
    __table_args__ = tenant_args(
        UniqueConstraint(
            "organization_id",
            "provider",
            "model",
            "prompt",
            "prompt_version",
            "content_sha256",
            name="uq_model_answers_question",
        ),
        Index(None, "organization_id", "used_at"),
        {"comment": "Answers of models, kept by model, version of the prompt, and hash of what it was asked about."},
    )

    provider: Mapped[str] = mapped_column(comment="Who answered.")
    model: Mapped[str] = mapped_column(comment="Which model.")
    prompt: Mapped[str] = mapped_column(comment="Name of the prompt.")
    prompt_version: Mapped[str] = mapped_column(comment="Its version.")
    content_sha256: Mapped[str] = mapped_column(
        comment="SHA-256 of what it was asked about and of the form of the answer."
    )
    answer: Mapped[dict[str, Any]] = mapped_column(comment="What it answered, in that form.")
    cost_micros: Mapped[int | None] = mapped_column(BigInteger, comment="What it cost; empty where no price is known.")
    tokens: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="Tokens it took.")
    uses: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="How often it spared a call.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was given.")
    used_at: Mapped[datetime] = mapped_column(comment="When it was last of use.")
