"""`brandhound hunt`: the whole job for one brand from a terminal, by the same queue, workers and tables as on the screen."""

import argparse
import asyncio
import os
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from sqlalchemy import func, or_, select, text

from brandhound.app.database import ensure_database, leave_database
from brandhound.app.hunting_worker import HuntingWorker, WorkerEnds
from brandhound.app.preparing import prepare_database
from brandhound.app.slices import JOB_MODULES
from brandhound.brands.models import Brand
from brandhound.brands.schemas import NameIn, NewBrand
from brandhound.brands.watching import name_key, watch_brand
from brandhound.core.clock import now, today
from brandhound.core.db import SYSTEM_ORGANIZATION, Db, close_engines, tenant_session
from brandhound.core.problems import Problem
from brandhound.core.system import system_session
from brandhound.core.wording import count_of
from brandhound.feeds.errors import FeedAlreadyFollowed
from brandhound.feeds.following import follow_address
from brandhound.feeds.importing import import_opml
from brandhound.feeds.models import Article, Feed, FeedEntry
from brandhound.feeds.schemas import NewFeed
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.jobs.states import ACTIVE
from brandhound.mentions.models import Mention
from brandhound.reports.document import ReportDocument
from brandhound.reports.html import render_html
from brandhound.reports.keeping import create_report
from brandhound.reports.pdf import render_pdf
from brandhound.reports.ranges import check_range
from brandhound.reports.schemas import ReportWish
from brandhound.tenancy.models import Organization
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role

ORGANIZATION = "Hunts"
FORMATS = (".pdf", ".html", ".json")
QUIET_FOR = 1.5
"""Seconds without any work waiting, after which the hunt is over: a finished run queues the next one at once."""
LOOK_AFTER_WORKER = 3.0
"""Seconds between two looks for whether a worker is at work."""
MOST_SHOWN = 40
"""Letters shown of an argument that cannot be taken."""
OPTIONS = {"name": "the brand", "names": "--alias", "context_words": "--context"}


class CannotHunt(ValueError):
    """The hunt cannot be done; the text says why."""


@dataclass
class Hunt:
    """What is hunted, where, and whereto."""

    brand: str
    aliases: list[str] = field(default_factory=list[str])
    context: list[str] = field(default_factory=list[str])
    feeds: list[str] = field(default_factory=list[str])
    opml: Path | None = None
    since: date | None = None
    out: Path = Path("report.pdf")
    minutes: float = 30.0
    state: "HuntState | None" = None
    """How far it has come: None before anything is read."""

    def new_brand(self) -> NewBrand:
        """The brand to watch. Raises CannotHunt for a name or a word that cannot be one."""
        try:
            names = [NameIn(text=alias) for alias in self.aliases]
            new = NewBrand(name=self.brand, names=names, context_words=self.context)
            for name in (new.name, *(name.text for name in new.names)):
                name_key(name)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            option = OPTIONS.get("names" if error.title == "NameIn" else str(fault["loc"][0]), "the brand")
            words = str(fault["msg"]).removeprefix("Value error, ")
            given = str(fault["input"])
            shown = given if len(given) <= MOST_SHOWN else f"{given[:MOST_SHOWN]}…"
            raise CannotHunt(f"{option} cannot be “{shown}”: {words[:1].lower()}{words[1:]}") from None
        except Problem as problem:
            raise CannotHunt(in_words(problem)) from None
        return new

    def stopped(self) -> str:
        """What is kept when it is stopped by hand."""
        if self.state is None:
            return "[yellow]![/] Stopped before anything was read."
        read = f"{self.state.articles_read} of {count_of(self.state.articles, 'article')}"
        return (
            f"[yellow]![/] Stopped, and {self.out} is not written. {read} are read, with"
            f" {count_of(self.state.mentions, 'mention')}: all of it is kept, and the same command goes on from there."
        )


def hunt_main(arguments: list[str]) -> int:
    """Parse, do, and tell. Returns the exit code."""
    hunt = _parsed(arguments)
    console = Console(stderr=True, highlight=False)
    if hunt.out.suffix.lower() not in FORMATS:
        raise CannotHunt(f"--out must end in one of {', '.join(FORMATS)}, not {hunt.out.name}")
    if not hunt.out.resolve().parent.is_dir():
        raise CannotHunt(f"the folder {hunt.out.resolve().parent} is not there")
    if hunt.out.is_dir():
        raise CannotHunt(f"{hunt.out} is a folder: name a file in it")
    if not os.access(hunt.out if hunt.out.exists() else hunt.out.resolve().parent, os.W_OK):
        raise CannotHunt(f"{hunt.out} cannot be written to: give --out a place that is yours")
    if hunt.opml and not hunt.opml.is_file():
        raise CannotHunt(f"{hunt.opml} is not there")
    new = hunt.new_brand()
    try:
        with console.status("Starting the database …"):
            ensure_database(may_make=True)
            prepare_database()
        return asyncio.run(_hunt(hunt, new, console))
    except KeyboardInterrupt:
        console.print(hunt.stopped())
        return 130
    except Problem as problem:
        raise CannotHunt(in_words(problem)) from problem
    except WorkerEnds as ends:
        raise CannotHunt(str(ends)) from ends
    finally:
        leave_database()


def in_words(problem: Problem) -> str:
    """What is wrong, what exactly where that is known, and what to do."""
    parts = (problem.title(), problem.facts.get("reason"), problem.what_to_do)
    return " ".join(str(part) for part in parts if part)


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} is no day such as 2026-11-01") from None
    # Somewhere it is tomorrow already.
    if day > now().date() + timedelta(days=1):
        raise argparse.ArgumentTypeError(f"{value} has not come yet")
    try:
        until = max(day, now().date())
        check_range(day, until, until)
    except Problem as problem:
        raise argparse.ArgumentTypeError(in_words(problem)) from None
    return day


def _minutes(value: str) -> float:
    try:
        minutes = float(value)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{value} is no number of minutes such as 30")
    return minutes


def _parsed(arguments: list[str]) -> Hunt:
    parser = argparse.ArgumentParser(
        prog="brandhound hunt", description="Follow feeds, read their articles, find a brand, write a report."
    )
    parser.add_argument("brand", help="the name to look for")
    parser.add_argument("--alias", action="append", default=[], help="another name of it; may be repeated")
    parser.add_argument("--context", action="append", default=[], help="a word that is near when it is meant")
    parser.add_argument("--feed", action="append", default=[], metavar="URL", help="a feed or a site; may be repeated")
    parser.add_argument("--opml", type=Path, metavar="FILE", help="a list of feeds")
    parser.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="first day; 30 days by default")
    parser.add_argument("--out", type=Path, default=Path("report.pdf"), help="report.pdf, .html or .json")
    parser.add_argument("--minutes", type=_minutes, default=30.0, help="give up waiting after this long")
    said = parser.parse_args(arguments)
    return Hunt(said.brand, said.alias, said.context, said.feed, said.opml, said.since, said.out, said.minutes)


async def _hunt(hunt: Hunt, new: NewBrand, console: Console) -> int:
    worker = HuntingWorker()
    try:
        caller = await _caller()
        brand_id = await _watch(caller, hunt, new, console)
        followed = await _follow(caller, hunt, console)
        if not followed:
            none = "none of these feeds can be read" if hunt.feeds or hunt.opml else "no feed to read"
            raise CannotHunt(f"{none}: give --feed URL or --opml FILE")
        await worker.keep()
        await _refresh(caller, followed)
        await _watch_progress(caller, brand_id, followed, worker, hunt, console)
        document = await _report(caller, hunt, brand_id)
        await asyncio.to_thread(_write, document, hunt.out)
        figures = document.headline
        console.print(
            f"[bold]{hunt.out}[/]: {count_of(int(figures.mentions.value or 0), 'mention')}"
            f" in {count_of(int(figures.stories.value or 0), 'story', 'stories')}"
            f" from {count_of(int(figures.outlets.value or 0), 'outlet')}."
        )
        return 0
    finally:
        await worker.end()
        await close_engines()


async def _caller() -> Caller:
    """The organization that hunts are kept in: the only one there is, else one of their own."""
    async with system_session() as db:
        await db.execute(text("select pg_advisory_xact_lock(hashtextextended('brandhound:hunt', 0))"))
        real = (await db.scalars(select(Organization).where(Organization.id != SYSTEM_ORGANIZATION))).all()
        found = real[0] if len(real) == 1 else next((o for o in real if o.name == ORGANIZATION), None)
        if found is None:
            found = Organization(name=ORGANIZATION, time_zone=_local_zone())
            db.add(found)
            await db.flush()
        return Caller(found.id, Role.OWNER, found.time_zone)


def _local_zone() -> str:
    """The machine's zone, where it says so by name."""
    link = Path("/etc/localtime")
    if link.is_symlink():
        _, found, name = str(link.resolve()).partition("zoneinfo/")
        return name if found else "UTC"
    return "UTC"


async def _watch(caller: Caller, hunt: Hunt, new: NewBrand, console: Console) -> UUID:
    async with tenant_session(caller.organization_id) as db:
        known = await db.scalar(select(Brand).where(Brand.name_key == name_key(new.name)))
        while known is not None and known.merged_into is not None:
            known = await db.get_one(Brand, known.merged_into)
        if known is None:
            return (await watch_brand(db, caller, new, now())).id
        if known.paused:
            raise CannotHunt(f"{known.name} is paused, so nobody looks for it: resume it under Brands")
        if known.name != new.name:
            console.print(f"[yellow]![/] {escape(new.name)} is watched as {escape(known.name)}.")
        if hunt.aliases or hunt.context:
            console.print(
                f"[yellow]![/] {escape(known.name)} is watched already, by the names and words that it has under Brands:"
                " --alias and --context change nothing."
            )
        return known.id


async def _follow(caller: Caller, hunt: Hunt, console: Console) -> list[UUID]:
    """Follow every feed that was named; one that cannot be followed is told and left out."""
    followed: list[UUID] = []
    for url in hunt.feeds:
        try:
            followed.append((await follow_address(caller, NewFeed(url=url), now())).id)
        except FeedAlreadyFollowed as problem:
            feed_id = UUID(str(problem.facts["feed_id"]))
            async with tenant_session(caller.organization_id) as db:
                paused = (await db.get_one(Feed, feed_id)).paused
            if paused:
                console.print(f"[red]✗[/] {escape(url)}: it is followed and paused: resume it under Feeds")
            else:
                followed.append(feed_id)
        except Problem as problem:
            console.print(f"[red]✗[/] {url}: {problem.title()} {problem.facts.get('reason') or ''}".rstrip())
    if hunt.opml:
        async with tenant_session(caller.organization_id) as db:
            result = await import_opml(db, caller, hunt.opml.read_bytes(), now())
        for rejected in result.rejected:
            console.print(f"[red]✗[/] {rejected.url}: {rejected.reason}")
    async with tenant_session(caller.organization_id) as db:
        everything = list(await db.scalars(select(Feed.id).where(Feed.paused.is_(False))))
    # Without a feed of its own the hunt goes through what is followed already.
    return everything if hunt.opml or not hunt.feeds else followed


async def _refresh(caller: Caller, feed_ids: list[UUID]) -> None:
    async with tenant_session(caller.organization_id) as db:
        for feed_id in feed_ids:
            await enqueue(db, "feeds.refresh", {"feed_id": feed_id}, key=str(feed_id))


@dataclass
class HuntState:
    """How far a hunt has come."""

    feeds_waiting: int
    articles: int
    articles_read: int
    working: int
    mentions: int


async def _state(caller: Caller, brand_id: UUID, feed_ids: list[UUID]) -> HuntState:
    mine = RunRow.organization_id.in_((caller.organization_id, SYSTEM_ORGANIZATION))
    # What a person has paused goes on when that person says so: it is not waited for.
    busy = select(func.count()).select_from(RunRow).where(RunRow.state.in_(ACTIVE), RunRow.state != "paused", mine)
    async with system_session() as db:
        refreshing = await db.scalar(busy.where(RunRow.job == "feeds.refresh")) or 0
        relevant = or_(RunRow.job.like("feeds.%"), RunRow.job.like("mentions.%"))
        working = await db.scalar(busy.where(relevant, RunRow.job != "feeds.poll")) or 0
        articles, read = await _articles(db, feed_ids)
    async with tenant_session(caller.organization_id) as db:
        mentions = await db.scalar(select(func.count()).where(Mention.brand_id == brand_id)) or 0
    return HuntState(refreshing, articles, read, working, mentions)


async def _articles(db: Db, feed_ids: list[UUID]) -> tuple[int, int]:
    documents = select(Feed.document_id).where(Feed.id.in_(feed_ids))
    linked = select(FeedEntry.article_id).where(FeedEntry.document_id.in_(documents), FeedEntry.article_id.is_not(None))
    counted = select(func.count(), func.count().filter(Article.state != "pending")).where(Article.id.in_(linked))
    row = (await db.execute(counted)).one()
    return int(row[0]), int(row[1])


async def _watch_progress(
    caller: Caller, brand_id: UUID, feed_ids: list[UUID], worker: HuntingWorker, hunt: Hunt, console: Console
) -> None:
    ends, quiet_since = time.monotonic() + hunt.minutes * 60, 0.0
    look_at = time.monotonic() + LOOK_AFTER_WORKER
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        feeds = progress.add_task("Feeds", total=len(feed_ids))
        articles = progress.add_task("Articles", total=None)
        mentions = progress.add_task("Mentions", total=None)
        while time.monotonic() < ends:
            state = hunt.state = await _state(caller, brand_id, feed_ids)
            _show(progress, (feeds, articles, mentions), state, len(feed_ids))
            if state.working:
                quiet_since = 0.0
            elif not quiet_since:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET_FOR:
                return
            if time.monotonic() > look_at:
                await worker.keep()
                look_at = time.monotonic() + LOOK_AFTER_WORKER
            await asyncio.sleep(0.3)
    if not await worker.lives():
        raise CannotHunt(f"no worker is at work after {hunt.minutes:g} minutes: the same command goes on from here")
    console.print(f"[yellow]![/] Still at work after {hunt.minutes:g} minutes: the report holds what is there so far.")


def _show(progress: Progress, tasks: tuple[TaskID, TaskID, TaskID], state: HuntState, feeds: int) -> None:
    progress.update(tasks[0], completed=max(0, feeds - state.feeds_waiting))
    progress.update(tasks[1], completed=state.articles_read, total=state.articles or None)
    progress.update(tasks[2], completed=state.mentions, total=state.mentions if not state.working else None)


async def _report(caller: Caller, hunt: Hunt, brand_id: UUID) -> ReportDocument:
    until = today(caller.time_zone)
    since = hunt.since or until - timedelta(days=29)
    wish = ReportWish(since_on=since, until_on=until, brand_ids=[brand_id])
    async with tenant_session(caller.organization_id) as db:
        report = await create_report(db, caller, wish, now())
        if report.document is None:
            raise CannotHunt("the report is too big to be composed at once: open it under Reports")
        return report.document


def _write(document: ReportDocument, out: Path) -> None:
    match out.suffix.lower():
        case ".pdf":
            out.write_bytes(render_pdf(document))
        case ".html":
            out.write_text(render_html(document), encoding="utf-8")
        case _:
            out.write_text(document.model_dump_json(indent=1), encoding="utf-8")


__all__ = ["JOB_MODULES", "CannotHunt", "Hunt", "HuntState", "hunt_main"]
