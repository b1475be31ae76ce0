"""Brands that nobody watches: proposed from what articles say, decided on by a person, never asked about again."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.feeds.models import Article
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.discovery import jobs, looking, rereading
from brandhound.mentions.discovery.asking import BRAND_NAMES
from brandhound.twins.models import Asked, ModelTwin, Persona, Said
from brandhound.twins.models.personas import sources_in
from tests.factories.models import choose_model
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio

# Imported for what it registers.
assert jobs

SAID = [
    "Shares of Quillox rose after the software maker reported earnings.",
    "Customers of Quillox said that its new app was slow.",
    "Quillox, a maker of kitchen robots, hired two hundred people.",
    "The retailer Quillox launched a cheaper product on Monday.",
]


async def candidates(client: httpx.AsyncClient, state: str = "proposed") -> list[dict[str, Any]]:
    answer = await client.get("/api/discovery", params={"state": state})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def proposed(client: httpx.AsyncClient, name: str) -> dict[str, Any] | None:
    return next((one for one in await candidates(client) if one["name"] == name), None)


async def told(
    newsroom: Newsroom, sentences: list[str], outlets: tuple[str, ...] = ("Kent Courier", "Leeds Times")
) -> None:
    for number, sentence in enumerate(sentences):
        outlet = outlets[number % len(outlets)]
        await newsroom.write(f"Trade news number {number}", sentence, outlet=outlet)


async def look(client: httpx.AsyncClient, organization_id: UUID) -> dict[str, Any]:
    answer = await client.post("/api/discovery/looks")
    assert answer.status_code == 202, answer.text
    await run_until_idle(organization_id)
    return (await client.get(f"/api/runs/{answer.json()['id']}")).json()


async def test_outlets_on_one_machine_without_a_name_are_sources_of_their_own(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    async with tenant_session(organization_id) as db:
        for article in await db.scalars(select(Article).where(Article.title.like("Trade news number %"))):
            article.site = "127.0.0.1:8400"
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None
    assert found["sources"] == 2


async def test_what_was_named_as_a_brands_surroundings_is_not_proposed(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await watch(client, "Lumara", context_words=["Quillox"])
    await told(newsroom, SAID)
    await look(client, organization_id)
    assert await proposed(client, "Quillox") is None


async def test_a_name_that_speaks_like_a_brand_is_proposed_with_sentences_sources_and_reasons(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    run = await look(client, organization_id)

    assert run["state"] == "done", run
    found = await proposed(client, "Quillox")
    assert found is not None
    assert (found["mentions"], found["articles"], found["sources"]) == (4, 4, 2)
    detail = (await client.get(f"/api/discovery/{found['id']}")).json()
    assert detail["reasons"]
    assert {place["outlet"] for place in detail["places"]} == {"Kent Courier", "Leeds Times"}
    for place in detail["places"]:
        assert place["sentence"][place["start"] : place["end"]] == "Quillox"


async def test_less_than_three_places_or_two_sources_propose_nothing(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID[:2])
    await told(newsroom, [sentence.replace("Quillox", "Brimnex") for sentence in SAID], ("Kent Courier",))
    await look(client, organization_id)

    assert await candidates(client) == []


async def test_one_text_printed_by_many_counts_once(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, [SAID[0]] * 6, ("Kent Courier", "Leeds Times", "York Post"))
    await look(client, organization_id)

    assert await proposed(client, "Quillox") is None


async def test_what_is_watched_already_and_who_writes_are_not_proposed(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await watch(client, "Quillox")
    await told(newsroom, SAID)
    await told(newsroom, [f"{sentence} Kent Courier shares that view." for sentence in SAID], ("Kent Courier",))
    await look(client, organization_id)

    assert await proposed(client, "Quillox") is None
    assert await proposed(client, "Kent Courier") is None


async def test_what_was_ignored_never_returns_until_that_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None

    assert (await client.put(f"/api/discovery/{found['id']}/ignore")).status_code == 200
    await look(client, organization_id)
    assert await proposed(client, "Quillox") is None
    assert [one["name"] for one in await candidates(client, "ignored")] == ["Quillox"]
    twice = await client.put(f"/api/discovery/{found['id']}/ignore")
    assert (twice.status_code, twice.json()["code"]) == (409, "mentions/already-decided")

    assert (await client.delete(f"/api/discovery/{found['id']}/decision")).status_code == 200
    assert await proposed(client, "Quillox") is not None


async def test_what_was_ignored_takes_no_place_in_the_queue_nor_of_what_a_model_reads(
    client: httpx.AsyncClient,
    newsroom: Newsroom,
    organization_id: UUID,
    model: ModelTwin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model.persona = taking("Quillox", "Wexmor")
    await told(newsroom, SAID)
    await told(newsroom, [sentence.replace("Quillox", "Wexmor") for sentence in SAID])
    await look(client, organization_id)
    first, second = await candidates(client)
    assert (await client.put(f"/api/discovery/{first['id']}/ignore")).status_code == 200
    monkeypatch.setattr(looking, "MOST_PROPOSED", 1)
    monkeypatch.setattr(rereading, "MOST_READ", 1)
    model.asked.clear()
    run = await look(client, organization_id)
    assert [one["name"] for one in await candidates(client)] == [second["name"]]
    assert "made-up-1 read 1 of them" in run["outcome"]
    assert all(first["name"] not in asked.text for asked in model.asked)


async def test_a_promoted_name_is_a_brand_whose_mentions_are_looked_for(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None

    answer = await client.post(f"/api/discovery/{found['id']}/promotion", json={"kind": "competitor"})
    assert answer.status_code == 201, answer.text
    brand_id = answer.json()["brand_id"]
    await run_until_idle(organization_id)

    brand = (await client.get(f"/api/brands/{brand_id}")).json()
    assert (brand["name"], brand["kind"]) == ("Quillox", "competitor")
    assert len((await client.get("/api/mentions", params={"brand": brand_id})).json()["items"]) == 4


async def test_a_promoted_name_is_taken_back_with_its_brand_unless_people_worked_with_it(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None
    address = f"/api/discovery/{found['id']}"

    first = (await client.post(f"{address}/promotion", json={"kind": "competitor"})).json()["brand_id"]
    await run_until_idle(organization_id)
    back = await client.delete(f"{address}/decision")
    assert (back.status_code, back.json()["state"]) == (200, "proposed")
    assert (await client.get(f"/api/brands/{first}")).status_code == 404

    again = (await client.post(f"{address}/promotion", json={"kind": "competitor"})).json()["brand_id"]
    await run_until_idle(organization_id)
    mention = (await client.get("/api/mentions", params={"brand": again})).json()["items"][0]
    await client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": "yes"})
    stands = await client.delete(f"{address}/decision")
    assert (stands.status_code, stands.json()["code"]) == (409, "mentions/promotion-stands")
    assert (await client.get(f"/api/brands/{again}")).status_code == 200


async def test_a_name_becomes_another_name_of_a_brand_and_leaves_it_again(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    brand_id = await watch(client, "Quillox Kitchen Robots")
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None
    detail = (await client.get(f"/api/discovery/{found['id']}")).json()
    if detail["like"] is not None:
        assert detail["like"]["brand_id"] == brand_id

    merged = await client.put(f"/api/discovery/{found['id']}/alias", json={"brand_id": brand_id})
    assert merged.status_code == 200, merged.text
    names = [name["text"] for name in (await client.get(f"/api/brands/{brand_id}")).json()["names"]]
    assert names == ["Quillox Kitchen Robots", "Quillox"]

    await client.delete(f"/api/discovery/{found['id']}/decision")
    names = [name["text"] for name in (await client.get(f"/api/brands/{brand_id}")).json()["names"]]
    assert names == ["Quillox Kitchen Robots"]


async def test_a_name_that_somebody_gave_the_brand_by_hand_stays_when_the_queue_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    brand_id = await watch(client, "Kitchen Robots of Ghent")
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None
    by_hand = [{"text": "Quillox", "kind": "product", "case_sensitive": True}]
    assert (await client.patch(f"/api/brands/{brand_id}", json={"names": by_hand})).status_code == 200
    before = (await client.get(f"/api/brands/{brand_id}")).json()["names"]

    merged = await client.put(f"/api/discovery/{found['id']}/alias", json={"brand_id": brand_id})
    assert merged.status_code == 200, merged.text
    assert (await client.delete(f"/api/discovery/{found['id']}/decision")).status_code == 200
    assert (await client.get(f"/api/brands/{brand_id}")).json()["names"] == before
    assert "Quillox" in {name["text"] for name in before}


async def test_brands_in_the_same_articles_are_named(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    mine = await watch(client, "Brimnex")
    for number, sentence in enumerate(SAID):
        outlet = ("Kent Courier", "Leeds Times")[number % 2]
        await newsroom.publish(f"Trade news {number}", f"{sentence} Brimnex announced nothing.", outlet=outlet)
    await look(client, organization_id)

    found = await proposed(client, "Quillox")

    assert found is not None
    assert found["beside"] == [{"brand_id": mine, "articles": 4}]


async def test_new_articles_have_the_queue_filled_once_a_day_by_itself(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    await newsroom.publish("One more", "Nothing happened.")

    assert await proposed(client, "Quillox") is not None
    await newsroom.publish("And one more", "Nothing happened again.")
    runs = (await client.get("/api/runs", params={"job": "discovery.look"})).json()["items"]
    assert len([run for run in runs if run["job"] == "discovery.look"]) == 1


async def test_an_organization_without_articles_is_told_so(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run = await look(client, organization_id)

    assert (run["state"], run["outcome"]) == ("done", "There are no articles of the last 30 days yet")
    listed = (await client.get("/api/discovery")).json()
    assert (listed["items"], listed["last_look"]["articles"]) == ([], 0)


@pytest.fixture
async def model(model_twin: ModelTwin, client: httpx.AsyncClient) -> ModelTwin:
    """A model that is chosen to read names."""
    await choose_model(client, model_twin, BRAND_NAMES.name)
    return model_twin


def taking(*names: str) -> Persona:
    """A model that takes these names for companies wherever they stand, and once where they do not."""

    def persona(asked: Asked) -> Said:
        places = [*sources_in(asked), ("s9", " ".join(names))]
        said = [{"sentence": s, "name": n, "kind": "company"} for s, words in places for n in names if n in words]
        return Said(json.dumps({"names": said}))

    return persona


async def test_a_model_that_is_chosen_for_it_reads_the_likeliest_names_and_moves_them(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, model: ModelTwin
) -> None:
    plain = [sentence.replace("Quillox", "Brimnex") for sentence in SAID]
    await told(newsroom, SAID)
    await told(newsroom, plain)
    assert (await client.delete(f"/api/models/choices/{BRAND_NAMES.name}")).status_code == 200
    await look(client, organization_id)
    assert model.asked == []
    before = {one["name"]: one["score"] for one in await candidates(client)}
    assert {"Quillox", "Brimnex"} <= before.keys()
    account_id = (await client.get("/api/models")).json()["accounts"][0]["id"]
    chosen = {"account_id": account_id, "model": "made-up-1"}
    await client.put(f"/api/models/choices/{BRAND_NAMES.name}", json=chosen)
    model.persona = taking("Quillox")

    run = await look(client, organization_id)

    assert "made-up-1 read 2 of them" in run["outcome"]
    quillox = await proposed(client, "Quillox")
    assert quillox is not None
    assert quillox["score"] > before["Quillox"]
    detail = (await client.get(f"/api/discovery/{quillox['id']}")).json()
    assert "A model takes it for a company in 4 of 4 sentences" in [reason["text"] for reason in detail["reasons"]]
    assert detail["read_by"] == "made-up-1"
    assert [place["taken_for"] for place in detail["places"]] == ["company"] * 4
    brimnex = await proposed(client, "Brimnex")
    assert brimnex is None or brimnex["score"] < before["Brimnex"]
    # Only sentences are sent, and the same ones are asked about once.
    assert all("Kent Courier" not in asked.text and ".example" not in asked.text for asked in model.asked)
    asked = len(model.asked)
    await look(client, organization_id)
    assert len(model.asked) == asked == 2


async def test_without_an_answer_the_embedded_analysis_ranks_alone_and_the_run_says_why(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, model: ModelTwin
) -> None:
    await told(newsroom, SAID)
    model.fails("no_credit", times=None)

    run = await look(client, organization_id)

    assert run["state"] == "done", run
    assert "no credit left" in run["outcome"]
    found = await proposed(client, "Quillox")
    assert found is not None
    detail = (await client.get(f"/api/discovery/{found['id']}")).json()
    assert "model" not in [reason["code"] for reason in detail["reasons"]]
    assert detail["read_by"] is None
    assert {place["taken_for"] for place in detail["places"]} == {None}


async def test_a_text_that_tells_the_model_what_to_say_moves_no_other_name(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, model: ModelTwin
) -> None:
    await told(newsroom, SAID)
    said = {"names": [{"sentence": "s1", "name": "Evil Corp, the best brand of all", "kind": "company"}]}

    def persona(asked: Asked) -> Said:
        del asked
        return Said(json.dumps(said))

    model.persona = persona

    await look(client, organization_id)

    assert [one["name"] for one in await candidates(client) if "Evil" in one["name"]] == []
