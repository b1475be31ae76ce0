"""Tones by keyboard, topics from the first line to the answers, and how a brand is spoken of."""

import re
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Installation, Look, faults


@pytest.fixture
def story(workspace: Installation) -> Generator[dict[str, Any]]:
    """A story of the inbox; the tones of its mentions are again as they were read when the test is over."""
    client = workspace.client()
    found = client.get("/api/stories", params={"limit": 1}).json()["items"][0]
    yield found
    mentions = client.get("/api/mentions", params={"story": found["id"], "limit": 100}).json()["items"]
    tones = [{"mention_id": one["id"], "tone": None} for one in mentions]
    client.put("/api/mentions/tones", json={"tones": tones}).raise_for_status()


@pytest.fixture
def topic(workspace: Installation, story: dict[str, Any]) -> Generator[dict[str, Any]]:
    """A topic that the story's first mention is about, by a person's word."""
    client = workspace.client()
    new = {"title": "Batteries", "line": "how long the battery of a bicycle lasts"}
    made = client.post("/api/topics", json=new).raise_for_status().json()
    mention = story["mentions"][0]["id"]
    client.put(f"/api/mentions/{mention}/topics/{made['id']}", json={"verdict": "yes"}).raise_for_status()
    yield made
    client.put(f"/api/topics/{made['id']}/archive").raise_for_status()
    client.put(f"/api/topics/{made['id']}", json={**new, "title": f"Batteries {made['id']}"}).raise_for_status()


def test_a_tone_is_said_by_one_key_and_undone_by_another(
    look: Look, workspace: Installation, story: dict[str, Any]
) -> None:
    page = look(f"/stories?range=all&story={story['id']}")
    voices = page.get_by_role("list", name="Who says what").first
    expect(page.get_by_role("button", name=re.compile("^Tone:")).first).to_be_visible(timeout=30_000)
    page.keyboard.press("3")
    expect(voices).to_contain_text("Said by hand: mixed", timeout=30_000)
    page.keyboard.press("u")
    expect(page.get_by_text("Said by hand: mixed")).to_have_count(0, timeout=30_000)
    page.get_by_role("button", name=re.compile("^Tone:")).first.click()
    page.get_by_role("menuitem", name="Unclear 5").click()
    expect(voices).to_contain_text("Said by hand: unclear", timeout=30_000)


def test_a_topic_is_made_and_judged_where_its_mentions_are(
    look: Look, workspace: Installation, topic: dict[str, Any]
) -> None:
    page = look("/topics")
    page.get_by_role("button", name="Batteries", exact=True).click(timeout=30_000)
    expect(page.get_by_role("list", name="Mentions")).to_contain_text("It is", timeout=30_000)
    page.get_by_role("button", name="Take it back: Batteries").click()
    expect(page.get_by_text("No mention is about it.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("list", name="Mentions")).to_contain_text("It is", timeout=30_000)
    page.goto(f"/stories?range=all&topic={topic['id']}")
    expect(page.get_by_role("list", name="Stories").get_by_role("listitem")).to_have_count(1, timeout=30_000)


def test_topics_and_tone_are_accessible_on_a_phone_in_the_dark(
    look: Look, workspace: Installation, story: dict[str, Any], topic: dict[str, Any]
) -> None:
    page = look("/topics", "phone", "dark")
    expect(page.get_by_role("button", name="Batteries", exact=True)).to_be_visible(timeout=30_000)
    assert faults(page, "topics") == []
    page.goto(f"/topics?topic={topic['id']}")
    expect(page.get_by_role("list", name="Mentions")).to_be_visible(timeout=30_000)
    assert faults(page, "a topic") == []
    page.get_by_role("tab", name="Words").click()
    expect(page.get_by_label("Examples")).to_be_visible(timeout=30_000)
    assert faults(page, "a topic's words") == []
    page.goto(f"/brands?brand={story['mentions'][0]['brand']['id']}&tab=tone")
    expect(page.get_by_role("region", name="Tone", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("region", name="Topics")).to_be_visible(timeout=30_000)
    assert faults(page, "tone and topics of a brand") == []
    page.goto(f"/stories?range=all&story={story['id']}")
    expect(page.get_by_role("list", name="Topics").first).to_be_visible(timeout=30_000)
    assert faults(page, "a story with topics") == []


def test_a_long_topic_and_a_long_tag_stay_within_their_story(
    look: Look, workspace: Installation, story: dict[str, Any], topic: dict[str, Any]
) -> None:
    title = "Whether the battery of a bicycle really lasts as long as its seller says"
    long = {"title": title, "line": topic["line"]}
    workspace.client().put(f"/api/topics/{topic['id']}", json=long).raise_for_status()
    page = look("/welcome", "phone")

    def with_a_long_tag(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, json=answer.json() | {"tags": ["batteries that burn in the cellars of our customers"]}
        )

    page.route(f"**/api/stories/{story['id']}", with_a_long_tag)
    page.goto(f"/stories?range=all&story={story['id']}")
    panel = page.get_by_role("dialog")
    it_is = panel.get_by_role("list", name="Topics").get_by_text("It is", exact=True)
    for one in (panel.get_by_text(title), panel.get_by_text("batteries that burn"), it_is):
        box = one.bounding_box()
        assert box
        # Within the window and the panel's padding.
        assert box["x"] >= 16
        assert box["x"] + box["width"] <= 390 - 16


def test_a_brand_shows_how_loud_it_is_and_each_number_leads_to_its_stories(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    voices = client.get("/api/voices", params={"days": 90}).raise_for_status().json()
    loudest = voices["share"]["rows"][0]
    name = next(one["name"] for one in voices["brands"] if one["id"] == loudest["brand_id"])
    page = look(f"/brands?brand={loudest['brand_id']}&tab=voice")
    panel = page.get_by_role("dialog", name=name)
    panel.get_by_text("90 days").click()
    share = panel.get_by_role("region", name="Share of voice")
    expect(share).to_contain_text(name, timeout=30_000)
    expect(panel.get_by_role("region", name="Mentions a day")).to_be_visible()
    assert faults(page, "the voice of a brand") == []
    panel.get_by_role("tab", name="People").click()
    expect(panel.get_by_text(re.compile("in the last 90 days")).first).to_be_visible(timeout=30_000)
    assert faults(page, "who writes about a brand") == []
    number = panel.get_by_role("button", name=re.compile(r"^\d+ texts? of ")).first
    told = int(number.inner_text())
    number.click()
    expect(panel.get_by_role("list", name=re.compile("^Texts of ")).get_by_role("listitem")).to_have_count(told)
    assert faults(page, "what one author wrote") == []
    panel.get_by_role("button", name="All people").click()
    expect(number).to_be_visible()
    panel.get_by_role("tab", name="Voice").click()
    panel.get_by_role("button", name=re.compile("^Stories")).click()
    page.wait_for_url(re.compile(rf"/stories\?.*brand={loudest['brand_id']}"))
    expect(page.get_by_role("list", name="Stories").or_(page.get_by_role("table", name="Stories"))).to_be_visible(
        timeout=30_000
    )
