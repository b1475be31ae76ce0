"""The page on which a person lets an app in, and what it answers."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from brandhound.twins.meta.granting import Grants
from brandhound.twins.meta.owning import Person
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.tokens import App

BUSINESS_SCOPES = ("ads_read", "business_management")


@dataclass(frozen=True)
class Consent:
    """How somebody answers. None stands for everything that was asked for, or that the person has."""

    decision: Literal["accept", "decline"] = "accept"
    person: str = "Runa Vik"
    scopes: tuple[str, ...] | None = None
    accounts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Asked:
    """What an app asks for in the dialog."""

    app: App
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    kind: str


def read_dialog(grants: Grants, given: Mapping[str, str]) -> Asked:
    """What is asked for. Raises Refused when the app or its return address is not known."""
    app = grants.apps.get(given.get("client_id", ""))
    if app is None:
        raise Refused("wrong_app")
    redirect_uri = given.get("redirect_uri", "")
    if not redirect_uri.startswith(tuple(app.redirects)):
        raise Refused("wrong_redirect")
    config = given.get("config_id", "")
    if config and config not in app.configs:
        raise Refused("parameter", detail=f"Invalid config_id: {config}")
    asked = tuple(word for word in given.get("scope", "").replace(" ", ",").split(",") if word)
    scopes = BUSINESS_SCOPES if config else asked or ("public_profile",)
    return Asked(app, redirect_uri, given.get("state", ""), scopes, app.configs[config] if config else "USER")


def answer_dialog(grants: Grants, asked: Asked, consent: Consent) -> str:
    """The address that the person is sent back to."""
    if consent.decision == "decline":
        told = {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
        }
        return _back(asked, told)
    person = find_person(grants, consent.person)
    wanted = asked.scopes if consent.scopes is None else tuple(s for s in asked.scopes if s in consent.scopes)
    accounts = None
    if consent.accounts is not None:
        known = [grants.owners.account(name) for name in consent.accounts]
        accounts = tuple(account.id for account in known if account is not None)
    code = grants.allow(asked.app, person, asked.kind, wanted, accounts, asked.redirect_uri)
    return _back(asked, {"code": code})


def find_person(grants: Grants, name: str) -> Person:
    """Somebody by name or id. Raises ValueError for a stranger."""
    for person in grants.owners.people.values():
        if name in (person.name, person.id):
            return person
    raise ValueError(f"nobody is called {name}")


def _back(asked: Asked, told: Mapping[str, str]) -> str:
    joint = "&" if "?" in asked.redirect_uri else "?"
    return f"{asked.redirect_uri}{joint}{urlencode({**told, 'state': asked.state})}#_=_"


def dialog_page(grants: Grants, asked: Asked, given: Mapping[str, str]) -> str:
    """The consent page: who one is, what the app may do, which accounts it may see."""
    people = [person for person in grants.owners.people.values() if not person.system]
    hidden = "".join(f'<input type="hidden" name="{_e(k)}" value="{_e(v)}">' for k, v in given.items())
    scopes = _boxes("scopes", [(scope, scope) for scope in asked.scopes])
    accounts = _boxes("accounts", [(a.id, f"{a.name} ({a.currency})") for a in grants.owners.accounts.values()])
    options = "".join(f'<option value="{_e(p.id)}">{_e(p.name)}</option>' for p in people)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Log in with a made-up Facebook</title>
<style>body{{font:16px/1.5 system-ui;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1c1e21}}
fieldset{{border:1px solid #ccd0d5;border-radius:8px;margin:1rem 0}}label{{display:block;padding:.25rem 0}}
button{{font:inherit;padding:.6rem 1.2rem;border-radius:6px;border:1px solid #ccd0d5;background:#fff}}
button[value=accept]{{background:#1257c4;color:#fff;border-color:#1257c4}}</style></head>
<body><h1>Let {_e(asked.app.name)} in?</h1>
<p>This is a simulator. No real account is touched.</p>
<form method="post">{hidden}
<label>You are <select name="person">{options}</select></label>
<fieldset><legend>What it may do</legend>{scopes}</fieldset>
<fieldset><legend>What it may see</legend>{accounts}</fieldset>
<button name="decision" value="accept">Continue</button> <button name="decision" value="decline">Cancel</button>
</form></body></html>"""


def _boxes(name: str, choices: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f'<label><input type="checkbox" name="{name}" value="{_e(value)}" checked> {_e(label)}</label>'
        for value, label in choices
    )


def _e(text: str) -> str:
    return html.escape(text, quote=True)
