"""One call of the Graph API: with its proof, under the guard of outside services, its answer understood.

    reply = await ask_graph(application(), token, "me/adaccounts", {"fields": "id,name"}, organization_id)

Tokens and the secret go out in the question and nowhere else: what comes back is cleared of them before anybody reads it.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from brandhound.ads.meta.refusing import AccessRefused, Refusal, refusal_in
from brandhound.core.http.client import fetcher
from brandhound.core.problems import Problem
from brandhound.core.settings import settings
from brandhound.providers.callees import key_fingerprint
from brandhound.providers.calling import guarded_call

PROVIDER = "meta"
SECONDS = 60.0
LARGEST = 16 * 1024 * 1024


class MetaNotSetUp(Problem):
    """This installation has no application at Meta yet."""

    status = 409
    code = "ads/meta-not-set-up"
    what_to_do = (
        "Whoever runs the installation makes an application at Meta and sets BRANDHOUND_META_APP_ID and "
        "BRANDHOUND_META_APP_SECRET: the page Connect Meta tells how. Until then, tables from Ads Manager can be imported."
    )


@dataclass(frozen=True)
class Application:
    """The application that we are at Meta, and where that is."""

    id: str
    secret: str = field(repr=False)
    graph_url: str
    dialog_url: str
    version: str
    config_id: str = ""

    @property
    def own_token(self) -> str:
        """What the application itself calls with, such as to look at a token."""
        return f"{self.id}|{self.secret}"


@dataclass(frozen=True)
class Reply:
    """A good answer. `version` is the one that answered, which may be a later one than was asked."""

    data: Any
    headers: Mapping[str, str]
    version: str


def application() -> Application:
    """The application of this installation. Raises MetaNotSetUp."""
    configured = settings()
    secret = configured.meta_app_secret.get_secret_value() if configured.meta_app_secret else ""
    if not configured.meta_app_id or not secret:
        raise MetaNotSetUp
    return Application(
        configured.meta_app_id,
        secret,
        configured.meta_graph_url,
        configured.meta_dialog_url,
        configured.meta_version,
        configured.meta_config_id,
    )


def proof_of(app: Application, token: str) -> str:
    """What proves that the call comes from who knows the application's secret (appsecret_proof)."""
    return hmac.new(app.secret.encode(), token.encode(), hashlib.sha256).hexdigest()


async def ask_graph(
    app: Application,
    token: str,
    path: str,
    params: Mapping[str, str],
    organization_id: UUID,
    *,
    method: Literal["GET", "POST", "DELETE"] = "GET",
    seconds: float = SECONDS,
    max_bytes: int = LARGEST,
) -> Reply:
    """Ask with a token. `path` has neither version nor a slash in front.

    Raises AccessRefused when Meta does not take the token or the permission, Parked or a ProviderFailed for everything
    else. No transaction may be open.
    """
    given = {**params, "access_token": token, "appsecret_proof": proof_of(app, token)}
    return await _ask(app, token, path, given, organization_id, method, seconds, max_bytes)


async def ask_as_application(app: Application, path: str, params: Mapping[str, str], organization_id: UUID) -> Reply:
    """Ask about logins and tokens, where the application itself is who asks. Raises like `ask_graph`."""
    given = dict(params)
    if token := given.get("access_token"):
        given["appsecret_proof"] = proof_of(app, token)
    return await _ask(app, app.own_token, path, given, organization_id, "GET", SECONDS, LARGEST)


async def _ask(
    app: Application,
    token: str,
    path: str,
    given: Mapping[str, str],
    organization_id: UUID,
    method: Literal["GET", "POST", "DELETE"],
    seconds: float,
    max_bytes: int,
) -> Reply:
    address = f"{app.graph_url}/{app.version}/{path}"
    sent = urlencode(given)
    refusal: Refusal | None = None
    data: Any = None
    async with guarded_call(PROVIDER, key_fingerprint(token), "", organization_id) as slot:
        if method == "POST":
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = await fetcher().ask(address, sent.encode(), headers, seconds=seconds, max_bytes=max_bytes)
        else:
            url = f"{address}?{sent}"
            answer = await fetcher().ask(url, b"", method=method, seconds=seconds, max_bytes=max_bytes)
        body = _without(answer.body, (*_secrets_in(given), app.secret))
        slot.headers = answer.headers
        refusal = refusal_in(_data_of(body))
        # One token that is not taken is the trouble of one connection, and not of Meta: the breaker hears nothing of it.
        if refusal is None:
            slot.check(answer.status, answer.headers, body)
            # A token that is handed over is in the answer: read as it came, and not as it may be shown.
            data = json.loads(answer.body)
    if refusal is not None:
        raise AccessRefused(refusal)
    return Reply(data, answer.headers, answer.headers.get("facebook-api-version", app.version))


def _secrets_in(given: Mapping[str, str]) -> tuple[str, ...]:
    names = ("access_token", "appsecret_proof", "client_secret", "fb_exchange_token", "code", "input_token")
    return tuple(value for name, value in given.items() if name in names and value)


def _without(body: bytes, secrets: tuple[str, ...]) -> bytes:
    for secret in secrets:
        body = body.replace(secret.encode(), "…".encode())
    return body


def _data_of(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
