"""Whether what comes late moves what is there: every answer of the server is held back a little, each for its own while."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypedDict
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, Request

from tests.browser.conftest import until

HELD_BACK = """() => {
    if (window !== top) return;
    const watch = (window.watch = { awaited: 0, still: 0, stand: 0, moved: [] });
    const real = window.fetch;
    window.fetch = async (asked, how) => {
        const { pathname } = new URL(asked.url ?? asked, location.href);
        if (!pathname.startsWith("/api/")) return real(asked, how);
        watch.awaited += 1;
        try {
            const letters = [...pathname].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
            await new Promise((go) => setTimeout(go, 60 + (letters % 5) * 60));
            return await real(asked, how);
        } finally {
            watch.awaited -= 1;
            watch.still = 0;
        }
    };
    const STANDS = 4;
    const known = new Map();
    const far = (was, left, top) => Math.abs(was.left - left) > 3 || Math.abs(was.top - top) > 3;
    const nameOf = (one) =>
        `${one.role ?? one.localName} ${one.ariaLabel ?? one.innerText ?? ""}`.replace(/\\s+/g, " ").trim().slice(0, 60);
    const look = () => {
        watch.still += 1;
        const where = document.querySelector("[role=dialog]") ?? document.querySelector("main");
        // A panel comes from the side, as a whole.
        const from = where?.getBoundingClientRect();
        watch.stand = 0;
        for (const one of where?.querySelectorAll("button, a[href], input, textarea, [role=tab], [data-row]") ?? []) {
            const { x, y, width, height } = one.getBoundingClientRect();
            if (!width || !height) continue;
            const [left, top] = [x - from.x, y - from.y];
            const was = known.get(one);
            if (!was || far(was, left, top)) {
                known.set(one, { left, top, frames: 0, stood: was?.stood });
                watch.still = 0;
            } else if (++was.frames === STANDS) {
                const { stood } = was;
                if (stood && far(stood, left, top))
                    watch.moved.push(`${nameOf(one)}: ${Math.round(left - stood.left)}, ${Math.round(top - stood.top)}`);
                was.stood = { left, top };
            }
            if (was?.stood) watch.stand += 1;
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
AT_REST = """(opensPanel) => new Promise((done) => {
    let frames = 0;
    watch.still = 0;
    const look = () => {
        const problem = document.querySelector("[role=alert]:has([data-tone=bad])")?.innerText;
        const missing = document.title.startsWith("Not found") ? document.title : undefined;
        const waitsFor = [
            ...(watch.awaited ? [`${watch.awaited} answers`] : []),
            ...[...document.querySelectorAll("[role=status][aria-label^=Loading]")].map((one) => one.ariaLabel),
            ...(opensPanel && !document.querySelector("[role=dialog]") ? ["its panel"] : []),
            ...(watch.stand ? [] : ["something to click"]),
            ...(watch.still > 15 ? [] : ["what still moves"]),
        ];
        if (waitsFor.length && ++frames <= 1200) return requestAnimationFrame(look);
        done({ problem: problem ?? missing ?? "", waitsFor, stand: watch.stand, moved: watch.moved });
    };
    look();
})"""
"""A quarter of a second after the last, and not before there is something to click; what never rests is told after twenty."""
MOST_LOOKS = 80
"""As long, by then, as the longest look."""
BESIDE_NO_LIST = {"range", "tab", "step", "by", "view"}
"""What an address may say without opening a panel."""


def await_rest(client: httpx.Client) -> None:
    """Wait until nothing is at work in the organization. What is paused, or to begin at another hour, moves nothing."""

    def at_work() -> bool:
        runs = client.get("/api/runs", params={"active": True}).raise_for_status().json()["items"]
        return any(run["state"] in {"queued", "running"} for run in runs)

    until(lambda: not at_work(), "nothing is at work")


def moved(page: Page, path: str) -> list[str]:
    """What somebody could have been about to click, and what stood elsewhere when all had come; and what never came.

    Raises AssertionError where there is no such page, or nothing on it that could have moved.
    """
    opens_panel = bool(parse_qs(urlsplit(path).query).keys() - BESIDE_NO_LIST)
    with _parts_of(page) as parts:
        page.goto(path)
        page.locator("main").wait_for()
        seen = _look(page, parts, opens_panel)
    assert not seen["problem"], f"{path} shows a problem: {seen['problem']}"
    assert seen["stand"], f"{path} shows nothing that can be clicked, and waits for {seen['waitsFor']}"
    restless = [f"never rests, waits for {one}" for one in seen["waitsFor"]]
    return [f"{path}: {one}" for one in [*seen["moved"], *restless]]


@dataclass
class _Parts:
    """The parts of the program, scripts and styles: those on their way, and how many have come."""

    coming: set[Request] = field(default_factory=set[Request])
    come: int = 0

    def start(self, request: Request) -> None:
        if request.resource_type in {"script", "stylesheet"}:
            self.coming.add(request)

    def end(self, request: Request) -> None:
        if request in self.coming:
            self.coming.remove(request)
            self.come += 1


@contextmanager
def _parts_of(page: Page) -> Generator[_Parts]:
    parts = _Parts()
    page.on("request", parts.start)
    page.on("requestfinished", parts.end)
    page.on("requestfailed", parts.end)
    yield parts
    page.remove_listener("request", parts.start)
    page.remove_listener("requestfinished", parts.end)
    page.remove_listener("requestfailed", parts.end)


class _Seen(TypedDict):
    problem: str
    waitsFor: list[str]
    stand: int
    moved: list[str]


def _look(page: Page, parts: _Parts, opens_panel: bool) -> _Seen:
    """Once more after each part that came: nothing in the page says that it is on its way."""
    looks = 0
    while True:
        looks += 1
        before = parts.come
        seen: _Seen = page.evaluate(AT_REST, opens_panel)
        if seen["waitsFor"] or not (parts.coming or parts.come > before):
            return seen
        if looks == MOST_LOOKS:
            return {**seen, "waitsFor": [request.url for request in parts.coming] or ["ever more parts"]}


def hold_back(page: Page) -> Page:
    """Lets every page that is opened from now on wait for its answers."""
    page.add_init_script(f"({HELD_BACK})()")
    # “A few seconds ago” becomes “a minute ago” meanwhile, and makes its column wider.
    page.clock.set_fixed_time(datetime.now(UTC))
    return page
