"""A second opinion on a doubtful mention: by a model when there is one, else by the embedded analysis, with its words shown."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.reconsidering import SECOND_OPINION, window_around
from brandhound.twins.models import PERSONAS, Asked, ModelTwin, Said
from tests.factories.models import choose_model
from tests.factories.things import make_story

ARTICLE = (
    "Tallow One is the best e-bike we have ridden this year. Its battery lasts a week, and the dealer in Port Ansel sells "
    "out each month. Others follow far behind."
)


@pytest.fixture
async def twin(model_twin: ModelTwin, client: httpx.AsyncClient) -> ModelTwin:
    """A model that is chosen for second opinions."""
    await choose_model(client, model_twin, SECOND_OPINION.name)
    return model_twin


@pytest.fixture
async def brand_id(client: httpx.AsyncClient) -> UUID:
    new = {
        "name": "Tallow",
        "description": "E-bikes",
        "context_words": ["e-bike", "battery"],
        "not_phrases": ["beef tallow"],
    }
    return UUID((await client.post("/api/brands", json=new)).json()["id"])


async def opinion_on(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, article: str = ARTICLE
) -> tuple[dict[str, Any], dict[str, str]]:
    """Ask for one, let the job be done, and read it as the screen does."""
    ids = await make_story(organization_id, brand_id, "Tallow tested", confidence=0.5, text=article)
    asked = await client.post(f"/api/mentions/{ids['mention']}/opinion")
    assert asked.status_code == 202, asked.text
    await run_until_idle(organization_id)
    (shown,) = (await client.get(f"/api/stories/{ids['story']}/opinions")).json()
    return shown, ids


async def test_a_model_says_whether_it_is_the_brand_with_the_words_that_show_it(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    shown, ids = await opinion_on(client, organization_id, brand_id)
    assert (shown["engine"], shown["verdict"], shown["tone"]) == ("model", "yes", "positive")
    assert shown["because"] == ["the passage is about what the brand does"]
    assert isinstance(shown["cost_micros"], int)
    assert shown["cost_micros"] > 0
    quotes = shown["quotes"]
    assert {quote["kind"] for quote in quotes} == {"identity", "tone"}
    for quote in quotes:
        source = ARTICLE if quote["field"] == "text" else "Tallow tested"
        assert source[quote["start"] : quote["end"]] == quote["text"]
    # Advice: nothing moves until a person judges.
    mention = (await client.get(f"/api/mentions/{ids['mention']}")).json()
    assert (mention["standing"], mention["judgement"]) == ("doubtful", None)
    usage = (await client.get("/api/models/usage")).json()
    assert [(day["feature"], day["calls"]) for day in usage] == [("mentions.second_opinion", 1)]


async def test_a_namesake_is_told_apart(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    article = "Tallow, or beef tallow, is back in the kitchen."
    shown, _ = await opinion_on(client, organization_id, brand_id, article)
    assert (shown["verdict"], shown["because"]) == ("no", ["the name is used as an ordinary word"])


async def test_a_verdict_without_words_of_the_article_is_none(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:

    def persona(asked: Asked) -> Said:
        del asked
        return Said(
            '{"is_brand": "yes", "because": ["full_name"], "identity_quotes": ["Tallow, the maker of e-bikes"], '
            '"tone": "negative", "tone_quotes": ["it caught fire"]}'
        )

    twin.persona = persona
    shown, _ = await opinion_on(client, organization_id, brand_id)
    assert (shown["engine"], shown["verdict"], shown["tone"]) == ("model", "unsure", "unclear")
    assert (shown["quotes"], shown["dropped"]) == ([], 2)
    assert shown["because"] == ["nothing in the passage shows which is meant"]


async def test_without_a_model_the_embedded_analysis_answers(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID
) -> None:
    shown, _ = await opinion_on(client, organization_id, brand_id)
    assert (shown["engine"], shown["verdict"], shown["instead_because"]) == ("embedded", "unsure", None)
    assert shown["because"]
    assert shown["quotes"]
    assert (shown["model"], shown["cost_micros"]) == (None, None)


@pytest.mark.parametrize(
    ("trouble", "says"),
    [("no_credit", "no credit left"), ("bad_key", "does not accept the key"), ("no_model", "no such model")],
)
async def test_a_model_that_cannot_be_asked_is_replaced_and_says_why(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin, trouble: str, says: str
) -> None:
    twin.fails(trouble, times=None)
    shown, _ = await opinion_on(client, organization_id, brand_id)
    assert shown["engine"] == "embedded"
    assert says in str(shown["instead_because"])
    asked = len(twin.asked)
    # The next finds it left alone, and does not ask.
    again, _ = await opinion_on(client, organization_id, brand_id, ARTICLE + " More.")
    assert again["engine"] == "embedded"
    assert len(twin.asked) == asked == 1


async def test_a_spent_budget_does_without(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    await client.put("/api/models/budget", json={"limit_micros": 0, "limit_tokens": 1_000_000})
    shown, _ = await opinion_on(client, organization_id, brand_id)
    assert shown["engine"] == "embedded"
    assert "this month is spent" in str(shown["instead_because"])
    assert twin.asked == []


async def test_only_what_is_needed_is_sent(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    await client.post("/api/brands", json={"name": "Unmentioned Rival", "kind": "competitor"})
    article = ARTICLE + " Something else is told here." * 400 + " The very last words of it."
    await opinion_on(client, organization_id, brand_id, article)
    (asked,) = twin.asked
    assert "Tallow One is the best" in asked.text
    assert "beef tallow" in asked.text
    for not_sent in ("The very last words", "Unmentioned Rival", str(brand_id), str(organization_id)):
        assert not_sent not in asked.text + asked.system
    assert len(asked.text) < 4_000


async def test_all_that_is_in_doubt_is_looked_at_by_one_job_and_no_more_than_is_allowed(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    doubtful = [
        await make_story(organization_id, brand_id, f"Tallow story {n}", confidence=0.5, text=f"{ARTICLE} {n}")
        for n in range(3)
    ]
    sure = await make_story(organization_id, brand_id, "Tallow for sure", confidence=0.95, text=ARTICLE)
    await client.put("/api/opinion-rule", json={"reach": "asked"})
    for expected in (2, 3, 3):
        started = await client.post("/api/runs", json={"job": "mentions.second_opinion", "parameters": {"most": 2}})
        assert started.status_code == 201, started.text
        await run_until_idle(organization_id)
        given = [(await client.get(f"/api/stories/{ids['story']}/opinions")).json() for ids in doubtful]
        assert sum(len(opinions) for opinions in given) == expected
    assert (await client.get(f"/api/stories/{sure['story']}/opinions")).json() == []
    assert len(twin.asked) == 3
    run = (await client.get(f"/api/runs/{started.json()['id']}")).json()
    assert run["outcome"] == "Nothing waits for an opinion"


async def test_asked_twice_it_is_paid_for_once(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    _, ids = await opinion_on(client, organization_id, brand_id)
    await client.post(f"/api/mentions/{ids['mention']}/opinion")
    await run_until_idle(organization_id)
    (shown,) = (await client.get(f"/api/stories/{ids['story']}/opinions")).json()
    assert (shown["cached"], shown["cost_micros"], shown["engine"]) == (True, 0, "model")
    assert len(twin.asked) == 1


async def test_what_a_model_said_stays_when_another_one_answers_garbage(
    client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID, twin: ModelTwin
) -> None:
    before, ids = await opinion_on(client, organization_id, brand_id)
    (account,) = (await client.get("/api/models/accounts")).json()
    other = {"account_id": account["id"], "model": "made-up-2"}
    assert (await client.put(f"/api/models/choices/{SECOND_OPINION.name}", json=other)).is_success
    twin.persona = PERSONAS["garbage"]
    asked = (await client.post(f"/api/mentions/{ids['mention']}/opinion")).json()
    await run_until_idle(organization_id)
    assert len(twin.asked) > 1
    (shown,) = (await client.get(f"/api/stories/{ids['story']}/opinions")).json()
    assert shown == before
    run = (await client.get(f"/api/runs/{asked['run_id']}")).json()
    assert run["outcome"] == "1 opinion as before: the model could not be asked, its log says why"


async def test_a_mention_of_somebody_else_is_not_there(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, organization_id: UUID, brand_id: UUID
) -> None:
    ids = await make_story(organization_id, brand_id, "Tallow tested", confidence=0.5)
    assert (await other_client.post(f"/api/mentions/{ids['mention']}/opinion")).status_code == 404
    assert (await other_client.get(f"/api/stories/{ids['story']}/opinions")).status_code == 404


@pytest.mark.parametrize("article", ["x " * 5000, "字" * 9000, "Tallow", ""])
def test_the_part_that_is_shown_is_small_and_holds_the_mention(article: str) -> None:
    places = [(len(article) // 2, len(article) // 2 + 3)] if len(article) > 10 else []
    start, end = window_around(article, places)
    assert 0 <= start <= end <= len(article)
    assert end - start <= 3000
    assert all(start <= first and last <= end for first, last in places)
