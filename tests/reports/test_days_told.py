"""Which days a report tells of when its readers' mornings are not the organization's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from brandhound.twins.mail import MailTwin
from tests.reports.leaving import pass_to, plan, sendings
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

AUCKLAND = {"email": "auckland@client.example", "time_zone": "Pacific/Auckland"}
SYDNEY = {"email": "sydney@client.example", "time_zone": "Australia/Sydney"}
BERLIN = {"email": "berlin@client.example", "time_zone": "Europe/Berlin"}
PAGO_PAGO = {"email": "pago@client.example", "time_zone": "Pacific/Pago_Pago"}
"""Thirty-two readers' hours apart from Auckland by the calendar, and at the same hour of the day."""


@pytest.fixture
async def news(told: Told) -> None:
    """One thing said of Acme on the last evening of November, after the first of December began in Auckland."""
    brand_id = await told.brand()
    await told.mention(brand_id, datetime(2026, 11, 30, 21, tzinfo=UTC), title="Acme opens a shop")


async def days_by_reader(client: httpx.AsyncClient) -> dict[str, Any]:
    """First and last day that each reader's newest report tells of."""
    found: dict[str, Any] = {}
    for sending in reversed(await sendings(client)):
        report = (await client.get(f"/api/reports/{sending['report_id']}")).json()
        found[sending["address"].split("@")[0]] = (report["since_on"], report["until_on"])
    return found


async def test_readers_whose_first_of_the_month_comes_sooner_read_the_same_month_once_it_is_over(
    client: httpx.AsyncClient, organization_id: UUID, news: None, twin: MailTwin
) -> None:
    monthly = {"period": "last_month", "rhythm": "monthly", "month_day": 1}
    await plan(client, **monthly, recipients=[AUCKLAND, SYDNEY, BERLIN])
    # Eight o'clock in Auckland, then in Sydney: in Berlin, where days are counted, it is still November.
    await pass_to(organization_id, datetime(2026, 11, 30, 19, 0, 30, tzinfo=UTC))
    await pass_to(organization_id, datetime(2026, 11, 30, 21, 0, 30, tzinfo=UTC))
    assert twin.kept.mails == []
    waiting = await sendings(client)
    assert {one["state"] for one in waiting} == {"waiting"}
    assert {one["reason"] for one in waiting} == {"It waits until 30 November is over in Europe/Berlin."}
    assert {one["due_at"] for one in waiting} == {"2026-11-30T23:00:00Z"}
    await pass_to(organization_id, datetime(2026, 11, 30, 23, 0, 1, tzinfo=UTC))
    assert {mail.recipients[0] for mail in twin.kept.mails} == {"auckland@client.example", "sydney@client.example"}
    await pass_to(organization_id, datetime(2026, 12, 1, 7, 0, 30, tzinfo=UTC))
    assert await days_by_reader(client) == dict.fromkeys(("auckland", "sydney", "berlin"), ("2026-11-01", "2026-11-30"))
    sent = await sendings(client)
    assert ({one["state"] for one in sent}, {one["reason"] for one in sent}) == ({"sent"}, {None})
    assert len({one["report_id"] for one in sent}) == 1
    report = (await client.get(f"/api/reports/{sent[0]['report_id']}")).json()
    assert report["mentions"] == 1
    assert "day-not-over" not in [caveat["code"] for caveat in report["document"]["caveats"]]


async def test_two_readers_of_one_moment_on_two_days_are_each_told_of_the_day_before_theirs(
    client: httpx.AsyncClient, organization_id: UUID, told: Told
) -> None:
    await told.brand()
    await plan(client, period="yesterday", skip_if_empty=False, recipients=[AUCKLAND, PAGO_PAGO])
    # Eight o'clock in both: Wednesday in Auckland, Tuesday in Pago Pago.
    moment = datetime(2026, 11, 3, 19, 0, 30, tzinfo=UTC)
    for hours in (0, 5):
        await pass_to(organization_id, moment + timedelta(hours=hours))
    assert await days_by_reader(client) == {
        "auckland": ("2026-11-03", "2026-11-03"),
        "pago": ("2026-11-02", "2026-11-02"),
    }


async def test_what_waits_for_midnight_goes_with_its_schedule(
    client: httpx.AsyncClient, organization_id: UUID, news: None, twin: MailTwin
) -> None:
    schedule = await plan(client, period="yesterday", skip_if_empty=False, recipients=[AUCKLAND])
    await pass_to(organization_id, datetime(2026, 11, 3, 19, 0, 30, tzinfo=UTC))
    assert [one["state"] for one in await sendings(client)] == ["waiting"]
    assert (await client.delete(f"/api/reports/schedules/{schedule['id']}")).status_code == 204
    await pass_to(organization_id, datetime(2026, 11, 3, 23, 0, 1, tzinfo=UTC))
    await run_until_idle(organization_id)
    (closed,) = await sendings(client)
    assert (closed["state"], closed["reason"]) == ("cancelled", "The schedule was removed.")
    assert twin.kept.mails == []
