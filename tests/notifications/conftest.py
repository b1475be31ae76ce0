"""A mail server and a receiver of webhooks, and short words for telling and looking."""

from collections.abc import Callable, Generator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.settings import reload_settings
from brandhound.core.system import system_session
from brandhound.notifications.notifying import notify
from brandhound.providers.breaker import breakers
from brandhound.twins.mail import MailTwin, catch
from tests.databases import TestDatabase
from tests.jobs import sample_jobs

# Imported for what it registers.
assert sample_jobs

Configure = Callable[..., None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Generator[Configure]:
    """Sets settings for this test: `configure(smtp_tls="none")`."""

    def set_them(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(f"BRANDHOUND_{name.upper()}", value)
        reload_settings()

    yield set_them
    monkeypatch.undo()
    reload_settings()


@pytest.fixture
async def nothing_known(connected: TestDatabase) -> None:
    """Of no service is anything known yet: a twin may come to the port of one that another test had misbehave."""
    await breakers().close()
    async with system_session() as db:
        for table in ("provider_breakers", "provider_retries"):
            await db.execute(text(f"delete from {table}"))


@pytest.fixture
def twin(nothing_known: None, configure: Configure) -> Generator[MailTwin]:
    """A mail server that the product is told to use, and a receiver of webhooks."""
    with catch() as server:
        configure(smtp_url=server.smtp_url, smtp_tls="none", smtp_timeout="30", smtp_from="notices@brandhound.test")
        yield server


@pytest.fixture(autouse=True)
def running_clock() -> Generator[None]:
    """A clock that a test stopped runs again after it."""
    yield
    clock.unfreeze()


async def tell(
    organization_id: UUID, title: str = "A feed fell silent", kind: str = "feed_silent", **more: Any
) -> UUID:
    """Tell the organization something."""
    async with tenant_session(organization_id) as db:
        return await notify(db, kind, title, **more)


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a POST made."""
    answer = await client.post(path, json=body)
    assert answer.status_code in (201, 202), answer.text
    found: dict[str, Any] = answer.json()
    return found


async def add_hook(client: httpx.AsyncClient, address: str, **more: Any) -> dict[str, Any]:
    """A channel of the organization."""
    return await made(
        client, "/api/notifications/channels", {"sort": "webhook", "name": "Hook", "address": address, **more}
    )


async def wants_mail(client: httpx.AsyncClient, kind: str = "feed_silent") -> None:
    """The person wants mail for a kind."""
    answer = await client.patch(f"/api/notifications/preferences/{kind}", json={"email": True})
    assert answer.status_code == 200, answer.text


async def deliveries(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The log of deliveries, newest first."""
    found: list[dict[str, Any]] = (await client.get("/api/notifications/deliveries")).json()["items"]
    return found
