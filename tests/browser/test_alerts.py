"""The screen of alerts: what one would have told is seen before it is switched on."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LOOKS, Look, faults

BRAND = "01a21506-746c-770f-a292-72dc6618039b"
ALERT = "01a21506-746c-770f-a292-72dc6618039c"
STORY = "01a21506-746c-770f-a292-72dc6618039d"
KEPT: dict[str, Any] = {
    "id": ALERT,
    "brand_id": BRAND,
    "kind": "spike",
    "title": "Spikes of Acme",
    "keenness": "usual",
    "least_stories": 4,
    "hours": 48,
    "tones": ["negative"],
    "words": ["recall"],
    "enabled": True,
    "created_at": "2026-11-01T08:00:00Z",
    "checked_at": "2026-11-25T22:00:00Z",
    "incidents": 1,
    "last_incident_at": "2026-11-20T10:00:00Z",
    "is_open": True,
}
INCIDENT: dict[str, Any] = {
    "opened_at": "2026-11-20T10:00:00Z",
    "closed_at": None,
    "window_hours": 6,
    "stories": 9,
    "expected": 0.8,
    "probability": 0.00002,
    "severity": "critical",
    "words": "9 stories in 6 hours; 0.8 are usual at that time of the week. Most told: “Acme recalls” (Courier).",
    "why": {
        "stories": [
            {
                "id": STORY,
                "title": "Acme recalls",
                "outlet": "Courier",
                "outlets": 3,
                "quote": "",
                "url": "https://c.example/",
            }
        ],
        "outlets": [],
        "tones": {"negative": 9},
        "in_all": 9,
        "thin": False,
    },
}
TRIED: dict[str, Any] = {
    "days": 90,
    "says": "It would have told you once in 90 days: 20 November.",
    "incidents": [INCIDENT],
    "by_day": [{"day_on": f"2026-11-{day:02}", "stories": day % 4, "expected": 1.2} for day in range(1, 27)],
    "is_thin": True,
    "days_known": 9,
}
BRANDS: dict[str, Any] = {
    "items": [
        {
            "id": BRAND,
            "name": "Acme",
            "kind": "own",
            "description": "",
            "category": "",
            "website": "",
            "color": "#4477AA",
            "names": [],
            "context_words": [],
            "not_phrases": [],
            "paused": False,
            "revision": 1,
            "created_at": "2026-11-01T08:00:00Z",
            "updated_at": "2026-11-01T08:00:00Z",
        }
    ]
}


def given(page: Page, wishes: list[dict[str, Any]]) -> None:
    """A brand with an alert that rings; the wishes that are tried or saved are noted."""

    def answer(route: Route) -> None:
        address = route.request.url.split("/api/alerts")[1].split("?")[0]
        if route.request.method == "POST":
            wishes.append(route.request.post_data_json or {})
        body: Any = {"items": [KEPT]}
        if address == "/back-test":
            body = TRIED
        elif address.endswith("/incidents"):
            body = [INCIDENT | {"id": STORY, "alert_id": ALERT, "brand_id": BRAND, "kind": "spike"}]
        elif address or route.request.method == "POST":
            body = KEPT
        made = route.request.method == "POST" and not address
        route.fulfill(status=201 if made else 200, content_type="application/json", body=json.dumps(body))

    page.route("**/api/alerts**", answer)
    page.route("**/api/brands", lambda route: route.fulfill(content_type="application/json", body=json.dumps(BRANDS)))


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_alerts_are_accessible_and_fit(look: Look, size: str, scheme: str) -> None:
    page = look("/alerts", size, scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("Alerts")
    expect(page.get_by_text("No alerts yet")).to_be_visible()
    found = faults(page, "empty")
    given(page, [])
    page.goto("/alerts")
    expect(page.get_by_role("table", name="Alerts")).to_be_visible()
    expect(page.get_by_text("Ringing")).to_be_visible()
    found += faults(page, "list")
    page.goto(f"/alerts?alert={ALERT}")
    panel = page.get_by_role("dialog", name="Spikes of Acme")
    expect(panel.get_by_text("It would have told you once")).to_be_visible()
    expect(panel.get_by_text("Only 9 days of history")).to_be_visible()
    expect(panel.get_by_role("heading", name="What it told you")).to_be_visible()
    assert found + faults(page, "panel") == []


def test_an_alert_is_tried_as_one_chooses_and_then_switched_on_by_keyboard(look: Look) -> None:
    page = look("/jobs")
    wishes: list[dict[str, Any]] = []
    given(page, wishes)
    page.goto("/alerts")
    page.get_by_role("button", name="New alert").press("Enter")
    panel = page.get_by_role("dialog", name="New alert")
    expect(panel.get_by_text("Choose a brand, and you see")).to_be_visible()
    # Nothing lies over the form before somebody asks for it.
    expect(panel.get_by_role("textbox", name="Say it in a sentence")).to_be_focused()
    expect(page.get_by_role("option", name="Acme")).to_be_hidden()
    brand = panel.get_by_role("combobox", name="Brand")
    brand.press("ArrowDown")
    page.get_by_role("option", name="Acme").click()
    expect(panel.get_by_text("It would have told you once")).to_be_visible()
    least = panel.get_by_role("textbox", name="At least")
    least.fill("7")
    with page.expect_response(lambda answer: answer.url.endswith("/api/alerts") and answer.request.method == "POST"):
        panel.get_by_role("button", name="Switch on").press("Enter")
    assert wishes[0]["brand_id"] == BRAND
    assert (wishes[-1]["least_stories"], wishes[-1]["enabled"]) == (7, True)
    expect(panel).to_be_hidden()
    expect(page.get_by_text("You will be told")).to_be_visible()


def test_an_alert_whose_number_is_typed_anew_is_not_tried_without_it(look: Look) -> None:
    page = look("/jobs")
    wishes: list[dict[str, Any]] = []
    given(page, wishes)
    page.goto(f"/alerts?alert={ALERT}")
    panel = page.get_by_role("dialog", name="Spikes of Acme")
    expect(panel.get_by_text("It would have told you once")).to_be_visible()
    least = panel.get_by_role("textbox", name="At least")
    least.fill("")
    page.wait_for_timeout(1_000)
    expect(panel.get_by_text("It would have told you once")).to_be_visible()
    panel.get_by_role("button", name="Save").click()
    expect(least).to_have_accessible_description(re.compile("A number"))
    # The fields beside each other still begin at the same height.
    tops = [panel.get_by_text(label, exact=True).bounding_box() for label in ("How keen", "At least")]
    assert len({round(box["y"]) for box in tops if box}) == 1
    with page.expect_response("**/back-test*"):
        panel.get_by_text("One spreads").click()
    expect(panel.get_by_text("One negative story with “recall” in 3 outlets within 24 hours")).to_be_visible()
    assert wishes[-1]["kind"] == "story"
    assert {wish["least_stories"] for wish in wishes} == {4}
