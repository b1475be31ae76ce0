"""From nothing to the first report: at most twelve clicks and five minutes."""

import re
import time

from playwright.sync_api import expect

from tests.browser.conftest import EMAIL, OUTLETS, PASSWORD, Installation, Look, violations

COUNTS = """addEventListener("click", (event) => {
    if (event.isTrusted && event.detail > 0) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1
}, true)"""


def test_the_first_report_takes_twelve_clicks_and_five_minutes_at_most(
    look: Look, installation: Installation, newcomer: str
) -> None:
    page = look("/sign-in", anonymous=True)
    page.context.add_init_script(COUNTS)
    own = {"origin": installation.url}
    page.request.post("/api/session", data={"email": EMAIL, "password": PASSWORD}, headers=own)
    page.request.put("/api/session/organization", data={"organization_id": newcomer}, headers=own)
    page.goto("/")
    began = time.monotonic()

    expect(page.get_by_role("heading", name="Which brand or client?")).to_be_visible()
    page.keyboard.type("Tallow")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Is this it?")).to_be_visible(timeout=60_000)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.get_by_role("button", name=re.compile("^Watch Tallow")).click()

    address = page.get_by_label("Address of a feed or a site")
    for outlet in OUTLETS:
        address.fill(f"{installation.publishers}/{outlet}/feed")
        address.press("Enter")
    expect(page.get_by_text(re.compile(r"^\d+ items"))).to_have_count(len(OUTLETS), timeout=60_000)
    assert violations(page) == []
    page.get_by_role("button", name=f"Follow {len(OUTLETS)} feeds and scan").click()

    expect(page.get_by_role("progressbar", name="Progress of the first scan")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="The first scan is done")).to_be_visible(timeout=240_000)
    expect(page.get_by_role("list", name="First stories").get_by_role("listitem").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_text("1 of 10")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("2 of 10")).to_be_visible()
    undo = page.get_by_role("button", name="Undo the last")
    undo.click()
    # There is nothing more to undo, and who pressed it by keyboard goes on from it.
    expect(page.get_by_text("1 of 10")).to_be_visible()
    expect(undo).to_be_focused()
    for number in range(1, 11):
        expect(page.get_by_text(f"{number} of 10")).to_be_visible()
        page.keyboard.press("y" if number % 3 else "n")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("button", name="To the first report").click()

    page.get_by_role("button", name="Make one every weekday at 8:00").click()
    expect(page.get_by_role("button", name="Every weekday at 8:00")).to_be_disabled()
    page.get_by_role("button", name="Make and open it").click()
    expect(page).to_have_url(re.compile("/reports/"))
    expect(page.get_by_role("heading", name="Mentions a day")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name=re.compile(r"^Mentions\s*[1-9]"))).to_be_visible()

    took = time.monotonic() - began
    clicks = int(page.evaluate("Number(sessionStorage.clicks ?? 0)"))
    assert 0 < clicks <= 12
    assert took < 300
