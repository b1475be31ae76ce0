"""Looks every few minutes whether an alert has something to tell."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Text, select

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import organization_of
from brandhound.core.system import system_session
from brandhound.core.wording import count_of
from brandhound.jobs.models import RunRow
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, enqueue, job
from brandhound.mentions.alerts.keeping import check_alert, close_of_paused
from brandhound.mentions.alerts.models import BrandAlert
from brandhound.tenancy.models import Organization

EVERY = timedelta(minutes=10)
REMATCH = "mentions.rematch"
ON_THE_WAY = ("scheduled", "queued", "waiting", "running")
"""Where a run stands that will end by itself: not one that somebody paused."""


@job("alerts.sweep", queue="report", timeout=timedelta(minutes=2), title="Look after alerts", every=EVERY)
async def sweep(run: Run) -> Outcome:
    """Have the alerts of each organization looked at. Safe to repeat: one that is being looked at is not queued twice."""
    async with system_session() as db:
        owners = (await db.scalars(select(BrandAlert.organization_id).where(BrandAlert.enabled).distinct())).all()
        for owner in owners:
            await enqueue(db, "alerts.check", key="alerts", organization_id=owner)
    return Done(f"{count_of(len(owners), 'organization has', 'organizations have')} alerts")


@job("alerts.check", queue="analyse", timeout=timedelta(minutes=10), title="Check alerts")
async def check(run: Run) -> Outcome:
    """Look at each alert that is switched on, and tell of what is new. Safe to repeat: what was told is kept."""
    async with run.session() as db:
        await close_of_paused(db, clock.now())
        # Of a brand that is paused nothing new is looked for: that it is quiet would be no news. Nor what is counted of one that
        # is looked for again just now, since it was resumed or has another name: part of it is not there yet.
        again = select(RunRow.parameters["brand_id"].astext).where(RunRow.job == REMATCH, RunRow.state.in_(ON_THE_WAY))
        watched = select(Brand.id).where(Brand.paused.is_(False), Brand.id.cast(Text).not_in(again))
        wanted = select(BrandAlert.id).where(BrandAlert.enabled, BrandAlert.brand_id.in_(watched))
        ids = (await db.scalars(wanted.order_by(BrandAlert.id))).all()
        zone = await db.scalar(select(Organization.time_zone).where(Organization.id == organization_of(db)))
    new = 0
    for done, alert_id in enumerate(ids):
        await run.progress(done, len(ids), "Looking at alerts")
        # Each in a transaction of its own: one that fails takes nothing back of the others.
        async with run.session() as db:
            alert = await db.get(BrandAlert, alert_id, with_for_update=True)
            if alert is not None and alert.enabled:
                new += await check_alert(db, alert, ZoneInfo(zone or "UTC"), clock.now())
    return Done(
        f"{new:,} new of {count_of(len(ids), 'alert')}" if new else f"Nothing new from {count_of(len(ids), 'alert')}"
    )
