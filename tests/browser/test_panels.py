"""The grammar of lists and panels: beside the list, shared by its address, closed in any way, never losing work."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation, Look, until


def open_first(page: Page) -> None:
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("way", ["escape", "outside", "back", "button"])
def test_a_panel_closes(look: Look, workspace: Installation, way: str) -> None:
    page = look("/brands")
    open_first(page)
    expect(page).to_have_url(re.compile("brand="))
    match way:
        case "escape":
            page.keyboard.press("Escape")
        case "outside":
            page.get_by_role("heading", name="Brands").click()
        case "back":
            page.go_back()
        case _:
            page.get_by_role("dialog").get_by_role("button", name="Close panel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("brand="))


def test_a_field_that_has_nothing_to_propose_keeps_no_panel_open(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    watch = page.get_by_role("button", name="Watch a brand")
    watch.press("Enter")
    name = page.get_by_role("dialog").get_by_label("Name").first
    expect(name).to_be_focused()
    name.press("q")
    name.press("Backspace")
    expect(name).to_have_attribute("aria-expanded", "true")
    name.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(watch).to_be_focused()


def test_a_name_is_written_where_it_was_asked_for_and_told_beside_it_if_none_is_of_its_kind(
    look: Look, workspace: Installation
) -> None:
    page = look("/brands")
    page.get_by_role("button", name="Watch a brand").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Name").first.fill("Xkaffa")
    panel.get_by_role("button", name="Add a name").click()
    expect(panel.get_by_label("Name 1", exact=True)).to_be_focused()
    page.keyboard.type("coffee")
    panel.get_by_role("combobox", name="Kind of name 1").click()
    page.get_by_role("option", name="Domain").click()
    panel.get_by_role("button", name="Watch", exact=True).click()
    expect(panel.get_by_text("A domain has a dot")).to_be_visible()


def test_the_list_stays_beside_its_panel_and_marks_the_open_row(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    open_first(page)
    panel = page.get_by_role("dialog").bounding_box()
    table = page.get_by_role("table", name="Brands").bounding_box()
    assert panel
    assert table
    assert 0.44 < panel["width"] / 1440 < 0.46
    assert table["x"] + table["width"] <= panel["x"], "the panel covers its list"
    expect(page.locator("[data-row][data-open]")).to_have_count(1)


def test_the_line_of_tabs_fades_nowhere_once_all_of_it_is_in_sight_again(look: Look, workspace: Installation) -> None:
    page = look("/settings?tab=keys")
    tabs = page.get_by_role("tablist")
    width = "tabs => tabs.clientWidth"
    faded = "tabs => parseFloat(getComputedStyle(tabs).getPropertyValue('--before'))"
    room = tabs.evaluate(width)
    page.get_by_role("main").get_by_role("button", name="New key", exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    until(lambda: tabs.evaluate("tabs => tabs.scrollWidth > tabs.clientWidth"), "there is less room")
    tabs.evaluate("tabs => tabs.scrollTo({ left: tabs.scrollWidth })")
    until(lambda: tabs.evaluate(faded) > 30, "the beginning is beyond the edge")
    page.keyboard.press("Escape")
    until(lambda: tabs.evaluate(width) == room, "there is room again")
    assert tabs.evaluate(faded) == 0


def test_what_one_looks_at_in_a_long_list_stays_where_it_is(look: Look, workspace: Installation) -> None:
    page = look("/stories?range=all")
    rows = page.locator("[data-row]")
    rows.nth(9).wait_for()
    # The row and the next one fit in beside the panel: then nothing has to move.
    page.set_viewport_size({"width": 1440, "height": 700})
    page.mouse.move(400, 300)
    page.mouse.wheel(0, 600)
    until(lambda: page.evaluate("scrollY") == 600, "the list is scrolled")

    def height_of(row: Locator) -> float:
        box = row.bounding_box()
        assert box
        return box["y"]

    seen = next(row for row in rows.all() if height_of(row) > 200)
    after = seen.locator("xpath=following-sibling::*[1]")
    before = height_of(seen)
    seen.click(position={"x": 300, "y": 8})
    expect(seen).to_have_attribute("data-open", "true")
    assert height_of(seen) == pytest.approx(before, abs=2), "opening a panel moves the row that opened it"
    page.keyboard.press("j")
    expect(after).to_have_attribute("data-open", "true")
    expect(after).to_be_in_viewport()
    page.keyboard.press("k")
    expect(seen).to_have_attribute("data-open", "true")
    assert height_of(seen) == pytest.approx(before, abs=2), "going on by keys moves the list"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(seen).to_be_in_viewport()
    assert height_of(seen) == pytest.approx(before, abs=2), "closing the panel moves the list"


@pytest.mark.parametrize(("size", "share"), [("tablet", 0.85), ("phone", 1.0)])
def test_a_panel_takes_most_of_a_tablet_and_all_of_a_phone(
    look: Look, workspace: Installation, size: str, share: float
) -> None:
    page = look("/brands", size)
    open_first(page)
    box = page.get_by_role("dialog").bounding_box()
    assert box
    width = page.evaluate("innerWidth")
    assert box["width"] / width == pytest.approx(share, abs=0.01)
    assert box["x"] + box["width"] == pytest.approx(width, abs=1), "the panel stands at the right"


def test_j_and_k_go_to_the_neighbours(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    rows = page.locator("[data-row]")
    open_first(page)
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("data-open", "true")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_have_attribute("data-open", "true")
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_another_row_opens_in_its_place(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    open_first(page)
    page.locator("[data-row]").nth(1).click()
    expect(page.locator("[data-row]").nth(1)).to_have_attribute("data-open", "true")
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_unsaved_changes_ask_first(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    open_first(page)
    page.get_by_label("Website").fill("https://tallow.example")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("Website")).to_have_value("https://tallow.example")
    page.go_back()
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_news_from_elsewhere_leaves_the_cursor_where_it_is(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    made = client.post("/api/brands", json={"name": "Ketch", "kind": "competitor"}).raise_for_status().json()
    page = look(f"/brands?brand={made['id']}", "phone")
    website = page.get_by_label("Website")
    website.fill("https://ketch.example")
    client.patch(f"/api/brands/{made['id']}", json={"name": "Ketch and Sons"}).raise_for_status()
    expect(page.get_by_role("heading", name="Ketch and Sons")).to_be_visible()
    expect(website).to_be_focused()
    expect(website).to_have_value("https://ketch.example")
    client.delete(f"/api/brands/{made['id']}")


def test_a_brand_of_the_catalogue_fills_in_what_nobody_has_written(look: Look, workspace: Installation) -> None:
    panel = look("/brands?brand=new").get_by_role("dialog")
    panel.get_by_label("Website").fill("https://coffee.example")
    panel.get_by_label("Name").first.fill("Starbu")
    panel.page.get_by_role("option", name="Starbucks").first.click()
    expect(panel.get_by_label("Description")).to_have_value("American multinational coffee company")
    expect(panel.get_by_label("Website")).to_have_value("https://coffee.example")


def test_another_brand_of_the_catalogue_leaves_nothing_of_the_one_before_but_what_somebody_has_written(
    look: Look, workspace: Installation
) -> None:
    panel = look("/brands?brand=new").get_by_role("dialog")

    website = panel.get_by_label("Website")

    def choose(text: str, kind: str) -> None:
        panel.get_by_label("Name").first.fill(text)
        panel.page.get_by_role("option", name=f"Target {kind}").click()

    def shown() -> list[str]:
        fields = [panel.get_by_label(name, exact=True) for name in ("Description", "Category")]
        names = panel.get_by_role("textbox", name=re.compile(r"^Name \d"))
        return [one.input_value() for one in [*fields, *names.all()]]

    choose("Target", "Department store · United States")
    expect(website).to_have_value("https://www.target.com")
    usa = ["American retailer and supermarket chain", "Department store"]
    assert shown() == [*usa, "Target (USA)", "Target Corporation"]
    panel.get_by_role("button", name="Add a name").click()
    panel.get_by_label("Name 3", exact=True).fill("Tarzhay")
    choose("Target Au", "Department store · Australia")
    expect(website).to_have_value("https://www.target.com.au")
    assert shown() == ["Australian department store chain", "Department store", "Tarzhay", "Target (Australia)"]
    panel.get_by_label("Category", exact=True).fill("Homeware")
    panel.get_by_label("Description").fill("")
    choose("Target Optical", "Optical Optician · United States")
    expect(website).to_have_value("https://www.targetoptical.com")
    assert shown() == ["eyewear retailer in the United States", "Homeware", "Tarzhay"]


def test_a_brand_is_edited_and_its_address_can_be_shared(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    page.get_by_role("button", name="Veloray").click()
    page.get_by_label("Description").fill("The rival from the other side of the harbour")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("The rival from the other side")).to_be_visible()
    page.get_by_role("button", name="Veloray").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    shared = look(page.url)
    expect(shared.get_by_label("Description")).to_have_value("The rival from the other side of the harbour")


def test_a_feed_is_test_fetched_before_it_is_followed(look: Look, workspace: Installation) -> None:
    page = look("/feeds?feed=new")
    page.get_by_label("Address").fill(f"{workspace.publishers}/green-commute")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take this").click()
    expect(page.get_by_text("It works")).to_be_visible()
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page).to_have_url(re.compile(r"feed=[0-9a-f-]{36}"))
    expect(page.get_by_role("heading", name="Green Commute")).to_be_visible()


def test_an_address_that_is_no_feed_says_why(look: Look, workspace: Installation) -> None:
    page = look("/feeds?feed=new")
    page.get_by_label("Address").fill(f"{workspace.publishers}/nothing-here")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("404")


def test_a_schedule_shows_its_next_ten_runs_before_it_is_saved(look: Look, workspace: Installation) -> None:
    page = look("/jobs?tab=schedules&schedule=new")
    page.get_by_text("Every Monday at 8:00").click()
    times = page.get_by_role("region", name="Next runs").get_by_role("listitem")
    expect(times).to_have_count(10)
    expect(times.first).to_contain_text("Mon")
