"""Ads, metrics and views as JSON."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from brandhound.ads.diagnosing.rules import Severity
from brandhound.ads.diagnosing.verdicts import Health
from brandhound.ads.metrics.library import Direction, Shown
from brandhound.ads.standings.verdict_schemas import DiagnosisOut, EstimateOut, SaidOut, UnsaidOut


def _number(value: object) -> object:
    """Addresses hold texts, and a literal number is none of them."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


Window = Annotated[Literal[7, 14, 28, 90], BeforeValidator(_number)]
Delivery = Literal["recent", "ended", "never", "unknown"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class AdMetricOut(BaseModel):
    """Something that a column can show."""

    name: str = Field(description="As columns, orders and formulas say it")
    title: str
    about: str
    formula: str | None = Field(description="Null for a raw count")
    shown: Shown = Field(description="As what it is shown")
    direction: Direction = Field(description="Which way is better")
    group: Literal["delivery", "clicks", "video", "conversions", "own"]
    summable: bool = Field(description="Whether values of several ads may be added up")
    id: UUID | None = Field(default=None, description="Of one of your own")


class ChangedAdMetric(BaseModel):
    """What a metric of your own is from now on. The name by which columns and views call it stays."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    formula: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
    shown: Shown
    direction: Direction = "none"
    summable: bool = False


class NewAdMetric(ChangedAdMetric):
    """A metric of your own."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = Field(
        description="Small letters, digits and _; it begins with a letter"
    )


class NewAdView(BaseModel):
    """A way to look at ads, under a name."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    query: dict[str, Annotated[str, StringConstraints(max_length=1000)]] = Field(
        description="The search part of the screen's address", max_length=20
    )


class RenamedAdView(BaseModel):
    """Another name for a saved view."""

    model_config = ConfigDict(extra="forbid")

    name: Line


class AdViewOut(BaseModel):
    """A saved view."""

    id: UUID
    name: str
    query: dict[str, str]
    created_at: datetime


class RuleOut(BaseModel):
    """One thing that can be said of ads."""

    code: str
    title: str
    says: str
    severity: Severity


class CurrencyConverted(BaseModel):
    """A currency whose money is shown in another."""

    currency: str
    days_without_rate: int = Field(description="Days on which something was paid, and of which no rate is known")
    left_out: float = Field(description="What was spent on them, in that currency: it is in no converted figure")


class ShownIn(BaseModel):
    """In which currency money is shown, and by which rates. Figures were converted day by day, then added up."""

    currency: str
    base: str | None = Field(
        default=None, description="The currency that the rates are against; null where none is known"
    )
    rates: int = Field(description="By so many daily rates")
    sources: list[str] = Field(description="Where those rates come from")
    currencies: list[CurrencyConverted] = Field(description="What was converted")


class AdOut(BaseModel):
    """One ad as a row."""

    id: UUID
    external_id: str
    name: str
    status: str | None
    format: str | None
    account_id: UUID
    account: str
    currency: str = Field(description="The account's own")
    campaign_id: UUID | None
    campaign: str | None
    ad_set: str | None
    picture: UUID | None = Field(description="The asset to show small")
    days: int = Field(description="Days on which it was shown")
    delivery: Delivery = Field(
        description="Whether it was shown in its account's last 28 days, or only before. Unknown where it was, and nothing is "
        "known of the account for 28 days since"
    )
    known_until: date | None = Field(description="The last day of which anything is known of its account")
    last_shown_on: date | None = Field(description="The last of them; null where it was never shown")
    values: dict[str, float | None] = Field(
        description="By column; money in the account's currency or the one that is asked for, shares as fractions"
    )
    own_values: dict[str, float | None] | None = Field(
        default=None,
        description="Where money is converted: columns with money in the account's own currency, of all days",
    )
    days_without_rate: int = Field(description="Days that are left out of what is converted")
    health: Health | None = Field(description="Null until ads were judged")
    lacks: list[str]
    more_spend: float | None = Field(description="About so much more would tell what a purchase costs")
    said: list[SaidOut]


class AdTotals(BaseModel):
    """Ads together: sums divided, never the mean of quotients."""

    ads: int
    values: dict[str, float | None]
    currency: str | None = Field(description="Null where accounts of several currencies match: then money has no total")


class AdPage(BaseModel):
    """Ads that match, in order."""

    items: list[AdOut]
    total: int
    totals: AdTotals
    currencies: list[AdTotals] = Field(description="The same by currency and in it, that of the most ads first")
    in_order_by_currency: bool = Field(
        description="Whether the order is one of money in several currencies: then it is an order within each of them"
    )
    shown_in: ShownIn | None = Field(description="Null where each account's money is in its own currency")
    window_days: int
    until: date | None = Field(description="The last day of which anything is known, in the account's zone")
    until_first: date | None = Field(
        description="The last day of the account whose days end first; the same where all end on one day"
    )


class AdDay(BaseModel):
    """One day."""

    day: date
    values: dict[str, float | None]


class AdAssetOut(BaseModel):
    """A picture or film of an ad."""

    id: UUID
    kind: str
    role: str
    state: str
    reason: str | None
    why: str | None = Field(description="The reason for people.")
    width: int | None
    height: int | None
    seconds: float | None
    poster: bool


class AdDetail(AdOut):
    """One ad with everything that is known of it; where it was not shown in 28 days, of the 28 up to the last it was."""

    title: str | None
    body: str | None
    link: str | None
    cta: str | None
    since: date | None
    until: date | None
    diagnoses: list[DiagnosisOut]
    unsaid: list[UnsaidOut]
    estimates: list[EstimateOut]
    trend: list[AdDay]
    assets: list[AdAssetOut]
    reach_low: int | None = Field(
        description="People reached in 28 days, at least; equal to the other one when it was asked for"
    )
    reach_high: int | None
    shown_in: ShownIn | None = Field(
        default=None, description="Where values and days are converted, by which rates and without which days of the ad"
    )
    verdict_currency: str = Field(description="In which money of verdicts, estimates and what is usual is shown")
    verdict_rate: float | None = Field(
        default=None,
        description="They were reckoned in the account's own currency; one unit of it is shown as so much. Null where it is it",
    )


class HappeningOut(BaseModel):
    """Something that all ads of an account shared, or all that lead to one page."""

    account_id: UUID
    account: str
    what: str
    since: date
    until: date
    factor: float
    page: str | None = Field(default=None, description="Where those ads lead; none where it is the whole account")


class AccountChange(BaseModel):
    """An account's last day beside the seven before."""

    account_id: UUID
    account: str
    currency: str = Field(description="That its money is in: the account's own where the last day has no rate")
    converted_from: str | None = Field(default=None, description="The account's own, where money is converted")
    day: date
    values: dict[str, float | None]
    usual: dict[str, float | None] = Field(
        description="The mean of the seven days before, or of as many as there are; rates of their sums"
    )


class ChangedAd(BaseModel):
    """An ad of which something is said since the last day."""

    id: UUID
    name: str
    account: str
    said: SaidOut


class AdPerformer(BaseModel):
    """One of the best, or of the worst."""

    id: UUID
    name: str
    account: str
    currency: str
    picture: UUID | None
    metric: str
    mean: float
    low90: float
    high90: float
    spend: float


class AdChanges(BaseModel):
    """What changed since yesterday, and who does best and worst."""

    accounts: list[AccountChange]
    happened: list[HappeningOut]
    new: list[ChangedAd]
    top: list[AdPerformer]
    bottom: list[AdPerformer]
    judged_at: datetime | None


class AimsIn(BaseModel):
    """What people want of an account."""

    model_config = ConfigDict(extra="forbid")

    target_cost: float | None = Field(
        default=None, gt=0, le=1e9, description="What a purchase may cost, in its currency"
    )
    naming: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)] | None = Field(
        default=None, description="Pattern of names, such as {product}_{angle}_{format}_{date}"
    )


class AimsOut(BaseModel):
    """What people want of an account, and what is taken for it where they said nothing."""

    account_id: UUID
    currency: str
    target_cost: float | None
    taken_cost: float | None = Field(description="What verdicts take a purchase may cost")
    usual_cost: float | None = Field(description="What a purchase costs on the whole")
    naming: str | None


class NamePart(BaseModel):
    """A value of one part of names."""

    part: str
    value: str
    ads: int


class BadName(BaseModel):
    """An ad whose name does not follow the pattern."""

    id: UUID
    name: str
    reason: str
    suggestion: str | None


class NamingOut(BaseModel):
    """How far the names of an account's ads follow its pattern."""

    pattern: str | None
    ads: int
    fitting: int
    coverage: float | None = Field(description="0 to 1")
    parts: list[NamePart] = Field(description="Of each part the 25 values that most names have")
    values: dict[str, int] = Field(description="By part: how many different values names have")
    bad: list[BadName] = Field(description="At most 200")
