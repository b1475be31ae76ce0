"""The table of what changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from brandhound.core.db import Model


class LiveEvent(Model):
    """One change, as screens are told of it."""

    __tablename__ = "live_events"
    __table_args__ = (
        Index(None, "id"),
        Index(None, "at"),
        {"comment": "What changed, kept for an hour so that a screen that was away catches up."},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Whose screens are told.")
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, comment="Ordered by commit.")
    topic: Mapped[str] = mapped_column(comment="What kind of thing changed.")
    key: Mapped[str] = mapped_column(comment="Which one.")
    at: Mapped[datetime] = mapped_column(server_default=text("now()"), comment="When.")
