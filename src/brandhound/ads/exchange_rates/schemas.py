"""Rates as JSON."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.ads.schemas import FaultOut

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class RatesImportOut(BaseModel):
    """What a table of rates comes to, as a trial or for good."""

    committed: bool
    layout: Literal["wide", "long"] = Field(description="A column a currency, or a row a rate")
    base: str
    rows: int
    rates: int = Field(description="Rates that can be read")
    currencies: list[str]
    since: date | None
    until: date | None
    missing: int = Field(description="Cells that say that there is no rate, such as N/A")
    before: int = Field(description="Rates of days before the first that was asked for; they are left out")
    ignored: list[str] = Field(description="Columns that are not read")
    faulty: int
    faults: list[FaultOut] = Field(description="The first hundred of them")
    added: int = Field(description="Rates that are new, or were")
    changed: int = Field(description="Rates that were there with another value")
    unchanged: int


class NewExchangeRate(BaseModel):
    """One rate, typed in."""

    model_config = ConfigDict(extra="forbid")

    rate: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = Field(
        description="How many units of the currency one unit of the base is worth"
    )
    base: Currency = "EUR"
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] = Field(
        description="Where it comes from"
    )


class ExchangeRateOut(BaseModel):
    """One rate."""

    currency: str
    day: date
    base: str
    rate: str = Field(description="Exact, as it was put in")
    source: str
    brought_at: datetime


class RatesOfCurrency(BaseModel):
    """What is known of one currency."""

    currency: str
    rates: int
    since: date
    until: date
    sources: list[str]
    brought_at: datetime = Field(description="When the newest was put in")


class CurrencyNeeded(BaseModel):
    """A currency that ad accounts are in."""

    currency: str
    accounts: int


class ExchangeRatesOut(BaseModel):
    """Which rates there are, and which currencies the ads are in."""

    base: str | None = Field(description="The currency that all of them are against; null while there is none")
    rates: int
    currencies: list[RatesOfCurrency]
    needed: list[CurrencyNeeded]


class RemovedRates(BaseModel):
    """Rates that were taken away. For a day that can be taken back."""

    removal_id: UUID
    rates: int
