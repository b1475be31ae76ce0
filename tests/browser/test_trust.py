"""The trust tab of a brand, the weekly sample by keyboard, lessons, and what was rejected."""

import re
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOOKS, Installation, Look, faults, until


def brand_of(workspace: Installation, name: str = "Tallow") -> str:
    return next(one["id"] for one in workspace.client().get("/api/brands").json()["items"] if one["name"] == name)


def mentions_of(workspace: Installation, brand: str) -> list[dict[str, Any]]:
    return workspace.client().get("/api/mentions", params={"brand": brand, "limit": 100}).json()["items"]


def trust_of(workspace: Installation, brand: str) -> dict[str, Any]:
    return workspace.client().get(f"/api/brands/{brand}/trust").json()


@pytest.fixture
def tallow(workspace: Installation) -> Generator[str]:
    """The brand, with everything as it was before when the test is over."""
    brand = brand_of(workspace)
    yield brand
    restore(workspace, brand)


@pytest.fixture
def veloray(workspace: Installation) -> Generator[str]:
    """Another one, to be sampled: what is in a sample teaches nothing any more."""
    brand = brand_of(workspace, "Veloray")
    yield brand
    restore(workspace, brand)


def restore(workspace: Installation, brand: str) -> None:
    client = workspace.client()
    if (applied := trust_of(workspace, brand)["applied"]) is not None:
        client.delete(f"/api/lessons/{applied['id']}/acceptance").raise_for_status()
    client.delete(f"/api/brands/{brand}/trust/promise").raise_for_status()
    client.put(f"/api/brands/{brand}/trust/limit", json={"limit": None}).raise_for_status()
    for mention in mentions_of(workspace, brand):
        if mention["judgement"]:
            client.delete(f"/api/mentions/{mention['id']}/judgement").raise_for_status()


def open_trust(look: Look, brand: str, *how: str) -> Page:
    page = look(f"/brands?brand={brand}&tab=trust", *how)
    expect(page.get_by_role("heading", name="What was learned")).to_be_visible(timeout=30_000)
    return page


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_trust_tab_is_accessible_and_fits(look: Look, workspace: Installation, size: str, scheme: str) -> None:
    page = open_trust(look, brand_of(workspace), size, scheme)
    assert faults(page, "trust") == []
    page.get_by_role("radiogroup", name=re.compile("From how sure on it counts")).get_by_text("Table").click()
    expect(page.get_by_role("region", name="From how sure on it counts, as a table")).to_be_visible()
    assert faults(page, "trust as a table") == []
    page.goto("/stories?view=rejected&range=all")
    expect(page.get_by_role("radiogroup", name="Why it does not count")).to_be_visible(timeout=30_000)
    assert faults(page, "rejected") == []


def test_the_tab_is_in_the_address_and_unsaved_changes_of_the_profile_ask_first(
    look: Look, workspace: Installation
) -> None:
    page = look(f"/brands?brand={brand_of(workspace)}")
    page.get_by_label("Description").fill("E-bikes for families")
    page.get_by_role("tab", name="Trust").click()
    page.get_by_role("button", name="Discard changes").click()
    expect(page).to_have_url(re.compile("tab=trust"))
    expect(page.get_by_role("heading", name="What was learned")).to_be_visible(timeout=30_000)
    page.get_by_role("tab", name="Profile").click()
    expect(page).not_to_have_url(re.compile("tab="))


def test_a_limit_says_what_it_does_before_it_is_moved(look: Look, workspace: Installation, tallow: str) -> None:
    page = open_trust(look, tallow)
    expect(page.get_by_text("At 80 % you keep")).to_be_visible()
    page.get_by_role("slider", name="Limit of confidence").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("At 90 % you keep")).to_be_visible()
    assert trust_of(workspace, tallow)["limit"] == 0.8, "nothing has moved yet"
    page.get_by_role("button", name="Count from 90 % on").click()
    expect(page.get_by_role("button", name="Back to the usual 80 %")).to_be_visible(timeout=30_000)
    assert trust_of(workspace, tallow)["limit"] == 0.9


def test_a_sample_is_answered_by_keyboard_and_measures(look: Look, workspace: Installation, veloray: str) -> None:
    page = open_trust(look, veloray)
    page.get_by_role("button", name=re.compile("Draw one now|Check them")).click()
    expect(page.get_by_text(re.compile("Is this Veloray"))).to_be_visible(timeout=30_000)
    assert faults(page, "sample") == []
    page.set_viewport_size({"width": 390, "height": 844})
    answers = ("Undo", "Not sure", "No", "Yes")
    foot = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in answers]
    assert len({box["y"] for box in foot if box}) == 1
    page.set_viewport_size({"width": 1440, "height": 900})
    items = trust_of(workspace, veloray)["sample"]["items"]
    for at, key in zip(range(1, items), "ymnyyyyyyyyyyyyyyyyy", strict=False):
        expect(page.get_by_text(f"{at} of {items}", exact=True)).to_be_visible()
        page.keyboard.press(key)
    expect(page.get_by_text(f"{items} of {items}", exact=True)).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text(f"{items - 1} of {items}", exact=True)).to_be_visible()
    page.get_by_role("button", name="Trust", exact=True).click()
    expect(page.get_by_text(re.compile(r"\d+ of \d+ shown mentions checked were right"))).to_be_visible(timeout=30_000)
    live = trust_of(workspace, veloray)["live"]
    assert live["unsure"] == 1
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_role("heading", name="At least 95 % of what you see is really Veloray")).to_be_visible(
        timeout=30_000
    )
    page.get_by_role("button", name="Take the promise back").click()
    expect(page.get_by_role("button", name="Promise it")).to_be_visible(timeout=30_000)


def test_a_lesson_is_seen_before_it_is_applied_and_taken_back(look: Look, workspace: Installation, tallow: str) -> None:
    for at, mention in enumerate(mentions_of(workspace, tallow)[:9]):
        verdict = {"verdict": "no" if at % 3 == 0 else "yes"}
        workspace.client().put(f"/api/mentions/{mention['id']}/judgement", json=verdict).raise_for_status()
    page = open_trust(look, tallow)
    page.get_by_role("button", name="Learn now").click()
    expect(page.get_by_text(re.compile(r"Lesson \d+: \d+ of \d+ mentions? changes?"))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_text(re.compile("come in|put to you|go out|Nothing moves")).first).to_be_visible(timeout=30_000)
    assert faults(page, "lesson") == []
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text(re.compile(r"Lesson \d+ decides")).first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0, timeout=30_000)
    assert trust_of(workspace, tallow)["applied"] is None


def test_what_tones_taught_is_checked_shown_and_says_why_it_is_kept_back(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    some = client.get("/api/mentions", params={"limit": 40}).json()["items"]
    tones = ("negative", "positive", "neutral")
    # No rhyme or reason in them: nothing to be learned.
    wanted = [{"mention_id": one["id"], "tone": tones[at % 3]} for at, one in enumerate(some)]
    before = client.put("/api/mentions/tones", json={"tones": wanted}).raise_for_status().json()["before"]
    try:
        until(lambda: client.get("/api/tone-lessons").json()["latest"] is not None, "it was learned by itself", 120)
        page = open_trust(look, brand_of(workspace), "phone", "light")
        card = page.get_by_role("region", name="What your tones taught")
        expect(card.get_by_text(re.compile(r"\d+ tones said"))).to_be_visible()
        expect(card.get_by_text(re.compile("All in all"))).to_be_visible()
        expect(card.get_by_role("button", name="Learn from tones")).to_be_visible()
        card.scroll_into_view_if_needed()
        assert faults(page, "tones") == []
    finally:
        client.put("/api/mentions/tones", json={"tones": before}).raise_for_status()


def test_what_was_rejected_says_why_and_comes_back_by_one_button(
    look: Look, workspace: Installation, tallow: str
) -> None:
    mention = mentions_of(workspace, tallow)[0]
    workspace.client().put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": "no"}).raise_for_status()
    page = look("/stories?view=rejected&range=all")
    page.get_by_text("Somebody said no", exact=True).first.click()
    card = page.get_by_role("list", name="Mentions").locator("[data-row]").filter(has_text=mention["title"]).first
    expect(card.get_by_text("You said no")).to_be_visible(timeout=30_000)
    card.get_by_role("button", name="It is Tallow").click()
    expect(card).to_have_count(0, timeout=30_000)
    again = workspace.client().get(f"/api/mentions/{mention['id']}").json()
    assert (again["judgement"], again["standing"]) == ("yes", "accepted")
