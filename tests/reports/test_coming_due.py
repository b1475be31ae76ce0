"""What has come due leaves, whatever is saved or removed at that very moment."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.reports import coming_due, jobs, keeping_files
from brandhound.reports.coming_due import queue_due_reports
from brandhound.twins.mail import MailTwin
from tests.reports.leaving import pass_to, plan, sendings, sweep
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

TUESDAY = datetime(2026, 11, 3, 7, 0, 30, tzinfo=UTC)
"""Half a minute past eight in Berlin; the minute's look for what is due has not come yet."""

READER = {"email": "reader@client.example", "time_zone": "Europe/Berlin"}
OTHER = {"email": "other@client.example", "time_zone": "Europe/Berlin"}


@pytest.fixture
async def news(told: Told) -> UUID:
    """The brand Acme, and one thing said of it on Friday."""
    brand_id = await told.brand()
    await told.mention(brand_id, datetime(2026, 10, 30, 12, tzinfo=UTC))
    return brand_id


async def save(client: httpx.AsyncClient, schedule: dict[str, Any], **wish: Any) -> None:
    body = {"title": "Renamed", "period": "last_7_days", "attachments": [], "recipients": [READER], **wish}
    answer = await client.put(f"/api/reports/schedules/{schedule['id']}", json=body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("wish", [{}, {"recipients": [READER, OTHER]}, {"period": "last_month"}])
async def test_a_schedule_that_is_saved_in_the_moment_it_is_due_still_leaves_once(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin, wish: dict[str, Any]
) -> None:
    schedule = await plan(client, skip_if_empty=False)
    clock.freeze(TUESDAY)
    await save(client, schedule, skip_if_empty=False, **wish)
    for seconds in (30, 90):
        await pass_to(organization_id, TUESDAY + timedelta(seconds=seconds))
    # Whoever was taken in after eight begins with the next morning.
    assert [mail.recipients[0] for mail in twin.kept.mails] == ["reader@client.example"]
    (sent,) = await sendings(client)
    assert (sent["window_at"], sent["title"].split(":")[0]) == ("2026-11-03T07:00:00Z", "Renamed")
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    assert len(twin.kept.mails) == 2 + ("recipients" in wish)


async def test_another_time_holds_from_the_moment_it_is_saved(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    schedule = await plan(client)
    clock.freeze(TUESDAY)
    await save(client, schedule, time="09:00")
    await pass_to(organization_id, TUESDAY + timedelta(minutes=1))
    assert twin.kept.mails == []
    await pass_to(organization_id, TUESDAY + timedelta(hours=1))
    assert [one["window_at"] for one in await sendings(client)] == ["2026-11-03T08:00:00Z"]


async def test_a_digest_that_is_saved_in_the_moment_it_is_due_still_leaves(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    brand_id = await told.brand()
    wish = {"wanted": True, "time": "08:00", "time_zone": "Europe/Berlin"}
    await client.put("/api/reports/digest", json=wish)
    await told.mention(brand_id, datetime(2026, 11, 2, 8, tzinfo=UTC))
    clock.freeze(TUESDAY)
    await client.put("/api/reports/digest", json={**wish, "weekdays": [1, 2, 3]})
    await pass_to(organization_id, TUESDAY + timedelta(seconds=30))
    assert [one["window_at"] for one in await sendings(client)] == ["2026-11-03T07:00:00Z"]
    assert len(twin.kept.mails) == 1


async def test_a_reader_who_is_queued_while_the_files_are_made_reads_the_same_report(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming_due, "_AT_ONCE", 1)
    write = keeping_files.make_file
    looked: list[int] = []

    async def with_a_look_meanwhile(*given: Any) -> int:
        if not looked:
            looked.append(await queue_due_reports())
        return await write(*given)

    monkeypatch.setattr(keeping_files, "make_file", with_a_look_meanwhile)
    await plan(client, attachments=["csv"], recipients=[READER, OTHER])
    await pass_to(organization_id, TUESDAY)
    assert looked == [1]
    sent = await sendings(client)
    assert {(one["state"], one["reason"]) for one in sent} == {("sent", None)}
    assert len({one["report_id"] for one in sent}) == 1
    assert len(twin.kept.mails) == 2


async def test_a_reader_who_is_queued_as_the_run_of_their_moment_ends_is_taken_along_by_another(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming_due, "_AT_ONCE", 1)
    let_go = jobs.let_go
    looked: list[int] = []

    async def with_a_look_after(*given: Any) -> int:
        mails = await let_go(*given)
        if not looked:
            looked.append(await queue_due_reports())
        return mails

    monkeypatch.setattr(jobs, "let_go", with_a_look_after)
    await plan(client, recipients=[READER, OTHER])
    await pass_to(organization_id, TUESDAY)
    assert sorted(one["state"] for one in await sendings(client)) == ["sent", "waiting"]
    await sweep(organization_id)
    sent = await sendings(client)
    assert {(one["state"], one["reason"]) for one in sent} == {("sent", None)}
    assert len({one["report_id"] for one in sent}) == 1
    assert sorted(mail.recipients[0] for mail in twin.kept.mails) == ["other@client.example", "reader@client.example"]
    assert (await client.get("/api/notifications")).json()["items"] == []


async def test_a_schedule_that_is_removed_before_its_run_began_is_said_to_be_removed_and_alarms_nobody(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    schedule = await plan(client)
    clock.freeze(TUESDAY)
    await queue_due_reports()
    await client.delete(f"/api/reports/schedules/{schedule['id']}")
    await run_until_idle(organization_id)
    await sweep(organization_id)
    (closed,) = await sendings(client)
    assert (closed["state"], closed["reason"]) == ("cancelled", "The schedule was removed.")
    assert twin.kept.mails == []
    assert (await client.get("/api/notifications")).json()["items"] == []
