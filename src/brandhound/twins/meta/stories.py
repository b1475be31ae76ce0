"""Stories that an account tells: who tires, which page is bad, which winner starves. Each leaves what is true of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from brandhound.twins.meta.latents import (
    ADS_IN_SET,
    CAROUSEL,
    FLEXIBLE,
    HISTORY,
    IMAGE,
    OBJECTIVES,
    PAGES,
    SETS_IN_CAMPAIGN,
    VIDEO,
    WINDOW,
    Flags,
    Latents,
)
from brandhound.twins.meta.selling import DEARER, usual_price


@dataclass(frozen=True)
class Story:
    """What happens, to which ads (all, when none are named), and between which days."""

    name: str
    cause: str
    ads: tuple[int, ...] = ()
    since: int | None = None
    until: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


def tell_stories(latents: Latents, seed: int) -> list[Story]:
    """Let the account's stories happen. Raises KeyError for one that nobody can tell."""
    rng = np.random.default_rng([seed, latents.spec.ordinal, 1])
    taken: set[int] = set()
    told = [STORIES[name](latents, rng, taken) for name in latents.spec.stories] if latents.size else []
    latents.settled()
    return told


def _choose(latents: Latents, rng: np.random.Generator, taken: set[int], count: int, fits: Flags) -> np.ndarray:
    """Ads that fit and have no other story; fewer where the account has fewer."""
    free = np.array([ad for ad in np.flatnonzero(fits) if ad not in taken], dtype=np.int64)
    chosen = np.sort(rng.choice(free, min(count, free.size), replace=False)) if free.size else free
    taken.update(int(ad) for ad in chosen)
    return chosen


def _ordinary(latents: Latents) -> Flags:
    return latents.creative == np.arange(latents.size)


def true_fatigue(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """Ads whose few people have seen them again and again."""
    ads = _choose(latents, rng, taken, 3, _ordinary(latents) & (latents.format <= VIDEO))
    latents.began[ads] = -rng.integers(27, 36, ads.size)
    latents.ended[ads] = 90
    latents.shown[ads] = rng.uniform(4_000, 9_000, ads.size)
    latents.ctr[ads] = rng.uniform(0.014, 0.02, ads.size)
    latents.starved[ads] = latents.winner[ads] = False
    latents.audience[ads] = latents.shown[ads] * WINDOW / rng.uniform(7, 10, ads.size)
    return Story("true_fatigue", "exposure", _tuple(ads), int(latents.began[ads].min(initial=0)))


def strong_hook_bad_page(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """Videos that everybody stops for, and a page of their own that nobody buys on."""
    ads = _choose(latents, rng, taken, 2, _ordinary(latents) & (latents.format == VIDEO))
    _make_steady(latents, ads, rng)
    _sell(latents, ads)
    latents.hook_rate[ads], latents.ctr[ads] = 0.52, 0.021
    bad = PAGES.index("story-page")
    latents.page[latents.page == bad] = PAGES.index("home")
    same = np.isin(latents.creative, ads)
    latents.page[same], latents.page_factor[same] = bad, 0.15
    return Story("strong_hook_bad_page", "landing_page", _tuple(ads), facts={"page": "story-page"})


def starved_winner(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """Ads that would sell best of all, and get almost nothing."""
    ads = _choose(latents, rng, taken, 2, _ordinary(latents))
    _sell(latents, ads)
    latents.began[ads], latents.ended[ads] = -60, 90
    latents.shown[ads] = rng.uniform(140, 220, ads.size)
    latents.audience[ads] = 400_000
    latents.ctr[ads], latents.cvr[ads] = 0.03, 0.075
    latents.starved[ads], latents.winner[ads] = True, False
    return Story("starved_winner", "delivery", _tuple(ads))


def nine_times_the_same(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """One picture and one text in nine ads of several ad sets."""
    ads = _choose(latents, rng, taken, 9, _ordinary(latents) & (latents.format == IMAGE))
    if ads.size:
        first = ads[0]
        latents.began[ads], latents.ended[ads] = -rng.integers(8, 50, ads.size), 90
        latents.shown[ads] = rng.uniform(500, 1_500, ads.size)
        latents.audience[ads] = latents.shown[ads] * 200
        latents.starved[ads] = latents.winner[ads] = False
        for shared in (latents.hook, latents.angle, latents.page, latents.image):
            shared[ads] = shared[first]
        latents.ctr[ads], latents.cvr[ads] = latents.ctr[first], latents.cvr[first]
    return Story("nine_times_the_same", "duplicate", _tuple(ads))


def flexible_ad(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """One ad with several pictures, texts and titles, of which one picture does most of the work."""
    ads = _choose(latents, rng, taken, 1, _ordinary(latents))
    _make_steady(latents, ads, rng)
    latents.format[ads] = FLEXIBLE
    return Story("flexible_ad", "assets", _tuple(ads), facts={"best_image": 2})


def other_price_on_the_page(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """An ad that names a lower price than its page does."""
    ads = _choose(latents, rng, taken, 1, _ordinary(latents) & (latents.format != CAROUSEL))
    _make_steady(latents, ads, rng)
    _sell(latents, ads)
    same = np.isin(latents.creative, ads)
    latents.price_factor[same], latents.page[same] = 0.3, PAGES.index("offer")
    price = usual_price(latents.spec)
    facts = {"in_the_ad": price, "on_the_page": round(price * DEARER), "page": "offer"}
    return Story("other_price_on_the_page", "congruence", _tuple(ads), facts=facts)


def cpm_inflation(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """Everything becomes dearer for everybody; budgets stay, so less is shown. No ad is at fault."""
    ramp = np.concatenate((np.linspace(1.0, 1.75, 7), np.full(60, 1.75)))
    since = HISTORY - 12
    latents.price[since : since + ramp.size] *= ramp
    latents.delivery[since : since + ramp.size] /= ramp
    return Story("cpm_inflation", "auction", since=-12, facts={"factor": 1.75})


def tracking_outage(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """The pixel is gone for four days. People buy as ever."""
    latents.tracked[HISTORY - 9 : HISTORY - 5] = 0.03
    return Story("tracking_outage", "tracking", since=-9, until=-6)


def restated_week(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """A week that was told wrong, and put right later."""
    for day in range(-21, -14):
        latents.restated[day] = (-6, 0.78, 1.06)
    return Story("restated_week", "restatement", since=-21, until=-15, facts={"put_right_on": -6})


def late_refunds(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """Many send back what they bought."""
    latents.refunded = 0.16
    return Story("late_refunds", "refunds", facts={"share": 0.16})


def promotion_ends(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """Three weeks of a promotion, and then none."""
    latents.bought[HISTORY - 30 : HISTORY - 8] *= 1.7
    return Story("promotion_ends", "promotion", since=-30, until=-9, facts={"factor": 1.7})


def stock_out(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """What one page sells is sold out for four days."""
    page = PAGES.index("product")
    latents.out_of_stock[HISTORY - 20 : HISTORY - 16] = page
    ads = tuple(int(ad) for ad in np.flatnonzero(latents.page == page))
    return Story("stock_out", "stock", ads, -20, -17, {"page": "product"})


def page_changed(latents: Latents, rng: np.random.Generator, taken: set[int]) -> Story:
    """A page is made anew, and sells less than half of what it sold: all ads that lead to it suffer alike."""
    page = PAGES.index("comparison")
    latents.page_by_day[page, HISTORY - 11 :] = 0.4
    ads = tuple(int(ad) for ad in np.flatnonzero(latents.page == page))
    return Story("page_changed", "landing_page", ads, -11, facts={"page": "comparison", "factor": 0.4})


def _make_steady(latents: Latents, ads: np.ndarray, rng: np.random.Generator) -> None:
    """Let ads run long and be seen by many, so that nothing but their story explains them."""
    latents.began[ads], latents.ended[ads] = -45, 90
    latents.shown[ads] = rng.uniform(3_000, 6_000, ads.size)
    latents.audience[ads] = latents.shown[ads] * 200
    latents.starved[ads] = latents.winner[ads] = False


def _sell(latents: Latents, ads: np.ndarray) -> None:
    """Let their campaigns be for purchases: where nobody meant to sell, nobody misses a purchase."""
    latents.objective[ads // (ADS_IN_SET * SETS_IN_CAMPAIGN)] = OBJECTIVES.index("OUTCOME_SALES")


def _tuple(ads: np.ndarray) -> tuple[int, ...]:
    return tuple(int(ad) for ad in ads)


STORIES: Mapping[str, Callable[[Latents, np.random.Generator, set[int]], Story]] = {
    told.__name__: told
    for told in (
        true_fatigue,
        strong_hook_bad_page,
        starved_winner,
        nine_times_the_same,
        flexible_ad,
        other_price_on_the_page,
        cpm_inflation,
        tracking_outage,
        restated_week,
        late_refunds,
        promotion_ends,
        stock_out,
        page_changed,
    )
}
