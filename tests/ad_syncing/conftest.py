"""A Meta on loopback with small accounts, and an organization that may read them."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from brandhound.ads.meta import facts_of_meta, governing
from brandhound.app import doors, slices
from brandhound.core import clock
from brandhound.twins.meta import MetaTwin, serve_meta
from brandhound.twins.meta.owning import AccountSpec
from tests.ad_syncing.accounts import Connected, connect

assert slices
assert doors

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
Set = Callable[..., None]


@pytest.fixture(scope="module")
def _one_meta() -> Generator[MetaTwin]:
    with serve_meta(now=NOW, first=NOW.date(), accounts=[]) as twin:
        yield twin


@pytest.fixture
def meta(_one_meta: MetaTwin, set_to: Set) -> Generator[MetaTwin]:
    """A Meta where this installation has an application. Its clock is the product's."""
    twin = _one_meta
    set_to(META_APP_ID=twin.app_id, META_APP_SECRET=twin.app_secret, META_GRAPH_URL=twin.url, META_DIALOG_URL=twin.url)
    at(twin, NOW)
    twin.kept.grants.troubles.clear()
    twin.kept.forget_calls()
    yield twin
    clock.unfreeze()


@pytest.fixture
async def shop(meta: MetaTwin, client: httpx.AsyncClient, organization_id: UUID) -> Connected:
    """A connected account of 24 ads that is not synced yet."""
    return await connect(meta, client, organization_id, small(meta))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are short, as nobody is on the other side."""
    limits = facts_of_meta.limits()
    monkeypatch.setitem(limits["retries"], "first", 0.02)
    monkeypatch.setitem(limits["reports"], "first_poll", 0.05)
    governing.forget()


def small(twin: MetaTwin, **more: object) -> AccountSpec:
    """An account of a few ads, of its own for each test."""
    facts: dict[str, object] = {
        "ads": 24,
        "days": 60,
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "time_zone_id": 47,
    }
    number = len(twin.kept.owners.accounts) + 200
    spec = AccountSpec(key=f"small-{number}", ordinal=number, name=f"Small {number}", **(facts | more))  # pyright: ignore[reportArgumentType]
    return twin.kept.owners.add(spec)


def at(twin: MetaTwin, moment: datetime) -> None:
    """Stop both clocks at a moment."""
    clock.freeze(moment)
    twin.set_clock(moment)


def later(twin: MetaTwin, by: timedelta) -> None:
    """Move both clocks."""
    at(twin, clock.now() + by)
