"""Connecting ad accounts with brands: through Meta's dialog, with a system user, and everything that comes between."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from brandhound.ads.access import access_of_account
from brandhound.ads.errors import NeedsConnection
from brandhound.core.db import tenant_session
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.faults import FaultKind
from brandhound.twins.meta.tokens import SIGNED, START
from tests.ads.conftest import (
    HERE,
    Set,
    account,
    begin,
    choose,
    come_back,
    connect,
    connection,
    go_through,
    later,
    log_in,
    make_brand,
)
from tests.databases import TestDatabase
from tests.factories.people import signed_in


async def test_a_login_at_meta_connects_the_accounts_that_one_chooses(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID, database: TestDatabase
) -> None:
    brand_id, other_id = await make_brand(client, "Tallow"), await make_brand(client, "Morrow Bay")
    dialog = await begin(client, brand_id)
    asked = dict(parse_qsl(urlsplit(dialog).query))
    assert asked["scope"] == "ads_read,business_management"
    assert asked["redirect_uri"] == f"{HERE}/ad-accounts/connecting"
    login = (await come_back(client, await go_through(dialog))).json()
    assert login["outcome"] == "choose"
    assert login["subject_name"] == "Runa Vik"
    assert {one["currency"] for one in login["accounts"]} >= {"EUR", "USD", "JPY", "GBP"}
    tallow, japan = meta.account("tallow-eu"), meta.account("morrow-jp")
    body = {
        "accounts": [
            {"external_id": tallow.act, "brand_ids": [brand_id]},
            {"external_id": japan.act, "brand_ids": [brand_id, other_id]},
        ]
    }
    chosen = await client.post(f"/api/ad-accounts/logins/{login['id']}/accounts", json=body)
    assert chosen.status_code == 201, chosen.text
    listed = {one["external_id"]: one for one in (await client.get("/api/ad-accounts")).json()["items"]}
    assert set(listed) == {tallow.act, japan.act}
    shown = listed[tallow.act]
    assert (shown["currency"], shown["time_zone"], shown["standing"]) == ("EUR", "Europe/Berlin", "active")
    assert shown["business_name"] == "Tallow Works"
    link = shown["brands"][0]
    assert (link["status"], link["token"], link["auth_method"], link["is_primary"]) == (
        "connected",
        "own",
        "oauth",
        True,
    )
    assert 59 <= link["expires_in_days"] <= 60
    assert sorted(one["brand_name"] for one in listed[japan.act]["brands"]) == ["Morrow Bay", "Tallow"]
    async with tenant_session(organization_id) as db:
        access = await access_of_account(db, UUID(shown["id"]))
    assert access.source == "brand"
    assert access.token.startswith("EAA")
    with psycopg.connect(database.url) as owner:
        rows = owner.execute("select to_jsonb(b)::text from brand_ad_accounts b").fetchall()
        logins = owner.execute("select to_jsonb(l)::text from ad_logins l").fetchall()
    assert access.token not in f"{rows}{logins}{chosen.text}{login}{listed}"
    # What all tokens of this Meta have in common; the three letters they begin with may stand in what is sealed by chance.
    common = access.token[len(START) + SIGNED :][:12]
    assert common == "eyJraW5kIjoi"
    assert all(common not in row[0] and '"EAA' not in row[0] for row in (*rows, *logins))


async def test_whoever_cancels_the_dialog_is_told_so_and_can_ask_again(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    brand_id = await make_brand(client, "Tallow")
    meta.consents("decline")
    login = await log_in(client, brand_id)
    assert login["outcome"] == "declined"
    assert login["accounts"] == []
    again = dict(parse_qsl(urlsplit(await begin(client, brand_id, again=True)).query))
    assert again["auth_type"] == "rerequest"
    assert (await client.get("/api/ad-accounts")).json()["items"] == []


async def test_without_the_permission_to_read_ads_nothing_is_connected_and_it_is_said_plainly(
    client: httpx.AsyncClient, meta: MetaTwin, database: TestDatabase
) -> None:
    brand_id = await make_brand(client, "Tallow")
    meta.consents("accept", scopes=("business_management",))
    login = await log_in(client, brand_id)
    assert login["outcome"] == "partial"
    assert "ads_read" in login["says"]
    assert login["missing_scopes"] == ["ads_read"]
    with psycopg.connect(database.url) as owner:
        kept = owner.execute("select access_token from ad_logins where id = %s", [login["id"]]).fetchone()
    assert kept == (None,)


async def test_what_is_not_needed_may_be_declined(client: httpx.AsyncClient, meta: MetaTwin) -> None:
    meta.consents("accept", scopes=("ads_read",))
    login = await log_in(client, await make_brand(client, "Tallow"))
    assert (login["outcome"], login["missing_scopes"]) == ("choose", ["business_management"])


async def test_an_answer_is_good_for_once(client: httpx.AsyncClient, meta: MetaTwin) -> None:
    sent = await go_through(await begin(client, await make_brand(client, "Tallow")))
    assert (await come_back(client, sent)).status_code == 200
    second = await come_back(client, sent)
    assert (second.status_code, second.json()["code"]) == (409, "ads/login-used")


async def test_nobody_else_can_end_what_one_has_begun(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, organization_id: UUID
) -> None:
    sent = await go_through(await begin(client, await make_brand(client, "Tallow")))
    async with signed_in(app, organization_id, "admin") as (colleague, _):
        refused = await come_back(colleague, sent)
        assert (refused.status_code, refused.json()["code"]) == (403, "ads/login-elsewhere")
    stranger = await come_back(other_client, sent)
    assert stranger.status_code == 404
    login = (await come_back(client, sent)).json()
    assert (await other_client.get(f"/api/ad-accounts/logins/{login['id']}")).status_code == 404
    made_up = await come_back(client, {**sent, "state": "x" * 43})
    assert made_up.status_code == 404


async def test_the_same_person_in_another_browser_begins_anew(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, organization_id: UUID
) -> None:
    from tests.factories.people import PASSWORD

    async with signed_in(app, organization_id) as (here, email):
        sent = await go_through(await begin(here, await make_brand(here, "Tallow")))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as there:
            assert (await there.post("/api/session", json={"email": email, "password": PASSWORD})).status_code == 201
            refused = await come_back(there, sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "ads/login-elsewhere")


async def test_a_login_waits_ten_minutes_for_meta_and_half_an_hour_for_a_choice(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    brand_id = await make_brand(client, "Tallow")
    sent = await go_through(await begin(client, brand_id))
    later(meta, timedelta(minutes=11))
    late = await come_back(client, sent)
    assert (late.status_code, late.json()["code"]) == (410, "ads/login-over")
    login = await log_in(client, brand_id)
    later(meta, timedelta(minutes=31))
    body = {"accounts": [{"external_id": login["accounts"][0]["external_id"], "brand_ids": [brand_id]}]}
    over = await client.post(f"/api/ad-accounts/logins/{login['id']}/accounts", json=body)
    assert (over.status_code, over.json()["code"]) == (410, "ads/login-over")


async def test_a_person_without_accounts_is_told_what_to_do(client: httpx.AsyncClient, meta: MetaTwin) -> None:
    meta.consents("accept", person="Nele Nobody")
    login = await log_in(client, await make_brand(client, "Tallow"))
    assert (login["outcome"], login["accounts"]) == ("nothing", [])
    assert "role" in login["what_to_do"]


async def test_accounts_that_were_left_out_are_named_with_why(
    client: httpx.AsyncClient, business_meta: MetaTwin
) -> None:
    brand_id = await make_brand(client, "Tallow")
    eu, us = business_meta.account("tallow-eu").act, business_meta.account("tallow-us").act
    first = await choose(client, await log_in(client, brand_id), eu, us)
    assert first[eu]["brands"][0]["expires_at"] is None
    business_meta.consents("accept", accounts=("tallow-us",))
    login = await log_in(client, brand_id)
    assert [one["external_id"] for one in login["accounts"]] == [us]
    assert [(one["external_id"], "not ticked" in one["why"]) for one in login["missing"]] == [(eu, True)]
    offered = await client.post(
        f"/api/ad-accounts/logins/{login['id']}/accounts",
        json={"accounts": [{"external_id": eu, "brand_ids": [brand_id]}]},
    )
    assert (offered.status_code, offered.json()["code"]) == (422, "ads/account-not-offered")


async def test_connecting_again_keeps_the_mapping_and_gives_it_the_new_token(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    before = await connect(client, meta, "tallow-eu", "tallow-us")
    brand_id, link_id = before["brands"][0]["brand_id"], before["brands"][0]["id"]
    later(meta, timedelta(days=70))
    ended = await connection(client, before["id"])
    assert (ended["status"], ended["reason"]) == ("needs_you", "expired")
    after = (await choose(client, await log_in(client, brand_id), before["external_id"]))[before["external_id"]]
    assert after["id"] == before["id"]
    assert (after["brands"][0]["id"], after["brands"][0]["status"]) == (link_id, "connected")
    assert after["brands"][0]["is_primary"] is True


async def test_a_system_users_token_can_be_pasted(
    client: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> None:
    brand_id = await make_brand(client, "Tallow")
    body = {"brand_id": brand_id, "token": f" {meta.system_user_token}\n"}
    login = await client.post("/api/ad-accounts/logins/system-user", json=body)
    assert login.status_code == 201, login.text
    assert meta.system_user_token not in login.text
    act = meta.account("tallow-eu").act
    link = (await choose(client, login.json(), act))[act]["brands"][0]
    assert (link["auth_method"], link["token"], link["expires_at"]) == ("system_user", "own", None)
    bad = await client.post("/api/ad-accounts/logins/system-user", json={"brand_id": brand_id, "token": "EAAnonsense1"})
    assert (bad.status_code, bad.json()["code"], bad.json()["reason"]) == (409, "ads/access-refused", "invalid")
    assert "EAAnonsense1" not in bad.text


async def test_the_installations_system_user_is_for_whom_the_operator_names(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, meta: MetaTwin, set_to: Set, organization_id: UUID
) -> None:
    set_to(META_SYSTEM_USER_TOKEN=meta.system_user_token, META_SYSTEM_USER_ORGANIZATIONS=str(organization_id))
    assert (await client.get("/api/ad-accounts/options")).json()["system_user"] == "allowed"
    assert (await other_client.get("/api/ad-accounts/options")).json()["system_user"] == "not_allowed"
    theirs = {"brand_id": await make_brand(other_client, "Elsewhere")}
    refused = await other_client.post("/api/ad-accounts/logins/system-user", json=theirs)
    assert (refused.status_code, refused.json()["code"]) == (403, "ads/system-user-not-allowed")
    login = (
        await client.post("/api/ad-accounts/logins/system-user", json={"brand_id": await make_brand(client, "Tallow")})
    ).json()
    act = meta.account("tallow-eu").act
    connected = (await choose(client, login, act))[act]
    assert connected["brands"][0]["token"] == "installation"
    async with tenant_session(organization_id) as db:
        assert (await access_of_account(db, UUID(connected["id"]))).source == "installation"
    set_to(META_SYSTEM_USER_ORGANIZATIONS="")
    async with tenant_session(organization_id) as db:
        with pytest.raises(NeedsConnection) as refusal:
            await access_of_account(db, UUID(connected["id"]))
    assert refusal.value.reason == "not_allowed"


async def test_the_brands_own_token_is_used_before_the_installations(
    client: httpx.AsyncClient, meta: MetaTwin, set_to: Set, organization_id: UUID
) -> None:
    set_to(META_SYSTEM_USER_TOKEN=meta.system_user_token, META_SYSTEM_USER_ORGANIZATIONS=str(organization_id))
    connected = await connect(client, meta, "tallow-eu")
    other_id = await make_brand(client, "Second")
    login = (await client.post("/api/ad-accounts/logins/system-user", json={"brand_id": other_id})).json()
    await choose(client, login, connected["external_id"])
    async with tenant_session(organization_id) as db:
        assert (await access_of_account(db, UUID(connected["id"]))).source == "brand"
        assert (await access_of_account(db, UUID(connected["id"]), UUID(other_id))).source == "installation"
    # Whoever disconnects means it: nobody else's token takes the place of theirs.
    link = next(one for one in (await account(client, connected["id"]))["brands"] if one["brand_id"] != other_id)
    await client.delete(f"/api/ad-accounts/connections/{link['id']}")
    async with tenant_session(organization_id) as db:
        with pytest.raises(NeedsConnection):
            await access_of_account(db, UUID(connected["id"]), UUID(link["brand_id"]))


async def test_only_admins_connect_and_everybody_sees_how_it_stands(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu")
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        brand_id = connected["brands"][0]["brand_id"]
        assert (await analyst.post("/api/ad-accounts/logins", json={"brand_id": brand_id})).status_code == 403
        link_id = connected["brands"][0]["id"]
        assert (await analyst.delete(f"/api/ad-accounts/connections/{link_id}")).status_code == 403
        assert (await connection(analyst, connected["id"]))["status"] == "connected"


async def test_without_an_application_it_is_said_and_nothing_breaks(client: httpx.AsyncClient) -> None:
    options = (await client.get("/api/ad-accounts/options")).json()
    assert (options["is_set_up"], options["system_user"]) == (False, "none")
    begun = await client.post("/api/ad-accounts/logins", json={"brand_id": await make_brand(client, "Tallow")})
    assert (begun.status_code, begun.json()["code"]) == (409, "ads/meta-not-set-up")
    assert (await client.get("/api/ad-accounts")).json() == {"items": []}


async def test_a_program_cannot_begin_a_login(client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin) -> None:
    key = (await client.post("/api/keys", json={"name": "sync", "role": "admin", "scopes": ["*:write"]})).json()[
        "secret"
    ]
    brand_id = await make_brand(client, "Tallow")
    with_key = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE, headers=with_key) as program:
        begun = await program.post("/api/ad-accounts/logins", json={"brand_id": brand_id})
        assert (begun.status_code, begun.json()["code"]) == (409, "ads/browser-needed")
        given = {"brand_id": brand_id, "token": meta.system_user_token}
        login = (await program.post("/api/ad-accounts/logins/system-user", json=given)).json()
        act = meta.account("tallow-eu").act
        assert (await choose(program, login, act))[act]["brands"][0]["status"] == "connected"


async def test_a_code_that_meta_does_not_take_ends_in_words_and_a_new_try(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    sent = await go_through(await begin(client, await make_brand(client, "Tallow")))
    failed = await come_back(client, {**sent, "code": f"{sent['code']}x"})
    assert failed.status_code == 502, failed.text
    assert sent["code"] not in failed.text
    assert (await come_back(client, sent)).json()["code"] == "ads/login-used"


async def test_a_page_for_people_instead_of_an_answer_is_trouble_at_meta_and_nothing_is_half_connected(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    brand_id = await make_brand(client, "Tallow")
    troubles: list[tuple[FaultKind, str]] = [
        ("html_502", "oauth/access_token"),
        ("html_502", "me/adaccounts"),
        ("half_page", "me/adaccounts"),
        ("words", "oauth/access_token"),
        ("words", "me/adaccounts"),
        ("words_for_rows", "me/adaccounts"),
    ]
    for kind, edge in troubles:
        sent = await go_through(await begin(client, brand_id))
        meta.fault(kind, edge=edge)
        failed = await come_back(client, sent)
        meta.clear_faults()
        assert failed.status_code in (502, 503), failed.text
        assert failed.json()["code"].startswith("providers/"), failed.text
        assert "<html" not in failed.text.lower()
    assert (await client.get("/api/ad-accounts")).json()["items"] == []
    assert (await log_in(client, brand_id))["outcome"] == "choose"


async def test_a_long_list_of_accounts_is_read_to_its_end(
    client: httpx.AsyncClient, meta: MetaTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brandhound.ads.meta.granting._PAGE", 2)
    login = await log_in(client, await make_brand(client, "Tallow"))
    assert len(login["accounts"]) == len(meta.kept.owners.accounts) > 4
