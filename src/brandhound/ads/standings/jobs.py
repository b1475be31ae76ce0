"""The jobs that judge ads, and that keep their sums in other currencies."""

from datetime import timedelta

from brandhound.ads.exchange_rates.events import RatesChanged
from brandhound.ads.job_parameters import about_account
from brandhound.ads.standings.converting import count_again, is_kept
from brandhound.ads.standings.diagnosing_accounts import diagnose_account
from brandhound.ads.standings.wishes import Convert, Diagnose
from brandhound.ads.syncing.events import AdsSynced, FactsCounted, FactsImported
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, enqueue, hears, job


@job(
    "ads.diagnose",
    queue="analyse",
    timeout=timedelta(minutes=15),
    title="Judge ads",
    about=about_account("Judge ads of {}", "account_id"),
)
async def diagnose(run: Run, parameters: Diagnose) -> Outcome:
    """Sum what the ads of an account did, and say of each what is likely wrong with it, or that too little was seen."""
    async with run.session() as db:
        done = await diagnose_account(db, parameters.account_id, clock.now(), only_if_new=parameters.only_if_new)
        if done is None:
            await run.log(
                "info", "No figure changed and no day ended since ads were judged last: nothing is judged anew"
            )
            return Done("nothing changed since ads were judged last")
        publish(db, "ads", parameters.account_id)
        if await is_kept(db, parameters.account_id):
            await enqueue(db, "ads.convert", Convert(account_id=parameters.account_id))
    return Done(f"{count_of(done['ads'], 'ad')}, {count_of(done['said'], 'thing')} said")


@job(
    "ads.convert",
    queue="analyse",
    timeout=timedelta(minutes=15),
    title="Add up ads in other currencies",
    about=about_account("Add up ads of {} in other currencies", "account_id"),
)
async def convert(run: Run, parameters: Convert) -> Outcome:
    """Add up anew what ads cost in the currencies that were asked for in the last two weeks, so that nobody waits for it."""
    async with run.session() as db:
        counted = await count_again(db, parameters.account_id, clock.now())
    return Done(f"{count_of(counted, 'window')} added up")


@hears(RatesChanged)
async def convert_by_other_rates(db: Db, _: RatesChanged) -> None:
    """Rates are others. What is kept by the old ones is not shown any more, whether this has run or not."""
    if await is_kept(db):
        await enqueue(db, "ads.convert", Convert())


@hears(AdsSynced)
async def judge_what_was_synced(db: Db, event: AdsSynced) -> None:
    """Numbers came in from the platform. Every hour, so that often none of a whole day is new."""
    await enqueue(db, "ads.diagnose", Diagnose(account_id=event.ad_account_id, only_if_new=True))


@hears(FactsImported)
async def judge_what_was_imported(db: Db, event: FactsImported) -> None:
    """Numbers came in from a file."""
    await enqueue(db, "ads.diagnose", Diagnose(account_id=event.ad_account_id))


@hears(FactsCounted)
async def judge_what_was_counted_again(db: Db, event: FactsCounted) -> None:
    """Numbers were counted again."""
    await enqueue(db, "ads.diagnose", Diagnose(account_id=event.ad_account_id))
