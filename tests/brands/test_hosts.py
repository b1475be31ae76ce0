"""A page on a site of many is no site of one's own, and names nobody by the site's name."""

import json

import pytest

from brandhound.brands import proposing
from brandhound.brands.hosts import own_host, page_of_many, stem_of
from brandhound.brands.names import as_kind, suggest_names
from brandhound.brands.sites import read_site
from brandhound.core.http.answers import FetchResult
from brandhound.core.http.client import FetchRequest


@pytest.mark.parametrize(
    ("website", "own"),
    [
        ("https://www.facebook.com/rosenhofbakery", ""),
        ("https://www.facebook.com/", "facebook.com"),
        ("linktr.ee/acme", ""),
        ("https://sites.google.com/view/acme", ""),
        ("https://acmebakery.myshopify.com/collections/all", "acmebakery.myshopify.com"),
        ("https://acme.co.uk/shop", "acme.co.uk"),
    ],
)
def test_a_site_is_ones_own_only_as_a_whole(website: str, own: str) -> None:
    assert own_host(website) == own


@pytest.mark.parametrize(
    ("host", "stem"),
    [
        ("acme.com", "acme"),
        ("shop.acme.co.uk", "acme"),
        ("acmebakery.myshopify.com", "acmebakery"),
        ("acme.blogspot.com", "acme"),
        ("localhost", "localhost"),
    ],
)
def test_the_word_of_a_host_is_its_owners(host: str, stem: str) -> None:
    assert stem_of(host) == stem


@pytest.mark.parametrize(
    "website",
    [
        "https://www.instagram.com/acmebakery",
        "https://sites.google.com/view/acme",
        "https://acmebakery.myshopify.com",
        "https://linktr.ee/acme",
    ],
)
def test_no_brand_is_named_after_the_platform_that_holds_its_page(website: str) -> None:
    texts = " ".join(
        name.text.lower().replace("acmebakery.myshopify.com", "") for name in suggest_names("Acme Bakery", website)
    )
    assert not any(platform in texts for platform in ("instagram", "google", "myshopify", "linktr"))


def test_a_page_on_a_platform_is_read_for_whose_it_is() -> None:
    page = b"<title>Rosenhof Bakery | Facebook</title><meta property='og:site_name' content='Facebook'>"
    assert read_site(page, "https://www.facebook.com/rosenhofbakery").name == "Rosenhof Bakery"
    said = read_site(b"<title>Instagram</title>", "https://www.instagram.com/rosenhof.bakery/")
    assert (said.name, said.handles) == ("Rosenhof.bakery", ["@rosenhof.bakery"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("typed", "led_to", "name", "website"),
    [
        ("https://www.booking.com", "https://www.booking.com/index.en.html", "Booking.com", "https://www.booking.com"),
        (
            "https://rosenhof.example",
            "https://www.facebook.com/rosenhof",
            "Rosenhof",
            "https://www.facebook.com/rosenhof",
        ),
    ],
)
async def test_a_platform_that_leads_on_from_its_front_page_is_still_itself(
    typed: str, led_to: str, name: str, website: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = f"{name} | Facebook" if "facebook" in led_to else f"{name} | Hotels"
    answer = FetchResult(typed, led_to, 200, {}, f"<title>{title}</title>".encode(), (), 0.0)

    class Web:
        async def fetch(self, _: FetchRequest) -> FetchResult:
            return answer

    monkeypatch.setattr(proposing, "fetcher", Web)
    found, said = await proposing.ask_site(typed)
    assert (found, said.name) == (website, name)


def test_a_page_of_many_typed_as_a_domain_is_refused_in_words() -> None:
    assert page_of_many("facebook.com/rosenhof") == ["rosenhof"]
    with pytest.raises(ValueError, match=r"facebook\.com is a site of many"):
        as_kind("facebook.com/rosenhof", "domain")
    assert as_kind("facebook.com", "domain") == "facebook.com"


@pytest.mark.parametrize(
    ("linked", "name"),
    [
        ({"name": "Acme", "sameAs": ["https://[your-handle]", "https://x.com/acme"]}, "Acme"),
        ({"name": "Acme \ud83d", "sameAs": "https://x.com/acme"}, "Acme"),
        ({"name": "Ac\u0000me", "sameAs": ["https://x.com/acme", "https://x.com/i/lists/7"]}, "Acme"),
    ],
)
def test_an_address_or_a_letter_that_is_none_leaves_the_rest_of_a_site_readable(
    linked: dict[str, object], name: str
) -> None:
    data = json.dumps({"@type": "Organization", **linked})
    feed = '<link rel="alternate" type="application/rss+xml" href="http://[::feed">'
    page = f'<title>Acme</title>{feed}<script type="application/ld+json">{data}</script>'
    said = read_site(page.encode(), "https://acme.example/")
    assert (said.name, said.handles, said.feeds) == (name, ["@acme"], [])


def test_a_word_left_of_a_companys_name_needs_something_that_speaks_for_it() -> None:
    names = {name.text: name.needs_context for name in suggest_names("The Pizza Company")}
    assert names == {"Pizza Company": False, "Pizza": True, "The Pizza Company": False}
    assert {name.text for name in suggest_names("Acme Group")} == {"Acme", "Acme Group"}
    assert suggest_names("The Gap, Inc.")[0].text == "Gap"
