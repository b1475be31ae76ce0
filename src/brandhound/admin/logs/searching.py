"""Reading log lines, newest first.

Words are looked for in pages first: rows that each hold the words of many lines. They are few and lie close together, so that
half a million lines are searched in a fraction of a second; only the lines of pages that match are read. An index on words would
not be used: no operator that compares texts may run before row-level security.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import ColumnElement, Row, Select, and_, false, func, literal_column, or_, select, text, tuple_
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from brandhound.admin.logs.errors import SearchTooSlow
from brandhound.admin.logs.models import LogLine, LogPage
from brandhound.admin.logs.schemas import LEVEL_NAMES, LogBucket, LogRecordFull, LogRecordOut
from brandhound.admin.logs.wanted import Wanted
from brandhound.core.db import tenant_session
from brandhound.core.logs.lines import time_of
from brandhound.core.logs.shipping import SEARCHED
from brandhound.core.pages import Page, from_cursor, to_cursor

PAGES_AT_FIRST, MOST_PAGES = 4, 64
"""A common word fills a screen from few pages; for a rare one it is better to look into many at once."""
_PATIENCE_MS = 10_000
_PATIENCE_COUNTING_MS = 4_000
_WIDTHS = tuple(timedelta(seconds=s) for s in (1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600))
_MOST_BUCKETS = 90


class _Place(NamedTuple):
    """Where a line is in the order of a list."""

    at: datetime
    id: UUID


async def find_lines(wanted: Wanted, cursor: str | None, limit: int) -> Page[LogRecordOut]:
    """At most `limit` lines, newest first, and the marker of the next ones.

    Raises BadCursor or SearchTooSlow.
    """
    after = _Place(*from_cursor(cursor, datetime, UUID)) if cursor else None  # pyright: ignore[reportArgumentType]
    try:
        async with tenant_session(wanted.organization_id) as db:
            await _prepare(db, _PATIENCE_MS)
            if wanted.pattern is None:
                rows = (await db.execute(_lines(wanted, after, limit + 1))).all()
            else:
                rows = await _search(db, wanted, after, limit + 1)
    except OperationalError as error:
        if _is_too_slow(error):
            raise SearchTooSlow from error
        raise
    shown = rows[:limit]
    more = to_cursor(shown[-1].at, shown[-1].id) if len(rows) > limit else None
    return Page(items=[_out(row) for row in shown], next=more)


async def line_by_id(organization_id: UUID, line_id: UUID) -> LogRecordFull | None:
    """One line with its traceback. Its identifier says where it is."""
    at = time_of(line_id)
    if at is None:
        return None
    query = select(LogLine).where(LogLine.at == at, LogLine.id == line_id)
    async with tenant_session(organization_id) as db:
        line = await db.scalar(query)
    if line is None:
        return None
    names = LogRecordFull.model_fields
    given = {name: getattr(line, name) for name in names if name not in ("level", "has_traceback")}
    return LogRecordFull(**given, level=LEVEL_NAMES[line.level], has_traceback=line.traceback is not None)


async def each_line(wanted: Wanted, most: int) -> AsyncGenerator[LogRecordOut]:
    """The lines, newest first, up to that many. Holds no transaction while the caller is busy."""
    cursor: str | None = None
    left = most
    while left > 0:
        page = await find_lines(wanted, cursor, min(left, 2_000))
        for line in page.items:
            yield line
        left -= len(page.items)
        cursor = page.next
        if cursor is None:
            return


async def count_by_time(wanted: Wanted) -> tuple[timedelta, list[LogBucket] | None]:
    """The width of a bucket, and how many lines of each level there are in each. None: it takes too long to count them."""
    span = wanted.window.until - wanted.window.since
    width = next((width for width in _WIDTHS if span / width <= _MOST_BUCKETS), _WIDTHS[-1])
    start = func.date_bin(width, LogLine.at, wanted.window.since).label("start")
    buckets: dict[datetime, LogBucket] = {}
    try:
        async with tenant_session(wanted.organization_id) as db:
            await _prepare(db, _PATIENCE_COUNTING_MS)
            conditions = [*wanted.conditions(), *await _where_words_are(db, wanted)]
            query = select(start, LogLine.level, func.count()).where(*conditions).group_by(start, LogLine.level)
            for at, level, number in await db.execute(query):
                setattr(buckets.setdefault(at, LogBucket(at=at)), LEVEL_NAMES[level], number)
    except OperationalError as error:
        if _is_too_slow(error):
            return width, None
        raise
    return width, [buckets[at] for at in sorted(buckets)]


async def count_lines(wanted: Wanted) -> int | None:
    """How many lines a search finds; None: it takes too long to count them."""
    try:
        async with tenant_session(wanted.organization_id) as db:
            await _prepare(db, _PATIENCE_COUNTING_MS)
            conditions = [*wanted.conditions(), *await _where_words_are(db, wanted)]
            return await db.scalar(select(func.count()).select_from(LogLine).where(*conditions))
    except OperationalError as error:
        if _is_too_slow(error):
            return None
        raise


async def _prepare(db: AsyncSession, patience_ms: int) -> None:
    """Let the statements of this transaction take that long, and read pages in the order of their index.

    The planner expects that one page in thousands holds a word, and would then rather read all of them and sort: forty times
    the work when the first four pages already fill the screen. Statistics that were brought up to date had that effect.
    """
    await db.execute(text(f"set local statement_timeout = {patience_ms}"))
    await db.execute(text("set local enable_sort = off"))


async def _search(db: AsyncSession, wanted: Wanted, after: _Place | None, limit: int) -> Sequence[Row[Any]]:
    """The first `limit` lines with the words. Pages overlap in time: a line counts as found when no later page can precede it."""
    found: dict[UUID, Row[Any]] = {}
    page: _Place | None = None
    until = after.at if after else wanted.window.until
    at_once = PAGES_AT_FIRST
    while True:
        pages = (await db.execute(_pages(wanted, until, page, at_once))).all()
        if not pages:
            return _in_order(found)[:limit]
        narrowed = replace(wanted, window=_within(wanted, pages))
        query = _lines(narrowed, after, limit).where(_at_times_of(pages), *_words(wanted))
        found |= {row.id: row for row in (await db.execute(query)).all()}
        page = _Place(pages[-1].to_at, pages[-1].id)
        certain = [row for row in _in_order(found) if row.at > page.at]
        if len(certain) >= limit:
            return certain[:limit]
        if len(pages) < at_once:
            return _in_order(found)[:limit]
        at_once = min(at_once * 4, MOST_PAGES)


async def _where_words_are(db: AsyncSession, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions on lines with the words; for rare ones only the times of pages that hold them are looked into."""
    if wanted.pattern is None:
        return []
    pages = (await db.execute(_pages(wanted, wanted.window.until, None, MOST_PAGES + 1))).all()
    if not pages:
        return [false()]
    if len(pages) > MOST_PAGES:
        return _words(wanted)
    return [_at_times_of(pages), *_words(wanted)]


def _at_times_of(pages: Sequence[Row[Any]]) -> ColumnElement[bool]:
    return or_(*(and_(LogLine.at >= one.from_at, LogLine.at <= one.to_at) for one in _joined(pages)))


def _lines(wanted: Wanted, after: _Place | None, limit: int) -> Select[*tuple[Any, ...]]:
    columns = [getattr(LogLine, name) for name in LogRecordOut.model_fields if name != "has_traceback"]
    query = select(*columns, LogLine.traceback.is_not(None).label("has_traceback")).where(*wanted.conditions())
    if after is not None:
        # The first condition is implied by the second, but only the first one leaves out weeks.
        query = query.where(LogLine.at <= after.at, tuple_(LogLine.at, LogLine.id) < (after.at, after.id))
    return query.order_by(LogLine.at.desc(), LogLine.id.desc()).limit(limit)


def _pages(wanted: Wanted, until: datetime, after: _Place | None, at_once: int) -> Select[*tuple[Any, ...]]:
    """Pages that hold the words, the one that ends last first."""
    query = select(LogPage.id, LogPage.from_at, LogPage.to_at).where(
        LogPage.to_at >= wanted.window.since,
        LogPage.from_at <= until,
        LogPage.folded.like(func.lower(wanted.pattern), escape="\\"),
    )
    if wanted.least_level is not None:
        query = query.where(LogPage.level.in_(wanted.levels))
    if after is not None:
        query = query.where(LogPage.to_at <= after.at, tuple_(LogPage.to_at, LogPage.id) < (after.at, after.id))
    return query.order_by(LogPage.to_at.desc(), LogPage.id.desc()).limit(at_once)


def _words(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.pattern is None:
        return []
    return [literal_column(SEARCHED).like(func.lower(wanted.pattern), escape="\\")]


class _Span(NamedTuple):
    from_at: datetime
    to_at: datetime


def _joined(pages: Sequence[Row[Any]]) -> list[_Span]:
    """Times of pages, those that overlap made one."""
    joined: list[_Span] = []
    for from_at, to_at in sorted((page.from_at, page.to_at) for page in pages):
        if joined and from_at <= joined[-1].to_at:
            joined[-1] = _Span(joined[-1].from_at, max(joined[-1].to_at, to_at))
        else:
            joined.append(_Span(from_at, to_at))
    return joined


def _within(wanted: Wanted, pages: Sequence[Row[Any]]) -> Any:
    """The part of the window that these pages are about, so that other weeks are not opened."""
    since = max(wanted.window.since, min(page.from_at for page in pages))
    until = min(wanted.window.until, max(page.to_at for page in pages) + timedelta(microseconds=1))
    return replace(wanted.window, since=since, until=until)


def _in_order(found: dict[UUID, Row[Any]]) -> list[Row[Any]]:
    return sorted(found.values(), key=lambda row: (row.at, row.id), reverse=True)


def _out(row: Row[Any]) -> LogRecordOut:
    given = {name: getattr(row, name) for name in LogRecordOut.model_fields}
    return LogRecordOut.model_validate(given | {"level": LEVEL_NAMES[row.level]})


def _is_too_slow(error: OperationalError) -> bool:
    return isinstance(error.orig, QueryCanceled)
