"""What the catalogue, the rules and a brand's own site know."""

import re
import time
from collections.abc import Generator
from dataclasses import replace

import httpx
import pytest

from brandhound.brands.catalogue import Catalogue, CatalogueBrand, catalogue, search_catalogue
from brandhound.brands.categories import name_of_category, words_of_category
from brandhound.brands.competing import competitors_of
from brandhound.brands.hosts import host_of
from brandhound.brands.names import (
    acronym_of,
    doubt_of,
    kind_of,
    load_brands_file,
    looks_like_a_website,
    spelling_variants,
    strip_legal_form,
    suggest_names,
)
from brandhound.brands.proposing import namesakes_of
from brandhound.brands.sites import name_from_title, read_site
from brandhound.twins.news import Library, NewsServer, serve

HOME = b"""<html><head><title>Home | Nordlicht Kaffee - the official site</title>
<meta property="og:site_name" content="Nordlicht"><meta name="description" content="Coffee  from
the north"><meta name="twitter:site" content="@nordlicht">
<link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" hreflang="de" href="/de"><link rel="ALTERNATE stylesheet" type="text/css" href="/x">
<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["Organization"],
"name": "Nordlicht Kaffee", "legalName": "Nordlicht Kaffeer\xc3\xb6sterei GmbH", "alternateName": ["NLK", 7],
"sameAs": ["https://www.instagram.com/nordlichtkaffee/", "https://x.com"], "tickerSymbol": "NLK"}]}</script>
<script type="application/ld+json">{broken</script></head><body>x</body></html>"""


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Acme Foods, Inc.", "Acme Foods"),
        ("Acme Holdings Ltd.", "Acme"),
        ("Plan A", "Plan A"),
        ("Alpha S.A. de C.V.", "Alpha"),
        ("Beta Sp. z o.o.", "Beta"),
        ("株式会社セブン", "セブン"),
        ("华为技术有限公司", "华为技术"),
        ("The Gap, Inc.", "Gap"),
        ("Inc.", "Inc."),
        ("Co", "Co"),
        ("Costco", "Costco"),
        ("", ""),
    ],
)
def test_legal_forms_are_cut_and_nothing_else(name: str, short: str) -> None:
    assert strip_legal_form(name) == short


def test_names_follow_from_a_name_by_rule() -> None:
    found = suggest_names("International Business Machines Corporation", "https://www.ibm.com/us")

    assert [(name.text, name.kind) for name in found] == [
        ("International Business Machines", "short"),
        ("International Business Machines Corporation", "legal"),
        ("IBM", "short"),
        ("ibm.com", "domain"),
    ]
    assert found[2].needs_context, "three letters may be many things"


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("Coca-Cola", ["CocaCola"]),
        ("Procter & Gamble", ["Procter and Gamble"]),
        ("JetBlue", ["Jet Blue"]),
        ("Nike", []),
        ("", []),
    ],
)
def test_spellings_with_the_words_joined_or_parted(name: str, variants: list[str]) -> None:
    assert spelling_variants(name) == variants


def test_short_names_have_no_acronym() -> None:
    assert acronym_of("Acme Foods") is None
    assert acronym_of("Bank of the West Coast") == "BWC"


@pytest.mark.parametrize(
    ("name", "doubts"),
    [
        ("Apple", ("a common word",)),
        ("London", ("a place",)),
        ("Best Buy", ("made of common words",)),
        ("Wendy", ("a person's name",)),
        ("Uniqlo", ()),
        ("X", ("very short", "a common word")),
        ("Supreme", ("a common word",)),
        ("Harbour", ("a common word",)),
        ("BlackBerry", ()),
        ("京东", ()),
    ],
)
def test_a_name_says_why_it_may_mean_something_else(name: str, doubts: tuple[str, ...]) -> None:
    assert doubt_of(name).reasons == doubts


@pytest.mark.parametrize(
    ("text", "answer"),
    [("acme.com", True), ("https://acme.com/x", True), ("Yahoo!", False), ("L.L.Bean", False), ("Dr. Oetker", False)],
)
def test_an_address_is_told_from_a_name(text: str, answer: bool) -> None:
    assert looks_like_a_website(text) is answer


def test_hosts_of_odd_addresses() -> None:
    assert host_of("https://www.acme.com:8080/x") == "acme.com"
    assert host_of("http://[bad") == ""
    assert host_of("") == ""


def test_a_file_of_brands_is_read_in_the_plain_form_people_write() -> None:
    apple, nike = load_brands_file(
        [
            {
                "name": "Apple",
                "aliases": ["Apple Inc.", "$AAPL", "@apple", "apple.com"],
                "context": ["iPhone"],
                "not": "apple pie",
            },
            "Nike",
        ]
    )

    assert [(name.text, name.kind) for name in apple.names] == [
        ("Apple", "short"),
        ("Apple Inc.", "legal"),
        ("$AAPL", "ticker"),
        ("@apple", "handle"),
        ("apple.com", "domain"),
    ]
    assert (apple.context_words, apple.not_phrases) == (("iPhone",), ("apple pie",))
    assert nike.key == "Nike"


@pytest.mark.parametrize(
    "bad", [{}, [{}], [{"name": " "}], [3], [{"name": "A", "aliases": 3}], [{"name": "A", "not": [1]}]]
)
def test_a_wrong_file_of_brands_says_what_is_wrong(bad: object) -> None:
    with pytest.raises(ValueError, match=r"brand"):
        load_brands_file(bad)


def test_kinds_of_aliases() -> None:
    assert [kind_of(text) for text in ("NYSE: X", "@x", "x.com", "Acme AG", "Acme")] == [
        "ticker",
        "handle",
        "domain",
        "legal",
        "short",
    ]


@pytest.mark.parametrize(
    ("query", "first"),
    [("adid", "Adidas"), ("addidas", "Adidas"), ("mc don", "McDonald's"), ("h&m", "H&M"), ("京东", "京东物流")],
)
def test_the_catalogue_finds_beginnings_typos_and_every_script(query: str, first: str) -> None:
    assert search_catalogue(query, 5)[0].name == first


def test_nothing_is_found_for_nothing() -> None:
    assert search_catalogue("", 5) == []
    assert search_catalogue("  !?", 5) == []
    assert search_catalogue("adidas", 0) == []


@pytest.mark.parametrize(
    ("query", "called", "where"),
    [
        ("Target", "Target", ["us", "us", "au"]),
        ("targ", "Target", ["us", "us", "au"]),
        ("orange", "Orange", ["be", "es", "bg"]),
        ("Coop", "Coop", ["ch", "ch", "it"]),
    ],
)
def test_of_brands_of_one_name_the_better_known_comes_first(query: str, called: str, where: list[str]) -> None:
    found = [brand.where[0] for brand in search_catalogue(query, 12) if brand.name == called]
    assert found[:3] == where


def test_the_catalogue_answers_while_somebody_types() -> None:
    catalogue()
    began = time.process_time()
    for query in ("a", "ad", "adi", "adid", "adida", "adidsa", "starbcks", "walm art"):
        search_catalogue(query, 10)
    assert (time.process_time() - began) / 8 < 0.1


def test_without_the_file_nothing_is_suggested() -> None:
    empty = Catalogue([])

    assert empty.search("adidas") == []
    assert empty.named("Adidas") == []


def test_namesakes_and_competitors_come_from_the_catalogue() -> None:
    apple = CatalogueBrand("a", "Apple", "shop/electronics", (), ("001",), "Q312")

    assert {"apple pie", "Apple Bank"} <= set(namesakes_of("Apple", apple))
    (shell, *_) = catalogue().named("Shell")
    competitors = competitors_of(shell)
    assert "BP" in competitors
    assert "Shell" not in competitors


def test_every_category_of_the_catalogue_has_a_name_for_people() -> None:
    for category in {brand.category for brand in catalogue().brands}:
        assert re.fullmatch(r"[A-Z][A-Za-z -]+", name_of_category(category)), category


def test_a_category_helps_by_its_name_as_by_its_key() -> None:
    assert words_of_category("Fast food") == words_of_category("amenity/fast_food")
    assert "burger" in words_of_category("fast food")
    assert "fuel" in words_of_category("Petrol stations")
    assert words_of_category("Falconry supplies") == ("falconry", "supplies")


def test_a_site_says_its_names_and_feeds() -> None:
    said = read_site(HOME, "https://www.nordlicht-kaffee.example/")

    assert said.name == "Nordlicht Kaffee"
    assert said.legal_name == "Nordlicht Kaffeerösterei GmbH"
    assert said.other_names == ["NLK"]
    assert said.description == "Coffee from the north"
    assert said.handles == ["@nordlichtkaffee", "@nordlicht"]
    assert said.ticker == "NLK"
    assert said.feeds == [("https://www.nordlicht-kaffee.example/feed.xml", "News")]


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\xff\xfe", b"<", b"not html", b"<html>" * 3000])
def test_a_site_that_says_nothing_is_named_by_its_host(body: bytes) -> None:
    assert read_site(body, "https://www.acme.co/x").name == "Acme"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Acme | Shoes for dogs", "Acme"),
        ("Shoes for dogs – Acme", "Acme"),
        ("Welcome to Acme - Official Site", "Acme"),
        ("", ""),
    ],
)
def test_the_brand_in_a_title(title: str, name: str) -> None:
    assert name_from_title(title, "https://acme.example") == name


@pytest.mark.anyio
async def test_suggestions_are_asked_for_by_what_was_typed(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/brands/suggestions", params={"q": "starb", "limit": 3})).json()

    assert answer["items"][0]["name"] == "Starbucks"
    assert answer["items"][0]["category"] == "Coffee shop"
    assert answer["items"][0]["description"] == "American multinational coffee company"
    assert answer["items"][0]["website"] == "https://www.starbucks.com"
    assert len(answer["items"]) <= 3


@pytest.mark.anyio
async def test_a_brand_in_other_letters_is_found_by_what_it_is_called_in_english_and_brings_that_name(
    client: httpx.AsyncClient,
) -> None:
    answer = (await client.get("/api/brands/suggestions", params={"q": "atour hot", "limit": 1})).json()

    (found,) = answer["items"]
    assert found["name"] == "亚朵酒店"
    assert "Atour Hotels" in found["aliases"]
    for typed in ("亚朵酒店", "Atour Hotels"):
        proposal = (await client.post("/api/brands/proposals", json={"name_or_website": typed})).json()
        assert {"亚朵酒店", "Atour Hotels"} <= {name["text"] for name in proposal["names"]}
        assert proposal["category"] == "Hotel"
        assert proposal["notes"] == []


@pytest.mark.anyio
async def test_a_proposal_from_a_name_asks_nobody_and_stores_nothing(client: httpx.AsyncClient) -> None:
    proposal = (await client.post("/api/brands/proposals", json={"name_or_website": "Orange"})).json()

    assert proposal["name"] == "Orange"
    assert proposal["category"] == "Mobile phones"
    assert proposal["description"] == "French multinational telecommunications enterprise"
    assert proposal["website"] == "https://www.orange.com"
    assert proposal["names"][0]["doubts"] == ["a common word"]
    assert proposal["names"][0]["case_sensitive"] is True
    assert "orange juice" in proposal["not_phrases"]
    assert "network" in proposal["context_words"]
    assert proposal["competitors"]
    assert (await client.get("/api/brands")).json()["items"] == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "category", "rivals", "strangers"),
    [
        ("McDonald's", "Fast food", {"Burger King", "KFC"}, {"McDonald's", "IKEA"}),
        ("Sainsbury's", "Supermarket", {"Asda", "Morrisons"}, {"Kroger", "Tesco Bank"}),
        ("Kroger", "Supermarket", {"Walmart", "Safeway"}, {"Asda"}),
        ("IKEA", "Furniture", {"Jysk"}, {"Starbucks"}),
        ("Walmart", "Supermarket", {"Kroger"}, {"Walmart Neighborhood Market", "Chevron"}),
        ("Walgreens", "Drugstore", {"CVS Pharmacy", "Rite Aid"}, {"MinuteClinic"}),
        ("Ford", "Cars", {"Volkswagen", "Honda"}, {"Quick Lane"}),
    ],
)
async def test_rivals_sell_the_same_in_the_same_places_and_the_best_known_come_first(
    client: httpx.AsyncClient, name: str, category: str, rivals: set[str], strangers: set[str]
) -> None:
    proposal = (await client.post("/api/brands/proposals", json={"name_or_website": name})).json()

    assert proposal["category"] == category
    assert rivals <= set(proposal["competitors"])
    assert not strangers & set(proposal["competitors"])
    assert len(proposal["competitors"]) <= 6


def test_where_nothing_tells_who_is_known_nobody_is_proposed() -> None:
    (shell, *_) = catalogue().named("Shell")
    unknown = replace(shell, id="x", name="Nowhere Fuels", category="waterway/fuel", where=("is",), wikidata="")

    assert competitors_of(unknown) == []


@pytest.mark.anyio
async def test_a_category_is_stored_by_the_name_that_people_read(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/brands", json={"name": "Nordlicht", "category": "amenity/cafe"})).json()
    assert made["category"] == "Coffee shop"

    changed = await client.patch(f"/api/brands/{made['id']}", json={"category": "shop/supermarket"})
    assert changed.json()["category"] == "Supermarket"
    changed = await client.patch(f"/api/brands/{made['id']}", json={"category": "Falconry supplies"})
    assert changed.json()["category"] == "Falconry supplies"


@pytest.mark.anyio
async def test_a_proposal_for_an_unknown_name_says_so(client: httpx.AsyncClient) -> None:
    proposal = (await client.post("/api/brands/proposals", json={"name_or_website": "Qwertzuiopy"})).json()

    assert proposal["names"][0]["text"] == "Qwertzuiopy"
    assert proposal["notes"]


@pytest.mark.anyio
async def test_a_site_that_cannot_be_read_is_said_with_its_reason(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/brands/proposals", json={"name_or_website": "http://127.0.0.1:9/"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "brands/site-unreadable"
    assert answer.json()["reason"]


@pytest.fixture
def publisher() -> Generator[NewsServer]:
    with serve(Library()) as server:
        yield server


@pytest.mark.anyio
async def test_a_proposal_from_a_site_reads_its_first_page(client: httpx.AsyncClient, publisher: NewsServer) -> None:
    publisher.library.site("nordlicht").put("/index.html", HOME.decode())
    address = f"{publisher.url}/nordlicht/index.html"

    proposal = (await client.post("/api/brands/proposals", json={"name_or_website": address})).json()

    assert proposal["name"] == "Nordlicht Kaffee"
    assert proposal["website"] == address
    assert proposal["description"] == "Coffee from the north"
    assert {(name["text"], name["kind"]) for name in proposal["names"]} >= {
        ("Nordlicht Kaffee", "short"),
        ("Nordlicht Kaffeerösterei GmbH", "legal"),
        ("@nordlicht", "handle"),
    }
    assert proposal["feeds"] == [{"url": f"{publisher.url}/feed.xml", "title": "News"}]


@pytest.mark.anyio
async def test_a_site_that_answers_with_an_error_is_said_to(client: httpx.AsyncClient, publisher: NewsServer) -> None:
    answer = await client.post("/api/brands/proposals", json={"name_or_website": f"{publisher.url}/nowhere/x"})

    assert (answer.status_code, answer.json()["reason"]) == (422, "it answered 404")
