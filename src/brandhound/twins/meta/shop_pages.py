"""The made-up shops: plain pages with what is sold, for how much, and whether it is there."""

import json
from html import escape

from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.landing import HOME, LandingPage, landing_page
from brandhound.twins.meta.latents import PAGES
from brandhound.twins.meta.selling import written

STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "nav a{margin-right:1rem}.banner{background:#fde68a;padding:.5rem 1rem}.price{font-size:1.5rem;font-weight:600}"
    "button,.go{font:inherit;padding:.6rem 1.2rem}.go{background:#222;color:#fff;text-decoration:none}"
    "footer{margin-top:3rem;color:#595959;font-size:.85rem}"
)
BABBLE = (
    "There are many ways to begin, and this is one of them. We have thought a lot about what it means to choose, and about "
    "those who choose. Nothing here is quite what it seems, and that is what we like about it."
)


def find_page(kept: Kept, key: str, page: str) -> LandingPage | None:
    """A page of an account's shop as it is now."""
    account = next((one for one in kept.owners.accounts.values() if one.key == key), None)
    return account and landing_page(kept.worlds.of(account), page or HOME, kept.clock.now())


def page_html(shown: LandingPage, base: str) -> str:
    """The page as a browser gets it."""
    address = f"{base}{shown.path}"
    price = f'<p class="price">{_price(shown)}</p>'
    action = (
        f'<p><a class="go" href="{escape(address)}?cart=1">{escape(shown.call)}</a></p>'
        if shown.is_available
        else '<p><button type="button" disabled>Sold out</button></p>'
    )
    stock = (
        "<p>In stock</p>"
        if shown.is_available
        else "<p><strong>Sold out.</strong> We do not know yet when more comes.</p>"
    )
    babble = f"<p>{BABBLE}</p>" * 9 if shown.is_bad else ""
    banner = f'<p class="banner">{escape(shown.banner)}</p>' if shown.banner else ""
    shop = shown.path.split("/")[2]
    links = "".join(
        f'<a href="{escape(f"{base}/shop/{shop}" + ("" if page == HOME else f"/{page}"))}">{page}</a>' for page in PAGES
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(shown.headline)}</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="canonical" href="{escape(address)}">'
        f'<script type="application/ld+json">{_product(shown, address)}</script><style>{STYLE}</style></head>'
        f"<body><nav>{links}</nav>{banner}<main><h1>{escape(shown.headline)}</h1>{babble}<h2>{escape(shown.product)}</h2>"
        f"{price}{stock}{action}</main><footer>A made-up shop. Nothing is sold here.</footer></body></html>"
    )


def _price(shown: LandingPage) -> str:
    now = escape(written(shown.price, shown.currency))
    return now if shown.regular is None else f"<s>{escape(written(shown.regular, shown.currency))}</s> {now}"


def _product(shown: LandingPage, address: str) -> str:
    """As search engines read it (schema.org/Product)."""
    told = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": shown.product,
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": str(shown.price),
            "priceCurrency": shown.currency,
            "availability": f"https://schema.org/{'InStock' if shown.is_available else 'SoldOut'}",
        },
    }
    # What stands in a script is not read as HTML, but for what would end it.
    return json.dumps(told).replace("<", "\\u003c")
