"""Settings, Models: servers with keys that nobody sees again, trials, choices, the budget and what was asked."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.settings import settings
from brandhound.jobs.registry import enqueue
from brandhound.providers.ai.features import features
from brandhound.providers.ai.kinds import KINDS, Kind
from brandhound.providers.ai.prices import Price, Usage, price_of, priced_models, table_source
from brandhound.twins.models import ModelTwin
from tests.factories.people import signed_in
from tests.jobs import sample_jobs
from tests.providers.ai.conftest import KINDS as ASKED
from tests.providers.ai.conftest import USE, Choose, address_of, rows

# Imported for what it registers.
assert sample_jobs

KEY = "sk-nobody-sees-this-again-4711"


async def test_without_anything_set_up_the_embedded_analysis_does_everything(client: httpx.AsyncClient) -> None:
    models = (await client.get("/api/models")).json()
    assert models["accounts"] == []
    assert models["features"]
    for feature in models["features"]:
        assert feature["choice"] is None
        assert feature["adds"]
        assert feature["without"]
        assert feature["sends"]
    assert "no key" in models["embedded"]["about"]
    assert {kind["kind"] for kind in models["kinds"]} == set(KINDS)
    assert (await client.get("/api/models/usage")).json() == []


@pytest.mark.parametrize("kind", ASKED)
async def test_a_key_is_sealed_tried_out_and_never_given_out_again(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    twin.app.key = KEY
    new = {"kind": kind, "name": "Ours", "address": address_of(twin, kind), "key": KEY}
    made = await client.post("/api/models/accounts", json=new)
    account = made.json()
    tried = await client.post(f"/api/models/accounts/{account['id']}/trial", json={"model": "made-up-1"})
    assert tried.status_code == 200, tried.text
    assert tried.json()["well"] is True, tried.json()
    assert tried.json()["account"]["state"] == "well"
    listed = await client.get("/api/models/accounts")
    assert listed.json() == [tried.json()["account"]] == (await client.get("/api/models")).json()["accounts"]
    said = made.text + tried.text + listed.text + (await client.get("/api/models")).text
    assert KEY not in said + (await client.get("/api/audit")).text
    (row,) = await rows(organization_id, "select key_sealed, key_fingerprint from model_accounts")
    assert KEY not in str(row)
    assert str(row["key_sealed"]).startswith("v1:")
    # A trial is a call like every other.
    (day,) = (await client.get("/api/models/usage")).json()
    assert (day["title"], day["calls"]) == ("Trying a key out", 1)


async def test_a_trial_asks_once_and_says_what_is_wrong_where_it_would_have_to_wait(
    client: httpx.AsyncClient, choose: Choose, twin: ModelTwin
) -> None:
    account_id = await choose("openai")
    twin.fails("rate_limit", times=None)
    tried = (await client.post(f"/api/models/accounts/{account_id}/trial", json={"model": "made-up-1"})).json()
    assert tried["well"] is False
    assert tried["problem"]
    assert tried["what_to_do"]
    assert len(twin.asked) == 1
    assert tried["took_ms"] < 30_000


@pytest.mark.parametrize(
    ("trouble", "what_to_do"),
    [
        ("rate_limit", "Try it again in 31 seconds: a trial is not repeated by itself."),
        ("tokens_of_the_minute_wait_in_words", "Try it again in 27 seconds: a trial is not repeated by itself."),
        ("overloaded_with_a_wait", "Try it again in 5 seconds: a trial is not repeated by itself."),
        ("an_error_of_theirs", "Try it again in a minute."),
    ],
)
async def test_who_tries_a_key_out_is_told_when_to_try_again_and_not_that_work_goes_on_by_itself(
    client: httpx.AsyncClient, choose: Choose, twin: ModelTwin, trouble: str, what_to_do: str
) -> None:
    account_id = await choose("openai")
    twin.fails(trouble, times=None)
    tried = (await client.post(f"/api/models/accounts/{account_id}/trial", json={"model": "made-up-1"})).json()
    assert tried["what_to_do"].startswith(what_to_do)
    assert tried["account"]["what_to_do"] == tried["what_to_do"]
    assert "Nothing:" not in tried["what_to_do"]


async def test_a_trial_costs_what_was_entered_for_the_model(
    client: httpx.AsyncClient, choose: Choose, twin: ModelTwin
) -> None:
    account_id = await choose("openai_compatible", model="of-our-own")
    address = f"/api/models/accounts/{account_id}/trial"
    assert (await client.post(address, json={"model": "of-our-own"})).json()["cost_micros"] > 0
    # Nobody knows what another one costs.
    assert (await client.post(address, json={"model": "another"})).json()["cost_micros"] is None


async def test_runs_that_wait_for_a_provider_go_on_with_another_key_and_those_of_others_do_not(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    new = {"kind": "openai", "name": "Ours", "address": address_of(twin, "openai"), "key": "sk-wrong"}
    account_id = (await client.post("/api/models/accounts", json=new)).json()["id"]
    later = clock.now() + timedelta(days=1)
    async with signed_in(app) as (other, _):
        runs = [
            await put_off(owner, provider, later)
            for owner, provider in (
                (organization_id, "openai"),
                (organization_id, "gemini"),
                (UUID(other.headers["x-organization"]), "openai"),
            )
        ]
        await client.patch(f"/api/models/accounts/{account_id}", json={"name": "A new name is not a new key"})
        assert (await client.get(f"/api/runs/{runs[0]}")).json()["state"] == "waiting"
        await client.patch(f"/api/models/accounts/{account_id}", json={"key": KEY})
        states = [
            (await who.get(f"/api/runs/{run}")).json()["state"]
            for who, run in zip((client, client, other), runs, strict=True)
        ]
    assert states == ["queued", "waiting", "waiting"]


async def put_off(organization_id: UUID, provider: str, until: datetime) -> UUID:
    async with tenant_session(organization_id) as db:
        return (await enqueue(db, "samples.nothing", due_at=until, waiting_for=provider)).id


@pytest.mark.parametrize("kind", ASKED)
async def test_a_wrong_key_is_told_with_what_to_do_and_one_that_was_mended_is_well_at_once(
    client: httpx.AsyncClient, twin: ModelTwin, kind: Kind
) -> None:
    twin.app.key = KEY
    new = {"kind": kind, "name": "Ours", "address": address_of(twin, kind), "key": "sk-wrong"}
    account_id = (await client.post("/api/models/accounts", json=new)).json()["id"]
    for _ in range(2):
        tried = (await client.post(f"/api/models/accounts/{account_id}/trial", json={"model": "m"})).json()
        assert tried["well"] is False
        assert "does not accept the key" in tried["problem"], tried
        assert tried["what_to_do"]
        assert tried["account"]["state"] == "failed"
    # The second press asked again, although the service is left alone.
    assert len(twin.asked) == 2
    await client.patch(f"/api/models/accounts/{account_id}", json={"key": KEY})
    assert (await client.get("/api/models")).json()["accounts"][0]["state"] == "untried"
    assert (await client.post(f"/api/models/accounts/{account_id}/trial", json={"model": "m"})).json()["well"] is True


async def test_a_model_is_chosen_with_its_price_and_given_back_to_the_embedded_analysis(
    client: httpx.AsyncClient, choose: Choose
) -> None:
    account_id = await choose("openai_compatible", model="mine")
    (feature,) = [one for one in (await client.get("/api/models")).json()["features"] if one["name"] == USE]
    assert feature["choice"]["model"] == "mine"
    assert feature["choice"]["price"] == {
        "input": 1_000_000, "output": 4_000_000, "source": "entered here", "read_on": None,
    }  # fmt: skip
    back = await client.delete(f"/api/models/choices/{USE}")
    assert back.json()["choice"] is None
    await choose("openai", model="other")
    await client.delete(f"/api/models/accounts/{account_id}")
    (feature,) = [one for one in (await client.get("/api/models")).json()["features"] if one["name"] == USE]
    assert feature["choice"]["model"] == "other"


async def test_with_the_server_goes_what_it_was_chosen_for(client: httpx.AsyncClient, choose: Choose) -> None:
    account_id = await choose("openai")
    assert (await client.delete(f"/api/models/accounts/{account_id}")).status_code == 204
    models = (await client.get("/api/models")).json()
    assert models["accounts"] == []
    assert all(feature["choice"] is None for feature in models["features"])


@pytest.mark.parametrize(
    ("new", "status", "code"),
    [
        ({"kind": "openai", "name": "x"}, 422, "models/key-missing"),
        ({"kind": "openai", "name": "", "key": "k"}, 422, "core/invalid-input"),
        ({"kind": "grok", "name": "x", "key": "k"}, 422, "core/invalid-input"),
        ({"kind": "openai_compatible", "name": "x"}, 422, "models/address-refused"),
        ({"kind": "openai_compatible", "name": "x", "address": "ftp://models.example"}, 422, "models/address-refused"),
        ({"kind": "vllm", "name": "x", "address": "http://169.254.169.254/v1"}, 422, "models/address-refused"),
        ({"kind": "vllm", "name": "x", "address": "http://10.0.0.1/v1"}, 422, "models/address-refused"),
        ({"kind": "vllm", "name": "x", "address": "http://me:pass@127.0.0.1/v1"}, 422, "models/address-refused"),
    ],
)
async def test_what_cannot_be_is_refused(
    client: httpx.AsyncClient, new: dict[str, str], status: int, code: str
) -> None:
    refused = await client.post("/api/models/accounts", json=new)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert (await client.get("/api/models")).json()["accounts"] == []


async def test_two_servers_do_not_have_one_name(client: httpx.AsyncClient) -> None:
    new = {"kind": "ollama", "name": "Ours", "address": "http://127.0.0.1:9/v1"}
    assert (await client.post("/api/models/accounts", json=new)).status_code == 201
    assert (await client.post("/api/models/accounts", json=new)).status_code == 409


async def test_a_viewer_sees_what_is_chosen_and_changes_nothing(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, choose: Choose
) -> None:
    account_id = await choose("openai")
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        assert (await analyst.get("/api/models")).status_code == 200
        for answer in (
            await analyst.post("/api/models/accounts", json={"kind": "openai", "name": "x", "key": "k"}),
            await analyst.post(f"/api/models/accounts/{account_id}/trial", json={"model": "m"}),
            await analyst.put("/api/models/budget", json={"limit_micros": 1, "limit_tokens": 1}),
            await analyst.delete(f"/api/models/choices/{USE}"),
        ):
            assert answer.status_code == 403, answer.text


async def test_an_unknown_use_is_not_chosen_for(client: httpx.AsyncClient, choose: Choose) -> None:
    account_id = await choose("openai")
    refused = await client.put("/api/models/choices/mentions.nothing", json={"account_id": account_id, "model": "m"})
    assert (refused.status_code, refused.json()["code"]) == (404, "models/unknown-feature")


# Prices ---------------------------------------------------------------------------------------------------------


def test_the_table_of_prices_says_where_it_is_from() -> None:
    source, read_on = table_source()
    assert source
    assert read_on.year >= 2026
    for kind in ("openai", "anthropic", "gemini"):
        models = priced_models(kind)
        assert len(models) >= 5, kind
        for model in models:
            price = price_of(kind, model)
            assert price is not None
            assert 0 <= price.cached <= price.read < 1_000_000_000
            assert price.written > 0


def test_a_dated_name_has_the_price_of_its_model_and_an_unknown_one_has_none() -> None:
    name = priced_models("openai")[0]
    assert price_of("openai", f"{name}-2026-01-31") == price_of("openai", name)
    assert price_of("openai", "never-heard-of") is None
    assert price_of("ollama", "llama") is None


def test_a_cost_is_never_rounded_down() -> None:
    price = Price(250_000, 2_000_000, 25_000, "test")
    assert price.cost(Usage(1, 0)) == 1
    assert price.cost(Usage(1000, 500)) == 250 + 1000
    assert price.cost(Usage(1000, 0, cached=1000)) == 25
    assert price.cost(Usage()) == 0


def test_the_table_agrees_with_the_list_it_was_taken_from() -> None:
    from genai_prices import Usage as TheirUsage
    from genai_prices import calc_price

    theirs = {"openai": "openai", "anthropic": "anthropic", "gemini": "google"}
    for kind, provider in theirs.items():
        for model in priced_models(kind):
            ours = price_of(kind, model)
            assert ours is not None
            found = calc_price(TheirUsage(input_tokens=1000, output_tokens=1000), model_ref=model, provider_id=provider)
            assert ours.cost(Usage(1000, 1000)) == pytest.approx(float(found.total_price) * 1e6, abs=1.01), model


# Zero egress ----------------------------------------------------------------------------------------------------


def test_uses_are_registered_with_all_that_people_want_to_know() -> None:
    assert USE in features()
    for one in features().values():
        assert len(json.dumps([one.adds, one.without, one.sends])) > 100
    assert settings().zero_egress is False
