"""Asynchronous reports: made in the background, polled for, fetched in pages, and traps on the way."""

import itertools
import json
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from brandhound.twins.meta.asking import Asked
from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.counting import Table, count
from brandhound.twins.meta.creatives import Teller
from brandhound.twins.meta.entities import Entities
from brandhound.twins.meta.insights import Insights
from brandhound.twins.meta.known_fields import known_fields
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.refusing import Refused, refusals
from brandhound.twins.meta.selecting import pick, read_fields

# completes: as it should. running_at_100: says 100 % while it still runs. failed, too_much: fails. skipped: expires.
# never_starts, stuck: nothing happens. invisible: is not there at first. null_values: comes without its values.
Timeline = Literal[
    "completes", "running_at_100", "failed", "too_much", "skipped", "never_starts", "stuck", "invisible", "null_values"
]
LINES: tuple[Timeline, ...] = (
    "completes", "running_at_100", "failed", "too_much", "skipped", "never_starts", "stuck", "invisible", "null_values",
)  # fmt: skip
EXPIRES = timedelta(days=30)
AT_WORK = ("Job Not Started", "Job Started", "Job Running")
UNSEEN_POLLS, STILL_RUNNING_POLLS = 2, 3
DEFAULTS = "id,account_id,time_ref,time_completed,async_status,async_percent_completion,date_start,date_stop"


@dataclass
class Report:
    """One report that was asked for."""

    number: int
    account: AccountSpec
    asked: Asked
    line: Timeline
    made: datetime
    began: float
    rows: int
    polls: int = 0
    table: Table | None = None
    completed: datetime | None = None
    status: str = "Job Not Started"
    percent: int = 0
    error: str = ""


class Reports:
    """All reports. `seconds` is how long one takes, `seconds_per_row` how much longer for each row."""

    def __init__(self, insights: Insights) -> None:
        self.insights = insights
        self.seconds, self.seconds_per_row = 0.15, 0.0
        self.lines: deque[Timeline] = deque()
        """How the next reports go; those after them complete."""
        self.most_at_once = 100
        self._reports: dict[int, Report] = {}
        # Of one that was deleted the number is not given again.
        self._numbers = itertools.count()

    def make(self, teller: Teller, asked: Asked) -> dict[str, str]:
        """Ask for a report. Raises Refused when the account has too many of them at work."""
        account = teller.world.spec
        own = [report for report in self._reports.values() if report.account is account]
        for report in own:
            self._advance(report, teller)
        if sum(report.status in AT_WORK for report in own) >= self.most_at_once:
            raise Refused("custom_limit_reads")
        rows = self.insights.weigh(teller.world, asked)
        line: Timeline = self.lines.popleft() if self.lines else "completes"
        if rows > self.insights.most_rows_of_report:
            line = "too_much"
        number = next(self._numbers)
        self._reports[number] = Report(number, account, asked, line, teller.now, time.monotonic(), rows)
        return {"report_run_id": id_of("report", account.ordinal, number)}

    def poll(self, teller: Teller, call: Call, number: int) -> dict[str, Any]:
        """How far a report is. Raises Refused while it cannot be seen."""
        report = self._find(number, call)
        report.polls += 1
        if report.line == "invisible" and report.polls <= UNSEEN_POLLS:
            raise Refused("not_there", method="get", id=id_of("report", report.account.ordinal, number))
        self._advance(report, teller)
        first, last = report.asked.spans[0][0], report.asked.spans[-1][1]
        record: dict[str, Any] = {
            "id": id_of("report", report.account.ordinal, number),
            "account_id": report.account.id,
            "time_ref": int(report.made.timestamp()),
            "async_status": report.status,
            "async_percent_completion": report.percent,
            "date_start": first.isoformat(),
            "date_stop": last.isoformat(),
            "is_running": report.status in ("Job Started", "Job Running"),
        }
        if report.completed is not None:
            record["time_completed"] = int(report.completed.timestamp())
        if report.error:
            told = refusals()[report.error]
            record |= {
                "error_code": told["code"],
                "error_message": told["message"],
                "error_subcode": told.get("subcode"),
                "error_user_title": told.get("user_title"),
                "error_user_msg": told.get("user_msg"),
            }
        return pick(record, read_fields(call.param("fields", DEFAULTS)), "AdReportRun", known_fields()["AdReportRun"])

    def fetch(self, teller: Teller, known: Entities, call: Call, number: int) -> bytes:
        """A page of a report. Raises Refused while there is nothing to fetch."""
        report = self._find(number, call)
        self._advance(report, teller)
        if report.status != "Job Completed":
            raise Refused("report_not_ready")
        if report.table is None:
            # What a report tells is what was known when it was made.
            then = Teller(teller.world, teller.cdn, teller.base, report.completed or teller.now, teller.thumbnail)
            report.table = count(teller.world, known, report.asked, then.now)
        asked = report.asked
        if report.line == "null_values":
            return _without(self.insights.page(teller, call, asked, report.table))
        return self.insights.page(teller, call, asked, report.table)

    def forget(self, number: int, call: Call) -> dict[str, bool]:
        """Delete a report."""
        self._find(number, call)
        del self._reports[number]
        return {"success": True}

    def states(self) -> list[dict[str, Any]]:
        """All reports, for the control API."""
        return [
            {"id": id_of("report", r.account.ordinal, r.number), "account": r.account.key, "status": r.status,
             "polls": r.polls, "line": r.line, "rows": r.rows}
            for r in self._reports.values()
        ]  # fmt: skip

    def _find(self, number: int, call: Call) -> Report:
        if number not in self._reports:
            raise Refused("not_there", method=call.method.lower(), id=call.parts[0])
        return self._reports[number]

    def _advance(self, report: Report, teller: Teller) -> None:
        """Let time pass for a report."""
        if teller.now - report.made > EXPIRES:
            report.status, report.table = "Job Skipped", None
            return
        if report.completed is not None or report.error:
            return
        takes = self.seconds + self.seconds_per_row * report.rows
        done = min((time.monotonic() - report.began) / takes, 1.0) if takes else 1.0
        report.status = "Job Running" if done > 0.2 else "Job Started" if done > 0.05 else "Job Not Started"
        report.percent = min(int(done * 100), 99)
        match report.line:
            case "never_starts":
                report.status, report.percent = "Job Not Started", 0
            case "stuck":
                report.status, report.percent = "Job Running", min(report.percent, 37)
            case "failed" | "too_much" if done >= 1:
                report.status, report.error = (
                    "Job Failed",
                    "report_failed" if report.line == "failed" else "too_much_data",
                )
            case "skipped" if done >= 1:
                report.status = "Job Skipped"
            case "running_at_100" if done >= 1 and report.polls <= STILL_RUNNING_POLLS:
                report.status, report.percent = "Job Running", 100
            case _ if done >= 1:
                report.status, report.percent, report.completed = "Job Completed", 100, teller.now
            case _:
                pass


def _without(body: bytes) -> bytes:
    """The same page with null where values were."""
    told: dict[str, Any] = json.loads(body)
    for row in told["data"]:
        if "action_values" in row:
            row["action_values"] = None
    return json.dumps(told, separators=(",", ":")).encode()
