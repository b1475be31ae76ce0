"""The screen of jobs: what was given up, what comes next, one thing done to many runs, and a log that is held still."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LOOKS, Installation, Look, faults

DEAD: dict[str, Any] = {
    "id": "01a21506-746c-770f-a292-72dc66180301",
    "job": "feeds.fetch_articles",
    "title": "Read pages",
    "queue": "fetch",
    "state": "dead",
    "reason": "The server did not answer in time.",
    "waiting_for": None,
    "outcome": None,
    "error": {"code": "timeout", "detail": "The server did not answer in time.", "error_class": "network"},
    "progress": {"done": 3, "total": 8, "text": "Fetching", "share": 0.4, "step": "fetch", "step_number": 1}
    | {"step_count": 2, "seconds_left": None},
    "parameters": {"url": "https://harbour-post.example/"},
    "created_at": "2026-11-25T20:00:00Z",
    "due_at": None,
    "started_at": "2026-11-25T20:00:01Z",
    "finished_at": "2026-11-25T20:02:00Z",
    "timeout_seconds": 1800,
    "soft_timeout_seconds": 1500,
    "timeout_from": "job",
    "worker": "harbour-17",
    "beat_at": None,
    "requested_by": None,
    "schedule_id": None,
    "parent_id": None,
    "attempts": 3,
    "interruptions": 0,
    "cancel_requested_at": None,
    "cancel_requested_by": None,
    "pause_requested_at": None,
    "pause_requested_by": None,
    "can_cancel": False,
    "can_pause": False,
    "can_resume": False,
    "can_replay": True,
}
GROUP = {
    "error_class": "network",
    "error_code": "timeout",
    "job": DEAD["job"],
    "title": DEAD["title"],
    "count": 2,
    "first_at": "2026-11-25T18:00:00Z",
    "last_at": "2026-11-25T20:02:00Z",
}
LOG: list[dict[str, Any]] = [
    {"seq": number, "at": "2026-11-25T20:00:01Z", "level": level, "text": f"line {number}", "facts": {}}
    for number, level in enumerate(["info"] * 60 + ["error"] + ["info"] * 60)
]


def with_dead_letters(page: Page) -> list[Any]:
    """Two runs were given up; what is asked of the server is kept."""
    asked: list[Any] = []

    def answer(body: Any) -> Callable[[Route], None]:
        def fulfil(route: Route) -> None:
            route.fulfill(json=body)

        return fulfil

    def replay(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "{}"))
        body = {"run": DEAD | {"state": "queued"}, "matched": 2, "more": False, "undo": None, "undo_seconds": 0}
        route.fulfill(status=202, json=body)

    page.route("**/api/dead-letters/groups", answer([GROUP]))
    page.route(
        re.compile(r"/api/dead-letters(\?.*)?$"),
        answer({"items": [DEAD, DEAD | {"id": f"{DEAD['id'][:-1]}2"}], "next": None}),
    )
    page.route("**/api/dead-letters/replay", replay)
    page.route(f"**/api/runs/{DEAD['id']}", answer(DEAD))
    page.route(f"**/api/runs/{DEAD['id']}/log?**", answer({"items": LOG, "last": 120, "more": False, "over": True}))
    return asked


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_what_was_given_up_and_what_comes_next_is_accessible_and_fits(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/jobs", size, scheme)
    with_dead_letters(page)
    found: list[str] = []
    for tab, shown in (
        ("dead", page.get_by_role("list", name="Given up runs by cause")),
        ("calendar", page.get_by_text("Times in")),
    ):
        page.goto(f"/jobs?tab={tab}")
        expect(shown).to_be_visible()
        found += faults(page, tab)
    page.goto(f"/jobs?tab=dead&run={DEAD['id']}")
    expect(page.get_by_role("button", name="Go to the error")).to_be_visible()
    found += faults(page, "a run that was given up")
    page.goto("/jobs?tab=schedules&schedule=new")
    page.get_by_text("When it does not go by the clock").click()
    expect(page.get_by_role("combobox", name="Its last run is not over")).to_be_visible()
    found += faults(page, "policies of a schedule")
    assert found == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_small_runs_that_went_well_are_shown_to_who_asks_for_them(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/jobs", size, scheme)
    switch = page.get_by_role("switch", name="Small runs that went well")
    with page.expect_request(lambda sent: "/api/runs?" in sent.url and "small=false" in sent.url):
        page.goto("/jobs?tab=runs")
    expect(switch).not_to_be_checked()
    assert faults(page, "runs without the small ones") == []
    with page.expect_request(lambda sent: "/api/runs?" in sent.url and "small=true" in sent.url):
        switch.click()
    expect(switch).to_be_checked()


def test_a_cause_is_replayed_as_a_whole_by_keyboard(look: Look, workspace: Installation) -> None:
    page = look("/jobs")
    asked = with_dead_letters(page)
    page.goto("/jobs?tab=dead")
    page.get_by_role("button", name="Replay all 2").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Replaying 2 runs")).to_be_visible()
    assert asked == [{"error_class": "network", "error_code": "timeout", "job": ["feeds.fetch_articles"]}]


def test_a_log_goes_to_its_error_and_can_be_taken_away(look: Look, workspace: Installation) -> None:
    page = look("/jobs")
    with_dead_letters(page)
    page.goto(f"/jobs?tab=dead&run={DEAD['id']}")
    page.get_by_role("button", name="Go to the error").click()
    expect(page.get_by_text("line 60", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("link", name="Download")).to_have_attribute("href", f"/api/runs/{DEAD['id']}/log.txt")


def test_all_that_match_are_paused_after_a_question_and_put_back(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    for _ in range(2):
        new = {"job": "reports.make", "due_at": (datetime.now(UTC) + timedelta(days=30)).isoformat()}
        client.post("/api/runs", json=new).raise_for_status()
    page = look("/jobs?state=scheduled")
    page.get_by_role("button", name="All that match").click()
    page.get_by_role("menuitem", name="Pause", exact=True).click()
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("Pausing 2 runs")).to_be_visible()
    expect(page.get_by_text("No run is like that")).to_be_visible(timeout=60_000)
    with page.expect_response(lambda answer: answer.url.endswith("/undo") and answer.request.method == "POST"):
        page.get_by_role("button", name="Undo").click()
    page.goto("/jobs?state=paused")
    expect(page.get_by_text("No run is like that")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_is_below_the_next_runs_stays_where_it_is_when_they_come(look: Look, size: str) -> None:
    page = look("/jobs", size, "light")
    held: list[Route] = []
    page.route("**/api/schedules/preview*", lambda route: held.append(route))  # noqa: PLW0108  (a method of a list cannot be marked)
    page.goto("/jobs?tab=schedules&schedule=new")
    below = page.get_by_text("When it does not go by the clock")
    awaited = page.get_by_role("region", name="Next runs")
    expect(awaited).to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(500)  # The panel has come in.
    before = below.bounding_box()
    for route in held:
        route.continue_()
    expect(awaited.get_by_role("listitem")).to_have_count(10)
    assert below.bounding_box() == before
