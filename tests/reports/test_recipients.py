"""Who plans reports that leave by themselves, and to whom they may go."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from tests.factories.people import signed_in
from tests.reports.leaving import members_id

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
