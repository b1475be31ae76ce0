"""What was learned from the tones that people said."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from brandhound.migrations.rls import secure

revision = "0034_tone_lessons"
down_revision = "0033_ads_at_a_glance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "tone_lessons",
        sa.Column("number", sa.Integer(), nullable=False, comment="Counts the organization's lessons from 1."),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="proposed, applied, declined, undone, replaced by a later one, or kept back as no better.",
        ),
        sa.Column(
            "engine",
            sa.Text(),
            nullable=False,
            comment="Whose readings it adds to: model, the sentence model, or lexicon, the word list.",
        ),
        sa.Column(
            "head",
            sa.Text(),
            nullable=False,
            comment="The version of the tone head that it was learned for; empty with the word list.",
        ),
        sa.Column(
            "said",
            postgresql.JSONB(),
            nullable=False,
            comment="The tones it was learned from: {positive, neutral, negative, mixed: how many}.",
        ),
        sa.Column(
            "conflicts", sa.Integer(), nullable=False, comment="Sentences said in two ways, which were left out."
        ),
        sa.Column(
            "weights",
            sa.LargeBinary(),
            nullable=False,
            comment="What was learned in numbers, 32-bit floats: three for each input.",
        ),
        sa.Column(
            "figures",
            postgresql.JSONB(),
            nullable=False,
            comment="How right it is on what it had not seen: {corrected, confirmed, left, sampled, gain}.",
        ),
        sa.Column(
            "looked_at", sa.Integer(), nullable=False, comment="Mentions of the last 30 days that it was tried on."
        ),
        sa.Column("changes", sa.Integer(), nullable=False, comment="How many of them would have another tone."),
        sa.Column(
            "shown",
            postgresql.JSONB(),
            nullable=False,
            comment="Some of these: [{mention_id, story_id, title, outlet, sentence, before, after}].",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was learned.",
        ),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was accepted, declined or undone.",
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True, comment="Who decided."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("engine in ('model', 'lexicon')", name=op.f("ck_tone_lessons_engine")),
        sa.CheckConstraint(
            "state in ('proposed', 'applied', 'declined', 'undone', 'replaced', 'kept_back')",
            name=op.f("ck_tone_lessons_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tone_lessons")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_tone_lessons_organization_id_id")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_tone_lessons_organization_id_number")),
        comment="What was learned from the tones that people said; nothing of it holds before a person has accepted it.",
    )
    op.create_index(
        op.f("ix_tone_lessons_organization_id_state"), "tone_lessons", ["organization_id", "state"], unique=False
    )
    secure("tone_lessons")


def downgrade() -> None:
    """Forget what was learned: tones are read as shipped again."""
    op.drop_table("tone_lessons")
