"""Reports that leave, on screen: set up by keyboard, tried, looked at; a link that is made, opened and taken back; and
reports that are tagged, put away and deleted from their list, all of which is taken back.
"""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Installation, Look, faults, violations


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("tablet", "dark"), ("phone", "dark")])
def test_a_report_is_sent_from_now_on_and_what_became_of_it_is_listed(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    client = workspace.client()
    for schedule in client.get("/api/reports/schedules").json():
        client.delete(f"/api/reports/schedules/{schedule['id']}").raise_for_status()
    page = look("/reports?tab=schedules", size, scheme)
    expect(page.get_by_text("No report leaves by itself yet")).to_be_visible(timeout=30_000)
    found = faults(page, "nothing planned")
    page.get_by_role("button", name="New schedule").first.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("What shall it be called?")).to_be_visible()
    panel.get_by_role("textbox", name="Title").fill("Monday morning")
    panel.get_by_role("textbox", name="Address outside").fill("board@client.example")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("board@client.example")).to_be_visible()
    expect(panel.get_by_role("region", name="Next sendings").get_by_role("listitem")).to_have_count(5)
    expect(panel.get_by_text("No mail can be sent yet")).to_be_visible()
    found += faults(page, "planning")
    panel.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name=re.compile("Monday morning"))
    expect(row).to_be_visible()
    found += faults(page, "planned")
    row.get_by_role("button", name="Monday morning").click()
    panel.get_by_role("button", name="Pause").click()
    expect(panel.get_by_role("button", name="Resume")).to_be_visible()
    panel.get_by_role("button", name="Resume").click()
    panel.get_by_role("button", name="Send a test to me").click()
    expect(panel.get_by_role("region", name="Sent so far").get_by_text("not sent")).to_be_visible(timeout=60_000)
    found += faults(page, "an open schedule")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("tab", name="Sent").click()
    page.get_by_role("button", name=re.compile("Monday morning")).first.click()
    expect(panel.get_by_text("no mail server is configured").first).to_be_visible()
    found += faults(page, "an open sending")
    panel.get_by_role("button", name="Open its schedule").click()
    expect(panel.get_by_role("button", name="Send a test to me")).to_be_visible()
    page.go_back()
    expect(panel.get_by_text("no mail server is configured").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    found += faults(page, "sent")
    assert found == []


def test_a_link_is_made_opened_by_somebody_outside_and_taken_back(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    report_id = client.get("/api/reports").json()["items"][0]["id"]
    page = look(f"/reports/{report_id}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Share by a link").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("textbox", name="For whom").fill("The board")
    panel.get_by_role("textbox", name="Password").fill("open sesame")
    panel.get_by_role("button", name="Make the link").click()
    address = panel.locator("code").inner_text(timeout=30_000)
    assert faults(page, "sharing") == []
    stranger = look(address.replace(address.split("/api/")[0], workspace.url), anonymous=True)
    assert violations(stranger) == []
    stranger.get_by_label("Password").fill("open sesame")
    stranger.get_by_role("button", name="Open it").click()
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
    expect(stranger.get_by_role("heading", name="Top stories")).to_be_visible()
    panel.get_by_role("button", name="Take back").first.click()
    expect(panel.get_by_text("taken back").first).to_be_visible()
    assert httpx.get(stranger.url).status_code == 404


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_the_digest_is_chosen_in_the_settings(look: Look, installation: Installation, size: str, scheme: str) -> None:
    page = look("/settings?tab=notifications", size, scheme)
    switch = page.get_by_role("switch", name="Send me the digest")
    switch.click()
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("Digest: every weekday at 8:00")).to_be_visible()
    assert faults(page, "digest") == []
    page.reload()
    expect(switch).to_be_checked()
    switch.click()
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("No more digests")).to_be_visible()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_reports_are_chosen_tagged_put_away_and_deleted_and_all_of_it_is_taken_back(
    look: Look, workspace: Installation, size: str
) -> None:
    client = workspace.client()
    kept = client.get("/api/reports").json()["items"][0]
    span = {"since_on": kept["since_on"], "until_on": kept["until_on"]}
    titles = [f"Wastepaper {number} {size}" for number in (1, 2)]
    for title in titles:
        client.post("/api/reports", json={**span, "title": title}).raise_for_status()
    page = look("/reports", size)
    page.get_by_role("searchbox", name="Search reports").fill(f"wastepaper {size}")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(2)
    # By keyboard: the first row, chosen, and all that match.
    page.get_by_role("searchbox", name="Search reports").press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name=f"Choose “{titles[1]}”")).to_be_checked()
    bar = page.get_by_role("region", name="Chosen reports")
    bar.get_by_role("button", name="All 2 that match").click()
    found = faults(page, "chosen reports")
    page.keyboard.press("t")
    page.get_by_role("combobox", name="Which tag?").fill(f"Old {size}")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Tagged “Old {size}”: 2 reports")).to_be_visible()
    page.get_by_role("combobox", name="Tag", exact=True).click()
    page.get_by_role("option", name=f"Old {size}").click()
    expect(rows).to_have_count(2)
    rows.get_by_role("checkbox").first.check()
    page.keyboard.press("e")
    expect(page.get_by_text(f"Archived: “{titles[1]}”")).to_be_visible()
    expect(rows).to_have_count(1)
    page.get_by_text("Archived", exact=True).click()
    expect(rows.get_by_text(titles[1])).to_be_visible()
    page.keyboard.press("u")
    expect(rows).to_have_count(0)
    page.get_by_text("Current", exact=True).click()
    expect(rows).to_have_count(2)
    rows.get_by_role("checkbox").first.check()
    bar.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="What was done").click()
    panel = page.get_by_role("dialog", name="What was done")
    deleted = panel.get_by_role("listitem").filter(has_text=f"Deleted: “{titles[1]}”")
    found += faults(page, "what was done to reports")
    deleted.get_by_role("button", name="Take back").click()
    expect(deleted.get_by_text("Taken back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows).to_have_count(2)
    client.post(
        "/api/reports/deeds", json={"kind": "delete", "matching": {"q": f"wastepaper {size}"}}
    ).raise_for_status()
    assert found == []
