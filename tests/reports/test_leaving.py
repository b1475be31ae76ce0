"""Reports that leave by themselves: when, to whom, once, and what becomes of them when something is wrong."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.reports.coming_due import queue_due_reports, queue_mail
from brandhound.reports.sending_models import ReportRecipient, ReportSending
from brandhound.twins.mail import MailTwin, Trouble
from tests.factories.people import signed_in
from tests.notifications.conftest import Configure
from tests.reports.leaving import members_id, pass_to, path_of, plan, sendings, sweep
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

TUESDAY = datetime(2026, 11, 3, 7, 0, 30, tzinfo=UTC)
"""Half a minute past eight in Berlin."""


@pytest.fixture
async def news(told: Told) -> UUID:
    """The brand Acme, and one thing said of it on Friday."""
    brand_id = await told.brand()
    await told.mention(brand_id, datetime(2026, 10, 30, 12, tzinfo=UTC), title="Acme opens a shop")
    return brand_id


async def test_a_report_arrives_in_the_morning_of_its_reader_with_what_was_said_and_a_way_out(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin, configure: Configure
) -> None:
    configure(public_url="https://brand.example")
    schedule = await plan(client, attachments=["pdf", "csv", "json", "ndjson", "xlsx"])
    assert schedule["when"] == "Every weekday at 8:00"
    assert schedule["next_times"][0] == "2026-11-03T07:00:00Z"
    assert len(schedule["next_times"]) == 5
    await pass_to(organization_id, datetime(2026, 11, 3, 6, 59, 59, tzinfo=UTC))
    assert twin.kept.mails == []
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    assert mail.recipients == ("reader@client.example",)
    assert mail.subject.startswith("Morning report: ")
    assert "Acme opens a shop" in mail.text
    assert "Acme opens a shop" in mail.html
    assert mail.message["auto-submitted"] == "auto-generated"
    assert mail.message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert str(mail.message["list-unsubscribe"]).startswith("<https://brand.example/api/reports/unsubscriptions/")
    names = [part.get_filename() for part in mail.message.iter_attachments()]
    assert names == [f"Acme 2026-10-27-2026-11-02.{form}" for form in ("pdf", "csv", "json", "ndjson", "xlsx")]
    pdf = next(iter(mail.message.iter_attachments())).get_content()
    assert pdf.startswith(b"%PDF")
    (sent,) = await sendings(client)
    assert (sent["state"], sent["address"], sent["status"]) == ("sent", "reader@client.example", 250)
    (found,) = (await client.get("/api/reports/schedules")).json()
    assert (found["last"]["sent"], found["next_times"][0]) == (1, "2026-11-04T07:00:00Z")


async def test_nobody_gets_it_twice_however_often_clocks_and_runs_are_repeated(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client, skip_if_empty=False)
    await pass_to(organization_id, TUESDAY)
    for seconds in (31, 90, 3600):
        await pass_to(organization_id, TUESDAY + timedelta(seconds=seconds))
    (sent,) = await sendings(client)
    async with tenant_session(organization_id) as db:
        await queue_mail(db, UUID(sent["id"]))
    await run_until_idle(organization_id)
    # A clock that was put back comes to eight o'clock once more.
    async with tenant_session(organization_id) as db:
        for recipient in await db.scalars(select(ReportRecipient)):
            recipient.next_at = datetime(2026, 11, 3, 7, tzinfo=UTC)
    await pass_to(organization_id, TUESDAY)
    assert len(twin.kept.mails) == 1


async def test_after_an_outage_it_is_sent_once_and_then_as_planned(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client, skip_if_empty=False)
    await pass_to(organization_id, datetime(2026, 11, 6, 15, tzinfo=UTC))
    (sent,) = await sendings(client)
    assert sent["window_at"] == "2026-11-06T07:00:00Z"
    await pass_to(organization_id, datetime(2026, 11, 9, 7, 0, 1, tzinfo=UTC))
    assert len(twin.kept.mails) == 2


async def test_each_reader_gets_it_by_their_own_clock_and_all_read_the_same_report(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    zones = {"tokyo": "Asia/Tokyo", "berlin": "Europe/Berlin", "lima": "America/Lima"}
    await plan(
        client,
        recipients=[{"email": f"{name}@client.example", "time_zone": zone} for name, zone in zones.items()],
    )
    for hour in (13, 23, 31, 37):
        await pass_to(organization_id, datetime(2026, 11, 2, tzinfo=UTC) + timedelta(hours=hour, seconds=1))
    order = [mail.recipients[0].split("@")[0] for mail in twin.kept.mails]
    assert order == ["lima", "tokyo", "berlin", "lima"]
    reports = [sent["report_id"] for sent in reversed(await sendings(client))]
    # Eight o'clock in Tokyo is midnight in Berlin, where days are counted: Tuesday, for all of them.
    assert reports[1] == reports[2] == reports[3]
    assert reports[0] != reports[1]


async def test_each_day_has_a_report_of_its_own_even_on_the_same_days(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID
) -> None:
    del news
    await plan(client, period="last_month", skip_if_empty=False)
    for day in (3, 4):
        await pass_to(organization_id, datetime(2026, 11, day, 7, 1, tzinfo=UTC))
    sent = await sendings(client)
    assert len({one["report_id"] for one in sent}) == len(sent) == 2


async def test_a_corrected_template_reaches_whoever_reads_after_it(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID
) -> None:
    del news
    blocks = [{"kind": "title"}, {"kind": "text", "text": "Wrong"}]
    kept = (await client.post("/api/reports/templates", json={"name": "T", "blocks": blocks})).json()
    readers = [
        {"email": "early@client.example", "time_zone": "Europe/Berlin"},
        {"email": "middle@client.example", "time_zone": "Europe/London"},
        {"email": "late@client.example", "time_zone": "America/New_York"},
    ]
    await plan(client, template_id=kept["id"], recipients=readers, skip_if_empty=False)
    await pass_to(organization_id, datetime(2026, 11, 3, 7, 1, tzinfo=UTC))
    await pass_to(organization_id, datetime(2026, 11, 3, 8, 1, tzinfo=UTC))
    change = {"name": "T", "blocks": [blocks[0], {"kind": "text", "text": "Right"}], "based_on": 1}
    assert (await client.put(f"/api/reports/templates/{kept['id']}", json=change)).status_code == 200
    await pass_to(organization_id, datetime(2026, 11, 3, 13, 1, tzinfo=UTC))
    # First of all, what was due in New York the day before.
    late, middle, *first = [one["report_id"] for one in await sendings(client)]
    assert middle in first
    assert late not in (middle, *first)
    report = (await client.get(f"/api/reports/{late}")).json()
    assert report["document"]["presentation"]["blocks"][1]["text"] == "Right"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        # Berlin, at half past two: skipped in spring, twice in autumn.
        ("2026-03-27T12:00:00+00:00", ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]),
        ("2026-10-23T12:00:00+00:00", ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
    ],
)
async def test_summer_time_neither_swallows_nor_doubles_a_report(
    client: httpx.AsyncClient, told: Told, before: str, expected: list[str]
) -> None:
    clock.freeze(datetime.fromisoformat(before))
    answer = await client.post(
        "/api/reports/schedules/preview",
        json={"weekdays": [1, 2, 3, 4, 5, 6, 7], "time": "02:30", "time_zones": ["Europe/Berlin"]},
    )
    assert answer.json()["next_times"][:3] == expected


async def test_the_last_day_of_the_month_is_the_last_whichever_that_is(client: httpx.AsyncClient, told: Told) -> None:
    answer = await client.post(
        "/api/reports/schedules/preview",
        json={"rhythm": "monthly", "month_day": 31, "time": "18:00", "time_zones": ["UTC"]},
    )
    assert [at[:10] for at in answer.json()["next_times"]] == [
        "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31",
    ]  # fmt: skip
    wrong = {"rhythm": "monthly", "month_day": 30, "time_zones": ["UTC"]}
    assert (await client.post("/api/reports/schedules/preview", json=wrong)).status_code == 422


async def test_a_quiet_week_is_not_told_unless_that_is_wished(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    await told.brand()
    await plan(client, title="Silent")
    await plan(client, title="Always", skip_if_empty=False)
    await pass_to(organization_id, TUESDAY)
    states = {sent["title"].split(":")[0]: (sent["state"], sent["reason"]) for sent in await sendings(client)}
    assert states["Silent"] == ("skipped", "There was no mention in these days.")
    assert states["Always"][0] == "sent"
    assert len(twin.kept.mails) == 1
    assert len((await client.get("/api/reports")).json()["items"]) == 1


async def test_a_paused_report_stays_at_home_and_makes_up_for_nothing(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    schedule = await plan(client)
    paused = (await client.put(f"/api/reports/schedules/{schedule['id']}/pause")).json()
    assert (paused["paused"], paused["next_times"]) == (True, [])
    await pass_to(organization_id, TUESDAY)
    resumed = (await client.delete(f"/api/reports/schedules/{schedule['id']}/pause")).json()
    assert resumed["next_times"][0] == "2026-11-04T07:00:00Z"
    await pass_to(organization_id, TUESDAY + timedelta(hours=1))
    assert twin.kept.mails == []
    actions = [entry["action"] for entry in (await client.get("/api/audit")).json()["items"]]
    assert {"reports.schedule-added", "reports.schedule-paused", "reports.schedule-resumed"} <= set(actions)


async def test_one_click_ends_it_and_looking_does_not(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    schedule = await plan(client)
    await pass_to(organization_id, TUESDAY)
    address = path_of(str(twin.kept.mails[0].message["list-unsubscribe"]).strip("<>"))
    looked = await anonymous.get(address)
    assert "Morning report" in looked.text
    assert "noindex" in looked.headers["x-robots-tag"]
    assert (await client.get("/api/reports/schedules")).json()[0]["recipients"][0]["state"] == "active"
    done = await anonymous.post(address, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, done.headers.get("location"), done.headers.get("set-cookie")) == (200, None, None)
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    assert len(twin.kept.mails) == 1
    # Neither saving the form again nor leaving the address out and naming it anew takes it in again.
    body = {"title": "Morning report", "attachments": [], "recipients": [{"email": "other@client.example"}]}
    for recipients in (body["recipients"], [{"email": "Reader@client.example"}]):
        saved = await client.put(f"/api/reports/schedules/{schedule['id']}", json={**body, "recipients": recipients})
        states = {one["email"]: one["state"] for one in saved.json()["recipients"]}
        assert states["reader@client.example"] == "unsubscribed"
    recipient_id = schedule["recipients"][0]["id"]
    refused = await client.delete(f"/api/reports/schedules/{schedule['id']}/recipients/{recipient_id}/pause")
    assert refused.json()["code"] == "reports/recipient-unsubscribed"


async def test_a_recipient_whom_the_mail_server_refuses_is_paused_and_somebody_is_told(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    schedule = await plan(client, recipients=[{"email": "gone@client.example"}, {"email": "there@client.example"}])
    twin.kept.troubles.append(Trouble("recipient", 550, "5.1.1 nobody of that name", recipient="gone@client.example"))
    await pass_to(organization_id, TUESDAY)
    assert [mail.recipients for mail in twin.kept.mails] == [("there@client.example",)]
    states = {sent["address"]: sent["state"] for sent in await sendings(client)}
    assert states == {"gone@client.example": "given_up", "there@client.example": "sent"}
    told = next(sent["reason"] for sent in await sendings(client) if sent["address"] == "gone@client.example")
    assert "nobody of that name. Nothing more is sent to this address until somebody mends it" in told
    recipients = (await client.get(f"/api/reports/schedules/{schedule['id']}")).json()["recipients"]
    gone = next(one for one in recipients if one["email"] == "gone@client.example")
    assert (gone["state"], gone["next_at"]) == ("refused", None)
    assert "nobody of that name" in gone["reason"]
    titles = [notice["title"] for notice in (await client.get("/api/notifications")).json()["items"]]
    assert "No more reports to gone@client.example" in titles
    twin.kept.forget()
    await client.delete(f"/api/reports/schedules/{schedule['id']}/recipients/{gone['id']}/pause")
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    assert len(twin.kept.mails) == 2


async def test_what_is_for_now_is_tried_again_with_the_same_identifier(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client)
    twin.kept.troubles.append(Trouble("data", 452, "4.3.1 disk full", times=1))
    await pass_to(organization_id, TUESDAY)
    (waiting,) = await sendings(client)
    assert (waiting["state"], len(twin.kept.mails)) == ("failed", 0)
    assert "disk full" in waiting["reason"]
    assert datetime.fromisoformat(waiting["ends_at"]) - TUESDAY == timedelta(days=1)
    await pass_to(organization_id, TUESDAY + timedelta(minutes=1))
    (sent,) = await sendings(client)
    assert (sent["state"], sent["attempts"], sent["ends_at"]) == ("sent", 2, None)
    assert str(twin.kept.mails[0].message["message-id"]).startswith(f"<{sent['id']}.0@")


@pytest.mark.parametrize("trouble", [Trouble("end", code=None, times=1), Trouble("end", stall=True, times=1)])
async def test_when_it_stays_open_whether_it_was_taken_it_is_not_sent_again_by_itself(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin, configure: Configure, trouble: Trouble
) -> None:
    configure(smtp_timeout="1")
    await plan(client)
    twin.kept.troubles.append(trouble)
    await pass_to(organization_id, TUESDAY)
    (open_,) = await sendings(client)
    assert (open_["state"], len(twin.kept.mails)) == ("uncertain", 1)
    assert "may have arrived" in open_["reason"]
    titles = [notice["title"] for notice in (await client.get("/api/notifications")).json()["items"]]
    assert any(title.startswith("It may have arrived: Morning report") for title in titles)
    await pass_to(organization_id, TUESDAY + timedelta(hours=5))
    await sweep(organization_id)
    assert len(twin.kept.mails) == 1
    # A person may: then it is another mail, which no mail program takes for the first.
    again = await client.post(f"/api/reports/sendings/{open_['id']}/resending")
    assert again.status_code == 202, again.text
    await run_until_idle(organization_id)
    first, second = (str(mail.message["message-id"]) for mail in twin.kept.mails)
    assert first != second
    assert [sent["state"] for sent in await sendings(client)] == ["sent"]


async def test_a_worker_that_dies_while_it_hands_over_does_not_make_another_send_it_again(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client)
    await pass_to(organization_id, TUESDAY)
    (sent,) = await sendings(client)
    twin.kept.forget()
    async with tenant_session(organization_id) as db:
        row = await db.get_one(ReportSending, UUID(sent["id"]))
        row.state, row.sent_at, row.due_at = "sending", None, TUESDAY
    clock.freeze(TUESDAY + timedelta(hours=1))
    await sweep(organization_id)
    assert [one["state"] for one in await sendings(client)] == ["uncertain"]
    assert twin.kept.mails == []


async def test_without_a_mail_server_it_says_so(client: httpx.AsyncClient, organization_id: UUID, news: UUID) -> None:
    await plan(client)
    await pass_to(organization_id, TUESDAY)
    (sent,) = await sendings(client)
    assert sent["state"] == "given_up"
    assert "no mail server" in sent["reason"]


async def test_a_test_goes_to_whoever_asks_and_to_nobody_else(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    await told.brand()
    schedule = await plan(client)
    asked = await client.post(f"/api/reports/schedules/{schedule['id']}/test")
    assert asked.status_code == 202, asked.text
    await run_until_idle(organization_id)
    (mail,) = twin.kept.mails
    me = (await client.get("/api/session")).json()["user"]["email"]
    assert (mail.recipients, mail.subject.startswith("Test: Morning report")) == ((me,), True)
    (sent,) = await sendings(client, schedule=schedule["id"])
    assert (sent["sort"], sent["state"]) == ("test", "sent")


async def test_a_member_is_linked_to_the_report_and_one_who_has_left_gets_nothing(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    async with signed_in(app, organization_id, "viewer") as (viewer, address):
        await plan(client, recipients=[{"user_id": await members_id(viewer)}])
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    assert mail.recipients == (address,)
    assert re.search(r"/reports/[0-9a-f-]{36}", mail.text)
    assert "shared-reports" not in mail.text
    member = next(one for one in (await client.get("/api/members")).json() if one["email"] == address)
    await client.delete(f"/api/members/{member['id']}")
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    await pass_to(organization_id, TUESDAY + timedelta(days=2))
    assert len(twin.kept.mails) == 1
    assert [one["state"] for one in await sendings(client)] == ["cancelled", "sent"]
    (recipient,) = (await client.get("/api/reports/schedules")).json()[0]["recipients"]
    assert (recipient["state"], recipient["next_at"]) == ("paused", None)


async def test_a_report_whose_brands_are_gone_is_not_sent_and_says_why(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client, brand_ids=[str(news)])
    await client.delete(f"/api/brands/{news}")
    await pass_to(organization_id, TUESDAY)
    (sent,) = await sendings(client)
    assert sent["state"] == "skipped"
    assert "removed" in sent["reason"]


async def test_two_schedulers_at_once_queue_each_mail_once(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client, recipients=[{"email": f"r{number}@client.example"} for number in range(20)])
    clock.freeze(TUESDAY)
    await asyncio.gather(*(queue_due_reports() for _ in range(4)))
    await run_until_idle(organization_id)
    assert sorted(mail.recipients[0] for mail in twin.kept.mails) == sorted(
        f"r{number}@client.example" for number in range(20)
    )
