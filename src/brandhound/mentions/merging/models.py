"""Tables of merges, and of what each of them moved."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key

MergeState = Literal["doing", "done", "undoing", "undone"]
MovedKind = Literal["moved", "set_aside", "widened", "alert", "incident"]


class BrandMerge(TenantModel):
    """One brand merged into another by a person, with the reasons that were shown."""

    __tablename__ = "brand_merges"
    __table_args__ = tenant_args(
        tenant_key("kept_id", "brands", ondelete="CASCADE"),
        tenant_key("gone_id", "brands", ondelete="CASCADE"),
        CheckConstraint("kept_id <> gone_id", name="two"),
        CheckConstraint("state in ('doing', 'done', 'undoing', 'undone')", name="state"),
        Index(None, "organization_id", "merged_at", "id"),
        {"comment": "Merges of two brands. Each can be taken back."},
    )

    kept_id: Mapped[UUID] = mapped_column(comment="The brand that stays.")
    gone_id: Mapped[UUID] = mapped_column(comment="The brand that was merged into it.")
    state: Mapped[MergeState] = mapped_column(
        Text, server_default="done", comment="doing, done, undoing or undone: many mentions are moved in portions."
    )
    run_id: Mapped[UUID | None] = mapped_column(comment="The run that moves the mentions, where there are many.")
    probability: Mapped[float] = mapped_column(Float, comment="How likely both were held to be one brand.")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(comment="Why: list of {code, text, weight}.")
    names: Mapped[list[str]] = mapped_column(comment="Names that the staying brand was given by it.")
    mentions: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="Mentions that it moved.")
    was_paused: Mapped[bool] = mapped_column(comment="Whether the merged brand was paused before.")
    merged_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"), comment="When.")
    merged_by: Mapped[UUID | None] = mapped_column(comment="Who merged them; empty for an API key.")
    undone_at: Mapped[datetime | None] = mapped_column(comment="When it was taken back.")
    undone_by: Mapped[UUID | None] = mapped_column(comment="Who took it back.")


class MergedRow(TenantModel):
    """One row that a merge moved, changed or set aside, as it was before."""

    __tablename__ = "brand_merge_rows"
    __table_args__ = tenant_args(
        tenant_key("merge_id", "brand_merges", ondelete="CASCADE"),
        CheckConstraint("kind in ('moved', 'set_aside', 'widened', 'alert', 'incident', 'topic')", name="kind"),
        Index(None, "organization_id", "merge_id", "kind", "row_id"),
        {"comment": "What merges of brands moved, kept so that they can be taken back."},
    )

    merge_id: Mapped[UUID] = mapped_column(comment="The merge.")
    kind: Mapped[MovedKind] = mapped_column(
        Text,
        comment="moved (a mention), set_aside (a mention beside another of the staying brand in the same article), widened "
        "(that other), alert, incident or topic.",
    )
    row_id: Mapped[UUID] = mapped_column(comment="The row.")
    before: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'"), comment="What it held before; of a mention set aside, all that hangs on it."
    )
