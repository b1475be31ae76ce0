"""Every screen: there, accessible, no wider than the window. A dark phone and a light desktop walk every route anyway."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Installation, Look, faults

SCREENS = {
    "stories": ("/stories?range=all", "Stories"),
    "feeds": ("/feeds", "Feeds"),
    "feed health": ("/feeds?tab=health", "Feeds"),
    "packs": ("/feeds?tab=packs", "Feeds"),
    "brands": ("/brands", "Brands"),
    "runs": ("/jobs", "Jobs"),
    "schedules": ("/jobs?tab=schedules", "Jobs"),
    "reports": ("/reports", "Reports"),
    "reports that leave": ("/reports?tab=schedules", "Reports"),
    "reports that left": ("/reports?tab=sent", "Reports"),
    "settings": ("/settings", "Settings"),
    "members": ("/settings?tab=members", "Settings"),
    "keys": ("/settings?tab=keys", "Settings"),
    "audit": ("/settings?tab=audit", "Settings"),
    "first steps": ("/welcome", "Which brand or client?"),
}


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("tablet", "light"), ("phone", "light")])
def test_every_screen_is_accessible_and_fits(look: Look, workspace: Installation, size: str, scheme: str) -> None:
    page = look("/", size, scheme)
    found: list[str] = []
    for screen, (path, heading) in SCREENS.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        found += faults(page, screen)
    assert found == []


def test_what_stands_before_the_door_is_accessible(look: Look) -> None:
    page = look("/sign-in", anonymous=True)
    paths = ["/sign-in", "/setup", "/invitation/nothing", "/nowhere"]
    found: list[str] = []
    for path in paths:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += faults(page, path)
    assert found == []


def test_stories_fit_any_window(look: Look, workspace: Installation) -> None:
    """From 400 % zoom on a laptop to a wall."""
    page = look("/stories?range=all")
    for width in (320, 390, 820, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_role("list", name="Stories")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"too wide at {width}"


def test_a_phone_tells_of_a_key_when_it_was_used_and_when_it_ends(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    client.post("/api/keys", json={"name": "Wall screen", "expires_at": "2031-05-06T12:00:00Z"}).raise_for_status()
    page = look("/settings?tab=keys", "phone")
    key = page.get_by_role("row", name="Wall screen").get_by_role("cell").first
    expect(key.get_by_text("Used: Never")).to_be_visible()
    expect(key.get_by_text("Ends: 6 May 2031")).to_be_visible()
