"""Every route of the product, each tab of it, from a phone to a desktop: accessible, not too wide, without complaints."""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Installation, Look, settled, violations

pytestmark = pytest.mark.slow

ROUTES = Path(__file__).parents[2] / "ui/src/routes"
TABS = {
    "/": [],
    "/ad-accounts": ["?view=compare", "?view=moved"],
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
    "/settings": [f"?tab={tab}" for tab in ("account", "members", "notifications", "models", "keys", "audit")],
    "/stories": ["?range=all", "?view=doubtful", "?view=rejected", "?deeds=true"],
    "/topics": ["?topic=new"],
    "/welcome": [f"?step={step}" for step in ("feeds", "scan", "teach", "report")],
    "/invitation/$token": [],
    "/no-organization": [],
    "/reset/$token": [],
    "/setup": [],
    "/sign-in": [],
}
WIDTHS = (390, 820, 1440)
# Asked of axe without another load: in the dark on a phone, in the light on a desktop.
SCHEMES: dict[int, Literal["dark", "light"]] = {390: "dark", 1440: "light"}
# A word of a button or of a badge of which a part is not seen, without the three dots that say so.
CUT = """async () => {
    const cut = () => [...document.querySelectorAll('.mantine-Button-label, .mantine-Badge-label, [role=tab], h1')]
        .filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)
    for (let frames = 0; cut().length && frames < 60; frames += 1) await new Promise(requestAnimationFrame)
    return cut().map((e) => `cut: ${e.textContent}`)
}"""
# What moves after the window has changed gets a moment to come to rest.
OUTSIDE = """() => [...document.querySelectorAll('main *')]
    .filter((e) => e.children.length === 0 && e.textContent.trim() && e.getClientRects().length
        && e.getBoundingClientRect().right > innerWidth + 1)
    .filter((e) => !e.closest('[tabindex="0"], [role=tablist], pre, .mantine-Tabs-list, .mantine-VisuallyHidden-root'))
    .map((e) => e.textContent)"""
WIDE = """async () => {
    const wide = () => document.documentElement.scrollWidth > innerWidth
    for (let frames = 0; wide() && frames < 60; frames += 1) await new Promise(requestAnimationFrame)
    return wide()
}"""
# Rows out of sight would begin to change their colours only when axe looks at them.
PAINTED = """async (scheme) => {
    const still = new CSSStyleSheet()
    still.replaceSync('* { transition: none !important }')
    document.adoptedStyleSheets = [still]
    while (document.documentElement.dataset.mantineColorScheme !== scheme) await new Promise(requestAnimationFrame)
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame)
}"""
# What somebody may be called, and what feeds give for a title.
LONG = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "https://www.publisher-with-a-long-name.example/2026/11/27/" + "recalls-3100-batteries-after-fire-" * 3,
    "Nobody may ride an e-bike on the promenade between six and nine, because too many had complained of the speed. "
    * 3,
    "شركة الدراجات الكهربائية المتحدة للنقل الحضري المستدام",
    "中国电动自行车股份有限公司华东地区销售与服务总部",
)
NAMED = re.compile(r'("(?:title|name|outlet|site|description|user_name|email|author|account)":\s*)"(?:[^"\\]|\\.)+"')
FOR_LONG_NAMES = (
    *("/stories?range=all", "/feeds", "/brands", "/topics", "/discovery", "/alerts", "/reports", "/reports/$reportId"),
    *("/jobs", "/notifications", "/settings?tab=members", "/settings?tab=audit"),
)
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


def test_every_route_is_accessible_and_fits_its_window_with_whole_words(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    report = client.get("/api/reports").json()["items"][0]["id"]
    article = client.get("/api/stories").json()["items"][0]["mentions"][0]["article_id"]
    page = look("/")
    # Where mail can be sent, buttons say more.
    mail = client.get("/api/notifications/mail").json()
    page.route("**/api/notifications/mail", lambda route: route.fulfill(json={**mail, "configured": True}))
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
                if scheme := SCHEMES.get(width):
                    page.emulate_media(color_scheme=scheme)
                    page.evaluate(PAINTED, scheme)
                    faults += violations(page)
                found += [f"{path}{search} at {width}: {fault}" for fault in faults]
    assert found == []


def _renamed(answer: str, names: Iterator[str]) -> str:
    """What the server answered, with every name in it a long one."""
    return NAMED.sub(lambda found: f"{found[1]}{json.dumps(next(names))}", answer)


def test_long_names_and_addresses_break_before_they_leave_their_place(look: Look, workspace: Installation) -> None:
    report = workspace.client().get("/api/reports").json()["items"][0]["id"]
    page = look("/", "phone")
    # No two are the same: some are what a list tells its rows apart by.
    names = (f"{name} {number}" for number, name in enumerate(cycle(LONG)))

    def rename(route: Route) -> None:
        answer = route.fetch()
        if "json" in answer.headers.get("content-type", ""):
            route.fulfill(response=answer, body=_renamed(answer.text(), names))
        else:
            route.fulfill(response=answer)

    page.route(re.compile(r"/api/(?!session|live|events|openapi)"), rename)
    found: list[str] = []
    for path in FOR_LONG_NAMES:
        page.goto(path.replace("$reportId", report))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settled(page)
        found += [f"{path}: wider than the window"] * page.evaluate(WIDE)
        found += [f"{path}: {words[:90]}" for words in page.evaluate(OUTSIDE)]
    page.unroute_all(behavior="ignoreErrors")
    assert found == []


def test_an_address_with_a_tab_that_is_none_opens_the_first_one(look: Look, workspace: Installation) -> None:
    page = look("/")
    for path, tab in STATES_OF_NOTHING.items():
        page.goto(path)
        expect(page.get_by_role("tab", selected=True)).to_contain_text(tab, ignore_case=True)
    page.goto("/welcome?step=nonsense")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which brand or client?")
