"""Tables of names that may be brands, and of where they were read."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.clock import now
from brandhound.core.db import TenantModel, tenant_args, tenant_key

CandidateState = Literal["proposed", "ignored", "promoted", "merged"]
TakenFor = Literal["company", "product", "organization", "nothing"]


class BrandCandidate(TenantModel):
    """A name in the articles that may be a brand. Once decided on, it is never proposed again."""

    __tablename__ = "brand_candidates"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "key"),
        tenant_key("brand_id", "brands", ondelete="SET NULL"),
        CheckConstraint("state in ('proposed', 'ignored', 'promoted', 'merged')", name="state"),
        Index(None, "organization_id", "state", "score", "id"),
        {"comment": "Names that may be brands, found in an organization's articles."},
    )

    key: Mapped[str] = mapped_column(comment="The name without case and accents; one candidate each.")
    name: Mapped[str] = mapped_column(comment="The name as it is written most often.")
    state: Mapped[CandidateState] = mapped_column(Text, comment="proposed, ignored, promoted or merged.")
    score: Mapped[float] = mapped_column(Float, comment="How likely it is a brand, 0 to 1.")
    mentions: Mapped[int] = mapped_column(Integer, comment="Places in the articles of the last look.")
    articles: Mapped[int] = mapped_column(Integer, comment="Articles among them.")
    sources: Mapped[int] = mapped_column(Integer, comment="Sites among them.")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(comment="Why: list of {code, text, weight}.")
    beside: Mapped[list[dict[str, Any]]] = mapped_column(
        server_default=text("'[]'"), comment="Watched brands in the same articles: list of {brand_id, articles}."
    )
    first_seen_at: Mapped[datetime] = mapped_column(comment="When its earliest article was published.")
    last_seen_at: Mapped[datetime] = mapped_column(comment="When its latest article was published.")
    created_at: Mapped[datetime] = mapped_column(
        default=now, server_default=text("now()"), comment="When it was first proposed."
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="When a person decided on it.")
    decided_by: Mapped[UUID | None] = mapped_column(comment="Who decided; empty for an API key.")
    brand_id: Mapped[UUID | None] = mapped_column(comment="The brand it became, or whose name it is.")
    read_by: Mapped[str | None] = mapped_column(
        comment="The model that read its sentences in the last look; empty where none did."
    )


class CandidatePlace(TenantModel):
    """A sentence in which a candidate stands."""

    __tablename__ = "brand_candidate_places"
    __table_args__ = tenant_args(
        tenant_key("candidate_id", "brand_candidates", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "candidate_id", "article_id"),
        CheckConstraint("taken_for in ('company', 'product', 'organization', 'nothing')", name="taken_for"),
        {"comment": "Sentences in which candidates stand, a few for each, from as many sites as there are."},
    )

    candidate_id: Mapped[UUID] = mapped_column(comment="The candidate.")
    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), comment="The article.")
    sentence: Mapped[str] = mapped_column(comment="The sentence, word for word.")
    start: Mapped[int] = mapped_column(Integer, comment="Where in the sentence the name begins.")
    end: Mapped[int] = mapped_column(Integer, comment="Where it ends.")
    title: Mapped[str] = mapped_column(comment="Title of the article.")
    url: Mapped[str] = mapped_column(comment="Address of the article.")
    outlet: Mapped[str] = mapped_column(comment="Who published it.")
    published_at: Mapped[datetime] = mapped_column(comment="When the article was published, or first seen.")
    taken_for: Mapped[TakenFor | None] = mapped_column(
        Text,
        comment="What a model took the name for: company, product, organization or nothing; empty where none read it.",
    )


class BrandLook(TenantModel):
    """The last time an organization's articles were looked through for unknown brands."""

    __tablename__ = "brand_looks"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id"),
        {"comment": "When each organization's articles were last looked through for unknown brands."},
    )

    looked_at: Mapped[datetime] = mapped_column(comment="When.")
    articles: Mapped[int] = mapped_column(Integer, comment="Articles that were read.")
    names: Mapped[int] = mapped_column(Integer, comment="Names that stood often enough in them.")
    proposed: Mapped[int] = mapped_column(Integer, comment="How many of these were proposed.")
