"""The demo's ad accounts: connected with a made-up Meta, as anybody would connect theirs with the real one."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.choosing import Choice, choose_accounts
from brandhound.ads.connecting import take_token
from brandhound.brands.models import Brand
from brandhound.core.db import tenant_session
from brandhound.tenancy.people import Caller
from brandhound.twins.meta import CONFIG_ID, PORT, MetaTwin, serve_meta

ACCOUNTS = {"Tallow": ("tallow-eu", "tallow-us"), "Morrow Bay Coffee": ("morrow-uk", "morrow-jp")}
FIRST_DAY = "made-up-meta-began"


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
