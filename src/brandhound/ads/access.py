"""With whose token an account is read: the brand's own, else the installation's system user where that is allowed.

Tokens are unsealed here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.errors import NeedsConnection, SystemUserNotAllowed
from brandhound.ads.models import BrandAdAccount
from brandhound.ads.standing import run_out
from brandhound.brands.queries import one_with
from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.secrets import CannotUnseal, seal, unseal
from brandhound.core.settings import settings
from brandhound.providers.callees import key_fingerprint

_SEALED = "brand_ad_accounts.access_token"
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Access:
    """The right to read an account. A sync keeps `source` and logs it, so that it can be told later whose token it was."""

    token: str = field(repr=False)
    source: Literal["brand", "installation"]
    link_id: UUID
    brand_id: UUID
    token_fingerprint: str | None
    """What stands for the connection's own token; None for the installation's."""


async def access_of_account(db: Db, account_id: UUID, brand_id: UUID | None = None) -> Access:
    """The right to read an account, on behalf of one brand if one is named, else of whichever has it.

    Raises NeedsConnection with the reason when nobody has it.
    """
    query = select(BrandAdAccount).where(BrandAdAccount.ad_account_id == account_id)
    if brand_id is not None:
        query = query.where(BrandAdAccount.brand_id.in_(await one_with(db, brand_id)))
    links = list(await db.scalars(query))
    reason = "disconnected"
    for link in best_first(links):
        found, why = access_of_link(link, organization_of(db))
        if found is not None:
            return found
        reason = why or reason
    raise NeedsConnection(account_id, reason)


def access_of_link(link: BrandAdAccount, organization_id: UUID) -> tuple[Access | None, str | None]:
    """The right that one connection gives, or why it gives none.

    What was revoked or disconnected is never read with somebody else's token instead.
    """
    if link.auth_method == "file":
        return None, "file"
    if link.state != "connected":
        return None, link.state_reason or link.state
    if ended := run_out(link, clock.now()):
        return None, ended
    if link.access_token is not None:
        try:
            token = unseal(link.access_token, _SEALED)
            return Access(token, "brand", link.id, link.brand_id, link.token_fingerprint), None
        except CannotUnseal:
            return None, "unreadable"
    if link.auth_method != "system_user":
        return None, "invalid"
    if not is_allowed(organization_id):
        return None, "not_allowed"
    token = installation_token()
    return (Access(token, "installation", link.id, link.brand_id, None), None) if token else (None, "no_system_user")


def installation_token() -> str | None:
    """The token of the installation's own system user."""
    configured = settings().meta_system_user_token
    return (configured.get_secret_value().strip() or None) if configured else None


def is_allowed(organization_id: UUID) -> bool:
    """Whether the operator lets this organization use the installation's system user, which is somebody's business."""
    return organization_id in settings().meta_system_user_organizations


def lent_token(organization_id: UUID) -> str:
    """The installation's token for an organization that may use it. Raises SystemUserNotAllowed."""
    token = installation_token()
    if token is None or not is_allowed(organization_id):
        raise SystemUserNotAllowed(organization_id)
    return token


def keep_token(link: BrandAdAccount, token: str | None) -> None:
    """Seal a token into a connection; None takes away the one that is there."""
    sealed = seal(token, _SEALED) if token else None
    link.access_token = sealed
    link.token_key_id = sealed.split(":")[1] if sealed else None
    link.token_fingerprint = key_fingerprint(token) if token else None


def token_of(link: BrandAdAccount) -> str | None:
    """A connection's own token. Raises CannotUnseal."""
    return unseal(link.access_token, _SEALED) if link.access_token else None


def best_first(links: Iterable[BrandAdAccount]) -> Sequence[BrandAdAccount]:
    """Those that work before the others, own tokens before the installation's, and of those the one that lasts longest."""
    return sorted(
        links,
        key=lambda link: (
            link.state == "connected",
            link.access_token is not None,
            link.token_expires_at or _LAST,
            link.is_primary,
        ),
        reverse=True,
    )
