"""What people chose counts until the moment at which something is said: for what was held back, and for what is tried again."""

import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.mail import MailTwin, Reply, Trouble
from tests.factories.people import signed_in
from tests.notifications.conftest import add_hook, deliveries, made, tell, wants_mail

pytestmark = pytest.mark.anyio

EVENING = datetime(2026, 11, 25, 22, tzinfo=UTC)
MORNING = datetime(2026, 11, 26, 6, 0, 5, tzinfo=UTC)

NIGHT = {"quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Europe/Berlin"}


async def by_the_link(client: httpx.AsyncClient, twin: MailTwin) -> None:
    path = re.sub(r"^<https?://[^/]+|>$", "", str(twin.kept.mails[0].message["list-unsubscribe"]))
    assert (await client.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200


async def for_this_kind(client: httpx.AsyncClient, twin: MailTwin) -> None:
    await client.patch("/api/notifications/preferences/feed_silent", json={"email": False})


@pytest.mark.parametrize("decide", [by_the_link, for_this_kind])
async def test_who_wants_no_mail_any_more_gets_none_of_what_was_held_back_for_the_night(
    client: httpx.AsyncClient,
    organization_id: UUID,
    twin: MailTwin,
    decide: Callable[[httpx.AsyncClient, MailTwin], Coroutine[Any, Any, None]],
) -> None:
    clock.freeze(EVENING)
    await client.put("/api/notifications/preferences", json=NIGHT)
    await wants_mail(client)
    await tell(organization_id, "The house burns", severity="critical")
    for number in range(3):
        await tell(organization_id, f"Notice {number}")
    await run_until_idle(organization_id)
    await decide(client, twin)
    clock.freeze(MORNING)
    await run_until_idle(organization_id)
    assert [mail.subject for mail in twin.kept.mails] == ["The house burns"]
    rows = [(row["state"], row["reason"]) for row in await deliveries(client) if row["state"] != "sent"]
    assert rows == [("dropped", "This person wants no mail of this kind any more.")] * 3


async def test_who_wants_no_mail_any_more_gets_none_that_was_to_be_tried_again(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    twin.kept.troubles.append(Trouble("recipient", 451, "4.7.1 come again", times=1))
    await tell(organization_id)
    await run_until_idle(organization_id)
    assert [row["state"] for row in await deliveries(client)] == ["failed"]
    await for_this_kind(client, twin)
    clock.freeze(clock.now() + timedelta(minutes=3))
    await run_until_idle(organization_id)
    assert [row["state"] for row in await deliveries(client)] == ["dropped"]
    assert twin.kept.mails == []


async def test_a_channel_is_not_told_again_of_what_it_does_not_take_any_more(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    twin.kept.replies["mine"] = [Reply(503), Reply()]
    channel = await add_hook(client, twin.hook("mine"), personal=True)
    await tell(organization_id)
    await run_until_idle(organization_id)
    await client.patch("/api/notifications/preferences/feed_silent", json={"channels": {channel["id"]: False}})
    clock.freeze(clock.now() + timedelta(minutes=3))
    await run_until_idle(organization_id)
    assert [row["state"] for row in await deliveries(client)] == ["dropped"]
    assert len(twin.kept.hooks) == 1


async def test_who_may_not_sign_in_any_more_is_told_nothing_on_channels_of_their_own(
    app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    async with signed_in(app, organization_id, "analyst") as (analyst, address):
        channel = await add_hook(analyst, twin.hook("mine"), personal=True)
        async with system_session() as db:
            barred = text("update users set disabled_at = now() where email = :address")
            await db.execute(barred, {"address": address})
        await tell(organization_id)
        await run_until_idle(organization_id)
    async with system_session() as db:
        found = text(
            "select d.state, d.reason, c.failures from notification_deliveries d "
            "join notification_channels c on c.id = d.channel_id where c.id = :id"
        )
        (row,) = (await db.execute(found, {"id": UUID(channel["id"])})).all()
    # The channel is not to blame: it is well when they come back.
    assert tuple(row) == ("given_up", "This person has no account any more.", 0)
    assert twin.kept.hooks == []


async def test_a_summary_that_may_have_arrived_is_sent_again_as_it_was_and_the_rest_in_another(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    clock.freeze(datetime(2026, 11, 26, 12, tzinfo=UTC))
    await made(
        client,
        "/api/notifications/channels",
        {"sort": "email", "name": "Us", "address": "us@example.com", "personal": True},
    )
    await client.put("/api/notifications/preferences", json={"per_hour": 1})
    for number in range(3):
        await tell(organization_id, f"Notice {number}")
    await run_until_idle(organization_id)
    twin.kept.mails.clear()
    twin.kept.troubles.append(Trouble("end", times=1))
    clock.freeze(clock.now() + timedelta(hours=1, seconds=1))
    await run_until_idle(organization_id)
    # While it waits for its next attempt, more is held back, and due.
    async with system_session() as db:
        await db.execute(
            text("update notification_deliveries set taken_at = :now where state = 'sent'"), {"now": clock.now()}
        )
    await tell(organization_id, "Notice 3")
    await run_until_idle(organization_id)
    async with system_session() as db:
        await db.execute(
            text("update notification_deliveries set due_at = :now where state = 'held'"), {"now": clock.now()}
        )
    for _ in range(4):
        clock.freeze(clock.now() + timedelta(minutes=2))
        await run_until_idle(organization_id)
    first, again, rest = twin.kept.mails
    assert first.message["message-id"] == again.message["message-id"] != rest.message["message-id"]
    was, is_again, is_rest = (re.findall(r"Notice \d", mail.text) for mail in (first, again, rest))
    assert was == is_again
    assert ("Notice 3" in is_again, "Notice 3" in is_rest) == (False, True)
