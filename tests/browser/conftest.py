"""The whole product on a free port, with the made-up publishers to read, and a browser that looks at it."""

import asyncio
import fcntl
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright
from sqlalchemy import delete

from brandhound.ads.models import AdAccount
from brandhound.core.db import close_engines, tenant_session
from brandhound.twins.meta import APP_ID, APP_SECRET, serve_meta
from brandhound.twins.news import serve
from brandhound.twins.news.telling import demo_library
from tests.databases import TestDatabase, pointing_at
from tests.ports import free_port

# The same browser without the parts that nobody sees takes a quarter less of the processor.
CHROMIUM = (
    os.environ.get("BRANDHOUND_TEST_CHROMIUM") or which("chromium-headless-shell") or which("chromium") or "chromium"
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[2] / "ui/node_modules/axe-core/axe.min.js"
# What axe tells beyond that would travel through three processes, and so would axe itself as the value of an expression.
ASK_AXE = """async (options) => {
    const { violations } = await axe.run(document, options)
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)
}"""
LOOKS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]
SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
EMAIL = "ada@northwind.example"
PASSWORD = "correct horse battery"
ORGANIZATION = "Northwind"
PATIENT = 60_000
"""Milliseconds that a page gets for what takes a moment: ours is not the only work on the machine."""
OUTLETS = ("harbour-post", "pedal-week", "metro-ledger")


@dataclass(frozen=True)
class Installation:
    """A running installation with its administrator."""

    url: str
    publishers: str
    organization: str

    @cache  # noqa: B019
    def client(self) -> httpx.Client:
        """The administrator in the organization of this test process, speaking HTTP."""
        client = self.sign_in()
        session = client.get("/api/session").raise_for_status().json()
        home = next(one["id"] for one in session["organizations"] if one["name"] == self.organization)
        client.put("/api/session/organization", json={"organization_id": home}).raise_for_status()
        return client

    def sign_in(self) -> httpx.Client:
        """The administrator in a session of their own."""
        client = httpx.Client(base_url=self.url, headers={"origin": self.url}, timeout=120)
        client.post("/api/session", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
        return client


@pytest.fixture(scope="session")
def shared(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run see."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def installation(request: pytest.FixtureRequest, shared: Path, worker_id: str) -> Generator[Installation]:
    """The installation that all test processes share; each has an organization of its own in it."""
    with ExitStack() as running:
        with _state(shared) as state:
            if started := not state:
                database: TestDatabase = request.getfixturevalue("database")
                url, publishers = running.enter_context(_processes(database, shared))
                state |= {"url": url, "publishers": publishers, "users": 0}
                state |= {"database": database.url, "data_dir": str(database.data_dir)}
            else:
                # What a test puts into the database by itself goes where the installation looks.
                running.enter_context(pointing_at(TestDatabase(state["database"], Path(state["data_dir"]))))
            state["users"] += 1
            found = Installation(state["url"], state["publishers"], f"{ORGANIZATION} {worker_id}")
        new = {"name": found.organization, "time_zone": "Europe/Berlin"}
        found.sign_in().post("/api/organizations", json=new).raise_for_status()
        yield found
        with _state(shared) as state:
            state["users"] -= 1
        if started:
            until(lambda: _forgotten(shared), "the other test processes are done", 900)


@contextmanager
def _state(shared: Path) -> Generator[dict[str, Any]]:
    """What the test processes know of the installation, for one of them at a time."""
    with (shared / "installation.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        yield state
        file.truncate(0)
        file.write(json.dumps(state))


def _forgotten(shared: Path) -> bool:
    """Nobody uses it any more, and whoever comes now starts another one."""
    with _state(shared) as state:
        if state["users"] > 0:
            return False
        state.clear()
        return True


@contextmanager
def _processes(database: TestDatabase, logs: Path) -> Generator[tuple[str, str]]:
    """Publishers and a Meta on loopback, web server and worker as processes of their own, as in life; their addresses."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database.url,
        "BRANDHOUND_DATA_DIR": str(database.data_dir),
        "BRANDHOUND_PORT": str(port),
        "BRANDHOUND_LOG_LEVEL": "info",
    }
    command = [sys.executable, "-m", "brandhound.app.cli"]
    # Whoever kills the tests leaves nothing behind that serves on.
    own = ["--supervised", str(os.getpid())]
    said = logs / "processes.log"
    with serve(demo_library()) as publishers, serve_meta() as meta, said.open("wb") as log:
        environment |= {
            "BRANDHOUND_META_APP_ID": APP_ID,
            "BRANDHOUND_META_APP_SECRET": APP_SECRET,
            "BRANDHOUND_META_GRAPH_URL": meta.url,
            "BRANDHOUND_META_DIALOG_URL": meta.url,
        }
        processes = [
            subprocess.Popen([*command, part, *own], env=environment, stdout=log, stderr=log)
            for part in ("web", "worker")
        ]
        try:
            link = subprocess.run([*command, "setup-link"], env=environment, check=True, capture_output=True, text=True)
            token = re.search(r"token=(\S+)", link.stdout)
            assert token, link.stdout
            url = f"http://127.0.0.1:{port}"

            def answers() -> bool:
                assert all(process.poll() is None for process in processes), said.read_text()
                return httpx.get(f"{url}/api/health").is_success

            until(answers, "the web server answers")
            administrator = {
                "token": token.group(1),
                "email": EMAIL,
                "name": "Ada",
                "password": PASSWORD,
                "organization_name": ORGANIZATION,
                "time_zone": "Europe/Berlin",
            }
            httpx.post(f"{url}/api/setup", json=administrator, headers={"origin": url}).raise_for_status()
            yield url, publishers.url
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(60)


@pytest.fixture(scope="module")
def home(installation: Installation) -> UUID:
    """The organization of this test process, without the ad accounts that other files left in it."""
    session = installation.client().get("/api/session").raise_for_status().json()
    owner = UUID(next(one["id"] for one in session["organizations"] if one["name"] == installation.organization))

    async def forget() -> None:
        async with tenant_session(owner) as db:
            await db.execute(delete(AdAccount))
        await close_engines()

    # Playwright has an event loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, forget()).result()
    return owner


@pytest.fixture(scope="session")
def workspace(installation: Installation, shared: Path) -> Installation:
    """The organization of this test process with brands, feeds, stories, a schedule and a report."""
    client = installation.client()
    context = ["e-bike", "bicycle", "battery", "dealer", "bike"]
    tallow = {"name": "Tallow", "kind": "own", "category": "E-bikes", "context_words": context}
    for brand in (tallow, {"name": "Veloray", "kind": "competitor"}):
        client.post("/api/brands", json=brand).raise_for_status()
    # One after the other: who follows a feed while another organization's check of it runs would go on before it ends.
    with (shared / "following.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for outlet in OUTLETS:
            feed = {"url": f"{installation.publishers}/{outlet}/feed"}
            client.post("/api/feeds", json=feed).raise_for_status()
        until(
            lambda: (
                client.get("/api/stories", params={"limit": 5}).json()["items"]
                and not client.get("/api/runs", params={"active": True}).json()["items"]
            ),
            "stories are found",
        )
    now = datetime.now(UTC)
    # At an hour that does not come while we look.
    client.post(
        "/api/schedules", json={"job": "reports.make", "cron": f"0 {(now.hour + 12) % 24} * * 1-5"}
    ).raise_for_status()
    span = {"since_on": str(now.date() - timedelta(days=300)), "until_on": str(now.date())}
    client.post("/api/reports", json=span).raise_for_status()
    client.post("/api/keys", json={"name": "Dashboard"}).raise_for_status()
    return installation


def until(true: Callable[[], Any], what: str, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < end, f"waited {seconds} s until {what}"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    expect.set_options(timeout=PATIENT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, installation: Installation) -> StorageState:
    """What a browser keeps of somebody who is signed in."""
    cookies = [
        {"name": name, "value": value, "url": installation.url} for name, value in installation.client().cookies.items()
    ]
    context = browser.new_context()
    context.add_cookies(cookies)  # pyright: ignore[reportArgumentType]
    state = context.storage_state()
    context.close()
    return state


Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, installation: Installation, signed_in: StorageState) -> Generator[Look]:
    """Opens pages: `look("/stories", "phone", "dark")`. No page may complain in its console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str, size: str = "desktop", scheme: Any = "light", *, anonymous: bool = False) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=installation.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            timezone_id="Europe/Berlin",
            storage_state=None if anonymous else signed_in,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENT)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A refused request is shown to the person; the browser mentions it in the console of its own accord.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


@pytest.fixture
def newcomer(installation: Installation) -> str:
    """A fresh organization without brands or feeds; its identifier."""
    new = {"name": f"Fresh {uuid4().hex[:6]}", "time_zone": "Europe/Berlin"}
    return str(installation.sign_in().post("/api/organizations", json=new).raise_for_status().json()["id"])


def settled(page: Page) -> None:
    expect(page.locator("[role=status][aria-label^=Loading]")).to_have_count(0)


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it is now."""
    settled(page)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{name}: {fault}" for fault in violations(page) + ["wider than the window"] * bool(wide)]


def violations(page: Page, *unasked: str) -> list[str]:
    """What axe finds on the page as it is now (WCAG 2.2 AA and its good practice), by all its rules but the unasked."""
    # Evaluated and not added as a script: the page's content security policy lets no stranger in.
    if not page.evaluate("'axe' in window"):
        page.evaluate("(source) => void (0, eval)(source)", _axe())
    rules = {rule: {"enabled": False} for rule in unasked}
    return page.evaluate(ASK_AXE, {"resultTypes": ["violations"], "preload": False, "selectors": False, "rules": rules})


@cache
def _axe() -> str:
    return AXE.read_text()
