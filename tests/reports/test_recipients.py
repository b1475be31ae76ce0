"""Who plans reports that leave by themselves, and to whom they may go."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.twins.mail import MailTwin
from tests.factories.people import signed_in
from tests.reports.leaving import members_id, pass_to, plan, sendings
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio


async def test_only_those_who_look_after_schedules_make_them_and_recipients_are_what_they_seem(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, other_client: httpx.AsyncClient
) -> None:
    reader = {"email": "reader@client.example"}
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        refused = await analyst.post("/api/reports/schedules", json={"title": "Mine", "recipients": [reader]})
        assert refused.status_code == 403
    codes = {
        "twice": [reader, {"email": "READER@client.example"}],
        "stranger": [{"user_id": await members_id(other_client)}],
        "zone": [{**reader, "time_zone": "Mars/Olympus"}],
    }
    found = {
        name: (await client.post("/api/reports/schedules", json={"title": "Mine", "recipients": recipients})).json()[
            "code"
        ]
        for name, recipients in codes.items()
    }
    assert found == {
        "twice": "reports/recipient-twice",
        "stranger": "reports/recipient-not-member",
        "zone": "jobs/unknown-time-zone",
    }
    wrong: list[list[dict[str, str]]] = [
        [],
        [{}],
        [{"email": "a@b\nBcc: c@d.example"}],
        [{**reader, "user_id": "x"}],
    ]
    for recipients in wrong:
        answer = await client.post("/api/reports/schedules", json={"title": "Mine", "recipients": recipients})
        assert answer.status_code == 422


async def test_addresses_with_letters_beyond_ascii_are_refused_before_the_at_and_reach_their_domain_behind_it(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    await told.brand()
    refused = await client.post(
        "/api/reports/schedules", json={"title": "Mine", "recipients": [{"email": "jörg@client.example"}]}
    )
    assert refused.status_code == 422
    assert "before the @" in refused.text
    schedule = await plan(client, skip_if_empty=False, recipients=[{"email": "info@müller.example", "name": "Jörg"}])
    assert schedule["recipients"][0]["email"] == "info@müller.example"
    await pass_to(organization_id, datetime(2026, 11, 3, 7, 0, 30, tzinfo=UTC))
    (mail,) = twin.kept.mails
    assert mail.recipients == ("info@xn--mller-kva.example",)
    assert [one["state"] for one in await sendings(client)] == ["sent"]
