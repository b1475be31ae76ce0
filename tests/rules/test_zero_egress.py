"""One setting, and nobody outside is asked but feeds: every door to the outside is tried, and no name is even looked up."""

import ast
import subprocess
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.admin.posting import operators_fetcher
from brandhound.app.checks.operating import check_certificate, check_mail
from brandhound.app.checks.passing import check_event_streams
from brandhound.core.http.answers import FetchFailed, FetchRequest
from brandhound.core.http.client import Fetcher, fetcher
from brandhound.core.settings import reload_settings
from brandhound.providers.ai.kinds import KINDS
from brandhound.providers.callees import Service
from brandhound.providers.calling import ask_json
from brandhound.providers.failures import FAMILIES
from brandhound.providers.parking import Parked
from tests.databases import TestDatabase

SOURCES = Path(__file__).parents[2] / "src/brandhound"
OUTSIDE = "https://outside.example"
# Every module that can open a connection of its own, and why that is no way around the setting.
DOORS = {
    "core/http/guard.py": "where every connection of ours is judged",
    "core/http/client.py": "TLS contexts only; all goes through the guard",
    "core/http/exchanging.py": "through the guard",
    "core/http/lending.py": "through the fetcher",
    "notifications/smtp.py": "asked for by notifications/sending.py, which refuses first",
    "app/checks/operating.py": "the doctor, which does not ask outside then",
    "app/checks/machine.py": "looks whether our own port is free",
    "app/checks/passing.py": "the doctor, which does not ask outside then",
    "app/bundling.py": "the machine's name only",
    "app/supervising.py": "talks to its own children on loopback",
    "app/demo_ports.py": "looks whether ports of loopback are free",
    "jobs/liveness.py": "the machine's name only",
    "admin/pulsing.py": "the machine's name only",
    "admin/exporting_traces.py": "the machine's name only; posts through the fetcher",
    "core/logs/lines.py": "the machine's name only",
    "providers/classifying/network.py": "names of errors only",
    "providers/calling.py": "names of errors only",
    "providers/ai/clients.py": "a TLS context that trusts nobody; its clients are lent the fetcher",
}
ABLE = {
    "socket", "ssl", "smtplib", "http.client", "urllib.request", "httpx", "httpx2", "httpcore", "ftplib", "imaplib", "poplib",
    "xmlrpc.client",
}  # fmt: skip

_asked: list[str] = []
_listening = Event()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listening.is_set():
        return
    if event == "socket.getaddrinfo" and isinstance(arguments[0], str | bytes):
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        if not _is_here(host):
            _asked.append(f"name {host}")
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])  # pyright: ignore[reportUnknownArgumentType]
        if not _is_here(host):
            _asked.append(f"address {host}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


sys.addaudithook(_hear)


@contextmanager
def nobody_is_asked() -> Generator[None]:
    _asked.clear()
    _listening.set()
    try:
        yield
    finally:
        _listening.clear()
    assert _asked == []


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, connected: TestDatabase) -> Generator[None]:
    """An installation that asks nobody, with everything set up that might."""
    for name, value in {
        "ZERO_EGRESS": "true",
        "PRIVATE_NETWORKS": "",
        "SMTP_URL": "smtp://mail.outside.example:587",
        "PUBLIC_URL": "https://brandhound.outside.example",
        "SENTRY_DSN": "https://key@tracker.outside.example/1",
        "HEARTBEAT_URL": f"{OUTSIDE}/beat",
        "OTLP_ENDPOINT": f"{OUTSIDE}:4318",
    }.items():
        monkeypatch.setenv(f"BRANDHOUND_{name}", value)
    reload_settings()
    yield
    monkeypatch.undo()
    reload_settings()


def test_every_module_that_can_open_a_connection_is_known() -> None:
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        name = str(path.relative_to(SOURCES))
        if name.startswith("twins/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = (
                {alias.name for alias in node.names}
                if isinstance(node, ast.Import)
                else {node.module or ""}
                if isinstance(node, ast.ImportFrom)
                else set[str]()
            )
            if modules & ABLE or (isinstance(node, ast.Attribute) and node.attr == "open_connection"):
                found.add(name)
    assert found == set(DOORS), f"new: {found - set(DOORS)}, gone: {set(DOORS) - found}"


Door = Callable[[Fetcher], Awaitable[object]]
FETCHER_DOORS: dict[str, Door] = {
    "a page that is looked for": lambda out: out.fetch(FetchRequest(f"{OUTSIDE}/", purpose="discovery")),
    "robots of a site that is looked for": lambda out: out.robots(f"{OUTSIDE}/"),
    "a webhook": lambda out: out.post(f"{OUTSIDE}/hook", b"{}"),
    "a question": lambda out: out.ask(f"{OUTSIDE}/v1", b"{}"),
    "a question whose answer streams": lambda out: out.converse(f"{OUTSIDE}/v1", "POST", b"{}", {}),
    "whether an address may be asked": lambda out: out.check(f"{OUTSIDE}/"),
    "an address in figures": lambda out: out.ask("http://93.184.216.34/v1", b"{}"),
}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("door", FETCHER_DOORS)
@pytest.mark.parametrize("whose", [fetcher, operators_fetcher])
async def test_the_way_out_is_closed(door: str, whose: Callable[[], Fetcher]) -> None:
    out = Fetcher(zero_egress=True) if whose is fetcher else operators_fetcher()
    if whose is operators_fetcher and "figures" not in door:
        # The operator's own networks stay open to it, so that a name has to be looked up: here it is a public one.
        out = Fetcher(rules=out._rules, resolver=public, zero_egress=True)  # pyright: ignore[reportPrivateUsage]
    with nobody_is_asked(), pytest.raises(FetchFailed) as failed:
        await FETCHER_DOORS[door](out)
    assert failed.value.code == "zero-egress"
    await out.aclose()


async def public(host: str, port: int) -> list[str]:
    del host, port
    return ["93.184.216.34"]


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("family", FAMILIES)
async def test_no_provider_is_asked(family: str) -> None:
    with nobody_is_asked(), pytest.raises(Parked, match="asks nobody but the feeds"):
        await ask_json(Service(family, "", "zero"), f"{OUTSIDE}/v1", {}, UUID(int=5))


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("kind", KINDS)
async def test_no_model_is_asked(client: httpx.AsyncClient, organization_id: UUID, kind: str) -> None:
    from brandhound.core.db import tenant_session
    from brandhound.providers.ai.accounts import add_account

    address = KINDS[kind].address  # pyright: ignore[reportArgumentType]
    outside = address if address.startswith("https") else f"{OUTSIDE}/v1"
    async with tenant_session(organization_id) as db:
        # Set up while it was still allowed.
        account = await add_account(db, kind, "Ours", outside, "sk-key", None)  # pyright: ignore[reportArgumentType]
    with nobody_is_asked():
        new = {"kind": kind, "name": "Another", "address": outside, "key": "sk-key"}
        refused = await client.post("/api/models/accounts", json=new)
        assert (refused.status_code, refused.json()["reason"]) == (422, "zero-egress"), refused.text
        tried = (await client.post(f"/api/models/accounts/{account.id}/trial", json={"model": "m"})).json()
        assert tried["well"] is False
        assert "asks nobody but the feeds" in tried["problem"]
        assert (await client.get("/api/models")).json()["zero_egress"] is True


@pytest.mark.usefixtures("closed")
async def test_neither_mail_nor_webhooks_nor_sites_nor_the_doctor(client: httpx.AsyncClient) -> None:
    with nobody_is_asked():
        for sort, address in (
            ("webhook", f"{OUTSIDE}/hook"),
            ("slack", f"{OUTSIDE}/s"),
            ("email", "a@outside.example"),
        ):
            new = {"sort": sort, "name": sort, "address": address}
            refused = await client.post("/api/notifications/channels", json=new)
            assert refused.json()["code"] == "notifications/zero-egress", refused.text
        assert (await client.post("/api/notifications/mail/test")).status_code == 409
        proposed = await client.post("/api/brands/proposals", json={"name_or_website": "outside.example"})
        assert proposed.status_code < 500, proposed.text
        assert check_mail().verdict == "good"
        assert check_certificate().verdict == "unknown"
        assert check_event_streams().verdict == "unknown"


def test_the_clients_of_models_ask_nobody_when_they_are_imported_and_made() -> None:
    """Some packages of this kind fetch a list of prices, or report that they are used. These do neither."""
    script = """
import asyncio, sys, threading
sys.addaudithook(lambda event, _: sys.exit(f"it did {event}") if event in ("socket.connect", "socket.getaddrinfo") else None)
from uuid import UUID
from brandhound.core.http.lending import Overheard
from brandhound.providers.ai import guarding
from brandhound.providers.ai.accounts import Access
from brandhound.providers.ai.clients import client_of
from brandhound.providers.ai.kinds import KINDS
async def make():
    for kind, about in KINDS.items():
        client_of(Access(UUID(int=1), kind, about.address or "https://outside.example/v1", "sk-key", "m"), Overheard())
asyncio.run(make())
print("made", threading.active_count())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "made 1"), done.stderr


async def test_a_name_that_leads_outside_is_refused_where_the_connection_is_made() -> None:
    """With networks of one's own names have to be looked up; what they lead to is judged, each time anew."""
    from brandhound.core.http.addresses import AddressRules, networks

    out = Fetcher(rules=AddressRules(networks("10.0.0.0/8")), resolver=public, zero_egress=True)
    with nobody_is_asked(), pytest.raises(FetchFailed) as failed:
        await out.ask("http://model.internal/v1", b"{}")
    assert failed.value.code == "zero-egress"
    await out.aclose()


async def test_a_name_that_leads_nowhere_is_refused_and_not_taken_for_a_broken_network() -> None:
    """Without this, a model outside was said to be unreachable, and one was sent to look after firewall and proxy."""
    from brandhound.core.http.addresses import AddressRules, networks

    async def unknown(host: str, port: int) -> list[str]:
        raise OSError(f"nobody knows {host}:{port}")

    out = Fetcher(rules=AddressRules(networks("10.0.0.0/8")), resolver=unknown, zero_egress=True)
    with nobody_is_asked(), pytest.raises(FetchFailed) as failed:
        await out.ask("https://api.outside.example/v1", b"{}")
    assert failed.value.code == "zero-egress"
    with pytest.raises(FetchFailed) as followed:
        await out.fetch(FetchRequest(f"{OUTSIDE}/feed"))
    assert followed.value.code == "dns"
    await out.aclose()
