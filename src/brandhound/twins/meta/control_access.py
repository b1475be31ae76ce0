"""The part of the control API that is about people, tokens and accounts."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException

from brandhound.twins.meta.callbacks import Posted, post_signed
from brandhound.twins.meta.dialog import Consent, find_person
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.owning import account_of
from brandhound.twins.meta.refusing import refusals

Json = dict[str, Any]
Given = Annotated[Json, Body()]


def control_access(kept: Kept) -> APIRouter:
    """Who is there, what they allow, and what is wrong with it."""
    router = APIRouter(prefix="/_control")

    @router.get("/owners")
    def tell_owners() -> Json:
        """Who there is, and which accounts they have."""
        return {
            "businesses": kept.owners.businesses,
            "people": [{"id": p.id, "name": p.name, "system": p.system} for p in kept.owners.people.values()],
            "accounts": [
                {"key": a.key, "id": a.act, "name": a.name, "ads": a.ads} for a in kept.owners.accounts.values()
            ],
        }

    @router.post("/accounts", status_code=201)
    def open_account(given: Given) -> Json:
        """Open an account: `key`, and what AccountSpec has."""
        account = kept.owners.add(account_of(given))
        return {"key": account.key, "id": account.act}

    @router.get("/app")
    def tell_app() -> Json:
        app = kept.grants.app
        return {
            "id": app.id,
            "secret": app.secret,
            "configs": dict(app.configs),
            "system_user_token": kept.grants.system_user_token(),
        }

    @router.put("/consent")
    def set_consent(given: Annotated[Json | None, Body()] = None) -> Json:
        """How the dialog answers by itself from now on; null shows its page again."""
        if given is None:
            kept.next_consent = None
            return {}
        lists = {name: tuple(given[name]) for name in ("scopes", "accounts") if given.get(name) is not None}
        told: Json = given | lists
        kept.next_consent = Consent(**told)
        return {"decision": kept.next_consent.decision}

    @router.post("/tokens", status_code=201)
    def make_token(given: Given) -> Json:
        """A long-lived token of `person`, for `seconds`, with `scopes` and `accounts`."""
        person = find_person(kept.grants, given.get("person", "Runa Vik"))
        more = {name: tuple(given[name]) for name in ("scopes", "accounts") if name in given}
        return {"access_token": kept.grants.user_token(person, given.get("seconds", 5_183_944), **more)}

    @router.put("/trouble")
    def set_trouble(given: Given) -> Json:
        """What is wrong from now on with a `token`, or with all of a `person`: the name of a refusal, or null."""
        who = given.get("token") or find_person(kept.grants, given["person"]).id
        if given.get("trouble") is None:
            kept.grants.troubles.pop(who, None)
        elif given["trouble"] not in refusals():
            raise HTTPException(422, f"there is no refusal {given['trouble']}")
        else:
            kept.grants.troubles[who] = given["trouble"]
        return {"troubles": len(kept.grants.troubles)}

    @router.post("/callbacks/{which}")
    def call_back(which: str, given: Given) -> Json:
        """Post a signed request to the app's `deauthorize` or `deletion` address, or to `url`."""
        person = find_person(kept.grants, given.get("person", "Runa Vik"))
        app = kept.grants.app
        url = given.get("url") or (app.deletion if which == "deletion" else app.deauthorize)
        if which == "deauthorize":
            kept.grants.troubles[person.id] = "removed"
        posted: Posted = post_signed(url, app, person.id, int(kept.clock.now().timestamp()), given.get("secret"))
        return {"status": posted.status, "body": posted.body}

    return router
