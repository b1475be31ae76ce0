"""Reports that Meta makes in its own time: begun, watched, read; and made smaller when they are too much.

A report is ready only when it says “Job Completed” and 100 %: it has been seen to run at 100 %, and what is read then is not
all of it. One that fails is begun once more as it was, and then as two smaller ones. One that expired is begun anew. One that
does not begin, or never ends, is left and made smaller.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from brandhound.ads.meta.asking import Asker, Reply
from brandhound.ads.meta.facts_of_meta import fields, limits
from brandhound.ads.meta.failing import MetaFailed
from brandhound.ads.meta.paging import pages
from brandhound.ads.meta.questions import Question, by_fields

Row = dict[str, Any]


class CannotBeSplit(Exception):
    """Meta calls it too much data, and it cannot be asked for in smaller pieces."""

    code = "ads/too-much-data"


@dataclass
class Gathered:
    """The rows of a question, and what it took to get them."""

    rows: list[Row] = field(default_factory=list[Row])
    reports: int = 0
    splits: int = 0
    reasons: list[str] = field(default_factory=list[str])


Keep = Callable[[Question, Mapping[str, str], Reply, int], Awaitable[None]]


class Reporter:
    """Gets the rows of questions for one account."""

    def __init__(self, asker: Asker, account: str, known_ads: Sequence[str] = (), keep: Keep | None = None) -> None:
        self._asker = asker
        self._account = account
        self._known_ads = tuple(known_ads)
        self._keep = keep

    async def read(self, question: Question, expected_rows: float | None = None) -> Gathered:
        """All its rows, each once. Small questions are asked directly, others have a report made.

        Raises MetaFailed, CannotBeSplit, MustWait or FetchFailed.
        """
        found = Gathered()
        small = expected_rows is not None and expected_rows <= limits()["slices"]["direct_rows"]
        found.rows = await self._rows(question, found, direct=small)
        return found

    async def _rows(self, question: Question, found: Gathered, *, direct: bool) -> list[Row]:
        if direct:
            try:
                return await self._paged(question, f"{self._account}/insights", question.params(), "insights")
            except MetaFailed as failed:
                if failed.policy != "split":
                    raise
                found.reasons.append(f"asked directly: {failed.message}")
        for _ in range(2):
            try:
                return await self._reported(question, found)
            except _Failed as failed:
                found.reasons.append(str(failed))
                if failed.is_too_much:
                    break
        return await self._split(question, found)

    async def _split(self, question: Question, found: Gathered) -> list[Row]:
        halves = question.halves(self._known_ads)
        if halves is None:
            raise CannotBeSplit("; ".join(found.reasons[-3:]))
        found.splits += 1
        first = await self._rows(halves[0], found, direct=False)
        second = await self._rows(halves[1], found, direct=False)
        return _joined(first, second, question) if by_fields(halves) else first + second

    async def _reported(self, question: Question, found: Gathered) -> list[Row]:
        """Have a report made and read it. Raises _Failed when it came to nothing."""
        for _ in range(1 + limits()["reports"]["recreated"]):
            found.reports += 1
            try:
                begun = await self._asker.post(f"{self._account}/insights", question.params())
                report = str(begun.data.get("report_run_id") or "")
                if not report:
                    raise _Failed("no report was begun")
                if not await self._is_made(report):
                    found.reasons.append("expired before it was read")
                    continue
                rows = await self._paged(question, f"{report}/insights", {}, "report")
                if any(row.get("action_values", ()) is None for row in rows):
                    # Reports have come with null where the same question asked directly has values.
                    raise _Failed("it came without its values")
                return rows
            except MetaFailed as failed:
                if failed.policy == "split":
                    raise _Failed(failed.message, is_too_much=True) from failed
                if failed.policy in ("not_ready", "gone"):
                    raise _Failed(failed.message) from failed
                raise
        raise _Failed("it expired every time")

    async def _is_made(self, report: str) -> bool:
        """Wait until it is ready; False when it expired. Raises _Failed."""
        told = limits()["reports"]
        began, wait, started = monotonic(), told["first_poll"], False
        while True:
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))
            standing = await self._standing(report)
            status = str(standing.get("async_status") or "Job Not Started")
            if status == "Job Completed" and int(standing.get("async_percent_completion") or 0) >= 100:
                return True
            if status == "Job Failed":
                raise _Failed(_why(standing), is_too_much=_is_too_much(standing))
            if status == "Job Skipped":
                return False
            started = started or status != "Job Not Started"
            if monotonic() - began > told["to_finish" if started else "to_start"]:
                await self._cancel(report)
                raise _Failed("it never began" if not started else "it never ended", is_too_much=True)
            wait = min(told["longest_poll"], wait * 1.5)

    async def _standing(self, report: str) -> dict[str, Any]:
        try:
            return (await self._asker.get(report, {"fields": ",".join(fields()["report"])})).data
        except MetaFailed as failed:
            # Just begun, it is not known everywhere yet.
            if failed.policy in ("gone", "not_ready"):
                return {}
            raise

    async def _cancel(self, report: str) -> None:
        try:
            await self._asker.call("DELETE", report, {})
        except MetaFailed:
            return  # It counts against us no longer than it lives.

    async def _paged(self, question: Question, path: str, params: Mapping[str, str], kind: str) -> list[Row]:
        rows: list[Row] = []
        not_ready = 0
        while True:
            try:
                async for page in pages(self._asker, path, params, limits()["page"][kind]):
                    rows += page.things
                    if self._keep:
                        await self._keep(question, page.asked, page.reply, len(page.things))
                return _once_each(rows, question.breakdowns)
            except MetaFailed as failed:
                if failed.policy != "not_ready" or not_ready >= limits()["retries"]["tries"]:
                    raise
                not_ready += 1
                rows.clear()
                await asyncio.sleep(limits()["reports"]["first_poll"] * 2**not_ready)


class _Failed(Exception):
    def __init__(self, why: str, *, is_too_much: bool = False) -> None:
        super().__init__(why)
        self.is_too_much = is_too_much


def _why(standing: Mapping[str, Any]) -> str:
    words = standing.get("error_user_msg") or standing.get("error_message") or "the report failed"
    code = standing.get("error_code")
    return f"{words} ({code}/{standing.get('error_subcode')})" if code is not None else str(words)


def _is_too_much(standing: Mapping[str, Any]) -> bool:
    return standing.get("error_subcode") in (1487534, 1504018, 1504038)


def _key(row: Mapping[str, Any], dimensions: Sequence[str] = ()) -> tuple[object, ...]:
    return (row.get("ad_id"), row.get("date_start"), *(row.get(name) for name in dimensions))


def _once_each(rows: list[Row], breakdowns: Sequence[str]) -> list[Row]:
    """A list that was begun anew, or whose pages shifted, tells some rows twice: the later one counts.

    Rows that differ in a breakdown are not the same row.
    """
    by_key = {_key(row, breakdowns): row for row in rows}
    return list(by_key.values()) if len(by_key) < len(rows) else rows


def _joined(first: list[Row], second: list[Row], question: Question) -> list[Row]:
    """Two halves of the columns of the same rows, put together again."""
    by_key = {_key(row, question.breakdowns): dict(row) for row in first}
    for row in second:
        by_key.setdefault(_key(row, question.breakdowns), {}).update(row)
    return list(by_key.values())
