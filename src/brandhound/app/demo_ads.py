"""The demo's ad accounts: connected with a made-up Meta, as anybody would connect theirs with the real one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import select

from brandhound.ads.choosing import Choice, choose_accounts
from brandhound.ads.connecting import take_token
from brandhound.ads.exchange_rates.keeping import import_rates
from brandhound.ads.exchange_rates.reading import read_rates
from brandhound.brands.models import Brand
from brandhound.core.db import tenant_session
from brandhound.tenancy.people import Caller
from brandhound.twins.meta import CONFIG_ID, PORT, MetaTwin, serve_meta

ACCOUNTS = {"Tallow": ("tallow-eu", "tallow-us"), "Morrow Bay Coffee": ("morrow-uk", "morrow-jp")}
FIRST_DAY = "made-up-meta-began"
RATES = {"USD": 1.09, "GBP": 0.86, "JPY": 164.0}
"""Where the made-up rates against the euro begin."""
DAYS_OF_RATES = 400


def serve_meta_twin(port: int | None, seed: int, first: date | None, *, large: bool) -> int:
    """Serve a made-up Meta until Ctrl-C, and say what to set for brandhound to ask it."""
    with serve_meta(PORT if port is None else port, seed=seed, first=first, large=large) as meta:
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
    kept = folder / FIRST_DAY
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(datetime.now(UTC).date().isoformat())
    return serve_meta(port, first=date.fromisoformat(kept.read_text().strip()))


async def connect_demo_accounts(caller: Caller, meta: MetaTwin) -> None:
    """Connect the made-up accounts with the brands they are about. Their sync begins when a worker does."""
    async with tenant_session(caller.organization_id) as db:
        brands: dict[str, UUID] = {name: id_ for id_, name in await db.execute(select(Brand.id, Brand.name))}
    for brand, keys in ACCOUNTS.items():
        login_id = await take_token(caller, brands[brand], meta.system_user_token)
        choices = [Choice(meta.account(key).act, (brands[brand],)) for key in keys]
        async with tenant_session(caller.organization_id) as db:
            await choose_accounts(db, caller, None, login_id, choices)


async def put_demo_rates(caller: Caller, now: datetime) -> None:
    """Rates of the currencies that the made-up accounts are in, put in as a bank's table would be."""
    read = read_rates(made_up_rates(now.date()).encode(), "EUR", now.date())
    async with tenant_session(caller.organization_id) as db:
        await import_rates(db, caller, read, "Made-up bank", now, commit=True, skip_faulty=False)


def made_up_rates(last: date) -> str:
    """A table as the European Central Bank gives it, with rates that wander; none on weekends."""
    chance = np.random.default_rng(11)
    days = [last - timedelta(days=at) for at in reversed(range(DAYS_OF_RATES))]
    steps = np.exp(np.cumsum(chance.normal(0, 0.004, (DAYS_OF_RATES, len(RATES))), axis=0))
    rows = [
        ",".join(
            (day.isoformat(), *(f"{start * step:.5g}" for start, step in zip(RATES.values(), of_day, strict=True)))
        )
        for day, of_day in zip(days, steps.tolist(), strict=True)
        if day.weekday() < 5
    ]
    return "\n".join((",".join(("Date", *RATES)), *reversed(rows))) + "\n"
