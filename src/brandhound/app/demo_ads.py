"""The demo's ad accounts: connected with a made-up Meta, as anybody would connect theirs with the real one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import select

from brandhound.ads.choosing import Choice, choose_accounts
from brandhound.ads.connecting import take_token
from brandhound.ads.exchange_rates.keeping import import_rates
from brandhound.ads.exchange_rates.models import ExchangeRate
from brandhound.ads.exchange_rates.reading import read_rates
from brandhound.ads.models import AdAccount
from brandhound.ads.syncing.queueing import queue_sync
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.controlling import cancel_run
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.states import ACTIVE
from brandhound.tenancy.models import Member
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role
from brandhound.twins.meta import CONFIG_ID, MetaTwin, serve_meta

ACCOUNTS = {"Tallow": ("tallow-eu", "tallow-us"), "Morrow Bay Coffee": ("morrow-uk", "morrow-jp")}
FIRST_DAY = "made-up-meta-began"
RATES = {"USD": 1.09, "GBP": 0.86, "JPY": 164.0}
"""Where the made-up rates against the euro begin."""
DAYS_OF_RATES = 400
BANK = "Made-up bank"
READ_EARLIER = timedelta(days=5)
"""So long before the demo begins its accounts were read for the first time."""


def serve_meta_twin(port: int, seed: int, first: date | None, *, large: bool) -> int:
    """Serve a made-up Meta until Ctrl-C, and say what to set for brandhound to ask it."""
    with serve_meta(port, seed=seed, first=first, large=large) as meta:
        print(f"The Graph API, its dialog and its control API are at {meta.url}. To have brandhound ask it:\n")
        for name, value in meta_settings(meta.url, meta.app_id, meta.app_secret).items():
            print(f"export {name}='{value}'")
        print(f"\nA system user's token to paste when connecting:\n{meta.system_user_token}\n", flush=True)
        meta.wait()
    return 0


def meta_settings(url: str, app_id: str, app_secret: str) -> dict[str, str]:
    """The settings that lead brandhound to a made-up Meta."""
    return {
        "BRANDHOUND_META_GRAPH_URL": url,
        "BRANDHOUND_META_DIALOG_URL": url,
        "BRANDHOUND_META_APP_ID": app_id,
        "BRANDHOUND_META_APP_SECRET": app_secret,
        "BRANDHOUND_META_CONFIG_ID": CONFIG_ID,
        "BRANDHOUND_PRIVATE_NETWORKS": "127.0.0.0/8",
    }


def demo_meta(folder: Path, port: int) -> MetaTwin:
    """The demo's Meta. It began on the day on which the demo did: what was read of it stays true."""
    return serve_meta(port, first=first_day(folder))


def first_day(folder: Path) -> date:
    """The day on which the demo began, which is today where it never did."""
    kept = folder / FIRST_DAY
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(datetime.now(UTC).date().isoformat())
    return date.fromisoformat(kept.read_text().strip())


async def connect_demo_accounts(caller: Caller, meta: MetaTwin) -> None:
    """Connect the made-up accounts with the brands they are about. Their sync begins when a worker does."""
    async with tenant_session(caller.organization_id) as db:
        brands: dict[str, UUID] = {name: id_ for id_, name in await db.execute(select(Brand.id, Brand.name))}
    for brand, keys in ACCOUNTS.items():
        login_id = await take_token(caller, brands[brand], meta.system_user_token)
        choices = [Choice(meta.account(key).act, (brands[brand],)) for key in keys]
        async with tenant_session(caller.organization_id) as db:
            await choose_accounts(db, caller, None, login_id, choices)


async def read_earlier(caller: Caller, meta: MetaTwin, at: datetime) -> None:
    """Connect and read the accounts as if it were some days ago, so that days have moved once they are read again.

    Both clocks stand there meanwhile, and go on afterwards. What a sync has judged and fetched waits for the next one.
    """
    clock.freeze(at - READ_EARLIER)
    meta.set_clock(at - READ_EARLIER)
    try:
        await connect_demo_accounts(caller, meta)
        await run_until_idle(caller.organization_id, jobs=("ads.begin", "ads.sync", "ads.diagnose"))
    finally:
        clock.unfreeze()
        meta.set_clock(None)
    async with tenant_session(caller.organization_id) as db:
        # Queued days ago, they would be the first to be done, and look as if nobody had worked since.
        for run_id in await db.scalars(
            select(RunRow.id).where(RunRow.state.in_(ACTIVE), RunRow.created_at <= at - READ_EARLIER)
        ):
            await cancel_run(db, run_id, caller.user_id)
        for account_id in await db.scalars(select(AdAccount.id)):
            await queue_sync(db, SyncAccount.model_validate({"ad_account_id": account_id, "days_back": 28}))


async def put_demo_rates(caller: Caller, now: datetime, began: date) -> None:
    """Rates of the currencies that the made-up accounts are in until today, put in as a bank's table would be.

    Those that are there already stay as they are, and nothing is put in where none is new.
    """
    read = read_rates(made_up_rates(began, now.date()).encode(), "EUR", now.date())
    async with tenant_session(caller.organization_id) as db:
        tried = await import_rates(db, caller, read, BANK, now, commit=False, skip_faulty=False)
        if tried.added:
            await import_rates(db, caller, read, BANK, now, commit=True, skip_faulty=False)


async def demo_rates_until(now: datetime, began: date) -> None:
    """Go on with the rates of a demo that is started again, as long as its own are there."""
    async with system_session() as db:
        owner = await db.scalar(
            select(Member).where(Member.organization_id != SYSTEM_ORGANIZATION, Member.role == Role.OWNER.word).limit(1)
        )
    if owner is None:
        return
    async with tenant_session(owner.organization_id) as db:
        has_rates = await db.scalar(select(ExchangeRate.source).where(ExchangeRate.source == BANK).limit(1))
    if has_rates:
        caller = Caller(owner.organization_id, Role.OWNER, "Europe/Berlin", user_id=owner.user_id)
        await put_demo_rates(caller, now, began)


def made_up_rates(began: date, last: date) -> str:
    """A table as the European Central Bank gives it, with rates that wander; none on weekends.

    From more than a year before a day on. A rate of a day is the same however many follow.
    """
    chance = np.random.default_rng(11)
    count = DAYS_OF_RATES + max((last - began).days, 0)
    days = [began + timedelta(days=at + 1 - DAYS_OF_RATES) for at in range(count)]
    steps = np.exp(np.cumsum(chance.normal(0, 0.004, (count, len(RATES))), axis=0))
    rows = [
        ",".join(
            (day.isoformat(), *(f"{start * step:.5g}" for start, step in zip(RATES.values(), of_day, strict=True)))
        )
        for day, of_day in zip(days, steps.tolist(), strict=True)
        if day.weekday() < 5
    ]
    return "\n".join((",".join(("Date", *RATES)), *reversed(rows))) + "\n"
