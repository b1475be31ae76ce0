"""Brands as they come in and go out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from brandhound.brands.categories import name_of_category
from brandhound.brands.hosts import host_of, is_host
from brandhound.brands.models import BrandKind
from brandhound.brands.names import NameKind, as_kind, one_line

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(one_line)]
Phrases = Annotated[list[Line], Field(max_length=200)]
Namesakes = Annotated[
    list[Line], Field(max_length=20, description="What else the name may mean, a line each: “the fruit”")
]
MeaningsOff = Annotated[
    list[Annotated[str, StringConstraints(max_length=100)]],
    Field(max_length=200, description="Meanings out of the dictionary that are switched off, by their keys"),
]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


def _without_blanks(phrases: list[str]) -> list[str]:
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def _a_site(website: str) -> str:
    """The website as it was typed. Raises ValueError if it is no address of a site: a word, or a script."""
    scheme, mark, _ = website.partition("://")
    host = host_of(website)
    is_site = (scheme.lower() in {"http", "https"} and host and " " not in host) if mark else is_host(host)
    if website and not is_site:
        raise ValueError("a website has a dot, as in kaffa.example")
    return website


Website = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_a_site)]
Category = Annotated[Line, AfterValidator(name_of_category)]


class NameIn(BaseModel):
    """A name under which the brand is found. Left out, the case and context rules follow from how common it is."""

    # Before the text, which is read as one of its kind.
    kind: Annotated[
        NameKind,
        Field(description="Of an address as a domain its host is kept, of a profile's address as a handle the handle"),
    ] = "short"
    text: Line
    case_sensitive: bool | None = None
    needs_context: bool | None = None

    @field_validator("text")
    @classmethod
    def _as_its_kind(cls, text: str, given: ValidationInfo) -> str:
        return as_kind(text, given.data["kind"]) if text and "kind" in given.data else text


class NewBrand(BaseModel):
    """A brand to watch. Its own name is among its names even when `names` is empty."""

    name: Line
    kind: BrandKind = "own"
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    category: Category = ""
    website: Website = ""
    color: Color | None = None
    context_words: Phrases = []
    not_phrases: Phrases = []
    namesakes: Namesakes = []
    meanings_off: MeaningsOff = []
    names: list[NameIn] = []

    _no_blanks = field_validator("context_words", "not_phrases", "namesakes")(_without_blanks)


class BrandChanges(BaseModel):
    """What to change; what is left out stays. `names` replaces the whole list."""

    name: Line | None = None
    kind: BrandKind | None = None
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] | None = None
    category: Category | None = None
    website: Website | None = None
    color: Color | None = None
    context_words: Phrases | None = None
    not_phrases: Phrases | None = None
    namesakes: Namesakes | None = None
    meanings_off: MeaningsOff | None = None
    paused: bool | None = None
    names: list[NameIn] | None = None


class NameOut(BaseModel):
    """A name of a brand, and why it may mean something else."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    kind: NameKind
    case_sensitive: bool
    needs_context: bool


class BrandOut(BaseModel):
    """A watched brand."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    kind: BrandKind
    description: str
    category: Annotated[str, AfterValidator(name_of_category)]
    website: str
    color: str
    context_words: list[str]
    not_phrases: list[str]
    namesakes: list[str]
    meanings_off: list[str]
    paused: bool
    names: list[NameOut]
    created_at: datetime
    updated_at: datetime


class BrandList(BaseModel):
    """All brands of the organization: own first, then clients, then competitors."""

    items: list[BrandOut]
    next: str | None = None


class BrandSuggestion(BaseModel):
    """A brand of the catalogue."""

    id: str
    name: str
    aliases: list[str]
    category: str
    where: list[str]
    description: str = Field(description="What it is, in a line of English; empty where nobody says it")
    website: str = Field(description="The address of its site; empty where it is not known")


class BrandSuggestions(BaseModel):
    """The best matches of the catalogue, best first."""

    items: list[BrandSuggestion]
    next: str | None = None


class ProposalRequest(BaseModel):
    """A brand's name, or the address of its site."""

    name_or_website: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class CategoryOut(BaseModel):
    """A category; `id` is there for the organization's own."""

    name: str
    id: UUID | None = None


class SectorOut(BaseModel):
    """A sector with its categories."""

    name: str
    categories: list[CategoryOut]


class Taxonomy(BaseModel):
    """What brands sell, on two levels."""

    items: list[SectorOut]
    next: str | None = None


class NewCategory(BaseModel):
    """A category of the organization's own."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, StringConstraints(min_length=1)]
    sector: Annotated[Line, StringConstraints(min_length=1)]


class CategoryWish(BaseModel):
    """What is known of a brand. Its site is read only where there is no description."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    website: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class CategoryProposal(BaseModel):
    """A category that fits, how likely it is, and why."""

    sector: str
    name: str
    confidence: float
    why: str


class CategoryProposals(BaseModel):
    """The likeliest categories, the likeliest first; none where nothing is known."""

    items: list[CategoryProposal]
    next: str | None = None


class ProposedName(BaseModel):
    """A name to look for, its rules, and how often it stood in the titles of the last 30 days."""

    text: str
    kind: NameKind
    case_sensitive: bool
    needs_context: bool
    expected_per_month: int | None
    doubts: list[str]


class ProposedFeed(BaseModel):
    """A feed announced by the brand's site."""

    url: str
    title: str


class BrandProposal(BaseModel):
    """What could be found out about a brand. Nothing is stored."""

    name: str
    website: str
    category: str
    description: str
    names: list[ProposedName]
    not_phrases: list[str]
    context_words: list[str]
    competitors: list[str]
    feeds: list[ProposedFeed]
    notes: list[str]
