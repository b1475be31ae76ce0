"""Notices on screen: the bell rings live, the history is found, put off and muted, and a channel is set up and tried."""

import re
from collections.abc import Generator

import pytest
from playwright.sync_api import expect

from brandhound.twins.mail import MailTwin, catch
from tests.browser.conftest import Installation, Look, faults, until


@pytest.fixture
def twin() -> Generator[MailTwin]:
    """A receiver of webhooks."""
    with catch() as server:
        yield server


def something_happens(workspace: Installation) -> None:
    """A report is made. Of that people are told once: the run that made it is not spoken of as well."""
    client = workspace.client()
    client.post("/api/runs", json={"job": "reports.make"}).raise_for_status()


def test_the_bell_rings_by_itself_and_leads_to_the_history(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    # What earlier tests let run would ring it, too.
    at_work = {"state": ["queued", "running", "waiting"]}
    until(lambda: not client.get("/api/runs", params=at_work).json()["items"], "nothing runs any more")
    client.put("/api/notifications/reading").raise_for_status()
    page = look("/feeds")
    expect(page.get_by_role("button", name="Notifications, 0 unread")).to_be_visible()
    something_happens(workspace)
    expect(page.get_by_role("button", name="Notifications, 1 unread")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Notifications, ").click()
    assert faults(page, "bell") == []
    page.get_by_role("link", name="View all").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    row = page.locator("[data-row]").first
    expect(row.get_by_role("img", name="Unread")).to_be_visible()
    # A click on its title goes to the thing, and whoever went there has read it.
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/jobs\?.*run=|/reports/"))
    expect(page.get_by_role("button", name="Notifications, 0 unread")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_history_is_found_put_off_and_muted_and_accessible(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    client = workspace.client()
    for mute in client.get("/api/notifications/mutes").json():
        client.delete(f"/api/notifications/mutes/{mute['id']}")
    something_happens(workspace)
    page = look("/notifications", size, scheme)
    expect(page.locator("[data-row]").first).to_be_visible(timeout=60_000)
    assert faults(page, "history") == []
    page.get_by_role("searchbox").fill("no such words at all")
    expect(page.get_by_text("No notice is like that")).to_be_visible()
    assert faults(page, "nothing found") == []
    page.get_by_role("searchbox").fill("")
    # Another one may come above it meanwhile.
    place = page.locator("[data-row]").first.get_by_role("link").get_attribute("href")
    notice = page.locator("[data-row]").filter(has=page.locator(f"a[href='{place}']"))
    notice.get_by_role("button", name="More about").click()
    page.get_by_role("menuitem", name="For an hour").click()
    expect(notice.get_by_text("until ")).to_be_visible()
    notice.get_by_role("button", name="More about").click()
    page.get_by_role("menuitem", name="Details").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Go there")).to_be_visible()
    assert faults(page, "details") == []
    page.goto("/settings?tab=notifications")
    page.get_by_role("button", name="Call me again for").first.click()
    expect(page.get_by_role("heading", name="Muted and put off")).to_have_count(0)


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_what_one_hears_is_chosen_in_the_settings(look: Look, workspace: Installation, size: str, scheme: str) -> None:
    page = look("/settings?tab=notifications", size, scheme)
    box = page.get_by_role("checkbox", name="A report is ready: in the app")
    box.click()
    expect(box).not_to_be_checked()
    page.get_by_role("switch", name="Quiet hours").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert faults(page, "choosing") == []
    page.reload()
    expect(box).not_to_be_checked()
    expect(page.get_by_role("switch", name="Quiet hours")).to_be_checked()
    box.click()
    page.get_by_role("switch", name="Quiet hours").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()


def test_a_channel_is_set_up_tried_and_looked_at(look: Look, workspace: Installation, twin: MailTwin) -> None:
    page = look("/settings?tab=notifications&channel=new")
    panel = page.get_by_role("dialog")
    panel.get_by_role("textbox", name="Name").fill("Our tool")
    panel.get_by_role("textbox", name="Address").fill("http://10.1.2.3/hook")
    panel.get_by_role("button", name="Add the channel").click()
    expect(panel.get_by_role("alert")).to_contain_text("10.1.2.3 is not on the public internet")
    assert faults(page, "refused") == []
    panel.get_by_role("textbox", name="Address").fill(twin.hook("ours"))
    panel.get_by_role("button", name="Add the channel").click()
    expect(panel.get_by_text("It is shown only now")).to_be_visible()
    panel.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Our tool").click()
    panel.get_by_role("button", name="Send a test").click()
    expect(panel.get_by_text("Sent", exact=True)).to_be_visible(timeout=60_000)
    assert [hook.name for hook in twin.kept.hooks] == ["ours"]
    panel.get_by_text("Request and answer").click()
    expect(panel.get_by_text("This is a test")).to_be_visible()
    assert faults(page, "channel") == []
    panel.get_by_role("button", name="Remove").click()
    question = page.get_by_role("dialog", name="Remove Our tool?")
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Our tool", exact=True)).to_have_count(0)


def test_a_topic_on_another_server_is_given_a_token_anew(look: Look, workspace: Installation, twin: MailTwin) -> None:
    client = workspace.client()
    new = {"sort": "ntfy", "name": "Phone", "address": twin.hook("topic"), "access_token": "tk_first"}
    path = f"/api/notifications/channels/{client.post('/api/notifications/channels', json=new).json()['id']}"
    page = look(f"/settings?tab=notifications&channel={path.rsplit('/', 1)[1]}")
    panel = page.get_by_role("dialog")
    panel.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/topic")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("alert")).to_contain_text("The access token was entered for another server")
    assert faults(page, "token needed") == []
    panel.get_by_role("checkbox", name="That server asks for no token").check()
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("textbox", name="Address")).to_have_attribute("placeholder", "http://127.0.0.1:9/…")
    assert client.delete(path).status_code == 204
