"""Templates as they travel over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.reports.blocks import MOST_BLOCKS, Block
from brandhound.reports.schemas import ReportWish

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
BlockList = Annotated[list[Block], Field(min_length=1, max_length=MOST_BLOCKS)]


class NewTemplate(BaseModel):
    """A template to keep."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    blocks: BlockList = Field(description="In reading order; the title stands first.")


class TemplateChange(NewTemplate):
    """A new version of a template."""

    based_on: int = Field(ge=1, description="The version that was changed: if there is a newer one, nothing is saved.")


class TemplateSummary(BaseModel):
    """A template in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    version: int
    created_at: datetime
    updated_at: datetime
    reports: int = Field(description="Reports that were made with it.")
    schedules: int = Field(description="Reports that leave by themselves and are made with it.")


class TemplateOut(TemplateSummary):
    """A template with its blocks."""

    blocks: list[Block]


class TemplateVersionOut(BaseModel):
    """What a template was at one time."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    name: str
    blocks: list[Block]
    restored_from: int | None = Field(description="The version it is a copy of, if it is one.")
    created_by: UUID | None
    created_at: datetime


class VariableOut(BaseModel):
    """Something that titles and texts may name."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    about: str


class TemplateLanguage(BaseModel):
    """What a template is made of."""

    standard: list[Block] = Field(description="The blocks of the standard template, to begin with.")
    variables: list[VariableOut]
    most_blocks: int


class TemplatePreview(BaseModel):
    """What a report with these blocks would say."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=100)
    blocks: BlockList
    wish: ReportWish


class BrandingIn(BaseModel):
    """How reports are to look."""

    model_config = ConfigDict(extra="forbid")

    color: Color
    footer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class BrandingOut(BaseModel):
    """How reports look."""

    is_set: bool = Field(description="Whether anything was chosen; else reports look as they come.")
    color: str
    contrast: float = Field(description="Of the colour as text on its own tint; 4.5 is needed.")
    footer: str
    logo_sha256: str | None
    logo_width: int | None
    logo_height: int | None
