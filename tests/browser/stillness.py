"""Whether what comes late moves what is there: every answer of the server is held back a little, each for its own while."""

from datetime import UTC, datetime

import httpx
from playwright.sync_api import Page

from tests.browser.conftest import until

HELD_BACK = """() => {
    if (window !== top) return;
    const watch = (window.watch = { awaited: 0, still: 0, moved: [] });
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
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
AT_REST = """() => new Promise((done) => {
    let frames = 0;
    const look = () =>
        (watch.awaited === 0 && watch.still > 15) || ++frames > 1200 ? done(watch.moved) : requestAnimationFrame(look);
    look();
})"""
"""A quarter of a second after the last; what never rests is told after twenty."""


def await_rest(client: httpx.Client) -> None:
    """Wait until nothing is at work in the organization. What is paused, or to begin at another hour, moves nothing."""

    def at_work() -> bool:
        runs = client.get("/api/runs", params={"active": True}).raise_for_status().json()["items"]
        return any(run["state"] in {"queued", "running"} for run in runs)

    until(lambda: not at_work(), "nothing is at work")


def moved(page: Page, path: str) -> list[str]:
    """What somebody could have been about to click, and what stood elsewhere when all had come."""
    page.goto(path)
    page.locator("main").wait_for()
    return [f"{path}: {one}" for one in page.evaluate(AT_REST)]


def hold_back(page: Page) -> Page:
    """Lets every page that is opened from now on wait for its answers."""
    page.add_init_script(f"({HELD_BACK})()")
    # “A few seconds ago” becomes “a minute ago” meanwhile, and makes its column wider.
    page.clock.set_fixed_time(datetime.now(UTC))
    return page
