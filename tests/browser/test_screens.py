"""Every screen, at three sizes, light and dark: there, accessible, and no wider than the window."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Look, violations

SCREENS = {
    "stories": ("/stories?range=all", "Stories"),
    "feeds": ("/feeds", "Feeds"),
    "feed health": ("/feeds?tab=health", "Feeds"),
    "packs": ("/feeds?tab=packs", "Feeds"),
    "brands": ("/brands", "Brands"),
    "runs": ("/jobs", "Jobs"),
    "schedules": ("/jobs?tab=schedules", "Jobs"),
    "reports": ("/reports", "Reports"),
    "settings": ("/settings", "Settings"),
    "members": ("/settings?tab=members", "Settings"),
    "keys": ("/settings?tab=keys", "Settings"),
    "audit": ("/settings?tab=audit", "Settings"),
    "first steps": ("/welcome", "Which brand or client?"),
}
LOOKS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]


def settled(page: Page) -> None:
    expect(page.locator("[role=status][aria-label^=Loading]")).to_have_count(0)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_accessible_and_fits(
    look: Look, workspace: Installation, screen: str, size: str, scheme: str
) -> None:
    path, heading = SCREENS[screen]
    page = look(path, size, scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settled(page)
    assert violations(page) == []
    fits(page)


PANELS = {
    "story": "/stories?range=all",
    "feed": "/feeds",
    "brand": "/brands",
    "run": "/jobs",
    "schedule": "/jobs?tab=schedules",
}
NEW = ["/feeds?feed=new", "/brands?brand=new", "/jobs?run=new", "/reports?report=new", "/settings?tab=keys&new=key"]


@pytest.mark.parametrize(
    ("size", "scheme"), [("desktop", "light"), ("tablet", "dark"), ("phone", "light")], ids="-".join
)
@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_is_accessible_and_fits(
    look: Look, workspace: Installation, panel: str, size: str, scheme: str
) -> None:
    page = look(PANELS[panel], size, scheme)
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    assert violations(page) == []
    fits(page)


@pytest.mark.parametrize("path", NEW)
def test_every_form_for_something_new_is_accessible(look: Look, workspace: Installation, path: str) -> None:
    page = look(path, "phone")
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    assert violations(page) == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_report_and_the_evidence_of_a_number_are_accessible(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/reports", size, scheme)
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("heading", name="Mentions a day")).to_be_visible()
    expect(page.get_by_role("img", name="Mentions a day, by brand")).to_be_visible()
    assert violations(page) == []
    fits(page)
    page.get_by_role("button", name="Mentions").first.click()
    expect(page.get_by_role("dialog").get_by_role("link", name="See it in the article").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/sign-in", "/setup", "/invitation/nothing", "/nowhere"])
def test_what_stands_before_the_door_is_accessible(look: Look, path: str) -> None:
    page = look(path, anonymous=True)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 820, 1440, 2560])
def test_stories_fit_any_window(look: Look, workspace: Installation, width: int) -> None:
    page = look("/stories?range=all")
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.get_by_role("list", name="Stories")).to_be_visible()
    fits(page)
