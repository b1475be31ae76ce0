"""Jobs of ad accounts."""

from datetime import timedelta

from brandhound.ads import coming_due, renewing
from brandhound.ads.meta.calling import MetaNotSetUp, application
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job


@job(
    "ads.access_due",
    queue="fetch",
    timeout=timedelta(minutes=5),
    title="See whose access to ad accounts needs something",
    every=timedelta(hours=1),
)
async def see_access_due(run: Run) -> Outcome:
    """Queue the renewals that are due, and remove logins that nobody ended. Safe to repeat."""
    due = await run.step("due", coming_due.queue_due_renewals)
    gone = await run.step("logins", coming_due.remove_old_logins)
    return Done(f"{due:,} to look at, {count_of(gone, 'login')} removed")


@job(coming_due.RENEW, queue="fetch", timeout=timedelta(minutes=10), title="Renew access to ad accounts")
async def renew(run: Run) -> Outcome:
    """Renew the tokens that are due while they are valid, and tell of what ends soon. Safe to repeat."""
    outcomes: list[str] = []
    try:
        application()
    except MetaNotSetUp:
        await run.log("warning", "no application at Meta is set up, so that no token can be renewed")
    else:
        due = await run.step("due", renewing.fingerprints_due, run.organization_id)
        for place, token_fingerprint in enumerate(due):
            await run.check()
            outcomes.append(
                await run.step(
                    f"renew {token_fingerprint}", renewing.renew_token, run.organization_id, token_fingerprint
                )
            )
            await run.progress(place + 1, len(due), "Renewing tokens")
    told = await run.step("tell", renewing.tell_what_ends, run.organization_id)
    renewed = outcomes.count("renewed")
    others = ", ".join(sorted(set(outcomes) - {"renewed"}))
    return Done(f"{renewed} renewed{f'; {others}' if others else ''}; {told} told of")
