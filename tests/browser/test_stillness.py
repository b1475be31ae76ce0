"""What comes late moves nothing that somebody is about to click."""

from collections.abc import Generator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Installation, Look, until
from tests.browser.stillness import await_rest, hold_back, moved
from tests.browser.test_providers import OPEN, given

PLACES = [
    "/stories?range=all",
    "/feeds",
    "/brands",
    "/brands?brand=new",
    "/discovery",
    "/alerts?alert=new",
    "/topics",
    "/jobs?tab=schedules",
    "/jobs?run=new",
    "/reports",
    "/reports?report=new",
    "/reports?tab=templates",
    "/reports?tab=schedules&schedule=new",
    "/settings",
    "/settings?tab=members",
    "/settings?tab=models",
    "/settings?tab=notifications",
    "/providers",
    f"/providers?breaker={OPEN}",
    "/welcome?step=feeds",
    "/welcome?step=scan",
]


@pytest.fixture
def opened(workspace: Installation) -> Generator[list[str]]:
    """What is opened with all that may be in it: a story with a topic and a second opinion, an alert, a sending."""
    client = workspace.client()
    brand = client.get("/api/brands").json()["items"][0]["id"]
    report = client.get("/api/reports").json()["items"][0]["id"]
    story = client.get("/api/stories", params={"limit": 1}).json()["items"][0]
    mention = f"/api/mentions/{story['mentions'][0]['id']}"
    new = {"title": f"Batteries {uuid4()}", "line": "how long the battery of a bicycle lasts"}
    topic = client.post("/api/topics", json=new).raise_for_status().json()["id"]
    client.put(f"{mention}/topics/{topic}", json={"verdict": "yes"}).raise_for_status()
    client.post(f"{mention}/opinion").raise_for_status()
    until(lambda: client.get(f"/api/stories/{story['id']}/opinions").json(), "there is a second opinion")
    alert = client.post("/api/alerts", json={"brand_id": brand}).raise_for_status().json()["id"]
    sending = {"title": "Weekly", "brand_ids": [brand], "recipients": [{"email": "board@client.example", "name": ""}]}
    schedule = client.post("/api/reports/schedules", json=sending).raise_for_status().json()["id"]
    member = _member(workspace)
    await_rest(client)
    tabs = ("profile", "voice", "tone", "people", "trust", "ads")
    yield [
        *(f"/brands?brand={brand}&tab={tab}" for tab in tabs),
        f"/stories?range=all&story={story['id']}",
        f"/reports/{report}",
        f"/alerts?alert={alert}",
        f"/topics?topic={topic}",
        f"/reports?tab=schedules&schedule={schedule}",
    ]
    client.delete(f"/api/members/{member}").raise_for_status()
    client.delete(f"/api/reports/schedules/{schedule}").raise_for_status()
    client.delete(f"/api/alerts/{alert}").raise_for_status()
    client.delete(f"{mention}/topics/{topic}").raise_for_status()
    client.put(f"/api/topics/{topic}/archive").raise_for_status()


def _member(workspace: Installation) -> str:
    client = workspace.client()
    email = f"{uuid4().hex}@acme.example"
    asked = client.post("/api/invitations", json={"email": email, "role": "analyst"}).raise_for_status().json()
    token = asked["link"].rsplit("/", 1)[-1]
    with httpx.Client(base_url=workspace.url) as other:
        answer = {"name": "Bo", "password": "correct horse battery"}
        other.post(f"/api/invitations/by-token/{token}/acceptance", json=answer).raise_for_status()
    return next(one["id"] for one in client.get("/api/members").json() if one["email"] == email)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_comes_late_moves_nothing_that_can_be_clicked(look: Look, opened: list[str], size: str) -> None:
    page = hold_back(look("/welcome", size))
    # Nothing outside is called here: the page of it would be empty, and could move nothing.
    given(page)
    found: list[str] = []
    for path in [*PLACES, *opened]:
        found += moved(page, path)
    assert found == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_counts_that_come_move_no_tab(look: Look, workspace: Installation, size: str) -> None:
    page = look("/welcome", size)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/api/stories/counts", hold)
    page.goto("/stories?range=all")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(5)
    page.locator("[data-row]").first.wait_for()
    before = [tab.bounding_box() for tab in tabs.all()]
    views = ("inbox", "doubtful", "starred", "archived", "rejected", "otherwise")
    for route in asked:
        route.fulfill(json=dict.fromkeys(views, 9_999))
    expect(tabs.last).to_contain_text("9,999")
    assert [tab.bounding_box() for tab in tabs.all()] == before
