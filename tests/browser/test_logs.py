"""Finding out what happened, by mouse, by keyboard and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, Installation, Look, faults, until

NOWHERE = "/api/runs/0190b0b0-0000-7000-8000-000000000000"
"""What is asked for so that a line says that it is not there."""


def ask_in_vain(installation: Installation, address: str, request_id: str) -> None:
    """Let a line be written, and wait until it can be found."""
    client = installation.client()
    client.get(address, headers={"X-Request-Id": request_id})
    until(lambda: client.get("/api/logs", params={"request_id": request_id}).json()["items"], "the line is stored")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_log_and_one_of_its_lines_are_accessible_and_fit(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/logs?span=1d", size, scheme)
    expect(page.get_by_role("list", name="Log lines")).to_be_visible()
    found = faults(page, "log")
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Copy as JSON")).to_be_visible()
    found += faults(page, "line")
    page.goto("/logs?q=nobody-says-this")
    expect(page.get_by_text("No line is like that in this time")).to_be_visible()
    found += faults(page, "nothing found")
    assert found == []


def test_a_line_is_found_read_and_narrowed_to_by_keyboard_alone(look: Look, workspace: Installation) -> None:
    ask_in_vain(workspace, NOWHERE, "by-keyboard-1")
    page = look("/logs")
    expect(page.get_by_role("list", name="Log lines")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("answered 404")
    expect(page).to_have_url(re.compile("q=answered"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-row]").first).to_contain_text("GET /api/runs/{run_id} answered 404")
    page.keyboard.press("j")
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("by-keyboard-1")
    panel.get_by_role("button", name="Only this request").press("Enter")
    expect(page.get_by_role("list", name="Narrowed to")).to_contain_text("Request by-keyboard-1")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("button", name="Not only this request").press("Enter")
    expect(page.get_by_role("list", name="Narrowed to")).to_have_count(0)


def test_new_lines_appear_while_one_follows_and_wait_while_one_reads(look: Look, workspace: Installation) -> None:
    page = look("/logs?request_id=followed-1")
    expect(page.get_by_text("No line is like that in this time")).to_be_visible()
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile("live=on"))
    client = workspace.client()
    client.get(NOWHERE, headers={"X-Request-Id": "followed-1"})
    expect(page.locator("[data-row]")).to_have_count(1, timeout=60_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    client.get("/api/feeds/0190b0b0-0000-7000-8000-000000000000", headers={"X-Request-Id": "followed-1"})
    more = page.get_by_role("button", name="1 new line")
    expect(more).to_be_visible(timeout=60_000)
    expect(page.locator("[data-row]")).to_have_count(1)
    more.click()
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[data-row]").first).to_contain_text("/api/feeds")


def test_a_search_is_saved_and_chosen_again(look: Look, workspace: Installation) -> None:
    page = look("/logs?level=info&q=answered")
    page.get_by_role("button", name="Saved", exact=True).click()
    # What is saved is listed above the field, and moves it when it comes.
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    page.get_by_placeholder("Name of this search").fill("Answers")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Answers", exact=True)).to_be_visible()
    page.goto("/logs")
    page.get_by_role("button", name="Saved", exact=True).click()
    page.get_by_role("button", name="Answers", exact=True).click()
    expect(page).to_have_url(re.compile("q=answered"))
    page.get_by_role("button", name="Saved", exact=True).click()
    page.get_by_role("button", name="Remove Answers").click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()


def test_administrators_choose_how_long_lines_are_kept(look: Look, workspace: Installation) -> None:
    page = look("/logs")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="How long lines are kept").click()
    page.get_by_label("Info", exact=True).fill("7")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert workspace.client().get("/api/logs/retention").json()["info_days"] == 7
    workspace.client().put("/api/logs/retention", json={}).raise_for_status()
