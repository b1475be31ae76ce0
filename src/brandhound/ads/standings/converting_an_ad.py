"""What is told of one ad, or of an account's last days, with money in another currency: each day by its own rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from brandhound.ads.exchange_rates.keeping import Found, rates_between
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.library import FORMULAS
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.standings.formulas_in_sql import MILLION, touches_money
from brandhound.ads.standings.schemas import AdDetail, CurrencyConverted, ShownIn
from brandhound.ads.standings.verdict_schemas import DiagnosisOut, EstimateOut
from brandhound.core.db import Db


@dataclass(frozen=True)
class DayFactors:
    """What money of a currency is multiplied by, by day; nothing where there is no rate."""

    own: str
    currency: str
    factors: Mapping[date, float]
    rates: int
    found: Found

    def shown(self, missing: Sequence[date], left_out: float) -> ShownIn:
        """How it is told, with the days that were left out and what was paid on them."""
        converted = CurrencyConverted(currency=self.own, days_without_rate=len(missing), left_out=left_out)
        return ShownIn(
            currency=self.currency,
            base=self.found.rates.base if self.found.rates else None,
            rates=self.rates,
            sources=sorted(set(self.found.sources.values())),
            currencies=[] if self.own == self.currency else [converted],
        )


async def day_factors(db: Db, own: str, currency: str, since: date, until: date) -> DayFactors:
    """The factors of an account's days. One statement."""
    found = await rates_between(db, {own, currency}, since, until)
    values: dict[date, float] = {}
    used: set[tuple[str, date]] = set()
    for day in (since + timedelta(days=at) for at in range((until - since).days + 1)):
        factor = found.rates.factor(own, currency, day) if found.rates else None
        if factor is not None:
            values[day] = factor.value
            used |= factor.rates
        elif own == currency:
            values[day] = 1.0
    sources = {key: source for key, source in found.sources.items() if key in used}
    return DayFactors(own, currency, values, len(used), replace(found, sources=sources))


def is_of_money(name: str) -> bool:
    """Whether there is money in a metric or measure, even where it cancels out."""
    if name in FORMULAS:
        return touches_money(FORMULAS[name])
    return name in MEASURES and MEASURES[name].kind == "money"


def with_money(own: Mapping[str, float | None], converted: Mapping[str, float | None]) -> dict[str, float | None]:
    """Values of which those with money in them are the converted ones. Nothing is nothing in whatever currency."""
    return {
        name: (0.0 if value == 0 else converted.get(name)) if is_of_money(name) else value
        for name, value in own.items()
    }


def in_currency(ad: AdDetail, by: DayFactors, facts: Sequence[Fact], values: Mapping[str, float | None]) -> AdDetail:
    """One ad with its money in a currency: `values` are those of its days with a rate, converted.

    Verdicts and what is usual were reckoned over many days at once in the account's own currency. Their money is shown at one
    rate: what the ad's own spend came to, or the mean of the days where some have none.
    """
    missing = [fact for fact in facts if fact.day not in by.factors]
    left_out = sum(fact.spend_micros or 0 for fact in missing) / MILLION
    own, shown = ad.values.get("spend"), values.get("spend")
    rate: float | None = None
    if not missing and own and shown:
        rate = shown / own
    elif by.factors:
        rate = sum(by.factors.values()) / len(by.factors)
    told: dict[str, Any] = {}
    if rate is not None:
        told = {
            "diagnoses": [_diagnosis(said, rate) for said in ad.diagnoses],
            "estimates": [_estimate(one, rate) for one in ad.estimates],
            "more_spend": None if ad.more_spend is None else ad.more_spend * rate,
            "verdict_currency": by.currency,
            "verdict_rate": rate if by.own != by.currency else None,
        }
    return ad.model_copy(
        update={
            **told,
            "values": with_money(ad.values, values),
            "own_values": {name: value for name, value in ad.values.items() if is_of_money(name)},
            "days_without_rate": len(missing),
            "shown_in": by.shown([fact.day for fact in missing], left_out),
        }
    )


def _times(value: float | None, rate: float) -> float | None:
    return None if value is None else value * rate


def _diagnosis(said: DiagnosisOut, rate: float) -> DiagnosisOut:
    evidence = [
        one.model_copy(update={"value": _times(one.value, rate), "other": _times(one.other, rate)})
        if one.shown == "money"
        else one
        for one in said.evidence
    ]
    return said.model_copy(update={"evidence": evidence})


def _estimate(one: EstimateOut, rate: float) -> EstimateOut:
    if one.shown != "money":
        return one
    names = ("value", "mean", "low90", "low50", "high50", "high90", "p25", "median", "p75")
    return one.model_copy(update={name: _times(getattr(one, name), rate) for name in names})
