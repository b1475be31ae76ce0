"""A model is asked about new mentions by itself: which ones, in which order, how far the budget goes, and what comes of it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.brands.names import BrandNames, name_with_rules
from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.matching import Matcher
from brandhound.mentions.opinions import jobs as opinions_jobs
from brandhound.mentions.opinions.reaching import may_mean_more
from brandhound.mentions.reconsidering import SECOND_OPINION
from brandhound.twins.models import Asked, ModelTwin, Said, garbage, reader
from tests.factories.models import choose_model
from tests.factories.things import make_story
from tests.mentions.newsroom import Newsroom, watch

YES = '{"is_brand": "yes", "because": ["industry_words"], "identity_quotes": ["%s"], "tone": "neutral", "tone_quotes": []}'
NO = '{"is_brand": "no", "because": ["ordinary_word"], "identity_quotes": ["%s"], "tone": "unclear", "tone_quotes": []}'


@pytest.fixture
async def twin(model_twin: ModelTwin, client: httpx.AsyncClient) -> ModelTwin:
    """A model that is chosen for second opinions."""
    await choose(client, model_twin)
    return model_twin


async def choose(client: httpx.AsyncClient, twin: ModelTwin, **prices: int) -> None:
    await choose_model(client, twin, SECOND_OPINION.name, **prices)


async def mentions(client: httpx.AsyncClient, **wanted: str) -> dict[str, dict[str, Any]]:
    found = (await client.get("/api/mentions", params=wanted)).json()["items"]
    return {one["title"]: one for one in found}


async def read(client: httpx.AsyncClient) -> dict[str, str | None]:
    """What a model takes each mention for, by title."""
    return {title: one["opinion"] for title, one in (await mentions(client)).items()}


async def reach(client: httpx.AsyncClient, wanted: str) -> dict[str, Any]:
    said = await client.put("/api/opinion-rule", json={"reach": wanted})
    assert said.status_code == 200, said.text
    return dict(said.json())


async def test_new_mentions_of_a_word_that_may_mean_more_are_all_asked_about_and_clear_names_are_not(
    client: httpx.AsyncClient, newsroom: Newsroom, twin: ModelTwin
) -> None:
    await watch(client, "Target", description="Chain of department stores")
    await watch(client, "Norvik Bicycle Works", description="Maker of bicycles")
    await newsroom.deliver(
        await newsroom.write("Sure", "Shares of Target Corporation rose. Target said it will open ten stores."),
        await newsroom.write("Turned down", "We must target the right people, Target practice is at nine."),
        await newsroom.write("Clear", "Norvik Bicycle Works opened a shop, Norvik Bicycle Works said."),
    )
    found = await mentions(client)
    assert found["Sure"]["standing"] == "accepted"
    assert found["Turned down"]["standing"] == "rejected"
    assert found["Clear"]["standing"] == "accepted"
    assert {title: one["opinion"] is not None for title, one in found.items()} == {
        "Sure": True,
        "Turned down": True,
        "Clear": False,
    }


async def test_a_word_that_is_in_no_list_of_words_is_asked_about_too(
    client: httpx.AsyncClient, newsroom: Newsroom, twin: ModelTwin
) -> None:
    await watch(client, "Chipotle", description="Chain of restaurants")
    await newsroom.publish("Peppers", "Add two spoons of Chipotle sauce and stir.")
    assert (await read(client))["Peppers"] is not None


async def test_a_name_is_asked_about_once_somebody_told_what_else_it_means(
    client: httpx.AsyncClient, newsroom: Newsroom, twin: ModelTwin
) -> None:
    brand_id = await watch(client, "Norvik Bicycle Works", description="Maker of bicycles")
    await newsroom.publish("Before", "Norvik Bicycle Works opened a shop, Norvik Bicycle Works said.")
    assert await read(client) == {"Before": None}
    told = await client.patch(f"/api/brands/{brand_id}", json={"namesakes": ["a museum of bicycles in Norvik"]})
    assert told.status_code == 200, told.text
    await newsroom.publish("After", "Norvik Bicycle Works has a new exhibition of wheels.")
    assert None not in (await read(client)).values()


async def test_without_a_model_nothing_is_asked_and_nothing_is_queued(
    client: httpx.AsyncClient, newsroom: Newsroom, model_twin: ModelTwin
) -> None:
    await watch(client, "Target", description="Chain of department stores")
    await newsroom.publish("Sure", "Target said it will open ten stores.")
    assert await read(client) == {"Sure": None}
    runs = (await client.get("/api/runs")).json()["items"]
    assert "mentions.opinions_on_new" not in {run["job"] for run in runs}
    rule = (await client.get("/api/opinion-rule")).json()
    assert (rule["reach"], rule["has_model"]) == ("other_meanings", False)


@pytest.mark.parametrize(("wanted", "asked"), [("other_meanings", 3), ("doubtful", 1), ("asked", 0)])
async def test_how_far_it_is_asked_is_the_organizations_own_choice(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin, wanted: str, asked: int
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    for title, sure in (("Sure", 0.95), ("Doubtful", 0.5), ("Rejected", 0.1)):
        await make_story(organization_id, brand_id, title, confidence=sure)
    assert (await reach(client, wanted))["reach"] == wanted
    await run_until_idle(organization_id)
    assert len([one for one in (await read(client)).values() if one]) == asked
    told = (await client.get("/api/audit")).json()["items"][0]
    assert (told["action"], told["facts"]) == (
        "mentions.opinions-chosen",
        {"before": "other_meanings", "reach": wanted},
    )


async def test_only_an_administrator_chooses_and_only_what_there_is(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient
) -> None:
    assert (await client.put("/api/opinion-rule", json={"reach": "everything"})).status_code == 422
    await reach(client, "asked")
    assert (await other_client.get("/api/opinion-rule")).json()["reach"] == "other_meanings"


async def test_where_the_budget_does_not_reach_the_doubtful_ones_are_read_first(
    client: httpx.AsyncClient, organization_id: UUID, model_twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    at = now() - timedelta(days=1)
    for number in range(3):
        await make_story(organization_id, brand_id, f"Sure {number}", now() - timedelta(minutes=number), 0.95)
        await make_story(organization_id, brand_id, f"Doubtful {number}", at - timedelta(hours=number), 0.5)
    await choose(client, model_twin, input_price=1_000_000, output_price=10_000_000)
    whole = {"limit_micros": 10**9, "limit_tokens": 10**9}
    await client.put("/api/models/budget", json=whole)
    await client.post(f"/api/mentions/{(await mentions(client))['Doubtful 2']['id']}/opinion")
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        calls = await db.execute(text("select reserved_micros, cost_micros from model_calls"))
        reserved, cost = calls.one()
    # A call reserves what it may take at the most, and takes far less: two more of them come through.
    await client.put("/api/models/budget", json={**whole, "limit_micros": reserved + cost * 5 // 2})
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    found = await read(client)
    assert {title for title, one in found.items() if one} == {"Doubtful 0", "Doubtful 1", "Doubtful 2"}
    run = (await client.get("/api/runs", params={"job": "mentions.opinions_on_new"})).json()["items"][0]
    assert run["state"] == "done"
    assert "this month is spent" in run["outcome"]
    # Nothing stands in for what was not asked: it is asked when there is a budget again.
    stories = [one["story_id"] for title, one in (await mentions(client)).items() if found[title] is None]
    assert [(await client.get(f"/api/stories/{one}/opinions")).json() for one in stories] == [[]] * len(stories)
    await client.put("/api/models/budget", json=whole)
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    assert None not in (await read(client)).values()


async def test_of_the_others_the_newest_day_comes_first_and_of_a_day_the_least_sure(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    noon = now().replace(hour=0, minute=0) - timedelta(days=1)
    for title, days, sure in (("Old", 2, 0.9), ("Sure", 0, 0.99), ("Less sure", 0, 0.81), ("Doubtful", 5, 0.5)):
        await make_story(organization_id, brand_id, title, noon - timedelta(days=days), sure)
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    order = ["Doubtful", "Less sure", "Sure", "Old"]
    assert [next(title for title in order if f"{title}: the article" in asked.text) for asked in twin.asked] == order


async def test_what_a_person_judged_what_is_a_copy_and_what_is_old_is_not_asked_about(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    judged = await make_story(organization_id, brand_id, "Judged")
    await client.put(f"/api/mentions/{judged['mention']}/judgement", json={"verdict": "yes"})
    copy = await make_story(organization_id, brand_id, "Copy")
    async with tenant_session(organization_id) as db:
        of = {"of": judged["article"], "id": copy["mention"]}
        await db.execute(text("update mentions set reprint_of = :of where id = :id"), of)
    await make_story(organization_id, brand_id, "Old", now() - timedelta(days=40))
    await make_story(organization_id, brand_id, "New")
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    assert {title for title, one in (await read(client)).items() if one} == {"New"}


async def test_a_mention_that_was_found_long_ago_is_left_to_people_and_to_the_job_that_they_start(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    ids = await make_story(organization_id, brand_id, "Found last week", now() - timedelta(days=7))
    earlier = UUID(int=UUID(ids["mention"]).int - (7 * 24 * 3600 * 1000 << 80))
    async with tenant_session(organization_id) as db:
        await db.execute(text("update mentions set id = :new where id = :id"), {"new": earlier, "id": ids["mention"]})
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    assert await read(client) == {"Found last week": None}
    await client.post("/api/runs", json={"job": "mentions.second_opinion", "parameters": {}})
    await run_until_idle(organization_id)
    assert None not in (await read(client)).values()


async def test_a_mention_at_which_a_model_fails_is_not_asked_about_again_the_same_day(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    bad = await make_story(organization_id, brand_id, "Bad", now() - timedelta(minutes=1))
    await make_story(organization_id, brand_id, "Good")

    def persona(asked: Asked) -> Said:
        return Said("no form at all") if "Bad: the article" in asked.text else reader(asked)

    twin.persona = persona
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    assert (await read(client))["Good"]
    (shown,) = (await client.get(f"/api/stories/{bad['story']}/opinions")).json()
    assert shown["engine"] == "embedded"
    assert shown["instead_because"]
    asked = len(twin.asked)
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    assert len(twin.asked) == asked


async def test_a_model_that_fails_again_and_again_is_left_for_later(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    for number in range(6):
        await make_story(organization_id, brand_id, f"Story {number}")
    twin.persona = garbage
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    assert set((await read(client)).values()) == {None}
    run = (await client.get("/api/runs", params={"job": "mentions.opinions_on_new"})).json()["items"][0]
    assert run["state"] == "done"
    assert "The others wait" in run["outcome"]
    asked_about = {
        number for number in range(6) if any(f"Story {number}: the article" in asked.text for asked in twin.asked)
    }
    assert len(asked_about) == 3


async def test_while_the_model_is_left_alone_the_run_waits_and_says_why(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    for number in range(3):
        await make_story(organization_id, brand_id, f"Story {number}")
    twin.fails("bad_key", times=None)
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    (run,) = (await client.get("/api/runs", params={"job": "mentions.opinions_on_new"})).json()["items"]
    assert run["state"] == "waiting"
    assert run["reason"]
    assert len(twin.asked) == 1


async def test_others_have_their_turn_before_very_many_mentions_are_read(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions_jobs, "PORTION", 1)
    monkeypatch.setattr(opinions_jobs, "MOST_AT_ONCE", 2)
    brand_id = UUID(await watch(client, "Tallow"))
    for number in range(5):
        await make_story(organization_id, brand_id, f"Story {number}")
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    (run,) = (await client.get("/api/runs", params={"job": "mentions.opinions_on_new"})).json()["items"]
    assert run["state"] in ("scheduled", "waiting")
    assert len([one for one in (await read(client)).values() if one]) == 2


async def test_what_a_model_reads_otherwise_is_listed_and_moves_only_by_a_persons_word(
    client: httpx.AsyncClient, organization_id: UUID, twin: ModelTwin
) -> None:
    brand_id = UUID(await watch(client, "Tallow"))
    for title, sure in (("Missed", 0.1), ("Wrong", 0.95), ("Right", 0.9), ("Rightly out", 0.2), ("Doubtful", 0.5)):
        await make_story(organization_id, brand_id, title, confidence=sure)

    def persona(asked: Asked) -> Said:
        title = next(one for one in ("Missed", "Wrong", "Rightly out", "Right", "Doubtful") if one in asked.text)
        return Said((YES if title in ("Missed", "Right", "Doubtful") else NO) % title)

    twin.persona = persona
    await reach(client, "other_meanings")
    await run_until_idle(organization_id)
    otherwise = await mentions(client, opinion="otherwise")
    assert {title: (one["standing"], one["opinion"]) for title, one in otherwise.items()} == {
        "Missed": ("rejected", "yes"),
        "Wrong": ("accepted", "no"),
    }
    # All of it is judged at once, as every list is.
    assert (await client.get("/api/stories/counts")).json()["otherwise"] == len(otherwise)
    deed = {"kind": "yes", "matching": {"opinion": "otherwise", "standing": "rejected"}}
    done = await client.post("/api/mentions/deeds", json=deed)
    assert done.status_code == 201, done.text
    found = await mentions(client)
    assert (found["Missed"]["standing"], found["Wrong"]["standing"]) == ("accepted", "accepted")
    assert set(await mentions(client, opinion="otherwise")) == {"Wrong"}
    assert (await client.get("/api/stories/counts")).json()["otherwise"] == 1


async def test_each_choice_says_what_it_would_have_come_to_in_the_last_week(
    client: httpx.AsyncClient, organization_id: UUID, model_twin: ModelTwin
) -> None:
    nothing = {one["reach"]: one["estimate"] for one in (await client.get("/api/opinion-rule")).json()["choices"]}
    assert nothing == {
        "other_meanings": "nothing in the last week",
        "doubtful": "nothing in the last week",
        "asked": "nothing by itself",
    }
    brand_id = UUID(await watch(client, "Tallow"))
    for number in range(14):
        await make_story(organization_id, brand_id, f"Sure {number}", confidence=0.95)
    await make_story(organization_id, brand_id, "Doubtful", confidence=0.5)
    await make_story(organization_id, brand_id, "Long ago", now() - timedelta(days=8))

    async def said() -> dict[str, tuple[int, int | None, str]]:
        choices = (await client.get("/api/opinion-rule")).json()["choices"]
        return {one["reach"]: (one["mentions"], one["cost_micros"], one["estimate"]) for one in choices}

    unpriced = "about 2 questions a day, cost unknown, by last week's mentions"
    assert (await said())["other_meanings"] == (15, None, unpriced)
    await choose(client, model_twin, input_price=10_000_000, output_price=50_000_000)
    assert await said() == {
        "other_meanings": (15, 225_000, "about 2 questions a day, $0.03, by last week's mentions"),
        "doubtful": (1, 15_000, "about 1 question a week, $0.01, by last week's mentions"),
        "asked": (0, 0, "nothing by itself"),
    }


@pytest.mark.parametrize(
    ("codes", "more"),
    [
        ((), True),
        (("distinctive",), True),
        (("common_word", "article"), True),
        (("several_words",), False),
        (("several_words", "common_words"), True),
        (("own_spelling", "capital_before"), False),
        (("legal_name",), False),
        (("domain",), False),
    ],
)
def test_a_single_word_may_mean_more_and_a_full_name_does_not(codes: tuple[str, ...], more: bool) -> None:
    assert may_mean_more(codes) is more


@pytest.mark.parametrize(("file", "least"), [("real_sentences.jsonl", 0.97), ("ambiguous_sentences.jsonl", 1.0)])
def test_of_names_of_many_meanings_hardly_a_place_is_passed_over(file: str, least: float) -> None:
    lines = (Path(__file__).parent / file).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    asked: list[bool] = []
    for name, sentence in ((row["name"], row["text"]) for row in rows):
        if found := Matcher([BrandNames(name, name, (name_with_rules(name),))]).find(sentence):
            surest = max(found, key=lambda one: one.confidence)
            asked.append(may_mean_more(sign.code for sign in surest.signs))
    assert len(asked) > 180
    assert sum(asked) / len(asked) >= least
