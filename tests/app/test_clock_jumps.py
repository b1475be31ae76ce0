"""The clock jumps, forward and back: no storm, no silence, nobody signed out."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.feeds.claiming import claim_one
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import enqueue
from brandhound.jobs.scheduling import queue_due
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.factories.people import PASSWORD, make_person
from tests.feeds.conftest import RunJobs, address, publish
from tests.feeds.test_following import follow
from tests.feeds.test_polling import document_of, seen

DAY = timedelta(days=1)


async def look_at_due_feeds(run_jobs: RunJobs) -> None:
    async with system_session() as db:
        await enqueue(db, "feeds.poll", organization_id=SYSTEM_ORGANIZATION)
    await run_jobs()


async def test_a_clock_put_forward_by_weeks_asks_each_feed_once(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    clock.freeze(clock.now() + 20 * DAY)
    news.set_clock(clock.now())
    publish(site, "After the jump")
    news.publisher.forget_requests()
    for _ in range(3):
        await look_at_due_feeds(run_jobs)
        clock.advance(timedelta(seconds=20))
    assert len(news.requests(f"/{site.name}/feed.xml")) == 1
    after = await seen(client, feed)
    assert (after["entries"], after["state"]) == (4, "active")


async def test_a_clock_put_back_does_not_silence_a_feed(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    now = clock.now()
    clock.freeze(now + 20 * DAY)
    news.set_clock(clock.now())
    feed = await follow(client, address(news, site))
    await run_jobs()
    clock.freeze(now)
    news.set_clock(None)
    publish(site, "In the right time")
    news.publisher.forget_requests()
    for _ in range(3):
        await look_at_due_feeds(run_jobs)
        clock.advance(timedelta(seconds=20))
    assert len(news.requests(f"/{site.name}/feed.xml")) == 1
    assert (await seen(client, feed))["entries"] == 4
    document = await document_of(address(news, site))
    assert document.next_check_at is not None
    assert document.next_check_at < now + DAY


async def test_a_look_that_was_cut_off_before_the_clock_was_put_back_is_made_again(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await follow(client, address(news, site))
    await run_jobs()
    now = clock.now()
    clock.freeze(now + 300 * DAY)
    # Taken by a worker that then died.
    assert await claim_one((await document_of(address(news, site))).id) is not None
    clock.freeze(now)
    assert await claim_one((await document_of(address(news, site))).id) is not None
    assert await claim_one((await document_of(address(news, site))).id) is None


@pytest.mark.parametrize("jump", [20 * DAY, -400 * DAY, timedelta(hours=-1)])
async def test_a_jump_signs_nobody_out(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, jump: timedelta
) -> None:
    _, email, _ = await make_person()
    assert (await anonymous.post("/api/session", json={"email": email, "password": PASSWORD})).status_code == 201
    now = clock.now()
    try:
        for moment in (now + jump, now, now + timedelta(minutes=6)):
            clock.freeze(moment)
            assert (await client.get("/api/session")).status_code == 200
            assert (await anonymous.get("/api/session")).status_code == 200
    finally:
        clock.unfreeze()


async def test_a_jump_back_does_not_lock_a_person_out_for_months(
    anonymous: httpx.AsyncClient,
) -> None:
    _, email, _ = await make_person()
    now = clock.now()
    try:
        clock.freeze(now + 300 * DAY)
        for _ in range(6):
            await anonymous.post("/api/session", json={"email": email, "password": "wrong"})
        clock.freeze(now)
        waiting = await anonymous.post("/api/session", json={"email": email, "password": PASSWORD})
        assert waiting.status_code == 201
    finally:
        clock.unfreeze()


async def test_a_schedule_fires_once_for_all_that_a_jump_passed_over(client: httpx.AsyncClient) -> None:
    made = await client.post(
        "/api/schedules",
        json={
            "job": "reports.make",
            "title": "Each hour",
            "parameters": {},
            "cron": "0 * * * *",
            "time_zone": "Europe/Berlin",
        },
    )
    assert made.status_code == 201, made.text
    schedule_id = made.json()["id"]

    async def fired() -> int:
        async with system_session() as db:
            return len(list(await db.scalars(select(RunRow.id).where(RunRow.schedule_id == schedule_id))))

    now = clock.now()
    await queue_due(now)
    for moment, times in ((now + 90 * DAY, 1), (now + 90 * DAY, 1), (now, 1), (now - 90 * DAY, 1)):
        await queue_due(moment)
        assert await fired() == times
    async with system_session() as db:
        schedule = (await db.scalars(select(Schedule).where(Schedule.id == schedule_id))).one()
    assert schedule.next_at is not None
    assert schedule.next_at <= now
