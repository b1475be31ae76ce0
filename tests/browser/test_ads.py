"""Ads in a browser: what changed, the table, and one ad with its evidence."""

import asyncio
import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, update

from brandhound.ads.fact_models import AdDailyFact, AdRestatement
from brandhound.core.db import close_engines, tenant_session
from tests.browser.conftest import Installation, Look, faults, settled, until
from tests.browser.stillness import await_rest, hold_back, moved
from tests.factories.ads import UNTIL, AdTruth, make_ads


@pytest.fixture(scope="module")
def board(installation: Installation, home: UUID) -> Installation:
    """Sixty ads of which one is tired, one dull and one hardly shown, and six that are paid in yen, one of them over."""
    client = installation.client()
    truths = [AdTruth(ctr=0.01 + 0.0003 * (at % 12), money=15 + at % 9 * 6) for at in range(57)]
    truths += [
        AdTruth(ctr=0.02, money=90, frequency=5.5, tired_from=9, name="Armchair, slow pan, offer"),
        AdTruth(ctr=0.0024, money=70, name="Plain picture"),
        AdTruth(money=0.4, name="Hardly shown"),
    ]

    yen = [
        AdTruth(
            money=4000 + 100 * at, name=f"Tokyo {at}", link=f"https://shop.example/{'tea' if at % 2 else 'cup'}?a={at}"
        )
        for at in range(6)
    ]

    async def fill() -> list[str]:
        made = await make_ads(home, truths, days=40, name="Shop Europe")
        tokyo = await make_ads(home, yen, days=40, name="Shop Tokyo", currency="JPY")
        async with tenant_session(home) as db:
            ended = AdDailyFact.ad_id == tokyo.ads[0], AdDailyFact.day > UNTIL - timedelta(days=30)
            await db.execute(delete(AdDailyFact).where(*ended))
            # A day of the tired ad that was read as nothing, and came to two more purchases in two steps.
            day, armchair = UNTIL - timedelta(days=5), made.ads[57]
            its = {"ad_account_id": made.account_id, "ad_id": armchair, "day": day, "metric": "purchases"}
            for old, new, later in ((None, 1, 1), (1, 2, 3)):
                read = datetime.combine(day + timedelta(days=later), time(6), UTC)
                db.add(AdRestatement(**its, old=old, new=new, observed_at=read))
            fact = (AdDailyFact.ad_id == armchair, AdDailyFact.day == day)
            await db.execute(update(AdDailyFact).where(*fact).values(purchases=2))
        await close_engines()
        return [str(made.account_id), str(tokyo.account_id)]

    # Playwright has an event loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        accounts = aside.submit(asyncio.run, fill()).result()
    for account in accounts:
        client.post(f"/api/ad-accounts/{account}/diagnosis").raise_for_status()
    until(lambda: len(client.get("/api/ads/changes").json()["accounts"]) == 2, "the ads are judged")
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
    moved = panel.get_by_role("region", name="How past days moved")
    expect(moved.get_by_role("listitem").filter(has_text="15 Nov")).to_contain_text("0 → 2")
    moved.get_by_text("Table", exact=True).click()
    row = moved.get_by_role("table").get_by_role("row").filter(has_text="15 Nov")
    for place, text in ((1, "0"), (2, "2"), (3, "+2"), (4, "2")):
        expect(row.get_by_role("cell").nth(place)).to_have_text(text)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_comes_late_of_ads_moves_nothing_that_can_be_clicked(board: Installation, look: Look, size: str) -> None:
    client = board.client()
    await_rest(client)
    account = client.get("/api/ad-accounts").json()["items"][0]["id"]
    tired = client.get("/api/ads", params={"q": "Armchair"}).json()["items"][0]["id"]
    panels = [f"/ads?panel={name}" for name in ("metrics", "views", "naming", "rates")]
    here = f"/ad-accounts?account={account}"
    page = hold_back(look("/welcome", size))
    found: list[str] = []
    for path in [
        "/ads",
        "/ads?by=page",
        f"/ads?ad={tired}",
        *panels,
        here,
        f"{here}&view=compare",
        f"{here}&view=moved",
    ]:
        found += moved(page, path)
    assert found == []


def test_a_metric_of_ones_own_becomes_a_column(board: Installation, look: Look) -> None:
    page = look("/ads?panel=metrics")
    panel = page.get_by_role("dialog", name="Own metrics")
    panel.get_by_label("Title").fill("Cost per cart")
    panel.get_by_label("Formula").fill("spend / carts")
    panel.get_by_role("button", name="Make the metric").click()
    expect(panel.get_by_text("Did you mean")).to_be_visible()
    panel.get_by_label("Formula").fill("spend / adds_to_cart")
    panel.get_by_role("combobox", name="Shown as").click()
    page.get_by_role("option", name="Money").click()
    panel.get_by_role("button", name="Make the metric").click()
    expect(panel).to_be_hidden()
    page.goto("/ads?columns=spend,cost_per_cart&sort=-cost_per_cart")
    expect(page.get_by_role("columnheader", name="Cost per cart")).to_have_attribute("aria-sort", "descending")
    page.goto("/ads?columns=spend,cost_per_cart&panel=metrics")
    panel.get_by_role("button", name="Change Cost per cart").click()
    expect(panel.get_by_label("Title")).to_be_focused()
    expect(panel.get_by_label("Formula")).to_have_value("spend / adds_to_cart")
    panel.get_by_label("Title").fill("Price of a cart")
    panel.get_by_role("button", name="Change the metric").click()
    expect(panel).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Price of a cart")).to_be_visible()


def test_a_view_outlives_a_metric_that_it_names_and_is_renamed_and_overwritten_in_words(
    board: Installation, look: Look
) -> None:
    client = board.client()
    metric = {"name": "per_view", "title": "Per view", "formula": "spend / views_3s", "shown": "money"}
    made = client.post("/api/ads/metrics", json=metric).raise_for_status().json()
    query = {"columns": "spend,per_view,ctr", "sort": "-per_view"}
    client.post("/api/ads/views", json={"name": "Views dear", "query": query}).raise_for_status()
    client.delete(f"/api/ads/metrics/{made['id']}").raise_for_status()
    page = look("/ads")
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_role("menuitem", name="Views dear").click()
    # Somebody removed a column of it: the list is there without, and says so.
    expect(page.get_by_text("A column is no longer there: per_view.")).to_be_visible()
    expect(page.get_by_role("table", name="Ads").get_by_role("columnheader", name="CTR (link)")).to_be_visible()
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_role("menuitem", name="Save what is shown now").click()
    saving = page.get_by_role("dialog", name="Save this view")
    saving.get_by_label("Name").fill("Views dear")
    expect(saving.get_by_role("status")).to_contain_text("for everybody")
    saving.get_by_role("button", name="Overwrite").click()
    expect(saving).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    until(lambda: client.get("/api/ads/views").json()[0]["query"] == query, "the view is what it was")
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_role("menuitem", name="Rename or remove").click()
    panel = page.get_by_role("dialog", name="Saved views")
    panel.get_by_label("Name of Views dear").fill("Dear views")
    panel.get_by_role("button", name="Save").click()
    expect(panel).to_be_hidden()
    (view,) = client.get("/api/ads/views").json()
    assert (view["name"], view["query"]) == ("Dear views", query)
    client.delete(f"/api/ads/views/{view['id']}").raise_for_status()


def test_currencies_stand_apart_and_an_ad_that_is_over_opens_by_keys(board: Installation, look: Look) -> None:
    page = look("/ads?window=90")
    table = page.get_by_role("table", name="Ads", exact=True)
    expect(table.get_by_role("rowheader", name="USD · 60 ads")).to_be_visible()
    expect(page.get_by_text("Money is in USD and JPY: each currency is in order by itself")).to_be_visible()
    page.get_by_role("combobox", name="Currency").click()
    page.get_by_role("option", name="JPY").click()
    expect(table.get_by_text("6 ads together")).to_be_visible()
    expect(table.get_by_role("rowheader")).to_have_count(1)
    settled(page)
    # In a field, letters are text.
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Tokyo 5")).to_be_visible()
    for _ in range(5):
        page.keyboard.press("j")
    expect(panel.get_by_role("heading", name="Tokyo 0")).to_be_visible()
    expect(panel.get_by_role("alert")).to_contain_text("No delivery since 21 Oct")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def test_money_is_shown_in_one_currency_by_rates_that_were_put_in(board: Installation, look: Look) -> None:
    page = look("/ads?panel=rates")
    panel = page.get_by_role("dialog", name="Exchange rates")
    expect(panel.get_by_text("no rate yet")).to_have_count(2)
    days = [UNTIL - timedelta(days=at) for at in range(60)]
    rows = [f"{day},1.25,{'160' if at < 25 else 'N/A'}," for at, day in enumerate(days)]
    table = "\n".join(("Date,USD,JPY,", *rows, "yesterday,1.25,160,"))
    files = panel.locator("input[type=file]")
    files.set_input_files({"name": "eurofxref-hist.csv", "mimeType": "text/csv", "buffer": table.encode()})
    panel.get_by_role("button", name="Try it").click()
    tried = panel.get_by_role("status")
    expect(tried).to_contain_text("85 rates of 2 currencies can be read")
    expect(tried).to_contain_text("Row 62, Date: that is no day such as 2026-11-25")
    panel.get_by_role("button", name="Store 85 rates, leave out 1").click()
    expect(panel.get_by_role("heading", name="85 rates against EUR")).to_be_visible()
    panel.get_by_role("button", name="Remove the rates of JPY").click()
    expect(panel.get_by_role("heading", name="60 rates against EUR")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(panel.get_by_role("heading", name="85 rates against EUR")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Show money in").click()
    page.get_by_role("option", name="All in EUR").click()
    expect(page.get_by_text("Money is in EUR, by 53 daily rates from European Central Bank")).to_be_visible()
    assert page.url.endswith("in=EUR")
    table_of_ads = page.get_by_role("table", name="Ads", exact=True)
    expect(table_of_ads.get_by_role("rowheader")).to_have_count(1)
    # Of yen the first three days have none, and a later one does not serve.
    page.goto("/ads?in=EUR&q=Tokyo")
    expect(page.get_by_text("3 days of JPY without a rate")).to_be_visible()
    tokyo = table_of_ads.get_by_role("row").filter(has_text="Tokyo 5")
    expect(tokyo.get_by_role("cell").nth(2)).to_have_attribute("title", "¥126,000 in JPY, all days")
    expect(tokyo.get_by_role("cell").nth(2)).to_have_text("€703.13")
    # What stands above the table and in an ad's panel follows, and verdicts say by which rate.
    expect(page.get_by_role("region", name="Numbers of the last day")).to_contain_text("€134.38")
    page.get_by_role("button", name="Tokyo 5").click()
    opened = page.get_by_role("dialog", name="Tokyo 5")
    expect(opened.get_by_text("is shown at 0.00625 EUR for one JPY")).to_be_visible()
    expect(opened.get_by_role("definition").first).to_have_text("€703.13")


def test_ads_stand_together_by_the_page_that_they_lead_to(board: Installation, look: Look) -> None:
    page = look("/ads?currency=JPY&columns=spend,purchases,roas")
    page.get_by_text("Pages", exact=True).click()
    table = page.get_by_role("table", name="Pages that ads lead to")
    tea = table.get_by_role("row").filter(has_text="shop.example/tea")
    expect(tea.get_by_role("cell").nth(1)).to_have_text("3")
    expect(tea.get_by_role("cell").nth(3)).to_have_text("¥361,200")
    # None of the single ads is in sight, so none is the next.
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    assert "ad=" not in page.url
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="The same by landing page, as CSV").click()
    head, *rows = csv.reader(saved.value.path().read_text("utf-8-sig").splitlines())
    assert head[:4] == ["Page", "Ads", "Currency", "Spend"]
    assert ["https://shop.example/tea", "3", "JPY", "361200"] in [row[:4] for row in rows]
    tea.get_by_role("button").click()
    expect(page.get_by_role("table", name="Ads", exact=True).get_by_text("3 ads together")).to_be_visible()


def test_ads_of_which_one_thing_is_said_are_taken_along_as_a_table(board: Installation, look: Look) -> None:
    page = look("/ads?columns=spend,ctr")
    page.get_by_role("combobox", name="What is said").click()
    page.get_by_role("option", name="Hardly anybody clicks").click()
    expect(page.get_by_role("table", name="Ads", exact=True).get_by_text("1 ad together")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="These ads and columns, as CSV").click()
    head, only = csv.reader(saved.value.path().read_text("utf-8-sig").splitlines())
    assert head[-2:] == ["Spend", "CTR (link) (%)"]
    assert (only[0], only[5]) == ("Plain picture", "USD")
    assert 0.1 < float(only[-1]) < 0.4


def test_the_difference_to_the_platform_is_in_sight_on_a_phone(board: Installation, look: Look) -> None:
    client = board.client()
    (europe,) = (one for one in client.get("/api/ad-accounts").json()["items"] if one["name"] == "Shop Europe")
    page = look(f"/ad-accounts?account={europe['id']}&view=compare", "phone")
    table = page.get_by_role("dialog").get_by_role("table").first
    expect(table.get_by_role("columnheader", name="Difference")).to_be_visible()
    assert table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")


def test_the_days_of_an_account_are_taken_along_as_csv_and_parquet(board: Installation, look: Look) -> None:
    page = look("/ad-accounts")
    page.get_by_role("button", name="Shop Tokyo").click()
    section = page.get_by_role("dialog").get_by_role("region", name="Take the figures along")
    section.get_by_role("combobox", name="Which days").click()
    page.get_by_role("option", name="All days").click()
    with page.expect_download() as saved:
        section.get_by_role("link", name="CSV").click()
    # By this mark Excel sees that it is UTF-8.
    assert saved.value.path().read_bytes()[:3] == b"\xef\xbb\xbf"
    rows = list(csv.DictReader(saved.value.path().read_text("utf-8-sig").splitlines()))
    assert {row["currency"] for row in rows} == {"JPY"}
    assert len({row["day"] for row in rows}) == 40
    section.get_by_role("combobox", name="Beside it in").click()
    page.get_by_role("option", name="In JPY and EUR").click()
    with page.expect_download() as saved:
        section.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text("utf-8-sig").splitlines()))
    assert {row["shown_in"] for row in rows} == {"EUR"}
    assert {row["exchange_rate"] for row in rows} == {"", "0.00625"}
    with page.expect_download() as saved:
        section.get_by_role("link", name="Parquet").click()
    assert saved.value.path().read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_ads_are_accessible_and_fit(board: Installation, look: Look, size: str, scheme: str) -> None:
    page = look("/ads", size, scheme)
    expect(page.get_by_role("table", name="Ads", exact=True)).to_be_visible()
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title, "it is there"
    assert title["height"] < 48, "its word stands in one line, however many buttons are beside it"
    found = faults(page, "table")
    page.goto("/ads?by=page")
    expect(page.get_by_role("table", name="Pages that ads lead to")).to_be_visible()
    found += faults(page, "pages")
    ad = board.client().get("/api/ads", params={"q": "Armchair"}).json()["items"][0]["id"]
    panels = (("naming", "Aims"), ("metrics", "Own"), ("rates", "Exchange"))
    for address, name in ((f"/ads?ad={ad}", "Armchair"), *((f"/ads?panel={panel}", name) for panel, name in panels)):
        page.goto(address)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        if name == "Armchair":
            expect(page.get_by_role("img", name="CTR by day")).to_be_visible()
        found += faults(page, address)
    assert found == []
