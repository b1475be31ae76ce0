"""Behind a proxy all come from its address: who tries too much is told apart by what the proxy says, and by no other word."""

import re
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from brandhound.ads.routes import letting_in
from brandhound.core import clock
from brandhound.core.networks import network_of
from brandhound.core.outside import MOST_WRONG, WrongLinks
from brandhound.reports.routes import outside
from tests.factories.people import PASSWORD, make_person

GUESSER, HONEST = "203.0.113.9", "198.51.100.7"


@asynccontextmanager
async def coming_from(
    app: FastAPI, peer: str = "127.0.0.1", forwarded_for: str | None = None
) -> AsyncGenerator[httpx.AsyncClient]:
    """A browser whose connection, or whose proxy's, is that of `peer`."""
    transport = httpx.ASGITransport(app, client=(peer, 50_000))
    headers = {"x-forwarded-for": forwarded_for} if forwarded_for else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://brandhound.test", headers=headers) as browser:
        yield browser


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """No moment passes in which a wait could end, and nothing is counted of what other tests tried."""
    for module in (letting_in, outside):
        monkeypatch.setattr(module, "_wrong", WrongLinks())
    clock.freeze(datetime.now(UTC))
    yield
    clock.unfreeze()


async def guess(browser: httpx.AsyncClient, **headers: str) -> int:
    """Try to sign in as somebody who does not exist; the status."""
    attempt = {"email": f"{uuid4().hex}@acme.example", "password": "a guess"}
    return (await browser.post("/api/session", json=attempt, headers=headers)).status_code


async def come_in(browser: httpx.AsyncClient) -> int:
    """Sign in as somebody who knows their password; the status."""
    _, email, _ = await make_person()
    return (await browser.post("/api/session", json={"email": email, "password": PASSWORD})).status_code


async def test_who_guesses_behind_the_proxy_keeps_nobody_else_from_signing_in(app: FastAPI) -> None:
    async with coming_from(app, forwarded_for=GUESSER) as bad, coming_from(app, forwarded_for=HONEST) as good:
        guesses = [await guess(bad) for _ in range(30)]

        assert (guesses[0], guesses[-1]) == (401, 429)
        assert await come_in(bad) == 429
        assert await come_in(good) == 201


async def test_where_no_proxy_is_trusted_who_says_to_ask_for_another_counts_as_who_connects(
    app: FastAPI, set_to: Callable[..., None]
) -> None:
    set_to(TRUSTED_PROXIES="none")
    async with coming_from(app, forwarded_for=GUESSER) as bad, coming_from(app, forwarded_for=HONEST) as other:
        guesses = [await guess(bad) for _ in range(30)]

        assert (guesses[0], guesses[-1]) == (401, 429)
        assert await come_in(other) == 429


async def test_a_proxy_that_does_not_say_for_whom_it_asks_keeps_nobody_out(app: FastAPI) -> None:
    async with coming_from(app) as browser:
        guesses = [await guess(browser) for _ in range(30)]
        _, email, _ = await make_person()
        at_one = [
            (await browser.post("/api/session", json={"email": email, "password": f"guess {n}"})).status_code
            for n in range(6)
        ]

        assert set(guesses) == {401}
        assert at_one == [401] * 5 + [429]
        assert await come_in(browser) == 201


async def test_nobody_gets_more_guesses_by_writing_the_header_themselves(app: FastAPI) -> None:
    async with coming_from(app, "203.0.113.20") as direct, coming_from(app) as proxied:
        alone = [await guess(direct, **{"x-forwarded-for": f"198.51.100.{n}"}) for n in range(30)]
        added = [await guess(proxied, **{"x-forwarded-for": f"198.51.100.{n}, 203.0.113.21"}) for n in range(30)]

        assert (alone[-1], added[-1]) == (429, 429)
        assert await come_in(direct) == 429


@pytest.mark.parametrize("network", [HONEST, "2001:db8:1:4::/64"])
async def test_nobody_is_shut_out_by_guesses_at_an_account_that_is_called_like_their_network(
    app: FastAPI, network: str
) -> None:
    address = network.replace("::/64", "::1")
    async with coming_from(app, "203.0.113.30") as bad, coming_from(app, forwarded_for=address) as good:
        attempt = {"email": network, "password": "a guess"}
        guesses = [(await bad.post("/api/session", json=attempt)).status_code for _ in range(6)]

        assert guesses == [401] * 5 + [429]
        assert await come_in(good) == 201


async def test_the_addresses_of_one_line_at_home_are_one_network(app: FastAPI) -> None:
    async with coming_from(app) as proxied, coming_from(app, forwarded_for="2001:db8:1:3::1") as neighbour:
        guesses = [await guess(proxied, **{"x-forwarded-for": f"2001:db8:1:2::{n:x}"}) for n in range(30)]

        assert guesses[-1] == 429
        assert await come_in(neighbour) == 201


@pytest.mark.parametrize("address", ["/api/shared-reports", "/api/connect-ads"])
async def test_who_opens_links_that_do_not_work_stops_nobody_else(app: FastAPI, address: str) -> None:
    async with (
        coming_from(app, forwarded_for=GUESSER) as bad,
        coming_from(app, forwarded_for=HONEST) as good,
        coming_from(app) as unknown,
    ):
        for browser in (bad, unknown):
            wrong = [(await browser.get(f"{address}/{'x' * 40}{n}")).status_code for n in range(MOST_WRONG)]
            assert set(wrong) == {404}

        after = [(await browser.get(f"{address}/{'y' * 40}")).status_code for browser in (bad, good, unknown)]
    assert after == [429, 404, 404]


async def test_what_a_proxy_says_of_the_way_changes_neither_cookies_nor_what_is_refused(
    app: FastAPI, set_to: Callable[..., None]
) -> None:
    said = {"x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
    async with coming_from(app, forwarded_for=HONEST) as browser:
        _, email, _ = await make_person()
        attempt = {"email": email, "password": PASSWORD}
        plain = await browser.post("/api/session", json=attempt, headers=said)
        evil = await browser.post("/api/session", json=attempt, headers={**said, "origin": "https://evil.example"})
        set_to(PUBLIC_URL="https://brand.example")
        secure = await browser.post("/api/session", json=attempt)

    assert (plain.status_code, "Secure" in plain.headers["set-cookie"]) == (201, False)
    assert evil.json()["code"] == "identity/cross-site-request"
    assert "Secure" in secure.headers["set-cookie"]


@pytest.mark.parametrize(
    ("peer", "headers", "network"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("127.0.0.1", [], ""),
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("::1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("::ffff:127.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.7, 10.0.0.5"], "198.51.100.7"),
        ("127.0.0.1", ["10.0.0.5"], ""),
        ("127.0.0.1", ["198.51.100.7, unknown"], ""),
        ("127.0.0.1", [""], ""),
        ("10.0.0.6", ["198.51.100.7"], "10.0.0.6"),
        ("10.0.0.5", ["[2001:db8:1:2:3::4]:4711"], "2001:db8:1:2::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
        ("a socket", ["198.51.100.7"], ""),
    ],
)
def test_of_the_header_counts_what_trusted_proxies_added(
    set_to: Callable[..., None], peer: str, headers: list[str], network: str
) -> None:
    set_to(TRUSTED_PROXIES="127.0.0.0/8, ::1, 10.0.0.5")

    assert network_of((peer, 1), headers) == network


def test_the_proxy_whose_configuration_we_ship_says_who_asks() -> None:
    shipped = (Path(__file__).parents[2] / "deploy/nginx.conf").read_text()

    assert re.search(r"^\s*proxy_set_header X-Forwarded-For \$remote_addr;$", shipped, re.MULTILINE)
