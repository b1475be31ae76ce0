"""Ads in a browser: what changed, the table, and one ad with its evidence."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from playwright.sync_api import expect

from brandhound.core.db import close_engines
from tests.browser.conftest import Installation, Look, faults, until
from tests.factories.ads import AdTruth, make_ads


@pytest.fixture(scope="module")
def board(installation: Installation) -> Installation:
    """An account with sixty ads of which one is tired, one dull and one hardly shown, judged by the worker."""
    client = installation.client()
    session = client.get("/api/session").raise_for_status().json()
    home = next(one["id"] for one in session["organizations"] if one["name"] == installation.organization)
    truths = [AdTruth(ctr=0.01 + 0.0003 * (at % 12), money=15 + at % 9 * 6) for at in range(57)]
    truths += [
        AdTruth(ctr=0.02, money=90, frequency=5.5, tired_from=9, name="Armchair, slow pan, offer"),
        AdTruth(ctr=0.0024, money=70, name="Plain picture"),
        AdTruth(money=0.4, name="Hardly shown"),
    ]

    async def fill() -> str:
        made = await make_ads(UUID(home), truths, days=40, name="Shop Europe")
        await close_engines()
        return str(made.account_id)

    # Playwright has an event loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        account = aside.submit(asyncio.run, fill()).result()
    client.post(f"/api/ad-accounts/{account}/diagnosis").raise_for_status()
    until(lambda: client.get("/api/ads/changes").json()["judged_at"], "the ads are judged")
    return installation


def test_a_tired_ad_is_found_and_opened_with_its_evidence(board: Installation, look: Look) -> None:
    page = look("/ads?sort=ctr&health=critical")
    expect(page.get_by_role("heading", name="Newly said")).to_be_visible()
    table = page.get_by_role("table", name="Ads", exact=True)
    expect(table.get_by_text("2 ads together")).to_be_visible()
    table.get_by_role("button", name="Armchair, slow pan, offer").click()
    panel = page.get_by_role("dialog", name="Armchair, slow pan, offer")
    said = panel.get_by_role("region", name="People are tired of it")
    expect(said.get_by_text("its first week")).to_be_visible()
    expect(said.get_by_role("row").filter(has_text="Frequency")).to_contain_text("5.50×")
    expect(panel.get_by_role("img", name="CTR by day")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_metric_of_ones_own_becomes_a_column(board: Installation, look: Look) -> None:
    page = look("/ads?panel=metrics")
    panel = page.get_by_role("dialog", name="Own metrics")
    panel.get_by_label("Title").fill("Cost per cart")
    panel.get_by_label("Formula").fill("spend / carts")
    panel.get_by_role("button", name="Make metric").click()
    expect(panel.get_by_text("Did you mean")).to_be_visible()
    panel.get_by_label("Formula").fill("spend / adds_to_cart")
    panel.get_by_role("combobox", name="Shown as").click()
    page.get_by_role("option", name="Money").click()
    panel.get_by_role("button", name="Make metric").click()
    expect(panel).to_be_hidden()
    page.goto("/ads?columns=spend,cost_per_cart&sort=-cost_per_cart")
    expect(page.get_by_role("columnheader", name="Cost per cart")).to_have_attribute("aria-sort", "descending")


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_ads_are_accessible_and_fit(board: Installation, look: Look, size: str, scheme: str) -> None:
    page = look("/ads", size, scheme)
    expect(page.get_by_role("table", name="Ads", exact=True)).to_be_visible()
    found = faults(page, "table")
    ad = board.client().get("/api/ads", params={"q": "Armchair"}).json()["items"][0]["id"]
    for address, name in ((f"/ads?ad={ad}", "Armchair"), ("/ads?panel=naming", "Aims"), ("/ads?panel=metrics", "Own")):
        page.goto(address)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        if name == "Armchair":
            expect(page.get_by_role("img", name="CTR by day")).to_be_visible()
        found += faults(page, address)
    assert found == []
