"""Runs that do not get on, and one that is to run again: what an operator sees first, and what one question does."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LOOKS, Installation, Look, faults
from tests.browser.test_jobs import DEAD, with_dead_letters

STUCK: dict[str, Any] = {
    "run_id": DEAD["id"],
    "organization_id": "01a21506-746c-770f-a292-72dc66180300",
    "job": DEAD["job"],
    "title": "Read pages",
    "state": "running",
    "worker": "harbour-17",
    "silent_since": "2026-11-25T20:00:00Z",
    "action": "resume",
    "reason": "There has been no sign of life of it since 20:00:00 UTC: another worker goes on with it.",
    "done": False,
}


def with_stuck_runs(page: Page) -> list[str]:
    """Two runs do not get on until they are settled; what is asked of the server is kept."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        settles = "dry_run=false" in route.request.url
        asked.append("settle" if settles else "look")
        runs = [STUCK, STUCK | {"run_id": f"{DEAD['id'][:-1]}2", "action": "lose"}]
        runs = [run | {"done": settles} for run in runs] if settles or "settle" not in asked else []
        settled = len(runs) if settles else 0
        route.fulfill(json={"dry_run": not settles, "older_than_seconds": 300.0, "settled": settled, "runs": runs})

    page.route("**/api/admin/jobs/cleanup?**", answer)
    return asked


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_what_does_not_get_on_is_accessible_and_fits(
    look: Look, workspace: Installation, size: str, scheme: str
) -> None:
    page = look("/jobs", size, scheme)
    with_stuck_runs(page)
    page.goto("/jobs?stuck=1")
    expect(page.get_by_role("list", name="Stuck runs").get_by_role("listitem")).to_have_count(2)
    found = faults(page, "stuck runs")
    with_dead_letters(page)
    page.goto(f"/jobs?run={DEAD['id']}&again=1")
    expect(page.get_by_role("button", name="Run again").last).to_be_visible()
    assert found + faults(page, "the question whether to run again") == []


def test_an_operator_sees_what_a_cleanup_would_do_and_then_has_it_done(look: Look, workspace: Installation) -> None:
    page = look("/jobs")
    asked = with_stuck_runs(page)
    page.get_by_role("button", name="Clean up").press("Enter")
    panel = page.get_by_role("dialog", name="Runs that do not get on")
    expect(panel.get_by_text("another worker goes on with it").first).to_be_visible()
    assert "settle" not in asked
    panel.get_by_role("button", name="Settle 2 runs").press("Enter")
    expect(page.get_by_text("2 runs settled")).to_be_visible()
    expect(panel.get_by_text("Every run gets on")).to_be_visible()
    assert asked.count("settle") == 1


def test_run_again_in_a_notice_runs_again_after_one_question(look: Look, workspace: Installation) -> None:
    page = look("/jobs")
    with_dead_letters(page)
    replayed: list[str] = []

    def replay(route: Route) -> None:
        replayed.append(route.request.method)
        route.fulfill(json=DEAD | {"state": "queued"})

    page.route(f"**/api/runs/{DEAD['id']}/replay", replay)
    page.goto(f"/jobs?run={DEAD['id']}&again=1")
    question = page.get_by_role("dialog", name="Run “Read pages” again?")
    question.get_by_role("button", name="Leave it").click()
    expect(question).to_be_hidden()
    expect(page).not_to_have_url(re.compile("again"))
    assert replayed == []
    page.goto(f"/jobs?run={DEAD['id']}&again=1")
    question.get_by_role("button", name="Run again").press("Enter")
    expect(page.get_by_text("It goes on after the steps it had finished")).to_be_visible()
    expect(page).not_to_have_url(re.compile("again"))
    assert replayed == ["POST"]


def test_a_run_leads_to_all_lines_of_the_log_that_speak_of_it(look: Look, workspace: Installation) -> None:
    page = look("/jobs")
    with_dead_letters(page)
    page.goto(f"/jobs?run={DEAD['id']}")
    page.get_by_role("link", name="All lines of this run").click()
    expect(page).to_have_url(re.compile(rf"/logs\?.*run_id=.*{DEAD['id']}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Logs")
