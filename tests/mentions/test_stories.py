"""From articles to stories in the inbox."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, update

from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7
from brandhound.feeds.models import Article
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import StoryBand
from brandhound.mentions.tidying import tidy_stories
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

pytestmark = pytest.mark.anyio

RECALL = (
    "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon. The maker said that a "
    "faulty switch supplied by Boltwerk could overheat. Owners should unplug the kettle at once and ask for a refund, "
    "chief executive Ines Holt said on Monday. Fire crews in Dover attended the first fire in March. Nobody was hurt, "
    "but a kitchen burnt out. Critics called the answer terrible and slow. The Aria was sold from January to August in "
    "shops across Britain and Ireland for 49 pounds."
)
OFFICE = "Lumara opened an office in Ghent on Tuesday. The office has room for twelve people and a small garden."


async def test_an_article_that_names_a_brand_becomes_a_story_with_evidence(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    article_id = await newsroom.publish("Lumara recalls 40,000 kettles", RECALL, outlet="Kent Courier", at=MONDAY)
    (story,) = await stories(client)
    assert story["title"] == "Lumara recalls 40,000 kettles"
    assert story["articles"] == 1
    assert "Lumara is named in the title" in str(story["why"])
    detail: dict[str, Any] = (await client.get(f"/api/stories/{story['id']}")).json()
    (article,) = detail["timeline"]
    (mention,) = article["mentions"]
    assert mention["brand"]["name"] == "Lumara"
    assert mention["confidence"] >= 0.8
    page = (await client.get(f"/api/articles/{article_id}")).json()
    assert page["text"] == RECALL
    assert page["body_sha256"]
    assert page["fetched_at"]
    for place in mention["evidence"]:
        source = page["title"] if place["field"] == "title" else page["text"]
        assert source[place["start"] : place["end"]] == place["surface"]
        assert place["surface"] in source[place["sentence_start"] : place["sentence_end"]]
    quote = mention["quote"]
    source = page["title"] if quote["field"] == "title" else page["text"]
    assert source[quote["start"] : quote["end"]] == quote["text"] == mention["tone_quote"]


async def test_no_story_claims_a_certainty_that_a_machine_cannot_have(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara recalls 40,000 kettles", RECALL, outlet="Kent Courier", at=MONDAY)
    for confidence, told in ((0.9999, "(> 99 % sure"), (0.81, "(81 % sure")):
        async with tenant_session(organization_id) as db:
            await db.execute(update(Mention).values(confidence=confidence))
        (story,) = await stories(client)
        assert told in str(story["why"])


async def test_an_article_without_a_brand_leaves_nothing(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Rain in Kent", "It rained all day in Kent, and the trains were late.")
    counts = (await client.get("/api/stories/counts")).json()
    assert counts == {"inbox": 0, "doubtful": 0, "starred": 0, "archived": 0, "rejected": 0, "otherwise": 0}


async def test_a_brand_is_found_by_each_of_its_five_hundred_names(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    names = [{"text": f"Lumara {number}", "kind": "product"} for number in range(499)]
    brand = await watch(client, "Lumara Group", names=names)
    await newsroom.publish("A lamp of the year", "The jury chose the Lumara 498, a lamp made of straw and beeswax.")
    found = (await client.get("/api/mentions", params={"brand": brand})).json()["items"]
    assert [one["quote"]["text"] for one in found] == [
        "The jury chose the Lumara 498, a lamp made of straw and beeswax."
    ]


async def test_articles_may_come_before_the_first_brand(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await newsroom.publish("Lumara opens in Ghent", OFFICE)
    assert await stories(client) == []


async def test_a_reprint_joins_the_story_and_says_whom_it_copied(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    first = await newsroom.publish("Lumara recalls kettles", "LONDON (Reuters) - " + RECALL, at=MONDAY)
    cut = "LONDON - " + RECALL[: RECALL.index("Nobody")] + "\nReporting by Ann Lee"
    later = MONDAY + timedelta(days=2)
    second = await newsroom.publish("Kettle maker Lumara in recall", cut, outlet="Daily Kettle", at=later)
    (story,) = await stories(client)
    assert (story["articles"], story["outlets"], story["reprints"]) == (2, 2, 1)
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    original, copy = detail["timeline"]
    assert (original["article_id"], original["relation"]) == (str(first), "original")
    assert (copy["article_id"], copy["relation"], copy["reprint_of"]) == (str(second), "reprint", str(first))
    assert copy["containment"] >= 0.9


async def test_a_copy_days_later_joins_the_story_also_when_its_bands_are_forgotten(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    month_ago = now() - timedelta(days=30)
    await newsroom.publish("Lumara recalls kettles", RECALL, at=month_ago)
    async with tenant_session(newsroom.organization_id) as db:
        await db.execute(delete(StoryBand))
    await newsroom.publish("Kettles recalled", RECALL, outlet="Daily Kettle", at=month_ago + timedelta(days=5))
    (story,) = await stories(client)
    assert (story["articles"], story["reprints"]) == (2, 1)


async def test_more_stories_than_a_statement_takes_parameters_are_tidied(organization_id: UUID) -> None:
    async with tenant_session(organization_id) as db:
        await tidy_stories(db, [uuid7() for _ in range(70_000)])
        await db.rollback()


async def test_the_same_text_in_one_batch_is_one_story(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    ids = [
        await newsroom.write("Lumara recalls kettles", RECALL, outlet=outlet, at=MONDAY + timedelta(hours=hour))
        for hour, outlet in enumerate(("Kent Courier", "Daily Kettle", "Harbour Post"))
    ]
    await newsroom.deliver(*ids)
    (story,) = await stories(client)
    assert (story["articles"], story["reprints"]) == (3, 2)
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    assert [a["reprint_of"] for a in detail["timeline"]] == [None, str(ids[0]), str(ids[0])]


async def test_an_original_that_comes_in_late_is_still_the_original(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    copy = await newsroom.publish("Lumara recalls kettles", RECALL, outlet="Daily Kettle", at=MONDAY)
    original = await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY - timedelta(hours=5))
    (story,) = await stories(client)
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    assert [a["article_id"] for a in detail["timeline"]] == [str(original), str(copy)]
    assert [a["relation"] for a in detail["timeline"]] == ["original", "reprint"]
    assert detail["timeline"][1]["reprint_of"] == str(original)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_copies_have_one_original_in_whatever_order_they_come_in(
    client: httpx.AsyncClient, newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    await watch(client, "Lumara")
    told = [(RECALL, "Kent Courier"), ("(NW) - " + RECALL, "Northern Wire"), (RECALL + " More soon.", "Harbour Post")]
    for number in order:
        text, outlet = told[number]
        await newsroom.publish("Lumara recalls kettles", text, outlet=outlet, at=MONDAY + timedelta(hours=number))
    (story,) = await stories(client)
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    assert [article["relation"] for article in detail["timeline"]] == ["original", "reprint", "reprint"]
    assert (story["articles"], story["reprints"]) == (3, 2)


async def test_outlets_that_share_a_host_copy_each_other_all_the_same(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    first = await newsroom.write("Lumara recalls kettles", RECALL, outlet="Kent Courier", at=MONDAY)
    second = await newsroom.write(
        "Kettles recalled", RECALL + " More.", outlet="Daily Kettle", at=MONDAY + timedelta(hours=1)
    )
    async with tenant_session(newsroom.organization_id) as db:
        await db.execute(update(Article).where(Article.id.in_([first, second])).values(site="papers.example"))
    await newsroom.deliver(first, second)
    (story,) = await stories(client)
    assert (story["outlets"], story["reprints"]) == (2, 1)


async def test_the_same_outlet_again_is_an_update_and_no_reprint(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY)
    await newsroom.publish("Lumara recalls kettles", RECALL + " A refund line is open.", at=MONDAY + timedelta(hours=3))
    (story,) = await stories(client)
    assert story["reprints"] == 0
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    assert detail["timeline"][1]["relation"] == "update"


async def test_the_same_text_a_month_later_is_another_story(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY)
    await newsroom.publish("Lumara recalls kettles", RECALL, outlet="Ledger", at=MONDAY + timedelta(days=30))
    assert len(await stories(client)) == 2


async def test_the_same_articles_again_change_nothing(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    article_id = await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY)
    before = (await client.get("/api/mentions")).json()
    await newsroom.deliver(article_id, article_id)
    assert (await client.get("/api/mentions")).json() == before
    (story,) = await stories(client)
    assert story["articles"] == 1


async def test_two_brands_in_one_article_are_two_mentions_of_one_story(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara, boltwerk = await watch(client, "Lumara"), await watch(client, "Boltwerk", kind="competitor")
    await newsroom.publish("Lumara recalls kettles", RECALL, at=MONDAY)
    (story,) = await stories(client)
    assert story["mentions_total"] == 2
    for brand in (lumara, boltwerk):
        assert len(await stories(client, brand=brand)) == 1
        assert len((await client.get("/api/mentions", params={"brand": brand})).json()["items"]) == 1


async def test_a_date_in_the_future_is_taken_for_now(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara opens in Ghent", OFFICE, at=MONDAY.replace(year=9999))
    (story,) = await stories(client)
    assert str(story["last_published_at"]) < "3000"


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("Lumara", "", "en"),
        ("لومارا Lumara تسحب", "أعلنت شركة Lumara عن سحب المنتج من الأسواق.", "ar"),
        ("Lumara リコール", "Lumaraは4万台のケトルを回収すると発表した。", "ja"),
        ("Lumara" * 500, "Lumara\n" * 20_000, None),
        ("Lumara \U0001f525", "\ufeffLumara\u200b said\u00a0so.", "en"),
    ],
)
async def test_odd_articles_are_stored_as_well(
    client: httpx.AsyncClient, newsroom: Newsroom, title: str, text: str, language: str | None
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish(title, text, language=language)
    runs = (await client.get("/api/runs", params={"job": "mentions.match"})).json()["items"]
    assert {run["state"] for run in runs if run["job"] == "mentions.match"} == {"done"}


async def test_a_brand_that_is_renamed_is_looked_for_again(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    from brandhound.jobs.inline import run_until_idle

    brand = await watch(client, "Lumarra")
    await newsroom.publish("Lumara opens in Ghent", OFFICE)
    assert await stories(client) == []
    changed = await client.patch(f"/api/brands/{brand}", json={"name": "Lumara", "names": []})
    assert changed.status_code == 200, changed.text
    await run_until_idle(newsroom.organization_id)
    assert len(await stories(client)) == 1
    await client.patch(f"/api/brands/{brand}", json={"name": "Lumarra", "names": []})
    await run_until_idle(newsroom.organization_id)
    assert await stories(client) == []
    assert (await client.get("/api/mentions")).json()["items"] == []
