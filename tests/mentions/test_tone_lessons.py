"""The tones that people say teach how tone is read for them: proposed, checked on what was not seen, applied, taken back."""

from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import select, update

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone_lessons import jobs
from brandhound.mentions.tone_lessons.checking import Texts, learn
from brandhound.mentions.tone_lessons.lessons import tone_pull_of
from brandhound.mentions.tone_models import ToneJudgement
from tests.factories.people import signed_in
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio

# Imported for what it registers.
assert jobs

# fmt: off
TOWNS = [
    "Ghent", "Leeds", "Bonn", "Turin", "Lyon", "Malmo", "Cadiz", "Perth", "Quito", "Osaka", "Davos", "Split", "Bergen", "Tampa",
]
# fmt: on
PLAIN = "Lumara moved its depot to {} on Monday, and the vans followed in the evening."
RECALLED = "Lumara takes its kettles in {} back from the shelves after two of them ran hot."
PRAISED = "Lumara is a brilliant, wonderful and great success in {}, and everybody there loves it."


async def told(newsroom: Newsroom, sentence: str, towns: list[str]) -> None:
    """An article with that sentence for each town."""
    written = [await newsroom.write(f"News from {town}", sentence.format(town)) for town in towns]
    await newsroom.deliver(*written)


async def mentions_with(client: httpx.AsyncClient, words: str) -> list[dict[str, Any]]:
    found = (await client.get("/api/mentions", params={"limit": 100})).json()["items"]
    return [one for one in found if words in one["tone_quote"]]


async def say(client: httpx.AsyncClient, mentions: list[dict[str, Any]], *tones: ToneLabel) -> None:
    """Say these tones of the mentions, in turn."""
    wanted = [{"mention_id": one["id"], "tone": tones[at % len(tones)]} for at, one in enumerate(mentions)]
    assert (await client.put("/api/mentions/tones", json={"tones": wanted})).status_code == 200


async def lessons(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/tone-lessons")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def taught(client: httpx.AsyncClient, newsroom: Newsroom) -> dict[str, Any]:
    """A lesson proposed by itself, from recalls that were read as neutral, and praise that was read right."""
    await watch(client, "Lumara")
    await told(newsroom, RECALLED, TOWNS)
    await told(newsroom, PRAISED, TOWNS[:8])
    await say(client, await mentions_with(client, "kettles"), "negative")
    await say(client, await mentions_with(client, "brilliant"), "positive")
    await run_until_idle(newsroom.organization_id)
    lesson = (await lessons(client))["latest"]
    assert lesson is not None
    return lesson


async def test_of_few_words_nothing_is_learned_and_it_says_what_is_missing(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await told(newsroom, RECALLED, TOWNS[:3])
    await say(client, await mentions_with(client, "kettles"), "negative")
    await run_until_idle(newsroom.organization_id)
    known = await lessons(client)
    assert (known["said"], known["new"], known["latest"]) == ({"negative": 3}, 3, None)
    assert known["missing"] == "17 more tones said by a person needed"
    run = (await client.post("/api/tone-lessons")).json()
    await run_until_idle(newsroom.organization_id)
    told_of = (await client.get(f"/api/runs/{run['id']}")).json()
    assert told_of["state"] == "cancelled"
    assert "17 more tones" in told_of["outcome"]


async def test_what_was_learned_changes_nothing_before_it_is_accepted_and_is_taken_back_entirely(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lesson = await taught(client, newsroom)
    assert (lesson["state"], lesson["said"]) == ("proposed", {"negative": 14, "positive": 8})
    figures = lesson["figures"]
    assert (figures["corrected"], figures["confirmed"]) == (14, 8)
    assert figures["corrected_right"] >= 12
    assert figures["confirmed_right"] == 8
    await told(newsroom, RECALLED, ["Basel"])
    (read,) = await mentions_with(client, "Basel")
    assert read["tone"] == "neutral", "it waits for a person's word"

    accepted = await client.put(f"/api/tone-lessons/{lesson['id']}/acceptance")
    assert accepted.json()["state"] == "applied"
    await run_until_idle(newsroom.organization_id)
    (again,) = await mentions_with(client, "Basel")
    assert again["tone"] == "negative"
    assert any("What you said of tones makes it negative" in reason for reason in again["tone_reasons"])
    assert len((await client.get("/api/stories", params={"tone": "negative", "q": "Basel"})).json()["items"]) == 1
    await told(newsroom, RECALLED, ["Reims"])
    (new,) = await mentions_with(client, "Reims")
    assert new["tone"] == "negative", "what comes in is read with it"
    said = await mentions_with(client, "kettles")
    assert {one["tone_read"] for one in said if one["tone_read"]} == {"negative"}, "the reading beside a word follows"

    undone = await client.delete(f"/api/tone-lessons/{lesson['id']}/acceptance")
    assert undone.json()["state"] == "undone"
    await run_until_idle(newsroom.organization_id)
    (back,) = await mentions_with(client, "Basel")
    for of_it in ("tone", "tone_confidence", "tone_reasons", "tone_quote"):
        assert back[of_it] == read[of_it]
    assert (await lessons(client))["applied"] is None
    assert (await client.delete(f"/api/tone-lessons/{lesson['id']}/acceptance")).status_code == 409
    actions = [one["action"] for one in (await client.get("/api/audit")).json()["items"]]
    assert {"mentions.tone_lesson_applied", "mentions.tone_lesson_undone"} <= set(actions)


async def test_a_lesson_is_shown_with_what_it_would_read_otherwise_and_declined(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, newsroom: Newsroom, app: Any
) -> None:
    await taught(client, newsroom)
    await told(newsroom, RECALLED, [f"{town} port" for town in TOWNS[:4]])
    await client.post("/api/tone-lessons")
    await run_until_idle(newsroom.organization_id)
    lesson = (await lessons(client))["latest"]
    assert lesson["changes"] == 4
    shown = (await client.get(f"/api/tone-lessons/{lesson['id']}")).json()["shown"]
    assert {(one["before"], one["after"]) for one in shown} == {("neutral", "negative")}
    assert all("kettles" in one["sentence"] for one in shown)
    path = f"/api/tone-lessons/{lesson['id']}"
    assert (await other_client.get(path)).status_code == 404
    assert (await lessons(other_client))["latest"] is None
    async with signed_in(app, newsroom.organization_id, "viewer") as (viewer, _):
        assert (await viewer.get(path)).status_code == 200
        assert (await viewer.put(f"{path}/acceptance")).status_code == 403
        assert (await viewer.post("/api/tone-lessons")).status_code == 403
    assert (await client.put(f"{path}/refusal")).json()["state"] == "declined"
    assert (await client.put(f"{path}/refusal")).status_code == 409
    async with tenant_session(newsroom.organization_id) as db:
        assert await tone_pull_of(db) is None


async def test_a_lesson_that_reads_as_the_applied_one_does_would_change_nothing(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lesson = await taught(client, newsroom)
    await told(newsroom, RECALLED, [f"{town} port" for town in TOWNS[:4]])
    await client.put(f"/api/tone-lessons/{lesson['id']}/acceptance")
    await run_until_idle(newsroom.organization_id)
    await client.post("/api/tone-lessons")
    await run_until_idle(newsroom.organization_id)
    again = (await lessons(client))["latest"]
    assert (again["number"], again["state"]) == (lesson["number"] + 1, "proposed")
    assert again["looked_at"] >= 4
    assert again["changes"] == 0


async def test_who_judges_a_mention_and_leaves_its_tone_has_confirmed_it(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await told(newsroom, RECALLED, TOWNS)
    await told(newsroom, PLAIN, TOWNS[:6])
    await told(newsroom, PRAISED, TOWNS[:5])
    for praised in await mentions_with(client, "brilliant"):
        await client.put(f"/api/mentions/{praised['id']}/judgement", json={"verdict": "yes"})
    await say(client, await mentions_with(client, "depot"), "neutral")
    await say(client, await mentions_with(client, "kettles"), "negative")
    await run_until_idle(newsroom.organization_id)
    lesson = (await lessons(client))["latest"]
    assert lesson["said"] == {"negative": 14, "neutral": 6}, "what was only left as it was is no word"
    assert lesson["figures"]["confirmed"] == 6 + 5


async def test_what_would_break_more_than_it_mends_is_kept_back(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await told(newsroom, PLAIN, [f"{side} {town}" for town in TOWNS for side in ("East", "West", "Old")])
    plain = await mentions_with(client, "depot")
    # At odds with one another, and with nothing to know them by.
    await say(client, plain[:22], "negative", "positive")
    await run_until_idle(newsroom.organization_id)
    lesson = (await lessons(client))["latest"]
    assert lesson["state"] == "kept_back"
    assert lesson["figures"]["gain"] <= 0
    assert (await client.put(f"/api/tone-lessons/{lesson['id']}/acceptance")).status_code == 409


@pytest.mark.usefixtures("sentences_are_read")
async def test_with_the_sentence_model_it_is_learned_which_sentences_are_meant(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await told(newsroom, PLAIN, TOWNS)
    await told(newsroom, RECALLED, TOWNS)
    moved, recalled = await mentions_with(client, "depot"), await mentions_with(client, "kettles")
    # Nobody would say so of a depot; but who owns the words may.
    await say(client, moved[:12], "positive")
    await say(client, recalled[:12], "neutral")
    await run_until_idle(newsroom.organization_id)
    known = await lessons(client)
    assert (known["engine"], known["latest"]["state"]) == ("model", "proposed")
    async with tenant_session(newsroom.organization_id) as db:
        features = bytes(len((await db.scalars(select(ToneJudgement.features).limit(1))).one() or b""))
        await db.execute(update(ToneJudgement).values(features=features, features_of="another head"))
    await client.post("/api/tone-lessons")
    await run_until_idle(newsroom.organization_id)
    anew = (await lessons(client))["latest"]
    assert anew["id"] != known["latest"]["id"]
    assert anew["figures"] == known["latest"]["figures"], "what another head looked at is looked at anew"
    await client.put(f"/api/tone-lessons/{anew['id']}/acceptance")
    await run_until_idle(newsroom.organization_id)
    unsaid = [one for one in await mentions_with(client, "depot") if one["tone_read"] is None]
    assert len(unsaid) == 2
    # Two dozen words move a little: what was plainly neutral is positive, or not clear any more.
    assert {one["tone"] for one in moved[12:]} == {"neutral"}
    assert {one["tone"] for one in unsaid} <= {"positive", "unclear"}
    assert all("makes it positive" in " ".join(one["tone_reasons"]) for one in unsaid)


def texts(read: list[list[float]], inputs: list[list[float]]) -> Texts:
    keys = tuple(f"{at} {row}" for at, row in enumerate(inputs))
    return Texts(np.array(read).reshape(-1, 3), np.array(inputs).reshape(len(inputs), -1), keys)


def test_corrections_alone_do_not_make_a_lesson_look_good() -> None:
    """People correct what they see wrong: of such words alone any change would be right every time."""
    read = [0.2, 0.6, 0.2]
    same = [[1.0, 0.0]] * 30
    tones: list[ToneLabel] = ["negative"] * 30
    nothing = Texts(np.zeros((0, 3)), np.zeros((0, 2)), ())
    with_left = learn(texts([read] * 30, same), tones, texts([read] * 60, [[1.0, 0.1]] * 60), nothing, [])
    assert with_left.check.corrected_right == 30
    assert with_left.check.left_otherwise == 60
    assert not with_left.check.is_better
    known_apart = learn(
        texts([read] * 30, [[1.0, 3.0]] * 30), tones, texts([read] * 60, [[1.0, 0.0]] * 60), nothing, []
    )
    assert known_apart.check.left_otherwise == 0
    assert known_apart.check.is_better


def test_a_lesson_that_is_worse_on_a_sample_is_no_better() -> None:
    read = [0.2, 0.6, 0.2]
    nothing = Texts(np.zeros((0, 3)), np.zeros((0, 2)), ())
    tones: list[ToneLabel] = ["negative"] * 30
    sampled = texts([read] * 12, [[1.0, 3.0]] * 12)
    truths: list[ToneLabel] = ["neutral"] * 12
    learned = learn(texts([read] * 30, [[1.0, 3.0]] * 30), tones, nothing, sampled, truths)
    assert (learned.check.sampled_before, learned.check.sampled_right) == (12, 0)
    assert learned.check.gain > 0
    assert not learned.check.is_better
