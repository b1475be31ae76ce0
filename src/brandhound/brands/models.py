"""Brands and their names."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brandhound.brands.dictionary import entry_of
from brandhound.brands.names import WORDLIKE, BrandNames, Name, NameKind
from brandhound.core.db import TenantModel, tenant_args, tenant_key

BrandKind = Literal["own", "client", "competitor"]


class Brand(TenantModel):
    """A brand this organization watches."""

    __tablename__ = "brands"
    __table_args__ = tenant_args(
        CheckConstraint("kind in ('own', 'client', 'competitor')", name="kind"),
        UniqueConstraint("organization_id", "name_key"),
        tenant_key("merged_into", "brands", ondelete="CASCADE"),
        {"comment": "The brands an organization watches."},
    )

    name: Mapped[str] = mapped_column(comment="The name shown everywhere.")
    name_key: Mapped[str] = mapped_column(comment="The name without case and accents; one brand each.")
    kind: Mapped[BrandKind] = mapped_column(Text, comment="own, client or competitor.")
    description: Mapped[str] = mapped_column(server_default="", comment="One line on what the brand is.")
    category: Mapped[str] = mapped_column(server_default="", comment="What it sells, such as shop/cosmetics.")
    website: Mapped[str] = mapped_column(server_default="", comment="The brand's own site.")
    color: Mapped[str] = mapped_column(comment="Its colour in charts, #RRGGBB.")
    context_words: Mapped[list[str]] = mapped_column(
        server_default=text("'{}'"), comment="Words that say this brand is meant."
    )
    not_phrases: Mapped[list[str]] = mapped_column(
        server_default=text("'{}'"), comment="Namesakes: phrases that are not this brand."
    )
    namesakes: Mapped[list[str]] = mapped_column(
        server_default=text("'{}'"), comment="What else the name may mean, a line each; compared by meaning."
    )
    meanings_off: Mapped[list[str]] = mapped_column(
        server_default=text("'{}'"),
        comment="Meanings of its names, by their keys in the dictionary, that are switched off.",
    )
    paused: Mapped[bool] = mapped_column(server_default=false(), comment="True while nobody looks for it.")
    revision: Mapped[int] = mapped_column(server_default="1", comment="Counts the changes of how it is found.")
    merged_into: Mapped[UUID | None] = mapped_column(
        comment="The brand it was found to be; it waits there, seen by nobody, until that is taken back."
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was added.")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed.")

    names: Mapped[list["BrandName"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="raise", order_by="BrandName.position"
    )

    def as_names(self) -> BrandNames:
        """The brand as matching wants it. Its names must have been loaded."""
        return BrandNames(
            key=str(self.id),
            name=self.name,
            names=tuple(
                Name(name.text, name.kind, case_sensitive=name.case_sensitive, needs_context=name.needs_context)
                for name in self.names
            ),
            context_words=tuple(self.context_words),
            not_phrases=tuple(self.not_phrases),
            category=self.category,
            website=self.website,
            told_apart=bool(self.description.strip()) and (bool(self.namesakes) or self.is_called_like_a_word()),
        )

    def is_called_like_a_word(self) -> bool:
        """Whether the dictionary knows what else one of its names means that counts only with its capital."""
        entries = [entry_of(name.text) for name in self.names if name.case_sensitive and name.kind in WORDLIKE]
        return any(sense.key not in self.meanings_off for entry in entries if entry for sense in entry.senses)

    def changed(self, now: datetime) -> None:
        """Note that it is found in another way from now on."""
        self.revision += 1
        self.updated_at = now


class BrandName(TenantModel):
    """One name under which a brand is found."""

    __tablename__ = "brand_names"
    __table_args__ = tenant_args(
        tenant_key("brand_id", "brands", ondelete="CASCADE"),
        CheckConstraint(
            "kind in ('legal', 'short', 'product', 'ticker', 'domain', 'handle', 'former', 'misspelling', "
            "'transliteration', 'inflected')",
            name="kind",
        ),
        UniqueConstraint("organization_id", "brand_id", "text"),
        Index(None, "organization_id", "brand_id"),
        {"comment": "The names under which a brand is found."},
    )

    brand_id: Mapped[UUID] = mapped_column(comment="Whose name it is.")
    position: Mapped[int] = mapped_column(comment="Its place in the list, from 0.")
    text: Mapped[str] = mapped_column(comment="The name as people write it.")
    kind: Mapped[NameKind] = mapped_column(Text, comment="What kind of name it is.")
    case_sensitive: Mapped[bool] = mapped_column(server_default=false(), comment="Only in exactly this case.")
    needs_context: Mapped[bool] = mapped_column(
        server_default=false(), comment="Counts only beside a context word, the own domain or another name."
    )


class BrandCategory(TenantModel):
    """A category of the organization's own, beside those that come along."""

    __tablename__ = "brand_categories"
    __table_args__ = tenant_args(
        UniqueConstraint("organization_id", "name_key"),
        {"comment": "What brands sell, in an organization's own words, each in a sector."},
    )

    name: Mapped[str] = mapped_column(comment="The category, as it is shown.")
    name_key: Mapped[str] = mapped_column(comment="The same without case and accents; one each.")
    sector: Mapped[str] = mapped_column(comment="The sector it belongs to: one that comes along, or an own one.")
    created_at: Mapped[datetime] = mapped_column(comment="When it was added.")


class BrandsApart(TenantModel):
    """Two brands that a person has told apart, so that nobody is asked again."""

    __tablename__ = "brands_apart"
    __table_args__ = tenant_args(
        tenant_key("first_id", "brands", ondelete="CASCADE"),
        tenant_key("second_id", "brands", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="order"),
        {"comment": "Pairs of brands that look alike and are not the same, as a person has said."},
    )

    first_id: Mapped[UUID] = mapped_column(comment="The one that was made first.")
    second_id: Mapped[UUID] = mapped_column(comment="The other.")
    told_at: Mapped[datetime] = mapped_column(comment="When it was said.")
    told_by: Mapped[UUID | None] = mapped_column(comment="Who said so; empty for an API key.")
