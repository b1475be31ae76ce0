"""What ads say and what they are called."""

from collections.abc import Mapping

from brandhound.twins.meta.landing import path_of, price_in_ad
from brandhound.twins.meta.latents import ANGLES, FORMATS, HOOKS, PAGES, Latents
from brandhound.twins.meta.selling import Shop, shop_at, written
from brandhound.twins.meta.worlds import AccountWorld

OPENINGS: Mapping[str, str] = {
    "question": "Still paying twice for the same mornings?",
    "claim": "{product} does in a minute what used to take ten.",
    "story": "Last winter Runa nearly gave up. Then a box arrived.",
    "callout": "You there, with the long way to work:",
    "transformation": "Before: late, and cold. After: {product}.",
    "statistic": "Nine of ten who tried {product} kept it.",
    "relatable": "We also hate Mondays.",
    "authority": "Built by people who repair what they sell.",
}
REASONS: Mapping[str, str] = {
    "price": "From {price}, and nothing to add.",
    "range": "It goes further than you will.",
    "family": "Room for two children and a week of shopping.",
    "commute": "Door to door before the bus has come.",
    "quality": "Ten years of guarantee, in writing.",
    "service": "We come to you when something breaks.",
}
TITLES = (
    "Try it for thirty days",
    "See how it works",
    "Made to last",
    "Free delivery this week",
    "Ask the people who use it",
)


def shop_of(world: AccountWorld) -> Shop:
    return shop_at(world.spec)


def body_of(world: AccountWorld, creative: int) -> str:
    """The text above the picture."""
    latents, shop = world.latents, shop_of(world)
    opening = OPENINGS[HOOKS[int(latents.hook[creative])]]
    reason = REASONS["price" if latents.price_factor[creative] < 1 else ANGLES[int(latents.angle[creative])]]
    product = shop.other if latents.angle[creative] == ANGLES.index("family") else shop.product
    price = written(price_in_ad(world, creative), world.spec.currency)
    return f"{opening} {reason}".format(product=product, price=price)


def title_of(world: AccountWorld, creative: int) -> str:
    """The line below the picture."""
    return f"{shop_of(world).product}: {TITLES[(creative * 3 + int(world.latents.page[creative])) % len(TITLES)]}"


def link_of(world: AccountWorld, creative: int, base: str) -> str:
    """Where a click leads: to a page of the account's shop, on the host where the twin was asked."""
    return f"{base}{path_of(world, PAGES[int(world.latents.page[creative])])}"


def ad_name(world: AccountWorld, ad: int) -> str:
    """By the agency's convention, but for those who do not keep to it."""
    found = world.names.get(ad)
    if found is None:
        found = world.names[ad] = _name_ad(world, ad)
    return found


def _name_ad(world: AccountWorld, ad: int) -> str:
    latents, spec = world.latents, world.spec
    if ad % 11 == 9:
        return f"{shop_of(world).product} new ad {ad} - Copy"
    began = world.date_of(int(latents.began[ad]))
    return "_".join(
        (
            shop_of(world).code,
            spec.country,
            FORMATS[int(latents.format[ad])].upper(),
            HOOKS[int(latents.hook[ad])],
            ANGLES[int(latents.angle[ad])],
            f"v{ad % 4 + 1:02d}",
            f"{began:%Y-%m-%d}",
        )
    )


def set_name(world: AccountWorld, index: int) -> str:
    return f"{shop_of(world).code}_{world.spec.country}_{('BROAD', 'LAL1', 'RETARGET', 'INTEREST')[index % 4]}_{index + 1:03d}"


def campaign_name(world: AccountWorld, index: int) -> str:
    return f"{shop_of(world).code}_{world.spec.country}_{('PROSPECT', 'SCALE', 'TEST')[index % 3]}_{index + 1:02d}"


def is_moving(latents: Latents, creative: int) -> bool:
    """Whether a creative is a video."""
    return FORMATS[int(latents.format[creative])] == "video"
