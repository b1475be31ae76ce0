"""What happened to an account's ads on one day, and how much of it can be seen at a moment."""

from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np

from brandhound.twins.meta.latents import CAROUSEL, HISTORY, IMAGE, Floats, Ints, Latents

# Of what is bought after a click: two thirds on the same day, the rest ever later, until nobody counts it any more.
_TAIL = np.arange(1, 29, dtype=np.float64) ** -1.5
_LAW = np.concatenate(([0.66], 0.34 * _TAIL[1:] / _TAIL[1:].sum()))
BINS = _LAW.size
CORRECTED_AFTER = 2.5
"""Days after which clicks that were none are taken off the spend."""
COLUMNS = (
    "impressions", "spend", "clicks", "link_clicks", "outbound", "page_views", "content_views", "carts", "checkouts",
    "bought_1d", "bought_7d", "bought_28d", "bought_view", "value_1d", "value_7d", "value_28d", "value_view",
    "plays", "views_2s", "views_3s", "views_15s", "views_30s", "thruplays", "p25", "p50", "p75", "p95", "p100",
    "watched", "reactions", "comments", "shares",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """One day in the end, when all is known. Arrays over the ads that were shown."""

    ads: Ints
    counts: dict[str, Ints]
    spend: Floats
    delays: Ints
    """Purchases by ad and by days after the click; only of ads in `buyers`."""
    buyers: Ints
    views: Ints
    """Purchases after a view, for each of `buyers`."""
    value: Floats
    refunded: Floats
    refunded_after: Floats
    luck: Floats
    """Where a part of a whole number is cut, so that what is seen only grows."""
    overcharged: Floats

    @property
    def weight(self) -> int:
        """Bytes, roughly."""
        return sum(column.nbytes for column in self.counts.values()) + self.delays.nbytes + 6 * self.spend.nbytes


class Moment(NamedTuple):
    """How far a day has gone when it is looked at: `share` of it is over, `age` days have passed since it began."""

    share: float
    age: float
    today: int


def live_day(latents: Latents, seed: int, day: int) -> Day:
    """Let a day happen. The same account, seed and day always go the same way."""
    rng = np.random.Generator(np.random.Philox(key=[(seed << 20) + latents.spec.ordinal, day + 100_000]))
    at = min(max(day + HISTORY, 0), latents.delivery.size - 1)
    ads = np.flatnonzero((latents.began <= day) & (day < latents.ended))
    shown = cast(Ints, rng.poisson(latents.shown[ads] * latents.delivery[at] * rng.lognormal(0, 0.2, ads.size)))
    ads, shown = ads[shown > 0], shown[shown > 0]
    n = ads.size
    price = latents.cpm[ads] * latents.price[at] * rng.lognormal(0, 0.08, n)
    spend = cast(Floats, np.round(shown * price / 1000 * latents.spec.offset) / latents.spec.offset)
    link = rng.binomial(shown, np.minimum(latents.ctr[ads] * latents.tired(ads, day), 0.5))
    outbound = rng.binomial(link, 0.93)
    tracked = float(latents.tracked[at])
    page_views = rng.binomial(outbound, 0.82 * tracked)
    content = rng.binomial(page_views, 0.9)
    # The ways through the shop multiply to the ad's own rate: 0.93 · 0.82 · 0.9 · cart · 0.6 · 0.6.
    page = latents.page_factor[ads] * latents.page_by_day[latents.page[ads], at]
    cart = np.minimum(np.minimum(latents.cvr[ads] / 0.247, 0.9) * page, 0.95)
    carts = rng.binomial(content, cart)
    checkouts = rng.binomial(carts, 0.6)
    wish = wish_to_buy(latents, ads, at)
    bought = rng.binomial(checkouts, np.minimum(0.6 * wish, 1.0))
    # Who only saw the ad comes to the same shop: what is sold out is so for them, too.
    views: Ints = rng.poisson(shown * latents.view_through[ads] * tracked * wish)
    buyers = np.flatnonzero((bought > 0) | (views > 0))
    moving = (latents.format[ads] != IMAGE) & (latents.format[ads] != CAROUSEL)
    counts: dict[str, Ints] = {
        "impressions": shown,
        "link_clicks": link,
        "clicks": link + rng.binomial(shown, 0.004),
        "outbound": outbound,
        "page_views": page_views,
        "content_views": content,
        "carts": carts,
        "checkouts": checkouts,
        "reactions": rng.binomial(shown, 0.0012),
        "comments": rng.binomial(shown, 0.00012),
        "shares": rng.binomial(shown, 0.0001),
        **_watch(latents, rng, ads, np.where(moving, shown, 0)),
    }
    return Day(
        ads,
        {name: column.astype(np.int64) for name, column in counts.items()},
        spend,
        rng.multinomial(bought[buyers], _LAW),
        buyers,
        views[buyers],
        latents.value[ads[buyers]] * rng.gamma(12, 1 / 12, buyers.size),
        np.where(rng.random(buyers.size) < 0.4, np.minimum(latents.refunded * rng.gamma(2.5, 1, buyers.size), 0.9), 0),
        rng.uniform(9, 24, buyers.size),
        rng.random(n),
        np.where(rng.random(n) < 0.5, rng.uniform(0, 0.012, n), 0.0),
    )


def wish_to_buy(latents: Latents, ads: Ints, at: int) -> Floats:
    """By how much more or less is bought than usual, with the price that the page asks, and what it has."""
    in_stock: Floats = np.where(latents.page[ads] == latents.out_of_stock[at], 0.08, 1.0)
    return latents.bought[at] * latents.price_factor[ads] * in_stock


def _watch(latents: Latents, rng: np.random.Generator, ads: Ints, shown: Ints) -> dict[str, Ints]:
    """Who started a video, and how far they came."""
    hook, hold, seconds = latents.hook_rate[ads], latents.hold_rate[ads], latents.seconds[ads]
    plays = rng.binomial(shown, 0.95)
    two = rng.binomial(plays, np.minimum(hook * 1.18, 0.97))
    three = rng.binomial(two, np.minimum(1 / 1.18, 0.97))
    # Later than three seconds, people leave at an even pace; a quarter of a long video is further than one of a short.
    stays = 0.55 + 0.4 * hold
    quarter = rng.binomial(three, stays ** np.sqrt(seconds / 12))
    half = rng.binomial(quarter, stays ** np.sqrt(seconds / 25))
    three_quarters = rng.binomial(half, stays ** np.sqrt(seconds / 30))
    nearly = rng.binomial(three_quarters, stays ** np.sqrt(seconds / 60))
    whole = rng.binomial(nearly, 0.93)
    fifteen = np.where(seconds >= 15, rng.binomial(quarter, np.clip(hold + 0.15, 0, 1)), 0)
    thirty = np.where(seconds >= 30, np.minimum(rng.binomial(half, np.clip(hold, 0, 1)), fifteen), 0)
    watched = plays * 1.2 + three * 2.5 + (quarter + half + three_quarters + nearly) * seconds * 0.22
    return {
        "plays": plays,
        "views_2s": two,
        "views_3s": three,
        "views_15s": fifteen,
        "views_30s": thirty,
        "thruplays": np.where(seconds > 15, np.maximum(fifteen, whole), nearly),
        "p25": quarter,
        "p50": half,
        "p75": three_quarters,
        "p95": nearly,
        "p100": whole,
        "watched": np.round(watched).astype(np.int64),
    }


def see_day(latents: Latents, day: Day, number: int, moment: Moment) -> dict[str, Floats]:
    """A day as it is told at a moment: columns as in COLUMNS, over `day.ads`.

    What is bought appears when it is bought, and is counted for the day of the click; spend is corrected, refunds are
    taken off, and a restated week is told wrong until it is put right. The same moment always tells the same.
    """
    share = moment.share * moment.share * (3 - 2 * moment.share)
    seen: dict[str, Floats] = {
        name: column.astype(np.float64) if share >= 1 else np.floor(column * share + day.luck)
        for name, column in day.counts.items()
    }
    spend = day.spend * share
    if moment.age < CORRECTED_AFTER:
        spend *= 1 + day.overcharged
    known = share * 0.9 + (0.1 * min((moment.age - 1) / 6, 1) if moment.age > 1 else 0.0)
    if known < 1:
        for name in ("content_views", "carts", "checkouts"):
            seen[name] = np.floor(day.counts[name] * known + day.luck)
    believed = 1.0
    if number in latents.restated and moment.today < latents.restated[number][0]:
        _, believed, too_dear = latents.restated[number]
        spend = spend * too_dear
    offset = latents.spec.offset
    seen["spend"] = np.round(spend * offset) / offset
    by_delay, worth = bought_by_delay(latents, day, number, moment)
    by_view = np.floor(day.views * (_happened(moment.age)[0] * believed) + day.luck[day.buyers])
    n = day.ads.size
    for name, bought in (
        ("1d", by_delay[:, 0]),
        ("7d", by_delay[:, :7].sum(1)),
        ("28d", by_delay[:, :28].sum(1)),
        ("view", by_view),
    ):
        seen[f"bought_{name}"] = np.zeros(n)
        seen[f"bought_{name}"][day.buyers] = bought
        seen[f"value_{name}"] = np.zeros(n)
        seen[f"value_{name}"][day.buyers] = np.round(bought * worth * offset) / offset
    return seen


def told_share(age: float) -> float:
    """Which part of a day's purchases after a click is told when the day is so old, by a window of a week."""
    return float((_LAW * _happened(age))[:7].sum())


def told_share_by_view(age: float) -> float:
    """The same of those who only saw the ad, by a window of a day."""
    return float(_happened(age)[0])


def bought_by_delay(latents: Latents, day: Day, number: int, moment: Moment) -> tuple[Floats, Floats]:
    """Purchases that are told at a moment, by buyer and days after the click; and what each of a buyer's is worth."""
    believed = 1.0
    if number in latents.restated and moment.today < latents.restated[number][0]:
        believed = latents.restated[number][1]
    luck = day.luck[day.buyers]
    by_delay = np.floor(day.delays * (_happened(moment.age)[None, :] * believed) + luck[:, None])
    return by_delay, day.value * np.where(moment.age > day.refunded_after, 1 - day.refunded, 1.0)


def _happened(age: float) -> Floats:
    """Which part of what is bought so many days after a click has been bought, when the day of the click is so old.

    Clicks are spread over their day, and purchases over theirs, so a day's purchases come in over two days.
    """
    x = np.clip(age - np.arange(BINS), 0, 2)
    return np.where(x < 1, x * x / 2, 1 - (2 - x) ** 2 / 2)
