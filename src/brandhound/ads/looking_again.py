"""Looking anew at a connection that waits for somebody: what was put right at Meta needs no new token."""

from uuid import UUID

from brandhound.ads.access import installation_token, is_allowed, token_of
from brandhound.ads.choosing import renewal_time
from brandhound.ads.events import AdAccountsConnected
from brandhound.ads.meta import granting
from brandhound.ads.meta.calling import application, ask_graph
from brandhound.ads.meta.refusing import AccessRefused
from brandhound.ads.models import BrandAdAccount
from brandhound.ads.queries import account_by_id, link_by_id
from brandhound.ads.stopping import OF_ONE_ACCOUNT, alike, note_refusal, resume
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.secrets import CannotUnseal
from brandhound.jobs.registry import announce
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


async def look_again(caller: Caller, link_id: UUID) -> UUID:
    """Ask Meta with the token that is there whether it reads the account by now; the account. Safe to repeat.

    Where it does, the connection works again, and with it those that stopped for the same token; what they missed is read
    at once. Raises NotThere, AccessRefused with what Meta says now, or like `ask_graph`.
    """
    organization_id = caller.organization_id
    async with tenant_session(organization_id) as db:
        link = await link_by_id(db, link_id)
        account = await account_by_id(db, link.ad_account_id)
        if link.state != "needs_you":
            return account.id
        token = _token(link, organization_id)
        external_id, token_fingerprint = account.external_id, link.token_fingerprint
    if token is None:
        # Without a token there is nothing to ask with: the reason that stands there stays true.
        return account.id
    app = application()
    try:
        granting.check_of(await granting.inspect(app, token, organization_id))
        await ask_graph(app, token, f"{external_id}/ads", {"fields": "id", "limit": "1"}, organization_id)
    except AccessRefused as refused:
        await note_refusal(organization_id, link_id, refused.refusal, token_fingerprint)
        raise
    async with tenant_session(organization_id) as db:
        link = await link_by_id(db, link_id)
        if link.state != "needs_you" or link.token_fingerprint != token_fingerprint:
            # It was reconnected, or stopped, meanwhile: what was asked with says nothing of the token that it has now.
            return account.id
        of_token, well = link.state_reason not in OF_ONE_ACCOUNT, [account.id]
        for one in await alike(db, link) if of_token else [link]:
            if one.state == "needs_you" and one.state_reason == link.state_reason:
                one.renew_at = renewal_time(one.token_expires_at, one.token_issued_at or clock.now())
                if one.id != link.id:
                    await resume(db, one)
                    well.append(one.ad_account_id)
        await resume(db, link)
        await announce(db, AdAccountsConnected(account_ids=list(dict.fromkeys(well))))
        await record(db, caller, "ads.looked_again", "ad_account", account.id, {"brand_id": str(link.brand_id)})
    return account.id


def _token(link: BrandAdAccount, organization_id: UUID) -> str | None:
    try:
        own = token_of(link)
    except CannotUnseal:
        return None
    lent = link.auth_method == "system_user" and is_allowed(organization_id)
    return own or (installation_token() if lent else None)
