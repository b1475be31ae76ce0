"""What a refusal says of one account is not said of the others, and what it says of an old token is not said of a new one."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from brandhound.ads.access import access_of_account
from brandhound.ads.meta.refusing import Refusal
from brandhound.ads.stopping import note_refusal
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.tokens import signed_request
from tests.ads.conftest import RUNA, choose, connect, connection, later, log_in
from tests.ads.test_access import DAY, asked_and_refused, hour_strikes, notices, token_of


async def lose(meta: MetaTwin, organization_id: UUID, account_id: str) -> None:
    """The role on that account is taken back at Meta."""
    meta.trouble(RUNA, "no_scope")
    assert await asked_and_refused(organization_id, account_id) == "no_access"
    meta.trouble(RUNA, None)


async def test_the_token_is_renewed_for_the_others_when_one_account_of_the_login_was_lost(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    ids = [one["id"] for one in (await client.get("/api/ad-accounts")).json()["items"]]
    lost, kept = connected["id"], next(one for one in ids if one != connected["id"])
    await lose(meta, organization_id, lost)
    before = await token_of(organization_id, kept)
    later(meta, 46 * DAY)
    for _ in range(3):
        await hour_strikes(organization_id)
        later(meta, timedelta(hours=1))
    assert await token_of(organization_id, kept) != before
    link = await connection(client, lost)
    assert (link["state"], link["reason"]) == ("needs_you", "no_access")
    assert len(await notices(client, "ad_access_lost")) == 1
    later(meta, 20 * DAY)
    await hour_strikes(organization_id)
    assert (await connection(client, kept))["state"] == "connected"


async def test_the_token_of_a_lost_account_is_renewed_so_that_look_again_is_enough_months_later(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    await lose(meta, organization_id, connected["id"])
    later(meta, 46 * DAY)
    await hour_strikes(organization_id)
    link = await connection(client, connected["id"])
    assert (link["state"], link["reason"]) == ("needs_you", "no_access")
    assert datetime.fromisoformat(link["token_expires_at"]) - clock.now() > 59 * DAY
    later(meta, 20 * DAY)
    looked = await client.post(f"/api/ad-accounts/connections/{link['id']}/looks")
    assert looked.json()["brands"][0]["state"] == "connected", looked.text


async def test_what_meta_says_of_the_old_token_does_not_end_a_connection_that_has_a_new_one(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    async with tenant_session(organization_id) as db:
        old = await access_of_account(db, UUID(connected["id"]))
    later(meta, timedelta(minutes=5))
    await choose(client, await log_in(client, connected["brands"][0]["brand_id"]), connected["external_id"])
    new = await token_of(organization_id, connected["id"])
    assert new != old.token
    removed = Refusal("removed", "190-458", is_revoked=True)
    await note_refusal(organization_id, old.link_id, removed, old.token_fingerprint)
    assert await token_of(organization_id, connected["id"]) == new
    # The other account has the old token still, and it is true of that.
    links = [one["brands"][0] for one in (await client.get("/api/ad-accounts")).json()["items"]]
    assert sorted((link["state"], link["reason"]) for link in links) == [("connected", None), ("revoked", "removed")]


@pytest.mark.parametrize("lent", [False, True])
async def test_a_refusal_that_comes_late_does_not_bring_back_what_was_revoked(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID, lent: bool
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    async with tenant_session(organization_id) as db:
        access = await access_of_account(db, UUID(connected["id"]))
    token_fingerprint = access.token_fingerprint
    removed = Refusal("removed", "190-458", is_revoked=True)
    await note_refusal(organization_id, access.link_id, removed, token_fingerprint)
    late = Refusal("password_changed", "190-460")
    await note_refusal(organization_id, access.link_id, late, None if lent else token_fingerprint)
    link = await connection(client, connected["id"])
    assert (link["state"], link["reason"]) == ("revoked", "removed")
    assert len(await notices(client, "ad_access_lost")) == 1


async def test_a_login_that_was_begun_after_the_application_was_removed_goes_on_when_meta_says_so_late(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    runa = next(one.id for one in meta.kept.owners.people.values() if one.name == RUNA)
    told = signed_request({"user_id": runa, "issued_at": int(clock.now().timestamp())}, meta.app_secret)
    later(meta, timedelta(minutes=1))
    login = await log_in(client, connected["brands"][0]["brand_id"])
    answer = await client.post("/api/ad-accounts/meta/deauthorization", data={"signed_request": told})
    assert answer.status_code == 200, answer.text
    await choose(client, login, connected["external_id"])
    assert (await connection(client, connected["id"]))["state"] == "connected"
