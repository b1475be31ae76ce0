"""Connecting ad accounts in a browser: from the empty screen through Meta's dialog to accounts that are synced."""

import os
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOOKS, PATIENT, Installation, Look, faults, settled, until

pytestmark = pytest.mark.usefixtures("home")

SHOTS = os.environ.get("SHOTS")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        settled(page)
        page.wait_for_timeout(500)
        page.screenshot(path=f"{SHOTS}/{name}.png")


def test_accounts_are_connected_through_metas_dialog(installation: Installation, look: Look) -> None:
    client = installation.client()
    brand_id = client.post("/api/brands", json={"name": "Lantern Street"}).raise_for_status().json()["id"]
    page = look("/stories")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="No ad accounts yet")).to_be_visible()
    found = faults(page, "empty")
    shoot(page, "empty")
    page.get_by_role("main").get_by_role("button", name="Connect").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("combobox", name="For which brand").or_(panel.get_by_label("For which brand")).first.click()
    page.get_by_role("option", name="Lantern Street").click()
    found += faults(page, "connect")
    shoot(page, "connect")
    panel.get_by_role("button", name="Connect Facebook").click()
    # Meta's own page, as the twin shows it.
    page.get_by_role("button", name="Continue").click()
    expect(panel.get_by_role("heading", name="Choose ad accounts")).to_be_visible()
    # The one-time code stays neither in the address nor in the history.
    assert "code=" not in page.url
    found += choose_by_business(page)
    panel.get_by_role("button", name="Connect 2 accounts").click()
    row = page.get_by_role("row", name=re.compile("Tallow E-bikes EU"))
    expect(row.get_by_text("Connected")).to_be_visible()
    row.get_by_role("button", name="Tallow E-bikes EU").click()
    expect(panel.get_by_text("Connected until")).to_be_visible()
    expect(panel.get_by_text("Read with the login of Runa Vik")).to_be_visible()
    # What was connected is synced at once, and one sees it at work or done.
    expect(panel.get_by_text(re.compile(r"What it does|Synced "))).not_to_have_count(0)
    page.keyboard.press("Escape")
    until(
        lambda: all(one["synced_at"] for one in client.get("/api/ad-accounts").json()["items"]), "accounts are synced"
    )
    ids = {one["name"]: one["id"] for one in client.get("/api/ad-accounts").json()["items"]}
    screens = {
        "accounts": "/ad-accounts",
        "account": f"/ad-accounts?account={ids['Tallow E-bikes EU']}",
        "compare": f"/ad-accounts?account={ids['Tallow E-bikes EU']}&view=compare",
        "moved": f"/ad-accounts?account={ids['Tallow E-bikes EU']}&view=moved",
        "connecting": f"/ad-accounts?connect={brand_id}",
        "brand": f"/brands?brand={brand_id}&tab=ads",
    }
    compared = look(screens["compare"])
    expect(compared.get_by_text("say the same here and at Meta")).to_be_visible()
    for size, scheme in [*LOOKS, ("tablet", "light")]:
        for name, path in screens.items():
            shown = look(path, size, scheme)
            settled(shown)
            expect(shown.get_by_role("heading", level=1)).to_be_visible()
            if name != "accounts":
                expect(shown.get_by_role("dialog")).to_be_visible()
            found += faults(shown, f"{name} {size} {scheme}")
            shoot(shown, f"{name}-{size}-{scheme}")
            shown.close()
    assert found == []


def choose_by_business(page: Page) -> list[str]:
    """Tick an account in each of two businesses; what is wrong with the page on the way."""
    panel = page.get_by_role("dialog")
    # One business after the other; what is ticked in one stays so.
    found = faults(page, "businesses")
    shoot(page, "businesses")
    panel.get_by_role("button", name="Tallow Works").press("Enter")
    # What was pressed is gone: the keyboard goes on in the next step, and from there back where it was.
    expect(panel.get_by_role("button", name="Businesses", exact=True)).to_be_focused()
    found += faults(page, "choose")
    shoot(page, "choose")
    expect(panel.get_by_role("checkbox", name="Morrow Bay Coffee Japan")).to_have_count(0)
    panel.get_by_role("checkbox", name="Tallow E-bikes EU").check()
    panel.get_by_role("button", name="Businesses", exact=True).press("Enter")
    expect(panel.get_by_role("button", name="Tallow Works")).to_be_focused()
    expect(panel.get_by_role("button", name="Tallow Works").get_by_text("1 ticked")).to_be_visible()
    shoot(page, "businesses-ticked")
    panel.get_by_role("button", name="Lantern Street Agency").click()
    panel.get_by_role("checkbox", name="Morrow Bay Coffee Japan").check()
    shoot(page, "choose-ticked")
    found += faults(page, "choose, ticked")
    return found


def test_who_declines_is_told_and_can_ask_again(installation: Installation, look: Look) -> None:
    client = installation.client()
    brand_id = client.post("/api/brands", json={"name": "Declined"}).raise_for_status().json()["id"]
    page = look(f"/ad-accounts?connect={brand_id}")
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name="Connect Facebook").click()
    page.get_by_role("button", name="Cancel").click()
    expect(panel.get_by_text("the dialog at Meta was cancelled")).to_be_visible()
    expect(panel.get_by_text("For Declined")).to_be_visible()
    assert faults(page, "declined") == []
    shoot(page, "declined")
    panel.get_by_role("button", name="Ask again").click()
    page.get_by_label("ads_read").uncheck()
    page.get_by_role("button", name="Continue").click()
    expect(panel.get_by_text("was switched off in Meta's dialog")).to_be_visible()
    expect(panel.get_by_role("button", name="Ask again")).to_be_visible()
    shoot(page, "partial")
    # An address that is opened a second time says that its answer was taken.
    page.goto("/ad-accounts/connecting?state=unknown&code=x")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Back", exact=True)).to_be_visible()
    assert faults(page, "connecting") == []
    shoot(page, "connecting-error")


def test_who_connects_from_a_brand_or_an_account_comes_back_there(installation: Installation, look: Look) -> None:
    client = installation.client()
    brand_id = client.post("/api/brands", json={"name": "Comes Back"}).raise_for_status().json()["id"]
    page = look(f"/brands?brand={brand_id}&tab=ads")
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name="Connect Facebook").click()
    page.get_by_label("business_management").uncheck()
    page.get_by_role("button", name="Continue").click()
    # What was switched off is named, and can be asked for once more without leaving what was begun.
    expect(panel.get_by_text("Not given: business_management")).to_be_visible()
    assert faults(page, "without businesses") == []
    shoot(page, "not-given")
    panel.get_by_role("button", name="Ask again").click()
    page.get_by_role("button", name="Continue").click()
    panel.get_by_role("button", name="Tallow Works").click()
    expect(panel.get_by_text("Not given")).to_have_count(0)
    panel.get_by_role("checkbox", name="Tallow E-bikes US").check()
    panel.get_by_role("button", name="Connect 1 account").click()
    expect(page).to_have_url(re.compile(f"/brands.brand={brand_id}&tab=ads$"))
    expect(panel.get_by_role("article", name="Tallow E-bikes US")).to_be_visible()
    # From the panel of an account one comes back to the account, also without having connected anything.
    panel.get_by_role("button", name="Tallow E-bikes US").click()
    access = panel.get_by_role("article", name="Access for Comes Back")
    access.get_by_role("button", name="Reconnect").click()
    panel.get_by_role("button", name="Connect Facebook").click()
    page.get_by_role("button", name="Continue").click()
    expect(panel.get_by_role("heading", name="Choose ad accounts")).to_be_visible()
    panel.get_by_role("button", name="Connect 1 account").click()
    expect(panel.get_by_role("heading", name="Tallow E-bikes US")).to_be_visible()
    expect(access.get_by_text("Connected until")).to_be_visible()
    access.get_by_role("button", name="Reconnect").click()
    expect(panel.get_by_role("button", name="Connect Facebook")).to_be_visible()
    panel.get_by_role("button", name="Close panel").click()
    expect(panel.get_by_role("heading", name="Tallow E-bikes US")).to_be_visible()


def test_a_client_without_an_account_connects_by_a_link(installation: Installation, look: Look) -> None:
    client = installation.client()
    brand_id = client.post("/api/brands", json={"name": "Client's brand"}).raise_for_status().json()["id"]
    page = look(f"/ad-accounts?connect={brand_id}")
    panel = page.get_by_role("dialog")
    panel.get_by_label("For whom").fill("Ms Brandt")
    panel.get_by_role("button", name="Make the link").click()
    expect(panel.get_by_text("It is shown only now")).to_be_visible()
    found = faults(page, "link made")
    shoot(page, "link-made")
    url = panel.get_by_role("alert").locator("code").inner_text()
    for size, scheme in (("desktop", "light"), ("phone", "dark")):
        theirs = look(url, size, scheme, anonymous=True)
        expect(theirs.get_by_role("heading", name="asks for the figures of your ads")).to_be_visible()
        found += faults(theirs, f"invitation {size} {scheme}")
        shoot(theirs, f"invitation-{size}-{scheme}")
        theirs.get_by_role("button", name="Log in at Meta").click()
        theirs.get_by_role("button", name="Continue").click()
        expect(theirs.get_by_role("heading", name="Which ad accounts belong to")).to_be_visible()
        assert "code=" not in theirs.url
        found += faults(theirs, f"client chooses {size} {scheme}")
        shoot(theirs, f"client-chooses-{size}-{scheme}")
        if size == "phone":
            theirs.get_by_role("checkbox", name="Morrow Bay Coffee UK").check()
            theirs.get_by_role("button", name="Connect them").click()
            expect(theirs.get_by_role("heading", name="Connected. Thank you")).to_be_visible()
            found += faults(theirs, "connected")
            shoot(theirs, "client-connected")
            theirs.goto(url)
            expect(theirs.get_by_role("heading", name="does not work any more")).to_be_visible()
    # The list says so by itself.
    expect(panel.get_by_text("by Runa Vik")).to_be_visible()
    shoot(page, "link-used")
    panel.get_by_label("For whom").fill("Somebody else")
    panel.get_by_role("button", name="Make the link").click()
    panel.get_by_role("button", name="Take back the link for Somebody else").click()
    expect(panel.get_by_text("taken back", exact=True)).to_be_visible()
    found += faults(page, "links")
    assert found == []


def test_a_table_from_ads_manager_is_tried_and_then_stored(
    installation: Installation, look: Look, tmp_path: Path
) -> None:
    table = tmp_path / "ads.csv"
    table.write_text(
        "Reporting starts,Reporting ends,Day,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks\n"
        "2026-11-01,2026-11-02,2026-11-01,Film A,120001,12.50,4000,40\n"
        "2026-11-01,2026-11-02,2026-11-02,Film A,120001,lots,3900,38\n"
        "2026-11-01,2026-11-02,2026-11-02,Film B,120002,7.25,900,9\n"
    )
    page = look("/ad-accounts")
    page.get_by_role("main").get_by_role("button", name="Import a table").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Name").fill("Exported")
    with page.expect_file_chooser() as chooser:
        panel.get_by_label("Table").click()
    chooser.value.set_files(table)
    choose = panel.locator("input[type=file]")
    # Totals of a week are no days: what to do in Ads Manager is said, and a page says more.
    totals = tmp_path / "totals.csv"
    totals.write_text("Reporting starts,Reporting ends,Ad name,Amount spent (EUR)\n2026-11-01,2026-11-07,Film A,70\n")
    choose.set_input_files(totals)
    panel.get_by_role("button", name="Try it").click()
    expect(panel.get_by_role("alert").get_by_text("Breakdown → By time → Day")).to_be_visible()
    expect(panel.get_by_role("alert").get_by_role("link", name="What to do")).to_be_visible()
    assert faults(page, "not taken") == []
    choose.set_input_files(table)
    panel.get_by_role("button", name="Try it").click()
    expect(panel.get_by_text("2 rows of 2 ads can be read")).to_be_visible()
    # It is said that nothing is stored yet, and so it is.
    assert "Exported" not in [one["name"] for one in installation.client().get("/api/ad-accounts").json()["items"]]
    expect(panel.get_by_text(re.compile("Row 3, Amount spent"))).to_be_visible()
    assert faults(page, "tried") == []
    shoot(page, "import-tried")
    # What was chosen and found out is not lost by a key.
    page.keyboard.press("Escape")
    asked = page.get_by_role("dialog", name="Leave without saving?")
    asked.get_by_role("button", name="Keep editing").click()
    expect(asked).to_have_count(0)
    panel.get_by_role("button", name="Import 2 rows, leave out 1").click()
    expect(panel.get_by_role("heading", name="Exported")).to_be_visible()
    expect(panel.get_by_text("Its figures come from tables")).to_be_visible()
    assert faults(page, "imported") == []
    shoot(page, "imported")


def test_a_sync_that_stopped_says_why_and_what_helps_and_can_be_begun_with_more_days(
    installation: Installation, look: Look
) -> None:
    client = installation.client()
    brand_id = client.post("/api/brands", json={"name": "Stopped"}).raise_for_status().json()["id"]
    login = client.post("/api/ad-accounts/logins", json={"brand_id": brand_id}).raise_for_status().json()
    twin = httpx.Client(base_url=str(httpx.URL(login["dialog_url"]).copy_with(raw_path=b"/_control/")), timeout=60)
    token = twin.post("tokens", json={}).raise_for_status().json()["access_token"]
    given = {"brand_id": brand_id, "token": token}
    offered = client.post("/api/ad-accounts/logins/system-user", json=given).raise_for_status().json()
    chosen = [
        {"external_id": one["external_id"], "brand_ids": [brand_id]}
        for one in offered["accounts"]
        if one["name"] == "Morrow Bay Coffee Japan"
    ]
    path = f"/api/ad-accounts/logins/{offered['id']}/accounts"
    account = client.post(path, json={"accounts": chosen}).raise_for_status().json()["items"][0]
    number = account["external_id"].removeprefix("act_")
    until(lambda: client.get(f"/api/ad-accounts/{account['id']}").json()["synced_at"], "the account is synced")
    page = look(f"/ad-accounts?account={account['id']}")
    panel = page.get_by_role("dialog")
    twin.post("faults", json={"error": "capability", "account": number, "times": None}).raise_for_status()
    try:
        more = panel.get_by_role("button", name="More", exact=True)
        more.click()
        # In what scrolls, and not on the screen.
        place = "(button) => button.offsetTop"
        stood = more.evaluate(place)
        panel.get_by_label("Days back").fill("120")
        found = faults(page, "more")
        shoot(page, "sync-more")
        panel.get_by_role("button", name="Sync with these").click()
        alert = panel.get_by_role("alert").filter(has_text="Meta does not answer this question")
        expect(alert).to_be_visible(timeout=PATIENT)
        expect(alert.get_by_role("link", name="More about ads/meta-permanent")).to_be_visible()
        assert more.evaluate(place) == stood, "what is told of the sync moves no button"
        # The run has told why before its last word came, which lets the next one be begun.
        expect(panel.get_by_role("button", name="Sync now")).to_be_enabled(timeout=PATIENT)
        found += faults(page, "stopped")
        shoot(page, "sync-stopped")
    finally:
        twin.delete("faults")
    ran = client.get(f"/api/ad-accounts/{account['id']}/sync").json()["runs"][0]["id"]
    assert client.get(f"/api/runs/{ran}").json()["parameters"]["days_back"] == 120
    panel.get_by_role("button", name="Sync now").click()
    expect(alert).to_have_count(0, timeout=PATIENT)
    assert found == []
