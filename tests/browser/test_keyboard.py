"""What can be done without a mouse."""

import re
from contextlib import suppress

from playwright.sync_api import Route, expect

from tests.browser.conftest import EMAIL, Installation, Look, until


def test_stories_are_judged_with_single_keys_and_taken_back(look: Look, workspace: Installation) -> None:
    page = look("/stories?range=all")
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("j")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("button", name="Yes")).to_be_visible()
    first = re.search(r"story=([0-9a-f-]{36})", page.url)
    assert first
    page.keyboard.press("n")
    expect(page.get_by_text("Rejected: it is not the brand")).to_be_visible()
    # The screen says so at once, before the server has answered.
    story = f"/api/stories/{first.group(1)}"

    def said() -> set[str | None]:
        timeline = workspace.client().get(story).json()["timeline"]
        return {mention["judgement"] for article in timeline for mention in article["mentions"]}

    until(lambda: "no" in said(), "the mention is rejected on the server", 60)
    page.keyboard.press("u")
    expect(page.get_by_role("list", name="Stories")).to_be_visible()
    until(lambda: said() == {None}, "it is taken back on the server", 60)


def test_a_story_is_starred_archived_and_brought_back(look: Look, workspace: Installation) -> None:
    page = look("/stories?range=all")
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("j")
    title = page.get_by_role("dialog").get_by_role("heading", level=2)
    expect(title).not_to_have_text("Story")
    name = title.inner_text()
    page.keyboard.press("s")
    expect(page.get_by_text("Starred", exact=True).last).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("[data-row]").filter(has_text=name)).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("[data-row]").filter(has_text=name)).to_have_count(1)
    page.keyboard.press("u")
    starred = {"view": "starred"}
    until(
        lambda: (
            name not in [one["title"] for one in workspace.client().get("/api/stories", params=starred).json()["items"]]
        ),
        "the star is taken back",
    )


def test_g_and_a_letter_go(look: Look, workspace: Installation) -> None:
    page = look("/stories")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stories")
    for keys, heading in (
        ("gf", "Feeds"),
        ("gb", "Brands"),
        ("gr", "Reports"),
        ("gj", "Jobs"),
        ("gn", "Notifications"),
        ("gs", "Stories"),
    ):
        # The first waits only for a second for the other: on a busy machine one may have to press them again.
        for _ in range(5):
            for key in keys:
                page.keyboard.press(key)
            with suppress(AssertionError):
                expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=10_000)
                break
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_the_account_menu_opens_by_keyboard_and_gives_the_cursor_back(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    account = page.get_by_role("button", name=workspace.organization)
    for _ in range(2):
        account.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
        # A key goes to what has the cursor, which the menu takes when it has come.
        until(lambda: page.evaluate("document.activeElement.closest('[role=menu]') !== null"), "the menu has come")
        page.keyboard.press("Escape")
        expect(page.get_by_role("menuitem", name="Sign out")).to_have_count(0)
        expect(account).to_be_focused()


def test_the_palette_finds_stories_and_goes_places(look: Look, workspace: Installation) -> None:
    page = look("/feeds")
    expect(page.get_by_role("heading", level=1)).to_have_text("Feeds")
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Search or jump to").fill("Tallow")
    page.get_by_role("dialog").get_by_role("button").filter(has_text="Tallow").first.click()
    expect(page).to_have_url(re.compile("/stories.*story="))
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def test_what_is_typed_before_the_palette_has_come_is_meant_for_it(look: Look, workspace: Installation) -> None:
    page = look("/feeds")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/Palette-*.js", hold)
    page.goto("/stories?range=all")
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("j")
    story = page.get_by_role("dialog").filter(has=page.get_by_role("button", name="Yes"))
    expect(story).to_be_visible()
    written: list[str] = []
    page.on("request", lambda request: written.append(request.url) if request.method != "GET" else None)
    page.keyboard.press("Control+k")
    page.keyboard.type("s")
    # Who thinks better of it is where they were.
    page.keyboard.press("Escape")
    expect(story).to_be_visible()
    page.keyboard.press("Control+k")
    # Of a story these keys say that it is not the brand, and put it away.
    page.keyboard.type("ne")
    page.wait_for_timeout(1_000)
    for route in held:
        route.continue_()
    field = page.get_by_role("textbox", name="Search or jump to")
    expect(field).to_be_focused()
    page.keyboard.type("ws")
    expect(field).to_have_value("news")
    assert written == []
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(story).to_be_visible()


def test_what_is_looked_up_gives_the_cursor_back(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    tallow = page.get_by_role("button", name="Tallow")
    tallow.focus()
    for key, name in (("?", "Keyboard"), ("Control+k", "Search or jump to")):
        page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=name)
        until(lambda: page.evaluate("document.activeElement.closest('[role=dialog]') !== null"), f"{name} has come", 60)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(tallow).to_be_focused(timeout=5_000)


def test_the_list_changes_by_itself(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    page.get_by_role("button", name="Tallow").wait_for()
    client = workspace.client()
    made = client.post("/api/brands", json={"name": "Brask", "kind": "competitor"}).raise_for_status().json()
    expect(page.get_by_role("button", name="Brask")).to_be_visible(timeout=20_000)
    client.delete(f"/api/brands/{made['id']}")
    expect(page.get_by_role("button", name="Brask")).to_have_count(0, timeout=20_000)


def test_a_broken_stream_says_so_and_the_screen_goes_on(look: Look, workspace: Installation) -> None:
    page = look("/brands")
    page.get_by_role("button", name="Tallow").wait_for()
    page.route("**/api/events*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    page.unroute("**/api/events*")
    expect(page.get_by_text("Reconnecting…")).to_have_count(0, timeout=60_000)


def test_signing_in_leads_to_where_one_wanted_to_go(look: Look, workspace: Installation) -> None:
    page = look("/jobs?tab=schedules", anonymous=True)
    page.get_by_label("E-mail").fill("ada@northwind.example")
    page.get_by_label("Password").first.fill("wrong wrong wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is wrong.")
    page.get_by_label("Password").first.fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/jobs\?tab=schedules"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")


def test_on_a_phone_the_closed_menu_is_nothing_to_tab_through(look: Look, workspace: Installation) -> None:
    page = look("/ads", "phone")
    expect(page.get_by_role("heading", name="Ads", level=1)).to_be_visible()
    places = page.locator("nav a")
    # While it loads there is nothing to go to.
    page.get_by_role("main").locator("a, button").first.wait_for()
    page.get_by_role("button", name="Switch to dark colours").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    expect(places.first).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).press("Enter")
    expect(places.first).to_be_visible()
    places.first.press("Enter")
    expect(places.first).to_be_hidden()


def test_a_form_that_is_not_taken_leaves_the_cursor_where_one_goes_on(look: Look, workspace: Installation) -> None:
    page = look("/sign-in", anonymous=True)
    go_on = page.get_by_role("button", name="Sign in")
    go_on.press("Enter")
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_accessible_description("Your e-mail address")
    page.keyboard.type(EMAIL)
    page.get_by_label("Password", exact=True).fill("wrong wrong wrong")
    go_on.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is wrong.")
    # It could not be pressed while it was asked, which takes the cursor away.
    expect(go_on).to_be_focused()


def test_a_report_is_not_the_first_thing_to_remove_in_its_menu(look: Look, workspace: Installation) -> None:
    page = look("/reports")
    page.locator("[data-row] a, [data-row] button").first.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tile = page.get_by_role("button", name=re.compile("^Stories"))
    tile.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(tile).to_be_focused()
    expect(tile).to_have_css("outline-style", "solid")
    more = page.get_by_role("button", name="More", exact=True)
    more.press("Enter")
    expect(page.get_by_role("menuitem", name="Share by a link")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Archive")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
