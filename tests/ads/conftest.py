"""A Meta on loopback that the product is told to use, and short words for connecting to it."""

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from brandhound.app import slices
from brandhound.core import clock
from brandhound.twins.meta import CONFIG_ID, MetaTwin, serve_meta

# Importing them registers the jobs.
assert slices

HERE = "https://brandhound.test"
RUNA = "Runa Vik"
Set = Callable[..., None]


@pytest.fixture(autouse=True)
def long_sessions(set_to: Set) -> None:
    """Nobody is signed out while months go by."""
    set_to(SESSION_DAYS="365")


@pytest.fixture(scope="module")
def _one_meta() -> Generator[MetaTwin]:
    with serve_meta() as twin:
        # Calls without a proof are refused, as an application can demand it.
        twin.kept.grants.apps = {twin.app_id: replace(twin.kept.grants.app, needs_proof=True)}
        yield twin


@pytest.fixture
def meta(_one_meta: MetaTwin, set_to: Set) -> Generator[MetaTwin]:
    """A Meta with made-up accounts, where this installation has an application. Its clock is the product's."""
    twin = _one_meta
    set_to(
        META_APP_ID=twin.app_id,
        META_APP_SECRET=twin.app_secret,
        META_GRAPH_URL=twin.url,
        META_DIALOG_URL=twin.url,
        PUBLIC_URL=HERE,
    )
    at(twin, datetime(2026, 11, 2, 9, 30, tzinfo=UTC))
    twin.consents("accept")
    twin.kept.grants.troubles.clear()
    yield twin
    clock.unfreeze()
    twin.set_clock(None)


@pytest.fixture
def business_meta(meta: MetaTwin, set_to: Set) -> MetaTwin:
    """The same with Facebook Login for Business."""
    set_to(META_CONFIG_ID=CONFIG_ID)
    return meta


def at(twin: MetaTwin, moment: datetime) -> None:
    """Stop both clocks at a moment."""
    clock.freeze(moment)
    twin.set_clock(moment)


def later(twin: MetaTwin, by: timedelta) -> None:
    """Move both clocks."""
    at(twin, clock.now() + by)


async def make_brand(client: httpx.AsyncClient, name: str) -> str:
    """A brand; its identifier."""
    made = await client.post("/api/brands", json={"name": name})
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def begin(client: httpx.AsyncClient, brand_id: str, **more: Any) -> str:
    """Press Connect; the address of Meta's dialog."""
    begun = await client.post("/api/ad-accounts/logins", json={"brand_id": brand_id, **more})
    assert begun.status_code == 201, begun.text
    return begun.json()["dialog_url"]


async def go_through(dialog: str) -> dict[str, str]:
    """What Meta sends the person back with."""
    async with httpx.AsyncClient() as browser:
        sent_back = await browser.get(dialog)
    assert sent_back.status_code == 302, sent_back.text
    return dict(parse_qsl(urlsplit(sent_back.headers["location"]).query))


async def come_back(client: httpx.AsyncClient, sent: dict[str, str]) -> httpx.Response:
    """The page that the person came back to tells the product."""
    return await client.post("/api/ad-accounts/logins/answer", json=sent)


async def log_in(client: httpx.AsyncClient, brand_id: str) -> dict[str, Any]:
    """The whole way to the list of accounts."""
    answer = await come_back(client, await go_through(await begin(client, brand_id)))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def choose(client: httpx.AsyncClient, login: dict[str, Any], *external_ids: str, **more: Any) -> dict[str, Any]:
    """Choose accounts for the brand of the login, or for `brand_ids`; the connected accounts by their names at Meta."""
    brands = more.get("brand_ids", [login["brand_id"]])
    body = {"accounts": [{"external_id": one, "brand_ids": brands} for one in external_ids]}
    chosen = await client.post(f"/api/ad-accounts/logins/{login['id']}/accounts", json=body)
    assert chosen.status_code == 201, chosen.text
    return {one["external_id"]: one for one in chosen.json()["items"]}


async def connect(client: httpx.AsyncClient, twin: MetaTwin, *keys: str, brand: str = "Tallow") -> dict[str, Any]:
    """A brand with those accounts of the twin; the first of them."""
    brand_id = await make_brand(client, brand)
    acts = [twin.account(key).act for key in keys]
    return (await choose(client, await log_in(client, brand_id), *acts))[acts[0]]


async def account(client: httpx.AsyncClient, account_id: str) -> dict[str, Any]:
    """An account as the product shows it."""
    answer = await client.get(f"/api/ad-accounts/{account_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def connection(client: httpx.AsyncClient, account_id: str) -> dict[str, Any]:
    """The account's first connection."""
    return (await account(client, account_id))["brands"][0]
