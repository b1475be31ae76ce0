"""Notices by mail: what a mail holds, when it is sent, and what becomes of it when the mail server has its troubles."""

import re
import time
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.mail import MailTwin, Trouble, catch
from tests.factories.people import signed_in
from tests.notifications.conftest import Configure, deliveries, made, tell, wants_mail

pytestmark = pytest.mark.anyio


async def test_a_mail_says_what_happened_where_to_look_and_how_to_get_no_more(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure
) -> None:
    configure(public_url="https://brand.example")
    await wants_mail(client)
    await tell(organization_id, "Ärger: <Nordwind>\nschweigt", body="Since Monday.", href="/feeds/1", key="feed:1")
    await run_until_idle(organization_id)
    (mail,) = twin.kept.mails
    assert mail.subject == "Ärger: <Nordwind> schweigt"
    assert "Since Monday." in mail.text
    assert "https://brand.example/feeds/1" in mail.text
    assert "&lt;Nordwind&gt;" in mail.html
    assert mail.message["auto-submitted"] == "auto-generated"
    assert mail.message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert str(mail.message["list-unsubscribe"]).startswith("<https://brand.example/api/notifications/unsubscriptions/")
    assert mail.message["references"]
    (sent,) = await deliveries(client)
    assert (sent["state"], sent["sort"], sent["status"]) == ("sent", "email", 250)
    assert "kept as 1" in sent["response"]


async def test_what_is_not_chosen_is_not_mailed_and_nothing_is_queued_for_it(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await tell(organization_id)
    assert await run_until_idle(organization_id) == []
    assert twin.kept.dialled == 0


async def test_administrators_are_mailed_by_themselves_of_what_they_must_mend(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    async with signed_in(app, organization_id, "viewer") as (viewer, address):
        await tell(organization_id, "The quota is used up", "quota_spent")
        await run_until_idle(organization_id)
        assert [address in mail.recipients for mail in twin.kept.mails] == [False]
        # Who sees the run learns of which sort the notice was, and not what it says.
        (run,) = (await viewer.get("/api/runs", params={"job": "notifications.deliver"})).json()["items"]
        assert run["outcome"] == "A quota is used up: told by e-mail"
        assert (await viewer.get("/api/notifications")).json()["items"] == []
    assert len((await client.get("/api/notifications")).json()["items"]) == 1


async def test_an_alert_is_mailed_once_however_often_its_run_is_repeated(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    from brandhound.core.db import tenant_session
    from brandhound.notifications.addressing import queue_delivery

    await wants_mail(client)
    for number in range(3):
        await tell(organization_id, f"Silent for {number} days", key="feed:2")
    await run_until_idle(organization_id)
    (sent,) = await deliveries(client)
    async with tenant_session(organization_id) as db:
        await queue_delivery(db, UUID(sent["id"]))
    await run_until_idle(organization_id)
    assert [mail.subject for mail in twin.kept.mails] == ["Silent for 2 days"]


async def test_when_it_stays_open_whether_a_mail_was_taken_it_is_sent_again_with_the_same_identifier(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    twin.kept.troubles.append(Trouble("end", code=None, times=1))
    await tell(organization_id)
    await run_until_idle(organization_id)
    (waiting,) = await deliveries(client)
    assert (waiting["state"], len(twin.kept.mails)) == ("failed", 1)
    clock.freeze(clock.now() + timedelta(minutes=1))
    await run_until_idle(organization_id)
    first, second = twin.kept.mails
    assert first.message["message-id"] == second.message["message-id"]
    assert [one["state"] for one in await deliveries(client)] == ["sent"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble("recipient", 451, "4.7.1 come again", times=2), "451 4.7.1 come again"),
        (Trouble("greeting", 421, "too busy", times=2), "421"),
        (Trouble("data", 452, "4.3.1 disk full", times=2), "452 4.3.1 disk full"),
        (Trouble("hello", times=2), "hung up"),
    ],
)
async def test_what_is_for_now_is_tried_again(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, trouble: Trouble, words: str
) -> None:
    await wants_mail(client)
    twin.kept.troubles.append(trouble)
    await tell(organization_id)
    await run_until_idle(organization_id)
    (waiting,) = await deliveries(client)
    assert waiting["state"] == "failed"
    assert words in waiting["reason"]
    for _ in range(2):
        clock.freeze(clock.now() + timedelta(minutes=3))
        await run_until_idle(organization_id)
    (sent,) = await deliveries(client)
    assert (sent["state"], sent["attempts"], len(twin.kept.mails)) == ("sent", 3, 1)


async def test_what_is_for_good_is_given_up_at_once_with_the_server_s_words(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    twin.kept.troubles.append(Trouble("recipient", 550, "5.1.1 nobody of that name"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    (gone,) = await deliveries(client)
    assert gone["state"] == "given_up"
    assert "550 5.1.1 nobody of that name" in gone["reason"]
    # Nothing is lost: it is in the app, and can be sent again once the trouble is mended.
    twin.kept.forget()
    assert (await client.post(f"/api/notifications/deliveries/{gone['id']}/resending")).status_code == 202
    await run_until_idle(organization_id)
    assert [one["state"] for one in await deliveries(client)] == ["sent"]


async def test_a_mail_server_that_stalls_costs_seconds_and_loses_nothing(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure
) -> None:
    configure(smtp_timeout="1")
    await wants_mail(client)
    twin.kept.troubles.append(Trouble("data", stall=True, times=1))
    await tell(organization_id)
    began = time.monotonic()
    await run_until_idle(organization_id)
    assert time.monotonic() - began < 30
    (waiting,) = await deliveries(client)
    assert waiting["state"] == "failed"
    assert "did not answer in 1 seconds" in waiting["reason"]
    clock.freeze(clock.now() + timedelta(minutes=1))
    await run_until_idle(organization_id)
    assert len(twin.kept.mails) == 1


async def test_a_server_that_is_away_is_tried_for_a_day(
    client: httpx.AsyncClient, organization_id: UUID, configure: Configure
) -> None:
    configure(smtp_url="smtp://127.0.0.1:9", smtp_tls="none", smtp_timeout="1")
    await wants_mail(client)
    began = clock.now()
    clock.freeze(began)
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    while row["state"] == "failed":
        assert "refuses connections" in row["reason"]
        clock.freeze(datetime.fromisoformat(row["due_at"]) + timedelta(seconds=2))
        await run_until_idle(organization_id)
        (row,) = await deliveries(client)
    assert row["state"] == "given_up"
    assert row["attempts"] > 8
    assert timedelta(hours=12) < clock.now() - began <= timedelta(hours=25)


async def test_encryption_is_insisted_on_and_certificates_are_verified(
    client: httpx.AsyncClient, organization_id: UUID, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brandhound.notifications import smtp

    await wants_mail(client)
    with catch() as plain, catch(tls="starttls", account=("ann", "canary-mail-1")) as secured:
        configure(smtp_url=plain.smtp_url, smtp_tls="starttls", smtp_timeout="30")
        await tell(organization_id, "One")
        await run_until_idle(organization_id)
        assert "no encryption" in (await deliveries(client))[0]["reason"]
        assert plain.kept.mails == []
        configure(smtp_url=secured.smtp_url.replace("://", "://ann:canary-mail-1@"))
        await tell(organization_id, "Two")
        await run_until_idle(organization_id)
        assert "certificate is not trusted" in (await deliveries(client))[0]["reason"]
        monkeypatch.setenv("SSL_CERT_FILE", str(secured.certificate))
        smtp.trusted_context.cache_clear()
        try:
            # What waits is tried again by itself, now and then: somebody may have mended it.
            clock.freeze(clock.now() + timedelta(minutes=6))
            await run_until_idle(organization_id)
        finally:
            monkeypatch.delenv("SSL_CERT_FILE")
            smtp.trusted_context.cache_clear()
        assert {(mail.encrypted, mail.user) for mail in secured.kept.mails} == {(True, "ann")}
        assert sorted(mail.subject for mail in secured.kept.mails) == ["One", "Two"]
    assert "canary-mail-1" not in str(await deliveries(client)) + (await client.get("/api/notifications/mail")).text


async def test_with_a_wrong_password_nobody_is_asked_again_and_what_waits_goes_out_with_the_right_one(
    client: httpx.AsyncClient, organization_id: UUID, configure: Configure
) -> None:
    await wants_mail(client)
    with catch(account=("ann", "right")) as server:
        configure(smtp_url=server.smtp_url.replace("://", "://ann:wrong@"), smtp_tls="none", smtp_timeout="30")
        await tell(organization_id, "One")
        await run_until_idle(organization_id)
        (row,) = await deliveries(client)
        assert (row["state"], row["status"], row["attempts"]) == ("failed", 535, 1)
        assert "refuses user or password" in row["reason"]
        dialled = server.kept.dialled
        await tell(organization_id, "Two")
        await run_until_idle(organization_id)
        assert (await deliveries(client))[0]["attempts"] == 0
        assert server.kept.dialled == dialled
        configure(smtp_url=server.smtp_url.replace("://", "://ann:right@"))
        clock.freeze(clock.now() + timedelta(minutes=16))
        await run_until_idle(organization_id)
        assert sorted(mail.subject for mail in server.kept.mails) == ["One", "Two"]
    assert {row["state"] for row in await deliveries(client)} == {"sent"}


async def test_one_click_ends_mails_and_looking_at_the_page_does_not(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    await tell(organization_id, "One")
    await run_until_idle(organization_id)
    path = re.sub(r"^<https?://[^/]+|>$", "", str(twin.kept.mails[0].message["list-unsubscribe"]))
    page = await anonymous.get(path)
    assert (page.status_code, "No more mails from brandhound?" in page.text) == (200, True)
    assert (await client.get("/api/notifications/preferences")).json()["email"] is True
    done = await anonymous.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, done.history) == (200, [])
    assert (await client.get("/api/notifications/preferences")).json()["email"] is False
    await tell(organization_id, "Two")
    await run_until_idle(organization_id)
    assert len(twin.kept.mails) == 1
    assert (await anonymous.post(path[:-3] + "abc")).status_code == 404


async def test_what_was_read_in_the_app_meanwhile_is_not_mailed_any_more(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    await wants_mail(client)
    notice = await tell(organization_id)
    await client.put(f"/api/notifications/{notice}/reading")
    await run_until_idle(organization_id)
    assert twin.kept.mails == []
    (row,) = await deliveries(client)
    assert (row["state"], row["reason"]) == ("dropped", "It was read in the app before.")


async def test_a_test_goes_to_oneself_and_says_without_a_server_what_is_missing(
    client: httpx.AsyncClient,
    organization_id: UUID,
    twin: MailTwin,
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await made(client, "/api/notifications/mail/test", {})
    await run_until_idle(organization_id)
    assert [mail.subject for mail in twin.kept.mails] == ["This is a test"], await deliveries(client)
    state = (await client.get("/api/notifications/mail")).json()
    assert (state["configured"], state["sender"], state["problem"]) == (True, "notices@brandhound.test", None)
    monkeypatch.delenv("BRANDHOUND_SMTP_URL")
    configure()
    refused = await client.post("/api/notifications/mail/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "notifications/no-mail-server")
    configure(smtp_url="mail.example.com")
    assert "smtp://host:port" in (await client.get("/api/notifications/mail")).json()["problem"]


async def test_whoever_has_left_is_told_nothing_any_more(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: MailTwin
) -> None:
    async with signed_in(app, organization_id, "viewer") as (leaving, address):
        await wants_mail(leaving)
        twin.kept.troubles.append(Trouble("end", 451, times=1))
        await tell(organization_id)
        await run_until_idle(organization_id)
        assert [mail.recipients for mail in twin.kept.mails] == [(address,)]
        members = (await client.get("/api/members")).json()
        member = next(one["id"] for one in members if one["email"] == address)
        assert (await client.delete(f"/api/members/{member}")).status_code == 204
    clock.freeze(clock.now() + timedelta(minutes=1))
    await run_until_idle(organization_id)
    await tell(organization_id, "Another")
    await run_until_idle(organization_id)
    assert len(twin.kept.mails) == 1
