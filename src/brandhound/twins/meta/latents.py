"""What is true of each ad of an account and never told: how good it is, how much it is shown, to how many people.

Everything is an array over the ads, drawn from the account's seed. Days are counted from the world's first day with a
clock: day 0 is that day, earlier ones are negative.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from brandhound.twins.meta.owning import AccountSpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

IMAGE, VIDEO, CAROUSEL, FLEXIBLE = 0, 1, 2, 3
FORMATS = ("image", "video", "carousel", "flexible")
HOOKS = ("question", "claim", "story", "callout", "transformation", "statistic", "relatable", "authority")
ANGLES = ("price", "range", "family", "commute", "quality", "service")
PAGES = ("home", "product", "quiz", "comparison", "offer", "story-page")
HISTORY, AHEAD = 1200, 500
ADS_IN_SET, SETS_IN_CAMPAIGN = 6, 4
ATTRIBUTIONS = ("7d_click_1d_view", "1d_click", "7d_click")
OBJECTIVES = ("OUTCOME_SALES", "OUTCOME_TRAFFIC", "OUTCOME_AWARENESS")
OBJECTIVE_SHARES, MIXED_SHARES = (0.86, 0.09, 0.05), (0.5, 0.35, 0.15)
CLICKS_BY_OBJECTIVE = np.array([1.0, 2.5, 0.3])
"""Where objectives differ: so many times as many click, as they are shown to people who do, or to anybody."""
PRICE_BY_OBJECTIVE = np.array([1.0, 0.6, 0.4])
BUYING_BY_OBJECTIVE = np.array([1.0, 0.3, 0.5])
WINDOW = 28
SATURATION = -0.43
"""Click likelihood falls with (N + 1) to this power, where N is how often a person has seen the ad."""


@dataclass
class Latents:
    """One account's truth."""

    spec: AccountSpec
    size: int
    format: Ints
    hook: Ints
    angle: Ints
    page: Ints
    seconds: Ints
    began: Ints
    ended: Ints
    shown: Floats
    """Impressions a day, before season and noise."""
    audience: Floats
    ctr: Floats
    cvr: Floats
    """Purchases per link click, before the page's own faults."""
    page_factor: Floats
    """What an ad's page does to carts, and its price to purchases."""
    price_factor: Floats
    hook_rate: Floats
    hold_rate: Floats
    cpm: Floats
    value: Floats
    view_through: Floats
    starved: Flags
    winner: Flags
    creative: Ints
    image: Ints
    attribution: Ints
    objective: Ints
    delivery: Floats = field(default_factory=lambda: np.ones(HISTORY + AHEAD))
    """By day: how much all ads are shown."""
    price: Floats = field(default_factory=lambda: np.ones(HISTORY + AHEAD))
    """By day: what all ads pay."""
    tracked: Floats = field(default_factory=lambda: np.ones(HISTORY + AHEAD))
    """By day: which part of what people do is seen by the pixel."""
    bought: Floats = field(default_factory=lambda: np.ones(HISTORY + AHEAD))
    """By day: how much more or less people buy than usual."""
    out_of_stock: Ints = field(default_factory=lambda: np.full(HISTORY + AHEAD, -1))
    """By day: the page whose product is sold out, or -1."""
    page_by_day: Floats = field(default_factory=lambda: np.ones((len(PAGES), HISTORY + AHEAD)))
    """By page and day: what a change of the page does to carts."""
    refunded: float = 0.01
    restated: dict[int, tuple[int, float, float]] = field(default_factory=dict[int, tuple[int, float, float]])
    """By day: the day on which its numbers are put right, and what was told of purchases and of spend until then."""
    _total: Floats | None = None

    def objective_of(self, ads: Ints) -> Ints:
        """What the campaign of each ad is for."""
        return self.objective[np.minimum(ads // (ADS_IN_SET * SETS_IN_CAMPAIGN), len(self.objective) - 1)]

    def settled(self) -> "Latents":
        """To be called when the stories have had their say: what objectives do, and how much was shown up to each day."""
        if self.spec.objectives_differ and self.size:
            meant = self.objective_of(np.arange(self.size))
            self.ctr *= CLICKS_BY_OBJECTIVE[meant]
            self.cpm *= PRICE_BY_OBJECTIVE[meant]
            self.cvr *= BUYING_BY_OBJECTIVE[meant]
        self._total = np.concatenate(([0.0], np.cumsum(self.delivery)))
        return self

    def shown_between(self, ads: Ints, since: Ints | int, until: int) -> Floats:
        """Impressions that ads were meant to have from a day on, up to the day before another."""
        assert self._total is not None
        start = np.clip(np.maximum(since, self.began[ads]) + HISTORY, 0, HISTORY + AHEAD)
        end = np.clip(np.minimum(until, self.ended[ads]) + HISTORY, 0, HISTORY + AHEAD)
        return self.shown[ads] * np.maximum(self._total[np.maximum(end, start)] - self._total[start], 0.0)

    def exposure(self, ads: Ints, day: int) -> Floats:
        """How often the ad's people have seen it within four weeks before a day, on average."""
        return self.shown_between(ads, day - WINDOW, day) / self.audience[ads]

    def tired(self, ads: Ints, day: int) -> Floats:
        """What exposure leaves of the click rate."""
        return (self.exposure(ads, day) + 1.0) ** SATURATION


def draw_latents(spec: AccountSpec, seed: int) -> Latents:
    """Draw an account. The same seed always gives the same one."""
    rng = np.random.default_rng([seed, spec.ordinal])
    n = spec.ads
    campaigns = max(-(-n // (ADS_IN_SET * SETS_IN_CAMPAIGN)), 1)
    ads = np.arange(n)
    format_ = rng.choice(4, n, p=[0.44, 0.42, 0.10, 0.04]).astype(np.int64)
    hook, angle, page = (rng.integers(0, len(words), n) for words in (HOOKS, ANGLES, PAGES))
    hook_effect = rng.normal(0, 0.35, (len(HOOKS),))
    angle_effect = rng.normal(0, 0.22, (len(ANGLES),))
    page_effect = rng.normal(0, 0.25, (len(PAGES),))
    ctr = np.exp(np.log(0.012) + 0.5 * hook_effect[hook] + angle_effect[angle] + rng.normal(0, 0.3, n))
    cvr = np.exp(np.log(0.022) + page_effect[page] + angle_effect[angle] + rng.normal(0, 0.35, n))
    quality = np.log(ctr) + np.log(cvr)
    # Delivery finds some of the good ads, and misses others: half of all hardly get anything, one in twenty gets most.
    liked = np.argsort(np.argsort(-(quality + rng.normal(0, 0.9, n))))
    winner = liked < max(round(0.05 * n), min(n, 1))
    starved = liked >= n - n // 2
    shown = np.where(
        winner,
        rng.lognormal(np.log(14_000), 0.5, n),
        np.where(starved, rng.lognormal(np.log(25), 0.9, n), rng.lognormal(np.log(1_500), 0.8, n)),
    )
    if spec.always:
        began, ended = np.full(n, -spec.days), np.full(n, AHEAD)
        starved, shown = np.zeros(n, np.bool_), np.maximum(shown, 200.0)
    else:
        late = rng.random(n) < 0.04
        began = np.where(late, rng.integers(1, 60, n), -rng.integers(0, max(spec.days, 1), n))
        life = rng.geometric(1 / np.where(winner, 140.0, np.where(starved, 30.0, 55.0)), n) + 4
        ended = began + life
    audience = shown * np.minimum(ended - began, 60) * rng.uniform(1.5, 8.0, n) + 500
    base_rate = -0.95 + 0.6 * hook_effect[hook] + rng.normal(0, 0.25, n)
    latents = Latents(
        spec,
        n,
        format_,
        hook,
        angle,
        page,
        np.clip(rng.lognormal(np.log(18), 0.5, n), 5, 90).astype(np.int64),
        began.astype(np.int64),
        ended.astype(np.int64),
        shown,
        audience,
        ctr,
        cvr,
        np.ones(n),
        np.ones(n),
        1 / (1 + np.exp(-base_rate)),
        1 / (1 + np.exp(-rng.normal(-0.1, 0.4, n))),
        spec.cpm * np.array([1.0, 1.15, 0.95, 0.9])[format_] * rng.lognormal(0, 0.18, n),
        spec.order_value * rng.lognormal(0, 0.15, n),
        rng.uniform(0.4e-5, 2.5e-5, n),
        starved,
        winner,
        np.where(rng.random(n) < 0.05, np.maximum(ads - rng.integers(1, 6, n), 0), ads),
        np.where(rng.random(n) < 0.25, np.maximum(ads - rng.integers(1, 9, n), 0), ads),
        rng.choice(3, -(-n // ADS_IN_SET), p=[0.75, 0.1, 0.15]).astype(np.int64) if n else np.zeros(0, np.int64),
        rng.choice(3, campaigns, p=MIXED_SHARES if spec.objectives_differ else OBJECTIVE_SHARES).astype(np.int64),
    )
    # An ad that shares its creative shares all that the creative is; one shared on is the first one's.
    first = latents.creative
    while (first[first] != first).any():
        first = first[first]
    for shared in (latents.format, latents.hook, latents.angle, latents.page, latents.seconds, latents.image):
        shared[:] = shared[first]
    _give_seasons(latents, rng)
    return latents


def _give_seasons(latents: Latents, rng: np.random.Generator) -> None:
    """Weekdays, the year, and small shocks that hit the whole account."""
    days = np.arange(-HISTORY, AHEAD)
    weekday = rng.normal(1.0, 0.08, 7)
    year = 1 + 0.12 * np.sin(2 * np.pi * (days + rng.integers(0, 365)) / 365.25)
    shocks = np.exp(np.convolve(rng.normal(0, 0.05, days.size + 2), [0.5, 0.3, 0.2], "valid"))
    latents.delivery *= weekday[days % 7] * year
    latents.price *= shocks * (2 - weekday[days % 7])
    latents.bought *= rng.normal(1.0, 0.05, 7)[days % 7]
