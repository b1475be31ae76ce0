"""The screen of outside services: what operators see of one that is left alone, and how they have it tried."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LOOKS, Look, faults

OPEN = "01a21506-746c-770f-a292-72dc6618039b"
WELL = "01a21506-746c-770f-a292-72dc6618039c"
SHUT: dict[str, Any] = {
    "id": OPEN,
    "provider": "openai",
    "title": "OpenAI",
    "key_fingerprint": "0123456789abcdef",
    "model": "gpt-x-mini",
    "state": "open",
    "failure_class": "billing",
    "failure_code": "credit-balance-exhausted",
    "reason": "The account at OpenAI has no credit left, or has reached its limit of spending.",
    "what_to_do": "Add credit or raise the limit of spending at the provider, then press Try now.",
    "message": "You exceeded your current quota, please check your plan and billing details.",
    "opened_at": "2026-11-25T22:00:00Z",
    "next_try_at": None,
    "resets_at": None,
    "openings": 1,
    "left_alone_until": None,
    "slowed_until": None,
    "slowed_to": None,
    "calls_last_minute": 23,
    "failures_last_minute": 1,
    "under_way": 0,
    "in_line": 0,
    "limits": [
        {"metric": "requests", "most": 500, "window_seconds": 60.0, "used": 23, "source": "headers"},
        {"metric": "concurrency", "most": 16, "window_seconds": 0.0, "used": 16, "source": "default"},
    ],
    "changed_at": "2026-11-25T22:00:00Z",
}
CALLED: dict[str, Any] = SHUT | {
    "id": WELL,
    "provider": "reddit",
    "title": "Reddit",
    "model": "",
    "state": "closed",
    "failure_class": None,
    "failure_code": None,
    "reason": None,
    "what_to_do": None,
    "message": None,
    "openings": 0,
}
CALLED["limits"] = []
BREAKERS = [SHUT, CALLED]
NOTHING: dict[str, Any] = {
    "requests_a_minute": None,
    "requests_a_day": None,
    "calls_at_once": None,
    "retry_share": None,
    "retries_at_least": None,
}
PROVIDERS = [
    {
        "provider": provider,
        "title": title,
        "state": state,
        "services": 1,
        "left_alone": int(state == "open"),
        "next_try_at": None,
        "parked": parked,
        "calls_last_minute": 23,
        "failures_last_minute": 1,
        "budget": {"calls": 230, "retries": 20, "allowed": 21, "refused": 2, "share": 0.1, "at_least": 5},
        "rules": NOTHING | {"calls_at_once": 16 if provider == "openai" else None},
    }
    for provider, title, state, parked in (("openai", "OpenAI", "open", 12), ("reddit", "Reddit", "closed", 0))
]


def given(page: Page, tried: list[str] | None = None, rules: list[Any] | None = None) -> None:
    """Let the page see these services: no test may need somebody else's."""

    def answer(route: Route) -> None:
        address = route.request.url
        if address.endswith("/rules"):
            body: object = json.loads(route.request.post_data or "{}")
            if rules is not None:
                rules.append((address.split("/providers/")[1], body))
        elif route.request.method == "PUT":
            if tried is not None:
                tried.append(address.split("/breakers/")[1])
            body = SHUT | {"state": "half_open"}
        else:
            body = BREAKERS if address.endswith("/breakers") else PROVIDERS
        route.fulfill(status=200, content_type="application/json", body=json.dumps(body))

    page.route("**/api/providers**", answer)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_services_are_accessible_and_fit(look: Look, size: str, scheme: str) -> None:
    page = look("/jobs", size, scheme)
    # What others have called meanwhile is not what this is about.
    page.route("**/api/providers**", lambda route: route.fulfill(content_type="application/json", body="[]"))
    page.goto("/providers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Providers")
    expect(page.get_by_text("No outside service was called yet")).to_be_visible()
    found = faults(page, "without any")
    given(page)
    page.goto("/providers")
    expect(page.get_by_role("table", name="Services")).to_be_visible()
    found += faults(page, "list")
    page.goto(f"/providers?breaker={OPEN}")
    expect(page.get_by_role("dialog", name="OpenAI").get_by_text("What it said")).to_be_visible()
    assert found + faults(page, "panel") == []


def test_why_one_is_left_alone_is_read_and_it_is_tried_by_keyboard(look: Look) -> None:
    page = look("/jobs")
    tried: list[str] = []
    given(page, tried)
    page.goto("/providers")
    page.get_by_role("button", name="OpenAI", exact=True).press("Enter")
    panel = page.get_by_role("dialog", name="OpenAI")
    expect(panel.get_by_text("Add credit or raise the limit")).to_be_visible()
    expect(panel.get_by_text("16 of 16 at the same time")).to_be_visible()
    expect(panel.get_by_text("20 of 21 in ten minutes, 2 more were put off")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        panel.get_by_role("button", name="Try now: OpenAI").press("Enter")
    assert tried == [f"{OPEN}/probe"]
    panel.get_by_role("link", name="12 runs wait").click()
    expect(page).to_have_url(re.compile(r"/jobs\?.*state=waiting"))


def test_an_operator_sets_what_a_provider_may_be_asked(look: Look) -> None:
    page = look("/jobs")
    rules: list[Any] = []
    given(page, rules=rules)
    page.goto(f"/providers?breaker={OPEN}")
    panel = page.get_by_role("dialog", name="OpenAI")
    expect(panel.get_by_role("button", name="Save")).to_be_disabled()
    expect(panel.get_by_role("textbox", name="Calls at the same time")).to_have_value("16")
    panel.get_by_role("textbox", name="Requests a minute").fill("60")
    panel.get_by_role("textbox", name="Calls at the same time").fill("")
    panel.get_by_role("textbox", name="Calls made again").fill("5")
    panel.get_by_role("textbox", name="Calls made again").press("Enter")
    expect(page.get_by_text("From now on this holds for OpenAI")).to_be_visible()
    assert rules == [("openai/rules", NOTHING | {"requests_a_minute": 60, "retry_share": 0.05})]
    expect(panel).to_be_hidden()
