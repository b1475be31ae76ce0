"""Templates on screen: written by keyboard, seen at once, had again; and the report that is made with one."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENT, Installation, Look, faults

BLOCKS: list[dict[str, Any]] = [
    {"kind": "title", "text": "{{ brand }} in {{ range }}"},
    {"kind": "summary", "most": 3},
    {"kind": "text", "heading": "Dear board", "text": "{{ mentions }} mentions."},
    {"kind": "comparison"},
    {"kind": "share_of_voice"},
    {"kind": "chart", "chart": "tone", "half": True},
    {"kind": "chart", "chart": "outlets", "half": True},
    {"kind": "mention_list", "most": 5},
]


def clean(workspace: Installation) -> Any:
    client = workspace.client()
    for template in client.get("/api/reports/templates").json():
        client.delete(f"/api/reports/templates/{template['id']}").raise_for_status()
    client.delete("/api/reports/branding").raise_for_status()
    return client


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_a_template_is_written_by_keyboard_seen_at_once_and_had_again(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    clean(workspace)
    page = look("/reports?tab=templates", size, scheme)
    expect(page.get_by_text("Reports are made by the standard template")).to_be_visible(timeout=PATIENT)
    found = faults(page, "no template")
    page.get_by_role("button", name="New template").first.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="New template")
    blocks = panel.get_by_role("list").filter(has=page.locator("[data-block]")).locator("[data-block]")
    expect(blocks).to_have_count(10)
    panel.get_by_role("textbox", name="Name").fill("For the board")
    panel.get_by_role("button", name="Add a block").press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_visible()
    # A key that closes a menu leaves the panel under it open.
    page.get_by_role("menuitem").first.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(panel).to_be_visible()
    panel.get_by_role("button", name="Add a block").press("Enter")
    page.get_by_role("menuitem", name=re.compile("Text Your own words")).click()
    expect(blocks).to_have_count(11)
    panel.get_by_role("textbox", name="Heading").fill("Dear board")
    last = blocks.nth(10)
    last.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(blocks.nth(9)).to_contain_text("Dear board")
    expect(blocks.nth(9)).to_be_focused()
    blocks.nth(1).press("Delete")
    expect(blocks).to_have_count(10)
    found += faults(page, "writing")
    if size == "phone":
        panel.get_by_role("tab", name="Preview").click()
    paper = page.frame_locator('iframe[title="What the template makes"]')
    expect(
        paper.get_by_role("heading", name="Dear board").or_(paper.get_by_text("Nothing was heard")).first
    ).to_be_visible(timeout=PATIENT)
    found += faults(page, "seeing")
    if size == "phone":
        panel.get_by_role("tab", name="Blocks").click()
    if size == "desktop":
        panel.get_by_role("textbox", name="Heading").fill("{% for %}")
        panel.get_by_role("button", name="Save").click()
        expect(panel.get_by_role("alert")).to_contain_text("no loops and no conditions")
        panel.get_by_role("textbox", name="Heading").fill("Dear all")
    panel.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name=re.compile("For the board"))
    expect(row).to_be_visible(timeout=PATIENT)
    found += faults(page, "kept")

    row.get_by_role("button", name="For the board").click()
    rename_and_restore(page)
    found += faults(page, "versions")
    assert found == []


def rename_and_restore(page: Page) -> None:
    panel = page.get_by_role("dialog", name="For the board")
    panel.get_by_role("textbox", name="Name").fill("For everybody")
    panel.get_by_role("button", name="Save").click()
    panel = page.get_by_role("dialog", name="For everybody")
    panel.get_by_role("tab", name="Versions").click()
    panel.get_by_role("button", name="Restore version 1").click()
    # The name comes back with the version.
    panel = page.get_by_role("dialog", name="For the board")
    expect(panel.get_by_text("copy of 1")).to_be_visible(timeout=PATIENT)


@pytest.mark.parametrize(("size", "scheme"), [("tablet", "light"), ("phone", "dark")])
def test_a_report_is_made_with_a_template_and_its_summary_opens_its_sources(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    client = clean(workspace)
    kept = client.post("/api/reports/templates", json={"name": "For the board", "blocks": BLOCKS}).json()
    page = look("/reports?report=new", size, scheme)
    panel = page.get_by_role("dialog", name="Make a report")
    panel.get_by_role("combobox", name="Template").click()
    page.get_by_role("option", name="For the board").click()
    panel.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="The same days a year ago").click()
    found = faults(page, "making")
    panel.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("made with “For the board”")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("heading", name="Dear board")).to_be_visible()
    found += faults(page, "made")
    source = page.get_by_role("button", name=re.compile("Source 1"))
    source.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(1, timeout=PATIENT)
    found += faults(page, "a source")
    assert found == [], json.dumps(found, indent=1)
    assert kept["version"] == 1


def test_looks_that_cannot_be_read_are_refused_with_some_that_can(look: Look, workspace: Installation) -> None:
    clean(workspace)
    page = look("/reports?tab=templates", "phone", "dark")
    page.get_by_role("button", name="Change the looks").press("Enter")
    panel = page.get_by_role("dialog", name="How reports look")
    panel.get_by_role("textbox", name="Colour").fill("#ffcc00")
    panel.get_by_role("textbox", name="Words at the foot").fill("Acme PR")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("alert")).to_contain_text("too pale")
    found = faults(page, "too pale")
    panel.get_by_role("button", name=re.compile("Take #")).press("Enter")
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Reports wear your looks")).to_be_visible(timeout=PATIENT)
    found += faults(page, "worn")
    assert found == []
