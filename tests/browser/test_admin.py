"""The operator's screens: there, accessible, usable by keyboard, and only for operators."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Installation, Look, faults

TABS = (
    "health", "workers", "queues", "organizations", "feeds", "database", "slow", "errors", "metrics", "alerts", "doctor",
)  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("tablet", "light"), ("phone", "light")])
def test_every_tab_of_the_operators_is_accessible_and_fits(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/admin", size, scheme)
    found: list[str] = []
    for tab in TABS:
        page.goto(f"/admin?tab={tab}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Admin")
        found += faults(page, tab)
    assert found == []


def test_a_rule_is_changed_tried_and_silenced_by_keyboard(look: Look, workspace: Installation) -> None:
    page = look("/admin?tab=alerts")
    rule = page.get_by_role("button", name="No worker is alive: nothing is fetched and no report is made")
    rule.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="No worker is alive")
    expect(panel.get_by_label("Limit")).to_have_value("1")
    found = faults(page, "a rule")
    panel.get_by_role("button", name="Send a test").press("Enter")
    expect(panel.get_by_text(": a test")).to_be_visible()
    panel.get_by_role("button", name="Silence").press("Enter")
    page.get_by_role("menuitem", name="For an hour").press("Enter")
    expect(panel.get_by_role("button", name="tell again")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert found == []


def test_a_worker_is_opened_with_what_it_does(look: Look, workspace: Installation) -> None:
    page = look("/admin?tab=workers", "phone")
    page.get_by_role("table", name="Living processes").get_by_role("button", name="Worker").first.click()
    panel = page.get_by_role("dialog", name="Worker")
    expect(panel.get_by_text("What it does now")).to_be_visible()
    assert faults(page, "a worker") == []


def test_whoever_does_not_run_the_installation_is_not_led_there(look: Look, workspace: Installation) -> None:
    page = look("/stories")
    expect(page.get_by_role("link", name="Admin")).to_be_visible()
    page.route(
        "**/api/session",
        lambda route: route.fulfill(
            json={**(answer := route.fetch().json()), "user": {**answer["user"], "operator": False}}
        ),
    )
    page.goto("/admin")
    expect(page.get_by_text("Only for the people who run this installation")).to_be_visible()
    expect(page.get_by_role("link", name="Admin")).to_have_count(0)
