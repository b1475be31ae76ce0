"""Stories of some brands, tones or certainty: the same stories as ever, each once, newest first."""

from datetime import timedelta

import httpx
import pytest

from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

OFFICE = "Lumara opened an office in Ghent on Tuesday. The office has room for twelve people and a small garden."
PARTING = (
    "Bello and Lumara part ways after ten long years in Leeds, both firms said. Nobody at either firm was surprised."
)


async def titles(client: httpx.AsyncClient, **wanted: object) -> list[str]:
    return [str(story["title"]) for story in await stories(client, **wanted)]


async def test_a_story_that_grows_moves_up_and_stands_there_once(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    lumara, bello = await watch(client, "Lumara"), await watch(client, "Bello", kind="competitor")
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY)
    await newsroom.publish("Lumara and Bello part", PARTING, at=MONDAY + timedelta(hours=1))
    assert await titles(client, brand=lumara) == ["Lumara and Bello part", "Lumara opens in Ghent"]
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY + timedelta(hours=2), outlet="Dover Echo")
    for wanted in ({"brand": lumara}, {"min_confidence": 0.5}, {}):
        assert await titles(client, **wanted) == ["Lumara opens in Ghent", "Lumara and Bello part"], wanted
    assert await titles(client, brand=bello) == ["Lumara and Bello part"]
    both = await client.get("/api/stories", params={"brand": [lumara, bello]})
    assert [story["title"] for story in both.json()["items"]] == ["Lumara opens in Ghent", "Lumara and Bello part"]


async def test_pages_of_a_brand_follow_one_another_without_gap_or_repetition(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara = await watch(client, "Lumara")
    ids = [
        await newsroom.write(
            f"Lumara number {n} {word}", f"Lumara and the {word} of day {n}.", at=MONDAY - timedelta(days=5 * n)
        )
        for n, word in enumerate(("kettle", "garden", "office", "stadium", "strike"))
    ]
    await newsroom.deliver(*ids)
    seen: list[str] = []
    wanted = {"brand": lumara, "limit": "2"}
    while True:
        page = (await client.get("/api/stories", params=wanted)).json()
        seen += [item["title"].split()[2] for item in page["items"]]
        if page["next"] is None:
            break
        wanted["cursor"] = page["next"]
    assert seen == ["0", "1", "2", "3", "4"]
    since, until = (MONDAY - timedelta(days=12)).isoformat(), (MONDAY - timedelta(days=3)).isoformat()
    assert len(await stories(client, brand=lumara, since=since, until=until)) == 2


async def test_a_judgement_a_star_and_the_archive_are_seen_through_the_filter_of_a_brand(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara, bello = await watch(client, "Lumara"), await watch(client, "Bello", kind="competitor")
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY)
    (story,) = await stories(client, brand=lumara)
    mention = (await client.get("/api/mentions")).json()["items"][0]["id"]
    await client.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no"})
    assert await stories(client, brand=lumara) == []
    assert len(await stories(client, brand=lumara, view="rejected")) == 1
    await client.delete(f"/api/mentions/{mention}/judgement")
    await client.put(f"/api/stories/{story['id']}/star")
    assert len(await stories(client, brand=lumara, view="starred")) == 1
    assert await stories(client, brand=bello, view="starred") == []
    await client.put(f"/api/stories/{story['id']}/archive")
    assert await stories(client, brand=lumara) == []
    assert len(await stories(client, brand=lumara, view="archived", min_confidence=0.5)) == 1


@pytest.mark.parametrize("word", ["kettle ", "水壶", "🫖"])
async def test_a_title_of_any_length_is_found_by_its_words(
    client: httpx.AsyncClient, newsroom: Newsroom, word: str
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara ouvre un café: " + word * (990 // len(word)), OFFICE)
    for q in ("cafe", f"lumara {word}"):
        assert len((await client.get("/api/mentions", params={"q": q})).json()["items"]) == 1
        assert len(await stories(client, q=q)) == 1


async def test_a_range_before_the_first_year_and_endless_filters_are_refused(client: httpx.AsyncClient) -> None:
    lumara = await watch(client, "Lumara")
    for what in ("tone", "topics"):
        answer = await client.get(f"/api/brands/{lumara}/{what}", params={"until": "0001-01-01T00:00:00Z"})
        assert (answer.status_code, answer.json()["code"]) == (422, "mentions/range-upside-down")
    for name, value, most in (("brand", lumara, 200), ("tone", "mixed", 5), ("tag", "x", 20)):
        assert (await client.get("/api/stories", params={name: [value] * most})).status_code == 200
        assert (await client.get("/api/stories", params={name: [value] * (most + 1)})).status_code == 422
        too_many = {f"{name}s": [value] * (most + 1)}
        assert (await client.post("/api/stories/matching", json=too_many)).status_code == 422
