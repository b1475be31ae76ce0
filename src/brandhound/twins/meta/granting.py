"""Giving access and taking it away: codes, tokens, what is wrong with one, and what Meta says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from brandhound.twins.meta.owning import AccountSpec, Owners, Person
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.telling_time import Clock
from brandhound.twins.meta.tokens import App, Token, proof, read_token, write_token

APP_ID = "730010000000001"
APP_SECRET = "made-up-app-secret-5c1e7a"
CONFIG_ID = "840010000000001"
USER_CONFIG_ID = "840010000000002"
SYSTEM_USER = "10220000000000901"
SCOPES = ("ads_read", "ads_management", "business_management", "pages_show_list", "pages_read_engagement")
DAY = 86400
SHORT, LONG, DATA_ACCESS, CODE = 5400, 5_183_944, 90 * DAY, 600


def made_up_app() -> App:
    """The app that the twin knows when nobody tells it another."""
    return App(APP_ID, APP_SECRET, configs={CONFIG_ID: "SYSTEM_USER", USER_CONFIG_ID: "USER"})


@dataclass
class Code:
    """What a person allowed in the dialog, to be fetched once."""

    token: Token
    redirect_uri: str
    until: int
    used: bool = False


class Grants:
    """Who was given what."""

    def __init__(self, owners: Owners, clock: Clock, app: App) -> None:
        self.owners, self.clock = owners, clock
        self.apps = {app.id: app}
        self.troubles: dict[str, str] = {}
        """What is wrong with a token, or with all tokens of a subject: the name of a refusal."""
        self._codes: dict[str, Code] = {}
        self._number = 0

    @property
    def app(self) -> App:
        return next(iter(self.apps.values()))

    def change_app(self, **facts: Any) -> App:
        """The app with other settings. A new id or secret makes all tokens of the old one worthless."""
        if "redirects" in facts:
            facts["redirects"] = tuple(facts["redirects"])
        changed = replace(self.app, **facts)
        self.apps = {changed.id: changed}
        return changed

    def now(self) -> int:
        return int(self.clock.now().timestamp())

    def system_user_token(self, subject: str = SYSTEM_USER, scopes: tuple[str, ...] = SCOPES[:3]) -> str:
        """A token that never expires, always the same."""
        return write_token(Token("SYSTEM_USER", self.app.id, subject, scopes, None, 1_700_000_000), self.app.secret)

    def user_token(self, person: Person, seconds: int = LONG, **more: Any) -> str:
        """A long-lived token of a person, as if the dialog had been gone through."""
        token = self._token(person, "USER", more.get("scopes", SCOPES[:3]), more.get("accounts"))
        return write_token(token.renewed(self.now(), seconds, self._next()), self.app.secret)

    def allow(
        self,
        app: App,
        person: Person,
        kind: str,
        scopes: tuple[str, ...],
        accounts: tuple[str, ...] | None,
        redirect_uri: str,
    ) -> str:
        """A code for what a person allowed. The person's earlier troubles with the app are over."""
        self.troubles.pop(person.id, None)
        number = self._next()
        code = f"AQ{number:04d}{proof(f'{number}:{self.now()}', app.secret)}"
        self._codes[code] = Code(self._token(person, kind, scopes, accounts), redirect_uri, self.now() + CODE)
        return code

    def exchange(self, given: Mapping[str, str]) -> dict[str, Any]:
        """`/oauth/access_token`: a code, or a token that is still valid, for a token."""
        app = self._proven(given)
        match given.get("grant_type", ""):
            case "fb_exchange_token":
                return self._prolong(app, given)
            case "client_credentials":
                return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
            case _:
                return self._redeem(app, given)

    def _proven(self, given: Mapping[str, str]) -> App:
        app = self.apps.get(given.get("client_id", ""))
        if app is None:
            raise Refused("wrong_app")
        if not compare_digest(given.get("client_secret", ""), app.secret):
            raise Refused("wrong_secret")
        return app

    def _redeem(self, app: App, given: Mapping[str, str]) -> dict[str, Any]:
        code = self._codes.get(given.get("code", ""))
        if code is None:
            raise Refused("code_wrong")
        if code.used:
            raise Refused("code_used")
        if code.until < self.now():
            raise Refused("code_expired")
        if code.redirect_uri != given.get("redirect_uri"):
            raise Refused("code_redirect")
        code.used = True
        return self._handed(code.token, app)

    def _prolong(self, app: App, given: Mapping[str, str]) -> dict[str, Any]:
        token, _ = self.check(given.get("fb_exchange_token", ""), None)
        if token.kind == "SYSTEM_USER":
            seconds = LONG if given.get("set_token_expires_in_60_days") == "true" or token.expires_at else 0
        else:
            # A long-lived token gets sixty new days at most once a day.
            fresh = token.long and self.now() - token.issued_at < DAY
            seconds = token.expires_at - self.now() if fresh else LONG
        return self._handed(token.renewed(self.now(), seconds, self._next()), app)

    def install(self, given: Mapping[str, str], subject: str) -> dict[str, Any]:
        """A token for a system user, by someone who may make one."""
        if subject not in self.owners.people or not self.owners.people[subject].system:
            raise Refused("not_there", method="post", id=subject)
        scopes = tuple(s for s in given.get("scope", "").split(",") if s) or SCOPES[:1]
        token = Token("SYSTEM_USER", self.app.id, subject, scopes, None, self.now(), number=self._next())
        if given.get("set_token_expires_in_60_days") == "true":
            token = token.renewed(self.now(), LONG, token.number)
        return self._handed(token, self.app)

    def page_token(self, token: Token, page: str) -> str:
        """A token of a page that the holder of a token works for; it lives and dies with that one."""
        own = replace(token, kind="PAGE", scopes=(*token.scopes, f"page:{page}"), number=self._next())
        return write_token(own, self.apps[token.app].secret)

    def check(self, text: str, given_proof: str | None, *, free_of_proof: bool = True) -> tuple[Token, App]:
        """What the token allows. Raises Refused when it is not valid, or its proof is wrong."""
        token = self.read(text)
        app = self.apps[token.app]
        if given_proof is not None and not compare_digest(given_proof, proof(text, app.secret)):
            raise Refused("proof_wrong")
        if given_proof is None and app.needs_proof and not free_of_proof:
            raise Refused("proof_needed")
        if trouble := self.trouble(text, token):
            raise trouble
        return token, app

    def read(self, text: str) -> Token:
        """What the token says. Raises Refused when nobody wrote it."""
        if not text:
            raise Refused("no_token")
        app_id, bar, secret = text.partition("|")
        if bar and (app := self.apps.get(app_id)) and compare_digest(secret, app.secret):
            return Token("APP", app.id, "", (), (), 0)
        token = read_token(text, self.apps)
        if token is None:
            raise Refused("bad_token")
        return token

    def trouble(self, text: str, token: Token) -> Refused | None:
        """What is wrong with a token, if anything is."""
        if name := self.troubles.get(text) or self.troubles.get(token.subject):
            return Refused(name, app=token.app, expired="earlier", now="now")
        if token.expires_at and token.expires_at <= self.now():
            return Refused("expired", expired=_said(token.expires_at), now=_said(self.now()))
        return None

    def debug(self, text: str) -> dict[str, Any]:
        """`/debug_token`: everything about a token, valid or not."""
        try:
            token = self.read(text)
        except Refused as refused:
            error = refused.body("")["error"]
            return {"error": {"code": error["code"], "message": error["message"]}, "is_valid": False, "scopes": []}
        app = self.apps[token.app]
        told: dict[str, Any] = {
            "app_id": app.id,
            "type": token.kind,
            "application": app.name,
            "expires_at": token.expires_at,
            "is_valid": True,
            "scopes": list(token.scopes),
        }
        if token.kind != "APP":
            told |= {
                "data_access_expires_at": token.data_access_expires_at,
                "issued_at": token.issued_at,
                "user_id": token.subject,
                "granular_scopes": self._granular(token),
            }
        if trouble := self.trouble(text, token):
            error = trouble.body("")["error"]
            told["is_valid"] = False
            told["error"] = {"code": error["code"], "message": error["message"], "subcode": error.get("error_subcode")}
        return told

    def accounts(self, token: Token) -> list[AccountSpec]:
        """The accounts that a token may read."""
        person = self.owners.people.get(token.subject)
        if person is None:
            return []
        return [a for a in self.owners.of(person) if token.accounts is None or a.id in token.accounts]

    def _granular(self, token: Token) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for scope in token.scopes:
            told: dict[str, Any] = {"scope": scope}
            if token.accounts is not None and scope.startswith("ads_"):
                told["target_ids"] = list(token.accounts)
            elif token.accounts is not None and scope == "business_management":
                told["target_ids"] = sorted({a.business for a in self.accounts(token)})
            found.append(told)
        return found

    def _token(self, person: Person, kind: str, scopes: tuple[str, ...], accounts: tuple[str, ...] | None) -> Token:
        now, number = self.now(), self._next()
        if kind == "SYSTEM_USER":
            # It belongs to the business and survives the person, so it holds only what the person has and chose.
            own = tuple(a.id for a in self.owners.of(person))
            chosen = own if accounts is None else tuple(one for one in accounts if one in own)
            return Token("SYSTEM_USER", self.app.id, SYSTEM_USER, scopes, chosen, now, number=number)
        return Token(
            "USER", self.app.id, person.id, scopes, accounts, now, now + SHORT, now + DATA_ACCESS, number=number
        )

    def _handed(self, token: Token, app: App) -> dict[str, Any]:
        told: dict[str, Any] = {"access_token": write_token(token, app.secret), "token_type": "bearer"}
        return told | ({"expires_in": token.expires_at - self.now()} if token.expires_at else {})

    def _next(self) -> int:
        self._number += 1
        return self._number


def _said(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%A, %d-%b-%y %H:%M:%S PST")
