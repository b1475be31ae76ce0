"""Ads lead to pages of the twin's own shops, which say what is true in the world at that moment."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.landing import SLOW
from tests.twins.meta.conftest import NOON

Ask = Callable[..., Any]
ACCOUNTS = {"tallow-eu": "EUR", "tallow-us": "USD", "morrow-uk": "GBP", "morrow-jp": "JPY"}
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def links_in(told: Any) -> Iterator[str]:
    """Whatever a creative says that leads somewhere to buy."""
    if isinstance(told, dict):
        for name, value in told.items():  # pyright: ignore[reportUnknownVariableType]
            if name in ("link", "website_url") and isinstance(value, str):
                yield value
            else:
                yield from links_in(value)
    elif isinstance(told, list):
        for one in told:  # pyright: ignore[reportUnknownVariableType]
            yield from links_in(one)


def creatives(meta: MetaTwin, ask: Ask, account: str) -> list[dict[str, Any]]:
    fields = "id,body,object_story_spec,asset_feed_spec"
    return ask(f"{meta.account(account).act}/adcreatives", fields=fields, limit="500")["data"]


def offer_of(page: httpx.Response) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    assert found is not None
    return json.loads(found[1])["offers"]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_ad_leads_to_a_page_that_is_there(client: httpx.Client, meta: MetaTwin, ask: Ask, account: str) -> None:
    links = {link for one in creatives(meta, ask, account) for link in links_in(one)}
    assert len(links) >= 5
    assert all(link.startswith(f"{meta.url}/shop/{account}") for link in links)
    for link in {one.partition("?")[0] for one in links}:
        page = client.get(link)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        offer = offer_of(page)
        assert offer["priceCurrency"] == ACCOUNTS[account]
        assert f"{SIGNS[ACCOUNTS[account]]}{int(offer['price']):,}" in page.text
        assert f'<link rel="canonical" href="{link}">' in page.text
        assert client.head(link).status_code == 200


def test_only_the_ads_of_the_story_name_another_price_than_their_page(
    client: httpx.Client, meta: MetaTwin, ask: Ask
) -> None:
    truth = meta.truth("tallow-eu")
    story = next(one for one in truth["stories"] if one["story"] == "other_price_on_the_page")
    unlike: set[str] = set()
    for one in creatives(meta, ask, "tallow-eu"):
        named = re.search(r"From €([\d,]+),", json.dumps(one, ensure_ascii=False))
        if named is None:
            continue
        link = next(links_in(one)).partition("?")[0]
        if named[1].replace(",", "") != offer_of(client.get(link))["price"]:
            unlike.add(one["id"])
    ads = ask(f"{meta.account('tallow-eu').act}/ads", fields="id,creative", limit="500")["data"]
    by_creative = {ad["id"]: ad["creative"]["id"] for ad in ads}
    assert unlike == {by_creative[ad] for ad in story["ads"]}
    assert offer_of(client.get("/shop/tallow-eu/offer"))["price"] == str(story["facts"]["on_the_page"])


def test_a_page_says_sold_out_on_the_days_on_which_it_is(client: httpx.Client, meta: MetaTwin) -> None:
    story = next(one for one in meta.truth("morrow-uk")["stories"] if one["story"] == "stock_out")
    for days, available in ((-21, True), (-20, False), (-17, False), (-16, True)):
        meta.set_clock(NOON + timedelta(days=days))
        page = client.get("/shop/morrow-uk/product")
        assert ("Sold out" not in page.text) == available, days
        assert offer_of(page)["availability"].endswith("InStock" if available else "SoldOut")
        assert "Sold out" not in client.get("/shop/morrow-uk").text
    assert (story["since"], story["until"]) == ("2026-10-21", "2026-10-24")


def test_a_promotion_has_its_price_and_its_banner_while_it_runs(client: httpx.Client, meta: MetaTwin) -> None:
    told: dict[int, tuple[str, bool]] = {}
    for days in (-31, -30, -9, -8):
        meta.set_clock(NOON + timedelta(days=days))
        page = client.get("/shop/morrow-uk/quiz")
        told[days] = offer_of(page)["price"], "15 % off until 1 November" in page.text and "<s>£14</s>" in page.text
    assert told == {-31: ("14", False), -30: ("12", True), -9: ("12", True), -8: ("14", False)}


def test_a_page_that_was_made_worse_is_vague_and_slow_from_that_day_on(client: httpx.Client, meta: MetaTwin) -> None:
    def look(days: int) -> tuple[str, float]:
        meta.set_clock(NOON + timedelta(days=days))
        began = time.monotonic()
        page = client.get("/shop/tallow-us/comparison")
        return page.text, time.monotonic() - began

    before, quick = look(-12)
    after, slow = look(-11)
    assert "Shop now" in before
    assert "which one is yours?" in before
    assert "Learn more" in after
    assert "which one is yours?" not in after
    assert quick < SLOW <= slow
    # The bad page of the story of the strong hook is bad on every day.
    assert "Learn more" in client.get("/shop/tallow-eu/story-page").text


def test_the_truth_says_of_pages_what_they_say(client: httpx.Client, meta: MetaTwin) -> None:
    meta.set_clock(NOON - timedelta(days=18))
    for told in meta.truth("morrow-uk")["pages"]:
        page = client.get(told["path"])
        offer = offer_of(page)
        assert (offer["price"], offer["priceCurrency"]) == (str(told["price"]), told["currency"])
        assert offer["availability"].endswith("InStock" if told["is_available"] else "SoldOut")
        assert (told["banner"] or "") in page.text
    assert [one["page"] for one in meta.truth("morrow-uk")["pages"] if not one["is_available"]] == ["product"]


def test_what_is_no_page_of_a_shop_is_not_found(client: httpx.Client, meta: MetaTwin) -> None:
    for path in ("/shop/nobody", "/shop/tallow-eu/nothing", "/shop/tallow-eu/home/x"):
        assert client.get(path).status_code in (400, 404), path
    strange = meta.open_account('a"<b>', ads=0)
    page = client.get(f"/shop/{httpx.QueryParams({'k': strange.key})['k']}", params={})
    assert "<b>" not in page.text
