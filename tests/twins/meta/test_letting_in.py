"""People let the app in, in part or not at all; tokens live as long as Meta's, and go wrong as Meta's do."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from brandhound.twins.meta import CONFIG_ID, MetaTwin
from brandhound.twins.meta.tokens import proof

Ask = Callable[..., Any]
BACK = "http://127.0.0.1:9/callback"
SCOPES = "ads_read,business_management"


def returned(client: httpx.Client, meta: MetaTwin, **more: str) -> dict[str, str]:
    """What the dialog sends the person back with."""
    asked = {"client_id": meta.app_id, "redirect_uri": BACK, "state": "s-1", "response_type": "code", "scope": SCOPES}
    answer = client.get("/v26.0/dialog/oauth", params=asked | more)
    assert answer.status_code == 302, answer.text
    address = urlsplit(answer.headers["location"])
    assert address.path == "/callback"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def exchange(client: httpx.Client, meta: MetaTwin, **given: str) -> Any:
    told = {"client_id": meta.app_id, "client_secret": meta.app_secret} | given
    return client.get("/v26.0/oauth/access_token", params=told).json()


def test_the_dialog_shows_what_is_asked_and_sends_back_a_code(client: httpx.Client, meta: MetaTwin) -> None:
    asked = {"client_id": meta.app_id, "redirect_uri": BACK, "state": "s-1", "scope": SCOPES}
    page = client.get("/v26.0/dialog/oauth", params=asked)
    assert page.status_code == 200
    assert "business_management" in page.text
    answer = client.post(
        "/v26.0/dialog/oauth",
        params=asked,
        data={
            "decision": "accept",
            "person": "10220000000000101",
            "scopes": ["ads_read"],
            "accounts": ["10150000007919"],
        },
    )
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    assert given["state"] == ["s-1"]
    token = exchange(client, meta, redirect_uri=BACK, code=given["code"][0])["access_token"]
    me = client.get("/v26.0/me/adaccounts", params={"access_token": token, "fields": "name,user_tasks"}).json()
    assert [account["name"] for account in me["data"]] == ["Tallow E-bikes EU"]


def test_who_declines_is_sent_back_with_an_error(client: httpx.Client, meta: MetaTwin) -> None:
    meta.consents("decline")
    told = returned(client, meta)
    assert (told["error"], told["error_reason"], told["state"]) == ("access_denied", "user_denied", "s-1")
    assert "code" not in told


def test_a_code_is_good_once_with_its_address_and_for_ten_minutes(client: httpx.Client, meta: MetaTwin) -> None:
    meta.consents()
    code = returned(client, meta)["code"]
    wrong = exchange(client, meta, redirect_uri=BACK + "/", code=code)
    assert wrong["error"]["error_subcode"] == 36008
    good = exchange(client, meta, redirect_uri=BACK, code=code)
    assert 3600 <= good["expires_in"] <= 7200
    assert exchange(client, meta, redirect_uri=BACK, code=code)["error"]["error_subcode"] == 36009
    late = returned(client, meta)["code"]
    meta.advance(timedelta(minutes=11))
    assert exchange(client, meta, redirect_uri=BACK, code=late)["error"]["error_subcode"] == 36007


def test_only_the_apps_own_addresses_are_returned_to(client: httpx.Client, meta: MetaTwin, control: Ask) -> None:
    control("PUT", "app", redirects=["http://127.0.0.1:8321/"])
    asked = {"client_id": meta.app_id, "redirect_uri": "http://127.0.0.1:9/evil", "scope": SCOPES}
    assert client.get("/v26.0/dialog/oauth", params=asked).status_code == 400


def test_a_token_is_prolonged_while_it_lives_and_never_after(client: httpx.Client, meta: MetaTwin) -> None:
    meta.consents()
    short = exchange(client, meta, redirect_uri=BACK, code=returned(client, meta)["code"])["access_token"]
    prolong = {"grant_type": "fb_exchange_token"}
    long = exchange(client, meta, **prolong, fb_exchange_token=short)
    assert long["expires_in"] == 5_183_944
    again = exchange(client, meta, **prolong, fb_exchange_token=long["access_token"])
    assert again["expires_in"] <= long["expires_in"]
    meta.advance(timedelta(days=45))
    renewed = exchange(client, meta, **prolong, fb_exchange_token=long["access_token"])
    assert renewed["expires_in"] == 5_183_944
    meta.advance(timedelta(days=61))
    gone = exchange(client, meta, **prolong, fb_exchange_token=renewed["access_token"])
    assert (gone["error"]["code"], gone["error"]["error_subcode"]) == (190, 463)


def test_the_debugger_tells_scopes_accounts_and_times(client: httpx.Client, meta: MetaTwin) -> None:
    meta.consents(scopes=("ads_read",), accounts=("tallow-eu", "morrow-jp"))
    token = exchange(client, meta, redirect_uri=BACK, code=returned(client, meta)["code"])["access_token"]
    app = f"{meta.app_id}|{meta.app_secret}"
    told = client.get("/v26.0/debug_token", params={"input_token": token, "access_token": app}).json()["data"]
    assert told["is_valid"]
    assert told["type"] == "USER"
    assert told["scopes"] == ["ads_read"]
    targets = {one["scope"]: one["target_ids"] for one in told["granular_scopes"]}
    assert targets == {"ads_read": [meta.account("tallow-eu").id, meta.account("morrow-jp").id]}
    assert told["data_access_expires_at"] - told["issued_at"] == 90 * 86400
    garbage = client.get("/v26.0/debug_token", params={"input_token": "EAAnonsense", "access_token": app}).json()
    assert not garbage["data"]["is_valid"]


def test_a_token_may_be_valid_and_no_longer_see_data(meta: MetaTwin, ask: Ask) -> None:
    token = meta.user_token(seconds=200 * 86400)
    meta.advance(timedelta(days=91))
    assert ask("me/adaccounts", access_token=token)["error"]["error_subcode"] == 493


def test_a_business_login_gives_a_token_that_never_expires_and_survives_the_person(
    client: httpx.Client, meta: MetaTwin, ask: Ask
) -> None:
    meta.consents(accounts=("tallow-eu",))
    given = exchange(
        client, meta, redirect_uri=BACK, code=returned(client, meta, config_id=CONFIG_ID, scope="")["code"]
    )
    assert "expires_in" not in given
    meta.trouble("Runa Vik", "removed")
    accounts = ask("me/adaccounts", access_token=given["access_token"], fields="name")["data"]
    assert [account["name"] for account in accounts] == ["Tallow E-bikes EU"]
    # Nobody gives what they do not have.
    meta.consents(person="Nele Nobody", accounts=("tallow-eu",))
    code = returned(client, meta, config_id=CONFIG_ID, scope="")["code"]
    nothing = exchange(client, meta, redirect_uri=BACK, code=code)["access_token"]
    assert ask("me/adaccounts", access_token=nothing) == {"data": []}


@pytest.mark.parametrize(
    ("trouble", "subcode"),
    [
        ("removed", 458),
        ("checkpoint", 459),
        ("password", 460),
        ("expired", 463),
        ("unconfirmed", 464),
        ("logged_out", 467),
    ],
)
def test_a_token_goes_wrong_in_each_of_metas_ways(meta: MetaTwin, ask: Ask, trouble: str, subcode: int) -> None:
    token = meta.user_token()
    assert "data" in ask("me/adaccounts", access_token=token)
    meta.trouble("Runa Vik", trouble)
    error = ask("me/adaccounts", access_token=token)["error"]
    assert (error["code"], error["error_subcode"]) == (190, subcode)
    assert error["fbtrace_id"]


def test_proofs_are_checked_and_can_be_required(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    token = meta.system_user_token
    good = proof(token, meta.app_secret)
    assert good == hmac.new(meta.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    assert ask("me", appsecret_proof="0" * 64)["error"]["code"] == 100
    control("PUT", "app", needs_proof=True)
    assert ask("me")["error"]["code"] == 104
    assert ask("me", appsecret_proof=good)["name"] == "Brandhound reader"


def test_without_a_scope_or_a_role_there_is_nothing_to_see(meta: MetaTwin, ask: Ask) -> None:
    blind = meta.user_token(scopes=("business_management",))
    assert ask("me/adaccounts", access_token=blind)["error"]["code"] == 200
    otto = meta.user_token("Otto Brandt")
    assert [one["name"] for one in ask("me/adaccounts", access_token=otto, fields="name")["data"]] == [
        "Tallow E-bikes EU"
    ]
    assert ask(f"{meta.account('morrow-jp').act}/ads", access_token=otto)["error"]["code"] == 200
    assert ask("me/adaccounts", access_token=meta.user_token("Nele Nobody")) == {"data": []}
    assert ask("me/adaccounts", access_token="")["error"]["code"] == 104


def test_a_new_twin_knows_the_tokens_of_an_old_one(meta: MetaTwin, ask: Ask) -> None:
    token = meta.user_token()
    meta.kept.grants = type(meta.kept.grants)(meta.kept.owners, meta.kept.clock, meta.kept.grants.app)
    assert len(ask("me/adaccounts", access_token=token)["data"]) == 7


def test_the_app_is_told_of_removal_and_deletion_with_a_signature(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    heard: list[bytes] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"url":"http://127.0.0.1/x","confirmation_code":"c1"}')

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/meta/deletion"
        token = meta.user_token()
        told = control("POST", "callbacks/deletion", person="Runa Vik", url=url)
        assert told["status"] == 200
        assert json.loads(told["body"])["confirmation_code"] == "c1"
        signature, payload = parse_qs(heard[0].decode())["signed_request"][0].split(".")
        digest = hmac.new(meta.app_secret.encode(), payload.encode(), hashlib.sha256).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == signature
        facts = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert facts["user_id"] == "10220000000000101"
        control("POST", "callbacks/deauthorize", person="Runa Vik", url=url)
        assert ask("me", access_token=token)["error"]["error_subcode"] == 458
    finally:
        server.shutdown()
        server.server_close()
