"""What is sold at a site, and for how much in which currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from brandhound.twins.meta.owning import AccountSpec

SIGNS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
DEARER = 1.2
"""What a page asks whose ad names the usual price, where the two are not the same."""
REDUCED = 0.85
"""What is left of a price in a promotion."""


@dataclass(frozen=True)
class Shop:
    """What is sold at a site."""

    code: str
    product: str
    other: str
    price: int
    call: str
    prices: Mapping[str, int] = field(default_factory=dict[str, int])
    """In currencies in which the number is another one."""


SHOPS: Mapping[str, Shop] = {
    "https://tallow.example": Shop("TAL", "Tallow One", "Tallow Cargo", 1499, "SHOP_NOW", {"JPY": 239_000}),
    "https://morrowbay.example": Shop(
        "MOR", "Morrow Bay Slow Roast", "Morrow Bay Decaf", 14, "ORDER_NOW", {"JPY": 1_900}
    ),
}
OTHER = Shop("EEV", "Everything Lamp", "Everything Chair", 49, "SHOP_NOW", {"JPY": 6_900})


def shop_at(spec: AccountSpec) -> Shop:
    """The shop that an account sells for."""
    return SHOPS.get(spec.site, OTHER)


def usual_price(spec: AccountSpec) -> int:
    """What its product costs, in whole units of the account's currency."""
    shop = shop_at(spec)
    return shop.prices.get(spec.currency, shop.price)


def written(price: int, currency: str) -> str:
    """A price as people read it."""
    return f"{SIGNS.get(currency, f'{currency} ')}{price:,}"
