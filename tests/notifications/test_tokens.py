"""Addresses and access tokens of channels: as they can be sent, sent to the server they were entered for, quoted nowhere."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core.db import tenant_session
from brandhound.core.secrets import seal
from brandhound.jobs.inline import run_until_idle
from brandhound.notifications.delivering import SEALED_SECRET
from brandhound.notifications.sending import Way, _unsaid  # pyright: ignore[reportPrivateUsage]
from brandhound.twins.mail import MailTwin, Reply
from tests.notifications.conftest import Configure, deliveries, made, tell

pytestmark = pytest.mark.anyio

TOKEN = "tk_canary_token"


def topic(twin: MailTwin, **more: Any) -> dict[str, Any]:
    return {"sort": "ntfy", "name": "Phone", "address": twin.hook("topic"), "access_token": TOKEN, **more}


@pytest.mark.parametrize("token", ["tk_ca\nnary", "tk_canary token", "tk_canäry", "tk_canary\u200btoken", "\n"])
async def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated(
    client: httpx.AsyncClient, twin: MailTwin, token: str
) -> None:
    refused = await client.post("/api/notifications/channels", json=topic(twin, access_token=token))
    assert (refused.status_code, refused.json()["code"]) == (422, "core/invalid-input")
    assert "tk_" not in refused.text


async def test_what_was_copied_with_a_token_is_left_out(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await made(client, "/api/notifications/channels", topic(twin, access_token=f" {TOKEN}\n"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    (hook,) = twin.kept.hooks
    assert hook.headers["authorization"] == f"Bearer {TOKEN}"


async def test_why_a_request_could_not_be_sent_is_said_without_the_token(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, caplog: pytest.LogCaptureFixture
) -> None:
    channel = await made(client, "/api/notifications/channels", topic(twin))
    # As it was entered before such were refused.
    async with tenant_session(organization_id) as db:
        sealed = {"sealed": seal(f"{TOKEN}\n", SEALED_SECRET), "id": UUID(channel["id"])}
        await db.execute(text("update notification_channels set secret_sealed = :sealed where id = :id"), sealed)
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert (row["state"], row["attempts"]) == ("given_up", 1)
    assert row["reason"].startswith("not a request that can be sent")
    shown = [
        await client.get(f"/api/{path}") for path in ("notifications/deliveries", "notifications/channels", "runs")
    ]
    assert TOKEN not in "".join(answer.text for answer in shown) + caplog.text


async def test_a_token_is_sent_to_no_other_server_than_the_one_it_was_entered_for(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = await made(
        client, "/api/notifications/channels", topic(twin, address=f"http://127.0.0.1:{twin.smtp_port}/t")
    )
    path = f"/api/notifications/channels/{channel['id']}"
    elsewhere = {"address": twin.hook("elsewhere")}
    refused = await client.patch(path, json=elsewhere)
    assert (refused.status_code, refused.json()["code"]) == (422, "notifications/token-needed-again")
    # Not with the address of the one that was there, and a name alone needs none.
    assert (await client.patch(path, json={"name": "Mine"})).json()["address_shown"] == channel["address_shown"]
    for token, sent in (("tk_another", "Bearer tk_another"), (None, None)):
        changed = await client.patch(path, json={**elsewhere, "access_token": token})
        assert changed.status_code == 200, changed.text
        await tell(organization_id)
        await run_until_idle(organization_id)
        assert twin.kept.hooks[-1].headers.get("authorization") == sent
    # Without one, it may go anywhere; and within a server to every topic.
    assert (await client.patch(path, json={"address": "http://127.0.0.1:9/topic"})).status_code == 200


async def test_another_topic_of_the_same_server_needs_no_token_anew(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    channel = await made(client, "/api/notifications/channels", topic(twin))
    changed = await client.patch(f"/api/notifications/channels/{channel['id']}", json={"address": twin.hook("another")})
    assert changed.status_code == 200
    await tell(organization_id)
    await run_until_idle(organization_id)
    (hook,) = twin.kept.hooks
    assert (hook.headers["authorization"], b'"topic":"another"' in hook.body) == (f"Bearer {TOKEN}", True)


@pytest.mark.parametrize("sort", ["slack", "teams", "discord", "ntfy", "webhook"])
async def test_a_server_that_repeats_what_it_was_sent_gives_no_key_away(
    client: httpx.AsyncClient,
    organization_id: UUID,
    twin: MailTwin,
    sort: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"{twin.hook('T0canary')}/B0canary/canary0canary0canary0"
    token = {"access_token": TOKEN} if sort == "ntfy" else {}
    echo = f"no hook at {address} ({address.partition('://')[2].partition('/')[2]}), canary0canary0canary0 {token}"
    monkeypatch.setattr(twin.kept, "reply", lambda name: Reply(404, echo.encode()))  # type: ignore[reportUnknownLambdaType]
    new = {"sort": sort, "name": "Ours", "address": address, **token}
    channel = await made(client, "/api/notifications/channels", new)
    await client.post(f"/api/notifications/channels/{channel['id']}/test")
    await tell(organization_id)
    await run_until_idle(organization_id)
    assert twin.kept.hooks != []
    paths = ("notifications", "notifications/deliveries", "notifications/channels", "runs", "providers")
    shown = [await client.get(f"/api/{path}") for path in paths]
    async with tenant_session(organization_id) as db:
        kept = (await db.execute(text("select reason, request, response from notification_deliveries"))).all()
    assert "no hook at" in str(kept)
    assert "canary" not in "".join(answer.text for answer in shown) + str(kept) + caplog.text


@pytest.mark.parametrize(
    ("sort", "path", "answer", "kept"),
    [
        ("webhook", "/brandhound", "brandhound is at https://brandhound.corp.example/reports", None),
        ("webhook", "/events", "no such events queue; see /events/help", None),
        ("webhook", "/notify?source=brandhound", "brandhound: nobody to notify of notifications", None),
        ("webhook", "/e", "no hook at {url}/e, see {url}/events", "no hook at •••, see {url}/events"),
        ("webhook", "/events", "no hook at {url}/events?x=1", "no hook at •••?x=1"),
        ("webhook", "/h/a8Xk2f", "no hook at /h/a8Xk2f", "no hook at /•••"),
        ("ntfy", "/alerts", "see https://b.example/alerts?alert=1", None),
        ("ntfy", "/alerts", 'no topic "alerts" ({url}/alerts/json)', "no topic ••• (•••/json)"),
    ],
)
async def test_a_word_that_is_in_an_address_too_can_be_read_in_the_log(
    client: httpx.AsyncClient,
    organization_id: UUID,
    twin: MailTwin,
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    path: str,
    answer: str,
    kept: str | None,
) -> None:
    configure(public_url="https://brandhound.corp.example")
    echo = Reply(404, answer.format(url=twin.url).encode())
    monkeypatch.setattr(twin.kept, "reply", lambda name: echo)  # type: ignore[reportUnknownLambdaType]
    await made(client, "/api/notifications/channels", {"sort": sort, "name": "Ours", "address": twin.url + path})
    await tell(organization_id, "Two alerts", href="/alerts?alert=1")
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    said = (kept or answer).format(url=twin.url)
    assert (row["response"], row["reason"].partition(": ")[2]) == (said, said)
    assert "https://brandhound.corp.example/alerts?alert=1" in row["request"]
    assert ('"topic":•••' in row["request"]) == (sort == "ntfy")


async def test_a_topic_without_a_name_hides_nothing_that_is_empty() -> None:
    """As it could be saved once."""
    assert _unsaid(Way("ntfy", "https://ntfy.sh/"), '{"topic":"","title":"A"} to https://ntfy.sh/…') == (
        '{"topic":"","title":"A"} to https://ntfy.sh/…'
    )
