"""The right to read ad accounts over time: renewed while it is valid, told of before it ends, ended by whoever may end it."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import psycopg
import pytest

from brandhound.ads.access import access_of_account
from brandhound.ads.errors import NeedsConnection
from brandhound.ads.meta.calling import application, ask_graph
from brandhound.ads.meta.refusing import AccessRefused
from brandhound.ads.stopping import note_refusal
from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.tokens import signed_request
from tests.ads.conftest import RUNA, choose, connect, connection, later, log_in
from tests.databases import TestDatabase

DAY = timedelta(days=1)


async def hour_strikes(organization_id: UUID) -> None:
    """What happens every hour, and what comes of it for the organization."""
    async with system_session() as db:
        await enqueue(db, "ads.access_due", {}, organization_id=SYSTEM_ORGANIZATION)
    await run_until_idle(SYSTEM_ORGANIZATION)
    await run_until_idle(organization_id)


async def token_of(organization_id: UUID, account_id: str) -> str:
    """The token with which the account is read."""
    async with tenant_session(organization_id) as db:
        return (await access_of_account(db, UUID(account_id))).token


async def notices(client: httpx.AsyncClient, kind: str) -> list[dict[str, str]]:
    """Notices of that kind, newest first."""
    found = (await client.get("/api/notifications")).json()["items"]
    return [one for one in found if one["kind"] == kind]


async def asked_and_refused(organization_id: UUID, account_id: str) -> str:
    """Ask Meta with the account's token as a sync does, and note that it was refused; the reason."""
    async with tenant_session(organization_id) as db:
        access = await access_of_account(db, UUID(account_id))
    with pytest.raises(AccessRefused) as refused:
        await ask_graph(application(), access.token, "me", {"fields": "id"}, organization_id)
    await note_refusal(organization_id, access.link_id, refused.value.refusal, access.token_fingerprint)
    return refused.value.refusal.reason


async def test_a_token_is_renewed_at_three_quarters_of_its_life(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    first = await token_of(organization_id, connected["id"])
    renews = datetime.fromisoformat(connected["brands"][0]["renews_at"]) - clock.now()
    assert 41 * DAY <= renews <= 45 * DAY
    later(meta, 40 * DAY)
    await hour_strikes(organization_id)
    assert await token_of(organization_id, connected["id"]) == first
    later(meta, 6 * DAY)
    await hour_strikes(organization_id)
    second = await token_of(organization_id, connected["id"])
    assert second != first
    link = await connection(client, connected["id"])
    assert datetime.fromisoformat(link["token_expires_at"]) - clock.now() > 59 * DAY
    runs = (await client.get("/api/runs", params={"job": "ads.renew"})).json()["items"]
    assert any(run["outcome"] == "1 renewed; 0 told of" for run in runs), [run["outcome"] for run in runs]
    assert first not in str(runs)


async def test_the_old_token_stays_while_no_new_one_can_be_had(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    first = await token_of(organization_id, connected["id"])
    later(meta, 46 * DAY)
    meta.trouble(RUNA, "temporary")
    await hour_strikes(organization_id)
    assert await token_of(organization_id, connected["id"]) == first
    link = await connection(client, connected["id"])
    assert link["state"] == "connected"
    assert datetime.fromisoformat(link["renews_at"]) > clock.now()
    meta.trouble(RUNA, None)
    later(meta, timedelta(hours=7))
    await hour_strikes(organization_id)
    assert await token_of(organization_id, connected["id"]) != first


@pytest.mark.parametrize(
    ("trouble", "reason", "status"),
    [
        ("removed", "removed", "revoked"),
        ("checkpoint", "checkpoint", "needs_you"),
        ("password", "password_changed", "needs_you"),
        ("expired", "expired", "needs_you"),
        ("unconfirmed", "unconfirmed", "needs_you"),
        ("logged_out", "logged_out", "needs_you"),
        ("data_access_expired", "data_access", "needs_you"),
        ("session", "invalid", "needs_you"),
    ],
)
async def test_each_refusal_has_its_own_words_and_is_told_once(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID, trouble: str, reason: str, status: str
) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    meta.trouble(RUNA, trouble)
    assert await asked_and_refused(organization_id, connected["id"]) == reason
    links = [one["brands"][0] for one in (await client.get("/api/ad-accounts")).json()["items"]]
    assert {(link["status"], link["reason"]) for link in links} == {(status, reason)}
    assert all(link["what_to_do"] for link in links)
    assert {link["token"] for link in links} == ({"none"} if status == "revoked" else {"own"})
    told = await notices(client, "ad_access_lost")
    assert len(told) == 1
    assert "Tallow E-bikes EU, Tallow E-bikes US" in told[0]["title"]
    async with tenant_session(organization_id) as db:
        with pytest.raises(NeedsConnection) as needs:
            await access_of_account(db, UUID(connected["id"]))
    assert needs.value.reason == reason


async def test_a_connection_that_waited_for_the_person_is_well_again_by_itself(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    meta.trouble(RUNA, "checkpoint")
    await asked_and_refused(organization_id, connected["id"])
    later(meta, 2 * DAY)
    await hour_strikes(organization_id)
    assert (await connection(client, connected["id"]))["status"] == "needs_you"
    meta.trouble(RUNA, None)
    later(meta, 2 * DAY)
    await hour_strikes(organization_id)
    assert (await connection(client, connected["id"]))["status"] == "connected"


async def test_what_was_put_right_at_meta_needs_no_new_token(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    token = await token_of(organization_id, connected["id"])
    link_id = (await connection(client, connected["id"]))["id"]
    for trouble, reason in (("no_scope", "no_access"), ("password", "password_changed")):
        meta.trouble(RUNA, trouble)
        assert await asked_and_refused(organization_id, connected["id"]) == reason
        still = await client.post(f"/api/ad-accounts/connections/{link_id}/looks")
        assert (still.status_code, still.json()["code"], still.json()["reason"]) == (409, "ads/access-refused", reason)
        assert (await connection(client, connected["id"]))["status"] == "needs_you"
        meta.trouble(RUNA, None)
        looked = await client.post(f"/api/ad-accounts/connections/{link_id}/looks")
        assert looked.json()["brands"][0]["status"] == "connected"
        begun = (await client.get("/api/runs", params={"job": "ads.begin"})).json()["items"][0]
        assert connected["id"] in begun["parameters"]["account_ids"]
        # What stopped for the same token works again with it, and what was told of them is settled.
        links = [one["brands"][0] for one in (await client.get("/api/ad-accounts")).json()["items"]]
        assert {link["status"] for link in links} == {"connected"}
        assert await token_of(organization_id, connected["id"]) == token
    assert (await client.post(f"/api/ad-accounts/connections/{UUID(int=7)}/looks")).status_code == 404


async def test_people_are_told_fourteen_seven_and_one_day_before_data_access_ends(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    # The token is renewed on the way; that the person must log in again cannot be helped.
    later(meta, 46 * DAY)
    await hour_strikes(organization_id)
    told: list[tuple[int, int]] = []
    for days in (75, 76.5, 80, 83.5, 86, 89.5):
        later(meta, datetime(2026, 11, 2, 9, 30, tzinfo=UTC) + days * DAY - clock.now())
        await hour_strikes(organization_id)
        await hour_strikes(organization_id)
        told.append((int(days), len(await notices(client, "ad_access_ending"))))
    assert told == [(75, 0), (76, 1), (80, 1), (83, 2), (86, 2), (89, 3)]
    link = await connection(client, connected["id"])
    assert (link["status"], link["expires_in_days"]) == ("expiring", 1)
    assert "log in again" in link["says"]
    later(meta, DAY)
    await hour_strikes(organization_id)
    assert (await connection(client, connected["id"]))["reason"] == "data_access"
    assert len(await notices(client, "ad_access_lost")) == 1
    # What was told of an end to come is over once it has come.
    assert all(one["settled_at"] for one in await notices(client, "ad_access_ending"))
    await choose(client, await log_in(client, link["brand_id"]), connected["external_id"])
    assert (await connection(client, connected["id"]))["status"] == "connected"


async def test_a_token_that_cannot_be_renewed_is_told_of_in_time(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    later(meta, 46 * DAY)
    meta.trouble(RUNA, "temporary")
    await hour_strikes(organization_id)
    assert len(await notices(client, "ad_access_ending")) == 1
    assert "could not be renewed" in (await notices(client, "ad_access_ending"))[0]["body"]
    link = await connection(client, connected["id"])
    assert link["says"].endswith(" days, and could not be renewed by itself so far.")
    assert link["what_to_do"].startswith("Reconnect")


async def test_who_removes_the_application_at_meta_is_disconnected_everywhere(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, meta: MetaTwin, database: TestDatabase
) -> None:
    ours, theirs = await connect(client, meta, "tallow-eu"), await connect(other_client, meta, "tallow-us")
    await log_in(client, ours["brands"][0]["brand_id"])
    runa = next(one.id for one in meta.kept.owners.people.values() if one.name == RUNA)
    later(meta, timedelta(minutes=5))
    told = signed_request({"user_id": runa, "issued_at": int(clock.now().timestamp())}, meta.app_secret)
    for _ in range(2):
        answer = await client.post("/api/ad-accounts/meta/deauthorization", data={"signed_request": told})
        assert answer.status_code == 200, answer.text
    for one, whose in ((ours, client), (theirs, other_client)):
        link = await connection(whose, one["id"])
        assert (link["status"], link["reason"], link["token"]) == ("revoked", "removed", "none")
    with psycopg.connect(database.url) as owner:
        assert owner.execute("select count(*) from ad_logins where access_token is not null and found::text like %s",
                             [f"%{runa}%"]).fetchone() == (0,)  # fmt: skip
    # An old request that comes once more ends nothing that was connected since.
    later(meta, timedelta(minutes=5))
    await choose(client, await log_in(client, ours["brands"][0]["brand_id"]), ours["external_id"])
    await client.post("/api/ad-accounts/meta/deauthorization", data={"signed_request": told})
    assert (await connection(client, ours["id"]))["status"] == "connected"


async def test_what_meta_has_not_signed_is_not_heard(client: httpx.AsyncClient, meta: MetaTwin) -> None:
    connected = await connect(client, meta, "tallow-eu")
    runa = next(one.id for one in meta.kept.owners.people.values() if one.name == RUNA)
    facts = {"user_id": runa, "issued_at": int(clock.now().timestamp()) + 60}
    forged = signed_request(facts, "another secret")
    right = signed_request(facts, meta.app_secret)
    without = signed_request({**facts, "algorithm": "none"}, meta.app_secret)
    for words in (forged, "", "x", right.partition(".")[2], f"{right}x", without, "ä.ö", "a" * 30_000):
        for path in ("deauthorization", "data-deletion"):
            answer = await client.post(f"/api/ad-accounts/meta/{path}", data={"signed_request": words})
            assert (answer.status_code, answer.json()["code"]) == (400, "ads/not-signed"), words[:40]
    assert (await connection(client, connected["id"]))["status"] == "connected"


async def test_who_asks_meta_for_deletion_gets_a_page_that_says_what_became_of_it(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, meta: MetaTwin, database: TestDatabase
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    runa = next(one.id for one in meta.kept.owners.people.values() if one.name == RUNA)
    later(meta, timedelta(minutes=5))
    told = signed_request({"user_id": runa, "issued_at": int(clock.now().timestamp())}, meta.app_secret)
    first = (await anonymous.post("/api/ad-accounts/meta/data-deletion", data={"signed_request": told})).json()
    again = (await anonymous.post("/api/ad-accounts/meta/data-deletion", data={"signed_request": told})).json()
    assert first == again
    assert set(first) == {"url", "confirmation_code"}
    page = await anonymous.get(first["url"].removeprefix("https://brandhound.test"))
    assert page.status_code == 200
    text = re.sub(r"<[^>]+>", " ", page.text)
    assert "Your data was deleted" in text
    assert "2 November 2026" in text
    # Those of earlier tests are the same person's.
    assert re.search(r"which (one|[0-9]+) connections? of ad accounts had", text)
    assert "Kept" in text
    with psycopg.connect(database.url) as owner:
        rows = owner.execute("select to_jsonb(b)::text from brand_ad_accounts b where ad_account_id = %s",
                             [connected["id"]]).fetchall()  # fmt: skip
    assert RUNA not in str(rows)
    assert runa not in str(rows)
    link = await connection(client, connected["id"])
    assert (link["status"], link["reason"]) == ("revoked", "deleted")
    nothing = await anonymous.get("/api/ad-accounts/meta/data-deletion/nothing")
    assert nothing.status_code == 404
    assert "No such request" in nothing.text
    assert nothing.headers["content-type"].startswith("text/html")


async def test_disconnecting_deletes_the_token_and_keeps_the_rest(
    client: httpx.AsyncClient, meta: MetaTwin, database: TestDatabase
) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    link = connected["brands"][0]
    for _ in range(2):
        answer = await client.delete(f"/api/ad-accounts/connections/{link['id']}")
        assert answer.json()["brands"][0]["status"] == "disconnected"
    with psycopg.connect(database.url) as owner:
        kept = owner.execute(
            "select access_token, token_fingerprint from brand_ad_accounts where id = %s", [link["id"]]
        )
        assert kept.fetchone() == (None, None)
    brand = f"/api/ad-accounts/{connected['id']}/brands/{link['brand_id']}"
    assert (await client.delete(brand)).status_code == 204
    assert (await client.delete(brand)).status_code == 404
    listed = (await client.get("/api/ad-accounts")).json()["items"]
    assert [(one["name"], len(one["brands"])) for one in listed] == [("Tallow E-bikes EU", 0), ("Tallow E-bikes US", 1)]
    # The brand still has a first account.
    assert listed[1]["brands"][0]["is_primary"] is True


async def test_a_brand_has_one_first_account(client: httpx.AsyncClient, meta: MetaTwin) -> None:
    connected = await connect(client, meta, "tallow-eu", "tallow-us")
    other = next(one for one in (await client.get("/api/ad-accounts")).json()["items"] if one["id"] != connected["id"])
    brand_id = connected["brands"][0]["brand_id"]
    made = await client.put(f"/api/ad-accounts/{other['id']}/brands/{brand_id}/primary")
    assert made.json()["brands"][0]["is_primary"] is True
    assert (await connection(client, connected["id"]))["is_primary"] is False


async def test_a_key_that_is_lost_is_said_and_mended_by_reconnecting(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID, database: TestDatabase
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    with psycopg.connect(database.url, autocommit=True) as owner:
        owner.execute(
            "update brand_ad_accounts set access_token = 'v1:00000000:' || split_part(access_token, ':', 3)"
            " where ad_account_id = %s", [connected["id"]]
        )  # fmt: skip
    async with tenant_session(organization_id) as db:
        with pytest.raises(NeedsConnection) as needs:
            await access_of_account(db, UUID(connected["id"]))
    assert needs.value.reason == "unreadable"
    later(meta, 46 * DAY)
    await hour_strikes(organization_id)
    link = await connection(client, connected["id"])
    assert (link["status"], link["reason"]) == ("needs_you", "unreadable")
