"""What is true of the ads of a made-up account, as far as verdicts speak of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.happenings import Happening
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.metrics.summing import Sums
from brandhound.twins.meta.latents import (
    BUYING_BY_OBJECTIVE,
    CLICKS_BY_OBJECTIVE,
    HISTORY,
    PAGES,
    PRICE_BY_OBJECTIVE,
    Ints,
    Latents,
)
from brandhound.twins.meta.visible import expected
from brandhound.twins.meta.worlds import AccountWorld

HARDLY_TIRED = 0.8
"""Exposure has left more than this of its click rate."""
MOSTLY = 0.6
"""Of the days that were named, it must have been so on so many."""
LONG_AGO = 60.0
"""Days after which all that is bought is told."""


@dataclass(frozen=True)
class Truth:
    """An account's ads that delivered, in the order of the case."""

    world: AccountWorld
    case: Case
    """With what its campaign's objective does taken out of each ad's figures, so that all are of one kind."""
    tired: Column
    """What exposure has left of the click rate today."""
    change: Column
    """What it did to it in the last week, beside the days before and the middle ad."""
    ctr: Column
    """Of the window."""
    cost: Column
    """Spend by purchases, as both are told of the window's days on average."""
    bought: Column
    """Purchases a click."""
    value: Column
    cpm: Column
    hook: Column
    page_factor: Column
    price_factor: Column
    cvr: Column
    beside_others: Column
    """Carts a click, times those of the other ads of its page."""
    first: int
    """The number of the window's first day."""
    rate: Column
    """By day: how much more or less was bought than usual, for the ads as they were shown."""

    def wrong(self, rule: str, ad: int) -> bool | None:
        """Whether what is said is not so; None where the truth has nothing on it."""
        judged = _WRONG.get(rule)
        return None if judged is None else bool(judged(self, ad))

    def did_not_happen(self, one: Happening) -> bool:
        """Whether nothing of the kind happened."""
        latents, numbers = self.world.latents, range(self.world.number(one.since), self.world.number(one.until) + 1)
        at = [number + HISTORY for number in numbers]
        if one.what in ("tracking_outage", "purchases_collapsed"):
            return bool((latents.tracked[at] < 0.5).mean() < MOSTLY)
        if one.what == "dearer_impressions":
            days = np.arange(self.first, self.first + len(self.rate)) + HISTORY
            return bool(latents.price[days[-7:]].mean() < 1.12 * latents.price[days[: len(days) // 2]].mean())
        if one.page is None:
            return _hardly(one.factor, self._after_before(self.rate, one))
        page = PAGES.index(one.page)
        if one.what == "sold_out":
            return bool((latents.out_of_stock[at] == page).mean() < MOSTLY)
        if one.what == "page_down":
            return True
        days = np.arange(self.first, self.first + len(self.rate)) + HISTORY
        return _hardly(one.factor, self._after_before(latents.page_by_day[page, days], one))

    def _after_before(self, by_day: Column, one: Happening) -> float:
        turn = self.world.number(one.since) - self.first
        return float(by_day[turn:].mean() / by_day[:turn].mean())


def _hardly(said: float, true: float) -> bool:
    """Whether a change that was said is not there, or not worth a word."""
    return true > 0.87 if said < 1 else true < 1.15


def _rank(truth: Truth, share: float) -> float:
    return float(np.quantile(truth.ctr, share * 1.5))


_WRONG: dict[str, Callable[[Truth, int], bool]] = {
    "fatigue": lambda t, ad: bool(t.tired[ad] > HARDLY_TIRED),
    "falling_click_rate": lambda t, ad: bool(t.change[ad] > 0.92),
    "low_click_rate": lambda t, ad: bool(t.ctr[ad] > _rank(t, 0.25)),
    "very_low_click_rate": lambda t, ad: bool(t.ctr[ad] > _rank(t, 0.10)),
    "dear_clicks": lambda t, ad: bool(t.cpm[ad] / 1000 / t.ctr[ad] < 0.9 * (t.case.usual["cpc"].p75 or 0)),
    "dear_purchases": lambda t, ad: bool(t.cost[ad] < 0.9 * (t.case.bar or np.inf)),
    "spend_without_purchases": lambda t, ad: bool(t.cost[ad] < 0.9 * (t.case.bar or np.inf)),
    "low_return": lambda t, ad: bool(
        t.value[ad] / t.cost[ad] > np.quantile(t.value / t.cost, 0.25 * 1.5),
    ),
    "low_hook_rate": lambda t, ad: bool(t.hook[ad] > 0.8 * np.median(t.hook[t.case.video])),
    "starved_winner": lambda t, ad: bool(t.case.costs and t.cost[ad] > t.case.costs.cost),
    "lost_on_page": lambda t, ad: bool(t.page_factor[ad] > 0.6 and t.cvr[ad] > 0.75 * np.median(t.cvr)),
    "lost_at_checkout": lambda t, ad: bool(t.price_factor[ad] > 0.6),
    "weak_match": lambda t, ad: bool(t.beside_others[ad] > 0.65),
}


@dataclass(frozen=True)
class Meant:
    """What the objective of each ad's campaign does to it, times what it is by itself."""

    clicks: Column
    price: Column
    buying: Column


def objective_factors(world: AccountWorld, ads: Ints) -> Meant:
    """All one where objectives do nothing."""
    tables = (CLICKS_BY_OBJECTIVE, PRICE_BY_OBJECTIVE, BUYING_BY_OBJECTIVE)
    if not world.spec.objectives_differ:
        return Meant(*(np.ones(len(ads)) for _ in tables))
    return Meant(*(table[world.latents.objective_of(ads)] for table in tables))


def without_objectives(world: AccountWorld, ads: Ints, case: Case) -> Case:
    """The case as it were if all campaigns were for the same thing."""
    if not world.spec.objectives_differ:
        return case
    meant = objective_factors(world, ads)
    bought = meant.clicks * meant.buying
    by_name = {
        **dict.fromkeys(("spend", "matured_spend"), meant.price),
        "link_clicks": meant.clicks,
        **dict.fromkeys(("purchases", "purchase_value"), bought),
    }

    def apart(sums: Sums) -> Sums:
        columns = {name: column / by_name.get(name, 1.0) for name, column in sums.columns.items()}
        return Sums(columns, sums.currency, sums.size)

    objectives = ["OUTCOME_SALES"] * len(ads)
    return replace(case, window=apart(case.window), idle=apart(case.idle), objectives=objectives)


def truth_of(world: AccountWorld, ads: Ints, case: Case, now: datetime, window: int) -> Truth:
    """The truth of the days before now. Of a window it is what an ad is, and how tired people were of it on its days."""
    latents = world.latents
    today = world.number(world.today(now))
    first = today - window
    live = np.array([(latents.began[ads] <= day) & (latents.ended[ads] > day) for day in range(first, today)])
    tired = np.array([latents.tired(ads, day) for day in range(first, today)])
    mean = (tired * live).sum(0) / np.maximum(live.sum(0), 1)
    meant = objective_factors(world, ads)
    ctr = latents.ctr[ads] * mean / meant.clicks
    bought = latents.cvr[ads] * latents.page_factor[ads] * latents.price_factor[ads]
    late, early = (
        (tired[part] * live[part]).sum(0) / np.maximum(live[part].sum(0), 1) for part in (slice(-7, None), slice(0, -7))
    )
    change = np.divide(late, early, out=np.ones_like(late), where=(late > 0) & (early > 0))
    return Truth(
        world,
        without_objectives(world, ads, case),
        latents.tired(ads, today),
        change / np.median(change),
        ctr,
        _cost(latents, ads, range(first, today)) / meant.price * meant.clicks * meant.buying,
        bought,
        latents.value[ads],
        latents.cpm[ads] / meant.price,
        latents.hook_rate[ads],
        latents.page_factor[ads] * _page_of_its_days(latents, ads, first, today),
        latents.price_factor[ads],
        latents.cvr[ads] / meant.buying,
        _beside_others(world, latents, ads, case),
        first,
        _rate_by_day(latents, ads, first, today),
    )


def _cost(latents: Latents, ads: Ints, days: range) -> Column:
    """As dear as impressions were on those days, and as much as was bought; an outage of tracking makes nothing dearer."""
    tracked = replace(latents, tracked=np.ones_like(latents.tracked))
    spend, bought = np.zeros(len(ads)), np.zeros(len(ads))
    for day in days:
        told = expected(tracked, ads, day, LONG_AGO)
        spend += told["impressions"] * latents.cpm[ads] * latents.price[day + HISTORY] / 1000
        bought += told["purchases"]
    return spend / np.maximum(bought, 1e-12)


def _page_of_its_days(latents: Latents, ads: Ints, first: int, today: int) -> Column:
    """What a change of its page did to an ad's carts, by the clicks of its days: a page that was made worse loses people, too."""
    days = range(first, today)
    clicks = np.array([expected(latents, ads, day, LONG_AGO)["clicks"] for day in days])
    factors = np.array([latents.page_by_day[latents.page[ads], day + HISTORY] for day in days])
    return np.divide((clicks * factors).sum(0), clicks.sum(0), out=np.ones(len(ads)), where=clicks.sum(0) > 0)


def _beside_others(world: AccountWorld, latents: Latents, ads: Ints, case: Case) -> Column:
    meant = objective_factors(world, ads)
    clicks = np.nan_to_num(case.window.column("link_clicks"))
    carts = latents.cvr[ads] / meant.buying * latents.page_factor[ads]
    pages = np.array(case.pages)
    beside = np.ones(len(ads))
    for page in set(case.pages):
        members = pages == page
        weight, brought = clicks[members], clicks[members] * carts[members]
        others = (brought.sum() - brought) / np.maximum(weight.sum() - weight, 1e-9)
        beside[members] = np.divide(carts[members], others, out=np.ones_like(others), where=others > 0)
    return beside


def _rate_by_day(latents: Latents, ads: Ints, first: int, today: int) -> Column:
    """What is bought, beside what the same clicks bring on days on which nothing happens."""
    calm = replace(
        latents,
        bought=np.ones_like(latents.bought),
        page_by_day=np.ones_like(latents.page_by_day),
        out_of_stock=np.full_like(latents.out_of_stock, -1),
        tracked=np.ones_like(latents.tracked),
    )
    days = range(first, today)
    seen, usual = (
        np.array([expected(one, ads, day, LONG_AGO)["purchases"].sum() for day in days]) for one in (latents, calm)
    )
    tracked = latents.tracked[np.arange(first, today) + HISTORY]
    return seen / np.maximum(usual * tracked, 1e-12)
