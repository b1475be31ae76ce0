"""Pages that ads lead to as JSON."""

from datetime import date

from pydantic import BaseModel, Field

from brandhound.ads.standings.schemas import AdTotals, ShownIn


class LandingPageOut(BaseModel):
    """A page that ads lead to."""

    page: str = Field(description="In one spelling: without query, fragment, `www.` and the last stroke")
    ads: int


class PageOfAds(BaseModel):
    """The ads that lead to one page, together."""

    page: str | None = Field(description="As `/api/ads/pages` spells it; null for ads of which it is not known")
    currency: str = Field(description="That figures are in")
    ads: int
    values: dict[str, float | None] = Field(description="By column: sums divided, never the mean of quotients")
    return_mean: float | None = Field(
        description="What its return on spend truly is likely to be; null without purchases"
    )
    return_low90: float | None = Field(description="With nine tenths of the doubt between this")
    return_high90: float | None = Field(description="and this")


class AdsByPage(BaseModel):
    """Ads that match, by the page that they lead to."""

    items: list[PageOfAds] = Field(
        description="In order, at most five hundred. Where money is not converted, a page has a row for each currency"
    )
    total: int
    totals: AdTotals
    in_order_by_currency: bool = Field(description="Whether the order is one within each currency")
    shown_in: ShownIn | None = Field(description="Null where each account's money is in its own currency")
    window_days: int
    until: date | None
    until_first: date | None = Field(description="The last day of the account whose days end first")
