"""Mail addresses with letters beyond ASCII: the domain goes out as the name service knows it, and nobody else suffers for one."""

import smtplib
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core.db import tenant_session
from brandhound.core.mail_addresses import ascii_address
from brandhound.core.secrets import seal
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.notifications.delivering import SEALED_ADDRESS
from brandhound.twins.mail import MailTwin
from tests.factories.people import signed_in
from tests.notifications.conftest import deliveries, made, tell, wants_mail

pytestmark = pytest.mark.anyio

OFFICE = {"sort": "email", "name": "Office", "address": "info@müller.de"}


@pytest.fixture
def plain_server(twin: MailTwin, monkeypatch: pytest.MonkeyPatch) -> MailTwin:
    """A mail server that takes no addresses beyond ASCII, as many do."""

    def has(self: smtplib.SMTP, name: str) -> bool:
        return name.lower() != "smtputf8" and name.lower() in self.esmtp_features

    monkeypatch.setattr(smtplib.SMTP, "has_extn", has)
    return twin


async def test_a_domain_with_an_umlaut_is_written_to_as_the_name_service_knows_it(
    client: httpx.AsyncClient, organization_id: UUID, plain_server: MailTwin
) -> None:
    await made(client, "/api/notifications/channels", OFFICE)
    await tell(organization_id)
    await run_until_idle(organization_id)
    assert [row["state"] for row in await deliveries(client)] == ["sent"]
    (mail,) = plain_server.kept.mails
    assert mail.recipients == ("info@xn--mller-kva.de",)
    assert b"To: info@xn--mller-kva.de" in mail.raw


async def test_an_address_that_the_server_cannot_take_is_its_owners_matter_alone(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, plain_server: MailTwin
) -> None:
    # As it was entered before such were refused.
    channel = await made(client, "/api/notifications/channels", OFFICE)
    async with tenant_session(organization_id) as db:
        sealed = {"sealed": seal("jörg@example.de", SEALED_ADDRESS), "id": UUID(channel["id"])}
        await db.execute(text("update notification_channels set address_sealed = :sealed where id = :id"), sealed)
    await tell(organization_id)
    await run_until_idle(organization_id)
    (row,) = await deliveries(client)
    assert (row["state"], row["attempts"]) == ("given_up", 1)
    assert "no letters beyond a to z before the @" in row["reason"]
    async with system_session() as db:
        assert await db.scalar(text("select count(*) from provider_breakers where state <> 'closed'")) == 0
    async with signed_in(app) as (other, _):
        await wants_mail(other)
        await tell(UUID(other.headers["x-organization"]), "Of another organization")
        await run_until_idle(UUID(other.headers["x-organization"]))
    assert [mail.subject for mail in plain_server.kept.mails] == ["Of another organization"]


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/notifications/channels", {**OFFICE, "address": "jörg@example.de"}, "notifications/address-refused"),
        ("/api/invitations", {"email": "jörg@example.de", "role": "viewer"}, "core/invalid-input"),
    ],
)
async def test_letters_beyond_ascii_before_the_at_are_refused_where_an_address_is_entered(
    client: httpx.AsyncClient, twin: MailTwin, path: str, body: dict[str, Any], code: str
) -> None:
    refused = await client.post(path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert "any mail servers take no letters beyond a to z before the @" in refused.text


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("ann@example.de", "ann@example.de"),
        ("ann@STRASSE.de", "ann@STRASSE.de"),
        # Not what was done in 2003: there is another domain called strasse.de.
        ("ann@straße.de", "ann@xn--strae-oqa.de"),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"),
        ("ann@-ü-", "ann@-ü-"),
        ("ann", "ann"),
    ],
)
def test_only_the_domain_changes_its_letters(address: str, sent_to: str) -> None:
    assert ascii_address(address) == sent_to
