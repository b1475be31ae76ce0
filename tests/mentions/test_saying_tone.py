"""People say the tone of mentions, one or many; what was read is kept beside it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.mentions.tone_features import FEATURES
from brandhound.mentions.tone_models import ToneJudgement
from brandhound.providers.minilm import model_folder
from tests.factories.people import signed_in
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

FIRES = "Furious customers hate Lumara after horrible, dangerous and terrible fires in their kitchens."
PRAISE = "Lumara is a brilliant, wonderful and great success, and everybody loves it."


async def mentions_of(client: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    return (await client.get("/api/mentions", params=wanted)).json()["items"]


async def test_a_persons_word_counts_everywhere_and_what_was_read_is_kept(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    article = await newsroom.publish("Lumara in the news", FIRES, at=MONDAY)
    (mention,) = await mentions_of(client)
    assert (mention["tone"], mention["tone_read"]) == ("negative", None)
    said = await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "mixed"})
    assert said.status_code == 200, said.text
    assert (said.json()["tone"], said.json()["tone_read"]) == ("mixed", "negative")
    assert len(await stories(client, tone="mixed")) == 1
    assert await stories(client, tone="negative") == []
    # The article is read again: the word stays.
    await newsroom.deliver(article)
    (again,) = await mentions_of(client, tone="mixed")
    assert again["tone_read"] == "negative"
    back = (await client.delete(f"/api/mentions/{mention['id']}/tone")).json()
    assert (back["tone"], back["tone_read"], back["tone_said_at"]) == ("negative", None, None)
    assert len(await stories(client, tone="negative")) == 1
    detail = (await client.get(f"/api/mentions/{mention['id']}")).json()
    assert [(one["tone"], one["tone_read"]) for one in detail["tones_said"]] == [
        (None, "negative"),
        ("mixed", "negative"),
    ]
    told = [entry["action"] for entry in (await client.get("/api/audit")).json()["items"]]
    assert told.count("mentions.tone_said") == 2


async def test_a_word_that_agrees_with_the_reading_is_a_word_too(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara in the news", FIRES, at=MONDAY)
    (mention,) = await mentions_of(client)
    said = (await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "negative"})).json()
    assert (said["tone"], said["tone_read"]) == ("negative", "negative")
    await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "negative"})
    assert len((await client.get(f"/api/mentions/{mention['id']}")).json()["tones_said"]) == 1


async def test_many_are_said_at_once_and_the_answer_undoes_it(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara in the news", FIRES, at=MONDAY)
    await newsroom.publish("Lumara praised", PRAISE, at=MONDAY)
    bad, good = sorted(await mentions_of(client), key=lambda one: one["tone"])
    await client.put(f"/api/mentions/{bad['id']}/tone", json={"tone": "unclear"})
    wanted = [{"mention_id": one["id"], "tone": "neutral"} for one in (bad, good)]
    said = (await client.put("/api/mentions/tones", json={"tones": wanted})).json()
    assert said["changed"] == 2
    assert {one["tone"] for one in await mentions_of(client)} == {"neutral"}
    undone = (await client.put("/api/mentions/tones", json={"tones": said["before"]})).json()
    assert undone["changed"] == 2
    assert {(one["tone"], one["tone_read"]) for one in await mentions_of(client)} == {
        ("unclear", "negative"),
        (good["tone"], None),
    }


async def test_all_are_changed_or_none(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, newsroom: Newsroom, app: Any
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara in the news", FIRES, at=MONDAY)
    (mention,) = await mentions_of(client)
    mine, nobodys = {"mention_id": mention["id"], "tone": "neutral"}, {"mention_id": str(uuid4()), "tone": "neutral"}
    refused = await client.put("/api/mentions/tones", json={"tones": [mine, nobodys]})
    assert refused.status_code == 404
    assert (await other_client.put("/api/mentions/tones", json={"tones": [mine]})).status_code == 404
    assert (await client.put("/api/mentions/tones", json={"tones": []})).status_code == 422
    assert (await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "angry"})).status_code == 422
    async with signed_in(app, newsroom.organization_id, "viewer") as (viewer, _):
        path = f"/api/mentions/{mention['id']}/tone"
        assert (await viewer.put(path, json={"tone": "neutral"})).status_code == 403
    assert (await client.get(f"/api/mentions/{mention['id']}")).json()["tone_read"] is None


async def test_what_was_said_is_kept_as_an_example_with_its_features(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    from brandhound.jobs.inline import run_until_idle

    await watch(client, "Lumara")
    await newsroom.publish("Lumara in the news", FIRES, at=MONDAY)
    (mention,) = await mentions_of(client)
    await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "neutral"})
    await run_until_idle(newsroom.organization_id)
    async with tenant_session(newsroom.organization_id) as db:
        (example,) = (await db.scalars(select(ToneJudgement))).all()
    assert (example.tone, example.tone_read, str(example.mention_id)) == ("neutral", "negative", mention["id"])
    assert example.sentence == FIRES
    assert example.sentence[example.target_start : example.target_end] == "Lumara"
    assert example.features is not None
    from brandhound.core.settings import settings

    if model_folder() is not None and settings().tone_engine == "model":
        assert len(np.frombuffer(example.features, dtype=np.float32)) == FEATURES
        assert example.features_of


async def test_a_mention_whose_tone_a_person_said_does_not_vanish_with_a_name(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Lumara")
    await newsroom.publish("Lumara in the news", FIRES, at=MONDAY)
    (mention,) = await mentions_of(client)
    await client.put(f"/api/mentions/{mention['id']}/tone", json={"tone": "neutral"})
    from brandhound.mentions.tidying import drop_vanished

    async with tenant_session(newsroom.organization_id) as db:
        gone = await drop_vanished(db, [UUID(mention["article_id"])], [UUID(brand)], [])
    assert gone == 0


async def test_the_weekly_sample_asks_for_the_tone_and_its_undo_takes_it_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Lumara")
    await newsroom.publish("Lumara in the news", FIRES)
    sample = (await client.post(f"/api/brands/{brand}/sample")).json()
    (item,) = sample["mentions"]
    path = f"/api/sampled/{item['id']}/answer"
    assert (await client.put(path, json={"answer": "yes", "tone": "neutral"})).status_code == 204
    (mention,) = await mentions_of(client)
    assert (mention["tone"], mention["tone_read"], mention["judgement"]) == ("neutral", "negative", "yes")
    assert (await client.get(f"/api/brands/{brand}/sample")).json()["mentions"][0]["tone"] == "neutral"
    await client.delete(path)
    (mention,) = await mentions_of(client)
    assert (mention["tone"], mention["tone_read"], mention["judgement"]) == ("negative", None, None)
    # Of what is not the brand no tone is kept.
    await client.put(path, json={"answer": "no", "tone": "neutral"})
    (mention,) = await mentions_of(client)
    assert mention["tone_read"] is None
