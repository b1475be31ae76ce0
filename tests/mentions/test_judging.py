"""People say whether a mention is the brand, keep stories at hand, and put them away."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core.db import tenant_session
from brandhound.mentions import counts
from tests.factories.people import signed_in
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

OFFICE = "Lumara opened an office in Ghent on Tuesday. The office has room for twelve people and a small garden."


async def a_story(client: httpx.AsyncClient, newsroom: Newsroom) -> tuple[str, str]:
    """A story in the inbox and its one mention."""
    await watch(client, "Lumara")
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY)
    (story,) = await stories(client)
    mentions: Any = story["mentions"]
    return str(story["id"]), mentions[0]["id"]


async def counted(client: httpx.AsyncClient) -> dict[str, int]:
    return (await client.get("/api/stories/counts")).json()


async def test_no_moves_a_story_to_the_rejected_view_and_undo_brings_it_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    story, mention = await a_story(client, newsroom)
    judged = await client.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no"})
    assert judged.json()["judgement"] == "no"
    assert await stories(client) == []
    (rejected,) = await stories(client, view="rejected")
    assert rejected["id"] == story
    assert "a person said it is not the brand" in str(rejected["why"])
    undone = await client.delete(f"/api/mentions/{mention}/judgement")
    assert undone.json()["judgement"] is None
    assert [s["id"] for s in await stories(client)] == [story]


async def test_every_judgement_is_kept_with_what_the_machine_believed(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    _, mention = await a_story(client, newsroom)
    for verdict in ("yes", "yes", "no"):
        await client.put(f"/api/mentions/{mention}/judgement", json={"verdict": verdict})
    await client.delete(f"/api/mentions/{mention}/judgement")
    detail = (await client.get(f"/api/mentions/{mention}")).json()
    assert [row["verdict"] for row in detail["history"]] == ["withdrawn", "no", "yes"]
    assert detail["history"][0]["confidence"] == detail["confidence"]
    assert OFFICE[detail["window"]["start"] : detail["window"]["end"]] == detail["window"]["text"]


async def test_a_new_reading_of_the_article_leaves_the_judgement_alone(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    article = await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY)
    mention = (await client.get("/api/mentions")).json()["items"][0]["id"]
    await client.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no"})
    await newsroom.deliver(article)
    again = (await client.get(f"/api/mentions/{mention}")).json()
    assert (again["judgement"], again["standing"]) == ("no", "rejected")
    assert await stories(client) == []


async def test_two_people_who_contradict_each_other_are_told_so_and_the_word_given_last_counts(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, newsroom: Newsroom
) -> None:
    story, mention = await a_story(client, newsroom)
    async with signed_in(app, organization_id, "analyst") as (other, _):
        other_id = (await other.get("/api/session")).json()["user"]["id"]
        mine = (await client.put(f"/api/mentions/{mention}/judgement", json={"verdict": "yes", "over": "none"})).json()
        assert mine["contrary"] == []
        # The other screen showed it before it was judged.
        late = await other.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no", "over": "none"})
        assert (late.status_code, late.json()["code"]) == (409, "mentions/judged-meanwhile")
        said = await other.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no", "over": "yes"})
        assert (said.json()["judgement"], said.json()["judged_by"]) == ("no", other_id)

        for shown in (
            (await client.get(f"/api/stories/{story}")).json()["timeline"][0]["mentions"][0],
            (await client.get("/api/mentions?standing=rejected")).json()["items"][0],
            (await client.get(f"/api/mentions/{mention}")).json(),
        ):
            assert shown["judged_by"] == other_id
            assert [(one["user_id"], one["verdict"]) for one in shown["contrary"]] == [(mine["judged_by"], "yes")]

        # Whoever takes back their own word takes back nobody else's.
        back = await client.delete(f"/api/mentions/{mention}/judgement?over=yes")
        assert (back.status_code, back.json()["code"]) == (409, "mentions/judged-meanwhile")
        # One's own word may always be replaced, and agreeing is no contradiction.
        agreed = await other.put(f"/api/mentions/{mention}/judgement", json={"verdict": "yes", "over": "none"})
        assert (agreed.status_code, agreed.json()["contrary"]) == (200, [])


async def test_star_and_archive_are_set_and_taken_back(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    story, _ = await a_story(client, newsroom)
    for mark, view in (("star", "starred"), ("archive", "archived")):
        for _ in range(2):
            assert (await client.put(f"/api/stories/{story}/{mark}")).status_code == 204
        assert [s["id"] for s in await stories(client, view=view)] == [story]
    assert await counted(client) == {
        "inbox": 0,
        "doubtful": 0,
        "starred": 1,
        "archived": 1,
        "rejected": 0,
        "otherwise": 0,
    }
    for mark in ("star", "archive"):
        for _ in range(2):
            assert (await client.delete(f"/api/stories/{story}/{mark}")).status_code == 204
    assert await counted(client) == {
        "inbox": 1,
        "doubtful": 0,
        "starred": 0,
        "archived": 0,
        "rejected": 0,
        "otherwise": 0,
    }


async def test_another_organization_finds_nothing_of_ours(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    story, mention = await a_story(client, newsroom)
    article = (await client.get(f"/api/mentions/{mention}")).json()["article_id"]
    for path in (f"/api/stories/{story}", f"/api/mentions/{mention}", f"/api/articles/{article}"):
        assert (await client.get(path)).status_code == 200
        answer = await other_client.get(path)
        assert answer.status_code == 404
        assert "Lumara" not in answer.text
    answers = [
        await other_client.put(f"/api/stories/{story}/star"),
        await other_client.delete(f"/api/stories/{story}/archive"),
        await other_client.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no"}),
        await other_client.delete(f"/api/mentions/{mention}/judgement"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert await stories(other_client) == []
    assert (await client.get(f"/api/mentions/{mention}")).json()["judgement"] is None


@pytest.mark.parametrize("path", ["/api/stories", "/api/mentions", "/api/articles"])
async def test_what_never_was_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{path}/{uuid4()}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "core/not-there"


async def test_filters_hold_for_one_and_the_same_mention(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    lumara, bello = await watch(client, "Lumara"), await watch(client, "Bello", kind="competitor")
    await newsroom.publish(
        "Two firms",
        "Furious customers hate Lumara after horrible, dangerous and terrible fires.\nExperts love Bello: brilliant, "
        "wonderful and a great success for everybody.",
        at=MONDAY,
    )
    assert len(await stories(client, brand=lumara, tone="negative")) == 1
    assert len(await stories(client, brand=bello, tone="positive")) == 1
    assert await stories(client, brand=lumara, tone="positive") == []
    assert await stories(client, brand=bello, tone="negative") == []
    assert await stories(client, brand=uuid4()) == []
    assert await stories(client, brand=lumara, min_confidence=1) == []


async def test_words_are_found_in_titles_and_outlets_whatever_their_case_and_accents(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara ouvre un café à Gand", OFFICE, outlet="Le Journal Été")
    for q in ("CAFE gand", "lumara ete", "journal"):
        assert len(await stories(client, q=q)) == 1, q
        assert len((await client.get("/api/mentions", params={"q": q})).json()["items"]) == 1
    for q in ("cafe berlin", "%", "_", "\\", "a%b", "'; drop table stories"):
        assert await stories(client, q=q) == [], q


async def test_pages_follow_one_another_without_gap_or_repetition(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    ids = [
        await newsroom.write(
            f"Lumara number {n} {word}", f"Lumara and the {word} of day {n}.", at=MONDAY - timedelta(days=5 * n)
        )
        for n, word in enumerate(("kettle", "garden", "office", "stadium", "strike"))
    ]
    await newsroom.deliver(*ids)
    for path in ("/api/stories", "/api/mentions"):
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = (await client.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
            seen += [item["title"] for item in page["items"]]
            if (cursor := page["next"]) is None:
                break
        assert [title.split()[2] for title in seen] == ["0", "1", "2", "3", "4"]
    since, until = (MONDAY - timedelta(days=12)).isoformat(), (MONDAY - timedelta(days=3)).isoformat()
    assert len(await stories(client, since=since, until=until)) == 2


async def test_a_viewer_reads_and_does_not_judge(client: httpx.AsyncClient, newsroom: Newsroom, app: Any) -> None:
    from tests.factories.people import signed_in

    _, mention = await a_story(client, newsroom)
    async with signed_in(app, newsroom.organization_id, "viewer") as (viewer, _):
        assert len(await stories(viewer)) == 1
        answer = await viewer.put(f"/api/mentions/{mention}/judgement", json={"verdict": "no"})
        assert answer.status_code == 403


async def test_counts_speak_of_days_in_the_zone_that_is_asked_for(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    late = MONDAY.replace(hour=23, minute=30)
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=late)
    span = (MONDAY - timedelta(days=1), MONDAY + timedelta(days=2))
    async with tenant_session(newsroom.organization_id) as db:
        (utc,) = await counts.volume_by_day(db, *span, "UTC")
        (berlin,) = await counts.volume_by_day(db, *span, "Europe/Berlin")
        (share,) = await counts.share_of_voice(db, *span)
        (tone,) = await counts.tone_shares(db, *span)
        (outlet,) = await counts.outlets(db, *span)
        (top,) = await counts.top_stories(db, *span)
    assert (utc.day.isoformat(), berlin.day.isoformat()) == ("2026-01-05", "2026-01-06")
    assert share.mentions == tone.mentions == outlet.mentions == top.articles == 1


async def test_a_brand_that_is_dropped_takes_its_stories_along(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    from brandhound.jobs.inline import run_until_idle

    await watch(client, "Bello")
    brand = await watch(client, "Lumara")
    await newsroom.publish("Lumara opens in Ghent", OFFICE)
    await newsroom.publish("Lumara and Bello part", "Bello and Lumara part ways after ten long years in Leeds.")
    await client.delete(f"/api/brands/{brand}")
    await run_until_idle(newsroom.organization_id)
    (left,) = await stories(client)
    assert left["title"] == "Lumara and Bello part"
    assert left["mentions_total"] == 1


async def test_a_moment_without_a_zone_is_meant_in_the_organizations_own(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY.replace(hour=23, minute=30))
    # In Berlin it is half past midnight on the sixth already.
    assert len(await stories(client, since="2026-01-06T00:00:00")) == 1
    assert await stories(client, since="2026-01-06T00:00:00Z") == []
    assert len(await stories(client, since="2026-01-06", until="2026-01-07")) == 1


@pytest.mark.parametrize("path", ["/api/stories", "/api/mentions"])
@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"since": "2026-01-02", "until": "2026-01-01"}, 422),
        ({"since": "2026-01-02", "until": "2026-01-02T00:00:00Z"}, 200),
        ({"since": "0001-01-01", "until": "9999-12-31"}, 200),
        ({"q": "\0"}, 200),
        ({"q": " "}, 200),
        ({"q": "x" * 201}, 422),
        ({"cursor": "nonsense"}, 400),
        ({"limit": 0}, 422),
        ({"min_confidence": 2}, 422),
        ({"tone": "angry"}, 422),
        ({"brand": "lumara"}, 422),
    ],
)
async def test_odd_questions_get_clear_answers(
    client: httpx.AsyncClient, path: str, wanted: dict[str, Any], status: int
) -> None:
    assert (await client.get(path, params=wanted)).status_code == status
