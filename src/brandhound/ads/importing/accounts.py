"""Accounts whose numbers come from tables."""

from uuid import UUID
from zoneinfo import ZoneInfo

from brandhound.ads.importing.errors import CurrencyUnknown
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.brands.queries import brand_by_id
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Caller


def described_account(name: str, currency: str, time_zone: str) -> AdAccount:
    """An account as somebody describes it, stored nowhere. Raises CurrencyUnknown."""
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise CurrencyUnknown(time_zone=time_zone) from error
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise CurrencyUnknown(currency=currency)
    account = AdAccount(
        id=uuid7(),
        platform="file",
        name=name.replace("\0", "").strip() or "Imported",
        currency=currency.upper(),
        time_zone=time_zone,
    )
    # Nobody else names it, so that its own identifier is its name there.
    account.external_id = str(account.id)
    return account


async def store_file_account(db: Db, caller: Caller, account: AdAccount, brand_id: UUID | None) -> AdAccount:
    """Make it, in the service of a brand if one is named. Raises NotThere."""
    if brand_id is not None:
        await brand_by_id(db, brand_id)
    db.add(account)
    await db.flush()
    if brand_id is not None:
        now = clock.now()
        db.add(
            BrandAdAccount(
                brand_id=brand_id,
                ad_account_id=account.id,
                auth_method="file",
                state="connected",
                state_since=now,
                connected_by=caller.user_id,
                connected_at=now,
            )
        )
    await record(db, caller, "ads.file_account_made", "ad_account", account.id, {"name": account.name})
    publish(db, "ad-accounts", account.id)
    return account
