"""Channels: what each sort is sent, who may set them up, and what becomes of those on which nothing arrives."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.mail import MailTwin, Reply
from tests.factories.people import signed_in
from tests.notifications.conftest import Configure, add_hook, deliveries, made, tell

pytestmark = pytest.mark.anyio


async def channel_of(client: httpx.AsyncClient, channel_id: str) -> dict[str, Any]:
    found = (await client.get("/api/notifications/channels")).json()
    return next(one for one in found if one["id"] == channel_id)


async def test_a_webhook_is_signed_so_that_its_receiver_can_be_sure(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = await add_hook(client, twin.hook("ours"))
    notice = await tell(organization_id, body="Since Monday.", key="feed:9", facts={"feed": 9})
    await run_until_idle(organization_id)
    (hook,) = twin.kept.hooks
    timestamp = hook.headers["brandhound-timestamp"]
    expected = hmac.new(channel["secret"].encode(), f"{timestamp}.".encode() + hook.body, hashlib.sha256).hexdigest()
    assert hook.headers["brandhound-signature"] == f"v1={expected}"
    assert abs(int(timestamp) - clock.now().timestamp()) < 60
    told = json.loads(hook.body)
    (row,) = await deliveries(client)
    assert told["id"] == row["id"] == hook.headers["brandhound-delivery"]
    assert told["organization"]["id"] == str(organization_id)
    assert told["notification"] | {"at": ""} == {
        "id": str(notice),
        "kind": "feed_silent",
        "severity": "info",
        "title": "A feed fell silent",
        "body": "Since Monday.",
        "link": None,
        "count": 1,
        "at": "",
        "incident": "feed:9",
        "facts": {"feed": 9},
    }
    (run,) = (await client.get("/api/runs", params={"job": "notifications.deliver"})).json()["items"]
    assert run["outcome"] == "A feed has fallen silent: told to a webhook"


async def test_neither_address_nor_secret_is_ever_shown_again_or_kept_in_the_open(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = await add_hook(client, twin.hook("canary-path-77"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    secret = channel["secret"]
    assert secret.startswith("whsec_")
    for path in ("channels", "deliveries", "preferences", "mail"):
        said = (await client.get(f"/api/notifications/{path}")).text
        assert secret not in said
        assert "canary-path-77" not in said, path
    async with tenant_session(organization_id) as db:
        for table in ("notification_channels", "notification_deliveries", "runs", "run_logs", "audit_entries"):
            rows = str((await db.execute(text(f"select t::text from {table} t"))).all())
            assert secret not in rows
            assert "canary-path-77" not in rows, table
    renewed = (await client.post(f"/api/notifications/channels/{channel['id']}/secret")).json()["secret"]
    assert renewed != secret


@pytest.mark.parametrize("sort", ["slack", "teams", "discord", "ntfy"])
async def test_each_service_is_told_in_its_own_words(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure, sort: str
) -> None:
    configure(public_url="https://brand.example")
    await add_hook(client, twin.hook("topic"), sort=sort)
    await tell(organization_id, "<!channel> & @everyone", body="It said *nothing*.", href="/feeds", severity="critical")
    await run_until_idle(organization_id)
    (hook,) = twin.kept.hooks
    told = json.loads(hook.body)
    said = json.dumps(told)
    assert "https://brand.example/feeds" in said
    match sort:
        case "slack":
            assert "<!channel>" not in told["blocks"][0]["text"]["text"]
            assert "&lt;!channel&gt; &amp; @everyone" in told["blocks"][0]["text"]["text"]
        case "teams":
            assert told["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
            assert told["attachments"][0]["content"]["body"][0]["text"] == "<!channel> & @everyone"
        case "discord":
            assert told["allowed_mentions"] == {"parse": []}
            assert told["embeds"][0]["title"] == "<!channel> & @everyone"
        case _:
            assert (told["topic"], told["priority"], hook.name) == ("topic", 5, "")


async def test_a_channel_is_told_only_of_what_it_wants(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("loud"), min_severity="critical")
    await add_hook(client, twin.hook("feeds"), kinds=["feed_silent"])
    await tell(organization_id, "One")
    await tell(organization_id, "Two", "run_failed", severity="critical")
    await run_until_idle(organization_id)
    assert sorted((hook.name, json.loads(hook.body)["notification"]["title"]) for hook in twin.kept.hooks) == [
        ("feeds", "One"),
        ("loud", "Two"),
    ]
    unknown = {"sort": "webhook", "name": "x", "address": twin.hook("x"), "kinds": ["nothing"]}
    assert (await client.post("/api/notifications/channels", json=unknown)).json()[
        "code"
    ] == "notifications/unknown-kind"


async def test_a_webhook_that_fails_is_tried_again_and_is_sent_only_what_is_the_same(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    twin.kept.replies["ours"] = [
        Reply(500, b"out of order"),
        Reply(503, headers={"retry-after": "1"}),
        Reply(204, b""),
    ]
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert (row["state"], row["status"], row["response"]) == ("failed", 500, "out of order")
    for _ in range(2):
        clock.freeze(clock.now() + timedelta(minutes=2))
        await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert (row["state"], row["attempts"]) == ("sent", 3)
    assert len({hook.headers["brandhound-delivery"] for hook in twin.kept.hooks}) == 1


async def test_what_was_sent_can_be_sent_again(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert "POST http://127.0.0.1/…" in row["request"]
    await made(client, f"/api/notifications/deliveries/{row['id']}/resending", {})
    await run_until_idle(organization_id)
    first, second = twin.kept.hooks
    assert first.headers["brandhound-delivery"] == second.headers["brandhound-delivery"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://10.0.0.7/hook", "private-address"),
        ("http://169.254.169.254/latest/meta-data", "private-address"),
        ("https://[::ffff:192.168.1.1]/x", "private-address"),
        ("ftp://files.example/x", "scheme"),
        ("https://93.184.216.34:22/x", "port"),
        ("http://93.184.216.34/x", "scheme"),
        ("nothing at all", "scheme"),
    ],
)
async def test_an_address_on_a_private_network_is_refused_with_the_reason(
    client: httpx.AsyncClient, address: str, code: str
) -> None:
    body = {"sort": "webhook", "name": "Hook", "address": address}
    refused = await client.post("/api/notifications/channels", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "notifications/address-refused")
    assert refused.json()["reason"] == code
    if code == "private-address":
        assert "BRANDHOUND_PRIVATE_NETWORKS" in refused.json()["detail"]
    assert (await client.get("/api/notifications/channels")).json() == []


async def test_an_address_that_became_private_is_refused_when_it_is_sent_to(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure
) -> None:
    """The name or the setting may have changed since: what counts is where the connection would go."""
    from brandhound.core.http import client as http

    await add_hook(client, twin.hook("ours"))
    configure(private_networks="")
    http._fetchers.clear()  # pyright: ignore[reportPrivateUsage]
    try:
        await tell(organization_id)
        await run_until_idle(organization_id)
    finally:
        http._fetchers.clear()  # pyright: ignore[reportPrivateUsage]
    (row,) = await deliveries(client)
    assert row["state"] == "given_up"
    assert "127.0.0.1 is not on the public internet" in row["reason"]
    assert row["reason"].count("BRANDHOUND_PRIVATE_NETWORKS") == 1
    assert twin.kept.hooks == []


async def test_without_egress_nothing_leaves_and_it_is_said_why(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure
) -> None:
    channel = await add_hook(client, twin.hook("ours"))
    configure(zero_egress="true")
    body = {"sort": "webhook", "name": "Hook", "address": twin.hook("more")}
    for path in ("channels", f"channels/{channel['id']}/test", "mail/test"):
        refused = await client.post(f"/api/notifications/{path}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "notifications/zero-egress"), path
    await tell(organization_id)
    assert await run_until_idle(organization_id) == []
    assert (twin.kept.hooks, twin.kept.dialled) == ([], 0)
    assert (await client.get("/api/notifications")).json()["unread"] == 1


async def test_a_channel_that_is_gone_is_switched_off_and_told(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = await add_hook(client, twin.hook("ours"))
    twin.kept.replies["ours"] = [Reply(410, b"gone")]
    await tell(organization_id)
    await run_until_idle(organization_id)
    off = await channel_of(client, channel["id"])
    assert "gone" in off["disabled_reason"]
    notice = (await client.get("/api/notifications", params={"kind": "channel_disabled"})).json()["items"][0]
    assert notice["title"] == "Nothing is sent to Hook any more"
    await tell(organization_id, "Another")
    await run_until_idle(organization_id)
    assert len(twin.kept.hooks) == 1
    twin.kept.forget()
    assert (await client.delete(f"/api/notifications/channels/{channel['id']}/pause")).json()["disabled_at"] is None
    await tell(organization_id, "A third")
    await run_until_idle(organization_id)
    assert len(twin.kept.hooks) == 1


async def test_a_channel_that_fails_for_days_is_switched_off(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = await add_hook(client, twin.hook("ours"))
    twin.kept.replies["ours"] = [Reply(500)]
    began = clock.now()
    clock.freeze(began)
    for day in range(5):
        clock.freeze(began + timedelta(days=day))
        await tell(organization_id, f"Day {day}")
        await run_until_idle(organization_id)
        clock.advance(timedelta(hours=2))
        await run_until_idle(organization_id)
    off = await channel_of(client, channel["id"])
    assert "It has failed for 3 days" in off["disabled_reason"]
    assert timedelta(days=3) <= clock.now() - began


async def test_organizations_set_up_theirs_by_administrators_and_people_their_own(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    async with signed_in(app, organization_id, "viewer") as (viewer, _):
        body = {"sort": "ntfy", "name": "Phone", "address": twin.hook("mine"), "access_token": "tk_1"}
        refused = await viewer.post("/api/notifications/channels", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "tenancy/role-too-low")
        own = await made(viewer, "/api/notifications/channels", body | {"personal": True})
        await made(viewer, f"/api/notifications/channels/{own['id']}/test", {})
        assert {one["name"] for one in (await viewer.get("/api/notifications/channels")).json()} == {"Hook", "Phone"}
    assert [one["name"] for one in (await client.get("/api/notifications/channels")).json()] == ["Hook"]
    assert (await client.delete(f"/api/notifications/channels/{own['id']}")).status_code == 404
    await run_until_idle(organization_id)
    (hook,) = twin.kept.hooks
    assert hook.headers["authorization"] == "Bearer tk_1"
    assert json.loads(hook.body)["title"] == "This is a test"
    # What is only for somebody else does not go to this phone.
    twin.kept.forget()
    owner = (await client.get("/api/session")).json()["user"]["id"]
    await tell(organization_id, "For one", user_id=UUID(owner))
    await run_until_idle(organization_id)
    assert twin.kept.hooks == []


async def test_a_delivery_that_lost_its_run_is_taken_up_again(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    from brandhound.notifications.sweeping import requeue_forgotten

    await add_hook(client, twin.hook("ours"))
    await tell(organization_id)
    async with tenant_session(organization_id) as db:
        await db.execute(text("delete from runs where job = 'notifications.deliver'"))
    await requeue_forgotten()
    assert await run_until_idle(organization_id) == []
    clock.freeze(clock.now() + timedelta(minutes=5))
    await requeue_forgotten()
    assert len(await run_until_idle(organization_id)) == 1
    assert len(twin.kept.hooks) == 1


async def test_an_address_that_cannot_be_opened_any_more_is_said_and_not_tried_for_ever(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await add_hook(client, twin.hook("ours"))
    async with tenant_session(organization_id) as db:
        await db.execute(text("update notification_channels set address_sealed = 'v1:00000000:AAAA'"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert row["state"] == "given_up"
    assert "another secret key" in row["reason"]


async def test_what_was_told_long_ago_is_forgotten(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    from brandhound.notifications.sweeping import forget_old

    await add_hook(client, twin.hook("ours"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    now = clock.now()
    for days, left in ((91, (0, 1)), (401, (0, 0))):
        clock.freeze(now + timedelta(days=days))
        await forget_old()
        # Nobody is signed in for so long.
        clock.unfreeze()
        notices = (await client.get("/api/notifications")).json()["items"]
        assert (len(await deliveries(client)), len(notices)) == left
