"""Stories merged and split by hand: respected by everything that comes in later, and taken back to the letter."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import StoryArticle
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

RECALL = (
    "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon. The maker said that a "
    "faulty switch supplied by Boltwerk could overheat. Owners should unplug the kettle at once and ask for a refund, "
    "chief executive Ines Holt said on Monday. Fire crews in Dover attended the first fire in March. Nobody was hurt, "
    "but a kitchen burnt out. Critics called the answer terrible and slow. The Aria was sold from January to August in "
    "shops across Britain and Ireland for 49 pounds."
)
OFFICE = (
    "Lumara opened an office in Ghent on Tuesday. The office has room for twelve people and a small garden, and the mayor "
    "came to cut a ribbon. Two designers from Antwerp are the first to work there, on lamps for children's rooms."
)
HOUR = timedelta(hours=1)


async def story_of(client: httpx.AsyncClient, article_id: UUID) -> dict[str, Any]:
    page = (await client.get(f"/api/articles/{article_id}")).json()
    answer = await client.get(f"/api/stories/{page['story_id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def merge(client: httpx.AsyncClient, into: str, *others: str) -> dict[str, Any]:
    answer = await client.post("/api/stories/merges", json={"into": into, "stories": list(others)})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def split(client: httpx.AsyncClient, story: str, *articles: UUID, **more: object) -> dict[str, Any]:
    body = {"articles": [str(one) for one in articles], **more}
    answer = await client.post(f"/api/stories/{story}/splits", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def undo(client: httpx.AsyncClient, deed: dict[str, Any]) -> httpx.Response:
    return await client.put(f"/api/stories/deeds/{deed['id']}/undoing")


async def everything(organization_id: UUID) -> list[tuple[object, ...]]:
    """Where each article and each mention stands."""
    async with tenant_session(organization_id) as db:
        rows = await db.execute(
            select(
                StoryArticle.article_id,
                StoryArticle.story_id,
                StoryArticle.relation,
                StoryArticle.reprint_of,
                StoryArticle.containment,
                Mention.story_id,
                Mention.reprint_of,
                Mention.starred,
                Mention.archived,
            )
            .join(Mention, Mention.article_id == StoryArticle.article_id)
            .order_by(StoryArticle.article_id)
        )
        return [tuple(row) for row in rows]


async def two_stories(client: httpx.AsyncClient, newsroom: Newsroom) -> tuple[UUID, UUID, UUID]:
    """A recall with a copy of it, and an office."""
    await watch(client, "Lumara")
    first = await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY)
    copy = await newsroom.publish("Kettles recalled", RECALL + " More soon.", outlet="Daily Kettle", at=MONDAY + HOUR)
    office = await newsroom.publish("Lumara opens in Ghent", OFFICE, outlet="Ledger", at=MONDAY + 2 * HOUR)
    return first, copy, office


async def test_merged_stories_are_one_with_all_articles_and_one_first(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    deed = await merge(client, recall["id"], opening["id"])
    assert (deed["kind"], deed["state"], deed["changed"]) == ("merge", "done", 1)
    (story,) = await stories(client)
    assert (story["id"], story["articles"], story["outlets"], story["reprints"]) == (recall["id"], 3, 3, 1)
    detail = await story_of(client, office)
    assert [one["article_id"] for one in detail["timeline"]] == [str(first), str(copy), str(office)]
    assert [one["relation"] for one in detail["timeline"]] == ["original", "reprint", "related"]
    assert all(m["story_id"] == recall["id"] for one in detail["timeline"] for m in one["mentions"])


async def test_a_merged_story_is_found_under_its_old_address(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    deed = await merge(client, recall["id"], opening["id"])
    old = await client.get(f"/api/stories/{opening['id']}")
    assert old.json()["id"] == recall["id"]
    for more in ("topics", "opinions"):
        assert (await client.get(f"/api/stories/{opening['id']}/{more}")).status_code == 200, more
    assert (await undo(client, deed)).status_code == 200
    assert (await client.get(f"/api/stories/{opening['id']}")).json()["id"] == opening["id"]


async def test_taking_a_merge_back_leaves_everything_as_it_was(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await client.put(f"/api/stories/{opening['id']}/star")
    await client.post("/api/stories/deeds", json={"kind": "tag", "tag": "Benelux", "stories": [opening["id"]]})
    before, listed = await everything(organization_id), await stories(client)
    deed = await merge(client, recall["id"], opening["id"])
    (story,) = await stories(client)
    assert (story["starred"], story["tags"]) == (True, ["Benelux"])
    undone = await undo(client, deed)
    assert undone.json()["state"] == "undone", undone.text
    assert await everything(organization_id) == before
    assert await stories(client) == listed
    # Once more changes nothing.
    assert (await undo(client, deed)).json()["undone_at"] == undone.json()["undone_at"]
    assert await stories(client) == listed


async def test_what_people_did_to_a_merged_story_is_not_lost_when_the_merge_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    for tag in ("Benelux", "Shops"):
        await client.post("/api/stories/deeds", json={"kind": "tag", "tag": tag, "stories": [opening["id"]]})
    deed = await merge(client, recall["id"], opening["id"])
    address = f"/api/stories/{recall['id']}"
    for mark in ("star", "archive"):
        assert (await client.put(f"{address}/{mark}")).status_code == 204
    for kind, tag in (("untag", "Shops"), ("tag", "Board meeting")):
        await client.post("/api/stories/deeds", json={"kind": kind, "tag": tag, "stories": [recall["id"]]})
    await client.put(f"{address}/headline", json={"article_id": str(copy)})
    assert (await undo(client, deed)).status_code == 200
    one, other = await story_of(client, first), await story_of(client, office)
    assert [(story["starred"], story["archived"]) for story in (one, other)] == [(True, True), (True, True)]
    assert [sorted(story["tags"]) for story in (one, other)] == [["Board meeting"], ["Benelux", "Board meeting"]]
    assert (one["title"], other["headline_by_hand"]) == ("Kettles recalled", False)
    # The list of mentions reads the marks from the mentions.
    assert {row[-2:] for row in await everything(organization_id)} == {(True, True)}


async def test_a_star_taken_off_a_merged_story_stays_off_and_a_headline_goes_with_its_article(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await client.put(f"/api/stories/{opening['id']}/star")
    deed = await merge(client, recall["id"], opening["id"])
    await client.delete(f"/api/stories/{recall['id']}/star")
    await client.put(f"/api/stories/{recall['id']}/headline", json={"article_id": str(office)})
    assert (await undo(client, deed)).status_code == 200
    one, other = await story_of(client, first), await story_of(client, office)
    assert (one["starred"], other["starred"]) == (False, False)
    assert (one["headline_by_hand"], other["headline_by_hand"]) == (False, True)


async def test_what_copies_a_merged_article_comes_to_the_one_story_and_follows_it_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    deed = await merge(client, recall["id"], opening["id"])
    again = await newsroom.publish("Ghent office opens", OFFICE + " Tea was served.", outlet="Harbour Post")
    late = await newsroom.publish(
        "Office", OFFICE + " Tea was served.", outlet="Morning Bell", at=MONDAY + timedelta(hours=9)
    )
    assert (await story_of(client, late))["id"] == recall["id"]
    await undo(client, deed)
    assert (await story_of(client, late))["id"] == opening["id"]
    # Published today, a year later: it never belonged to it.
    assert (await story_of(client, again))["id"] not in {recall["id"], opening["id"]}


async def test_an_article_that_is_split_off_has_a_story_of_its_own(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    first, copy, _ = await two_stories(client, newsroom)
    recall = await story_of(client, first)
    before, listed = await everything(organization_id), await stories(client)
    deed = await split(client, recall["id"], copy)
    new = await story_of(client, copy)
    assert (new["id"], new["title"], new["articles"]) == (deed["story_id"], "Kettles recalled", 1)
    (alone,) = new["timeline"]
    assert (alone["relation"], alone["reprint_of"], alone["mentions"][0]["reprint_of"]) == ("original", None, None)
    left = await story_of(client, first)
    assert (left["id"], left["articles"], left["reprints"]) == (recall["id"], 1, 0)
    assert len(await stories(client)) == 3
    assert (await undo(client, deed)).status_code == 200
    assert await everything(organization_id) == before
    assert await stories(client) == listed


async def test_a_copy_that_was_split_off_is_a_copy_again_when_it_is_merged_back(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    first, copy, _ = await two_stories(client, newsroom)
    recall = await story_of(client, first)
    before = await everything(organization_id)
    parted = await split(client, recall["id"], copy)
    assert [one["reprints"] for one in (await story_of(client, first), await story_of(client, copy))] == [0, 0]
    apart = await everything(organization_id)
    merged = await merge(client, recall["id"], parted["story_id"])
    assert await everything(organization_id) == before
    assert (await story_of(client, first))["reprints"] == 1
    await undo(client, merged)
    assert await everything(organization_id) == apart


async def test_a_mention_can_be_split_off_by_its_own_name(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    first, copy, _ = await two_stories(client, newsroom)
    recall = await story_of(client, first)
    mention = next(m for one in recall["timeline"] if one["article_id"] == str(copy) for m in one["mentions"])
    body = {"mentions": [mention["id"]]}
    answer = await client.post(f"/api/stories/{recall['id']}/splits", json=body)
    assert answer.status_code == 201, answer.text
    assert (await story_of(client, copy))["id"] == answer.json()["story_id"]


async def test_what_copies_an_article_goes_along_with_it_unless_told_otherwise(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await merge(client, opening["id"], recall["id"])
    deed = await split(client, opening["id"], first)
    assert {one["article_id"] for one in (await story_of(client, first))["timeline"]} == {str(first), str(copy)}
    await undo(client, deed)
    await split(client, opening["id"], first, with_copies=False)
    assert [one["article_id"] for one in (await story_of(client, first))["timeline"]] == [str(first)]
    left = (await story_of(client, office))["timeline"]
    # The copy of what is elsewhere now stands for itself.
    assert [(one["article_id"], one["reprint_of"]) for one in left] == [(str(copy), None), (str(office), None)]
    assert sorted(one["relation"] for one in left) == ["original", "related"]


async def test_new_copies_of_a_split_article_follow_it(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    whole = await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY)
    cut = (
        RECALL[: RECALL.index("Nobody")]
        + "A spokesman of the fire service in Dover would not say whether it was arson."
    )
    part = await newsroom.publish("Fire in Dover", cut, outlet="Dover Echo", at=MONDAY + HOUR)
    assert (await story_of(client, part))["id"] == (await story_of(client, whole))["id"]
    deed = await split(client, (await story_of(client, whole))["id"], part)
    echo = await newsroom.publish("Dover fire", cut + " Reuters", outlet="Channel News", at=MONDAY + 3 * HOUR)
    reprint = await newsroom.publish("Recall", RECALL + " More.", outlet="Ledger", at=MONDAY + 4 * HOUR)
    assert (await story_of(client, echo))["id"] == deed["story_id"]
    assert (await story_of(client, reprint))["id"] == (await story_of(client, whole))["id"] != deed["story_id"]


async def test_what_people_decided_outlives_that_the_brand_is_not_found_for_a_while(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Lumara")
    ids = [
        await newsroom.publish("Lumara recalls kettles", RECALL, at=None),
        await newsroom.publish("Kettles recalled", RECALL + " More soon.", outlet="Daily Kettle", at=None),
        await newsroom.publish("Lumara opens in Ghent", OFFICE, outlet="Ledger", at=None),
    ]
    first, copy, office = ids
    recall = await story_of(client, first)
    parted = await split(client, recall["id"], copy)
    merged = await merge(client, (await story_of(client, office))["id"], recall["id"])
    for name, expected in (("Nothing at all", 0), ("Lumara", 2)):
        changed = await client.patch(f"/api/brands/{brand}", json={"name": name, "names": []})
        assert changed.status_code == 200, changed.text
        await run_until_idle(newsroom.organization_id)
        assert len(await stories(client)) == expected
    assert (await story_of(client, copy))["id"] == parted["story_id"]
    together = await story_of(client, office)
    assert together["id"] == merged["story_id"]
    assert {one["article_id"] for one in together["timeline"]} == {str(first), str(office)}


async def test_a_star_put_on_a_story_that_was_merged_meanwhile_is_put_on_what_it_went_into(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, _, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    merged = await merge(client, recall["id"], opening["id"])
    (gone,) = {recall["id"], opening["id"]} - {merged["story_id"]}
    assert (await client.put(f"/api/stories/{gone}/star")).status_code == 204
    assert (await story_of(client, first))["starred"] is True
    assert (await client.delete(f"/api/stories/{gone}/star")).status_code == 204
    assert (await story_of(client, first))["starred"] is False


async def test_an_earlier_deed_cannot_be_taken_back_under_a_later_one(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    merged = await merge(client, recall["id"], opening["id"])
    parted = await split(client, recall["id"], copy)
    refused = await undo(client, merged)
    assert (refused.status_code, refused.json()["code"]) == (409, "stories/changed-since")
    assert (await undo(client, parted)).status_code == 200
    assert (await undo(client, merged)).status_code == 200
    assert len(await stories(client)) == 2


@pytest.mark.parametrize("case", ["itself", "strange", "all", "nothing", "foreign"])
async def test_what_cannot_be_merged_or_split_is_refused_with_the_reason(
    client: httpx.AsyncClient, newsroom: Newsroom, case: str
) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall = await story_of(client, first)
    listed = await stories(client)
    match case:
        case "itself":
            answer = await client.post("/api/stories/merges", json={"into": recall["id"], "stories": [recall["id"]]})
            expected = (422, "stories/nothing-to-merge")
        case "strange":
            answer = await client.post("/api/stories/merges", json={"into": recall["id"], "stories": [str(first)]})
            expected = (404, "core/not-there")
        case "all":
            body = {"articles": [str(first), str(copy)]}
            answer = await client.post(f"/api/stories/{recall['id']}/splits", json=body)
            expected = (422, "stories/nothing-is-left")
        case "nothing":
            answer = await client.post(f"/api/stories/{recall['id']}/splits", json={"with_copies": False})
            expected = (422, "stories/nothing-to-split")
        case _:
            answer = await client.post(f"/api/stories/{recall['id']}/splits", json={"articles": [str(office)]})
            expected = (422, "stories/not-in-the-story")
    assert (answer.status_code, answer.json()["code"]) == expected
    assert await stories(client) == listed


async def test_the_headline_is_the_one_that_somebody_chose(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    first, copy, _ = await two_stories(client, newsroom)
    recall = await story_of(client, first)
    assert recall["headline"]["article_id"] == str(first)
    assert "earliest" in recall["headline_why"]
    address = f"/api/stories/{recall['id']}/headline"
    chosen = (await client.put(address, json={"article_id": str(copy)})).json()
    late = await newsroom.publish("Recall!", RECALL + " And more.", outlet="Ledger", at=MONDAY - HOUR)
    story = await story_of(client, late)
    assert (story["title"], story["headline_by_hand"], story["headline_why"]) == (
        "Kettles recalled",
        True,
        "Somebody chose it.",
    )
    await undo(client, chosen)
    assert (await story_of(client, late))["title"] == "Recall!"
    await client.put(address, json={"article_id": str(copy)})
    await split(client, recall["id"], copy)
    # What does not belong to it any more does not speak for it.
    assert (await story_of(client, late))["title"] == "Recall!"
    await client.delete(address)
    assert (await story_of(client, late))["headline_by_hand"] is False


async def test_a_later_choice_of_headline_is_not_lost_when_an_earlier_one_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    first, copy, _ = await two_stories(client, newsroom)
    address = f"/api/stories/{(await story_of(client, first))['id']}/headline"
    early = (await client.put(address, json={"article_id": str(first)})).json()
    late = (await client.put(address, json={"article_id": str(copy)})).json()
    refused = await undo(client, early)
    assert (refused.status_code, refused.json()["code"]) == (409, "stories/changed-since")
    assert (await story_of(client, first))["title"] == "Kettles recalled"
    for deed in (late, early):
        assert (await undo(client, deed)).status_code == 200
    assert (await story_of(client, first))["headline_by_hand"] is False


async def test_who_did_what_is_on_file(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    first, copy, office = await two_stories(client, newsroom)
    recall, opening = await story_of(client, first), await story_of(client, office)
    await undo(client, await merge(client, recall["id"], opening["id"]))
    await split(client, recall["id"], copy)
    audit = (await client.get("/api/audit")).json()["items"]
    assert {"stories.merged", "stories.undone", "stories.split"} <= {entry["action"] for entry in audit}
    deeds = (await client.get("/api/stories/deeds")).json()["items"]
    assert [(one["kind"], one["state"]) for one in deeds] == [("split", "done"), ("merge", "undone")]
