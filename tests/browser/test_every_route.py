"""Every route of the product, each tab of it, from a phone to a desktop: nothing is wider than its place, nothing complains."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Installation, Look, settled

ROUTES = Path(__file__).parents[2] / "ui/src/routes"
TABS = {
    "/": [],
    "/ad-accounts": [],
    "/ad-accounts/connecting": ["?state=nothing"],
    "/admin": [
        f"?tab={tab}"
        for tab in (
            *("health", "workers", "queues", "organizations", "feeds", "database"),
            *("slow", "errors", "metrics", "alerts", "quality", "doctor"),
        )
    ],
    "/ads": ["?by=page"],
    "/alerts": ["?alert=new"],
    "/articles/$articleId": [],
    "/brands": ["?brand=new"],
    "/discovery": ["?state=ignored"],
    "/feeds": ["?tab=health", "?tab=packs", "?feed=new"],
    "/jobs": ["?tab=dead", "?tab=schedules", "?tab=calendar", "?run=new"],
    "/logs": ["?span=1d"],
    "/notifications": [],
    "/providers": [],
    "/reports": ["?tab=schedules", "?tab=sent", "?tab=templates", "?report=new"],
    "/reports/$reportId": [],
    "/settings": [f"?tab={tab}" for tab in ("members", "notifications", "models", "keys", "audit")],
    "/stories": ["?range=all", "?view=doubtful", "?view=rejected", "?deeds=true"],
    "/topics": ["?topic=new"],
    "/welcome": [f"?step={step}" for step in ("feeds", "scan", "teach", "report")],
    "/invitation/$token": [],
    "/setup": [],
    "/sign-in": [],
}
WIDTHS = (390, 820, 1440)
# A word of a button or of a badge of which a part is not seen, without the three dots that say so.
CUT = """() => [...document.querySelectorAll('.mantine-Button-label, .mantine-Badge-label, [role=tab], h1')]
    .filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)
    .map((e) => `cut: ${e.textContent}`)"""
# What moves after the window has changed gets a moment to come to rest.
WIDE = """async () => {
    const wide = () => document.documentElement.scrollWidth > innerWidth
    for (let frames = 0; wide() && frames < 60; frames += 1) await new Promise(requestAnimationFrame)
    return wide()
}"""
STATES_OF_NOTHING = {
    "/stories?view=nonsense": "Inbox",
    "/jobs?tab=nonsense": "Runs",
    "/discovery?state=nonsense": "To decide",
    "/reports?tab=health": "Reports",
    "/settings?tab=nonsense": "Organization",
}


def _address(file: Path) -> str:
    """`_app.reports.$reportId.tsx` → `/reports/$reportId`"""
    parts = [part for part in file.stem.split(".") if part not in ("_app", "index")]
    return "/" + "/".join(parts)


def test_every_route_is_walked() -> None:
    files = [file for file in ROUTES.glob("*.tsx") if file.stem not in ("_app", "__root")]
    assert {_address(file) for file in files} == set(TABS)


def test_no_route_is_wider_than_its_window_or_cuts_its_words(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    report = client.get("/api/reports").json()["items"][0]["id"]
    article = client.get("/api/stories").json()["items"][0]["mentions"][0]["article_id"]
    page = look("/")
    found: list[str] = []
    for route, tabs in TABS.items():
        path = route.replace("$reportId", report).replace("$articleId", article).replace("$token", "nothing")
        for search in ("", *tabs):
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.goto(f"{path}{search}")
            expect(page.locator("h1").first).to_be_attached()
            settled(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                faults = ["wider than the window"] * page.evaluate(WIDE) + page.evaluate(CUT)
                found += [f"{path}{search} at {width}: {fault}" for fault in faults]
    assert found == []


def test_an_address_with_a_tab_that_is_none_opens_the_first_one(look: Look, workspace: Installation) -> None:
    page = look("/")
    for path, tab in STATES_OF_NOTHING.items():
        page.goto(path)
        expect(page.get_by_role("tab", selected=True)).to_contain_text(tab, ignore_case=True)
    page.goto("/welcome?step=nonsense")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which brand or client?")
