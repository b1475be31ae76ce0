"""Topics and key messages: said in a line, found by the sentence model, taught by yes and no."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.core.clock import now
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.topics import finding, keeping
from brandhound.mentions.topics import jobs as topics_jobs
from tests.factories.people import signed_in
from tests.mentions.newsroom import Newsroom, stories, watch

pytestmark = pytest.mark.anyio

RECALLS = {
    "title": "Recalls",
    "line": "products are recalled because they are dangerous",
    "examples": ["The company called back thousands of heaters after fires."],
}
KETTLES = "Lumara recalls 40,000 kettles after three of them caught fire in kitchens. Buyers get their money back."
GHENT = "Lumara opened an office in Ghent on Tuesday. It has room for twelve people and a small garden."
JOBS = "Lumara will cut 300 jobs at its plant in Leeds by spring. The union calls for a strike."


async def about(client: httpx.AsyncClient, topic: str, standing: str = "yes") -> list[dict[str, Any]]:
    answer = await client.get(f"/api/topics/{topic}/mentions", params={"standing": standing})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def make(client: httpx.AsyncClient, **wish: object) -> str:
    answer = await client.post("/api/topics", json={**RECALLS, **wish})
    assert answer.status_code == 201, answer.text
    await run_until_idle(UUID(client.headers["x-organization"]))
    return str(answer.json()["id"])


async def test_a_new_topic_is_found_in_the_last_ninety_days_with_the_words_that_show_it(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    brand = await watch(client, "Lumara")
    await newsroom.publish("Kettles go back", KETTLES)
    await newsroom.publish("Lumara opens in Ghent", GHENT)
    await newsroom.publish("Kettles of long ago", KETTLES.replace("40,000", "900"), at=now() - timedelta(days=100))
    topic = await make(client)
    (found,) = await about(client, topic)
    assert found["headline"] == "Kettles go back"
    assert found["probability"] >= 0.65
    source = KETTLES if found["quote"]["field"] == "text" else "Kettles go back"
    assert source[found["quote"]["start"] : found["quote"]["end"]] == found["quote"]["text"]
    assert [story["title"] for story in await stories(client, topic=topic)] == ["Kettles go back"]
    assert [story["title"] for story in await stories(client, topic=topic, brand=brand)] == ["Kettles go back"]
    assert await stories(client, topic=topic, brand=uuid4()) == []
    listed = (await client.get("/api/mentions", params={"topic": topic})).json()["items"]
    assert [one["title"] for one in listed] == ["Kettles go back"]
    (of_story,) = (await client.get(f"/api/stories/{found['story_id']}/topics")).json()
    assert (of_story["title"], of_story["standing"]) == ("Recalls", "yes")
    # Further back when it is asked for.
    assert (await client.post(f"/api/topics/{topic}/filling", json={"days": 120})).status_code == 202
    await run_until_idle(newsroom.organization_id)
    assert len(await about(client, topic)) == 2


async def test_new_mentions_are_looked_through_by_themselves(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    await watch(client, "Lumara")
    topic = await make(client)
    await newsroom.publish("Kettles go back", KETTLES)
    await newsroom.publish("Lumara opens in Ghent", GHENT)
    assert [one["headline"] for one in await about(client, topic)] == ["Kettles go back"]
    (shown,) = (await client.get("/api/topics")).json()["items"]
    assert (shown["yes"], shown["filling"]) == (1, False)


async def test_a_topic_is_looked_for_in_all_texts_of_which_its_share_is_told(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    """Also after its words were changed, and after it was put away."""
    brand = await watch(client, "Lumara")
    await newsroom.deliver(
        *[
            await newsroom.write(
                f"Kettles go back {day}", KETTLES.replace("40", str(day)), at=now() - timedelta(days=day)
            )
            for day in (2, 33, 60, 88)
        ]
    )

    async def told() -> tuple[int, int]:
        shares = (await client.get(f"/api/brands/{brand}/topics")).json()
        return shares["items"][0]["yes"], shares["out_of"]

    topic = await make(client, line="the company opens an office in a town", examples=[])
    assert await told() == (0, 4)
    assert (await client.put(f"/api/topics/{topic}", json=RECALLS)).status_code == 200
    await run_until_idle(newsroom.organization_id)
    assert await told() == (4, 4)
    await client.put(f"/api/topics/{topic}/archive")
    await newsroom.publish("Kettles go back once more", KETTLES.replace("40", "75"), at=now() - timedelta(days=45))
    await client.delete(f"/api/topics/{topic}/archive")
    await run_until_idle(newsroom.organization_id)
    assert await told() == (5, 5)


async def test_a_topic_is_not_taken_out_again_where_as_many_are_looked_for_as_can_be(
    client: httpx.AsyncClient, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    del newsroom
    monkeypatch.setattr(keeping, "MOST", 1)
    topic = str((await client.post("/api/topics", json=RECALLS)).json()["id"])
    assert (await client.put(f"/api/topics/{topic}/archive")).status_code == 204
    assert (await client.post("/api/topics", json={**RECALLS, "title": "Prices"})).status_code == 201
    refused = await client.delete(f"/api/topics/{topic}/archive")
    assert (refused.status_code, refused.json()["code"]) == (409, "mentions/too-many-topics")


async def test_who_has_no_topics_is_not_kept_busy_with_them(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Kettles go back", KETTLES)
    assert (await client.get("/api/runs", params={"job": "mentions.find_topics"})).json()["items"] == []


async def test_a_persons_word_holds_and_can_be_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Kettles go back", KETTLES)
    await newsroom.publish("Lumara opens in Ghent", GHENT)
    topic = await make(client)
    (found,) = await about(client, topic)
    (ghent,) = (await client.get("/api/mentions", params={"q": "ghent"})).json()["items"]
    wrong, missed = f"/api/mentions/{found['mention_id']}/topics/{topic}", f"/api/mentions/{ghent['id']}/topics/{topic}"
    assert (await client.put(wrong, json={"verdict": "no"})).status_code == 204
    assert (await client.put(missed, json={"verdict": "yes"})).status_code == 204
    # Looked through again: both words stay.
    await client.post(f"/api/topics/{topic}/filling", json={"days": 7})
    await run_until_idle(newsroom.organization_id)
    assert [one["headline"] for one in await about(client, topic)] == ["Lumara opens in Ghent"]
    assert [one["headline"] for one in await about(client, topic, "no")] == ["Kettles go back"]
    for path in (wrong, missed):
        for _ in range(2):
            assert (await client.delete(path)).status_code == 204
    assert [one["headline"] for one in await about(client, topic)] == ["Kettles go back"]
    assert await about(client, topic, "no") == []
    told = [entry["action"] for entry in (await client.get("/api/audit")).json()["items"]]
    assert told.count("topics.said") == 4


async def test_answers_make_a_vague_topic_better(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    """A topic said badly finds little; four answers of each kind tell it what is meant."""
    await watch(client, "Lumara")
    towns = ("Leeds", "Hull", "York", "Bath", "Derby", "Ripon")
    ids = [
        await newsroom.write(f"{kind} in {town}", text.replace("Leeds", town).replace("Ghent", town))
        for town in towns
        for kind, text in (("Plant", JOBS), ("Office", GHENT))
    ]
    await newsroom.deliver(*ids)
    topic = await make(client, title="People", line="matters of the staff", examples=[])
    found = (await client.get("/api/mentions", params={"limit": 100})).json()["items"]
    for kind, verdict in (("Plant", "yes"), ("Office", "no")):
        for one in [one for one in found if one["title"].startswith(kind)][:4]:
            path = f"/api/mentions/{one['id']}/topics/{topic}"
            assert (await client.put(path, json={"verdict": verdict})).status_code == 204
    await client.post(f"/api/topics/{topic}/filling", json={"days": 30})
    await run_until_idle(newsroom.organization_id)
    assert sorted(one["headline"].split()[0] for one in await about(client, topic)) == ["Plant"] * 6
    assert (await client.get(f"/api/topics/{topic}")).json()["learned_from"] == 8


async def test_a_key_message_is_told_or_not(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    brand = await watch(client, "Lumara")
    lasting = "Lumara showed its new kettle in Bonn. The maker says that its kettles last for more than ten years."
    await newsroom.publish("A kettle in Bonn", lasting)
    await newsroom.publish("Lumara opens in Ghent", GHENT)
    message: dict[str, object] = {
        "title": "Lasting",
        "sort": "message",
        "line": "Our kettles last for ten years",
        "examples": [],
    }
    topic = await make(client, **message)
    found = await about(client, topic) + await about(client, topic, "maybe")
    assert [one["headline"] for one in found] == ["A kettle in Bonn"]
    assert "last for more than ten years" in found[0]["quote"]["text"]
    shares = (await client.get(f"/api/brands/{brand}/topics")).json()
    assert (shares["out_of"], shares["enough"], shares["items"][0]["share"]) == (2, False, None)


async def test_a_topic_is_changed_put_away_and_taken_out_again(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Kettles go back", KETTLES)
    topic = await make(client)
    other = {"title": "Offices", "line": "the company opens an office in a town"}
    changed = await client.put(f"/api/topics/{topic}", json=other)
    assert changed.status_code == 200, changed.text
    await run_until_idle(newsroom.organization_id)
    assert await about(client, topic) == []
    assert (await client.put(f"/api/topics/{topic}/archive")).status_code == 204
    await newsroom.publish("Lumara opens in Ghent", GHENT)
    assert await about(client, topic) == []
    assert (await client.delete(f"/api/topics/{topic}/archive")).status_code == 204
    await run_until_idle(newsroom.organization_id)
    assert [one["headline"] for one in await about(client, topic)] == ["Lumara opens in Ghent"]


async def test_a_topic_that_is_renamed_while_it_is_looked_for_is_looked_for_again(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    topic = str((await client.post("/api/topics", json=RECALLS)).json()["id"])
    assert (await client.put(f"/api/topics/{topic}", json={**RECALLS, "title": "Called back"})).status_code == 200
    runs = (await client.get("/api/runs", params={"job": "mentions.fill_topic"})).json()["items"]
    assert len(runs) == 2


async def test_a_topic_made_before_any_mention_is_said_to_have_nothing_to_look_through(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    del newsroom
    await make(client)
    (run,) = (await client.get("/api/runs", params={"job": "mentions.fill_topic"})).json()["items"]
    assert run["outcome"] == "No mention of 90 days to look through"


async def test_earlier_mentions_are_looked_through_batch_by_batch(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watch(client, "Lumara")
    monkeypatch.setattr(topics_jobs, "BATCH", 2)
    same = now() - timedelta(hours=3)
    await newsroom.deliver(
        *[
            await newsroom.write(f"Fire {number}", KETTLES.replace("40,000", f"{number}00"), at=same)
            for number in range(2, 7)
        ]
    )
    await make(client)
    (run,) = (await client.get("/api/runs", params={"job": "mentions.fill_topic"})).json()["items"]
    assert "in 5 mentions" in run["outcome"]
    topic = (await client.get("/api/topics")).json()["items"][0]
    assert topic["yes"] + topic["maybe"] == 5


async def test_a_topic_learns_again_after_five_more_answers_and_not_after_each(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where there are more answers than are learned from."""
    await watch(client, "Lumara")
    monkeypatch.setattr(finding, "MOST_ANSWERS", 2)
    await newsroom.deliver(
        *[await newsroom.write(f"Fire {number}", KETTLES.replace("40,000", f"{number}00")) for number in range(2, 11)]
    )
    topic = await make(client)
    found = (await client.get("/api/mentions", params={"limit": 100})).json()["items"]
    runs: list[int] = []
    for one in found:
        path = f"/api/mentions/{one['id']}/topics/{topic}"
        assert (await client.put(path, json={"verdict": "yes"})).status_code == 204
        await run_until_idle(newsroom.organization_id)
        runs.append(len((await client.get("/api/runs", params={"job": "mentions.fill_topic"})).json()["items"]))
    assert runs == [1, 1, 1, 1, 2, 2, 2, 2, 2]


async def test_topics_of_a_brand_are_looked_for_with_it_alone_and_shares_need_twenty_texts(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    lumara, bello = await watch(client, "Lumara"), await watch(client, "Bello", kind="competitor")
    topic = await make(client, brand_id=lumara)
    written = [
        await newsroom.write(f"{what} number {number}", f"{text} This is report {number} of {number * 7}.")
        for number in range(11)
        for what, text in (("Fire", KETTLES), ("Town", GHENT))
    ]
    await newsroom.deliver(*written, await newsroom.write("Bello fire", KETTLES.replace("Lumara", "Bello")))
    shares = (await client.get(f"/api/brands/{lumara}/topics")).json()
    (share,) = shares["items"]
    assert shares["enough"] == (shares["out_of"] >= 20)
    assert all(one["brand"]["name"] == "Lumara" for one in await about(client, topic))
    if shares["enough"]:
        assert share["low"] <= share["share"] <= share["high"]
    assert (await client.get(f"/api/brands/{bello}/topics")).json()["items"] == []


async def test_what_is_refused_is_named(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, newsroom: Newsroom, app: Any
) -> None:
    topic = await make(client)
    same = await client.post("/api/topics", json=RECALLS)
    assert (same.status_code, same.json()["code"]) == (409, "mentions/topic-named-already")
    unknown = await client.post("/api/topics", json={**RECALLS, "title": "x", "brand_id": str(uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "mentions/topic-on-unknown-brand")
    for bad in ({"title": " "}, {"line": "x"}, {"examples": ["fine enough"] * 21}, {"sort": "mood"}):
        assert (await client.post("/api/topics", json={**RECALLS, "title": "y", **bad})).status_code == 422, bad
    assert (await other_client.get(f"/api/topics/{topic}")).status_code == 404
    assert (await other_client.get("/api/topics")).json()["items"] == []
    assert (await other_client.put(f"/api/topics/{topic}/archive")).status_code == 404
    assert (await client.put(f"/api/mentions/{uuid4()}/topics/{topic}", json={"verdict": "yes"})).status_code == 404
    async with signed_in(app, newsroom.organization_id, "viewer") as (viewer, _):
        assert (await viewer.get("/api/topics")).status_code == 200
        assert (await viewer.post("/api/topics", json={**RECALLS, "title": "z"})).status_code == 403


async def test_without_the_sentence_model_nothing_is_claimed_and_it_is_said(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Kettles go back", KETTLES)
    topic = await make(client)
    assert await about(client, topic) == []
    assert (await client.get("/api/topics")).json()["model"] is False
    (run,) = (await client.get("/api/runs", params={"job": "mentions.fill_topic"})).json()["items"]
    assert "The sentence model is not installed" in run["outcome"]


async def test_a_text_in_another_language_is_not_read_for_topics(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    await watch(client, "Lumara")
    topic = await make(client)
    await newsroom.publish("Lumara ruft zurück", "Lumara ruft 40.000 Wasserkocher zurück.", language="de")
    assert await about(client, topic) + await about(client, topic, "maybe") == []
