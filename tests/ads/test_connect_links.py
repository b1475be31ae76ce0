"""Clients without an account here connect by a link: once, for one brand, and nothing else."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette

from brandhound.ads.access import access_of_account
from brandhound.app.spa import SinglePageApp
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.tokens import signed_request
from tests.ads.conftest import (
    HERE,
    RUNA,
    Set,
    account,
    choose,
    come_back,
    connect,
    go_through,
    later,
    log_in,
    make_brand,
)
from tests.databases import TestDatabase
from tests.factories.people import signed_in

LINKS = "/api/ad-accounts/connect-links"
SHARED = "/api/shared-reports"


async def make_link(client: httpx.AsyncClient, brand_id: str, **more: Any) -> dict[str, Any]:
    made = await client.post(LINKS, json={"brand_id": brand_id, "label": "Ms Brandt", **more})
    assert made.status_code == 201, made.text
    return made.json()


async def links(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return (await client.get(LINKS)).json()["items"]


def browser_of(app: FastAPI) -> httpx.AsyncClient:
    """A client's browser, that nobody has signed in."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE)


async def to_accounts(browser: httpx.AsyncClient, url: str) -> httpx.Response:
    """From the link through Meta's dialog to the page with the accounts."""
    left = await browser.post(url)
    assert left.status_code == 303, left.text
    sent = await go_through(left.headers["location"])
    answered = await browser.get(f"/api/connect-ads/meta/answer?{urlencode(sent)}")
    assert answered.status_code == 303, answered.text
    return await browser.get(answered.headers["location"])


async def submit(browser: httpx.AsyncClient, page: httpx.Response, *accounts: str) -> httpx.Response:
    body = urlencode([("account", one) for one in accounts])
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await browser.post(str(page.url), content=body, headers=headers)


async def test_a_client_connects_their_account_with_the_one_brand_and_the_link_is_over(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, organization_id: UUID, database: TestDatabase
) -> None:
    brand_id = await make_brand(client, "Tallow")
    await make_brand(client, "Secret competitor")
    link = await make_link(client, brand_id)
    assert link["url"].startswith(f"{HERE}/api/connect-ads/")
    tallow, japan = meta.account("tallow-eu"), meta.account("morrow-jp")
    async with browser_of(app) as browser:
        invitation = await browser.get(link["url"])
        assert invitation.status_code == 200
        assert "Acme" in invitation.text
        assert "Tallow" in invitation.text
        assert "Ms Brandt" not in invitation.text
        assert invitation.headers["cache-control"] == "private, no-store"
        assert meta.url in invitation.headers["content-security-policy"]
        page = await to_accounts(browser, link["url"])
        assert {tallow.act, japan.act} <= set(re.findall(r'value="(act_\d+)"', page.text))
        assert "Lantern Street Agency" in page.text
        assert "Secret competitor" not in page.text
        nothing = await submit(browser, page)
        assert (nothing.status_code, "Tick at least one" in nothing.text) == (422, True)
        done = await submit(browser, page, tallow.act)
        assert (done.status_code, tallow.name in done.text) == (200, True)
        for address in (link["url"], str(page.url)):
            over = await browser.get(address)
            assert (over.status_code, "does not work any more" in over.text) == (404, True)
            assert "they stay connected" in over.text
        assert (await submit(browser, page, japan.act)).status_code == 404
    listed = (await client.get("/api/ad-accounts")).json()["items"]
    assert [one["external_id"] for one in listed] == [tallow.act]
    assert [(one["brand_id"], one["token"], one["subject_name"]) for one in listed[0]["brands"]] == [
        (brand_id, "own", "Runa Vik")
    ]
    async with tenant_session(organization_id) as db:
        token = (await access_of_account(db, UUID(listed[0]["id"]))).token
    shown = (await links(client))[0]
    assert (shown["state"], shown["used_by"], shown["accounts"]) == ("used", "Runa Vik", 1)
    assert "url" not in shown
    book = {one["action"]: one for one in (await client.get("/api/audit")).json()["items"]}
    assert {"ads.connect_link_made", "ads.connect_link_opened", "ads.connect_link_used", "ads.connected"} <= set(book)
    used = book["ads.connect_link_used"]
    assert (used["user_name"], used["facts"]["accounts"], used["facts"]["label"]) == (None, [tallow.act], "Ms Brandt")
    told = (await client.get("/api/notifications")).json()["items"]
    assert [one["title"] for one in told if one["kind"] == "ad_client_connected"] == [
        "A client connected an ad account with Tallow"
    ]
    with psycopg.connect(database.url) as owner:
        rows = owner.execute("select to_jsonb(l)::text from ad_connect_links l").fetchall()
        kept = owner.execute("select to_jsonb(l)::text from ad_logins l").fetchall()
    secret = link["url"].rsplit("/", 1)[1]
    assert secret not in f"{rows}{kept}{book}{told}"
    assert token not in f"{page.text}{done.text}{rows}{kept}"


async def test_a_client_who_has_their_data_deleted_at_meta_is_named_nowhere_any_more(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, database: TestDatabase
) -> None:
    link = await make_link(client, await make_brand(client, "Tallow"))
    async with browser_of(app) as browser:
        await submit(browser, await to_accounts(browser, link["url"]), meta.account("tallow-eu").act)
    runa = next(one.id for one in meta.kept.owners.people.values() if one.name == RUNA)
    later(meta, timedelta(minutes=5))
    told = signed_request({"user_id": runa, "issued_at": int(clock.now().timestamp())}, meta.app_secret)
    asked = await anonymous.post("/api/ad-accounts/meta/data-deletion", data={"signed_request": told})
    assert asked.status_code == 200
    (used,) = await links(client)
    assert (used["state"], used["used_by"], used["accounts"]) == ("used", None, 1)
    with psycopg.connect(database.url) as owner:
        kept = owner.execute(
            "select to_jsonb(t)::text from ad_connect_links t where t.id::text = %(link)s"
            " union all select to_jsonb(t)::text from audit_entries t where t.facts->>'link_id' = %(link)s",
            {"link": link["id"]},
        ).fetchall()
    assert len(kept) >= 3
    assert RUNA not in str(kept)
    assert runa not in str(kept)


async def test_a_link_that_was_taken_back_has_ended_or_never_was_opens_nothing(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin
) -> None:
    brand_id = await make_brand(client, "Tallow")
    async with browser_of(app) as browser:
        back = await make_link(client, brand_id)
        # Under way already: the token that Meta gave is forgotten with the link.
        page = await to_accounts(browser, back["url"])
        assert (await client.delete(f"{LINKS}/{back['id']}")).status_code == 204
        assert (await submit(browser, page, meta.account("tallow-eu").act)).status_code == 404
        late = await make_link(client, brand_id, days=1)
        later(meta, timedelta(days=1, minutes=1))
        made_up = f"{HERE}/api/connect-ads/{'x' * 43}"
        for url in (back["url"], late["url"], made_up):
            assert (await browser.get(url)).status_code == 404
            assert (await browser.post(url)).status_code == 404
    assert [one["state"] for one in await links(client)] == ["expired", "revoked"]
    assert (await client.get("/api/ad-accounts")).json()["items"] == []
    book = (await client.get("/api/audit")).json()["items"]
    assert "ads.connect_link_taken_back" in [one["action"] for one in book]


async def test_a_forwarded_answer_and_another_browser_end_nothing_and_an_answer_is_good_for_once(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin
) -> None:
    link = await make_link(client, await make_brand(client, "Tallow"))
    act = meta.account("tallow-eu").act
    async with browser_of(app) as browser, browser_of(app) as other:
        left = await browser.post(link["url"])
        sent = await go_through(left.headers["location"])
        answer = f"/api/connect-ads/meta/answer?{urlencode(sent)}"
        assert (await other.get(answer)).status_code == 403
        # Nor can somebody who is signed in here take it up.
        assert (await come_back(client, sent)).status_code in (403, 404)
        taken = await browser.get(answer)
        assert taken.status_code == 303
        assert (await browser.get(answer)).status_code == 409
        page = await browser.get(taken.headers["location"])
        assert (await other.get(taken.headers["location"])).status_code == 403
        assert (await submit(other, page, act)).status_code == 403
        foreign = await submit(browser, page, "act_12345")
        assert (foreign.status_code, "cannot be chosen" in foreign.text) == (422, True)
        assert (await submit(browser, page, act)).status_code == 200


async def test_a_client_is_not_named_after_the_system_user_that_meta_made_for_the_connection(
    client: httpx.AsyncClient, app: FastAPI, business_meta: MetaTwin
) -> None:
    link = await make_link(client, await make_brand(client, "Tallow"))
    async with browser_of(app) as browser:
        business_meta.consents("accept", person="Otto Brandt")
        page = await to_accounts(browser, link["url"])
        assert "may read." in page.text
        assert "Brandhound reader" not in page.text


async def test_a_client_who_declines_is_told_so_and_can_try_again(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin
) -> None:
    link = await make_link(client, await make_brand(client, "Tallow"))
    async with browser_of(app) as browser:
        meta.consents("decline")
        page = await to_accounts(browser, link["url"])
        assert "cancelled" in page.text
        assert "Press Ask again" in page.text
        assert ">Ask again</a>" in page.text
        assert link["url"].removeprefix(HERE) in page.text
        meta.consents("accept", person="Otto Brandt")
        page = await to_accounts(browser, link["url"])
        assert "with the login of Otto Brandt" in page.text
        # The only one is ticked already.
        assert re.findall(r'value="(act_\d+)" checked', page.text) == [meta.account("tallow-eu").act]
        meta.fault("html_502", edge="oauth/access_token")
        left = await browser.post(link["url"])
        sent = await go_through(left.headers["location"])
        failed = await browser.get(f"/api/connect-ads/meta/answer?{urlencode(sent)}")
        meta.clear_faults()
        assert failed.status_code in (502, 503)
        assert "Try once more" in failed.text
        assert sent["code"] not in failed.text
    assert (await links(client))[0]["state"] == "open"


async def test_only_admins_make_links_and_only_for_brands_of_their_own(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, organization_id: UUID
) -> None:
    brand_id = await make_brand(client, "Tallow")
    link = await make_link(client, brand_id)
    assert (await other_client.post(LINKS, json={"brand_id": brand_id})).status_code == 404
    assert (await other_client.get(LINKS)).json()["items"] == []
    assert (await other_client.delete(f"{LINKS}/{link['id']}")).status_code == 404
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        assert (await analyst.post(LINKS, json={"brand_id": brand_id})).status_code == 403
        assert (await analyst.get(LINKS)).status_code == 403


async def test_without_an_application_no_link_is_made(client: httpx.AsyncClient) -> None:
    made = await client.post(LINKS, json={"brand_id": await make_brand(client, "Tallow")})
    assert (made.status_code, made.json()["code"]) == (409, "ads/meta-not-set-up")


async def test_what_meta_sends_back_reaches_the_client_without_signing_in(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>the application</p>")
    site = Starlette()
    site.mount("/", SinglePageApp(tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=HERE) as browser:
        html = {"accept": "text/html"}
        theirs = await browser.get("/ad-accounts/connecting?state=link-abc&code=x%2Fy", headers=html)
        assert theirs.status_code == 303
        assert theirs.headers["location"] == "/api/connect-ads/meta/answer?state=link-abc&code=x%2Fy"
        ours = await browser.get("/ad-accounts/connecting?state=abc&code=xy", headers=html)
        assert (ours.status_code, "the application" in ours.text) == (200, True)


@pytest.mark.parametrize("merged", [False, True])
async def test_what_was_connected_before_is_renewed_by_a_link_and_a_merged_brand_is_the_other_one(
    client: httpx.AsyncClient, app: FastAPI, meta: MetaTwin, merged: bool, set_to: Set
) -> None:
    before = await connect(client, meta, "tallow-eu", brand="Tallow Bikes")
    brand_id, act = before["brands"][0]["brand_id"], before["external_id"]
    link = await make_link(client, brand_id)
    if merged:
        kept_id = await make_brand(client, "Tallow")
        done = await client.post("/api/brand-merges", json={"kept_id": kept_id, "gone_id": brand_id})
        assert done.status_code == 201, done.text
    later(meta, timedelta(hours=2))
    async with browser_of(app) as browser:
        page = await to_accounts(browser, link["url"])
        assert f'value="{act}" checked' in page.text
        assert (await submit(browser, page, act)).status_code == 200
    shown = (await account(client, before["id"]))["brands"]
    assert [one["id"] for one in shown] == [before["brands"][0]["id"]]
    assert shown[0]["connected_at"] > before["brands"][0]["connected_at"]
    assert shown[0]["brand_name"] == ("Tallow" if merged else "Tallow Bikes")


async def test_accounts_are_offered_by_business_with_those_of_its_clients(
    client: httpx.AsyncClient, meta: MetaTwin
) -> None:
    brand_id = await make_brand(client, "Tallow")
    login = await log_in(client, brand_id)
    of = {one["name"]: one["account_ids"] for one in login["businesses"]}
    shared, own = meta.account("tallow-us").act, meta.account("morrow-uk").act
    assert shared in of["Tallow Works"]
    # An agency works with its clients' accounts, too.
    assert {shared, own} <= set(of["Lantern Street Agency"])
    assert set().union(*of.values()) == {one["external_id"] for one in login["accounts"]}
    # Without the permission to ask for businesses, an account stands with whoever owns it.
    meta.consents("accept", scopes=("ads_read",))
    plain = {one["name"]: one["account_ids"] for one in (await log_in(client, brand_id))["businesses"]}
    assert shared in plain["Tallow Works"]
    assert shared not in plain["Lantern Street Agency"]
    # Businesses only bring order into the list: trouble with them ends nothing.
    meta.consents("accept")
    meta.fault("html_502", edge="me/businesses", times=None)
    again = await log_in(client, brand_id)
    meta.clear_faults()
    assert again["outcome"] == "choose"
    assert {one["name"] for one in again["businesses"]} == set(plain)
    await choose(client, again, shared)


@pytest.mark.parametrize("pages", ["/api/connect-ads", SHARED])
async def test_who_tries_many_links_is_asked_to_wait_on_a_page(app: FastAPI, pages: str) -> None:
    guesser = httpx.ASGITransport(app, client=("203.0.113.9", 4321))
    async with httpx.AsyncClient(transport=guesser, base_url=HERE) as browser:
        answers = [await browser.get(f"{pages}/guess{at}") for at in range(31)]
    assert {one.status_code for one in answers[:30]} == {404}
    page = answers[30]
    assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "<h1>Please wait a moment</h1>" in page.text
    assert 1 <= int(page.headers["retry-after"]) <= 61
    assert "default-src 'none'" in page.headers["content-security-policy"]
