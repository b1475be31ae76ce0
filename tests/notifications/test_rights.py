"""Nobody reads of what was sent to others, nothing is said twice at once, and no end of a channel goes unheard."""

import re
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.notifications.channel_models import NotificationDelivery
from brandhound.notifications.delivering import Over, Taken, book, take
from brandhound.notifications.notifying import notify
from brandhound.notifications.sending import Attempt
from brandhound.twins.mail import MailTwin
from brandhound.twins.mail.keeping import Trouble
from tests.factories.people import signed_in
from tests.notifications.conftest import add_hook, deliveries, made, tell, wants_mail


async def key_of(client: httpx.AsyncClient, app: FastAPI, role: str) -> httpx.AsyncClient:
    key = await made(client, "/api/keys", {"name": f"for a {role}", "role": role})
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://brandhound.test",
        headers={"authorization": f"Bearer {key['secret']}"},
    )


async def test_a_viewer_s_key_does_not_read_what_went_to_the_channels_of_all(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    await tell(organization_id, "For administrators", "quota_spent")
    await run_until_idle(organization_id)
    async with await key_of(client, app, "viewer") as viewer, await key_of(client, app, "admin") as admin:
        assert await deliveries(viewer) == []
        assert [row["title"] for row in await deliveries(admin)] == ["For administrators"]


async def test_what_a_mail_server_said_of_one_person_is_not_told_to_another(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    twin.kept.troubles.append(Trouble("recipient", 550, "nobody is called ada.of.acme"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    async with signed_in(app, organization_id, "viewer") as (viewer, _):
        told = (await viewer.get("/api/notifications/mail")).json()
    assert (told["configured"], told["last_error"], told["last_error_at"]) == (True, None, None)
    assert "ada.of.acme" in (await client.get("/api/notifications/mail")).json()["last_error"]


async def test_two_runs_do_not_bring_one_notice_at_the_same_time(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    await tell(organization_id)
    (row,) = await deliveries(client)
    delivery_id, first, second = UUID(row["id"]), uuid4(), uuid4()
    async with tenant_session(organization_id) as db:
        assert isinstance(await take(db, delivery_id, first), Taken)
    # Somebody asks for it once more while the first is on the line.
    assert (await client.post(f"/api/notifications/deliveries/{delivery_id}/resending")).status_code == 202
    async with tenant_session(organization_id) as db:
        assert isinstance(await take(db, delivery_id, second), Over)
        # The same run after its worker was killed may: nobody else will.
        assert isinstance(await take(db, delivery_id, first), Taken)
    async with tenant_session(organization_id) as db:
        await book(db, delivery_id, Attempt(False, 5, error="it hung up"))
        delivery = await db.get_one(NotificationDelivery, delivery_id)
        assert not delivery.is_in_hand(clock.now())


async def test_administrators_hear_when_a_reader_ends_the_organization_s_channel(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = {"sort": "email", "name": "The press list", "address": "press@acme.example", "kinds": ["feed_silent"]}
    await made(client, "/api/notifications/channels", channel)
    await tell(organization_id)
    await run_until_idle(organization_id)
    path = re.sub(r"^<https?://[^/]+|>$", "", str(twin.kept.mails[0].message["list-unsubscribe"]))
    for _ in range(2):
        assert (await anonymous.post(path)).status_code == 200
    notices = (await client.get("/api/notifications", params={"kind": "channel_disabled"})).json()["items"]
    assert [(one["title"], one["count"]) for one in notices] == [("Nothing is sent to The press list any more", 1)]
    assert "asked for no more mails" in notices[0]["body"]


async def give_role(client: httpx.AsyncClient, address: str, role: str) -> None:
    members = (await client.get("/api/members")).json()
    member = next(one["id"] for one in members if one["email"] == address)
    assert (await client.patch(f"/api/members/{member}", json={"role": role})).status_code == 204


async def test_a_guest_is_mailed_nothing_that_they_may_not_read(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    async with signed_in(app, organization_id, "guest") as (guest, address):
        assert (await guest.get("/api/notifications")).status_code == 403
        me = (await guest.get("/api/session")).json()["user"]["id"]
        await tell(organization_id, "Acme is spoken of far more than usual", "brand_spike")
        async with tenant_session(organization_id) as db:
            await notify(db, "quota_spent", "For the guest alone", user_id=UUID(me))
        await run_until_idle(organization_id)
    assert twin.kept.mails != []
    assert not any(address in mail.recipients for mail in twin.kept.mails)


async def test_a_notice_that_waits_is_not_brought_to_somebody_whose_role_is_too_low_for_it_by_then(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    async with (
        signed_in(app, organization_id, "admin") as (first, to_viewer),
        signed_in(app, organization_id, "viewer") as (second, to_guest),
    ):
        hook = {"sort": "webhook", "name": "mine", "address": twin.hook("theirs"), "personal": True}
        for person in (first, second):
            await made(person, "/api/notifications/channels", hook)
        await tell(organization_id, "The quota is used up", "quota_spent")
        await tell(organization_id, "Acme is spoken of far more than usual", "brand_spike")
        await give_role(client, to_viewer, "viewer")
        await give_role(client, to_guest, "guest")
        await run_until_idle(organization_id)
        told = {to: {m.subject for m in twin.kept.mails if to in m.recipients} for to in (to_viewer, to_guest)}
        dropped = {(row["title"], row["state"], row["reason"]) for row in await deliveries(first)}
    assert told == {to_viewer: {"Acme is spoken of far more than usual"}, to_guest: set()}
    low = "This person's role does not let them read it any more."
    assert ("The quota is used up", "dropped", low) in dropped
    assert len(twin.kept.hooks) == 1
