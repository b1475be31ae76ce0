"""The demo's ad accounts are connected as anybody connects theirs, and the made-up Meta stays the same from day to day."""

from collections.abc import Callable, Generator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from brandhound.app import demo_ads
from brandhound.app.demo import BRANDS
from brandhound.app.demo_ads import ACCOUNTS, connect_demo_accounts, meta_settings, put_demo_rates, read_earlier
from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.tenancy.models import Member
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role
from brandhound.twins.meta import MetaTwin, serve_meta


@pytest.fixture
def meta(set_to: Callable[..., None]) -> Generator[MetaTwin]:
    with serve_meta() as twin:
        told = meta_settings(twin.url, twin.app_id, twin.app_secret)
        set_to(**{name.removeprefix("BRANDHOUND_"): value for name, value in told.items()})
        yield twin


async def test_each_brand_of_the_demo_gets_its_accounts(
    client: httpx.AsyncClient, organization_id: UUID, meta: MetaTwin
) -> None:
    for brand in BRANDS:
        assert (await client.post("/api/brands", json=brand)).status_code == 201
    caller = await _owner(organization_id)
    await connect_demo_accounts(caller, meta)
    await put_demo_rates(caller, now(), now().date())
    items: list[dict[str, Any]] = (await client.get("/api/ad-accounts")).json()["items"]
    connected = {
        (link["brand_name"], one["external_id"])
        for one in items
        for link in one["brands"]
        if link["state"] == "connected"
    }
    assert connected == {(brand, meta.account(key).act) for brand, keys in ACCOUNTS.items() for key in keys}
    assert {one["currency"] for one in items} == {"EUR", "USD", "GBP", "JPY"}
    # Each of them can be shown in every other, on every day of the last year.
    rates = (await client.get("/api/exchange-rates")).json()
    assert {rates["base"], *(one["currency"] for one in rates["currencies"])} == {one["currency"] for one in items}
    assert min(one["rates"] for one in rates["currencies"]) > 250
    runs = (await client.get("/api/runs", params={"job": "ads.begin"})).json()["items"]
    assert len(runs) == len(ACCOUNTS)


def test_the_made_up_meta_tells_its_stories_around_the_day_on_which_the_demo_began(
    tmp_path: Path,
) -> None:
    with demo_ads.demo_meta(tmp_path, 0) as first:
        assert first.kept.worlds.first == datetime.now(UTC).date()
    (tmp_path / demo_ads.FIRST_DAY).write_text("2026-11-01")
    with demo_ads.demo_meta(tmp_path, 0) as later:
        assert later.kept.worlds.first.isoformat() == "2026-11-01"
        assert later.system_user_token == first.system_user_token


async def test_days_of_the_demo_have_moved_when_its_accounts_are_read_for_the_second_time(
    client: httpx.AsyncClient, organization_id: UUID, meta: MetaTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for brand in BRANDS:
        assert (await client.post("/api/brands", json=brand)).status_code == 201
    monkeypatch.setattr(demo_ads, "ACCOUNTS", {"Tallow": ("tallow-us",)})
    began = now()
    await read_earlier(await _owner(organization_id), meta, began)
    assert now() >= began
    account = (await client.get("/api/ad-accounts")).json()["items"][0]
    moved = f"/api/ad-accounts/{account['id']}/restatements"
    assert (await client.get(moved)).json()["days"] == []
    queued = (await client.get("/api/runs", params={"job": "ads.sync", "state": "queued"})).json()["items"]
    assert [datetime.fromisoformat(run["created_at"]) >= began for run in queued] == [True]
    await run_until_idle(organization_id, jobs=("ads.sync",))
    days = (await client.get(moved)).json()["days"]
    assert [one for one in days if one["first"] != one["now"]]
    # Nothing of the days after the first reading is taken for a number that moved.
    assert max(one["day"] for one in days) <= (began - demo_ads.READ_EARLIER).date().isoformat()


async def test_rates_of_the_demo_reach_today_whenever_it_is_started(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    began = date(2026, 11, 2)
    caller = await _owner(organization_id)
    await put_demo_rates(caller, datetime(2026, 11, 2, 9, tzinfo=UTC), began)
    first = (await client.get("/api/exchange-rates/table.csv")).text
    await put_demo_rates(caller, datetime(2026, 11, 20, 9, tzinfo=UTC), began)
    told = (await client.get("/api/exchange-rates")).json()
    assert {one["until"] for one in told["currencies"]} == {"2026-11-20"}
    # Those that were there are what they were, and the same day once more changes nothing.
    later = (await client.get("/api/exchange-rates/table.csv")).text
    assert set(first.splitlines()) < set(later.splitlines())
    await put_demo_rates(caller, datetime(2026, 11, 20, 10, tzinfo=UTC), began)
    assert (await client.get("/api/exchange-rates/table.csv")).text == later


async def _owner(organization_id: UUID) -> Caller:
    async with tenant_session(organization_id) as db:
        user_id = await db.scalar(select(Member.user_id))
    return Caller(organization_id, Role.OWNER, "Europe/Berlin", user_id=user_id)
