"""Ad accounts as they are shown."""

from collections.abc import Iterable
from datetime import datetime

from brandhound.ads.meta.standings import delivers, disabled_because, standing_of
from brandhound.ads.models import AdAccount
from brandhound.ads.queries import LinkedBrand
from brandhound.ads.schemas import AdAccountOut, LinkOut
from brandhound.ads.standing import NEEDED, standing_of_link


def shown_account(account: AdAccount, links: Iterable[LinkedBrand], now: datetime) -> AdAccountOut:
    """An account with its connections, without their secrets."""
    return AdAccountOut(
        id=account.id,
        platform=account.platform,
        external_id=account.external_id,
        name=account.name,
        currency=account.currency,
        time_zone=account.time_zone,
        standing="imported" if account.platform == "file" else standing_of(account.account_status),
        delivers=delivers(account.account_status),
        disabled_because=disabled_because(account.disable_reason),
        business_name=account.business_name,
        checked_at=account.checked_at,
        created_at=account.created_at,
        brands=[shown_link(linked, now) for linked in links],
    )


def shown_link(linked: LinkedBrand, now: datetime) -> LinkOut:
    """A connection, without its secrets."""
    link = linked.link
    stands = standing_of_link(link, now)
    return LinkOut(
        id=link.id,
        brand_id=linked.brand_id,
        brand_name=linked.brand_name,
        is_primary=link.is_primary,
        auth_method=link.auth_method,
        token="own" if link.access_token else "installation" if _is_lent(link.auth_method, link.state) else "none",
        state=link.state,
        status=stands.status,
        reason=stands.reason,
        says=stands.says,
        what_to_do=stands.what_to_do,
        expires_at=stands.expires_at,
        expires_in_days=stands.expires_in_days,
        token_expires_at=link.token_expires_at,
        data_access_expires_at=link.data_access_expires_at,
        renews_at=link.renew_at,
        scopes=sorted(link.scopes),
        missing_scopes=[scope for scope in NEEDED if scope not in link.scopes] if link.auth_method != "file" else [],
        subject_name=link.subject_name,
        tasks=link.tasks,
        state_since=link.state_since,
        checked_at=link.checked_at,
        connected_at=link.connected_at,
    )


def _is_lent(auth_method: str, state: str) -> bool:
    return auth_method == "system_user" and state in ("connected", "needs_you")
