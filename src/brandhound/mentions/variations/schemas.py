"""What ways to write a name look like over HTTP."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.brands.names import NameKind
from brandhound.brands.schemas import Line, NameIn


class VariationWish(BaseModel):
    """A brand as it stands in the form, saved or not."""

    model_config = ConfigDict(extra="ignore")

    name: Annotated[Line, StringConstraints(min_length=1)]
    website: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    category: Line = ""
    context_words: Annotated[list[Line], Field(max_length=200)] = []
    not_phrases: Annotated[list[Line], Field(max_length=200)] = []
    names: Annotated[list[NameIn], Field(max_length=500)] = []


class VariationOut(BaseModel):
    """A way to write the name, and what it would have found in the articles that were read."""

    text: str
    kind: NameKind
    case_sensitive: bool
    needs_context: bool
    why: str
    expected_per_month: int = Field(description="Places in 30 days: those read, scaled up to all articles.")
    places: int = Field(description="Places in the articles that were read.")
    articles: int = Field(description="Articles with such a place.")
    new_articles: int = Field(description="Those of them that the present names do not find.")
    sure: float | None = Field(description="Which share of the places would count without a look; null without any.")
    doubts: list[str] = Field(description="What else the text may mean: a common word, a place …")
    example: str = Field(description="A sentence with it; empty without any.")


class VariationList(BaseModel):
    """Ways to write a brand's name, those that find most first."""

    items: list[VariationOut]
    next: str | None = None
    articles: int = Field(description="Articles of the last 30 days.")
    read: int = Field(description="How many of them were read: the latest.")
    found: int = Field(description="In how many of these the present names stand.")
