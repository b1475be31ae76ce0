"""Many reports tagged, put away and deleted at once, and all of it taken back."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.mentions.deeds.tags import MOST_TAGS
from brandhound.notifications.models import Notification
from brandhound.reports import keeping, keeping_files
from brandhound.reports.deeds.marking import FORGET
from brandhound.reports.listing import KEPT_FOR
from brandhound.reports.models import Report, ReportMention, ReportTag
from brandhound.reports.sending_models import ReportFile
from brandhound.twins.mail import MailTwin
from tests.factories.people import signed_in
from tests.reports.leaving import pass_to, path_of, plan, sendings
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

WEEK = {"since_on": "2026-10-26", "until_on": "2026-11-01"}
TUESDAY = datetime(2026, 11, 3, 7, tzinfo=UTC)
MONTHS = ("October", "September", "August")


@pytest.fixture
async def ids(client: httpx.AsyncClient, told: Told) -> list[str]:
    """Three reports, the first of them made first."""
    await told.mention(await told.brand(), datetime(2026, 10, 30, 12, tzinfo=UTC), title="Acme opens a shop")
    made: list[str] = []
    for title in MONTHS:
        answer = await client.post("/api/reports", json={**WEEK, "title": title})
        made.append(answer.json()["id"])
        clock.advance(timedelta(minutes=1))
    return made


async def do(client: httpx.AsyncClient, kind: str, **more: object) -> dict[str, Any]:
    answer = await client.post("/api/reports/deeds", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text
    clock.advance(timedelta(minutes=1))
    return answer.json()


async def undo(client: httpx.AsyncClient, deed: dict[str, Any]) -> dict[str, Any]:
    answer = await client.put(f"/api/reports/deeds/{deed['id']}/undoing")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(client: httpx.AsyncClient, **filters: Any) -> list[str]:
    """The titles in the list, in the order of the alphabet."""
    answer = await client.get("/api/reports", params=filters)
    assert answer.status_code == 200, answer.text
    return sorted(item["title"] for item in answer.json()["items"])


async def test_reports_are_put_away_and_brought_back(client: httpx.AsyncClient, ids: list[str]) -> None:
    deed = await do(client, "archive", reports=ids[:2])
    assert (deed["total"], deed["changed"], deed["failed"]) == (2, 2, 0)
    assert deed["titles"] == ["October", "September"]
    assert await listed(client, archived=False) == ["August"]
    assert await listed(client, archived=True) == ["October", "September"]
    assert await listed(client) == sorted(MONTHS)
    again = await do(client, "archive", matching={})
    assert (again["total"], again["changed"]) == (3, 1)
    await undo(client, again)
    assert await listed(client, archived=True) == ["October", "September"]
    await do(client, "unarchive", reports=ids[:1])
    await undo(client, deed)
    assert await listed(client, archived=True) == []


async def test_taken_back_in_any_order_what_was_done_last_stands(client: httpx.AsyncClient, ids: list[str]) -> None:
    first = await do(client, "archive", reports=ids)
    away = await do(client, "unarchive", reports=ids)
    last = await do(client, "archive", reports=ids)
    await undo(client, first)
    assert await listed(client, archived=True) == sorted(MONTHS)
    await undo(client, last)
    assert await listed(client, archived=True) == []
    await undo(client, away)
    assert await listed(client, archived=True) == []
    assert (await undo(client, away))["undone_at"] is not None


async def test_all_that_match_are_tagged_and_a_tag_filters(client: httpx.AsyncClient, ids: list[str]) -> None:
    assert (await client.post("/api/reports/matching", json={"q": "BER"})).json() == {"reports": 2}
    tagged = await do(client, "tag", tag=" For  the board ", matching={"q": "ber"})
    assert (tagged["tag"], tagged["changed"]) == ("For the board", 2)
    assert await listed(client, tag="For the board") == ["October", "September"]
    assert await listed(client, tag="For the board", q="sept") == ["September"]
    assert await listed(client, q="100%") == []
    more = await do(client, "tag", tag="FOR THE BOARD", reports=ids)
    assert (more["tag"], more["changed"], more["total"]) == ("For the board", 1, 3)
    assert (await client.get("/api/reports/tags")).json()["items"] == [{"tag": "For the board", "reports": 3}]
    assert (await client.get(f"/api/reports/{ids[0]}")).json()["tags"] == ["For the board"]
    await undo(client, more)
    assert await listed(client, tag="For the board") == ["October", "September"]
    off = await do(client, "untag", tag="For the board", matching={"tags": ["For the board"]})
    assert await listed(client, tag="For the board") == []
    await undo(client, off)
    assert await listed(client, tag="For the board") == ["October", "September"]


async def test_pages_of_a_filtered_list_hold_each_report_once(client: httpx.AsyncClient, ids: list[str]) -> None:
    await do(client, "tag", tag="ber", matching={"q": "ber"})
    page = (await client.get("/api/reports", params={"tag": "ber", "limit": 1})).json()
    rest = (await client.get("/api/reports", params={"tag": "ber", "limit": 1, "cursor": page["next"]})).json()
    assert [one["title"] for one in page["items"] + rest["items"]] == ["September", "October"]
    assert rest["next"] is None


async def test_what_bears_twenty_tags_takes_no_more_and_says_so(
    client: httpx.AsyncClient, ids: list[str], organization_id: UUID
) -> None:
    async with tenant_session(organization_id) as db:
        db.add_all([ReportTag(report_id=UUID(ids[0]), tag=f"tag {number}") for number in range(MOST_TAGS)])
    deed = await do(client, "tag", tag="one more", reports=[*ids, str(uuid4())])
    assert (deed["total"], deed["changed"], deed["failed"]) == (4, 2, 2)
    detail = (await client.get(f"/api/reports/deeds/{deed['id']}")).json()
    problems = {one["report_id"]: one["problem"] for one in detail["problems"]}
    assert problems.pop(ids[0]) == "It has 20 tags already."
    assert list(problems.values()) == ["It is not there any more."]


async def test_a_deleted_report_is_nowhere_at_once_and_is_as_it_was_when_that_is_taken_back(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, ids: list[str], organization_id: UUID
) -> None:
    report = f"/api/reports/{ids[0]}"
    opens = (await client.post(f"{report}/shares", json={})).json()["url"]
    asks = (await client.post(f"{report}/shares", json={"password": "open sesame"})).json()["url"]
    await client.post(f"{report}/files", json={"form": "ndjson"})
    await run_until_idle(organization_id)
    tails = ("", "/files", "/files/ndjson", "/shares", "/evidence?figure=mentions", "/charts/volume.svg", "/export.json",
             "/export.ndjson", "/export.html")  # fmt: skip
    before = {tail: await client.get(report + tail) for tail in tails}
    assert {answer.status_code for answer in before.values()} == {200}

    deed = await do(client, "delete", reports=[ids[0]])

    assert {tail: (await client.get(report + tail)).status_code for tail in tails} == dict.fromkeys(tails, 404)
    for address in (opens, asks):
        gone = await anonymous.get(path_of(address))
        assert (gone.status_code, "does not work any more" in gone.text) == (404, True)
    assert (await client.post(f"{report}/files", json={"form": "pdf"})).status_code == 404
    assert (await client.post(f"{report}/shares", json={})).status_code == 404
    assert (await client.delete(report)).status_code == 404
    assert await listed(client) == ["August", "September"]
    assert (await client.post("/api/reports/matching", json={})).json() == {"reports": 2}

    clock.advance(timedelta(days=20))
    await keeping_files.remove_old_files()
    await undo(client, deed)

    for tail in tails:
        answer = await client.get(report + tail)
        assert answer.status_code == 200, tail
        if tail not in {"/shares", "/files"}:
            assert answer.content == before[tail].content, tail
    assert "Acme opens a shop" in (await anonymous.get(path_of(opens))).text
    assert "asks for a password" in (await anonymous.get(path_of(asks))).text
    # Its file stays for the rest of its week.
    was, now = (answer.json()[0]["expires_at"] for answer in (before["/files"], await client.get(f"{report}/files")))
    moved = datetime.fromisoformat(now) - datetime.fromisoformat(was)
    assert timedelta(days=20) <= moved < timedelta(days=20, minutes=5)


async def test_what_no_deed_that_stands_has_put_away_is_not_put_away(client: httpx.AsyncClient, ids: list[str]) -> None:
    async def mark(kind: str, reports: list[str]) -> str:
        deed = await client.post("/api/reports/deeds", json={"kind": kind, "reports": reports})
        return deed.raise_for_status().json()["id"]

    async def take_back(deed: str) -> None:
        (await client.put(f"/api/reports/deeds/{deed}/undoing")).raise_for_status()

    one, more = await mark("archive", ids[:1]), await mark("archive", ids[:2])
    await take_back(one)
    assert len(await listed(client, archived=True)) == 2
    await take_back(more)
    assert await listed(client, archived=True) == []
    away = await mark("archive", ids[:1])
    back, again = await mark("unarchive", ids[:1]), await mark("unarchive", ids[:1])
    await take_back(back)
    assert await listed(client, archived=True) == []
    await take_back(again)
    assert len(await listed(client, archived=True)) == 1
    await take_back(away)
    assert await listed(client, archived=True) == []


async def test_after_thirty_days_a_deletion_is_for_good(
    client: httpx.AsyncClient, ids: list[str], organization_id: UUID
) -> None:
    await client.post(f"/api/reports/{ids[0]}/files", json={"form": "ndjson"})
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        path = keeping_files.path_of((await db.scalars(select(ReportFile))).one())
    # As old as the stopped clock has it.
    made_at = clock.now().timestamp()
    os.utime(path, (made_at, made_at))
    assert (await client.delete(f"/api/reports/{ids[0]}")).status_code == 204
    (deed,) = (await client.get("/api/reports/deeds")).json()["items"]
    assert (deed["kind"], deed["changed"], deed["titles"]) == ("delete", 1, ["October"])

    clock.advance(KEPT_FOR - timedelta(hours=1))
    async with tenant_session(organization_id) as db:
        await enqueue(db, FORGET, key="early")
    await run_until_idle(organization_id)
    await keeping_files.remove_old_files()
    assert path.exists()
    clock.advance(timedelta(days=1, hours=1))
    late = await client.put(f"/api/reports/deeds/{deed['id']}/undoing")
    assert (late.status_code, late.json()["code"]) == (409, "reports/too-long-ago")
    # Nobody asks for it: the day's deletions have it done.
    clock.advance(timedelta(days=1))
    await run_until_idle(organization_id)
    clock.advance(timedelta(hours=7))
    await keeping_files.remove_old_files()

    async with tenant_session(organization_id) as db:
        assert await db.get(Report, UUID(ids[0])) is None
        left = select(func.count()).where(ReportMention.report_id == UUID(ids[0]))
        assert await db.scalar(left) == 0
    assert not path.exists()
    assert await listed(client) == ["August", "September"]
    (deed,) = (await client.get("/api/reports/deeds")).json()["items"]
    assert deed["titles"] == []


async def test_a_report_that_is_deleted_while_it_is_written_is_there_when_that_is_taken_back(
    client: httpx.AsyncClient, ids: list[str], organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BIG", 0)
    report = (await client.post("/api/reports", json={**WEEK, "title": "July"})).json()
    deed = await do(client, "delete", reports=[report["id"]])
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        assert "Report ready: July" not in (await db.scalars(select(Notification.title))).all()
    await undo(client, deed)
    assert (await client.get(f"/api/reports/{report['id']}")).json()["state"] == "ready"


async def test_a_mail_is_not_sent_again_while_its_report_is_deleted(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    brand_id = await told.brand()
    await told.mention(brand_id, TUESDAY - timedelta(days=1), title="Acme opens a shop")
    await plan(client, brand_ids=[str(brand_id)])
    await pass_to(organization_id, TUESDAY)
    (sent,) = await sendings(client)
    assert sent["state"] == "sent"

    deed = await do(client, "delete", reports=[sent["report_id"]])
    (gone,) = await sendings(client)
    assert (gone["state"], gone["report_id"]) == ("sent", None)
    again = await client.post(f"/api/reports/sendings/{sent['id']}/resending")
    assert (again.status_code, again.json()["code"]) == (409, "reports/cannot-send-again")

    await undo(client, deed)
    (back,) = await sendings(client)
    assert back["report_id"] == sent["report_id"]
    await do(client, "delete", reports=[sent["report_id"]])
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    assert [one["state"] for one in await sendings(client)] == ["sent", "sent"]
    assert len(twin.kept.mails) == 2


async def test_only_who_may_make_reports_does_something_to_them_and_only_to_their_own(
    app: FastAPI, client: httpx.AsyncClient, other_client: httpx.AsyncClient, ids: list[str], organization_id: UUID
) -> None:
    deed = await do(client, "tag", tag="secret", reports=ids)
    for kind in ("archive", "tag", "delete"):
        strange = await other_client.post("/api/reports/deeds", json={"kind": kind, "tag": "x", "reports": ids})
        assert strange.status_code == 404
    assert (await other_client.get(f"/api/reports/deeds/{deed['id']}")).status_code == 404
    assert (await other_client.put(f"/api/reports/deeds/{deed['id']}/undoing")).status_code == 404
    assert (await other_client.get("/api/reports/deeds")).json()["items"] == []
    assert (await other_client.get("/api/reports/tags")).json()["items"] == []
    nothing = await other_client.post("/api/reports/deeds", json={"kind": "delete", "matching": {}})
    assert nothing.json()["total"] == 0
    async with signed_in(app, organization_id, "viewer") as (viewer, _):
        assert (await viewer.post("/api/reports/deeds", json={"kind": "delete", "reports": ids})).status_code == 403
        assert (await viewer.put(f"/api/reports/deeds/{deed['id']}/undoing")).status_code == 403
        assert (await viewer.get("/api/reports/deeds")).json()["items"][0]["id"] == deed["id"]
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        await undo(analyst, deed)
    assert await listed(client) == sorted(MONTHS)


async def test_guests_are_told_of_no_tags_and_see_what_is_shared_though_it_was_put_away(
    app: FastAPI, client: httpx.AsyncClient, ids: list[str], organization_id: UUID
) -> None:
    await client.post(f"/api/reports/{ids[0]}/shares", json={})
    await do(client, "tag", tag="difficult client", reports=ids)
    await do(client, "archive", reports=ids)
    async with signed_in(app, organization_id, "guest") as (guest, _):
        (item,) = (await guest.get("/api/reports", params={"archived": False, "tag": "other"})).json()["items"]
        assert (item["title"], item["tags"]) == ("October", [])
        assert (await guest.get(f"/api/reports/{ids[0]}")).json()["tags"] == []
        assert (await guest.get("/api/reports/tags")).status_code == 403
        await do(client, "delete", reports=ids)
        assert (await guest.get("/api/reports")).json()["items"] == []
        assert (await guest.get(f"/api/reports/{ids[0]}")).status_code == 404


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"kind": "archive"}, "reports/nothing-chosen"),
        ({"kind": "archive", "reports": [], "matching": {}}, "reports/nothing-chosen"),
        ({"kind": "tag", "matching": {}}, "reports/tag-missing"),
        ({"kind": "tag", "tag": "\0", "matching": {}}, "reports/tag-missing"),
    ],
)
async def test_a_deed_that_is_unclear_says_what_is_missing(
    client: httpx.AsyncClient, wish: dict[str, Any], code: str
) -> None:
    answer = await client.post("/api/reports/deeds", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await client.get("/api/reports", params={"q": "a\0b", "tag": "\0"})).status_code == 200


async def test_the_book_tells_who_deleted_which_report(client: httpx.AsyncClient, ids: list[str]) -> None:
    await undo(client, await do(client, "delete", reports=[ids[0]]))
    await do(client, "archive", reports=ids)
    entries = (await client.get("/api/audit")).json()["items"]
    told = {entry["action"]: entry for entry in entries}
    assert (told["reports.deleted"]["kind"], told["reports.deleted"]["thing_id"]) == ("report", ids[0])
    assert told["reports.deleted"]["facts"]["title"] == "October"
    assert told["reports.archived"]["facts"]["reports"] == 3
    assert told["reports.undone"]["facts"]["kind"] == "delete"
