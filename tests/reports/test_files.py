"""Reports as files: one JSON object a line, and what is too big to be written while a browser waits."""

import asyncio
import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import current_run, enqueue
from brandhound.reports import keeping_files
from brandhound.reports.sending_models import ReportFile
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio


@pytest.fixture
async def report_id(client: httpx.AsyncClient, told: Told) -> str:
    """A report on three mentions."""
    brand_id = await told.brand()
    for hour in (10, 11, 12):
        await told.mention(brand_id, datetime(2026, 10, 30, hour, tzinfo=UTC), title=f'=Acme "at" {hour}\u2028o’clock')
    made = await client.post("/api/reports", json={"since_on": "2026-10-26", "until_on": "2026-11-01"})
    found: str = made.json()["id"]
    return found


async def test_ndjson_holds_one_mention_a_line_with_its_reasons_and_places(
    client: httpx.AsyncClient, report_id: str
) -> None:
    answer = await client.get(f"/api/reports/{report_id}/export.ndjson")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert 'filename="Acme 2026-10-26-2026-11-01.ndjson"' in answer.headers["content-disposition"]
    lines = [json.loads(line) for line in answer.text.split("\n") if line]
    assert [line["title"][-10:] for line in lines] == ["12\u2028o’clock", "11\u2028o’clock", "10\u2028o’clock"]
    assert lines[0]["reasons"][0]["code"] == "name"
    assert lines[0]["evidence"][0]["surface"] == "Acme"
    assert (lines[0]["judgement"], lines[0]["reprint"]) == (None, False)


async def test_what_is_too_big_for_a_request_is_made_by_a_run_and_stays_for_a_week(
    client: httpx.AsyncClient, report_id: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever opens it has no program that asked for it: Excel takes only a file with the mark for UTF-8.
    small = (await client.get(f"/api/reports/{report_id}/export.csv", params={"bom": True})).content
    assert small.startswith(b"\xef\xbb\xbf")
    monkeypatch.setattr(keeping_files, "MOST_AT_ONCE", 2)
    for form in ("csv", "ndjson", "xlsx"):
        refused = await client.get(f"/api/reports/{report_id}/export.{form}")
        assert (refused.status_code, refused.json()["code"]) == (409, "reports/too-many-rows")
    asked = await client.post(f"/api/reports/{report_id}/files", json={"form": "csv"})
    assert (asked.status_code, asked.json()["state"]) == (202, "making")
    early = await client.get(f"/api/reports/{report_id}/files/csv")
    assert early.json()["code"] == "reports/file-not-ready"
    again = await client.post(f"/api/reports/{report_id}/files", json={"form": "csv"})
    assert again.json()["run_id"] == asked.json()["run_id"]
    await run_until_idle(told.organization_id)
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    assert (file["state"], file["size"]) == ("ready", len(small))
    (notice,) = (await client.get("/api/notifications")).json()["items"]
    assert notice["title"].startswith("CSV ready: Acme")
    assert notice["href"] == f"/reports/{report_id}"
    loaded = await client.get(f"/api/reports/{report_id}/files/csv")
    assert loaded.content == small
    assert len(list(csv.reader(io.StringIO(loaded.text)))) == 4
    clock.freeze(clock.now() + timedelta(days=8))
    await keeping_files.remove_old_files()
    assert (await client.get(f"/api/reports/{report_id}/files")).json() == []
    assert (await client.get(f"/api/reports/{report_id}/files/csv")).status_code == 404


async def test_a_file_whose_run_was_cancelled_does_not_look_busy_for_ever_and_can_be_made_again(
    client: httpx.AsyncClient, report_id: str, told: Told
) -> None:
    asked = (await client.post(f"/api/reports/{report_id}/files", json={"form": "csv"})).json()
    assert (await client.put(f"/api/runs/{asked['run_id']}/cancellation")).is_success
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    assert file["state"] == "failed"
    await client.post(f"/api/reports/{report_id}/files", json={"form": "csv"})
    await run_until_idle(told.organization_id)
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    assert file["state"] == "ready"


async def test_a_file_that_could_not_be_written_for_a_mail_does_not_look_busy(
    client: httpx.AsyncClient, report_id: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping_files, "_write", full)
    with pytest.raises(OSError, match="No space"):
        await keeping_files.make_file(told.organization_id, UUID(report_id), "csv")
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    assert file["state"] == "failed"


async def test_a_file_that_a_mail_waited_for_is_known_to_fail_when_the_mails_run_is_lost(
    client: httpx.AsyncClient, report_id: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tenant_session(told.organization_id) as db:
        run = await enqueue(db, keeping_files.MAKE, {"report_id": report_id, "form": "csv"}, key="as of a mail")

    async def killed(*_: object) -> int:
        raise asyncio.CancelledError

    monkeypatch.setattr(keeping_files, "_write", killed)
    running = current_run.set((told.organization_id, run.id))
    with pytest.raises(asyncio.CancelledError):
        await keeping_files.make_file(told.organization_id, UUID(report_id), "csv")
    current_run.reset(running)
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    assert (file["state"], file["run_id"]) == ("making", str(run.id))
    async with tenant_session(told.organization_id) as db:
        (await db.get_one(RunRow, run.id)).state = "lost"
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    assert file["state"] == "failed"


async def test_a_file_goes_with_its_report(client: httpx.AsyncClient, report_id: str, told: Told) -> None:
    await client.post(f"/api/reports/{report_id}/files", json={"form": "ndjson"})
    await run_until_idle(told.organization_id)
    (file,) = (await client.get(f"/api/reports/{report_id}/files")).json()
    path = keeping_files.path_of(ReportFile(id=file["id"]))
    assert path.exists()
    await client.delete(f"/api/reports/{report_id}")
    # As old as the clock of these tests has it.
    made_at = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    os.utime(path, (made_at, made_at))
    clock.freeze(datetime(2027, 1, 1, tzinfo=UTC))
    await keeping_files.remove_old_files()
    assert not path.exists()
