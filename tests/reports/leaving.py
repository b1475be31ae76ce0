"""Short words for what leaves: set up a schedule, let time pass, look at what was sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.reports.coming_due import queue_due_digests, queue_due_reports, take_up_forgotten


async def plan(client: httpx.AsyncClient, **wish: Any) -> dict[str, Any]:
    """A schedule, every weekday at eight to somebody outside unless it says otherwise."""
    body = {
        "title": "Morning report",
        "period": "last_7_days",
        "attachments": [],
        "recipients": [{"email": "reader@client.example", "time_zone": "Europe/Berlin"}],
        **wish,
    }
    answer = await client.post("/api/reports/schedules", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def pass_to(organization_id: UUID, moment: datetime) -> None:
    """It becomes that moment; what is due leaves."""
    clock.freeze(moment)
    await queue_due_reports()
    await queue_due_digests()
    await run_until_idle(organization_id)


async def sweep(organization_id: UUID) -> None:
    """What has lost its run is taken up."""
    await take_up_forgotten()
    await run_until_idle(organization_id)


async def sendings(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    """What was sent or not, newest first."""
    found: list[dict[str, Any]] = (await client.get("/api/reports/sendings", params=query)).json()["items"]
    return found


async def members_id(client: httpx.AsyncClient) -> str:
    """The user that is signed in."""
    found: str = (await client.get("/api/session")).json()["user"]["id"]
    return found


def path_of(address: str) -> str:
    """An address of a mail as a path that a test can ask for."""
    return "/" + address.split("/", 3)[3]
