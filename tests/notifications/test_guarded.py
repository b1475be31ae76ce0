"""The mail server and the hosts of hooks are outside services like any other: left alone together, and waited for."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.providers.breaker import Breakers, breakers
from brandhound.providers.callees import Service
from brandhound.providers.failures import classify
from brandhound.twins.mail import MailTwin, Reply, Trouble, catch
from tests.factories.people import signed_in
from tests.notifications.conftest import Configure, add_hook, deliveries, tell, wants_mail

pytestmark = pytest.mark.anyio


@pytest.fixture
async def operator(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody who runs the installation."""
    async with signed_in(app, operator=True) as (client, _):
        yield client


async def opened(service: Service) -> None:
    """Another process has found that this service fails."""
    board = Breakers()
    for _ in range(20):
        await board.leave(await board.enter(service), classify(service.provider, 502, {}, b""))
    await board.flush()
    breakers().forget()


async def breaker_of(operator: httpx.AsyncClient, service: Service) -> dict[str, Any]:
    found = (await operator.get("/api/providers/breakers")).json()
    return next(one for one in found if (one["provider"], one["model"]) == (service.provider, service.model))


async def test_what_is_for_a_host_that_is_left_alone_waits_and_goes_out_when_it_is_well(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    service = Service("webhook", "", urlsplit(twin.hook("ours")).netloc)
    await opened(service)
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert (row["state"], row["attempts"], twin.kept.hooks) == ("failed", 0, [])
    (run,) = (await client.get("/api/runs", params={"job": "notifications.deliver"})).json()["items"]
    assert (run["state"], run["waiting_for"]) == ("waiting", "webhook")
    # The channel is not to blame.
    (channel,) = (await client.get("/api/notifications/channels")).json()
    assert channel["last_error"] is None
    breaker = await breaker_of(operator, service)
    assert (await operator.put(f"/api/providers/breakers/{breaker['id']}/probe")).status_code == 200
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert (row["state"], row["attempts"], len(twin.kept.hooks)) == ("sent", 1, 1)
    assert (await breaker_of(operator, service))["state"] == "closed"


async def test_what_waits_for_a_host_is_given_up_after_a_day(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    await opened(Service("webhook", "", urlsplit(twin.hook("ours")).netloc))
    async with system_session() as db:
        # Only a person can open it.
        await db.execute(text("update provider_breakers set open_until = null where provider = 'webhook'"))
    began = clock.now()
    clock.freeze(began)
    await tell(organization_id)
    await run_until_idle(organization_id)
    for hours in (6, 23):
        clock.freeze(began + timedelta(hours=hours))
        await run_until_idle(organization_id)
        assert [row["state"] for row in await deliveries(client)] == ["failed"]
    clock.freeze(began + timedelta(hours=24, minutes=20))
    await run_until_idle(organization_id)
    assert [(row["state"], row["attempts"]) for row in await deliveries(client)] == [("given_up", 0)]
    assert twin.kept.hooks == []


async def test_a_host_in_trouble_counts_and_a_hook_that_is_wrong_does_not(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("broken"), name="Broken", sort="slack")
    await add_hook(client, twin.hook("wrong"), name="Wrong", sort="slack")
    await add_hook(client, twin.hook("full"), name="Full", sort="slack")
    twin.kept.replies["broken"] = [Reply(502, b"bad gateway")]
    twin.kept.replies["wrong"] = [Reply(403, b"invalid_token")]
    twin.kept.replies["full"] = [Reply(429, headers={"retry-after": "5"})]
    await tell(organization_id)
    await run_until_idle(organization_id)
    await breakers().flush()
    breaker = await breaker_of(operator, Service("slack", "", urlsplit(twin.hook("wrong")).netloc))
    assert (breaker["state"], breaker["calls_last_minute"], breaker["failures_last_minute"]) == ("closed", 3, 1)
    assert breaker["left_alone_until"] is None
    assert {row["state"] for row in await deliveries(client)} == {"failed", "given_up"}


async def test_one_mailbox_that_refuses_says_nothing_about_the_mail_server(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    for reply in (
        (550, "5.1.1 nobody of that name"),
        (450, "4.7.1 greylisted, come back"),
        (550, "5.7.1 relaying denied"),
    ):
        twin.kept.troubles.append(Trouble("recipient", *reply, times=1))
        await tell(organization_id, reply[1])
        await run_until_idle(organization_id)
    await tell(organization_id, "It goes on")
    await run_until_idle(organization_id)
    assert [mail.subject for mail in twin.kept.mails] == ["It goes on"]
    found = [one for one in (await operator.get("/api/providers/breakers")).json() if one["provider"] == "smtp"]
    assert [one["state"] for one in found if one["model"] == urlsplit(twin.smtp_url).netloc] == ["closed"]


async def test_operators_are_told_that_the_mail_server_does_not_take_the_account(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, organization_id: UUID, configure: Configure
) -> None:
    await wants_mail(client)
    with catch(account=("ann", "right")) as server:
        configure(smtp_url=server.smtp_url.replace("://", "://ann:wrong@"), smtp_tls="none", smtp_timeout="30")
        await tell(organization_id)
        await run_until_idle(organization_id)
    told = [one for one in (await operator.get("/api/notifications")).json()["items"] if one["kind"] == "provider_key"]
    assert [one["title"] for one in told] == ["The mail server is left alone"]
    assert "does not accept the account" in told[0]["body"]


async def test_a_schedule_that_cannot_go_on_stops_and_tells(client: httpx.AsyncClient, organization_id: UUID) -> None:
    from brandhound.core.db import tenant_session
    from brandhound.jobs.scheduling import add_schedule, queue_due

    async with tenant_session(organization_id) as db:
        schedule = await add_schedule(
            db, "samples.wait", "0 8 * * *", "UTC", parameters={"seconds": 0}, title="Wait daily"
        )
        await db.execute(
            text("update schedules set parameters = '{\"minutes\": 1}' where id = :id"), {"id": schedule.id}
        )
    await queue_due()
    await queue_due(clock.now() + timedelta(days=2))
    (notice,) = (await client.get("/api/notifications", params={"kind": "schedule_paused"})).json()["items"]
    assert notice["title"] == "Wait daily is paused: it cannot be started any more"
    assert "seconds: Field required" in notice["body"]
    assert notice["href"] == f"/jobs?tab=schedules&schedule={schedule.id}"
