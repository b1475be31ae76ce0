"""Imports as JSON."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.ads.schemas import FaultOut


class NewFileAccount(BaseModel):
    """An account whose numbers come from tables."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    currency: str = Field("EUR", min_length=3, max_length=3)
    time_zone: str = Field("UTC", max_length=64)
    brand_id: UUID | None = Field(None, description="The brand it serves, if one does.")


class ColumnOut(BaseModel):
    """A column of the table, and what it is taken for."""

    header: str
    holds: str | None = Field(description="Empty: it is not read.")


class ImportOut(BaseModel):
    """What a table comes to, as a trial or for good."""

    committed: bool
    account_id: UUID | None = Field(description="Where it was stored; empty for a trial.")
    columns: list[ColumnOut]
    can_hold: list[str] = Field(description="What a column can be mapped to.")
    language: Literal["en", "de"]
    decimal: Literal["point", "comma"]
    day_order: Literal["iso", "day_first", "month_first"]
    day_order_assumed: bool = Field(description="Its days can be read either way: look at them.")
    currency: str
    rows: int
    good_rows: int
    faulty_rows: int
    totals_left_out: int = Field(description="Rows that sum up others.")
    ads: int
    since: date | None
    until: date | None
    spend_micros: int
    faults: list[FaultOut] = Field(description="The first hundred of them.")
    added: int | None = None
    changed: int | None = None
    unchanged: int | None = None
    left_to_platform: int | None = Field(None, description="Rows of days that the platform itself tells of.")


class NewAccountOut(BaseModel):
    """The account that was made."""

    id: UUID
