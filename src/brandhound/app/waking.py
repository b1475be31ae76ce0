"""What happens to outside services, brought to the packages above them: work that waits goes on, operators are told."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import text

from brandhound.admin.telling import Told, settle_for_operators, tell_operators
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.system import system_session
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.jobs.waiting import wake
from brandhound.notifications.models import Severity
from brandhound.notifications.notifying import notify
from brandhound.providers.events import (
    NEARLY,
    AccessChanged,
    BreakerClosed,
    BreakerOpened,
    BudgetReached,
    ProbeRequested,
    QuotaNear,
    hears,
)
from brandhound.providers.failures import FailureClass, title_of
from brandhound.providers.parked import counts_parked
from brandhound.providers.strategies import STRATEGIES

_OPENINGS_BEFORE_TELLING = 3
"""One that is left alone for half a minute is nobody's business; one that does not come back is."""

_KINDS: Mapping[str, tuple[str, Severity]] = {
    FailureClass.AUTH: ("provider_key", "critical"),
    FailureClass.BILLING: ("provider_key", "critical"),
    FailureClass.WAIT_QUOTA: ("quota_spent", "critical"),
}


# Nobody could wake them: they were not asleep yet, or whoever found the provider well died before it could say so. And one
# that may be tried is to be tried by somebody.
_OVERSLEPT = """
select distinct b.provider from provider_breakers b join runs r on r.waiting_for = b.provider and r.state = 'waiting'
 where (b.state = 'open' and b.open_until <= :now)
    or (b.state = 'closed' and b.changed_at > cast(:now as timestamptz) - interval '5 minutes'
        and r.put_off_at <= b.changed_at + interval '30 seconds'
        and (r.put_off_at >= b.changed_at - interval '30 seconds' or not exists (
              select from provider_breakers other where other.provider = b.provider and other.state <> 'closed')))
"""


@hears(BreakerOpened)
async def tell_of_opening(event: BreakerOpened) -> None:
    """Tell operators of a provider that does not come back by itself."""
    if not STRATEGIES[FailureClass(event.failure_class)].tells and event.openings < _OPENINGS_BEFORE_TELLING:
        return
    kind, severity = _KINDS.get(event.failure_class, ("breaker_open", "warning"))
    when = "It is not called before somebody says so." if event.until is None else "It is tried again by itself."
    body = " ".join(part for part in (event.reason, event.what_to_do, when, "Work for it waits meanwhile.") if part)
    title = f"{title_of(event.service.provider)} is left alone"
    told = Told(kind, title, body, f"/providers?breaker={event.breaker_id}", severity, f"breaker:{event.breaker_id}")
    async with system_session() as db:
        await tell_operators(db, told)


@hears(BreakerClosed)
async def wake_what_waited(event: BreakerClosed) -> None:
    """It is called again: let all work go on that waits for it, and the incident be over."""
    async with system_session() as db:
        await wake(db, event.service.provider)
        await settle_for_operators(db, f"breaker:{event.breaker_id}")


@hears(ProbeRequested)
async def wake_who_tries(event: ProbeRequested) -> None:
    """Somebody wants it tried: let work go on, of which the first tries and the rest waits for that."""
    async with system_session() as db:
        await wake(db, event.service.provider)


@hears(AccessChanged)
async def wake_with_another_key(event: AccessChanged) -> None:
    """The key that did not work is another one now: what the organization has waiting for it tries that."""
    await wake(event.db, event.provider)


@job("providers.wake", timeout=timedelta(minutes=1), every=timedelta(minutes=1), title="Wake what waits for providers")
async def wake_late(run: Run) -> Outcome:
    """Let work go on that was on its way to sleep at the very moment at which its provider was found well."""
    async with system_session() as db:
        providers = [row.provider for row in await db.execute(text(_OVERSLEPT), {"now": clock.now()})]
        woken = [await wake(db, provider) for provider in providers]
    return Done(f"{count_of(sum(woken), 'run was', 'runs were')} woken")


@hears(QuotaNear)
async def tell_of_quota(event: QuotaNear) -> None:
    """Tell operators that a quota will be used up soon."""
    name = title_of(event.service.provider)
    title = f"{event.used * 100 // max(1, event.most)} % of a quota at {name} are used"
    body = f"{event.used} of {event.most} {event.metric}. What comes after that waits until it begins anew."
    key = f"quota:{event.breaker_id}:{event.metric}"
    async with system_session() as db:
        await tell_operators(
            db, Told("quota_near", title, body, f"/providers?breaker={event.breaker_id}", "warning", key)
        )


@hears(BudgetReached)
async def tell_of_budget(event: BudgetReached) -> None:
    """Tell an organization's administrators that its budget for models is nearly spent, or does not reach any further."""
    share = event.used * 100 // max(1, event.limit)
    kind = "quota_spent" if event.is_spent else "quota_near"
    severity: Severity = "warning"
    title = f"{share} % of the budget for models are spent"
    so_far = ""
    if event.is_spent:
        # A call is refused for what it may take at the most, which may be much of a small budget.
        is_little_left = event.used >= event.limit * NEARLY
        title = (
            "The budget for models is spent"
            if is_little_left
            else "The budget for models is too small for the next call"
        )
        used, limit, needed = (_amount(event.of, number) for number in (event.used, event.limit, event.needed))
        so_far = f"{used} of {limit} are spent or reserved, and the next call may take {needed}. "
    body = (
        f"{so_far}It is counted in {event.of}, and begins anew on {event.begins_anew_at:%d %B}. Without a model the embedded "
        "analysis does the work, and nothing stops."
    )
    # With another limit it is another matter, of which people hear anew.
    key = f"models:{event.of}:{kind}:{event.begins_anew_at:%Y-%m}:{event.limit}"
    async with tenant_session(event.organization_id) as db:
        await notify(db, kind, title, body, "/settings?tab=models", severity, key, audience="admins")


def _amount(of: str, number: int) -> str:
    # Calls cost parts of a cent, and so may the budget of who tries it out.
    places = 2 if number >= 1_000_000 else 4
    return f"${number / 1_000_000:,.{places}f}" if of == "dollars" else f"{number:,} tokens"


@counts_parked
async def runs_that_wait() -> dict[str, int]:
    """Runs that wait for a provider, over all organizations."""
    query = "select waiting_for, count(*) as number from runs where state = 'waiting' and waiting_for is not null group by 1"
    async with system_session() as db:
        return {row.waiting_for: row.number for row in await db.execute(text(query))}
