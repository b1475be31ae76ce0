"""Who forgot their password chooses a new one, and nobody comes by it into what is not theirs."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.identity import signing_in
from brandhound.identity.models import User
from brandhound.identity.passwords import password_matches
from brandhound.tenancy.models import Member
from brandhound.tenancy.resetting import choose_password, make_link_on_the_machine
from tests.factories.people import PASSWORD, make_person, signed_in

NEW = "four words that nobody guesses"


@pytest.fixture
async def stopped_clock() -> AsyncGenerator[None]:
    clock.freeze(datetime.now(UTC))
    yield
    clock.unfreeze()


async def join(organization_id: UUID, email: str, role: str) -> None:
    """Make somebody a member of a further organization."""
    async with system_session() as db:
        user_id = await db.scalar(select(User.id).where(User.email_key == email))
        db.add(Member(organization_id=organization_id, user_id=user_id, role=role))


async def link_for(client: httpx.AsyncClient, email: str) -> httpx.Response:
    """The answer to an administrator who asks for a link."""
    return await client.post(await place_of_link(client, email))


async def place_of_link(client: httpx.AsyncClient, email: str) -> str:
    """Where a link for that member is asked for."""
    members = (await client.get("/api/members")).json()
    return f"/api/members/{next(one['id'] for one in members if one['email'] == email)}/reset-link"


def address_of(link: str) -> str:
    """Where the page behind the link asks."""
    return f"/api/password-resets/{link.rsplit('/', 1)[1]}"


async def signs_in(app: FastAPI, email: str, password: str) -> int:
    """The status that an attempt is answered with."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://brandhound.test") as browser:
        return (await browser.post("/api/session", json={"email": email, "password": password})).status_code


async def test_who_forgot_their_password_chooses_a_new_one_by_a_link_that_works_once(
    app: FastAPI, client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with signed_in(app, organization_id, "analyst") as (elsewhere, email):
        made = await link_for(client, email)
        at = address_of(made.json()["link"])
        preview = (await anonymous.get(at)).json()
        weak = await anonymous.post(at, json={"password": "short"})
        chosen = await anonymous.post(at, json={"password": NEW})
        again = await anonymous.post(at, json={"password": "another one after that"})

        assert (made.status_code, made.json()["link"].startswith("http://brandhound.test/reset/")) == (201, True)
        assert preview == {"name": "Ada", "email": email}
        assert (weak.status_code, weak.json()["code"]) == (422, "identity/weak-password")
        assert chosen.status_code == 204
        assert (again.status_code, again.json()["code"]) == (404, "identity/bad-reset-link")
        assert (await elsewhere.get("/api/session")).json()["code"] == "identity/not-signed-in"
    assert [await signs_in(app, email, password) for password in (PASSWORD, NEW)] == [401, 201]
    book = [(one["action"], one["facts"]["email"]) for one in (await client.get("/api/audit")).json()["items"]]
    assert book == [("members.password-reset", email), ("members.reset-link-made", email)]


async def test_a_link_for_a_new_password_ends_after_an_hour_and_when_a_newer_one_is_made(
    app: FastAPI, client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID, stopped_clock: None
) -> None:
    _, email, _ = await make_person(organization_id, "viewer")
    first, second = [address_of((await link_for(client, email)).json()["link"]) for _ in range(2)]
    replaced = await anonymous.post(first, json={"password": NEW})
    clock.advance(timedelta(minutes=59))
    waiting = await anonymous.get(second)
    clock.advance(timedelta(minutes=1))
    late = await anonymous.post(second, json={"password": NEW})

    assert [one.status_code for one in (replaced, waiting, late)] == [404, 200, 404]
    assert await signs_in(app, email, PASSWORD) == 201


async def test_the_only_administrator_comes_back_in_by_the_command_line_though_guessing_shut_them_out(
    app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    _, email, _ = await make_person()
    tries = [await signs_in(app, email, f"guess {n}") for n in range(6)]
    secret = await make_link_on_the_machine(email.upper())
    assert secret is not None
    chosen = await anonymous.post(f"/api/password-resets/{secret}", json={"password": NEW})

    assert (tries, chosen.status_code) == ([401] * 5 + [429], 204)
    assert await signs_in(app, email, NEW) == 201
    async with system_session() as db:
        kept = await db.execute(text("select token_hash from password_resets"))
        assert all(secret not in row.token_hash for row in kept)


async def test_nobody_takes_over_an_account_that_reaches_farther_than_their_own(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    _, both, _ = await make_person(organization_id, "viewer")
    _, operator, _ = await make_person(organization_id, "viewer")
    await join(other_organization_id, both, "guest")
    await join(SYSTEM_ORGANIZATION, operator, "admin")
    mine = (await client.get("/api/session")).json()["user"]["email"]
    async with signed_in(app, organization_id, "admin") as (admin, _):
        answers = {
            "a member of another organization too": await link_for(client, both),
            "an operator": await link_for(client, operator),
            "an owner, for an administrator": await link_for(admin, mine),
        }
        refused = {who: (answer.status_code, answer.json()["code"]) for who, answer in answers.items()}
        assert set(refused.values()) == {(403, "tenancy/not-yours-to-reset")}, refused
        assert (await link_for(client, mine)).json()["code"] == "tenancy/own-password"
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        assert (await link_for(analyst, both)).json()["code"] == "tenancy/role-too-low"


async def test_a_program_makes_no_links_for_people(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID
) -> None:
    _, email, _ = await make_person(organization_id, "viewer")
    key = {"name": "rotator", "role": "owner", "scopes": ["*:write"]}
    secret = (await client.post("/api/keys", json=key)).json()["secret"]
    at = await place_of_link(client, email)

    assert (await anonymous.post(at, headers={"authorization": f"Bearer {secret}"})).status_code == 401


async def test_an_administrator_of_both_organizations_makes_a_link_for_who_is_in_both(
    client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    _, both, _ = await make_person(organization_id, "analyst")
    await join(other_organization_id, both, "admin")
    mine = (await client.get("/api/session")).json()["user"]["email"]
    await join(other_organization_id, mine, "admin")

    assert (await link_for(client, both)).status_code == 201


@pytest.mark.parametrize("what", ["the member joins elsewhere", "the member rises", "the maker leaves"])
async def test_a_link_ends_when_its_maker_could_not_make_it_any_more(
    app: FastAPI, anonymous: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID, what: str
) -> None:
    _, email, _ = await make_person(organization_id, "viewer")
    async with signed_in(app, organization_id, "admin") as (admin, maker):
        at = address_of((await link_for(admin, email)).json()["link"])
    before = (await anonymous.get(at)).status_code
    if what == "the member joins elsewhere":
        await join(other_organization_id, email, "guest")
    else:
        async with system_session() as db:
            changed, role = (email, "owner") if what == "the member rises" else (maker, "viewer")
            user_id = await db.scalar(select(User.id).where(User.email_key == changed))
            await db.execute(update(Member).where(Member.user_id == user_id).values(role=role))

    assert before == 200
    assert (await anonymous.post(at, json={"password": NEW})).json()["code"] == "identity/bad-reset-link"
    assert await signs_in(app, email, PASSWORD) == 201


async def test_changing_ones_password_asks_for_the_present_one_and_ends_the_other_sessions(
    app: FastAPI, organization_id: UUID
) -> None:
    async with signed_in(app, organization_id, "owner") as (here, email):
        key = (await here.post("/api/keys", json={"name": "stays"})).json()["secret"]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://brandhound.test") as there:
            await there.post("/api/session", json={"email": email, "password": PASSWORD})
            secret = await make_link_on_the_machine(email)
            at = "/api/session/password"
            wrong = await here.put(at, json={"present": "not mine at all", "new": NEW})
            weak = await here.put(at, json={"present": PASSWORD, "new": email.upper()})
            still = await there.get("/api/session")
            done = await here.put(at, json={"present": PASSWORD, "new": NEW})

            assert (wrong.status_code, wrong.json()["code"]) == (403, "identity/not-your-password")
            assert (weak.json()["code"], still.status_code) == ("identity/weak-password", 200)
            assert done.status_code == 204
            assert (await here.get("/api/session")).status_code == 200
            assert (await there.get("/api/session")).status_code == 401
            assert (await there.get(f"/api/password-resets/{secret}")).status_code == 404
            there.cookies.clear()
            assert (await there.get("/api/members", headers={"authorization": f"Bearer {key}"})).status_code == 200
    assert [await signs_in(app, email, password) for password in (PASSWORD, NEW)] == [401, 201]


@pytest.mark.parametrize("deed", ["signs in", "changes the password", "accepts an invitation"])
async def test_a_password_that_is_replaced_while_it_is_looked_at_opens_nothing_any_more(
    app: FastAPI, client: httpx.AsyncClient, other_organization_id: UUID, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    async with signed_in(app, other_organization_id, "viewer") as (thief, email):
        invited = await client.post("/api/invitations", json={"email": email, "role": "guest"})
        invitation = f"/api/invitations/by-token/{invited.json()['link'].rsplit('/', 1)[1]}/acceptance"
        secret = await make_link_on_the_machine(email)
        assert secret is not None

        async def meanwhile(password_hash: str | None, password: str) -> bool:
            is_right = await password_matches(password_hash, password)
            await choose_password(secret, NEW)
            return is_right

        monkeypatch.setattr(signing_in, "password_matches", meanwhile)
        if deed == "signs in":
            answer = await thief.post("/api/session", json={"email": email, "password": PASSWORD})
        elif deed == "changes the password":
            answer = await thief.put("/api/session/password", json={"present": PASSWORD, "new": "chosen by a thief"})
        else:
            answer = await thief.post(invitation, json={"password": PASSWORD})
        monkeypatch.undo()

        assert answer.status_code in (401, 403), answer.text
        assert (await thief.get("/api/session")).status_code == 401
    assert await signs_in(app, email, NEW) == 201


async def test_an_open_browser_is_no_place_to_guess_the_password(client: httpx.AsyncClient) -> None:
    guesses = [{"present": f"guess {n}", "new": NEW} for n in range(6)]
    answers = [(await client.put("/api/session/password", json=guess)).status_code for guess in guesses]

    assert answers == [403] * 5 + [429]


async def test_an_account_that_is_shut_gets_no_link(anonymous: httpx.AsyncClient) -> None:
    _, email, _ = await make_person()
    secret = await make_link_on_the_machine(email)
    async with system_session() as db:
        await db.execute(update(User).where(User.email_key == email).values(disabled_at=clock.now()))

    assert await make_link_on_the_machine(email) is None
    assert await make_link_on_the_machine("nobody@acme.example") is None
    assert (await anonymous.post(f"/api/password-resets/{secret}", json={"password": NEW})).status_code == 404
