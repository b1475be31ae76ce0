"""Which server one asks: it is what breakers and kept answers are for, and no key goes to another than it was entered for."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core.db import tenant_session
from brandhound.core.secrets import seal
from brandhound.core.system import system_session
from brandhound.providers.ai.accounts import SEALED_KEY
from brandhound.providers.ai.asking import CANNOT_ASK, ask
from brandhound.providers.ai.errors import ModelKeyUnreadable
from brandhound.providers.ai.kinds import Kind
from brandhound.twins.models import ModelTwin, serve_models
from brandhound.twins.models.failing import Trouble
from tests.factories.people import signed_in
from tests.providers.ai.conftest import KINDS, USE, Choose, address_of
from tests.providers.ai.questions import question, says

pytestmark = pytest.mark.anyio

NOBODY = "http://127.0.0.1:9/v1"


async def add(client: httpx.AsyncClient, address: str, **more: str) -> str:
    """A server that is chosen; its identifier."""
    new = {"kind": "ollama", "name": address, "address": address, **more}
    made = await client.post("/api/models/accounts", json=new)
    assert made.status_code == 201, made.text
    choice = {"account_id": made.json()["id"], "model": "llama3.1"}
    assert (await client.put(f"/api/models/choices/{USE}", json=choice)).status_code == 200
    found: str = made.json()["id"]
    return found


async def test_a_server_without_a_key_that_is_away_keeps_nobody_from_asking_their_own(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, twin: ModelTwin
) -> None:
    twin.persona = says(tone="good")
    async with signed_in(app) as (other, _):
        await add(client, NOBODY)
        await add(other, twin.openai)
        for number in range(6):
            with pytest.raises(CANNOT_ASK):
                await ask(organization_id, question(f"Text {number}"), once=True)
        answer = await ask(UUID(other.headers["x-organization"]), question(), once=True)
    assert answer.value.tone == "good"
    async with system_session() as db:
        states = await db.execute(
            text("select key_fingerprint, state from provider_breakers where provider = 'ollama'")
        )
        found = {row.key_fingerprint: row.state for row in states}
    assert sorted(found.values()) == ["closed", "open"]
    # Neither a key nor the address can be read out of it.
    assert all(name.startswith("@") and "127" not in name for name in found)


async def test_an_answer_is_not_that_of_another_server_whose_model_has_the_same_name(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    twin.persona = says(tone="good")
    await add(client, twin.openai)
    await ask(organization_id, question())
    assert (await ask(organization_id, question())).cached
    with serve_models() as another:
        another.persona = says(tone="bad")
        await add(client, another.openai)
        answer = await ask(organization_id, question())
    assert (answer.value.tone, answer.cached) == ("bad", False)


async def test_a_key_is_sent_to_no_other_server_than_the_one_it_was_entered_for(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    twin.persona = says(tone="good")
    account_id = await choose("openai_compatible")
    path = f"/api/models/accounts/{account_id}"
    with serve_models() as another:
        refused = await client.patch(path, json={"address": another.openai})
        assert (refused.status_code, refused.json()["code"]) == (422, "models/key-needed-again")
        await ask(organization_id, question())
        assert (len(twin.asked), another.asked) == (1, [])
        changed = await client.patch(path, json={"address": another.openai, "key": "sk-of-another"})
        assert (changed.status_code, changed.json()["address"]) == (200, another.openai)
    # The same server, spoken to at another path, is the one it was entered for.
    same = await client.patch(path, json={"address": f"{another.openai}/v2", "name": "Ours"})
    assert same.status_code == 200


async def test_a_server_without_a_key_moves_without_one(client: httpx.AsyncClient, twin: ModelTwin) -> None:
    account_id = await add(client, NOBODY)
    assert (await client.patch(f"/api/models/accounts/{account_id}", json={"address": twin.openai})).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["sk-canary\npart", "sk-canary part", "sk-canary\u200bpart", "sk-canaryä"])
async def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(
    client: httpx.AsyncClient, twin: ModelTwin, kind: Kind, key: str
) -> None:
    new = {"kind": kind, "name": "Ours", "address": address_of(twin, kind), "key": key}
    refused = await client.post("/api/models/accounts", json=new)
    assert (refused.status_code, refused.json()["code"]) == (422, "core/invalid-input")
    assert "canary" not in refused.text


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_that_repeats_the_key_it_refuses_gives_it_away_to_nobody(
    client: httpx.AsyncClient, choose: Choose, twin: ModelTwin, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    account_id = await choose(kind, key="canary-of-our-own")
    twin.app.always = Trouble("bad_key", 401, {}, {"error": {"message": "no such key as canary-of-our-own"}})
    tried = await client.post(f"/api/models/accounts/{account_id}/trial", json={"model": "made-up-1"})
    assert tried.json()["well"] is False
    shown = [await client.get(f"/api/{path}") for path in ("models", "models/accounts", "providers", "audit")]
    async with system_session() as db:
        kept = str((await db.execute(text("select * from provider_breakers"))).all())
    assert "no such key as •••" in kept
    assert "canary" not in tried.text + "".join(answer.text for answer in shown) + kept + caplog.text


async def test_a_key_that_was_entered_before_such_were_refused_is_asked_for_again(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    account_id = await choose("openai_compatible")
    async with tenant_session(organization_id) as db:
        sealed = {"sealed": seal("sk-canary\u200bpart", SEALED_KEY)}
        await db.execute(text("update model_accounts set key_sealed = :sealed"), sealed)
    with pytest.raises(ModelKeyUnreadable):
        await ask(organization_id, question())
    refused = await client.post(f"/api/models/accounts/{account_id}/trial", json={"model": "m"})
    assert (refused.status_code, refused.json()["code"]) == (409, "models/key-unreadable")
    assert "canary" not in refused.text
    assert twin.asked == []
