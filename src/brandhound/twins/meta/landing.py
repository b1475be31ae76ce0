"""The pages that ads lead to: what each says at a moment, by what happens in the account's world."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from brandhound.twins.meta.latents import HISTORY, PAGES
from brandhound.twins.meta.selling import DEARER, REDUCED, shop_at, usual_price
from brandhound.twins.meta.worlds import AccountWorld

HOME = "home"
SLOW = 1.5
"""Seconds that a bad page takes to come."""
CALLS = {"SHOP_NOW": "Shop now", "ORDER_NOW": "Order now"}
_HEADLINES = {
    "home": "{product}. Built to be kept.",
    "product": "{product}",
    "quiz": "Four questions, and we say which one fits",
    "comparison": "{product} beside {other}: which one is yours?",
    "offer": "Our offer: {product}",
    "story-page": "How {product} came to be",
}
_VAGUE = {"comparison": "Discover a new way of choosing", "story-page": "It began on a Tuesday"}


@dataclass(frozen=True)
class LandingPage:
    """What one page says now."""

    page: str
    path: str
    product: str
    headline: str
    call: str
    currency: str
    price: int
    """In whole units of the currency."""
    regular: int | None
    """What it costs otherwise, while it costs less."""
    banner: str | None
    is_available: bool
    is_bad: bool
    """Slow, vague, and what one can do only comes at its end."""

    @property
    def seconds(self) -> float:
        """How long it takes to come."""
        return SLOW if self.is_bad else 0.0

    def told(self) -> dict[str, Any]:
        """As the truth has it."""
        return {**asdict(self), "seconds": self.seconds}


def path_of(world: AccountWorld, page: str) -> str:
    """Where a page of the shop is, on the twin's own host."""
    shop = f"/shop/{quote(world.spec.key, safe='')}"
    return shop if page == HOME else f"{shop}/{page}"


def landing_page(world: AccountWorld, page: str, now: datetime) -> LandingPage | None:
    """A page as it is at a moment; None where there is none of that name."""
    if page not in PAGES:
        return None
    shop, latents = shop_at(world.spec), world.latents
    day, number = world.number(world.today(now)), PAGES.index(page)
    at = min(max(day + HISTORY, 0), latents.out_of_stock.size - 1)
    is_bad = bool(latents.page_by_day[number, at] < 1) or page == _bad_page(world)
    price = regular_price(world, page)
    reduced, banner = _promotion(world, price, day)
    words = {"product": shop.product, "other": shop.other}
    return LandingPage(
        page,
        path_of(world, page),
        shop.product,
        (_VAGUE.get(page, "Welcome") if is_bad else _HEADLINES[page]).format(**words),
        "Learn more" if is_bad else CALLS[shop.call],
        world.spec.currency,
        price if reduced is None else reduced,
        None if reduced is None else price,
        banner,
        int(latents.out_of_stock[at]) != number,
        is_bad,
    )


def regular_price(world: AccountWorld, page: str) -> int:
    """What a page asks when there is no promotion."""
    usual = usual_price(world.spec)
    return round(usual * DEARER) if page == "offer" and _story(world, "other_price_on_the_page") else usual


def price_in_ad(world: AccountWorld, creative: int) -> int:
    """The price that an ad may name: its page's, but for the one that names a lower one."""
    latents = world.latents
    if latents.price_factor[creative] < 1:
        return usual_price(world.spec)
    return regular_price(world, PAGES[int(latents.page[creative])])


def _promotion(world: AccountWorld, price: int, day: int) -> tuple[int | None, str | None]:
    """What it costs in a promotion, and the line that says so."""
    story = _story(world, "promotion_ends")
    if story is None or not (story.since or 0) <= day <= (story.until or 0):
        return None, None
    reduced = round(price * REDUCED)
    return reduced, f"{round(100 * (1 - REDUCED))} % off until {world.date_of(story.until or 0):%-d %B}"


def _bad_page(world: AccountWorld) -> str | None:
    story = _story(world, "strong_hook_bad_page")
    return str(story.facts["page"]) if story else None


def _story(world: AccountWorld, name: str) -> Any:
    """A story of the account that befell at least one ad, or everything."""
    whole = ("promotion_ends",)
    return next((one for one in world.stories if one.name == name and (one.ads or name in whole)), None)
