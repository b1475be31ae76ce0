"""Asynchronous reports with their traps, and several calls in one."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.reports import Timeline

Ask = Callable[..., Any]
STATUS = "async_status,async_percent_completion,error_code,error_subcode"


def order(ask: Ask, meta: MetaTwin, **more: Any) -> str:
    asked = {
        "level": "ad",
        "fields": "ad_id,spend,action_values",
        "date_preset": "last_7d",
        "time_increment": "1",
    } | more
    return ask(f"{meta.account('tallow-eu').act}/insights", "POST", **asked)["report_run_id"]


def polled(ask: Ask, report: str, times: int = 400) -> list[tuple[str, int]]:
    """What the report said until it was over, or so many times."""
    seen: list[tuple[str, int]] = []
    for _ in range(times):
        told = ask(report, fields=STATUS)
        if "error" in told:
            seen.append(("error", told["error"]["error_subcode"]))
            continue
        seen.append((told["async_status"], told["async_percent_completion"]))
        if told["async_status"] in ("Job Completed", "Job Failed", "Job Skipped") and seen[-1][1] in (100, 99):
            break
    return seen


def test_a_report_tells_what_a_direct_answer_tells(client: httpx.Client, meta: MetaTwin, ask: Ask) -> None:
    report = order(ask, meta)
    assert polled(ask, report)[-1] == ("Job Completed", 100)
    page = ask(f"{report}/insights", limit="70")
    rows = page["data"]
    while "next" in page["paging"]:
        page = client.get(page["paging"]["next"]).json()
        rows += page["data"]
    asked = {"level": "ad", "fields": "ad_id,spend,action_values", "date_preset": "last_7d", "time_increment": "1"}
    assert rows == ask(f"{meta.account('tallow-eu').act}/insights", **asked, limit="3000")["data"]
    assert len(rows) > 70
    assert ask(report, "DELETE") == {"success": True}
    assert ask(report)["error"]["error_subcode"] == 33


def test_who_fetches_too_early_is_told_so(meta: MetaTwin, ask: Ask) -> None:
    meta.kept.reports.seconds = 3600
    error = ask(f"{order(ask, meta)}/insights")["error"]
    assert (error["code"], error["error_subcode"]) == (2601, 1815107)


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("failed", "Job Failed"),
        ("too_much", "Job Failed"),
        ("skipped", "Job Skipped"),
        ("running_at_100", "Job Completed"),
    ],
)
def test_reports_end_in_each_of_metas_ways(meta: MetaTwin, ask: Ask, line: Timeline, end: str) -> None:
    meta.report_lines(line)
    report = order(ask, meta)
    seen = polled(ask, report)
    assert seen[-1][0] == end
    if line == "running_at_100":
        assert ("Job Running", 100) in seen
    if line == "too_much":
        assert ask(report, fields=STATUS)["error_subcode"] == 1487534
    if end != "Job Completed":
        assert ask(f"{report}/insights")["error"]["code"] == 2601


def test_a_report_may_never_start_get_stuck_or_not_be_there_yet(meta: MetaTwin, ask: Ask) -> None:
    meta.kept.reports.seconds = 0
    meta.report_lines("never_starts", "stuck", "invisible")
    assert set(polled(ask, order(ask, meta), 5)) == {("Job Not Started", 0)}
    assert set(polled(ask, order(ask, meta), 5)) == {("Job Running", 37)}
    seen = polled(ask, order(ask, meta), 5)
    assert seen[:2] == [("error", 33), ("error", 33)]
    assert seen[-1] == ("Job Completed", 100)


def test_a_report_may_lack_values_that_a_direct_answer_has(meta: MetaTwin, ask: Ask) -> None:
    meta.report_lines("null_values")
    report = order(ask, meta)
    polled(ask, report)
    rows = ask(f"{report}/insights", limit="500")["data"]
    assert any("action_values" in row for row in rows)
    assert all(row.get("action_values") is None for row in rows)


def test_old_reports_are_gone_and_too_many_at_once_refused(meta: MetaTwin, ask: Ask) -> None:
    report = order(ask, meta)
    polled(ask, report)
    meta.advance(timedelta(days=31))
    assert ask(report, fields=STATUS)["async_status"] == "Job Skipped"
    meta.kept.reports.seconds, meta.kept.reports.most_at_once = 3600, 2
    try:
        for _ in range(2):
            order(ask, meta)
        refused = ask(f"{meta.account('tallow-eu').act}/insights", "POST", level="ad", fields="spend")
        assert refused["error"]["code"] == 613
    finally:
        meta.kept.reports.most_at_once = 100


def test_too_much_at_once_is_refused_and_a_report_of_less_succeeds(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("everything").act
    asked = {"level": "ad", "fields": "spend", "time_increment": "1", "date_preset": "last_90d"}
    assert ask(f"{act}/insights", **asked)["error"]["code"] == 1
    report = ask(f"{act}/insights", "POST", **asked)["report_run_id"]
    assert polled(ask, report)[-1][0] == "Job Failed"
    smaller = ask(f"{act}/insights", "POST", **(asked | {"date_preset": "yesterday"}))["report_run_id"]
    assert polled(ask, smaller)[-1] == ("Job Completed", 100)


def test_a_batch_answers_each_part_by_itself(client: httpx.Client, meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    parts = [
        {"method": "GET", "relative_url": "me?fields=name"},
        {"method": "GET", "relative_url": f"v26.0/{act}/ads?fields=id&limit=2"},
        {"method": "GET", "relative_url": "120239999900000001"},
        {"method": "POST", "relative_url": f"{act}/insights", "body": "level=ad&fields=spend"},
    ]
    told = ask("", "POST", batch=parts)
    assert [part["code"] for part in told] == [200, 200, 400, 200]
    assert json.loads(told[0]["body"])["name"] == "Brandhound reader"
    assert len(json.loads(told[1]["body"])["data"]) == 2
    assert json.loads(told[2]["body"])["error"]["error_subcode"] == 33
    assert "report_run_id" in json.loads(told[3]["body"])
    assert any(header["name"] == "x-business-use-case-usage" for header in told[1]["headers"])
    assert sum(call.in_batch for call in meta.calls) == 4
    assert ask("", "POST", batch=[parts[0]] * 51)["error"]["code"] == 100


def test_a_part_can_use_what_an_earlier_one_was_answered(meta: MetaTwin, ask: Ask) -> None:
    parts = [
        {"method": "GET", "name": "ads", "relative_url": f"{meta.account('tallow-eu').act}/ads?fields=id&limit=3"},
        {"method": "GET", "relative_url": "?ids={result=ads:$.data.*.id}&fields=name"},
    ]
    first, second = ask("", "POST", batch=parts)
    assert first is None
    assert len(json.loads(second["body"])) == 3


def test_parts_of_a_batch_may_be_null(meta: MetaTwin, ask: Ask) -> None:
    meta.fault("null_part", on_call=2, times=1)
    told = ask("", "POST", batch=[{"method": "GET", "relative_url": "me"}] * 4)
    assert [part is None for part in told] == [False, True, False, False]
