"""What comes late moves nothing that somebody is about to click."""

import pytest

from tests.browser.conftest import Installation, Look
from tests.browser.stillness import await_rest, hold_back, moved

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
]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_comes_late_moves_nothing_that_can_be_clicked(look: Look, workspace: Installation, size: str) -> None:
    client = workspace.client()
    await_rest(client)
    brand = client.get("/api/brands").json()["items"][0]["id"]
    story = client.get("/api/stories", params={"limit": 1}).json()["items"][0]["id"]
    report = client.get("/api/reports").json()["items"][0]["id"]
    own = [f"/brands?brand={brand}&tab={tab}" for tab in ("profile", "voice", "tone", "people", "trust", "ads")]
    page = hold_back(look("/welcome", size))
    found: list[str] = []
    for path in [*PLACES, *own, f"/stories?range=all&story={story}", f"/reports/{report}"]:
        found += moved(page, path)
    assert found == []
