"""Reports that Meta makes in its own time: begun, watched, read; and made smaller when they are too much.

A report is ready only when it says “Job Completed” and 100 %: it has been seen to run at 100 %, and what is read then is not
all of it. One that fails is begun once more as it was, and then as two smaller ones. One that expired is begun anew. One that
does not begin, or never ends, is left and made smaller.

Pages are handed on as they come. Whoever is stopped in the middle of a report knows its place, and reads on from there.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.facts_of_meta import fields, limits
from brandhound.ads.meta.failing import MetaFailed
from brandhound.ads.meta.paging import Page, pages
from brandhound.ads.meta.questions import Question, by_fields

Row = dict[str, Any]


class CannotBeSplit(Exception):
    """Meta calls it too much data, and it cannot be asked for in smaller pieces."""

    code = "ads/too-much-data"


@dataclass
class Gathered:
    """What became of a question, and what it took. `rows` are here where nobody took them, each once."""

    rows: list[Row] = field(default_factory=list[Row])
    count: int = 0
    reports: int = 0
    splits: int = 0
    reasons: list[str] = field(default_factory=list[str])

    async def keep(self, portion: "Portion") -> None:
        """Gather them all."""
        self.rows += portion.rows


@dataclass(frozen=True)
class Answer:
    """One answer as it came: what was asked, its bytes without anything secret, and how many rows it has."""

    asked: Mapping[str, str]
    raw: bytes
    rows: int


@dataclass(frozen=True)
class Portion:
    """Rows of a question, all of their columns there, and the answers that they came in."""

    rows: list[Row]
    answers: tuple[Answer, ...]


Take = Callable[[Portion], Awaitable[None]]


@dataclass
class Place:
    """How far a question was read. Reports are kept by Meta for days: reading goes on behind what was taken."""

    report: str = ""
    is_made: bool = False
    after: str | None = None
    rows: int = 0
    is_read: bool = False
    """To its end: there is nothing more to ask."""
    halves: "list[Place]" = field(default_factory=lambda: [])
    """Where it was too much, and became two questions."""
    ads: list[str] | None = None
    """Of a half, the ads that it is about, where it was made by them: more may be known by the time that it goes on."""

    def leave(self) -> None:
        """That report is of no more use."""
        self.report, self.is_made, self.after, self.rows = "", False, None, 0

    def is_begun(self) -> bool:
        """Whether there is anything to go on with."""
        return bool(self.report or self.halves)


class Reporter:
    """Gets the rows of questions for one account, and hands them to `take`, if there is one.

    A row may be handed over twice, when reading had to begin anew: the later one counts.
    """

    def __init__(
        self,
        asker: Asker,
        account: str,
        known_ads: Sequence[str] = (),
        take: Take | None = None,
        *,
        essential: bool = True,
    ) -> None:
        self._asker = asker
        self._essential = essential
        self._account = account
        self._known_ads = tuple(known_ads)
        self._take = take

    async def read(
        self,
        question: Question,
        expected_rows: float | None = None,
        place: Place | None = None,
        *,
        heard: Take | None = None,
    ) -> Gathered:
        """All its rows. Small questions are asked directly, others have a report made; from `place` on, where that is given.

        Nobody takes the rows of those who only want to have `heard` the answers: they are gathered all the same.

        Raises MetaFailed, CannotBeSplit, MustWait or FetchFailed, and whatever `take` raises; and LeftOut where it is not
        essential and the limit is nearly used.
        """
        found, place = Gathered(), place or Place()
        small = expected_rows is not None and expected_rows <= limits()["slices"]["direct_rows"]
        direct = small and not place.is_begun()

        async def keep(portion: Portion) -> None:
            await found.keep(portion)
            if heard is not None:
                await heard(portion)

        found.count = await self._rows(question, found, self._take or keep, place, direct=direct)
        found.rows = _once_each(found.rows, question.breakdowns)
        return found

    async def _rows(self, question: Question, found: Gathered, take: Take, place: Place, *, direct: bool) -> int:
        if place.is_read:
            return place.rows
        if place.halves:
            return await self._split(question, found, take, place)
        if direct:
            try:
                path = f"{self._account}/insights"
                return await self._paged(question, path, question.params(), "insights", take, Place())
            except MetaFailed as failed:
                if failed.policy != "split":
                    raise
                found.reasons.append(f"asked directly: {failed.message}")
        for _ in range(2):
            try:
                return await self._reported(question, found, take, place)
            except _Failed as failed:
                place.leave()
                found.reasons.append(str(failed))
                if failed.is_too_much:
                    break
        return await self._split(question, found, take, place)

    async def _split(self, question: Question, found: Gathered, take: Take, place: Place) -> int:
        halves = question.halves(self._known_ads)
        if halves is None:
            raise CannotBeSplit("; ".join(found.reasons[-3:]))
        if not place.halves:
            found.splits += 1
            made_by_ads = halves[0].ads != question.ads
            place.halves = [Place(ads=list(half.ads or ()) if made_by_ads else None) for half in halves]
        each = [
            (half if at.ads is None else replace(half, ads=tuple(at.ads)), at)
            for half, at in zip(halves, place.halves, strict=True)
        ]
        if not by_fields(halves):
            place.rows = sum([await self._rows(half, found, take, at, direct=False) for half, at in each])
            place.is_read = True
            return place.rows
        # Half a row is not for anybody to take. So what was read of one is read again by whoever goes on: from the same report.
        for _, at in each:
            at.after, at.is_read = None, False
        first, second = [await self._half(half, found, at) for half, at in each]
        rows = _joined(first.rows, second.rows, question)
        # Whoever takes them may empty the list.
        count = len(rows)
        await take(Portion(rows, first.answers + second.answers))
        place.rows, place.is_read = count, True
        return count

    async def _half(self, question: Question, found: Gathered, place: Place) -> Portion:
        portions: list[Portion] = []

        async def keep(portion: Portion) -> None:
            portions.append(portion)

        await self._rows(question, found, keep, place, direct=False)
        rows = _once_each([row for one in portions for row in one.rows], question.breakdowns)
        return Portion(rows, tuple(answer for one in portions for answer in one.answers))

    async def _reported(self, question: Question, found: Gathered, take: Take, place: Place) -> int:
        """Have a report made and read it, or go on with the one of the place. Raises _Failed when it came to nothing."""
        for _ in range(1 + limits()["reports"]["recreated"]):
            try:
                if not place.report:
                    found.reports += 1
                    begun = await self._asker.post(
                        f"{self._account}/insights", question.params(), essential=self._essential
                    )
                    place.report = str(begun.data.get("report_run_id") or "")
                    if not place.report:
                        raise _Failed("no report was begun")
                if not place.is_made and not await self._is_made(place.report):
                    found.reasons.append("expired before it was read")
                    place.leave()
                    continue
                place.is_made = True
                count = await self._paged(question, f"{place.report}/insights", {}, "report", take, place)
                place.is_read = True
                return count
            except MetaFailed as failed:
                if failed.policy == "split":
                    raise _Failed(failed.message, is_too_much=True) from failed
                if failed.policy in ("not_ready", "gone"):
                    raise _Failed(failed.message) from failed
                raise
        raise _Failed("it expired every time")

    async def _is_made(self, report: str) -> bool:
        """Wait until it is ready; False when it expired. Raises _Failed."""
        told, known = limits()["reports"], self._asker.governor.report_seconds
        began, started, looks = monotonic(), False, 0
        wait: float = known.get(self._account) or told["first_poll"]
        while True:
            await asyncio.sleep(wait * random.uniform(1.0, 1.2))
            standing = await self._standing(report)
            looks, took = looks + 1, monotonic() - began
            status, percent = _status(standing)
            if status == "Job Completed" and percent >= 100:
                # Ready at the first look, it may have been ready before.
                usual = took * 0.8 if looks == 1 else (known.get(self._account, took) + took) / 2
                known[self._account] = min(told["longest_poll"], max(told["first_poll"] / 2, usual))
                return True
            if status == "Job Failed":
                raise _Failed(_why(standing), is_too_much=_is_too_much(standing))
            if status == "Job Skipped":
                return False
            started = started or status != "Job Not Started"
            if took > told["to_finish" if started else "to_start"]:
                await self._cancel(report)
                raise _Failed("it never began" if not started else "it never ended", is_too_much=True)
            # As long again as it will take if it goes on like that; where it does not say, half as long as it took so far.
            left = took * (100 - percent) / percent if 0 < percent < 100 else took / 2
            wait = min(told["longest_poll"], max(left, took / 4, told["first_poll"] / 2))

    async def _standing(self, report: str) -> dict[str, Any]:
        asked = {"fields": ",".join(fields()["report"])}
        try:
            return (await self._asker.get(report, asked, essential=self._essential)).data
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

    async def _paged(
        self, question: Question, path: str, params: Mapping[str, str], kind: str, take: Take, place: Place
    ) -> int:
        not_ready = 0
        while True:
            try:
                size = limits()["page"][kind]
                async for page in pages(self._asker, path, params, size, essential=self._essential, after=place.after):
                    if kind == "report" and any(row.get("action_values", ()) is None for row in page.things):
                        # Reports have come with null where the same question asked directly has values.
                        raise _Failed("it came without its values")
                    await self._hand_over(question, page, take, place)
                return place.rows
            except MetaFailed as failed:
                if failed.policy != "not_ready" or not_ready >= limits()["retries"]["tries"]:
                    raise
                not_ready += 1
                await asyncio.sleep(limits()["reports"]["first_poll"] * 2**not_ready)

    async def _hand_over(self, question: Question, page: Page, take: Take, place: Place) -> None:
        rows = _once_each(page.things, question.breakdowns)
        answer = Answer({**question.params(), **page.asked}, page.reply.raw, len(page.things))
        # Whoever takes them may empty the list.
        count = len(rows)
        await take(Portion(rows, (answer,)))
        place.rows = count + (0 if page.is_first else place.rows)
        place.after = page.following


class _Failed(Exception):
    def __init__(self, why: str, *, is_too_much: bool = False) -> None:
        super().__init__(why)
        self.is_too_much = is_too_much


def _status(standing: Mapping[str, Any]) -> tuple[str, int]:
    return str(standing.get("async_status") or "Job Not Started"), int(standing.get("async_percent_completion") or 0)


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
