"""What notices listen to, and the jobs that bring them outside the app."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.wording import count_of
from brandhound.jobs.events import RunEnded, SchedulePaused
from brandhound.jobs.outcomes import Done, Outcome, Snooze
from brandhound.jobs.registry import Run, hears, job
from brandhound.notifications import sweeping
from brandhound.notifications.addressing import DELIVER
from brandhound.notifications.delivering import RELEASE, Over, Taken, book, take
from brandhound.notifications.kinds import kind_named
from brandhound.notifications.notifying import notify
from brandhound.notifications.releasing import book_summary, gather
from brandhound.notifications.run_notices import tell_of_end
from brandhound.notifications.sending import Attempt, Way, say
from brandhound.providers.parking import Parked
from brandhound.tenancy.people import user_by_id


class Deliver(BaseModel):
    """What to bring."""

    delivery_id: UUID


class Release(BaseModel):
    """To whom."""

    recipient: str


@hears(RunEnded)
async def hear_of_end(db: Db, ended: RunEnded) -> None:
    await tell_of_end(db, ended)


@hears(SchedulePaused)
async def hear_of_pause(db: Db, paused: SchedulePaused) -> None:
    """A schedule that stops by itself does not do so in silence."""
    await notify(
        db,
        "schedule_paused",
        f"{paused.title} is paused: it cannot be started any more",
        f"{paused.reason}. Correct the schedule, then resume it.",
        href=f"/jobs?tab=schedules&schedule={paused.schedule_id}",
        key=f"schedule-paused:{paused.schedule_id}",
        organization_id=paused.organization_id,
    )


@job(DELIVER, queue="interactive", timeout=timedelta(minutes=3), title="Bring a notice", startable=False, small=True)
async def deliver(run: Run, parameters: Deliver) -> Outcome:
    """Bring one notice to one address outside the app, for a day if need be. Safe to repeat."""
    async with run.session() as db:
        taken = await take(db, parameters.delivery_id, run.id)
    if isinstance(taken, Over):
        return Done(taken.reason)
    way = await _addressed(taken.way, taken.user_id)
    attempt = await say(way, taken.message) if way else _NOBODY
    async with run.session() as db:
        wait = await book(db, parameters.delivery_id, attempt)
    return Done(_arrived(taken)) if attempt.ok else _outcome(attempt, wait)


@job(RELEASE, queue="interactive", timeout=timedelta(minutes=3), title="Bring what was held back", startable=False)
async def release(run: Run, parameters: Release) -> Outcome:
    """Bring what was held back for quiet hours or a full hour, in one message. Safe to repeat."""
    async with run.session() as db:
        summary = await gather(db, parameters.recipient, run.id)
    if summary is None:
        return Done("Nothing is held back any more.")
    if isinstance(summary, timedelta):
        return Snooze(summary, "This is not the time yet.")
    way = await _addressed(summary.way, summary.user_id)
    attempt = await say(way, summary.message) if way else _NOBODY
    async with run.session() as db:
        wait = await book_summary(db, summary.message, attempt)
    # Comes back at once to see whether something was held back meanwhile.
    return _outcome(attempt, wait) if not attempt.ok else Snooze(timedelta(seconds=1), "Looking for more.")


@job(
    "notifications.sweep",
    queue="interactive",
    timeout=timedelta(minutes=2),
    title="Look after notices",
    every=timedelta(minutes=2),
)
async def sweep(run: Run) -> Outcome:
    """End incidents that are over and snoozes that have run out, and take up what was left lying. Safe to repeat."""
    settled = await run.step("settle", sweeping.settle_run_incidents)
    snoozes = await run.step("snoozes", sweeping.end_snoozes)
    requeued = await run.step("requeue", sweeping.requeue_forgotten)
    await run.step("forget", sweeping.forget_old)
    return Done(
        f"{count_of(settled, 'incident')} settled, {count_of(snoozes, 'snooze')} ended, "
        f"{count_of(requeued, 'delivery', 'deliveries')} taken up"
    )


_TOLD = {
    "email": "by e-mail",
    "webhook": "to a webhook",
    "slack": "in Slack",
    "teams": "in Teams",
    "discord": "in Discord",
    "ntfy": "by ntfy",
}
_NOBODY = Attempt(False, 0, error="This person has no account any more.", permanent=True, nobody=True)


async def _addressed(way: Way, user_id: UUID | None) -> Way | None:
    """The way with the person's own address where it has none; None when that person may not sign in any more."""
    if user_id is None:
        return way
    user = await user_by_id(user_id)
    if user is None or user.disabled_at is not None:
        return None
    return way if way.address else replace(way, address=user.email)


def _arrived(taken: Taken) -> str:
    """Which sort of notice, and where to; what it says is not for everybody who sees runs."""
    return f"{kind_named(taken.message.kind).title}: told {_TOLD[taken.way.sort]}"


def _outcome(attempt: Attempt, wait: timedelta | None) -> Outcome:
    if wait is None:
        return Done(f"Given up: {attempt.error}")
    if parked := attempt.parked:
        # Woken when the service is called again, and sooner or later anyway.
        reason, until = attempt.error or parked.reason, clock.now() + wait
        raise Parked(parked.provider, reason, until, parked.breaker_id, for_breaker=parked.for_breaker)
    return Snooze(wait, attempt.error or "")
