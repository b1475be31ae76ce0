"""Links that open one report to whoever has them, and nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from brandhound.twins.mail import MailTwin
from tests.factories.people import signed_in
from tests.reports.leaving import pass_to, path_of, plan
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio


@pytest.fixture
async def report_id(client: httpx.AsyncClient, told: Told) -> str:
    """A report on a week of Acme; beside it stands a brand that it does not tell of."""
    brand_id = await told.brand()
    await told.brand("Hush Hush Holdings")
    await told.mention(brand_id, datetime(2026, 10, 30, 12, tzinfo=UTC), title="Acme opens a shop")
    span = {"since_on": "2026-10-26", "until_on": "2026-11-01", "brand_ids": [str(brand_id)]}
    made = await client.post("/api/reports", json=span)
    found: str = made.json()["id"]
    return found


async def share(client: httpx.AsyncClient, report_id: str, **wish: object) -> dict[str, str]:
    answer = await client.post(f"/api/reports/{report_id}/shares", json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


async def test_a_link_shows_exactly_this_report_to_whoever_has_it_and_counts_how_often(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, report_id: str
) -> None:
    made = await share(client, report_id, label="For the board", days=7)
    shown = await anonymous.get(path_of(made["url"]))
    own = (await client.get(f"/api/reports/{report_id}/export.html")).text
    assert shown.text.replace('<meta name="robots" content="noindex,nofollow">', "") == own
    assert "Acme opens a shop" in shown.text
    assert "Hush Hush" not in shown.text
    assert shown.headers["x-robots-tag"].startswith("noindex")
    assert shown.headers["cache-control"] == "private, no-store"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "set-cookie" not in shown.headers
    await anonymous.get(path_of(made["url"]))
    (listed,) = (await client.get(f"/api/reports/{report_id}/shares")).json()
    assert (listed["label"], listed["views"], "url" in listed) == ("For the board", 2, False)


async def test_a_link_ends_when_its_time_is_over_when_it_is_taken_back_and_when_the_report_goes(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, report_id: str
) -> None:
    short, long, other = [await share(client, report_id, days=days) for days in (1, 30, 30)]
    await client.delete(f"/api/reports/{report_id}/shares/{long['id']}")
    clock.freeze(clock.now() + timedelta(days=1, seconds=1))
    never = other["url"].rsplit("/", 1)[0] + "/" + "x" * 43
    for address in (short["url"], long["url"], never):
        gone = await anonymous.get(path_of(address))
        assert (gone.status_code, "does not work any more" in gone.text) == (404, True)
        assert "Acme" not in gone.text
    assert (await anonymous.get(path_of(other["url"]))).status_code == 200
    await client.delete(f"/api/reports/{report_id}")
    assert (await anonymous.get(path_of(other["url"]))).status_code == 404


async def test_a_password_is_asked_for_and_guessing_is_slow(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, report_id: str
) -> None:
    made = await share(client, report_id, password="open sesame")
    address = path_of(made["url"])
    asked = await anonymous.get(address)
    assert "asks for a password" in asked.text
    assert "Acme" not in asked.text
    wrong = await anonymous.post(address, data={"password": "open barley"})
    assert (wrong.status_code, "not the password" in wrong.text) == (403, True)
    right = await anonymous.post(address, data={"password": "open sesame"})
    assert "Acme opens a shop" in right.text
    guesses = [await anonymous.post(address, data={"password": f"guess {n}"}) for n in range(12)]
    assert guesses[-1].status_code == 429
    assert "Too many passwords were tried on this link within a minute. Try yours again in " in guesses[-1].text
    clock.freeze(clock.now() + timedelta(minutes=1, seconds=1))
    assert (await anonymous.post(address, data={"password": "open sesame"})).status_code == 200
    (listed,) = (await client.get(f"/api/reports/{report_id}/shares")).json()
    assert (listed["views"], listed["has_password"]) == (2, True)


async def test_a_team_that_opens_a_link_with_a_password_together_is_not_kept_waiting(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, report_id: str
) -> None:
    address = path_of((await share(client, report_id, password="open sesame"))["url"])
    for _ in range(20):
        assert (await anonymous.get(address)).status_code == 200
        assert (await anonymous.post(address, data={"password": "open sesame"})).status_code == 200
    guesses = [await anonymous.post(address, data={"password": f"guess {n}"}) for n in range(5)]
    assert [one.status_code for one in guesses] == [403, 403, 403, 403, 429]


async def test_one_link_is_not_opened_without_end(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, report_id: str
) -> None:
    address = path_of((await share(client, report_id))["url"])
    answers = [await anonymous.get(address) for _ in range(61)]
    assert ({one.status_code for one in answers[:60]}, answers[60].status_code) == ({200}, 429)
    assert "This link was opened too often within a minute. Open it again in " in answers[60].text


async def test_viewers_do_not_share_and_strangers_neither_see_nor_end_a_link(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    app: FastAPI,
    organization_id: UUID,
    report_id: str,
) -> None:
    made = await share(client, report_id)
    async with signed_in(app, organization_id, "viewer") as (viewer, _):
        assert (await viewer.post(f"/api/reports/{report_id}/shares", json={})).status_code == 403
    assert (await other_client.get(f"/api/reports/{report_id}/shares")).status_code == 404
    assert (await other_client.delete(f"/api/reports/{report_id}/shares/{made['id']}")).status_code == 404
    actions = [entry["action"] for entry in (await client.get("/api/audit")).json()["items"]]
    assert "reports.shared" in actions


async def test_a_mail_to_somebody_outside_carries_a_link_of_its_own(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID, report_id: str, twin: MailTwin
) -> None:
    await plan(client, recipients=[{"email": "one@client.example"}, {"email": "two@client.example"}])
    await pass_to(organization_id, datetime(2026, 11, 3, 7, 0, 30, tzinfo=UTC))
    addresses = [
        next(line.removeprefix("The whole report: ") for line in mail.text.splitlines() if "The whole report" in line)
        for mail in twin.kept.mails
    ]
    assert len(set(addresses)) == 2
    for address in addresses:
        assert "Acme opens a shop" in (await anonymous.get(path_of(address))).text


async def test_guests_read_the_reports_that_are_shared_and_no_others(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, report_id: str, told: Told
) -> None:
    async with signed_in(app, organization_id, "guest") as (guest, _):
        parts = ("", "/export.pdf", "/export.csv", "/charts/volume.svg", "/evidence?figure=mentions")
        assert (await guest.get("/api/reports")).json()["items"] == []
        assert {(await guest.get(f"/api/reports/{report_id}{part}")).status_code for part in parts} == {404}
        made = await share(client, report_id, days=7)
        assert [one["id"] for one in (await guest.get("/api/reports")).json()["items"]] == [report_id]
        assert {(await guest.get(f"/api/reports/{report_id}{part}")).status_code for part in parts[:4]} == {200}
        assert (await guest.delete(f"/api/reports/{report_id}")).status_code == 403
        assert (await guest.get("/api/stories")).status_code == 403
        await client.delete(f"/api/reports/{report_id}/shares/{made['id']}")
        assert (await guest.get("/api/reports")).json()["items"] == []
        assert (await guest.get(f"/api/reports/{report_id}")).status_code == 404
