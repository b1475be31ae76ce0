"""Every panel, form and report: there, accessible, and no wider than the window."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, Installation, Look, faults, settled, violations

PANELS = {
    "story": "/stories?range=all",
    "feed": "/feeds",
    "brand": "/brands",
    "run": "/jobs",
    "schedule": "/jobs?tab=schedules",
}
NEW = {
    "/feeds": "Follow a feed",
    "/brands": "Watch a brand",
    "/jobs": "Start a job",
    "/jobs?tab=schedules": "New schedule",
    "/reports": "Make a report",
    "/reports?tab=schedules": "New schedule",
    "/alerts": "New alert",
    "/topics": "New topic",
    "/ad-accounts": "Import a table",
    "/settings?tab=members": "Invite somebody",
    "/settings?tab=keys": "New key",
    "/settings?tab=notifications": "Add a channel",
}
MENUS = {"/feeds": "Import and export", "/jobs": "Change all runs"}


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("tablet", "dark"), ("phone", "light")])
def test_every_panel_is_accessible_and_fits(look: Look, workspace: Installation, size: str, scheme: str) -> None:
    page = look("/", size, scheme)
    found: list[str] = []
    for panel, path in PANELS.items():
        page.goto(path)
        page.locator("[data-row]").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found += faults(page, panel)
    assert found == []


def test_every_form_for_something_new_opens_by_its_button_and_is_accessible(
    look: Look, workspace: Installation
) -> None:
    page = look("/", "phone")
    found: list[str] = []
    for path, button in NEW.items():
        page.goto(path)
        page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found += faults(page, path)
    assert found == []


def test_every_menu_is_accessible_and_gives_the_focus_back(look: Look, workspace: Installation) -> None:
    page = look("/", "phone", "dark")
    found: list[str] = []
    for path, name in MENUS.items():
        page.goto(path)
        settled(page)
        button = page.get_by_role("button", name=name)
        expect(button).to_be_enabled()
        button.focus()
        page.keyboard.press("Enter")
        items = page.get_by_role("menuitem")
        expect(items.first).to_be_focused()
        # A menu belongs to its button and not to a part of the page.
        found += [f"{name}: {fault}" for fault in violations(page, "region")]
        page.keyboard.press("ArrowDown")
        expect(items.nth(1)).to_be_focused()
        page.keyboard.press("Escape")
        expect(items).to_have_count(0)
        expect(button).to_be_focused()
    assert found == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_report_and_the_evidence_of_a_number_are_accessible(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/reports", size, scheme)
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("heading", name="Mentions a day")).to_be_visible()
    expect(page.get_by_role("img", name="Mentions a day, by brand")).to_be_visible()
    assert faults(page, "charts") == []
    for chart in ("Mentions a day", "Share of voice", "Tone toward the brand"):
        page.get_by_role("radiogroup", name=f"Show {chart} as").get_by_text("Table").click()
        expect(page.get_by_role("region", name=f"{chart}, as a table")).to_be_visible()
    assert faults(page, "tables") == []
    page.get_by_role("button", name="Mentions").first.click()
    expect(page.get_by_role("dialog").get_by_role("link", name="See it in the article").first).to_be_visible()
    assert faults(page, "evidence") == []


def test_the_numbers_of_a_chart_can_be_taken_away_as_a_table_and_as_a_picture(
    look: Look, workspace: Installation
) -> None:
    page = look("/reports")
    page.locator("[data-row]").first.click()
    with page.expect_download() as table:
        page.get_by_role("button", name="Download Share of voice as a table").click()
    lines = table.value.path().read_text("utf-8-sig").splitlines()
    assert table.value.suggested_filename == "share-of-voice.csv"
    assert lines[0] == "Brand,Stories,Share,From,To"
    assert {line.split(",")[0] for line in lines[1:]} >= {"Tallow", "Veloray"}
    with page.expect_download() as picture:
        page.get_by_role("link", name="Download Share of voice as a picture").click()
    assert picture.value.path().read_text().startswith("<svg")
